package testkit

import (
	"testing"
	"time"

	"rally/platform/config"
)

// Patience is how long a condition may take before the test gives up. No test
// needs it when all is well.
const Patience = time.Minute

// Until waits for a condition. Tests never sleep; they wait for what they want.
func Until(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	poll := time.NewTicker(2 * time.Millisecond)
	defer poll.Stop()
	deadline := time.After(Patience)
	for !ok() {
		select {
		case <-poll.C:
		case <-deadline:
			tb.Fatalf("never happened: %s", what)
		}
	}
}

// Receive returns the next value of c.
func Receive[T any](tb testing.TB, c <-chan T) T {
	tb.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(Patience):
		tb.Fatal("nothing arrived")
		panic("unreachable")
	}
}

// Defaults returns the settings of an empty environment.
func Defaults[T any](tb testing.TB) T {
	tb.Helper()
	source, err := config.Read("", nil)
	if err != nil {
		tb.Fatal(err)
	}
	cfg, err := config.Load[T](source)
	if err != nil {
		tb.Fatal(err)
	}
	return cfg
}
