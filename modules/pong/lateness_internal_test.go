package pong

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Each bound counts what is not later than it, to the last rounding.
func TestLatenessIsCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l Lateness
		list := rapid.SliceOfN(rapid.Int64Range(-int64(time.Millisecond), int64(20*time.Second)), 0, 50).Draw(t, "late")
		whole := int64(0)
		for _, ns := range list {
			l.note(ns)
			whole += ns
		}
		count, sum, upTo := l.Histogram()
		if count != uint64(len(list)) || math.Abs(sum-time.Duration(whole).Seconds()) > 1e-9 {
			t.Fatalf("%d ticks, %g s together", count, sum)
		}
		if len(upTo) < 10 {
			t.Fatalf("%d bounds", len(upTo))
		}
		within := func(bound float64) (n uint64) {
			for _, ns := range list {
				if time.Duration(ns).Seconds() <= bound {
					n++
				}
			}
			return n
		}
		for bound, n := range upTo {
			if n < within(bound*(1-1e-9)) || n > within(bound*(1+1e-9)) {
				t.Fatalf("%d within %g s, and %d in truth", n, bound, within(bound))
			}
		}
	})
}
