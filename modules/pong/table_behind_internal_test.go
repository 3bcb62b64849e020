package pong

import (
	"encoding/binary"
	"slices"
	"testing"
)

// A lane that was held up plays what it missed. Whatever clients said meanwhile
// counts from where it belongs, they are told once, and of all that happened.
func TestATableThatWasHeldUp(t *testing.T) {
	const before, missed = StartHold + 40, uint32(makeUp / tickLength)
	turns := []steering{{side: Left, dir: 1, seq: 1, tick: before + 3}, {side: Right, dir: -1, seq: 1, tick: before + 9}, {side: Left, dir: -1, seq: 2, tick: before + 20}, {side: Left, dir: 0, seq: 3, tick: before + 31}}
	for i := range turns {
		turns[i].comes = turns[i].tick
	}
	var happened Happened
	punctual := play(t, turns, before+missed, nil)

	b, left, right := duel(t, Quick)
	b.tick(before - int(b.state.Tick))
	for _, s := range turns {
		b.say([]*paper{left, right}[s.side], inputFrame(s.side, s.dir, s.seq, s.tick)...)
	}
	told, toldRight := len(left.frames), len(right.frames)
	for b.state.Tick < before+missed-1 {
		b.now += tickLength
		b.table.tick(b.now, true)
		happened |= b.tells
	}
	if len(left.frames) != told || len(right.frames) != toldRight {
		t.Errorf("told %d and %d times while it was behind", len(left.frames)-told, len(right.frames)-toldRight)
	}
	b.tick(1)
	happened |= b.tells
	if b.state != punctual.state || !slices.Equal(b.rec.Record().Changes, punctual.rec.Record().Changes) {
		t.Errorf("held up %+v, punctual %+v", b.state, punctual.state)
	}
	if len(left.frames) != told+1 {
		t.Fatalf("told %d times of what was missed", len(left.frames)-told)
	}
	f := left.last(frameSnapshot)
	if tick := binary.LittleEndian.Uint32(f[4:]); tick != before+missed {
		t.Errorf("told of tick %d, it is %d", tick, before+missed)
	}
	if happened == 0 || Happened(f[3]) != happened {
		t.Errorf("told of %b, there happened %b", f[3], happened)
	}
}

// A lane makes up for some time. Later it leaves ticks out, and stays in its phase.
func TestWhatALaneMakesUpFor(t *testing.T) {
	for _, c := range []struct{ over, out int64 }{{-1, 0}, {0, 0}, {makeUp, 0}, {makeUp + 1, makeUp/tickLength + 1}, {100*tickLength + 1, 101}} {
		if due := skip(5, 5+c.over, makeUp); due != 5+c.out*tickLength {
			t.Errorf("%d ns late: %d ticks are left out, want %d", c.over, (due-5)/tickLength, c.out)
		}
	}
}
