package pong_test

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rally/modules/pong"
)

// recordMatch plays a random match as a server does: now and then it learns
// late what a player did, goes back, and plays those ticks again.
func recordMatch(t *rapid.T, visit func(*pong.Recorder)) ([]pong.State, pong.Record) {
	rng := drawRand(t)
	points := drawPoints(t)
	seed := rng.Uint32()
	recorder := pong.NewRecorder(points, seed)
	states := []pong.State{pong.NewState(points, seed)}
	hands := [2]hand{{rng: rng, care: 60}, {rng: rng, care: 60}}
	var toggled []bool // before the step from each state
	var late int
	for {
		s := states[len(states)-1]
		if _, over := s.Over(); over && late == 0 {
			return states, recorder.Record()
		}
		if back := 1 + rng.IntN(12); late == 0 && rng.IntN(20) == 0 && back < len(states) {
			states = states[:len(states)-back]
			s = states[len(states)-1]
			recorder.Rewind(s.Tick)
			late = back
		}
		if _, over := s.Over(); over {
			late = 0
			continue
		}
		n := len(states) - 1
		if late > 0 {
			late-- // pauses are where they were; directions may be others
		} else {
			toggled = append(toggled[:n], rng.IntN(300) == 0 || s.Paused && rng.IntN(20) == 0)
		}
		toggle(&s, toggled[n])
		recorder.Pause(s.Paused)
		dirs := [2]int8{hands[0].direction(s, pong.Left), hands[1].direction(s, pong.Right)}
		s.Step(dirs)
		recorder.Step(dirs)
		states = append(states, s)
		visit(recorder)
	}
}

// What was recorded plays again bit for bit, tick by tick, also from bytes.
func TestRecordsPlayTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states, record := recordMatch(t, func(*pong.Recorder) {})
		decoded, err := pong.DecodeRecord(record.Encode())
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		last := decoded.Play(func(s pong.State, happened pong.Happened) {
			if i++; s != states[i] {
				t.Fatalf("%v\n%+v\n%+v", happened, states[i], s)
			}
		})
		if i != len(states)-1 || last != states[i] {
			t.Fatalf("%d of %d ticks, the last %+v", i, len(states)-1, last)
		}
		if again := record.Play(nil); again != last {
			t.Fatalf("%+v\n%+v", again, last)
		}
	})
}

// A match may end by something else than its score: any moment makes a record.
func TestRecordsOfHalfAMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var records []pong.Record
		steps := 0
		states, _ := recordMatch(t, func(r *pong.Recorder) {
			if steps++; steps%499 == 0 {
				records = append(records, r.Record())
			}
		})
		for _, r := range records {
			decoded, err := pong.DecodeRecord(r.Encode())
			if err != nil {
				t.Fatal(err)
			}
			if s := decoded.Play(nil); s.Tick != r.Ticks {
				t.Fatalf("played %d of %d ticks", s.Tick, r.Ticks)
			}
		}
		if len(states) > 500 && len(records) == 0 {
			t.Fatal("none was made")
		}
	})
}

func TestRecorderNotesWhatChanges(t *testing.T) {
	r := pong.NewRecorder(3, 9)
	r.Pause(false)
	r.Step([2]int8{0, 0})
	r.Step([2]int8{5, 0})
	r.Step([2]int8{1, -7})
	r.Pause(true)
	r.Pause(true)
	want := pong.Record{Points: 3, Seed: 9, Ticks: 3, Changes: []pong.Change{{Tick: 2, Side: pong.Left, Dir: 1}, {Tick: 3, Side: pong.Right, Dir: -1}}}
	same := func(when string) {
		t.Helper()
		got := r.Record()
		if got.Ticks != want.Ticks || !slices.Equal(got.Changes, want.Changes) || !slices.Equal(got.Pauses, want.Pauses) {
			t.Errorf("%s: %+v, want %+v", when, got, want)
		}
	}
	same("a pause that no step followed")
	r.Step([2]int8{1, -1})
	want.Ticks, want.Pauses = 4, []pong.Pausing{{Tick: 4, On: true}}
	same("a pause")
	r.Rewind(7)
	same("forgetting what is still to come")

	r.Rewind(2)
	want.Ticks, want.Changes, want.Pauses = 2, want.Changes[:1], nil
	same("back to tick 2")
	r.Step([2]int8{1, 0})
	want.Ticks = 3
	same("Right stood still after all")
	r.Rewind(0)
	want.Ticks, want.Changes = 0, nil
	same("back to the beginning")
	r.Step([2]int8{0, 0})
	want.Ticks = 1
	same("Left had not moved yet")
}

func drawRecord(t *rapid.T) pong.Record {
	r := pong.Record{Points: drawPoints(t), Seed: rapid.Uint32().Draw(t, "seed"), Ticks: rapid.Uint32Range(0, pong.LongestRecord).Draw(t, "ticks")}
	dirs := [2]int8{}
	gap := rapid.OneOf(rapid.Uint32Range(1, 90), rapid.Uint32Range(1, pong.LongestRecord))
	for tick := gap.Draw(t, "gap"); tick <= r.Ticks; tick += gap.Draw(t, "gap") {
		for side := range dirs {
			if dir := rapid.Int8Range(-1, 1).Draw(t, "dir"); dir != dirs[side] {
				r.Changes = append(r.Changes, pong.Change{Tick: tick, Side: pong.Side(side), Dir: dir})
				dirs[side] = dir
			}
		}
		if rapid.Bool().Draw(t, "pause") {
			r.Pauses = append(r.Pauses, pong.Pausing{Tick: tick, On: len(r.Pauses)%2 == 0})
		}
	}
	return r
}

func TestRecordsSurviveTheirBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecord(t)
		b := r.Encode()
		got, err := pong.DecodeRecord(b)
		if err != nil {
			t.Fatalf("%v of %+v", err, r)
		}
		if got.Points != r.Points || got.Seed != r.Seed || got.Ticks != r.Ticks || !slices.Equal(got.Changes, r.Changes) || !slices.Equal(got.Pauses, r.Pauses) {
			t.Fatalf("%+v\n%+v", r, got)
		}
		for end := range b {
			if cut, err := pong.DecodeRecord(b[:end]); err == nil {
				t.Fatalf("%d of %d bytes are %+v", end, len(b), cut)
			}
		}
	})
}

func TestBrokenRecordsAreRefused(t *testing.T) {
	record := func(ticks uint64, numbers ...uint64) []byte {
		b := binary.AppendUvarint([]byte{1, 5, 1, 2, 3, 4}, ticks)
		for _, n := range numbers {
			b = binary.AppendUvarint(b, n)
		}
		return b
	}
	const leftUp, leftStill, leftDown, rightUp, next = 0, 1, 2, 3, 6
	if _, err := pong.DecodeRecord(record(9, 3, next+leftUp, rightUp, next+leftDown, 2, 4, 0)); err != nil {
		t.Fatalf("a good one: %v", err)
	}
	for name, b := range map[string][]byte{
		"nothing":                   nil,
		"only a version":            {1},
		"another version":           append([]byte{2}, record(9, 0, 0)[1:]...),
		"points of no match":        append([]byte{1, 4}, record(9, 0, 0)[2:]...),
		"no points":                 append([]byte{1, 0}, record(9, 0, 0)[2:]...),
		"more ticks than allowed":   record(pong.LongestRecord+1, 0, 0),
		"a huge number of ticks":    record(1<<63, 0, 0),
		"more changes than bytes":   record(9, 2_000_000, next+leftUp),
		"a huge number of changes":  record(9, 1<<62),
		"a change before the first": record(9, 1, leftUp, 0),
		"a change after the end":    record(9, 1, 10*next+leftUp, 0),
		"a change to the same":      record(9, 1, next+leftStill, 0),
		"two changes in a tick":     record(9, 2, next+leftUp, leftDown, 0),
		"right before left":         record(9, 2, next+rightUp, leftUp, 0),
		"a pause before the first":  record(9, 0, 1, 0),
		"a pause after the end":     record(9, 0, 1, 10),
		"more pauses than bytes":    record(9, 0, 3, 1),
		"something after the end":   record(9, 0, 0, 0),
		"a number that is too long": append(record(9), 0x80, 0x00, 0x00),
		"a number without an end":   append(record(9), 0xff),
		"a number beyond 64 bits":   append(record(9), bytes.Repeat([]byte{0xff}, 12)...),
	} {
		if r, err := pong.DecodeRecord(b); err == nil || !reflect.DeepEqual(r, pong.Record{}) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// Bytes are refused, or they are the one way to write a record.
func FuzzDecodeRecord(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{1, 5, 1, 2, 3, 4, 9, 3, 6, 3, 8, 2, 4, 0})
	f.Add(pong.Record{Points: 11, Seed: 1, Ticks: pong.LongestRecord}.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := pong.DecodeRecord(b)
		if err != nil {
			return
		}
		if again := r.Encode(); !bytes.Equal(again, b) {
			t.Fatalf("%x became %x", b, again)
		}
		if r.Ticks < 1<<14 {
			r.Play(nil)
		}
	})
}
