package main

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"rally/modules/friends"
	"rally/platform/testkit"
)

// Pauses of a client before it comes back: the first and the longest.
const (
	leastPause   = 50 * time.Millisecond
	longestPause = 2 * time.Second
)

// upstreamHeader is where the proxy says which node it chose.
const upstreamHeader = "X-Upstream"

// tab is one live connection of somebody, as a browser's tab has it. Unless it
// is told not to, it comes back by itself whenever the connection ends, but for
// the codes that say not to.
type tab struct {
	t      *testing.T
	person *person
	url    string // ws://…
	once   bool   // it doesn't come back

	stop  context.CancelFunc
	ended chan struct{}

	mu      sync.Mutex
	conn    *websocket.Conn
	node    string           // that holds it; empty while there is none
	state   string           // of the session
	seated  bool             // it was in at some time
	refused bool             // it was at the door at some time
	friends map[int64]string // who is online, and their status
	heard   []said           // everything on the topic friends
	codes   []int            // that connections ended with
	last    int64            // seq of the inbox
	before  int64            // seq that it began with; what was told up to there is not counted
	told    map[int64]kept   // notifications by id
	resets  int              // how often the inbox was to be read again
	twice   []int64          // seqs that came though an earlier connection had them
	left    time.Time        // when the last connection ended
	away    time.Duration    // the longest time without one
}

// said is one frame of the topic friends.
type said struct {
	Friends []struct {
		UserID int64 `json:"user_id"`
		Status string
	}
	Event    string
	UserID   int64 `json:"user_id"`
	Status   string
	Old, New string
	Request  int64
}

type kept struct {
	ID, Seq, Count int64
	Kind           string
	connection     int // that brought it
}

// open connects somebody until the test ends.
func open(t *testing.T, p *person, url string, once bool) *tab {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := &tab{
		t: t, person: p, url: "ws" + url[len("http"):] + "/ws", once: once, stop: cancel, ended: make(chan struct{}),
		friends: map[int64]string{}, told: map[int64]kept{},
	}
	go c.run(ctx)
	t.Cleanup(c.close)
	return c
}

// close ends the tab. It may be called twice.
func (c *tab) close() {
	c.stop()
	c.mu.Lock()
	if c.conn != nil {
		_ = c.conn.Close()
	}
	c.mu.Unlock()
	<-c.ended
}

func (c *tab) run(ctx context.Context) {
	defer close(c.ended)
	pause := leastPause
	for nth := 1; ; nth++ {
		if c.connect(ctx, nth) {
			pause = leastPause
		}
		if c.once || ctx.Err() != nil || c.isOver() {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, longestPause)
	}
}

// connect lives through one connection. It returns false when there was none.
func (c *tab) connect(ctx context.Context, nth int) bool {
	conn, res, err := websocket.DefaultDialer.DialContext(ctx, c.url, http.Header{"Cookie": {"rally-access=" + c.person.token}})
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = res.Body.Close()
	c.mu.Lock()
	tried := strings.Split(res.Header.Get(upstreamHeader), ", ") // nodes that were away come first
	c.conn, c.node = conn, tried[len(tried)-1]
	gone := ctx.Err() != nil // close saw no connection yet
	c.mu.Unlock()
	for !gone {
		_, data, err := conn.ReadMessage()
		if err != nil {
			c.over(err)
			return true
		}
		c.take(data, nth)
	}
	return true
}

func (c *tab) over(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	code := websocket.CloseAbnormalClosure
	if e := (*websocket.CloseError)(nil); errors.As(err, &e) {
		code = e.Code
	}
	c.codes = append(c.codes, code)
	c.node, c.state, c.left = "", "", time.Now()
	c.conn = nil
}

func (c *tab) take(data []byte, nth int) {
	var frame struct {
		Topic string          `json:"t"`
		Data  json.RawMessage `json:"d"`
	}
	if err := json.Unmarshal(data, &frame); err != nil {
		c.t.Errorf("a frame that can't be read: %s", data)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch frame.Topic {
	case "session":
		var d struct{ State string }
		c.parse(frame.Data, &d)
		c.state = d.State
		switch d.State {
		case "here":
			c.seated = true
			c.comeBackLocked()
		case "elsewhere":
			c.refused = true
		}
	case "friends":
		var d said
		c.parse(frame.Data, &d)
		c.hearLocked(d)
	case "inbox":
		var d struct {
			Notification *kept
			Last         int64
			Reset        bool
		}
		c.parse(frame.Data, &d)
		switch {
		case d.Reset:
			// The node's bus was away, and signals with it: ask, as after a break.
			// Too much to be sent again would come back as a reset, on and on.
			if c.resets++; c.resets > 20 {
				c.t.Error("an inbox says that too much was missed")
				return
			}
			_ = c.conn.WriteJSON(map[string]any{"resume": map[string]int64{"inbox": c.last}})
		case d.Notification != nil:
			c.noteLocked(*d.Notification, nth)
		case nth == 1 && c.last == 0:
			c.last, c.before = d.Last, d.Last
		}
	}
}

func (c *tab) parse(data json.RawMessage, v any) {
	if err := json.Unmarshal(data, v); err != nil {
		c.t.Errorf("a frame that can't be read: %s", data)
	}
}

// comeBackLocked asks for what was missed meanwhile.
func (c *tab) comeBackLocked() {
	if c.left.IsZero() {
		return
	}
	c.away = max(c.away, time.Since(c.left))
	if err := c.conn.WriteJSON(map[string]any{"resume": map[string]int64{"inbox": c.last}}); err != nil {
		return // the next connection asks
	}
}

func (c *tab) hearLocked(d said) {
	c.heard = append(c.heard, d)
	switch d.Event {
	case "":
		clear(c.friends)
		for _, f := range d.Friends {
			c.friends[f.UserID] = f.Status
		}
	case "online", "status":
		c.friends[d.UserID] = d.Status
	case "accepted":
		if d.Status != "offline" {
			c.friends[d.UserID] = d.Status
		}
	case "offline", "removed":
		delete(c.friends, d.UserID)
	}
}

func (c *tab) noteLocked(n kept, nth int) {
	old, known := c.told[n.ID]
	if known && old.Seq >= n.Seq {
		if old.connection < nth {
			c.twice = append(c.twice, n.Seq)
		}
		return
	}
	if n.Seq <= c.before {
		return // its signal came later than the greeting that counted it
	}
	n.connection = nth
	c.told[n.ID] = n
	c.last = max(c.last, n.Seq)
}

func (c *tab) say(text string) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn == nil {
		c.t.Fatalf("%s is not connected", c.person.name)
	}
	if err := c.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// is waits until something holds of the tab.
func (c *tab) is(what string, ok func() bool) {
	c.t.Helper()
	testkit.Until(c.t, c.person.name+" "+what, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return ok()
	})
}

func (c *tab) isHere() *tab {
	c.t.Helper()
	c.is("is seated", func() bool { return c.state == "here" })
	return c
}

// sees waits until a friend has a status; "" is offline.
func (c *tab) sees(p *person, status string) {
	c.t.Helper()
	c.is("sees "+p.name+" "+status, func() bool { return c.friends[p.id] == status })
}

// hears waits until one of the frames of the topic friends fits.
func (c *tab) hears(what string, fits func(said) bool) {
	c.t.Helper()
	c.is("hears "+what, func() bool { return slices.ContainsFunc(c.heard, fits) })
}

// isTold waits until so many notifications of a kind have come.
func (c *tab) isTold(kind string, n int) {
	c.t.Helper()
	c.is("is told of "+kind, func() bool { return c.countLocked(kind) >= n })
	c.mu.Lock()
	defer c.mu.Unlock()
	if got := c.countLocked(kind); got != n {
		c.t.Errorf("%s has %d of %s, want %d: %v", c.person.name, got, kind, n, c.told)
	}
	if len(c.twice) > 0 {
		c.t.Errorf("%s is told again what an earlier connection had: %v", c.person.name, c.twice)
	}
}

func (c *tab) countLocked(kind string) (n int) {
	for k := range maps.Values(c.told) {
		if k.Kind == kind {
			n++
		}
	}
	return n
}

// where returns the node that holds the tab.
func (c *tab) where() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.node
}

// isOver reports whether the server said not to come back.
func (c *tab) isOver() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.ContainsFunc(c.codes, func(code int) bool { return code == friends.CloseElsewhere || code == friends.CloseTakenOver })
}

func (c *tab) sits() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state == "here"
}

// again breaks the connection, and waits until the tab is back.
func (c *tab) again() {
	c.t.Helper()
	c.mu.Lock()
	before := len(c.codes)
	_ = c.conn.Close()
	c.mu.Unlock()
	c.is("is back", func() bool { return len(c.codes) > before && c.state == "here" })
}

// mark returns how much was heard until now.
func (c *tab) mark() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.heard)
}

// endedWith waits until a connection has ended with a code.
func (c *tab) endedWith(code int) {
	c.t.Helper()
	c.is("is closed", func() bool { return slices.Contains(c.codes, code) })
}
