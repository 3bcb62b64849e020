package demo

import (
	"math/rand/v2"
	"slices"
	"time"

	"rally/modules/friends"
)

const (
	friendsEach = 9 // that somebody has on average
	// neighbours is how far people look around first: friends have friends in
	// common.
	neighbours = 12
)

// newCircles makes friends of people. The logins know many, but not each other:
// whoever tries two of them can still ask.
func newCircles(seed uint64, now time.Time, people []person, userIDs []int64) *friends.World {
	c := circles{r: stream(seed, "friends", 0), now: now, people: people, userIDs: userIDs, tied: map[[2]int]bool{}, World: friends.World{LastSeen: map[int64]time.Time{}}}
	rest := len(people) - loginCount
	for range friendsEach * len(people) / 2 {
		a := loginCount + c.r.IntN(rest)
		b := loginCount + c.r.IntN(rest)
		if chance(c.r, 0.7) {
			b = loginCount + (a-loginCount+1+c.r.IntN(neighbours))%rest
		}
		c.befriend(a, b)
	}
	for login, n := range []int{shopper: 18, seller: 12, admin: 5} {
		some := c.r.Perm(rest)
		for _, b := range some[:min(n, rest)] {
			c.befriend(login, loginCount+b)
		}
		for _, b := range some[min(n, rest):min(n+3, rest)] {
			c.ask(loginCount+b, login)
		}
		for _, b := range some[min(n+3, rest):min(n+4, rest)] {
			c.ask(login, loginCount+b)
		}
	}
	for i := range people {
		// Most were here lately; some haven't been for weeks.
		ago := time.Duration(between(c.r, 0.01, 1) * between(c.r, 0.01, 1) * float64(20*day))
		c.LastSeen[userIDs[i]] = c.after(people[i].created, now.Add(-ago))
	}
	slices.SortFunc(c.Requests, func(a, b friends.Request) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return &c.World
}

type circles struct {
	friends.World

	r       *rand.Rand
	now     time.Time
	people  []person
	userIDs []int64
	tied    map[[2]int]bool
}

// tie notes that two people have to do with each other; false: they had, or are
// one.
func (c *circles) tie(a, b int) bool {
	key := [2]int{min(a, b), max(a, b)}
	if a == b || c.tied[key] {
		return false
	}
	c.tied[key] = true
	return true
}

func (c *circles) after(t, u time.Time) time.Time {
	if u.Before(t) {
		return t
	}
	return u.Truncate(time.Second)
}

// both is a time since which both are here.
func (c *circles) both(a, b int) time.Time {
	return c.after(c.people[a].created, c.people[b].created)
}

func (c *circles) befriend(a, b int) {
	if !c.tie(a, b) {
		return
	}
	since := c.both(a, b)
	at := since.Add(time.Duration(c.r.Float64() * float64(c.now.Sub(since))))
	c.Friendships = append(c.Friendships, friends.Friendship{A: c.userIDs[a], B: c.userIDs[b], Since: c.after(since, at)})
}

// ask lets somebody have asked within the last days.
func (c *circles) ask(from, to int) {
	if !c.tie(from, to) {
		return
	}
	at := c.now.Add(-time.Duration(between(c.r, 0.02, 5) * float64(day)))
	c.Requests = append(c.Requests, friends.Request{From: c.userIDs[from], To: c.userIDs[to], CreatedAt: c.after(c.both(from, to), at)})
}

const (
	// newsDays is how far back people's news go.
	newsDays = 21
	// lookedAgo is when everybody looked at theirs for the last time.
	lookedAgo = 36 * time.Hour
)
