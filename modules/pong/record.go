package pong

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// LongestRecord is how many ticks a record may have: almost five hours. The
// longest match to eleven takes half an hour without its pauses.
const LongestRecord = 1 << 20

// Record is all that is needed to play a match again: court.go comes to the
// same states from it. Both lists are in order.
type Record struct {
	Points  int
	Seed    uint32
	Ticks   uint32
	Changes []Change
	Pauses  []Pausing
}

// Change is another direction of a player. It counts from the step to Tick on.
// Before the first both stand still.
type Change struct {
	Tick uint32
	Side Side
	Dir  int8 // -1, 0 or 1
}

// Pausing is the beginning or the end of a pause, right before the step to
// Tick.
type Pausing struct {
	Tick uint32
	On   bool
}

// Play plays the match again and returns its last state. It calls visit, which
// may be nil, after each step.
func (r Record) Play(visit func(State, Happened)) State {
	s := NewState(r.Points, r.Seed)
	changes, pauses := r.Changes, r.Pauses
	var dirs [2]int8
	for s.Tick < r.Ticks {
		if _, over := s.Over(); over {
			break
		}
		tick := s.Tick + 1
		for ; len(pauses) > 0 && pauses[0].Tick <= tick; pauses = pauses[1:] {
			if pauses[0].On {
				s.Pause()
			} else {
				s.Resume()
			}
		}
		for ; len(changes) > 0 && changes[0].Tick <= tick; changes = changes[1:] {
			dirs[changes[0].Side] = changes[0].Dir
		}
		happened := s.Step(dirs)
		if visit != nil {
			visit(s, happened)
		}
	}
	return s
}

// A record in bytes: recordVersion, the points, the seed as four bytes with the
// lowest first, then varints: the ticks; how many changes, and of each the ticks
// since the one before, with side and direction in its last base-six digit; how
// many pausings, which begin and end in turn, and the ticks between them. There
// is one way to write a record.
const (
	recordVersion = 1
	recordHead    = 6
)

var (
	errRecordShort   = errors.New("pong: the record ends too early")
	errRecordVersion = errors.New("pong: the record has an unknown version")
	errRecordHead    = errors.New("pong: the record is of no match")
	errRecordVarint  = errors.New("pong: the record has a number that is not written so")
	errRecordChange  = errors.New("pong: the record has a change that changes nothing, or is out of order")
	errRecordPausing = errors.New("pong: the record has a pause that is out of order")
	errRecordLong    = errors.New("pong: the record goes on after its end")
)

// Encode returns the record in bytes, for DecodeRecord.
func (r Record) Encode() []byte {
	b := make([]byte, 0, recordHead+9+2*len(r.Changes)+2*len(r.Pauses))
	b = append(b, recordVersion, byte(r.Points)) //nolint:gosec // at most 11
	b = binary.LittleEndian.AppendUint32(b, r.Seed)
	b = binary.AppendUvarint(b, uint64(r.Ticks))
	b = binary.AppendUvarint(b, uint64(len(r.Changes)))
	var last uint32
	for _, c := range r.Changes {
		b = binary.AppendUvarint(b, 6*uint64(c.Tick-last)+3*uint64(c.Side)+uint64(c.Dir+1)) //nolint:gosec // 0, 1 or 2
		last = c.Tick
	}
	b = binary.AppendUvarint(b, uint64(len(r.Pauses)))
	last = 0
	for _, p := range r.Pauses {
		b = binary.AppendUvarint(b, uint64(p.Tick-last))
		last = p.Tick
	}
	return b
}

// DecodeRecord reads what Encode wrote. Anything else is an error; it takes no
// more memory than some times the length of b.
func DecodeRecord(b []byte) (Record, error) {
	if len(b) < recordHead {
		return Record{}, errRecordShort
	}
	if b[0] != recordVersion {
		return Record{}, fmt.Errorf("%w: %d", errRecordVersion, b[0])
	}
	r := Record{Points: int(b[1]), Seed: binary.LittleEndian.Uint32(b[2:])}
	in := varints{rest: b[recordHead:]}
	r.Ticks = in.next(LongestRecord)
	if in.err == nil && !slices.Contains(PointsAllowed(), r.Points) {
		in.err = errRecordHead
	}
	in.changes(&r)
	in.pauses(&r)
	if in.err == nil && len(in.rest) > 0 {
		in.err = errRecordLong
	}
	if in.err != nil {
		return Record{}, in.err
	}
	return r, nil
}

// varints reads numbers until the first that is wrong.
type varints struct {
	rest []byte
	err  error
}

// next returns a number of at most top. It refuses longer ways to write it.
func (in *varints) next(top uint32) uint32 {
	if in.err != nil {
		return 0
	}
	v, n := binary.Uvarint(in.rest)
	switch {
	case n == 0:
		in.err = errRecordShort
	case n < 0 || v > uint64(top) || n > 1 && in.rest[n-1] == 0:
		in.err = errRecordVarint
	default:
		in.rest = in.rest[n:]
		return uint32(v) //nolint:gosec // at most top
	}
	return 0
}

// count returns how many numbers follow. Each takes a byte or more.
func (in *varints) count() int {
	n := int(in.next(2 * LongestRecord))
	if in.err == nil && n > len(in.rest) {
		in.err = errRecordShort
	}
	if in.err != nil {
		return 0
	}
	return n
}

func (in *varints) changes(r *Record) {
	n := in.count()
	r.Changes = make([]Change, 0, n)
	var dirs [2]int8
	last := Change{Side: Right}
	for range n {
		v := in.next(6*LongestRecord + 5)
		c := Change{Tick: last.Tick + v/6, Side: Side(v / 3 % 2), Dir: int8(v%3) - 1}
		if in.err != nil {
			return
		}
		if c.Tick > r.Ticks || c.Tick == last.Tick && c.Side <= last.Side || c.Dir == dirs[c.Side] {
			in.err = errRecordChange
			return
		}
		r.Changes = append(r.Changes, c)
		dirs[c.Side], last = c.Dir, c
	}
}

func (in *varints) pauses(r *Record) {
	n := in.count()
	r.Pauses = make([]Pausing, 0, n)
	var tick uint32
	for i := range n {
		tick += in.next(LongestRecord)
		if in.err != nil {
			return
		}
		if tick < 1 || tick > r.Ticks {
			in.err = errRecordPausing
			return
		}
		r.Pauses = append(r.Pauses, Pausing{Tick: tick, On: i%2 == 0})
	}
}

// Recorder writes the record of a match that is being played.
type Recorder struct {
	record Record
	before []int8 // the direction that each change ended
	dirs   [2]int8
	paused bool
}

// NewRecorder returns the recorder of a match from NewState(points, seed).
func NewRecorder(points int, seed uint32) *Recorder {
	return &Recorder{record: Record{Points: points, Seed: seed}}
}

// Step notes the directions of the next step. It is told of each step that
// moves the match's tick on.
func (r *Recorder) Step(dirs [2]int8) {
	r.record.Ticks++
	for side, dir := range dirs {
		dir = int8(sign(dir)) //nolint:gosec // -1, 0 or 1
		if dir == r.dirs[side] {
			continue
		}
		r.record.Changes = append(r.record.Changes, Change{Tick: r.record.Ticks, Side: Side(side), Dir: dir})
		r.before = append(r.before, r.dirs[side])
		r.dirs[side] = dir
	}
}

// Pause notes that a pause begins or ends before the next step. What was so
// already is not noted.
func (r *Recorder) Pause(on bool) {
	if on != r.paused {
		r.record.Pauses = append(r.record.Pauses, Pausing{Tick: r.record.Ticks + 1, On: on})
		r.paused = on
	}
}

// Rewind forgets all that was noted after the step to tick, pauses too: the
// match goes on from the state it had right after that step, and whatever was
// noted since is told again.
func (r *Recorder) Rewind(tick uint32) {
	if tick > r.record.Ticks {
		return
	}
	r.record.Ticks = tick
	n := len(r.record.Changes)
	for ; n > 0 && r.record.Changes[n-1].Tick > tick; n-- {
		r.dirs[r.record.Changes[n-1].Side] = r.before[n-1]
	}
	r.record.Changes, r.before = r.record.Changes[:n], r.before[:n]
	n = len(r.record.Pauses)
	for ; n > 0 && r.record.Pauses[n-1].Tick > tick; n-- {
		r.paused = !r.record.Pauses[n-1].On
	}
	r.record.Pauses = r.record.Pauses[:n]
}

// Record returns what was noted so far. A pause that no step has followed is
// not in it.
func (r *Recorder) Record() Record {
	record := r.record
	record.Changes = slices.Clone(record.Changes)
	n := len(record.Pauses)
	for n > 0 && record.Pauses[n-1].Tick > record.Ticks {
		n--
	}
	record.Pauses = slices.Clone(record.Pauses[:n])
	return record
}
