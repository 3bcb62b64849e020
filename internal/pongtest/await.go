package pongtest

import (
	"context"
	"time"
)

// TB is what Await needs of a test.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

// Await waits, with a patience, until ok says yes of what a player has seen, or else
// fails the test and says what was waited for.
func Await(tb TB, patience time.Duration, p *Player, what string, ok func(w *Welcome, s Snapshot, e *Ended) bool) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), patience)
	defer cancel()
	if err := p.Await(ctx, ok); err != nil {
		s, n := p.Last()
		tb.Fatalf("waiting until %s: %v; after %d frames: %+v", what, err, n, s)
	}
}
