package testkit

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"rally/platform/db"
)

// Plan returns how the engine carries a query out, with these values.
func Plan(tb testing.TB, d *db.DB, query string, args ...any) string {
	tb.Helper()
	explain := "EXPLAIN (COSTS OFF) "
	if d.Dialect == db.SQLite {
		explain, query = "EXPLAIN QUERY PLAN ", strings.ReplaceAll(query, "$", "?")
	} else {
		args = append([]any{pgx.QueryExecModeExec}, args...) // else for any values
	}
	rows, err := d.Pool().QueryContext(tb.Context(), explain+query, args...)
	if err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	var lines []string
	for rows.Next() {
		var line string
		if d.Dialect == db.SQLite {
			var ignore sql.NullInt64
			err = rows.Scan(&ignore, &ignore, &ignore, &line)
		} else {
			err = rows.Scan(&line)
		}
		if err != nil {
			tb.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return strings.Join(lines, "\n")
}
