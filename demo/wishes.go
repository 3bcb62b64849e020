package demo

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"rally/modules/shop"
)

// wishesEach is how many wishes a person has on average.
const wishesEach = 7

// wish lets people wish for what is wanted, mostly in their size, at times at
// a price. Values are those of the products.
func (m *market) wish(r *rand.Rand, now time.Time, articles []article, people []person, values []float64) {
	shares := make([]float64, len(articles))
	for i, a := range articles {
		shares[i] = a.share
	}
	draw := newLottery(shares)
	for i, p := range people {
		count := min(poisson(r, wishesEach*math.Exp(0.7*r.NormFloat64()-0.25)), len(articles)/2)
		switch {
		case i == shopper:
			count = min(6, len(articles))
		case p.staff:
			count = 0
		}
		chosen := map[int]bool{}
		for len(chosen) < count {
			// A wanted article comes up again and again: then try another.
			number := draw.draw(r)
			if chosen[number] {
				number = r.IntN(len(articles))
			}
			if chosen[number] {
				continue
			}
			chosen[number] = true
			m.Wishes = append(m.Wishes, newWish(r, now, articles[number], p, i, values))
		}
	}
	slices.SortStableFunc(m.Wishes, func(a, b shop.Wish) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.UserID, b.UserID), cmp.Compare(a.ProductID, b.ProductID))
	})
}

func newWish(r *rand.Rand, now time.Time, a article, p person, index int, values []float64) shop.Wish {
	product := a.first
	if len(a.sizes) > 0 && chance(r, 0.78) {
		at := slices.Index(a.sizes, strconv.Itoa(p.shoe))
		if at < 0 {
			at = r.IntN(len(a.sizes))
		}
		product += 1 + at
	}
	since := a.listed
	if p.created.After(since) {
		since = p.created
	}
	w := shop.Wish{
		UserID: int64(index + 1), ProductID: int64(product),
		CreatedAt: since.Add(time.Duration(r.Float64() * float64(now.Sub(since)))).Truncate(time.Millisecond),
	}
	if value := values[product]; value > 0 && chance(r, 0.3) {
		target := max(tick, int64(math.Round(value*between(r, 0.84, 0.98)/tick)*tick))
		w.TargetPrice = &target
	}
	return w
}
