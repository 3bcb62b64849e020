package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/shop"
	"rally/platform/web"
)

// BookTopic is the prefix of the live topic: shop.book:{product}.
const BookTopic = "shop.book"

func (a *API) registerMarket(api huma.API) {
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/products/{id}/book/", "shop-book", tag, "Read the order book",
		web.Errors(404), web.Describe("The same as the live topic `shop.book:{id}` sends. Size ALL merges the books of the sizes.")), a.readBook)
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/products/{id}/bids/", "shop-depth", tag, "Read the depth of one side, best first", web.Errors(404)), a.readDepth)
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/products/{id}/trades/", "shop-trades", tag, "List the last trades", web.Errors(404)), a.listTrades)
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/products/{id}/quote/", "shop-quote", tag, "See what a trade or a bid would cost or bring", web.Errors(404)), a.quote)
}

func (a *API) readBook(ctx context.Context, in *IDInput) (*reply[bookBody], error) {
	b, err := a.shop.Book(ctx, in.ID)
	return answer(toBook(b)), err
}

// BookSnapshot is the state that the live topic sends; arg is the product's id.
func (a *API) BookSnapshot(ctx context.Context, arg string) (any, error) {
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil {
		return nil, shop.ErrProductNotFound
	}
	b, err := a.shop.Book(ctx, id)
	if err != nil {
		return nil, err
	}
	return toBook(b), nil
}

// SideInput names one side of one product's book.
type SideInput struct {
	IDInput
	SideParam
}

func (a *API) readDepth(ctx context.Context, in *SideInput) (*reply[[]levelBody], error) {
	side, err := shop.ParseSide(in.Type)
	if err != nil {
		return nil, err
	}
	levels, err := a.shop.Depth(ctx, in.ID, side)
	return answer(toLevels(levels)), err
}

type tradeBody struct {
	Price     int64     `json:"price" example:"128000"`
	Size      string    `json:"size" example:"260"`
	CreatedAt time.Time `json:"created_at"`
}

func (a *API) listTrades(ctx context.Context, in *IDInput) (*reply[[]tradeBody], error) {
	trades, err := a.shop.Trades(ctx, in.ID)
	body := make([]tradeBody, len(trades))
	for i, t := range trades {
		body[i] = tradeBody(t)
	}
	return answer(body), err
}

type quoteInput struct {
	IDInput
	SideParam
	Price int64 `query:"price" doc:"A price to bid; by default the price of a trade now." example:"124000"`
}

type quoteBody struct {
	Type          string `json:"type" example:"purchase"`
	Price         *int64 `json:"price" doc:"null: nobody offers the other side." example:"131000"`
	Fee           int64  `json:"fee" example:"1965"`
	Total         *int64 `json:"total" doc:"What a buyer pays." example:"132965"`
	Payout        *int64 `json:"payout" doc:"What a seller gets."`
	LastTrade     *int64 `json:"last_trade" doc:"Price of the last trade." example:"128000"`
	PurchasePrice *int64 `json:"purchase_price" example:"131000"`
	SalesPrice    *int64 `json:"sales_price" example:"124000"`
}

func (a *API) quote(ctx context.Context, in *quoteInput) (*reply[quoteBody], error) {
	side, err := shop.ParseSide(in.Type)
	if err != nil {
		return nil, err
	}
	var price *int64
	if in.Price != 0 {
		price = &in.Price
	}
	q, err := a.shop.Quote(ctx, in.ID, side, price)
	if err != nil {
		return nil, err
	}
	return answer(quoteBody{
		Type: string(q.Side), Price: q.Price, Fee: q.Fee, Total: q.Total, Payout: q.Payout, LastTrade: q.LastTrade, PurchasePrice: q.PurchasePrice, SalesPrice: q.SalesPrice,
	}), nil
}
