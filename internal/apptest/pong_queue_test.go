package apptest_test

import (
	"encoding/json"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/testkit"
)

const queuePath = pongPath + "queue/"

func joins(t *testing.T, c *apptest.Client) queue {
	t.Helper()
	return apptest.Into[queue](t, c.Post(queuePath, nil).Want(t, 200))
}

func queueOf(t *testing.T, c *apptest.Client) queue {
	t.Helper()
	return apptest.Into[queue](t, c.Get(queuePath).Want(t, 200))
}

// rated gives somebody a rating.
func rated(t *testing.T, s *apptest.Server, c *apptest.Client, rating float64) {
	t.Helper()
	execute(t, s, `INSERT INTO pong_standings (season, user_id, rating, deviation, volatility, wins, losses, streak, best_streak, form, provisional, place, last_at, fades_at)
		VALUES (0, $1, $2, 60, 0.06, 1, 0, 1, 1, 'W', false, 1, $3, $4)`, c.UserID, rating, s.Clock.Now(), s.Clock.Now().Add(1000*time.Hour))
}

// gameNotice is a frame of the personal topic.
type gameNotice struct {
	Event string
	Match *match
	State *queue
}

// nextGame reads what the live line says next of the game.
func (l *line) nextGame() (n gameNotice) {
	l.t.Helper()
	if err := json.Unmarshal(l.expect("pong"), &n); err != nil {
		l.t.Fatal(err)
	}
	return n
}

// game reads on until something is of an event; the greeting's is "".
func (l *line) game(event string) gameNotice {
	l.t.Helper()
	for {
		if n := l.nextGame(); n.Event == event {
			return n
		}
	}
}

// lobbyFrame is a state of the lobby's topic.
type lobbyFrame struct {
	Live []struct {
		ID       int64
		Score    [2]int
		Watchers int
		Players  [2]*struct {
			ProfileName string `json:"profile_name"`
			Rating      float64
		}
	}
	Waiting     int
	Tournaments []struct {
		ID      int64
		State   string
		Entries int
	}
}

// lobbyUntil reads states of the lobby until one is as it should be.
func (l *line) lobbyUntil(what string, ok func(f lobbyFrame) bool) {
	l.t.Helper()
	for range 1000 {
		var f lobbyFrame
		if err := json.Unmarshal(l.expect("pong.lobby"), &f); err != nil {
			l.t.Fatal(err)
		}
		if ok(f) {
			return
		}
	}
	l.t.Fatalf("never happened: %s", what)
}

// Two of about the same rating play at once. Both are told, and everybody sees that
// nobody waits any more.
func TestCloseOnesArePairedAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		ann, bob := s.Person(), s.Person()
		rated(t, s, ann, 1580)
		s.Anonymous().Post(queuePath, nil).WantCode(t, 401, "auth.required")
		s.Anonymous().Get(queuePath).WantCode(t, 401, "auth.required")
		s.Anonymous().Delete(queuePath).WantCode(t, 401, "auth.required")
		hall, _ := enter(t, s, "")
		hall.send(`{"sub":["pong.lobby"]}`)
		hall.lobbyUntil("nobody waits", func(f lobbyFrame) bool { return f.Waiting == 0 })
		mine, _ := enter(t, s, token(t, ann))
		if g := mine.game(""); g.State == nil || g.State.Waiting {
			t.Errorf("greeted with %+v", g)
		}
		theirs, _ := enter(t, s, token(t, bob))

		q := apptest.Into[queue](t, ann.Post(queuePath, M{"points": 3}).Want(t, 200))
		if !q.Waiting || *q.Points != 3 || *q.Window != 100 || q.People != 1 || q.Match != nil {
			t.Fatalf("one waits: %+v", q)
		}
		mine.game("queue")
		hall.lobbyUntil("one waits", func(f lobbyFrame) bool { return f.Waiting == 1 })
		if q := joins(t, ann); !q.Waiting || *q.Points != 5 || q.People != 1 { // says so again, and otherwise
			t.Errorf("one waits on: %+v", q)
		}
		q = apptest.Into[queue](t, bob.Post(queuePath, M{"points": 11}).Want(t, 200))
		if q.Waiting || q.Match == nil || q.Match.Mode != "quick" || q.Match.State != "open" || q.Match.Points != 5 || !q.Match.Rated || q.People != 0 {
			t.Fatalf("the second is paired: %+v", q)
		}
		for _, l := range []*line{mine, theirs} {
			if n := l.game("matched"); n.Match == nil || n.Match.ID != q.Match.ID || n.Match.Players[0].UserID == nil {
				t.Errorf("told %+v", n)
			}
		}
		hall.lobbyUntil("nobody waits", func(f lobbyFrame) bool { return f.Waiting == 0 })
		// Who asks again, as their client does, learns of the same match.
		if again := joins(t, ann); again.Match == nil || again.Match.ID != q.Match.ID || again.Waiting {
			t.Errorf("asked again: %+v", again)
		}
		if n := count(t, s, "SELECT count(*) FROM pong_matches"); n != 1 {
			t.Errorf("%d matches", n)
		}
	})
}

// The window grows while they wait, and after ten seconds anybody will do.
func TestFarOnesArePairedLater(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(5)
		for i, rating := range []float64{1500, 1700, 100, 3000} {
			rated(t, s, people[i], rating)
		}
		probe := func() { // another who comes has everybody paired who can be
			joins(t, people[4])
			people[4].Delete(queuePath).Want(t, 200)
		}
		rated(t, s, people[4], 50_000)
		for _, c := range people[:4] {
			if q := joins(t, c); !q.Waiting || q.Match != nil {
				t.Fatalf("paired at once: %+v", q)
			}
		}
		s.Clock.Advance(1900 * time.Millisecond)
		probe()
		if q := queueOf(t, people[0]); !q.Waiting || *q.Window != 195 || q.People != 4 {
			t.Fatalf("after 1.9 seconds: %+v", q)
		}
		s.Clock.Advance(100 * time.Millisecond)
		testkit.Until(t, "the near ones are paired", func() bool { return queueOf(t, people[0]).Match != nil })
		if m := queueOf(t, people[1]).Match; m == nil || m.ID != queueOf(t, people[0]).Match.ID {
			t.Errorf("with %+v", m)
		}
		s.Clock.Advance(7900 * time.Millisecond)
		probe()
		if q := queueOf(t, people[2]); !q.Waiting || q.People != 2 {
			t.Fatalf("after 9.9 seconds: %+v", q)
		}
		s.Clock.Advance(100 * time.Millisecond)
		testkit.Until(t, "the far ones are paired", func() bool { return queueOf(t, people[2]).Match != nil && queueOf(t, people[3]).Match != nil })
		if a, b := queueOf(t, people[2]).Match, queueOf(t, people[3]).Match; a.ID != b.ID {
			t.Errorf("%d and %d", a.ID, b.ID)
		}
	})
}

func TestWhoBlocksIsNeverPaired(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(3)
		blocks(people[1], people[0].UserID).Want(t, 201)
		joins(t, people[0])
		joins(t, people[1])
		s.Clock.Advance(12 * time.Second)
		for _, c := range people[:2] {
			if q := joins(t, c); !q.Waiting || q.Window != nil || q.People != 2 {
				t.Fatalf("who may not meet: %+v", q)
			}
		}
		if q := joins(t, people[2]); q.Match == nil {
			t.Errorf("the third finds %+v", q)
		}
		a, b := queueOf(t, people[0]), queueOf(t, people[1])
		if a.Match == nil || b.Match != nil || !b.Waiting {
			t.Errorf("who has waited longest has %+v, the other %+v", a, b)
		}
	})
}

// Who says nothing for fifteen seconds is out, and doesn't come back to an opponent.
func TestWhoStopsAskingIsOut(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(3)
		joins(t, people[0])
		s.Clock.Advance(14 * time.Second)
		if q := queueOf(t, people[0]); !q.Waiting || q.People != 1 {
			t.Fatalf("after 14 seconds: %+v", q)
		}
		s.Clock.Advance(time.Second)
		if q := queueOf(t, people[0]); q.Waiting || q.People != 0 {
			t.Fatalf("after 15 seconds: %+v", q)
		}
		if q := joins(t, people[1]); q.Match != nil || q.People != 1 {
			t.Fatalf("paired with nobody: %+v", q)
		}
		// Who comes back waits anew.
		rated(t, s, people[0], 5000)
		if q := joins(t, people[0]); !q.Waiting || *q.Window != 100 {
			t.Fatalf("back again: %+v", q)
		}
		if q := apptest.Into[queue](t, people[0].Delete(queuePath).Want(t, 200)); q.Waiting || q.People != 1 {
			t.Errorf("left: %+v", q)
		}
		people[0].Delete(queuePath).Want(t, 200) // again does nothing
		if q := joins(t, people[2]); q.Match == nil || *q.Match.Players[0].UserID != people[1].UserID {
			t.Errorf("paired with who is there: %+v", q)
		}
	})
}

// However many come at the same moment, everybody plays, and nobody twice.
func TestManyLookForAMatchAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		const n = 20
		people := s.People(n)
		var work []func()
		for i, c := range people {
			work = append(work, func() { joins(t, c) })
			if i%4 == 0 {
				work = append(work, func() { joins(t, c) }) // from two tabs
			}
		}
		together(work...)
		testkit.Until(t, "everybody has a match", func() bool { return count(t, s, "SELECT count(*) FROM pong_matches WHERE state = 'open'") == n/2 })
		if left := count(t, s, "SELECT count(*) FROM pong_queue"); left != 0 {
			t.Errorf("%d wait still", left)
		}
		seen := map[int64]int{}
		for _, c := range people {
			q := queueOf(t, c)
			if q.Match == nil || q.Waiting {
				t.Fatalf("%+v", q)
			}
			seen[q.Match.ID]++
		}
		if len(seen) != n/2 || count(t, s, "SELECT count(*) FROM pong_matches") != n/2 {
			t.Errorf("%d matches are played, by %v", len(seen), seen)
		}
	})
}

// They come and go as they like: whoever has left the queue is in no match of it.
func TestComingAndGoingInTheQueue(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(8)
		for range 3 {
			var work []func()
			left := make([]queue, len(people))
			for i, c := range people {
				work = append(work, func() {
					c.Post(queuePath, nil)
					left[i] = apptest.Into[queue](t, c.Delete(queuePath))
				})
			}
			together(work...)
			for i, c := range people {
				now := queueOf(t, c)
				if left[i].Match == nil && now.Match != nil || now.Waiting {
					t.Errorf("somebody left and found %+v, and then %+v", left[i].Match, now)
				}
				if now.Match != nil {
					c.Post(matchPath(now.Match.ID, "forfeit/"), nil)
				}
			}
		}
	})
}
