//go:build cgo && sqlite_fts5

package db_test

import (
	"testing"

	"github.com/mattn/go-sqlite3"

	"rally/platform/db"
)

// refuseCommits makes every COMMIT of the writer fail, until allow is called.
func refuseCommits(t *testing.T, d *db.DB) (allow func()) {
	t.Helper()
	hook := func(fn func() int) {
		writerConn(t, d, func(conn any) { conn.(*sqlite3.SQLiteConn).RegisterCommitHook(fn) })
	}
	hook(func() int { return 1 })
	return func() { hook(nil) }
}
