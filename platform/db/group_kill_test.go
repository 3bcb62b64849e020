package db_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"

	"rally/platform/db"
	"rally/platform/testkit"
)

// A child is this test binary, with the address of the database to write to.
const (
	childURL   = "RALLY_DB_TEST_CHILD"
	childTasks = 16
)

// What a killed program answered is there, and of what it didn't answer nothing
// or all.
func TestKilledInTheMiddleOfAGroup(t *testing.T) {
	if url := os.Getenv(childURL); url != "" {
		child(t, url)
		return
	}
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			url := testkit.DatabaseURL(t, dialect)
			d, err := db.Open(t.Context(), db.Config{URL: url, MaxConns: 2})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close() }()
			newCrowd(t, d)
			for range 3 {
				answered := killChild(t, url)
				type note struct {
					ID    int64         `bun:"id"`
					Other sql.NullInt64 `bun:"other"`
				}
				rows, err := db.Select[note](t.Context(), d, "SELECT n.id, o.id AS other FROM notes n LEFT JOIN notes o ON o.id = -n.id")
				if err != nil {
					t.Fatal(err)
				}
				there := map[int64]bool{}
				for _, r := range rows {
					there[r.ID] = true
					if !r.Other.Valid {
						t.Errorf("%d is there without its other half", r.ID)
					}
				}
				for _, id := range answered {
					if !there[id] {
						t.Errorf("%d was answered and is lost", id)
					}
				}
				if n := read(t, d); int(n)*2 != len(rows) {
					t.Errorf("%d rows, but counted %d transactions", len(rows), n)
				}
			}
		})
	}
}

// killChild runs a child until it has answered a number of transactions, and
// returns all that it had.
func killChild(t *testing.T, url string) []int64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testkit.Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestKilledInTheMiddleOfAGroup$")
	cmd.Env = append(os.Environ(), childURL+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var answered []int64
	limit := 100 + rand.IntN(200)
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			break
		}
		var id int64
		if _, err := fmt.Sscanf(line, "answered %d\n", &id); err == nil {
			answered = append(answered, id)
		}
		if len(answered) == limit {
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if len(answered) < limit {
		t.Fatalf("the child ended by itself after %d", len(answered))
	}
	return answered
}

func child(t *testing.T, url string) {
	d, err := db.Open(t.Context(), db.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range childTasks {
		wg.Go(func() {
			for {
				id := rand.Int64N(1<<62) + 1
				err := d.InTxOn(t.Context(), hotKey, func(ctx context.Context) error {
					_, first := db.Exec(ctx, d, "INSERT INTO notes (id) VALUES ($1)", id)
					_, count := db.Exec(ctx, d, "UPDATE counters SET n = n + 1 WHERE id = $1", 1)
					_, second := db.Exec(ctx, d, "INSERT INTO notes (id) VALUES ($1)", -id)
					return errors.Join(first, count, second)
				})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				_, _ = fmt.Fprintf(os.Stdout, "answered %d\n", id)
			}
		})
	}
	wg.Wait()
}
