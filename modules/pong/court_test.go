package pong_test

import (
	"math"
	"testing"

	"rally/modules/pong"
)

func TestNewStateBeginsInTheMiddle(t *testing.T) {
	sides := map[pong.Side]int{}
	for seed := range uint32(200) {
		s := pong.NewState(5, seed)
		if s.Noise == 0 || s.Hold != pong.StartHold || s.X != pong.CourtWidth/2 || s.Y != pong.CourtHeight/2 || s.VX != 0 || s.VY != 0 {
			t.Fatalf("seed %d: %+v", seed, s)
		}
		sides[s.Server]++
	}
	if sides[pong.Left] < 60 || sides[pong.Right] < 60 {
		t.Errorf("served first: %v", sides)
	}
}

func TestHalfShrinksToNothing(t *testing.T) {
	for hits, want := range map[uint16]int32{
		0: pong.PaddleHalf, 39: pong.PaddleHalf, 40: pong.PaddleHalf, 41: 8287, 60: pong.PaddleHalf / 2, 79: 212, 80: 0, math.MaxUint16: 0,
	} {
		if got := pong.Half(hits); got != want {
			t.Errorf("after %d hits %d, want %d", hits, got, want)
		}
	}
}

func TestPaddlesMoveBySignAndStayIn(t *testing.T) {
	s := pong.NewState(5, 1)
	s.Step([2]int8{-128, 127})
	if want := [2]int32{45_000 - pong.PaddleStep, 45_000 + pong.PaddleStep}; s.Paddles != want {
		t.Errorf("paddles at %v, want %v", s.Paddles, want)
	}
	s.Pause()
	for range 100 {
		s.Step([2]int8{-1, 1})
	}
	if want := [2]int32{pong.PaddleHalf, pong.CourtHeight - pong.PaddleHalf}; s.Paddles != want {
		t.Errorf("paddles at %v after a long way, want %v", s.Paddles, want)
	}
	if s.Tick != 101 || s.Hold != pong.StartHold-1 {
		t.Errorf("a pause holds the ball, not the clock: %+v", s)
	}
}

func TestServeGoesToTheServer(t *testing.T) {
	for seed := range uint32(50) {
		s := pong.NewState(5, seed)
		for range pong.StartHold - 1 {
			if happened := s.Step([2]int8{}); happened != 0 || s.VX != 0 {
				t.Fatalf("%v in tick %d: %+v", happened, s.Tick, s)
			}
		}
		happened := s.Step([2]int8{})
		if happened != pong.Served || (s.VX < 0) != (s.Server == pong.Left) {
			t.Fatalf("%v: %+v", happened, s)
		}
		if speed := math.Hypot(float64(s.VX), float64(s.VY)); speed > pong.ServeSpeed || speed < pong.ServeSpeed-2 {
			t.Fatalf("served at %f", speed)
		}
	}
}

// A ball that leaves counts GoalDelay later, and whoever lost it gets the next.
func TestMissCountsAfterGoalDelay(t *testing.T) {
	s := pong.NewState(3, 7)
	s.Hold, s.VX, s.VY, s.X, s.Paddles = 0, -2_000, 0, 8_000, [2]int32{80_000, 80_000}
	if happened := s.Step([2]int8{}); happened != pong.Missed || s.X != 6_000 {
		t.Fatalf("%v: %+v", happened, s)
	}
	for s.Gone == 0 {
		if happened := s.Step([2]int8{}); happened != 0 {
			t.Fatalf("%v: %+v", happened, s)
		}
	}
	left := s.Tick
	for s.Score[pong.Right] == 0 {
		if happened := s.Step([2]int8{}); (happened == pong.Scored) != (s.Score[pong.Right] == 1) {
			t.Fatalf("%v: %+v", happened, s)
		}
	}
	if s.Tick != left+pong.GoalDelay || s.Server != pong.Left || s.Hold != pong.ServeHold || s.VX != 0 || s.X != pong.CourtWidth/2 {
		t.Errorf("left in %d: %+v", left, s)
	}
	s.Score[pong.Right], s.Gone, s.X = 2, pong.GoalDelay, -1
	if happened := s.Step([2]int8{}); happened != pong.Scored|pong.Won {
		t.Errorf("the last point: %v", happened)
	}
	if winner, over := s.Over(); !over || winner != pong.Right {
		t.Errorf("%d has won: %t", winner, over)
	}
	last := s
	if happened := s.Step([2]int8{1, 1}); happened != 0 || s != last {
		t.Errorf("after the end: %v, %+v", happened, s)
	}
}

func TestPausesHoldTheBall(t *testing.T) {
	s := pong.NewState(5, 3)
	s.Hold, s.VX, s.VY = 0, 1_500, 300
	still := s
	s.Resume()
	if s != still {
		t.Fatalf("going on without a pause changed %+v", s)
	}
	s.Pause()
	s.Step([2]int8{})
	s.Resume()
	for range pong.ResumeHold {
		s.Step([2]int8{})
	}
	if s.X != still.X || s.VX != still.VX {
		t.Errorf("moved while resting: %+v", s)
	}
	if s.Step([2]int8{}); s.X != still.X+1_500 {
		t.Errorf("did not go on: %+v", s)
	}
	// The rest after a pause is as long when the ball had left.
	s.X, s.Gone, s.Hold = -2_000, 3, 0
	s.Pause()
	s.Resume()
	for s.Gone > 0 {
		s.Step([2]int8{})
	}
	if s.Hold != pong.ResumeHold {
		t.Errorf("%d ticks of rest", s.Hold)
	}
}

func TestPaddleSendsTheBallByWhereItIsMet(t *testing.T) {
	const reach = pong.PaddleHalf + pong.BallRadius
	for _, test := range []struct {
		off    int32
		vx, vy int32
	}{{0, 1_600, 0}, {reach, 960, 1_280}, {-reach, 960, -1_280}, {reach / 2, 1_466, 640}} {
		s := pong.NewState(5, 1)
		s.Hold, s.X, s.VX, s.Paddles[pong.Right] = 0, 153_000, 1_500, s.Y-test.off
		if happened := s.Step([2]int8{}); happened != pong.HitPaddle || s.VX != -test.vx || s.VY != test.vy || s.Hits != 1 {
			t.Errorf("%d off: %v, %+v", test.off, happened, s)
		}
		if s.X > pong.CourtWidth-pong.PaddleInset-pong.BallRadius {
			t.Errorf("%d off: behind the paddle, at %d", test.off, s.X)
		}
	}
}

// The pace of the game: who changes a constant should know.
func TestPaceIsForPeople(t *testing.T) {
	const between = pong.CourtWidth - 2*(pong.PaddleInset+pong.BallRadius)
	seconds := func(speed float64) float64 { return between / speed / pong.TicksPerSecond }
	if s := seconds(pong.ServeSpeed); s < 1.3 || s > 1.9 {
		t.Errorf("at first the ball takes %.2f s across", s)
	}
	if straight, steep := seconds(pong.TopSpeed), seconds(pong.TopSpeed*0.6); straight < 0.45 || steep > 0.8 {
		t.Errorf("at last it takes %.2f to %.2f s", straight, steep)
	}
	if s := float64(pong.CourtHeight-2*pong.PaddleHalf) / pong.PaddleStep / pong.TicksPerSecond; s > 1 {
		t.Errorf("a paddle takes %.2f s from wall to wall", s)
	}
}
