package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/shop"
	"rally/platform/web"
)

func (a *API) registerPortfolio(api huma.API) {
	huma.Register(api, web.Op(http.MethodGet, "/api/shop/portfolio/", "shop-portfolio", tag, "List what I own", web.Login(),
		web.Describe("From settled orders, the newest first. What was bought first counts as sold first. A piece's price is that of the last trade in its size, else the lowest ask.")), a.portfolio)
}

type holdingBody struct {
	Order    int64     `json:"order" example:"881"`
	Product  int64     `json:"product" example:"120"`
	Info     briefInfo `json:"info"`
	Size     string    `json:"size" example:"260"`
	BoughtAt time.Time `json:"bought_at"`
	Price    int64     `json:"price" example:"131000"`
	Cost     int64     `json:"cost" doc:"Price and fee." example:"132965"`
	PriceNow *int64    `json:"price_now" doc:"Of the last trade, else the lowest ask." example:"140000"`
	SellNow  *int64    `json:"sell_now" doc:"The highest purchase bid." example:"136000"`
	Gain     *int64    `json:"gain" example:"7035"`
	GainPct  *float64  `json:"gain_pct" example:"5.3"`
}

type totalsBody struct {
	Pieces  int      `json:"pieces" example:"4"`
	Cost    int64    `json:"cost" example:"512000"`
	Value   int64    `json:"value" doc:"Pieces whose price nobody knows count at their cost." example:"548000"`
	Gain    int64    `json:"gain" example:"36000"`
	GainPct *float64 `json:"gain_pct" example:"7"`
}

type portfolioBody struct {
	web.PageBody[holdingBody]
	Totals totalsBody `json:"totals"`
}

func (a *API) portfolio(ctx context.Context, in *struct{ web.PageInput }) (*reply[portfolioBody], error) {
	p, err := in.Request()
	if err != nil {
		return nil, err
	}
	found, err := a.shop.MyPortfolio(ctx, p)
	if err != nil {
		return nil, err
	}
	t := found.Totals
	return answer(portfolioBody{
		PageBody: web.NewPageBody(ctx, &in.PageInput, found.Holdings, func(h shop.Placed[shop.Holding]) holdingBody {
			r := h.Row
			return holdingBody{
				Order: r.Order.ID, Product: r.Order.ProductID, Info: a.toBrief(ctx, h.Article), Size: h.Article.Size, BoughtAt: r.Order.CreatedAt,
				Price: r.Order.Price, Cost: r.Cost, PriceNow: r.PriceNow, SellNow: r.SellNow, Gain: r.Gain, GainPct: r.GainShare,
			}
		}),
		Totals: totalsBody{Pieces: t.Pieces, Cost: t.Cost, Value: t.Value, Gain: t.Gain, GainPct: t.GainShare},
	}), nil
}
