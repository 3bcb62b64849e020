package demo

import (
	"cmp"
	"math"
	"slices"
	"time"

	"rally/modules/shop"
)

// tradesEach is how many trades an article has on average.
const tradesEach = 115

// market is the history and the books. Until name has run, products are
// indexes into the catalogue and people are numbers from 1.
type market struct{ shop.Market }

func newMarket(seed uint64, now time.Time, articles []article, people []person) *market {
	m := &market{}
	c := newCrowd(people)
	var values []float64 // by product, as far as people trade it
	for i, a := range articles {
		if a.store {
			values = append(values, make([]float64, 1+len(a.sizes))...)
			continue
		}
		values = append(values, m.play(seed, now, i, a, c, tradesEach*float64(len(articles))*a.share)...)
	}
	slices.SortStableFunc(m.Trades, func(a, b shop.ImportedTrade) int {
		return cmp.Or(a.Order.CreatedAt.Compare(b.Order.CreatedAt), cmp.Compare(a.Order.ProductID, b.Order.ProductID))
	})
	slices.SortStableFunc(m.Bids, func(a, b shop.Bid) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ProductID, b.ProductID))
	})
	m.advance(stream(seed, "orders", 0), now)
	m.castLogins(stream(seed, "logins", 0), articles)
	m.wish(stream(seed, "wishes", 0), now, articles, people, values)
	return m
}

// play runs the books of all sizes of an article, with so many trades to be
// expected, and returns the values of its products.
func (m *market) play(seed uint64, now time.Time, number int, a article, c crowd, expected float64) []float64 {
	r := stream(seed, "article", number)
	y, month, d := now.AddDate(0, 0, -historyDays).In(seoul()).Date()
	whole := articlePath(r, a, time.Date(y, month, d, 0, 0, 0, 0, seoul()))
	busy := newRhythm(r, a, whole, now)
	expected *= math.Pow(busy.share, 0.7) // what is new is wanted more
	values := make([]float64, 1+len(a.sizes))
	values[0] = math.Exp(whole.at(now))
	offset, names := 1, a.sizes
	if len(names) == 0 {
		offset, names = 0, []string{shop.AllSizes}
	}
	total := 0.0
	for _, size := range names {
		total += demand(size)
	}
	for i, size := range names {
		product := a.first + offset + i
		r := stream(seed, "book", product)
		trades := poisson(r, expected*demand(size)/total)
		value := sizePath(r, whole, size)
		values[offset+i] = math.Exp(value.at(now))
		b := newBook(r, c, product, size, value, trades)
		b.play(busy, trades, now)
		m.Trades = append(m.Trades, b.trades...)
		m.Bids = append(append(m.Bids, b.open[shop.Sales]...), b.open[shop.Purchase]...)
	}
	return values
}

// name replaces indexes and numbers by the ids that were given out.
func (m *market) name(c *shop.Catalogue, userIDs []int64) {
	bid := func(b *shop.Bid) {
		b.ProductID, b.UserID = c.Products[b.ProductID].ID, userIDs[b.UserID-1]
	}
	for i := range m.Bids {
		bid(&m.Bids[i])
	}
	for i := range m.Trades {
		o := &m.Trades[i].Order
		product := c.Products[o.ProductID]
		sellerID := userIDs[*o.SellerID-1]
		o.InfoID, o.ProductID, o.BuyerID, o.SellerID = c.Infos[product.Info].ID, product.ID, userIDs[o.BuyerID-1], &sellerID
		bid(&m.Trades[i].Bid)
		nameActors(&m.Trades[i], userIDs[admin])
	}
	for i := range m.Wishes {
		w := &m.Wishes[i]
		w.ProductID, w.UserID = c.Products[w.ProductID].ID, userIDs[w.UserID-1]
	}
}
