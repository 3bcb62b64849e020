package shop

import (
	"cmp"
	"slices"
	"time"

	"rally/platform/fault"
)

// The rules of the book, without any input or output. The store's queries
// follow them; the tests hold one against the other.
//
// Price-time priority is the common rule of continuous order books; see Larry
// Harris, Trading and Exchanges (2003), chapter 6.

// Before orders the resting bids of one side: the best price first (the
// highest purchase bid, the lowest ask), then the longest wait.
func Before(a, b Bid) int {
	byPrice := cmp.Compare(a.Price, b.Price)
	if a.Side == Purchase {
		byPrice = -byPrice
	}
	return cmp.Or(byPrice, cmp.Compare(a.Priority, b.Priority))
}

// Live reports whether a bid is in the book at now.
func (b Bid) Live(now time.Time) bool { return b.Status == BidOpen && b.ExpiresAt.After(now) }

// BestFor returns the bid that taker trades with at now: the first live bid of
// the queue that is not their own. The queue holds one side, in any order.
func BestFor(queue []Bid, taker int64, now time.Time) (Bid, bool) {
	found := false
	var best Bid
	for _, b := range queue {
		if !b.Live(now) || b.UserID == taker {
			continue
		}
		if !found || Before(b, best) < 0 {
			best, found = b, true
		}
	}
	return best, found
}

// BestPrice returns the best price of the live bids in a queue of one side.
func BestPrice(queue []Bid, now time.Time) *int64 {
	b, ok := BestFor(queue, 0, now)
	if !ok {
		return nil
	}
	return &b.Price
}

// Crosses reports whether a bid of side at price would meet the best price of
// the other side, nil when there is none. Such a bid is a trade, not a bid.
func Crosses(side Side, price int64, best *int64) bool {
	switch {
	case best == nil:
		return false
	case side == Purchase:
		return price >= *best
	}
	return price <= *best
}

// Placement is a price that someone wants to bid.
type Placement struct {
	Side      Side
	Price     int64
	Tick      int64
	Best      *int64 // best price of the other side
	Last      *int64 // price of the last trade
	Confirmed bool   // the bidder has seen that the price is unusual
}

// Check refuses a price that is out of range, off the tick, across the book,
// or too far from the last trade. It returns ErrPriceOffTick,
// ErrBidCrossesBook, ErrPriceOutOfBand or ErrPriceNeedsConfirmation, each with
// the price that the bidder should know.
func (p Placement) Check() error {
	if err := CheckPrice(p.Price, p.Tick); err != nil {
		return err
	}
	if Crosses(p.Side, p.Price, p.Best) {
		return ErrBidCrossesBook.With("price", *p.Best)
	}
	if p.Last == nil {
		return nil
	}
	last := *p.Last
	switch {
	case p.Price > 5*last || 5*p.Price < last:
		return ErrPriceOutOfBand.With("price", last)
	case Unusual(p.Price, last) && !p.Confirmed:
		return ErrPriceNeedsConfirmation.With("price", last)
	}
	return nil
}

// Unusual reports whether a price is more than 30 % away from the last trade,
// so that it wants a second confirmation.
func Unusual(price, last int64) bool { return 10*price > 13*last || 10*price < 7*last }

// CheckPrice refuses a price outside 1…MaxPrice or off the tick.
func CheckPrice(price, tick int64) error { return checkField("price", price, tick) }

// checkField is CheckPrice for a price whose field is not called price.
func checkField(field string, price, tick int64) error {
	if price < 1 || price > MaxPrice {
		return fault.ErrInvalid.WithField(field, priceRange)
	}
	if tick > 1 && price%tick != 0 {
		return ErrPriceOffTick.With("tick", tick)
	}
	return nil
}

// Level is how many bids rest at one price.
type Level struct {
	Price int64
	Count int64
}

// Depth sums up the live bids of one side by price, best first, at most limit
// levels.
func Depth(queue []Bid, now time.Time, limit int) []Level {
	live := slices.DeleteFunc(slices.Clone(queue), func(b Bid) bool { return !b.Live(now) })
	slices.SortFunc(live, Before)
	var levels []Level
	for _, b := range live {
		if n := len(levels); n > 0 && levels[n-1].Price == b.Price {
			levels[n-1].Count++
			continue
		}
		if len(levels) == limit {
			break
		}
		levels = append(levels, Level{Price: b.Price, Count: 1})
	}
	return levels
}

// Book is the public state of a product's order book.
type Book struct {
	ProductID     int64
	Version       int64 // grows with every change; a lower one is stale
	PurchasePrice *int64
	SalesPrice    *int64
	Asks, Bids    []Level // best first
	LastPrice     *int64
	LastTradeAt   *time.Time
}

// Quote is what a trade or a bid would cost or bring.
type Quote struct {
	Side          Side
	Price         *int64 // nil: nobody offers the other side
	FeeBps        int64
	Fee           int64
	Total         *int64 // a buyer pays
	Payout        *int64 // a seller gets
	LastTrade     *int64
	PurchasePrice *int64
	SalesPrice    *int64
}
