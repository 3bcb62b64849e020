package apptest_test

import (
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
)

// Both ask at the same moment: one request accepts the other, and nobody waits
// in a circle.
func TestFiftyPairsAskEachOtherAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		const pairs = 50
		people := s.People(2 * pairs)
		made, accepted := make([]atomic.Int64, pairs), make([]atomic.Int64, pairs)
		var work []func()
		for i := range pairs {
			for _, way := range [][2]int{{2 * i, 2*i + 1}, {2*i + 1, 2 * i}} {
				work = append(work, func() {
					r := wishes(people[way[0]], people[way[1]].UserID)
					if !wantOneOf(t, r, 200, 201) {
						return
					}
					if status := apptest.Into[wish](t, r).Status; r.Status == 201 && status == "pending" {
						made[i].Add(1)
					} else if r.Status == 200 && status == "accepted" {
						accepted[i].Add(1)
					} else {
						t.Errorf("%d %s", r.Status, r.Body)
					}
				})
			}
		}
		together(work...)
		for i := range pairs {
			if made[i].Load() != 1 || accepted[i].Load() != 1 {
				t.Errorf("pair %d: %d requests, %d accepted", i, made[i].Load(), accepted[i].Load())
			}
		}
		if n := count(t, s, "SELECT count(*) FROM friends"); n != 2*pairs {
			t.Errorf("%d sides of friendships", n)
		}
		if n := count(t, s, "SELECT count(*) FROM friend_requests WHERE state = 'accepted'"); n != pairs || count(t, s, "SELECT count(*) FROM friend_requests") != pairs {
			t.Errorf("%d requests accepted", n)
		}
		wantTies(t, s)
	})
}

// Whatever two do about one request at the same moment, one of the orders in
// which they could have done it explains it.
func TestTwoActOnOneRequest(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		const rounds = 25
		a, bs := s.Person(), s.People(rounds)
		state := func(id int64) string { return tableCell(t, s, "SELECT state FROM friend_requests WHERE id = $1", id) }
		are := func(b *apptest.Client) bool {
			return count(t, s, "SELECT count(*) FROM friends WHERE user_id = $1 AND friend_id = $2", a.UserID, b.UserID) == 1
		}
		for i, b := range bs {
			if i%5 == 0 {
				s.Clock.Advance(time.Hour)
			}
			id := asked(t, a, b)
			var mine, theirs apptest.Reply
			accept := func() { theirs = b.Post(askPath(id, "accept/"), nil) }
			switch i % 5 {
			case 0: // taken back, or accepted
				together(accept, func() { mine = a.Delete(askPath(id, "")) })
				won := theirs.Status == 200
				if mine.Status != 204 || !won && theirs.Status != 404 || are(b) != won || state(id) != map[bool]string{true: "accepted", false: "cancelled"}[won] {
					t.Errorf("cancel %d, accept %d: friends %v, %s", mine.Status, theirs.Status, are(b), state(id))
				}
			case 1: // declined, or accepted, by two tabs
				together(accept, func() { mine = b.Post(askPath(id, "decline/"), nil) })
				if (mine.Status == 200) == (theirs.Status == 200) || are(b) != (theirs.Status == 200) {
					t.Errorf("decline %d, accept %d: friends %v", mine.Status, theirs.Status, are(b))
				}
			case 2: // accepted twice
				together(accept, accept2(b, id, &mine))
				if mine.Status != 200 || theirs.Status != 200 || !are(b) {
					t.Errorf("accept %d, accept %d", mine.Status, theirs.Status)
				}
			case 3: // blocked, or accepted and blocked
				together(accept, func() { mine = blocks(a, b.UserID) })
				if mine.Status != 201 || theirs.Status != 200 && theirs.Status != 404 || are(b) {
					t.Errorf("block %d, accept %d: friends %v", mine.Status, theirs.Status, are(b))
				}
			case 4: // each blocks the other, and asks
				together(accept, func() { mine = blocks(a, b.UserID) }, func() { wantOneOf(t, blocks(b, a.UserID), 201) }, func() { wantOneOf(t, wishes(a, b.UserID), 200, 201, 404) })
				if are(b) {
					t.Error("friends who block each other")
				}
			}
		}
		wantTies(t, s)
	})
}

func accept2(c *apptest.Client, id int64, r *apptest.Reply) func() {
	return func() { *r = c.Post(askPath(id, "accept/"), nil) }
}

// Limits hold when everything comes at once.
func TestLimitsOfFriendsHoldInARush(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		me, others := s.Person(), s.People(36)
		rush := func(what string, want int64, limited int, code string, do func(i int) apptest.Reply, n int) {
			t.Helper()
			var done atomic.Int64
			work := make([]func(), n)
			for i := range work {
				work[i] = func() {
					r := do(i)
					if !wantOneOf(t, r, 200, 201, limited) {
						return
					}
					if r.Status == limited && r.Code() != code {
						t.Errorf("%s: %s", what, r.Body)
					}
					if r.Status != limited {
						done.Add(1)
					}
				}
			}
			together(work...)
			if done.Load() != want {
				t.Errorf("%s: %d went through, want %d", what, done.Load(), want)
			}
		}
		rush("an hour", 30, 429, "friends.asked_often", func(i int) apptest.Reply { return wishes(me, others[i].UserID) }, 36)
		rush("asked twice", 6, 429, "friends.asked_often", func(i int) apptest.Reply { return wishes(others[30], others[i%6].UserID) }, 6)

		execute(t, s, "DELETE FROM friend_requests")
		execute(t, s, numbersTo+"INSERT INTO friend_requests (from_id, to_id, state, created_at) SELECT $2, 500000 + i, 'pending', $3 FROM n", 95, me.UserID, s.Clock.Now().Add(-2*time.Hour))
		rush("open ones", 5, 409, "friends.too_many_asked", func(i int) apptest.Reply { return wishes(me, others[i].UserID) }, 12)

		execute(t, s, "DELETE FROM friend_requests")
		crowd(t, s, me, 996)
		open := make([]int64, 10)
		for i := range open {
			open[i] = asked(t, others[i], me)
		}
		rush("friends", 4, 409, "friends.too_many", func(i int) apptest.Reply {
			if i%2 == 0 {
				return wishes(me, others[i].UserID) // crosses
			}
			return me.Post(askPath(open[i], "accept/"), nil)
		}, 10)
		if n := count(t, s, "SELECT count(*) FROM friends WHERE user_id = $1", me.UserID); n != 1000 {
			t.Errorf("%d friends", n)
		}

		execute(t, s, numbersTo+"INSERT INTO friend_blocks (user_id, blocked_id, created_at) SELECT $2, 700000 + i, $3 FROM n", 995, me.UserID, s.Clock.Now())
		rush("blocks", 5, 409, "friends.too_many_blocks", func(i int) apptest.Reply { return blocks(me, others[12+i].UserID) }, 12)
		if n := count(t, s, "SELECT count(*) FROM friend_blocks WHERE user_id = $1", me.UserID); n != 1000 {
			t.Errorf("%d blocks", n)
		}
		wantTies(t, s)
	})
}
