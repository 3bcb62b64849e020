package testkit

import (
	"syscall"
	"testing"
	"time"
)

// ProcessorTime returns how long this process has used a processor. On a busy
// machine it tells more of a cost than the time that passed.
func ProcessorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
