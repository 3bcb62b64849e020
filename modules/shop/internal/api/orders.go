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
		web.Describe("Trades with the best bid of the other side that is not the caller's own, at that bid's price. With `expected_price`, another price answers 409 `shop.price_moved` with the new `price`; "+
			"with `expected_fee`, another fee 409 `shop.fee_changed` with the new `fee`. With `confirm` false, a price beyond ±30 % of the last trade answers 409 `shop.price_needs_confirmation` until it is true.")),
		web.Idempotent(a.ids, "shop-trade", a.trade))
	huma.Register(api, web.Op(http.MethodPost, "/api/shop/products/{id}/storeorders/", "shop-store-order", tag, "Buy a store good", web.Login(), created(), web.Errors(404, 409),
		web.Describe("Buys one at the store's price. With `expected_price`, another price answers 409 `shop.price_moved` with the new `price`.")),
		web.Idempotent(a.ids, "shop-store-order", a.buyFromStore))
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/orders/", "shop-orders", tag, "List my orders", web.Login()), a.listOrders)
	const single = "/api/shop/orders/{id}/"
	huma.Register(api, web.Op(http.MethodGet, single, "shop-order", tag, "Read my order", web.Login(), web.Errors(404),
		web.Describe("The staff may read any. `actions` says what the caller may do now.")), a.readOrder)

	turn := " Out of turn: 409 `shop.order_wrong_state` with the `order_status`."
	huma.Register(api, web.Op(http.MethodPost, single+"withdraw/", "shop-order-withdraw", tag, "Withdraw from a trade", web.Login(), web.Errors(403, 404, 409),
		web.Describe("Either side, within 15 minutes of the trade, once in 24 hours: else 409 `shop.grace_over` or `shop.withdrawal_used`. The buyer gets everything back. A prize is no trade."+turn)), a.bare(a.shop.Withdraw))
	huma.Register(api, web.Op(http.MethodPost, single+"ship/", "shop-order-ship", tag, "Say that I sent it", web.Login(), web.Errors(403, 404, 409),
		web.Describe("The seller, within 48 hours. Again while it is on its way, it corrects the number."+turn)), a.ship)
	huma.Register(api, web.Op(http.MethodPost, single+"receive/", "shop-order-receive", tag, "Say that it reached the inspection centre", web.Staff(), web.Errors(404, 409), web.Describe("Staff."+turn)), a.bare(a.shop.Receive))
	huma.Register(api, web.Op(http.MethodPost, single+"pass/", "shop-order-pass", tag, "Let it pass the inspection", web.Staff(), web.Errors(404, 409), web.Describe("Staff."+turn)), a.bare(a.shop.Pass))
	huma.Register(api, web.Op(http.MethodPost, single+"fail/", "shop-order-fail", tag, "Let it fail the inspection", web.Staff(), web.Errors(404, 409),
		web.Describe("Staff. The seller pays the penalty; the buyer chooses between the next-best ask and their money."+turn)), a.fail)
	huma.Register(api, web.Op(http.MethodPost, single+"dispatch/", "shop-order-dispatch", tag, "Send it to the buyer", web.Staff(), web.Errors(404, 409), web.Describe("Staff, after it passed; store goods and prizes at once."+turn)), a.dispatch)
	huma.Register(api, web.Op(http.MethodPost, single+"confirm/", "shop-order-confirm", tag, "Say that I received it", web.Login(), web.Errors(403, 404, 409),
		web.Describe("The buyer. The seller is paid. It happens by itself after 7 days."+turn)), a.bare(a.shop.Confirm))
	huma.Register(api, web.Op(http.MethodPost, single+"refund/", "shop-order-refund", tag, "Take the money of a failed order back", web.Login(), web.Errors(403, 404, 409),
		web.Describe("The buyer. It happens by itself after 48 hours."+turn)), a.bare(a.shop.Refund))
	huma.Register(api, web.Op(http.MethodPost, single+"rebuy/", "shop-order-rebuy", tag, "Take the next-best ask for a failed order", web.Login(), web.Errors(403, 404, 409),
		web.Describe("The buyer. What was paid goes into the new order, which is the answer. Refusals are those of a trade."+turn)), web.Idempotent(a.ids, "shop-order-rebuy", a.rebuy))
	huma.Register(api, web.Op(http.MethodPost, single+"cancel/", "shop-order-cancel", tag, "Call an order off", web.Staff(), web.Errors(404, 409),
		web.Describe("Staff, until it was sent to the buyer. The buyer gets everything back; nobody is punished."+turn)), a.cancelOrder)
	huma.Register(api, web.Op(http.MethodPost, single+"undo/", "shop-order-undo", tag, "Take the staff's last step back", web.Staff(), web.Errors(404, 409),
		web.Describe("Staff, within 24 hours of a receive, pass, fail or dispatch on which nobody acted: else 409 `shop.nothing_to_undo`.")), a.undo)
}

// TradeFields are what somebody saw before they trade.
type TradeFields struct {
	ExpectedPrice *int64 `json:"expected_price,omitempty" doc:"The price that the caller saw." example:"131000"`
	ExpectedFee   *int64 `json:"expected_fee,omitempty" doc:"The fee that the caller saw." example:"1965"`
	Confirm       *bool  `json:"confirm,omitempty" doc:"false: refuse an unusual price; true: it is meant." example:"false"`
}

func (f *TradeFields) trade(productID int64, side shop.Side) shop.TradeNow {
	in := shop.TradeNow{ProductID: productID, Side: side}
	if f != nil {
		in.Expected, in.Fee, in.Confirm = f.ExpectedPrice, f.ExpectedFee, f.Confirm
	}
	return in
}

type tradeInput struct {
	web.IdempotencyHeader
	SideInput
	Body *TradeFields
}

func (a *API) trade(ctx context.Context, in *tradeInput) (*reply[OrderBody], error) {
	side, err := shop.ParseSide(in.Type)
	if err != nil {
		return nil, err
	}
	return a.order(ctx)(a.shop.Trade(ctx, in.Body.trade(in.ID, side)))
}

type storeOrderInput struct {
	web.IdempotencyHeader
	IDInput
	Body *TradeFields
}

func (a *API) buyFromStore(ctx context.Context, in *storeOrderInput) (*reply[OrderBody], error) {
	return a.order(ctx)(a.shop.BuyFromStore(ctx, in.Body.trade(in.ID, shop.Purchase)))
}

// order shapes what a use case says of one order.
func (a *API) order(ctx context.Context) func(shop.OrderView, error) (*reply[OrderBody], error) {
	return func(v shop.OrderView, err error) (*reply[OrderBody], error) {
		if err != nil {
			return nil, err
		}
		return answer(a.toOrder(ctx, v)), nil
	}
}

// bare is a step that needs nothing but the order.
func (a *API) bare(step func(context.Context, int64) (shop.OrderView, error)) func(context.Context, *IDInput) (*reply[OrderBody], error) {
	return func(ctx context.Context, in *IDInput) (*reply[OrderBody], error) {
		return a.order(ctx)(step(ctx, in.ID))
	}
}

type parcelInput struct {
	IDInput
	Body parcelBody
}

func (a *API) ship(ctx context.Context, in *parcelInput) (*reply[OrderBody], error) {
	return a.order(ctx)(a.shop.Ship(ctx, in.ID, shop.Parcel(in.Body)))
}

func (a *API) dispatch(ctx context.Context, in *parcelInput) (*reply[OrderBody], error) {
	return a.order(ctx)(a.shop.Dispatch(ctx, in.ID, shop.Parcel(in.Body)))
}

// ReasonFields are why the staff does something.
type ReasonFields struct {
	Reason string `json:"reason" doc:"1 to 300 characters." example:"Glue marks on the left sole."`
}

type reasonInput struct {
	IDInput
	Body ReasonFields
}

func (a *API) fail(ctx context.Context, in *reasonInput) (*reply[OrderBody], error) {
	return a.order(ctx)(a.shop.Fail(ctx, in.ID, in.Body.Reason))
}

func (a *API) cancelOrder(ctx context.Context, in *reasonInput) (*reply[OrderBody], error) {
	return a.order(ctx)(a.shop.CancelOrder(ctx, in.ID, in.Body.Reason))
}

func (a *API) undo(ctx context.Context, in *reasonInput) (*reply[OrderBody], error) {
	return a.order(ctx)(a.shop.UndoStep(ctx, in.ID, in.Body.Reason))
}

type rebuyInput struct {
	web.IdempotencyHeader
	IDInput
	Body *TradeFields
}

func (a *API) rebuy(ctx context.Context, in *rebuyInput) (*reply[OrderBody], error) {
	return a.order(ctx)(a.shop.Rebuy(ctx, in.ID, in.Body.trade(0, shop.Purchase)))
}

type ordersInput struct {
	web.PageInput
	Type   string   `query:"type" enum:"purchase,sales" doc:"purchase: what the caller bought; sales: what they sold; both when left out." example:"purchase"`
	Status []string `query:"status,explode" doc:"May be repeated." example:"matched"`
	Active bool     `query:"active" doc:"Only orders that are not finished."`
}

func (a *API) listOrders(ctx context.Context, in *ordersInput) (*pageOf[OrderBody], error) {
	if err := knownStatuses(in.Status); err != nil {
		return nil, err
	}
	list := func(ctx context.Context, p page.Request) (page.List[shop.OrderView], error) {
		// The schema allows purchase, sales or nothing.
		return a.shop.MyOrders(ctx, shop.OrderFilter{Side: shop.Side(in.Type), Statuses: in.Status, Active: in.Active}, p)
	}
	return listPage(ctx, &in.PageInput, list, func(v shop.OrderView) OrderBody { return a.toOrder(ctx, v) })
}

func (a *API) readOrder(ctx context.Context, in *IDInput) (*reply[OrderBody], error) {
	return a.order(ctx)(a.shop.MyOrder(ctx, in.ID))
}
