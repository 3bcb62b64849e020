package ws_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/testkit"
	"rally/platform/ws"
)

func TestWhoIsInIsGreetedInOrder(t *testing.T) {
	door, p := &porter{enter: func(_ context.Context, c *ws.Conn) (bool, error) {
		c.Send("session", "here")
		return true, nil
	}}, &post{last: 3}
	second := ws.Personal{Name: "second", Greet: func(_ context.Context, user, since int64) ([]any, error) {
		return []any{user, since}, nil
	}}
	s := guarded(t, door, p.topic(), second)
	c := s.dial("X-User", "7")
	c.want("session", `"here"`)
	c.want("post", `{"last":3}`)
	c.want("second", "7")
	c.want("second", "-1")
	s.Tell(7, "post", 4)
	s.Tell(8, "post", 5) // nobody
	s.Tell(7, "post", 6)
	c.want("post", "4")
	c.want("post", "6")

	// Nobody asks the door about people who are not logged in, and tells them
	// nothing of their own.
	anonymous := s.dial()
	for _, text := range []string{`{"takeover":true}`, `{"idle":false}`, `{"resume":{"post":0}}`, `{"takeover":true,"idle":true,"resume":{"post":0,"x":1}}`} {
		anonymous.say(text)
		anonymous.wantError("auth.required", "")
		anonymous.settle()
	}
	s.Tell(0, "post", 7)
	anonymous.settle()
	if got := door.notes(); got != "enter 7" {
		t.Errorf("the door was asked %q", got)
	}
	for _, topic := range []string{"post", "second", "post:7"} {
		c.sub(topic)
		c.wantError("ws.unknown_topic", topic)
	}
}

func TestWhoIsOutsideFollowsNothing(t *testing.T) {
	door, p := &porter{enter: elsewhere}, &post{last: 3}
	s := guarded(t, door, p.topic())
	c := s.dial("X-User", "7")
	c.want("session", `"elsewhere"`)
	for _, text := range []string{`{"idle":true}`, `{"idle":false}`, `{"resume":{"post":0}}`, `{"resume":{"nothing":0},"idle":true}`} {
		c.say(text)
		c.wantError("ws.not_seated", "")
	}
	c.say(`{"sub":["feed","book:1"],"idle":true,"resume":{"post":0}}`)
	c.wantError("ws.not_seated", "")
	c.wantError("ws.not_seated", "feed")
	c.wantError("ws.not_seated", "book:1")
	s.Publish("feed", 1)
	s.Tell(7, "post", 4)
	c.sub("no.such.topic")
	c.wantError("ws.not_seated", "no.such.topic")
	if n := s.metric("rally_ws_subscriptions"); n != 0 {
		t.Errorf("%v subscriptions", n)
	}
	c.say(`{"takeover":true,"sub":["book:1"]}`) // both at once
	c.want("post", `{"last":3}`)
	c.want("book:1", "0")
	c.say(`{"takeover":true}`) // in already: nobody is asked, and nothing is wrong
	c.settle()
	c.say(`{"takeover":true,"idle":true,"resume":{"post":1}}`)
	c.want("post", "2")
	c.want("post", "3")
	c.settle()
	s.Tell(7, "post", 5)
	c.want("post", "5")
	_ = c.Close()
	testkit.Until(t, "the door knows who left", func() bool { return door.notes() == "enter 7, takeover 7, idle 7 true, leave 7" })
}

func TestATakeoverMayBeRefused(t *testing.T) {
	door := &porter{enter: elsewhere, takeover: func(_ context.Context, c *ws.Conn) (bool, error) {
		c.Close(4001, "too late")
		return false, nil
	}}
	s := guarded(t, door, (&post{}).topic())
	c := s.dial("X-User", "7")
	c.want("session", `"elsewhere"`)
	c.say(`{"takeover":true,"sub":["book:1"]}`)
	c.wantClose(4001)
}

func TestADoorThatFailsClosesTheSocket(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		code  string
		close int
	}{
		"broken":  {errors.New("secret cause"), fault.ErrInternal.Code, websocket.CloseInternalServerErr},
		"busy":    {fault.New(fault.Unavailable, "test.busy", "Later."), "test.busy", websocket.CloseInternalServerErr},
		"refused": {auth.ErrForbidden, auth.ErrForbidden.Code, websocket.ClosePolicyViolation},
	} {
		t.Run(name, func(t *testing.T) {
			door := &porter{enter: func(context.Context, *ws.Conn) (bool, error) { return false, c.err }}
			s := guarded(t, door)
			client := s.dial("X-User", "7")
			client.wantError(c.code, "")
			client.wantClose(c.close)
			testkit.Until(t, "the door knows who left", func() bool { return door.notes() == "enter 7, leave 7" })
		})
	}
}

func TestADoorThatPanicsClosesTheSocketAlone(t *testing.T) {
	s := guarded(t, &porter{enter: func(_ context.Context, c *ws.Conn) (bool, error) {
		if c.Identity().UserID == 7 {
			panic("secret")
		}
		return true, nil
	}})
	c := s.dial("X-User", "7")
	c.wantError(fault.ErrInternal.Code, "")
	c.wantClose(websocket.CloseInternalServerErr)
	s.dial("X-User", "8").settle()
}

// A session that ended between the request and the socket takes no place.
func TestASessionThatHasEndedDoesNotEnter(t *testing.T) {
	door := &porter{}
	s := start(t, setup{options: func(o *ws.Options) {
		o.Door, o.Personal = door, []ws.Personal{(&post{}).topic()}
		o.Recheck = func(*http.Request) error { return auth.ErrSessionEnded }
	}})
	s.dialQuietly("X-User", "7").wantClose(ws.CloseSessionEnded)
	testkit.Until(t, "the socket is gone", func() bool { return s.sockets() == 0 })
	if got := door.notes(); got != "" {
		t.Errorf("the door was asked %q", got)
	}
}

func TestIdleIsPassedOn(t *testing.T) {
	door := &porter{}
	s := guarded(t, door)
	c := s.dial("X-User", "7")
	c.say(`{"idle":true}`)
	c.say(`{"idle":false}`)
	c.settle()
	if got := door.notes(); got != "enter 7, idle 7 true, idle 7 false" {
		t.Errorf("the door heard %q", got)
	}
}

func TestWhatWasMissedIsSentInOrder(t *testing.T) {
	p := &post{last: 60}
	s := guarded(t, &porter{}, p.topic())
	c := s.dial("X-User", "7")
	c.want("post", `{"last":60}`)
	c.say(`{"resume":{"post":57}}`)
	for _, want := range []string{"58", "59", "60"} {
		c.want("post", want)
	}
	for _, nothing := range []string{`{"resume":{"post":60}}`, `{"resume":{"post":99}}`, `{"resume":{}}`} {
		c.say(nothing)
		c.settle()
	}
	p.mu.Lock()
	p.err = errGone
	p.mu.Unlock()
	c.say(`{"resume":{"post":1}}`)
	c.wantError("test.gone", "post")
	s.Tell(7, "post", 61) // it is in all the same
	c.want("post", "61")
}

// A client author learns what can't be resumed, and gets the rest of the frame.
func TestWhatCannotBeResumedIsRefused(t *testing.T) {
	s := guarded(t, &porter{}, (&post{last: 2}).topic())
	c := s.dial("X-User", "7")
	c.want("post", `{"last":2}`)
	c.say(`{"resume":{"z":1,"post":1,"book:1":3,"":0},"sub":["book:1"]}`)
	c.want("post", "2")
	for _, topic := range []string{"", "book:1", "z"} { // the second is a topic, and not a personal one
		c.wantError("ws.unknown_topic", topic)
	}
	c.want("book:1", "0")
	for _, text := range []string{`{"resume":{"post":-1}}`, `{"resume":{"post":null}}`, `{"resume":{"post":1,"z":-5}}`, `{"resume":{"post":1.5}}`} {
		c.say(text)
		c.wantError("ws.malformed", "")
	}
	c.say(`{"resume":{"z":-1},"idle":true}`)
	c.wantClose(websocket.ClosePolicyViolation)
}

// A person's other sockets come in while the greeting of one is read.
func TestASlowGreetingKeepsNobodyAtTheDoor(t *testing.T) {
	p, door, release := &post{last: 3}, &porter{}, make(chan struct{})
	s := guarded(t, door, p.topic())
	entered := make(chan struct{}, 2)
	p.read = func() {
		entered <- struct{}{}
		<-release
	}
	first, second := s.dial("X-User", "7"), s.dial("X-User", "7")
	testkit.Receive(t, entered)
	testkit.Receive(t, entered) // the second is through the door as well
	s.Tell(7, "post", p.grow(1))
	close(release)
	for _, c := range []*client{first, second} {
		c.want("post", `{"last":3}`) // read before it grew
		c.want("post", "4")
	}
}

// Whose socket closes while its greeting is read is not there afterwards.
func TestWhoClosesDuringTheGreetingIsNotPresent(t *testing.T) {
	p, door, release, entered := &post{last: 3}, &porter{}, make(chan struct{}), make(chan struct{})
	s := guarded(t, door, p.topic())
	p.read = func() {
		close(entered)
		<-release
	}
	c := s.dial("X-User", "7")
	testkit.Receive(t, entered)
	if n := s.CloseWhere(func(auth.Identity) bool { return true }, ws.CloseSessionEnded, ""); n != 1 {
		t.Fatalf("%d closed", n)
	}
	c.wantClose(ws.CloseSessionEnded)
	_ = c.Close()
	close(release)
	testkit.Until(t, "it is gone", func() bool { return s.sockets() == 0 })
	if left := s.Present(); len(left) != 0 {
		t.Errorf("%v are present", left)
	}
	testkit.Until(t, "the door knows who left", func() bool { return door.notes() == "enter 7, leave 7" })
}

// What is told while a greeting is read comes after it, in its order.
func TestWhatIsToldMeanwhileFollowsTheGreeting(t *testing.T) {
	for name, c := range map[string]struct {
		say  string
		want []string
	}{
		"greeting": {"", []string{`{"last":5}`, "6", "7"}},
		"resume":   {`{"resume":{"post":3}}`, []string{"4", "5", "6", "7"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := &post{last: 5}
			s := guarded(t, &porter{}, p.topic())
			meanwhile := func() {
				p.mu.Lock()
				p.read = nil
				p.mu.Unlock()
				s.Tell(7, "post", p.grow(1))
				s.Tell(7, "post", p.grow(1))
			}
			if c.say == "" {
				p.read = meanwhile
			}
			client := s.dial("X-User", "7")
			if c.say != "" {
				client.want("post", `{"last":5}`)
				p.mu.Lock()
				p.read = meanwhile
				p.mu.Unlock()
				client.say(c.say)
			}
			for _, want := range c.want {
				client.want("post", want)
			}
		})
	}
}

// What is told from the moment when somebody is in comes after every greeting,
// also of a topic that is greeted before.
func TestWhatIsToldBetweenGreetingsFollowsThem(t *testing.T) {
	p := &post{last: 5}
	s := guarded(t, &porter{}, ws.Personal{Name: "first", Greet: func(context.Context, int64, int64) ([]any, error) { return []any{1}, nil }}, p.topic())
	p.mu.Lock()
	p.read = func() { s.Tell(7, "first", 2); s.Tell(7, "post", 6) }
	p.mu.Unlock()
	c := s.dial("X-User", "7")
	for _, want := range [][2]string{{"first", "1"}, {"post", `{"last":5}`}, {"first", "2"}, {"post", "6"}} {
		c.want(want[0], want[1])
	}
}

// More than a queue holds, told while a greeting is read, would be sent out of
// order: the socket is too slow.
func TestMoreThanAQueueIsNotHeldBack(t *testing.T) {
	p := &post{}
	s := start(t, setup{config: func(c *ws.Config) { c.Queue = 4 }, options: func(o *ws.Options) {
		o.Door, o.Personal = &porter{}, []ws.Personal{p.topic()}
	}})
	p.read = func() {
		for i := range 5 {
			s.Tell(7, "post", i)
		}
	}
	s.dialQuietly("X-User", "7").wantClose(ws.CloseSlow)
}

// A long list of what was missed is no reason to call its reader slow.
func TestALongAnswerWaitsForItsReader(t *testing.T) {
	p := &post{last: 100}
	s := start(t, setup{config: func(c *ws.Config) { c.Queue = 4 }, options: func(o *ws.Options) {
		o.Door, o.Personal = &porter{}, []ws.Personal{p.topic()}
	}})
	c := s.dial("X-User", "7")
	c.want("post", `{"last":100}`)
	c.say(`{"resume":{"post":0}}`)
	for n := 1; n <= 100; n++ {
		c.want("post", fmt.Sprint(n))
	}
	c.settle()
}

func TestTheDoorIsNotKnockedAtTooOften(t *testing.T) {
	door := &porter{enter: elsewhere, takeover: func(context.Context, *ws.Conn) (bool, error) { return false, nil }}
	s := start(t, setup{config: func(c *ws.Config) { c.SubscribeBurst, c.SubscribeRate = 2, 1 }, options: func(o *ws.Options) { o.Door = door }})
	c := s.dial("X-User", "7")
	c.want("session", `"elsewhere"`)
	for range 3 {
		c.say(`{"takeover":true}`)
	}
	c.wantError("ws.rate_limited", "")
	s.clock.advance(time.Second)
	c.say(`{"takeover":true}`)
	c.say(`{"idle":true}`)
	c.wantError("ws.rate_limited", "")
	if got := door.notes(); got != "enter 7, takeover 7, takeover 7, takeover 7" {
		t.Errorf("the door was asked %q", got)
	}
}

// The door hears of a shutdown before the sockets do, and of each socket's end.
func TestTheDoorHearsOfAShutdownFirst(t *testing.T) {
	door := &porter{}
	s := guarded(t, door)
	one := s.dial("X-User", "7")
	one.settle()
	done := make(chan error, 1)
	go func() { done <- s.Shutdown(t.Context()) }()
	one.wantClose(websocket.CloseGoingAway)
	if err := testkit.Receive(t, done); err != nil {
		t.Error(err)
	}
	if got := door.notes(); got != "enter 7, closing, leave 7" {
		t.Errorf("the door heard %q", got)
	}
}

// A frame is encoded once for everybody, and Tell reaches all tabs of a person
// and nobody else, whatever comes and goes meanwhile.
func TestTellReachesAllTabsOfAPerson(t *testing.T) {
	var mu sync.Mutex
	var conns []*ws.Conn
	s := guarded(t, &porter{enter: func(_ context.Context, c *ws.Conn) (bool, error) {
		mu.Lock()
		defer mu.Unlock()
		conns = append(conns, c)
		return true, nil
	}})
	var mine, theirs []*client
	for range 20 {
		mine, theirs = append(mine, s.dial("X-User", "7")), append(theirs, s.dial("X-User", "8"))
	}
	for _, c := range append(mine, theirs...) {
		c.settle()
	}
	s.Tell(7, "post", "길")
	s.Tell(8, "post", "other")
	s.Tell(7, "post", func() {}) // no JSON: logged, and nobody gets it
	f, err := ws.NewFrame("post", "all", len(conns))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range conns {
		c.SendFrame(f)
	}
	for i := range mine {
		mine[i].want("post", `"길"`)
		theirs[i].want("post", `"other"`)
		mine[i].want("post", `"all"`)
		theirs[i].want("post", `"all"`)
	}
	if n := s.logs.FilterMessage("topic failed").Len(); n != 1 {
		t.Errorf("%d lines in the log", n)
	}
	if _, err := ws.NewFrame("post", func() {}, 1); err == nil {
		t.Error("a function became a frame")
	}
	var storm sync.WaitGroup
	for range 4 {
		storm.Go(func() {
			for range 200 {
				s.Tell(7, "post", 1)
			}
		})
	}
	for _, c := range mine {
		_ = c.Close()
	}
	storm.Wait()
	testkit.Until(t, "they are gone", func() bool { return s.sockets() == 20 })
	s.Tell(7, "post", 2)
	theirs[0].settle()
}
