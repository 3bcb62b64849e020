package main

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/internal/pongtest"
	"rally/modules/pong"
	"rally/platform/testkit"
)

// game is a match whose players sit on both nodes. The first one plays it.
type game struct {
	c           *crew
	id          int64
	path        string
	left, right *person
	there       *pongtest.Player // of right, on the second node
	before      pongtest.Snapshot
}

func sitDown(t *testing.T, p *person, url string, id int64) *pongtest.Player {
	t.Helper()
	player, err := pongtest.Dial(t.Context(), url, id, http.Header{"Authorization": {"Bearer " + p.token}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(player.Close)
	return player
}

func await(t *testing.T, p *pongtest.Player, what string, ok func(w *pongtest.Welcome, s pongtest.Snapshot, e *pongtest.Ended) bool) {
	t.Helper()
	pongtest.Await(t, testkit.Patience, p, what, ok)
}

// play begins a match on the first node, with a player on the second.
func (c *crew) play(t *testing.T) *game {
	t.Helper()
	pair := c.nodes.people(t, "mia", "ned")
	g := &game{c: c, left: pair[0], right: pair[1]}
	var m struct{ ID int64 }
	c.call(t, g.left, http.MethodPost, c.direct(1), "/api/pong/matches/", apptest.M{"mode": "invite", "opponent": g.right.id, "points": 11}, &m)
	g.id, g.path = m.ID, fmt.Sprintf("/api/pong/matches/%d/", m.ID)
	c.call(t, g.right, http.MethodPost, c.direct(0), g.path+"accept/", apptest.M{}, nil)
	here := sitDown(t, g.left, c.direct(0), g.id)
	await(t, here, "the first node plays it", func(w *pongtest.Welcome, _ pongtest.Snapshot, _ *pongtest.Ended) bool { return w != nil })
	g.there = sitDown(t, g.right, c.direct(1), g.id)
	for _, p := range []*pongtest.Player{here, g.there} {
		if err := p.Ready(); err != nil {
			t.Fatal(err)
		}
	}
	await(t, g.there, "a point is played", func(_ *pongtest.Welcome, s pongtest.Snapshot, _ *pongtest.Ended) bool {
		g.before = s
		return s.Phase == pongtest.Playing && s.Score != [2]uint8{}
	})
	testkit.Until(t, "the point is in a checkpoint", func() bool {
		list, err := bucket[pong.Checkpoint](t.Context(), c.js, "rally-matches")
		score := list[strconv.FormatInt(g.id, 10)].Score
		return err == nil && score[0]+score[1] > 0
	})
	return g
}

// goesOn looks that the other node goes on with the match where it stood, for both
// players, once its own was killed.
func (g *game) goesOn(t *testing.T, killed time.Time) {
	t.Helper()
	await(t, g.there, "another node goes on", func(_ *pongtest.Welcome, s pongtest.Snapshot, _ *pongtest.Ended) bool {
		return s.Epoch > g.before.Epoch && s.Phase == pongtest.Paused
	})
	t.Logf("a match of the killed node was gone on with after %v at most", time.Since(killed).Round(time.Millisecond))
	back := sitDown(t, g.left, g.c.direct(1), g.id)
	await(t, back, "the ball flies again", func(_ *pongtest.Welcome, s pongtest.Snapshot, _ *pongtest.Ended) bool {
		return s.Phase == pongtest.Playing && s.Hold == 0
	})
	if now, _ := back.Last(); now.Score[0] < g.before.Score[0] || now.Score[1] < g.before.Score[1] {
		t.Errorf("it goes on at %v, and stood at %v", now.Score, g.before.Score)
	}
	if err := back.Resign(); err != nil {
		t.Fatal(err)
	}
	await(t, g.there, "it is over", func(_ *pongtest.Welcome, _ pongtest.Snapshot, e *pongtest.Ended) bool {
		return e != nil && e.Winner == 1
	})
	var m struct {
		State, Reason string
		Winner        *int
		Replay        bool `json:"has_replay"`
	}
	g.c.call(t, g.right, http.MethodGet, g.c.direct(1), g.path, nil, &m)
	if m.State != "over" || m.Reason != "forfeit" || *m.Winner != 1 || !m.Replay {
		t.Errorf("it came out %+v", m)
	}
}
