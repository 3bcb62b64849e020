package shop_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rally/modules/shop"
)

func TestTheMarketsDayTurnsAtMidnightInSeoul(t *testing.T) {
	for at, day := range map[string]string{
		"2026-03-01T14:59:59.999999Z":      "2026-03-01",
		"2026-03-01T15:00:00Z":             "2026-03-02",
		"2026-03-02T00:00:00+09:00":        "2026-03-02",
		"2026-03-01T23:59:59.999999+09:00": "2026-03-01",
		"2025-12-31T15:00:00Z":             "2026-01-01",
		"2028-02-28T15:00:00Z":             "2028-02-29",
		"2026-03-01T10:00:00-05:00":        "2026-03-02",
		"1969-12-31T14:00:00Z":             "1969-12-31",
	} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := shop.MarketDay(instant); got != day {
			t.Errorf("%s is on %s, want %s", at, got, day)
		}
	}
	begin, end := shop.DaySpan(time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC))
	if b, e := begin.Format(time.RFC3339), end.Format(time.RFC3339); b != "2026-03-01T15:00:00Z" || e != "2026-03-02T15:00:00Z" {
		t.Errorf("the day lasts from %s to %s", b, e)
	}
}

// A day is all moments with one name, and no others.
func TestADaysSpanIsWhatHasItsName(t *testing.T) {
	zones := []*time.Location{time.UTC, time.FixedZone("KST", 9*3600), time.FixedZone("west", -11*3600), time.FixedZone("odd", 5*3600+45*60)}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos")).In(rapid.SampledFrom(zones).Draw(t, "zone"))
		day := shop.MarketDay(at)
		begin, end := shop.DaySpan(at)
		if at.Before(begin) || !at.Before(end) || end.Sub(begin) != 24*time.Hour || begin.Location() != time.UTC {
			t.Fatalf("%v is in %v to %v", at, begin, end)
		}
		if shop.MarketDay(begin) != day || shop.MarketDay(end.Add(-1)) != day || shop.MarketDay(begin.Add(-1)) == day || shop.MarketDay(end) == day {
			t.Fatalf("%s lasts from %v to %v", day, begin, end)
		}
	})
}

// drawDays draws days with trades, in order.
func drawDays(t *rapid.T) []shop.PriceDay {
	days := make([]shop.PriceDay, rapid.IntRange(0, 120).Draw(t, "days"))
	at := now
	for i := range days {
		at = at.AddDate(0, 0, rapid.IntRange(1, 40).Draw(t, "gap"))
		low := rapid.Int64Range(1, 1000).Draw(t, "low")
		high := low + rapid.Int64Range(0, 50).Draw(t, "spread")
		volume := rapid.Int64Range(1, 9).Draw(t, "volume")
		days[i] = shop.PriceDay{Day: shop.MarketDay(at), Low: low, High: high, Close: rapid.Int64Range(low, high).Draw(t, "close"), Volume: volume, Total: volume * low}
	}
	return days
}

// Each point of a thinned chart sums up the days since the one before it.
func TestAThinnedChartTellsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days, limit := drawDays(t), rapid.IntRange(1, 40).Draw(t, "limit")
		kept := slices.Clone(days)
		points := shop.Downsample(days, limit)
		if !slices.Equal(days, kept) {
			t.Fatal("the days themselves changed")
		}
		if len(points) > limit || len(days) > 0 && len(points) == 0 {
			t.Fatalf("%d days became %d points, at most %d were wanted", len(days), len(points), limit)
		}
		if len(days) <= limit && !slices.Equal(points, days) {
			t.Fatal("days were merged that had room")
		}
		rest := days
		var span []int
		for _, p := range points {
			n := slices.IndexFunc(rest, func(d shop.PriceDay) bool { return d.Day == p.Day })
			if n < 0 {
				t.Fatalf("a point on %s, where nothing was traded, or out of order", p.Day)
			}
			want := rest[n]
			for _, d := range rest[:n] {
				want.High, want.Low = max(want.High, d.High), min(want.Low, d.Low)
				want.Volume, want.Total = want.Volume+d.Volume, want.Total+d.Total
			}
			if p != want {
				t.Fatalf("the point is %+v, its days make %+v", p, want)
			}
			span = append(span, n+1)
			rest = rest[n+1:]
		}
		if len(rest) > 0 {
			t.Fatalf("%d days are in no point: %v", len(rest), span)
		}
	})
}

func TestThinning(t *testing.T) {
	days := []shop.PriceDay{
		{Day: "2026-02-27", High: 12, Low: 9, Close: 10, Volume: 2, Total: 21},
		{Day: "2026-02-28", High: 20, Low: 11, Close: 11, Volume: 3, Total: 44},
		{Day: "2026-03-01", High: 13, Low: 8, Close: 13, Volume: 1, Total: 13},
		{Day: "2026-03-09", High: 15, Low: 15, Close: 15, Volume: 1, Total: 15},
	}
	want := []shop.PriceDay{{Day: "2026-03-01", High: 20, Low: 8, Close: 13, Volume: 6, Total: 78}, days[3]}
	for limit := 2; limit < 4; limit++ {
		if got := shop.Downsample(days, limit); limit == 2 && fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("thinned to %+v", got)
		}
	}
	// A lone trade years ago has its own point, and all of the present one.
	far := append([]shop.PriceDay{{Day: "2020-01-01", High: 1, Low: 1, Close: 1, Volume: 1, Total: 1}}, days...)
	if got := shop.Downsample(far, 3); len(got) != 2 || got[0] != far[0] || got[1].Volume != 7 || got[1].Close != 15 {
		t.Errorf("thinned to %+v", got)
	}
}

func closes(prices ...int64) []shop.PriceDay {
	days := make([]shop.PriceDay, len(prices))
	for i, p := range prices {
		days[i] = shop.PriceDay{Close: p}
	}
	return days
}

// By hand: ln 1.1 = 0.0953102 twice and ln 0.9 = −0.1053605. Their mean is
// 0.0284200, the squares of the differences 0.0044743, 0.0178972, 0.0044743;
// √(0.0268458 ÷ 2) = 0.1158573.
func TestVolatilityByHand(t *testing.T) {
	for _, c := range []struct {
		days []shop.PriceDay
		want string
	}{
		{closes(1000, 1100, 990, 1089), "11.6"},
		{closes(100_000, 200_000, 100_000), "98"}, // ±ln 2: √2 · 0.693147
		{closes(1000, 2000, 4000, 8000), "0"},     // it doubles, and steadily
		{closes(500, 500, 500), "0"},
		{closes(1000, 1100), "nil"},
		{closes(1000), "nil"},
		{nil, "nil"},
	} {
		got := "nil"
		if v := shop.Volatility(c.days); v != nil {
			got = fmt.Sprint(*v)
		}
		if got != c.want {
			t.Errorf("%v: %s, want %s", c.days, got, c.want)
		}
	}
}

// A currency with another unit is no less volatile.
func TestVolatilityHasNoUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prices := rapid.SliceOfN(rapid.Int64Range(1, 1_000_000), 3, 30).Draw(t, "prices")
		scaled := make([]int64, len(prices))
		for i, p := range prices {
			scaled[i] = p * 1000
		}
		a, b := shop.Volatility(closes(prices...)), shop.Volatility(closes(scaled...))
		if d := *a - *b; *a < 0 || d > 0.11 || d < -0.11 { // rounding may fall on either side
			t.Fatalf("%v, and %v in thousandths", *a, *b)
		}
	})
}
