// Package api is the game on the wire: the operations under /api/pong/, their
// bodies, and what the live connection says of it. A handler reads its input,
// calls one use case and shapes the answer.
package api

import (
	"context"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/modules/pong"
	"rally/platform/blob"
	"rally/platform/web"
)

const (
	tag  = "Pong"
	base = "/api/pong/"
)

// API is the operations of the game.
type API struct {
	pong *pong.Service
	ids  *web.Idempotency
	now  func() time.Time
}

// New returns the operations over a service.
func New(service *pong.Service, ids *web.Idempotency, clock func() time.Time) *API {
	return &API{service, ids, clock}
}

// Register adds the operations to the document.
func (a *API) Register(api huma.API) {
	a.registerMatches(api)
	a.registerPlayers(api)
	a.registerCups(api)
}

type reply[T any] struct{ Body T }

func answer[T any](body T) *reply[T] { return &reply[T]{body} }

// IDInput is embedded by the inputs of operations on one thing. It is exported,
// like all that is embedded here, because huma looks at exported fields only.
type IDInput struct {
	ID int64 `path:"id" example:"12"`
}

// PersonBody is somebody as others see them.
type PersonBody struct {
	UserID      int64   `json:"user_id" example:"7"`
	ProfileName string  `json:"profile_name" example:"a3f09c1"`
	Image       *string `json:"image" doc:"Address of the picture, or null."`
}

func personBody(ctx context.Context, p accounts.Profile) PersonBody {
	return PersonBody{UserID: p.UserID, ProfileName: p.ProfileName, Image: blob.Address(web.BaseURL(ctx), p.Image)}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
