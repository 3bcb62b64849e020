package apptest_test

import (
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/internal/pongtest"
	"rally/platform/testkit"
)

// A robot plays while its opponent is there, waits while they are lost, and has won
// when they stay away. This is the one test that waits fifteen real seconds.
func TestARobotWaitsForItsOpponent(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		m := apptest.Into[match](t, me.Post(matchesPath, M{"mode": "ai", "difficulty": "hard", "points": 11}).Want(t, 201))
		p, watcher := sit(t, s, me, m.ID), sit(t, s, nil, m.ID)
		awaitRole(t, p, pongtest.Left)
		ready(t, p)
		awaitPhase(t, watcher, pongtest.Playing)
		await(t, watcher, "the robot moves", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Dirs[1] != 0 })
		p.Close()
		await(t, watcher, "the seat is held for fifteen seconds", func(_ welcomeOf, s snapshotOf, _ endedOf) bool {
			return s.Phase == pongtest.Paused && s.Wait == 15 && s.Flags&3 == 2
		})
		p = sit(t, s, me, m.ID)
		awaitPhase(t, watcher, pongtest.Playing)
		p.Close()
		awaitPhase(t, watcher, pongtest.Paused)
		since, _ := watcher.Last()
		await(t, watcher, "the end", func(_ welcomeOf, _ snapshotOf, e endedOf) bool { return e != nil })
		if now, _ := watcher.Last(); now.Tick-since.Tick > 15*60+2 || now.Tick-since.Tick < 15*60-4 { // ticks, not time
			t.Errorf("given up after %d ticks", now.Tick-since.Tick)
		}
		if e := watcher.Ended(); e.Void || e.Winner != 1 || e.Reason != 1 {
			t.Errorf("told %+v", e)
		}
		got := matchOf(t, me, m.ID)
		if got.State != "over" || got.Reason != "forfeit" || *got.Winner != 1 || got.Rated || got.Players[0].After != nil {
			t.Errorf("stored: %+v", got)
		}
		if r := apptest.Into[replay](t, me.Get(matchPath(m.ID, "replay/")).Want(t, 200)); len(r.Pauses) < 5 || r.Complete {
			t.Errorf("kept: %d pauses, complete: %v", len(r.Pauses), r.Complete)
		}
		testkit.Until(t, "who lost may play again", func() bool { return me.Post(matchesPath, M{"mode": "ai"}).Status == 201 })
	})
}

// A third loss of the line forfeits at once.
func TestAThirdLossOnTheWire(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		ann, bob := s.Person(), s.Person()
		m, left, right := begun(t, s, ann, bob)
		for range 2 {
			right.Close()
			awaitPhase(t, left, pongtest.Paused)
			right = sit(t, s, bob, m.ID)
			awaitPhase(t, left, pongtest.Playing)
		}
		right.Close()
		await(t, left, "the end", func(_ welcomeOf, _ snapshotOf, e endedOf) bool {
			return e != nil && !e.Void && e.Winner == 0 && e.Reason == 1
		})
		if got := matchOf(t, ann, m.ID); got.State != "over" || got.Reason != "forfeit" || *got.Winner != 0 || !got.Rated || *got.Players[0].After <= 1500 {
			t.Errorf("stored: %+v", got)
		}
	})
}

// A match to which not both have come by its time is void, whoever came, and
// whether or not anybody did.
func TestNobodyIsWaitedForLongerThanAMinute(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(6)
		none, one := agreed(t, people[0], people[1], 3), agreed(t, people[2], people[3], 3)
		both := agreed(t, people[4], people[5], 3)
		came := sit(t, s, people[2], one.ID)
		left, right := sit(t, s, people[4], both.ID), sit(t, s, people[5], both.ID)
		await(t, came, "a minute is left", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Phase == pongtest.Waiting && s.Wait == 60 })
		await(t, left, "both are here", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Flags&3 == 3 })
		s.Clock.Advance(61 * time.Second)
		awaitPhase(t, right, pongtest.Playing) // they are there, and that is enough
		await(t, came, "the end", func(_ welcomeOf, _ snapshotOf, e endedOf) bool {
			return e != nil && e.Void && e.Winner == -1 && e.Reason == 2
		})
		s.Clock.Advance(5 * time.Second) // a node leaves the deadlines of tables to them for so long
		testkit.Until(t, "the one without a table is void", func() bool { return matchOf(t, people[0], none.ID).State == "void" })
		for _, id := range []int64{none.ID, one.ID} {
			if got := matchOf(t, people[0], id); got.State != "void" || got.Reason != "no_show" || got.Winner != nil || got.HasReplay || got.Players[0].After != nil {
				t.Errorf("stored: %+v", got)
			}
		}
		if n := count(t, s, "SELECT count(*) FROM pong_standings"); n != 0 {
			t.Errorf("%d standings of nothing", n)
		}
	})
}

// Ten minutes are enough for who plays alone.
func TestAMatchOfOnePersonWaitsLonger(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		idle := apptest.Into[match](t, me.Post(matchesPath, M{"mode": "ai"}).Want(t, 201))
		begin := apptest.Into[match](t, other.Post(matchesPath, M{"mode": "local"}).Want(t, 201))
		p := sit(t, s, other, begin.ID)
		awaitPhase(t, p, pongtest.Waiting)
		s.Clock.Advance(9 * time.Minute)
		if got := matchOf(t, me, idle.ID); got.State != "open" {
			t.Errorf("after nine minutes: %+v", got)
		}
		s.Clock.Advance(66 * time.Second)
		awaitPhase(t, p, pongtest.Playing)
		testkit.Until(t, "the other is void", func() bool { return matchOf(t, me, idle.ID).State == "void" })
	})
}
