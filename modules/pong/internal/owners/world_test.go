package owners_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"

	"rally/internal/pongtest"
	"rally/modules/pong"
	"rally/modules/pong/internal/owners"
	"rally/platform/bus"
	"rally/platform/testkit"
	"rally/platform/testkit/natscluster"
)

// book is the use cases of all nodes, in memory.
type book struct {
	mu       sync.Mutex
	matches  map[int64]pong.Match
	kept     map[int64]pong.Checkpoint
	finished map[int64][]pong.Result // that counted
}

func newBook(list ...pong.Match) *book {
	b := &book{matches: map[int64]pong.Match{}, kept: map[int64]pong.Checkpoint{}, finished: map[int64][]pong.Result{}}
	for _, m := range list {
		b.matches[m.ID] = m
	}
	return b
}

const ann, bob = 7, 8 // users

func open(id int64) pong.Match {
	readyBy := time.Now().Add(time.Hour)
	return pong.Match{ID: id, Mode: pong.Quick, State: pong.Open, Points: 3, Players: [2]int64{ann, bob}, Seed: 4, ReadyBy: &readyBy}
}

// Match implements pong.Games.
func (b *book) Match(_ context.Context, id int64) (pong.Match, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m, there := b.matches[id]
	if !there {
		return m, pong.ErrMatchNotFound
	}
	return m, nil
}

// Begin implements pong.Games.
func (b *book) Begin(_ context.Context, id int64) (pong.Match, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.matches[id]
	if m.State == pong.Open {
		m.State = pong.Live
		b.matches[id] = m
	}
	return m, nil
}

// Finish implements pong.Games.
func (b *book) Finish(_ context.Context, id int64, r pong.Result) (pong.Match, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.matches[id]
	if !m.State.Done() {
		m.State, m.Reason, m.Score = r.State, r.Reason, r.Score
		if r.State == pong.Over {
			m.Winner = &r.Winner
		}
		b.matches[id] = m
		b.finished[id] = append(b.finished[id], r)
	}
	return m, nil
}

// SaveReplay implements pong.Games.
func (b *book) SaveReplay(context.Context, int64, []byte) error { return nil }

// SaveCheckpoint implements pong.Games.
func (b *book) SaveCheckpoint(_ context.Context, id int64, c pong.Checkpoint) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept[id] = c
	return nil
}

// HasCheckpoint implements pong.Games.
func (b *book) HasCheckpoint(_ context.Context, id int64) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, there := b.kept[id]
	return there, nil
}

// TakeCheckpoint implements pong.Games.
func (b *book) TakeCheckpoint(_ context.Context, id int64) (*pong.Checkpoint, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, there := b.kept[id]
	if !there {
		return nil, nil
	}
	delete(b.kept, id)
	return &c, nil
}

func (b *book) results(id int64) []pong.Result {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]pong.Result(nil), b.finished[id]...)
}

func (b *book) state(id int64) pong.MatchState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.matches[id].State
}

// node is an arena at a bus. What it says to others can be cut off.
type node struct {
	*pong.Arena
	*owners.Table

	t   *testing.T
	cut atomic.Bool // nothing leaves it
	dry atomic.Bool // it writes no checkpoints
}

var errCut = errors.New("cut off")

// Claim implements pong.Owners.
func (n *node) Claim(ctx context.Context, id int64, c pong.Checkpoint) (uint64, bool, error) {
	if n.cut.Load() {
		return 0, false, errCut
	}
	return n.Table.Claim(ctx, id, c)
}

// Write implements pong.Owners.
func (n *node) Write(ctx context.Context, id int64, c pong.Checkpoint, rev uint64) (uint64, bool, error) {
	if n.cut.Load() || n.dry.Load() {
		return 0, false, errCut
	}
	return n.Table.Write(ctx, id, c, rev)
}

// Drop implements pong.Owners.
func (n *node) Drop(ctx context.Context, id int64, who string) error {
	if n.cut.Load() {
		return errCut
	}
	return n.Table.Drop(ctx, id, who)
}

// Send implements pong.Bridge.
func (n *node) Send(to string, r pong.Relayed) {
	if !n.cut.Load() {
		n.Table.Send(to, r)
	}
}

// Note implements pong.Journal.
func (n *node) Note(_ context.Context, doing string, err error) {
	if !errors.Is(err, errCut) {
		n.t.Errorf("failed to %s: %v", doing, err)
	}
}

// table opens the owners' table of a node with a bus of its own.
func table(t *testing.T, url string) *owners.Table {
	t.Helper()
	cfg := testkit.Defaults[bus.Config](t)
	cfg.URL = url
	b, err := bus.Open(t.Context(), cfg, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	list, err := owners.Open(t.Context(), b, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// cluster runs so many nodes at one server.
func cluster(t *testing.T, games pong.Games, size int) []*node {
	t.Helper()
	nats, _ := natscluster.Single(t, server.RANDOM_PORT, true)
	list := make([]*node, size)
	for i := range list {
		n := &node{t: t, Table: table(t, nats.ClientURL())}
		name := fmt.Sprint("node", i)
		n.Arena = pong.NewArena(pong.ArenaDeps{Node: name, Owners: n, Bridge: n, Journal: n, Clock: time.Now, Shared: true})
		n.Start(games)
		stop, err := n.Follow(t.Context(), name, n.Arena)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			n.Stop(context.Background())
			stop()
		})
		list[i] = n
	}
	return list
}

// line is a connection that keeps the last it was sent.
type line struct {
	chair *pong.Chair

	mu    sync.Mutex
	last  pongtest.Snapshot
	epoch map[uint16]bool
	ended []byte
	code  int
}

// Send implements pong.Line.
func (l *line) Send(frame []byte, _ bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, err := pongtest.ReadSnapshot(frame[2:]); err == nil {
		l.last = s
		l.epoch[s.Epoch] = true
	} else if frame[2] == 3 {
		l.ended = append([]byte(nil), frame[2:]...)
	}
}

// Close implements pong.Line.
func (l *line) Close(code int, _ string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.code == 0 {
		l.code = code
	}
}

func (l *line) seen() (last pongtest.Snapshot, ended []byte, code int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last, l.ended, l.code
}

// runs returns how many runs of its match a line has seen.
func (l *line) runs() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.epoch)
}

func (l *line) snapshot() pongtest.Snapshot { s, _, _ := l.seen(); return s }

func sit(t *testing.T, n *node, match, user int64) *line {
	t.Helper()
	l := &line{epoch: map[uint16]bool{}}
	var err error
	if l.chair, err = n.Sit(t.Context(), match, pong.Seating{UserID: user, Line: l}); err != nil {
		t.Fatal(err)
	}
	return l
}

// begin lets two lines begin, and waits for the first serve.
func begin(t *testing.T, lines ...*line) {
	t.Helper()
	testkit.Until(t, "both are there", func() bool { return lines[0].snapshot().Flags&3 == 3 && lines[1].snapshot().Flags&3 == 3 })
	for _, l := range lines {
		l.chair.Hear([]byte{2, 0})
	}
	testkit.Until(t, "the ball flies", func() bool { return lines[0].snapshot().VX != 0 && lines[1].snapshot().VX != 0 })
}
