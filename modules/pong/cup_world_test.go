package pong_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/modules/pong"
	"rally/modules/pong/internal/store"
	"rally/platform/audit"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/fault"
	"rally/platform/testkit"
)

const cupStaff = 99

var errSoldOut = fault.New(fault.Conflict, "test.sold_out", "Sold out.")

// cupWorld is the game as far as tournaments go, on a database, and what the world
// hears of it.
type cupWorld struct {
	*pong.Service

	db     *db.DB
	store  *store.Store
	clock  *testkit.Clock
	called testkit.Recorder[pong.Called]
	won    testkit.Recorder[pong.CupWon]
	told   testkit.Recorder[string] // signals
	vault  vault
	gone   []int64 // left Rally
	deps   pong.Deps
	mu     sync.Mutex
	scores map[int64][2]int // scores of live matches
}

func newCupWorld(t *testing.T, d *db.DB) *cupWorld {
	t.Helper()
	w := &cupWorld{db: d, store: store.New(d), clock: testkit.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)), scores: map[int64][2]int{}}
	w.vault = vault{kept: map[int64]bool{}}
	events, err := event.NewDispatcher(
		event.On("test.called", func(ctx context.Context, e pong.Called) error { w.called.Add(ctx, e); return nil }),
		event.On("test.won", func(ctx context.Context, e pong.CupWon) error { w.won.Add(ctx, e); return nil }),
		event.On("test.deactivated", func(ctx context.Context, e accounts.UserDeactivated) error { return w.LeaveAllCups(ctx, e.UserID) }),
	)
	if err != nil {
		t.Fatal(err)
	}
	w.deps = pong.Deps{
		Tx: d, Store: w.store, Events: events, Signals: w, People: w, Presence: w, Prizes: &w.vault, Audit: audit.New(d, w.clock.Now), Tables: w,
		Clock: w.clock.Now, Seed: func() uint32 { return 7 },
	}
	w.Service = pong.NewService(w.deps)
	return w
}

func eachCupWorld(t *testing.T, fn func(t *testing.T, w *cupWorld)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newCupWorld(t, d)) })
}

// ProfilesOf implements pong.Directory.
func (w *cupWorld) ProfilesOf(ctx context.Context, ids []int64) (map[int64]accounts.Profile, error) {
	found := map[int64]accounts.Profile{}
	for _, id := range ids {
		if !slices.Contains(w.gone, id) {
			found[id] = accounts.Profile{UserID: id, ProfileName: fmt.Sprint("player", id)}
		}
	}
	_, err := db.Get[int](ctx, w.db, "SELECT 1")
	return found, err
}

// Playing implements pong.Presence.
func (w *cupWorld) Playing(context.Context, int64, int64) {}

// Told implements pong.Signals.
func (w *cupWorld) Told(ctx context.Context, n pong.Notice, ids ...int64) {
	w.told.Add(ctx, fmt.Sprint(n.Event, " ", ids))
}

// LobbyChanged implements pong.Signals.
func (w *cupWorld) LobbyChanged(ctx context.Context) { w.told.Add(ctx, "lobby") }

// CupChanged implements pong.Signals.
func (w *cupWorld) CupChanged(ctx context.Context, id int64) { w.told.Add(ctx, fmt.Sprint("cup ", id)) }

// Ended implements pong.Signals.
func (w *cupWorld) Ended(context.Context, int64) {}

// Score implements pong.Tables.
func (w *cupWorld) Score(id int64) (score [2]int, watchers int, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	score, known = w.scores[id]
	return score, 0, known
}

// Owned implements pong.Tables.
func (w *cupWorld) Owned(int64) bool { return true }

// vault keeps prizes: products below 10 are there.
type vault struct {
	mu      sync.Mutex
	unit    int64
	kept    map[int64]bool
	awarded map[int64]int64
	broken  error
}

// Escrow implements pong.Prizes.
func (v *vault) Escrow(_ context.Context, productID int64) (pong.Prize, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if productID >= 10 {
		return pong.Prize{}, errSoldOut
	}
	v.unit++
	v.kept[v.unit] = true
	return pong.Prize{Unit: v.unit, ProductID: productID, InfoID: 1, EngName: "Solbit Court 84", KorName: "솔빛 코트 84", Size: "270"}, nil
}

// Release implements pong.Prizes.
func (v *vault) Release(_ context.Context, p pong.Prize) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.broken == nil {
		delete(v.kept, p.Unit)
	}
	return v.broken
}

// Award implements pong.Prizes.
func (v *vault) Award(_ context.Context, p pong.Prize, userID int64) (int64, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.broken != nil || !v.kept[p.Unit] {
		return 0, fmt.Errorf("unit %d: %w", p.Unit, v.broken)
	}
	delete(v.kept, p.Unit)
	v.awarded = map[int64]int64{p.Unit: userID}
	return 1000 + p.Unit, nil
}

func member(t *testing.T, userID int64) context.Context {
	t.Helper()
	return auth.With(t.Context(), auth.Identity{UserID: userID, SessionID: 1, Staff: userID == cupStaff})
}

// cup makes a tournament by user 1, and lets some people join. Person n of them has
// the n-th best rating.
func (w *cupWorld) cup(t *testing.T, size int, users ...int64) pong.CupShown {
	t.Helper()
	c, err := w.CreateCup(member(t, 1), pong.NewCup{Name: " Friday night cup ", Size: size, Points: 3})
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range users {
		st := pong.NewStanding(pong.AllTime, id)
		st.Rating.Rating, st.Wins, st.LastAt = 2000-float64(i), 1, w.clock.Now()
		if err := w.store.SaveStandings(t.Context(), st); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range users {
		w.clock.Advance(time.Second)
		if c, err = w.JoinCup(member(t, id), c.ID); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func users(n int) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = int64(11 + i)
	}
	return list
}

// started is a tournament of n people that runs.
func (w *cupWorld) started(t *testing.T, n int) pong.CupShown {
	t.Helper()
	c := w.cup(t, 32, users(n)...)
	if n < 32 {
		var err error
		if c, err = w.StartCup(member(t, 1), c.ID); err != nil {
			t.Fatal(err)
		}
	}
	return w.see(t, c.ID)
}

func (w *cupWorld) see(t *testing.T, id int64) pong.CupShown {
	t.Helper()
	c, err := w.Cup(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// matchOf returns the current match of a pairing.
func (w *cupWorld) matchOf(t *testing.T, id int64, round, slot int) pong.Match {
	t.Helper()
	c := w.see(t, id)
	m, err := w.store.Match(t.Context(), c.Bracket.Rounds[round-1][slot].MatchID)
	if err != nil {
		t.Fatalf("round %d, slot %d: %v; %+v", round, slot, err, c.Bracket)
	}
	return m
}

// end ends a match; somebody wins.
func (w *cupWorld) end(t *testing.T, m pong.Match, winner int64, reason pong.Reason) {
	t.Helper()
	if m.State == pong.Open && reason != pong.ByNoShow {
		if _, err := w.Begin(t.Context(), m.ID); err != nil {
			t.Fatal(err)
		}
	}
	side, plays := m.SideOf(winner)
	if !plays {
		t.Fatalf("%d does not play %+v", winner, m)
	}
	r := pong.Result{State: pong.Over, Reason: reason, Winner: side}
	r.Score[side] = m.Points
	w.finish(t, m.ID, r)
}

func (w *cupWorld) finish(t *testing.T, matchID int64, r pong.Result) {
	t.Helper()
	if _, err := w.Finish(t.Context(), matchID, r); err != nil {
		t.Fatal(err)
	}
}

// sweep lets some time pass, and does what every node does each second.
func (w *cupWorld) sweep(t *testing.T, after time.Duration) {
	t.Helper()
	w.clock.Advance(after)
	if err := w.SweepCups(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (w *cupWorld) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	n, err := db.Get[int](t.Context(), w.db, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *cupWorld) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(t.Context(), w.db, query, args...); err != nil {
		t.Fatal(err)
	}
}
