package pong

import (
	"math"
	"sync/atomic"
	"time"
)

const (
	// The buckets of Lateness begin at latenessFirst, and each is wider than the one
	// before by latenessGrowth: quantiles are told to a tenth.
	latenessFirst   = 10 * time.Microsecond
	latenessGrowth  = 1.2
	latenessBuckets = 64 // the last bound is about a second
)

// Lateness is how late the ticks of an arena began. It is safe for concurrent use.
type Lateness struct {
	buckets [latenessBuckets + 1]atomic.Uint64
	sum     atomic.Int64
}

func (l *Lateness) note(ns int64) {
	i := 0
	if ns > int64(latenessFirst) {
		i = min(int(math.Ceil(math.Log(float64(ns)/float64(latenessFirst))/math.Log(latenessGrowth))), latenessBuckets)
	}
	l.buckets[i].Add(1)
	l.sum.Add(ns)
}

// Histogram returns how many ticks there were, their lateness together in seconds,
// and how many were not later than each of some bounds in seconds.
func (l *Lateness) Histogram() (count uint64, sum float64, upTo map[float64]uint64) {
	upTo = make(map[float64]uint64, latenessBuckets)
	bound := latenessFirst.Seconds()
	for i := range l.buckets {
		count += l.buckets[i].Load()
		if i < latenessBuckets {
			upTo[bound] = count
			bound *= latenessGrowth
		}
	}
	return count, time.Duration(l.sum.Load()).Seconds(), upTo
}
