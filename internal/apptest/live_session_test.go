package apptest_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rally/internal/apptest"
	"rally/platform/ws"
)

// enter opens a websocket with an access token, if any, and returns it with
// the id of the user whom the server greets: 0 is nobody.
func enter(t *testing.T, s *apptest.Server, token string) (*line, int64) {
	t.Helper()
	header := http.Header{}
	if token != "" {
		header.Set("Cookie", "rally-access="+token)
	}
	l := connect(t, s, header)
	var hello struct {
		UserID int64 `json:"user_id"`
	}
	if err := json.Unmarshal(l.expect("hello"), &hello); err != nil {
		t.Fatal(err)
	}
	return l, hello.UserID
}

// closed reads the end of the connection, which must come next.
func (l *line) closed(code int) {
	l.t.Helper()
	if err := l.conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		l.t.Fatal(err)
	}
	if _, data, err := l.conn.ReadMessage(); !websocket.IsCloseError(err, code) {
		l.t.Fatalf("waiting for the end with %d: %s, %v", code, data, err)
	}
}

// lives asks the server something.
func (l *line) lives() {
	l.t.Helper()
	l.send(`{"sub":["no.such.topic"]}`)
	l.fault("ws.unknown_topic")
}

func TestASocketEndsWithItsSession(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		token := func(c *apptest.Client) string {
			return apptest.Into[pair](t, c.Post("/api/accounts/token/refresh/", nil).Want(t, 200)).Access
		}
		me, other := s.Person(), s.Person()
		email := apptest.Into[struct{ Email string }](t, me.Get("/api/accounts/user/").Want(t, 200)).Email
		mine := token(me)
		one, id := enter(t, s, mine)
		if id != me.UserID {
			t.Fatalf("greeted as %d", id)
		}
		two, _ := enter(t, s, mine) // another tab
		phone, _ := enter(t, s, login(t, s.Anonymous(), email).Access)
		theirs, _ := enter(t, s, token(other))
		anonymous, _ := enter(t, s, "")

		me.Post("/api/accounts/logout/", nil).Want(t, 200)
		one.closed(ws.CloseSessionEnded)
		two.closed(ws.CloseSessionEnded)
		for _, l := range []*line{phone, theirs, anonymous} {
			l.lives()
		}

		// The browser comes back with the cookie that it still has, and stays.
		back, id := enter(t, s, mine)
		if id != 0 {
			t.Errorf("a session that has ended is greeted as %d", id)
		}
		back.lives()
	})
}
