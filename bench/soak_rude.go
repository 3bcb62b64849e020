package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"rally/platform/ws"
)

const (
	// stopped is longer than a line may be silent, so one that isn't read is closed.
	stopped = 50 * time.Second
	// muchAsked is how often a reader that stops asks for 64 books: the answers are
	// more than all buffers hold.
	muchAsked = 500
	// paused is shorter than anything that closes a line.
	paused = 5 * time.Second
)

// faulty reads the next error frame, which must have this code.
func faulty(l *line, code string) error {
	n, err := l.expect(code, func(n news) bool { return n.topic == "error" })
	if err == nil && n.Code != code {
		err = fmt.Errorf("the error is %q, not %q", n.Code, code)
	}
	return err
}

// malformed says things that are no requests, now and then one too many.
func (h *home) malformed(ctx context.Context) error {
	p, _ := h.anybody()
	l, _, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	defer l.hangUp()
	texts := []string{"", "{", "null", "[]", `{"sub":1}`, `{"sub":[1]}`, "{}", `{"take":true}`, "\xff", strings.Repeat("[", ws.MaxFrame)}
	n := 1 + h.random.IntN(5)
	for i := range n {
		if err := l.say(texts[h.random.IntN(len(texts))]); err != nil {
			return err
		}
		if i == 4 {
			return l.ends(soakPatience, websocket.ClosePolicyViolation)
		}
		if err := faulty(l, "ws.malformed"); err != nil {
			return err
		}
	}
	if err := l.say(`{"sub":["no.such:topic"]}`); err != nil {
		return err
	}
	if err := faulty(l, "ws.unknown_topic"); err != nil {
		return err
	}
	if err := h.wander(l, h.life()/2); err != nil {
		return err
	}
	return h.leave(l)
}

// nonsense breaks the protocol below the frames.
func (h *home) nonsense(ctx context.Context) error {
	if h.random.IntN(4) == 0 {
		return h.halfway(ctx)
	}
	p, _ := h.anybody()
	l, _, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	defer l.hangUp()
	switch h.random.IntN(3) {
	case 0:
		if err := l.say(`{"sub":[]` + strings.Repeat(" ", ws.MaxFrame) + `}`); err != nil {
			return err
		}
		return l.ends(soakPatience, websocket.CloseMessageTooBig)
	case 1:
		if err := l.conn.WriteMessage(websocket.BinaryMessage, []byte{0, 1, 2}); err != nil {
			return err
		}
		return l.ends(soakPatience, websocket.CloseUnsupportedData)
	default: // a frame that is not masked, as a client's must be
		if err := l.raw([]byte{0x81, 2, '{', '}'}); err != nil {
			return err
		}
		return l.ends(soakPatience, websocket.CloseProtocolError)
	}
}

// halfway begins a handshake, and goes away in the middle of it or right after.
func (h *home) halfway(ctx context.Context) error {
	p, _ := h.anybody()
	token, err := h.token(p, p.sessions[0])
	if err != nil {
		return err
	}
	w, err := dial(ctx, h.addr)
	if err != nil {
		return err
	}
	defer w.close()
	text := request("GET", h.addr, "/ws", "", "Authorization: Bearer "+token, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
	if h.random.IntN(2) == 0 {
		text = text[:h.random.IntN(len(text))]
	}
	if _, err := w.conn.Write(text); err != nil {
		return err
	}
	h.pause(100 * time.Millisecond)
	return nil
}

// slow asks for more and more, and never reads what it is told. The server must
// close the line: it can't be written to, and doesn't answer pings.
func (h *home) slow(ctx context.Context) error {
	p, _ := h.anybody()
	l, _, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	defer l.hangUp()
	if err := l.squeeze(); err != nil {
		return err
	}
	l.eyes.Lock()
	text := `{"sub":` + h.books(ws.MaxTopics) + `}`
	for i := 0; i < muchAsked && err == nil; i++ { // until the server doesn't read either
		err = l.sayWithin(time.Second, text)
	}
	h.pauseFor(stopped)
	l.eyes.Unlock()
	if h.over() {
		l.reset()
		return nil
	}
	return l.dies()
}

// doze stops reading for a moment, and then reads on.
func (h *home) doze(ctx context.Context) error {
	p, _ := h.anybody()
	l, _, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	defer l.hangUp()
	l.eyes.Lock()
	err = l.say(`{"sub":` + h.books(8) + `}`)
	h.pauseFor(paused)
	l.eyes.Unlock()
	if err != nil {
		return err
	}
	if err := h.wander(l, h.life()/2); err != nil {
		return err
	}
	return h.leave(l)
}
