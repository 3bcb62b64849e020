package main

import (
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"rally/migrations"
	"rally/platform/db"
	"rally/platform/testkit"
)

// Each bad start is one line that names what is wrong, and exit code 1.
func TestBadStartsAreOneClearLine(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() }) // after the parallel cases
	file := filepath.Join(t.TempDir(), "a-file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		settings map[string]string
		want     []string
	}{
		"busy port":                 {map[string]string{"RALLY_ADDR": busy.Addr().String()}, []string{"RALLY_ADDR", busy.Addr().String(), "in use"}},
		"no port":                   {map[string]string{"RALLY_ADDR": "localhost"}, []string{"RALLY_ADDR", `"localhost"`, "host:port"}},
		"data folder below a file":  {map[string]string{"RALLY_DATA_DIR": filepath.Join(file, "data")}, []string{"RALLY_DATA_DIR", "not a directory"}},
		"unknown database":          {map[string]string{"RALLY_DATABASE_URL": "mysql://x"}, []string{"RALLY_DATABASE_URL", "sqlite:PATH or postgres://"}},
		"PostgreSQL that is away":   {map[string]string{"RALLY_DATABASE_URL": "postgres://me:hunter2@127.0.0.1:1/rally"}, []string{"RALLY_DATABASE_URL", "127.0.0.1:1"}},
		"NATS that is away":         {map[string]string{"RALLY_NATS_URL": "nats://127.0.0.1:1", "RALLY_NATS_CONNECT_TIMEOUT": "200ms"}, []string{"RALLY_NATS_URL"}},
		"a duration that is none":   {map[string]string{"RALLY_READ_TIMEOUT": "soon"}, []string{"RALLY_READ_TIMEOUT", `"soon"`, "duration"}},
		"a number that is none":     {map[string]string{"RALLY_JOBS_WORKERS": "many"}, []string{"RALLY_JOBS_WORKERS", `"many"`, "whole number"}},
		"a stop without an end":     {map[string]string{"RALLY_JOBS_STOP_TIMEOUT": "1m"}, []string{"RALLY_JOBS_STOP_TIMEOUT=1m0s", "20s in all"}},
		"short secret":              {map[string]string{"RALLY_SECRET": "short"}, []string{"RALLY_SECRET", "32"}},
		"unknown log format":        {map[string]string{"RALLY_LOG_FORMAT": "xml"}, []string{"RALLY_LOG_FORMAT", `"xml"`, "one of json, console"}},
		"public address with path":  {map[string]string{"RALLY_PUBLIC_URL": "https://rally.example/shop"}, []string{"RALLY_PUBLIC_URL", "without a path"}},
		"proxy that is no address":  {map[string]string{"RALLY_TRUSTED_PROXIES": "nginx"}, []string{"RALLY_TRUSTED_PROXIES", `"nginx"`}},
		"picture store of no kind":  {map[string]string{"RALLY_BLOB_URL": "ftp://x"}, []string{"RALLY_BLOB_URL", "s3://"}},
		"mail server of no kind":    {map[string]string{"RALLY_SMTP_URL": "http://x"}, []string{"RALLY_SMTP_URL", "smtp"}},
		"fee above all reason":      {map[string]string{"RALLY_SHOP_BUYER_FEE_BPS": "9999"}, []string{"RALLY_SHOP_BUYER_FEE_BPS", "5000"}},
		"log file in no folder":     {map[string]string{"RALLY_LOG_FILE": "/no/such/folder/rally.log"}, []string{"RALLY_LOG_FILE"}},
		"a database that is a text": {map[string]string{"RALLY_DATABASE_URL": "sqlite:" + textFile(t)}, []string{"not a database"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, _, stderr := outcome(t, c.settings, "serve")
			wantOneLine(t, code, stderr, c.want...)
		})
	}
}

// wantOneLine checks the exit code and the last line; lines before it may only
// be the program's log.
func wantOneLine(t *testing.T, code int, stderr string, want ...string) {
	t.Helper()
	if code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	var said []string
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "{") {
			said = append(said, line)
		}
	}
	if len(said) != 1 || !strings.HasPrefix(said[0], "rally: ") {
		t.Fatalf("%d lines, want one:\n%s", len(said), stderr)
	}
	for _, part := range want {
		if !strings.Contains(said[0], part) {
			t.Errorf("%q lacks %q", said[0], part)
		}
	}
	if strings.Contains(stderr, "hunter2") {
		t.Error("a password is shown")
	}
}

func textFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rally.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database\n", 400)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Root writes anywhere, so the folder is made immutable by its mode only for
// ordinary users; for root the file system of /proc serves as one that
// nobody can write.
func TestReadOnlyDataFolder(t *testing.T) {
	dir := t.TempDir()
	if os.Geteuid() == 0 {
		dir = "/proc/self"
	} else if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := outcome(t, map[string]string{"RALLY_DATA_DIR": filepath.Join(dir, "data"), "RALLY_SECRET": ""}, "serve")
	wantOneLine(t, code, stderr, "RALLY_DATA_DIR")
}

func TestANewerSchemaStopsTheStart(t *testing.T) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			url := testkit.DatabaseURL(t, dialect)
			d, err := db.Open(t.Context(), db.Config{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close() }()
			if _, err := db.Exec(t.Context(), d, "INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)", 99999, true); err != nil {
				t.Fatal(err)
			}
			before := testkit.Schema(t, d)
			for _, args := range [][]string{{"serve"}, {"migrate", "up"}, {"migrate", "down"}, {"demo"}} {
				code, _, stderr := outcome(t, map[string]string{"RALLY_DATABASE_URL": url}, args...)
				wantOneLine(t, code, stderr, "newer schema")
			}
			if after := testkit.Schema(t, d); !maps.EqualFunc(before, after, slices.Equal) {
				t.Errorf("the schema is now %v, was %v", after, before)
			}
		})
	}
}

// A program that waits for another one's migrations ends when it is told to.
// Only PostgreSQL shows who waits; platform/db has the same test for SQLite.
func TestAWaitingStartIsInterrupted(t *testing.T) {
	for _, c := range []struct {
		signal os.Signal
		args   []string
	}{{os.Interrupt, []string{"migrate", "up"}}, {syscall.SIGTERM, []string{"serve"}}} {
		t.Run(c.args[0], func(t *testing.T) {
			t.Parallel()
			url := testkit.DatabaseURL(t, db.Postgres)
			awaited := testkit.HoldMigrationLock(t, url)
			p := launch(t, map[string]string{"RALLY_DATABASE_URL": url}, c.args...)
			testkit.Until(t, "it waits for the lock", awaited)
			if err := p.cmd.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			p.wait(t)
			wantOneLine(t, p.cmd.ProcessState.ExitCode(), p.log())
		})
	}
}

func TestMigrateByHand(t *testing.T) {
	url := map[string]string{"RALLY_DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "rally.db"), "RALLY_AUTO_MIGRATE": "false"}
	code, _, stderr := outcome(t, url, "serve")
	wantOneLine(t, code, stderr, "rally migrate up")

	files, err := fs.Glob(migrations.Files, "sqlite/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	newest := len(files) + 1 // the first is the job queue's own
	steps := []struct {
		args []string
		want string
	}{{[]string{"migrate", "up"}, fmt.Sprintf("%d migrations applied", newest)}, {[]string{"migrate", "status"}, "applied"}, {[]string{"migrate", "down"}, fmt.Sprintf("migration %d taken back", newest)}}
	for _, s := range steps {
		if code, out, stderr := outcome(t, url, s.args...); code != 0 || !strings.Contains(out, s.want) {
			t.Fatalf("%v: code %d\n%s%s", s.args, code, out, stderr)
		}
	}
	code, out, stderr := outcome(t, url, "migrate", "status")
	if wantOneLine(t, code, stderr, "older"); !strings.Contains(out, "pending") {
		t.Errorf("status: %s", out)
	}
}

func TestAdminConfigAndVersion(t *testing.T) {
	settings := map[string]string{"RALLY_DATA_DIR": t.TempDir(), "RALLY_TYPO": "x", "RALLY_DATABASE_URL": ""}
	if code, out, stderr := outcome(t, settings, "admin", "create", "--email", "boss@rally.test", "--password", "correct-horse-7"); code != 0 || !strings.Contains(out, "created") {
		t.Fatalf("create: code %d %s%s", code, out, stderr)
	}
	if code, out, _ := outcome(t, settings, "admin", "create", "--email", "boss@rally.test", "--password", "correct-horse-8"); code != 0 || !strings.Contains(out, "promoted") {
		t.Fatalf("again: code %d %s", code, out)
	}
	code, _, stderr := outcome(t, settings, "admin", "create", "--email", "boss@rally.test", "--password", "123")
	wantOneLine(t, code, stderr, "password")
	code, _, stderr = outcome(t, settings, "admin", "second-step-off", "--email", "boss@rally.test")
	wantOneLine(t, code, stderr, "no second step")
	code, _, stderr = outcome(t, settings, "demo")
	wantOneLine(t, code, stderr, "already holds users")

	code, out, _ := outcome(t, settings, "config")
	if code != 0 || strings.Contains(out, "a secret of tests") {
		t.Fatalf("config: code %d\n%s", code, out)
	}
	for _, want := range []string{"RALLY_ADDR", "RALLY_DATABASE_URL", "RALLY_NATS_URL", "RALLY_BLOB_URL", "RALLY_SMTP_URL", "RALLY_MAIL_FROM", "(set, hidden)", "RALLY_DEMO", "RALLY_LOG_FILE",
		"RALLY_TRUSTED_PROXIES", "RALLY_CORS_ORIGINS", "RALLY_PUBLIC_URL", "environment", "default", "RALLY_TYPO"} {
		if !strings.Contains(out, want) {
			t.Errorf("config lacks %q", want)
		}
	}
	if code, out, _ := outcome(t, nil, "version"); code != 0 || !strings.Contains(out, "rally dev") {
		t.Errorf("version: %d %q", code, out)
	}
}

func TestGracefulStop(t *testing.T) {
	p := start(t, map[string]string{"RALLY_DATA_DIR": t.TempDir()})
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.wait(t)
	if p.err != nil {
		t.Fatalf("ended with %v:\n%s", p.err, p.log())
	}
}

// Behind a proxy a stop may take its time; a second Ctrl-C ends it.
func TestASecondInterruptEndsAStop(t *testing.T) {
	p := start(t, map[string]string{"RALLY_DATA_DIR": t.TempDir(), "RALLY_DRAIN_DELAY": "14s", "RALLY_SHUTDOWN_TIMEOUT": "500ms", "RALLY_WS_CLOSE_TIMEOUT": "500ms", "RALLY_JOBS_STOP_TIMEOUT": "500ms"})
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "the stop begins", func() bool {
		res, err := http.Get(p.URL + "/readyz")
		return err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusServiceUnavailable
	})
	testkit.Until(t, "it ends", func() bool {
		_ = p.cmd.Process.Signal(os.Interrupt) // again and again, as an impatient person does
		select {
		case <-p.ended:
			return true
		default:
			return false
		}
	})
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
		t.Fatalf("ended with %v, as if it was interrupted once:\n%s", p.err, p.log())
	}
}
