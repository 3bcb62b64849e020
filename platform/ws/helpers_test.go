package ws_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/testkit"
	"rally/platform/ws"
)

// observedEntry is one line of the log.
type observedEntry = observer.LoggedEntry

// TestMain fails the run when a hub left goroutines behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// manual is a clock that stands still until the test moves it.
type manual struct {
	mu     sync.Mutex
	now    time.Time
	timers []*timer
}

type timer struct {
	at time.Time
	f  func()
}

func newManual() *manual { return &manual{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (m *manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

func (m *manual) AfterFunc(d time.Duration, f func()) func() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := &timer{m.now.Add(d), f}
	m.timers = append(m.timers, t)
	return func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		i := slices.Index(m.timers, t)
		if i >= 0 {
			m.timers = slices.Delete(m.timers, i, i+1)
		}
		return i >= 0
	}
}

// advance moves the clock timer by timer and runs what is due.
func (m *manual) advance(d time.Duration) {
	m.mu.Lock()
	end := m.now.Add(d)
	for {
		slices.SortStableFunc(m.timers, func(a, b *timer) int { return a.at.Compare(b.at) })
		if len(m.timers) == 0 || m.timers[0].at.After(end) {
			break
		}
		due := m.timers[0]
		m.timers = m.timers[1:]
		m.now = due.at
		m.mu.Unlock()
		due.f()
		m.mu.Lock()
	}
	m.now = end
	m.mu.Unlock()
}

// site is a hub behind a real HTTP server on loopback.
type site struct {
	*ws.Hub
	t       testing.TB
	url     string
	clock   *manual
	metrics *prometheus.Registry
	logs    *observer.ObservedLogs
}

type setup struct {
	topics  []ws.Topic
	config  func(*ws.Config)
	options func(*ws.Options)
}

func defaults(t testing.TB) ws.Config {
	t.Helper()
	cfg := testkit.Defaults[ws.Config](t)
	return cfg
}

// start runs a hub with a manual clock. The header X-User logs in, as the
// session of that number times ten.
func start(t testing.TB, s setup) *site {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	clock, registry := newManual(), prometheus.NewRegistry()
	cfg := defaults(t)
	if s.config != nil {
		s.config(&cfg)
	}
	opts := ws.Options{Log: zap.New(core), Metrics: registry, Clock: clock}
	if s.options != nil {
		s.options(&opts)
	}
	hub, err := ws.New(cfg, s.topics, opts)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, err := strconv.ParseInt(r.Header.Get("X-User"), 10, 64); err == nil {
			r = r.WithContext(auth.With(r.Context(), auth.Identity{UserID: id, SessionID: 10 * id}))
		}
		hub.Serve(w, r)
	}))
	t.Cleanup(func() {
		srv.Close()
		ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
		defer cancel()
		if err := hub.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		if n, line := hub.AtWork(); n != 0 || line {
			t.Errorf("after the shutdown %d writers count as at work; is somebody in their line: %v", n, line)
		}
	})
	return &site{Hub: hub, t: t, url: srv.URL, clock: clock, metrics: registry, logs: logs}
}

// metric returns the value of one of the hub's metrics.
func (s *site) metric(name string) float64 {
	s.t.Helper()
	families, err := s.metrics.Gather()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue() + f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	s.t.Fatalf("no metric %s", name)
	return 0
}

func (s *site) sockets() int { return int(s.metric("rally_ws_sockets")) }

// client is one browser tab.
type client struct {
	t testing.TB
	*websocket.Conn
}

// message is a frame from the server.
type message struct {
	Topic string          `json:"t"`
	Data  json.RawMessage `json:"d"`
}

// dial connects and reads the hello frame. Headers come in pairs.
func (s *site) dial(headers ...string) *client {
	s.t.Helper()
	c := s.dialQuietly(headers...)
	if m := c.next(); m.Topic != "hello" {
		s.t.Fatalf("the server begins with %q", m.Topic)
	}
	return c
}

func (s *site) dialQuietly(headers ...string) *client {
	s.t.Helper()
	c, resp, err := s.try(headers...)
	if err != nil {
		s.t.Fatalf("dial: %v, %v", err, resp)
	}
	s.t.Cleanup(func() { _ = c.Close() })
	return &client{s.t, c}
}

func (s *site) try(headers ...string) (*websocket.Conn, *http.Response, error) {
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	dialer := websocket.Dialer{HandshakeTimeout: testkit.Patience}
	return dialer.Dial("ws"+strings.TrimPrefix(s.url, "http")+"/ws", h)
}

func (c *client) say(text string) {
	c.t.Helper()
	if err := c.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// names returns {"verb":[topics…]}.
func names(verb string, topics ...string) string {
	data, err := json.Marshal(map[string][]string{verb: topics})
	if err != nil {
		panic(err)
	}
	return string(data)
}

func (c *client) sub(topics ...string)   { c.t.Helper(); c.say(names("sub", topics...)) }
func (c *client) unsub(topics ...string) { c.t.Helper(); c.say(names("unsub", topics...)) }

func (c *client) read() (message, error) {
	if err := c.SetReadDeadline(time.Now().Add(testkit.Patience)); err != nil {
		return message{}, err
	}
	kind, data, err := c.ReadMessage()
	if err != nil {
		return message{}, err
	}
	if kind != websocket.TextMessage {
		return message{}, errors.New("not a text frame")
	}
	var m message
	return m, json.Unmarshal(data, &m)
}

func (c *client) next() message {
	c.t.Helper()
	m, err := c.read()
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

// want reads a frame and compares it.
func (c *client) want(topic, data string) {
	c.t.Helper()
	if m := c.next(); m.Topic != topic || string(m.Data) != data {
		c.t.Fatalf("got %s %s, want %s %s", m.Topic, m.Data, topic, data)
	}
}

// wantError reads an error frame.
func (c *client) wantError(code, topic string) {
	c.t.Helper()
	m := c.next()
	var e struct{ Code, Topic, Detail string }
	if err := json.Unmarshal(m.Data, &e); err != nil || m.Topic != "error" {
		c.t.Fatalf("got %s %s (%v), want an error", m.Topic, m.Data, err)
	}
	if e.Code != code || e.Topic != topic || e.Detail == "" {
		c.t.Fatalf("got %+v, want %s for %q", e, code, topic)
	}
}

// wantClose reads until the connection ends, and compares the code.
func (c *client) wantClose(code int) {
	c.t.Helper()
	for {
		_, err := c.read()
		if err == nil {
			continue
		}
		var closed *websocket.CloseError
		if !errors.As(err, &closed) || closed.Code != code {
			c.t.Fatalf("ended with %v, want %d", err, code)
		}
		return
	}
}

// settle waits until the hub has done everything that this client asked for.
func (c *client) settle() {
	c.t.Helper()
	c.sub("no.such.topic")
	c.wantError("ws.unknown_topic", "no.such.topic")
}

// state is a topic's number that tests change.
type state struct {
	mu    sync.Mutex
	n     int
	err   error
	reads int
}

func (s *state) set(n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n, s.err = n, err
}

func (s *state) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

func (s *state) snapshot(context.Context, string) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return s.n, s.err
}

// book is a state topic "book:<id>", open to everyone.
func book(s *state) ws.Topic {
	return ws.Topic{
		Prefix:    "book",
		Authorize: func(_ context.Context, arg string) error { _, err := ws.ID(arg); return err },
		Snapshot:  s.snapshot,
	}
}

// feed is an event topic "feed" without a snapshot.
func feed() ws.Topic { return ws.Topic{Prefix: "feed"} }

var errGone = fault.New(fault.NotFound, "test.gone", "It is gone.")

// rawHandshake speaks just enough HTTP to become a websocket, and then is a
// plain TCP connection that does nothing by itself.
func (s *site) rawHandshake() net.Conn {
	s.t.Helper()
	host := strings.TrimPrefix(s.url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	request := "GET /ws HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
	if _, err := conn.Write([]byte(request)); err != nil {
		s.t.Fatal(err)
	}
	return conn
}
