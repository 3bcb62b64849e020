package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"rally/platform/testkit/loopback"
)

// process is a server that this program started.
type process struct {
	addr  string
	took  time.Duration // from its start to its first good answer
	cmd   *exec.Cmd
	log   bytes.Buffer
	ended chan struct{}
}

// startRally runs `rally serve` on a free port and waits until it is ready.
func startRally(ctx context.Context, bin string, env []string) (*process, error) {
	_, addr, err := loopback.Free(ctx)
	if err != nil {
		return nil, err
	}
	p := &process{addr: addr, ended: make(chan struct{})}
	p.cmd = exec.CommandContext(context.WithoutCancel(ctx), bin, "serve")
	p.cmd.Env = append(slices.Clone(env), "RALLY_ADDR="+addr)
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	return p, p.start(ctx, "/readyz")
}

// startBare runs this program again as a server of bare answers.
func startBare(ctx context.Context, args ...string) (*process, error) {
	return startBareOn(ctx, nil, args...)
}

// startBareOn is startBare with more in its environment.
func startBareOn(ctx context.Context, env []string, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	_, addr, err := loopback.Free(ctx)
	if err != nil {
		return nil, err
	}
	p := &process{addr: addr, ended: make(chan struct{})}
	p.cmd = exec.CommandContext(context.WithoutCancel(ctx), self, append([]string{"-bare", addr}, args...)...) //nolint:gosec // this program
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	return p, p.start(ctx, "/ready")
}

// start waits for the first good answer at path, asking every millisecond.
func (p *process) start(ctx context.Context, path string) error {
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.cmd.Path, err)
	}
	go func() { // ends with the process
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if _, err := get(ctx, p.addr, path); err == nil {
			p.took = time.Since(begin)
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("%s ended at its start: %s", filepath.Base(p.cmd.Path), strings.TrimSpace(p.log.String()))
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("%s does not answer: %w", filepath.Base(p.cmd.Path), ctx.Err()), p.stop())
		case <-time.After(time.Millisecond):
		}
	}
}

// stop asks the process to end and waits, with patience that ends.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", p.cmd.Path, err)
	}
	select {
	case <-p.ended:
		return nil
	case <-time.After(25 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
		return fmt.Errorf("%s did not stop", filepath.Base(p.cmd.Path))
	}
}

// status reads a field of /proc/PID/status that is given in KiB, as bytes.
func (p *process) status(field string) (float64, error) {
	return kibibytes(p.proc("status"), field)
}

// resetPeak makes VmHWM start anew from the present size.
func (p *process) resetPeak() error {
	return os.WriteFile(p.proc("clear_refs"), []byte("5"), 0o600)
}

func (p *process) proc(name string) string {
	return filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), name)
}

// cpu returns the processor time that the process has used. The kernel counts
// it in hundredths of a second, whatever its own clock.
func (p *process) cpu() (time.Duration, error) {
	data, err := os.ReadFile(p.proc("stat"))
	if err != nil {
		return 0, err
	}
	// The name in parentheses may hold anything; fields are counted after it.
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if len(fields) < 13 {
		return 0, errors.New("/proc/PID/stat is too short")
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond, errors.Join(err1, err2)
}

// kibibytes finds "field:  123 kB" in a file of /proc and returns bytes.
func kibibytes(file, field string) (float64, error) {
	f, err := os.Open(file) //nolint:gosec // a file of the kernel
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), field+":"); ok {
			n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			return n * 1024, err
		}
	}
	return 0, fmt.Errorf("%s has no %s", file, field)
}
