package main

import (
	"math"
	"slices"
)

// noisySpread is the distance between the lowest and the highest ratio of a
// row, relative to the median, from which the report calls the row noisy.
const noisySpread = 0.25

// pair is one measurement of Rally and the one of its ceiling right after it:
// whatever slowed the machine at that moment slowed both.
type pair struct{ rally, ceiling float64 }

func (p pair) ratio() float64 { return p.rally / p.ceiling }

// summary is what a row shows of its pairs.
type summary struct {
	rally, ceiling   float64 // medians
	ratio, low, high float64 // of the pairs' ratios
	noisy            bool
}

// summarise reduces pairs to medians. The median of the ratios is not the ratio
// of the medians: a pair compares what ran side by side.
func summarise(pairs []pair) summary {
	var rally, ceiling, ratios []float64
	for _, p := range pairs {
		rally, ceiling, ratios = append(rally, p.rally), append(ceiling, p.ceiling), append(ratios, p.ratio())
	}
	s := summary{rally: median(rally), ceiling: median(ceiling), ratio: median(ratios)}
	if len(ratios) > 0 {
		s.low, s.high = slices.Min(ratios), slices.Max(ratios)
		s.noisy = s.high-s.low > noisySpread*s.ratio
	}
	return s
}

// median returns the middle value, or NaN of none.
func median(values []float64) float64 { return quantile(values, 0.5) }

// quantile returns the value below which the share q of the values lies, by
// linear interpolation; NaN when there are none. It leaves values as they are.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	at := min(max(q, 0), 1) * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}
