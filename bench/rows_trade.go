package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
)

// How many asks a book holds before a measurement: more than anybody can buy
// up meanwhile.
const (
	usualStock = 40
	hotStock   = 12_000
)

// trades measures buying at once and bidding, over a thousand books and in one.
func (b *bench) trades(ctx context.Context, w *world) (err error) {
	g := w.goods
	spread := func(r *rand.Rand) int64 { return g.size(2 + r.IntN(articles*sizes-2)) }
	hot := func(*rand.Rand) int64 { return g.hot() }
	if w.engine == sqlite {
		t, err := newTrader(ctx, w)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, t.close()) }()
		c := t.world()
		both := func(fn func(*world, context.Context) error) func(context.Context) error {
			return func(ctx context.Context) error { return errors.Join(fn(w, ctx), fn(c, ctx)) }
		}
		b.compare(ctx, contest{
			row: row{engine: w.engine, name: "trade, 1,000 products", unit: "trades/s", target: 0.8}, before: both((*world).stock),
			rally: b.buy(w, clients, spread, false), ceiling: func(ctx context.Context) (float64, error) { return t.run(ctx, b.slice, t.trade(spread)) },
		})
		b.compare(ctx, contest{
			row: row{engine: w.engine, name: "trade, one hot product", unit: "trades/s", target: 0.8}, before: both((*world).stockHot),
			rally: b.buy(w, clients, hot, false), ceiling: func(ctx context.Context) (float64, error) { return t.run(ctx, b.slice, t.trade(hot)) },
		})
		b.compare(ctx, contest{
			row: row{engine: w.engine, name: "bid placed, 1,000 products", unit: "bids/s", target: 0.8}, before: both((*world).clearBids),
			rally: b.bid(w, spread), ceiling: func(ctx context.Context) (float64, error) { return t.run(ctx, b.slice, t.bid(spread)) },
		})
		return nil
	}
	p, err := newPgbench(w)
	if err != nil {
		return err
	}
	function := func(script string, n int) func(context.Context) (float64, error) {
		return func(ctx context.Context) (float64, error) { return p.run(ctx, script, n, b.slice) }
	}
	b.compare(ctx, contest{
		row: row{engine: w.engine, name: "trade, 1,000 products", unit: "trades/s", target: 0.5}, before: w.stock,
		rally: b.buy(w, clients, spread, false), ceiling: function(tradeScript(g), clients),
	})
	b.compare(ctx, contest{
		row: row{engine: w.engine, name: "the same with an idempotency key", unit: "trades/s"}, before: w.stock,
		rally: b.buy(w, clients, spread, true), ceiling: function(tradeScript(g), clients),
	})
	for _, n := range []int{clients, 4 * clients} {
		b.compare(ctx, contest{
			row: row{engine: w.engine, name: fmt.Sprintf("trade, one hot product, %d clients", n), unit: "trades/s", target: 0.8}, before: w.stockHot,
			rally: b.buy(w, n, hot, false), ceiling: function(hotScript(g), n),
		})
	}
	b.compare(ctx, contest{
		row:    row{engine: w.engine, name: "trade, one hot product: 32 clients against 8", unit: "trades/s", target: 1},
		before: w.stockHot, rally: b.buy(w, 4*clients, hot, false), ceiling: b.buy(w, clients, hot, false),
	})
	b.compare(ctx, contest{
		row: row{engine: w.engine, name: "bid placed, 1,000 products", unit: "bids/s", target: 0.5}, before: w.clearBids,
		rally: b.bid(w, spread), ceiling: function(bidScript(g), clients),
	})
	return nil
}

func (w *world) stock(ctx context.Context) error {
	return w.restock(ctx, w.goods.size(2), w.goods.size(articles*sizes-1), usualStock)
}

func (w *world) stockHot(ctx context.Context) error {
	return w.restock(ctx, w.goods.hot(), w.goods.hot(), hotStock)
}

// buy is a load of people who buy at once, each client as one of the buyers.
func (b *bench) buy(w *world, n int, product func(*rand.Rand) int64, keys bool) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		return load{addr: w.rally.addr, clients: n, slice: b.slice, request: func(client, _ int, r *rand.Rand) []byte {
			headers := []string{w.buyers[client%buyers].header}
			if keys {
				headers = append(headers, "Idempotency-Key: "+strconv.FormatUint(r.Uint64(), 36)+strconv.FormatUint(r.Uint64(), 36))
			}
			return w.buyRequest(product(r), headers...)
		}}.run(ctx)
	}
}

// clearBids takes the buyers' bids out again.
func (w *world) clearBids(ctx context.Context) error {
	if err := w.exec(ctx, "DELETE FROM bids WHERE side = 'purchase' AND status = 'open' AND user_id >= $1", w.goods.seller+sellers); err != nil {
		return err
	}
	return w.stock(ctx)
}

// bidPrice is a price below the asks.
func bidPrice(r *rand.Rand) int64 { return firstPrice - priceStep*(1+r.Int64N(18)) }

// bid is a load of people who place purchase bids.
func (b *bench) bid(w *world, product func(*rand.Rand) int64) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		return load{addr: w.rally.addr, clients: clients, slice: b.slice, request: func(client, _ int, r *rand.Rand) []byte {
			return request("POST", w.rally.addr, "/api/shop/products/"+strconv.FormatInt(product(r), 10)+"/bids/?type=purchase",
				`{"price":`+strconv.FormatInt(bidPrice(r), 10)+"}", w.buyers[client%buyers].header)
		}}.run(ctx)
	}
}

func (w *world) buyRequest(product int64, headers ...string) []byte {
	return request("POST", w.rally.addr, "/api/shop/products/"+strconv.FormatInt(product, 10)+"/transorders/?type=purchase", "", headers...)
}
