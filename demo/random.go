package demo

import (
	"math"
	"math/rand/v2"
	"sort"
	"strconv"
)

// stream returns the random numbers of one part of the world. Streams of
// different names, or numbers, have nothing to do with each other.
func stream(seed uint64, name string, number int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, hash(name+"/"+strconv.Itoa(number)))) //nolint:gosec // a picture of a market, not a secret
}

// between returns a number in [low, high).
func between(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

// chance is true with probability p.
func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }

// one returns one of the choices.
func one[T any](r *rand.Rand, choices []T) T { return choices[r.IntN(len(choices))] }

// poisson returns how often something happens that is expected mean times.
func poisson(r *rand.Rand, mean float64) int {
	if mean > 30 { // there the bell curve is as good, and quick
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	n, limit := 0, math.Exp(-mean)
	for p := r.Float64(); p > limit; p *= r.Float64() {
		n++
	}
	return n
}

// lottery draws indexes in proportion to their weights.
type lottery struct{ sums []float64 }

func newLottery(weights []float64) lottery {
	l := lottery{sums: make([]float64, len(weights))}
	total := 0.0
	for i, w := range weights {
		total += w
		l.sums[i] = total
	}
	return l
}

// draw returns an index whose weight is above zero.
func (l lottery) draw(r *rand.Rand) int {
	x := r.Float64() * l.sums[len(l.sums)-1]
	return min(sort.Search(len(l.sums), func(i int) bool { return l.sums[i] > x }), len(l.sums)-1)
}
