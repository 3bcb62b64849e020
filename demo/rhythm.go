package demo

import (
	"math"
	"math/rand/v2"
	"time"
)

// rhythm says when people are busy with an article: on which days and at
// which hours.
type rhythm struct {
	start  time.Time // midnight in Seoul
	opens  time.Time // nothing happens before
	closes time.Time // nothing happens from here on
	days   lottery
	hours  lottery
	share  float64 // how much of the whole history the article has been there
}

func newRhythm(r *rand.Rand, a article, p path, now time.Time) rhythm {
	y := rhythm{start: p.start, opens: now.AddDate(0, 0, -historyDays), closes: now, hours: newLottery(hourly())}
	if from := a.released.Add(10 * time.Hour); from.After(y.opens) { // shops open at ten
		y.opens = from
	}
	y.share = float64(now.Sub(y.opens)) / float64(historyDays*day)
	days := make([]float64, len(p.jumped))
	for i := range days {
		from := p.start.AddDate(0, 0, i)
		if from.Add(day).Before(y.opens) || !from.Before(now) {
			continue
		}
		days[i] = weekly(from.Weekday()) * math.Exp(0.3*r.NormFloat64())
		if p.jumped[i] {
			days[i] *= 2.2
		}
		if age := float64(from.Sub(a.released)) / float64(day); age >= 0 {
			days[i] *= 1 + 2*math.Exp(-age/6)
		}
	}
	y.days = newLottery(days)
	return y
}

// draw returns a time in [opens, closes).
func (y rhythm) draw(r *rand.Rand) time.Time {
	for range 100 {
		t := y.start.AddDate(0, 0, y.days.draw(r)).Add(time.Duration(y.hours.draw(r)) * time.Hour).Add(time.Duration(r.Int64N(int64(time.Hour))))
		if !t.Before(y.opens) && t.Before(y.closes) {
			return t.UTC().Truncate(time.Millisecond)
		}
	}
	// The article came a moment ago, at an hour when people sleep.
	return y.opens.Add(time.Duration(r.Int64N(int64(y.closes.Sub(y.opens))))).UTC().Truncate(time.Millisecond)
}

// weekly is how busy a day of the week is.
func weekly(d time.Weekday) float64 {
	return [...]float64{time.Sunday: 1.3, time.Monday: 0.9, time.Tuesday: 0.85, time.Wednesday: 0.9, time.Thursday: 1, time.Friday: 1.15, time.Saturday: 1.25}[d]
}

// hourly is how busy each hour of a day is: lunch, the way home, and late.
func hourly() []float64 {
	return []float64{5, 3, 1.5, 0.7, 0.5, 0.5, 0.8, 1.8, 3.2, 3.8, 4.2, 4.6, 6.5, 5.6, 4.4, 4.2, 4.4, 5, 6.4, 6.6, 7, 8, 9, 7.5}
}
