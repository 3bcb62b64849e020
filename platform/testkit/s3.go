package testkit

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rally/platform/testkit/loopback"
)

// S3Env names the environment variable with the path of the versitygw program,
// a real S3 server. Without it, bin/versitygw of this repository is taken.
const S3Env = "RALLY_TEST_S3"

// startPatience bounds the start of a server on a machine that is busy.
const startPatience = 90 * time.Second

// S3 returns what RALLY_BLOB_URL is for a fresh bucket on a real S3 server on
// loopback, which all tests of the process share. Credentials are in the
// environment, where S3's clients look for them. Without the program the test
// is skipped, unless somebody relies on it: with CI or S3Env set it fails.
func S3(tb testing.TB) string {
	tb.Helper()
	program := s3Program(tb)
	s3.Lock()
	defer s3.Unlock()
	if s3.server == nil {
		// Of the test's context only the values may be used: the server
		// outlives the test.
		server, err := startS3(context.WithoutCancel(tb.Context()), program)
		if err != nil {
			tb.Fatalf("testkit: no S3 server to test on: %v", err)
		}
		s3.server = server
	}
	return s3.server.bucket(tb)
}

// S3Once is S3 with a server of the test's own, which stop ends.
func S3Once(tb testing.TB) (url string, stop func()) {
	tb.Helper()
	server, err := startS3(context.WithoutCancel(tb.Context()), s3Program(tb))
	if err != nil {
		tb.Fatalf("testkit: no S3 server to test on: %v", err)
	}
	stop = sync.OnceFunc(func() {
		if err := server.stop(); err != nil {
			tb.Errorf("testkit: end the S3 server: %v", err)
		}
	})
	tb.Cleanup(stop)
	return server.bucket(tb), stop
}

// s3 is the server of this process, kept so that its lifeline is not collected
// as garbage.
var s3 struct { //nolint:gochecknoglobals // one server a process
	sync.Mutex
	server *s3Server
}

// s3Keys are one pair for all servers of this process, because clients read
// them from its environment.
var s3Keys = sync.OnceValues(func() (map[string]string, error) { //nolint:gochecknoglobals // see there
	keys := map[string]string{"AWS_ACCESS_KEY_ID": "rally-test", "AWS_SECRET_ACCESS_KEY": rand.Text()}
	env := map[string]string{
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, // not those of whoever runs the tests
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
	}
	for _, set := range []map[string]string{keys, env} {
		for name, value := range set {
			if err := os.Setenv(name, value); err != nil {
				return nil, err
			}
		}
	}
	return keys, nil
})

// s3Server is a running server over a temporary folder.
type s3Server struct {
	dir      string
	port     string
	lifeline *os.File // the watchdog ends the server when it closes
	watchdog *osexec.Cmd
	gateway  *osexec.Cmd
}

func s3Program(tb testing.TB) string {
	tb.Helper()
	if path := os.Getenv(S3Env); path != "" {
		if _, err := osexec.LookPath(path); err != nil {
			tb.Fatalf("testkit: %s is no program: %v", S3Env, err)
		}
		return path
	}
	path := filepath.Join("bin", "versitygw")
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if path, err = osexec.LookPath(filepath.Join(dir, path)); err == nil {
			return path
		}
		break
	}
	if os.Getenv("CI") != "" {
		tb.Fatal("testkit: no S3 server to test on: bin/versitygw is missing; scripts/s3.sh builds it")
	}
	tb.Skip("no S3 server to test on: bin/versitygw is missing; scripts/s3.sh builds it")
	return ""
}

// s3Watchdog outlives its owner by a moment. It reads the id of the server that
// it must end when the pipe on its standard input closes, or the word "done"
// when its owner has ended it.
const s3Watchdog = `
trap '' HUP INT TERM
pid=
while read -r line; do pid=$line; done
case "$pid" in ''|done) ;; *) kill -KILL "$pid" 2>/dev/null ;; esac
cd / && rm -rf "$1"
`

// startS3 starts a server and waits until it answers. Another process may take
// the free port in between, so it tries again on another.
func startS3(ctx context.Context, program string) (*s3Server, error) {
	keys, err := s3Keys()
	if err != nil {
		return nil, err
	}
	if program, err = filepath.Abs(program); err != nil {
		return nil, err
	}
	s := &s3Server{}
	if s.dir, err = os.MkdirTemp("", "rally-s3-"); err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	if err := s.watch(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for range 3 {
		if err = s.serve(ctx, program, keys); err == nil {
			return s, nil
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(err, s.stop())
}

func (s *s3Server) watch(ctx context.Context) error {
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("make the watchdog's pipe: %w", err)
	}
	defer func() { _ = r.Close() }()
	cmd := osexec.CommandContext(context.WithoutCancel(ctx), "/bin/sh", "-c", s3Watchdog, "s3", s.dir)
	cmd.Stdin = r
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		_ = w.Close()
		return fmt.Errorf("start the watchdog: %w", err)
	}
	s.lifeline, s.watchdog = w, cmd
	return nil
}

// serve starts the server on a free port, and returns when it answers or has
// ended. It asks under a path that no other server has.
func (s *s3Server) serve(ctx context.Context, program string, keys map[string]string) error {
	number, _, err := loopback.Free(ctx)
	if err != nil {
		return err
	}
	s.port = strconv.Itoa(number)
	for _, dir := range []string{"buckets", "notes"} {
		if err := os.MkdirAll(filepath.Join(s.dir, dir), 0o700); err != nil {
			return err
		}
	}
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	health := "/health-" + strings.ToLower(rand.Text())
	// Not every file system keeps extended attributes, so they go beside it.
	cmd := osexec.CommandContext(context.WithoutCancel(ctx), program, "--port", "127.0.0.1:"+s.port, "--health", health, "--quiet",
		"posix", "--sidecar", filepath.Join(s.dir, "notes"), filepath.Join(s.dir, "buckets"))
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "ROOT_ACCESS_KEY=" + keys["AWS_ACCESS_KEY_ID"], "ROOT_SECRET_KEY=" + keys["AWS_SECRET_ACCESS_KEY"]}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // a Ctrl-C reaches the tests first
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the S3 server: %w", err)
	}
	if _, err := fmt.Fprintln(s.lifeline, cmd.Process.Pid); err != nil {
		return errors.Join(fmt.Errorf("tell the watchdog: %w", err), cmd.Process.Kill(), cmd.Wait())
	}
	s.gateway = cmd
	for {
		if answers(ctx, "http://127.0.0.1:"+s.port+health) {
			return nil
		}
		// Asking, instead of waiting in a goroutine, leaves none behind.
		if pid, err := syscall.Wait4(cmd.Process.Pid, nil, syscall.WNOHANG, nil); err != nil || pid != 0 {
			s.gateway = nil
			_, _ = fmt.Fprintln(s.lifeline, "done")
			out, _ := os.ReadFile(log.Name())
			return fmt.Errorf("the S3 server ended at once: %s", bytes.TrimSpace(out))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the S3 server does not answer: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func answers(ctx context.Context, url string) bool {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	answer, err := client.Do(r)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

// stop ends the server, waits for that, and removes its files.
func (s *s3Server) stop() error {
	if s.gateway != nil {
		if err := s.gateway.Process.Kill(); err != nil {
			return err
		}
		_ = s.gateway.Wait() // killed, as it says
		s.gateway = nil
		if _, err := fmt.Fprintln(s.lifeline, "done"); err != nil {
			return err
		}
	}
	return errors.Join(s.lifeline.Close(), s.watchdog.Wait())
}

// bucket makes one: to this server it is a folder.
func (s *s3Server) bucket(tb testing.TB) string {
	tb.Helper()
	name := "test-" + strings.ToLower(rand.Text())
	if err := os.Mkdir(filepath.Join(s.dir, "buckets", name), 0o700); err != nil {
		tb.Fatalf("testkit: make a bucket: %v", err)
	}
	return "s3://" + name + "?region=us-east-1&use_path_style=true&endpoint=http://127.0.0.1:" + s.port
}
