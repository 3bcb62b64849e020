package pong_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"rally/modules/pong"
)

func seeded(n int) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = int64(100 + i) // the best is 100
	}
	return list
}

func TestTheBestHaveByesAndMeetLast(t *testing.T) {
	b := pong.NewBracket(seeded(6))
	var got []string
	for _, p := range b.Rounds[0] {
		got = append(got, fmt.Sprint(p.Players, p.How, p.Winner))
	}
	if want := []string{"[100 0]bye100", "[103 104]0", "[101 0]bye101", "[102 105]0"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if b.Rounds[1][0].Players != [2]int64{100, 0} || b.Rounds[1][1].Players != [2]int64{101, 0} || len(b.Rounds) != 3 {
		t.Errorf("%+v", b.Rounds)
	}
	for n := 4; n <= 32; n++ {
		b := pong.NewBracket(seeded(n))
		size := 1 << bits.Len(uint(n-1))
		byes, first := map[int64]bool{}, 0
		for _, p := range b.Rounds[0] {
			switch {
			case p.State == pong.PairDone && p.How == pong.WonByBye:
				byes[p.Winner] = true
			case p.Players[0]-100+p.Players[1]-100 != int64(size-1):
				t.Errorf("of %d, %v meet at first", n, p.Players)
			}
		}
		for i := range size - n {
			if !byes[int64(100+i)] {
				t.Errorf("of %d, seed %d has no bye", n, i+1)
			}
		}
		for _, p := range b.Calls() {
			if p.Round == 1 {
				first++
			}
		}
		if len(byes) != size-n || first != n-size/2 {
			t.Errorf("of %d: %d byes, %d calls", n, len(byes), first)
		}
		for len(b.Calls()) > 0 { // the better always wins
			for _, p := range b.Calls() {
				if p.Players[0]-100+p.Players[1]-100 != int64(size>>(p.Round-1)-1) {
					t.Errorf("of %d, %v meet in round %d", n, p.Players, p.Round)
				}
				id := int64(p.Round*100 + p.Slot)
				b.Called(p.Round, p.Slot, id, time.Time{})
				b.Ended(id, min(p.Players[0], p.Players[1]), pong.WonByScore, &[2]int{5, 0})
			}
		}
		places := b.Places()
		if champion, over := b.Champion(); !over || champion != 100 || len(places) != n || places[100] != 1 || places[101] != 2 || places[102] != 3 || places[103] != 3 {
			t.Errorf("of %d: %d, %v", n, champion, places)
		}
	}
}

// fourPaired is a bracket of four whose first two matches, 1 and 2, were called.
func fourPaired() pong.Bracket {
	b := pong.NewBracket(seeded(4)) // 100 and 103, 101 and 102
	b.Called(1, 0, 1, time.Time{})
	b.Called(1, 1, 2, time.Time{})
	return b
}

func TestMatchesThatComeToNothing(t *testing.T) {
	b := fourPaired()
	id := int64(1)
	for again := range 3 {
		if !b.Voided(id, [2]int{}) || b.Voided(id, [2]int{}) {
			t.Fatal("a match is not void once")
		}
		calls := b.Calls()
		if len(calls) != 1 || calls[0].Voids != again+1 || calls[0].MatchID != 0 {
			t.Fatalf("%+v", calls)
		}
		id += 10
		b.Called(1, 0, id, time.Time{})
	}
	ahead := b
	ahead.Rounds = [][]pong.Pairing{slices.Clone(b.Rounds[0]), slices.Clone(b.Rounds[1])}
	if !b.Voided(id, [2]int{3, 3}) || b.Rounds[0][0].Winner != 100 || b.Rounds[0][0].How != pong.WonBySeed {
		t.Errorf("a draw: %+v", b.Rounds[0][0])
	}
	if !ahead.Voided(id, [2]int{1, 3}) || ahead.Rounds[0][0].Winner != 103 || *ahead.Rounds[0][0].Score != [2]int{1, 3} {
		t.Errorf("the second was ahead: %+v", ahead.Rounds[0][0])
	}
	if !b.NobodyCame(2) || b.Rounds[0][1].Winner != 101 || b.Rounds[0][1].How != pong.WonByWalkover {
		t.Errorf("nobody came: %+v", b.Rounds[0][1])
	}
}

func TestWithdrawals(t *testing.T) {
	b := fourPaired()
	b.Began(1)
	if !b.Withdraw(100) || b.Withdraw(100) || b.Ended(1, 100, pong.WonByScore, nil) {
		t.Error("who withdrew while playing plays on")
	}
	if b.Rounds[1][0].Players[0] != 103 || b.Rounds[0][0].How != pong.WonByLeave {
		t.Errorf("%+v", b.Rounds)
	}
	if !b.Withdraw(103) { // before their opponent is known
		t.Error("who waits can't withdraw")
	}
	if _, over := b.Champion(); over {
		t.Error("over while two play")
	}
	if !b.Withdraw(102) { // while called: the last one wins it all
		t.Error("who is called can't withdraw")
	}
	if champion, over := b.Champion(); !over || champion != 101 {
		t.Errorf("%d, %v", champion, over)
	}
	if b.Withdraw(101) || b.Withdraw(7) {
		t.Error("the champion, or a stranger, withdrew")
	}
	if want := map[int64]int{101: 1, 103: 2, 100: 3, 102: 3}; !maps.Equal(b.Places(), want) {
		t.Errorf("%v, want %v", b.Places(), want)
	}
}

func TestStaleNews(t *testing.T) {
	b := fourPaired()
	before, _ := json.Marshal(b)
	for name, told := range map[string]bool{
		"called twice":        b.Called(1, 0, 9, time.Time{}),
		"called too early":    b.Called(2, 0, 9, time.Time{}),
		"of no match":         b.Ended(0, 100, pong.WonByScore, nil),
		"of a strange match":  b.Ended(9, 100, pong.WonByScore, nil),
		"a strange winner":    b.Ended(1, 101, pong.WonByScore, nil),
		"nobody's win":        b.Ended(1, 0, pong.WonByScore, nil),
		"a strange beginning": b.Began(9),
		"a strange void":      b.Voided(9, [2]int{}),
		"a strange absence":   b.NobodyCame(9),
	} {
		if told {
			t.Errorf("%s: it changed something", name)
		}
	}
	if after, _ := json.Marshal(b); string(after) != string(before) {
		t.Errorf("%s became %s", before, after)
	}
}

// bracketGame is a tournament that is played at random, and what a referee knows of it.
type bracketGame struct {
	*testing.T
	random *rand.Rand
	b      pong.Bracket
	next   int64            // id of the next match
	on     map[int64]int64  // people to the match that they are in
	called map[[2]int]int   // round and slot to how often
	ended  []int64          // matches
	out    map[int64]string // people who lost or withdrew
}

// playBracket plays a tournament to its end.
func playBracket(t *testing.T, n int, seed uint64, trouble float64) {
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	g := &bracketGame{T: t, random: random, b: pong.NewBracket(seeded(n)), next: 1, on: map[int64]int64{}, called: map[[2]int]int{}, out: map[int64]string{}}
	steps, limit := 0, 40*n+100
	for {
		if _, over := g.b.Champion(); over {
			break
		}
		if steps++; steps > limit {
			t.Fatalf("%d people, seed %d: no end after %d steps: %+v", n, seed, limit, g.b)
		}
		if random.Float64() < trouble {
			g.disturb()
		} else {
			g.step()
		}
		g.look()
	}
	champion, _ := g.b.Champion()
	g.finish(champion)
}

// step calls a pairing, or gets on with a match.
func (g *bracketGame) step() {
	calls, current := g.b.Calls(), g.b.Current()
	if len(calls)+len(current) == 0 {
		g.Fatalf("nothing is left to do: %+v", g.b)
	}
	i := g.random.IntN(len(calls) + len(current))
	if i < len(calls) {
		g.call(calls[i])
		return
	}
	p := current[i-len(calls)]
	if p.State == pong.PairCalled && g.random.IntN(3) > 0 {
		if !g.b.Began(p.MatchID) {
			g.Fatalf("%+v can't begin", p)
		}
		return
	}
	winner := p.Players[g.random.IntN(2)]
	how := []pong.How{pong.WonByScore, pong.WonByForfeit, pong.WonByWalkover}[g.random.IntN(3)]
	if !g.b.Ended(p.MatchID, winner, how, &[2]int{5, 3}) {
		g.Fatalf("%+v can't end", p)
	}
	g.end(p, p.Players[0]+p.Players[1]-winner)
}

func (g *bracketGame) call(p pong.Pairing) {
	where := [2]int{p.Round, p.Slot}
	if g.called[where]++; g.called[where] > 4 {
		g.Fatalf("%v was called %d times", where, g.called[where])
	}
	if p.Players[0]+p.Players[1] == 201 && p.Round < len(g.b.Rounds) {
		g.Fatalf("the best two meet in round %d of %d", p.Round, len(g.b.Rounds))
	}
	for _, user := range p.Players {
		if g.on[user] != 0 || g.out[user] != "" {
			g.Fatalf("%d, who %s, is called to %v from match %d", user, g.out[user], where, g.on[user])
		}
		g.on[user] = g.next
	}
	if !g.b.Called(p.Round, p.Slot, g.next, time.Time{}) {
		g.Fatalf("%+v can't be called", p)
	}
	g.next++
}

// end lets the players of a match go, of whom one may be out.
func (g *bracketGame) end(p pong.Pairing, loser int64) {
	g.ended = append(g.ended, p.MatchID)
	delete(g.on, p.Players[0])
	delete(g.on, p.Players[1])
	if loser != 0 {
		g.out[loser] = "lost"
	}
}

// disturb is what goes wrong.
func (g *bracketGame) disturb() {
	current := g.b.Current()
	switch g.random.IntN(6) {
	case 0, 1: // a match fails
		if len(current) > 0 {
			g.void(current[g.random.IntN(len(current))])
		}
	case 2: // nobody comes
		if len(current) > 0 {
			p := current[g.random.IntN(len(current))]
			g.b.NobodyCame(p.MatchID)
			g.end(p, max(p.Players[0], p.Players[1]))
		}
	case 3:
		g.withdraw(g.b.Seeds[g.random.IntN(len(g.b.Seeds))])
	case 4:
		g.repeat()
	case 5:
		g.restart()
	}
}

func (g *bracketGame) void(p pong.Pairing) {
	score := [2]int{g.random.IntN(3), g.random.IntN(3)}
	if !g.b.Voided(p.MatchID, score) {
		g.Fatalf("%+v can't be void", p)
	}
	now := g.b.Rounds[p.Round-1][p.Slot]
	if now.State != pong.PairDone {
		g.end(p, 0)
		return
	}
	if now.Voids != 4 || score[0] > score[1] && now.Winner != p.Players[0] || score[0] == score[1] && now.Winner != min(p.Players[0], p.Players[1]) {
		g.Fatalf("%+v after %v", now, score)
	}
	g.end(p, p.Players[0]+p.Players[1]-now.Winner)
}

func (g *bracketGame) withdraw(user int64) {
	match, was := g.on[user], g.b.PairingOf(user)
	var p pong.Pairing
	if was != nil {
		p = *was
	}
	if g.b.Withdraw(user) != (g.out[user] == "") {
		g.Fatalf("%d, who %s, withdrew: %+v", user, g.out[user], g.b)
	}
	if g.out[user] == "" {
		g.out[user] = "withdrew"
	}
	if match != 0 {
		g.end(p, 0)
	}
}

// repeat tells news again, of matches that have ended or never were.
func (g *bracketGame) repeat() {
	before, _ := json.Marshal(g.b)
	for _, id := range append(g.ended, 0, g.next, -1) {
		user := g.b.Seeds[g.random.IntN(len(g.b.Seeds))]
		if g.b.Began(id) || g.b.Ended(id, user, pong.WonByScore, nil) || g.b.Voided(id, [2]int{}) || g.b.NobodyCame(id) {
			g.Fatalf("stale news of match %d changed something", id)
		}
	}
	for user, why := range g.out {
		if g.b.Withdraw(user) {
			g.Fatalf("%d, who %s, withdrew again", user, why)
		}
	}
	if after, _ := json.Marshal(g.b); string(after) != string(before) {
		g.Fatalf("%s became %s", before, after)
	}
}

// restart is the end of all servers: what is stored is all there is, and every
// match is called again.
func (g *bracketGame) restart() {
	text, err := json.Marshal(g.b)
	if err != nil {
		g.Fatal(err)
	}
	var back pong.Bracket
	if err := json.Unmarshal(text, &back); err != nil {
		g.Fatal(err)
	}
	if again, _ := json.Marshal(back); string(again) != string(text) || !reflect.DeepEqual(back.Rounds, g.b.Rounds) {
		g.Fatalf("%s came back as %s", text, again)
	}
	g.b = back
	for _, p := range g.b.Current() {
		g.void(p)
	}
}

// look checks what is always so.
func (g *bracketGame) look() {
	in := map[int64]int{}
	for _, round := range g.b.Rounds {
		for _, p := range round {
			if p.State == pong.PairDone {
				if p.Winner == 0 || !slices.Contains(p.Players[:], p.Winner) {
					g.Fatalf("%+v has no winner", p)
				}
				continue
			}
			if p.Winner != 0 || p.How != "" {
				g.Fatalf("%+v has a winner too early", p)
			}
			for _, user := range p.Players {
				if user == 0 {
					continue
				}
				in[user]++
				if in[user] > 1 || g.out[user] == "lost" {
					g.Fatalf("%d, who %s, is in %d pairings", user, g.out[user], in[user])
				}
			}
		}
	}
}

// finish checks how it ended.
func (g *bracketGame) finish(champion int64) {
	if g.out[champion] != "" {
		g.Fatalf("the champion %s", g.out[champion])
	}
	if len(g.b.Calls())+len(g.b.Current()) != 0 {
		g.Fatalf("something goes on: %+v", g.b)
	}
	if g.b.Withdraw(champion) || g.b.PairingOf(champion) != nil {
		g.Fatal("the champion withdrew")
	}
	g.repeat()
	places := g.b.Places()
	among := map[int]int{}
	for _, user := range g.b.Seeds {
		if places[user] == 0 {
			g.Fatalf("%d has no place: %v", user, places)
		}
		among[places[user]]++
	}
	n, rounds := len(g.b.Seeds), len(g.b.Rounds)
	want := map[int]int{1: 1}
	for place := 2; place < n+1 && len(want) <= rounds; place = 2*place - 1 {
		want[place] = min(place-1, n-place+1)
	}
	if !maps.Equal(among, want) || len(places) != n || places[champion] != 1 {
		g.Fatalf("the places of %d are %v, want %v", n, among, want)
	}
}

func TestEveryTournamentEndsWithOneChampion(t *testing.T) {
	rounds := uint64(100)
	if testing.Short() {
		rounds = 10
	}
	for n := 4; n <= 32; n++ {
		for seed := range rounds {
			playBracket(t, n, seed, float64(seed%10)/10*0.95)
		}
	}
}

func TestEverybodyMayWithdraw(t *testing.T) {
	for n := 4; n <= 32; n++ {
		for seed := range uint64(20) {
			random := rand.New(rand.NewPCG(seed, uint64(n)))
			g := &bracketGame{T: t, random: random, b: pong.NewBracket(seeded(n)), next: 1, on: map[int64]int64{}, called: map[[2]int]int{}, out: map[int64]string{}}
			for range random.IntN(3 * n) { // at any moment, also in the final
				if _, over := g.b.Champion(); !over {
					g.step()
				}
			}
			for _, i := range random.Perm(n) {
				if _, over := g.b.Champion(); !over {
					g.withdraw(g.b.Seeds[i])
					g.look()
				}
			}
			champion, over := g.b.Champion()
			if !over {
				t.Fatalf("no champion: %+v", g.b)
			}
			g.finish(champion)
		}
	}
}
