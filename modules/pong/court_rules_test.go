package pong_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rally/modules/pong"
)

// drawFlight returns a court with a ball on its way to side, anywhere between
// the paddles, at any speed and angle that a ball may have.
func drawFlight(t *rapid.T, side pong.Side) pong.State {
	s := pong.NewState(11, rapid.Uint32().Draw(t, "seed"))
	s.Hold = 0
	s.Hits = uint16(rapid.IntRange(0, pong.LongestRally-1).Draw(t, "hits"))
	speed := rapid.IntRange(pong.ServeSpeed, pong.TopSpeed).Draw(t, "speed")
	s.VY = int32(speed * rapid.IntRange(-80, 80).Draw(t, "steep") / 100)
	s.VX = int32(math.Sqrt(float64(int32(speed*speed) - s.VY*s.VY)))
	const line = pong.PaddleInset + pong.BallRadius
	s.X = rapid.Int32Range(line, pong.CourtWidth-line).Draw(t, "x")
	s.Y = rapid.Int32Range(pong.BallRadius, pong.CourtHeight-pong.BallRadius).Draw(t, "y")
	if side == pong.Left {
		s.VX = -s.VX
	}
	return s
}

// At every speed: a paddle that covers the place where the ball crosses its
// line hits it, and one beside it does not.
func TestNothingPassesThroughAPaddle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := drawSide(t)
		s := drawFlight(t, side)
		at := crossing(s, side)
		reach := float64(pong.Half(s.Hits) + pong.BallRadius)
		off := rapid.Float64Range(-2, 2).Draw(t, "off") * reach
		if math.Abs(math.Abs(off)-reach) < 3 {
			t.Skip("neither here nor there")
		}
		// A paddle may stand anywhere here, also where no player could move it.
		stand := int32(math.Round(at - off))
		hits := s.Hits
		for {
			s.Paddles[side] = stand
			// Step would move the paddle between the walls.
			if half := pong.Half(s.Hits); stand < half || stand > pong.CourtHeight-half {
				t.Skip("no place for a paddle")
			}
			happened := s.Step([2]int8{})
			met := happened & (pong.HitPaddle | pong.Missed)
			if met == 0 {
				continue
			}
			if want := math.Abs(off) < reach; want != (met == pong.HitPaddle) {
				t.Fatalf("%.0f off the middle, reach %.0f, but %v: %+v", off, reach, happened, s)
			}
			if met == pong.HitPaddle && s.Hits != hits+1 {
				t.Fatalf("%d hits after %d", s.Hits, hits)
			}
			return
		}
	})
}

func acrossMirror(s pong.State) pong.State {
	s.X, s.VX, s.Server = pong.CourtWidth-s.X, -s.VX, s.Server.Other()
	s.Paddles[0], s.Paddles[1] = s.Paddles[1], s.Paddles[0]
	s.Score[0], s.Score[1] = s.Score[1], s.Score[0]
	return s
}

// Two states that are mirror images have successors that are. So, from the
// beginning on, have two matches.
func TestSidesAreAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var last pong.State
		randomMatch(drawRand(t), drawPoints(t), func(k tick) {
			if k.state.Tick > 1 {
				there := acrossMirror(last)
				toggle(&there, k.toggled)
				happened := there.Step([2]int8{k.dirs[1], k.dirs[0]})
				if happened != k.happened || acrossMirror(there) != k.state {
					t.Fatalf("%v %+v\n%v %+v", k.happened, k.state, happened, acrossMirror(there))
				}
			}
			last = k.state
		})
	})
}

func upsideDown(s pong.State) pong.State {
	s.Y, s.VY = pong.CourtHeight-s.Y, -s.VY
	for side := range s.Paddles {
		s.Paddles[side] = pong.CourtHeight - s.Paddles[side]
	}
	return s
}

func flipped(dir int8) int8 {
	switch {
	case dir < 0:
		return 1
	case dir > 0:
		return -1
	}
	return 0
}

func TestUpIsLikeDown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var last pong.State
		randomMatch(drawRand(t), drawPoints(t), func(k tick) {
			if k.state.Tick > 1 {
				there := upsideDown(last)
				toggle(&there, k.toggled)
				happened := there.Step([2]int8{flipped(k.dirs[0]), flipped(k.dirs[1])})
				if happened&pong.Served != 0 {
					there.VY = -there.VY // of the generator, not of the court
				}
				if happened != k.happened || upsideDown(there) != k.state {
					t.Fatalf("%v %+v\n%v %+v", k.happened, k.state, happened, upsideDown(there))
				}
			}
			last = k.state
		})
	})
}

func TestSameInputsSameMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed, points := rapid.Uint64().Draw(t, "seed"), drawPoints(t)
		var first []pong.State
		randomMatch(newRand(seed), points, func(k tick) { first = append(first, k.state) })
		i := 0
		randomMatch(newRand(seed), points, func(k tick) {
			if k.state != first[i] {
				t.Fatalf("%+v\n%+v", first[i], k.state)
			}
			i++
		})
	})
}

// longestMatch returns the ticks after which a match without pauses is over,
// whatever the players do. The proof: with the n-th hit the ball's speed f is
// set, at most steepest percent of it up or down, so that no less than across
// goes over the court: a tick for each such way between the paddles' lines, and
// one for what remains. After LongestRally hits there is no paddle to hit it.
// Then it leaves, and counts GoalDelay later. Each of 2·points - 1 rallies
// scores.
func longestMatch(points int) uint32 {
	const line = pong.PaddleInset + pong.BallRadius
	slowest := func(speed int, percent int) int {
		vy := speed * percent / 100
		return int(math.Sqrt(float64(speed*speed - vy*vy)))
	}
	ticks := (pong.CourtWidth/2-line)/slowest(pong.ServeSpeed, 60) + 1
	for n := 1; n < pong.LongestRally; n++ {
		speed := min(pong.ServeSpeed+pong.SpeedUp*n, pong.TopSpeed)
		ticks += (pong.CourtWidth-2*line)/slowest(speed, 80) + 1
	}
	ticks += (pong.CourtWidth-line+pong.BallRadius)/slowest(pong.TopSpeed, 80) + 1
	ticks += pong.ServeHold + pong.GoalDelay
	return uint32(pong.StartHold - pong.ServeHold + (2*points-1)*ticks)
}

// Paddles that always meet the ball, and send it as steeply as they can, delay
// the end the most; no player could move them so.
func TestEveryMatchEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points, rng := drawPoints(t), drawRand(t)
		s := pong.NewState(points, rng.Uint32())
		bound := longestMatch(points)
		var longest uint16
		for over := false; !over; _, over = s.Over() {
			if s.VX != 0 {
				side := pong.Left
				if s.VX > 0 {
					side = pong.Right
				}
				// Whoever leads lets the last one through.
				lets := s.Hits >= pong.LongestRally-2 && s.Score[side] > s.Score[side.Other()]
				off := pong.Half(s.Hits) + pong.BallRadius - 3
				if rng.IntN(2) == 0 {
					off = -off
				}
				if s.Paddles[side] = int32(crossing(s, side)) - off; lets {
					s.Paddles[side] = pong.CourtHeight - s.Paddles[side]
				}
			}
			s.Step([2]int8{})
			longest = max(longest, s.Hits)
			if s.Tick > bound {
				t.Fatalf("still going on after %d ticks: %+v", bound, s)
			}
		}
		if longest != pong.LongestRally {
			t.Fatalf("the longest rally had %d hits", longest)
		}
		if s.Tick < bound/2 {
			t.Fatalf("over after %d of %d ticks: nobody delays it", s.Tick, bound)
		}
	})
	if minutes := float64(longestMatch(11)) / pong.TicksPerSecond / 60; minutes > 31 {
		t.Errorf("a match to 11 may take %.1f minutes", minutes)
	}
}

// complaint says what is wrong with a step, or nothing.
func complaint(before, after pong.State, happened pong.Happened) string {
	gained := [2]int{int(after.Score[0]) - int(before.Score[0]), int(after.Score[1]) - int(before.Score[1])}
	sum := gained[0] + gained[1]
	const out = pong.BallRadius + pong.TopSpeed
	_, over := before.Over()
	_, won := after.Over()
	half := pong.Half(after.Hits)
	flying := after.VX != 0
	switch {
	case over && (after != before || happened != 0):
		return "the match went on after its end"
	case over:
		return ""
	case after.Tick != before.Tick+1:
		return "the clock jumped"
	case gained[0] < 0 || gained[1] < 0 || sum > 1 || (sum == 1) != (happened&pong.Scored != 0):
		return "the score jumped"
	case sum == 1 && before.Gone != pong.GoalDelay:
		return "a point counted too early"
	case won != (happened&pong.Won != 0):
		return "the end was not told"
	case after.X < -out || after.X > pong.CourtWidth+out:
		return "the ball is away"
	case after.Y < pong.BallRadius || after.Y > pong.CourtHeight-pong.BallRadius:
		return "the ball is in a wall"
	case flying && (abs(after.VX) < 960 || abs(after.VX) > pong.TopSpeed || abs(after.VY) > pong.TopSpeed*8/10):
		return "the ball has a speed that it can't have"
	case !flying && after.VY != 0:
		return "the ball only goes up and down"
	case after.Hits > pong.LongestRally || after.Hits > before.Hits+1 || (after.Hits > before.Hits) != (happened&pong.HitPaddle != 0):
		return "the hits are wrong"
	case after.Hold > pong.StartHold || after.Gone > pong.GoalDelay || after.Noise == 0:
		return "a counter is wrong"
	case slices.Min(after.Paddles[:]) < half || slices.Max(after.Paddles[:]) > pong.CourtHeight-half:
		return "a paddle is in a wall"
	case sum == 0 && (abs(after.Paddles[0]-before.Paddles[0]) > pong.PaddleStep || abs(after.Paddles[1]-before.Paddles[1]) > pong.PaddleStep):
		return "a paddle jumped"
	case before.Paused && (after.X != before.X || after.Y != before.Y || happened != 0):
		return "the ball moved in a pause"
	}
	return ""
}

func TestMatchesKeepTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var last pong.State
		randomMatch(drawRand(t), drawPoints(t), func(k tick) {
			if k.state.Tick > 1 {
				toggle(&last, k.toggled)
				if wrong := complaint(last, k.state, k.happened); wrong != "" {
					t.Fatalf("%s: %v\n%+v\n%+v", wrong, k.happened, last, k.state)
				}
			}
			last = k.state
		})
	})
}

// Each byte of the input is up to fifteen ticks: two bits a direction, one for
// a pause to begin or end, the rest how long.
func FuzzStep(f *testing.F) {
	f.Add(uint32(1), byte(5), []byte{0x10, 0xf5, 0x3a, 0xff})
	f.Add(uint32(0), byte(0), []byte{})
	f.Fuzz(func(t *testing.T, seed uint32, points byte, input []byte) {
		s := pong.NewState([]int{3, 5, 11}[points%3], seed)
		var played, paused, rests uint32
		for _, b := range input {
			if b&0x10 != 0 {
				if s.Paused {
					rests += pong.ResumeHold
				}
				toggle(&s, true)
			}
			dirs := [2]int8{int8(b&3) - 1, int8(b>>2&3) - 1}
			for range 1 + 2*(b>>5) {
				before := s
				happened := s.Step(dirs)
				if wrong := complaint(before, s, happened); wrong != "" {
					t.Fatalf("%s: %v\n%+v\n%+v", wrong, happened, before, s)
				}
				if before.Paused {
					paused++
				}
				played++
			}
		}
		if _, over := s.Over(); !over && played-paused > longestMatch(int(s.Points))+rests {
			t.Fatalf("still going on: %+v", s)
		}
	})
}
