package pong

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// steering is an input, and in which tick of the table it comes.
type steering struct {
	side  Side
	dir   int8
	seq   uint32
	tick  uint32 // for which it is
	comes uint32
}

// play gives a new duel inputs, each when it comes, and plays it so far. The state is
// told to see after each tick.
func play(t *testing.T, list []steering, until uint32, see func(State)) *bench {
	t.Helper()
	b, left, right := duel(t, Quick)
	lines := [2]*paper{left, right}
	for b.state.Tick < until && b.phase != done {
		for _, s := range list {
			if s.comes == b.state.Tick+1 {
				b.say(lines[s.side], inputFrame(s.side, s.dir, s.seq, s.tick)...)
			}
		}
		b.now += tickLength
		b.table.tick(b.now, false)
		if see != nil {
			see(b.state)
		}
	}
	b.wantRecord()
	return b
}

// steerings draws inputs of both sides, often enough that no paddle stands still, in
// time or late by so many ticks at most.
func steerings(rng *rand.Rand, from, until uint32, late int) []steering {
	var list []steering
	for _, side := range []Side{Left, Right} {
		comes := from
		for tick, seq := from, uint32(1); tick < until; seq++ {
			comes = max(comes, tick+uint32(rng.IntN(late+1)))
			list = append(list, steering{side: side, dir: int8(rng.IntN(3)) - 1, seq: seq, tick: tick, comes: comes})
			tick += 1 + uint32(rng.IntN(30))
		}
	}
	return list
}

// An input that comes up to twelve ticks late gives, to the last bit, what it had
// given in time: the same states and the same record. No point that was told is
// taken back.
func TestLateInputsArePutWhereTheyBelong(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		const from, until = 20, 1300 // no time for eleven points
		late := steerings(rng, from, until, Rewind)
		inTime := slices.Clone(late)
		for i := range inTime {
			inTime[i].comes = inTime[i].tick
		}
		scores := [2]uint8{}
		see := func(s State) {
			for side, n := range s.Score {
				if n < scores[side] {
					t.Fatalf("tick %d: a point of side %d was taken back", s.Tick, side)
				}
				scores[side] = n
			}
		}
		want := play(t, inTime, until+Rewind, nil)
		got := play(t, late, until+Rewind, see)
		if got.state != want.state {
			t.Fatalf("late %+v, in time %+v", got.state, want.state)
		}
		if a, b := got.rec.Record().Encode(), want.rec.Record().Encode(); !slices.Equal(a, b) {
			t.Fatalf("the records differ:\n%x\n%x", a, b)
		}
	})
}

// What is later counts from twelve ticks ago, and takes no point back either.
func TestOlderInputsCountFromTwelveTicksAgo(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 2))
		const from, until = 20, 1300 // no time for eleven points
		late := steerings(rng, from, until, 3*Rewind)
		clamped := slices.Clone(late)
		for i, s := range clamped {
			clamped[i].tick = max(s.tick, s.comes-Rewind)
		}
		scores := [2]uint8{}
		got := play(t, late, until+3*Rewind, func(s State) {
			if s.Score[0] < scores[0] || s.Score[1] < scores[1] {
				t.Fatalf("tick %d: a point was taken back", s.Tick)
			}
			scores = s.Score
		})
		if want := play(t, clamped, until+3*Rewind, nil); got.state != want.state {
			t.Fatalf("late %+v, clamped %+v", got.state, want.state)
		}
	})
}

// An input for a tick before the match stood still moves nothing that is behind the
// pause.
func TestNothingIsPutBehindAPause(t *testing.T) {
	b, left, right := duel(t, Quick)
	b.tick(StartHold + 100)
	was := b.state
	b.leave(right)
	b.tick(3)
	ball := [4]int32{b.state.X, b.state.Y, b.state.VX, b.state.VY}
	b.say(left, inputFrame(Left, 1, 1, was.Tick-5)...)
	b.tick(1)
	if b.seats[Left].seq != 1 {
		t.Fatal("the input was not taken")
	}
	if now := [4]int32{b.state.X, b.state.Y, b.state.VX, b.state.VY}; now != ball || !b.state.Paused {
		t.Errorf("the ball was at %v, now it is at %v", ball, now)
	}
	// It counts in the pause, from its second step on.
	if moved := (b.state.Paddles[Left] - was.Paddles[Left]) / PaddleStep; moved != 2 {
		t.Errorf("the paddle moved by %d steps", moved)
	}
	b.tick(5)
	b.sit(bob)
	b.say(left, inputFrame(Left, -1, 2, b.state.Tick-8)...)
	b.tick(1)
	if b.state.Paused || b.phase != playing {
		t.Errorf("an input took the end of the pause back: %+v", b.state)
	}
	b.tick(ResumeHold + 50)
}

// What makes no sense moves nothing and acknowledges nothing; the 32nd closes.
func TestNonsenseIsCounted(t *testing.T) {
	for name, frame := range map[string]func(b *bench) []byte{
		"nothing":              func(*bench) []byte { return nil },
		"too short":            func(b *bench) []byte { return inputFrame(Left, 1, 100, b.state.Tick)[:15] },
		"too long":             func(b *bench) []byte { return append(inputFrame(Left, 1, 100, b.state.Tick), 0) },
		"another kind":         func(b *bench) []byte { return append([]byte{9}, inputFrame(Left, 1, 100, b.state.Tick)[1:]...) },
		"a word with an extra": func(*bench) []byte { return []byte{frameReady, 1} },
		"direction 2":          func(b *bench) []byte { return inputFrame(Left, 2, 100, b.state.Tick) },
		"direction -128":       func(b *bench) []byte { return inputFrame(Left, -128, 100, b.state.Tick) },
		"side 2":               func(b *bench) []byte { return inputFrame(2, 1, 100, b.state.Tick) },
		"a sequence again":     func(b *bench) []byte { return inputFrame(Left, 1, 5, b.state.Tick) },
		"a sequence before":    func(b *bench) []byte { return inputFrame(Left, 1, 4, b.state.Tick) },
		"a tick that goes back": func(b *bench) []byte {
			return inputFrame(Left, 1, 100, b.seats[Left].last-1)
		},
		"a tick far ahead":    func(b *bench) []byte { return inputFrame(Left, 1, 100, b.state.Tick+ahead+1) },
		"a tick out of range": func(*bench) []byte { return inputFrame(Left, 1, 100, ^uint32(0)) },
	} {
		t.Run(name, func(t *testing.T) {
			b, left, right := duel(t, Quick)
			b.say(left, inputFrame(Left, 0, 5, b.state.Tick)...)
			b.tick(1)
			at := b.state.Paddles[Left]
			for range mostOffences - 1 {
				b.say(left, frame(b)...)
				b.tick(2)
			}
			if left.code != 0 || b.state.Paddles[Left] != at || b.seats[Left].seq != 5 {
				t.Fatalf("closed with %d, paddle at %d, was at %d, sequence %d", left.code, b.state.Paddles[Left], at, b.seats[Left].seq)
			}
			b.say(left, frame(b)...)
			b.tick(1)
			if left.code != CloseNonsense || right.phase() != paused {
				t.Errorf("after 32: closed with %d, phase %d", left.code, right.phase())
			}
		})
	}
}

func TestWatchersCannotSteer(t *testing.T) {
	b, left, _ := duel(t, Quick)
	watcher := b.sit(guest)
	at := b.state.Paddles
	for i := range uint32(mostOffences - 1) {
		b.say(watcher, inputFrame(Side(i%2), 1, i+1, b.state.Tick)...)
		b.tick(2)
	}
	if b.state.Paddles != at || watcher.code != 0 {
		t.Fatalf("paddles at %v, were at %v; closed with %d", b.state.Paddles, at, watcher.code)
	}
	b.say(watcher, frameReady, 0)
	b.tick(2)
	if watcher.code != CloseNonsense || left.code != 0 || b.phase != playing {
		t.Errorf("closed with %d and %d", watcher.code, left.code)
	}
}

// A player steers their own side, whatever their frame says; at one keyboard, both.
func TestWhichSideAnInputMoves(t *testing.T) {
	b, _, right := duel(t, Quick)
	at := b.state.Paddles
	b.say(right, inputFrame(Left, 1, 1, b.state.Tick+1)...)
	b.tick(2)
	if b.state.Paddles != [2]int32{at[0], at[1] + 2*PaddleStep} {
		t.Errorf("paddles at %v, were at %v", b.state.Paddles, at)
	}
	b = newBench(t, matchOf(Local))
	both := b.sit(ann)
	at = b.state.Paddles
	b.say(both, inputFrame(Left, 1, 1, b.state.Tick+1)...)
	b.say(both, inputFrame(Right, -1, 1, b.state.Tick+1)...)
	b.tick(2)
	if b.state.Paddles != [2]int32{at[0] + 2*PaddleStep, at[1] - 2*PaddleStep} {
		t.Errorf("paddles at %v, were at %v", b.state.Paddles, at)
	}
	b.leave(both)
	b.tick(2)
	if b.state.Paddles != [2]int32{at[0] + 2*PaddleStep, at[1] - 2*PaddleStep} {
		t.Error("the paddles move on without anybody")
	}
}

func TestAPaddleStandsStillAfterASilence(t *testing.T) {
	b, left, _ := duel(t, Quick)
	b.say(left, inputFrame(Left, -1, 1, b.state.Tick+1)...)
	b.tick(1)
	if b.seats[Left].dir != -1 {
		t.Fatal("the paddle doesn't move")
	}
	b.tick(silence - 1)
	if b.seats[Left].dir != -1 {
		t.Error("it stands still too soon")
	}
	b.tick(2)
	if b.seats[Left].dir != 0 {
		t.Error("it moves on")
	}
}

func TestInputsOfTheFutureWait(t *testing.T) {
	b, left, _ := duel(t, Quick)
	at := b.state.Tick
	for i := range uint32(pendingInputs + 1) {
		b.say(left, inputFrame(Left, int8(i%2), i+1, at+20+2*i)...)
	}
	b.tick(1)
	if got := b.seats[Left].seq; got != pendingInputs {
		t.Fatalf("%d wait", got)
	}
	y := b.state.Paddles[Left]
	b.tick(20 + 2*pendingInputs - 1)
	if moved := (b.state.Paddles[Left] - y) / PaddleStep; moved != pendingInputs+1 { // the last direction lasts on
		t.Errorf("the paddle moved by %d steps", moved)
	}
}

func TestTheRoundTripIsMeasured(t *testing.T) {
	b, left, right := duel(t, Quick)
	b.tick(20)
	echo := binary.LittleEndian.Uint32(right.last(frameSnapshot)[4:])
	f := inputFrame(Right, 0, 1, b.state.Tick)
	binary.LittleEndian.PutUint16(f[12:], uint16(echo))
	binary.LittleEndian.PutUint16(f[14:], 5)
	b.inbox.put(message{kind: heard, line: right, data: f, at: b.sent[echo%256] + int64(45*time.Millisecond)})
	b.tick(2)
	snap := left.last(frameSnapshot)
	if l, r := binary.LittleEndian.Uint16(snap[44:]), binary.LittleEndian.Uint16(snap[46:]); l != noPing || r != 40 {
		t.Errorf("%d and %d ms", l, r)
	}
}

// Whatever anybody sends, the table plays on by its rules.
func FuzzObey(f *testing.F) {
	f.Add([]byte{1, 0, 1, 0, 1, 0, 0, 0, 9, 0, 0, 0, 255, 255, 0, 0}, uint8(0))
	f.Add([]byte{2, 0}, uint8(1))
	f.Add([]byte{3, 0}, uint8(2))
	f.Add(inputFrame(Right, -1, 1<<31, ^uint32(0)), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, who uint8) {
		if len(data) > 512 {
			t.Skip("more than a table hears at once")
		}
		for _, mode := range []Mode{Quick, Local, AI} {
			b := newBench(t, matchOf(mode))
			lines := []*paper{b.sit(ann), b.sit(bob), b.sit(guest)}
			for i := range 20 {
				rest := data
				for len(rest) > 0 { // in pieces of an input, from different lines
					n := min(len(rest), inputSize)
					b.say(lines[(int(who)+i)%len(lines)], rest[:n]...)
					rest = rest[n:]
				}
				b.tick(3)
				s := b.state
				if s.Paddles[0] < 0 || s.Paddles[0] > CourtHeight || s.Paddles[1] < 0 || s.Paddles[1] > CourtHeight {
					t.Fatalf("paddles at %v", s.Paddles)
				}
			}
			if b.phase != done && b.state.Tick < 60 {
				t.Fatalf("the table stands at tick %d", b.state.Tick)
			}
		}
	})
}
