package apptest_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/internal/pongtest"
	"rally/platform/testkit"
)

const pongPath = "/api/pong/"

type matchPlayer struct {
	UserID      *int64   `json:"user_id"`
	ProfileName *string  `json:"profile_name"`
	Robot       bool     `json:"robot"`
	Rating      *float64 `json:"rating"`
	Provisional *bool    `json:"provisional"`
	Before      *float64 `json:"before"`
	After       *float64 `json:"after"`
}

type match struct {
	ID         int64
	Mode       string
	State      string
	Reason     string
	Points     int
	Rated      bool
	Difficulty *string
	Season     int
	Players    [2]matchPlayer
	Score      [2]int
	Winner     *int
	RematchOf  *int64     `json:"rematch_of"`
	RespondBy  *time.Time `json:"respond_by"`
	ReadyBy    *time.Time `json:"ready_by"`
	Watchers   int
	Mine       *int
	HasReplay  bool `json:"has_replay"`
}

type queue struct {
	Waiting bool
	Points  *int
	Window  *int
	People  int
	Match   *match
}

type lobby struct {
	Queue   queue
	Invites struct{ Incoming, Outgoing []match }
	Playing *match
	Calls   []match
	Live    []match
	Waiting int
}

func matchPath(id int64, more string) string {
	return fmt.Sprintf("%smatches/%d/%s", pongPath, id, more)
}

func matchOf(t *testing.T, c *apptest.Client, id int64) match {
	t.Helper()
	return apptest.Into[match](t, c.Get(matchPath(id, "")).Want(t, 200))
}

func inviteTo(t *testing.T, c *apptest.Client, to int64, points int) match {
	t.Helper()
	return apptest.Into[match](t, c.Post(pongPath+"matches/", M{"mode": "invite", "opponent": to, "points": points}).Want(t, 201))
}

// agreed makes a match that two people have agreed on.
func agreed(t *testing.T, a, b *apptest.Client, points int) match {
	t.Helper()
	m := inviteTo(t, a, b.UserID, points)
	return apptest.Into[match](t, b.Post(matchPath(m.ID, "accept/"), nil).Want(t, 200))
}

// sit connects somebody to a match; nil is a stranger.
func sit(t *testing.T, s *apptest.Server, c *apptest.Client, id int64) *pongtest.Player {
	t.Helper()
	header := http.Header{}
	if c != nil {
		for _, cookie := range c.Cookies() {
			header.Add("Cookie", cookie.String())
		}
	}
	p, err := pongtest.Dial(t.Context(), s.URL, id, header)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// await waits for what a player sees.
func await(t *testing.T, p *pongtest.Player, what string, ok func(w *pongtest.Welcome, s pongtest.Snapshot, e *pongtest.Ended) bool) {
	t.Helper()
	pongtest.Await(t, testkit.Patience, p, what, ok)
}

func awaitRole(t *testing.T, p *pongtest.Player, role uint8) {
	t.Helper()
	await(t, p, fmt.Sprintf("role %d", role), func(w *pongtest.Welcome, _ pongtest.Snapshot, _ *pongtest.Ended) bool {
		return w != nil && w.Role == role
	})
}

func awaitPhase(t *testing.T, p *pongtest.Player, phase uint8) {
	t.Helper()
	await(t, p, fmt.Sprintf("phase %d", phase), func(_ *pongtest.Welcome, s pongtest.Snapshot, e *pongtest.Ended) bool {
		return s.Tick > 0 && s.Phase == phase || e != nil && phase == pongtest.Done
	})
}

// wantClosed waits until a connection is closed with a code.
func wantClosed(t *testing.T, p *pongtest.Player, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testkit.Patience)
	defer cancel()
	if got, err := p.Closed(ctx); got != code {
		t.Fatalf("closed with %d, %v; want %d", got, err, code)
	}
}

func ready(t *testing.T, players ...*pongtest.Player) {
	t.Helper()
	for _, p := range players {
		if err := p.Ready(); err != nil {
			t.Fatal(err)
		}
	}
}

// playOut lets two play to the end, each with a reach, and returns how it came out.
func playOut(t *testing.T, left, right *pongtest.Player, reach [2]float64) pongtest.Ended {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*testkit.Patience)
	defer cancel()
	var both sync.WaitGroup
	for side, p := range []*pongtest.Player{left, right} {
		both.Go(func() {
			if err := p.Play(ctx, side, reach[side]); err != nil {
				t.Errorf("side %d: %v", side, err)
			}
		})
	}
	both.Wait()
	e := left.Ended()
	if e == nil {
		t.Fatal("the match did not end")
	}
	return *e
}
