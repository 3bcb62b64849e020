package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
)

type lockedRow struct {
	productRow `bun:",extend"`

	AllID int64 `bun:"all_id"`

	// The best bid of a side, if it was asked for and there is one.
	BestID       *int64     `bun:"best_id"`
	BestUserID   int64      `bun:"best_user_id"`
	BestPrice    int64      `bun:"best_price"`
	BestPriority int64      `bun:"best_priority"`
	BestExpires  *time.Time `bun:"best_expires_at"`
}

func (r lockedRow) toDomain() shop.Locked {
	return shop.Locked{Product: r.productRow.toDomain(), AllID: r.AllID}
}

func (r lockedRow) best(side shop.Side) *shop.Bid {
	if r.BestID == nil {
		return nil
	}
	return &shop.Bid{
		ID: *r.BestID, ProductID: r.ID, UserID: r.BestUserID, Side: side, Price: r.BestPrice, Priority: r.BestPriority,
		Status: shop.BidOpen, ExpiresAt: r.BestExpires.UTC(),
	}
}

// lock takes the rows that a query finds by an id. On SQLite the transaction is
// the only writer already. On PostgreSQL it is a statement of its own: whatever
// is to be true must be read after the wait, in a newer snapshot. NO KEY leaves
// the rows open to the foreign keys of other tables.
func (s *Store) lock(ctx context.Context, query string, id int64) error {
	if s.db.Dialect == db.SQLite {
		return nil
	}
	_, err := db.Select[int64](ctx, s.db, query, id)
	return err
}

const (
	lockProduct = "SELECT id FROM products WHERE id = $1 FOR NO KEY UPDATE"
	lockInfo    = "SELECT id FROM product_infos WHERE id = $1 FOR NO KEY UPDATE"
	// In one order, so that two callers can't wait for each other.
	lockSizes = "SELECT id FROM products WHERE info_id = $1 ORDER BY id FOR NO KEY UPDATE"
)

const lockedColumns = `SELECT p.id, p.info_id, p.size, p.biddable, p.purchase_price, p.sales_price, p.last_price, p.last_trade_at, p.book_version, p.stock, p.created_at,
	i.delivery_tag = 'brand' AS store, i.tick, coalesce((SELECT a.id FROM products a WHERE a.info_id = p.info_id AND a.size = 'ALL'), 0) AS all_id`

// Lock takes the product's row and reads it.
func (s *Store) Lock(ctx context.Context, productID int64) (shop.Locked, error) {
	if err := s.lock(ctx, lockProduct, productID); err != nil {
		return shop.Locked{}, err
	}
	return one[lockedRow](ctx, s, shop.ErrProductNotFound, lockedColumns+" FROM products p JOIN product_infos i ON i.id = p.info_id WHERE p.id = $1", productID)
}

// LockBest takes the product's row, and reads it together with the first live
// bid of a side.
func (s *Store) LockBest(ctx context.Context, productID int64, side shop.Side, clock func() time.Time, except int64) (shop.Locked, *shop.Bid, error) {
	if err := s.lock(ctx, lockProduct, productID); err != nil {
		return shop.Locked{}, nil, err
	}
	row, err := db.Get[lockedRow](ctx, s.db, lockedColumns+`, d.id AS best_id, coalesce(d.user_id, 0) AS best_user_id, coalesce(d.price, 0) AS best_price,
		coalesce(d.priority, 0) AS best_priority, d.expires_at AS best_expires_at FROM products p JOIN product_infos i ON i.id = p.info_id
		LEFT JOIN (SELECT id, user_id, price, priority, expires_at FROM bids WHERE product_id = $1 AND side = $2 AND status = 'open' AND expires_at > $3 AND user_id <> $4`+
		first(side)+`) d ON true WHERE p.id = $1`, productID, string(side), clock(), except)
	if db.NotFound(err) {
		return shop.Locked{}, nil, shop.ErrProductNotFound
	}
	return row.toDomain(), row.best(side), err
}

// first orders bids as shop.Before does, and takes the first.
func first(side shop.Side) string {
	if side == shop.Purchase {
		return " ORDER BY price DESC, priority LIMIT 1"
	}
	return " ORDER BY price, priority LIMIT 1"
}

// BestBid returns the first live bid of a side.
func (s *Store) BestBid(ctx context.Context, productID int64, side shop.Side, now time.Time, except int64) (shop.Bid, bool, error) {
	rows, err := db.Select[bidRow](ctx, s.db, "SELECT "+bidColumns+
		" FROM bids WHERE product_id = $1 AND side = $2 AND status = 'open' AND expires_at > $3 AND user_id <> $4"+first(side), productID, string(side), now, except)
	if err != nil {
		return shop.Bid{}, false, fmt.Errorf("find the best bid: %w", err)
	}
	if len(rows) == 0 {
		return shop.Bid{}, false, nil
	}
	return rows[0].toDomain(), true, nil
}

// bestPrices sets both prices of a product from its live bids, leaving out the
// bid $3, and raises the version of its book. $1 is the product, $2 now.
const bestPrices = `UPDATE products SET book_version = book_version + 1,
	purchase_price = (SELECT min(price) FROM bids WHERE product_id = $1 AND side = 'sales' AND status = 'open' AND expires_at > $2 AND id <> $3),
	sales_price = (SELECT max(price) FROM bids WHERE product_id = $1 AND side = 'purchase' AND status = 'open' AND expires_at > $2 AND id <> $3)`

// RaiseVersion adds steps to the version of a product's book.
func (s *Store) RaiseVersion(ctx context.Context, productID, steps int64) error {
	n, err := db.Exec(ctx, s.db, "UPDATE products SET book_version = book_version + $1 WHERE id = $2", steps, productID)
	return changed(n, err, shop.ErrProductNotFound)
}

// Reprice brings the product's prices and book version up to date.
func (s *Store) Reprice(ctx context.Context, productID int64, now time.Time) error {
	n, err := db.Exec(ctx, s.db, bestPrices+" WHERE id = $1", productID, now, 0)
	return changed(n, err, shop.ErrProductNotFound)
}

// fillAtOnce closes the bid, inserts the order and updates the product in one
// round trip. All its parts see the bid still open, so the prices leave it out
// by its id.
const fillAtOnce = `WITH taken AS (UPDATE bids SET status = 'filled', closed_at = $2 WHERE id = $3 AND status = 'open' RETURNING id),
	priced AS (` + bestPrices + `, last_price = $8, last_trade_at = $2 WHERE id = $1 AND EXISTS (SELECT 1 FROM taken))
	INSERT INTO orders (kind, info_id, product_id, bid_id, buyer_id, seller_id, taker_side, price, buyer_fee, seller_fee, status, created_at)
	SELECT 'trans', $4, $1, id, $5, $6, $7, $8, $9, $10, $11, $2 FROM taken RETURNING id`

// Fill turns the bid of the order into the order.
func (s *Store) Fill(ctx context.Context, o *shop.Order, now time.Time) error {
	if s.db.Dialect == db.Postgres {
		id, err := db.Get[int64](ctx, s.db, fillAtOnce,
			o.ProductID, now, *o.BidID, o.InfoID, o.BuyerID, *o.SellerID, string(o.TakerSide), o.Price, o.BuyerFee, o.SellerFee, o.Status)
		if db.NotFound(err) {
			return shop.ErrBidClosed
		}
		o.ID = id
		return err
	}
	if err := s.CloseBid(ctx, *o.BidID, shop.BidFilled, now); err != nil {
		return err
	}
	if err := s.insertOrder(ctx, o); err != nil {
		return err
	}
	_, err := db.Exec(ctx, s.db, bestPrices+", last_price = $4, last_trade_at = $2 WHERE id = $1", o.ProductID, now, *o.BidID, o.Price)
	return err
}

func (s *Store) insertOrder(ctx context.Context, o *shop.Order) error {
	id, err := db.Get[int64](ctx, s.db, `INSERT INTO orders (kind, info_id, product_id, bid_id, buyer_id, seller_id, taker_side, price, buyer_fee, seller_fee, status, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
		o.Kind, o.InfoID, o.ProductID, o.BidID, o.BuyerID, o.SellerID, string(o.TakerSide), o.Price, o.BuyerFee, o.SellerFee, o.Status, o.CreatedAt)
	o.ID = id
	return err
}

// InsertBid inserts an open bid.
func (s *Store) InsertBid(ctx context.Context, b *shop.Bid) error {
	id, err := db.Get[int64](ctx, s.db, `INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`, b.ProductID, b.UserID, string(b.Side), b.Price, b.Priority, string(b.Status), b.CreatedAt, b.ExpiresAt)
	if err != nil {
		return fmt.Errorf("insert the bid: %w", err)
	}
	b.ID = id
	return nil
}

// UpdateBid changes a bid that is open.
func (s *Store) UpdateBid(ctx context.Context, b shop.Bid) error {
	n, err := db.Exec(ctx, s.db, "UPDATE bids SET price = $1, priority = $2, expires_at = $3 WHERE id = $4 AND status = 'open'", b.Price, b.Priority, b.ExpiresAt, b.ID)
	return changed(n, err, shop.ErrBidClosed)
}

// CloseBid ends a bid that is open.
func (s *Store) CloseBid(ctx context.Context, id int64, status shop.BidStatus, now time.Time) error {
	n, err := db.Exec(ctx, s.db, "UPDATE bids SET status = $1, closed_at = $2 WHERE id = $3 AND status = 'open'", string(status), now, id)
	return changed(n, err, shop.ErrBidClosed)
}

// Bid returns a bid, or shop.ErrBidNotFound.
func (s *Store) Bid(ctx context.Context, id int64) (shop.Bid, error) {
	return one[bidRow](ctx, s, shop.ErrBidNotFound, "SELECT "+bidColumns+" FROM bids WHERE id = $1", id)
}

// ProductsWithExpired returns products whose books hold bids past their
// expiry.
func (s *Store) ProductsWithExpired(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT DISTINCT product_id FROM bids WHERE status = 'open' AND expires_at <= $1 ORDER BY product_id LIMIT $2", now, limit)
}

// ExpireBids closes the bids of a product that are past their expiry.
func (s *Store) ExpireBids(ctx context.Context, productID int64, now time.Time) (int64, error) {
	return db.Exec(ctx, s.db, "UPDATE bids SET status = 'expired', closed_at = $2 WHERE product_id = $1 AND status = 'open' AND expires_at <= $2", productID, now)
}

// SellStock takes one off the stock and inserts the order.
func (s *Store) SellStock(ctx context.Context, o *shop.Order) error {
	n, err := db.Exec(ctx, s.db, "UPDATE products SET stock = stock - 1, last_price = $1, last_trade_at = $2, book_version = book_version + 1 WHERE id = $3 AND stock > 0",
		o.Price, o.CreatedAt, o.ProductID)
	if err := changed(n, err, shop.ErrOutOfStock); err != nil {
		return err
	}
	return s.insertOrder(ctx, o)
}
