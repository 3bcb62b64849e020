package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "github.com/mattn/go-sqlite3"    // the driver "sqlite3"

	"rally/platform/testkit/pgcluster"
)

// The engines, as the report names them.
const (
	postgres = "PostgreSQL"
	sqlite   = "SQLite"
)

// world is one engine with a demo world, more goods, and Rally serving it.
type world struct {
	engine   string
	dir      string   // Rally's data folder, and the SQLite file
	dsn      string   // PostgreSQL's address
	env      []string // of Rally
	db       *sql.DB  // for filling up what the measurements use up
	goods    goods
	password string // of every added person
	buyers   []buyer
	rally    *process
	people   throng // once it was seeded
	close    []func() error
}

// buyer is somebody whom a client trades as.
type buyer struct {
	id            int64
	email, header string // the header that shows who it is
}

// newWorld starts the engine, builds the demo world with Rally itself, and
// adds the goods. Rally does not run yet.
func newWorld(ctx context.Context, engine, bin string) (w *world, err error) {
	if engine != sqlite && engine != postgres {
		return nil, fmt.Errorf("unknown engine; must be %s or %s", sqlite, postgres)
	}
	w = &world{engine: engine}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.end())
		}
	}()
	if w.dir, err = os.MkdirTemp("", "rally-bench-"); err != nil {
		return w, fmt.Errorf("make a folder: %w", err)
	}
	w.close = append(w.close, func() error { return os.RemoveAll(w.dir) })
	dbURL := "sqlite:" + w.file()
	if engine == postgres {
		cluster, err := pgcluster.Start(ctx, pgcluster.Options{Durable: true})
		if err != nil {
			return w, err
		}
		w.close = append(w.close, cluster.Stop)
		w.dsn = cluster.DSN()
		dbURL = w.dsn
	}
	w.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "RALLY_DATABASE_URL=" + dbURL, "RALLY_DATA_DIR=" + w.dir, "RALLY_DEMO=true", "RALLY_LOG_LEVEL=warn",
		"RALLY_LOG_FORMAT=json", "RALLY_SECRET=" + secret,
	}
	build := exec.CommandContext(ctx, bin, "demo")
	build.Env = w.env
	out, err := build.CombinedOutput()
	if err != nil {
		return w, fmt.Errorf("build the demo world: %w: %s", err, out)
	}
	email, password, err := demoLogin(string(out))
	if err != nil {
		return w, err
	}
	if w.db, err = w.open(); err != nil {
		return w, err
	}
	w.close = append(w.close, w.db.Close)
	return w, w.seed(ctx, email, password)
}

func (w *world) file() string { return filepath.Join(w.dir, "rally.db") }

// open connects beside Rally.
func (w *world) open() (*sql.DB, error) {
	if w.engine == postgres {
		return sql.Open("pgx", w.dsn)
	}
	return sql.Open("sqlite3", sqliteDSN(w.file()))
}

// sqliteDSN is what Rally's own connections set.
func sqliteDSN(file string) string {
	return "file:" + (&url.URL{Path: file}).EscapedPath() +
		"?_journal_mode=WAL&_busy_timeout=5000&_foreign_keys=on&_synchronous=FULL&_cache_size=-8000&_txlock=immediate"
}

// demoLogin reads the first login that the program prints.
func demoLogin(printed string) (email, password string, err error) {
	found := regexp.MustCompile(`(\S+@\S+)\s+password (\S+)`).FindStringSubmatch(printed)
	if found == nil {
		return "", "", fmt.Errorf("the program printed no login: %s", printed)
	}
	return found[1], found[2], nil
}

// serve starts Rally and logs the buyers in.
func (w *world) serve(ctx context.Context, bin string) error {
	p, err := startRally(ctx, bin, w.env)
	if err != nil {
		return err
	}
	w.rally = p
	return w.login(ctx)
}

// end stops everything, the last first.
func (w *world) end() error {
	var errs []error
	if w.rally != nil {
		errs = append(errs, w.rally.stop())
	}
	for i := len(w.close) - 1; i >= 0; i-- {
		errs = append(errs, w.close[i]())
	}
	w.close, w.rally = nil, nil
	return errors.Join(errs...)
}

// exec runs statements of one text each. Parameters are written $1 for both.
func (w *world) exec(ctx context.Context, statement string, args ...any) error {
	if w.engine == sqlite {
		statement = strings.ReplaceAll(statement, "$", "?")
	}
	if _, err := w.db.ExecContext(ctx, statement, args...); err != nil {
		return fmt.Errorf("%s: %w", firstLine(statement), err)
	}
	return nil
}

func (w *world) int(ctx context.Context, query string, args ...any) (int64, error) {
	if w.engine == sqlite {
		query = strings.ReplaceAll(query, "$", "?")
	}
	var n int64
	if err := w.db.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("%s: %w", firstLine(query), err)
	}
	return n, nil
}

// tidy does at once what would else happen at some moment of a measurement.
func (w *world) tidy(ctx context.Context) error {
	if w.engine == postgres {
		return w.exec(ctx, "VACUUM ANALYZE bids, book_levels, orders, products, posts, post_likes, post_hashtags, post_search, follows")
	}
	return w.exec(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// now is the time in the precision that both databases keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
