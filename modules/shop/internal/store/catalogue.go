package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/page"
)

// Brands lists brands by name.
func (s *Store) Brands(ctx context.Context, p page.Request) (page.List[shop.Brand], error) {
	rows, err := db.Select[brandRow](ctx, s.db, "SELECT id, name, created_at FROM brands ORDER BY name_key, id LIMIT $1 OFFSET $2", p.Size, p.Offset())
	if err != nil {
		return page.List[shop.Brand]{}, fmt.Errorf("list brands: %w", err)
	}
	count, err := db.Get[int](ctx, s.db, "SELECT count(*) FROM brands")
	if err != nil {
		return page.List[shop.Brand]{}, fmt.Errorf("count brands: %w", err)
	}
	return page.List[shop.Brand]{Rows: convert(rows), Count: count, Page: p}, nil
}

func fromBrand(b shop.Brand) brandRow {
	return brandRow{ID: b.ID, Name: b.Name, NameKey: b.NameKey(), CreatedAt: b.CreatedAt}
}

func (r brandRow) toDomain() shop.Brand {
	return shop.Brand{ID: r.ID, Name: r.Name, CreatedAt: r.CreatedAt.UTC()}
}

// Brand returns a brand, or shop.ErrBrandNotFound.
func (s *Store) Brand(ctx context.Context, id int64) (shop.Brand, error) {
	return one[brandRow](ctx, s, shop.ErrBrandNotFound, "SELECT id, name, created_at FROM brands WHERE id = $1", id)
}

// SaveBrand inserts or renames a brand.
func (s *Store) SaveBrand(ctx context.Context, b *shop.Brand) error {
	row := fromBrand(*b)
	var err error
	if b.ID == 0 {
		_, err = s.db.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
		b.ID = row.ID
	} else {
		var n int64
		n, err = db.Exec(ctx, s.db, "UPDATE brands SET name = $1, name_key = $2 WHERE id = $3", row.Name, row.NameKey, b.ID)
		err = changed(n, err, shop.ErrBrandNotFound)
	}
	if db.IsUnique(err) {
		return shop.ErrBrandTaken.WithField("name", "is taken")
	}
	return err
}

// DeleteBrand deletes a brand that no article refers to.
func (s *Store) DeleteBrand(ctx context.Context, id int64) error {
	n, err := db.Exec(ctx, s.db, "DELETE FROM brands WHERE id = $1", id)
	if db.IsForeignKey(err) {
		return shop.ErrBrandInUse
	}
	return changed(n, err, shop.ErrBrandNotFound)
}

const (
	// storePrice is what the store takes for a size: nobody can pay the price of
	// one without stock. What people trade has no stock.
	storePrice = "CASE WHEN stock > 0 THEN purchase_price END"

	// storedPrice is the price of a size without a look at its book.
	storedPrice = "CASE WHEN biddable THEN purchase_price ELSE " + storePrice + " END"

	// lowest is the lowest price of an article's sizes.
	lowest = "(SELECT min(" + storedPrice + ") FROM products p WHERE p.info_id = i.id)"
)

const infoColumns = "i.id, i.brand_id, b.name AS brand_name, i.eng_name, i.kor_name, i.model_number, i.colorway, i.category, i.delivery_tag, i.retail_price, " +
	"i.release_date, i.tick, i.wishes, i.shares, i.created_at, " + lowest + " AS price"

const infoFrom = " FROM product_infos i JOIN brands b ON b.id = i.brand_id"

// where builds the conditions of a filter, leaving out one field, with
// parameters from $1 on. Its texts are few, whatever people ask for, since
// each statement is prepared and kept.
func (s *Store) where(f shop.Filter, leaveOut string) (string, []any) {
	var conditions []string
	var args []any
	add := func(condition string, arg any) {
		args = append(args, arg)
		conditions = append(conditions, condition)
	}
	next := func() int { return len(args) + 1 }
	for _, choice := range []struct {
		name, column string
		values       []string
	}{{"delivery_tag", "i.delivery_tag", f.DeliveryTags}, {"category", "i.category", f.Categories}} {
		if len(choice.values) > 0 && leaveOut != choice.name {
			add(s.in(choice.column, next()), list(s, choice.values))
		}
	}
	if len(f.BrandIDs) > 0 && leaveOut != "brand_id" {
		add(s.in("i.brand_id", next()), list(s, f.BrandIDs))
	}
	if len(f.Sizes) > 0 && leaveOut != "size" {
		add("EXISTS (SELECT 1 FROM products z WHERE z.info_id = i.id AND "+s.in("z.size", next())+")", list(s, f.Sizes))
	}
	if len(f.Prices) > 0 {
		from, to := make([]int64, len(f.Prices)), make([]int64, len(f.Prices))
		for i, r := range f.Prices {
			from[i], to[i] = r.Min, r.Max
		}
		spans := s.pick("json_each($%d) a JOIN json_each($%d) z USING (key) WHERE %s BETWEEN a.value AND z.value",
			"unnest($%d::bigint[], $%d::bigint[]) AS r (a, z) WHERE %s BETWEEN r.a AND r.z")
		n := next()
		conditions = append(conditions, "EXISTS (SELECT 1 FROM "+fmt.Sprintf(spans, n, n+1, lowest)+")")
		args = append(args, list(s, from), list(s, to))
	}
	for _, term := range f.Terms() {
		n := next()
		add(fmt.Sprintf(`(i.search_text LIKE $%d ESCAPE '\' OR b.name_key LIKE $%d ESCAPE '\')`, n, n), "%"+escapeLike(term)+"%")
	}
	if len(conditions) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

func orderBy(ordering string) string {
	switch ordering {
	case "popular":
		return " ORDER BY i.wishes DESC, i.id DESC"
	case "price":
		return " ORDER BY " + lowest + " ASC NULLS LAST, i.id DESC"
	case "-price":
		return " ORDER BY " + lowest + " DESC NULLS LAST, i.id DESC"
	case "premium":
		return " ORDER BY CASE WHEN i.retail_price > 0 THEN 1.0 * " + lowest + " / i.retail_price END DESC NULLS LAST, i.id DESC"
	}
	return " ORDER BY i.created_at DESC, i.id DESC"
}

// Infos lists articles in three statements, whatever the size of the page.
func (s *Store) Infos(ctx context.Context, f shop.Filter, p page.Request) (page.List[shop.Info], error) {
	empty := page.List[shop.Info]{}
	where, args := s.where(f, "")
	query := fmt.Sprintf("SELECT %s%s%s%s LIMIT $%d OFFSET $%d", infoColumns, infoFrom, where, orderBy(f.Ordering), len(args)+1, len(args)+2)
	rows, err := db.Select[infoRow](ctx, s.db, query, append(args[:len(args):len(args)], p.Size, p.Offset())...)
	if err != nil {
		return empty, fmt.Errorf("list articles: %w", err)
	}
	count, err := db.Get[int](ctx, s.db, "SELECT count(*)"+infoFrom+where, args...)
	if err != nil {
		return empty, fmt.Errorf("count articles: %w", err)
	}
	infos := convert(rows)
	if err := s.attachImages(ctx, infos); err != nil {
		return empty, err
	}
	return page.List[shop.Info]{Rows: infos, Count: count, Page: p}, nil
}

func (s *Store) attachImages(ctx context.Context, infos []shop.Info) error {
	if len(infos) == 0 {
		return nil
	}
	index := make(map[int64]int, len(infos))
	ids := make([]int64, len(infos))
	for i, info := range infos {
		index[info.ID], ids[i] = i, info.ID
	}
	// Lists show where pictures are, and nothing else of them.
	images, err := db.Select[imageRow](ctx, s.db, "SELECT id, info_id, blob_key FROM product_images WHERE "+s.in("info_id", 1)+" ORDER BY info_id, id", list(s, ids))
	if err != nil {
		return fmt.Errorf("list pictures: %w", err)
	}
	for _, m := range images {
		info := &infos[index[m.InfoID]]
		info.Images = append(info.Images, m.toDomain())
	}
	return nil
}

// Info returns an article with its pictures, or shop.ErrInfoNotFound.
func (s *Store) Info(ctx context.Context, id int64) (shop.Info, error) {
	info, err := one[infoRow](ctx, s, shop.ErrInfoNotFound, "SELECT "+infoColumns+infoFrom+" WHERE i.id = $1", id)
	if err != nil {
		return shop.Info{}, err
	}
	infos := []shop.Info{info}
	err = s.attachImages(ctx, infos)
	return infos[0], err
}

type facetRow struct {
	Value string `bun:"value"`
	Label string `bun:"label"`
	Count int    `bun:"n"`
}

// Facets counts the choices of each filter, one statement each.
func (s *Store) Facets(ctx context.Context, f shop.Filter) (shop.Facets, error) {
	var facets shop.Facets
	for _, facet := range []struct {
		name, value, label, from, order string
		into                            *[]shop.FacetValue
	}{
		{"category", "i.category", "''", infoFrom, "n DESC, value", &facets.Category},
		{"brand_id", "CAST(i.brand_id AS text)", "b.name", infoFrom, "label", &facets.BrandID},
		{"size", "f.size", "''", infoFrom + " JOIN products f ON f.info_id = i.id", "min(f.position), value", &facets.Size},
		{"delivery_tag", "i.delivery_tag", "''", infoFrom, "n DESC, value", &facets.DeliveryTag},
	} {
		where, args := s.where(f, facet.name)
		// An article has a size once, so counting rows counts articles.
		rows, err := db.Select[facetRow](ctx, s.db,
			fmt.Sprintf("SELECT %s AS value, %s AS label, count(*) AS n%s%s GROUP BY 1, 2 ORDER BY %s", facet.value, facet.label, facet.from, where, facet.order), args...)
		if err != nil {
			return facets, fmt.Errorf("count facet %s: %w", facet.name, err)
		}
		for _, r := range rows {
			*facet.into = append(*facet.into, shop.FacetValue{Value: r.Value, Label: r.Label, Count: r.Count})
		}
	}
	return facets, nil
}

// SaveInfo inserts an article or rewrites what the staff may change.
func (s *Store) SaveInfo(ctx context.Context, i *shop.Info) error {
	row := fromInfo(*i)
	var err error
	if i.ID == 0 {
		_, err = s.db.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
		i.ID = row.ID
	} else {
		_, err = s.db.Conn(ctx).NewUpdate().Model(&row).ExcludeColumn("id", "wishes", "shares", "created_at").WherePK().Exec(ctx)
	}
	if db.IsForeignKey(err) {
		return shop.ErrBrandNotFound.WithField("brand", "does not exist")
	}
	return err
}

// DeleteInfo deletes an article with its sizes, pictures and wishes.
func (s *Store) DeleteInfo(ctx context.Context, id int64) error {
	n, err := db.Exec(ctx, s.db, "DELETE FROM product_infos WHERE id = $1", id)
	if db.IsForeignKey(err) {
		return shop.ErrInfoInUse
	}
	return changed(n, err, shop.ErrInfoNotFound)
}

// LockInfo takes the article's row until the transaction ends.
func (s *Store) LockInfo(ctx context.Context, id int64) error {
	return s.lock(ctx, lockInfo, id)
}

// HasOpenBids reports whether bids rest on any size of an article.
func (s *Store) HasOpenBids(ctx context.Context, infoID int64) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM bids d JOIN products p ON p.id = d.product_id WHERE p.info_id = $1 AND d.status = 'open')", infoID)
}

// LockSizes takes the rows of all sizes.
func (s *Store) LockSizes(ctx context.Context, infoID int64) error {
	return s.lock(ctx, lockSizes, infoID)
}

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

// Image returns a picture, or shop.ErrImageNotFound.
func (s *Store) Image(ctx context.Context, id int64) (shop.Image, error) {
	return one[imageRow](ctx, s, shop.ErrImageNotFound, "SELECT id, info_id, blob_key, width, height, created_at FROM product_images WHERE id = $1", id)
}

// AddImage inserts a picture.
func (s *Store) AddImage(ctx context.Context, i *shop.Image) error {
	row := imageRow{InfoID: i.InfoID, BlobKey: i.BlobKey, Width: i.Width, Height: i.Height, CreatedAt: i.CreatedAt}
	_, err := s.db.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	i.ID = row.ID
	if db.IsForeignKey(err) {
		return shop.ErrInfoNotFound
	}
	return err
}

// DeleteImage deletes a picture's row.
func (s *Store) DeleteImage(ctx context.Context, id int64) error {
	n, err := db.Exec(ctx, s.db, "DELETE FROM product_images WHERE id = $1", id)
	return changed(n, err, shop.ErrImageNotFound)
}

// livePrices replaces the stored prices of traded sizes by those of the bids
// that live at $2: between its expiry and the next sweep a bid still shows in
// the stored ones.
const livePrices = `SELECT p.id, p.info_id, p.size, p.position, p.biddable, i.delivery_tag = 'brand' AS store, i.tick, p.last_price, p.last_trade_at, p.book_version, p.stock, p.created_at,
	CASE WHEN i.delivery_tag = 'brand' THEN ` + storePrice + ` ELSE
		(SELECT d.price FROM bids d WHERE d.product_id = p.id AND d.side = 'sales' AND d.status = 'open' AND d.expires_at > $2 ORDER BY d.price LIMIT 1) END AS purchase_price,
	CASE WHEN i.delivery_tag = 'brand' THEN NULL ELSE
		(SELECT d.price FROM bids d WHERE d.product_id = p.id AND d.side = 'purchase' AND d.status = 'open' AND d.expires_at > $2 ORDER BY d.price DESC LIMIT 1) END AS sales_price
	FROM products p JOIN product_infos i ON i.id = p.info_id`

// Products returns the sizes of an article, or shop.ErrInfoNotFound.
func (s *Store) Products(ctx context.Context, infoID int64, now time.Time) ([]shop.Product, error) {
	rows, err := db.Select[productRow](ctx, s.db, livePrices+" WHERE p.info_id = $1 ORDER BY p.position, p.size", infoID, now)
	if err != nil {
		return nil, fmt.Errorf("list sizes: %w", err)
	}
	if len(rows) == 0 {
		return nil, shop.ErrInfoNotFound
	}
	return bestOfAll(convert(rows)), nil
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
		FROM products t JOIN product_infos i ON i.id = t.info_id JOIN brands b ON b.id = i.brand_id WHERE `+s.in("t.id", 1), list(s, productIDs))
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
