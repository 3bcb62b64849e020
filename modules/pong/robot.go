package pong

import "math"

// Level is how well the robot plays.
type Level string

// Levels of the robot.
const (
	Easy   Level = "easy"
	Normal Level = "normal"
	Hard   Level = "hard"
)

// Levels returns all levels, the easiest first.
func Levels() []Level { return []Level{Easy, Normal, Hard} }

// ParseLevel returns the level of a name.
func ParseLevel(name string) (Level, bool) {
	for _, l := range Levels() {
		if string(l) == name {
			return l, true
		}
	}
	return "", false
}

// The robot's eyes and fingers.
const (
	lookEvery   = TicksPerSecond // ticks between two looks
	longestWait = 200            // the same, of a robot that picks its moments
	tapEvery    = 9              // ticks after another direction before it moves anew
	closeEnough = 2 * PaddleStep // from where it wants to be: it stays where it is
)

// skill is what a level differs in.
type skill struct {
	reaction uint32 // ticks from a look until what was seen counts
	spread   int32  // how far its aim is off at most, at the speed of a serve
	ambition int32  // percent of half its paddle by which it means to hit off the middle
	patient  bool   // it looks when the opponent has had the ball
	cunning  bool   // it guesses the opponent's shots, and chooses its own
}

func (l Level) skill() skill {
	switch l {
	case Easy:
		return skill{reaction: 18, spread: 8_000, ambition: 30}
	case Hard:
		return skill{reaction: 12, spread: 2_500, ambition: 80, patient: true, cunning: true}
	default:
		return skill{reaction: 14, spread: 7_000, ambition: 60, patient: true}
	}
}

// Robot plays one side as a person would: by directions, after a look at the
// court once a second. In between it goes by what it expects.
type Robot struct {
	skill
	side  Side
	noise uint32

	looked bool
	at     uint32 // the tick of the last look
	fresh  view   // what it saw then
	mind   view   // what it goes by: fresh, once it has sunk in
	aware  bool   // there is something in mind
	coming bool   // the ball, as far as it knows
	off    int32  // where on the paddle it will meet this ball, it hopes

	dir     int8
	changed uint32 // the tick of the last other direction
}

// view is a court as the robot believes it to be.
type view struct {
	court State
	guess bool // the opponent has had the ball since
	lost  bool // nobody could tell where it is now
}

// NewRobot returns a robot for one side of a match. The same seed and the same
// match give the same directions.
func NewRobot(level Level, side Side, seed uint32) *Robot {
	// Neighbouring seeds, and the match's own, must not look alike.
	noise := seed*0x9E3779B9 + 0x7F4A7C15
	return &Robot{skill: level.skill(), side: side, noise: xorshift(xorshift(max(noise, 1)))}
}

// Direction returns where the robot's paddle goes in the step from s. It is
// asked once a tick, in order; of a tick that is played again the caller knows
// the answer.
func (r *Robot) Direction(s State) int8 {
	own := s.Paddles[r.side]
	r.expect(&r.fresh, own)
	r.expect(&r.mind, own)
	if !r.looked || r.wantsToLook(s.Tick-r.at) {
		r.looked, r.at, r.fresh = true, s.Tick, view{court: s}
		// Else it would know the serves that are still to come.
		r.fresh.court.Noise = 1
	}
	if s.Tick == r.at+r.reaction {
		r.aware, r.mind = true, r.fresh
	}
	r.move(s.Tick, r.target(s.Tick)-own)
	return r.dir
}

// wantsToLook decides about a look so many ticks after the last one. A patient
// robot keeps it until there will be something to see.
func (r *Robot) wantsToLook(since uint32) bool {
	sure := r.aware && !r.mind.lost && !r.mind.guess
	return since >= lookEvery && (!r.patient || !sure || since >= longestWait)
}

// expect moves a view on by a tick. The robot always knows where its own paddle
// is.
func (r *Robot) expect(v *view, own int32) {
	c := &v.court
	if v.lost {
		return
	}
	c.Paddles[r.side] = own
	theirs := c.VX != 0 && c.heading() != r.side
	var dirs [2]int8
	if theirs && r.cunning {
		y, _ := c.arrival()
		dirs[r.side.Other()] = toward(y-c.Paddles[r.side.Other()], PaddleStep)
	}
	happened := c.Step(dirs)
	met := theirs && happened&HitPaddle != 0
	v.guess = v.guess || met
	v.lost = happened&Served != 0 || theirs && happened&Missed != 0 || met && !r.cunning
}

// target returns where the robot wants its paddle to be.
func (r *Robot) target(tick uint32) int32 {
	c := &r.mind.court
	if !r.aware || r.mind.lost || c.VX == 0 || c.heading() != r.side {
		r.coming = false
		return CourtHeight / 2
	}
	if !r.coming {
		r.coming, r.off = true, r.aim(tick)
	}
	half := Half(c.Hits)
	y, _ := c.arrival()
	return clamp(y-r.off, half, CourtHeight-half)
}

// aim returns by how much the ball will meet the paddle off its middle: as much
// as the robot means to, and what it errs by, more the faster the ball is.
func (r *Robot) aim(tick uint32) int32 {
	c := &r.mind.court
	most := Half(c.Hits) * r.ambition / 100
	wish := r.random(most)
	if r.cunning {
		wish = r.shot(tick, most)
	}
	spread := r.spread * (abs(c.VX) + abs(c.VY)) / ServeSpeed
	return wish + (r.random(spread)+r.random(spread))/2
}

// shot returns the way to hit the ball, at most so far off the middle of the
// paddle, that gives the opponent the longest way to go, and comes back soon
// before the robot looks again.
func (r *Robot) shot(tick uint32, most int32) int32 {
	c := r.mind.court
	y, flight := c.arrival()
	met := int32(tick-r.at) + flight //nolint:gosec // after the last look: seconds
	best, bestValue := int32(0), int32(math.MinInt32)
	length := Half(c.Hits) + BallRadius
	for i := int32(-4); i <= 4; i++ {
		off := most * i / 4
		c.X, c.Y = PaddleInset+BallRadius, y
		c.VX, c.VY = rebound(c.Hits+1, off, length)
		lands, flight := c.arrival()
		blind := max(0, lookEvery-met-flight)
		value := abs(lands-c.Paddles[r.side.Other()])/PaddleStep - blind + r.random(4)
		if value > bestValue {
			best, bestValue = off, value
		}
	}
	return best
}

// random returns a number from -most to most.
func (r *Robot) random(most int32) int32 {
	r.noise = xorshift(r.noise)
	return int32(r.noise%uint32(2*most+1)) - most //nolint:gosec // most is a length
}

// move chooses the direction over a distance. As fingers do, it needs a moment
// between two keys, and leaves small distances alone.
func (r *Robot) move(tick uint32, distance int32) {
	want := toward(distance, PaddleStep)
	switch {
	case want == r.dir:
		return
	case r.dir != 0:
		want = 0
	case abs(distance) < closeEnough || tick < r.changed+tapEvery:
		return
	}
	r.dir, r.changed = want, tick
}

// heading returns the side that the ball flies to.
func (s *State) heading() Side {
	if s.VX > 0 {
		return Right
	}
	return Left
}

// arrival returns the height at which the ball, which flies, meets the line of
// the paddle it is heading for, and in how many ticks.
func (s *State) arrival() (y, ticks int32) {
	toGo := s.X - BallRadius - PaddleInset
	if s.heading() == Right {
		toGo = CourtWidth - PaddleInset - BallRadius - s.X
	}
	toGo = max(toGo, 0)
	const room = CourtHeight - 2*BallRadius
	far := (int64(s.Y-BallRadius) + int64(s.VY)*int64(toGo)/int64(abs(s.VX))) % (2 * room)
	if far < 0 {
		far = -far
	}
	if far > room {
		far = 2*room - far
	}
	return int32(far) + BallRadius, toGo / abs(s.VX)
}

// toward returns the direction over a distance, or 0 when it is less than so
// much.
func toward(distance, least int32) int8 {
	switch {
	case distance <= -least:
		return -1
	case distance >= least:
		return 1
	}
	return 0
}
