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

	// What LockBest adds. Seen is the version of the book that the statement's
	// snapshot knows.
	Seen      int64  `bun:"seen_version"`
	BrandName string `bun:"brand_name"`
	EngName   string `bun:"eng_name"`
	KorName   string `bun:"kor_name"`
	Picture   string `bun:"picture"`
	Withdrew  bool   `bun:"withdrew"`

	// The best bid of a side, if it was asked for and there is one.
	BestID       *int64     `bun:"best_id"`
	BestUserID   int64      `bun:"best_user_id"`
	BestPrice    int64      `bun:"best_price"`
	BestPriority int64      `bun:"best_priority"`
	BestExpires  *time.Time `bun:"best_expires_at"`
	BestFeeBps   *int64     `bun:"best_fee_bps"`
}

func (r lockedRow) toDomain() shop.Locked {
	return shop.Locked{
		Product: r.productRow.toDomain(), AllID: r.AllID, Withdrew: r.Withdrew,
		Article: shop.Article{ProductID: r.ID, InfoID: r.InfoID, Size: r.Size, BrandName: r.BrandName, EngName: r.EngName, KorName: r.KorName, Picture: r.Picture},
	}
}

func (r lockedRow) best(side shop.Side) *shop.Bid {
	if r.BestID == nil {
		return nil
	}
	return &shop.Bid{
		ID: *r.BestID, ProductID: r.ID, UserID: r.BestUserID, Side: side, Price: r.BestPrice, Priority: r.BestPriority,
		Status: shop.BidOpen, ExpiresAt: r.BestExpires.UTC(), FeeBps: r.BestFeeBps,
	}
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
	if err := db.LockRows(ctx, s.db, lockProduct, productID); err != nil {
		return shop.Locked{}, err
	}
	return one[lockedRow](ctx, s, shop.ErrProductNotFound, lockedColumns+" FROM products p JOIN product_infos i ON i.id = p.info_id WHERE p.id = $1", productID)
}

// lockBest finds a product with the first live bid of a side. On PostgreSQL it
// takes the product's row as it is at the end of the wait, but sees all else as
// it was at the beginning. Every change of a book gives it a new version, so
// where the two versions are one, all is as it was.
func (s *Store) lockBest(side shop.Side) string {
	return lockedColumns + `, (SELECT v.book_version FROM products v WHERE v.id = $1) AS seen_version, b.name AS brand_name, i.eng_name, i.kor_name,
		coalesce((SELECT m.blob_key FROM product_images m WHERE m.info_id = p.info_id ORDER BY m.id LIMIT 1), '') AS picture,
		EXISTS (SELECT 1 FROM order_events e WHERE e.actor_id = $4 AND e.action = 'withdraw' AND e.created_at > $5) AS withdrew,
		d.id AS best_id, coalesce(d.user_id, 0) AS best_user_id, coalesce(d.price, 0) AS best_price,
		coalesce(d.priority, 0) AS best_priority, d.expires_at AS best_expires_at, d.fee_bps AS best_fee_bps
		FROM products p JOIN product_infos i ON i.id = p.info_id JOIN brands b ON b.id = i.brand_id
		LEFT JOIN (SELECT id, user_id, price, priority, expires_at, fee_bps FROM bids WHERE product_id = $1 AND side = $2 AND status = 'open' AND expires_at > $3 AND user_id <> $4` +
		first(side) + ") d ON true WHERE p.id = $1" + s.db.Pick("", " FOR NO KEY UPDATE OF p")
}

// LockBest takes the product's row and reads it together with the first live
// bid of a side: in one statement, or in two if it had to wait for a change.
func (s *Store) LockBest(ctx context.Context, productID int64, side shop.Side, clock func() time.Time, except int64) (shop.Locked, *shop.Bid, error) {
	for query := s.lockBest(side); ; {
		now := clock()
		row, err := db.Get[lockedRow](ctx, s.db, query, productID, string(side), now, except, now.Add(-shop.GraceEvery))
		if db.NotFound(err) {
			return shop.Locked{}, nil, shop.ErrProductNotFound
		}
		if err != nil {
			return shop.Locked{}, nil, fmt.Errorf("lock the book: %w", err)
		}
		best := row.best(side)
		if row.Seen == row.BookVersion && (best == nil || best.Live(clock())) { // else look again, now that it can't change
			return row.toDomain(), best, nil
		}
	}
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

const insertBid = `INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at, fee_bps)
	VALUES ($1, $3, $4, $5, $6, $7, $2, $8, $9) RETURNING id`

// placeAtOnce inserts a bid and brings the prices up to date in one round trip.
// The prices don't see the new bid, so it is held against them.
const placeAtOnce = `WITH placed AS (` + insertBid + `)
	UPDATE products SET book_version = book_version + 1,
	purchase_price = least((SELECT min(price) FROM bids WHERE product_id = $1 AND side = 'sales' AND status = 'open' AND expires_at > $2), CASE WHEN $4 = 'sales' THEN $5 END),
	sales_price = greatest((SELECT max(price) FROM bids WHERE product_id = $1 AND side = 'purchase' AND status = 'open' AND expires_at > $2), CASE WHEN $4 = 'purchase' THEN $5 END)
	WHERE id = $1 RETURNING (SELECT id FROM placed)`

// Place inserts an open bid into a locked book, and brings the product's prices
// and book version up to date.
func (s *Store) Place(ctx context.Context, b *shop.Bid) error {
	var err error
	args := []any{b.ProductID, b.CreatedAt, b.UserID, string(b.Side), b.Price, b.Priority, string(b.Status), b.ExpiresAt, b.FeeBps}
	if s.db.Dialect == db.Postgres {
		b.ID, err = db.Get[int64](ctx, s.db, placeAtOnce, args...)
		return placed(err)
	}
	if b.ID, err = db.Get[int64](ctx, s.db, insertBid, args...); err != nil {
		return placed(err)
	}
	return s.Reprice(ctx, b.ProductID, b.CreatedAt)
}

func placed(err error) error {
	if err != nil {
		return fmt.Errorf("place the bid: %w", err)
	}
	return nil
}

// UpdateBid changes a bid that is open.
func (s *Store) UpdateBid(ctx context.Context, b shop.Bid) error {
	n, err := db.Exec(ctx, s.db, "UPDATE bids SET price = $1, priority = $2, expires_at = $3, fee_bps = $4 WHERE id = $5 AND status = 'open'", b.Price, b.Priority, b.ExpiresAt, b.FeeBps, b.ID)
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
