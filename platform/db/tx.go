package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/uptrace/bun"
)

// maxAttempts bounds how often a transaction that lost a race is run again.
const maxAttempts = 6

type txKey struct{}

type txState struct {
	db     *DB
	tx     bun.Tx
	after  []func(context.Context)
	failed error // a nested failure: the whole transaction must not commit
}

func txFrom(ctx context.Context, d *DB) *txState {
	if s, ok := ctx.Value(txKey{}).(*txState); ok && (d == nil || s.db == d) {
		return s
	}
	return nil
}

// InTx runs fn in a transaction. Inside a transaction of the same database it
// joins: an error of fn then dooms the outer transaction too, even if the
// caller swallows it. Otherwise it begins one, commits when fn returns nil,
// and returns the error of COMMIT.
//
// A transaction that lost to another one (serialization failure, deadlock,
// busy file) is run again a few times, so fn must be re-runnable: no network
// calls, no sends, no goroutines, no state kept from a failed run.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if outer := txFrom(ctx, d); outer != nil {
		err := fn(ctx)
		if err != nil && outer.failed == nil {
			outer.failed = err
		}
		return err
	}
	var err error
	for attempt := range maxAttempts {
		if attempt > 0 {
			if waitErr := backoff(ctx, attempt); waitErr != nil {
				return err
			}
		}
		if err = d.once(ctx, fn); err == nil || !isContention(err) {
			return err
		}
	}
	return fmt.Errorf("transaction gave up after %d attempts: %w", maxAttempts, err)
}

func (d *DB) once(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	if d.writeStmts != nil {
		d.writeStmts.prepareWanted(ctx)
	}
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	state := &txState{db: d, tx: tx}
	committed := false
	defer func() {
		if !committed { // also on panic
			if rbErr := tx.Rollback(); rbErr != nil && !errors.Is(rbErr, sql.ErrTxDone) && err != nil {
				err = errors.Join(err, fmt.Errorf("rollback: %w", rbErr))
			}
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{}, state)); err != nil {
		return err
	}
	if state.failed != nil {
		return fmt.Errorf("a nested transaction failed: %w", state.failed)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	committed = true
	for _, hook := range state.after {
		hook(context.WithoutCancel(ctx))
	}
	return nil
}

// backoff waits a random moment that grows with each attempt.
func backoff(ctx context.Context, attempt int) error {
	limit := time.Duration(1<<attempt) * 2 * time.Millisecond
	timer := time.NewTimer(rand.N(limit) + time.Millisecond) //nolint:gosec // jitter, not a secret
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// AfterCommit runs fn once the transaction of ctx has committed, and never if
// it rolls back. Without a transaction fn runs at once. Hooks run in order, in
// the goroutine of the transaction; they must be quick and can't fail it.
func AfterCommit(ctx context.Context, fn func(ctx context.Context)) {
	if s := txFrom(ctx, nil); s != nil {
		s.after = append(s.after, fn)
		return
	}
	fn(context.WithoutCancel(ctx))
}

// Tx returns the database/sql transaction of ctx, for libraries that join one.
func (d *DB) Tx(ctx context.Context) (*sql.Tx, bool) {
	if s := txFrom(ctx, d); s != nil {
		return s.tx.Tx, true
	}
	return nil, false
}
