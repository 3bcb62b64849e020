package pong

import "math"

// The court, in its own unit: a thousandth of what a player would call a step.
// All of the game is whole numbers, so that it comes out the same on every
// machine and in every language. web/pong/sim.js has the same rules; a test
// compares the two tick by tick.
const (
	TicksPerSecond = 60

	CourtWidth  = 160_000
	CourtHeight = 90_000
	BallRadius  = 1_200
	PaddleInset = 5_000 // from a side of the court to the face of its paddle
	PaddleHalf  = 8_500 // half the length of a paddle
	PaddleStep  = 1_350 // what a paddle moves in a tick

	ServeSpeed = 1_500 // of the ball, a tick
	SpeedUp    = 100   // what each hit adds
	TopSpeed   = 5_200

	// A rally always ends: from the ShrinkFrom-th hit on paddles shrink, and
	// after the LongestRally-th they are gone.
	ShrinkFrom   = 40
	LongestRally = 80

	// Ticks in which the ball rests, while paddles may move.
	StartHold  = 3 * TicksPerSecond // before the first serve
	ServeHold  = TicksPerSecond     // before each other
	ResumeHold = 2 * TicksPerSecond // after a pause

	// GoalDelay is how many ticks after the ball has left the court it counts.
	// It is not less than Rewind: what is told is never taken back.
	GoalDelay = 12

	steepest   = 80 // percent of the speed that a hit at a paddle's end turns upwards
	steepServe = 60 // percent that a serve may
)

// Side is one of the two players of a match.
type Side uint8

// Sides of the court.
const (
	Left Side = iota
	Right
)

// Other returns the opponent.
func (s Side) Other() Side { return 1 - s }

// Happened is what happened in a tick, for sounds and for telling at once.
type Happened uint8

// What may happen; several may at once.
const (
	Served Happened = 1 << iota
	Bounced
	HitPaddle
	Missed // a paddle: it counts GoalDelay later
	Scored
	Won
)

// State is a match at the end of a tick. It holds all there is: the same state
// and the same directions give the same states for ever.
type State struct {
	Tick    uint32
	X, Y    int32    // the ball's centre, from the upper left
	VX, VY  int32    // a tick; both are 0 while the ball waits to be served
	Paddles [2]int32 // their centres
	Score   [2]uint8
	Points  uint8  // how many win
	Hits    uint16 // of this rally
	Hold    uint16 // ticks for which the ball rests
	Gone    uint8  // ticks since the ball has left the court; 0 is not
	Paused  bool
	Server  Side   // to whom the next serve goes
	Noise   uint32 // of the generator of serves; never 0
}

// NewState returns the beginning of a match to so many points. Every seed is
// another match.
func NewState(points int, seed uint32) State {
	s := State{
		X: CourtWidth / 2, Y: CourtHeight / 2, Paddles: [2]int32{CourtHeight / 2, CourtHeight / 2},
		Points: uint8(points), Hold: StartHold, Noise: seed, //nolint:gosec // 3, 5 or 11
	}
	if s.Noise == 0 {
		s.Noise = 1
	}
	s.Server = Side(s.next() & 1)
	return s
}

func (s *State) next() uint32 {
	s.Noise = xorshift(s.Noise)
	return s.Noise
}

// xorshift is Marsaglia's generator with 32 bits: "Xorshift RNGs", Journal of
// Statistical Software 8 (14), 2003.
func xorshift(n uint32) uint32 {
	n ^= n << 13
	n ^= n >> 17
	n ^= n << 5
	return n
}

// Over reports whether somebody has won, and who.
func (s *State) Over() (winner Side, over bool) {
	if s.Score[Right] >= s.Points {
		return Right, true
	}
	return Left, s.Score[Left] >= s.Points
}

// Half returns half the length of the paddles after so many hits of a rally.
func Half(hits uint16) int32 {
	switch {
	case hits < ShrinkFrom:
		return PaddleHalf
	case hits >= LongestRally:
		return 0
	}
	return PaddleHalf * (LongestRally - int32(hits)) / (LongestRally - ShrinkFrom)
}

// Pause stops the ball until Resume. Paddles still move.
func (s *State) Pause() { s.Paused = true }

// Resume lets the ball go on after a moment.
func (s *State) Resume() {
	if s.Paused {
		s.Paused = false
		s.Hold = max(s.Hold, ResumeHold)
	}
}

// Step moves the match on by a tick. Each direction is -1 (up), 0 or 1 (down);
// any other counts as its sign. Once somebody has won, nothing changes.
func (s *State) Step(dirs [2]int8) Happened {
	if _, over := s.Over(); over {
		return 0
	}
	s.Tick++
	if s.VX == 0 || !s.Paused && s.Hold == 0 {
		s.movePaddles(dirs)
	} // else the ball rests in its flight: who was lost gains no time
	switch {
	case s.Paused:
		return 0
	case s.Gone > 0:
		return s.leave()
	case s.Hold > 0:
		s.Hold--
		if s.Hold == 0 && s.VX == 0 {
			return s.serve()
		}
		return 0
	}
	return s.fly()
}

func (s *State) movePaddles(dirs [2]int8) {
	half := Half(s.Hits)
	for side, dir := range dirs {
		s.Paddles[side] = clamp(s.Paddles[side]+sign(dir)*PaddleStep, half, CourtHeight-half)
	}
}

func (s *State) serve() Happened {
	steep := int32(s.next()%(2*steepServe+1)) - steepServe
	s.VY = ServeSpeed * steep / 100
	s.VX = across(ServeSpeed, s.VY)
	if s.Server == Left {
		s.VX = -s.VX
	}
	return Served
}

// across is what a speed leaves for the way across when so much of it goes up
// or down. math.Sqrt is exact enough: IEEE 754 rounds it correctly, and the
// numbers are small.
func across(speed, vy int32) int32 {
	return int32(math.Sqrt(float64(speed*speed - vy*vy)))
}

// fly moves the ball. Where it meets the line of a paddle within the tick is
// reckoned, not looked up afterwards: however fast it is, it passes through
// none.
func (s *State) fly() Happened {
	side, toGo := Left, s.X-BallRadius-PaddleInset
	if s.VX > 0 {
		side, toGo = Right, CourtWidth-PaddleInset-BallRadius-s.X
	}
	speed := abs(s.VX)
	if toGo < 0 || toGo >= speed {
		s.X += s.VX
		happened := s.glide(s.Y+s.VY, s.VY)
		if s.X < -BallRadius || s.X > CourtWidth+BallRadius {
			s.Gone = 1
		}
		return happened
	}
	at, turned := fold(s.Y + s.VY*toGo/speed)
	length := Half(s.Hits) + BallRadius
	off := at - s.Paddles[side]
	if length == BallRadius || abs(off) > length {
		s.X += s.VX
		return s.glide(s.Y+s.VY, s.VY) | Missed
	}
	rest := speed - toGo
	s.Hits++
	vx, vy := rebound(s.Hits, off, length)
	gone := vx * rest / speed
	if side == Left {
		s.X = PaddleInset + BallRadius + gone
		s.VX = vx
	} else {
		s.X = CourtWidth - PaddleInset - BallRadius - gone
		s.VX = -vx
	}
	happened := s.glide(at+vy*rest/speed, vy) | HitPaddle
	if turned {
		happened |= Bounced
	}
	return happened
}

// rebound returns the speed that a paddle of half such a length gives the ball
// with so many hits of a rally: away from it, and the steeper the farther off
// its middle.
func rebound(hits uint16, off, length int32) (vx, vy int32) {
	fast := min(ServeSpeed+SpeedUp*int32(hits), TopSpeed)
	vy = fast * steepest / 100 * off / length
	return across(fast, vy), vy
}

// leave counts the ticks since the ball has left, and then the point. Whoever
// lost it is served next.
func (s *State) leave() Happened {
	if s.Gone < GoalDelay {
		s.Gone++
		return 0
	}
	loser := Left
	if s.X > CourtWidth/2 {
		loser = Right
	}
	s.Score[loser.Other()]++
	s.X, s.Y, s.VX, s.VY = CourtWidth/2, CourtHeight/2, 0, 0
	s.Hits, s.Gone, s.Hold, s.Server = 0, 0, max(s.Hold, ServeHold), loser
	s.movePaddles([2]int8{}) // those that had shrunk may stand too near to a wall
	if _, over := s.Over(); over {
		return Scored | Won
	}
	return Scored
}

// glide takes the ball to a height, or to where the walls send it.
func (s *State) glide(y, vy int32) Happened {
	to, turned := fold(y)
	if turned {
		s.Y, s.VY = to, -vy
		return Bounced
	}
	s.Y, s.VY = to, vy
	return 0
}

// fold reflects a height between the walls. In a tick the ball meets one of
// them at most.
func fold(y int32) (inside int32, turned bool) {
	switch {
	case y < BallRadius:
		return 2*BallRadius - y, true
	case y > CourtHeight-BallRadius:
		return 2*(CourtHeight-BallRadius) - y, true
	}
	return y, false
}

func clamp(v, low, high int32) int32 { return max(low, min(v, high)) }

func abs(v int32) int32 {
	if v < 0 {
		return -v
	}
	return v
}

func sign(dir int8) int32 {
	switch {
	case dir < 0:
		return -1
	case dir > 0:
		return 1
	}
	return 0
}
