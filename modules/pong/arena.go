package pong

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// lanesPerCore spreads the matches of a node over its cores and over the time between
	// two ticks: each lane is a goroutine that owns its tables, with a phase of its own.
	// Few of them write in long bursts, in which a frame costs the kernel less: readers
	// are awake already.
	lanesPerCore = 4
	// tickLength is the time between two ticks, in ns.
	tickLength = int64(time.Second) / TicksPerSecond
	// makeUp is how late a lane may be and still make up for it; later, it leaves
	// ticks out. It is less than silence, and what clients say meanwhile is not more
	// than ahead.
	makeUp = 45 * tickLength
	// tablesLimit is how many matches a node plays.
	tablesLimit = 2000
	// atWork is how many calls of the use cases run at once.
	atWork = 16
)

// Games is what the arena asks of the use cases. *Service is it.
type Games interface {
	// Match returns a match as its row has it, or ErrMatchNotFound.
	Match(ctx context.Context, id int64) (Match, error)
	// Begin makes an open match live, and returns its row whatever became of it.
	Begin(ctx context.Context, id int64) (Match, error)
	// Finish stores what came of a match, once, and returns its row.
	Finish(ctx context.Context, id int64, r Result) (Match, error)
	SaveReplay(ctx context.Context, id int64, replay []byte) error
	// SaveCheckpoint keeps a match over a restart; TakeCheckpoint gives it back once,
	// or nil. HasCheckpoint says whether it would.
	SaveCheckpoint(ctx context.Context, id int64, c Checkpoint) error
	TakeCheckpoint(ctx context.Context, id int64) (*Checkpoint, error)
	HasCheckpoint(ctx context.Context, id int64) (bool, error)
}

// Journal notes what nobody can be told.
type Journal interface {
	Note(ctx context.Context, doing string, err error)
}

// ArenaDeps is what an Arena is built of.
type ArenaDeps struct {
	Node    string // the name of this node, unlike any other
	Owners  Owners
	Bridge  Bridge
	Journal Journal
	Clock   func() time.Time // that of the rows
	// Shared says that other nodes may go on with a match when this one fails.
	Shared bool
}

// Arena plays the matches of one node. It is safe for concurrent use.
type Arena struct {
	deps  ArenaDeps
	games Games // set by Start
	began time.Time
	lanes []lane
	late  Lateness
	next  atomic.Uint32 // which lane is next

	ctx     context.Context // of the lanes and the keeper
	cancel  context.CancelFunc
	running sync.WaitGroup
	work    context.Context // of what is done for tables
	halt    context.CancelFunc
	working sync.WaitGroup
	places  chan struct{} // one for each call at work

	finding [64]sync.Mutex // by match: held while it is found out who plays it

	mu      sync.Mutex
	tables  map[int64]*place
	relays  map[int64]*relay
	seen    map[int64]sight // what others play
	stopped bool
	conns   uint64 // lines that were ever bridged
}

// place is a table of this node with what its lane doesn't own.
type place struct {
	id      int64
	players [2]int64
	table   *table // its lane's, but for the inbox
	arena   *Arena
	over    atomic.Bool // its match is done: it doesn't count any more
	readyBy time.Time
	rev     uint64 // of its entry among the owners; the keeper's
	saved   [2]int // the score that the entry has; the keeper's
	casts   uint64 // frames that went to everybody; the lane's
	newest  atomic.Pointer[Checkpoint]
	wanted  atomic.Bool // a newer checkpoint

	mu    sync.Mutex
	hosts map[string]*host // other nodes with lines of it
}

// lane is a goroutine and its tables.
type lane struct {
	wake   chan struct{} // a table came
	mu     sync.Mutex
	coming []*place
	tables []*place // the goroutine's
	turns  uint32   // of it: every other one tells the states of all tables, in one burst
}

// NewArena returns an arena without matches.
func NewArena(deps ArenaDeps) *Arena {
	a := &Arena{
		deps: deps, lanes: make([]lane, lanesPerCore*runtime.GOMAXPROCS(0)), tables: map[int64]*place{}, relays: map[int64]*relay{}, seen: map[int64]sight{},
		places: make(chan struct{}, atWork),
	}
	for i := range a.lanes {
		a.lanes[i].wake = make(chan struct{}, 1)
	}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.work, a.halt = context.WithCancel(context.Background())
	return a
}

// Start lets matches be played.
func (a *Arena) Start(games Games) {
	a.games, a.began = games, time.Now()
	for i := range a.lanes {
		first := tickLength * int64(i) / int64(len(a.lanes))
		a.running.Go(func() { a.run(&a.lanes[i], first) })
	}
	a.running.Go(a.keep)
	a.running.Go(a.watch)
}

// clock is the time of the lanes, in ns.
func (a *Arena) clock() int64 { return int64(time.Since(a.began)) }

// run is a lane. The times of its ticks are reckoned from the start, so that nothing
// drifts. One without tables sleeps.
func (a *Arena) run(l *lane, due int64) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		if l.gather(); len(l.tables) == 0 {
			select {
			case <-a.ctx.Done():
				return
			case <-l.wake:
			}
			due = skip(due, a.clock(), 0)
			continue
		}
		timer.Reset(time.Duration(max(due-a.clock(), 0)))
		select {
		case <-a.ctx.Done():
			return
		case <-timer.C:
		}
		now := a.clock()
		a.late.note(now - due)
		a.turn(l, now, now-due >= tickLength)
		due = skip(due+tickLength, a.clock(), makeUp)
	}
}

// skip leaves out the ticks that are later than can be made up for.
func skip(due, now, most int64) int64 {
	if over := now - due; over > most {
		due += (over + tickLength - 1) / tickLength * tickLength
	}
	return due
}

// gather takes over the tables that came.
func (l *lane) gather() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.coming {
		p.table.odd = (p.table.state.Tick + l.turns) % 2
	}
	l.tables = append(l.tables, l.coming...)
	l.coming = l.coming[:0]
}

// turn moves all tables of a lane on. Behind says that their next tick is due, too.
func (a *Arena) turn(l *lane, now int64, behind bool) {
	l.turns++
	kept := l.tables[:0]
	for _, p := range l.tables {
		if p.tick(now, behind) {
			kept = append(kept, p)
		} else {
			a.clear(p)
		}
	}
	clear(l.tables[len(kept):])
	l.tables = kept
}

// tick moves a table on. One that panics is void, and takes nobody with it.
func (p *place) tick(now int64, behind bool) (more bool) {
	defer func() {
		if r := recover(); r != nil {
			p.broke(r)
			more = false
		}
	}()
	more = p.table.tick(now, behind)
	if p.wanted.CompareAndSwap(true, false) || p.newest.Load().Score != p.table.score() {
		c := p.table.checkpoint(p.arena.deps.Node)
		p.newest.Store(&c)
	}
	return more
}

// broke ends a table whose rules failed.
func (p *place) broke(cause any) {
	p.arena.aside("play a match", func(ctx context.Context) error {
		_, err := p.arena.games.Finish(ctx, p.id, Result{State: Void, Reason: ByStuck})
		return errors.Join(fmt.Errorf("match %d panicked: %v", p.id, cause), err)
	})
	p.table.close(CloseGoingAway, "the match failed")
}

// aside does what takes time, and notes its error.
func (a *Arena) aside(doing string, fn func(ctx context.Context) error) {
	a.working.Go(func() {
		select {
		case a.places <- struct{}{}:
			defer func() { <-a.places }()
		case <-a.work.Done():
			return
		}
		if err := fn(a.work); err != nil {
			a.deps.Journal.Note(a.work, doing, err)
		}
	})
}

// add begins to play a match here.
func (a *Arena) add(m Match, rev uint64, from *Checkpoint) (*place, error) {
	p := &place{id: m.ID, players: m.Players, arena: a, rev: rev, hosts: map[string]*host{}}
	if m.ReadyBy != nil {
		p.readyBy = *m.ReadyBy
	}
	if from != nil { // its players were sent away
		p.readyBy = later(p.readyBy, a.deps.Clock().Add(seatHeld*time.Second/TicksPerSecond))
	}
	t, err := newTable(m, p, from)
	if err != nil {
		return nil, err
	}
	p.table = t
	c := t.checkpoint(a.deps.Node)
	p.newest.Store(&c)
	l := &a.lanes[int(a.next.Add(1))%len(a.lanes)]
	a.mu.Lock()
	if a.stopped || len(a.tables) >= tablesLimit && a.going() >= tablesLimit {
		a.mu.Unlock()
		return nil, ErrArenaFull
	}
	a.tables[m.ID] = p
	l.mu.Lock()
	l.coming = append(l.coming, p)
	l.mu.Unlock()
	a.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default: // it is awake, or will be
	}
	if from != nil && from.Begun && m.State == Open { // its node failed before its row said so
		p.begin(t)
	}
	return p, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// going counts the tables whose matches are not done, with the mutex held.
func (a *Arena) going() (n int) {
	for _, p := range a.tables {
		if !p.over.Load() {
			n++
		}
	}
	return n
}

// clear forgets a table. Lines that came too late look again.
func (a *Arena) clear(p *place) {
	a.mu.Lock()
	if a.tables[p.id] == p {
		delete(a.tables, p.id)
	}
	a.mu.Unlock()
	for _, m := range p.table.inbox.close() {
		if m.kind == came {
			m.line.Close(CloseGoingAway, "the match is cleared away")
		}
	}
	a.aside("give a match up", func(ctx context.Context) error { return a.deps.Owners.Drop(ctx, p.id, a.deps.Node) })
}

// The following are what a table asks to be done: see doer.

func (p *place) begin(*table) {
	p.persist("begin a match", func(ctx context.Context) (Match, error) { return p.arena.games.Begin(ctx, p.id) }, func(m Match) {
		if m.State.Done() {
			p.table.inbox.put(message{kind: known, m: m})
		}
	})
}

func (p *place) finish(t *table) {
	p.over.Store(true)
	result := *t.result
	p.persist("store what came of a match", func(ctx context.Context) (Match, error) { return p.arena.games.Finish(ctx, p.id, result) }, func(m Match) {
		p.table.inbox.put(message{kind: known, m: m})
	})
}

// persist asks the database until it answers. The table stays for as long; a place among
// the calls at work is taken for each attempt alone.
func (p *place) persist(doing string, ask func(ctx context.Context) (Match, error), answered func(Match)) {
	a := p.arena
	a.working.Go(func() {
		for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
			m, err := p.attempt(ask)
			if err == nil {
				answered(m)
				return
			}
			a.deps.Journal.Note(a.work, doing, err)
			if errors.Is(err, ErrMatchNotFound) { // it never will
				p.table.inbox.put(message{kind: abandoned})
				return
			}
			select {
			case <-a.work.Done():
				return
			case <-time.After(pause):
			}
		}
	})
}

func (p *place) attempt(ask func(ctx context.Context) (Match, error)) (Match, error) {
	a := p.arena
	select {
	case a.places <- struct{}{}:
		defer func() { <-a.places }()
	case <-a.work.Done():
		return Match{}, a.work.Err()
	}
	return ask(a.work)
}

func (p *place) record(_ *table, replay []byte) {
	p.arena.aside("keep what was played", func(ctx context.Context) error { return p.arena.games.SaveReplay(ctx, p.id, replay) })
}

func (p *place) beforeDeadline(*table) time.Duration { return p.readyBy.Sub(p.arena.deps.Clock()) }

// Ended tells the table of a match that it is done, where it is played here.
func (a *Arena) Ended(ctx context.Context, matchID int64) {
	a.mu.Lock()
	p := a.tables[matchID]
	a.mu.Unlock()
	if p == nil {
		return
	}
	m, err := a.games.Match(ctx, matchID)
	if err != nil {
		a.deps.Journal.Note(ctx, "look how a match ended", err)
		return
	}
	if m.State.Done() {
		p.table.inbox.put(message{kind: known, m: m})
	}
}

// Score implements Tables.
func (a *Arena) Score(matchID int64) (score [2]int, watchers int, known bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.tables[matchID]; p != nil {
		c := p.newest.Load()
		return c.Score, c.Watchers, true
	}
	if s, there := a.seen[matchID]; there {
		return s.Score, s.Watchers, true
	}
	return score, 0, false
}

// Owned reports whether some node plays a match, as far as this one knows.
func (a *Arena) Owned(matchID int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, there := a.seen[matchID]
	return there || a.tables[matchID] != nil
}

// Count returns how many matches are played here, and how many lines of others'
// matches are bridged.
func (a *Arena) Count() (tables, bridged int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range a.relays {
		bridged += len(r.lines)
	}
	return len(a.tables), bridged
}

// Late returns how late ticks were so far.
func (a *Arena) Late() *Lateness { return &a.late }

// Stop keeps every match for whoever goes on with it, and closes all lines. Nobody
// sits down afterwards. It is for before the sockets are closed: a player who is
// sent away loses no time.
func (a *Arena) Stop(ctx context.Context) {
	a.mu.Lock()
	if a.stopped {
		a.mu.Unlock()
		return
	}
	a.stopped = true
	a.mu.Unlock()
	a.cancel()
	a.running.Wait() // from here on the tables are this goroutine's
	var group errgroup.Group
	group.SetLimit(atWork)
	for i := range a.lanes {
		a.lanes[i].gather()
		for _, p := range a.lanes[i].tables {
			group.Go(func() error {
				a.putBy(ctx, p)
				return nil
			})
		}
	}
	_ = group.Wait() // putBy notes what fails
	a.mu.Lock()
	for _, r := range a.relays {
		r.close(CloseGoingAway, "the server is going away")
	}
	a.mu.Unlock()
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		a.working.Wait()
	}()
	select {
	case <-finished:
	case <-ctx.Done():
	}
	a.halt()
	<-finished
}

// putBy keeps a match that is not done.
func (a *Arena) putBy(ctx context.Context, p *place) {
	t := p.table
	if t.phase != done {
		if err := a.games.SaveCheckpoint(ctx, p.id, t.checkpoint("")); err != nil {
			a.deps.Journal.Note(ctx, "keep a match over the stop", err)
		}
	}
	if err := a.deps.Owners.Drop(ctx, p.id, a.deps.Node); err != nil {
		a.deps.Journal.Note(ctx, "give a match up", err)
	}
	t.close(CloseGoingAway, "the server is going away")
	for _, m := range t.inbox.close() {
		if m.kind == came {
			m.line.Close(CloseGoingAway, "the server is going away")
		}
	}
}
