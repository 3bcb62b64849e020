package app

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"go.uber.org/fx"

	"rally/modules/shop"
	"rally/platform/fault"
	"rally/platform/mail"
	"rally/platform/web"
)

// errNoOutbox hides the outbox where it is not for everybody to read.
var errNoOutbox = fault.New(fault.NotFound, "demo.no_outbox", "This server shows no outbox.")

// outboxShown is how many mails the demo's outbox shows.
const outboxShown = 50

type metaParams struct {
	fx.In
	Version string `name:"version"`

	Demo  demoConfig
	Mail  mail.Config
	Queue *mail.Queue
	Shop  *shop.Service
}

type metaBody struct {
	Name    string   `json:"name" example:"Rally"`
	Version string   `json:"version" example:"0.1.0"`
	Demo    bool     `json:"demo" doc:"A demo world: its mails can be read at /outbox."`
	Fees    feesBody `json:"fees"`
}

type feesBody struct {
	BuyerBps  int64 `json:"buyer_bps" doc:"Fee of the buyer in basis points of the price." example:"150"`
	SellerBps int64 `json:"seller_bps" doc:"Fee of the seller in basis points of the price." example:"300"`
}

type keptBody struct {
	ID        int64     `json:"id"`
	To        string    `json:"to"`
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
	CreatedAt time.Time `json:"created_at"`
}

// metaRoutes tell the browser client about this server.
func metaRoutes(p metaParams) web.Routes {
	showsOutbox := p.Demo.Demo && p.Mail.Keeps()
	return web.Routes{Name: "meta", Register: func(api huma.API) {
		huma.Register(api, web.Op(http.MethodGet, "/api/meta/", "meta", "Meta", "What this server is"), func(ctx context.Context, _ *struct{}) (*struct{ Body metaBody }, error) {
			fees, err := p.Shop.Terms(ctx)
			if err != nil {
				return nil, err
			}
			return &struct{ Body metaBody }{metaBody{
				Name: "Rally", Version: p.Version, Demo: showsOutbox, Fees: feesBody{BuyerBps: fees.BuyerBps, SellerBps: fees.SellerBps},
			}}, nil
		})
		huma.Register(api, web.Op(http.MethodGet, "/api/demo/outbox/", "demo-outbox", "Meta", "Read the mails of a demo world", web.Errors(404),
			web.Describe("Only with RALLY_DEMO and without RALLY_SMTP_URL; elsewhere 404.")), func(ctx context.Context, _ *struct{}) (*struct{ Body []keptBody }, error) {
			if !showsOutbox {
				return nil, errNoOutbox
			}
			kept, err := p.Queue.Outbox(ctx, outboxShown)
			if err != nil {
				return nil, err
			}
			body := make([]keptBody, len(kept))
			for i, k := range kept {
				body[i] = keptBody{ID: k.ID, To: k.To, Subject: k.Subject, Text: k.Body, CreatedAt: k.CreatedAt}
			}
			return &struct{ Body []keptBody }{body}, nil
		})
	}}
}
