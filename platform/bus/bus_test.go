package bus_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"rally/platform/bus"
	"rally/platform/testkit"
	"rally/platform/testkit/natscluster"
)

func TestEmbeddedRoundTrip(t *testing.T) {
	b, _ := open(t, defaults(t, ""))
	got := collect(t, b, "shop.book.*")
	publish(t, b, "shop.book.changed", tick{N: 1, Name: "하나"})
	publish(t, b, "other", tick{N: 2})
	publish(t, b, "shop.book.changed", tick{N: 3})
	if v := testkit.Receive(t, got); v != (tick{N: 1, Name: "하나"}) {
		t.Fatalf("got %+v", v)
	}
	if v := testkit.Receive(t, got); v.N != 3 {
		t.Fatalf("got %+v: a foreign subject, or the order is lost", v)
	}
	if err := b.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTwoNodesOnOneServer(t *testing.T) {
	s, _ := natscluster.Single(t, -1, false)
	one, _ := open(t, defaults(t, s.ClientURL()))
	two, _ := open(t, defaults(t, " "+s.ClientURL()+" , "+s.ClientURL()))
	atOne, atTwo := collect(t, one, "x"), collect(t, two, "x")

	publish(t, one, "x", tick{N: 1})
	if testkit.Receive(t, atOne).N != 1 || testkit.Receive(t, atTwo).N != 1 {
		t.Fatal("a signal of node one is wrong")
	}
	publish(t, two, "x", tick{N: 2})
	if testkit.Receive(t, atOne).N != 2 || testkit.Receive(t, atTwo).N != 2 {
		t.Fatal("a signal of node two is wrong")
	}
}

func TestReconnectsWhenTheServerReturns(t *testing.T) {
	s, stop := natscluster.Single(t, -1, false)
	port := portOf(s)
	b, logs := open(t, defaults(t, s.ClientURL()))
	got := collect(t, b, "x")

	stop()
	testkit.Until(t, "Ready says no", func() bool { return b.Ready(t.Context()) != nil })
	testkit.Until(t, "the loss is logged", func() bool { return testkit.Mentions(logs, "warn", "connection lost") })

	natscluster.Single(t, port, false)
	testkit.Until(t, "Ready says yes", func() bool { return b.Ready(t.Context()) == nil })
	testkit.Until(t, "the return is logged", func() bool { return testkit.Mentions(logs, "info", "is back") })
	publish(t, b, "x", tick{N: 7})
	testkit.Until(t, "the subscription lives again", func() bool { return testkit.Receive(t, got).N == 7 })
}

// A server that takes every byte and says nothing must not hold up /readyz
// for longer than that allows.
func TestReadyEndsWithItsContext(t *testing.T) {
	url, asked := muteServer(t)
	cfg := defaults(t, url)
	cfg.ConnectTimeout = testkit.Patience
	b, _ := open(t, cfg)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	answer := make(chan error, 1)
	go func() { answer <- b.Ready(ctx) }()
	testkit.Receive(t, asked)
	cancel()
	if err := testkit.Receive(t, answer); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	_ = b.Close(ctx) // at once: there is nobody to say goodbye
}

func TestPublishFailsWhenTooMuchIsHeldBack(t *testing.T) {
	s, stop := natscluster.Single(t, -1, false)
	b, _ := open(t, defaults(t, s.ClientURL()))
	stop()
	testkit.Until(t, "Ready says no", func() bool { return b.Ready(t.Context()) != nil })
	big := strings.Repeat("x", 64<<10)
	testkit.Until(t, "Publish reports that it holds enough", func() bool { return b.Publish("x", big) != nil })
}

func TestUnreachableServerStopsTheStart(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = bus.Open(t.Context(), defaults(t, "nats://me:hunter2@"+address), zap.NewNop())
	if err == nil {
		t.Fatal("opened a bus to nowhere")
	}
	line := err.Error()
	if !strings.Contains(line, "RALLY_NATS_URL") || !strings.Contains(line, address) || strings.Contains(line, "\n") || strings.Contains(line, "hunter2") {
		t.Fatalf("unhelpful or leaking: %q", line)
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	s, _ := natscluster.Single(t, -1, false)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := bus.Open(ctx, defaults(t, s.ClientURL()), zap.NewNop()); err == nil {
		t.Fatal("opened with an ended context")
	}
}

func TestMalformedSignalsAreLoggedAndIgnored(t *testing.T) {
	b, logs := open(t, defaults(t, ""))
	got := collect(t, b, "x")
	publish(t, b, "x", "secret-text")
	publish(t, b, "x", tick{N: 5})
	if v := testkit.Receive(t, got); v.N != 5 {
		t.Fatalf("got %+v", v)
	}
	testkit.Until(t, "a warning", func() bool { return testkit.Mentions(logs, "warn", "malformed signal", "rally.bus.subject:x") })
	if testkit.Mentions(logs, "secret-text") {
		t.Fatal("the payload is in the log")
	}
}

func TestAPanickingHandlerIsSurvived(t *testing.T) {
	b, logs := open(t, defaults(t, ""))
	got := make(chan tick, 1)
	_, err := bus.Subscribe(b, "x", func(_ context.Context, v tick) {
		if v.N == 1 {
			panic("boom")
		}
		got <- v
	})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, b, "x", tick{N: 1})
	publish(t, b, "x", tick{N: 2})
	if testkit.Receive(t, got).N != 2 {
		t.Fatal("the handler did not go on")
	}
	testkit.Until(t, "the panic is logged", func() bool { return testkit.Mentions(logs, "error", "panicked", "boom", "subscribe.go") })
}

func TestSlowSubscribersDropAndSaySo(t *testing.T) {
	cfg := defaults(t, "")
	cfg.PendingMessages = 4
	b, logs := open(t, cfg)
	release, calls := make(chan struct{}), atomic.Int32{}
	_, err := bus.Subscribe(b, "x", func(context.Context, tick) {
		calls.Add(1)
		<-release
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		publish(t, b, "x", tick{})
	}
	testkit.Until(t, "the drop is logged", func() bool { return testkit.Mentions(logs, "warn", "too slow", "rally.bus.subject:x") })
	close(release)
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := calls.Load(); n == 0 || n >= 50 {
		t.Fatalf("%d signals handled of 50, with room for 4", n)
	}
}

func TestStopEndsASubscription(t *testing.T) {
	b, _ := open(t, defaults(t, ""))
	var stopped atomic.Bool
	var late atomic.Int32
	var stop func()
	first := make(chan struct{}, 16)
	stop, err := bus.Subscribe(b, "x", func(context.Context, tick) {
		if stopped.Load() {
			late.Add(1)
		}
		stop() // a handler may stop itself
		stopped.Store(true)
		first <- struct{}{}
	})
	if err != nil {
		t.Fatal(err)
	}
	all := collect(t, b, "x")
	for n := range 10 {
		publish(t, b, "x", tick{N: n})
	}
	testkit.Receive(t, first)
	stop()
	for range 10 {
		testkit.Receive(t, all)
	}
	if late.Load() != 0 {
		t.Fatalf("%d calls after stop", late.Load())
	}
}

func TestCloseHandlesWhatArrivedAndSendsWhatWasPublished(t *testing.T) {
	s, _ := natscluster.Single(t, -1, false)
	sender, _ := open(t, defaults(t, s.ClientURL()))
	receiver, _ := open(t, defaults(t, s.ClientURL()))
	var handled atomic.Int32
	started := make(chan struct{}, 200)
	release := make(chan struct{})
	_, err := bus.Subscribe(receiver, "x", func(context.Context, tick) {
		started <- struct{}{}
		<-release
		handled.Add(1)
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 100 {
		publish(t, sender, "x", tick{N: n})
	}
	if err := sender.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	testkit.Receive(t, started)
	closed := make(chan error, 1)
	go func() { closed <- receiver.Close(context.Background()) }()
	close(release)
	if err := testkit.Receive(t, closed); err != nil {
		t.Fatal(err)
	}
	if handled.Load() != 100 {
		t.Fatalf("%d of 100 signals handled", handled.Load())
	}
	if err := receiver.Publish("x", tick{}); err == nil {
		t.Fatal("published on a closed bus")
	}
	if err := receiver.Ready(t.Context()); err == nil {
		t.Fatal("a closed bus is ready")
	}
	if _, err := bus.Subscribe(receiver, "x", func(context.Context, tick) {}); err == nil {
		t.Fatal("subscribed to a closed bus")
	}
	if err := receiver.Close(t.Context()); err != nil {
		t.Fatalf("closing twice: %v", err)
	}
}

func TestCloseIsBoundedByItsContext(t *testing.T) {
	b, _ := open(t, defaults(t, ""))
	started, ended := make(chan struct{}), make(chan struct{})
	_, err := bus.Subscribe(b, "x", func(ctx context.Context, _ tick) {
		close(started)
		<-ctx.Done() // stuck until Close loses patience
		close(ended)
	})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, b, "x", tick{})
	testkit.Receive(t, started)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := b.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	testkit.Receive(t, ended)
}

func TestCloseWhileTheServerIsAway(t *testing.T) {
	s, stop := natscluster.Single(t, -1, false)
	b, _ := open(t, defaults(t, s.ClientURL()))
	collect(t, b, "x")
	stop()
	testkit.Until(t, "Ready says no", func() bool { return b.Ready(t.Context()) != nil })
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	s, _ := natscluster.Single(t, -1, false)
	for name, url := range map[string]string{"embedded": "", "external": s.ClientURL()} {
		t.Run(name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			b, err := bus.Open(t.Context(), defaults(t, url), zap.NewNop())
			if err != nil {
				t.Fatal(err)
			}
			collect(t, b, "x")
			publish(t, b, "x", tick{})
			if err := b.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			goleak.VerifyNone(t, before)
		})
	}
}

func TestBadSettingsAreOneLine(t *testing.T) {
	cases := map[string]struct {
		change func(*bus.Config)
		parts  []string
	}{
		"scheme":  {func(c *bus.Config) { c.URL = "http://me:hunter2@h:1" }, []string{"RALLY_NATS_URL", "nats://host:port"}},
		"host":    {func(c *bus.Config) { c.URL = "nats://h:1,nats://:4222" }, []string{"RALLY_NATS_URL", "host"}},
		"url":     {func(c *bus.Config) { c.URL = "nats://me:hunter2@h:port" }, []string{"RALLY_NATS_URL"}},
		"timeout": {func(c *bus.Config) { c.ConnectTimeout = 0 }, []string{"RALLY_NATS_CONNECT_TIMEOUT", "0s"}},
		"wait":    {func(c *bus.Config) { c.ReconnectWait = -1 }, []string{"RALLY_NATS_RECONNECT_WAIT"}},
		"count":   {func(c *bus.Config) { c.PendingMessages = 0 }, []string{"RALLY_NATS_PENDING_MESSAGES"}},
		"bytes":   {func(c *bus.Config) { c.PendingBytes = 0 }, []string{"RALLY_NATS_PENDING_BYTES"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			cfg := defaults(t, "")
			c.change(&cfg)
			_, err := bus.Open(t.Context(), cfg, zap.NewNop())
			if err == nil {
				t.Fatal("accepted")
			}
			for _, part := range c.parts {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("several lines, or leaks: %q", err)
			}
		})
	}
}

func TestListenAll(t *testing.T) {
	b, _ := open(t, defaults(t, ""))
	got := make(chan int, 1)
	stop, err := bus.ListenAll(b, []bus.Listener{bus.Listen("a.x", "listen.x", func(_ context.Context, n int) { got <- n })})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Publish("listen.x", 5); err != nil {
		t.Fatal(err)
	}
	if n := <-got; n != 5 {
		t.Fatalf("got %d", n)
	}
	stop()
	nop := func(context.Context, int) {}
	if _, err := bus.ListenAll(b, []bus.Listener{bus.Listen("a.x", "s", nop), bus.Listen("a.x", "t", nop)}); err == nil {
		t.Fatal("two listeners named a.x were accepted")
	}
}
