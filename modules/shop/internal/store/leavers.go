package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
)

// ProductsBidOn returns the products in whose books live bids of a user rest,
// in ascending order.
func (s *Store) ProductsBidOn(ctx context.Context, userID int64, now time.Time) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT DISTINCT product_id FROM bids WHERE user_id = $1 AND status = 'open' AND expires_at > $2 ORDER BY product_id", userID, now)
}

// CancelBids cancels a user's live bids in one book. Those past their expiry
// are in no book, and the sweep's.
func (s *Store) CancelBids(ctx context.Context, userID, productID int64, now time.Time) (int64, error) {
	return db.Exec(ctx, s.db, "UPDATE bids SET status = 'cancelled', closed_at = $3 WHERE user_id = $1 AND product_id = $2 AND status = 'open' AND expires_at > $3",
		userID, productID, now)
}

// HasOpenOrders reports whether a user has an order that isn't finished. Each
// side has its own index. Of a failed order only the buyer has something left.
func (s *Store) HasOpenOrders(ctx context.Context, userID int64) (bool, error) {
	open := s.db.In("status", 2)
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM orders WHERE buyer_id = $1 AND ("+open+" OR status = 'failed' AND resolution = ''))"+
		" OR EXISTS (SELECT 1 FROM orders WHERE seller_id = $1 AND "+open+")", userID, db.List(s.db, shop.UnderWay()))
}

// lockTouched takes the articles in one order, so that two callers can't wait
// for each other.
const lockTouched = `SELECT id FROM product_infos WHERE id IN (
		SELECT p.info_id FROM wishes w JOIN products p ON p.id = w.product_id WHERE w.user_id = $1
		UNION SELECT unnest($2::bigint[]))
	ORDER BY id FOR NO KEY UPDATE`

// LockTouched takes the articles that a user wishes for, as SetWish does before it
// counts, together with others.
func (s *Store) LockTouched(ctx context.Context, userID int64, others []int64) error {
	return db.LockRows(ctx, s.db, lockTouched, userID, others)
}

// DeleteWishes deletes a user's wishes, and takes off the articles' counts
// what was deleted. The articles are held.
func (s *Store) DeleteWishes(ctx context.Context, userID int64) error {
	gone, err := db.Select[int64](ctx, s.db, "DELETE FROM wishes WHERE user_id = $1 RETURNING product_id", userID)
	if err != nil {
		return fmt.Errorf("delete wishes: %w", err)
	}
	if len(gone) == 0 {
		return nil
	}
	of := "FROM products p WHERE " + s.db.In("p.id", 1)
	_, err = db.Exec(ctx, s.db, "UPDATE product_infos SET wishes = wishes - (SELECT count(*) "+of+" AND p.info_id = product_infos.id) WHERE id IN (SELECT p.info_id "+of+")", db.List(s.db, gone))
	return err
}
