package shop

import (
	"math"
	"time"

	"rally/platform/fault"
)

// Market data by the day, without any input or output.

// seoul is the zone of the market's days. Korea has no summer time.
const seoul = 9 * time.Hour

// MarketDay returns the day of a time in Seoul, as YYYY-MM-DD.
func MarketDay(t time.Time) string { return t.UTC().Add(seoul).Format(time.DateOnly) }

// DaySpan returns when a market day begins and ends, in UTC.
func DaySpan(t time.Time) (begin, end time.Time) {
	begin = t.UTC().Add(seoul).Truncate(24 * time.Hour).Add(-seoul)
	return begin, begin.Add(24 * time.Hour)
}

// PriceDay is what a product cost on one day, by trades that stand. Prices are
// in won.
type PriceDay struct {
	Day              string // YYYY-MM-DD in Seoul
	High, Low, Close int64
	Volume           int64 // pieces
	Total            int64 // won
}

// Chart is a product's prices over a span of time.
type Chart struct {
	Range       string
	From        string // first day of the span, or of the first trade
	Points      []PriceDay
	RetailPrice *int64
}

// MaxPoints is how many points a chart has at most.
const MaxPoints = 200

// ChartRanges returns the spans that a chart can have.
func ChartRanges() []string { return []string{"1m", "3m", "6m", "1y", "all"} }

// rangeStart returns the first day of a chart's span; "" is the beginning.
func rangeStart(span string, now time.Time) (string, error) {
	months := map[string]int{"1m": 1, "3m": 3, "6m": 6, "1y": 12}
	if n, ok := months[span]; ok {
		y, m, d := now.UTC().Add(seoul).Date() // months of the calendar in Seoul
		last := time.Date(y, m-time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return time.Date(y, m-time.Month(n), min(d, last), 0, 0, 0, 0, time.UTC).Format(time.DateOnly), nil
	}
	if span == "all" {
		return "", nil
	}
	return "", fault.ErrInvalid.WithField("range", "must be 1m, 3m, 6m, 1y or all")
}

// Downsample merges neighbouring days until there are at most limit points.
// Each covers the same number of days of the calendar, and takes the close and
// the day of its last trade: a close is never made up. Days are in order.
func Downsample(days []PriceDay, limit int) []PriceDay {
	if len(days) <= limit {
		return days
	}
	first := dayNumber(days[0].Day)
	width := (dayNumber(days[len(days)-1].Day)-first)/limit + 1
	var out []PriceDay
	bucket := -1
	for _, d := range days {
		if b := (dayNumber(d.Day) - first) / width; b != bucket {
			bucket = b
			out = append(out, d)
			continue
		}
		p := &out[len(out)-1]
		p.Day, p.Close = d.Day, d.Close
		p.High, p.Low = max(p.High, d.High), min(p.Low, d.Low)
		p.Volume += d.Volume
		p.Total += d.Total
	}
	return out
}

func dayNumber(day string) int {
	t, _ := time.Parse(time.DateOnly, day) // written by MarketDay
	return int(t.Unix() / 86_400)
}

// Stats sums up a product's market. Prices are in won, shares in percent; nil
// is unknown.
type Stats struct {
	LastPrice   *int64
	LastTradeAt *time.Time
	Change      *int64 // of the last trade against the one before
	ChangePct   *float64
	High90      *int64
	Low90       *int64
	Average90   *int64
	Volume90    int64
	Volatility  *float64 // see Volatility
	Premium     *float64 // of the last trade over the retail price
	High, Low   *int64   // of all time
}

// statsDays is the span of the figures of 90 days.
const statsDays = 90

// sumUp fills in the figures of the last days.
func (s *Stats) sumUp(days []PriceDay) {
	if len(days) == 0 {
		return
	}
	high, low, total := days[0].High, days[0].Low, int64(0)
	for _, d := range days {
		high, low = max(high, d.High), min(low, d.Low)
		s.Volume90 += d.Volume
		total += d.Total
	}
	average := (total + s.Volume90/2) / s.Volume90
	s.High90, s.Low90, s.Average90 = &high, &low, &average
	s.Volatility = Volatility(days)
}

// Volatility is the sample standard deviation of the logarithmic returns from
// one day with trades to the next, in percent; nil with fewer than three such
// days. It is the historical volatility of John C. Hull, Options, Futures, and
// Other Derivatives, chapter "The Black–Scholes–Merton model", per trading day
// and not scaled to a year.
func Volatility(days []PriceDay) *float64 {
	if len(days) < 3 {
		return nil
	}
	returns := make([]float64, 0, len(days)-1)
	sum := 0.0
	for i := 1; i < len(days); i++ {
		r := math.Log(float64(days[i].Close) / float64(days[i-1].Close))
		returns = append(returns, r)
		sum += r
	}
	mean := sum / float64(len(returns))
	squares := 0.0
	for _, r := range returns {
		squares += (r - mean) * (r - mean)
	}
	v := rounded(100 * math.Sqrt(squares/float64(len(returns)-1)))
	return &v
}

// percent returns how far a value lies above another one.
func percent(value, base int64) *float64 {
	if base == 0 {
		return nil
	}
	p := rounded(100 * float64(value-base) / float64(base))
	return &p
}

// rounded keeps one decimal.
func rounded(f float64) float64 { return math.Round(f*10) / 10 }
