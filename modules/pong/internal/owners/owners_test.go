package owners_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"rally/internal/pongtest"
	"rally/modules/pong"
	"rally/platform/testkit"
	"rally/platform/testkit/natscluster"
)

// Of many who claim a match, one has it, whoever they are; it alone writes, and it alone
// gives it up.
func TestOneNodeHasAMatch(t *testing.T) {
	t.Parallel()
	nats, _ := natscluster.Single(t, server.RANDOM_PORT, true)
	one, two := table(t, nats.ClientURL()), table(t, nats.ClientURL())
	ctx := t.Context()
	for id := range int64(20) {
		var claimed atomic.Int64
		var all sync.WaitGroup
		for i := range 6 {
			list, name := one, "one"
			if i%2 == 1 {
				list, name = two, "two"
			}
			all.Go(func() {
				if _, mine, err := list.Claim(ctx, id, pong.Checkpoint{Node: name}); err != nil {
					t.Error(err)
				} else if mine {
					claimed.Add(1)
				}
			})
		}
		all.Wait()
		if claimed.Load() != 1 {
			t.Fatalf("match %d is claimed %d times", id, claimed.Load())
		}
	}
	c, rev, found, err := one.Owner(ctx, 3)
	if err != nil || !found {
		t.Fatalf("%v, %v", found, err)
	}
	c.Score = [2]int{2, 1}
	next, written, err := two.Write(ctx, 3, c, rev)
	if err != nil || !written || next <= rev {
		t.Fatalf("%d after %d, %v, %v", next, rev, written, err)
	}
	if _, written, err := one.Write(ctx, 3, c, rev); err != nil || written {
		t.Errorf("an old revision writes: %v", err)
	}
	if err := one.Drop(ctx, 3, "another"); err != nil {
		t.Error(err)
	}
	if now, _, found, err := one.Owner(ctx, 3); err != nil || !found || now.Score != c.Score || now.Node != c.Node {
		t.Errorf("%+v, %v, %v", now, found, err)
	}
	if err := one.Drop(ctx, 3, c.Node); err != nil {
		t.Error(err)
	}
	if _, _, found, err := two.Owner(ctx, 3); err != nil || found {
		t.Errorf("still there: %v", err)
	}
	if _, written, err := one.Write(ctx, 3, c, next); err != nil || written {
		t.Errorf("what was given up is written: %v", err)
	}
	if err := one.Drop(ctx, 3, c.Node); err != nil {
		t.Errorf("given up again: %v", err)
	}
	if _, mine, err := two.Claim(ctx, 3, c); err != nil || !mine {
		t.Errorf("what was given up can't be claimed: %v", err)
	}
}

// Two players at different nodes, and a watcher at a third, see one match.
func TestAMatchOverThreeNodes(t *testing.T) {
	t.Parallel()
	games := newBook(open(1))
	nodes := cluster(t, games, 3)
	left, right, watcher := sit(t, nodes[0], 1, ann), sit(t, nodes[1], 1, bob), sit(t, nodes[2], 1, 0)
	begin(t, left, right)
	testkit.Until(t, "the watcher sees it", func() bool { return watcher.snapshot().VX != 0 && watcher.snapshot().Watchers == 1 })
	testkit.Until(t, "all nodes know that it is played, and the score", func() bool {
		for _, n := range nodes {
			if _, _, known := n.Score(1); !known || !n.Owned(1) {
				return false
			}
		}
		return true
	})
	at := right.snapshot()
	right.chair.Hear(pongtest.Input(1, -1, 1, at.Tick+1, 0xFFFF, 0))
	testkit.Until(t, "an input of the other node moves its paddle", func() bool {
		s := left.snapshot()
		return s.Acks[1] == 1 && s.Paddles[1] < at.Paddles[1]
	})
	right.chair.Leave()
	testkit.Until(t, "the seat is held", func() bool {
		return left.snapshot().Phase == pongtest.Paused && watcher.snapshot().Phase == pongtest.Paused
	})
	right = sit(t, nodes[2], 1, bob) // from another node now
	testkit.Until(t, "it goes on", func() bool { return watcher.snapshot().Phase == pongtest.Playing })
	right.chair.Hear([]byte{3, 0})
	for _, l := range []*line{left, right, watcher} {
		testkit.Until(t, "the end is told", func() bool { _, ended, _ := l.seen(); return ended != nil })
		if _, ended, code := l.seen(); ended[1] != 0 || ended[2] != 0 || ended[3] != 1 || code != 0 {
			t.Errorf("told %x, closed with %d", ended, code)
		}
	}
	if r := games.results(1); len(r) != 1 {
		t.Errorf("%+v", r)
	}
}

// A node that stops gives its match to whichever its players come to.
func TestAMatchMovesWhenItsNodeStops(t *testing.T) {
	t.Parallel()
	games := newBook(open(1))
	nodes := cluster(t, games, 2)
	left, right := sit(t, nodes[0], 1, ann), sit(t, nodes[1], 1, bob)
	begin(t, left, right)
	nodes[0].Stop(t.Context())
	for _, l := range []*line{left, right} {
		testkit.Until(t, "its line is closed", func() bool { _, _, code := l.seen(); return code == pong.CloseGoingAway })
		l.chair.Leave()
	}
	was := left.snapshot()
	left, right = sit(t, nodes[1], 1, ann), sit(t, nodes[1], 1, bob)
	testkit.Until(t, "it goes on", func() bool {
		return left.snapshot().Phase == pongtest.Playing && right.snapshot().Phase == pongtest.Playing
	})
	now := left.snapshot()
	if now.Epoch != was.Epoch+1 || now.Tick < was.Tick || now.Score != was.Score || now.VX != was.VX {
		t.Errorf("it goes on with %+v, was %+v", now, was)
	}
	if len(games.results(1)) != 0 {
		t.Errorf("%+v", games.results(1))
	}
}

// A node falls silent in the middle of a match. One of two others goes on with it from
// its last checkpoint, with the lines that it has; when the old one is back, it gives
// up, and its lines come back to look.
func TestAMatchOutlivesItsNode(t *testing.T) {
	t.Parallel()
	games := newBook(open(1))
	nodes := cluster(t, games, 3)
	left, right, watcher := sit(t, nodes[0], 1, ann), sit(t, nodes[1], 1, bob), sit(t, nodes[2], 1, 0)
	begin(t, left, right)
	before := left.snapshot()
	testkit.Until(t, "a checkpoint has the flight", func() bool {
		c, _, _, err := nodes[1].Owner(t.Context(), 1)
		if err != nil || len(c.Record) == 0 {
			return false
		}
		record, err := pong.DecodeRecord(c.Record)
		return err == nil && record.Ticks >= before.Tick
	})
	nodes[0].cut.Store(true)
	testkit.Until(t, "the match goes on elsewhere", func() bool {
		return right.snapshot().Epoch == 1 && watcher.snapshot().Epoch == 1 && watcher.snapshot().Watchers == 1
	})
	s := right.snapshot()
	if s.Phase != pongtest.Paused || s.Flags&3 != 2 || s.Wait == 0 || s.Tick < before.Tick {
		t.Errorf("it goes on with %+v, was %+v", s, before)
	}
	two, _ := nodes[1].Count()
	three, _ := nodes[2].Count()
	if two+three != 1 {
		t.Errorf("%d nodes took it over", two+three)
	}
	if _, _, code := left.seen(); code != 0 {
		t.Fatalf("the line that is cut off was closed with %d", code)
	}
	nodes[0].cut.Store(false)
	testkit.Until(t, "the old node gives up", func() bool {
		_, _, code := left.seen()
		tables, _ := nodes[0].Count()
		return code == pong.CloseGoingAway && tables == 0
	})
	left.chair.Leave()
	back := sit(t, nodes[0], 1, ann)
	testkit.Until(t, "it is played", func() bool {
		return back.snapshot().Phase == pongtest.Playing && right.snapshot().Phase == pongtest.Playing
	})
	if r := games.results(1); len(r) != 0 || games.state(1) != pong.Live || right.runs() != 2 || watcher.runs() != 2 {
		t.Errorf("%+v, %s, %d and %d runs", r, games.state(1), right.runs(), watcher.runs())
	}
}

// A match of which nothing was ever kept is void when its node falls silent.
func TestAMatchThatNobodyKeptIsVoid(t *testing.T) {
	t.Parallel()
	games := newBook(open(1))
	nodes := cluster(t, games, 2)
	nodes[0].dry.Store(true)
	left, right := sit(t, nodes[0], 1, ann), sit(t, nodes[0], 1, bob)
	begin(t, left, right)
	nodes[0].cut.Store(true)
	testkit.Until(t, "the match is void", func() bool { return len(games.results(1)) > 0 })
	if r := games.results(1); len(r) != 1 || r[0].State != pong.Void || r[0].Reason != pong.ByServer {
		t.Errorf("it came out %+v", r)
	}
	testkit.Until(t, "nobody has it", func() bool { return !nodes[1].Owned(1) })
}

// A match that had not begun is played from its beginning by whoever takes it over.
func TestAMatchThatHadNotBegunIsTakenOver(t *testing.T) {
	t.Parallel()
	games := newBook(open(1))
	nodes := cluster(t, games, 2)
	nodes[0].dry.Store(true)
	sit(t, nodes[0], 1, ann)
	right := sit(t, nodes[1], 1, bob)
	testkit.Until(t, "both are there", func() bool { return right.snapshot().Flags&3 == 3 })
	nodes[0].cut.Store(true)
	testkit.Until(t, "the other node has it", func() bool { n, _ := nodes[1].Count(); return n == 1 })
	left := sit(t, nodes[1], 1, ann)
	begin(t, left, right)
	if len(games.results(1)) != 0 {
		t.Errorf("it came out %+v", games.results(1))
	}
}
