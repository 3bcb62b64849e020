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
	lost   error // after this error SQLite may have rolled back: no statement may follow
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
//
// On SQLite, where one writes at a time, those who wait share a COMMIT. Nobody
// can tell: fn runs in a savepoint, after those before it and isolated from
// those after it; its failure undoes its own writes alone; InTx returns, also
// with an error, once all that fn may have read is committed. If the shared
// transaction fails because of another closure, fn is run again. A cancelled
// ctx ends the wait for a turn, and stops fn before its next statement.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if outer := txFrom(ctx, d); outer != nil {
		return outer.join(ctx, fn)
	}
	return d.attempts(ctx, d.writer, fn)
}

// InTxOn is InTx for transactions that all lock one row first, which key
// names, like "shop.product:12". On PostgreSQL those of this process that wait
// for one another share a COMMIT, as all do on SQLite; a lone one costs the
// same as InTx. fn must not change the isolation level.
func (d *DB) InTxOn(ctx context.Context, key string, fn func(ctx context.Context) error) error {
	if d.Dialect == SQLite || txFrom(ctx, d) != nil {
		return d.InTx(ctx, fn)
	}
	l := d.rows.take(d, key)
	defer d.rows.leave(key)
	return d.attempts(ctx, l, fn)
}

// check says why no further statement may run in the transaction.
func (s *txState) check(ctx context.Context) error {
	if s == nil {
		return nil
	}
	if s.lost != nil {
		return s.lost
	}
	return ctx.Err()
}

// note remembers an error after which SQLite may have ended the transaction: a
// further statement would be committed at once, on its own.
func (s *txState) note(err error) {
	if s != nil && s.lost == nil && isSQLiteLost(err) {
		s.lost = err
	}
}

func (s *txState) join(ctx context.Context, fn func(ctx context.Context) error) error {
	err := fn(ctx)
	if err != nil && s.failed == nil {
		s.failed = err
	}
	return err
}

// attempts runs fn until it didn't lose a race, in the line l if there is one.
func (d *DB) attempts(ctx context.Context, l *line, fn func(ctx context.Context) error) error {
	alone := false
	for attempt := 1; ; {
		var after []func(context.Context)
		var err error
		if l == nil {
			after, err = d.once(ctx, fn)
		} else {
			after, err = l.run(ctx, fn, alone)
		}
		switch {
		case err == nil:
			for _, hook := range after {
				hook(context.WithoutCancel(ctx))
			}
			return nil
		case errors.Is(err, errAgain):
			alone = true // so this happens once
			continue
		case !isContention(err):
			return err
		case attempt == maxAttempts:
			return fmt.Errorf("transaction gave up after %d attempts: %w", maxAttempts, err)
		}
		if waitErr := backoff(ctx, attempt); waitErr != nil {
			return err
		}
		attempt++
	}
}

// once runs fn in a transaction of its own and returns the hooks to run.
func (d *DB) once(ctx context.Context, fn func(ctx context.Context) error) (after []func(context.Context), err error) {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
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
		return nil, err
	}
	if state.failed != nil {
		return nil, fmt.Errorf("a nested transaction failed: %w", state.failed)
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	committed = true
	return state.after, nil
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

// AfterCommit is the function of this name, as a method for whoever asks for
// transactions through an interface.
func (d *DB) AfterCommit(ctx context.Context, fn func(ctx context.Context)) { AfterCommit(ctx, fn) }

// AfterCommit runs fn once the transaction of ctx has committed, and never if
// it rolls back. Without a transaction fn runs at once. Hooks run in order, in
// the goroutine of the transaction; they must be quick and can't fail it. A
// hook may begin a transaction of its own.
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
