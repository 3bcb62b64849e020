// Command pgrun runs another command with a throw-away PostgreSQL server at
// hand, whose address it finds in RALLY_TEST_PG:
//
//	pgrun -- go test ./...
//
// So all test processes of a run share one server. pgrun ends with the
// command's exit code. Where RALLY_TEST_PG is set already, it starts nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"rally/platform/testkit/pgcluster"
)

func main() {
	durable := flag.Bool("durable", false, "keep PostgreSQL's promises about fsync, as benchmarks need")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: pgrun [-durable] -- command [argument...]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	code, err := run(context.Background(), pgcluster.Options{Durable: *durable}, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgrun:", err)
	}
	os.Exit(code)
}

// run starts the server and the command, and returns the command's exit code;
// 1 when it can't be run at all.
func run(ctx context.Context, opt pgcluster.Options, args []string) (code int, err error) {
	env := os.Environ()
	if os.Getenv(pgcluster.Env) == "" {
		c, err := pgcluster.Start(ctx, opt)
		if err != nil {
			return 1, err
		}
		defer func() {
			if stopErr := c.Stop(); stopErr != nil {
				code, err = max(code, 1), errors.Join(err, stopErr)
			}
		}()
		env = append(env, pgcluster.Env+"="+c.DSN())
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	// The command decides what an interrupt means; the server must outlive it.
	// A terminal sends Ctrl-C to the command too, so only SIGTERM is passed on.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }() // ends with the command
	for {
		select {
		case s := <-signals:
			if s == syscall.SIGTERM {
				_ = cmd.Process.Signal(s)
			}
		case err := <-done:
			return exitCode(cmd, err)
		}
	}
}

// exitCode follows the shell's custom for a command that a signal ended.
func exitCode(cmd *exec.Cmd, err error) (int, error) {
	if exit := new(exec.ExitError); !errors.As(err, &exit) {
		if err != nil {
			return 1, err
		}
		return 0, nil
	}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return cmd.ProcessState.ExitCode(), nil
}
