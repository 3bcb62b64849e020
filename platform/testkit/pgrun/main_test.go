package main

import (
	"testing"

	"rally/platform/testkit/pgcluster"
)

func TestRunReturnsTheCommandsExitCode(t *testing.T) {
	t.Setenv("RALLY_TEST_PG", "postgres://user:secret@127.0.0.1:1/postgres")
	for _, c := range []struct {
		script string
		want   int
	}{
		{`test -n "$RALLY_TEST_PG"`, 0},
		{`exit 7`, 7},
		{`kill -TERM $$`, 143},
	} {
		code, err := run(t.Context(), pgcluster.Options{}, []string{"/bin/sh", "-c", c.script})
		if err != nil || code != c.want {
			t.Errorf("%s: code %d, %v, want %d", c.script, code, err, c.want)
		}
	}
	if code, err := run(t.Context(), pgcluster.Options{}, []string{"/no/such/command"}); err == nil || code != 1 {
		t.Errorf("a command that is not there: code %d, %v, want 1 and an error", code, err)
	}
}

func TestRunStartsAServer(t *testing.T) {
	t.Setenv("RALLY_TEST_PG", "")
	code, err := run(t.Context(), pgcluster.Options{}, []string{"/bin/sh", "-c", `case "$RALLY_TEST_PG" in postgres://*) exit 5;; esac`})
	if err != nil || code != 5 {
		t.Errorf("code %d, %v, want 5", code, err)
	}
}
