// Package db is the only door to the database: SQLite in a file by default,
// PostgreSQL when configured. It gives stores a handle that joins the
// transaction of the context, and use cases one way to begin one.
//
// SQLite has one write handle, whose transactions are immediate and, while
// others wait, share a COMMIT; and a pool of read-only handles beside it; WAL
// lets both work at once. PostgreSQL has one pool.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"rally/platform/config"
)

// Config of the database.
type Config struct {
	URL      string `env:"RALLY_DATABASE_URL" help:"sqlite:PATH or postgres://USER:PASSWORD@HOST/DB; by default rally.db in the data folder"`
	DataDir  string `env:"RALLY_DATA_DIR" envDefault:"data" help:"folder of the SQLite file, the pictures and the secret"`
	MaxConns int    `env:"RALLY_DATABASE_MAX_CONNS" envDefault:"0" help:"connections to PostgreSQL; 0 means four a core, at least 16"`
	Migrate  bool   `env:"RALLY_AUTO_MIGRATE" envDefault:"true" help:"bring the schema up to date at start"`
}

// Validate says which value is not allowed.
func (c Config) Validate() error {
	switch {
	case c.URL != "" && !strings.HasPrefix(c.URL, "sqlite:") && !isPostgres(c.URL):
		return config.Bad("RALLY_DATABASE_URL", config.RedactURL(c.URL), "sqlite:PATH or postgres://USER:PASSWORD@HOST/DB")
	case c.MaxConns < 0:
		return config.Bad("RALLY_DATABASE_MAX_CONNS", fmt.Sprint(c.MaxConns), "0 or more")
	case isPostgres(c.URL):
		_, err := parsePostgres(c.URL)
		return err
	}
	return nil
}

// Dialect names the SQL that an engine speaks.
type Dialect string

// The dialects.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// sqliteBusy is how long a statement waits for another process's lock.
const sqliteBusy = 5 * time.Second

// DB is an open database. It is safe for concurrent use.
type DB struct {
	Dialect Dialect

	write *bun.DB // SQLite: the one writer; PostgreSQL: the pool
	read  *bun.DB // SQLite: the readers; PostgreSQL: the same pool
	path  string  // SQLite: the file

	writeStmts, readStmts *stmtCache // SQLite only; pgx caches by itself

	writer *line    // SQLite: where transactions wait for their turn
	rows   rowLines // PostgreSQL: where those of InTxOn do
}

// Open connects and makes sure that the database answers. The error is one
// line without the password.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if isPostgres(cfg.URL) {
		return openPostgres(ctx, cfg)
	}
	path := strings.TrimPrefix(cfg.URL, "sqlite:")
	if path == "" {
		path = filepath.Join(cfg.DataDir, "rally.db")
	}
	return openSQLite(ctx, path)
}

func isPostgres(u string) bool {
	return strings.HasPrefix(u, "postgres://") || strings.HasPrefix(u, "postgresql://")
}

// parsePostgres leaves out what the driver says of a bad URL: it can't always
// tell which part of it is the password.
func parsePostgres(u string) (*pgx.ConnConfig, error) {
	connConfig, err := pgx.ParseConfig(u)
	if err != nil {
		return nil, config.Bad("RALLY_DATABASE_URL", config.RedactURL(u), "a PostgreSQL connection URL")
	}
	return connConfig, nil
}

func openPostgres(ctx context.Context, cfg Config) (*DB, error) {
	connConfig, err := parsePostgres(cfg.URL)
	if err != nil {
		return nil, err
	}
	// bun writes arguments into the SQL text. A statement cache would fill with
	// texts that never come again; the hot way asks for it by name instead.
	connConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	connConfig.RuntimeParams["timezone"] = "UTC"
	if connConfig.ConnectTimeout == 0 {
		connConfig.ConnectTimeout = 5 * time.Second
	}
	pool := stdlib.OpenDB(*connConfig)
	conns := cfg.MaxConns
	if conns == 0 {
		conns = max(16, 4*runtime.GOMAXPROCS(0))
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close()
		return nil, fmt.Errorf("RALLY_DATABASE_URL=%q: cannot connect: %s", config.RedactURL(cfg.URL), config.OneLine(err))
	}
	b := newBun(pool, Postgres)
	return &DB{Dialect: Postgres, write: b, read: b}, nil
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("RALLY_DATA_DIR: cannot create the folder of the database: %w", err)
	}
	writer, err := sql.Open(sqliteDriver, sqliteDSN(path, true))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	writer.SetMaxOpenConns(1)
	// A write before anything else: a folder or a file that is read-only, or a
	// file that is no database, must stop the start and not the first sale.
	if err := retryBusy(ctx, func() error { return probeWrite(ctx, writer) }); err != nil {
		_ = writer.Close()
		return nil, fmt.Errorf("cannot write the database %s: %s", path, config.OneLine(err))
	}
	readers, err := sql.Open(sqliteDriver, sqliteDSN(path, false))
	if err != nil {
		_ = writer.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	n := max(4, 2*runtime.GOMAXPROCS(0))
	readers.SetMaxOpenConns(n)
	readers.SetMaxIdleConns(n)
	d := &DB{
		Dialect: SQLite, write: newBun(writer, SQLite), read: newBun(readers, SQLite), path: path,
		writeStmts: newStmtCache(writer), readStmts: newStmtCache(readers),
	}
	d.writer = &line{d: d, limit: sqliteGroup, span: groupTime}
	return d, nil
}

// retryBusy repeats what fails because another process has the database locked.
// SQLite waits by itself nearly everywhere, but not where two that open a new
// file both switch it to WAL: there one is refused at once.
func retryBusy(ctx context.Context, fn func() error) error {
	deadline := time.Now().Add(sqliteBusy)
	for attempt := 1; ; attempt++ {
		err := fn()
		if !isSQLiteBusy(err) || time.Now().After(deadline) {
			return err
		}
		if waitErr := backoff(ctx, min(attempt, maxAttempts)); waitErr != nil {
			return waitErr
		}
	}
}

// probeWrite writes and takes it back.
func probeWrite(ctx context.Context, writer *sql.DB) error {
	tx, err := writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "CREATE TABLE _writable (x)")
	if rbErr := tx.Rollback(); err == nil {
		err = rbErr
	}
	return err
}

func newBun(pool *sql.DB, dialect Dialect) *bun.DB {
	var b *bun.DB
	if dialect == Postgres {
		b = bun.NewDB(pool, pgdialect.New())
	} else {
		b = bun.NewDB(pool, sqlitedialect.New())
	}
	return b.WithQueryHook(countHook{})
}

// Close waits for running queries, on SQLite also for transactions, and closes
// every connection.
func (d *DB) Close() error {
	if d.Dialect == Postgres {
		return d.write.Close()
	}
	d.writer.close()
	d.readStmts.close()
	d.writeStmts.close()
	readErr := d.read.Close()
	if err := d.write.Close(); err != nil {
		return err
	}
	return readErr
}

// Ready reports whether the database answers.
func (d *DB) Ready(ctx context.Context) error {
	var one int
	return d.read.DB.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Pool returns the writing database/sql pool, for libraries that bring their
// own statements.
func (d *DB) Pool() *sql.DB { return d.write.DB }

// Conn returns the transaction of ctx, or else the handle for reading. A
// store writes only inside InTx.
func (d *DB) Conn(ctx context.Context) bun.IDB {
	if tx := txFrom(ctx, d); tx != nil {
		return tx.tx
	}
	return d.read
}
