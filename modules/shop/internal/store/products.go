package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
)

// SettleSizes works out anew which sizes of an article people trade. An ALL
// beside other sizes has neither price nor stock of its own.
func (s *Store) SettleSizes(ctx context.Context, infoID int64) error {
	const sizes = "(SELECT count(*) FROM products s WHERE s.info_id = $1)"
	if _, err := db.Exec(ctx, s.db, "UPDATE products SET biddable = (size <> 'ALL' OR "+sizes+" = 1) AND (SELECT delivery_tag FROM product_infos WHERE id = $1) = 'immediate' WHERE info_id = $1", infoID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, s.db, "UPDATE products SET purchase_price = NULL, sales_price = NULL, stock = NULL WHERE info_id = $1 AND size = 'ALL' AND "+sizes+" > 1", infoID)
	return err
}

// ResetSizes takes price and stock from every size of an article, and returns
// the sizes.
func (s *Store) ResetSizes(ctx context.Context, infoID int64) ([]shop.Product, error) {
	rows, err := db.Select[productRow](ctx, s.db, `UPDATE products SET purchase_price = NULL, sales_price = NULL, stock = NULL, book_version = book_version + 1
		WHERE info_id = $1 RETURNING id, size`, infoID)
	return convert(rows), err
}

// livePrices replaces the stored prices of traded sizes by those of the bids
// that live at $2: between its expiry and the next sweep a bid still shows in
// the stored ones.
const livePrices = "SELECT " + liveColumns + liveFrom

const liveColumns = `p.id, p.info_id, p.size, p.biddable, i.delivery_tag = 'brand' AS store, i.tick, p.last_price, p.last_trade_at, p.book_version, p.stock,
	CASE WHEN i.delivery_tag = 'brand' THEN ` + storePrice + ` ELSE
		(SELECT d.price FROM bids d WHERE d.product_id = p.id AND d.side = 'sales' AND d.status = 'open' AND d.expires_at > $2 ORDER BY d.price LIMIT 1) END AS purchase_price,
	CASE WHEN i.delivery_tag = 'brand' THEN NULL ELSE
		(SELECT d.price FROM bids d WHERE d.product_id = p.id AND d.side = 'purchase' AND d.status = 'open' AND d.expires_at > $2 ORDER BY d.price DESC LIMIT 1) END AS sales_price`

const (
	liveFrom = " FROM products p JOIN product_infos i ON i.id = p.info_id"

	// ofArticle is all sizes of the article $1, as its page shows them.
	ofArticle = " WHERE p.info_id = $1 ORDER BY p.position, p.size"
)

// Products returns the sizes of an article, or shop.ErrInfoNotFound.
func (s *Store) Products(ctx context.Context, infoID int64, now time.Time) ([]shop.Product, error) {
	rows, err := db.Select[productRow](ctx, s.db, livePrices+ofArticle, infoID, now)
	if err != nil {
		return nil, fmt.Errorf("list sizes: %w", err)
	}
	if len(rows) == 0 {
		return nil, shop.ErrInfoNotFound
	}
	return bestOfAll(convert(rows)), nil
}

type sizeRow struct {
	productRow `bun:",extend"`

	Wishes   int64 `bun:"wishes"`
	Shares   int64 `bun:"shares"`
	Comments int64 `bun:"comments"`
}

// ProductsWith returns the sizes of an article with its figures in one
// statement, or shop.ErrInfoNotFound.
func (s *Store) ProductsWith(ctx context.Context, infoID int64, now time.Time) (shop.Figures, []shop.Product, error) {
	rows, err := db.Select[sizeRow](ctx, s.db, "SELECT "+liveColumns+", i.wishes, i.shares, i.comments"+liveFrom+ofArticle, infoID, now)
	if err != nil {
		return shop.Figures{}, nil, fmt.Errorf("list sizes with their article: %w", err)
	}
	if len(rows) == 0 {
		return shop.Figures{}, nil, shop.ErrInfoNotFound
	}
	products := make([]shop.Product, len(rows))
	figures := shop.Figures{InfoID: infoID, Wishes: rows[0].Wishes, Shares: rows[0].Shares, Comments: rows[0].Comments}
	for i, r := range rows {
		products[i] = r.toDomain()
		if price := r.PurchasePrice; price != nil && (figures.Price == nil || *price < *figures.Price) {
			figures.Price = price
		}
	}
	return figures, bestOfAll(products), nil
}

// bestOfAll gives ALL the best prices and the last trade of the other sizes.
func bestOfAll(products []shop.Product) []shop.Product {
	if len(products) < 2 {
		return products
	}
	for i := range products {
		all := &products[i]
		if all.Size != shop.AllSizes {
			continue
		}
		for _, p := range products {
			if p.Size == shop.AllSizes {
				continue
			}
			if p.PurchasePrice != nil && (all.PurchasePrice == nil || *p.PurchasePrice < *all.PurchasePrice) {
				all.PurchasePrice = p.PurchasePrice
			}
			if p.SalesPrice != nil && (all.SalesPrice == nil || *p.SalesPrice > *all.SalesPrice) {
				all.SalesPrice = p.SalesPrice
			}
			if p.LastTradeAt != nil && (all.LastTradeAt == nil || p.LastTradeAt.After(*all.LastTradeAt)) {
				all.LastTradeAt, all.LastPrice = p.LastTradeAt, p.LastPrice
			}
		}
	}
	return products
}

// Product returns a size, or shop.ErrProductNotFound.
func (s *Store) Product(ctx context.Context, id int64, now time.Time) (shop.Product, error) {
	// All sizes are read, since ALL is made of them; they are few.
	rows, err := db.Select[productRow](ctx, s.db, livePrices+" WHERE p.info_id = (SELECT info_id FROM products WHERE id = $1)", id, now)
	if err != nil {
		return shop.Product{}, fmt.Errorf("find size: %w", err)
	}
	for _, p := range bestOfAll(convert(rows)) {
		if p.ID == id {
			return p, nil
		}
	}
	return shop.Product{}, shop.ErrProductNotFound
}

type articleRow struct {
	ProductID     int64  `bun:"product_id"`
	InfoID        int64  `bun:"info_id"`
	Size          string `bun:"size"`
	BrandName     string `bun:"brand_name"`
	EngName       string `bun:"eng_name"`
	KorName       string `bun:"kor_name"`
	Picture       string `bun:"picture"`
	PurchasePrice *int64 `bun:"purchase_price"`
}

// Articles returns articles by the ids of their products, in one statement.
func (s *Store) Articles(ctx context.Context, productIDs []int64) (map[int64]shop.Article, error) {
	if len(productIDs) == 0 {
		return nil, nil
	}
	rows, err := db.Select[articleRow](ctx, s.db, `SELECT t.id AS product_id, t.info_id, t.size, b.name AS brand_name, i.eng_name, i.kor_name,
		coalesce((SELECT m.blob_key FROM product_images m WHERE m.info_id = t.info_id ORDER BY m.id LIMIT 1), '') AS picture,
		CASE WHEN t.size = 'ALL' THEN `+lowest+` ELSE `+storedPrice+` END AS purchase_price
		FROM products t JOIN product_infos i ON i.id = t.info_id JOIN brands b ON b.id = i.brand_id WHERE `+s.db.In("t.id", 1), db.List(s.db, productIDs))
	if err != nil {
		return nil, fmt.Errorf("find articles: %w", err)
	}
	found := make(map[int64]shop.Article, len(rows))
	for _, r := range rows {
		found[r.ProductID] = shop.Article(r)
	}
	return found, nil
}

// SaveProduct inserts a size, or rewrites price and stock of a store good.
func (s *Store) SaveProduct(ctx context.Context, p *shop.Product) error {
	if p.ID != 0 {
		n, err := db.Exec(ctx, s.db, "UPDATE products SET purchase_price = $1, stock = $2, book_version = book_version + 1 WHERE id = $3", p.PurchasePrice, p.Stock, p.ID)
		return changed(n, err, shop.ErrProductNotFound)
	}
	row := fromProduct(*p)
	_, err := s.db.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	p.ID = row.ID
	switch {
	case db.IsUnique(err):
		return shop.ErrSizeTaken.WithField("size", "exists")
	case db.IsForeignKey(err):
		return shop.ErrInfoNotFound
	}
	return err
}

// DeleteProduct deletes a size without bids and orders, and its wishes.
func (s *Store) DeleteProduct(ctx context.Context, id int64) error {
	if _, err := db.Exec(ctx, s.db, `UPDATE product_infos SET wishes = wishes - (SELECT count(*) FROM wishes WHERE product_id = $1)
		WHERE id = (SELECT info_id FROM products WHERE id = $1)`, id); err != nil {
		return err
	}
	n, err := db.Exec(ctx, s.db, "DELETE FROM products WHERE id = $1", id)
	if db.IsForeignKey(err) {
		return shop.ErrProductInUse
	}
	return changed(n, err, shop.ErrProductNotFound)
}
