package store

import (
	"context"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
)

// A new order: the bid that it takes, the row itself, what it posts, and the
// prices that follow.

const insertOrder = `INSERT INTO orders (kind, info_id, product_id, bid_id, buyer_id, seller_id, taker_side, price, buyer_fee, seller_fee,
	buyer_bps, seller_bps, penalty_bps, fail_penalty_bps, credit_bps, status, status_at, deadline, replaces, created_at) `

// upsertDay adds a trade to its day.
const upsertDay = ` ON CONFLICT (product_id, day) DO UPDATE SET high = CASE WHEN excluded.high > price_days.high THEN excluded.high ELSE price_days.high END,
	low = CASE WHEN excluded.low < price_days.low THEN excluded.low ELSE price_days.low END, close = excluded.close,
	volume = price_days.volume + 1, total = price_days.total + excluded.total, last_order = excluded.last_order`

const insertDay = "INSERT INTO price_days (product_id, day, high, low, close, volume, total, last_order) "

const insertPosting = "INSERT INTO ledger (order_id, reason, debit, debit_user, credit, credit_user, amount, created_at) "

// fillAtOnce does it in one round trip. All its parts see the bid still open,
// so the prices leave it out by its id.
const fillAtOnce = `WITH taken AS (UPDATE bids SET status = 'filled', closed_at = $2 WHERE id = $3 AND status = 'open' RETURNING id),
	priced AS (` + bestPrices + `, last_price = $8, last_trade_at = $2 WHERE id = $1 AND EXISTS (SELECT 1 FROM taken)),
	made AS (` + insertOrder + `SELECT 'trans', $4, $1, id, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $2, $17, $18, $2 FROM taken RETURNING id),
	day AS (` + insertDay + `SELECT $1, $19, $8, $8, $8, 1, $8, id FROM made` + upsertDay + `),
	posted AS (` + insertPosting + `SELECT id, $20, $21, $22, $23, $24, $25, $2 FROM made)
	SELECT id FROM made`

// Fill turns the bid of the order into the order.
func (s *Store) Fill(ctx context.Context, o *shop.Order, charge shop.Posting) error {
	now := o.CreatedAt
	if s.db.Dialect == db.Postgres {
		id, err := db.Get[int64](ctx, s.db, fillAtOnce,
			o.ProductID, now, *o.BidID, o.InfoID, o.BuyerID, *o.SellerID, string(o.TakerSide), o.Price, o.BuyerFee, o.SellerFee,
			o.Terms.BuyerBps, o.Terms.SellerBps, o.Terms.PenaltyBps, o.Terms.FailPenaltyBps, o.Terms.CreditBps, o.Status, o.Deadline, o.Replaces, shop.MarketDay(now),
			charge.Reason, string(charge.Debit), charge.DebitUser, string(charge.Credit), charge.CreditUser, charge.Amount)
		if db.NotFound(err) {
			return shop.ErrBidClosed
		}
		o.ID = id
		return err
	}
	if err := s.CloseBid(ctx, *o.BidID, shop.BidFilled, now); err != nil {
		return err
	}
	if err := s.insertOrder(ctx, o, charge); err != nil {
		return err
	}
	_, err := db.Exec(ctx, s.db, bestPrices+", last_price = $4, last_trade_at = $2 WHERE id = $1", o.ProductID, now, *o.BidID, o.Price)
	return err
}

// SellStock takes one off the stock and inserts the order.
func (s *Store) SellStock(ctx context.Context, o *shop.Order, charge shop.Posting) error {
	n, err := db.Exec(ctx, s.db, "UPDATE products SET stock = stock - 1, last_price = $1, last_trade_at = $2, book_version = book_version + 1 WHERE id = $3 AND stock > 0",
		o.Price, o.CreatedAt, o.ProductID)
	if err := changed(n, err, shop.ErrOutOfStock); err != nil {
		return err
	}
	return s.insertOrder(ctx, o, charge)
}

// insertRow inserts an order alone.
func (s *Store) insertRow(ctx context.Context, o *shop.Order) error {
	id, err := db.Get[int64](ctx, s.db, insertOrder+"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) RETURNING id",
		o.Kind, o.InfoID, o.ProductID, o.BidID, o.BuyerID, o.SellerID, string(o.TakerSide), o.Price, o.BuyerFee, o.SellerFee,
		o.Terms.BuyerBps, o.Terms.SellerBps, o.Terms.PenaltyBps, o.Terms.FailPenaltyBps, o.Terms.CreditBps, o.Status, o.StatusAt, o.Deadline, o.Replaces, o.CreatedAt)
	o.ID = id
	return err
}

// insertOrder inserts an order, what it posts, and its price.
func (s *Store) insertOrder(ctx context.Context, o *shop.Order, charge shop.Posting) error {
	if err := s.insertRow(ctx, o); err != nil {
		return err
	}
	charge.OrderID = o.ID
	if err := s.Post(ctx, []shop.Posting{charge}); err != nil {
		return err
	}
	_, err := db.Exec(ctx, s.db, insertDay+"VALUES ($1, $2, $3, $3, $3, 1, $3, $4)"+upsertDay, o.ProductID, shop.MarketDay(o.CreatedAt), o.Price, o.ID)
	return err
}

// Post adds rows to the ledger.
func (s *Store) Post(ctx context.Context, posts []shop.Posting) error {
	for _, p := range posts {
		if _, err := db.Exec(ctx, s.db, insertPosting+"VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
			p.OrderID, p.Reason, string(p.Debit), p.DebitUser, string(p.Credit), p.CreditUser, p.Amount, p.CreatedAt); err != nil {
			return err
		}
	}
	return nil
}

// stands chooses the orders that are trades and stand: see shop.Order.Stands.
const stands = "status NOT IN ('cancelled', 'failed') AND kind <> 'prize'"

// restateDay is what a day costs by the trades that stand.
const restateDay = insertDay + `SELECT d.product_id, CAST($2 AS text), d.high, d.low, o.price, d.volume, d.total, d.last FROM (
	SELECT product_id, max(price) AS high, min(price) AS low, count(*) AS volume, sum(price) AS total, max(id) AS last
	FROM orders WHERE product_id = $1 AND created_at >= $3 AND created_at < $4 AND ` + stands + ` GROUP BY product_id) d JOIN orders o ON o.id = d.last`

// Restate works out anew the day and the last price of a locked product. Its
// readers look again, so the book gets a new version.
func (s *Store) Restate(ctx context.Context, productID int64, at time.Time) error {
	begin, end := shop.DaySpan(at)
	day := shop.MarketDay(at)
	if _, err := db.Exec(ctx, s.db, "DELETE FROM price_days WHERE product_id = $1 AND day = $2", productID, day); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, s.db, restateDay, productID, day, begin, end); err != nil {
		return err
	}
	const last = "FROM orders WHERE product_id = $1 AND " + stands + " ORDER BY created_at DESC, id DESC LIMIT 1)"
	_, err := db.Exec(ctx, s.db, "UPDATE products SET last_price = (SELECT price "+last+", last_trade_at = (SELECT created_at "+last+", book_version = book_version + 1 WHERE id = $1", productID)
	return err
}

// ReturnStock puts one back.
func (s *Store) ReturnStock(ctx context.Context, productID int64) error {
	_, err := db.Exec(ctx, s.db, "UPDATE products SET stock = stock + 1 WHERE id = $1 AND stock IS NOT NULL", productID)
	return err
}
