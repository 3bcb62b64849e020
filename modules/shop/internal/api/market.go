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
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/products/{id}/chart/", "shop-chart", tag, "Read the prices over a span of time", web.Errors(404),
		web.Describe("One point a day with trades, in Seoul; longer spans are merged into at most 200 points, each with the close of its last trade. Size ALL takes all sizes together.")), a.readChart)
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/products/{id}/stats/", "shop-stats", tag, "Read the figures of a market", web.Errors(404),
		web.Describe("Shares are in percent. Volatility is the sample standard deviation of the logarithmic returns between days with trades, over 90 days.")), a.readStats)
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

type chartInput struct {
	IDInput
	Range string `query:"range" enum:"1m,3m,6m,1y,all" default:"3m" doc:"How far back." example:"3m"`
}

type pointBody struct {
	At     string `json:"at" doc:"The day, in Seoul; of several merged ones the last." example:"2026-11-21"`
	Price  int64  `json:"price" doc:"Of the last trade." example:"131000"`
	High   int64  `json:"high" example:"134000"`
	Low    int64  `json:"low" example:"129000"`
	Volume int64  `json:"volume" doc:"Pieces." example:"4"`
}

type chartBody struct {
	Product     int64       `json:"product" example:"120"`
	Range       string      `json:"range" example:"3m"`
	From        string      `json:"from" doc:"The first day of the span." example:"2026-08-22"`
	Points      []pointBody `json:"points" doc:"At most 200, oldest first."`
	RetailPrice *int64      `json:"retail_price" example:"119000"`
}

func (a *API) readChart(ctx context.Context, in *chartInput) (*reply[chartBody], error) {
	c, err := a.shop.Chart(ctx, in.ID, in.Range)
	if err != nil {
		return nil, err
	}
	body := chartBody{Product: in.ID, Range: c.Range, From: c.From, Points: make([]pointBody, len(c.Points)), RetailPrice: c.RetailPrice}
	for i, p := range c.Points {
		body.Points[i] = pointBody{At: p.Day, Price: p.Close, High: p.High, Low: p.Low, Volume: p.Volume}
	}
	return answer(body), nil
}

type statsBody struct {
	Product     int64      `json:"product" example:"120"`
	LastPrice   *int64     `json:"last_price" example:"131000"`
	LastTradeAt *time.Time `json:"last_trade_at"`
	Change      *int64     `json:"change" doc:"Of the last trade against the one before." example:"2000"`
	ChangePct   *float64   `json:"change_pct" example:"1.6"`
	High90      *int64     `json:"high_90d" example:"139000"`
	Low90       *int64     `json:"low_90d" example:"118000"`
	Average90   *int64     `json:"average_90d" example:"127450"`
	Volume90    int64      `json:"volume_90d" doc:"Pieces." example:"61"`
	Volatility  *float64   `json:"volatility_90d" doc:"In percent; null with too few days." example:"3.4"`
	Premium     *float64   `json:"premium_pct" doc:"Of the last trade over the retail price." example:"10.1"`
	High        *int64     `json:"high_all" example:"139000"`
	Low         *int64     `json:"low_all" example:"104000"`
}

func (a *API) readStats(ctx context.Context, in *IDInput) (*reply[statsBody], error) {
	s, err := a.shop.Stats(ctx, in.ID)
	return answer(statsBody{
		Product: in.ID, LastPrice: s.LastPrice, LastTradeAt: s.LastTradeAt, Change: s.Change, ChangePct: s.ChangePct, High90: s.High90, Low90: s.Low90,
		Average90: s.Average90, Volume90: s.Volume90, Volatility: s.Volatility, Premium: s.Premium, High: s.High, Low: s.Low,
	}), err
}

type quoteInput struct {
	IDInput
	SideParam
	Price int64 `query:"price" doc:"A price to bid; by default the price of a trade now." example:"124000"`
}

type quoteBody struct {
	Type          string `json:"type" example:"purchase"`
	Price         *int64 `json:"price" doc:"null: nobody offers the other side." example:"131000"`
	FeeBps        int64  `json:"fee_bps" doc:"The fee in basis points of the price." example:"150"`
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
		Type: string(q.Side), Price: q.Price, FeeBps: q.FeeBps, Fee: q.Fee, Total: q.Total, Payout: q.Payout, LastTrade: q.LastTrade, PurchasePrice: q.PurchasePrice, SalesPrice: q.SalesPrice,
	}), nil
}
