package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/shop"
	"rally/platform/page"
	"rally/platform/web"
)

func (a *API) registerOrders(api huma.API) {
	huma.Register(api, web.Op(http.MethodPost, "/api/shop/products/{id}/transorders/", "shop-trade", tag, "Buy or sell at once", web.Login(), created(), web.Errors(404, 409),
		web.Describe("Trades with the best bid of the other side that is not the caller's own, at that bid's price. With `expected_price`, another price answers 409 `shop.price_moved` with the new `price`.")),
		web.Idempotent(a.ids, "shop-trade", a.trade))
	huma.Register(api, web.Op(http.MethodPost, "/api/shop/products/{id}/storeorders/", "shop-store-order", tag, "Buy a store good", web.Login(), created(), web.Errors(404, 409),
		web.Describe("Buys one at the store's price. With `expected_price`, another price answers 409 `shop.price_moved` with the new `price`.")),
		web.Idempotent(a.ids, "shop-store-order", a.buyFromStore))
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/orders/", "shop-orders", tag, "List my orders", web.Login()), a.listOrders)
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/orders/{id}/", "shop-order", tag, "Read my order", web.Login(), web.Errors(404)), a.readOrder)
}

type expectation struct {
	ExpectedPrice *int64 `json:"expected_price,omitempty" doc:"The price that the caller saw." example:"131000"`
}

type tradeInput struct {
	web.IdempotencyHeader
	SideInput
	Body *expectation
}

func (e *expectation) price() *int64 {
	if e == nil {
		return nil
	}
	return e.ExpectedPrice
}

func (a *API) trade(ctx context.Context, in *tradeInput) (*reply[orderBody], error) {
	side, err := shop.ParseSide(in.Type)
	if err != nil {
		return nil, err
	}
	return a.placed(ctx)(a.shop.Trade(ctx, in.ID, side, in.Body.price()))
}

type storeOrderInput struct {
	web.IdempotencyHeader
	IDInput
	Body *expectation
}

func (a *API) buyFromStore(ctx context.Context, in *storeOrderInput) (*reply[orderBody], error) {
	return a.placed(ctx)(a.shop.BuyFromStore(ctx, in.ID, in.Body.price()))
}

// placed shapes what a use case says of one order.
func (a *API) placed(ctx context.Context) func(shop.Placed[shop.Order], error) (*reply[orderBody], error) {
	return func(p shop.Placed[shop.Order], err error) (*reply[orderBody], error) {
		if err != nil {
			return nil, err
		}
		return answer(a.toOrder(ctx, p)), nil
	}
}

type ordersInput struct {
	web.PageInput
	Type string `query:"type" enum:"purchase,sales" doc:"purchase: what the caller bought; sales: what they sold; both when left out." example:"purchase"`
}

func (a *API) listOrders(ctx context.Context, in *ordersInput) (*pageOf[orderBody], error) {
	list := func(ctx context.Context, p page.Request) (page.List[shop.Placed[shop.Order]], error) {
		return a.shop.MyOrders(ctx, shop.Side(in.Type), p) // the schema allows purchase, sales or nothing
	}
	return listPage(ctx, &in.PageInput, list, func(p shop.Placed[shop.Order]) orderBody { return a.toOrder(ctx, p) })
}

func (a *API) readOrder(ctx context.Context, in *IDInput) (*reply[orderBody], error) {
	return a.placed(ctx)(a.shop.MyOrder(ctx, in.ID))
}
