package pong

import (
	"cmp"
	"slices"
	"time"
)

const (
	// windowStart is by how much ratings may differ at first, windowGrowth what a
	// second of waiting adds.
	windowStart  = 100
	windowGrowth = 50
	// patience is after how long anybody is taken.
	patience = 10 * time.Second
	// seenWithin is how long somebody who doesn't ask again still waits.
	seenWithin = 15 * time.Second
	// queueLimit is how many are paired at once, the longest waiting first.
	queueLimit = 200
)

// Waiting is somebody who waits for a quick match.
type Waiting struct {
	UserID   int64
	Rating   float64
	Points   int
	JoinedAt time.Time
	SeenAt   time.Time
}

// Window is by how much the rating of an opponent may differ now. It is
// negative when it doesn't matter any more.
func (w Waiting) Window(now time.Time) float64 {
	waited := now.Sub(w.JoinedAt)
	if waited >= patience {
		return -1
	}
	return windowStart + windowGrowth*max(waited.Seconds(), 0)
}

// pairOff pairs people who wait, the longest waiting first, each with the one who is
// closest in rating of those that both windows let in. A window without a bound
// is enough: of two who may meet, none waits for longer than patience. Apart says
// that two may not.
func pairOff(list []Waiting, now time.Time, apart func(a, b int64) bool) [][2]Waiting {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Waiting) int {
		return cmp.Or(a.JoinedAt.Compare(b.JoinedAt), cmp.Compare(a.UserID, b.UserID))
	})
	var pairs [][2]Waiting
	taken := make([]bool, len(list))
	for i, a := range list {
		if taken[i] {
			continue
		}
		best, least := -1, 0.0
		for j := i + 1; j < len(list); j++ {
			b := list[j]
			if taken[j] || apart(a.UserID, b.UserID) {
				continue
			}
			gap := max(a.Rating-b.Rating, b.Rating-a.Rating)
			if meet(a, b, gap, now) && (best < 0 || gap < least) {
				best, least = j, gap
			}
		}
		if best >= 0 {
			taken[i], taken[best] = true, true
			pairs = append(pairs, [2]Waiting{a, list[best]})
		}
	}
	return pairs
}

// meet reports whether windows let two people play. Whoever has waited long enough
// takes anybody.
func meet(a, b Waiting, gap float64, now time.Time) bool {
	ofA, ofB := a.Window(now), b.Window(now)
	return ofA < 0 || ofB < 0 || gap <= min(ofA, ofB)
}
