package pong_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"rally/modules/friends"
	"rally/modules/pong"
	"rally/platform/auth"
	"rally/platform/page"
)

// league is 60 people of few ratings, the half of them provisional, some of whom
// left; and returns who stands on the board, in its order.
func league(c *club, season int) []int64 {
	type entry struct {
		st pong.Standing
		id int64
	}
	var there []entry
	for id := int64(1); id <= 60; id++ {
		st := c.ranked(season, id, 1400+50*float64(id%4)+float64(id%2)/3)
		st.Provisional = id%3 == 0
		st.Absent = id%7 == 0
		c.save(st)
		if !st.Absent {
			there = append(there, entry{st, id})
		}
	}
	slices.SortFunc(there, func(a, b entry) int {
		switch {
		case a.st.Provisional != b.st.Provisional:
			if a.st.Provisional {
				return 1
			}
			return -1
		case a.st.Rating.Rating != b.st.Rating.Rating:
			if a.st.Rating.Rating > b.st.Rating.Rating {
				return -1
			}
			return 1
		}
		return int(a.id - b.id)
	})
	order := make([]int64, len(there))
	for i, e := range there {
		order[i] = e.id
	}
	return order
}

func TestTheLeaderboardIsPagedInItsOrder(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		for _, season := range []int{pong.AllTime, 20264} {
			want := league(c, season)
			for _, size := range []int{1, 7, 52, 100} {
				var ids []int64
				var ranks []int
				var back []int64
				last := ""
				for cursor, more := "", true; more; more = cursor != "" {
					b := c.board(want[4], season, cursor, size)
					if b.Season != season || b.Me == nil || b.Me.Rank != 5 || b.Me.UserID != want[4] || b.Me.Who.UserID != want[4] {
						t.Fatalf("%+v", b.Me)
					}
					for _, r := range b.Page.Rows {
						ids, ranks = append(ids, r.UserID), append(ranks, r.Rank)
						if r.Who.UserID != r.UserID {
							t.Fatalf("%+v", r)
						}
					}
					last, cursor = b.Page.Previous, b.Page.Next
				}
				if !slices.Equal(ids, want) {
					t.Fatalf("season %d, pages of %d: %v, want %v", season, size, ids, want)
				}
				for i, rank := range ranks {
					if rank != i+1 {
						t.Fatalf("pages of %d: ranks %v", size, ranks)
					}
				}
				for cursor := last; cursor != ""; {
					b := c.board(0, season, cursor, size)
					for i, r := range slices.Backward(b.Page.Rows) {
						back = append(back, r.UserID)
						if want[r.Rank-1] != r.UserID {
							t.Fatalf("on the way back %d at %d has rank %d", r.UserID, i, r.Rank)
						}
					}
					cursor = b.Page.Previous
				}
				slices.Reverse(back)
				if !slices.Equal(back, want[:len(back)]) || len(want)-len(back) > size {
					t.Fatalf("pages of %d, back: %v", size, back)
				}
			}
		}
	})
}

// Who rises or falls between two pages takes nobody else along.
func TestTheLeaderboardBearsThatRanksMove(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		want := league(c, 20264)
		b := c.board(0, 20264, "", 10)
		first := b.Page.Rows[9].UserID
		c.save(c.ranked(20264, first, 1900), c.ranked(20264, want[30], 1901), c.ranked(20264, want[0], 1300))
		seen := map[int64]int{}
		for _, r := range b.Page.Rows {
			seen[r.UserID]++
		}
		for cursor := b.Page.Next; cursor != ""; cursor = b.Page.Next {
			b = c.board(0, 20264, cursor, 10)
			for _, r := range b.Page.Rows {
				seen[r.UserID]++
			}
		}
		for _, id := range want {
			switch n := seen[id]; id {
			case want[0]: // fell: met twice
				if n != 2 {
					t.Errorf("%d, who fell, was seen %d times", id, n)
				}
			case want[30]: // rose past the reader
				if n != 0 {
					t.Errorf("%d, who rose, was seen %d times", id, n)
				}
			default:
				if n != 1 {
					t.Errorf("%d was seen %d times", id, n)
				}
			}
		}
	})
}

func TestRanksAreTheSameForEverybody(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		for id := int64(1); id <= 6; id++ {
			c.save(c.ranked(pong.AllTime, id, 1600-float64(id)), c.ranked(20264, id, 1600-float64(id)))
		}
		c.unseen[5] = friends.Unseen{Blocked: []int64{2}, Muted: []int64{3}}
		rows := func(ctx context.Context) (got []string) {
			r, err := pong.LeaderboardList(20264).Parse("", 0)
			if err != nil {
				t.Fatal(err)
			}
			b, err := c.Leaderboard(ctx, 20264, r)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range b.Page.Rows {
				got = append(got, fmt.Sprintf("%d:%d", r.Rank, r.UserID))
			}
			return got
		}
		all := []string{"1:1", "2:2", "3:3", "4:4", "5:5", "6:6"}
		if got := rows(t.Context()); !slices.Equal(got, all) {
			t.Errorf("a visitor sees %v", got)
		}
		if got := rows(as(t.Context(), 5)); !slices.Equal(got, slices.Concat(all[:1], all[2:])) {
			t.Errorf("who blocks somebody sees %v", got)
		}
		if got := rows(auth.With(t.Context(), auth.Identity{UserID: 5, SessionID: 1, Staff: true})); !slices.Equal(got, all) {
			t.Errorf("the staff sees %v", got)
		}
		if _, err := c.Player(as(t.Context(), 5), 2); !errors.Is(err, pong.ErrPlayerNotFound) {
			t.Errorf("who blocks somebody meets them: %v", err)
		}
		if p := c.player(5, 3); p.Rank != 3 || p.Season.Rank != 3 || p.Versus != nil {
			t.Errorf("%+v", p)
		}

		// Who left stands nowhere, and everybody behind them rises.
		if err := c.store.MarkAbsent(t.Context(), 1, true); err != nil {
			t.Fatal(err)
		}
		if p := c.player(0, 3); p.Rank != 2 || p.Season.Rank != 2 {
			t.Errorf("%+v", p)
		}
		if got := rows(t.Context()); !slices.Equal(got, []string{"1:2", "2:3", "3:4", "4:5", "5:6"}) {
			t.Errorf("without who left %v", got)
		}
		c.gone = []int64{2} // the directory knows before the leaderboard does
		if got := rows(t.Context()); !slices.Equal(got, []string{"2:3", "3:4", "4:5", "5:6"}) {
			t.Errorf("without who is leaving %v", got)
		}
	})
}

func TestSeasonsThatCanBeAskedFor(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		ask := func(season int) (pong.Board, error) {
			r, err := pong.LeaderboardList(season).Parse("", 0)
			if err != nil {
				t.Fatal(err)
			}
			return c.Leaderboard(t.Context(), season, r)
		}
		if c.Season() != 20264 {
			t.Error(c.Season())
		}
		b, err := ask(20264)
		if err != nil || len(b.Page.Rows) != 0 || len(b.Seasons) != 1 || b.Seasons[0].Number != 20264 || b.Me != nil {
			t.Errorf("before the first match: %+v, %v", b, err)
		}
		c.won(1, 2, 1)
		c.now = c.now.AddDate(0, 6, 0)
		b, err = ask(20271) // nobody played then
		if err != nil || len(b.Page.Rows) != 0 || len(b.Seasons) != 3 || b.Seasons[0].Number != 20272 || b.Seasons[2].Number != 20264 {
			t.Errorf("%+v, %v", b, err)
		}
		for _, season := range []int{-1, 1, 20263, 20270, 20265, 20273, 99994, math.MaxInt, math.MinInt} {
			if _, err := ask(season); !errors.Is(err, pong.ErrSeasonUnknown) {
				t.Errorf("season %d: %v", season, err)
			}
		}
		if b, err = ask(pong.AllTime); err != nil || len(b.Page.Rows) != 2 {
			t.Errorf("%+v, %v", b, err)
		}
	})
}

// Anybody can make up the place of a page.
func TestHostilePlacesOfTheLeaderboard(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		league(c, 20264)
		r, err := pong.LeaderboardList(20264).Parse("", 10)
		if err != nil {
			t.Fatal(err)
		}
		edges := []int64{math.MinInt64, -1, 0, 1, pong.ProvisionalPlace, math.MaxInt64}
		for _, place := range edges {
			for _, id := range edges {
				for _, backward := range []bool{false, true} {
					r.Key, r.Backward = []int64{place, id}, backward
					b, err := c.Leaderboard(t.Context(), 20264, r)
					if err != nil {
						t.Fatalf("%v: %v", r.Key, err)
					}
					for i, row := range b.Page.Rows {
						if row.Rank < 1 || row.Rank > 52 || i > 0 && row.Rank != b.Page.Rows[i-1].Rank+1 {
							t.Fatalf("%v: %+v", r.Key, row)
						}
					}
				}
			}
		}
		other := c.board(0, 20264, "", 10).Page.Next
		if _, err := pong.LeaderboardList(pong.AllTime).Parse(other, 10); !errors.Is(err, page.ErrBadCursor) {
			t.Errorf("a place of another season: %v", err)
		}
	})
}
