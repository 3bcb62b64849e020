// Package api is friends on the wire: the operations under /api/friends/, their
// bodies, and what the live connection says of presence. A handler reads its
// input, calls one use case and shapes the answer.
package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/friends"
	"rally/platform/blob"
	"rally/platform/page"
	"rally/platform/web"
)

const tag = "Friends"

// API is the operations of friends.
type API struct{ friends *friends.Service }

// New returns the operations over a service.
func New(service *friends.Service) *API { return &API{service} }

// Register adds the operations to the document.
func (a *API) Register(api huma.API) {
	const root, requests, request = "/api/friends/", "/api/friends/requests/", "/api/friends/requests/{id}/"
	huma.Register(api, web.Op(http.MethodGet, root, "friends", tag, "List my friends", web.Login(),
		web.Describe("Those who are seen first, then by name. Who comes or goes between two pages may be missing or appear twice: the live topic `friends` tells.")), a.list)
	huma.Register(api, web.Op(http.MethodDelete, "/api/friends/{user_id}/", "friend-remove", tag, "End a friendship", web.Login(), web.Status(http.StatusNoContent),
		web.Describe("204 also when there is none.")), a.unfriend)
	huma.Register(api, web.Op(http.MethodGet, requests, "friend-requests", tag, "List the requests that wait, newest first", web.Login()), a.requests)
	huma.Register(api, web.Op(http.MethodPost, requests, "friend-request-create", tag, "Ask somebody to be my friend", web.Login(), web.Status(http.StatusCreated), web.Errors(404, 409, 429),
		web.Describe("Name them by `user_id` or by `profile_name`. Whoever asked me before is accepted by it: 200, status `accepted`. Asked before: 200 and the same request. "+
			"Friends already: 200, status `friends`. At most 30 in an hour and 100 that wait.")), a.ask)
	huma.Register(api, web.Op(http.MethodPost, request+"accept/", "friend-request-accept", tag, "Accept a request", web.Login(), web.Errors(404, 409),
		web.Describe("Accepting again changes nothing.")), a.accept)
	huma.Register(api, web.Op(http.MethodPost, request+"decline/", "friend-request-decline", tag, "Decline a request", web.Login(), web.Errors(404),
		web.Describe("Declining again changes nothing.")), a.decline)
	huma.Register(api, web.Op(http.MethodDelete, request, "friend-request-cancel", tag, "Take my request back", web.Login(), web.Status(http.StatusNoContent), web.Errors(404),
		web.Describe("204 also when it was answered or taken back before.")), a.cancel)
	huma.Register(api, web.Op(http.MethodGet, "/api/friends/search/", "friend-search", tag, "Find people by the beginning of their name", web.Login(),
		web.Describe("At most 20, by their names. Whoever blocks me, or is blocked by me, is not found.")), a.search)
	huma.Register(api, web.Op(http.MethodGet, "/api/friends/presence/", "friend-presence", tag, "Read whether I appear offline", web.Login()), a.presence)
	huma.Register(api, web.Op(http.MethodPut, "/api/friends/presence/", "friend-presence-set", tag, "Appear online or offline", web.Login()), a.appear)
	alsoOK(api, requests)
	a.registerBlocks(api)
}

// alsoOK says in the document that a POST which makes something answers 200 with
// the same body when it is there already.
func alsoOK(api huma.API, path string) {
	answers := api.OpenAPI().Paths[path].Post.Responses
	ok := *answers["201"]
	ok.Description = http.StatusText(http.StatusOK)
	answers["200"] = &ok
}

type reply[T any] struct{ Body T }

func answer[T any](body T) *reply[T] { return &reply[T]{body} }

type statusReply[T any] struct {
	Status int
	Body   T
}

type noBody struct{}

// PersonBody is somebody as others see them.
type PersonBody struct {
	UserID      int64   `json:"user_id" example:"7"`
	ProfileName string  `json:"profile_name" example:"a3f09c1"`
	Image       *string `json:"image" doc:"Address of the picture, or null."`
}

func personBody(ctx context.Context, p friends.Person) PersonBody {
	return PersonBody{UserID: p.UserID, ProfileName: p.ProfileName, Image: blob.Address(web.BaseURL(ctx), p.Image)}
}

type friendBody struct {
	PersonBody
	Online   bool       `json:"online"`
	Status   string     `json:"status" enum:"online,idle,in_match,offline" example:"idle"`
	Match    *int64     `json:"match" doc:"The match to watch, when they are in one."`
	LastSeen *time.Time `json:"last_seen" doc:"Null while they are online, and where nobody knows."`
	Since    time.Time  `json:"since" doc:"When the friendship began."`
}

func friendList() page.CursorList { return page.CursorList{Name: "friends.friends"} }

type placed struct {
	friends.Friend
	place int64
}

func (a *API) list(ctx context.Context, in *web.CursorInput) (*reply[web.CursorBody[friendBody]], error) {
	r, err := in.Request(friendList())
	if err != nil {
		return nil, err
	}
	all, err := a.friends.Friends(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]placed, len(all))
	for i, f := range all {
		rows[i] = placed{f, int64(i)}
	}
	list := page.Cut(r, rows, func(p placed) int64 { return p.place })
	return answer(web.NewCursorBody(ctx, in, list, func(p placed) friendBody {
		return friendBody{
			PersonBody: personBody(ctx, p.Person), Online: p.Status != friends.Offline, Status: string(p.Status), Match: some(p.Match),
			LastSeen: p.LastSeen, Since: p.Since,
		}
	})), nil
}

func some(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

type userInput struct {
	UserID int64 `path:"user_id" example:"7"`
}

func (a *API) unfriend(ctx context.Context, in *userInput) (*noBody, error) {
	return nil, a.friends.Unfriend(ctx, in.UserID)
}

type searchInput struct {
	Q string `query:"q" doc:"1…15 characters." example:"a3f"`
}

type foundBody struct {
	PersonBody
	Relation string `json:"relation" enum:"none,friends,incoming,outgoing" doc:"incoming: they asked me; outgoing: I asked them." example:"none"`
	Request  *int64 `json:"request" doc:"The request that waits between us."`
}

type foundList struct {
	Results []foundBody `json:"results"`
}

func (a *API) search(ctx context.Context, in *searchInput) (*reply[foundList], error) {
	found, err := a.friends.Search(ctx, in.Q)
	if err != nil {
		return nil, err
	}
	list := foundList{Results: make([]foundBody, len(found))}
	for i, f := range found {
		list.Results[i] = foundBody{PersonBody: personBody(ctx, f.Person), Relation: string(f.Relation), Request: some(f.Request)}
	}
	return answer(list), nil
}

// What a person appears as.
const (
	appearOnline  = "online"
	appearOffline = "offline"
)

type presenceBody struct {
	Appear string `json:"appear" enum:"online,offline" doc:"offline: friends don't see that I am here. To them it looks as if I had left, so they hear of it after ten seconds." example:"online"`
}

func presenceOf(hidden bool) presenceBody {
	if hidden {
		return presenceBody{appearOffline}
	}
	return presenceBody{appearOnline}
}

func (a *API) presence(ctx context.Context, _ *struct{}) (*reply[presenceBody], error) {
	hidden, err := a.friends.Appearance(ctx)
	return answer(presenceOf(hidden)), err
}

type presenceInput struct{ Body presenceBody }

func (a *API) appear(ctx context.Context, in *presenceInput) (*reply[presenceBody], error) {
	hidden := in.Body.Appear == appearOffline
	return answer(presenceOf(hidden)), a.friends.Appear(ctx, hidden)
}
