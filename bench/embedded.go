package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
)

// repeat runs one function a goroutine over and over, and returns the runs a
// second of all together.
func repeat(slice time.Duration, functions []func() error) (float64, error) {
	var total atomic.Int64
	errs := make([]error, len(functions))
	start := time.Now().Add(warmUp)
	end := start.Add(slice)
	var all sync.WaitGroup
	for i, f := range functions {
		all.Go(func() {
			for {
				if errs[i] = f(); errs[i] != nil {
					return
				}
				at := time.Now()
				if at.After(end) {
					return
				}
				if at.After(start) {
					total.Add(1)
				}
			}
		})
	}
	all.Wait()
	return float64(total.Load()) / slice.Seconds(), errors.Join(errs...)
}

// bareHashes is the rate of argon2id alone, one goroutine a core, at Rally's
// usual costs.
func bareHashes(slice time.Duration) (float64, error) {
	functions := make([]func() error, runtime.GOMAXPROCS(0))
	for i := range functions {
		functions[i] = func() error {
			argon2.IDKey([]byte("rally-demo-2026"), []byte("sixteen bytes it"), 2, 19456, 1, 32)
			return nil
		}
	}
	return repeat(slice, functions)
}

// reader is a connection with statements that stay prepared.
type reader struct {
	conn  *sql.Conn
	stmts []*sql.Stmt
}

// read opens one reader a core, each with the statements, and runs fn on each.
func (w *world) read(ctx context.Context, slice time.Duration, statements []string, fn func(r *reader, random *rand.Rand) error) (rate float64, err error) {
	pool, err := w.open()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	functions := make([]func() error, runtime.GOMAXPROCS(0))
	for i := range functions {
		r := &reader{}
		if r.conn, err = pool.Conn(ctx); err != nil {
			return 0, err
		}
		defer func() { _ = r.conn.Close() }() // one a core, and before the pool's
		for _, text := range statements {
			stmt, err := r.conn.PrepareContext(ctx, strings.ReplaceAll(text, "$", "?")) //nolint:sqlclosecheck // ends with its connection
			if err != nil {
				return 0, fmt.Errorf("%s: %w", firstLine(text), err)
			}
			r.stmts = append(r.stmts, stmt)
		}
		random := rand.New(rand.NewPCG(uint64(i), 7)) //nolint:gosec // a load, not a secret
		functions[i] = func() error { return fn(r, random) }
	}
	return repeat(slice, functions)
}

// all reads every row of the n-th statement into values of the right types.
func (r *reader) all(ctx context.Context, n, want int, into []any, args ...any) (err error) {
	rows, err := r.stmts[n].QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	count := 0
	for ; rows.Next(); count++ {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	if count < want {
		return fmt.Errorf("statement %d found %d rows, not %d", n, count, want)
	}
	return rows.Err()
}

// embeddedCatalogue is the catalogue's statement in this process.
func (w *world) embeddedCatalogue(ctx context.Context, slice time.Duration) (float64, error) {
	return w.read(ctx, slice, []string{fmt.Sprintf(catalogueSQL, catalogueInSQLite)}, func(r *reader, _ *rand.Rand) error {
		var id, brand, tick, wishes, shares int64
		var name, eng, kor, model, colour, category, delivery, release string
		var retail, price sql.NullInt64
		var created time.Time
		return r.all(ctx, 0, 40, []any{&id, &brand, &name, &eng, &kor, &model, &colour, &category, &delivery, &retail, &release, &tick, &wishes, &shares, &created, &price}, `["shoes"]`)
	})
}

// embeddedArticle is the statements of an article's page.
func (w *world) embeddedArticle(ctx context.Context, slice time.Duration) (float64, error) {
	return w.read(ctx, slice, []string{sizesSQL, bookSQL, tradesSQL, infoSQL, daysSQL, extremesSQL}, func(r *reader, random *rand.Rand) error {
		article := random.IntN(articles)
		info, product, at := w.goods.info+int64(article), w.goods.all(article), now()
		var id, infoID, position, version, n int64
		var size, kind string
		var last, stock, buy, sell, price sql.NullInt64
		var lastAt sql.NullTime
		var lastText any // the type of a union's column is nobody's
		var created time.Time
		if err := r.all(ctx, 0, rowsOfInfo, []any{&id, &infoID, &size, &position, &last, &lastAt, &version, &stock, &created, &buy, &sell}, info, at); err != nil {
			return err
		}
		if err := r.all(ctx, 1, rowsOfInfo+2, []any{&kind, &price, &n, &lastText}, product); err != nil {
			return err
		}
		if err := r.all(ctx, 2, 50, []any{&n, &size, &created}, info); err != nil {
			return err
		}
		var brand, eng, kor string
		if err := r.all(ctx, 3, 1, []any{&id, &brand, &eng, &kor, &n}, info); err != nil {
			return err
		}
		for range 2 { // chart and figures
			if err := r.days(ctx, 4, 80, product, at.AddDate(0, -3, 0)); err != nil {
				return err
			}
		}
		return r.all(ctx, 5, 1, []any{&buy, &sell}, product)
	})
}

// embeddedChart is the statement of a year of an article's sizes.
func (w *world) embeddedChart(ctx context.Context, slice time.Duration) (float64, error) {
	return w.read(ctx, slice, []string{daysSQL}, func(r *reader, random *rand.Rand) error {
		return r.days(ctx, 0, 360, w.goods.all(random.IntN(articles)), now().AddDate(-1, 0, 0))
	})
}

// days reads the days of a product with the n-th statement, daysSQL.
func (r *reader) days(ctx context.Context, n, want int, product int64, from time.Time) error {
	var day string
	var high, low, last, volume, total int64
	return r.all(ctx, n, want, []any{&day, &high, &low, &last, &volume, &total}, product, nil, from.Format(time.DateOnly))
}

// trader makes trades in this process, on a copy of the database with the same
// settings: one connection, one transaction a trade.
type trader struct {
	w    *world
	pool *sql.DB
	stmt map[string]*sql.Stmt
}

func newTrader(ctx context.Context, w *world) (*trader, error) {
	file := filepath.Join(w.dir, "copy.db")
	if err := w.exec(ctx, "VACUUM INTO '"+file+"'"); err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite3", sqliteDSN(file))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	t := &trader{w: w, pool: pool, stmt: map[string]*sql.Stmt{}}
	for _, text := range []string{"BEGIN IMMEDIATE", "COMMIT", tradeLockSQL, tradeBestSQL, tradeTakeSQL, tradeOrderSQL, tradePostSQL, tradeDaySQL, tradePriceSQL, bidSQL, bidPriceSQL} {
		if t.stmt[text], err = pool.PrepareContext(ctx, text); err != nil { //nolint:sqlclosecheck // ends with the pool
			return nil, errors.Join(fmt.Errorf("%s: %w", firstLine(text), err), pool.Close())
		}
	}
	return t, nil
}

// world returns the copy, for restocking it as the original is.
func (t *trader) world() *world {
	c := *t.w
	c.db = t.pool
	return &c
}

// run repeats trades or bids.
func (t *trader) run(ctx context.Context, slice time.Duration, deal func(ctx context.Context, random *rand.Rand, buyer int64) error) (float64, error) {
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 7)) //nolint:gosec // a load, not a secret
	return repeat(slice, []func() error{func() error {
		if _, err := t.stmt["BEGIN IMMEDIATE"].ExecContext(ctx); err != nil {
			return err
		}
		if err := deal(ctx, random, t.w.buyers[random.IntN(buyers)].id); err != nil {
			return err
		}
		_, err := t.stmt["COMMIT"].ExecContext(ctx)
		return err
	}})
}

// trade buys from the best ask.
func (t *trader) trade(product func(*rand.Rand) int64) func(context.Context, *rand.Rand, int64) error {
	return func(ctx context.Context, random *rand.Rand, buyer int64) error {
		at, product := now(), product(random)
		var info, version, bid, seller, price, order int64
		if err := t.stmt[tradeLockSQL].QueryRowContext(ctx, product).Scan(&info, &version); err != nil {
			return err
		}
		if err := t.stmt[tradeBestSQL].QueryRowContext(ctx, product, at, buyer).Scan(&bid, &seller, &price); err != nil {
			return fmt.Errorf("nobody sells %d: %w", product, err)
		}
		if _, err := t.stmt[tradeTakeSQL].ExecContext(ctx, bid, at); err != nil {
			return err
		}
		if err := t.stmt[tradeOrderSQL].QueryRowContext(ctx, info, product, bid, buyer, seller, price, at, at.Add(48*time.Hour)).Scan(&order); err != nil {
			return err
		}
		if _, err := t.stmt[tradePostSQL].ExecContext(ctx, order, buyer, price, at); err != nil {
			return err
		}
		if _, err := t.stmt[tradeDaySQL].ExecContext(ctx, product, at.Add(9*time.Hour).Format(time.DateOnly), price, order); err != nil {
			return err
		}
		_, err := t.stmt[tradePriceSQL].ExecContext(ctx, product, price, at)
		return err
	}
}

// bid places a purchase bid below the asks.
func (t *trader) bid(product func(*rand.Rand) int64) func(context.Context, *rand.Rand, int64) error {
	return func(ctx context.Context, random *rand.Rand, buyer int64) error {
		at, product := now(), product(random)
		var info, version, ask, seller, best, made int64
		if err := t.stmt[tradeLockSQL].QueryRowContext(ctx, product).Scan(&info, &version); err != nil {
			return err
		}
		if err := t.stmt[tradeBestSQL].QueryRowContext(ctx, product, at, 0).Scan(&ask, &seller, &best); err != nil {
			return fmt.Errorf("nobody sells %d: %w", product, err)
		}
		if err := t.stmt[bidSQL].QueryRowContext(ctx, product, buyer, bidPrice(random), version+1, at, at.AddDate(0, 0, restLifeDay)).Scan(&made); err != nil {
			return err
		}
		_, err := t.stmt[bidPriceSQL].ExecContext(ctx, product, at)
		return err
	}
}

func (t *trader) close() error { return t.pool.Close() }
