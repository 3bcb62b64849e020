package pong

import (
	"encoding/binary"
	"testing"
	"time"
)

// bench is a table without an arena: the test is its clock, its lines and its use
// cases.
type bench struct {
	*table

	t        *testing.T
	now      int64
	deadline time.Duration // what is left of the time to come
	begun    int
	results  []Result
	replays  int
	casts    int
}

// begin implements doer.
func (b *bench) begin(*table) { b.begun++ }

// finish implements doer.
func (b *bench) finish(t *table) { b.results = append(b.results, *t.result) }

// record implements doer.
func (b *bench) record(*table, []byte) { b.replays++ }

// next implements doer.
func (b *bench) next() { b.casts++ }

// beforeDeadline implements doer.
func (b *bench) beforeDeadline(*table) time.Duration { return b.deadline }

const ann, bob, guest = 7, 8, 9 // users

func matchOf(mode Mode) Match {
	m := Match{ID: 1, Mode: mode, State: Open, Points: 11, Players: [2]int64{ann, bob}, Seed: 4}
	switch mode {
	case AI:
		m.Players[Right], m.Difficulty = 0, Normal
	case Local:
		m.Players[Right] = 0
	}
	return m
}

func newBench(t *testing.T, m Match) *bench {
	t.Helper()
	b := &bench{t: t, deadline: time.Minute}
	var err error
	if b.table, err = newTable(m, b, nil); err != nil {
		t.Fatal(err)
	}
	return b
}

// paper is a line that keeps what it was sent.
type paper struct {
	b      *bench
	frames [][]byte // without their headers
	code   int      // it was closed with; 0 is open
}

// Send implements Line.
func (p *paper) Send(frame []byte, _ bool) {
	if len(frame) < wsHeader || frame[0] != wsBinary || int(frame[1]) != len(frame)-wsHeader {
		p.b.t.Errorf("sent %x, which is no frame", frame)
	}
	p.frames = append(p.frames, append([]byte(nil), frame[wsHeader:]...))
}

// Close implements Line.
func (p *paper) Close(code int, _ string) {
	if p.code == 0 {
		p.code = code
	}
}

// last returns the newest frame of a kind, or nil.
func (p *paper) last(kind byte) []byte {
	for i := len(p.frames) - 1; i >= 0; i-- {
		if p.frames[i][0] == kind {
			return p.frames[i]
		}
	}
	return nil
}

// phase is that of the newest snapshot.
func (p *paper) phase() phase { return phase(p.last(frameSnapshot)[1]) }

// tick moves the table on, and fails the test when its record doesn't lead to its
// state.
func (b *bench) tick(times int) (more bool) {
	b.t.Helper()
	for range times {
		b.now += tickLength
		if more = b.table.tick(b.now, false); !more {
			return false
		}
	}
	if b.phase != done {
		b.wantRecord()
	}
	return true
}

// wantRecord fails the test unless the record leads to the state. The beginning and
// the end of a pause that no step has followed yet are not in it.
func (b *bench) wantRecord() {
	b.t.Helper()
	got := b.rec.Record().Play(nil)
	if b.solid == b.state.Tick+1 {
		got.Paused, got.Hold = b.state.Paused, b.state.Hold
	}
	if got != b.state {
		b.t.Fatalf("the record leads to %+v, the state is %+v", got, b.state)
	}
}

func (b *bench) sit(user int64) *paper {
	b.t.Helper()
	p := &paper{b: b}
	b.inbox.put(message{kind: came, line: p, user: user})
	b.tick(1)
	return p
}

func (b *bench) leave(p *paper) { b.inbox.put(message{kind: went, line: p}) }

func (b *bench) say(p *paper, data ...byte) {
	b.inbox.put(message{kind: heard, line: p, data: data, at: b.now})
}

func inputFrame(side Side, dir int8, seq, tick uint32) []byte {
	f := make([]byte, inputSize)
	f[0], f[1], f[2] = frameInput, byte(side), byte(dir)
	binary.LittleEndian.PutUint32(f[4:], seq)
	binary.LittleEndian.PutUint32(f[8:], tick)
	binary.LittleEndian.PutUint16(f[12:], noEcho)
	return f
}

// duel is a match of two that has begun.
func duel(t *testing.T, mode Mode) (b *bench, left, right *paper) {
	t.Helper()
	b = newBench(t, matchOf(mode))
	left, right = b.sit(ann), b.sit(bob)
	b.say(left, frameReady, 0)
	b.say(right, frameReady, 0)
	b.tick(1)
	if b.phase != playing || b.begun != 1 {
		t.Fatalf("phase %d, begun %d times", b.phase, b.begun)
	}
	return b, left, right
}

// wantResult fails the test unless the match ended once, so.
func (b *bench) wantResult(state MatchState, reason Reason, winner Side) {
	b.t.Helper()
	if len(b.results) != 1 {
		b.t.Fatalf("%d results: %+v", len(b.results), b.results)
	}
	if r := b.results[0]; r.State != state || r.Reason != reason || state == Over && r.Winner != winner {
		b.t.Errorf("it came out %+v, want %s, %s", r, state, reason)
	}
}

// settle tells the table that its result is stored.
func (b *bench) settle() {
	b.t.Helper()
	r := b.results[0]
	m := b.match
	m.State, m.Reason, m.Score = r.State, r.Reason, r.Score
	if r.State == Over {
		m.Winner = &r.Winner
	}
	b.inbox.put(message{kind: known, m: m})
}
