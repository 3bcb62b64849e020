package testkit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"rally/migrations"
	"rally/platform/db"
)

// EachDB runs fn as two parallel subtests: on an empty, migrated SQLite file
// and on an empty, migrated PostgreSQL database, each the test's own.
func EachDB(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			fn(t, OpenDB(t, dialect))
		})
	}
}

// EachDBInTurn is EachDB one after the other, for tests that compare the two.
func EachDBInTurn(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) { fn(t, OpenDB(t, dialect)) })
	}
}

// OpenDB returns an empty, migrated database that is closed and dropped when
// the test ends.
func OpenDB(tb testing.TB, dialect db.Dialect) *db.DB {
	tb.Helper()
	d, err := db.Open(tb.Context(), db.Config{URL: DatabaseURL(tb, dialect), MaxConns: 12})
	if err != nil {
		tb.Fatalf("testkit: %v", err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Errorf("testkit: close the database: %v", err)
		}
	})
	return d
}

// DatabaseURL returns the RALLY_DATABASE_URL of an empty, migrated database,
// for tests that start the whole program.
func DatabaseURL(tb testing.TB, dialect db.Dialect) string {
	tb.Helper()
	if dialect == db.SQLite {
		path := filepath.Join(tb.TempDir(), "rally.db")
		template, err := sqliteTemplate()
		if err != nil {
			tb.Fatalf("testkit: migrate SQLite: %v", err)
		}
		if err := os.WriteFile(path, template, 0o600); err != nil {
			tb.Fatalf("testkit: %v", err)
		}
		return "sqlite:" + path
	}
	version, err := HashFS(migrations.Files)
	if err != nil {
		tb.Fatalf("testkit: %v", err)
	}
	return Postgres(tb, Template{Name: "rally", Version: version, Migrate: func(ctx context.Context, dsn string) error {
		return migrate(ctx, dsn)
	}})
}

// sqliteTemplate is a migrated file as bytes: copying it is cheaper than
// migrating for each test.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) { //nolint:gochecknoglobals // built once a process
	dir, err := os.MkdirTemp("", "rally-template")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "rally.db")
	if err := migrate(context.Background(), "sqlite:"+path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migrate(ctx context.Context, url string) error {
	d, err := db.Open(ctx, db.Config{URL: url})
	if err != nil {
		return err
	}
	m, err := db.NewMigrator(d, migrations.Files)
	if err == nil {
		_, err = m.Up(ctx)
	}
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return err
}

// Schema describes Rally's own tables, without those of the migrations, of the
// job queue and of SQLite's full-text index: each table's columns with their nullability, and its unique
// keys, in words that are the same for both engines.
func Schema(tb testing.TB, d *db.DB) map[string][]string {
	tb.Helper()
	type column struct {
		Tab      string `bun:"tab"`
		Col      string `bun:"col"`
		Required bool   `bun:"required"`
	}
	type key struct {
		Tab  string `bun:"tab"`
		Cols string `bun:"cols"`
	}
	columnSQL := `SELECT m.name AS tab, c.name AS col, c."notnull" OR c.pk > 0 AS required FROM pragma_table_list m, pragma_table_info(m.name) c WHERE m.schema = 'main' AND m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`
	keySQL := `SELECT m.name AS tab, (SELECT coalesce(group_concat(coalesce(x.name, '(expression)'), ','), '') FROM pragma_index_info(i.name) x) AS cols
		FROM pragma_table_list m, pragma_index_list(m.name) i WHERE m.schema = 'main' AND m.type = 'table' AND i."unique" AND i.origin <> 'pk'`
	if d.Dialect == db.Postgres {
		columnSQL = `SELECT table_name AS tab, column_name AS col, is_nullable = 'NO' AS required FROM information_schema.columns WHERE table_schema = 'public'`
		keySQL = `SELECT t.relname AS tab, (SELECT string_agg(coalesce(a.attname, '(expression)'), ',' ORDER BY k.n) FROM unnest(x.indkey::int[]) WITH ORDINALITY k(num, n)
			LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num) AS cols
			FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace AND s.nspname = 'public' WHERE x.indisunique AND NOT x.indisprimary`
	}
	own := func(table string) bool {
		return !strings.HasPrefix(table, "river_") && !strings.HasPrefix(table, "goose_")
	}
	schema := map[string][]string{}
	columns, err := db.Select[column](tb.Context(), d, columnSQL)
	if err != nil {
		tb.Fatalf("testkit: read the columns: %v", err)
	}
	for _, c := range columns {
		if own(c.Tab) {
			schema[c.Tab] = append(schema[c.Tab], fmt.Sprintf("%s required=%t", c.Col, c.Required))
		}
	}
	keys, err := db.Select[key](tb.Context(), d, keySQL)
	if err != nil {
		tb.Fatalf("testkit: read the keys: %v", err)
	}
	for _, k := range keys {
		if own(k.Tab) {
			schema[k.Tab] = append(schema[k.Tab], "unique("+k.Cols+")")
		}
	}
	for _, lines := range schema {
		slices.Sort(lines)
	}
	return schema
}
