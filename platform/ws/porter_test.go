package ws_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"rally/platform/ws"
)

// porter is a door that does as the test says. It writes down what it was asked.
type porter struct {
	enter    func(ctx context.Context, c *ws.Conn) (bool, error)
	takeover func(ctx context.Context, c *ws.Conn) (bool, error)

	turn sync.Mutex
	mu   sync.Mutex
	said []string
}

func (p *porter) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, fmt.Sprintf(format, args...))
}

func (p *porter) notes() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.said, ", ")
}

func (p *porter) Enter(ctx context.Context, c *ws.Conn) (bool, error) {
	p.note("enter %d", c.Identity().UserID)
	if p.enter == nil {
		return true, nil
	}
	return p.enter(ctx, c)
}

func (p *porter) Takeover(ctx context.Context, c *ws.Conn) (bool, error) {
	p.note("takeover %d", c.Identity().UserID)
	if p.takeover == nil {
		return true, nil
	}
	return p.takeover(ctx, c)
}

func (p *porter) Idle(_ context.Context, c *ws.Conn, idle bool) error {
	p.note("idle %d %v", c.Identity().UserID, idle)
	return nil
}

func (p *porter) Leave(c *ws.Conn) { p.note("leave %d", c.Identity().UserID) }
func (p *porter) Closing()         { p.note("closing") }

func (p *porter) Turn(*ws.Conn) func() {
	p.turn.Lock()
	return p.turn.Unlock
}

// elsewhere keeps everybody outside.
func elsewhere(_ context.Context, c *ws.Conn) (bool, error) {
	c.Send("session", "elsewhere")
	return false, nil
}

// post is a personal topic of numbers: what was told, from 1 on.
type post struct {
	mu   sync.Mutex
	last int64
	err  error
	read func() // called while a greeting is read
}

func (p *post) topic() ws.Personal {
	return ws.Personal{Name: "post", Greet: func(_ context.Context, _, since int64) ([]any, error) {
		p.mu.Lock()
		last, err, read := p.last, p.err, p.read
		p.mu.Unlock()
		if read != nil {
			read()
		}
		if err != nil {
			return nil, err
		}
		if since < 0 {
			return []any{map[string]int64{"last": last}}, nil
		}
		var missed []any
		for n := since + 1; n <= last; n++ {
			missed = append(missed, n)
		}
		return missed, nil
	}}
}

// grow writes down n more, and returns the last.
func (p *post) grow(n int64) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last += n
	return p.last
}

func guarded(t *testing.T, door ws.Door, personal ...ws.Personal) *site {
	t.Helper()
	return start(t, setup{topics: []ws.Topic{feed(), book(&state{})}, options: func(o *ws.Options) { o.Door, o.Personal = door, personal }})
}
