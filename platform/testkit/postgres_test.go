package testkit_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"rally/platform/testkit"
)

// notes is a template with one table. Its version is this process's own, so
// that the count of migrations is too, on a server that others use as well.
func notes(migrations *atomic.Int32) testkit.Template {
	return testkit.Template{
		Name:    "notes",
		Version: fmt.Sprint(os.Getpid()),
		Migrate: func(ctx context.Context, dsn string) error {
			migrations.Add(1)
			conn, err := pgx.Connect(ctx, dsn)
			if err != nil {
				return err
			}
			_, err = conn.Exec(ctx, `CREATE TABLE note (id bigint PRIMARY KEY, body text NOT NULL)`)
			return errors.Join(err, conn.Close(ctx))
		},
	}
}

func TestPostgresClones(t *testing.T) {
	t.Parallel()
	var migrations atomic.Int32
	tmpl := notes(&migrations)
	t.Run("many", func(t *testing.T) {
		for i := range 6 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				conn := connect(t, testkit.Postgres(t, tmpl))
				if _, err := conn.Exec(t.Context(), `INSERT INTO note VALUES (1, 'mine')`); err != nil {
					t.Fatalf("a clone shares rows with another: %v", err)
				}
			})
		}
	})
	if n := migrations.Load(); n != 1 {
		t.Errorf("migrated %d times, want 1", n)
	}
}

func TestPostgresDropsTheClone(t *testing.T) {
	t.Parallel()
	admin := connect(t, testkit.PostgresServer(t))
	var name string
	t.Run("use", func(t *testing.T) {
		conn := connect(t, testkit.Postgres(t, testkit.Template{}))
		if err := conn.QueryRow(t.Context(), `SELECT current_database()`).Scan(&name); err != nil {
			t.Fatal(err)
		}
	})
	var there bool
	if err := admin.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there {
		t.Errorf("database %s is still there after its test", name)
	}
}

func TestPostgresRebuildsAHalfTemplate(t *testing.T) {
	t.Parallel()
	var migrations atomic.Int32
	tmpl := notes(&migrations)
	tmpl.Name = "half"
	admin := connect(t, testkit.PostgresServer(t))
	// What a process leaves that was killed between creating and migrating.
	if _, err := admin.Exec(t.Context(), `CREATE DATABASE template_half_`+tmpl.Version); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, testkit.Postgres(t, tmpl))
	if _, err := conn.Exec(t.Context(), `SELECT id FROM note`); err != nil {
		t.Errorf("the clone is not migrated: %v", err)
	}
}

// TestPostgresIsNeverSkipped runs this test binary again on a machine that
// seems to have no PostgreSQL.
func TestPostgresIsNeverSkipped(t *testing.T) {
	if os.Getenv("RALLY_TESTKIT_CHILD") != "" {
		testkit.Postgres(t, testkit.Template{})
		return
	}
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPostgresIsNeverSkipped$", "-test.v")
	cmd.Env = append(os.Environ(), "RALLY_TESTKIT_CHILD=1", testkit.PostgresEnv+"=not-an-address")
	out, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); !errors.As(err, &exit) {
		t.Fatalf("the test passed without a server: %v\n%s", err, out)
	}
	if !strings.Contains(string(out), "no PostgreSQL to test on") {
		t.Errorf("the failure does not say why:\n%s", out)
	}
}

func TestHashFS(t *testing.T) {
	t.Parallel()
	hash := func(files map[string]string) string {
		t.Helper()
		fsys := fstest.MapFS{}
		for name, body := range files {
			fsys[filepath.ToSlash(name)] = &fstest.MapFile{Data: []byte(body)}
		}
		h, err := testkit.HashFS(fsys)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	base := hash(map[string]string{"a.sql": "one", "b/c.sql": "two"})
	if base != hash(map[string]string{"b/c.sql": "two", "a.sql": "one"}) {
		t.Error("the hash depends on more than names and contents")
	}
	for _, other := range []map[string]string{
		{"a.sql": "one", "b/c.sql": "three"},
		{"a.sql": "one", "b/d.sql": "two"},
		{"a.sql": "one"},
	} {
		if base == hash(other) {
			t.Errorf("%v has the same hash", other)
		}
	}
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}
