// Package pgcluster starts a throw-away PostgreSQL server on loopback, for
// tests and benchmarks. The server and its files end with the process that
// started it, however that process ends.
package pgcluster

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"rally/platform/testkit/loopback"
)

// Env names the environment variable that holds the address of a PostgreSQL
// server, as a superuser, for the tests of a run to share.
const Env = "RALLY_TEST_PG"

// ErrNotInstalled says that this machine has no PostgreSQL server.
var ErrNotInstalled = errors.New("no PostgreSQL server is installed here; run scripts/setup.sh")

// startTimeout bounds the start of a server, on a machine that is busy with
// compiling too.
const startTimeout = 90 * time.Second

// Options changes how a cluster is started. The zero value is right for tests.
type Options struct {
	// Durable keeps PostgreSQL's own promises about fsync and full pages. A
	// benchmark needs them; a test, whose data nobody will miss, is faster
	// without.
	Durable bool
}

// Cluster is a running PostgreSQL server. Make it with Start.
type Cluster struct {
	dsn      string
	dir      string
	lifeline *os.File // the watchdog waits for its end to close
	watchdog *exec.Cmd
	exited   <-chan struct{} // closed when the server has ended; nil before it starts
}

// Start makes a fresh cluster in a temporary folder and waits until it
// answers. A superuser starts it as another account, because PostgreSQL
// refuses to run as root. It returns ErrNotInstalled when there is no server
// program.
func Start(ctx context.Context, opt Options) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	who, err := account()
	if err != nil {
		return nil, err
	}
	c := &Cluster{}
	if c.dir, err = tempDir(who); err != nil {
		return nil, err
	}
	if err := c.watch(ctx, who); err != nil {
		_ = os.RemoveAll(c.dir)
		return nil, err
	}
	if err := c.start(ctx, bin, who, opt); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// DSN returns the address of the cluster's "postgres" database, with the
// superuser's name and password.
func (c *Cluster) DSN() string { return c.dsn }

// Stop ends the server, waits for that, and removes its files.
func (c *Cluster) Stop() error {
	if err := c.lifeline.Close(); err != nil {
		return fmt.Errorf("let go of the PostgreSQL watchdog: %w", err)
	}
	if err := c.watchdog.Wait(); err != nil {
		return fmt.Errorf("end PostgreSQL in %s: %w", c.dir, err)
	}
	if c.exited != nil {
		<-c.exited
	}
	return nil
}

// watchdog outlives its owner by a moment: when the pipe on its standard input
// closes, because of Stop or because the owner is gone, it ends the server by
// the id that the server itself wrote down, and removes the folder.
const watchdog = `
trap '' HUP INT TERM
read -r _
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null; then
	tries=0
	while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	kill -KILL "$pid" 2>/dev/null
fi
cd / && rm -rf "$1"
`

// watch starts the watchdog, before there is anything that it must end.
func (c *Cluster) watch(ctx context.Context, who *syscall.Credential) error {
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("make the watchdog's pipe: %w", err)
	}
	defer func() { _ = r.Close() }()
	cmd := c.command(context.WithoutCancel(ctx), who, "/bin/sh", "-c", watchdog, "pgcluster", c.dir)
	cmd.Stdin = r
	if err := cmd.Start(); err != nil {
		_ = w.Close()
		return fmt.Errorf("start the PostgreSQL watchdog: %w", err)
	}
	c.lifeline, c.watchdog = w, cmd
	return nil
}

// start runs initdb and the server, and waits for its first answer. Another
// process may take the free port in between, so it tries again on another.
func (c *Cluster) start(ctx context.Context, bin string, who *syscall.Credential, opt Options) error {
	password := rand.Text()
	secret := filepath.Join(c.dir, "password")
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		return fmt.Errorf("write the superuser's password: %w", err)
	}
	if who != nil {
		if err := os.Chown(secret, int(who.Uid), int(who.Gid)); err != nil {
			return fmt.Errorf("hand the password file over: %w", err)
		}
	}
	initdb := c.command(ctx, who, filepath.Join(bin, "initdb"),
		"--pgdata="+c.data(), "--username=postgres", "--pwfile="+secret, "--auth=password",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, lastLines(out))
	}
	var err error
	for range 3 {
		var port int
		if port, _, err = loopback.Free(ctx); err != nil {
			return err
		}
		c.dsn = fmt.Sprintf("postgres://postgres:%s@127.0.0.1:%d/postgres?sslmode=disable", password, port)
		if err = c.serve(ctx, bin, who, port, opt); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// serve starts the server on port and returns when it answers or has ended.
func (c *Cluster) serve(ctx context.Context, bin string, who *syscall.Credential, port int, opt Options) error {
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return fmt.Errorf("make the server's log: %w", err)
	}
	defer func() { _ = log.Close() }()
	args := []string{"-D", c.data()}
	for _, s := range settings(port, opt) {
		args = append(args, "-c", s)
	}
	cmd := c.command(context.WithoutCancel(ctx), who, filepath.Join(bin, "postgres"), args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	exited := make(chan struct{})
	c.exited = exited
	go func() { // ends with the server, which the watchdog ends
		_ = cmd.Wait()
		close(exited)
	}()
	for {
		err := ping(ctx, c.dsn)
		if err == nil {
			return nil
		}
		select {
		case <-exited:
			out, _ := os.ReadFile(log.Name())
			return fmt.Errorf("postgres ended at once: %s", lastLines(out))
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// settings are the server's. A time zone other than UTC shows code that leans
// on the server's clock settings instead of carrying its own.
func settings(port int, opt Options) []string {
	s := []string{
		"port=" + strconv.Itoa(port),
		"listen_addresses=127.0.0.1",
		"unix_socket_directories=",
		"max_connections=200",
		"timezone=Asia/Seoul",
		"log_timezone=UTC",
		"jit=off",
	}
	if !opt.Durable {
		s = append(s, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
	}
	return s
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// command prepares a process of its own session, so that a Ctrl-C in the
// terminal reaches the tests first and the server only by way of the watchdog.
// Nothing of the caller's environment, such as PGPORT, leaks in, and no output
// of the caller is held open, for which "go test" would wait.
func (c *Cluster) command(ctx context.Context, who *syscall.Credential, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = c.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: who}
	return cmd
}

// binaries returns the folder that holds initdb and postgres: the one on the
// PATH, else the newest of Debian's.
func binaries() (string, error) {
	var dirs []string
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	debian, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	slices.SortFunc(debian, func(a, b string) int { return version(b) - version(a) })
	for _, dir := range append(dirs, debian...) {
		if executable(dir, "initdb") && executable(dir, "postgres") {
			return dir, nil
		}
	}
	return "", ErrNotInstalled
}

// version reads the 15 of /usr/lib/postgresql/15/bin.
func version(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}

func executable(dir, name string) bool {
	_, err := exec.LookPath(filepath.Join(dir, name))
	return err == nil
}

// account returns whom the server runs as: nil for the caller, or an
// unprivileged account when the caller is root.
func account() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("read the ids of account %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL must not run as root, and there is no account postgres or nobody")
}

func tempDir(who *syscall.Credential) (string, error) {
	dir, err := os.MkdirTemp("", "rally-postgres-")
	if err != nil {
		return "", fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	if who != nil {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return "", errors.Join(fmt.Errorf("hand the folder for PostgreSQL over: %w", err), os.RemoveAll(dir))
		}
	}
	return dir, nil
}

func ping(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	return errors.Join(conn.Ping(ctx), conn.Close(ctx))
}

// lastLines keeps an error readable: the reason stands at the end of a log.
func lastLines(out []byte) string {
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-5):], []byte("; ")))
}
