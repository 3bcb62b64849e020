package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
)

// world is how much of everything makeWorld makes.
type world struct {
	articles int
	bids     int // a size, on each side
	trades   int // a size
}

const madeSizes = 6 // beside ALL

// makeWorld fills an empty database set-wise. A brand has 20 articles; a tenth
// of the articles has no asks.
func makeWorld(tb testing.TB, s *Store, w world) {
	tb.Helper()
	ctx := tb.Context()
	sizes := w.articles * (madeSizes + 1)
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	const numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < CAST($1 AS integer)) "
	// A size's asks lie above all of its bids; which sizes have any, and where
	// they begin, differs from article to article.
	base := "(50000 + 1000 * (p.info_id * 7919 % 400) + 1000 * p.position)"
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		for _, step := range []struct {
			text string
			args []any
		}{
			{numbers + "INSERT INTO brands (id, name, name_key, created_at) SELECT i + 1, 'Brand ' || i, 'brand ' || i, $2 FROM n", []any{w.articles/20 + 1, at}},
			{numbers + `INSERT INTO product_infos (id, brand_id, eng_name, kor_name, model_number, colorway, category, delivery_tag, retail_price, tick, wishes, created_at)
				SELECT i + 1, i / 20 + 1, 'Runner ' || i || ' Slate', '러너 ' || i || ' 슬레이트', 'MR-' || i, CASE WHEN i % 60 = 7 THEN 'Velvet Chalk' ELSE 'Slate' END,
				CASE i % 5 WHEN 0 THEN 'shoes' WHEN 1 THEN 'clothes' WHEN 2 THEN 'fashion' WHEN 3 THEN 'life' ELSE 'tech' END, 'immediate',
				CASE WHEN i % 3 > 0 THEN 100000 + 1000 * (i % 70) END, 1000, i * 37 % 1009, ` + s.db.Pick("datetime($2, '+' || i || ' seconds')", "CAST($2 AS timestamptz) + i * interval '1 second'") + " FROM n", []any{w.articles, at}},
			{numbers + `INSERT INTO products (id, info_id, size, position, biddable, created_at)
				SELECT i + 1, i / 7 + 1, CASE WHEN i % 7 = 0 THEN 'ALL' ELSE CAST(240 + 10 * (i % 7) AS text) END, i % 7, i % 7 > 0, $2 FROM n WHERE i < $1`, []any{sizes, at}},
			{"INSERT INTO product_images (info_id, blob_key, width, height, created_at) SELECT id, 'shop/a' || id || '.jpg', 800, 800, $1 FROM product_infos", []any{at}},
			{"INSERT INTO product_images (info_id, blob_key, width, height, created_at) SELECT id, 'shop/b' || id || '.jpg', 800, 800, $1 FROM product_infos", []any{at}},
			{numbers + `INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at)
				SELECT p.id, 1 + i, CASE WHEN i < $2 THEN 'sales' ELSE 'purchase' END, ` + base + ` + 1000 * CASE WHEN i < $2 THEN i ELSE $2 - 1 - i END, i, 'open', $3, $4
				FROM products p CROSS JOIN n WHERE p.biddable AND $2 > 0 AND (p.info_id % 10 > 0 OR i >= $2)`, []any{2 * w.bids, w.bids, at, at.AddDate(1, 0, 0)}},
			{numbers + `INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at, closed_at)
				SELECT p.id, 1, 'sales', ` + base + `, 0, 'filled', $2, $2, $2 FROM products p CROSS JOIN n WHERE p.biddable AND i < $1`, []any{w.trades, at}},
			{`INSERT INTO orders (kind, info_id, product_id, bid_id, buyer_id, seller_id, taker_side, price, buyer_fee, seller_fee, status, status_at, created_at)
				SELECT 'trans', p.info_id, p.id, b.id, 2, 1, 'purchase', b.price, 0, 0, 'settled', b.created_at, b.created_at FROM bids b JOIN products p ON p.id = b.product_id WHERE b.status = 'filled'`, nil},
			{`UPDATE products SET purchase_price = (SELECT min(price) FROM bids d WHERE d.product_id = products.id AND d.side = 'sales' AND d.status = 'open'),
				sales_price = (SELECT max(price) FROM bids d WHERE d.product_id = products.id AND d.side = 'purchase' AND d.status = 'open') WHERE biddable`, nil},
		} {
			if _, err := db.Exec(ctx, s.db, step.text, step.args...); err != nil {
				return fmt.Errorf("%.80s: %w", step.text, err)
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	if err := shop.NewListPrices(s.db, s).Repair(ctx); err != nil {
		tb.Fatal(err)
	}
	if n, err := shop.RewriteOldWords(ctx, s.db, s); err != nil || n != w.articles+w.articles/20+1 {
		tb.Fatalf("%d search words written, %v", n, err)
	}
	if _, err := s.db.Pool().ExecContext(ctx, "ANALYZE"); err != nil {
		tb.Fatal(err)
	}
}
