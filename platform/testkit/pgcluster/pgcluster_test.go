package pgcluster_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"rally/platform/testkit"
	"rally/platform/testkit/pgcluster"
)

func TestStartAndStop(t *testing.T) {
	t.Parallel()
	c, err := pgcluster.Start(t.Context(), pgcluster.Options{Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), c.DSN())
	if err != nil {
		t.Fatal(err)
	}
	var fsync, encoding, folder string
	err = conn.QueryRow(t.Context(), `SELECT current_setting('fsync'), current_setting('server_encoding'), current_setting('data_directory')`).
		Scan(&fsync, &encoding, &folder)
	if err != nil {
		t.Fatal(err)
	}
	if fsync != "on" || encoding != "UTF8" {
		t.Errorf("fsync = %s, encoding = %s, want on, UTF8", fsync, encoding)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := pgx.Connect(t.Context(), c.DSN()); err == nil {
		t.Error("the server still answers after Stop")
	}
	if _, err := os.Stat(filepath.Dir(folder)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is still there after Stop: %v", err)
	}
}

// TestEndsWithItsOwner kills a process that has started a server, and waits
// for the server to end too.
func TestEndsWithItsOwner(t *testing.T) {
	if os.Getenv("RALLY_PGCLUSTER_CHILD") != "" {
		c, err := pgcluster.Start(t.Context(), pgcluster.Options{})
		if err != nil {
			t.Fatal(err)
		}
		// The parent reads the address, and kills this process.
		if _, err := os.Stdout.WriteString(c.DSN() + "\n"); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	t.Parallel()
	owner := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestEndsWithItsOwner$")
	owner.Env = append(os.Environ(), "RALLY_PGCLUSTER_CHILD=1")
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	dsn, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the owner did not start a server: %v", err)
	}
	conn, err := pgx.Connect(t.Context(), dsn[:len(dsn)-1])
	if err != nil {
		t.Fatal(err)
	}
	var folder string
	if err := conn.QueryRow(t.Context(), `SELECT current_setting('data_directory')`).Scan(&folder); err != nil {
		t.Fatal(err)
	}
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait()
	testkit.Until(t, "the server ends with its killed owner", func() bool {
		_, err := os.Stat(filepath.Dir(folder))
		return errors.Is(err, fs.ErrNotExist)
	})
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("the server still answers")
	}
}
