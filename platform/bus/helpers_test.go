package bus_test

import (
	"bufio"
	"context"
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"rally/platform/bus"
	"rally/platform/testkit"
)

// TestMain fails the run when a bus left goroutines behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type tick struct {
	N    int    `json:"n"`
	Name string `json:"name,omitempty"`
}

// defaults are the settings of an empty environment, except for url.
func defaults(t *testing.T, url string) bus.Config {
	t.Helper()
	cfg := testkit.Defaults[bus.Config](t)
	cfg.URL = url
	cfg.ReconnectWait = 10 * time.Millisecond
	return cfg
}

// open returns a bus that is closed with the test, and what it logs.
func open(t *testing.T, cfg bus.Config) (*bus.Bus, *observer.ObservedLogs) {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	b, err := bus.Open(t.Context(), cfg, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// Some tests close it themselves, in their own way.
		_ = b.Close(context.Background())
	})
	return b, logs
}

// muteServer answers what a connection needs to come about, and then nothing
// more. It tells when a client asks once more whether it is there.
func muteServer(t *testing.T) (url string, asked <-chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	again, done := make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = conn.Write([]byte("INFO {\"server_id\":\"mute\",\"version\":\"2.11.0\",\"max_payload\":1048576}\r\n"))
		pings := 0
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			if lines.Text() != "PING" {
				continue
			}
			if pings++; pings == 1 {
				_, _ = conn.Write([]byte("PONG\r\n"))
			} else if pings == 2 {
				again <- struct{}{}
			}
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done // the bus was closed before, and its connection with it
	})
	return "nats://" + l.Addr().String(), again
}

func portOf(s *server.Server) int { return s.Addr().(*net.TCPAddr).Port }

// collect subscribes and returns what arrives.
func collect(t *testing.T, b *bus.Bus, subject string) <-chan tick {
	t.Helper()
	c := make(chan tick, 1024)
	stop, err := bus.Subscribe(b, subject, func(_ context.Context, v tick) { c <- v })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return c
}

func publish(t *testing.T, b *bus.Bus, subject string, v any) {
	t.Helper()
	if err := b.Publish(subject, v); err != nil {
		t.Fatal(err)
	}
}
