package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"rally/modules/friends"
	"rally/platform/fault"
	"rally/platform/page"
	"rally/platform/web"
)

// Directions of a request, seen by one of both.
const (
	incoming = "incoming"
	outgoing = "outgoing"
)

type requestBody struct {
	ID int64 `json:"id" example:"12"`
	PersonBody
	Direction string    `json:"direction" enum:"incoming,outgoing" example:"incoming"`
	CreatedAt time.Time `json:"created_at"`
}

func toRequest(ctx context.Context, q friends.Asked) requestBody {
	body := requestBody{ID: q.ID, PersonBody: personBody(ctx, q.Other), Direction: incoming, CreatedAt: q.CreatedAt}
	if q.To == q.Other.UserID {
		body.Direction = outgoing
	}
	return body
}

type requestsInput struct {
	web.CursorInput
	Direction string `query:"direction" enum:"incoming,outgoing" default:"incoming" doc:"incoming: they asked me; outgoing: I asked them."`
}

func (a *API) requests(ctx context.Context, in *requestsInput) (*reply[web.CursorBody[requestBody]], error) {
	r, err := in.Request(page.CursorList{Name: "friends.requests", Filters: []string{in.Direction}})
	if err != nil {
		return nil, err
	}
	list, err := a.friends.RequestsOf(ctx, in.Direction == outgoing, r)
	if err != nil {
		return nil, err
	}
	return answer(web.NewCursorBody(ctx, &in.CursorInput, list, func(q friends.Asked) requestBody { return toRequest(ctx, q) })), nil
}

// whoInput names somebody.
type whoInput struct {
	Body struct {
		UserID      int64  `json:"user_id,omitempty" minimum:"1" doc:"This or profile_name." example:"7"`
		ProfileName string `json:"profile_name,omitempty" maxLength:"60" doc:"This or user_id."`
	}
}

// check makes sure that it names one person in one way.
func (in *whoInput) check() error {
	if (in.Body.UserID == 0) == (strings.TrimSpace(in.Body.ProfileName) == "") {
		return fault.ErrInvalid.WithField("user_id", "Give either user_id or profile_name.")
	}
	return nil
}

type outcomeBody struct {
	ID *int64 `json:"id" doc:"Null when we were friends before." example:"12"`
	PersonBody
	Direction string     `json:"direction" enum:"incoming,outgoing" example:"outgoing"`
	Status    string     `json:"status" enum:"pending,accepted,friends" doc:"accepted: they had asked me, and we are friends now." example:"pending"`
	CreatedAt *time.Time `json:"created_at"`
}

const areFriends = "friends"

func (a *API) ask(ctx context.Context, in *whoInput) (*statusReply[outcomeBody], error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	out, err := a.friends.Ask(ctx, in.Body.UserID, in.Body.ProfileName)
	if err != nil {
		return nil, err
	}
	body := outcomeBody{PersonBody: personBody(ctx, out.Other), Direction: outgoing, Status: areFriends}
	if out.ID != 0 {
		body.ID, body.Status, body.CreatedAt = &out.ID, out.State, &out.CreatedAt
	}
	if out.State == friends.Accepted {
		body.Direction = incoming
	}
	status := http.StatusOK
	if out.New {
		status = http.StatusCreated
	}
	return &statusReply[outcomeBody]{status, body}, nil
}

type requestInput struct {
	ID int64 `path:"id" example:"12"`
}

type answeredBody struct {
	UserID int64  `json:"user_id" doc:"Who had asked." example:"7"`
	Status string `json:"status" enum:"friends,declined" example:"friends"`
}

func (a *API) accept(ctx context.Context, in *requestInput) (*reply[answeredBody], error) {
	who, err := a.friends.Accept(ctx, in.ID)
	return answer(answeredBody{who, areFriends}), err
}

func (a *API) decline(ctx context.Context, in *requestInput) (*reply[answeredBody], error) {
	who, err := a.friends.Decline(ctx, in.ID)
	return answer(answeredBody{who, friends.Declined}), err
}

func (a *API) cancel(ctx context.Context, in *requestInput) (*noBody, error) {
	return nil, a.friends.Cancel(ctx, in.ID)
}
