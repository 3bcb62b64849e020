package pong

import (
	"math"
	"time"
)

const (
	// Rewind is how many ticks late an input may be and still count from where it
	// belongs.
	Rewind = 12
	// ahead is how many ticks an input may be early.
	ahead = 2 * TicksPerSecond
	// silence is after how many ticks without a word a paddle stands still.
	silence = TicksPerSecond
	// quietAfter is after how long without a word a player is taken for lost. Clients
	// give a sign of life four times a second.
	quietAfter = 5 * TicksPerSecond / 2

	// seatHeld is how long a player who was lost may be away, seatLosses how often.
	seatHeld   = 15 * TicksPerSecond
	seatLosses = 2
	// lingers is how long a table stays after its match, for talk of another.
	lingers = 60 * TicksPerSecond
	// longest is how many ticks a match may have; then it is void.
	longest = LongestRecord - 1

	ring = 16 // states that are kept; more than Rewind
)

// Line is a connection to a match. Two are the same when they are equal.
type Line interface {
	// Send hands over a frame with its header. It never waits, and keeps nothing of
	// the buffer. A line that is full misses it, unless must is set; then it comes
	// once there is room.
	Send(frame []byte, must bool)
	// Close closes it with a code. It never waits.
	Close(code int, reason string)
}

// Seating is who sits at a line.
type Seating struct {
	UserID int64 // 0 watches without being known
	Line   Line
}

// table is one match that is being played. All of it belongs to the goroutine of
// its lane, but for its inbox.
type table struct {
	match  Match
	epoch  uint16
	inbox  inbox
	doer   doer
	state  State
	past   [ring]moment // by tick
	rec    *Recorder
	seats  [2]seat
	robot  *Robot
	phase  phase
	solid  uint32 // the rewinding ends here: the tick of the last pause or its end
	odd    uint32 // 1 where its odd ticks fall on the turns of its lane that are told
	fresh  bool   // something is to be told at once
	tells  Happened
	void   bool
	until  uint32 // done: when the table is cleared
	told   bool   // done: the result is stored, and everybody knows
	frame  []byte
	lines  map[Line]*sitting
	others int        // lines that watch
	sent   [256]int64 // when the snapshot of a tick left, in ns of the lane's clock; by tick
	result *Result
	begun  bool // its row is live, or about to be
}

// moment is the end of a tick.
type moment struct {
	state State
	dirs  [2]int8 // of the step to it
}

// sitting is what a table knows of a line.
type sitting struct {
	user     int64
	role     role
	offences int
}

// doer does for a table what takes time. None of it waits.
type doer interface {
	begin(t *table)                 // its row becomes live
	finish(t *table)                // t.result is stored
	record(t *table, replay []byte) // of a match that others ended
	next()                          // another frame for everybody begins
	beforeDeadline(t *table) (left time.Duration)
}

// newTable returns a table as the match begins, or where a checkpoint has it.
func newTable(m Match, by doer, from *Checkpoint) (*table, error) {
	t := &table{match: m, doer: by, frame: newFrame(snapshotSize), lines: map[Line]*sitting{}}
	t.state, t.rec = NewState(m.Points, m.Seed), NewRecorder(m.Points, m.Seed)
	for side := range t.seats {
		t.seats[side].user = m.Players[side]
	}
	if m.Mode == Local {
		t.seats[Right].user = m.Players[Left]
	}
	if m.Mode == AI {
		t.robot = NewRobot(m.Difficulty, Right, m.Seed)
		t.seats[Right].ready = true
	}
	if from != nil {
		if err := t.restore(from); err != nil {
			return nil, err
		}
	} else {
		t.pause(true)
	}
	t.keep([2]int8{})
	return t, nil
}

// pause stops the match, or lets it go on.
func (t *table) pause(on bool) {
	if on {
		t.state.Pause()
	} else {
		t.state.Resume()
	}
	t.rec.Pause(on)
	t.solid = t.state.Tick + 1
	t.fresh = true
}

func (t *table) keep(dirs [2]int8) { t.past[t.state.Tick%ring] = moment{t.state, dirs} }

// tick moves the table on by a tick. now is in ns of the lane's clock. Where the lane is
// behind, nobody is told: the next tick follows at once. It returns false when the table
// is to be cleared away.
func (t *table) tick(now int64, behind bool) (more bool) {
	stuck := t.take()
	switch {
	case t.phase == done:
		return t.rest(now)
	case stuck:
		t.end(Result{State: Void, Reason: ByStuck})
	}
	if t.phase == done {
		return true
	}
	t.tells |= t.step()
	t.look()
	if t.phase != done && t.state.Tick >= longest {
		t.end(Result{State: Void, Reason: ByStuck})
	}
	if winner, over := t.state.Over(); over && t.phase != done {
		t.end(Result{State: Over, Reason: ByScore, Winner: winner})
	}
	t.fresh = t.fresh || t.tells&^Missed != 0 || (t.state.Tick+t.odd)%2 == 0
	if t.fresh && !behind {
		t.tell(now)
	}
	return true
}

// step plays one tick.
func (t *table) step() Happened {
	next := t.state.Tick + 1
	var dirs [2]int8
	for side := range t.seats {
		s := &t.seats[side]
		s.advance(next)
		dirs[side] = s.dir
	}
	if t.robot != nil {
		dirs[Right] = t.robot.Direction(t.state)
	}
	happened := t.state.Step(dirs)
	t.rec.Step(dirs)
	t.keep(dirs)
	t.passed(happened)
	return happened
}

// passed notes when the ball passed a paddle.
func (t *table) passed(happened Happened) {
	if happened&Missed == 0 {
		return
	}
	side := Left
	if t.state.VX > 0 {
		side = Right
	}
	t.seats[side].missed = t.state.Tick
}

// replay goes back to the end of a tick, and plays from there what is known now: a
// side has held a direction since.
func (t *table) replay(to uint32, side Side, dir int8) {
	end := t.state.Tick
	t.state = t.past[to%ring].state
	t.rec.Rewind(to)
	missed := t.seats[side].missed
	if missed > to {
		t.seats[side].missed = 0
	}
	for t.state.Tick < end {
		dirs := t.past[(t.state.Tick+1)%ring].dirs
		dirs[side] = dir
		happened := t.state.Step(dirs)
		t.tells |= happened & (HitPaddle | Bounced)
		t.rec.Step(dirs)
		t.keep(dirs)
		t.passed(happened)
	}
	if missed > to && t.seats[side].missed == 0 {
		t.seats[side].saves++
	}
}

// look sees who is there, and what follows.
func (t *table) look() {
	switch t.phase {
	case waiting:
		t.awaitPlayers()
	case playing:
		for side := range t.seats {
			if s := &t.seats[side]; s.missing() && t.phase != done {
				t.lose(Side(side))
			}
		}
	case paused:
		t.awaitReturn()
	}
}

// awaitPlayers begins the match once both are ready, or when their time is over and
// both are there.
func (t *table) awaitPlayers() {
	here, ready := 0, 0
	came := Left
	for side := range t.seats {
		s := &t.seats[side]
		if !s.missing() {
			here++
			came = Side(side)
			if s.ready {
				ready++
			}
		}
	}
	late := t.state.Tick%TicksPerSecond == 0 && t.doer.beforeDeadline(t) <= 0
	switch {
	case here == 2 && (ready == 2 || late):
		t.start()
	case !late:
	case here == 1 && t.match.Mode == Tournament:
		t.end(Result{State: Over, Reason: ByNoShow, Winner: came})
	default:
		t.end(Result{State: Void, Reason: ByNoShow})
	}
}

func (t *table) start() {
	t.phase, t.begun = playing, true
	t.pause(false)
	t.doer.begin(t)
}

// lose stops the match for a player whose line is gone.
func (t *table) lose(side Side) {
	s := &t.seats[side]
	s.losses++
	if s.losses > seatLosses {
		t.giveUp(side)
		return
	}
	s.left = seatHeld
	t.phase = paused
	t.pause(true)
}

// giveUp ends the match for a player who was away for too long: the other has it, if
// they are there.
func (t *table) giveUp(side Side) {
	if t.seats[side.Other()].missing() {
		t.end(Result{State: Void, Reason: ByAbandon})
		return
	}
	t.end(Result{State: Over, Reason: ByForfeit, Winner: side.Other()})
}

// awaitReturn lets the match go on when all are back, and ends it when somebody's
// time is over.
func (t *table) awaitReturn() {
	missing := 0
	for side := range t.seats {
		s := &t.seats[side]
		if !s.missing() {
			continue
		}
		missing++
		if s.left == 0 { // lost in the pause
			s.losses++
			s.left = seatHeld
		}
		s.left--
		if s.left > 0 && s.losses <= seatLosses {
			continue
		}
		t.giveUp(Side(side))
		return
	}
	if missing == 0 {
		for side := range t.seats {
			t.seats[side].left = 0 // the next loss has a time of its own
		}
		t.phase = playing
		t.pause(false)
	}
}

// end ends the match. What comes of it is stored once; the table stays a while.
func (t *table) end(r Result) {
	if t.phase == done {
		return
	}
	for side, points := range t.state.Score {
		r.Score[side] = int(points)
	}
	r.Replay = t.replayed()
	t.phase, t.fresh, t.void = done, true, r.State == Void
	t.result = &r
	t.until = t.state.Tick + lingers
	t.doer.finish(t)
}

// replayed is what was played, or nil where nothing was.
func (t *table) replayed() []byte {
	if !t.begun {
		return nil
	}
	return t.rec.Record().Encode()
}

// rest is a tick after the end: the tick of the match stands, the table's goes on.
func (t *table) rest(now int64) (more bool) {
	t.until--
	if t.fresh || t.until%(TicksPerSecond/2) == 0 {
		t.tell(now)
	}
	if t.until > t.state.Tick && (!t.told || len(t.lines) > 0) {
		return true
	}
	if !t.told { // the database is away
		t.until = t.state.Tick + lingers
		return true
	}
	t.close(CloseDone, "the match is over")
	return false
}

// know says how the match came out, by its row.
func (t *table) know(m Match) {
	if t.told {
		return // it was this table's own end
	}
	if t.phase != done { // ended elsewhere, such as by a request
		t.phase, t.until = done, t.state.Tick+lingers
		if replay := t.replayed(); replay != nil {
			t.doer.record(t, replay)
		}
	}
	t.match, t.told, t.fresh, t.void = m, true, true, m.State != Over
	f := ended(&m)
	for line := range t.lines {
		line.Send(f, true)
	}
}

func (t *table) close(code int, reason string) {
	for line := range t.lines {
		line.Close(code, reason)
	}
	clear(t.lines)
}

// tell sends the state to everybody.
func (t *table) tell(now int64) {
	v := snapshot{phase: t.phase, happened: t.tells, epoch: t.epoch, watchers: uint16(min(t.others, math.MaxUint16))} //nolint:gosec // bounded
	dirs := t.past[t.state.Tick%ring].dirs
	for side := range t.seats {
		s := &t.seats[side]
		if !s.missing() {
			v.flags |= flagHere << side
		}
		if s.ready {
			v.flags |= flagReady << side
		}
		v.dirs[side], v.acks[side], v.pings[side] = dirs[side], s.seq, s.latency()
	}
	if t.void {
		v.flags |= flagVoid
	}
	v.wait = t.secondsLeft()
	putSnapshot(t.frame, &t.state, v)
	t.sent[t.state.Tick%256] = now
	t.tells, t.fresh = 0, false
	t.doer.next()
	for line := range t.lines {
		line.Send(t.frame, false)
	}
}

// secondsLeft is how long somebody is still waited for.
func (t *table) secondsLeft() uint16 {
	switch t.phase {
	case waiting:
		return uint16(max(0, min(math.MaxUint16, math.Ceil(t.doer.beforeDeadline(t).Seconds()))))
	case paused:
		least := math.MaxInt
		for side := range t.seats {
			if s := &t.seats[side]; s.missing() {
				least = min(least, s.left)
			}
		}
		if least != math.MaxInt {
			return uint16((least + TicksPerSecond - 1) / TicksPerSecond) //nolint:gosec // 15 at most
		}
	}
	return 0
}
