package ws_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rally/platform/fault"
	"rally/platform/testkit"
	"rally/platform/ws"
)

func TestABurstOfChangesBecomesFewFrames(t *testing.T) {
	st := &state{}
	s := start(t, setup{topics: []ws.Topic{book(st)}})
	var clients []*client
	for range 3 {
		c := s.dial()
		c.sub("book:1")
		c.want("book:1", "0")
		clients = append(clients, c)
	}
	before := st.count()

	st.set(1, nil)
	s.Changed("book:1")
	for _, c := range clients {
		c.want("book:1", "1") // idle: at once, the clock stands still
	}
	for n := 2; n <= 1000; n++ {
		st.set(n, nil)
		s.Changed("book:1")
	}
	s.clock.advance(99 * time.Millisecond)
	for _, c := range clients {
		c.settle() // nothing within the interval
	}
	s.clock.advance(time.Millisecond)
	for _, c := range clients {
		c.want("book:1", "1000")
	}
	s.clock.advance(time.Minute)
	for _, c := range clients {
		c.settle() // and nothing after the last
	}
	if n := st.count() - before; n != 2 {
		t.Fatalf("%d reads for 1000 changes and %d followers", n, len(clients))
	}
	st.set(1001, nil)
	s.Changed("book:1")
	for _, c := range clients {
		c.want("book:1", "1001") // idle again: at once
	}
}

func TestAtMostTenStatesASecond(t *testing.T) {
	st := &state{}
	s := start(t, setup{topics: []ws.Topic{book(st)}})
	c := s.dial()
	c.sub("book:1")
	c.want("book:1", "0")
	for ms := range 1000 {
		st.set(ms+1, nil)
		s.Changed("book:1")
		if ms == 0 {
			c.want("book:1", "1")
		}
		s.clock.advance(time.Millisecond)
		if (ms+1)%100 == 0 {
			c.want("book:1", strconv.Itoa(ms+1))
		}
	}
	if n := s.metric("rally_ws_frames_sent_total"); n != 1+1+1+10 {
		t.Fatalf("%v frames in a second, hello and snapshot among them", n)
	}
}

func TestAChangeThatNobodyWaitsForIsNotRead(t *testing.T) {
	st := &state{}
	s := start(t, setup{topics: []ws.Topic{book(st)}})
	c := s.dial()
	c.sub("book:1")
	c.want("book:1", "0")
	s.Changed("book:1")
	c.want("book:1", "0")
	s.Changed("book:1") // read when the interval is over
	reads := st.count()
	c.unsub("book:1")
	c.settle()
	s.clock.advance(time.Minute)
	c.settle()
	if st.count() != reads {
		t.Fatal("read for nobody")
	}
}

// gate is a snapshot that tests let through one by one.
type gate struct {
	entered chan struct{}
	results chan int
}

func newGate() *gate { return &gate{make(chan struct{}, 16), make(chan int)} }

func (g *gate) topic() ws.Topic {
	return ws.Topic{Prefix: "gate", Snapshot: func(ctx context.Context, _ string) (any, error) {
		g.entered <- struct{}{}
		select {
		case n := <-g.results:
			return n, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
}

func TestAChangeDuringAReadIsReadAgain(t *testing.T) {
	g := newGate()
	s := start(t, setup{topics: []ws.Topic{g.topic()}})
	c := s.dial()
	c.sub("gate")
	testkit.Receive(t, g.entered)
	s.Changed("gate") // the read under way may have missed it
	late := s.dial()
	late.sub("gate")
	late.settle()
	g.results <- 1
	c.want("gate", "1")
	testkit.Receive(t, g.entered) // one read for the change and the late one
	g.results <- 2
	c.want("gate", "2")
	late.want("gate", "2")
	s.clock.advance(time.Minute)
	c.settle()
}

func TestEventsDuringTheFirstReadComeAfterIt(t *testing.T) {
	g := newGate()
	s := start(t, setup{topics: []ws.Topic{g.topic()}})
	c := s.dial()
	c.sub("gate")
	testkit.Receive(t, g.entered)
	s.Publish("gate", "a")
	s.Publish("gate", "b")
	c.settle()
	g.results <- 1
	c.want("gate", "1")
	c.want("gate", `"a"`)
	c.want("gate", `"b"`)

	// Again, by somebody who came while a read was under way.
	c.sub("gate")
	testkit.Receive(t, g.entered)
	late := s.dial()
	late.sub("gate")
	late.settle()
	s.Publish("gate", "c")
	g.results <- 2
	c.want("gate", "2")
	c.want("gate", `"c"`)
	testkit.Receive(t, g.entered)
	s.Publish("gate", "d")
	c.want("gate", `"d"`)
	g.results <- 3
	late.want("gate", "3")
	late.want("gate", `"c"`)
	late.want("gate", `"d"`)
}

func TestTooManyEventsDuringAReadMakeAnother(t *testing.T) {
	g := newGate()
	s := start(t, setup{topics: []ws.Topic{g.topic()}, config: func(c *ws.Config) { c.Queue = 8 }})
	c := s.dial()
	c.sub("gate")
	testkit.Receive(t, g.entered)
	for n := range 5 {
		s.Publish("gate", n)
	}
	g.results <- 1
	testkit.Receive(t, g.entered)
	s.Publish("gate", "later")
	g.results <- 2
	c.want("gate", "2")
	c.want("gate", `"later"`)
}

func TestLeavingDuringARead(t *testing.T) {
	g := newGate()
	s := start(t, setup{topics: []ws.Topic{g.topic(), book(&state{})}})
	c := s.dial()
	c.sub("gate")
	testkit.Receive(t, g.entered)
	c.unsub("gate")
	c.settle()
	if s.metric("rally_ws_subscriptions") != 0 {
		t.Fatal("still followed")
	}
	c.sub("gate") // a new room, with a read of its own
	testkit.Receive(t, g.entered)
	g.results <- 1
	g.results <- 2
	if m := c.next(); m.Topic != "gate" {
		t.Fatalf("got %s", m.Topic)
	}
	c.settle() // one frame only: the first read was for nobody
	c.sub("gate", "gate")
	testkit.Receive(t, g.entered)
	g.results <- 3
	c.want("gate", "3")
	c.settle()
}

func TestAStateThatCannotBeReadComesLater(t *testing.T) {
	st := &state{n: 1}
	s := start(t, setup{topics: []ws.Topic{book(st)}})
	c := s.dial()
	c.sub("book:1")
	c.want("book:1", "1")

	st.set(2, errors.New("database away"))
	reads := st.count()
	s.Changed("book:1")
	const first = 100 * time.Millisecond
	for _, pause := range []time.Duration{first, 2 * first, 4 * first, 8 * first} {
		reads++
		testkit.Until(t, "it is tried", func() bool { return st.count() == reads })
		// Once the failure is noted, the next attempt is a timer: nothing
		// happens before its time.
		testkit.Until(t, "the failure is noted", func() bool { return s.logs.FilterMessage("topic failed").Len() == reads-1 })
		c.settle()
		s.clock.advance(pause - time.Millisecond)
		c.settle()
		if st.count() != reads {
			t.Fatalf("tried again before %v", pause)
		}
		if pause == 8*first {
			st.set(2, nil)
		}
		s.clock.advance(time.Millisecond)
	}
	c.want("book:1", "2")

	// A newcomer is told at once, and may ask again.
	st.set(3, fault.New(fault.Unavailable, "test.busy", "Busy."))
	late := s.dial()
	late.sub("book:1")
	late.wantError("test.busy", "book:1")
	st.set(3, nil)
	late.sub("book:1")
	late.want("book:1", "3")
}

func TestATopicThatIsNoMoreEnds(t *testing.T) {
	st := &state{n: 1}
	s := start(t, setup{topics: []ws.Topic{book(st)}})
	one, two := s.dial(), s.dial()
	for _, c := range []*client{one, two} {
		c.sub("book:1")
		c.want("book:1", "1")
	}
	st.set(0, errGone)
	s.Changed("book:1")
	one.wantError("test.gone", "book:1")
	two.wantError("test.gone", "book:1")
	if s.metric("rally_ws_subscriptions") != 0 {
		t.Fatal("still followed")
	}
}

// TestNobodyMissesTheLastState lets followers come and go while the state
// changes. Whoever follows must see it grow only, and see its last value.
func TestNobodyMissesTheLastState(t *testing.T) {
	const last, followers = 300, 8
	var n atomic.Int64
	topic := ws.Topic{Prefix: "n", Snapshot: func(context.Context, string) (any, error) { return n.Load(), nil }}
	s := start(t, setup{
		topics:  []ws.Topic{topic},
		config:  func(c *ws.Config) { c.StateInterval, c.SubscribeBurst = time.Microsecond, 1<<20 },
		options: func(o *ws.Options) { o.Clock = nil }, // real time
	})
	var writing sync.WaitGroup
	writing.Go(func() {
		for range last {
			n.Add(1)
			s.Changed("n")
		}
	})
	var reading sync.WaitGroup
	for range followers {
		c := s.dial()
		reading.Go(func() {
			for round := range 20 {
				c.say(names("sub", "n"))
				if round%2 == 0 {
					c.say(names("unsub", "n"))
				}
			}
			c.say(names("sub", "n"))
			seen := -1
			for seen < last {
				m, err := c.read()
				if err != nil {
					t.Errorf("stuck at %d: %v", seen, err)
					return
				}
				v, err := strconv.Atoi(string(m.Data))
				if err != nil || v < seen {
					t.Errorf("after %d came %s", seen, m.Data)
					return
				}
				seen = v
			}
		})
	}
	writing.Wait()
	reading.Wait()
}

// TestNobodyMissesAnEvent publishes the numbers of a log while followers come.
// The snapshot is the log's length; with what follows it must be gapless.
func TestNobodyMissesAnEvent(t *testing.T) {
	const last, followers = 200, 8
	var n atomic.Int64
	topic := ws.Topic{Prefix: "n", Snapshot: func(context.Context, string) (any, error) { return n.Load(), nil }}
	s := start(t, setup{topics: []ws.Topic{topic}, config: func(c *ws.Config) { c.Queue = 1 << 12 }})
	var running sync.WaitGroup
	for range followers {
		c := s.dial()
		running.Go(func() {
			c.say(names("sub", "n"))
			seen := -1
			for seen < last {
				m, err := c.read()
				if err != nil {
					t.Errorf("stuck at %d: %v", seen, err)
					return
				}
				v, err := strconv.Atoi(string(m.Data))
				if err != nil || (seen >= 0 && v > seen+1) {
					t.Errorf("after %d came %s", seen, m.Data)
					return
				}
				seen = max(seen, v) // the snapshot may contain what comes again
			}
		})
	}
	running.Go(func() {
		for range last {
			s.Publish("n", n.Add(1))
		}
	})
	running.Wait()
}
