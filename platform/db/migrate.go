package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// ErrNewerSchema says that the database was migrated by a newer program. This
// one must not touch it.
var ErrNewerSchema = errors.New("the database has a newer schema than this program")

// lockPause is how long a process that waits for another one's migrations lets
// pass between two looks at the lock.
const lockPause = 50 * time.Millisecond

// riverVersion is the number of the migration that installs the job queue's
// own tables; its SQL comes with River.
const riverVersion = 1

// Migrator brings a database from one numbered schema to another.
type Migrator struct {
	db       *DB
	provider *goose.Provider
	newest   int64
}

// NewMigrator reads the numbered SQL files in the folder of the dialect:
// migrations/postgres or migrations/sqlite.
func NewMigrator(d *DB, files fs.FS) (*Migrator, error) {
	dir, err := fs.Sub(files, string(d.Dialect))
	if err != nil {
		return nil, fmt.Errorf("migrations of %s: %w", d.Dialect, err)
	}
	options := []goose.ProviderOption{
		goose.WithGoMigrations(goose.NewGoMigration(riverVersion,
			riverStep(d, rivermigrate.DirectionUp), riverStep(d, rivermigrate.DirectionDown))),
		goose.WithDisableGlobalRegistry(true),
	}
	dialect := goose.DialectSQLite3
	if d.Dialect == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, fmt.Errorf("migration lock: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, d.write.DB, dir, options...)
	if err != nil {
		return nil, fmt.Errorf("migrations of %s: %w", d.Dialect, err)
	}
	m := &Migrator{db: d, provider: provider}
	for _, s := range provider.ListSources() {
		m.newest = max(m.newest, s.Version)
	}
	return m, nil
}

// riverStep migrates the job queue's tables. SQLite has one connection, which
// the provider's transaction holds, so River joins it. PostgreSQL refuses to
// use a new enum value in the transaction that added it, so there River takes
// a transaction for each of its versions; it keeps count of them itself, and a
// run that was cut short goes on where it stopped.
func riverStep(d *DB, direction rivermigrate.Direction) *goose.GoFunc {
	options := &rivermigrate.MigrateOpts{}
	if direction == rivermigrate.DirectionDown {
		options.TargetVersion = -1 // all of it
	}
	if d.Dialect == Postgres {
		return &goose.GoFunc{RunDB: func(ctx context.Context, pool *sql.DB) error {
			m, err := rivermigrate.New(riverdatabasesql.New(pool), nil)
			if err == nil {
				_, err = m.Migrate(ctx, direction, options)
			}
			return err
		}}
	}
	return &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		m, err := rivermigrate.New(riversqlite.New(d.write.DB), nil)
		if err == nil {
			_, err = m.MigrateTx(ctx, tx, direction, options) //nolint:staticcheck // the deprecation is about PostgreSQL's enums
		}
		return err
	}}
}

// Up applies every migration that is missing and returns how many. Processes
// that start together wait for one another, until ctx ends. It returns
// ErrNewerSchema when the database is ahead of the program.
func (m *Migrator) Up(ctx context.Context) (int, error) {
	applied := 0
	err := m.locked(ctx, func() error {
		if err := m.Check(ctx); err != nil && !errors.Is(err, ErrPending) {
			return err
		}
		results, err := m.provider.Up(ctx)
		applied = len(results)
		if err != nil {
			return fmt.Errorf("migrate up: %w", err)
		}
		return nil
	})
	return applied, err
}

// Down takes the newest migration back and returns its number, or 0 when
// there was none.
func (m *Migrator) Down(ctx context.Context) (int64, error) {
	var version int64
	err := m.locked(ctx, func() error {
		if err := m.Check(ctx); err != nil && !errors.Is(err, ErrPending) {
			return err
		}
		result, err := m.provider.Down(ctx)
		if errors.Is(err, goose.ErrNoNextVersion) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("migrate down: %w", err)
		}
		version = result.Source.Version
		return nil
	})
	return version, err
}

// locked keeps two processes from migrating one SQLite file at once.
// PostgreSQL has the provider's session lock for it.
func (m *Migrator) locked(ctx context.Context, fn func() error) error {
	if m.db.Dialect == SQLite {
		file := flock.New(m.db.path + ".migrate")
		if _, err := file.TryLockContext(ctx, lockPause); err != nil {
			return fmt.Errorf("lock %s: %w", file.Path(), err)
		}
		defer func() { _ = file.Unlock() }()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn()
}

// ErrPending says that migrations wait to be applied.
var ErrPending = errors.New("the database schema is older than this program; run `rally migrate up`")

// Check compares the database with the program: nil, ErrPending or
// ErrNewerSchema.
func (m *Migrator) Check(ctx context.Context) error {
	version, err := m.provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	switch {
	case version > m.newest:
		return fmt.Errorf("%w (%d, this program knows %d)", ErrNewerSchema, version, m.newest)
	case version < m.newest:
		return ErrPending
	}
	return nil
}

// MigrationState is one line of a migration's status.
type MigrationState struct {
	Version int64
	Name    string
	Applied bool
}

// Status lists every migration the program knows, in order.
func (m *Migrator) Status(ctx context.Context) ([]MigrationState, error) {
	states, err := m.provider.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("migration status: %w", err)
	}
	list := make([]MigrationState, len(states))
	for i, s := range states {
		name := s.Source.Path
		if s.Source.Version == riverVersion {
			name = "(job queue)"
		}
		list[i] = MigrationState{Version: s.Source.Version, Name: name, Applied: s.State == goose.StateApplied}
	}
	return list, nil
}
