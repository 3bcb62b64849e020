package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// What is added to the demo world: enough articles of one category to fill a
// page of 40, and a thousand books to trade in.
const (
	articles    = 100
	sizes       = 10 // beside ALL
	askLevels   = 20
	rowsOfInfo  = sizes + 1
	pastTrades  = 20 // a size
	sellers     = 40
	buyers      = 32
	firstPrice  = 100_000
	priceStep   = 1_000
	restLifeDay = 30
)

// goods tells where the added rows are. Ids run on: article i has the id
// info+i, its size ALL product+i*rowsOfInfo, its s-th size s more.
type goods struct{ info, product, seller int64 }

func (g goods) all(article int) int64 { return g.product + int64(article)*rowsOfInfo }

// size returns the n-th tradable product of all.
func (g goods) size(n int) int64 {
	return g.product + int64(n/sizes)*rowsOfInfo + int64(n%sizes) + 1
}

// hot is the product that everybody wants at once, and watched the one whose
// book is followed live. Neither is among those that stock fills.
func (g goods) hot() int64     { return g.size(0) }
func (g goods) watched() int64 { return g.size(1) }

// numbers is a table n(i) of 0…$1-1.
const numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < CAST($1 AS integer)) "

// seed adds people and goods, set-wise, while Rally does not run.
func (w *world) seed(ctx context.Context, email, password string) error {
	w.password = password
	var err error
	if w.goods.info, err = w.int(ctx, "SELECT max(id) + 1 FROM product_infos"); err != nil {
		return err
	}
	if w.goods.product, err = w.int(ctx, "SELECT max(id) + 1 FROM products"); err != nil {
		return err
	}
	if w.goods.seller, err = w.int(ctx, "SELECT max(id) + 1 FROM users"); err != nil {
		return err
	}
	if err := w.seedPeople(ctx, email); err != nil {
		return err
	}
	g, at := w.goods, now()
	for _, s := range []struct {
		text string
		args []any
	}{
		{`INSERT INTO product_infos (id, brand_id, eng_name, kor_name, model_number, colorway, category, delivery_tag, retail_price, release_date, tick, wishes, created_at)
			SELECT $2 + i, (SELECT min(id) FROM brands) + i % 10, 'Measured Runner ' || i || ' Slate', '측정 러너 ' || i || ' 슬레이트', 'MR-' || i, 'Slate', 'shoes', 'immediate',
			119000 + 1000 * (i % 30), '2026-03-01', 1000, (i * 37) % 101, $3 FROM n`, []any{articles, g.info, at}},
		{`INSERT INTO products (id, info_id, size, position, biddable, created_at)
			SELECT $2 + i, CAST($3 AS bigint) + i / 11, CASE WHEN i % 11 = 0 THEN 'ALL' ELSE CAST(225 + 5 * (i % 11) AS text) END, i % 11, i % 11 > 0, $4 FROM n`,
			[]any{articles * rowsOfInfo, g.product, g.info, at}},
		{`INSERT INTO product_images (info_id, blob_key, width, height, created_at)
			SELECT $2 + i, m.blob_key, m.width, m.height, $3 FROM n CROSS JOIN (SELECT blob_key, width, height FROM product_images ORDER BY id LIMIT 2) m`, []any{articles, g.info, at}},
		{`INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at)
			SELECT p.id, $3 + i % 40, CASE WHEN i < 20 THEN 'sales' ELSE 'purchase' END, CASE WHEN i < 20 THEN 100000 + 1000 * i ELSE 99000 - 1000 * (i - 20) END, i + 1, 'open', $4, $5
			FROM products p CROSS JOIN n WHERE p.id >= $2 AND p.biddable`, []any{askLevels + askLevels/2, g.product, g.seller, at, at.AddDate(0, 0, restLifeDay)}},
	} {
		if err := w.exec(ctx, numbers+s.text, s.args...); err != nil {
			return err
		}
	}
	if err := w.seedTrades(ctx, at); err != nil {
		return err
	}
	if w.engine == postgres {
		for _, table := range []string{"users", "product_infos", "products"} {
			if _, err := w.int(ctx, "SELECT setval(pg_get_serial_sequence('"+table+"', 'id'), (SELECT max(id) FROM "+table+"))"); err != nil {
				return err
			}
		}
		for _, function := range []string{benchTrade, benchBid} {
			if err := w.exec(ctx, function); err != nil {
				return err
			}
		}
		if err := w.exec(ctx, "VACUUM ANALYZE"); err != nil {
			return err
		}
	}
	for i := range buyers {
		w.buyers = append(w.buyers, buyer{id: g.seller + sellers + int64(i), email: benchEmail(sellers + i)})
	}
	return w.tidy(ctx)
}

// seedPeople adds people with the password of a login of the demo world.
func (w *world) seedPeople(ctx context.Context, email string) error {
	err := w.exec(ctx, numbers+`INSERT INTO users (id, email, password_hash, is_staff, email_verified_at, created_at)
		SELECT $2 + i, 'bench' || i || '@rally.example', (SELECT password_hash FROM users WHERE email = $4), false, $3, $3 FROM n`,
		sellers+buyers, w.goods.seller, now(), email)
	if err != nil {
		return err
	}
	return w.exec(ctx, numbers+`INSERT INTO profiles (user_id, user_name, profile_name, profile_name_key, created_at)
		SELECT $2 + i, 'bench' || i, 'bench_person_' || i, 'bench_person_' || i, $3 FROM n`, sellers+buyers, w.goods.seller, now())
}

// seedTrades gives every size a history of trades, one a day.
func (w *world) seedTrades(ctx context.Context, at time.Time) error {
	g := w.goods
	for day := pastTrades; day > 0; day-- {
		when, price := at.AddDate(0, 0, -day), firstPrice+priceStep*int64(day%7)
		if err := w.exec(ctx, `INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at, closed_at)
			SELECT id, CAST($2 AS bigint), 'sales', CAST($3 AS bigint), 0, 'filled', $4, $4, $4 FROM products WHERE id >= $1 AND biddable`,
			g.product, g.seller, price, when); err != nil {
			return err
		}
		if err := w.exec(ctx, `INSERT INTO orders (kind, info_id, product_id, bid_id, buyer_id, seller_id, taker_side, price, buyer_fee, seller_fee, status, status_at, told_at, created_at)
			SELECT 'trans', p.info_id, p.id, b.id, CAST($2 AS bigint), b.user_id, 'purchase', b.price, b.price * 15 / 1000, b.price * 3 / 100, 'settled', b.created_at, b.created_at, b.created_at
			FROM bids b JOIN products p ON p.id = b.product_id WHERE b.product_id >= $1 AND b.status = 'filled' AND b.created_at = $3`,
			g.product, g.seller+sellers, when); err != nil {
			return err
		}
	}
	// A year of days: each size has one in three, and the sizes take turns.
	day := "CAST(CAST(CAST($3 AS text) AS date) - (3 * i + p.position % 3) AS text)"
	if w.engine == sqlite {
		day = "date($3, '-' || (3 * i + p.position % 3) || ' days')"
	}
	if err := w.exec(ctx, numbers+`INSERT INTO price_days (product_id, day, high, low, close, volume, total, last_order)
		SELECT p.id, `+day+`, 101000 + 1000 * (i % 7), 99000 + 1000 * (i % 5), 100000 + 1000 * (i % 6), 2, 200000 + 2000 * (i % 6), 0
		FROM products p CROSS JOIN n WHERE p.id >= $2 AND p.biddable`, 365/3, g.product, at.AddDate(0, 0, -1).Format(time.DateOnly)); err != nil {
		return err
	}
	return w.exec(ctx, repriceAll+`,
		last_price = (SELECT o.price FROM orders o WHERE o.product_id = products.id ORDER BY o.created_at DESC LIMIT 1),
		last_trade_at = (SELECT o.created_at FROM orders o WHERE o.product_id = products.id ORDER BY o.created_at DESC LIMIT 1) WHERE id >= $1 AND biddable`, g.product)
}

// repriceAll brings the stored prices up to date.
const repriceAll = `UPDATE products SET book_version = book_version + 100000,
	purchase_price = (SELECT min(price) FROM bids b WHERE b.product_id = products.id AND b.side = 'sales' AND b.status = 'open'),
	sales_price = (SELECT max(price) FROM bids b WHERE b.product_id = products.id AND b.side = 'purchase' AND b.status = 'open')`

// restock fills the books from one product to another up to a number of asks,
// spread over the usual prices.
func (w *world) restock(ctx context.Context, first, last int64, asks int) error {
	// Counted once a product, and not once a row that may come.
	err := w.exec(ctx, numbers+`, p AS MATERIALIZED (SELECT id, book_version, (SELECT count(*) FROM bids b WHERE b.product_id = products.id AND b.side = 'sales' AND b.status = 'open') AS asks
			FROM products WHERE id BETWEEN $2 AND $3 AND biddable)
		INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at)
		SELECT p.id, $4 + i % 40, 'sales', 100000 + 1000 * (i % 20), p.book_version + 1 + i, 'open', $5, $6 FROM p JOIN n ON i >= p.asks`,
		asks, first, last, w.goods.seller, now(), now().AddDate(0, 0, restLifeDay))
	if err != nil {
		return err
	}
	if err := w.exec(ctx, repriceAll+" WHERE id BETWEEN $1 AND $2 AND biddable", first, last); err != nil {
		return err
	}
	return w.tidy(ctx)
}

func benchEmail(n int) string { return fmt.Sprintf("bench%d@rally.example", n) }

// login turns the buyers' passwords into headers.
func (w *world) login(ctx context.Context) error {
	for i := range w.buyers {
		b := &w.buyers[i]
		out, err := once(ctx, w.rally.addr, loginRequest(w.rally.addr, b.email, w.password))
		if err != nil {
			return fmt.Errorf("log %s in: %w", b.email, err)
		}
		var body struct {
			AccessToken string `json:"access_token"`
		}
		if err := json.Unmarshal(out, &body); err != nil {
			return fmt.Errorf("log %s in: %w", b.email, err)
		}
		b.header = "Authorization: Bearer " + body.AccessToken
	}
	return nil
}

func loginRequest(addr, email, password string) []byte {
	body, _ := json.Marshal(map[string]string{"email": email, "password": password}) // strings always encode
	return request("POST", addr, "/api/accounts/login/", string(body))
}
