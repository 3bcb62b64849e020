package testkit

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"rally/platform/testkit/pgcluster"
)

// PostgresEnv names the environment variable that holds the address of a
// PostgreSQL server, as a superuser, on which the tests may create and drop
// databases. Without it each test binary starts a server of its own.
const PostgresEnv = pgcluster.Env

// Migrate brings the empty database at dsn to its newest schema, and leaves no
// connection open.
type Migrate func(ctx context.Context, dsn string) error

// Template describes a migrated database that is built once and cloned for
// each test, which is many times cheaper than migrating for each. The zero
// Template is an empty database.
type Template struct {
	Name    string // what it is, such as "rally"
	Version string // changes with what Migrate does; see HashFS
	Migrate Migrate
}

// HashFS returns a short hash over the names and contents of all files in
// fsys, to use as a template's version.
func HashFS(fsys fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%s %d\n%s", path, len(b), b)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("hash files: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// Postgres returns the address of a fresh database, cloned from tmpl, that
// belongs to the test alone and is dropped when it ends. It fails the test
// when there is no server and none can be started: a database is never
// skipped in silence.
func Postgres(tb testing.TB, tmpl Template) string {
	tb.Helper()
	admin := PostgresServer(tb)
	ctx := tb.Context()
	source := "template0"
	if tmpl.Migrate != nil {
		var err error
		if source, err = templates.get(ctx, admin, tmpl); err != nil {
			tb.Fatalf("testkit: %v", err)
		}
	}
	name := cloneName(tb.Name())
	err := exec(ctx, admin, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(source))
	if err != nil {
		tb.Fatalf("testkit: clone %s: %v", source, err)
	}
	tb.Cleanup(func() {
		// The test's own context has ended by now.
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := exec(ctx, admin, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
			tb.Errorf("testkit: drop %s: %v", name, err)
		}
	})
	return withDatabase(admin, name)
}

// PostgresServer returns the superuser's address of the server that the tests
// use. It starts one where PostgresEnv is not set, and fails the test when
// that can't be done.
func PostgresServer(tb testing.TB) string {
	tb.Helper()
	s, err := server()
	if err != nil {
		tb.Fatalf("testkit: no PostgreSQL to test on: %v", err)
	}
	return s.dsn
}

// The state of this process: a server is too dear to start for each test, and
// nothing but the process's end can say that no further test will come.
var (
	server    = sync.OnceValues(startServer)           //nolint:gochecknoglobals // one server a process
	templates = templateSet{built: map[string]error{}} //nolint:gochecknoglobals // of that server
)

// postgresServer is the server that this process uses.
type postgresServer struct {
	dsn string
	// own is nil when the server is shared. Otherwise it is kept, because its
	// lifeline must not be collected as garbage: the watchdog ends the server
	// together with this process, not before.
	own *pgcluster.Cluster
}

func startServer() (postgresServer, error) {
	if dsn := os.Getenv(PostgresEnv); dsn != "" {
		if u, err := url.Parse(dsn); err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
			return postgresServer{}, errors.New(PostgresEnv + " is not an address like postgres://user:password@host:port/postgres")
		}
		return postgresServer{dsn: dsn}, nil
	}
	c, err := pgcluster.Start(context.Background(), pgcluster.Options{})
	if err != nil {
		return postgresServer{}, err
	}
	return postgresServer{dsn: c.DSN(), own: c}, nil
}

// templateSet remembers which templates this process has seen finished, so
// that only the first clone asks the server.
type templateSet struct {
	mu    sync.Mutex
	built map[string]error
}

// get returns the name of tmpl's database, and builds it when no process has
// done so yet. A migration that failed is not tried again by this process:
// every test then fails with its error.
func (s *templateSet) get(ctx context.Context, admin string, tmpl Template) (string, error) {
	name := templateName(tmpl)
	s.mu.Lock()
	defer s.mu.Unlock()
	err, known := s.built[name]
	if !known {
		err = buildTemplate(ctx, admin, name, tmpl.Migrate)
		s.built[name] = err
	}
	return name, err
}

// buildTemplate makes the template under a lock that all test processes on
// the server share. The mark IS_TEMPLATE is set last: a database without it is
// what a killed process left half done.
func buildTemplate(ctx context.Context, admin, name string, migrate Migrate) error {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // unlocks too
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", lockKey(name)); err != nil {
		return fmt.Errorf("lock template %s: %w", name, err)
	}
	var done bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)", name).Scan(&done); err != nil {
		return fmt.Errorf("look for template %s: %w", name, err)
	}
	if done {
		return nil
	}
	for _, sql := range []string{
		"DROP DATABASE IF EXISTS " + quote(name) + " WITH (FORCE)",
		"CREATE DATABASE " + quote(name) + " TEMPLATE template0",
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("create template %s: %w", name, err)
		}
	}
	if err := migrate(ctx, withDatabase(admin, name)); err != nil {
		return fmt.Errorf("migrate template %s: %w", name, err)
	}
	// A database that accepts no connection can be cloned at any time.
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+quote(name)+" WITH ALLOW_CONNECTIONS false IS_TEMPLATE true"); err != nil {
		return fmt.Errorf("close template %s: %w", name, err)
	}
	return nil
}

// exec runs one statement on a connection of its own.
func exec(ctx context.Context, dsn, sql string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}

func templateName(tmpl Template) string {
	return "template_" + identifier(tmpl.Name, 24) + "_" + identifier(tmpl.Version, 24)
}

// cloneName is unique, and says in the server's log whose database it is.
func cloneName(test string) string {
	return "test_" + identifier(test, 36) + "_" + strings.ToLower(rand.Text()[:16])
}

// identifier keeps of s what is plain in a name, up to n bytes.
func identifier(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '_'
	}, s)
	return s[:min(n, len(s))]
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func lockKey(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("rally/testkit " + name))
	return int64(h.Sum64())
}

// withDatabase returns dsn with another database. The address was parsed
// before, so it is a URL.
func withDatabase(dsn, name string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return dsn
	}
	u.Path = "/" + name
	return u.String()
}
