package jobs_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"rally/platform/db"
	"rally/platform/jobs"
	"rally/platform/testkit"
)

func TestAPeriodicJobRunsAtTheStartAndThenEverySoOften(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		var often, rarely atomic.Int64
		run(t, d,
			jobs.Periodic("test.rarely", 24*time.Hour, func(context.Context) error { rarely.Add(1); return nil }),
			jobs.Periodic("test.often", 20*time.Millisecond, func(context.Context) error { often.Add(1); return nil }))
		testkit.Until(t, "it ran four times", func() bool { return often.Load() >= 4 })
		testkit.Until(t, "the rare one is done", func() bool { return rows(t, d, "test.rarely", "completed") == 1 })
		if n := rarely.Load(); n != 1 {
			t.Errorf("the rare one ran %d times", n)
		}
	})
}

func TestAFailedPeriodicJobIsTriedAgainAndDoesNotPileUp(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		var attempts atomic.Int64
		run(t, d, jobs.Periodic("test.sweep", time.Millisecond, func(context.Context) error {
			if attempts.Add(1) < 6 {
				return errors.New("not now")
			}
			return nil
		}))
		testkit.Until(t, "it succeeds", func() bool { return rows(t, d, "test.sweep", "completed") >= 1 })
		// Five failures are one run given up after three attempts and two
		// attempts of the next.
		if n := rows(t, d, "test.sweep", "discarded"); n != 1 {
			t.Errorf("%d runs were given up", n)
		}
		if n := rows(t, d, "test.sweep", "available", "retryable", "running", "scheduled"); n > 1 {
			t.Errorf("%d runs wait", n)
		}
	})
}

func TestAnotherNodeTakesThePeriodicJobsOver(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		var runs atomic.Int64
		nodes := map[string]*jobs.Client{}
		for range 2 {
			c, _ := run(t, d, jobs.Periodic("test.sweep", 24*time.Hour, func(context.Context) error { runs.Add(1); return nil }))
			nodes[c.ID()] = c
		}
		testkit.Until(t, "the first run is done", func() bool { return rows(t, d, "test.sweep", "completed") == 1 })
		leader, err := db.Get[string](t.Context(), d, "SELECT leader_id FROM river_leader")
		if err != nil || nodes[leader] == nil {
			t.Fatalf("leader %q: %v", leader, err)
		}
		if err := nodes[leader].Stop(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := runs.Load(); n != 1 {
			t.Fatalf("%d runs by two nodes", n)
		}
		testkit.Until(t, "the other node runs it", func() bool { return rows(t, d, "test.sweep", "completed") == 2 })
	})
}
