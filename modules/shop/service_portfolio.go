package shop

import (
	"context"

	"rally/platform/auth"
	"rally/platform/page"
)

// Holding is a piece that a person owns. Money is in won.
type Holding struct {
	Order     Order
	Cost      int64    // price and fee
	PriceNow  *int64   // of the last trade, else the lowest ask; nil: nobody knows
	SellNow   *int64   // what somebody would pay at once
	Gain      *int64   // PriceNow less Cost
	GainShare *float64 // of the cost, in percent
}

// Portfolio is what a person owns, the newest first, and what it comes to.
type Portfolio struct {
	Holdings page.List[Placed[Holding]]
	Totals   Totals
}

// Totals are sums over all pieces. Pieces whose price nobody knows count at
// their cost.
type Totals struct {
	Pieces            int
	Cost, Value, Gain int64
	GainShare         *float64
}

// maxHoldings bounds how many purchases and sales a portfolio looks at: the
// newest.
const maxHoldings = 10_000

// MyPortfolio returns what the caller owns from settled orders. What they sell
// or sold afterwards is gone, the first bought first; a sale before any purchase
// was of something else.
func (s *Service) MyPortfolio(ctx context.Context, p page.Request) (Portfolio, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Portfolio{}, err
	}
	bought, err := s.store.Bought(ctx, caller.UserID, maxHoldings)
	if err != nil {
		return Portfolio{}, err
	}
	sold, err := s.store.Sold(ctx, caller.UserID, maxHoldings)
	if err != nil {
		return Portfolio{}, err
	}
	owned := stillOwned(bought, sold)
	worth, err := s.store.Worth(ctx, productsOf(owned), s.now())
	if err != nil {
		return Portfolio{}, err
	}
	holdings := make([]Holding, len(owned))
	var out Portfolio
	for i, o := range owned {
		h := hold(o, worth[o.ProductID])
		out.Totals.add(h)
		holdings[len(owned)-1-i] = h
	}
	out.Totals.finish()
	start := min(p.Offset(), len(holdings))
	list := page.List[Holding]{Rows: holdings[start:min(start+p.Size, len(holdings))], Count: len(holdings), Page: p}
	out.Holdings, err = withArticles(ctx, s.store, list, func(h Holding) int64 { return h.Order.ProductID })
	return out, err
}

// stillOwned leaves out the pieces that were sold again: first in, first out.
// Both are in order of their ids, which is that of time.
func stillOwned(bought []Order, sold []Sale) []Order {
	gone := make([]bool, len(bought))
	next := map[int64]int{} // by product, where the search for its first piece goes on
	for _, sale := range sold {
		i := next[sale.ProductID]
		for ; i < len(bought) && bought[i].ID < sale.OrderID; i++ {
			if bought[i].ProductID == sale.ProductID {
				gone[i] = true
				i++
				break
			}
		}
		next[sale.ProductID] = i
	}
	var owned []Order
	for i, o := range bought {
		if !gone[i] {
			owned = append(owned, o)
		}
	}
	return owned
}

func productsOf(orders []Order) []int64 {
	seen := map[int64]bool{}
	var ids []int64
	for _, o := range orders {
		if !seen[o.ProductID] {
			seen[o.ProductID] = true
			ids = append(ids, o.ProductID)
		}
	}
	return ids
}

func hold(o Order, now Product) Holding {
	h := Holding{Order: o, Cost: o.Total(), PriceNow: now.LastPrice, SellNow: now.SalesPrice}
	if h.PriceNow == nil {
		h.PriceNow = now.PurchasePrice
	}
	if h.PriceNow != nil {
		gain := *h.PriceNow - h.Cost
		h.Gain, h.GainShare = &gain, percent(*h.PriceNow, h.Cost)
	}
	return h
}

func (t *Totals) add(h Holding) {
	t.Pieces++
	t.Cost += h.Cost
	if h.PriceNow != nil {
		t.Value += *h.PriceNow
	} else {
		t.Value += h.Cost
	}
}

func (t *Totals) finish() {
	t.Gain = t.Value - t.Cost
	t.GainShare = percent(t.Value, t.Cost)
}
