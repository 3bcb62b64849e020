//go:build !cgo || !sqlite_fts5

package db_test

import (
	"testing"

	"modernc.org/sqlite"

	"rally/platform/db"
)

// refuseCommits makes every COMMIT of the writer fail, until allow is called.
func refuseCommits(t *testing.T, d *db.DB) (allow func()) {
	t.Helper()
	hook := func(fn sqlite.CommitHookFn) {
		writerConn(t, d, func(conn any) { conn.(sqlite.HookRegisterer).RegisterCommitHook(fn) })
	}
	hook(func() int32 { return 1 })
	return func() { hook(nil) }
}
