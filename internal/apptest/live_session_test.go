package apptest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rally/internal/apptest"
	"rally/platform/db"
	"rally/platform/ws"
)

// enter opens a websocket with an access token, if any, reads what the server
// greets with, and returns it with the id of the user whom it greets: 0 is nobody.
func enter(t *testing.T, s *apptest.Server, token string) (*line, int64) {
	t.Helper()
	l, user := knock(t, s, token)
	if user != 0 {
		l.here()
	}
	return l, user
}

// here reads what somebody gets who is in.
func (l *line) here() (friends, inbox string) {
	l.t.Helper()
	if got := string(l.expect("session")); got != `{"state":"here"}` {
		l.t.Fatalf("the session is %s", got)
	}
	return string(l.expect("friends")), string(l.expect("inbox"))
}

// knock opens a websocket and reads hello alone.
func knock(t *testing.T, s *apptest.Server, token string) (*line, int64) {
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
	for {
		_, data, err := l.conn.ReadMessage()
		if err == nil && (strings.HasPrefix(string(data), `{"t":"inbox"`) || strings.HasPrefix(string(data), `{"t":"pong"`)) {
			continue
		}
		if !websocket.IsCloseError(err, code) {
			l.t.Fatalf("waiting for the end with %d: %s, %v", code, data, err)
		}
		return
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
		two, _ := enter(t, s, mine)                                    // another tab
		phone, _ := knock(t, s, login(t, s.Anonymous(), email).Access) // waits until the first one is gone
		if got := string(phone.expect("session")); !strings.Contains(got, `"state":"elsewhere"`) {
			t.Fatalf("the second session is %s", got)
		}
		theirs, _ := enter(t, s, token(other))
		anonymous, _ := enter(t, s, "")

		me.Post("/api/accounts/logout/", nil).Want(t, 200)
		one.closed(ws.CloseSessionEnded)
		two.closed(ws.CloseSessionEnded)
		if got := string(phone.expect("session")); got != `{"state":"free"}` {
			t.Fatalf("the second session is %s", got)
		}
		phone.send(`{"takeover":true}`)
		phone.here()
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

// The signal that a session has ended may be lost. It holds no seat all the same,
// and can't end another session.
func TestASessionThatEndedUnheardHoldsNoSeat(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		email := apptest.Into[struct{ Email string }](t, me.Get("/api/accounts/user/").Want(t, 200)).Email
		old, _ := enter(t, s, token(t, me))
		if _, err := db.Exec(t.Context(), s.DB, "UPDATE sessions SET ended_at = $1 WHERE user_id = $2", s.Clock.Now(), me.UserID); err != nil {
			t.Fatal(err)
		}
		fresh, _ := enter(t, s, login(t, s.Anonymous(), email).Access)
		old.closed(ws.CloseSessionEnded)
		fresh.lives()
	})
}
