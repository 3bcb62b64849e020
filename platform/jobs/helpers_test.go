package jobs_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"rally/platform/db"
	"rally/platform/jobs"
	"rally/platform/testkit"
)

// TestMain fails the run when a client left goroutines behind. All tests live
// in Seoul: a time that somebody writes without a zone shows as nine hours.
func TestMain(m *testing.M) {
	time.Local = time.FixedZone("KST", 9*60*60)
	// The database server of the tests ends with the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"))
}

// quick are the settings of an empty environment, with short pauses.
func quick(t *testing.T) jobs.Config {
	t.Helper()
	cfg := testkit.Defaults[jobs.Config](t)
	cfg.PollInterval = 10 * time.Millisecond
	cfg.Backoff = func(int) time.Duration { return time.Millisecond }
	return cfg
}

// open returns a client that is not started, and what it logs.
func open(t *testing.T, d *db.DB, cfg jobs.Config, list ...jobs.Job) (*jobs.Client, *observer.ObservedLogs) {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	c, err := jobs.OpenQuick(d, cfg, zap.New(core), list)
	if err != nil {
		t.Fatal(err)
	}
	return c, logs
}

// start starts c, and stops it with the test unless that was done before.
func start(t *testing.T, c *jobs.Client) {
	t.Helper()
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func run(t *testing.T, d *db.DB, list ...jobs.Job) (*jobs.Client, *observer.ObservedLogs) {
	t.Helper()
	c, logs := open(t, d, quick(t), list...)
	start(t, c)
	return c, logs
}

func enqueue(t *testing.T, c *jobs.Client, args jobs.Args, opts ...jobs.InsertOpts) {
	t.Helper()
	if err := c.Enqueue(t.Context(), args, opts...); err != nil {
		t.Fatal(err)
	}
}

// rows counts River's rows of a kind, in the given states or in all.
func rows(t *testing.T, d *db.DB, kind string, states ...string) int64 {
	t.Helper()
	query := "SELECT count(*) FROM river_job WHERE kind = $1"
	if len(states) > 0 {
		query += " AND CAST(state AS text) IN ('" + strings.Join(states, "', '") + "')"
	}
	n, err := db.Get[int64](t.Context(), d, query, kind)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// complaints are the log lines at warn and above.
func complaints(logs *observer.ObservedLogs) []observer.LoggedEntry {
	return logs.Filter(func(e observer.LoggedEntry) bool { return e.Level >= zapcore.WarnLevel }).All()
}
