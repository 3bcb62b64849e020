package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"rally/modules/friends"
	"rally/modules/pong"
)

// game is what people play, while it is written.
type game struct {
	*pong.World

	r       *rand.Rand
	now     time.Time
	people  []person
	userIDs []int64
	friends [][]int   // who play, by number
	skill   []float64 // how well people play: at 0 as the easiest robot, at 2 as the hardest; nobody knows it
	often   lottery   // those who play, by how often they do
	free    time.Time // when the last match was over
}

const (
	usualMatches = 300
	// playersEach is of how many people one plays.
	playersEach   = 6
	fewestPlayers = 10
)

// newGame lets people play each other: whoever is about as good, and their friends,
// now and then twice. A match is played by two robots as good as its people, so
// that its score is what its record shows. One comes after the other, and nobody
// plays before they came.
func newGame(seed uint64, now time.Time, people []person, ties *friends.World, userIDs []int64) (*pong.World, error) {
	g := &game{
		World: pong.NewWorld(now), r: stream(seed, "pong", 0), now: now, people: people, userIDs: userIDs,
		friends: make([][]int, len(people)), skill: make([]float64, len(people)),
	}
	g.choosePlayers()
	g.meet(ties)
	if err := g.play(min(usualMatches, 3*len(people)/2)); err != nil {
		return nil, fmt.Errorf("play matches: %w", err)
	}
	if err := g.openCup(); err != nil {
		return nil, fmt.Errorf("open a tournament: %w", err)
	}
	return g.World, nil
}

// choosePlayers decides who plays how often, and how well. The logins play when it is
// their turn.
func (g *game) choosePlayers() {
	often := make([]float64, len(g.people))
	others := g.r.Perm(len(g.people) - loginCount)
	for _, i := range others[:min(len(others), max(fewestPlayers, len(g.people)/playersEach))] {
		often[loginCount+i] = math.Exp(0.8 * g.r.NormFloat64())
	}
	for i := range g.people {
		g.skill[i] = min(max(0.9+0.45*g.r.NormFloat64(), 0), 2)
	}
	g.skill[shopper], g.skill[seller], g.skill[admin] = 1.2, 0.9, 0.5
	g.often = newLottery(often)
	for i := range g.people {
		if often[i] == 0 && i >= loginCount {
			g.skill[i] = -1
		}
	}
}

// plays reports whether somebody does at all.
func (g *game) plays(i int) bool { return g.skill[i] >= 0 }

// meet finds out who of the players are friends.
func (g *game) meet(ties *friends.World) {
	number := map[int64]int{}
	for i, id := range g.userIDs {
		number[id] = i
	}
	for _, tie := range ties.Friendships {
		a, b := number[tie.A], number[tie.B]
		if g.plays(a) && g.plays(b) {
			g.friends[a], g.friends[b] = append(g.friends[a], b), append(g.friends[b], a)
		}
	}
}

// play plays n matches or a few more or less, and a tournament among them.
func (g *game) play(n int) error {
	cup := g.cupEvening()
	moments := g.moments(7 * n / 10) // every third match is followed by another
	turns := g.turns(len(moments))
	for i, at := range moments {
		if !cup.IsZero() && at.After(cup) {
			if err := g.playCup(cup); err != nil {
				return err
			}
			cup = time.Time{}
		}
		if at.Before(g.free) {
			at = g.free.Add(time.Minute)
		}
		if err := g.meeting(turns[i], at); err != nil {
			return err
		}
	}
	if cup.IsZero() {
		return nil
	}
	return g.playCup(cup)
}

// moments are n times of the history, in order: most when people have time, and
// lately more.
func (g *game) moments(n int) []time.Time {
	days := make([]float64, historyDays+1)
	for i := range days {
		days[i] = (0.4 + math.Exp(float64(i-historyDays)/25)) * weekly(g.now.In(seoul()).AddDate(0, 0, i-historyDays).Weekday())
	}
	y, m, d := g.now.In(seoul()).Date()
	first := time.Date(y, m, d-historyDays, 0, 0, 0, 0, seoul())
	day, hour := newLottery(days), newLottery(hourly())
	times := make([]time.Time, 0, n)
	for len(times) < n {
		at := first.AddDate(0, 0, day.draw(g.r)).Add(time.Duration(hour.draw(g.r))*time.Hour + time.Duration(g.r.Int64N(int64(time.Hour))))
		if at.Before(g.now.Add(-time.Hour)) {
			times = append(times, at.UTC().Truncate(time.Millisecond))
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// anybody begins a meeting that is no login's turn.
const anybody = -1

// turns gives each login some of n meetings to begin.
func (g *game) turns(n int) []int {
	turns := slices.Repeat([]int{anybody}, n)
	order := g.r.Perm(n)
	for login, each := range map[int]int{shopper: 22, seller: 35, admin: 80} {
		for k := range 1 + n/each {
			if place := loginCount*k + login; place < n {
				turns[order[place]] = login
			}
		}
	}
	return turns
}

// here reports whether somebody was there at a time.
func (g *game) here(i int, at time.Time) bool { return g.people[i].created.Add(day).Before(at) }

// meeting lets two people play, once or a few times. Where nobody has time, nothing
// happens.
func (g *game) meeting(a int, at time.Time) error {
	if a == anybody {
		a = g.somebody(at, nil)
	}
	b, mode := g.opponent(a, at)
	if a < 0 || b < 0 {
		return nil
	}
	m := pong.Match{Mode: mode, Points: 5, Players: [2]int64{g.userIDs[a], g.userIDs[b]}}
	switch {
	case chance(g.r, 0.2):
		m.Points = 3
	case chance(g.r, 0.1):
		m.Points = 11
	}
	for {
		m.CreatedAt = at
		played, err := g.match(m)
		if err != nil || played.ID == 0 || !chance(g.r, 0.33) {
			return err
		}
		// Whoever lost wants another.
		loser := played.Players[played.Winner.Other()]
		m = pong.Match{Mode: pong.Invite, Points: m.Points, Players: [2]int64{loser, played.Players[*played.Winner]}, RematchOf: played.ID}
		at = g.free.Add(time.Duration(between(g.r, 3, 25) * float64(time.Second))).Truncate(time.Millisecond)
	}
}

// somebody returns one of those who play and are there, but not of some, or -1.
func (g *game) somebody(at time.Time, but []int) int {
	for range 100 {
		if i := g.often.draw(g.r); g.here(i, at) && !slices.Contains(but, i) {
			return i
		}
	}
	return -1
}

// opponent returns a friend who is asked, or of a few who wait whoever is about as
// good; -1 is nobody.
func (g *game) opponent(a int, at time.Time) (b int, mode pong.Mode) {
	if a < 0 {
		return -1, ""
	}
	if len(g.friends[a]) > 0 && chance(g.r, 0.4) {
		if b := one(g.r, g.friends[a]); g.here(b, at) {
			return b, pong.Invite
		}
	}
	own := g.Standing(g.userIDs[a], at).Rating.Rating
	best, least := -1, math.Inf(1)
	for range 3 {
		if i := g.somebody(at, []int{a}); i >= 0 {
			if away := math.Abs(g.Standing(g.userIDs[i], at).Rating.Rating - own); away < least {
				best, least = i, away
			}
		}
	}
	return best, pong.Quick
}

// match plays a match that is made at its time. It returns none that would not be over
// by now.
func (g *game) match(m pong.Match) (pong.Match, error) {
	began, record := g.court(m)
	m.StartedAt = &began
	if chance(g.r, 0.03) {
		record = g.giveUp(&m, record)
	}
	if began.Add(time.Duration(record.Ticks) * time.Second / pong.TicksPerSecond).After(g.now) {
		return pong.Match{}, nil
	}
	played, err := g.Play(m, record)
	if err == nil {
		g.free = *played.EndedAt
	}
	return played, err
}

// court plays a match to its end, soon after it was made.
func (g *game) court(m pong.Match) (began time.Time, record pong.Record) {
	began = m.CreatedAt.Add(time.Duration(between(g.r, 4, 25) * float64(time.Second))).Truncate(time.Millisecond)
	seed := g.r.Uint32()
	players := [2]*player{}
	for side, id := range m.Players {
		players[side] = newPlayer(g.r, pong.Side(side), g.skill[slices.Index(g.userIDs, id)])
	}
	s, recorder := pong.NewState(m.Points, seed), pong.NewRecorder(m.Points, seed)
	for {
		if _, over := s.Over(); over {
			return began, recorder.Record()
		}
		dirs := [2]int8{players[pong.Left].direction(s), players[pong.Right].direction(s)}
		s.Step(dirs)
		recorder.Step(dirs)
	}
}

// giveUp ends a match early, when whoever is behind has had enough.
func (g *game) giveUp(m *pong.Match, r pong.Record) pong.Record {
	r.Ticks = uint32(between(g.r, 0.5, 0.9) * float64(r.Ticks))
	r.Changes = slices.DeleteFunc(r.Changes, func(c pong.Change) bool { return c.Tick > r.Ticks })
	winner := pong.Left
	if score := r.Play(nil).Score; score[pong.Right] > score[pong.Left] {
		winner = pong.Right
	}
	m.Winner = &winner
	return r
}

// player plays as well as two levels allow: each rally at one of them.
type player struct {
	r      *rand.Rand
	side   pong.Side
	low    pong.Level
	high   pong.Level
	better float64     // how likely it is the higher level
	robot  *pong.Robot // that plays this rally
	score  [2]uint8
}

func newPlayer(r *rand.Rand, side pong.Side, skill float64) *player {
	levels := pong.Levels()
	form := min(max(skill+0.15*r.NormFloat64(), 0), float64(len(levels)-1)) // today
	low := min(int(form), len(levels)-2)
	p := &player{r: r, side: side, low: levels[low], high: levels[low+1], better: form - float64(low)}
	p.rally()
	return p
}

func (p *player) rally() {
	level := p.low
	if chance(p.r, p.better) {
		level = p.high
	}
	p.robot = pong.NewRobot(level, p.side, p.r.Uint32())
}

// direction is where the player goes in the step from s.
func (p *player) direction(s pong.State) int8 {
	if s.Score != p.score {
		p.score = s.Score
		p.rally()
	}
	return p.robot.Direction(s)
}
