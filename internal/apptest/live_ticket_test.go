package apptest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"

	"rally/internal/apptest"
	"rally/platform/web"
)

// byTicket tries a handshake with a ticket, and returns its status and, after a
// refusal, the code.
func byTicket(t *testing.T, s *apptest.Server, ticket string, header http.Header) (conn *websocket.Conn, status int, code string) {
	t.Helper()
	conn, res, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http")+"/ws?ticket="+ticket, header)
	if res == nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if err == nil {
		t.Cleanup(func() { _ = conn.Close() })
		return conn, res.StatusCode, ""
	}
	var problem web.Problem
	if err := json.NewDecoder(res.Body).Decode(&problem); err != nil {
		t.Fatalf("%d: %v", res.StatusCode, err)
	}
	return nil, res.StatusCode, problem.Code
}

func TestATicketOpensOneConnection(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		ticket := func() string {
			t.Helper()
			return apptest.Into[struct{ Ticket string }](t, me.Post("/api/accounts/ws-ticket/", nil).Want(t, 200)).Ticket
		}
		first := ticket()
		// A page of another site burns no ticket.
		if _, status, code := byTicket(t, s, first, http.Header{"Origin": {"https://evil.example"}}); status != 403 || code != "ws.origin_refused" {
			t.Errorf("another site: %d %s", status, code)
		}
		// It counts for more than the cookie that happens to be there.
		conn, _, _ := byTicket(t, s, first, http.Header{"Authorization": {"Bearer " + token(t, other)}})
		if conn == nil {
			t.Fatal("a new ticket opens nothing")
		}
		l := &line{t, conn}
		var hello struct {
			UserID *int64 `json:"user_id"`
		}
		if err := json.Unmarshal(l.expect("hello"), &hello); err != nil || hello.UserID == nil || *hello.UserID != me.UserID {
			t.Errorf("hello %+v, %v", hello, err)
		}
		l.here()
		for _, bad := range []string{first, "nonsense", strings.Repeat("A", 43), strings.Repeat("A", 5000)} {
			if _, status, code := byTicket(t, s, bad, nil); status != 401 || code != "accounts.ticket_invalid" {
				t.Errorf("%.20s: %d %s", bad, status, code)
			}
		}
		// Of many who show one ticket at once, one comes in.
		var opened atomic.Int64
		raced := ticket()
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				conn, res, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http")+"/ws?ticket="+raced, nil)
				if res != nil {
					_ = res.Body.Close()
				}
				if err == nil {
					opened.Add(1)
					_ = conn.Close()
				}
			})
		}
		all.Wait()
		if n := opened.Load(); n != 1 {
			t.Errorf("one ticket opened %d connections", n)
		}
		// It ends with its session.
		last := ticket()
		me.Post("/api/accounts/logout/", nil).Want(t, 200)
		l.closed(4002)
		if _, status, code := byTicket(t, s, last, nil); status != 401 || code != "auth.session_ended" {
			t.Errorf("after the logout: %d %s", status, code)
		}
		s.Anonymous().Post("/api/accounts/ws-ticket/", nil).WantCode(t, 401, "auth.required")
	})
}
