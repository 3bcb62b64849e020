package demo

import (
	"math"
	"math/rand/v2"
	"time"
)

const (
	historyDays = 90
	day         = 24 * time.Hour
)

// path is a hidden value over time: its logarithm at each midnight from start
// on, straight in between. Days on which it jumped draw crowds.
type path struct {
	start  time.Time
	logs   []float64
	jumped []bool // by day
}

func (p path) at(t time.Time) float64 {
	x := float64(t.Sub(p.start)) / float64(day)
	i := min(max(int(x), 0), len(p.logs)-2)
	part := min(max(x-float64(i), 0), 1)
	return p.logs[i] + part*(p.logs[i+1]-p.logs[i])
}

// articlePath is the value of an article: it wanders about what people pay in
// the long run, jumps at times, half of which stays, and falls off during the
// weeks after a release.
func articlePath(r *rand.Rand, a article, start time.Time) path {
	const pull, farthest = 0.07, 0.42
	p := path{start: start, logs: make([]float64, historyDays+2), jumped: make([]bool, historyDays+2)}
	mean := math.Log(a.value)
	wild := between(r, 0.010, 0.017) + 0.008/(1+float64(a.rank)/6)
	trend := between(r, -0.0012, 0.0015)
	x := mean + 0.06*r.NormFloat64()
	for i := range p.logs {
		x += pull*(mean-x) + wild*r.NormFloat64()
		mean += trend
		if chance(r, 0.014) {
			jump := between(r, 0.06, 0.15)
			if chance(r, 0.45) {
				jump = -jump
			}
			x, mean = x+jump, mean+jump/2
			p.jumped[i] = true
		}
		limit := math.Log(a.value)
		x = min(max(x, limit-farthest), limit+farthest)
		p.logs[i] = x
		if age := start.AddDate(0, 0, i).Sub(a.released); age > 0 {
			p.logs[i] += 0.16 * math.Exp(-float64(age)/float64(9*day))
		}
	}
	return p
}

// sizePath is the value of one size of an article, which strays a little.
func sizePath(r *rand.Rand, whole path, size string) path {
	p := path{start: whole.start, logs: make([]float64, len(whole.logs)), jumped: whole.jumped}
	dear := math.Log(dearness(size)) + 0.015*r.NormFloat64()
	stray := 0.0
	for i, log := range whole.logs {
		stray += -0.15*stray + 0.006*r.NormFloat64()
		p.logs[i] = log + dear + stray
	}
	return p
}

// dearness is what a size costs compared with the whole article: what most
// people wear is dearest, and the largest are hard to find.
func dearness(size string) float64 {
	if mm, ok := millimetres(size); ok {
		d := 0.97 + 0.07*bell(mm, 262, 12)
		if mm >= 290 {
			d += 0.03
		}
		return d
	}
	switch size {
	case "M", "L":
		return 1.03
	case "XS", "XXL":
		return 0.96
	}
	return 1
}

// demand is how much a size is asked for compared with the others.
func demand(size string) float64 {
	if mm, ok := millimetres(size); ok {
		return 0.06 + bell(mm, 265, 10) + 0.55*bell(mm, 238, 8)
	}
	switch size {
	case "M", "L":
		return 1
	case "S", "XL":
		return 0.6
	case "XS", "XXL":
		return 0.2
	}
	return 1
}

func bell(x, mean, spread float64) float64 {
	return math.Exp(-(x - mean) * (x - mean) / (2 * spread * spread))
}
