// Package api is the exchange on the wire: its operations under /api/shop/,
// their bodies, and the live topic of the order book. A handler reads its
// input, calls one use case and shapes the answer.
package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/shop"
	"rally/platform/web"
)

const tag = "Shop"

// API is the exchange's operations.
type API struct {
	shop *shop.Service
	ids  *web.Idempotency
}

// New returns the operations over a service.
func New(service *shop.Service, ids *web.Idempotency) *API {
	return &API{shop: service, ids: ids}
}

// Register adds the operations to the document.
func (a *API) Register(api huma.API) {
	a.registerCatalogue(api)
	a.registerProducts(api)
	a.registerMarket(api)
	a.registerBids(api)
	a.registerOrders(api)
	a.registerWishes(api)
	a.registerPortfolio(api)
	a.registerDesk(api)
}

// IDInput is embedded by the inputs of operations on one thing. It is exported,
// like all that is embedded here, because huma looks at exported fields only.
type IDInput struct {
	ID int64 `path:"id" example:"12"`
}

// reply is an answer with a body.
type reply[T any] struct{ Body T }

func answer[T any](body T) *reply[T] { return &reply[T]{Body: body} }

// statusReply is an answer whose status depends on what happened.
type statusReply[T any] struct {
	Status int
	Body   T
}

type noBody struct{}

func noContent() web.OpOption { return web.Status(http.StatusNoContent) }

func created() web.OpOption { return web.Status(http.StatusCreated) }

// pageOf is the answer of a numbered list.
type pageOf[T any] struct{ Body web.PageBody[T] }

// SideParam is embedded by the inputs that must name a side.
type SideParam struct {
	Type string `query:"type" required:"true" enum:"purchase,sales" doc:"purchase: the buyer's side; sales: the seller's." example:"purchase"`
}
