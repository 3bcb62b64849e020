package jobs_test

import (
	"context"
	"testing"
	"time"

	"rally/platform/db"
	"rally/platform/jobs"
	"rally/platform/testkit"
)

func TestStopWaitsForARunningJob(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		started, release := make(chan struct{}), make(chan struct{})
		cut := make(chan error, 1)
		c, _ := run(t, d, jobs.Handle(func(ctx context.Context, _ greet) error {
			close(started)
			<-release
			cut <- ctx.Err()
			return nil
		}))
		enqueue(t, c, greet{})
		testkit.Receive(t, started)
		enqueue(t, c, greet{Name: "left for later"}, jobs.InsertOpts{ScheduledAt: time.Now().Add(time.Hour)})

		stopped := make(chan error, 1)
		go func() { stopped <- c.Stop(context.Background()) }()
		select {
		case err := <-stopped:
			t.Fatalf("Stop did not wait: %v", err)
		default:
		}
		close(release)
		if err := testkit.Receive(t, cut); err != nil {
			t.Errorf("the job was cancelled: %v", err)
		}
		if err := testkit.Receive(t, stopped); err != nil {
			t.Error(err)
		}
		if rows(t, d, "test.greet", "completed") != 1 || rows(t, d, "test.greet", "scheduled") != 1 {
			t.Error("the job is not recorded as done, or the other one is lost")
		}
	})
}

func TestStopCancelsAJobThatTakesTooLong(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		cfg := quick(t)
		cfg.StopTimeout = 10 * time.Millisecond
		started := make(chan struct{})
		c, logs := open(t, d, cfg, jobs.Handle(func(ctx context.Context, _ greet) error {
			close(started)
			<-ctx.Done()
			return ctx.Err()
		}))
		start(t, c)
		enqueue(t, c, greet{})
		testkit.Receive(t, started)
		if err := c.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		if rows(t, d, "test.greet", "available", "retryable") != 1 {
			t.Error("the job will not run again")
		}
		if !testkit.Mentions(logs, "warn", "running jobs were cancelled") {
			t.Error("nothing in the log")
		}
	})
}

func TestStopGivesUpOnAJobThatIgnoresItsContext(t *testing.T) {
	t.Parallel()
	d := testkit.OpenDB(t, db.SQLite)
	cfg := quick(t)
	cfg.StopTimeout = 10 * time.Millisecond
	started, release := make(chan struct{}), make(chan struct{})
	c, _ := open(t, d, cfg, jobs.Handle(func(context.Context, greet) error {
		close(started)
		<-release
		return nil
	}))
	c.GiveUpAfter(10 * time.Millisecond)
	start(t, c)
	enqueue(t, c, greet{})
	testkit.Receive(t, started)
	if err := c.Stop(context.Background()); err == nil {
		t.Error("no error")
	}
	c.GiveUpAfter(time.Minute)
	close(release)
	if err := c.Stop(context.Background()); err != nil {
		t.Errorf("a second try: %v", err)
	}
}

func TestTheContextOfStartBoundsTheStartAlone(t *testing.T) {
	t.Parallel()
	d := testkit.OpenDB(t, db.SQLite)
	job, names := collect()
	c, _ := open(t, d, quick(t), job)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Start(ctx); err == nil {
		t.Fatal("started with a context that had ended")
	}
	ctx, cancel = context.WithCancel(t.Context())
	if err := c.Start(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	enqueue(t, c, greet{Name: "still here"})
	testkit.Receive(t, names)
	if err := c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// River meets its own stop in the middle of a transaction now and then.
func TestAStopIsNoErrorInTheLog(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		c, logs := open(t, d, quick(t), jobs.Periodic("test.often", time.Millisecond, func(context.Context) error { return nil }))
		for range 20 {
			if err := c.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := c.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if list := complaints(logs); len(list) > 0 {
			t.Fatalf("%+v", list)
		}
	})
}
