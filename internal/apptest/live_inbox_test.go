package apptest_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
	"rally/platform/testkit"
)

// inform writes down n things that a person is to be told.
func inform(t *testing.T, s *apptest.Server, user int64, from, n int) {
	t.Helper()
	for i := range n {
		entry := fmt.Sprintf(`{"note":{"user_id":%d,"kind":"security","target":{"type":"security","event":"login","device":"%d"}}}`, user, from+i)
		if _, err := db.Exec(t.Context(), s.DB, "INSERT INTO inbox_outbox (entry, created_at) VALUES ($1, $2)", entry, s.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNothingOfTheInboxIsLostInABreak(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		mine := token(t, me)
		type state struct {
			Unread, Last int64
			Reset        bool
			Notification *struct {
				ID     int64
				Seq    int64
				Target struct{ Device string }
			}
		}
		read := func(l *line) (f state) {
			t.Helper()
			if err := json.Unmarshal(l.expect("inbox"), &f); err != nil {
				t.Fatal(err)
			}
			return f
		}
		greeted := func(l *line) (f state) {
			t.Helper()
			_, greeting := l.here()
			if err := json.Unmarshal([]byte(greeting), &f); err != nil {
				t.Fatal(err)
			}
			return f
		}
		written := func(last int64) {
			t.Helper()
			testkit.Until(t, "everything is written down", func() bool {
				n, err := db.Get[int64](t.Context(), s.DB, "SELECT seq FROM inbox_state WHERE user_id = $1", me.UserID)
				return err == nil && n == last
			})
		}
		testkit.Until(t, "nothing waits to be told", func() bool {
			n, err := db.Get[int64](t.Context(), s.DB, "SELECT count(*) FROM inbox_outbox")
			return err == nil && n == 0
		})
		one, _ := knock(t, s, mine)
		begin := greeted(one).Last
		inform(t, s, me.UserID, 1, 2)
		written(begin + 2)
		for i := range int64(2) {
			if f := read(one); f.Last != begin+i+1 || f.Notification == nil || f.Notification.Target.Device != fmt.Sprint(i+1) {
				t.Fatalf("told %+v", f)
			}
		}
		_ = one.conn.Close()
		inform(t, s, me.UserID, 3, 100)
		written(begin + 102)
		two, _ := knock(t, s, mine)
		if f := greeted(two); f.Last != begin+102 {
			t.Fatalf("greeted with %+v", f)
		}
		two.send(fmt.Sprintf(`{"resume":{"inbox":%d}}`, begin+2))
		// What was told just now may come live, and then again among what was
		// missed: a client goes by the sequence.
		seen := map[int64]bool{}
		for len(seen) < 101 {
			f := read(two)
			if f.Notification == nil {
				continue // the state after what was missed
			}
			if f.Last != f.Notification.Seq || f.Notification.Target.Device != fmt.Sprint(f.Last-begin) || f.Last <= begin+2 {
				t.Fatalf("came %+v", f)
			}
			if seen[f.Last] = true; len(seen) == 1 {
				inform(t, s, me.UserID, 103, 1) // while the rest is on its way
			}
		}
		_ = two.conn.Close()

		// More than a hundred: read the list again.
		three, _ := knock(t, s, mine)
		greeted(three)
		three.send(fmt.Sprintf(`{"resume":{"inbox":%d}}`, begin+2))
		if f := read(three); !f.Reset || f.Last != begin+103 || f.Notification != nil {
			t.Errorf("after 101: %+v", f)
		}
		three.lives()
	})
}
