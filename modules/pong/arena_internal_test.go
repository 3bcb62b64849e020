package pong

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"sync"
	"testing"
	"time"

	"rally/platform/testkit"
)

// desk is the use cases, the owners, the bridge and the journal of an arena, in memory.
type desk struct {
	mu       sync.Mutex
	matches  map[int64]Match
	kept     map[int64]Checkpoint
	owners   map[int64]Checkpoint
	finished map[int64][]Result
	sent     []Relayed
	noted    []error
	fail     int // so many calls of Finish do
}

var errAway = errors.New("the database is away")

func newDesk(list ...Match) *desk {
	d := &desk{matches: map[int64]Match{}, kept: map[int64]Checkpoint{}, owners: map[int64]Checkpoint{}, finished: map[int64][]Result{}}
	for _, m := range list {
		d.matches[m.ID] = m
	}
	return d
}

func (d *desk) arena() *Arena {
	return NewArena(ArenaDeps{Node: "here", Owners: d, Bridge: d, Journal: d, Clock: time.Now})
}

// start runs an arena until the test ends.
func (d *desk) start(t *testing.T) *Arena {
	t.Helper()
	a := d.arena()
	a.Start(d)
	t.Cleanup(func() { a.Stop(context.Background()) })
	return a
}

// Match implements Games.
func (d *desk) Match(_ context.Context, id int64) (Match, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m, there := d.matches[id]
	if !there {
		return m, ErrMatchNotFound
	}
	return m, nil
}

// Begin implements Games.
func (d *desk) Begin(_ context.Context, id int64) (Match, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.matches[id]
	if m.State == Open {
		m.State = Live
	}
	d.matches[id] = m
	return m, nil
}

// Finish implements Games.
func (d *desk) Finish(_ context.Context, id int64, r Result) (Match, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail > 0 {
		d.fail--
		return Match{}, errAway
	}
	m := d.matches[id]
	if !m.State.Done() {
		m.State, m.Reason, m.Score = r.State, r.Reason, r.Score
		if r.State == Over {
			m.Winner = &r.Winner
		}
		d.matches[id] = m
		d.finished[id] = append(d.finished[id], r)
	}
	return m, nil
}

// SaveReplay implements Games.
func (d *desk) SaveReplay(context.Context, int64, []byte) error { return nil }

// SaveCheckpoint implements Games.
func (d *desk) SaveCheckpoint(_ context.Context, id int64, c Checkpoint) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept[id] = c
	return nil
}

// TakeCheckpoint implements Games.
func (d *desk) TakeCheckpoint(_ context.Context, id int64) (*Checkpoint, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, there := d.kept[id]
	if !there {
		return nil, nil
	}
	delete(d.kept, id)
	return &c, nil
}

// HasCheckpoint implements Games.
func (d *desk) HasCheckpoint(_ context.Context, id int64) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, there := d.kept[id]
	return there, nil
}

// Claim implements Owners.
func (d *desk) Claim(_ context.Context, id int64, c Checkpoint) (uint64, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, taken := d.owners[id]; taken {
		return 0, false, nil
	}
	d.owners[id] = c
	return 1, true, nil
}

// Owner implements Owners.
func (d *desk) Owner(_ context.Context, id int64) (Checkpoint, uint64, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, there := d.owners[id]
	return c, 1, there, nil
}

// Write implements Owners.
func (d *desk) Write(_ context.Context, id int64, c Checkpoint, rev uint64) (uint64, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.owners[id] = c
	return rev, true, nil
}

// Drop implements Owners.
func (d *desk) Drop(_ context.Context, id int64, node string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.owners[id].Node == node {
		delete(d.owners, id)
	}
	return nil
}

// Send implements Bridge.
func (d *desk) Send(_ string, r Relayed) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent = append(d.sent, r)
}

// Note implements Journal.
func (d *desk) Note(_ context.Context, _ string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noted = append(d.noted, err)
}

// results returns how a match came out, each time that counted.
func (d *desk) results(id int64) []Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]Result(nil), d.finished[id]...)
}

// wire is a line that is safe for concurrent use.
type wire struct {
	mu     sync.Mutex
	frames int
	ended  bool
	code   int
	broken bool // it panics
}

// Send implements Line.
func (w *wire) Send(frame []byte, _ bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken {
		panic("a line that breaks")
	}
	w.frames++
	w.ended = w.ended || frame[wsHeader] == frameEnded
}

// Close implements Line.
func (w *wire) Close(code int, _ string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.code == 0 {
		w.code = code
	}
}

func (w *wire) seen() (frames, code int, ended bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.frames, w.code, w.ended
}

func take(t *testing.T, a *Arena, match, user int64) (*Chair, *wire) {
	t.Helper()
	w := &wire{}
	c, err := a.Sit(t.Context(), match, Seating{UserID: user, Line: w})
	if err != nil {
		t.Fatal(err)
	}
	return c, w
}

func numbered(id int64, state MatchState) Match {
	m := matchOf(Quick)
	readyBy := time.Now().Add(time.Hour)
	m.ID, m.State, m.ReadyBy = id, state, &readyBy
	return m
}

// Sixty frames a second of a player reach the table, and none of who watches. Who goes
// on all the same is closed.
func TestSixtyFramesASecondMakeSense(t *testing.T) {
	const second = int64(time.Second)
	for _, watches := range []bool{false, true} {
		a := newDesk(numbered(1, Open)).arena()
		p, err := a.add(numbered(1, Open), 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		line := &wire{}
		c := &Chair{arena: a, match: 1, line: line, user: ann, plays: !watches, place: p}
		most := mostFrames
		if watches {
			most = 0
		}
		for range 2*most + mostOffences - 1 {
			if !c.hear(nil, second) {
				t.Fatalf("watches %t: closed too soon", watches)
			}
			if list, _ := p.table.inbox.empty(); len(list) > 0 {
				most--
			}
			if c.said == mostFrames+mostOffences/2 || watches && c.noise == mostOffences/2 {
				break // enough of this second
			}
		}
		if most != 0 {
			t.Errorf("watches %t: %d frames more were to reach the table", watches, most)
		}
		for c.noise < mostOffences-1 {
			if !c.hear(nil, second) {
				t.Fatalf("watches %t: closed after %d", watches, c.noise)
			}
		}
		if !watches && (!c.hear(nil, 2*second) || c.noise != mostOffences-1) {
			t.Error("another second counts anew")
		}
		for range mostFrames {
			c.hear(nil, 2*second)
		}
		if _, code, _ := line.seen(); code != CloseNonsense {
			t.Errorf("watches %t: closed with %d", watches, code)
		}
	}
}

// A table that panics is void, and takes no other with it, though they share a lane.
func TestATableThatPanicsIsVoid(t *testing.T) {
	var list []Match
	lanes := lanesPerCore * runtime.GOMAXPROCS(0)
	for id := range int64(lanes + 1) {
		list = append(list, numbered(id+1, Open))
	}
	d := newDesk(list...)
	a := d.start(t)
	lines := map[int64]*wire{}
	for _, m := range list {
		_, lines[m.ID] = take(t, a, m.ID, ann)
	}
	lines[1].mu.Lock()
	lines[1].broken = true
	lines[1].mu.Unlock()
	testkit.Until(t, "the match is void", func() bool { return len(d.results(1)) == 1 })
	if r := d.results(1)[0]; r.State != Void || r.Reason != ByStuck {
		t.Errorf("it came out %+v", r)
	}
	testkit.Until(t, "its line is closed and its table gone", func() bool {
		_, code, _ := lines[1].seen()
		tables, _ := a.Count()
		return code == CloseGoingAway && tables == lanes
	})
	for id, w := range lines {
		if id == 1 {
			continue
		}
		before, _, _ := w.seen()
		testkit.Until(t, "the others play on", func() bool { now, code, _ := w.seen(); return now > before+2 && code == 0 })
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.noted) != 1 || len(d.finished) != 1 {
		t.Errorf("noted %v, finished %v", d.noted, d.finished)
	}
}

// A result is tried to be stored until the database is back. The end is told then, and
// not before.
func TestAResultWaitsForTheDatabase(t *testing.T) {
	d := newDesk(numbered(1, Open))
	d.fail = 3
	a := d.start(t)
	left, w := take(t, a, 1, ann)
	take(t, a, 1, bob)
	left.Hear([]byte{frameResign, 0})
	testkit.Until(t, "the end is told", func() bool { _, _, ended := w.seen(); return ended })
	if r := d.results(1); len(r) != 1 || r[0].Reason != ByAbandon || d.fail != 0 {
		t.Errorf("%+v, %d failures are left", r, d.fail)
	}
}

// A node that can't take a match leaves what was kept of it to another.
func TestAFullArenaKeepsWhatWasKept(t *testing.T) {
	d := newDesk(numbered(1, Live))
	d.kept[1] = Checkpoint{Begun: true, Record: NewRecorder(11, 4).Record().Encode()}
	a := d.arena() // nothing runs
	a.games = d
	for id := range int64(tablesLimit) {
		a.tables[100+id] = &place{}
	}
	if _, err := a.Sit(t.Context(), 1, Seating{UserID: ann, Line: &wire{}}); !errors.Is(err, ErrArenaFull) {
		t.Fatalf("seated: %v", err)
	}
	if len(d.kept) != 1 || len(d.owners) != 0 || len(d.results(1)) != 0 {
		t.Errorf("kept %v, owned %v, finished %v", d.kept, d.owners, d.finished)
	}
	maps.DeleteFunc(a.tables, func(int64, *place) bool { return true })
	c, err := a.Sit(t.Context(), 1, Seating{UserID: ann, Line: &wire{}})
	if err != nil || c.place.table.epoch != 1 || c.place.table.phase != paused {
		t.Fatalf("%+v, %v", c, err)
	}
}

func TestAStopKeepsWhatIsPlayed(t *testing.T) {
	d := newDesk(numbered(1, Open), numbered(2, Open), numbered(3, Over))
	a := d.start(t)
	left, w := take(t, a, 1, ann)
	right, _ := take(t, a, 1, bob)
	left.Hear([]byte{frameReady, 0})
	right.Hear([]byte{frameReady, 0})
	testkit.Until(t, "it has begun", func() bool { m, _ := d.Match(t.Context(), 1); return m.State == Live })
	quitter, other := take(t, a, 2, ann)
	quitter.Hear([]byte{frameResign, 0})
	testkit.Until(t, "the other is over", func() bool { return len(d.results(2)) == 1 })
	if _, err := a.Sit(t.Context(), 3, Seating{Line: &wire{}}); !errors.Is(err, ErrMatchOver) {
		t.Errorf("a match that is over: %v", err)
	}
	if _, err := a.Sit(t.Context(), 4, Seating{Line: &wire{}}); !errors.Is(err, ErrMatchNotFound) {
		t.Errorf("no match: %v", err)
	}
	a.Stop(context.Background())
	a.Stop(context.Background()) // again does nothing
	for _, line := range []*wire{w, other} {
		if _, code, _ := line.seen(); code != CloseGoingAway {
			t.Errorf("closed with %d", code)
		}
	}
	if c := d.kept[1]; len(d.kept) != 1 || !c.Begun || c.Ready != [2]bool{true, true} || len(d.owners) != 0 {
		t.Errorf("kept %+v, owned %v", d.kept, d.owners)
	}
	if _, err := a.Sit(t.Context(), 1, Seating{Line: &wire{}}); !errors.Is(err, ErrArenaFull) {
		t.Errorf("seated after the stop: %v", err)
	}
	right.Hear([]byte{frameReady, 0})
	right.Leave()
}

// A live match that nobody kept has lost its server, and is void; one that was kept
// goes on.
func TestOrphansAreAdopted(t *testing.T) {
	d := newDesk(numbered(1, Live), numbered(2, Live), numbered(3, Over))
	d.kept[2] = Checkpoint{Begun: true, Epoch: 6, Record: NewRecorder(11, 4).Record().Encode()}
	a := d.start(t)
	for id := range int64(3) {
		if err := a.Adopt(t.Context(), id+1); err != nil {
			t.Error(err)
		}
		if err := a.Adopt(t.Context(), id+1); err != nil {
			t.Error(err)
		}
	}
	if r := d.results(1); len(r) != 1 || r[0].State != Void || r[0].Reason != ByServer {
		t.Errorf("the first came out %+v", r)
	}
	if tables, _ := a.Count(); tables != 1 || !a.Owned(2) || a.Owned(1) || len(d.results(2)) != 0 {
		t.Errorf("%d tables, %+v", tables, d.results(2))
	}
	if a.tables[2].table.epoch != 7 {
		t.Errorf("epoch %d", a.tables[2].table.epoch)
	}
}

// Who asks for the score of a match that is played here has it after each point, also
// when the match ends that moment by a request.
func TestTheScoreIsKnownAtOnce(t *testing.T) {
	d := newDesk(numbered(1, Open))
	a := d.arena() // nothing runs: the test is its clock
	a.games, a.began = d, time.Now()
	left, _ := take(t, a, 1, ann)
	right, _ := take(t, a, 1, bob)
	left.Hear([]byte{frameReady, 0})
	right.Hear([]byte{frameReady, 0})
	p := left.place
	for now := int64(0); p.table.phase != done; now += tickLength {
		p.tick(now, false)
		score, watchers, known := a.Score(1)
		if !known || score != p.table.score() || watchers != 0 {
			t.Fatalf("tick %d: %v, in truth %v", p.table.state.Tick, score, p.table.state.Score)
		}
	}
	if p.table.state.Tick < 500 {
		t.Errorf("over after %d ticks", p.table.state.Tick)
	}
	a.working.Wait()
}
