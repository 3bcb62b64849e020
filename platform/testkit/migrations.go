package testkit

import (
	"strings"
	"testing"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3/lock"

	"rally/platform/db"
)

// HoldMigrationLock keeps every other process from migrating the database of
// a RALLY_DATABASE_URL until the test ends. The function it returns reports
// whether one has come and waits; of a file's lock nobody can tell, so on
// SQLite it always says yes.
func HoldMigrationLock(tb testing.TB, url string) (awaited func() bool) {
	tb.Helper()
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		file := flock.New(path + ".migrate")
		if ok, err := file.TryLock(); err != nil || !ok {
			tb.Fatalf("testkit: lock %s: %t, %v", file.Path(), ok, err)
		}
		tb.Cleanup(func() { _ = file.Unlock() })
		return func() bool { return true }
	}
	d, err := db.Open(tb.Context(), db.Config{URL: url, MaxConns: 2})
	if err != nil {
		tb.Fatalf("testkit: %v", err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	holder, err := d.Pool().Conn(tb.Context())
	if err != nil {
		tb.Fatalf("testkit: %v", err)
	}
	tb.Cleanup(func() { _ = holder.Close() })
	if _, err := holder.ExecContext(tb.Context(), "SELECT pg_advisory_lock($1)", lock.DefaultLockID); err != nil {
		tb.Fatalf("testkit: take the migration lock: %v", err)
	}
	return func() bool {
		n, err := db.Get[int](tb.Context(), d, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()")
		if err != nil {
			tb.Fatalf("testkit: look for waiting migrations: %v", err)
		}
		return n > 0
	}
}
