package ws_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rally/platform/auth"
	"rally/platform/testkit"
	"rally/platform/ws"
)

const directLimit = 64

// table is a place for direct sockets beside the live line of a site.
type table struct {
	*site

	url  string
	came chan *ws.Direct
	said chan string // what clients say
	gone chan error  // how reading ended
}

// startDirect runs a hub with direct sockets. The header X-User logs in, as for start.
func startDirect(t *testing.T, s setup) *table {
	t.Helper()
	d := &table{site: start(t, s), came: make(chan *ws.Direct, 100), said: make(chan string, 100), gone: make(chan error, 100)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, err := strconv.ParseInt(r.Header.Get("X-User"), 10, 64); err == nil {
			r = r.WithContext(auth.With(r.Context(), auth.Identity{UserID: id, SessionID: 10 * id}))
		}
		d.ServeDirect(w, r, directLimit, func(ctx context.Context, s *ws.Direct) {
			if id, known := auth.From(ctx); known != (r.Header.Get("X-User") != "" || r.URL.RawQuery != "") {
				t.Errorf("the context is of %+v", id)
			}
			d.came <- s
			for {
				data, err := s.Read()
				if err != nil {
					d.gone <- err
					return
				}
				d.said <- string(data)
			}
		})
	}))
	t.Cleanup(srv.Close)
	d.url = srv.URL
	return d
}

// sit connects a client. Headers come in pairs.
func (d *table) sit(headers ...string) (*client, *ws.Direct) {
	d.t.Helper()
	c, resp, err := d.attempt("", headers...)
	if err != nil {
		d.t.Fatalf("dial: %v, %v", err, resp)
	}
	return &client{d.t, c}, testkit.Receive(d.t, d.came)
}

func (d *table) attempt(query string, headers ...string) (*websocket.Conn, *http.Response, error) {
	d.t.Helper()
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	dialer := websocket.Dialer{HandshakeTimeout: testkit.Patience}
	conn, resp, err := dialer.DialContext(d.t.Context(), "ws"+strings.TrimPrefix(d.url, "http")+query, h)
	if resp != nil {
		_ = resp.Body.Close()
	}
	if err == nil {
		d.t.Cleanup(func() { _ = conn.Close() })
	}
	return conn, resp, err
}

// frameOf is a whole frame of a server with a short binary message.
func frameOf(data string) []byte {
	return append([]byte{0x82, byte(len(data))}, data...)
}

// binary reads the next message.
func (c *client) binary() string {
	c.t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(testkit.Patience)); err != nil {
		c.t.Fatal(err)
	}
	kind, data, err := c.ReadMessage()
	if err != nil || kind != websocket.BinaryMessage {
		c.t.Fatalf("a message of kind %d: %v", kind, err)
	}
	return string(data)
}

// ends reads until the connection does, and compares the code.
func (c *client) ends(code int) {
	c.t.Helper()
	for {
		if err := c.SetReadDeadline(time.Now().Add(testkit.Patience)); err != nil {
			c.t.Fatal(err)
		}
		if _, _, err := c.ReadMessage(); err != nil {
			var closed *websocket.CloseError
			if !errors.As(err, &closed) || closed.Code != code {
				c.t.Fatalf("ended with %v, want %d", err, code)
			}
			return
		}
	}
}

func TestADirectSocketSaysAndHears(t *testing.T) {
	d := startDirect(t, setup{})
	mine, s := d.sit("X-User", "7")
	other, o := d.sit()
	if id, known := s.Identity(); !known || id.UserID != 7 || id.SessionID != 70 {
		t.Errorf("of %+v", id)
	}
	if _, known := o.Identity(); known {
		t.Error("nobody is somebody")
	}
	one := frameOf("a frame for all")
	for range 3 {
		for i, s := range []*ws.Direct{s, o} {
			s.Send(one, i == 0)
		}
	}
	for range 3 {
		if a, b := mine.binary(), other.binary(); a != "a frame for all" || b != a {
			t.Fatalf("heard %q and %q", a, b)
		}
	}
	for _, text := range []string{"", "x", strings.Repeat("y", directLimit)} {
		if err := mine.WriteMessage(websocket.BinaryMessage, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := testkit.Receive(t, d.said); got != text {
			t.Errorf("said %q, heard %q", text, got)
		}
	}
	// A ping is answered, amid frames.
	answered := make(chan string, 1)
	mine.SetPongHandler(func(data string) error { answered <- data; return nil })
	if err := mine.WriteControl(websocket.PingMessage, []byte("still there?"), time.Now().Add(testkit.Patience)); err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "the pong comes", func() bool {
		s.Send(one, false)
		mine.binary()
		return len(answered) == 1 && <-answered == "still there?"
	})
	if d.sockets() != 2 {
		t.Errorf("%d sockets", d.sockets())
	}
	_ = mine.Close()
	_ = other.Close()
	testkit.Until(t, "both are gone", func() bool { return d.sockets() == 0 })
	s.Send(one, true) // goes nowhere, and harms nobody
}

func TestWhatADirectSocketTakes(t *testing.T) {
	for name, c := range map[string]struct {
		kind int
		data []byte
		code int
	}{
		"text":                  {websocket.TextMessage, []byte("hello"), websocket.CloseUnsupportedData},
		"one byte too many":     {websocket.BinaryMessage, make([]byte, directLimit+1), websocket.CloseMessageTooBig},
		"very much":             {websocket.BinaryMessage, make([]byte, 700<<10), websocket.CloseMessageTooBig},
		"a frame of no purpose": {-1, nil, websocket.CloseProtocolError},
	} {
		t.Run(name, func(t *testing.T) {
			d := startDirect(t, setup{})
			client, _ := d.sit()
			if c.kind < 0 {
				if _, err := client.NetConn().Write([]byte{0x83, 0x80, 0, 0, 0, 0}); err != nil {
					t.Fatal(err)
				}
			} else {
				go func() { _ = client.WriteMessage(c.kind, c.data) }() // may not get through
			}
			client.ends(c.code)
			_ = client.Close()
			testkit.Until(t, "it is gone", func() bool { return d.sockets() == 0 })
		})
	}
}

// stall sends numbered frames to somebody who doesn't read until frames are left out,
// and returns how many there were.
func (d *table) stall(s *ws.Direct) (sent uint32) {
	d.t.Helper()
	before := d.metric("rally_ws_frames_skipped_total")
	testkit.Until(d.t, "frames are left out", func() bool {
		for range 1000 {
			sent++
			s.Send(counted(sent), false)
		}
		return d.metric("rally_ws_frames_skipped_total") > before
	})
	return sent
}

func counted(n uint32) []byte {
	data := bytes.Repeat([]byte{byte(n)}, 100)
	binary.BigEndian.PutUint32(data, n)
	return frameOf(string(data))
}

// Who doesn't read misses frames, and nobody waits for them. What arrives is whole
// and in order, what must arrive is among it, and then the newest comes again.
func TestASlowReaderOfADirectSocketMissesFrames(t *testing.T) {
	d := startDirect(t, setup{})
	slow, s := d.sit()
	quick, q := d.sit()
	last := d.stall(s)
	q.Send(frameOf("others get theirs"), false)
	if got := quick.binary(); got != "others get theirs" {
		t.Fatalf("got %q", got)
	}
	const musts = 20
	for i := range uint32(musts) {
		s.Send(counted(last+1+i), true)
	}
	seen, missed := uint32(0), 0
	for seen < last+musts {
		s.Send(frameOf("nudge"), false) // what waits leaves with the next frame
		data := []byte(slow.binary())
		if string(data) == "nudge" {
			continue
		}
		n := binary.BigEndian.Uint32(data)
		if n <= seen || len(data) != 100 || data[99] != byte(n) {
			t.Fatalf("frame %d of %d bytes after %d", n, len(data), seen)
		}
		if n > last+1 && n != seen+1 {
			t.Fatalf("frame %d after %d: one that must arrive is missing", n, seen)
		}
		missed += int(n - seen - 1)
		seen = n
	}
	if missed == 0 {
		t.Error("nothing was missed")
	}
	if d.metric("rally_ws_slow_closes_total") != 0 {
		t.Error("somebody was cut off")
	}
}

// Who reads nothing for the write timeout is cut off.
func TestWhoReadsNothingIsCutOff(t *testing.T) {
	d := startDirect(t, setup{})
	slow, s := d.sit()
	n := d.stall(s)
	d.clock.advance(defaults(t).WriteTimeout)
	s.Send(counted(n+1), false)
	if d.sockets() != 1 || d.metric("rally_ws_slow_closes_total") != 0 {
		t.Fatal("cut off too soon")
	}
	d.clock.advance(time.Millisecond)
	s.Send(counted(n+2), false)
	testkit.Until(t, "it is gone", func() bool { return d.sockets() == 0 })
	if err := testkit.Receive(t, d.gone); err == nil {
		t.Error("it still reads")
	}
	if d.metric("rally_ws_slow_closes_total") != 1 || s.Close(4001, "") {
		t.Error("it is not over")
	}
	_ = slow
}

func TestADirectSocketIsClosedOnce(t *testing.T) {
	d := startDirect(t, setup{})
	client, s := d.sit()
	if !s.Close(4001, "opened elsewhere") || s.Close(4004, "again") {
		t.Error("closed not once")
	}
	s.Send(frameOf("too late"), true)
	client.ends(4001)
	testkit.Until(t, "it is gone", func() bool { return d.sockets() == 0 })
}

// A client that doesn't agree to the end is not waited for.
func TestADirectSocketDoesNotWaitForever(t *testing.T) {
	d := startDirect(t, setup{config: func(c *ws.Config) { c.CloseTimeout = 50 * time.Millisecond }})
	_, s := d.sit() // reads nothing
	s.Close(4001, "")
	testkit.Until(t, "it is gone", func() bool { return d.sockets() == 0 })
}

func TestDirectSocketsEndWithTheirSession(t *testing.T) {
	d := startDirect(t, setup{})
	mine, _ := d.sit("X-User", "7")
	second, _ := d.sit("X-User", "7")
	line := d.dial("X-User", "7")
	theirs, o := d.sit("X-User", "8")
	nobody, n := d.sit()
	if got := d.Sessions(); !slices.Equal(got, []int64{70, 80}) {
		t.Errorf("sessions %v", got)
	}
	if closed := d.CloseWhere(func(id auth.Identity) bool { return id.SessionID == 70 }, ws.CloseSessionEnded, "logout"); closed != 3 {
		t.Errorf("%d closed", closed)
	}
	mine.ends(ws.CloseSessionEnded)
	second.ends(ws.CloseSessionEnded)
	line.wantClose(ws.CloseSessionEnded)
	o.Send(frameOf("on"), false)
	n.Send(frameOf("on"), false)
	if theirs.binary() != "on" || nobody.binary() != "on" {
		t.Error("others hear nothing")
	}
}

// A session that ended while its socket was being made ends the socket.
func TestADirectSocketOfASessionThatHasEnded(t *testing.T) {
	var over atomic.Bool
	d := startDirect(t, setup{options: func(o *ws.Options) {
		o.Recheck = func(*http.Request) error {
			if over.Load() {
				return errGone
			}
			return nil
		}
	}})
	mine, s := d.sit("X-User", "7")
	s.Send(frameOf("in"), false)
	if mine.binary() != "in" {
		t.Error("not in")
	}
	over.Store(true)
	nobody, n := d.sit()
	n.Send(frameOf("in"), false)
	if nobody.binary() != "in" {
		t.Error("nobody has no session that could end")
	}
	late, _ := d.sit("X-User", "7")
	late.ends(ws.CloseSessionEnded)
}

func TestDirectSocketsGoAwayWithTheServer(t *testing.T) {
	d := startDirect(t, setup{config: func(c *ws.Config) { c.CloseTimeout = 100 * time.Millisecond }})
	mine, s := d.sit("X-User", "7")
	d.sit() // reads nothing
	var order []string
	for i := range 2 {
		d.OnClosing(func(context.Context) {
			order = append(order, fmt.Sprint(i, d.sockets()))
			s.Close(websocket.CloseGoingAway, "said before")
		})
	}
	ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- d.Shutdown(ctx) }()
	mine.ends(websocket.CloseGoingAway)
	if err := testkit.Receive(t, done); err != nil {
		t.Error(err)
	}
	if err := d.Shutdown(ctx); err != nil || !slices.Equal(order, []string{"0 2", "1 2"}) {
		t.Errorf("%v, %q", err, order)
	}
	if _, resp, err := d.attempt(""); err == nil || resp == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("after the end: %v, %v", resp, err)
	}
}

func TestWhoGetsADirectSocket(t *testing.T) {
	d := startDirect(t, setup{options: func(o *ws.Options) {
		o.AllowOrigin = func(origin string) bool { return origin == "https://shop.example" }
		o.Ticket = func(_ context.Context, ticket string) (auth.Identity, error) {
			if ticket != "good" {
				return auth.Identity{}, errGone
			}
			return auth.Identity{UserID: 9, SessionID: 90}, nil
		}
	}})
	for _, c := range []struct {
		query, origin string
		status        int
	}{
		{"", "https://evil.example", 403}, {"?ticket=good", "https://evil.example", 403}, {"?ticket=bad", "", 404}, {"", "null", 403},
	} {
		if _, resp, err := d.attempt(c.query, "Origin", c.origin); err == nil || resp == nil || resp.StatusCode != c.status {
			t.Errorf("%+v: %v, %v", c, resp, err)
		}
	}
	for _, origin := range []string{"https://shop.example", d.url} {
		if conn, resp, err := d.attempt("?ticket=good", "Origin", origin); err != nil {
			t.Errorf("%s: %v, %v", origin, resp, err)
		} else {
			_ = conn.Close()
			if id, _ := testkit.Receive(t, d.came).Identity(); id.UserID != 9 {
				t.Errorf("%s: of %+v", origin, id)
			}
		}
	}
	plain := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := plain.Get(d.url)
	if err != nil || resp.StatusCode != http.StatusBadRequest {
		t.Fatalf("no websocket: %v, %v", resp, err)
	}
	_ = resp.Body.Close()
	testkit.Until(t, "all are gone", func() bool { return d.sockets() == 0 })
}

// Both kinds of sockets count for a session.
func TestDirectSocketsCountForTheirSession(t *testing.T) {
	d := startDirect(t, setup{})
	var mine *client
	for i := range ws.MaxSockets {
		if i%2 == 0 {
			mine, _ = d.sit("X-User", "7")
		} else {
			d.dial("X-User", "7")
		}
	}
	d.wantTooMany("X-User", "7")
	if _, resp, err := d.attempt("", "X-User", "7"); err == nil || resp == nil || resp.StatusCode != http.StatusTooManyRequests {
		t.Fatalf("one more: %v, %v", resp, err)
	}
	d.sit("X-User", "8")
	d.sit()
	_ = mine.Close()
	testkit.Until(t, "a place is free again", func() bool { _, _, err := d.attempt("", "X-User", "7"); return err == nil })
}

// Direct sockets are pinged as the others are, and who is silent is dead.
func TestADirectSocketThatIsSilentIsDead(t *testing.T) {
	d := startDirect(t, setup{config: func(c *ws.Config) { c.PingInterval, c.PongTimeout = 16*time.Millisecond, 2*time.Second }, options: func(o *ws.Options) { o.Clock = nil }})
	_, _ = d.sit() // reads nothing, so answers nothing
	live, s := d.sit()
	go func() { // answers pings
		for {
			if _, _, err := live.ReadMessage(); err != nil {
				return
			}
		}
	}()
	testkit.Until(t, "the dead one is gone", func() bool { return d.sockets() == 1 })
	if !s.Close(4001, "") {
		t.Error("the live one was gone, too")
	}
}
