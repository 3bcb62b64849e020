package apptest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rally/internal/apptest"
)

// line is a websocket to a server.
type line struct {
	t    *testing.T
	conn *websocket.Conn
}

type frame struct {
	Topic string          `json:"t"`
	Data  json.RawMessage `json:"d"`
}

// connect opens a websocket with some request headers.
func connect(t *testing.T, s *apptest.Server, header http.Header) *line {
	t.Helper()
	conn, res, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http")+"/ws", header)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	return &line{t, conn}
}

func (l *line) send(text string) {
	l.t.Helper()
	if err := l.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		l.t.Fatal(err)
	}
}

// expect reads the next frame, which must be of the topic. The inbox and the game may
// speak at any time, and are passed over where nobody waits for them.
func (l *line) expect(topic string) json.RawMessage {
	l.t.Helper()
	for {
		if err := l.conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			l.t.Fatal(err)
		}
		_, data, err := l.conn.ReadMessage()
		if err != nil {
			l.t.Fatalf("waiting for %s: %v", topic, err)
		}
		var f frame
		if err := json.Unmarshal(data, &f); err != nil || f.Topic != topic && f.Topic != "inbox" && f.Topic != "pong" {
			l.t.Fatalf("waiting for %s: %s, %v", topic, data, err)
		}
		if f.Topic == topic {
			return f.Data
		}
	}
}

// book reads the next state of a product's book.
func (l *line) book(product int64) book {
	l.t.Helper()
	var b book
	if err := json.Unmarshal(l.expect(fmt.Sprintf("shop.book:%d", product)), &b); err != nil {
		l.t.Fatal(err)
	}
	return b
}

// bookAt reads states of a book until one has the version; versions never go
// back.
func (l *line) bookAt(product, version int64) book {
	l.t.Helper()
	last := int64(-1)
	for {
		b := l.book(product)
		if b.Version < last {
			l.t.Fatalf("version %d after %d", b.Version, last)
		}
		if last = b.Version; last >= version {
			return b
		}
	}
}

func (l *line) fault(code string) {
	l.t.Helper()
	var f struct{ Code, Detail string }
	if err := json.Unmarshal(l.expect("error"), &f); err != nil || f.Code != code || f.Detail == "" {
		l.t.Errorf("error frame %+v, want %s", f, code)
	}
}

func TestTheLiveBook(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		seller, buyer := s.Person(), s.Person()
		sh := newShelf(t, s.Staff())
		info := sh.info(nil)
		p := sh.size(info, "260")
		sh.size(info, "270")
		all := sh.all(info)

		anonymous := connect(t, s, nil)
		var hello struct {
			Protocol int
			UserID   *int64 `json:"user_id"`
			Session  *string
			Time     time.Time
		}
		if err := json.Unmarshal(anonymous.expect("hello"), &hello); err != nil || hello.Protocol != 1 || hello.UserID != nil || hello.Session != nil || hello.Time.IsZero() {
			t.Fatalf("hello %+v, %v", hello, err)
		}
		token := apptest.Into[pair](t, buyer.Post("/api/accounts/token/refresh/", nil).Want(t, 200)).Access
		mine := connect(t, s, http.Header{"Cookie": {"rally-access=" + token}})
		if err := json.Unmarshal(mine.expect("hello"), &hello); err != nil || hello.UserID == nil || *hello.UserID != buyer.UserID || hello.Session == nil {
			t.Fatalf("hello %+v, %v", hello, err)
		}

		mine.here()

		for _, l := range []*line{anonymous, mine} {
			l.send(fmt.Sprintf(`{"sub":["shop.book:%d"]}`, p))
			if b := l.book(p); b.Version != 0 || len(b.Asks)+len(b.Bids) != 0 {
				t.Fatalf("the first state: %+v", b)
			}
		}
		anonymous.send(fmt.Sprintf(`{"unsub":["shop.book:%d"],"sub":["shop.book:%d"]}`, p, all))
		begin := anonymous.book(all) // its version counts the sizes that came
		if len(begin.Asks)+len(begin.Bids) != 0 {
			t.Fatalf("the first state of ALL: %+v", begin)
		}
		ask(t, seller, p, 100000)
		for _, b := range []book{mine.bookAt(p, 1), anonymous.bookAt(all, begin.Version+1)} {
			if len(b.Asks) != 1 || *b.PurchasePrice != 100000 {
				t.Errorf("after the ask: %+v", b)
			}
		}
		other := s.Person()
		buy(other, p, nil).Want(t, 201)
		for _, b := range []book{mine.bookAt(p, 2), anonymous.bookAt(all, begin.Version+2)} {
			if len(b.Asks) != 0 || b.PurchasePrice != nil || b.LastTrade == nil || b.LastTrade.Price != 100000 {
				t.Errorf("after the trade: %+v", b)
			}
		}

		for topic, code := range map[string]string{
			"shop.book:999999": "shop.product_not_found", "shop.book:01": "ws.unknown_topic", "shop.book": "ws.unknown_topic", "inbox": "ws.unknown_topic", "shop.book:-1": "ws.unknown_topic",
		} {
			mine.send(`{"sub":["` + topic + `"]}`)
			mine.fault(code)
		}
		mine.send("not json")
		mine.fault("ws.malformed")
		mine.send(fmt.Sprintf(`{"sub":["shop.book:%d"]}`, all)) // the line still works
		if b := mine.book(all); b.Version != begin.Version+2 {
			t.Errorf("the book of ALL: %+v", b)
		}
	})
}

// Pages of other sites can't read the book with a visitor's cookies.
func TestOtherSitesGetNoSocket(t *testing.T) {
	s := apptest.Start(t, "sqlite", nil)
	_, res, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http")+"/ws", http.Header{"Origin": {"https://evil.example"}})
	if err == nil || res == nil || res.StatusCode != http.StatusForbidden {
		t.Fatalf("a foreign page connected: %v", err)
	}
	_ = res.Body.Close()
	s.Person().With("Origin", "https://evil.example").Post("/api/accounts/logout/", nil).WantCode(t, 403, "request.cross_origin")
}
