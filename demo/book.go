package demo

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"rally/modules/shop"
)

// book plays the market of one product. Bids carry the product's index and
// people's numbers instead of ids.
type book struct {
	r       *rand.Rand
	crowd   crowd
	product int64
	size    string
	value   path
	half    float64 // half of the usual spread, as a share of the value

	open     map[shop.Side][]shop.Bid // in the order of their priority
	priority int64
	last     time.Time // of the last event
	trades   []shop.ImportedTrade
}

// moment is when something happens: a trade, or a new bid of a side.
type moment struct {
	at    time.Time
	trade bool
	side  shop.Side
}

const (
	// rests is about how many days a bid rests before it goes.
	rests = 20
	// bargain is how far a bid may stand on the wrong side of the value before
	// its owner moves it.
	bargain = 0.012
	// tolerance is how far from the value somebody trades at once.
	tolerance = 0.02
	// band is how far from the last trade an open bid may be; see
	// shop.Placement.
	band = 0.29
)

func newBook(r *rand.Rand, c crowd, product int, size string, value path, trades int) *book {
	return &book{
		r: r, crowd: c, product: int64(product), size: size, value: value, half: 0.005 + 0.018*math.Exp(-float64(trades)/20),
		open: map[shop.Side][]shop.Bid{},
	}
}

// play runs the history of so many trades, and leaves the book as it is now.
func (b *book) play(y rhythm, trades int, now time.Time) {
	var moments []moment
	for range trades {
		moments = append(moments, moment{at: y.draw(b.r), trade: true})
	}
	// A size that is traded a lot has a deep book. One that nobody wants may
	// have no book at all.
	depth := 0.5 + 17*float64(trades)/(float64(trades)+20)
	turns := math.Max(1.2, historyDays*y.share/rests)
	for _, side := range []shop.Side{shop.Sales, shop.Purchase} {
		for range poisson(b.r, depth*turns) {
			moments = append(moments, moment{at: y.draw(b.r), side: side})
		}
	}
	slices.SortStableFunc(moments, func(a, c moment) int { return a.at.Compare(c.at) })
	b.last = y.opens
	for _, m := range moments {
		if m.at.Sub(b.last) < 10*time.Millisecond {
			continue // two things don't happen at once
		}
		b.tidy(m.at)
		if m.trade {
			b.trade(m.at)
		} else {
			b.place(m.side, b.quote(m.side, m.at), m.at)
		}
		b.last = m.at
	}
	b.close(now)
}

// tidy takes bids off that have expired, or that their owners would move since
// the value went past them.
func (b *book) tidy(now time.Time) {
	value := math.Exp(b.value.at(now))
	b.drop(func(d shop.Bid) bool {
		return !d.Live(now) || d.Side == shop.Sales && float64(d.Price) < value*(1-bargain) || d.Side == shop.Purchase && float64(d.Price) > value*(1+bargain)
	})
}

func (b *book) drop(gone func(shop.Bid) bool) {
	for _, side := range []shop.Side{shop.Sales, shop.Purchase} {
		b.open[side] = slices.DeleteFunc(b.open[side], gone)
	}
}

// quote is a price that somebody would like to have: mostly near the value,
// often a round number, or what the best bid of the side says.
func (b *book) quote(side shop.Side, at time.Time) int64 {
	value := math.Exp(b.value.at(at))
	if best := shop.BestPrice(b.open[side], at); best != nil && chance(b.r, 0.25) && math.Abs(float64(*best)-value) < 0.05*value {
		return *best // queue up
	}
	away := b.half + math.Min(0.2, 0.032*b.r.ExpFloat64())
	step := float64(tick)
	if value > 80*tick && chance(b.r, 0.4) {
		step = 5 * tick
	}
	if side == shop.Sales {
		return int64(math.Ceil(value*(1+away)/step) * step)
	}
	return int64(math.Floor(value*(1-away)/step) * step)
}

// place puts a bid into the book, unless it would cross it.
func (b *book) place(side shop.Side, price int64, at time.Time) {
	best := shop.BestPrice(b.open[side.Opposite()], at)
	if price < tick || shop.Crosses(side, price, best) {
		return
	}
	number := b.somebody(side, at)
	if number == 0 {
		return
	}
	b.priority++
	b.open[side] = append(b.open[side], shop.Bid{
		ProductID: b.product, UserID: number, Side: side, Price: price, Priority: b.priority, Status: shop.BidOpen, CreatedAt: at,
		ExpiresAt: at.AddDate(0, 0, b.days()),
	})
}

// somebody returns who acts on a side now, 0 when nobody can.
func (b *book) somebody(side shop.Side, at time.Time) int64 {
	if side == shop.Sales {
		return b.crowd.seller(b.r, at, b.here)
	}
	return b.crowd.buyer(b.r, at, b.size, b.here)
}

// here reports whether somebody has a bid in the book: they wait.
func (b *book) here(number int64) bool {
	has := func(d shop.Bid) bool { return d.UserID == number }
	return slices.ContainsFunc(b.open[shop.Sales], has) || slices.ContainsFunc(b.open[shop.Purchase], has)
}

// days is how long somebody lets a bid rest.
func (b *book) days() int {
	days := []int{1, 3, 7, 14, 30, 60}
	return days[newLottery([]float64{2, 4, 9, 15, 45, 25}).draw(b.r)]
}

// trade makes a trade at about the value. Where nobody offers that, somebody
// does shortly before.
func (b *book) trade(at time.Time) {
	value := math.Exp(b.value.at(at))
	taker := shop.Purchase
	if chance(b.r, 0.42) {
		taker = shop.Sales
	}
	ask, bid := shop.BestPrice(b.open[shop.Sales], at), shop.BestPrice(b.open[shop.Purchase], at)
	switch { // a bargain goes first
	case ask != nil && float64(*ask) <= value:
		taker = shop.Purchase
	case bid != nil && float64(*bid) >= value:
		taker = shop.Sales
	}
	if !b.near(ask, bid, taker, value) {
		price := int64(math.Round(value*(1+b.half*b.r.Float64())/tick) * tick)
		if taker == shop.Sales {
			price = int64(math.Round(value*(1-b.half*b.r.Float64())/tick) * tick)
		}
		since := at.Sub(b.last)
		before := b.last.Add(time.Duration(float64(since) * between(b.r, 0.1, 0.9))).Truncate(time.Millisecond)
		b.place(taker.Opposite(), price, before)
	}
	b.take(taker, at)
}

// near reports whether the other side's best price is close to the value.
func (b *book) near(ask, bid *int64, taker shop.Side, value float64) bool {
	if taker == shop.Purchase {
		return ask != nil && float64(*ask) <= value*(1+tolerance)
	}
	return bid != nil && float64(*bid) >= value*(1-tolerance)
}

// take trades with the best bid, as anybody would.
func (b *book) take(taker shop.Side, at time.Time) {
	number := b.somebody(taker, at)
	best, ok := shop.BestFor(b.open[taker.Opposite()], number, at)
	if number == 0 || !ok || !best.CreatedAt.Before(at) {
		return
	}
	b.drop(func(d shop.Bid) bool { return d.Priority == best.Priority })
	best.Status, best.ClosedAt = shop.BidFilled, &at
	buyer, seller := number, best.UserID
	if taker == shop.Sales {
		buyer, seller = seller, buyer
	}
	b.trades = append(b.trades, shop.ImportedTrade{Bid: best, Order: shop.Order{
		Kind: shop.KindTrans, ProductID: b.product, BuyerID: buyer, SellerID: &seller, TakerSide: taker, Price: best.Price, Status: shop.OrderSettled, CreatedAt: at,
	}})
}

// close takes off what a visitor would stumble over: bids that end within a
// day, so that the world looks the same tomorrow, and prices that nobody could
// bid any more.
func (b *book) close(now time.Time) {
	b.tidy(now)
	low, high := 0.0, math.Inf(1)
	if n := len(b.trades); n > 0 {
		last := float64(b.trades[n-1].Order.Price)
		low, high = last*(1-band), last*(1+band)
	}
	b.drop(func(d shop.Bid) bool {
		return d.ExpiresAt.Before(now.Add(day)) || float64(d.Price) < low || float64(d.Price) > high
	})
	for _, side := range []shop.Side{shop.Sales, shop.Purchase} {
		slices.SortFunc(b.open[side], func(x, y shop.Bid) int { return cmp.Compare(x.Priority, y.Priority) })
	}
}
