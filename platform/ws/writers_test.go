package ws_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rally/platform/auth"
	"rally/platform/testkit"
	"rally/platform/ws"
)

// However many peers don't read, and for however long: each has a writer of its
// own, and the others are served.
func TestManySlowPeersHoldNobodyUp(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{feed()}, config: func(c *ws.Config) {
		c.Queue, c.CloseTimeout, c.WriteTimeout = 8, testkit.Patience, testkit.Patience
	}})
	slow := make([]*client, 2*runtime.GOMAXPROCS(0)+1)
	for i := range slow {
		slow[i] = s.dial()
		slow[i].sub("feed")
		slow[i].settle()
	}
	other := s.dial()
	text := strings.Repeat("x", 64<<10)
	testkit.Until(t, "nobody can be written to", func() bool {
		s.Publish("feed", text)
		return s.metric("rally_ws_slow_closes_total") == float64(len(slow))
	})
	for range 50 {
		other.settle()
	}
	testkit.Until(t, "nobody counts as at work", func() bool {
		n, line := s.AtWork()
		return n == 0 && !line
	})
	for _, c := range slow {
		c.wantClose(ws.CloseSlow)
	}
}

// A peer that takes a break longer than its line holds gets every frame whole
// and in order.
func TestAFullLineLosesNothing(t *testing.T) {
	const frames = 120
	s := start(t, setup{topics: []ws.Topic{feed()}, config: func(c *ws.Config) {
		c.Queue, c.WriteTimeout = 2*frames, testkit.Patience
	}})
	clients := make([]*client, 3)
	for i := range clients {
		clients[i] = s.dial()
		clients[i].sub("feed")
		clients[i].settle()
	}
	before := s.metric("rally_ws_frames_sent_total")
	pad := strings.Repeat("x", 64<<10)
	for i := range frames {
		s.Publish("feed", fmt.Sprint(i, pad))
	}
	testkit.Until(t, "all lines are full", func() bool {
		n, line := s.AtWork()
		return n == 0 && !line
	})
	if n := s.metric("rally_ws_frames_sent_total") - before; n == float64(len(clients)*frames) {
		t.Fatal("the lines hold everything, so nothing is tested")
	}
	var reading sync.WaitGroup
	for _, c := range clients {
		reading.Go(func() {
			for i := range frames {
				m, err := c.read()
				if want := fmt.Sprintf(`"%d%s"`, i, pad); err != nil || string(m.Data) != want {
					t.Errorf("frame %d: %v, %d bytes", i, err, len(m.Data))
					return
				}
			}
		})
	}
	reading.Wait()
}

// Frames of many publishers reach many sockets, each publisher's in its order,
// while sockets come and go.
func TestEachPublishersOrderIsKept(t *testing.T) {
	const publishers, frames, followers = 4, 300, 12
	s := start(t, setup{topics: []ws.Topic{feed()}, config: func(c *ws.Config) { c.Queue = publishers * frames * 2 }})
	clients := make([]*client, followers)
	for i := range clients {
		clients[i] = s.dial()
		clients[i].sub("feed")
		clients[i].settle()
	}
	var running sync.WaitGroup
	for p := range publishers {
		running.Go(func() {
			for i := range frames {
				s.Publish("feed", [2]int{p, i})
			}
		})
	}
	running.Go(func() {
		for range 20 {
			c, _, err := s.try("X-User", "7")
			if err != nil {
				t.Error(err)
				return
			}
			s.CloseWhere(func(auth.Identity) bool { return true }, ws.CloseSessionEnded, "")
			_ = c.Close()
		}
	})
	for _, c := range clients {
		running.Go(func() {
			var next [publishers]int
			for range publishers * frames {
				m, err := c.read()
				var p, i int
				if err == nil {
					_, err = fmt.Sscanf(string(m.Data), "[%d,%d]", &p, &i)
				}
				if err != nil || i != next[p] {
					t.Errorf("of %d came %d, not %d: %v", p, i, next[p], err)
					return
				}
				next[p]++
			}
		})
	}
	running.Wait()
}

// plainHandshake gives the hub a connection that is no TCP connection, as a proxy
// in front of it might.
type plainHandshake struct{ http.ResponseWriter }

func (p plainHandshake) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(p.ResponseWriter).Hijack()
	return struct{ net.Conn }{conn}, buffers, err
}

func TestAConnectionThatIsNotTCPIsServedToo(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{feed()}, config: func(c *ws.Config) { c.WriteTimeout = 50 * time.Millisecond }})
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Serve(plainHandshake{w}, r) }))
	defer plain.Close()
	dial := func() *client {
		conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(plain.URL, "http"), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		c := &client{t, conn}
		if m := c.next(); m.Topic != "hello" {
			t.Fatalf("the server begins with %q", m.Topic)
		}
		c.sub("feed")
		c.settle()
		return c
	}
	c := dial()
	text := strings.Repeat("x", 64<<10)
	for range 20 {
		s.Publish("feed", text)
		c.want("feed", `"`+text+`"`)
	}
	c.say(strings.Repeat(" ", ws.MaxFrame+1))
	c.wantClose(websocket.CloseMessageTooBig)
	dial() // never reads again
	s.flood("feed")
	testkit.Until(t, "it is gone", func() bool { return s.sockets() == 0 })
}
