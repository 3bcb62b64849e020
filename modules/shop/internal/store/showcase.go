package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
)

type listingRow struct {
	ID            int64  `bun:"id"`
	EngName       string `bun:"eng_name"`
	KorName       string `bun:"kor_name"`
	Picture       string `bun:"picture"`
	PurchasePrice *int64 `bun:"purchase_price"`
	SalesPrice    *int64 `bun:"sales_price"`
}

func (r listingRow) toDomain() shop.Listing {
	return shop.Listing{InfoID: r.ID, EngName: r.EngName, KorName: r.KorName, Picture: r.Picture, PurchasePrice: r.PurchasePrice, SalesPrice: r.SalesPrice}
}

// Listings implements shop.ShowcaseStore.
func (s *Store) Listings(ctx context.Context, infoIDs []int64, now time.Time) ([]shop.Listing, error) {
	// livePrices calls its own articles i.
	// The articles are a: livePrices has an i of its own.
	rows, err := db.Select[listingRow](ctx, s.db, `SELECT a.id, a.eng_name, a.kor_name,
		coalesce((SELECT m.blob_key FROM product_images m WHERE m.info_id = a.id ORDER BY m.id LIMIT 1), '') AS picture,
		(SELECT min(p.purchase_price) FROM (`+livePrices+` WHERE p.info_id = a.id) p) AS purchase_price,
		(SELECT max(p.sales_price) FROM (`+livePrices+` WHERE p.info_id = a.id) p) AS sales_price
		FROM product_infos a WHERE `+s.db.In("a.id", 1), db.List(s.db, infoIDs), now)
	if err != nil {
		return nil, fmt.Errorf("read listings: %w", err)
	}
	return convert(rows), nil
}

// AddShares implements shop.ShowcaseStore. The rows are taken in one order, so
// that two posts can't wait for each other.
func (s *Store) AddShares(ctx context.Context, infoIDs []int64, step int64) error {
	if err := db.LockRows(ctx, s.db, "SELECT id FROM product_infos WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", db.List(s.db, infoIDs)); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, s.db, "UPDATE product_infos SET shares = shares + $2 WHERE "+s.db.In("id", 1), db.List(s.db, infoIDs), step); err != nil {
		return fmt.Errorf("count shares: %w", err)
	}
	return nil
}

// Owners implements shop.ShowcaseStore. Who won a prize hasn't bought it. Each is one look into an index, which
// SQLite must be told: it would rather read all orders of that status.
func (s *Store) Owners(ctx context.Context, asked []shop.Ownership) ([]shop.Ownership, error) {
	pairs := make([][2]int64, len(asked))
	for i, o := range asked {
		pairs[i] = [2]int64{o.UserID, o.InfoID}
	}
	list, _ := json.Marshal(pairs) // numbers always have a JSON form
	rows, err := db.Select[ownershipRow](ctx, s.db, "SELECT DISTINCT w.user_id, w.info_id FROM (SELECT CAST(value ->> 0 AS bigint) AS user_id, CAST(value ->> 1 AS bigint) AS info_id FROM "+
		s.db.Pick("json_each($1)", "json_array_elements($1::json) AS j (value)")+") w WHERE (SELECT o.id FROM orders o"+s.db.Pick(" INDEXED BY orders_bought_idx", "")+
		" WHERE o.status = '"+shop.OrderSettled+"' AND o.info_id = w.info_id AND o.buyer_id = w.user_id AND o.kind <> 'prize' LIMIT 1) IS NOT NULL", string(list))
	if err != nil {
		return nil, fmt.Errorf("look for owners: %w", err)
	}
	owners := make([]shop.Ownership, len(rows))
	for i, r := range rows {
		owners[i] = shop.Ownership(r)
	}
	return owners, nil
}

type ownershipRow struct {
	UserID int64 `bun:"user_id"`
	InfoID int64 `bun:"info_id"`
}

var _ shop.ShowcaseStore = (*Store)(nil)
