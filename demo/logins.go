package demo

import (
	"math/rand/v2"
	"slices"

	"rally/modules/shop"
)

// castLogins gives the logins a past and a present: they take the place of
// others in some trades and open bids, which changes no book.
func (m *market) castLogins(r *rand.Rand, articles []article) {
	goods := goodsOf(articles)
	size := func(product int64, want string) bool { return goods[product].size == want }
	shopperSize := "265"

	bought := m.castTrades(r, goods, 6, func(t shop.ImportedTrade) bool { return size(t.Order.ProductID, shopperSize) })
	bought = append(bought, m.castTrades(r, goods, 1, func(t shop.ImportedTrade) bool { return size(t.Order.ProductID, shop.AllSizes) })...)
	for _, i := range bought {
		t := &m.Trades[i]
		t.Order.BuyerID = shopper + 1
		if t.Bid.Side == shop.Purchase {
			t.Bid.UserID = shopper + 1
		}
	}
	sold := m.castTrades(r, goods, 9, func(t shop.ImportedTrade) bool { return t.Order.BuyerID != shopper+1 })
	for _, i := range sold {
		t := &m.Trades[i]
		number := int64(seller + 1)
		t.Order.SellerID = &number
		if t.Bid.Side == shop.Sales {
			t.Bid.UserID = number
		}
	}
	offered := map[int64]bool{} // products that somebody sells: there the shopper can give in
	for _, b := range m.Bids {
		offered[b.ProductID] = offered[b.ProductID] || b.Side == shop.Sales
	}
	for _, i := range m.castBids(r, goods, 2, func(b shop.Bid) bool {
		return b.Side == shop.Purchase && offered[b.ProductID] && size(b.ProductID, shopperSize)
	}) {
		m.Bids[i].UserID = shopper + 1
	}
	for _, i := range m.castBids(r, goods, 6, func(b shop.Bid) bool { return b.Side == shop.Sales }) {
		m.Bids[i].UserID = seller + 1
	}
}

// good is what a product is a size of.
type good struct {
	article int
	size    string
}

// goodsOf returns every product's good.
func goodsOf(articles []article) []good {
	var goods []good
	for i, a := range articles {
		goods = append(goods, good{i, shop.AllSizes})
		for _, size := range a.sizes {
			goods = append(goods, good{i, size})
		}
	}
	return goods
}

// castTrades chooses up to n trades of different articles. The latest of each
// status come first: there is something to do.
func (m *market) castTrades(r *rand.Rand, goods []good, n int, fits func(shop.ImportedTrade) bool) []int {
	var order []int
	for _, status := range []string{shop.OrderMatched, shop.OrderDelivering, shop.OrderShipping, shop.OrderInspecting} {
		for i := len(m.Trades) - 1; i >= 0; i-- {
			if m.Trades[i].Order.Status == status && fits(m.Trades[i]) {
				order = append(order, i)
				break
			}
		}
	}
	order = append(order, r.Perm(len(m.Trades))...)
	return choose(order, n, func(i int) (article int, ok bool) {
		return goods[m.Trades[i].Order.ProductID].article, fits(m.Trades[i])
	})
}

// castBids chooses up to n open bids of different articles.
func (m *market) castBids(r *rand.Rand, goods []good, n int, fits func(shop.Bid) bool) []int {
	return choose(r.Perm(len(m.Bids)), n, func(i int) (article int, ok bool) {
		return goods[m.Bids[i].ProductID].article, fits(m.Bids[i])
	})
}

// choose takes the first n that are ok, one of each article.
func choose(order []int, n int, look func(i int) (article int, ok bool)) []int {
	var chosen, seen []int
	for _, i := range order {
		article, ok := look(i)
		if len(chosen) == n {
			break
		}
		if !ok || slices.Contains(seen, article) {
			continue
		}
		chosen, seen = append(chosen, i), append(seen, article)
	}
	return chosen
}
