package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// growthPairs and growthSlice keep the many rows of growth short.
const (
	growthPairs = 3
	growthSlice = time.Second

	untouchedAnswers = 100 // one of them is too cheap to compare with
)

// growth measures what the shop's answers cost when there are ten and a hundred
// times the bids and trades of the demo world. What they are held against is an
// answer that no number of rows touches, so that a slower hour slows both.
// A cost that grows like the depth of an index meets the target.
func (b *bench) growth(ctx context.Context, w *world) error {
	spread := func(r *rand.Rand) int64 { return w.goods.size(2 + r.IntN(articles*sizes-2)) }
	short := &bench{pairs: min(growthPairs, b.pairs), slice: growthSlice, only: b.only, out: b.out}
	answers := []grownAnswer{
		{"article page", "pages/s", nil, short.ask(w, articleRequests, w.articlePage())},
		{"chart", "charts/s", nil, short.ask(w, 1, w.marketPage("chart/?range=1y"))},
		{"book", "books/s", nil, short.ask(w, 1, w.marketPage("book/"))},
		{"bid", "bids/s", w.clearBids, short.bid(w, spread)},
		{"trade", "trades/s", w.stock, short.buy(w, clients, spread, false)},
	}
	bids, err := w.int(ctx, "SELECT count(*) FROM bids WHERE product_id < $1", w.goods.product)
	if err != nil {
		return err
	}
	trades, err := w.int(ctx, "SELECT count(*) FROM orders WHERE product_id < $1", w.goods.product)
	if err != nil {
		return err
	}
	return b.grown(ctx, w, short, answers, growing{
		of: "the demo's bids and trades", rows: bids, note: fmt.Sprintf("1 × is %d bids and %d trades", bids, trades),
		add: func(times int64) error { return w.grow(ctx, bids*times, trades*times) },
	})
}

// grownAnswer is something whose cost may grow with the rows.
type grownAnswer struct {
	name, unit string
	before     func(context.Context) error
	run        func(context.Context) (float64, error)
}

// growing is what there is more and more of.
type growing struct {
	of, note string
	rows     int64 // at 1×
	add      func(times int64) error
}

// grown measures answers at 1×, 10× and 100× of something, with short pairs.
func (b *bench) grown(ctx context.Context, w *world, short *bench, answers []grownAnswer, g growing) error {
	untouched := request("GET", w.rally.addr, "/api/meta/", "")
	first := map[string]float64{} // the ratio at 1×
	have := int64(1)
	for _, times := range []int64{1, 10, 100} {
		for _, a := range answers {
			r := row{engine: w.engine, name: fmt.Sprintf("%s at %d × %s", a.name, times, g.of), unit: a.unit}
			if !b.wants(r) {
				continue
			}
			if times > have {
				if err := g.add(times - have); err != nil {
					return err
				}
				have = times
			}
			if times > 1 {
				r.target = first[a.name] * math.Log(float64(g.rows)) / math.Log(float64(g.rows*times))
			}
			n := len(short.rows)
			short.compare(ctx, contest{row: r, before: a.before, rally: a.run, ceiling: short.ask(w, untouchedAnswers, func(int, int, *rand.Rand) []byte { return untouched })})
			if times == 1 && len(short.rows) > n {
				first[a.name] = summarise(short.rows[n].pairs).ratio
			}
		}
	}
	if n := len(short.rows); n > 0 {
		short.rows[n-1].note = g.note + fmt.Sprintf("; the ceiling is %d answers of /api/meta/", untouchedAnswers)
	}
	b.rows = append(b.rows, short.rows...)
	return nil
}

// growthMonths is over how many months past trades are spread.
const growthMonths = 24

// grow adds open bids and past trades to the goods, evenly.
func (w *world) grow(ctx context.Context, bids, trades int64) error {
	g, at := w.goods, now()
	const product = "CAST($2 AS bigint) + (i % 1000) / 10 * 11 + i % 10 + 1"
	if err := w.exec(ctx, numbers+`INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at)
		SELECT `+product+`, $3 + i % 40, CASE WHEN i / 1000 % 2 = 0 THEN 'sales' ELSE 'purchase' END,
			CASE WHEN i / 1000 % 2 = 0 THEN 100000 + 1000 * (i / 1000 % 300) ELSE 99000 - 1000 * (i / 1000 % 90) END, -i, 'open', $4, $5 FROM n`,
		bids, g.product, g.seller, at, at.AddDate(0, 0, restLifeDay)); err != nil {
		return err
	}
	for month := range growthMonths {
		last, err := w.int(ctx, "SELECT max(id) FROM bids")
		if err != nil {
			return err
		}
		when := at.AddDate(0, -month, -1)
		if err := w.exec(ctx, numbers+`INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at, closed_at)
			SELECT `+product+`, $3 + i % 40, 'sales', 100000 + 1000 * (i % 7), 0, 'filled', $4, $4, $4 FROM n`, trades/growthMonths+1, g.product, g.seller, when); err != nil {
			return err
		}
		if err := w.exec(ctx, `INSERT INTO orders (kind, info_id, product_id, bid_id, buyer_id, seller_id, taker_side, price, buyer_fee, seller_fee, status, status_at, told_at, created_at)
			SELECT 'trans', p.info_id, p.id, b.id, CAST($2 AS bigint) + b.id % 32, b.user_id, 'purchase', b.price, b.price * 15 / 1000, b.price * 3 / 100, 'settled', b.created_at, b.created_at, b.created_at
			FROM bids b JOIN products p ON p.id = b.product_id WHERE b.id > $1 AND b.status = 'filled'`, last, g.seller+sellers); err != nil {
			return err
		}
		if err := w.exec(ctx, `INSERT INTO price_days (product_id, day, high, low, close, volume, total, last_order)
			SELECT o.product_id, CAST($2 AS text), max(o.price), min(o.price), max(o.price), count(*), sum(o.price), max(o.id)
			FROM orders o JOIN bids b ON b.id = o.bid_id WHERE b.id > $1 GROUP BY o.product_id ON CONFLICT (product_id, day) DO NOTHING`,
			last, when.Add(9*time.Hour).Format(time.DateOnly)); err != nil {
			return err
		}
	}
	if w.engine == postgres {
		if err := w.exec(ctx, "VACUUM ANALYZE price_days"); err != nil {
			return err
		}
	}
	return w.tidy(ctx)
}
