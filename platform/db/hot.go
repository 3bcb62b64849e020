package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"
)

// The functions of this file are the hot way: hand-written SQL with numbered
// parameters ($1, $2, …, on both engines), prepared once a connection. bun
// interpolates arguments into the text, so PostgreSQL plans each query anew;
// lists that many people read, and trades, go this way instead. Rows still
// land in bun models.

// Select returns the rows of a query as structs with bun tags, or as scalars.
func Select[T any](ctx context.Context, d *DB, query string, args ...any) ([]T, error) {
	rows, err := d.query(ctx, query, args)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []T
	if err := d.read.ScanRows(ctx, rows, &list); err != nil {
		txFrom(ctx, d).note(err)
		return nil, fmt.Errorf("scan: %w", err)
	}
	return list, nil
}

// Get returns the first row of a query, or an error that NotFound knows.
func Get[T any](ctx context.Context, d *DB, query string, args ...any) (T, error) {
	var zero T
	list, err := Select[T](ctx, d, query, args...)
	if err != nil {
		return zero, err
	}
	if len(list) == 0 {
		return zero, sql.ErrNoRows
	}
	return list[0], nil
}

// Each hands every row of a query to scan. It is for the few lists that are read
// more than all others: bun's reflection would cost as much as the query. On
// SQLite it reads to the end even when the context is cancelled: watching for that
// costs more than a short list.
func Each(ctx context.Context, d *DB, query string, args []any, scan func(rows *sql.Rows) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d.Dialect == SQLite {
		ctx = context.WithoutCancel(ctx)
	}
	rows, err := d.query(ctx, query, args)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		txFrom(ctx, d).note(err)
		return fmt.Errorf("scan: %w", err)
	}
	return nil
}

// Exec runs a statement and returns how many rows it changed.
func Exec(ctx context.Context, d *DB, query string, args ...any) (int64, error) {
	count(ctx)
	var res sql.Result
	var err error
	tx := txFrom(ctx, d)
	if err := tx.check(ctx); err != nil {
		return 0, err
	}
	switch {
	case d.Dialect == Postgres && tx != nil:
		res, err = tx.tx.Tx.ExecContext(ctx, query, pgArgs(args)...)
	case d.Dialect == Postgres:
		res, err = d.write.DB.ExecContext(ctx, query, pgArgs(args)...)
	case tx != nil:
		if stmt := d.writeStmts.prepared(query); stmt != nil {
			res, err = tx.tx.Tx.StmtContext(ctx, stmt).ExecContext(ctx, args...)
		} else {
			res, err = tx.tx.Tx.ExecContext(ctx, numbered(query), args...)
		}
	default:
		var stmt *sql.Stmt
		if stmt, err = d.writeStmts.get(ctx, query); err != nil {
			return 0, err
		}
		res, err = stmt.ExecContext(ctx, args...)
	}
	if err != nil {
		tx.note(err)
		return 0, err
	}
	return res.RowsAffected()
}

func (d *DB) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	count(ctx)
	if tx := txFrom(ctx, d); tx != nil {
		if err := tx.check(ctx); err != nil {
			return nil, err
		}
		rows, err := d.queryTx(ctx, tx.tx.Tx, query, args)
		tx.note(err)
		return rows, err
	}
	if d.Dialect == Postgres {
		return d.read.DB.QueryContext(ctx, query, pgArgs(args)...)
	}
	stmt, err := d.readStmts.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

func (d *DB) queryTx(ctx context.Context, tx *sql.Tx, query string, args []any) (*sql.Rows, error) {
	if d.Dialect == Postgres {
		return tx.QueryContext(ctx, query, pgArgs(args)...)
	}
	if stmt := d.writeStmts.prepared(query); stmt != nil {
		return tx.StmtContext(ctx, stmt).QueryContext(ctx, args...)
	}
	return tx.QueryContext(ctx, numbered(query), args...)
}

// pgArgs asks pgx for its statement cache, which the pool's default mode
// leaves out.
func pgArgs(args []any) []any {
	return append([]any{pgx.QueryExecModeCacheStatement}, args...)
}

// stmtCache holds one prepared statement a text. Texts come from source code,
// so their number is bounded.
type stmtCache struct {
	pool   *sql.DB
	mu     sync.RWMutex
	stmts  map[string]*sql.Stmt
	wanted map[string]bool // asked for inside a transaction, while the one connection was taken
}

func newStmtCache(pool *sql.DB) *stmtCache {
	return &stmtCache{pool: pool, stmts: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

// prepared returns the statement of query, or nil and remembers the wish.
func (c *stmtCache) prepared(query string) *sql.Stmt {
	c.mu.RLock()
	stmt := c.stmts[query]
	c.mu.RUnlock()
	if stmt == nil {
		c.mu.Lock()
		c.wanted[query] = true
		c.mu.Unlock()
	}
	return stmt
}

// prepareWanted prepares what earlier transactions missed. It must be called
// outside a transaction: the writer has one connection.
func (c *stmtCache) prepareWanted(ctx context.Context) {
	c.mu.RLock()
	n := len(c.wanted)
	c.mu.RUnlock()
	if n == 0 {
		return
	}
	c.mu.Lock()
	wanted := c.wanted
	c.wanted = map[string]bool{}
	c.mu.Unlock()
	for query := range wanted {
		// An error comes back when the text itself is run.
		_, _ = c.get(ctx, query)
	}
}

func (c *stmtCache) get(ctx context.Context, query string) (*sql.Stmt, error) {
	c.mu.RLock()
	stmt := c.stmts[query]
	c.mu.RUnlock()
	if stmt != nil {
		return stmt, nil
	}
	stmt, err := c.pool.PrepareContext(ctx, numbered(query))
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if first := c.stmts[query]; first != nil {
		_ = stmt.Close()
		return first, nil
	}
	c.stmts[query] = stmt
	return stmt, nil
}

func (c *stmtCache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, stmt := range c.stmts {
		_ = stmt.Close()
	}
	clear(c.stmts)
}

// numbered writes $1 as ?1. SQLite takes $1 for a name and numbers names in
// order of appearance, which is another order than the writer's.
func numbered(query string) string {
	var b strings.Builder
	for i := 0; i < len(query); i++ {
		if query[i] == '$' && i+1 < len(query) && query[i+1] >= '0' && query[i+1] <= '9' {
			b.WriteByte('?')
			continue
		}
		b.WriteByte(query[i])
	}
	return b.String()
}

type counterKey struct{}

// WithCounter returns a context whose statements are counted, so that a test
// can show that a request's number of statements doesn't grow with its rows.
func WithCounter(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, counterKey{}, n), n
}

func count(ctx context.Context) {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

// countHook does for the statements that go through bun what Exec does itself:
// it counts them, and lets none follow an error that may have ended the
// transaction.
type countHook struct{}

func (countHook) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	count(ctx)
	if err := txFrom(ctx, nil).check(ctx); err != nil {
		return refused
	}
	return ctx
}

func (countHook) AfterQuery(ctx context.Context, e *bun.QueryEvent) { txFrom(ctx, nil).note(e.Err) }

// refused is a context in which no statement runs.
var refused = func() context.Context { //nolint:gochecknoglobals // never changes
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// NotFound reports whether err means that no row matched.
func NotFound(err error) bool { return errors.Is(err, sql.ErrNoRows) }
