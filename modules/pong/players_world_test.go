package pong_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/pong"
	"rally/modules/pong/internal/store"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/testkit"
)

// club is people who play, without matches being played: the game as far as
// ratings go.
type club struct {
	*pong.Service

	t      *testing.T
	d      *db.DB
	store  *store.Store
	now    time.Time
	gone   []int64
	unseen map[int64]friends.Unseen
	played int64
}

func eachClub(t *testing.T, fn func(t *testing.T, c *club)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newClub(t, d)) })
}

func newClub(t *testing.T, d *db.DB) *club {
	t.Helper()
	c := &club{t: t, d: d, store: store.New(d), now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), unseen: map[int64]friends.Unseen{}}
	c.Service = pong.NewService(pong.Deps{Tx: d, Store: c.store, People: c, Blocks: c, Clock: func() time.Time { return c.now }})
	return c
}

// ProfilesOf implements pong.Directory: everybody is there who has not gone, and
// for each question a row is read.
func (c *club) ProfilesOf(ctx context.Context, ids []int64) (map[int64]accounts.Profile, error) {
	found := make(map[int64]accounts.Profile, len(ids))
	for _, id := range ids {
		if id > 0 && !slices.Contains(c.gone, id) {
			found[id] = accounts.Profile{UserID: id, ProfileName: fmt.Sprint("player", id)}
		}
	}
	_, err := db.Get[int](ctx, c.d, "SELECT 1")
	return found, err
}

// UnseenBy implements pong.Blocks.
func (c *club) UnseenBy(_ context.Context, userID int64) (friends.Unseen, error) {
	return c.unseen[userID], nil
}

// match returns a match that was won, and is not counted yet.
func (c *club) match(winner, loser int64) pong.Match {
	c.played++
	left, at := pong.Left, c.now
	return pong.Match{
		ID: c.played, Mode: pong.Quick, State: pong.Over, Reason: pong.ByScore, Points: 5, Players: [2]int64{winner, loser}, Rated: true,
		Score: [2]int{5, 2}, Winner: &left, EndedAt: &at,
	}
}

// end counts a match as the end of one does.
func (c *club) end(ctx context.Context, m *pong.Match) error {
	return c.d.InTx(ctx, func(ctx context.Context) error {
		if err := c.store.HoldPlayers(ctx, m.Players[:]...); err != nil {
			return err
		}
		return c.Rate(ctx, m)
	})
}

// won plays matches that somebody wins.
func (c *club) won(winner, loser int64, times int) (last pong.Match) {
	c.t.Helper()
	for range times {
		last = c.match(winner, loser)
		if err := c.end(c.t.Context(), &last); err != nil {
			c.t.Fatal(err)
		}
	}
	return last
}

// save writes a standing as it is.
func (c *club) save(list ...pong.Standing) {
	c.t.Helper()
	for _, st := range list {
		if err := c.store.SaveStandings(c.t.Context(), st); err != nil {
			c.t.Fatal(err)
		}
	}
}

// ranked is a standing in a season by its rating, of somebody who is known.
func (c *club) ranked(season int, userID int64, rating float64) pong.Standing {
	return pong.Standing{Season: season, UserID: userID, Rating: pong.Rating{Rating: rating, Deviation: 60, Volatility: 0.06}, Wins: 1, Streak: 1, BestStreak: 1, Form: "W", LastAt: c.now}
}

func as(ctx context.Context, userID int64) context.Context {
	return auth.With(ctx, auth.Identity{UserID: userID, SessionID: 1})
}

func (c *club) player(by, userID int64) pong.Player {
	c.t.Helper()
	p, err := c.Player(as(c.t.Context(), by), userID)
	if err != nil {
		c.t.Fatalf("player %d: %v", userID, err)
	}
	return p
}

func (c *club) board(by int64, season int, cursor string, size int) pong.Board {
	c.t.Helper()
	r, err := pong.LeaderboardList(season).Parse(cursor, size)
	if err != nil {
		c.t.Fatal(err)
	}
	b, err := c.Leaderboard(as(c.t.Context(), by), season, r)
	if err != nil {
		c.t.Fatal(err)
	}
	return b
}
