package jobs_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"go.uber.org/zap"

	"rally/platform/db"
	"rally/platform/jobs"
	"rally/platform/log"
	"rally/platform/testkit"
)

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "test.greet" }

type part struct {
	N int `json:"n"`
}

func (part) Kind() string { return "test.part" }

// collect is a job that hands its arguments to a channel.
func collect() (jobs.Job, <-chan string) {
	c := make(chan string, 100)
	return jobs.Handle(func(_ context.Context, a greet) error { c <- a.Name; return nil }), c
}

func TestAJobRunsAfterTheCommitOfItsTransaction(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		seen := make(chan int64, 1)
		c, _ := run(t, d, jobs.Handle(func(ctx context.Context, a greet) error {
			n, err := db.Get[int64](ctx, d, "SELECT count(*) FROM mail_outbox WHERE recipient = $1", a.Name)
			seen <- n
			return err
		}))
		if err := d.InTx(t.Context(), func(ctx context.Context) error {
			// The job goes in first: only the commit makes both visible.
			if err := c.Enqueue(ctx, greet{Name: "ann"}); err != nil {
				return err
			}
			_, err := db.Exec(ctx, d, "INSERT INTO mail_outbox (recipient, subject, body, created_at) VALUES ($1, '', '', $2)", "ann", time.Now().UTC())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := testkit.Receive(t, seen); n != 1 {
			t.Fatalf("the job saw %d rows of its transaction", n)
		}
		testkit.Until(t, "the job is done", func() bool { return rows(t, d, "test.greet", "completed") == 1 })
	})
}

func TestARollbackLeavesNoJob(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		job, names := collect()
		c, _ := run(t, d, job)
		boom := errors.New("boom")
		if err := d.InTx(t.Context(), func(ctx context.Context) error {
			return errors.Join(c.Enqueue(ctx, greet{Name: "never"}), boom)
		}); !errors.Is(err, boom) || strings.Contains(err.Error(), "enqueue") {
			t.Fatal(err)
		}
		if n := rows(t, d, "test.greet"); n != 0 {
			t.Fatalf("%d rows survived the rollback", n)
		}
		enqueue(t, c, greet{Name: "later"})
		if name := testkit.Receive(t, names); name != "later" {
			t.Fatalf("ran %q", name)
		}
	})
}

func TestAFailedJobIsTriedAgain(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		var attempts atomic.Int64
		done := make(chan struct{})
		c, logs := run(t, d, jobs.Handle(func(context.Context, greet) error {
			switch attempts.Add(1) {
			case 1:
				return errors.New("the line is busy")
			case 2:
				panic("out of paper")
			}
			close(done)
			return nil
		}))
		enqueue(t, c, greet{})
		testkit.Receive(t, done)
		testkit.Until(t, "the job is done", func() bool { return rows(t, d, "test.greet", "completed") == 1 })
		if attempts.Load() != 3 {
			t.Errorf("%d attempts", attempts.Load())
		}
		if !testkit.Mentions(logs, "warn", "the line is busy", "rally.jobs.kind:test.greet") {
			t.Error("the failure is not in the log")
		}
		if !testkit.Mentions(logs, "error", "job panicked", "out of paper", "jobs_test.go") {
			t.Error("the panic is not in the log, or has no stack")
		}
	})
}

func TestAJobThatKeepsFailingIsGivenUp(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		var attempts atomic.Int64
		c, logs := run(t, d, jobs.Handle(func(context.Context, greet) error {
			attempts.Add(1)
			return errors.New("no such street")
		}, jobs.Attempts(2)))
		enqueue(t, c, greet{})
		testkit.Until(t, "the job is given up", func() bool { return rows(t, d, "test.greet", "discarded") == 1 })
		if attempts.Load() != 2 {
			t.Errorf("%d attempts", attempts.Load())
		}
		if !testkit.Mentions(logs, "error", "no such street") {
			t.Error("the last failure is not an error in the log")
		}
		depth, err := c.Depth(t.Context())
		if err != nil || depth["discarded"] != 1 || depth["available"] != 0 || len(depth) != 6 {
			t.Errorf("depth %v, %v", depth, err)
		}
	})
}

func TestAJobCanGiveItselfUp(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		var attempts atomic.Int64
		c, _ := run(t, d, jobs.Handle(func(context.Context, greet) error {
			attempts.Add(1)
			return jobs.GiveUp(errors.New("moved away"))
		}))
		enqueue(t, c, greet{})
		testkit.Until(t, "the job is given up", func() bool { return rows(t, d, "test.greet", "cancelled") == 1 })
		depth, err := c.Depth(t.Context())
		if err != nil || depth["cancelled"] != 1 || attempts.Load() != 1 {
			t.Errorf("depth %v, %v, %d attempts", depth, err, attempts.Load())
		}
	})
}

func TestASlowJobIsCancelledAndTriedAgain(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		var attempts atomic.Int64
		cfg := quick(t)
		cfg.Timeout = 20 * time.Millisecond
		c, _ := open(t, d, cfg, jobs.Handle(func(ctx context.Context, _ greet) error {
			if attempts.Add(1) > 1 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}))
		start(t, c)
		enqueue(t, c, greet{})
		testkit.Until(t, "the job is done", func() bool { return rows(t, d, "test.greet", "completed") == 1 })
	})
}

func TestTheJobsContextHoldsALoggerThatKnowsTheJob(t *testing.T) {
	t.Parallel()
	d := testkit.OpenDB(t, db.SQLite)
	c, logs := run(t, d, jobs.Handle(func(ctx context.Context, _ greet) error {
		log.From(ctx).Info("hello from inside")
		return nil
	}))
	enqueue(t, c, greet{})
	testkit.Until(t, "the line is written", func() bool {
		return testkit.Mentions(logs, "hello from inside", "rally.jobs.kind:test.greet", "rally.jobs.attempt:1")
	})
}

func TestInsertOptsReachRiver(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		job, names := collect()
		c, _ := open(t, d, quick(t), job)
		once := jobs.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
		enqueue(t, c, greet{Name: "unique"}, once)
		if err := d.InTx(t.Context(), func(ctx context.Context) error { return c.Enqueue(ctx, greet{Name: "unique"}, once) }); err != nil {
			t.Fatal(err)
		}
		if n := rows(t, d, "test.greet"); n != 1 {
			t.Fatalf("%d rows of a unique job", n)
		}
		enqueue(t, c, greet{Name: "soon"}, jobs.InsertOpts{ScheduledAt: time.Now().Add(2 * time.Second)})
		enqueue(t, c, greet{Name: "tomorrow"}, jobs.InsertOpts{ScheduledAt: time.Now().Add(24 * time.Hour)})
		depth, err := c.Depth(t.Context())
		if err != nil || depth["available"] != 1 || depth["scheduled"] != 2 {
			t.Fatalf("depth %v, %v", depth, err)
		}
		start(t, c)
		got := []string{testkit.Receive(t, names), testkit.Receive(t, names)}
		if slices.Sort(got); !slices.Equal(got, []string{"soon", "unique"}) {
			t.Fatalf("ran %q", got)
		}
		if err := c.Enqueue(t.Context(), greet{}, once, once); err == nil {
			t.Error("two InsertOpts were taken")
		}
		if err := c.Enqueue(t.Context(), part{}); err == nil || !strings.Contains(err.Error(), "test.part") {
			t.Errorf("a job that nobody does: %v", err)
		}
	})
}

func TestTwoNodesRunEachJobOnce(t *testing.T) {
	t.Parallel()
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			url := testkit.DatabaseURL(t, dialect)
			var mu sync.Mutex
			runs := map[int]int{}
			var clients []*jobs.Client
			var d *db.DB
			for range 2 {
				node, err := db.Open(t.Context(), db.Config{URL: url, MaxConns: 6})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if err := node.Close(); err != nil {
						t.Error(err)
					}
				})
				c, logs := open(t, node, quick(t), jobs.Handle(func(_ context.Context, a part) error {
					mu.Lock()
					defer mu.Unlock()
					runs[a.N]++
					return nil
				}))
				t.Cleanup(func() { // after the stop
					if list := complaints(logs); len(list) > 0 {
						t.Errorf("log: %v", list)
					}
				})
				start(t, c)
				clients, d = append(clients, c), node
			}
			const n = 40
			for i := range n {
				enqueue(t, clients[i%2], part{N: i})
			}
			testkit.Until(t, "all jobs are done", func() bool { return rows(t, d, "test.part", "completed") == n })
			mu.Lock()
			defer mu.Unlock()
			for i := range n {
				if runs[i] != 1 {
					t.Errorf("job %d ran %d times", i, runs[i])
				}
			}
		})
	}
}

// A node that has one connection for writing, as with SQLite, must neither
// stop for ever nor complain when a transaction keeps it for a while.
func TestRiverWaitsForTheOneWriter(t *testing.T) {
	t.Parallel()
	d := testkit.OpenDB(t, db.SQLite)
	job, names := collect()
	c, logs := run(t, d, job)
	if err := d.InTx(t.Context(), func(ctx context.Context) error {
		if err := c.Enqueue(ctx, greet{Name: "patient"}); err != nil {
			return err
		}
		waiting := d.Pool().Stats().WaitCount
		testkit.Until(t, "River waits for the writer", func() bool { return d.Pool().Stats().WaitCount > waiting })
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	testkit.Receive(t, names)
	if list := complaints(logs); len(list) > 0 {
		t.Errorf("log: %v", list)
	}
}

func TestBadSettingsAndListsAreRefused(t *testing.T) {
	t.Parallel()
	d := testkit.OpenDB(t, db.SQLite)
	job, _ := collect()
	nothing := func(context.Context) error { return nil }
	for want, list := range map[string][]jobs.Job{
		`two jobs are named "test.greet"`: {job, jobs.Periodic("test.a", time.Hour, nothing), job},
		`two jobs are named "test.same"`:  {jobs.Periodic("test.same", time.Hour, nothing), jobs.Periodic("test.same", time.Minute, nothing)},
		"a period of 0s":                  {jobs.Periodic("test.never", 0, nothing)},
		`"a job" is no name of a job`:     {jobs.Periodic("a job", time.Hour, nothing)},
	} {
		if _, err := jobs.Open(d, quick(t), zap.NewNop(), list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v instead of %q", err, want)
		}
	}
	for want, change := range map[string]func(*jobs.Config){
		`RALLY_JOBS_WORKERS="0"`:        func(c *jobs.Config) { c.Workers = 0 },
		`RALLY_JOBS_POLL_INTERVAL="0s"`: func(c *jobs.Config) { c.PollInterval = 0 },
		`RALLY_JOBS_TIMEOUT="-1s"`:      func(c *jobs.Config) { c.Timeout = -time.Second },
		`RALLY_JOBS_STOP_TIMEOUT="0s"`:  func(c *jobs.Config) { c.StopTimeout = 0 },
	} {
		cfg := quick(t)
		change(&cfg)
		if _, err := jobs.Open(d, cfg, zap.NewNop(), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v instead of %q", err, want)
		}
	}
}

func TestAProgramWithoutJobsStartsAndStops(t *testing.T) {
	t.Parallel()
	c, _ := run(t, testkit.OpenDB(t, db.SQLite))
	if err := c.Enqueue(t.Context(), greet{}); err == nil {
		t.Error("a job that nobody does was taken")
	}
}
