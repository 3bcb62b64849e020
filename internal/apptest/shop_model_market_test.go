package apptest_test

import (
	"fmt"
	"slices"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
)

// compare holds a product's market against the model.
func (st *storm) compare(product int64) {
	st.t.Helper()
	now := st.s.Clock.Now()
	path := fmt.Sprintf("/api/shop/products/%d/", product)
	got := apptest.Into[book](st.t, st.s.Anonymous().Get(path+"book/").Want(st.t, 200))
	if product != st.products[len(st.products)-1] {
		for _, side := range []struct {
			got  []struct{ Price, Count int64 }
			best *int64
			side shop.Side
		}{{got.Asks, got.PurchasePrice, shop.Sales}, {got.Bids, got.SalesPrice, shop.Purchase}} {
			queue := st.m.queue(product, side.side)
			want := shop.Depth(queue, now, 20)
			if fmt.Sprint(side.got) != fmt.Sprint(want) {
				st.t.Fatalf("%s side of product %d: %v, the model says %v", side.side, product, side.got, want)
			}
			if best := shop.BestPrice(queue, now); num(best) != num(side.best) {
				st.t.Fatalf("best %s price differs from the model", side.side)
			}
		}
	}
	if got.Version < st.m.versions[product] {
		st.t.Fatalf("version %d, the model counts %d changes", got.Version, st.m.versions[product])
	}
	st.m.versions[product] = got.Version // the sweep of the program itself may have run
	if slices.ContainsFunc(st.m.orders, func(o *modelOrder) bool { return o.product == product && o.due(now) }) {
		return // whoever does not ship leaves the market, sooner or later
	}
	var last *int64
	if got.LastTrade != nil {
		last = &got.LastTrade.Price
	}
	if num(last) != num(st.m.last(product)) {
		st.t.Fatalf("the last price of product %d is %s, the model says %s", product, num(last), num(st.m.last(product)))
	}
	if st.r.IntN(4) == 0 {
		st.compareTrades(path, st.m.trades(product))
	}
}

// compareTrades holds the public trades and the chart against the orders that
// stand, the newest first.
func (st *storm) compareTrades(path string, standing []*modelOrder) {
	st.t.Helper()
	anybody := st.s.Anonymous()
	type trade struct {
		Price     int64
		CreatedAt time.Time `json:"created_at"`
	}
	trades := []trade{}
	for _, o := range standing[:min(50, len(standing))] {
		trades = append(trades, trade{o.price, o.made})
	}
	if got := asJSON(apptest.Into[[]trade](st.t, anybody.Get(path+"trades/").Want(st.t, 200))); got != asJSON(trades) {
		st.t.Fatalf("%strades/: %s\nthe model says %s", path, got, asJSON(trades))
	}
	type point struct {
		At                       string
		Price, High, Low, Volume int64
	}
	points := []point{}
	for _, o := range slices.Backward(standing) {
		day := o.made.In(time.FixedZone("KST", 9*60*60)).Format("2006-01-02")
		if n := len(points); n == 0 || points[n-1].At != day {
			points = append(points, point{At: day, High: o.price, Low: o.price})
		}
		p := &points[len(points)-1]
		p.Price, p.High, p.Low = o.price, max(p.High, o.price), min(p.Low, o.price)
		p.Volume++
	}
	if got := asJSON(apptest.Into[struct{ Points []point }](st.t, anybody.Get(path+"chart/?range=all").Want(st.t, 200)).Points); got != asJSON(points) {
		st.t.Fatalf("%schart/: %s\nthe model says %s", path, got, asJSON(points))
	}
}
