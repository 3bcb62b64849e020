package main

// The ceilings' SQL: for a page the main statement behind it, for a trade the
// least that keeps the rules. It is kept here and not taken from Rally, so
// that a change of Rally doesn't move its own yardstick.

// catalogueSQL is a page of 40 of the shoes, the most wished for first; %s is
// the engine's way to say "among these categories".
const catalogueSQL = `SELECT i.id, i.brand_id, b.name AS brand_name, i.eng_name, i.kor_name, i.model_number, i.colorway, i.category, i.delivery_tag,
	i.retail_price, i.release_date, i.tick, i.wishes, i.shares, i.created_at, (SELECT min(p.purchase_price) FROM products p WHERE p.info_id = i.id) AS price
	FROM product_infos i JOIN brands b ON b.id = i.brand_id WHERE %s ORDER BY i.wishes DESC, i.id DESC LIMIT 40 OFFSET 0`

const (
	catalogueIn       = `i.category = ANY('{shoes}')`
	catalogueInSQLite = `i.category IN (SELECT value FROM json_each(?1))`
)

// sizesSQL is the sizes of an article with the prices of their books. $1 is
// the article, $2 now.
const sizesSQL = `SELECT p.id, p.info_id, p.size, p.position, p.last_price, p.last_trade_at, p.book_version, p.stock, p.created_at,
	CASE WHEN i.delivery_tag = 'brand' THEN p.purchase_price ELSE
		(SELECT d.price FROM bids d WHERE d.product_id = p.id AND d.side = 'sales' AND d.status = 'open' AND d.expires_at > $2 ORDER BY d.price LIMIT 1) END AS purchase_price,
	CASE WHEN i.delivery_tag = 'brand' THEN NULL ELSE
		(SELECT d.price FROM bids d WHERE d.product_id = p.id AND d.side = 'purchase' AND d.status = 'open' AND d.expires_at > $2 ORDER BY d.price DESC LIMIT 1) END AS sales_price
	FROM products p JOIN product_infos i ON i.id = p.info_id WHERE p.info_id = $1 ORDER BY p.position, p.size`

const targetSQL = `(SELECT t.id FROM products a JOIN products t ON t.info_id = a.info_id AND (t.id = a.id OR a.size = 'ALL') WHERE a.id = $1)`

// bookSQL is the 20 best prices of both sides, for ALL those of its sizes
// together, if nothing waits for the sweep. $1 is the product.
const bookSQL = `WITH t AS MATERIALIZED (SELECT id FROM products WHERE id IN ` + targetSQL + `)
	SELECT 'version' AS kind, CAST(NULL AS bigint) AS price, book_version AS n, CAST(NULL AS timestamptz) AS last_at FROM products WHERE id IN (SELECT id FROM t)
	UNION ALL SELECT * FROM (SELECT 'last', last_price, 0, last_trade_at FROM products WHERE id IN (SELECT id FROM t) AND last_trade_at IS NOT NULL ORDER BY last_trade_at DESC LIMIT 1) l
	UNION ALL SELECT * FROM (SELECT 'ask', price, n, CAST(NULL AS timestamptz) FROM (SELECT price, sum(bids) AS n FROM book_levels
		WHERE product_id IN (SELECT id FROM t) AND side = 'sales' GROUP BY price ORDER BY price LIMIT 20) g) a
	UNION ALL SELECT * FROM (SELECT 'bid', price, n, CAST(NULL AS timestamptz) FROM (SELECT price, sum(bids) AS n FROM book_levels
		WHERE product_id IN (SELECT id FROM t) AND side = 'purchase' GROUP BY price ORDER BY price DESC LIMIT 20) g) b`

// tradesSQL is the last 50 trades of an article, $1.
const tradesSQL = `SELECT o.price, p.size, o.created_at FROM orders o JOIN products p ON p.id = o.product_id
	WHERE o.info_id = $1 AND o.status NOT IN ('cancelled', 'failed') ORDER BY o.created_at DESC, o.id DESC LIMIT 50`

// infoSQL is an article, $1, without its pictures.
const infoSQL = `SELECT i.id, b.name, i.eng_name, i.kor_name, i.wishes FROM product_infos i JOIN brands b ON b.id = i.brand_id WHERE i.id = $1`

// daysSQL is what a product, $1, cost on each day from $3 on, for ALL that of
// its sizes, and extremesSQL its highest and its lowest price.
const (
	daysSQL     = `SELECT day, high, low, close, volume, total FROM price_days WHERE product_id IN ` + targetSQL + ` AND day >= $3 ORDER BY day, last_order`
	extremesSQL = `SELECT max(high), min(low) FROM price_days WHERE product_id IN ` + targetSQL
)

// benchTrade is a trade in one round trip: the product's row is the lock, the
// best ask of somebody else is taken, the order made and posted, the prices and
// the day brought up to date. Without an ask it fails, so that an empty book
// can't pass for a quick trade.
const benchTrade = `CREATE FUNCTION bench_trade(p_product bigint, p_buyer bigint) RETURNS bigint LANGUAGE plpgsql AS $body$
DECLARE
	v_info bigint;
	v_ask  record;
	v_now  timestamptz := now();
	v_made bigint;
BEGIN
	SELECT info_id INTO v_info FROM products WHERE id = p_product AND biddable FOR NO KEY UPDATE;
	SELECT id, user_id, price INTO v_ask FROM bids
		WHERE product_id = p_product AND side = 'sales' AND status = 'open' AND expires_at > v_now AND user_id <> p_buyer ORDER BY price, priority LIMIT 1;
	IF v_info IS NULL OR v_ask.id IS NULL THEN RAISE EXCEPTION 'nobody sells %', p_product; END IF;
	UPDATE bids SET status = 'filled', closed_at = v_now WHERE id = v_ask.id;
	INSERT INTO orders (kind, info_id, product_id, bid_id, buyer_id, seller_id, taker_side, price, buyer_fee, seller_fee,
			buyer_bps, seller_bps, penalty_bps, fail_penalty_bps, credit_bps, status, status_at, deadline, created_at)
		VALUES ('trans', v_info, p_product, v_ask.id, p_buyer, v_ask.user_id, 'purchase', v_ask.price, v_ask.price * 15 / 1000, v_ask.price * 3 / 100,
			150, 300, 1000, 1500, 5000, 'matched', v_now, v_now + interval '48 hours', v_now)
		RETURNING id INTO v_made;
	INSERT INTO ledger (order_id, reason, debit, debit_user, credit, amount, created_at)
		VALUES (v_made, 'charge', 'buyer', p_buyer, 'escrow', v_ask.price + v_ask.price * 15 / 1000, v_now);
	INSERT INTO price_days AS d (product_id, day, high, low, close, volume, total, last_order)
		VALUES (p_product, to_char(v_now AT TIME ZONE 'UTC' + interval '9 hours', 'YYYY-MM-DD'), v_ask.price, v_ask.price, v_ask.price, 1, v_ask.price, v_made)
		ON CONFLICT (product_id, day) DO UPDATE SET high = greatest(d.high, excluded.high), low = least(d.low, excluded.low), close = excluded.close,
			volume = d.volume + 1, total = d.total + excluded.total, last_order = excluded.last_order;
	UPDATE products SET book_version = book_version + 1, last_price = v_ask.price, last_trade_at = v_now,
		purchase_price = (SELECT min(price) FROM bids WHERE product_id = p_product AND side = 'sales' AND status = 'open' AND expires_at > v_now),
		sales_price = (SELECT max(price) FROM bids WHERE product_id = p_product AND side = 'purchase' AND status = 'open' AND expires_at > v_now)
		WHERE id = p_product;
	RETURN v_made;
END $body$`

// benchBid is a purchase bid in one round trip: it must not meet the best ask.
const benchBid = `CREATE FUNCTION bench_bid(p_product bigint, p_buyer bigint, p_price bigint) RETURNS bigint LANGUAGE plpgsql AS $body$
DECLARE
	v_version bigint;
	v_ask     bigint;
	v_now     timestamptz := now();
	v_made    bigint;
BEGIN
	SELECT book_version INTO v_version FROM products WHERE id = p_product AND biddable FOR NO KEY UPDATE;
	SELECT price INTO v_ask FROM bids WHERE product_id = p_product AND side = 'sales' AND status = 'open' AND expires_at > v_now ORDER BY price, priority LIMIT 1;
	IF v_version IS NULL OR v_ask <= p_price THEN RAISE EXCEPTION 'no bid on %', p_product; END IF;
	INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at, fee_bps)
		VALUES (p_product, p_buyer, 'purchase', p_price, v_version + 1, 'open', v_now, v_now + interval '30 days', 150) RETURNING id INTO v_made;
	UPDATE products SET book_version = book_version + 1,
		purchase_price = (SELECT min(price) FROM bids WHERE product_id = p_product AND side = 'sales' AND status = 'open' AND expires_at > v_now),
		sales_price = (SELECT max(price) FROM bids WHERE product_id = p_product AND side = 'purchase' AND status = 'open' AND expires_at > v_now)
		WHERE id = p_product;
	RETURN v_made;
END $body$`

// The same on SQLite, statement by statement in one transaction.
const (
	tradeLockSQL  = `SELECT info_id, book_version FROM products WHERE id = ?1 AND biddable`
	tradeBestSQL  = `SELECT id, user_id, price FROM bids WHERE product_id = ?1 AND side = 'sales' AND status = 'open' AND expires_at > ?2 AND user_id <> ?3 ORDER BY price, priority LIMIT 1`
	tradeTakeSQL  = `UPDATE bids SET status = 'filled', closed_at = ?2 WHERE id = ?1`
	tradeOrderSQL = `INSERT INTO orders (kind, info_id, product_id, bid_id, buyer_id, seller_id, taker_side, price, buyer_fee, seller_fee,
		buyer_bps, seller_bps, penalty_bps, fail_penalty_bps, credit_bps, status, status_at, deadline, created_at)
		VALUES ('trans', ?1, ?2, ?3, ?4, ?5, 'purchase', ?6, ?6 * 15 / 1000, ?6 * 3 / 100, 150, 300, 1000, 1500, 5000, 'matched', ?7, ?8, ?7) RETURNING id`
	tradePostSQL = `INSERT INTO ledger (order_id, reason, debit, debit_user, credit, amount, created_at) VALUES (?1, 'charge', 'buyer', ?2, 'escrow', ?3 + ?3 * 15 / 1000, ?4)`
	tradeDaySQL  = `INSERT INTO price_days (product_id, day, high, low, close, volume, total, last_order) VALUES (?1, ?2, ?3, ?3, ?3, 1, ?3, ?4)
		ON CONFLICT (product_id, day) DO UPDATE SET high = max(high, excluded.high), low = min(low, excluded.low), close = excluded.close,
			volume = volume + 1, total = total + excluded.total, last_order = excluded.last_order`
	tradePriceSQL = `UPDATE products SET book_version = book_version + 1, last_price = ?2, last_trade_at = ?3,
		purchase_price = (SELECT min(price) FROM bids WHERE product_id = ?1 AND side = 'sales' AND status = 'open' AND expires_at > ?3),
		sales_price = (SELECT max(price) FROM bids WHERE product_id = ?1 AND side = 'purchase' AND status = 'open' AND expires_at > ?3) WHERE id = ?1`
	bidSQL = `INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at, fee_bps)
		VALUES (?1, ?2, 'purchase', ?3, ?4, 'open', ?5, ?6, 150) RETURNING id`
	bidPriceSQL = `UPDATE products SET book_version = book_version + 1,
		purchase_price = (SELECT min(price) FROM bids WHERE product_id = ?1 AND side = 'sales' AND status = 'open' AND expires_at > ?2),
		sales_price = (SELECT max(price) FROM bids WHERE product_id = ?1 AND side = 'purchase' AND status = 'open' AND expires_at > ?2) WHERE id = ?1`
)
