package db

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"rally/platform/page"
)

// The functions of this file help to write hand-written SQL for both engines.

// Pick returns the SQL of the engine in use.
func (d *DB) Pick(sqlite, postgres string) string {
	if d.Dialect == Postgres {
		return postgres
	}
	return sqlite
}

// List is an argument for In: many values as one parameter, so that the text of
// a statement, which is prepared and kept, doesn't depend on their number.
func List[T int64 | string](d *DB, values []T) any {
	if values == nil {
		values = []T{}
	}
	if d.Dialect == Postgres {
		return values
	}
	b, _ := json.Marshal(values) // numbers and texts always have a JSON form
	return string(b)
}

// In is the condition that column is among the values of parameter $n.
func (d *DB) In(column string, n int) string {
	return fmt.Sprintf(d.Pick("%s IN (SELECT value FROM json_each($%d))", "%s = ANY($%d)"), column, n)
}

// Present returns which of some texts stand in a column, in one statement: such as
// which pictures some row shows.
func Present(ctx context.Context, d *DB, table, column string, texts []string) (map[string]bool, error) {
	found, err := Select[string](ctx, d, "SELECT "+column+" FROM "+table+" WHERE "+d.In(column, 1), List(d, texts))
	if err != nil {
		return nil, fmt.Errorf("look for texts in %s: %w", table, err)
	}
	present := make(map[string]bool, len(found))
	for _, text := range found {
		present[text] = true
	}
	return present, nil
}

// Past is the condition and the order of a list by one key, the highest first,
// that starts beside the value of parameter $n, and that value.
func Past(column string, r page.CursorRequest, n int) (sql string, key int64) {
	if r.Backward {
		sql, key = " AND %[1]s > $%[2]d ORDER BY %[1]s", math.MinInt64
	} else {
		sql, key = " AND %[1]s < $%[2]d ORDER BY %[1]s DESC", math.MaxInt64
	}
	if r.Key != nil {
		key = r.Key[0]
	}
	return fmt.Sprintf(sql, column, n), key
}

// UTC is a time of a column that may be NULL, in UTC.
func UTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// LockRows takes the rows that a SELECT … FOR UPDATE names, to the end of the
// transaction. On SQLite nobody else writes anyway. What is locked must be read
// afterwards, by a statement of its own: it sees what the lock waited for. NO KEY
// UPDATE leaves the rows open to the foreign keys of other tables.
func LockRows(ctx context.Context, d *DB, query string, args ...any) error {
	if d.Dialect == SQLite {
		return nil
	}
	_, err := Select[int64](ctx, d, query, args...)
	return err
}

// LockKeys makes others wait who lock the same ids of a space, to the end of the
// transaction. It takes them in one order, so that two callers can't wait for
// each other. On SQLite nobody else writes anyway.
func LockKeys(ctx context.Context, d *DB, space int8, ids ...int64) error {
	if d.Dialect == SQLite {
		return nil
	}
	keys := make([]int64, len(ids))
	for i, id := range ids {
		keys[i] = int64(space)<<56 ^ id
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if _, err := Select[int64](ctx, d, "SELECT 1 FROM (SELECT pg_advisory_xact_lock($1)) l", key); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
	}
	return nil
}
