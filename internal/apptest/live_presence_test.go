package apptest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"rally/internal/apptest"
	"rally/platform/testkit"
	"rally/platform/ws"
)

// token returns a new access token of a browser's session.
func token(t *testing.T, c *apptest.Client) string {
	t.Helper()
	return apptest.Into[pair](t, c.Post("/api/accounts/token/refresh/", nil).Want(t, 200)).Access
}

// told reads the next friends frame, which must be an event of a person.
func (l *line) told(event string, user int64) map[string]any {
	l.t.Helper()
	var f map[string]any
	if err := json.Unmarshal(l.expect("friends"), &f); err != nil || f["event"] != event || f["user_id"] != float64(user) {
		l.t.Fatalf("told %v (%v), want %s of %d", f, err, event, user)
	}
	return f
}

// online returns the people of a friends snapshot.
func online(t *testing.T, snapshot string) (users []int64) {
	t.Helper()
	var body struct {
		Friends []struct {
			UserID      int64  `json:"user_id"`
			ProfileName string `json:"profile_name"`
			Status      string
		}
	}
	if err := json.Unmarshal([]byte(snapshot), &body); err != nil || body.Friends == nil {
		t.Fatalf("snapshot %s: %v", snapshot, err)
	}
	for _, f := range body.Friends {
		if f.ProfileName == "" || f.Status != "online" {
			t.Errorf("a friend is shown as %+v", f)
		}
		users = append(users, f.UserID)
	}
	return users
}

// quiet makes sure that nothing was sent to a socket since: the answer to a
// question is the next frame.
func quiet(lines ...*line) {
	for _, l := range lines {
		l.t.Helper()
		l.lives()
	}
}

func TestFriendsSeeEachOtherLive(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(4)
		one, two, away, stranger := people[0], people[1], people[2], people[3]
		befriend(t, one, two)
		befriend(t, one, away)
		foreign, _ := enter(t, s, token(t, stranger))
		second, _ := enter(t, s, token(t, two))
		mine := token(t, one)
		// Everybody's node knows of the seat before somebody else comes.
		testkit.Until(t, "two is online", func() bool {

			list := apptest.Into[struct{ Results []struct{ Online bool } }](t, one.Get("/api/friends/").Want(t, 200))
			return len(list.Results) == 2 && list.Results[0].Online && !list.Results[1].Online
		})
		first, id := knock(t, s, mine)
		snapshot, greeting := first.here()
		if got := online(t, snapshot); id != one.UserID || len(got) != 1 || got[0] != two.UserID {
			t.Errorf("%d sees %v online", id, got)
		}
		if !strings.Contains(greeting, `"unread":`) || !strings.Contains(greeting, `"last":`) {
			t.Errorf("the inbox begins with %s", greeting)
		}
		if f := second.told("online", one.UserID); f["status"] != "online" {
			t.Errorf("told %v", f)
		}
		tab, _ := enter(t, s, mine)
		first.send(`{"idle":true}`) // one tab of two
		tab.send(`{"idle":true}`)
		if f := second.told("status", one.UserID); f["status"] != "idle" {
			t.Errorf("told %v", f)
		}
		quiet(first, tab, second, foreign)

		one.Do(http.MethodPut, "/api/friends/presence/", M{"appear": "offline"}).Want(t, 200)
		if f := second.told("offline", one.UserID); f["last_seen"] == nil { // after friends.Debounce, as if they had left
			t.Errorf("told %v", f)
		}
		one.Do(http.MethodPut, "/api/friends/presence/", M{"appear": "online"}).Want(t, 200)
		if f := second.told("online", one.UserID); f["status"] != "idle" {
			t.Errorf("told %v", f)
		}
		one.Post("/api/accounts/logout/", nil).Want(t, 200)
		first.closed(ws.CloseSessionEnded)
		tab.closed(ws.CloseSessionEnded)
		if f := second.told("offline", one.UserID); f["last_seen"] == nil {
			t.Errorf("told %v", f)
		}
		quiet(second, foreign)
	})
}

func TestOneSessionIsConnected(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		email := apptest.Into[struct{ Email string }](t, me.Get("/api/accounts/user/").Want(t, 200)).Email
		browser := s.Anonymous().With("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36")
		laptop := login(t, browser, email)
		first, _ := enter(t, s, laptop.Access)
		tab, _ := enter(t, s, laptop.Access)
		phone := login(t, s.Anonymous(), email)
		late, _ := knock(t, s, phone.Access)
		second, _ := knock(t, s, phone.Access)
		for _, l := range []*line{late, second} {
			if got := string(l.expect("session")); got != `{"state":"elsewhere","device":"Chrome · Linux"}` {
				t.Fatalf("the second session is %s", got)
			}
			l.send(`{"sub":["shop.book:1","inbox"]}`)
			l.fault("ws.not_seated")
			l.fault("ws.not_seated")
		}
		quiet(first, tab)
		second.send(`{"takeover":true}`)
		second.here()
		first.closed(ws.CloseSessionEnded)
		tab.closed(ws.CloseSessionEnded)
		bearer := func(access string) *apptest.Client { return s.Anonymous().With("Authorization", "Bearer "+access) }
		bearer(laptop.Access).Get("/api/accounts/user/").Want(t, 401)
		browser.Post("/api/accounts/token/refresh/", nil).Want(t, 401)
		bearer(phone.Access).Get("/api/accounts/user/").Want(t, 200)
		second.lives()

		// The other tab of the session that is in hears that it may come in.
		if got := string(late.expect("session")); got != `{"state":"free"}` {
			t.Fatalf("the other tab is %s", got)
		}
		late.send(`{"takeover":true}`)
		late.here()

		// Whoever doesn't take over is sent away.
		third, _ := knock(t, s, login(t, s.Anonymous(), email).Access)
		third.expect("session")
		third.closed(4001)
		quiet(second, late)
	})
}

func TestOfManyTakeoversOneStays(t *testing.T) {
	s := apptest.Start(t, "sqlite", nil)
	me := s.Person()
	email := apptest.Into[struct{ Email string }](t, me.Get("/api/accounts/user/").Want(t, 200)).Email
	first, _ := enter(t, s, token(t, me))
	const many = 20
	lines, tokens := make([]*line, many), make([]string, many)
	for i := range lines {
		tokens[i] = login(t, s.Anonymous(), email).Access
	}
	for i := range lines {
		lines[i], _ = knock(t, s, tokens[i])
		lines[i].expect("session")
	}
	var all sync.WaitGroup
	for _, l := range lines {
		all.Go(func() { _ = l.conn.WriteMessage(websocket.TextMessage, []byte(`{"takeover":true}`)) })
	}
	all.Wait()
	first.closed(ws.CloseSessionEnded)
	live := func() (n int) {
		for _, access := range tokens {
			if s.Anonymous().With("Authorization", "Bearer "+access).Get("/api/accounts/user/").Status == 200 {
				n++
			}
		}
		return n
	}
	testkit.Until(t, "one session lives", func() bool { return live() == 1 })
}
