package db_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rally/migrations"
	"rally/platform/db"
	"rally/platform/testkit"
)

func TestBadURLIsOneLineWithoutThePassword(t *testing.T) {
	fine := func(err error) bool {
		return err != nil && strings.Contains(err.Error(), "RALLY_DATABASE_URL") && !strings.Contains(err.Error(), "hunter2") && !strings.Contains(err.Error(), "\n")
	}
	for _, url := range []string{
		"mysql://x", "mysql://me:hunter2@x/y", "user=me password=hunter2", "postgres://me:hunter2%zz@host/db", "postgres://me:hunter2 and@host/db",
		"postgres://host:port/db?password=hunter2",
	} {
		if err := (db.Config{URL: url}).Validate(); !fine(err) {
			t.Errorf("Validate %s: %v", url, err)
		}
	}
	for _, url := range []string{"postgres://me:hunter2@127.0.0.1:1/rally", "postgres://127.0.0.1:1/rally?user=me&password=hunter2"} {
		cfg := db.Config{URL: url}
		if err := cfg.Validate(); err != nil {
			t.Errorf("Validate %s: %v", url, err)
		}
		if _, err := db.Open(t.Context(), cfg); !fine(err) {
			t.Errorf("Open %s: %v", url, err)
		}
	}
}

func TestAFileThatIsNoDatabaseStopsTheStartAndIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rally.db")
	text := strings.Repeat("this is no database\n", 100)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + path}); err == nil {
		t.Fatal("opened")
	}
	if after, _ := os.ReadFile(path); string(after) != text {
		t.Fatal("the file changed")
	}
}

func prepare(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.InTx(t.Context(), func(ctx context.Context) error {
		_, err := db.Exec(ctx, d, "CREATE TABLE counters (id bigint PRIMARY KEY, n bigint NOT NULL, label text)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), d, "INSERT INTO counters (id, n, label) VALUES ($2, $1, $3)", 0, 1, "first"); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, d *db.DB) int64 {
	t.Helper()
	n, err := db.Get[int64](t.Context(), d, "SELECT n FROM counters WHERE id = $1", 1)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTransactions(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		prepare(t, d)
		set := func(ctx context.Context, n int) error {
			_, err := db.Exec(ctx, d, "UPDATE counters SET n = $1 WHERE id = $2", n, 1)
			return err
		}
		boom := errors.New("boom")

		t.Run("commit runs hooks, in order, afterwards", func(t *testing.T) {
			var got []string
			if err := d.InTx(t.Context(), func(ctx context.Context) error {
				db.AfterCommit(ctx, func(context.Context) { got = append(got, "a") })
				db.AfterCommit(ctx, func(context.Context) { got = append(got, "b") })
				if len(got) > 0 {
					t.Error("a hook ran before the commit")
				}
				return set(ctx, 1)
			}); err != nil {
				t.Fatal(err)
			}
			if strings.Join(got, "") != "ab" || read(t, d) != 1 {
				t.Fatalf("hooks %v, n %d", got, read(t, d))
			}
		})
		t.Run("rollback undoes and runs no hook", func(t *testing.T) {
			err := d.InTx(t.Context(), func(ctx context.Context) error {
				db.AfterCommit(ctx, func(context.Context) { t.Error("hook ran") })
				return errors.Join(set(ctx, 2), boom)
			})
			if !errors.Is(err, boom) || read(t, d) != 1 {
				t.Fatalf("err %v, n %d", err, read(t, d))
			}
		})
		t.Run("a nested call joins, and sees what the outer wrote", func(t *testing.T) {
			if err := d.InTx(t.Context(), func(ctx context.Context) error {
				if err := set(ctx, 3); err != nil {
					return err
				}
				return d.InTx(ctx, func(ctx context.Context) error {
					n, err := db.Get[int64](ctx, d, "SELECT n FROM counters WHERE id = $1", 1)
					if err == nil && n != 3 {
						t.Errorf("nested sees %d", n)
					}
					return err
				})
			}); err != nil {
				t.Fatal(err)
			}
		})
		t.Run("a swallowed nested failure dooms the outer", func(t *testing.T) {
			err := d.InTx(t.Context(), func(ctx context.Context) error {
				_ = d.InTx(ctx, func(ctx context.Context) error { return errors.Join(set(ctx, 4), boom) })
				return nil
			})
			if !errors.Is(err, boom) || read(t, d) != 3 {
				t.Fatalf("err %v, n %d", err, read(t, d))
			}
		})
		t.Run("a panic rolls back", func(t *testing.T) {
			func() {
				defer func() { _ = recover() }()
				_ = d.InTx(t.Context(), func(ctx context.Context) error {
					if err := set(ctx, 5); err != nil {
						t.Error(err)
					}
					panic("boom")
				})
			}()
			if read(t, d) != 3 {
				t.Fatal("the write survived the panic")
			}
		})
		t.Run("unique and missing rows are recognised", func(t *testing.T) {
			_, err := db.Exec(t.Context(), d, "INSERT INTO counters (id, n) VALUES ($1, $2)", 1, 1)
			if !db.IsUnique(err) || db.IsForeignKey(err) {
				t.Fatalf("unique: %v", err)
			}
			if _, err := db.Get[int64](t.Context(), d, "SELECT n FROM counters WHERE id = $1", 99); !db.NotFound(err) {
				t.Fatalf("missing: %v", err)
			}
		})
	})
}

// A conditional update is how Rally changes contended rows; none may be lost.
func TestConcurrentIncrementsAreAllKept(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		prepare(t, d)
		const workers, each = 8, 25
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for range each {
					if err := d.InTx(t.Context(), func(ctx context.Context) error {
						_, err := db.Exec(ctx, d, "UPDATE counters SET n = n + $1 WHERE id = $2", 1, 1)
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := read(t, d); n != workers*each {
			t.Fatalf("n = %d, want %d", n, workers*each)
		}
	})
}

// Under SERIALIZABLE PostgreSQL refuses one of two racing read-then-writes
// with 40001. InTx must run the loser again.
func TestLostRacesAreRunAgain(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		prepare(t, d)
		const workers = 3
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				if err := d.InTx(t.Context(), func(ctx context.Context) error {
					if d.Dialect == db.Postgres {
						if _, err := db.Exec(ctx, d, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"); err != nil {
							return err
						}
					}
					n, err := db.Get[int64](ctx, d, "SELECT n FROM counters WHERE id = $1", 1)
					if err != nil {
						return err
					}
					_, err = db.Exec(ctx, d, "UPDATE counters SET n = $1 WHERE id = $2", n+1, 1)
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := read(t, d); n != workers {
			t.Fatalf("n = %d, want %d", n, workers)
		}
	})
}

func TestStatementsAreCounted(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		prepare(t, d)
		ctx, n := db.WithCounter(t.Context())
		if _, err := db.Select[int64](ctx, d, "SELECT n FROM counters"); err != nil {
			t.Fatal(err)
		}
		var label sql.NullString
		if err := d.Conn(ctx).NewRaw("SELECT label FROM counters").Scan(ctx, &label); err != nil {
			t.Fatal(err)
		}
		if n.Load() != 2 {
			t.Fatalf("counted %d statements, want 2", n.Load())
		}
	})
}

func TestMigrationsGoDownAndUpAgain(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		m, err := db.NewMigrator(d, migrations.Files)
		if err != nil {
			t.Fatal(err)
		}
		before := testkit.Schema(t, d)
		if err := m.Check(t.Context()); err != nil {
			t.Fatalf("a fresh database is not at head: %v", err)
		}
		for {
			version, err := m.Down(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if version == 0 {
				break
			}
		}
		if left := testkit.Schema(t, d); len(left) != 0 {
			t.Errorf("tables left after the last Down: %v", left)
		}
		if err := m.Check(t.Context()); !errors.Is(err, db.ErrPending) {
			t.Fatalf("empty database: %v", err)
		}
		if _, err := m.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		after := testkit.Schema(t, d)
		for table, columns := range before {
			if strings.Join(after[table], ",") != strings.Join(columns, ",") {
				t.Errorf("%s came back as %v, was %v", table, after[table], columns)
			}
		}
	})
}

// Both engines must hold the same tables, columns and unique keys.
func TestBothEnginesHaveTheSameSchema(t *testing.T) {
	schemas := map[db.Dialect]map[string][]string{}
	testkit.EachDBInTurn(t, func(t *testing.T, d *db.DB) { schemas[d.Dialect] = testkit.Schema(t, d) })
	lite, pg := schemas[db.SQLite], schemas[db.Postgres]
	if len(lite) < 10 || len(lite) != len(pg) {
		t.Fatalf("%d tables on SQLite, %d on PostgreSQL", len(lite), len(pg))
	}
	for table, columns := range lite {
		if strings.Join(columns, "\n") != strings.Join(pg[table], "\n") {
			t.Errorf("%s differs:\nSQLite\n%s\nPostgreSQL\n%s", table, strings.Join(columns, "\n"), strings.Join(pg[table], "\n"))
		}
	}
}

func TestANewerSchemaIsRefusedAndLeftAlone(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		if _, err := db.Exec(t.Context(), d, "INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)", 99999, true); err != nil {
			t.Fatal(err)
		}
		m, err := db.NewMigrator(d, migrations.Files)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Up(t.Context()); !errors.Is(err, db.ErrNewerSchema) {
			t.Fatalf("Up: %v", err)
		}
		if _, err := m.Down(t.Context()); !errors.Is(err, db.ErrNewerSchema) {
			t.Fatalf("Down: %v", err)
		}
	})
}

// Whoever waits for another process's migrations can be called off.
func TestAWaitForTheMigrationLockEndsWithItsContext(t *testing.T) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			url := testkit.DatabaseURL(t, dialect)
			awaited := testkit.HoldMigrationLock(t, url)
			d, err := db.Open(t.Context(), db.Config{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close() }()
			m, err := db.NewMigrator(d, migrations.Files)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan error, 1)
			go func() {
				_, err := m.Up(ctx)
				ended <- err
			}()
			testkit.Until(t, "it waits for the lock", awaited)
			cancel()
			if err := testkit.Receive(t, ended); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestProcessesThatStartTogetherMigrateOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rally.db")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			d, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + path})
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = d.Close() }()
			m, err := db.NewMigrator(d, migrations.Files)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := m.Up(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
