package pong_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"rally/modules/friends"
	"rally/modules/pong"
	"rally/platform/db"
)

func TestAMatchIsCounted(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		m := c.won(1, 2, 1)
		if m.Season != 20264 || *m.Before[0] != 1500 || *m.Before[1] != 1500 || *m.After[0] <= 1500 || *m.After[1] != 3000-*m.After[0] {
			t.Fatalf("%+v: %v, %v", m, *m.After[0], *m.After[1])
		}
		first := *m.After[0]
		c.won(2, 1, 1)
		c.won(1, 2, 2)
		last := c.now
		p := c.player(2, 1)
		if p.Wins != 3 || p.Losses != 1 || p.Streak != 2 || p.BestStreak != 2 || p.Form != "WLWW" || !p.LastAt.Equal(last) || p.Rank != 1 || !p.Provisional {
			t.Errorf("%+v", p)
		}
		if s := p.Season; s == nil || s.Season != 20264 || s.Wins != 3 || s.Rank != 1 || s.Rating != p.Rating {
			t.Errorf("%+v", s)
		}
		if v := p.Versus; v == nil || v.Wins != 3 || v.Losses != 1 || !v.LastAt.Equal(last) || v.LastMatch != 4 {
			t.Errorf("%+v", v)
		}
		other := c.player(1, 2)
		if other.Wins != 1 || other.Losses != 3 || other.Streak != -2 || other.BestStreak != 1 || other.Form != "LWLL" || other.Rank != 2 || other.Versus.Losses != 3 {
			t.Errorf("%+v", other)
		}

		// Another season: the rating goes on, and the old one stays as it was.
		c.now = time.Date(2027, 1, 5, 0, 0, 0, 0, time.UTC)
		before := c.player(0, 1)
		if before.Season != nil || before.Deviation <= p.Deviation || before.Versus != nil {
			t.Errorf("%+v", before)
		}
		m = c.won(1, 3, 1)
		if m.Season != 20271 || *m.Before[0] != p.Rating.Rating || *m.After[0] <= *m.Before[0] || *m.After[0] <= first {
			t.Errorf("%+v: %v → %v", m, *m.Before[0], *m.After[0])
		}
		p = c.player(2, 1)
		if p.Wins != 4 || p.Streak != 3 || p.Season.Wins != 1 || p.Season.Losses != 0 || p.Season.Form != "W" || p.Season.Streak != 1 || p.Rating.Rating != *m.After[0] {
			t.Errorf("%+v, %+v", p, p.Season)
		}
		old := c.board(0, 20264, "", 0).Page.Rows
		if len(old) != 2 || old[0].UserID != 1 || old[0].Wins != 3 || old[0].Form != "WLWW" || old[0].Rating.Rating != *m.Before[0] {
			t.Errorf("%+v", old)
		}
	})
}

func TestWhatIsNotCounted(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		for what, change := range map[string]func(m *pong.Match){
			"not rated":   func(m *pong.Match) { m.Rated = false },
			"void":        func(m *pong.Match) { m.State, m.Winner = pong.Void, nil },
			"a walkover":  func(m *pong.Match) { m.Reason = pong.ByNoShow },
			"still going": func(m *pong.Match) { m.State, m.Winner = pong.Live, nil },
			"a robot":     func(m *pong.Match) { m.Players[1] = 0 },
		} {
			m := c.match(1, 2)
			change(&m)
			ctx, statements := db.WithCounter(t.Context())
			if err := c.Rate(ctx, &m); err != nil || statements.Load() != 0 || m.Season != 0 || m.Before[0] != nil || m.After[1] != nil {
				t.Errorf("%s: %v, %d statements, %+v", what, err, statements.Load(), m)
			}
		}
		m := c.match(1, 2)
		m.Reason = pong.ByForfeit
		ctx, statements := db.WithCounter(t.Context())
		if err := c.Rate(ctx, &m); err != nil || statements.Load() != 3 || m.After[0] == nil {
			t.Errorf("a forfeit: %v, %d statements", err, statements.Load())
		}
	})
}

// Matches of the same people that end in the same moment are counted one after the
// other: none is lost, and each begins with the rating that the one before it left.
func TestMatchesThatEndTogether(t *testing.T) {
	const people, matches = 4, 60
	eachClub(t, func(t *testing.T, c *club) {
		list := make([]pong.Match, matches)
		for i := range list {
			a := rand.Int64N(people) + 1
			list[i] = c.match(a, a%people+1+rand.Int64N(people-1))
			if list[i].Players[1] > people {
				list[i].Players[1] -= people
			}
			if list[i].Players[0] == list[i].Players[1] {
				t.Fatalf("%+v", list[i])
			}
		}
		var wg sync.WaitGroup
		for i := range list {
			wg.Go(func() {
				if err := c.end(context.WithoutCancel(t.Context()), &list[i]); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for id := int64(1); id <= people; id++ {
			wins, losses := 0, 0
			before, after := []float64{1500}, []float64{}
			for _, m := range list {
				for side, who := range m.Players {
					if who == id {
						before, after = append(before, *m.Before[side]), append(after, *m.After[side])
						if side == 0 {
							wins++
						} else {
							losses++
						}
					}
				}
			}
			p := c.player(0, id)
			if p.Wins != wins || p.Losses != losses || len(p.Form) != min(wins+losses, 10) {
				t.Errorf("%d has %d : %d, %q, and played %d : %d", id, p.Wins, p.Losses, p.Form, wins, losses)
			}
			// What a match began with, another left, up to the last one.
			after = append(after, 1500)
			before = append(before[1:], p.Rating.Rating)
			slices.Sort(before)
			slices.Sort(after)
			if !slices.Equal(before, after) {
				t.Errorf("%d: a rating was lost:\n%v\n%v", id, before, after)
			}
			met := 0
			r, err := pong.RivalList(id).Parse("", 0)
			if err != nil {
				t.Fatal(err)
			}
			rivals, err := c.Rivals(t.Context(), id, r)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range rivals.Rows {
				met += v.Wins + v.Losses
			}
			if met != wins+losses {
				t.Errorf("%d met others %d times, and played %d matches", id, met, wins+losses)
			}
		}
	})
}

func TestPlayersWithoutAMatch(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		p := c.player(2, 1)
		if p.Who.UserID != 1 || p.Rating != pong.NewRating() || p.Played() || !p.Provisional || p.Rank != 0 || p.Season != nil || p.Versus != nil {
			t.Errorf("%+v", p)
		}
		c.gone = []int64{3}
		for _, id := range []int64{0, -1, 3, math.MinInt64} {
			if _, err := c.Player(t.Context(), id); !errors.Is(err, pong.ErrPlayerNotFound) {
				t.Errorf("%d: %v", id, err)
			}
			r, err := pong.RivalList(id).Parse("", 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Rivals(t.Context(), id, r); !errors.Is(err, pong.ErrPlayerNotFound) {
				t.Errorf("rivals of %d: %v", id, err)
			}
		}
		c.won(4, 5, 12)
		c.now = c.now.AddDate(2, 0, 0)
		all, err := c.StandingsOf(t.Context(), 4, 6)
		if err != nil || len(all) != 2 || all[6] != pong.NewStanding(pong.AllTime, 6) || all[4].Wins != 12 || all[4].Deviation < 130 {
			t.Errorf("%+v, %v", all, err)
		}
		if none, err := c.StandingsOf(t.Context()); err != nil || len(none) != 0 {
			t.Errorf("%+v, %v", none, err)
		}
	})
}

func TestRivalsAreListedLastFirst(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		for id := int64(2); id <= 30; id++ {
			c.won(1, id, 1)
		}
		c.won(2, 1, 3)
		if err := c.store.MarkAbsent(t.Context(), 30, true); err != nil {
			t.Fatal(err)
		}
		c.unseen[9] = friends.Unseen{Blocked: []int64{29}}
		walk := func(by int64, size int) (ids []int64) {
			for cursor, more := "", true; more; {
				r, err := pong.RivalList(1).Parse(cursor, size)
				if err != nil {
					t.Fatal(err)
				}
				list, err := c.Rivals(as(t.Context(), by), 1, r)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range list.Rows {
					ids = append(ids, v.OtherID)
					if v.Who.UserID != v.OtherID || v.UserID != 1 || v.Wins != 1 || (v.Losses == 3) != (v.OtherID == 2) {
						t.Errorf("%+v", v)
					}
				}
				cursor, more = list.Next, list.Next != ""
			}
			return ids
		}
		want := []int64{2}
		for id := int64(29); id > 2; id-- {
			want = append(want, id)
		}
		for _, size := range []int{1, 5, 28, 100} {
			if got := walk(0, size); !slices.Equal(got, want) {
				t.Errorf("pages of %d: %v, want %v", size, got, want)
			}
		}
		if got := walk(9, 10); !slices.Equal(got, append([]int64{2}, want[2:]...)) {
			t.Errorf("who blocks 29 sees %v", got)
		}
	})
}

// Somebody who has not played for a year or so stands behind those who have, and
// comes back with some matches more.
func TestRatingsFade(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		c.save(c.ranked(pong.AllTime, 1, 1700), c.ranked(20264, 1, 1700), c.ranked(pong.AllTime, 2, 1500), c.ranked(20264, 2, 1500))
		c.now = c.now.AddDate(0, 10, 0)
		c.save(c.ranked(pong.AllTime, 3, 1500))
		c.won(2, 3, 4)
		c.won(3, 2, 4)
		rows := func(season int) (ids []int64) {
			if err := c.FadeRatings(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, r := range c.board(0, season, "", 0).Page.Rows {
				if !r.Provisional && r.UserID < 3 {
					ids = append(ids, r.UserID)
				}
			}
			return ids
		}
		if got := rows(pong.AllTime); !slices.Equal(got, []int64{1, 2}) {
			t.Errorf("after ten months %v", got)
		}
		c.now = c.now.AddDate(0, 3, 0)
		if got := rows(pong.AllTime); !slices.Equal(got, []int64{2}) {
			t.Errorf("after thirteen months %v", got)
		}
		if p := c.player(0, 1); !p.Provisional || p.Deviation <= 110 || p.Rating.Rating != 1700 || p.Rank != 3 {
			t.Errorf("%+v", p)
		}
		if got := rows(20264); !slices.Equal(got, []int64{1, 2}) {
			t.Errorf("the season of then is %v", got)
		}
		c.won(1, 2, 5)
		if got := rows(pong.AllTime); !slices.Equal(got, []int64{1, 2}) {
			t.Errorf("after five matches %v", got)
		}
	})
}

// A hundred lines take as many statements as five.
func TestListsOfPlayersTakeAFixedNumberOfStatements(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		for id := int64(2); id <= 250; id++ {
			c.save(c.ranked(20264, id, 1300+float64(id)))
			if err := c.store.CountRivals(t.Context(), 1, id, id, c.now); err != nil {
				t.Fatal(err)
			}
		}
		c.save(c.ranked(20264, 1, 1400))
		lists := map[string]func(ctx context.Context, cursor string, size int) (rows int, next string, err error){
			"leaderboard": func(ctx context.Context, cursor string, size int) (int, string, error) {
				r, err := pong.LeaderboardList(20264).Parse(cursor, size)
				if err != nil {
					return 0, "", err
				}
				b, err := c.Leaderboard(ctx, 20264, r)
				return len(b.Page.Rows), b.Page.Next, err
			},
			"rivals": func(ctx context.Context, cursor string, size int) (int, string, error) {
				r, err := pong.RivalList(1).Parse(cursor, size)
				if err != nil {
					return 0, "", err
				}
				list, err := c.Rivals(ctx, 1, r)
				return len(list.Rows), list.Next, err
			},
		}
		for name, read := range lists {
			for _, second := range []bool{false, true} {
				var took []int64
				for _, size := range []int{5, 100} {
					cursor := ""
					if second {
						var err error
						if _, cursor, err = read(t.Context(), "", size); err != nil {
							t.Fatal(err)
						}
					}
					ctx, statements := db.WithCounter(as(t.Context(), 1))
					if n, _, err := read(ctx, cursor, size); err != nil || n != size {
						t.Fatalf("%s: %d rows, %v", name, n, err)
					}
					took = append(took, statements.Load())
				}
				// The seasons, the page, the rank of its first row, my own line and its rank,
				// the people.
				if took[0] != took[1] || took[0] > 6 {
					t.Errorf("%s: %d statements for five, %d for a hundred", name, took[0], took[1])
				}
			}
		}
	})
}
