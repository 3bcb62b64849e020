package apptest_test

import (
	"slices"
	"time"

	"rally/modules/shop"
)

// model is the exchange as simply as it can be said: lists of bids and orders,
// a table of steps, and a sum for every account. Of the module's own rules it
// takes those of the book alone. The server must answer as it does.
type model struct {
	bids     []*modelBid
	orders   []*modelOrder
	fees     []modelFees // by their beginning
	versions map[int64]int64
	stock    map[int64]int
	accounts map[string]int64
	withdrew map[int64]time.Time // when a person did last
	cap      modelCap
}

// modelCap is how much a new seller may have going on.
type modelCap struct{ pending, settled int }

type modelBid struct {
	shop.Bid
	bps int64 // the owner's fee, as shown
}

type modelFees struct {
	from                                time.Time
	buyer, seller, penalty, fail, share int64 // basis points
}

func (f modelFees) of(side shop.Side) int64 {
	if side == shop.Purchase {
		return f.buyer
	}
	return f.seller
}

// part is basis points of an amount, without the rest.
func part(amount, bps int64) int64 { return (amount*bps - amount*bps%10_000) / 10_000 }

func (m *model) feesAt(now time.Time) modelFees {
	fees := m.fees[0]
	for _, f := range m.fees {
		if !f.from.After(now) {
			fees = f
		}
	}
	return fees
}

func (m *model) queue(product int64, side shop.Side) []shop.Bid {
	var queue []shop.Bid
	for _, b := range m.bids {
		if b.ProductID == product && b.Side == side {
			queue = append(queue, b.Bid)
		}
	}
	return queue
}

func (m *model) find(id int64) *modelBid {
	for _, b := range m.bids {
		if b.ID == id {
			return b
		}
	}
	return nil
}

// trades are the orders of a product that stand, the newest first.
func (m *model) trades(product int64) []*modelOrder {
	var list []*modelOrder
	for _, o := range slices.Backward(m.orders) {
		if o.product == product && !o.prize() && o.status != "cancelled" && o.status != "failed" {
			list = append(list, o)
		}
	}
	return list
}

func (m *model) last(product int64) *int64 {
	if list := m.trades(product); len(list) > 0 {
		return &list[0].price
	}
	return nil
}

func (m *model) check(product int64, side shop.Side, price int64, confirm bool, now time.Time) error {
	return shop.Placement{
		Side: side, Price: price, Tick: 1000, Best: shop.BestPrice(m.queue(product, side.Opposite()), now), Last: m.last(product), Confirmed: confirm,
	}.Check()
}

// room says whether somebody may sell one more.
func (m *model) room(seller int64, now time.Time) error {
	pending, settled := 0, 0
	for _, b := range m.bids {
		if b.UserID == seller && b.Side == shop.Sales && b.Live(now) {
			pending++
		}
	}
	for _, o := range m.orders {
		switch {
		case o.seller != seller:
		case o.status == "settled":
			settled++
		case o.status != "cancelled" && o.status != "failed":
			pending++
		}
	}
	if settled < m.cap.settled && pending >= m.cap.pending {
		return shop.ErrPendingSalesCap.With("limit", m.cap.pending)
	}
	return nil
}

func (m *model) move(from, to string, amount int64) {
	m.accounts[from] -= amount
	m.accounts[to] += amount
}

// seen is what a person asks for with a trade: what they saw before.
type seen struct {
	price, fee *int64
	confirm    *bool
}

func (in seen) body() M {
	body := M{}
	if in.price != nil {
		body["expected_price"] = *in.price
	}
	if in.fee != nil {
		body["expected_fee"] = *in.fee
	}
	if in.confirm != nil {
		body["confirm"] = *in.confirm
	}
	return body
}

// mayTrade finds the bid that a person trades with, or says why not.
func (m *model) mayTrade(product, person int64, side shop.Side, in seen, now time.Time) (shop.Bid, error) {
	counter, ok := shop.BestFor(m.queue(product, side.Opposite()), person, now)
	if !ok {
		return counter, shop.ErrNoCounterBid
	}
	fee, last := part(counter.Price, m.feesAt(now).of(side)), m.last(product)
	switch {
	case in.price != nil && *in.price != counter.Price:
		return counter, shop.ErrPriceMoved.With("price", counter.Price)
	case in.fee != nil && *in.fee != fee:
		return counter, shop.ErrFeeChanged.With("fee", fee)
	case in.confirm != nil && !*in.confirm && last != nil && (counter.Price*10 > *last*13 || counter.Price*10 < *last*7):
		return counter, shop.ErrPriceNeedsConfirmation.With("price", *last)
	case side == shop.Sales:
		return counter, m.room(person, now)
	}
	return counter, nil
}

// trade is an agreed trade with a bid.
func (m *model) trade(id int64, counter shop.Bid, person int64, side shop.Side, now time.Time) *modelOrder {
	resting := m.find(counter.ID)
	resting.Status = shop.BidFilled
	fees := m.feesAt(now)
	o := &modelOrder{id: id, product: counter.ProductID, buyer: person, seller: counter.UserID, taker: side, price: counter.Price}
	if side == shop.Purchase {
		fees.seller = resting.bps
	} else {
		o.buyer, o.seller = o.seller, o.buyer
		fees.buyer = resting.bps
	}
	o.fees = fees
	return m.open(o, now)
}

// open begins an order.
func (m *model) open(o *modelOrder, now time.Time) *modelOrder {
	o.made = now
	o.enter(modelStep{status: "matched", at: now})
	o.steps = nil // the trade itself is none
	m.orders = append(m.orders, o)
	if o.prize() { // no trade
		return o
	}
	m.versions[o.product]++
	m.move(o.buyerOf(), "escrow", o.total())
	return o
}
