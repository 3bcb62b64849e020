package apptest

import (
	"strings"
	"testing"
	"time"

	"rally/platform/db"
)

// WantConsistent checks, in the database itself, what must hold of the
// exchange at now, whenever nothing is under way. Bids that are past their
// expiry are swept before.
func WantConsistent(tb testing.TB, d *db.DB, now time.Time) {
	tb.Helper()
	for what, query := range map[string]string{
		"orders whose bid was not consumed": `SELECT o.id FROM orders o LEFT JOIN bids b ON b.id = o.bid_id
			WHERE o.kind = 'trans' AND (b.id IS NULL OR b.status <> 'filled' OR b.product_id <> o.product_id OR b.price <> o.price OR b.side = o.taker_side)`,
		"consumed bids without an order":      `SELECT b.id FROM bids b WHERE b.status = 'filled' AND (SELECT count(*) FROM orders o WHERE o.bid_id = b.id) <> 1`,
		"bids that are both open and sold":    `SELECT b.id FROM bids b JOIN orders o ON o.bid_id = b.id WHERE b.status = 'open'`,
		"people who traded with themselves":   `SELECT id FROM orders WHERE buyer_id = seller_id`,
		"orders whose bid is of neither side": `SELECT o.id FROM orders o JOIN bids b ON b.id = o.bid_id WHERE b.user_id <> CASE WHEN b.side = 'sales' THEN o.seller_id ELSE o.buyer_id END`,
		"closed bids without a time":          `SELECT id FROM bids WHERE (status = 'open') <> (closed_at IS NULL)`,
		"products with a wrong lowest ask": `SELECT p.id FROM products p WHERE p.biddable AND coalesce(p.purchase_price, 0) <>
			coalesce((SELECT min(price) FROM bids b WHERE b.product_id = p.id AND b.side = 'sales' AND b.status = 'open' AND b.expires_at > $1), 0)`,
		"products with a wrong highest bid": `SELECT p.id FROM products p WHERE p.biddable AND coalesce(p.sales_price, 0) <>
			coalesce((SELECT max(price) FROM bids b WHERE b.product_id = p.id AND b.side = 'purchase' AND b.status = 'open' AND b.expires_at > $1), 0)`,
		"crossed books":              `SELECT p.id FROM products p WHERE p.biddable AND p.purchase_price <= p.sales_price`,
		"bids that share a priority": `SELECT min(id) FROM bids GROUP BY product_id, priority HAVING count(*) > 1`,
	} {
		var args []any
		if strings.Contains(query, "$1") {
			args = append(args, now)
		}
		ids, err := db.Select[int64](tb.Context(), d, query, args...)
		if err != nil {
			tb.Errorf("%s: %v", what, err)
		} else if len(ids) > 0 {
			tb.Errorf("%s: %v", what, ids)
		}
	}
}
