package pong_test

import (
	"math/rand/v2"

	"pgregory.net/rapid"

	"rally/modules/pong"
)

// hand is a player of a random match: it goes where the ball will come, more or
// less.
type hand struct {
	rng  *rand.Rand
	care int // of a hundred decisions, those that follow the ball
	dir  int8
	wait int
}

func (h *hand) direction(s pong.State, side pong.Side) int8 {
	if h.wait--; h.wait > 0 {
		return h.dir
	}
	h.wait = h.rng.IntN(10)
	aim := float64(pong.CourtHeight / 2)
	if s.VX != 0 && (s.VX > 0) == (side == pong.Right) {
		aim = crossing(s, side)
	}
	switch off := int32(aim) - s.Paddles[side]; {
	case h.rng.IntN(100) >= h.care:
		h.dir = int8(h.rng.UintN(256))
	case abs(off) < pong.Half(s.Hits)/2+pong.PaddleStep:
		h.dir = 0
	case off < 0:
		h.dir = -1
	default:
		h.dir = 1
	}
	return h.dir
}

// crossing returns the height at which a ball on its way to a side crosses the
// line of its paddle, by another arithmetic than the court's.
func crossing(s pong.State, side pong.Side) float64 {
	toGo := s.X - pong.BallRadius - pong.PaddleInset
	if side == pong.Right {
		toGo = pong.CourtWidth - pong.PaddleInset - pong.BallRadius - s.X
	}
	const low, high = float64(pong.BallRadius), float64(pong.CourtHeight - pong.BallRadius)
	y := float64(s.Y) + float64(s.VY)*float64(toGo)/float64(abs(s.VX))
	for y < low || y > high {
		if y < low {
			y = 2*low - y
		} else {
			y = 2*high - y
		}
	}
	return y
}

// tick is what went into a step, and what came of it.
type tick struct {
	toggled  bool // paused, or went on, before it
	dirs     [2]int8
	state    pong.State
	happened pong.Happened
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 14)) }

// randomMatch plays a match, with pauses, and tells of each tick.
func randomMatch(rng *rand.Rand, points int, visit func(tick)) pong.State {
	s := pong.NewState(points, rng.Uint32())
	care := 10 + rng.IntN(50)
	if rng.IntN(40) == 0 {
		care = 96 // so that some rallies are long
	}
	hands := [2]hand{{rng: rng, care: care}, {rng: rng, care: care + rng.IntN(4)}}
	for {
		t := tick{toggled: rng.IntN(600) == 0 || s.Paused && rng.IntN(40) == 0}
		toggle(&s, t.toggled)
		t.dirs = [2]int8{hands[0].direction(s, pong.Left), hands[1].direction(s, pong.Right)}
		t.happened = s.Step(t.dirs)
		t.state = s
		visit(t)
		if _, over := s.Over(); over {
			return s
		}
	}
}

func toggle(s *pong.State, toggled bool) {
	switch {
	case !toggled:
	case s.Paused:
		s.Resume()
	default:
		s.Pause()
	}
}

func abs(v int32) int32 { return max(v, -v) }

func drawPoints(t *rapid.T) int { return rapid.SampledFrom([]int{3, 5, 11}).Draw(t, "points") }

func drawRand(t *rapid.T) *rand.Rand { return newRand(rapid.Uint64().Draw(t, "seed")) }

func drawSide(t *rapid.T) pong.Side {
	return rapid.SampledFrom([]pong.Side{pong.Left, pong.Right}).Draw(t, "side")
}
