package db_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"rally/platform/db"
	"rally/platform/testkit"
)

// writerConn hands out the driver's connection of the one writer.
func writerConn(t *testing.T, d *db.DB, fn func(conn any)) {
	t.Helper()
	conn, err := d.Pool().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.Raw(func(driverConn any) error { fn(driverConn); return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestWhoeverIsCancelledWhileWaitingNeverRuns(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := newCrowd(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ended := make(chan error, 1)
		errs := c.share(func(tx context.Context) error {
			go func() {
				ended <- d.InTxOn(ctx, hotKey, func(context.Context) error { t.Error("ran"); return nil })
			}()
			testkit.Until(t, "it waits", func() bool { return c.waiting() == 2 })
			cancel()
			if err := testkit.Receive(t, ended); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			return c.note(1)(tx)
		}, c.note(2))
		c.wantErrs(errs, nil, nil)
		c.want(1, 2)
		if err := d.InTxOn(ctx, hotKey, func(context.Context) error { t.Error("ran"); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("with nobody before it: %v", err)
		}
	})
}

// A statement that is interrupted would take the writes of the others with it.
func TestACancelledClosureStopsBetweenItsStatements(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := newCrowd(t, d)
		// The closures of share can't be cancelled; this one waits among them.
		cancelled := func(id int64, end closure) (enter func(), ended chan error) {
			ctx, cancel := context.WithCancel(t.Context())
			ended = make(chan error, 1)
			return func() {
				before := c.waiting()
				go func() {
					ended <- d.InTxOn(ctx, hotKey, func(ctx context.Context) error {
						if ctx.Done() != nil {
							t.Error("a statement can be interrupted")
						}
						if err := c.note(id)(ctx); err != nil {
							t.Error(err)
						}
						cancel()
						return end(ctx)
					})
				}()
				testkit.Until(t, "it waits", func() bool { return c.waiting() == before+1 })
			}, ended
		}
		hot, hotEnded := cancelled(-1, c.note(-2))
		built, builtEnded := cancelled(-3, func(ctx context.Context) error {
			_, err := d.Conn(ctx).NewRaw("INSERT INTO notes (id) VALUES (-4)").Exec(ctx)
			return err
		})
		swallowed, swallowedEnded := cancelled(-5, func(context.Context) error { return nil })
		errs := c.share(c.note(1), func(ctx context.Context) error {
			hot()
			built()
			swallowed()
			return c.note(2)(ctx)
		})
		c.wantErrs(errs, nil, nil)
		for _, ended := range []chan error{hotEnded, builtEnded, swallowedEnded} {
			if err := testkit.Receive(t, ended); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		}
		c.want(1, 2)
	})
}

// The pool's own statements, as those of the job queue, get the one connection
// however many transactions wait for it.
func TestTheLineLeavesRoomForThePool(t *testing.T) {
	d := testkit.OpenDB(t, db.SQLite)
	prepare(t, d)
	ctx, stop := context.WithTimeout(t.Context(), testkit.Patience)
	defer stop()
	var wg sync.WaitGroup
	var done atomic.Bool
	for range 8 {
		wg.Go(func() {
			for !done.Load() {
				if err := d.InTx(t.Context(), func(ctx context.Context) error {
					_, err := db.Exec(ctx, d, "UPDATE counters SET n = n + 1 WHERE id = $1", 1)
					return err
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 50 {
		if _, err := d.Pool().ExecContext(ctx, "UPDATE counters SET label = 'pool' WHERE id = 1"); err != nil {
			t.Error(err)
			break
		}
	}
	done.Store(true)
	wg.Wait()
}

func TestATransactionOfTheGroupIsADatabaseSQLOne(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := newCrowd(t, d)
		direct := func(id int64, err error) closure {
			return func(ctx context.Context) error {
				tx, ok := d.Tx(ctx)
				if !ok {
					return errors.New("no transaction")
				}
				_, sqlErr := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO notes (id) VALUES (%d)", id))
				_, bunErr := d.Conn(ctx).NewRaw("INSERT INTO notes (id) VALUES (?)", -id).Exec(ctx)
				return errors.Join(sqlErr, bunErr, err)
			}
		}
		c.wantErrs(c.share(direct(1, nil), direct(2, errBoom), direct(3, nil)), nil, errBoom, nil)
		c.want(-3, -1, 1, 3)
	})
}

func TestCloseWaitsForThoseInTheLine(t *testing.T) {
	url := testkit.DatabaseURL(t, db.SQLite)
	d, err := db.Open(t.Context(), db.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	c := newCrowd(t, d)
	closed := make(chan error, 1)
	closures := []closure{func(ctx context.Context) error {
		go func() { closed <- d.Close() }()
		gone, cancel := context.WithCancel(t.Context())
		cancel() // so that it doesn't wait in the line if it may enter
		testkit.Until(t, "nobody may enter any more", func() bool {
			err := d.InTx(gone, func(context.Context) error { return nil })
			return err != nil && strings.Contains(err.Error(), "closed")
		})
		return c.note(1)(ctx)
	}}
	ids := []int64{1}
	for id := int64(2); id < db.SQLiteGroup+3; id++ { // more than one group
		closures, ids = append(closures, c.note(id)), append(ids, id)
	}
	for i, err := range c.share(closures...) {
		if err != nil {
			t.Errorf("closure %d: %v", i, err)
		}
	}
	if err := testkit.Receive(t, closed); err != nil {
		t.Error(err)
	}
	again, err := db.Open(t.Context(), db.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	c.d = again
	c.want(ids...)
}

func TestLinesOfRowsGoWhenNobodyWaits(t *testing.T) {
	d := testkit.OpenDB(t, db.Postgres)
	prepare(t, d)
	for i := range 3 {
		key := fmt.Sprint("db.counter:", i)
		err := d.InTxOn(t.Context(), key, func(context.Context) error {
			if db.RowLines(d) != 1 {
				t.Errorf("%d lines", db.RowLines(d))
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if db.RowLines(d) != 0 {
		t.Errorf("%d lines are left", db.RowLines(d))
	}
}

// A storm of closures that succeed, fail, panic, are cancelled, break a
// constraint at COMMIT or end the transaction. What was answered with success
// is there once, and nothing else is.
func TestAStormKeepsWhatItAnswered(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := newCrowd(t, d)
		const workers, each = 12, 40
		var mu sync.Mutex
		kept := map[int64]bool{}
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for i := range each {
					id := int64(w*each + i + 1)
					ok, err := c.stormy(t, id)
					if ok != (err == nil) {
						t.Errorf("closure %d: %v", id, err)
					}
					if err == nil {
						mu.Lock()
						kept[id] = true
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		got := c.notes(t.Context())
		for _, id := range got {
			if !kept[id] {
				t.Errorf("%d was refused and is there", id)
			}
		}
		if len(got) != len(kept) || read(t, d) != int64(len(kept)) {
			t.Errorf("%d were answered, %d are there, counted %d", len(kept), len(got), read(t, d))
		}
	})
}

// stormy runs a closure that ends somehow. It returns whether it must succeed.
func (c *crowd) stormy(t *testing.T, id int64) (good bool, err error) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	how := rand.IntN(12)
	defer func() {
		if v := recover(); v != nil {
			err = v.(error)
		}
	}()
	err = c.d.InTxOn(ctx, hotKey, func(ctx context.Context) error {
		if err := c.note(id)(ctx); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, c.d, "UPDATE counters SET n = n + 1 WHERE id = $1", 1); err != nil {
			return err
		}
		switch how {
		case 0:
			return errBoom
		case 1:
			panic(errBoom)
		case 2:
			cancel()
		case 3:
			_, err := db.Exec(ctx, c.d, "INSERT INTO notes (id, counter_id) VALUES ($1, 99)", -id)
			return err // nil: COMMIT finds it
		case 4:
			verb := "INSERT INTO"
			if c.d.Dialect == db.SQLite {
				verb = "INSERT OR ROLLBACK INTO"
			}
			_, err := db.Exec(ctx, c.d, verb+" counters (id, n) VALUES (1, 1)")
			return err
		}
		return nil
	})
	return how > 4, err
}
