package store

import (
	"context"
	"fmt"
	"slices"

	"rally/modules/shop"
	"rally/platform/db"
)

// Empty reports whether there are no brands yet.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	n, err := db.Get[int](ctx, s.db, "SELECT count(*) FROM brands")
	return n == 0, err
}

// ImportCatalogue inserts a catalogue and fills in its ids.
func (s *Store) ImportCatalogue(ctx context.Context, c *shop.Catalogue) error {
	brands := make([]brandRow, len(c.Brands))
	for i, b := range c.Brands {
		brands[i] = fromBrand(b)
	}
	if err := db.InsertAll(ctx, s.db, brands, func(r brandRow) int64 { return r.ID }); err != nil {
		return err
	}
	for i, r := range brands {
		c.Brands[i].ID = r.ID
	}
	infos := make([]infoRow, len(c.Infos))
	for i := range c.Infos {
		c.Infos[i].BrandID = c.Brands[c.Infos[i].Brand].ID
		infos[i] = fromInfo(c.Infos[i].Info)
	}
	if err := db.InsertAll(ctx, s.db, infos, func(r infoRow) int64 { return r.ID }); err != nil {
		return err
	}
	for i, r := range infos {
		c.Infos[i].ID = r.ID
	}
	products := make([]productRow, len(c.Products))
	for i := range c.Products {
		c.Products[i].InfoID = c.Infos[c.Products[i].Info].ID
		products[i] = fromProduct(c.Products[i].Product)
	}
	if err := db.InsertAll(ctx, s.db, products, func(r productRow) int64 { return r.ID }); err != nil {
		return err
	}
	for i, r := range products {
		c.Products[i].ID = r.ID
	}
	images := make([]imageRow, len(c.Images))
	for i := range c.Images {
		m := &c.Images[i]
		m.InfoID = c.Infos[m.Info].ID
		images[i] = imageRow{InfoID: m.InfoID, BlobKey: m.BlobKey, Width: m.Width, Height: m.Height, CreatedAt: m.CreatedAt}
	}
	if err := db.InsertAll(ctx, s.db, images, func(r imageRow) int64 { return r.ID }); err != nil {
		return err
	}
	for _, i := range infos {
		if err := s.SettleSizes(ctx, i.ID); err != nil {
			return err
		}
	}
	ids := make([]int64, len(infos))
	for n, i := range infos {
		ids[n] = i.ID
	}
	if err := s.rewriteWords(ctx, s.db.In("i.id", 1), db.List(s.db, ids)); err != nil {
		return err
	}
	_, err := db.Exec(ctx, s.db, writeListPrices)
	return err
}

// ImportMarket inserts a history and brings the prices up to date, set-wise.
func (s *Store) ImportMarket(ctx context.Context, m *shop.Market) error {
	filled := make([]bidRow, len(m.Trades))
	for i, t := range m.Trades {
		filled[i] = fromBid(t.Bid)
	}
	if err := db.InsertAll(ctx, s.db, filled, func(r bidRow) int64 { return r.ID }); err != nil {
		return err
	}
	orders := make([]orderRow, len(m.Trades))
	for i := range m.Trades {
		t := &m.Trades[i]
		t.Bid.ID = filled[i].ID
		t.Order.BidID = &t.Bid.ID
		orders[i] = fromOrder(t.Order)
		orders[i].ToldAt = &t.Order.StatusAt // nobody wants mail about the past
	}
	if err := db.InsertAll(ctx, s.db, orders, func(r orderRow) int64 { return r.ID }); err != nil {
		return err
	}
	if err := s.importSteps(ctx, m, orders); err != nil {
		return err
	}
	open := make([]bidRow, len(m.Bids))
	for i, b := range m.Bids {
		open[i] = fromBid(b)
	}
	if err := db.InsertAll(ctx, s.db, open, func(r bidRow) int64 { return r.ID }); err != nil {
		return err
	}
	wishes := make([]wishRow, len(m.Wishes))
	for i, w := range m.Wishes {
		wishes[i] = wishRow{UserID: w.UserID, ProductID: w.ProductID, TargetPrice: w.TargetPrice, CreatedAt: w.CreatedAt}
	}
	if err := db.InsertAll(ctx, s.db, wishes, nil); err != nil {
		return err
	}
	for _, statement := range []string{
		`UPDATE products SET
			purchase_price = (SELECT min(price) FROM bids d WHERE d.product_id = products.id AND d.side = 'sales' AND d.status = 'open'),
			sales_price = (SELECT max(price) FROM bids d WHERE d.product_id = products.id AND d.side = 'purchase' AND d.status = 'open'),
			book_version = coalesce((SELECT max(priority) FROM bids d WHERE d.product_id = products.id), 0) WHERE biddable`,
		`UPDATE products SET
			last_price = (SELECT o.price FROM orders o WHERE o.product_id = products.id ORDER BY o.created_at DESC, o.id DESC LIMIT 1),
			last_trade_at = (SELECT o.created_at FROM orders o WHERE o.product_id = products.id ORDER BY o.created_at DESC, o.id DESC LIMIT 1)`,
		insertDay + `SELECT d.product_id, d.day, d.high, d.low, o.price, d.volume, d.total, d.last FROM (
			SELECT product_id, ` + s.db.Pick("date(created_at, '+9 hours')", "to_char(created_at AT TIME ZONE 'UTC' + interval '9 hours', 'YYYY-MM-DD')") + ` AS day,
				max(price) AS high, min(price) AS low, count(*) AS volume, sum(price) AS total, max(id) AS last
			FROM orders WHERE status NOT IN ('cancelled', 'failed') GROUP BY 1, 2) d JOIN orders o ON o.id = d.last`,
		insertPosting + `SELECT id, 'charge', 'buyer', buyer_id, 'escrow', NULL, price + buyer_fee, created_at FROM orders ORDER BY id`,
		insertPosting + `SELECT id, 'payout', 'escrow', NULL, 'seller', seller_id, price - seller_fee, status_at FROM orders WHERE status = 'settled' ORDER BY id`,
		insertPosting + `SELECT id, 'fee', 'escrow', NULL, 'fees', NULL, buyer_fee + seller_fee, status_at FROM orders WHERE status = 'settled' AND buyer_fee + seller_fee > 0 ORDER BY id`,
		`UPDATE product_infos SET wishes = (SELECT count(*) FROM wishes w JOIN products p ON p.id = w.product_id WHERE p.info_id = product_infos.id)`,
		writeListPrices,
	} {
		if _, err := db.Exec(ctx, s.db, statement); err != nil {
			return fmt.Errorf("bring the prices up to date: %w", err)
		}
	}
	return s.refuseCrossed(ctx)
}

// importSteps inserts how far the orders have come.
func (s *Store) importSteps(ctx context.Context, m *shop.Market, orders []orderRow) error {
	var steps []eventRow
	for i, t := range m.Trades {
		for _, e := range t.Steps {
			steps = append(steps, eventRow{OrderID: orders[i].ID, Action: e.Action, Status: e.Status, Actor: string(e.Actor), ActorID: e.ActorID, Note: e.Note, CreatedAt: e.CreatedAt})
		}
	}
	return db.InsertAll(ctx, s.db, steps, nil)
}

// refuseCrossed makes an import with a crossed book fail.
func (s *Store) refuseCrossed(ctx context.Context) error {
	crossed, err := db.Select[int64](ctx, s.db, "SELECT id FROM products WHERE biddable AND purchase_price <= sales_price")
	if err != nil {
		return err
	}
	if len(crossed) > 0 {
		slices.Sort(crossed)
		return fmt.Errorf("import: the books of products %v are crossed", crossed)
	}
	return nil
}
