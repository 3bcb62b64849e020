package pong

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// A robot sees the court once a second, and never the serves to come. Its twin
// is shown nonsense between its looks, and does the same.
func TestRobotSeesOnceASecond(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := rapid.SampledFrom(Levels()).Draw(t, "level")
		side := Side(rapid.IntRange(0, 1).Draw(t, "side"))
		seed := rapid.Uint32().Draw(t, "seed")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "match"), 15))
		robot, twin := NewRobot(level, side, seed), NewRobot(level, side, seed)
		s := NewState(3, rng.Uint32())
		var other int8
		var looked uint32
		for _, over := s.Over(); !over; _, over = s.Over() {
			var dirs [2]int8
			dirs[side] = robot.Direction(s)
			shown := State{Tick: s.Tick, X: rng.Int32(), Y: rng.Int32(), VX: rng.Int32(), VY: rng.Int32(), Points: 1, Hits: 9, Hold: 9, Gone: 9}
			if robot.at == s.Tick {
				shown = s
				if since := s.Tick - looked; s.Tick > 0 && (since < TicksPerSecond || since > longestWait || level == Easy && since != TicksPerSecond) {
					t.Fatalf("tick %d: it looks %d ticks after its last look", s.Tick, since)
				}
				looked = s.Tick
			}
			shown.Noise = rng.Uint32()
			shown.Paddles[side] = s.Paddles[side]
			if blind := twin.Direction(shown); blind != dirs[side] {
				t.Fatalf("tick %d: %d, and blindly %d", s.Tick, dirs[side], blind)
			}
			if rng.IntN(8) == 0 {
				other = toward(s.Y-s.Paddles[side.Other()], PaddleHalf)
			}
			dirs[side.Other()] = other
			s.Step(dirs)
			switch rng.IntN(500) {
			case 0:
				s.Pause()
			case 1, 2, 3, 4:
				s.Resume()
			}
		}
	})
}

func TestArrivalIsWhereTheBallArrives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := NewState(5, 1)
		s.Hold = 0
		s.X = rapid.Int32Range(PaddleInset+BallRadius, CourtWidth-PaddleInset-BallRadius).Draw(t, "x")
		s.Y = rapid.Int32Range(BallRadius, CourtHeight-BallRadius).Draw(t, "y")
		s.VX = rapid.Int32Range(960, TopSpeed).Draw(t, "vx")
		s.VY = rapid.Int32Range(-4*s.VX/3, 4*s.VX/3).Draw(t, "vy")
		if rapid.Bool().Draw(t, "left") {
			s.VX = -s.VX
		}
		y, ticks := s.arrival()
		s.Hits = LongestRally // nobody in the way
		last := s
		for happened := Happened(0); happened&Missed == 0; happened = s.Step([2]int8{}) {
			last = s
		}
		if int32(last.Tick) != ticks || abs(last.Y-y) > abs(last.VY)+1 {
			t.Fatalf("at %d in %d ticks, not near %+v", y, ticks, last)
		}
	})
}
