package pong

import (
	"slices"
	"time"
)

// PairingState is where a pairing stands.
type PairingState string

// States of a pairing. One whose match came to nothing goes back to PairWaiting.
const (
	PairWaiting PairingState = "waiting" // for a player, or to be called
	PairCalled  PairingState = "called"  // its match waits for its players
	PairPlaying PairingState = "playing"
	PairDone    PairingState = "done"
)

// How is why somebody goes on.
type How string

// Why somebody goes on.
const (
	WonByScore    How = "score"
	WonByForfeit  How = "forfeit"
	WonByWalkover How = "walkover"  // the other didn't come; of two who didn't, the better seed goes on
	WonByBye      How = "bye"       // there was no other
	WonByLeave    How = "withdrawn" // the other withdrew
	WonBySeed     How = "seed"      // matches came to nothing, again and again
)

// mostVoids is how many matches of a pairing may come to nothing and be called
// again. The one after them decides by its score, and a draw by the seeds.
const mostVoids = 3

// Pairing is one place of a bracket.
type Pairing struct {
	Round   int          `json:"round"` // from 1
	Slot    int          `json:"slot"`  // from 0, from above
	Players [2]int64     `json:"players"`
	State   PairingState `json:"state"`
	MatchID int64        `json:"match_id,omitempty"` // the current one, or the last
	ReadyBy *time.Time   `json:"ready_by,omitempty"` // of PairCalled
	// HeldSince is since when a call waits for a player who is busy elsewhere.
	HeldSince *time.Time `json:"held_since,omitempty"`
	Winner    int64      `json:"winner,omitempty"`
	How       How        `json:"how,omitempty"`
	Score     *[2]int    `json:"score,omitempty"` // in the order of Players
	Voids     int        `json:"voids,omitempty"`
}

// current reports whether a match is the pairing's, and has not ended.
func (p *Pairing) current(matchID int64) bool {
	return matchID != 0 && p.MatchID == matchID && (p.State == PairCalled || p.State == PairPlaying)
}

// Bracket is a tournament of single elimination. What it is told either fits
// its state or changes nothing, so late and repeated news do no harm. Whatever
// happens, it gets on to one champion: each pairing is called a bounded number of
// times, and whoever comes into one is there to stay or leaves it to the other.
type Bracket struct {
	Seeds  []int64     `json:"seeds"`          // users, the best first
	Gone   []int64     `json:"gone,omitempty"` // who withdrew, in that order
	Rounds [][]Pairing `json:"rounds"`
}

// NewBracket draws the bracket of two or more people, the best first. Where their
// number is no power of two, the best of them have a bye.
func NewBracket(seeds []int64) Bracket {
	b := Bracket{Seeds: slices.Clone(seeds)}
	order := []int{0}
	for len(order) < len(seeds) {
		// Each meets who makes the sum of their seeds the same for all, so that the
		// best two stay apart until the final.
		next := make([]int, 0, 2*len(order))
		for _, seed := range order {
			next = append(next, seed, 2*len(order)-1-seed)
		}
		order = next
	}
	for n, round := len(order)/2, 1; n > 0; n, round = n/2, round+1 {
		pairings := make([]Pairing, n)
		for slot := range pairings {
			pairings[slot] = Pairing{Round: round, Slot: slot, State: PairWaiting}
		}
		b.Rounds = append(b.Rounds, pairings)
	}
	for slot := range b.Rounds[0] {
		p := &b.Rounds[0][slot]
		for i, seed := range order[2*slot : 2*slot+2] {
			if seed < len(seeds) {
				p.Players[i] = seeds[seed]
			}
		}
		switch {
		case p.Players[0] == 0:
			b.pass(p, p.Players[1], WonByBye)
		case p.Players[1] == 0:
			b.pass(p, p.Players[0], WonByBye)
		}
	}
	return b
}

// Calls returns the pairings that are to be called.
func (b *Bracket) Calls() []Pairing {
	var list []Pairing
	for _, p := range b.all() {
		if p.State == PairWaiting && p.Players[0] != 0 && p.Players[1] != 0 {
			list = append(list, *p)
		}
	}
	return list
}

// Current returns the pairings whose matches go on.
func (b *Bracket) Current() []Pairing {
	var list []Pairing
	for _, p := range b.all() {
		if p.current(p.MatchID) {
			list = append(list, *p)
		}
	}
	return list
}

// Held says that a call has to wait for a player, and returns since when it does.
func (b *Bracket) Held(round, slot int, now time.Time) time.Time {
	p := &b.Rounds[round-1][slot]
	if p.HeldSince == nil {
		p.HeldSince = &now
	}
	return *p.HeldSince
}

// Called says that the players of a pairing were called to a match.
func (b *Bracket) Called(round, slot int, matchID int64, readyBy time.Time) bool {
	p := &b.Rounds[round-1][slot]
	if p.State != PairWaiting || p.Players[0] == 0 || p.Players[1] == 0 {
		return false
	}
	p.State, p.MatchID, p.ReadyBy, p.HeldSince = PairCalled, matchID, &readyBy, nil
	return true
}

// Began says that a match is being played.
func (b *Bracket) Began(matchID int64) bool {
	p := b.of(matchID)
	if p == nil || p.State != PairCalled {
		return false
	}
	p.State, p.ReadyBy = PairPlaying, nil
	return true
}

// Ended says who won a match: by score, by forfeit, or because the other did not
// come, which is a walkover. The score is in the order of the pairing's players,
// nil where none is to be shown.
func (b *Bracket) Ended(matchID, winner int64, how How, score *[2]int) bool {
	p := b.of(matchID)
	if p == nil || winner == 0 || winner != p.Players[0] && winner != p.Players[1] {
		return false
	}
	p.Score = score
	b.pass(p, winner, how)
	return true
}

// Voided says that a match came to nothing. It is called again, unless that
// happened too often: then whoever was ahead goes on, or the better seed.
func (b *Bracket) Voided(matchID int64, score [2]int) bool {
	p := b.of(matchID)
	if p == nil {
		return false
	}
	if p.Voids++; p.Voids <= mostVoids {
		p.State, p.MatchID, p.ReadyBy = PairWaiting, 0, nil
		return true
	}
	winner := b.better(p.Players)
	switch {
	case score[0] > score[1]:
		winner = p.Players[0]
	case score[1] > score[0]:
		winner = p.Players[1]
	}
	p.Score = &score
	b.pass(p, winner, WonBySeed)
	return true
}

// NobodyCame says that neither player came to a match. Nobody waits for them a
// second time: the better seed goes on.
func (b *Bracket) NobodyCame(matchID int64) bool {
	p := b.of(matchID)
	if p == nil {
		return false
	}
	b.pass(p, b.better(p.Players), WonByWalkover)
	return true
}

// Withdraw takes somebody out who is still in. Whoever they are or would have been
// paired with goes on. It returns false when they are out, or have won it all.
func (b *Bracket) Withdraw(userID int64) bool {
	p := b.PairingOf(userID)
	if p == nil || slices.Contains(b.Gone, userID) {
		return false
	}
	b.Gone = append(b.Gone, userID)
	b.settle(p)
	return true
}

// PairingOf returns the pairing that somebody plays next, or nil when they are
// out, have won it all, or never were in.
func (b *Bracket) PairingOf(userID int64) *Pairing {
	for _, p := range b.all() {
		if p.State != PairDone && userID != 0 && slices.Contains(p.Players[:], userID) {
			return p
		}
	}
	return nil
}

// Champion returns who has won it all.
func (b *Bracket) Champion() (int64, bool) {
	final := b.Rounds[len(b.Rounds)-1][0]
	return final.Winner, final.State == PairDone
}

// Places returns the places of those whose place is certain. Those who lost in
// the same round share one.
func (b *Bracket) Places() map[int64]int {
	places := make(map[int64]int, len(b.Seeds))
	for _, p := range b.all() {
		if p.State != PairDone {
			continue
		}
		for _, userID := range p.Players {
			if userID != 0 && userID != p.Winner {
				places[userID] = 1<<(len(b.Rounds)-p.Round) + 1
			}
		}
	}
	if champion, over := b.Champion(); over {
		places[champion] = 1
	}
	return places
}

// pass lets somebody go on from a pairing.
func (b *Bracket) pass(p *Pairing, winner int64, how How) {
	p.State, p.Winner, p.How, p.ReadyBy, p.HeldSince = PairDone, winner, how, nil, nil
	if p.Round == len(b.Rounds) {
		return
	}
	next := &b.Rounds[p.Round][p.Slot/2]
	next.Players[p.Slot%2] = winner
	b.settle(next)
}

// settle decides a pairing of which somebody withdrew. Of two who did, whoever
// stayed longer goes on.
func (b *Bracket) settle(p *Pairing) {
	if p.Players[0] == 0 || p.Players[1] == 0 {
		return
	}
	first, second := b.stayed(p.Players[0]), b.stayed(p.Players[1])
	switch {
	case first > second:
		b.pass(p, p.Players[0], WonByLeave)
	case first < second:
		b.pass(p, p.Players[1], WonByLeave)
	}
}

// stayed orders people by when they withdrew; those who didn't come last.
func (b *Bracket) stayed(userID int64) int {
	if i := slices.Index(b.Gone, userID); i >= 0 {
		return i
	}
	return len(b.Gone)
}

// better returns the one of two with the better seed.
func (b *Bracket) better(players [2]int64) int64 {
	if slices.Index(b.Seeds, players[1]) < slices.Index(b.Seeds, players[0]) {
		return players[1]
	}
	return players[0]
}

// of returns the pairing whose current match is of that id, or nil.
func (b *Bracket) of(matchID int64) *Pairing {
	for _, p := range b.all() {
		if p.current(matchID) {
			return p
		}
	}
	return nil
}

func (b *Bracket) all() []*Pairing {
	list := make([]*Pairing, 0, len(b.Seeds))
	for _, round := range b.Rounds {
		for i := range round {
			list = append(list, &round[i])
		}
	}
	return list
}
