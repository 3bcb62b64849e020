package apptest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rally/internal/apptest"
	"rally/internal/pongtest"
	"rally/platform/testkit"
	"rally/platform/ws"
)

// begun is a match of two that is played.
func begun(t *testing.T, s *apptest.Server, a, b *apptest.Client) (m match, left, right *pongtest.Player) {
	t.Helper()
	m = agreed(t, a, b, 3)
	left, right = sit(t, s, a, m.ID), sit(t, s, b, m.ID)
	await(t, left, "both are here", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Flags&3 == 3 })
	ready(t, left, right)
	awaitPhase(t, left, pongtest.Playing)
	awaitPhase(t, right, pongtest.Playing)
	return m, left, right
}

// sendAll sends frames as they are.
func sendAll(t *testing.T, p *pongtest.Player, frames ...[]byte) {
	t.Helper()
	for _, f := range frames {
		if err := p.Send(f); err != nil {
			t.Fatal(err)
		}
	}
}

func input(side int, dir int8, seq, tick uint32) []byte {
	return pongtest.Input(side, dir, seq, tick, 0xFFFF, 0)
}

// An input moves one's own paddle and is acknowledged; nobody else's does.
func TestInputsMoveThePaddle(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		m, left, right := begun(t, s, s.Person(), s.Person())
		watcher := sit(t, s, s.Person(), m.ID)
		awaitRole(t, watcher, pongtest.Watcher)
		at, _ := left.Last()
		sendAll(t, left, input(1, -1, 1, at.Tick+3)) // the side counts at one keyboard only
		sendAll(t, right, input(0, 1, 1, at.Tick+3))
		await(t, watcher, "both paddles move", func(_ welcomeOf, s snapshotOf, _ endedOf) bool {
			return s.Acks == [2]uint32{1, 1} && s.Paddles[0] < at.Paddles[0] && s.Paddles[1] > at.Paddles[1] && s.Dirs == [2]int8{-1, 1}
		})
		sendAll(t, watcher, input(0, 1, 9, at.Tick+30), []byte{3, 0}, []byte{2, 0})
		now, _ := right.Last()
		sendAll(t, left, input(0, 0, 2, now.Tick+3))
		sendAll(t, right, input(0, 0, 2, now.Tick+3))
		await(t, watcher, "both stand", func(_ welcomeOf, s snapshotOf, e endedOf) bool {
			return s.Acks == [2]uint32{2, 2} && s.Dirs == [2]int8{} && e == nil
		})
	})
}

// Too much that makes no sense closes the line, each in its way, and nobody else's.
func TestNonsenseOnTheWire(t *testing.T) {
	s := apptest.Start(t, "sqlite", nil)
	ann, bob := s.Person(), s.Person()
	m, left, right := begun(t, s, ann, bob)
	// Of each kind five, and two more: 32.
	kinds := []func(tick uint32) []byte{
		func(uint32) []byte { return nil },
		func(tick uint32) []byte { return input(0, 1, 1000, tick)[:10] },
		func(tick uint32) []byte { return append(input(0, 1, 1000, tick), 0) },
		func(tick uint32) []byte { return input(0, 5, 1000, tick) },
		func(tick uint32) []byte { return input(0, 1, 0, tick) },
		func(tick uint32) []byte { return input(0, 1, 1000, tick+5000) },
	}
	was, _ := right.Last()
	for i := range 31 {
		sendAll(t, right, kinds[i%len(kinds)](was.Tick))
	}
	sendAll(t, right, input(1, 0, 1, was.Tick))
	await(t, right, "what makes sense is heard", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Acks[1] == 1 })
	if now, _ := right.Last(); now.Paddles != was.Paddles {
		t.Errorf("paddles at %v, were at %v", now.Paddles, was.Paddles)
	}
	sendAll(t, right, []byte{9})
	wantClosed(t, right, websocket.ClosePolicyViolation)
	awaitPhase(t, left, pongtest.Paused)
	right = sit(t, s, bob, m.ID)
	awaitPhase(t, right, pongtest.Playing) // back in time, and all is forgiven
	if left.Ended() != nil {
		t.Error("the match is over")
	}

	watcher := sit(t, s, nil, m.ID)
	await(t, watcher, "welcome", welcomed)
	for range 32 {
		sendAll(t, watcher, input(0, 1, 1, 1))
	}
	wantClosed(t, watcher, websocket.ClosePolicyViolation)
	for code, send := range map[int]func(conn *websocket.Conn) error{
		websocket.CloseUnsupportedData: func(c *websocket.Conn) error { return c.WriteMessage(websocket.TextMessage, []byte("left!")) },
		websocket.CloseMessageTooBig:   func(c *websocket.Conn) error { return c.WriteMessage(websocket.BinaryMessage, make([]byte, 65)) },
	} {
		conn, res, err := websocket.DefaultDialer.DialContext(t.Context(), fmt.Sprintf("ws%s/ws/pong/matches/%d", strings.TrimPrefix(s.URL, "http"), m.ID), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		t.Cleanup(func() { _ = conn.Close() })
		if err := send(conn); err != nil {
			t.Fatal(err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(testkit.Patience)); err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, _, err = conn.ReadMessage()
		}
		if !websocket.IsCloseError(err, code) {
			t.Errorf("ended with %v, want %d", err, code)
		}
	}
}

// There is nothing to see at matches that there are not, or no more, or not yet.
func TestMatchesThatCannotBeSeen(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		ann, bob := s.Person(), s.Person()
		asked := inviteTo(t, ann, bob.UserID, 3)
		played(t, s, ann.UserID, bob.UserID)
		done := apptest.Into[pageOf[match]](t, ann.Get(matchesPath).Want(t, 200)).Results[0].ID
		for _, id := range []int64{0, -1, 999_999, asked.ID, done} {
			for _, c := range []*apptest.Client{ann, nil} {
				wantClosed(t, sit(t, s, c, id), 4004)
			}
		}
		if _, err := pongtest.Dial(t.Context(), s.URL, asked.ID, http.Header{"Origin": {"https://evil.example"}}); err == nil || !strings.Contains(err.Error(), "bad handshake") {
			t.Errorf("a page of another site: %v", err)
		}
		ticket := apptest.Into[struct{ Ticket string }](t, ann.Post("/api/accounts/ws-ticket/", nil).Want(t, 200)).Ticket
		m := agreed(t, bob, ann, 3)
		address := fmt.Sprintf("ws%s/ws/pong/matches/%d?ticket=%s", strings.TrimPrefix(s.URL, "http"), m.ID, ticket)
		conn, res, err := websocket.DefaultDialer.DialContext(t.Context(), address, nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		t.Cleanup(func() { _ = conn.Close() })
		if _, data, err := conn.ReadMessage(); err != nil || len(data) != 16 || data[0] != 2 || data[1] != pongtest.Right {
			t.Errorf("by ticket: %x, %v", data, err)
		}
		_, res, err = websocket.DefaultDialer.DialContext(t.Context(), address, nil)
		if err == nil || res == nil || res.StatusCode != http.StatusUnauthorized {
			t.Errorf("by a ticket that is used up: %v, %v", res, err)
		}
		_ = res.Body.Close()
	})
}

// The newest connection of a player plays, and the session's end ends it; watching
// goes on without one.
func TestWhoLosesTheSeat(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		ann, bob := s.Person(), s.Person()
		m, left, right := begun(t, s, ann, bob)
		second := sit(t, s, bob, m.ID)
		awaitRole(t, second, pongtest.Right)
		wantClosed(t, right, 4001)
		watcher := sit(t, s, nil, m.ID)
		awaitRole(t, watcher, pongtest.Watcher)
		if now, _ := left.Last(); now.Phase != pongtest.Playing {
			t.Errorf("phase %d", now.Phase)
		}
		bob.Post("/api/accounts/logout/", nil).Want(t, 200)
		wantClosed(t, second, ws.CloseSessionEnded)
		await(t, watcher, "the seat is held", func(_ welcomeOf, s snapshotOf, _ endedOf) bool {
			return s.Phase == pongtest.Paused && s.Flags&3 == 1 && s.Wait > 0 && s.Watchers == 1
		})
		back := sit(t, s, bob, m.ID) // who is nobody now
		awaitRole(t, back, pongtest.Watcher)
	})
}

func TestOneKeyboardSteersBothSides(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		m := apptest.Into[match](t, me.Post(matchesPath, M{"mode": "local", "points": 3}).Want(t, 201))
		p, watcher := sit(t, s, me, m.ID), sit(t, s, s.Person(), m.ID)
		awaitRole(t, p, pongtest.Both)
		awaitRole(t, watcher, pongtest.Watcher)
		ready(t, p)
		awaitPhase(t, p, pongtest.Playing)
		at, _ := p.Last()
		sendAll(t, p, input(0, -1, 1, at.Tick+2), input(1, 1, 1, at.Tick+2))
		await(t, watcher, "both paddles move", func(_ welcomeOf, s snapshotOf, _ endedOf) bool {
			return s.Acks == [2]uint32{1, 1} && s.Paddles[0] < at.Paddles[0] && s.Paddles[1] > at.Paddles[1]
		})
		if err := p.Resign(); err != nil {
			t.Fatal(err)
		}
		await(t, watcher, "the end", func(_ welcomeOf, _ snapshotOf, e endedOf) bool {
			return e != nil && e.Void && e.Winner == -1 && e.Reason == 4
		})
		if got := matchOf(t, me, m.ID); got.State != "void" || got.Reason != "abandoned" || got.Rated || count(t, s, "SELECT count(*) FROM pong_standings") != 0 {
			t.Errorf("stored: %+v", got)
		}
	})
}
