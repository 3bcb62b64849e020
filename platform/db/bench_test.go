package db_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"rally/platform/db"
	"rally/platform/testkit"
)

const benchRows = 1000

// benchTable makes rows to change and a table to add to, as a trade does.
func benchTable(b *testing.B, d *db.DB) {
	b.Helper()
	if err := d.InTx(b.Context(), func(ctx context.Context) error {
		id := "INTEGER PRIMARY KEY"
		if d.Dialect == db.Postgres {
			id = "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
		}
		for _, s := range []string{
			"CREATE TABLE goods (id bigint PRIMARY KEY, n bigint NOT NULL, price bigint)",
			"CREATE TABLE sales (id " + id + ", good_id bigint NOT NULL REFERENCES goods (id), price bigint NOT NULL)",
		} {
			if _, err := db.Exec(ctx, d, s); err != nil {
				return err
			}
		}
		for i := range benchRows {
			if _, err := db.Exec(ctx, d, "INSERT INTO goods (id, n, price) VALUES ($1, $2, $3)", i, 0, 1000); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
}

func sell(d *db.DB, good int64) func(context.Context) error {
	lock := "SELECT n FROM goods WHERE id = $1 FOR NO KEY UPDATE"
	if d.Dialect == db.SQLite {
		lock = "SELECT n FROM goods WHERE id = $1"
	}
	return func(ctx context.Context) error {
		if _, err := db.Get[int64](ctx, d, lock, good); err != nil {
			return err
		}
		if _, err := db.Get[int64](ctx, d, "SELECT price FROM goods WHERE id = $1", good); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, d, "INSERT INTO sales (good_id, price) VALUES ($1, $2)", good, 1000); err != nil {
			return err
		}
		_, err := db.Exec(ctx, d, "UPDATE goods SET n = n + 1, price = $2 WHERE id = $1", good, 1001)
		return err
	}
}

type inTx func(ctx context.Context, good int64, fn func(context.Context) error) error

// contend runs b.N sales, in so many goroutines.
func contend(b *testing.B, d *db.DB, goroutines int, goods int64, run inTx) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context()) // as a request's: it can be cancelled
	defer cancel()
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for n := left.Add(-1); n >= 0; n = left.Add(-1) {
				good := n % goods
				if err := run(ctx, good, sell(d, good)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
}

func plainly(d *db.DB) inTx {
	return func(ctx context.Context, _ int64, fn func(context.Context) error) error { return d.InTx(ctx, fn) }
}

func BenchmarkInTx(b *testing.B) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		for _, goods := range []int64{1, benchRows} {
			for _, goroutines := range []int{1, 2, 8, 32} {
				b.Run(fmt.Sprintf("%s/goods=%d/goroutines=%d", dialect, goods, goroutines), func(b *testing.B) {
					d := testkit.OpenDB(b, dialect)
					benchTable(b, d)
					contend(b, d, goroutines, goods, plainly(d))
				})
			}
		}
	}
}

// What InTxOn brings where many want one row, and what it costs where nobody
// waits.
func BenchmarkInTxOn(b *testing.B) {
	for _, goods := range []int64{1, benchRows} {
		for _, goroutines := range []int{1, 8, 32} {
			for _, way := range []string{"InTx", "InTxOn"} {
				b.Run(fmt.Sprintf("goods=%d/goroutines=%d/%s", goods, goroutines, way), func(b *testing.B) {
					d := testkit.OpenDB(b, db.Postgres)
					benchTable(b, d)
					run := plainly(d)
					if way == "InTxOn" {
						run = func(ctx context.Context, good int64, fn func(context.Context) error) error {
							return d.InTxOn(ctx, fmt.Sprint("good:", good), fn)
						}
					}
					contend(b, d, goroutines, goods, run)
				})
			}
		}
	}
}
