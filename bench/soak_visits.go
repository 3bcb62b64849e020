package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// stay is an ordinary visit.
func (h *home) stay(ctx context.Context) error {
	p, _ := h.anybody()
	return h.visitOf(ctx, p, h.life())
}

func (h *home) visitOf(ctx context.Context, p *person, d time.Duration) error {
	l, _, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	defer l.hangUp()
	if err := h.wander(l, d); err != nil {
		return err
	}
	return h.leave(l)
}

// tabs is a visit with two tabs, which live together.
func (h *home) tabs(ctx context.Context) error {
	p, _ := h.anybody()
	one, _, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	defer one.hangUp()
	two, _, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	defer two.hangUp()
	d := h.life()
	if err := h.wander(one, d/2); err != nil {
		return err
	}
	if err := h.leave(one); err != nil {
		return err
	}
	if err := h.wander(two, d/2); err != nil {
		return err
	}
	return h.leave(two)
}

// anonymous is a visit of somebody who is not logged in.
func (h *home) anonymous(ctx context.Context) error {
	l, err := h.open(ctx, "", nil)
	if err != nil {
		return err
	}
	defer l.hangUp()
	if err := h.greeted(l, 0); err != nil {
		return err
	}
	if err := h.wander(l, h.life()); err != nil {
		return err
	}
	return h.leave(l)
}

// ticket is a visit that begins with a ticket, which is good for one.
func (h *home) ticket(ctx context.Context) error {
	p, _ := h.anybody()
	token, err := h.token(p, p.sessions[0])
	if err != nil {
		return err
	}
	body, err := h.call(ctx, "POST", "/api/accounts/ws-ticket/", "", token, http.StatusOK, http.StatusCreated)
	if err != nil {
		return err
	}
	var answer struct {
		Ticket string `json:"ticket"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("read the ticket: %w", err)
	}
	query := "?ticket=" + url.QueryEscape(answer.Ticket)
	l, err := h.open(ctx, query, nil)
	if err != nil {
		return err
	}
	defer l.hangUp()
	if again, err := h.open(ctx, query, nil); err == nil {
		again.hangUp()
		return errors.New("a ticket was good for two")
	}
	if err := h.greeted(l, h.id(p)); err != nil {
		return err
	}
	if _, err := seated(l); err != nil {
		return err
	}
	if err := h.wander(l, h.life()); err != nil {
		return err
	}
	return h.leave(l)
}

// resume is a break in which somebody is told something.
func (h *home) resume(ctx context.Context) error {
	p, other := h.anybody()
	l, last, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	l.reset()
	request, err := h.ask(ctx, other, p)
	if err != nil {
		return err
	}
	if l, _, err = h.enter(ctx, p); err != nil {
		return err
	}
	defer l.hangUp()
	if err := l.say(`{"resume":{"inbox":` + strconv.FormatInt(last, 10) + `}}`); err != nil {
		return err
	}
	if _, err := l.expect("what was missed", func(n news) bool { return n.topic == "inbox" && n.Notification != nil && n.Last > last }); err != nil {
		return err
	}
	token, err := h.token(p, p.sessions[0])
	if err != nil {
		return err
	}
	if _, err := h.call(ctx, "POST", request+"decline/", "", token, http.StatusOK); err != nil {
		return err
	}
	if err := h.event(l, "withdrawn", other); err != nil {
		return err
	}
	if err := h.wander(l, h.life()); err != nil {
		return err
	}
	return h.leave(l)
}

// ask makes a request between two people who are strangers, and returns its path.
func (h *home) ask(ctx context.Context, from, to *person) (path string, err error) {
	token, err := h.token(from, from.sessions[0])
	if err != nil {
		return "", err
	}
	body, err := h.call(ctx, "POST", "/api/friends/requests/", `{"user_id":`+strconv.FormatInt(h.id(to), 10)+`}`, token, http.StatusCreated)
	if err != nil {
		return "", err
	}
	var answer struct {
		ID int64 `json:"id"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", fmt.Errorf("read the request: %w", err)
	}
	return "/api/friends/requests/" + strconv.FormatInt(answer.ID, 10) + "/", nil
}

// event reads what is said of somebody on the topic friends.
func (h *home) event(l *line, name string, about *person) error {
	id := h.id(about)
	_, err := l.expect("event "+name, func(n news) bool { return n.topic == "friends" && n.Event == name && n.User != nil && *n.User == id })
	return err
}

// rename gives somebody another name, which they hear of on their line.
func (h *home) rename(ctx context.Context) error {
	p, _ := h.anybody()
	l, _, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	defer l.hangUp()
	token, err := h.token(p, p.sessions[0])
	if err != nil {
		return err
	}
	p.renamed++
	name := fmt.Sprintf("crowd_%d_%d", p.i, p.renamed)
	if _, err := h.call(ctx, "PATCH", "/api/accounts/profile/", `{"profile_name":"`+name+`"}`, token, http.StatusOK); err != nil {
		return err
	}
	if _, err := l.expect("the new name", func(n news) bool { return n.topic == "friends" && n.Event == "renamed" && n.New == name }); err != nil {
		return err
	}
	if err := h.wander(l, h.life()); err != nil {
		return err
	}
	return h.leave(l)
}

// befriend makes friends of two people who are there, and parts them.
func (h *home) befriend(ctx context.Context) error {
	p, other := h.anybody()
	mine, _, err := h.enter(ctx, p)
	if err != nil {
		return err
	}
	defer mine.hangUp()
	theirs, _, err := h.enter(ctx, other)
	if err != nil {
		return err
	}
	defer theirs.hangUp()
	request, err := h.ask(ctx, p, other)
	if err != nil {
		return err
	}
	if err := h.event(theirs, "request", p); err != nil {
		return err
	}
	token, err := h.token(other, other.sessions[0])
	if err != nil {
		return err
	}
	if _, err := h.call(ctx, "POST", request+"accept/", "", token, http.StatusOK); err != nil {
		return err
	}
	if err := h.event(mine, "accepted", other); err != nil {
		return err
	}
	if err := h.event(theirs, "accepted", p); err != nil {
		return err
	}
	if err := h.wander(mine, h.life()/2); err != nil {
		return err
	}
	// Both sessions are still in use: no visit of this home came between.
	if _, err := h.call(ctx, "DELETE", "/api/friends/"+strconv.FormatInt(h.id(p), 10)+"/", "", token, http.StatusNoContent); err != nil {
		return err
	}
	if err := h.event(mine, "removed", other); err != nil {
		return err
	}
	if err := h.event(theirs, "removed", p); err != nil {
		return err
	}
	if err := h.leave(theirs); err != nil {
		return err
	}
	return h.leave(mine)
}
