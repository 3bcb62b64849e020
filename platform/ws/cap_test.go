package ws_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"

	"rally/platform/auth"
	"rally/platform/testkit"
	"rally/platform/ws"
)

// wantTooMany tries a handshake that must be refused.
func (s *site) wantTooMany(headers ...string) {
	s.t.Helper()
	conn, resp, err := s.try(headers...)
	if err == nil {
		_ = conn.Close()
		s.t.Fatal("one more than the cap is let in")
	}
	if resp == nil || resp.StatusCode != http.StatusTooManyRequests {
		s.t.Fatalf("refused with %v, %v", resp, err)
	}
}

func TestASessionHasOnlySoManySockets(t *testing.T) {
	door := &porter{}
	s := guarded(t, door)
	var mine []*client
	for range ws.MaxSockets {
		mine = append(mine, s.dial("X-User", "7"))
	}
	for range 3 { // a refusal takes nothing
		s.wantTooMany("X-User", "7")
	}
	s.dial("X-User", "8").settle()
	for range ws.MaxSockets + 1 {
		s.dial().settle() // nobody has no session
	}
	for _, c := range mine {
		c.settle()
	}
	if n := strings.Count(door.notes(), "enter 7"); n != ws.MaxSockets {
		t.Errorf("the door was asked %d times", n)
	}
	_ = mine[0].Close()
	testkit.Until(t, "a place is free again", func() bool {
		conn, _, err := s.try("X-User", "7")
		if err != nil {
			return false
		}
		t.Cleanup(func() { _ = conn.Close() })
		return true
	})
	s.wantTooMany("X-User", "7")
}

func TestARefusedHandshakeTakesNoPlace(t *testing.T) {
	s := start(t, setup{})
	plain := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range ws.MaxSockets + 1 { // this is no websocket
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-User", "7")
		resp, err := plain.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusBadRequest {
			t.Fatalf("answered %s", resp.Status)
		}
	}
	for range ws.MaxSockets {
		s.dial("X-User", "7")
	}
	s.wantTooMany("X-User", "7")
}

// Who is being closed and doesn't agree yet still holds a connection.
func TestAClosingSocketKeepsItsPlace(t *testing.T) {
	s := start(t, setup{config: func(c *ws.Config) { c.CloseTimeout = testkit.Patience }})
	var mine []*client
	for range ws.MaxSockets {
		mine = append(mine, s.dial("X-User", "7"))
	}
	if n := s.CloseWhere(func(auth.Identity) bool { return true }, ws.CloseSessionEnded, ""); n != ws.MaxSockets {
		t.Fatalf("%d closed", n)
	}
	s.wantTooMany("X-User", "7")
	for _, c := range mine {
		c.wantClose(ws.CloseSessionEnded)
	}
	testkit.Until(t, "all are gone", func() bool { return s.sockets() == 0 })
	testkit.Until(t, "a place is free again", func() bool {
		conn, _, err := s.try("X-User", "7")
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
}

// The cap goes by whose the ticket is, so the ticket is used up.
func TestATicketCountsForItsOwner(t *testing.T) {
	var refused atomic.Pointer[error]
	var asked atomic.Int64
	s := start(t, setup{options: func(o *ws.Options) {
		o.Ticket = func(context.Context, string) (auth.Identity, error) {
			asked.Add(1)
			return auth.Identity{UserID: 7, SessionID: 70}, nil
		}
		o.WriteError = func(w http.ResponseWriter, _ *http.Request, err error) {
			refused.Store(&err)
			w.WriteHeader(http.StatusTeapot)
		}
	}})
	for range ws.MaxSockets {
		s.dial("X-User", "7")
	}
	address := "ws" + strings.TrimPrefix(s.url, "http") + "/ws?ticket=x"
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), address, http.Header{"X-User": {"8"}})
	if err == nil {
		_ = conn.Close()
		t.Fatal("let in")
	}
	if err := refused.Load(); err == nil || !errors.Is(*err, ws.ErrTooMany) || asked.Load() != 1 {
		t.Fatalf("refused with %v, after the ticket was asked for %d times", err, asked.Load())
	}
}

// Of two hundred who come at once, exactly as many as may are let in: a place is
// taken before the handshake, so nobody slips by while others are in it.
func TestAStormDoesNotPassTheCap(t *testing.T) {
	const all = 200
	s := start(t, setup{})
	var arrived, storm sync.WaitGroup
	arrived.Add(all)
	gathered := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived.Done()
		arrived.Wait() // all handshakes begin together
		s.Serve(w, r.WithContext(auth.With(r.Context(), auth.Identity{UserID: 7, SessionID: 70})))
	}))
	t.Cleanup(gathered.Close)
	var in, out atomic.Int64
	for range all {
		storm.Go(func() {
			dialer := websocket.Dialer{HandshakeTimeout: testkit.Patience}
			conn, resp, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(gathered.URL, "http"), nil)
			switch {
			case err == nil:
				in.Add(1)
				t.Cleanup(func() { _ = conn.Close() })
			case resp != nil && resp.StatusCode == http.StatusTooManyRequests:
				out.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	storm.Wait()
	if in.Load() != ws.MaxSockets || out.Load() != all-ws.MaxSockets {
		t.Errorf("%d were let in, %d refused", in.Load(), out.Load())
	}
}
