package store

import (
	"context"
	"fmt"

	"rally/platform/db"
)

// StaleListPrices returns, in ascending order, articles whose stored list price
// is not that of their sizes: of those that products belong to, or of all for
// nil.
func (s *Store) StaleListPrices(ctx context.Context, productIDs []int64) ([]int64, error) {
	stale := "SELECT i.id FROM product_infos i WHERE i.list_price IS DISTINCT FROM " + lowest
	var args []any
	if productIDs != nil {
		stale += " AND i.id IN (SELECT t.info_id FROM products t WHERE " + s.db.In("t.id", 1) + ")"
		args = append(args, db.List(s.db, productIDs))
	}
	ids, err := db.Select[int64](ctx, s.db, stale+" ORDER BY i.id", args...)
	if err != nil {
		return nil, fmt.Errorf("look for list prices that changed: %w", err)
	}
	return ids, nil
}

// RewriteListPrices writes the list prices of articles, given in ascending
// order. It must run in a transaction.
func (s *Store) RewriteListPrices(ctx context.Context, infoIDs []int64) error {
	// First the rows, in one order, then the prices: who waited for another
	// writer must see what that one saw, and more.
	if s.db.Dialect == db.Postgres {
		if _, err := db.Select[int64](ctx, s.db, "SELECT id FROM product_infos WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", db.List(s.db, infoIDs)); err != nil {
			return fmt.Errorf("lock articles: %w", err)
		}
	}
	if _, err := db.Exec(ctx, s.db, writeListPrices+" AND "+s.db.In("i.id", 1), db.List(s.db, infoIDs)); err != nil {
		return fmt.Errorf("write list prices: %w", err)
	}
	return nil
}

const writeListPrices = "UPDATE product_infos AS i SET list_price = " + lowest + " WHERE i.list_price IS DISTINCT FROM " + lowest
