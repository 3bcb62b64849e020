package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"rally/platform/ws"
)

const (
	// closeElsewhere closes who waits at the door for too long; docs/live.md.
	closeElsewhere = 4001
	// comeBack is how long a client waits that was told that the seat is free.
	comeBack = 2 * time.Second
)

// twice connects somebody in two sessions. The second waits at the door. They
// are nil where the home has nobody who is logged in twice any more.
func (h *home) twice(ctx context.Context) (p *person, first, second *line, err error) {
	if p = h.anybodyTwice(); p == nil {
		return nil, nil, nil, nil
	}
	if first, _, err = h.enter(ctx, p); err != nil {
		return nil, nil, nil, err
	}
	if second, err = h.knock(ctx, p, p.sessions[1]); err != nil {
		first.hangUp()
		return nil, nil, nil, err
	}
	if err = session(second, "elsewhere"); err != nil {
		first.hangUp()
		second.hangUp()
		return nil, nil, nil, err
	}
	return p, first, second, nil
}

// refused is a second session that waits until it is sent away.
func (h *home) refused(ctx context.Context) error {
	p, first, second, err := h.twice(ctx)
	if p == nil {
		return err
	}
	defer first.hangUp()
	defer second.hangUp()
	if err := second.say(`{"sub":` + h.books(1) + `}`); err != nil {
		return err
	}
	if err := faulty(second, "ws.not_seated"); err != nil {
		return err
	}
	if err := second.ends(soakPatience, closeElsewhere); err != nil {
		return err
	}
	if err := h.wander(first, h.life()); err != nil {
		return err
	}
	return h.leave(first)
}

// freed is a second session that waits until the first leaves.
func (h *home) freed(ctx context.Context) error {
	p, first, second, err := h.twice(ctx)
	if p == nil {
		return err
	}
	defer first.hangUp()
	defer second.hangUp()
	if err := h.leave(first); err != nil {
		return err
	}
	if err := session(second, "free"); err != nil {
		return err
	}
	if err := second.bye(); err != nil {
		return err
	}
	h.pause(comeBack)
	p.sessions[0], p.sessions[1] = p.sessions[1], p.sessions[0]
	return h.visitOf(ctx, p, h.life())
}

// takeover is a second session that takes over, which ends the first.
func (h *home) takeover(ctx context.Context) error {
	p, first, second, err := h.twice(ctx)
	if p == nil {
		return err
	}
	defer first.hangUp()
	defer second.hangUp()
	old := p.sessions[0]
	p.sessions = p.sessions[1:]
	if err := second.say(`{"takeover":true}`); err != nil {
		return err
	}
	if _, err := seated(second); err != nil {
		return err
	}
	if err := first.ends(soakPatience, ws.CloseSessionEnded); err != nil {
		return err
	}
	token, err := h.token(p, old)
	if err != nil {
		return err
	}
	if _, err := h.call(ctx, "GET", "/api/accounts/profile/", "", token, http.StatusUnauthorized); err != nil {
		return fmt.Errorf("the session that ended: %w", err)
	}
	if err := h.wander(second, h.life()); err != nil {
		return err
	}
	return h.leave(second)
}
