package style_test

import (
	"math"
	"testing"
	"time"

	"rally/modules/style"
)

// begun is a moment at which t / 48 h is a whole number.
func begun() time.Time { return time.Unix(48*3600*10_000, 0) }

func TestHeat(t *testing.T) {
	t.Parallel()
	at := begun()
	for _, c := range []struct {
		likes, comments int64
		later           time.Duration
		want            float64
	}{
		{0, 0, 0, 10_000},
		{1, 0, 0, 10_000}, // one like is none: everybody has a friend
		{10, 0, 0, 10_001},
		{100, 0, 0, 10_002},
		{0, 5, 0, 10_001}, // a comment is worth two likes
		{8, 1, 0, 10_001},
		{80, 10, 0, 10_002},
		{0, 0, 48 * time.Hour, 10_001}, // two days are worth ten times as much
		{10, 0, 48 * time.Hour, 10_002},
		{0, 0, -48 * time.Hour, 9_999},
		{1000, 0, -96 * time.Hour, 10_001},
		{0, 0, 24 * time.Hour, 10_000.5},
		{-5, -5, 0, 10_000}, // a wrong count is no end of the world
		{math.MinInt64, math.MaxInt64, 0, 10_000 + math.Log10(2*float64(math.MaxInt64))},
	} {
		if got := style.Heat(c.likes, c.comments, at.Add(c.later)); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%d likes, %d comments, %v later: %v, want %v", c.likes, c.comments, c.later, got, c.want)
		}
	}
}

func TestHeatGrowsWithWhatIsLikedAndSaidAndWithYouth(t *testing.T) {
	t.Parallel()
	at := begun()
	for n := int64(1); n < 1_000_000; n = n*3 + 1 {
		here := style.Heat(n, 0, at)
		if style.Heat(n+1, 0, at) <= here || style.Heat(n, 1, at) <= style.Heat(n+1, 0, at) || style.Heat(n, 0, at.Add(time.Second)) <= here {
			t.Errorf("at %d likes", n)
		}
		// The order of two posts doesn't change because time passes: there is no now
		// in it. What is ten times as much liked stands two days beside the other.
		if got := style.Heat(10*n, 0, at) - style.Heat(n, 0, at.Add(48*time.Hour)); math.Abs(got) > 1e-9 {
			t.Errorf("ten times %d likes: %v", n, got)
		}
	}
}
