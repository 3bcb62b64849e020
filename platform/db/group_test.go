package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"rally/platform/db"
	"rally/platform/testkit"
)

const hotKey = "db.counter:1"

var errBoom = errors.New("boom")

// crowd lets closures wait for one another in a given order, so that they
// share transactions.
type crowd struct {
	t       *testing.T
	d       *db.DB
	waiting func() int
}

func newCrowd(t *testing.T, d *db.DB) *crowd {
	t.Helper()
	prepare(t, d)
	if err := d.InTx(t.Context(), func(ctx context.Context) error {
		_, err := db.Exec(ctx, d, "CREATE TABLE notes (id bigint PRIMARY KEY, counter_id bigint REFERENCES counters (id) DEFERRABLE INITIALLY DEFERRED)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return &crowd{t: t, d: d, waiting: db.Line(t, d, hotKey)}
}

type closure func(ctx context.Context) error

// share runs all closures in the order given, in one group if they fit, and
// returns their errors. errBoom stands for a panic with it.
func (c *crowd) share(closures ...closure) []error {
	c.t.Helper()
	errs := make([]error, len(closures))
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := c.d.InTxOn(c.t.Context(), hotKey, func(context.Context) error {
			held <- struct{}{}
			<-hold
			return nil
		}); err != nil {
			c.t.Error(err)
		}
	})
	testkit.Receive(c.t, held)
	for i, fn := range closures {
		wg.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					errs[i] = v.(error)
				}
			}()
			errs[i] = c.d.InTxOn(c.t.Context(), hotKey, fn)
		})
		testkit.Until(c.t, "it waits", func() bool { return c.waiting() == i+1 })
	}
	go func() { // whoever holds may be run again
		for range held {
		}
	}()
	close(hold)
	wg.Wait()
	close(held)
	return errs
}

func (c *crowd) note(id int64) closure {
	return func(ctx context.Context) error {
		_, err := db.Exec(ctx, c.d, "INSERT INTO notes (id) VALUES ($1)", id)
		return err
	}
}

// notes are those that everybody sees; within a transaction of ctx, its own.
func (c *crowd) notes(ctx context.Context) []int64 {
	c.t.Helper()
	ids, err := db.Select[int64](ctx, c.d, "SELECT id FROM notes ORDER BY id")
	if err != nil {
		c.t.Error(err)
	}
	return ids
}

func (c *crowd) want(ids ...int64) {
	c.t.Helper()
	if got := c.notes(c.t.Context()); !slices.Equal(got, ids) {
		c.t.Errorf("kept %v, want %v", got, ids)
	}
}

func (c *crowd) wantErrs(errs []error, wanted ...error) {
	c.t.Helper()
	for i, err := range errs {
		if !errors.Is(err, wanted[i]) {
			c.t.Errorf("closure %d: %v, want %v", i, err, wanted[i])
		}
	}
}

func TestThoseWhoWaitShareACommit(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := newCrowd(t, d)
		var mu sync.Mutex
		var hooks []string
		member := func(id int64) closure {
			return func(ctx context.Context) error {
				if before := c.notes(ctx); len(before) != int(id-1) {
					t.Errorf("closure %d finds %v", id, before)
				}
				if outside := c.notes(t.Context()); len(outside) != 0 {
					t.Errorf("closure %d: others see %v already", id, outside)
				}
				for _, name := range []string{"a", "b"} {
					db.AfterCommit(ctx, func(ctx context.Context) {
						mu.Lock()
						defer mu.Unlock()
						hooks = append(hooks, fmt.Sprint(name, id))
						if seen := c.notes(ctx); len(seen) != 3 {
							t.Errorf("a hook sees %v", seen)
						}
					})
				}
				return c.note(id)(ctx)
			}
		}
		c.wantErrs(c.share(member(1), member(2), member(3)), nil, nil, nil)
		c.want(1, 2, 3)
		for id := range 3 {
			a, b := slices.Index(hooks, fmt.Sprint("a", id+1)), slices.Index(hooks, fmt.Sprint("b", id+1))
			if a < 0 || b < a || len(hooks) != 6 {
				t.Errorf("hooks ran as %v", hooks)
			}
		}
	})
}

func TestAFailureUndoesItsOwnWritesAlone(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := newCrowd(t, d)
		fails := map[string]func(ctx context.Context, id int64) error{
			"an error":    func(context.Context, int64) error { return errBoom },
			"a panic":     func(context.Context, int64) error { panic(errBoom) },
			"a statement": func(ctx context.Context, id int64) error { return errors.Join(c.note(id)(ctx), errBoom) },
			"a nested failure": func(ctx context.Context, _ int64) error {
				_ = d.InTx(ctx, func(context.Context) error { return errBoom })
				return nil
			},
			"a nested failure in the line": func(ctx context.Context, _ int64) error {
				_ = d.InTxOn(ctx, hotKey, func(context.Context) error { return errBoom })
				return nil
			},
		}
		id := int64(0)
		var kept []int64
		for name, fail := range fails {
			t.Run(name, func(t *testing.T) {
				first, second := id+1, id+2
				id += 2
				errs := c.share(c.note(first), func(ctx context.Context) error {
					db.AfterCommit(ctx, func(context.Context) { t.Error("a hook of the failure ran") })
					if err := c.note(-first)(ctx); err != nil {
						return err
					}
					return fail(ctx, -first)
				}, func(ctx context.Context) error {
					if slices.Contains(c.notes(ctx), -first) {
						t.Error("the next one sees the write of the failure")
					}
					if !slices.Contains(c.notes(ctx), first) || slices.Contains(c.notes(t.Context()), first) {
						t.Error("they share no transaction")
					}
					return c.note(second)(ctx)
				})
				c.wantErrs(errs, nil, errBoom, nil)
				kept = append(kept, first, second)
				c.want(kept...)
			})
		}
	})
}

// t.FailNow within a closure, for one.
func TestAGoroutineThatEndsPassesTheTurnOn(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := newCrowd(t, d)
		errs := c.share(func(ctx context.Context) error {
			if err := c.note(-1)(ctx); err != nil {
				t.Error(err)
			}
			runtime.Goexit()
			return nil
		}, c.note(1))
		c.wantErrs(errs, nil, nil)
		c.want(1)
	})
}

// Constraints that are looked at by COMMIT: the guilty one fails, everybody
// else is run again, also who had failed after reading what the guilty wrote.
func TestOnlyTheGuiltyFailsAtCommit(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := newCrowd(t, d)
		var guilty, reader, hooks atomic.Int64
		errs := c.share(c.note(1), func(ctx context.Context) error {
			guilty.Add(1)
			_, err := db.Exec(ctx, d, "INSERT INTO notes (id, counter_id) VALUES (2, 99)")
			return err
		}, func(ctx context.Context) error {
			if reader.Add(1); slices.Contains(c.notes(ctx), 2) {
				return errBoom
			}
			db.AfterCommit(ctx, func(context.Context) { hooks.Add(1) })
			return c.note(3)(ctx)
		}, c.note(4))
		if errs[0] != nil || !db.IsForeignKey(errs[1]) || errs[2] != nil || errs[3] != nil {
			t.Errorf("%v", errs)
		}
		c.want(1, 3, 4)
		if guilty.Load() != 2 || reader.Load() != 2 || hooks.Load() != 1 {
			t.Errorf("the guilty ran %d times, the reader %d times, its hook %d times", guilty.Load(), reader.Load(), hooks.Load())
		}
	})
}

// A statement whose failure takes the transaction with it, or leaves it so that
// nothing more can be done: SQLite rolls back by itself (as on a full disk),
// PostgreSQL refuses what follows.
func TestALostTransactionIsRunAgainWithoutTheCulprit(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := newCrowd(t, d)
		lose := func(ctx context.Context) error {
			verb := "INSERT INTO"
			if d.Dialect == db.SQLite {
				verb = "INSERT OR ROLLBACK INTO"
			}
			_, err := db.Exec(ctx, d, verb+" counters (id, n) VALUES ($1, $2)", 1, 1)
			return err
		}
		t.Run("reported", func(t *testing.T) {
			errs := c.share(c.note(1), lose, c.note(2))
			if errs[0] != nil || !db.IsUnique(errs[1]) || errs[2] != nil {
				t.Errorf("%v", errs)
			}
			c.want(1, 2)
		})
		t.Run("swallowed", func(t *testing.T) {
			errs := c.share(c.note(3), func(ctx context.Context) error {
				if !db.IsUnique(lose(ctx)) {
					t.Error("no failure to swallow")
				}
				return nil
			}, c.note(4))
			if errs[0] != nil || errs[1] == nil || errs[2] != nil {
				t.Errorf("%v", errs)
			}
			c.want(1, 2, 3, 4)
		})
	})
}

func TestAFullDiskFailsItsClosureAlone(t *testing.T) {
	d := testkit.OpenDB(t, db.SQLite)
	c := newCrowd(t, d)
	errs := c.share(c.note(1), func(ctx context.Context) error {
		if _, err := db.Exec(ctx, d, "PRAGMA max_page_count = 1"); err != nil {
			return err
		}
		_, err := db.Exec(ctx, d, "INSERT INTO counters (id, n, label) VALUES (2, 0, $1)", strings.Repeat("x", 1<<20))
		if err == nil || !strings.Contains(err.Error(), "full") {
			t.Errorf("the disk isn't full: %v", err)
		}
		// Whoever goes on regardless must not write outside of the transaction.
		if _, next := db.Exec(ctx, d, "INSERT INTO counters (id, n) VALUES (3, 0)"); next == nil || !strings.Contains(next.Error(), "full") {
			t.Errorf("a statement after it: %v", next)
		}
		if _, next := d.Conn(ctx).NewRaw("INSERT INTO counters (id, n) VALUES (4, 0)").Exec(ctx); next == nil {
			t.Error("a statement of bun after it")
		}
		return nil
	}, func(ctx context.Context) error {
		_, err := db.Exec(ctx, d, "PRAGMA max_page_count = 1073741823")
		return errors.Join(err, c.note(2)(ctx))
	})
	if errs[0] != nil || errs[1] == nil || errs[2] != nil {
		t.Errorf("%v", errs)
	}
	c.want(1, 2)
	if n, err := db.Get[int](t.Context(), d, "SELECT count(*) FROM counters"); n != 1 || err != nil {
		t.Errorf("%d counters, %v", n, err)
	}
}

func TestAFailedCommitReachesEverybody(t *testing.T) {
	d := testkit.OpenDB(t, db.SQLite)
	c := newCrowd(t, d)
	allow := refuseCommits(t, d)
	noHook := func(ctx context.Context) { db.AfterCommit(ctx, func(context.Context) { t.Error("a hook ran") }) }
	runs := 0
	var errs []error
	func() {
		hold := make(chan struct{})
		var wg sync.WaitGroup
		errs = make([]error, 3)
		held := make(chan struct{})
		for i, fn := range []closure{
			func(ctx context.Context) error { close(held); <-hold; noHook(ctx); return c.note(1)(ctx) },
			func(ctx context.Context) error { runs++; noHook(ctx); return errBoom },
			func(ctx context.Context) error { noHook(ctx); return c.note(3)(ctx) },
		} {
			wg.Go(func() { errs[i] = d.InTx(t.Context(), fn) })
			<-held
			testkit.Until(t, "it waits", func() bool { return c.waiting() == i })
		}
		close(hold)
		wg.Wait()
	}()
	allow()
	for i, err := range errs {
		if err == nil || !strings.Contains(err.Error(), "commit: ") {
			t.Errorf("closure %d: %v", i, err)
		}
	}
	if runs != 1 {
		t.Errorf("run %d times", runs)
	}
	c.want()
	c.wantErrs(c.share(c.note(5)), nil)
	c.want(5)
}

func TestTurnsComeInTheOrderOfArrival(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c := newCrowd(t, d)
		limit := map[db.Dialect]int64{db.SQLite: db.SQLiteGroup, db.Postgres: db.PostgresGroup}[d.Dialect]
		var order []int64
		closures := make([]closure, limit+3)
		for i := range closures {
			id := int64(i + 1)
			closures[i] = func(ctx context.Context) error {
				order = append(order, id)
				// The one who holds the turn before is of the first group, too.
				if committed := int64(len(c.notes(t.Context()))); id < limit && committed != 0 || id >= limit && committed != limit-1 {
					t.Errorf("closure %d finds %d committed", id, committed)
				}
				return c.note(id)(ctx)
			}
		}
		for i, err := range c.share(closures...) {
			if err != nil || order[i] != int64(i+1) {
				t.Errorf("closure %d: %v, order %v", i, err, order)
			}
		}
	})
}
