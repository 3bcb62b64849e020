package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"rally/platform/testkit"
)

// childEnv makes the test binary behave as the program itself, so that tests
// start, stop and kill a real process without building another binary.
const childEnv = "RALLY_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is one run of the program in a process of its own.
type program struct {
	URL string

	cmd    *exec.Cmd
	mu     sync.Mutex
	stderr bytes.Buffer
	ready  chan string
	ended  chan struct{}
	err    error
}

// command prepares a run in an empty folder; settings are RALLY_ variables.
func command(t *testing.T, settings map[string]string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, exe, args...)
	cmd.Dir = t.TempDir()
	env := map[string]string{
		childEnv: "1", "PATH": os.Getenv("PATH"), "HOME": cmd.Dir, "RALLY_ADDR": "127.0.0.1:0", "RALLY_LOG_FORMAT": "json",
		"RALLY_SECRET": "a secret of tests, long enough to be one", "RALLY_PASSWORD_MEMORY": "64", "RALLY_PASSWORD_PASSES": "1",
	}
	maps.Copy(env, settings)
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// outcome runs the program to its end.
func outcome(t *testing.T, settings map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	cmd := command(t, settings, args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errOut.String()
}

// start runs `rally serve` and returns once it says that it is ready.
func start(t *testing.T, settings map[string]string) *program {
	t.Helper()
	p := launch(t, settings, "serve")
	select {
	case p.URL = <-p.ready:
	case <-p.ended:
		t.Fatalf("the program ended at start:\n%s", p.log())
	}
	return p
}

// launch runs the program until the test ends, and waits for nothing.
func launch(t *testing.T, settings map[string]string, args ...string) *program {
	t.Helper()
	p := &program{cmd: command(t, settings, args...), ready: make(chan string, 1), ended: make(chan struct{})}
	pipe, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.read(pipe)
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	return p
}

// wait returns once the program has ended by itself.
func (p *program) wait(t *testing.T) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(testkit.Patience):
		t.Fatalf("still running:\n%s", p.log())
	}
}

func (p *program) read(pipe io.Reader) {
	lines := bufio.NewScanner(pipe)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		p.mu.Lock()
		p.stderr.WriteString(lines.Text() + "\n")
		p.mu.Unlock()
		var doc struct{ Message string }
		if json.Unmarshal(lines.Bytes(), &doc) == nil {
			if url, ok := strings.CutPrefix(doc.Message, "Rally is ready at "); ok {
				p.ready <- url
			}
		}
	}
}

func (p *program) log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.String()
}

// kill ends the process without warning it: SIGKILL.
func (p *program) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}
