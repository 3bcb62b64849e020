package ws

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rally/platform/testkit"
)

// host returns a hub, and what connects to it: a socket that has been greeted, and
// its peer.
func host(t *testing.T) (hub *Hub, connect func() (*socket, *websocket.Conn)) {
	t.Helper()
	hub, err := New(testkit.Defaults[Config](t), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(hub.Serve))
	t.Cleanup(func() {
		srv.Close()
		if err := hub.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	known := map[*socket]bool{}
	return hub, func() (*socket, *websocket.Conn) {
		peer, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(srv.URL, "http"), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = peer.Close() })
		if err := peer.SetReadDeadline(time.Now().Add(testkit.Patience)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := peer.ReadMessage(); err != nil {
			t.Fatal(err)
		}
		testkit.Until(t, "the hello has left", func() bool { n, _ := hub.AtWork(); return n == 0 })
		s := hub.all(func(s *socket) bool { return !known[s] })[0]
		known[s] = true
		return s, peer
	}
}

// A write that waited in vain leaves no deadline for the next one, and the writers
// count right.
func TestALineForgetsItsDeadline(t *testing.T) {
	_, connect := host(t)
	s, peer := connect()
	line := s.conn.NetConn().(*wire)
	text := make([]byte, 1<<20)
	var timeout net.Error
	sent := 0
	for {
		_ = line.SetWriteDeadline(time.Now().Add(time.Millisecond))
		n, err := line.Write(text)
		sent += n
		if err == nil {
			continue
		}
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Fatalf("a full line: %v", err)
		}
		break
	}
	s.hub.writers.mu.Lock()
	if s.stuck {
		t.Error("nothing is written, and the line counts as full")
	}
	s.hub.writers.mu.Unlock()
	if _, err := io.CopyN(io.Discard, peer.NetConn(), int64(sent)); err != nil {
		t.Fatal(err)
	}
	if n, err := line.Write([]byte("x")); n != 1 || err != nil {
		t.Errorf("after its peer read: %d, %v", n, err)
	}
	_ = line.Close()
	if n, err := line.Write([]byte("x")); n != 0 || !errors.Is(err, net.ErrClosed) {
		t.Errorf("after its end: %d, %v", n, err)
	}
}

// One socket's frames don't keep the others waiting longer than a turn.
func TestASocketHasItsTurn(t *testing.T) {
	_, connect := host(t)
	s, peer := connect()
	s.mu.Lock()
	s.writing = true // the test is the writer
	for i := range turn + 2 {
		s.pushLocked(newFrame([]byte{'0' + byte(i)}, 1))
	}
	s.mu.Unlock()
	if !s.write() {
		t.Error("it has more, and says no")
	}
	s.mu.Lock()
	if len(s.queue) != 2 {
		t.Errorf("%d frames are left of %d", len(s.queue), turn+2)
	}
	s.mu.Unlock()
	if s.write() {
		t.Error("it has no more, and says yes")
	}
	for i := range turn + 2 {
		if _, data, err := peer.ReadMessage(); err != nil || string(data) != string([]byte{'0' + byte(i)}) {
			t.Fatalf("frame %d is %q, %v", i, data, err)
		}
	}
}

// A reading goroutine may write too, and wait: it agrees to a close, say. A writer
// that waits for it doesn't count as at work.
func TestAWriterBehindAReaderHoldsNobodyUp(t *testing.T) {
	hub, connect := host(t)
	hub.writers.most = 1
	stuck, its := connect()
	other, peer := connect()
	f := newFrame([]byte("x"), 1)
	hub.writers.stick(stuck, true)
	stuck.mu.Lock() // the writer waits for this
	stuck.pushLocked(f)
	for range 3 {
		other.enqueue(f)
		if _, _, err := peer.ReadMessage(); err != nil {
			t.Error(err)
			break
		}
	}
	stuck.mu.Unlock()
	hub.writers.stick(stuck, false)
	if _, _, err := its.ReadMessage(); err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "nobody counts as at work", func() bool { n, line := hub.AtWork(); return n == 0 && !line })
}
