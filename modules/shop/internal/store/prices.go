package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
)

type listedRow struct {
	ID          int64  `bun:"id"`
	InfoID      int64  `bun:"info_id"`
	Size        string `bun:"size"`
	RetailPrice *int64 `bun:"retail_price"`
}

// Listed returns a product without its prices, and its article's retail price.
func (s *Store) Listed(ctx context.Context, productID int64) (shop.Product, *int64, error) {
	r, err := db.Get[listedRow](ctx, s.db, "SELECT p.id, p.info_id, p.size, i.retail_price FROM products p JOIN product_infos i ON i.id = p.info_id WHERE p.id = $1", productID)
	if db.NotFound(err) {
		return shop.Product{}, nil, shop.ErrProductNotFound
	}
	return shop.Product{ID: r.ID, InfoID: r.InfoID, Size: r.Size}, r.RetailPrice, err
}

type dayRow struct {
	Day    string `bun:"day"`
	High   int64  `bun:"high"`
	Low    int64  `bun:"low"`
	Close  int64  `bun:"close"`
	Volume int64  `bun:"volume"`
	Total  int64  `bun:"total"`
}

// closeOfDay is the close of whoever traded last among several sizes: orders are
// numbered in the order of time, and a price fits below 2^30.
const closeOfDay = "max(last_order * 1073741824 + close) % 1073741824"

// PriceDays returns the days of a product from one on; for ALL, each is that of
// all sizes together.
func (s *Store) PriceDays(ctx context.Context, productID int64, from string) ([]shop.PriceDay, error) {
	rows, err := db.Select[dayRow](ctx, s.db, "SELECT day, max(high) AS high, min(low) AS low, "+closeOfDay+" AS close, CAST(sum(volume) AS bigint) AS volume, CAST(sum(total) AS bigint) AS total FROM price_days WHERE product_id IN "+target+" AND day >= $2 GROUP BY day ORDER BY day", productID, from)
	if err != nil {
		return nil, fmt.Errorf("list prices by the day: %w", err)
	}
	days := make([]shop.PriceDay, len(rows))
	for i, r := range rows {
		days[i] = shop.PriceDay(r)
	}
	return days, nil
}

// Extremes returns the highest and the lowest price ever.
func (s *Store) Extremes(ctx context.Context, productID int64) (high, low *int64, err error) {
	type extremes struct {
		High *int64 `bun:"high"`
		Low  *int64 `bun:"low"`
	}
	r, err := db.Get[extremes](ctx, s.db, "SELECT max(high) AS high, min(low) AS low FROM price_days WHERE product_id IN "+target, productID)
	return r.High, r.Low, err
}

// HasReachable reports whether somebody waits for a price.
func (s *Store) HasReachable(ctx context.Context, productID, allID, price int64) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM wishes WHERE product_id IN ($1, $2) AND target_price >= $3 AND reached_at IS NULL)", productID, allID, price)
}

// ReachTargets marks wishes whose price is reached, and returns them.
func (s *Store) ReachTargets(ctx context.Context, productID, price int64, whose shop.Waiting, now time.Time, limit int) ([]shop.Wish, error) {
	rows, err := db.Select[wishRow](ctx, s.db, `UPDATE wishes SET reached_at = $4 WHERE (user_id, product_id) IN (
			SELECT w.user_id, w.product_id FROM wishes w
			WHERE w.product_id IN (SELECT a.id FROM products p JOIN products a ON a.info_id = p.info_id AND (a.id = p.id OR a.size = 'ALL') WHERE p.id = $1)
				AND w.target_price >= $2 AND w.reached_at IS NULL AND w.user_id <> $3 AND ($6 = 0 OR w.user_id = $6) ORDER BY w.target_price DESC, w.user_id LIMIT $5)
			AND reached_at IS NULL
		RETURNING user_id, product_id, target_price, reached_at, created_at`, productID, price, whose.But, now, limit, whose.Only)
	if err != nil {
		return nil, fmt.Errorf("mark wishes whose price is reached: %w", err)
	}
	return convert(rows), nil
}
