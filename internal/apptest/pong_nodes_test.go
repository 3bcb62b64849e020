package apptest_test

import (
	"net/http"
	"testing"

	"rally/internal/apptest"
	"rally/internal/pongtest"
	"rally/platform/db"
	"rally/platform/testkit"
)

// eachPair runs two nodes on one database and one bus, for each engine.
func eachPair(t *testing.T, fn func(t *testing.T, one, two *apptest.Server)) {
	t.Helper()
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			shared := map[string]string{"RALLY_DATABASE_URL": testkit.DatabaseURL(t, dialect), "RALLY_NATS_URL": startNATS(t)}
			fn(t, apptest.Start(t, dialect, shared), apptest.Start(t, dialect, shared))
		})
	}
}

// sitAt connects somebody, logged in at one node, to a match at another.
func sitAt(t *testing.T, at *apptest.Server, token string, id int64) *pongtest.Player {
	t.Helper()
	p, err := pongtest.Dial(t.Context(), at.URL, id, http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// Two people at different nodes play to the end, and strangers at both watch; the
// result is the same everywhere.
func TestAMatchBetweenNodes(t *testing.T) {
	eachPair(t, func(t *testing.T, one, two *apptest.Server) {
		ann, bob := one.Person(), one.Person()
		there := bearer(two, token(t, bob))
		m := inviteTo(t, ann, bob.UserID, 3)
		there.Post(matchPath(m.ID, "accept/"), nil).Want(t, 200)
		left, right := sit(t, one, ann, m.ID), sitAt(t, two, token(t, bob), m.ID)
		watchers := []*pongtest.Player{sitAt(t, one, "", m.ID), sitAt(t, two, "", m.ID)}
		for _, w := range watchers {
			await(t, w, "all are here", func(w welcomeOf, s snapshotOf, _ endedOf) bool {
				return w != nil && w.Role == pongtest.Watcher && s.Flags&3 == 3 && s.Watchers == 2
			})
		}
		awaitRole(t, right, pongtest.Right)
		ready(t, left, right)
		end := playOut(t, left, right, [2]float64{0, 1})
		if end.Void || end.Winner != 1 || end.Score[1] != 3 {
			t.Fatalf("it came out %+v", end)
		}
		for i, w := range watchers {
			await(t, w, "the end", func(_ welcomeOf, _ snapshotOf, e endedOf) bool { return e != nil })
			if *w.Ended() != end {
				t.Errorf("watcher %d is told %+v", i, w.Ended())
			}
		}
		for _, c := range []*apptest.Client{ann, there} {
			if got := matchOf(t, c, m.ID); got.State != "over" || *got.Winner != 1 || got.Score != [2]int{int(end.Score[0]), 3} {
				t.Errorf("stored: %+v", got)
			}
		}
		r := apptest.Into[replay](t, there.Get(matchPath(m.ID, "replay/")).Want(t, 200))
		if final := r.record().Play(nil); final.Score != end.Score || final.Tick != r.Ticks {
			t.Errorf("played again it comes to %+v, in truth %+v", final, end)
		}
	})
}

// Who gives up at one node has ended the match at the other.
func TestGivingUpAtTheOtherNode(t *testing.T) {
	eachPair(t, func(t *testing.T, one, two *apptest.Server) {
		ann, bob := one.Person(), one.Person()
		m, left, right := begun(t, one, ann, bob)
		testkit.Until(t, "the match is live", func() bool { return matchOf(t, ann, m.ID).State == "live" })
		watcher := sitAt(t, two, "", m.ID)
		await(t, watcher, "the game", welcomed)
		got := apptest.Into[match](t, bearer(two, token(t, bob)).Post(matchPath(m.ID, "forfeit/"), nil).Want(t, 200))
		if got.State != "over" || *got.Winner != 0 {
			t.Errorf("answered %+v", got)
		}
		for _, p := range []*pongtest.Player{left, right, watcher} {
			await(t, p, "the end", func(_ welcomeOf, _ snapshotOf, e endedOf) bool { return e != nil && e.Winner == 0 && e.Reason == 1 })
		}
		testkit.Until(t, "what was played is kept", func() bool { return ann.Get(matchPath(m.ID, "replay/")).Status == 200 })
	})
}

// The node that plays a match is stopped in the middle of it: its players come back to
// the other, and go on where they were.
func TestAMatchOutlivesTheStopOfItsNode(t *testing.T) {
	eachPair(t, func(t *testing.T, one, two *apptest.Server) {
		ann, bob := two.Person(), two.Person()
		m := agreed(t, ann, bob, 3)
		tokens := []string{token(t, ann), token(t, bob)}
		left := sitAt(t, one, tokens[0], m.ID) // so that this node plays it
		awaitRole(t, left, pongtest.Left)
		right := sitAt(t, two, tokens[1], m.ID)
		await(t, right, "both are here", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Flags&3 == 3 })
		ready(t, left, right)
		awaitPhase(t, right, pongtest.Playing)
		go func() { _ = right.Play(t.Context(), 1, 0) }() // at the wall it misses; it ends with the line
		await(t, right, "a point", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Score != [2]uint8{} && s.Gone == 0 })

		one.Stop()
		wantClosed(t, left, 1001)
		wantClosed(t, right, 1001)
		was, _ := right.Last()
		left, right = sitAt(t, two, tokens[0], m.ID), sitAt(t, two, tokens[1], m.ID)
		for _, p := range []*pongtest.Player{left, right} {
			await(t, p, "the game goes on", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Phase == pongtest.Playing })
		}
		now, _ := left.Last()
		if now.Epoch != was.Epoch+1 || now.Score != was.Score || now.Tick < was.Tick || now.Hits != was.Hits {
			t.Errorf("it goes on with %+v, was %+v", now, was)
		}
		await(t, left, "another point", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Score != was.Score })
		if err := right.Resign(); err != nil {
			t.Fatal(err)
		}
		await(t, left, "the end", func(_ welcomeOf, _ snapshotOf, e endedOf) bool { return e != nil })
		end, got := *left.Ended(), matchOf(t, ann, m.ID)
		if got.State != "over" || *got.Winner != 0 || got.Score != [2]int{int(end.Score[0]), int(end.Score[1])} {
			t.Fatalf("stored: %+v, told %+v", got, end)
		}
		r := apptest.Into[replay](t, ann.Get(matchPath(m.ID, "replay/")).Want(t, 200))
		if final := r.record().Play(nil); final.Score != end.Score || final.Tick != r.Ticks {
			t.Errorf("played again it comes to %+v, in truth %+v", final, end)
		}
	})
}
