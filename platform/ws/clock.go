package ws

import "time"

// Clock is the time that the hub's rules run on: state intervals, pings, rate
// limits. Deadlines of the network are always real time.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f once, on a goroutine of its own, after d. Stop
	// reports whether it prevented the call.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}
