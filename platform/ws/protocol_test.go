package ws_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rally/platform/auth"
	"rally/platform/testkit"
	"rally/platform/ws"
)

func TestHello(t *testing.T) {
	s := start(t, setup{})
	got := func(headers ...string) string { return string(s.dialQuietly(headers...).next().Data) }
	if g, want := got(), `{"protocol":1,"time":"2026-01-02T03:04:05Z","user_id":null,"session":null}`; g != want {
		t.Errorf("anonymous: %s, want %s", g, want)
	}
	if g, want := got("X-User", "7"), `{"protocol":1,"time":"2026-01-02T03:04:05Z","user_id":7,"session":"70"}`; g != want {
		t.Errorf("logged in: %s, want %s", g, want)
	}
}

func TestSnapshotThenStates(t *testing.T) {
	st := &state{n: 1}
	s := start(t, setup{topics: []ws.Topic{book(st)}})
	c := s.dial()
	c.sub("book:12")
	c.want("book:12", "1")
	st.set(2, nil)
	s.Changed("book:13")
	s.Changed("book:12")
	c.want("book:12", "2")
	c.sub("book:12") // again: a fresh snapshot
	c.want("book:12", "2")
	c.unsub("book:12")
	c.settle()
	s.Changed("book:12")
	if s.metric("rally_ws_subscriptions") != 0 {
		t.Fatal("somebody still follows")
	}
	c.settle()
}

func TestEvents(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{feed(), book(&state{})}})
	one, two := s.dial(), s.dial("X-User", "7")
	one.sub("feed")
	one.settle()
	s.Publish("feed", map[string]any{"n": 1})
	one.want("feed", `{"n":1}`)
	two.sub("feed", "book:1")
	two.want("book:1", "0")
	two.settle()
	s.Publish("feed", json.RawMessage(`{"n":2}`))
	one.want("feed", `{"n":2}`)
	two.want("feed", `{"n":2}`)
	one.unsub("feed", "never.followed")
	one.settle()
	s.Publish("feed", 3)
	two.want("feed", "3")
	one.settle()
}

func TestManyReceiversGetTheSame(t *testing.T) {
	st := &state{n: 5}
	s := start(t, setup{topics: []ws.Topic{feed(), book(st)}})
	clients := make([]*client, 40)
	for i := range clients {
		clients[i] = s.dial()
		clients[i].sub("feed", "book:1")
		clients[i].want("book:1", "5")
	}
	text := strings.Repeat("길", 3000) // longer than the write buffer
	s.Publish("feed", text)
	st.set(6, nil)
	s.Changed("book:1")
	for _, c := range clients {
		c.want("feed", `"`+text+`"`)
		c.want("book:1", "6")
	}
}

func TestTopicsThatCannotBeFollowed(t *testing.T) {
	private := ws.Topic{Prefix: "private", Authorize: func(ctx context.Context, _ string) error {
		if auth.UserID(ctx) == 7 {
			return nil
		}
		if _, err := auth.Require(ctx); err != nil {
			return err
		}
		return auth.ErrForbidden
	}}
	broken := ws.Topic{Prefix: "broken", Authorize: func(context.Context, string) error { return errors.New("secret cause") }}
	panics := ws.Topic{Prefix: "panics", Snapshot: func(context.Context, string) (any, error) { panic("secret panic") }}
	fails := ws.Topic{Prefix: "fails", Snapshot: func(context.Context, string) (any, error) { return nil, fmt.Errorf("read: %w", errGone) }}
	odd := ws.Topic{Prefix: "odd", Snapshot: func(context.Context, string) (any, error) { return func() {}, nil }}
	s := start(t, setup{topics: []ws.Topic{private, broken, panics, fails, odd, book(&state{})}})

	cases := []struct{ user, topic, code string }{
		{"", "nothing", "ws.unknown_topic"},
		{"", "", "ws.unknown_topic"},
		{"", "book", "ws.unknown_topic"},
		{"", "book:", "ws.unknown_topic"},
		{"", "book:012", "ws.unknown_topic"},
		{"", "book:+1", "ws.unknown_topic"},
		{"", "book:-1", "ws.unknown_topic"},
		{"", "book:1:1", "ws.unknown_topic"},
		{"", "fails:1", "ws.unknown_topic"},
		{"", "private:" + strings.Repeat("x", 128), "ws.unknown_topic"},
		{"", "private", "auth.required"},
		{"8", "private:x", "auth.forbidden"},
		{"", "fails", "test.gone"},
		{"", "broken", "internal"},
		{"", "panics", "internal"},
		{"", "odd", "internal"},
	}
	for _, k := range cases {
		t.Run(k.topic+k.user, func(t *testing.T) {
			before := s.metric("rally_ws_subscriptions")
			c := s.dial("X-User", k.user)
			c.t = t
			c.sub(k.topic)
			c.wantError(k.code, k.topic)
			if s.metric("rally_ws_subscriptions") != before {
				t.Fatal("followed all the same")
			}
			c.sub("book:1") // the socket goes on
			c.want("book:1", "0")
		})
	}
	mine := s.dial("X-User", "7")
	mine.sub("private:x")
	mine.settle()
	s.Publish("private:x", 1)
	mine.want("private:x", "1")
	mine.sub("fails") // internal causes stay inside
	if m := mine.next(); strings.Contains(string(m.Data), "read:") {
		t.Fatalf("the cause leaks: %s", m.Data)
	}
	for _, cause := range []string{"secret cause", "secret panic", "unsupported type"} {
		if !slices.ContainsFunc(s.logs.All(), func(e observedEntry) bool { return strings.Contains(fmt.Sprint(e.ContextMap()), cause) }) {
			t.Errorf("%q is not in the log", cause)
		}
	}
}

func TestMalformedFrames(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{book(&state{})}})
	many, err := json.Marshal(map[string][]string{"sub": make([]string, ws.MaxTopics+1)})
	if err != nil {
		t.Fatal(err)
	}
	c := s.dial()
	for _, text := range []string{"", "{", "null", "[]", `"sub"`, "{}", `{"sub":"book:1"}`, `{"sub":[1]}`, `{"sub":null}`, `{"sub":[]}x`, "{\"sub\":[\"\xff\"]}", string(many)} {
		c.say(text)
		c.wantError("ws.malformed", "")
		s.clock.advance(20 * time.Second) // never the fifth within a minute
	}
	for range 4 {
		s.clock.advance(time.Minute)
	}
	for range 4 {
		c.say("{")
		c.wantError("ws.malformed", "")
	}
	c.sub("book:1")
	c.want("book:1", "0")
	c.say("{")
	c.wantClose(websocket.ClosePolicyViolation)
	testkit.Until(t, "the socket is gone", func() bool { return s.sockets() == 0 })
}

func TestFrameSizeAndKind(t *testing.T) {
	s := start(t, setup{})
	padded := func(size int) string {
		text := names("sub", "x")
		return text + strings.Repeat(" ", size-len(text))
	}
	c := s.dial()
	c.say(padded(ws.MaxFrame))
	c.wantError("ws.unknown_topic", "x")
	c.say(padded(ws.MaxFrame + 1))
	c.wantClose(websocket.CloseMessageTooBig)

	// The code arrives even when much more is on its way.
	c = s.dial()
	c.say(padded(256 << 10))
	c.wantClose(websocket.CloseMessageTooBig)

	c = s.dial()
	if err := c.WriteMessage(websocket.BinaryMessage, []byte(names("sub", "x"))); err != nil {
		t.Fatal(err)
	}
	c.wantClose(websocket.CloseUnsupportedData)
	testkit.Until(t, "all are gone", func() bool { return s.sockets() == 0 })
}

func TestTopicCap(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{book(&state{})}})
	c := s.dial()
	list := make([]string, ws.MaxTopics)
	for i := range list {
		list[i] = fmt.Sprintf("book:%d", i+1)
	}
	c.sub(list...)
	for range list {
		if m := c.next(); m.Topic == "error" {
			t.Fatalf("refused: %s", m.Data)
		}
	}
	c.sub("book:1000")
	c.wantError("ws.too_many_topics", "book:1000")
	c.sub("book:3") // one of those it has
	c.want("book:3", "0")
	c.unsub("book:1")
	c.sub("book:1000")
	c.want("book:1000", "0")
	if n := s.metric("rally_ws_subscriptions"); n != ws.MaxTopics {
		t.Fatalf("%v subscriptions counted", n)
	}
}

func TestSubscribeRate(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{book(&state{})}, config: func(c *ws.Config) { c.SubscribeRate, c.SubscribeBurst = 2, 3 }})
	c := s.dial()
	// Snapshots come by themselves, so their order and that of errors is free.
	replies := func(n int) map[string]bool {
		seen := map[string]bool{}
		for range n {
			m := c.next()
			seen[m.Topic] = true
			if m.Topic == "error" && !strings.Contains(string(m.Data), "ws.rate_limited") {
				t.Fatalf("refused: %s", m.Data)
			}
		}
		return seen
	}
	c.sub("book:1", "book:2", "book:3", "book:4")
	if seen := replies(4); len(seen) != 4 || !seen["error"] || seen["book:4"] {
		t.Fatalf("four at once, where three are allowed: %v", seen)
	}
	s.clock.advance(500 * time.Millisecond)
	c.sub("book:4", "book:5")
	if seen := replies(2); !seen["book:4"] || !seen["error"] {
		t.Fatalf("two, where one is allowed again: %v", seen)
	}
}

func TestOrigin(t *testing.T) {
	s := start(t, setup{options: func(o *ws.Options) {
		o.AllowOrigin = func(origin string) bool { return origin == "https://shop.example" }
	}})
	for origin, allowed := range map[string]bool{
		"":    true,
		s.url: true,
		strings.Replace(s.url, "http", "https", 1): true,
		"https://shop.example":                     true,
		"https://evil.example":                     false,
		"https://shop.example.evil":                false,
		"null":                                     false,
		"://":                                      false,
	} {
		headers := []string{"Origin", origin}
		if origin == "" {
			headers = nil
		}
		conn, resp, err := s.try(headers...)
		if err == nil {
			_ = conn.Close()
		}
		if (err == nil) != allowed {
			t.Errorf("origin %q: %v", origin, err)
		}
		if !allowed && (resp == nil || resp.StatusCode != http.StatusForbidden) {
			t.Errorf("origin %q: answered %v", origin, resp)
		}
	}
}

func TestPlainRequestsAreRefused(t *testing.T) {
	var refused error
	s := start(t, setup{options: func(o *ws.Options) {
		o.WriteError = func(w http.ResponseWriter, _ *http.Request, err error) {
			refused = err
			w.WriteHeader(http.StatusTeapot)
		}
	}})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(s.url)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(refused, ws.ErrHandshake) || resp.StatusCode != http.StatusTeapot {
		t.Fatalf("%v, %v", refused, resp.Status)
	}
}

func TestTheClientMayLeave(t *testing.T) {
	s := start(t, setup{topics: []ws.Topic{feed()}})
	polite, rude := s.dial(), s.dial()
	for _, c := range []*client{polite, rude} {
		c.sub("feed")
		c.settle()
	}
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if err := polite.WriteMessage(websocket.CloseMessage, bye); err != nil {
		t.Fatal(err)
	}
	polite.wantClose(websocket.CloseNormalClosure)
	if err := rude.NetConn().Close(); err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "both are gone", func() bool { return s.sockets() == 0 })
	if s.metric("rally_ws_subscriptions") != 0 {
		t.Fatal("their subscriptions stay")
	}
}
