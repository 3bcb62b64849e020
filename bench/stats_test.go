package main

import (
	"math"
	"slices"
	"testing"
)

func TestQuantile(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []float64
		q      float64
		want   float64
	}{
		{"one value", []float64{7}, 0.99, 7},
		{"median of an odd number", []float64{9, 1, 5}, 0.5, 5},
		{"median of an even number", []float64{4, 1, 3, 2}, 0.5, 2.5},
		{"lowest", []float64{3, 1, 2}, 0, 1},
		{"highest", []float64{3, 1, 2}, 1, 3},
		{"between two values", []float64{0, 10}, 0.99, 9.9},
		{"beyond the range", []float64{1, 2}, 1.5, 2},
	} {
		if got := quantile(c.values, c.q); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: quantile(%v, %v) = %v, want %v", c.name, c.values, c.q, got, c.want)
		}
	}
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("median of nothing = %v, want NaN", got)
	}
}

func TestQuantileKeepsItsInput(t *testing.T) {
	values := []float64{3, 1, 2}
	quantile(values, 0.5)
	if !slices.Equal(values, []float64{3, 1, 2}) {
		t.Errorf("quantile sorted its argument: %v", values)
	}
}

func TestSummarise(t *testing.T) {
	// The third pair ran while the machine was busy: both fell, the ratio holds.
	s := summarise([]pair{{500, 1000}, {520, 1000}, {250, 500}, {510, 1000}, {480, 1000}})
	if s.rally != 500 || s.ceiling != 1000 || s.ratio != 0.5 || s.low != 0.48 || s.high != 0.52 || s.noisy {
		t.Errorf("summarise = %+v", s)
	}
	if s := summarise([]pair{{400, 1000}, {500, 1000}, {600, 1000}}); !s.noisy {
		t.Errorf("ratios from 0.4 to 0.6 are not called noisy: %+v", s)
	}
	if s := summarise(nil); !math.IsNaN(s.ratio) || s.noisy {
		t.Errorf("summarise(nil) = %+v", s)
	}
}
