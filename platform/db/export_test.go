package db

import (
	"testing"
	"time"
)

// PostgresGroup and SQLiteGroup are the most closures of a group.
const (
	PostgresGroup = postgresGroup
	SQLiteGroup   = sqliteGroup
)

// Line gives a test the line of a key, on SQLite that of the writer, and keeps
// it from ending groups because of time.
func Line(t *testing.T, d *DB, key string) (waiting func() int) {
	t.Helper()
	l := d.writer
	if l == nil {
		l = d.rows.take(d, key)
		t.Cleanup(func() { d.rows.leave(key) })
	}
	l.span = time.Hour
	return func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.queue)
	}
}

// RowLines counts the keys of InTxOn in use.
func RowLines(d *DB) int {
	d.rows.mu.Lock()
	defer d.rows.mu.Unlock()
	return len(d.rows.lines)
}
