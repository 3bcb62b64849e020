package ws_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"rally/platform/auth"
	"rally/platform/testkit"
	"rally/platform/ws"
)

// flood publishes until the hub closes a reader as too slow.
func (s *site) flood(topic string) {
	s.t.Helper()
	text := strings.Repeat("x", 64<<10)
	testkit.Until(s.t, "the slow reader is closed", func() bool {
		s.Publish(topic, text)
		return s.metric("rally_ws_slow_closes_total") == 1
	})
}

func TestASlowReaderIsClosed(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{feed()}, config: func(c *ws.Config) {
		c.Queue, c.CloseTimeout, c.WriteTimeout = 8, testkit.Patience, testkit.Patience
	}})
	slow, other := s.dial(), s.dial()
	slow.sub("feed")
	slow.settle()
	s.flood("feed")
	other.settle() // nobody else notices
	slow.wantClose(ws.CloseSlow)
	testkit.Until(t, "it is gone", func() bool { return s.sockets() == 1 })
}

func TestAReaderThatNeverReadsIsCutOff(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{feed()}, config: func(c *ws.Config) {
		c.Queue, c.CloseTimeout = 8, 50*time.Millisecond
	}})
	slow := s.dial()
	slow.sub("feed")
	slow.settle()
	s.flood("feed")
	testkit.Until(t, "it is gone", func() bool { return s.sockets() == 0 })
}

func TestAFrameThatCannotLeaveEndsTheSocket(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{feed()}, config: func(c *ws.Config) {
		c.Queue, c.WriteTimeout = 1<<16, 50*time.Millisecond
	}})
	slow := s.dial()
	slow.sub("feed")
	slow.settle()
	s.flood("feed")
	testkit.Until(t, "it is gone", func() bool { return s.sockets() == 0 })
	// What it would not read is not kept for it.
	if _, err := io.Copy(io.Discard, slow.NetConn()); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the line ends with %v, want a reset", err)
	}
}

// TestAClientThatAsksFasterThanItReads is not closed: its own answers wait.
func TestAClientThatAsksFasterThanItReads(t *testing.T) {
	text := strings.Repeat("x", 32<<10)
	big := ws.Topic{Prefix: "big", Snapshot: func(context.Context, string) (any, error) { return text, nil }}
	s := start(t, setup{topics: []ws.Topic{big}, config: func(c *ws.Config) { c.Queue, c.SubscribeBurst = 4, 1<<20 }})
	c := s.dial()
	const errorsWanted = 2000
	wrote := make(chan error, 1)
	go func() {
		for range errorsWanted / 20 {
			if err := c.WriteMessage(websocket.TextMessage, []byte(names("sub", strings.Split(strings.Repeat("nothing,", 19)+"nothing", ",")...))); err != nil {
				wrote <- err
				return
			}
		}
		wrote <- nil
	}()
	for range errorsWanted {
		c.wantError("ws.unknown_topic", "nothing")
	}
	if err := testkit.Receive(t, wrote); err != nil {
		t.Fatal(err)
	}
	if s.metric("rally_ws_slow_closes_total") != 0 {
		t.Fatal("closed as slow")
	}
}

func TestAHalfOpenSocketIsFound(t *testing.T) {
	s := start(t, setup{
		config:  func(c *ws.Config) { c.PingInterval, c.PongTimeout = 16*time.Millisecond, 4*time.Second },
		options: func(o *ws.Options) { o.Clock = nil },
	})
	s.rawHandshake() // never answers anything again
	live := s.dial()
	pings := 0
	live.SetPingHandler(func(data string) error {
		pings++
		return live.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(testkit.Patience))
	})
	read := make(chan error, 1)
	go func() {
		_, err := live.read()
		read <- err
	}()
	testkit.Until(t, "both are there", func() bool { return s.sockets() == 2 })
	testkit.Until(t, "the dead one is gone", func() bool { return s.sockets() == 1 })
	live.settleElsewhere()
	if err := testkit.Receive(t, read); err != nil || pings == 0 {
		t.Fatalf("the live one: %v after %d pings", err, pings)
	}
}

// settleElsewhere asks for a frame that another goroutine reads.
func (c *client) settleElsewhere() { c.t.Helper(); c.sub("no.such.topic") }

func TestEverySocketIsPingedEachInterval(t *testing.T) {
	s := start(t, setup{})
	const sockets = 40
	pinged := make(chan int, 1000)
	for i := range sockets {
		c := s.dial()
		c.SetPingHandler(func(string) error { pinged <- i; return nil })
		go func() { _, _ = c.read() }()
	}
	s.clock.advance(defaults(t).PingInterval)
	seen := map[int]bool{}
	for range sockets {
		i := testkit.Receive(t, pinged)
		if seen[i] {
			t.Fatalf("socket %d was pinged twice", i)
		}
		seen[i] = true
	}
}

func TestCloseWhere(t *testing.T) {
	s := start(t, setup{})
	anonymous, seven, alsoSeven, eight := s.dial(), s.dial("X-User", "7"), s.dial("X-User", "7"), s.dial("X-User", "8")
	n := s.CloseWhere(func(id auth.Identity) bool { return id.SessionID == 70 }, ws.CloseSessionEnded, strings.Repeat("가", 60))
	if n != 2 {
		t.Fatalf("%d sockets closed", n)
	}
	seven.wantClose(ws.CloseSessionEnded)
	alsoSeven.wantClose(ws.CloseSessionEnded)
	anonymous.settle()
	eight.settle()
	if n := s.CloseWhere(func(auth.Identity) bool { return true }, ws.CloseSessionEnded, ""); n != 1 {
		t.Fatalf("%d sockets closed, one is logged in", n)
	}
	eight.wantClose(ws.CloseSessionEnded)
	anonymous.settle()
}

func TestASessionThatEndedDuringTheHandshake(t *testing.T) {
	var ended, away atomic.Bool
	s := start(t, setup{options: func(o *ws.Options) {
		o.Recheck = func(r *http.Request) error {
			switch {
			case away.Load():
				return errors.New("the database is away")
			case r.Header.Get("X-User") == "7" && ended.Load():
				return auth.ErrSessionEnded
			}
			return r.Context().Err()
		}
	}})
	s.dial("X-User", "7").settle()
	ended.Store(true)
	c := s.dialQuietly("X-User", "7")
	c.wantError("auth.session_ended", "")
	c.wantClose(ws.CloseSessionEnded)
	s.dial("X-User", "8").settle()
	away.Store(true)
	c = s.dialQuietly("X-User", "8")
	c.wantError("internal", "")
	c.wantClose(websocket.CloseInternalServerErr)
	s.dial().settle()
}

func TestShutdown(t *testing.T) {
	before := goleak.IgnoreCurrent()
	g := newGate()
	s := start(t, setup{topics: []ws.Topic{feed(), g.topic()}})
	var clients []*client
	for range 20 {
		c := s.dial()
		c.sub("feed", "gate")
		clients = append(clients, c)
	}
	testkit.Receive(t, g.entered) // a read is under way, and will never succeed
	for _, c := range clients {
		c.settle()
	}
	s.Publish("feed", "last")
	done := make(chan error, 1)
	go func() { done <- s.Shutdown(context.Background()) }()
	for _, c := range clients {
		c.want("feed", `"last"`)
		c.wantClose(websocket.CloseGoingAway)
	}
	if err := testkit.Receive(t, done); err != nil {
		t.Fatal(err)
	}
	if s.sockets() != 0 || s.metric("rally_ws_subscriptions") != 0 {
		t.Fatal("something is left")
	}
	s.Publish("feed", "nobody")
	s.Changed("gate")
	if _, resp, err := s.try(); err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Fatalf("a new socket: %v, %v", resp, err)
	}
	for _, c := range clients {
		_ = c.Close()
	}
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("net/http.(*Server).Serve"))
}

// lateHandshake runs during on the connection's way from HTTP to websocket.
type lateHandshake struct {
	http.ResponseWriter
	during func()
}

func (l lateHandshake) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	l.during()
	return http.NewResponseController(l.ResponseWriter).Hijack()
}

// Who is let in just before a shutdown is told like everybody else, and waited
// for.
func TestAShutdownDuringTheHandshake(t *testing.T) {
	s, done := start(t, setup{}), make(chan error, 1)
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Serve(lateHandshake{w, func() {
			go func() { done <- s.Shutdown(context.Background()) }()
			testkit.Until(t, "the shutdown begins", func() bool {
				c, _, err := s.try()
				if err == nil {
					_ = c.Close()
				}
				return err != nil
			})
		}}, r)
	}))
	defer door.Close()
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(door.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	(&client{t, conn}).wantClose(websocket.CloseGoingAway)
	if err := testkit.Receive(t, done); err != nil {
		t.Fatal(err)
	}
	if s.sockets() != 0 {
		t.Error("it is still counted")
	}
}

func TestShutdownCutsOffWhoDoesNotAnswer(t *testing.T) {
	s := start(t, setup{config: func(c *ws.Config) { c.CloseTimeout = time.Hour }})
	s.rawHandshake()
	testkit.Until(t, "it is there", func() bool { return s.sockets() == 1 })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	testkit.Until(t, "it is gone", func() bool { return s.sockets() == 0 })
}

func TestMisuseIsLogged(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{feed()}})
	c := s.dial()
	c.sub("feed")
	c.settle()
	s.Changed("feed")
	s.Publish("feed", func() {})
	c.settle()
	for _, message := range []string{"a topic without a snapshot can't change", "event not published"} {
		if s.logs.FilterMessage(message).Len() != 1 {
			t.Errorf("not in the log: %s", message)
		}
	}
}

func TestFramesAreCounted(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{feed()}})
	c := s.dial()
	c.sub("feed")
	c.settle()
	s.Publish("feed", 1)
	c.want("feed", "1")
	if n := s.metric("rally_ws_frames_sent_total"); n != 3 {
		t.Fatalf("%v frames: a hello, an error and an event were sent", n)
	}
}

func TestBadTopicsAndSettingsAreRefused(t *testing.T) {
	for name, topics := range map[string][]ws.Topic{
		"twice":    {{Prefix: "a"}, {Prefix: "b"}, {Prefix: "a"}},
		"empty":    {{}},
		"colon":    {{Prefix: "a:b"}},
		"reserved": {{Prefix: "error"}},
	} {
		if _, err := ws.New(defaults(t), topics, ws.Options{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for variable, change := range map[string]func(*ws.Config){
		"RALLY_WS_PING_INTERVAL":   func(c *ws.Config) { c.PingInterval = 0 },
		"RALLY_WS_PONG_TIMEOUT":    func(c *ws.Config) { c.PongTimeout = c.PingInterval },
		"RALLY_WS_WRITE_TIMEOUT":   func(c *ws.Config) { c.WriteTimeout = -1 },
		"RALLY_WS_CLOSE_TIMEOUT":   func(c *ws.Config) { c.CloseTimeout = 0 },
		"RALLY_WS_QUEUE":           func(c *ws.Config) { c.Queue = 3 },
		"RALLY_WS_SUBSCRIBE_RATE":  func(c *ws.Config) { c.SubscribeRate = 0 },
		"RALLY_WS_SUBSCRIBE_BURST": func(c *ws.Config) { c.SubscribeBurst = 0 },
		"RALLY_WS_STATE_INTERVAL":  func(c *ws.Config) { c.StateInterval = 0 },
		"RALLY_WS_TOPIC_TIMEOUT":   func(c *ws.Config) { c.TopicTimeout = 0 },
		"RALLY_WS_TOPIC_CALLS":     func(c *ws.Config) { c.TopicCalls = 0 },
	} {
		cfg := defaults(t)
		change(&cfg)
		if _, err := ws.New(cfg, nil, ws.Options{}); err == nil || !strings.Contains(err.Error(), variable) {
			t.Errorf("%s: %v", variable, err)
		}
	}
}
