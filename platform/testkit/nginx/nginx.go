// Package nginx runs the real nginx on loopback for tests, with a configuration
// of theirs.
package nginx

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"rally/platform/testkit"
	"rally/platform/testkit/loopback"
)

// ErrNotInstalled says that this machine has no nginx.
var ErrNotInstalled = errors.New("no nginx is installed here; run scripts/setup.sh")

// Server is a running nginx.
type Server struct {
	Addr string // host:port

	dir      string
	cmd      *exec.Cmd
	lifeline *os.File // nginx ends when it closes
	ended    chan struct{}
}

// Start runs nginx on a free port until the test ends, and returns once it
// takes connections. Site returns what stands inside "http { }" of the
// configuration, for a server that listens on addr.
func Start(tb testing.TB, site func(addr string) string) *Server {
	tb.Helper()
	bin, err := find()
	if err != nil {
		tb.Fatal(err)
	}
	var s *Server
	for range 3 { // somebody else may take the free port in between
		var addr string
		if _, addr, err = loopback.Free(tb.Context()); err != nil {
			break
		}
		if s, err = start(tb.Context(), bin, tb.TempDir(), addr, site(addr)); err == nil {
			tb.Cleanup(s.Stop)
			return s
		}
	}
	tb.Fatal(err)
	return nil
}

// Stop ends the server and waits for that. It may be called twice.
func (s *Server) Stop() {
	_ = s.lifeline.Close() // the second time it is closed
	<-s.ended
}

// Log returns what nginx complained of.
func (s *Server) Log() string {
	text, _ := os.ReadFile(filepath.Join(s.dir, "error.log")) // there is none before the start
	return string(text)
}

// Debian keeps it where only root's PATH leads.
func find() (string, error) {
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNotInstalled
}

// keeper runs a server that ends with its owner: when the pipe on the standard
// input closes, because of Stop or because the owner is gone.
const keeper = `
trap '' HUP INT TERM
"$@" </dev/null &
server=$!
{ read -r _; kill -TERM "$server" 2>/dev/null; } <&3 3<&- &
exec 3<&-
wait "$server"
`

func start(ctx context.Context, bin, dir, addr, site string) (*Server, error) {
	s := &Server{Addr: addr, dir: dir, ended: make(chan struct{})}
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(configuration(dir, site)), 0o600); err != nil {
		return nil, fmt.Errorf("write the configuration: %w", err)
	}
	args := []string{"-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", file}
	if out, err := exec.CommandContext(ctx, bin, append(args, "-t", "-q")...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("nginx refuses its configuration: %w: %s", err, out)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make the lifeline: %w", err)
	}
	defer func() { _ = r.Close() }()
	s.lifeline = w
	// The context of a test ends before its clean-up: Stop ends the server.
	s.cmd = exec.CommandContext(context.WithoutCancel(ctx), "/bin/sh", append([]string{"-c", keeper, "nginx", bin}, args...)...)
	s.cmd.ExtraFiles = []*os.File{r}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // a Ctrl-C in the terminal is for the test
	if err := s.cmd.Start(); err != nil {
		_ = w.Close()
		return nil, fmt.Errorf("start nginx: %w", err)
	}
	go func() { // ends with nginx, which Stop ends
		_ = s.cmd.Wait()
		close(s.ended)
	}()
	if err := s.awaitAnswer(ctx); err != nil {
		s.Stop()
		return nil, fmt.Errorf("%w: %s", err, s.Log())
	}
	return s, nil
}

// awaitAnswer returns once the server takes connections.
func (s *Server) awaitAnswer(ctx context.Context) error {
	var dialer net.Dialer
	deadline := time.After(testkit.Patience)
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		conn, err := dialer.DialContext(ctx, "tcp", s.Addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-s.ended:
			return errors.New("nginx ended at once")
		case <-deadline:
			return errors.New("nginx does not answer")
		case <-poll.C:
		}
	}
}

// configuration keeps every file of nginx in its folder. Root's worker stays
// root, because the folders of a test are its owner's alone.
func configuration(dir, site string) string {
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;\n"
	}
	temp := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temp += fmt.Sprintf("\t%s_temp_path %s;\n", kind, filepath.Join(dir, kind))
	}
	return user + "daemon off;\nworker_processes 1;\npid " + filepath.Join(dir, "pid") + ";\n" +
		"events { worker_connections 4096; }\nhttp {\n\taccess_log off;\n" + temp + site + "\n}\n"
}
