package testkit

import (
	"context"
	"slices"
	"sync"

	"rally/platform/db"
)

// Recorder keeps, in order, what was committed: events, mails, signals. Its
// zero value is empty. It is safe for concurrent use.
type Recorder[T any] struct {
	mu   sync.Mutex
	seen []T
}

// Add notes v once the transaction of ctx has committed.
func (r *Recorder[T]) Add(ctx context.Context, v T) {
	db.AfterCommit(ctx, func(context.Context) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.seen = append(r.seen, v)
	})
}

// All returns what was noted.
func (r *Recorder[T]) All() []T {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.seen)
}

// Take returns what was noted since the last call.
func (r *Recorder[T]) Take() []T {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.seen
	r.seen = nil
	return seen
}
