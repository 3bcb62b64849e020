package apptest_test

import (
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/internal/pongtest"
	"rally/platform/testkit"
)

// What a player has seen, for await.
type (
	welcomeOf  = *pongtest.Welcome
	snapshotOf = pongtest.Snapshot
	endedOf    = *pongtest.Ended
)

func welcomed(w welcomeOf, s snapshotOf, _ endedOf) bool { return w != nil && s.Tick > 0 }

// over ends a match of two at once: the second gives up, once it is live.
func over(t *testing.T, s *apptest.Server, a, b *apptest.Client) match {
	t.Helper()
	m := agreed(t, a, b, 3)
	beginMatch(t, s, m.ID, a, b)
	return apptest.Into[match](t, b.Post(matchPath(m.ID, "forfeit/"), nil).Want(t, 200))
}

// beginMatch lets people come to a match, say that they are ready, and waits until its
// row says that it is live. They leave then.
func beginMatch(t *testing.T, s *apptest.Server, id int64, people ...*apptest.Client) {
	t.Helper()
	for _, c := range people {
		p := sit(t, s, c, id)
		await(t, p, "welcome", welcomed)
		ready(t, p)
	}
	testkit.Until(t, "the match is live", func() bool { return matchOf(t, people[0], id).State == "live" })
}

func TestRematches(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(3)
		ann, bob, cho := people[0], people[1], people[2]
		again := func(c *apptest.Client, id int64) apptest.Reply { return c.Post(matchPath(id, "rematch/"), nil) }
		old := over(t, s, ann, bob)
		again(cho, old.ID).WantCode(t, 403, "pong.not_yours")
		again(s.Anonymous(), old.ID).WantCode(t, 401, "auth.required")
		again(ann, 999_999).WantCode(t, 404, "pong.match_not_found")

		asked := apptest.Into[match](t, again(bob, old.ID).Want(t, 201))
		if asked.State != "invited" || *asked.RematchOf != old.ID || *asked.Mine != 0 || *asked.Players[0].UserID != bob.UserID || asked.Points != old.Points {
			t.Errorf("asked: %+v", asked)
		}
		if same := apptest.Into[match](t, again(bob, old.ID).Want(t, 201)); same.ID != asked.ID {
			t.Errorf("asked again: %+v", same)
		}
		got := apptest.Into[match](t, again(ann, old.ID).Want(t, 200))
		if got.ID != asked.ID || got.State != "open" || *got.Mine != 1 {
			t.Errorf("both asked: %+v", got)
		}
		for _, c := range []*apptest.Client{ann, bob} { // it has its rematch
			again(c, old.ID).WantCode(t, 409, "pong.no_rematch")
		}
		again(ann, got.ID).WantCode(t, 409, "pong.match_not_over")
		if void := apptest.Into[match](t, ann.Post(matchPath(got.ID, "forfeit/"), nil).Want(t, 200)); void.State != "void" || void.Winner != nil || void.Reason != "abandoned" {
			t.Errorf("given up before it began: %+v", void)
		}
		bob.Post(matchPath(got.ID, "forfeit/"), nil).WantCode(t, 409, "pong.match_over")

		// Of what came to nothing there is another, and one that was declined can be
		// asked for again; so can one that nobody answered, at once.
		asked = apptest.Into[match](t, again(ann, got.ID).Want(t, 201))
		bob.Post(matchPath(asked.ID, "decline/"), nil).Want(t, 200)
		asked = apptest.Into[match](t, again(ann, got.ID).Want(t, 201))
		s.Clock.Advance(61 * time.Second)
		later := apptest.Into[match](t, again(bob, got.ID).Want(t, 201))
		if later.ID == asked.ID || later.State != "invited" {
			t.Errorf("after its end: %+v", later)
		}
		if was := matchOf(t, ann, asked.ID); was.State != "closed" || was.Reason != "expired" {
			t.Errorf("the one before: %+v", was)
		}
	})
}

// Both press the button at the same moment: one asks, the other accepts.
func TestBothAskForARematchAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(6)
		for i := 0; i < len(people); i += 2 {
			pair := people[i : i+2]
			old := over(t, s, pair[0], pair[1])
			replies := make([]apptest.Reply, 2)
			together(
				func() { replies[0] = pair[0].Post(matchPath(old.ID, "rematch/"), nil) },
				func() { replies[1] = pair[1].Post(matchPath(old.ID, "rematch/"), nil) },
			)
			if replies[0].Status+replies[1].Status != 401 {
				t.Fatalf("answered %d %s and %d %s", replies[0].Status, replies[0].Body, replies[1].Status, replies[1].Body)
			}
			a, b := apptest.Into[match](t, replies[0]), apptest.Into[match](t, replies[1])
			if now := matchOf(t, pair[0], a.ID); a.ID != b.ID || now.State != "open" {
				t.Errorf("%d and %d, now %+v", a.ID, b.ID, now)
			}
		}
	})
}

func TestRematchesOfOnePerson(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		for _, mode := range []string{"ai", "local"} {
			m := apptest.Into[match](t, me.Post(matchesPath, M{"mode": mode, "difficulty": "easy", "points": 3}).Want(t, 201))
			me.Post(matchPath(m.ID, "rematch/"), nil).WantCode(t, 409, "pong.match_not_over")
			other.Post(matchPath(m.ID, "forfeit/"), nil).WantCode(t, 403, "pong.not_yours")
			s.Anonymous().Post(matchPath(m.ID, "forfeit/"), nil).WantCode(t, 401, "auth.required")
			me.Post(matchPath(m.ID, "forfeit/"), nil).Want(t, 200)
			other.Post(matchPath(m.ID, "rematch/"), nil).WantCode(t, 403, "pong.not_yours")
			next := apptest.Into[match](t, me.Post(matchPath(m.ID, "rematch/"), nil).Want(t, 201))
			if next.ID == m.ID || next.State != "open" || next.Mode != mode || next.Points != 3 || mode == "ai" && *next.Difficulty != "easy" {
				t.Errorf("%s: %+v", mode, next)
			}
			beginMatch(t, s, next.ID, me)
			lost := apptest.Into[match](t, me.Post(matchPath(next.ID, "forfeit/"), nil).Want(t, 200))
			if mode == "ai" && (lost.State != "over" || *lost.Winner != 1 || lost.Reason != "forfeit" || lost.Rated) || mode == "local" && (lost.State != "void" || lost.Winner != nil) {
				t.Errorf("%s, given up: %+v", mode, lost)
			}
			testkit.Until(t, "what was played is kept", func() bool { return me.Get(matchPath(next.ID, "replay/")).Status == 200 })
		}
	})
}

// Whoever gives up over REST has lost for everybody, at once, and so has whoever
// does it a moment later not.
func TestGivingUpOverREST(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(3)
		ann, bob := people[0], people[1]
		m := agreed(t, ann, bob, 3)
		beginMatch(t, s, m.ID, ann, bob)
		watcher := sit(t, s, nil, m.ID)
		await(t, watcher, "the game", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Tick > 0 })
		people[2].Post(matchPath(m.ID, "forfeit/"), nil).WantCode(t, 403, "pong.not_yours")
		codes := make([]apptest.Reply, 2)
		together(
			func() { codes[0] = ann.Post(matchPath(m.ID, "forfeit/"), nil) },
			func() { codes[1] = bob.Post(matchPath(m.ID, "forfeit/"), nil) },
		)
		await(t, watcher, "the end", func(_ welcomeOf, _ snapshotOf, e endedOf) bool { return e != nil })
		got := matchOf(t, ann, m.ID)
		if got.State != "over" || got.Reason != "forfeit" || got.Season == 0 || *watcher.Ended() != (pongtest.Ended{Winner: *got.Winner, Reason: 1}) {
			t.Errorf("%+v, told %+v", got, watcher.Ended())
		}
		for i, r := range codes {
			if r.Status == 409 {
				r.WantCode(t, 409, "pong.match_over")
			} else if told := apptest.Into[match](t, r.Want(t, 200)); *told.Winner != *got.Winner {
				t.Errorf("side %d is told that %d won, and it is %d", i, *told.Winner, *got.Winner)
			}
		}
		for _, c := range []*apptest.Client{ann, bob} {
			c.Post(matchPath(m.ID, "forfeit/"), nil).WantCode(t, 409, "pong.match_over")
		}
		if n := count(t, s, "SELECT sum(wins) + sum(losses) FROM pong_standings WHERE season = 0"); n != 2 {
			t.Errorf("%d wins and losses of one match", n)
		}
		testkit.Until(t, "what was played is kept", func() bool { return ann.Get(matchPath(m.ID, "replay/")).Status == 200 })
	})
}
