package demo

import (
	"slices"
	"time"

	"rally/modules/pong"
)

const (
	cupSize = 8
	// openEntries is how many have entered the tournament that is open.
	openEntries = 5
	// openFor is since when it is.
	openFor = 2*time.Hour + 20*time.Minute
)

// cupNames are what a tournament is called, by people who write Korean or English.
type cupNames struct{ kor, eng string }

func playedNames() []cupNames {
	return []cupNames{{"토요일 밤 8강전", "Saturday Night Eight"}, {"주말의 라켓", "Weekend Rackets"}, {"한 점만 더 컵", "One More Point Cup"}}
}

func openNames() []cupNames {
	return []cupNames{{"퇴근하고 한 판", "After Hours Open"}, {"점심시간 번개", "Lunch Break Open"}, {"오늘의 서브", "Second Serve Open"}}
}

// by is how somebody calls it.
func (n cupNames) by(p person) string {
	if p.userName[0] < 0x80 { // written in Latin letters
		return n.eng
	}
	return n.kor
}

// cupEvening is the last Saturday evening that is over for two days.
func (g *game) cupEvening() time.Time {
	y, m, d := g.now.In(seoul()).Date()
	at := time.Date(y, m, d-3, 20, 0, 0, 0, seoul())
	for at.Weekday() != time.Saturday {
		at = at.AddDate(0, 0, -1)
	}
	return at.UTC()
}

// entrants returns up to n who play and are there, some of whom are given.
func (g *game) entrants(n int, at time.Time, given ...int) []int {
	in := slices.DeleteFunc(given, func(i int) bool { return !g.here(i, at) })
	for len(in) < n {
		i := g.somebody(at, in)
		if i < 0 {
			break
		}
		in = append(in, i)
	}
	return in
}

// entries lets people enter from a time on until another.
func (g *game) entries(in []int, from, to time.Time) []pong.Entry {
	list := make([]pong.Entry, len(in))
	for k, i := range in {
		at := from.Add(time.Duration((float64(k) + between(g.r, 0.1, 0.9)) / float64(len(in)) * float64(to.Sub(from))))
		list[k] = pong.Entry{UserID: g.userIDs[i], JoinedAt: at.UTC().Truncate(time.Millisecond)}
	}
	return list
}

// playCup plays the tournament of an evening: the shopper is in it. The last comes just
// then, and it starts.
func (g *game) playCup(at time.Time) error {
	if at.Before(g.free) {
		at = g.free.Add(time.Minute)
	}
	opens := at.Add(-90 * time.Minute)
	in := g.entrants(cupSize, opens, shopper)
	if len(in) < 4 {
		return nil
	}
	maker := in[len(in)-1]
	g.r.Shuffle(len(in), func(a, b int) { in[a], in[b] = in[b], in[a] })
	list := g.entries(in, opens, at)
	list[len(list)-1].JoinedAt = at
	c := pong.Cup{Name: one(g.r, playedNames()).by(g.people[maker]), Size: cupSize, Points: 5, CreatedBy: g.userIDs[maker], CreatedAt: opens}
	if err := g.PlayCup(c, list, at, g.court); err != nil {
		return err
	}
	g.free = *g.Cups[len(g.Cups)-1].EndedAt
	return nil
}

// openCup opens a tournament that a visitor can enter: none of the logins has.
func (g *game) openCup() error {
	opens := g.now.Add(-openFor)
	in := g.entrants(openEntries, opens)
	if len(in) == 0 {
		return nil
	}
	c := pong.Cup{Name: one(g.r, openNames()).by(g.people[in[0]]), Size: cupSize, Points: 3, CreatedBy: g.userIDs[in[0]], CreatedAt: opens}
	return g.OpenCup(c, g.entries(in, opens, g.now.Add(-10*time.Minute)))
}
