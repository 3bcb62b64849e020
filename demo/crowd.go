package demo

import (
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// crowd is the people as a market sees them. A person's number counts from 1,
// so that 0 is nobody. The logins are not in it: what they own is chosen.
type crowd struct {
	people          []person
	buyers, sellers lottery
}

func newCrowd(people []person) crowd {
	buys, sells := make([]float64, len(people)), make([]float64, len(people))
	for i, p := range people[loginCount:] {
		buys[loginCount+i], sells[loginCount+i] = p.buys, p.sells
	}
	return crowd{people: people, buyers: newLottery(buys), sellers: newLottery(sells)}
}

// buyer returns somebody who would buy a size at t, 0 if nobody is there.
// Those whom busy accepts are left out.
func (c crowd) buyer(r *rand.Rand, t time.Time, size string, busy func(number int64) bool) int64 {
	mm, shoe := millimetres(size)
	fits := func(p person) bool { return !shoe || math.Abs(float64(p.shoe)-mm) <= 5 }
	return c.pick(r, c.buyers, t, fits, busy)
}

// seller returns somebody who would sell at t.
func (c crowd) seller(r *rand.Rand, t time.Time, busy func(number int64) bool) int64 {
	return c.pick(r, c.sellers, t, func(person) bool { return true }, busy)
}

// pick prefers people whom fits accepts, but takes others, too: some buy for
// their friends.
func (c crowd) pick(r *rand.Rand, l lottery, t time.Time, fits func(person) bool, busy func(number int64) bool) int64 {
	const tries, picky = 60, 40
	free := func(i int) bool { return c.people[i].created.Add(time.Hour).Before(t) && !busy(int64(i+1)) }
	for try := range tries {
		if i := l.draw(r); free(i) && (try >= picky || fits(c.people[i])) {
			return int64(i + 1)
		}
	}
	others := len(c.people) - loginCount
	offset := r.IntN(others)
	for i := range others {
		if i = loginCount + (offset+i)%others; free(i) {
			return int64(i + 1)
		}
	}
	return 0
}

// millimetres reads the size of a shoe.
func millimetres(size string) (float64, bool) {
	mm, err := strconv.Atoi(size)
	return float64(mm), err == nil
}
