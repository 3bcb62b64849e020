package shop

import (
	"fmt"
	"testing"
	"time"
)

func TestChartsBeginOnADayInSeoul(t *testing.T) {
	for _, c := range []struct{ now, span, want string }{
		{"2026-11-22T03:00:00Z", "1m", "2026-10-22"},
		{"2026-11-22T03:00:00Z", "3m", "2026-08-22"},
		{"2026-11-22T03:00:00Z", "6m", "2026-05-22"},
		{"2026-11-22T03:00:00Z", "1y", "2025-11-22"},
		{"2026-11-22T03:00:00Z", "all", ""},
		{"2026-11-21T15:00:00Z", "1m", "2026-10-22"},
		// The 1st of April in Seoul, while it is still March in London.
		{"2026-03-31T15:00:00Z", "1m", "2026-03-01"},
		{"2026-12-31T15:00:00Z", "1m", "2026-12-01"},
	} {
		at, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := rangeStart(c.span, at); err != nil || got != c.want {
			t.Errorf("%s at %s begins on %q, %v, want %q", c.span, c.now, got, err, c.want)
		}
	}
	for _, span := range []string{"", "2m", "ALL", "1m "} {
		if from, err := rangeStart(span, time.Now()); err == nil {
			t.Errorf("%q begins on %q", span, from)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		value, base int64
		want        string
	}{
		{110, 100, "10"},
		{90, 100, "-10"},
		{100, 100, "0"},
		{0, 100, "-100"},
		{4, 3, "33.3"},
		{2, 3, "-33.3"},
		{129_000, 119_000, "8.4"},
		{2001, 2000, "0.1"},   // 0.05 is rounded up
		{1999, 2000, "-0.1"},  // and −0.05 down
		{20_009, 20_000, "0"}, // 0.045
		{5, 0, "nil"},
		{MaxPrice, 1, "9.99999999e+10"},
	} {
		got := "nil"
		if p := percent(c.value, c.base); p != nil {
			got = fmt.Sprint(*p)
		}
		if got != c.want {
			t.Errorf("%d over %d: %s, want %s", c.value, c.base, got, c.want)
		}
	}
}

func TestTheFiguresOf90Days(t *testing.T) {
	var none Stats
	none.sumUp(nil)
	if none.High90 != nil || none.Low90 != nil || none.Average90 != nil || none.Volume90 != 0 || none.Volatility != nil {
		t.Errorf("of no days: %+v", none)
	}
	var s Stats
	s.sumUp([]PriceDay{{High: 12, Low: 9, Close: 10, Volume: 2, Total: 21}, {High: 11, Low: 11, Close: 11, Volume: 1, Total: 11}, {High: 11, Low: 8, Close: 8, Volume: 2, Total: 19}})
	if *s.High90 != 12 || *s.Low90 != 8 || s.Volume90 != 5 || *s.Average90 != 10 || s.Volatility == nil { // 51 ÷ 5 = 10.2
		t.Errorf("high %d, low %d, volume %d, average %d, volatility %v", *s.High90, *s.Low90, s.Volume90, *s.Average90, s.Volatility)
	}
	s = Stats{}
	if s.sumUp([]PriceDay{{High: 2, Low: 1, Close: 2, Volume: 2, Total: 3}}); *s.Average90 != 2 {
		t.Errorf("1.5 won are rounded to %d", *s.Average90)
	}
}
