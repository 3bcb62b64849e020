package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/shop"
	"rally/platform/page"
	"rally/platform/web"
)

func (a *API) registerBids(api huma.API) {
	huma.Register(api, web.Op(http.MethodPost, "/api/shop/products/{id}/bids/", "shop-bid-place", tag, "Place a bid", web.Login(), created(), web.Errors(404, 409),
		web.Describe("A purchase bid must be below the lowest ask, a sales bid above the highest purchase bid: else 400 `shop.bid_crosses_book` with the best `price` of the other side. "+
			"A price beyond ±30 % of the last trade answers 409 `shop.price_needs_confirmation` until `confirm` is true; one beyond five times, or a fifth, 400 `shop.price_out_of_band`.")),
		web.Idempotent(a.ids, "shop-bid-place", a.placeBid))
	for _, side := range []shop.Side{shop.Purchase, shop.Sales} {
		list, single, id := "/api/shop/"+string(side)+"bids/", "/api/shop/"+string(side)+"bids/{id}/", "shop-"+string(side)+"-bid"
		huma.Register(api, web.Op(http.MethodGet, list, id+"s", tag, "List my open "+string(side)+" bids", web.Login()), a.listBids(side))
		huma.Register(api, web.Op(http.MethodGet, single, id, tag, "Read my bid", web.Login(), web.Errors(404)), a.readBid(side))
		change := web.Describe("A new price loses the bid's time priority.")
		huma.Register(api, web.Op(http.MethodPut, single, id+"-put", tag, "Change my bid", web.Login(), web.Errors(404, 409), change), a.changeBid(side))
		huma.Register(api, web.Op(http.MethodPatch, single, id+"-patch", tag, "Change my bid", web.Login(), web.Errors(404, 409), change), a.changeBid(side))
		huma.Register(api, web.Op(http.MethodDelete, single, id+"-cancel", tag, "Cancel my bid", web.Login(), noContent(), web.Errors(404, 409)), a.cancelBid(side))
	}
}

type placeBidInput struct {
	web.IdempotencyHeader
	SideInput
	Body struct {
		Price         int64 `json:"price" doc:"In won, a multiple of the article's tick." example:"124000"`
		ExpiresInDays *int  `json:"expires_in_days,omitempty" doc:"1, 3, 7, 14, 30 or 60; 30 by default." example:"30"`
		Confirm       bool  `json:"confirm,omitempty" doc:"The price is unusual, and meant."`
	}
}

func (a *API) placeBid(ctx context.Context, in *placeBidInput) (*reply[BidBody], error) {
	side, err := shop.ParseSide(in.Type)
	if err != nil {
		return nil, err
	}
	b, err := a.shop.PlaceBid(ctx, shop.NewBid{ProductID: in.ID, Side: side, Price: in.Body.Price, Days: in.Body.ExpiresInDays, Confirm: in.Body.Confirm})
	if err != nil {
		return nil, err
	}
	return answer(toBid(b)), nil
}

func (a *API) listBids(side shop.Side) func(context.Context, *struct{ web.PageInput }) (*pageOf[MyBidBody], error) {
	return func(ctx context.Context, in *struct{ web.PageInput }) (*pageOf[MyBidBody], error) {
		list := func(ctx context.Context, p page.Request) (page.List[shop.Placed[shop.Bid]], error) {
			return a.shop.MyBids(ctx, side, p)
		}
		return listPage(ctx, &in.PageInput, list, func(p shop.Placed[shop.Bid]) MyBidBody { return a.toMyBid(ctx, p) })
	}
}

func (a *API) readBid(side shop.Side) func(context.Context, *IDInput) (*reply[MyBidBody], error) {
	return func(ctx context.Context, in *IDInput) (*reply[MyBidBody], error) {
		p, err := a.shop.MyBid(ctx, side, in.ID)
		if err != nil {
			return nil, err
		}
		return answer(a.toMyBid(ctx, p)), nil
	}
}

type changeBidInput struct {
	IDInput
	Body struct {
		Price         *int64 `json:"price,omitempty" example:"125000"`
		ExpiresInDays *int   `json:"expires_in_days,omitempty" doc:"From now." example:"30"`
		Confirm       bool   `json:"confirm,omitempty"`
	}
}

func (a *API) changeBid(side shop.Side) func(context.Context, *changeBidInput) (*reply[MyBidBody], error) {
	return func(ctx context.Context, in *changeBidInput) (*reply[MyBidBody], error) {
		_, err := a.shop.ChangeBid(ctx, side, in.ID, shop.BidChange{Price: in.Body.Price, Days: in.Body.ExpiresInDays, Confirm: in.Body.Confirm})
		if err != nil {
			return nil, err
		}
		return a.readBid(side)(ctx, &in.IDInput)
	}
}

func (a *API) cancelBid(side shop.Side) func(context.Context, *IDInput) (*noBody, error) {
	return func(ctx context.Context, in *IDInput) (*noBody, error) {
		return nil, a.shop.CancelBid(ctx, side, in.ID)
	}
}
