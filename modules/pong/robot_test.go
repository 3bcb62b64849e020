package pong_test

import (
	"slices"
	"testing"

	"rally/modules/pong"
)

// player is whoever plays a side.
type player interface {
	Direction(s pong.State) int8
}

// play plays a match to five and tells of each step, before it is done.
func play(seed uint32, players [2]player, visit func(s pong.State, dirs [2]int8)) pong.Side {
	s := pong.NewState(5, seed)
	for {
		dirs := [2]int8{players[pong.Left].Direction(s), players[pong.Right].Direction(s)}
		visit(s, dirs)
		s.Step(dirs)
		if winner, over := s.Over(); over {
			return winner
		}
	}
}

func TestParseLevel(t *testing.T) {
	for _, level := range pong.Levels() {
		if got, ok := pong.ParseLevel(string(level)); !ok || got != level {
			t.Errorf("%s became %s, %t", level, got, ok)
		}
	}
	for _, name := range []string{"", "Easy", "impossible"} {
		if got, ok := pong.ParseLevel(name); ok {
			t.Errorf("%q is %s", name, got)
		}
	}
}

// series lets one kind of player meet another, seated in turn, and returns how
// often the first won.
func series(matches uint32, one, other func(side pong.Side, seed uint32) player) int {
	wins := 0
	for n := range matches {
		side := pong.Side(n & 1)
		var players [2]player
		players[side], players[side.Other()] = one(side, 2*n), other(side.Other(), 2*n+1)
		if play(n*2_654_435_761, players, func(pong.State, [2]int8) {}) == side {
			wins++
		}
	}
	return wins
}

func robots(level pong.Level) func(pong.Side, uint32) player {
	return func(side pong.Side, seed uint32) player { return pong.NewRobot(level, side, seed) }
}

// person is a model of somebody who plays: they see everything, but a moment
// ago, and reckon where the ball will come with an error that grows with its
// speed.
type person struct {
	side    pong.Side
	delay   int
	error   int32
	noise   uint32
	seen    []pong.State
	coming  bool
	off     int32
	dir     int8
	changed uint32
}

func people(delay int, errorAtServe int32) func(pong.Side, uint32) player {
	return func(side pong.Side, seed uint32) player {
		return &person{side: side, delay: delay, error: errorAtServe, noise: seed*2_654_435_761 | 1}
	}
}

func (p *person) Direction(s pong.State) int8 {
	if p.seen = append(p.seen, s); len(p.seen) <= p.delay {
		return 0
	}
	then := p.seen[0]
	p.seen = p.seen[1:]
	target := int32(pong.CourtHeight / 2)
	coming := then.VX != 0 && then.Gone == 0 && (then.VX > 0) == (p.side == pong.Right)
	if coming {
		if !p.coming {
			most := p.error * (abs(then.VX) + abs(then.VY)) / pong.ServeSpeed
			p.noise = p.noise*1_664_525 + 1_013_904_223
			p.off = int32(p.noise>>8%uint32(2*most+1)) - most
		}
		target = int32(crossing(then, p.side)) + p.off
	}
	p.coming = coming
	want, distance := int8(0), target-s.Paddles[p.side]
	if abs(distance) >= pong.PaddleStep {
		want = 1
		if distance < 0 {
			want = -1
		}
	}
	switch {
	case want == p.dir:
	case p.dir != 0:
		p.dir, p.changed = 0, s.Tick
	case abs(distance) >= 2*pong.PaddleStep && s.Tick >= p.changed+6:
		p.dir, p.changed = want, s.Tick
	}
	return p.dir
}

// Each level is clearly better than the one before, easy is for those who play
// now and then, and nobody is unbeatable.
func TestLevelsDiffer(t *testing.T) {
	t.Parallel()
	casual, good, expert := people(21, 6_500), people(16, 4_500), people(12, 3_000)
	for _, test := range []struct {
		name        string
		matches     uint32
		one, other  func(pong.Side, uint32) player
		least, most int // percent
	}{
		{"normal against easy", 200, robots(pong.Normal), robots(pong.Easy), 80, 100},
		{"hard against normal", 200, robots(pong.Hard), robots(pong.Normal), 80, 100},
		{"hard against easy", 200, robots(pong.Hard), robots(pong.Easy), 90, 100},
		{"a casual player against easy", 60, casual, robots(pong.Easy), 75, 100},
		{"a casual player against normal", 60, casual, robots(pong.Normal), 15, 60},
		{"a casual player against hard", 60, casual, robots(pong.Hard), 0, 10},
		{"a good player against hard", 60, good, robots(pong.Hard), 5, 50},
		{"an expert against hard", 60, expert, robots(pong.Hard), 75, 100},
	} {
		won := 100 * series(test.matches, test.one, test.other) / int(test.matches)
		t.Logf("%s: won %d %%", test.name, won)
		if won < test.least || won > test.most {
			t.Errorf("%s: won %d %%, want %d to %d", test.name, won, test.least, test.most)
		}
	}
}

// The same seed and the same match give the same directions, other seeds do
// not: nobody learns a robot by heart.
func TestRobotsAreDeterministic(t *testing.T) {
	run := func(seed uint32, level pong.Level) (all [][2]int8) {
		play(3, [2]player{pong.NewRobot(level, pong.Left, seed), pong.NewRobot(level, pong.Right, seed+1)}, func(_ pong.State, dirs [2]int8) {
			all = append(all, dirs)
		})
		return all
	}
	for _, level := range pong.Levels() {
		if !slices.Equal(run(5, level), run(5, level)) {
			t.Errorf("%s plays the same match in two ways", level)
		}
		if slices.Equal(run(5, level), run(6, level)) {
			t.Errorf("%s plays all matches in one way", level)
		}
	}
}

// A robot's paddle moves as if somebody pressed keys: not too many a second, no
// key for less than a moment, and none while there is nothing to do.
func TestRobotsHaveHumanFingers(t *testing.T) {
	t.Parallel()
	for _, level := range pong.Levels() {
		most, changes, ticks := 0, 0, 0
		for n := range uint32(50) {
			for side := range pong.Side(2) {
				players := [2]player{pong.NewRobot(level, pong.Left, n), pong.NewRobot(level, pong.Right, n)}
				players[side.Other()] = people(16, 4_500)(side.Other(), n)
				var when []uint32
				var last int8
				play(n, players, func(s pong.State, dirs [2]int8) {
					ticks++
					dir := dirs[side]
					if dir == last {
						return
					}
					if last != 0 && dir != 0 {
						t.Fatalf("%s turns around in no time, in tick %d of match %d", level, s.Tick, n)
					}
					last = dir
					when = append(when, s.Tick)
					for len(when) > 0 && when[0]+pong.TicksPerSecond <= s.Tick {
						when = when[1:]
					}
					most, changes = max(most, len(when)), changes+1
				})
			}
		}
		average := float64(changes) / float64(ticks) * pong.TicksPerSecond
		t.Logf("%s: %.1f changes of direction a second, at most %d", level, average, most)
		if most > 9 || average > 3 {
			t.Errorf("%s changes its direction %.1f times a second, and up to %d times", level, average, most)
		}
	}
}

// Nothing happens before a person would have seen where the ball goes, and
// nothing at all while it rests.
func TestRobotsReactAsPeopleDo(t *testing.T) {
	for _, level := range pong.Levels() {
		for seed := range uint32(50) {
			robot := pong.NewRobot(level, pong.Right, seed)
			s := pong.NewState(5, seed)
			s.Hold, s.VX, s.VY = 0, 1_300, 750
			for s.Gone == 0 && s.VX > 0 {
				dir := robot.Direction(s)
				if dir != 0 && s.Tick < 12 {
					t.Fatalf("%s moved in tick %d", level, s.Tick)
				}
				s.Step([2]int8{0, dir})
			}
			robot = pong.NewRobot(level, pong.Right, seed)
			for s = pong.NewState(5, seed); s.VX == 0; s.Step([2]int8{}) {
				if dir := robot.Direction(s); dir != 0 {
					t.Fatalf("%s moved in tick %d, before the serve", level, s.Tick)
				}
			}
		}
	}
}

// When the ball goes away the robot returns towards the middle.
func TestRobotsReturnToTheMiddle(t *testing.T) {
	for _, level := range pong.Levels() {
		robot := pong.NewRobot(level, pong.Left, 4)
		s := pong.NewState(5, 4)
		s.Hold, s.VX, s.X, s.Paddles[pong.Left] = 0, 1_000, 20_000, 15_000
		for range 60 {
			s.Step([2]int8{robot.Direction(s), 0})
		}
		if off := abs(s.Paddles[pong.Left] - pong.CourtHeight/2); off > 3*pong.PaddleStep {
			t.Errorf("%s stands %d off the middle", level, off)
		}
	}
}
