package store

import (
	"context"
	"fmt"
	"strings"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/page"
)

const (
	// storePrice is what the store takes for a size: nobody can pay the price of
	// one without stock. What people trade has no stock.
	storePrice = "CASE WHEN stock > 0 THEN purchase_price END"

	// storedPrice is the price of a size without a look at its book.
	storedPrice = "CASE WHEN biddable THEN purchase_price ELSE " + storePrice + " END"

	// lowest is the lowest price of an article's sizes.
	lowest = "(SELECT min(" + storedPrice + ") FROM products p WHERE p.info_id = i.id)"
)

const (
	// infoColumns is what the staff writes of an article.
	infoColumns = "i.id, i.brand_id, i.eng_name, i.kor_name, i.model_number, i.colorway, i.category, i.delivery_tag, i.retail_price, " +
		"i.release_date, i.tick, i.created_at, b.name AS brand_name"

	figureColumns = "i.id, i.wishes, i.shares, i.comments, " + lowest + " AS price"
)

const infoFrom = " FROM product_infos i JOIN brands b ON b.id = i.brand_id"

// conditions are those of a filter, with the parameters that they take.
type conditions struct {
	s     *Store
	texts []string
	args  []any
}

// add adds a condition, whose %s is the next parameter.
func (c *conditions) add(text string, arg any) {
	c.args = append(c.args, arg)
	c.texts = append(c.texts, fmt.Sprintf(text, fmt.Sprintf("$%d", len(c.args))))
}

// among adds that a column is one of some values, if there are any.
func among[T int64 | string](c *conditions, column string, values []T) {
	if len(values) > 0 {
		c.add(column+c.s.db.Pick(" IN (SELECT value FROM json_each(%s))", " = ANY(%s)"), db.List(c.s.db, values))
	}
}

func (c *conditions) where() string {
	if len(c.texts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.texts, " AND ")
}

// The choices of a filter that have a facet.
const (
	byCategory = "category"
	byBrand    = "brand_id"
	bySize     = "size"
	byDelivery = "delivery_tag"
)

// choose adds the conditions of a filter on the article i, leaving out one
// field. Its texts are few, whatever people ask for, since each statement is
// prepared and kept.
func (c *conditions) choose(f shop.Filter, leaveOut string) {
	if leaveOut != byDelivery {
		among(c, "i.delivery_tag", f.DeliveryTags)
	}
	if leaveOut != byCategory {
		among(c, "i.category", f.Categories)
	}
	if leaveOut != byBrand {
		among(c, "i.brand_id", f.BrandIDs)
	}
	if len(f.Sizes) > 0 && leaveOut != bySize {
		c.add("EXISTS (SELECT 1 FROM products z WHERE z.info_id = i.id AND "+c.s.db.Pick("z.size IN (SELECT value FROM json_each(%s))", "z.size = ANY(%s)")+")", db.List(c.s.db, f.Sizes))
	}
	c.priced(f.Prices)
	if len(f.Spelled) > 0 {
		among(c, "i.id", f.Spelled)
	} else {
		c.contain(f.Terms())
	}
}

// priced adds that the list price lies in one of some spans.
func (c *conditions) priced(spans []shop.PriceRange) {
	switch len(spans) {
	case 0:
	case 1: // what people ask for, and what an index answers
		c.add("i.list_price >= %s", spans[0].Min)
		c.add("i.list_price <= %s", spans[0].Max)
	default:
		from, to := make([]int64, len(spans)), make([]int64, len(spans))
		for i, r := range spans {
			from[i], to[i] = r.Min, r.Max
		}
		n := len(c.args) + 1
		c.args = append(c.args, db.List(c.s.db, from), db.List(c.s.db, to))
		c.texts = append(c.texts, fmt.Sprintf("EXISTS (SELECT 1 FROM "+c.s.db.Pick("json_each($%d) a JOIN json_each($%d) z USING (key) WHERE i.list_price BETWEEN a.value AND z.value",
			"unnest($%d::bigint[], $%d::bigint[]) AS r (a, z) WHERE i.list_price BETWEEN r.a AND r.z")+")", n, n+1))
	}
}

// orderBy puts articles into an order that an index has.
func (c *conditions) orderBy(f shop.Filter) string {
	switch f.Ordering {
	case "popular":
		return " ORDER BY i.wishes DESC, i.id DESC"
	case "price":
		return " ORDER BY i.list_price ASC NULLS LAST, i.id DESC"
	case "-price":
		return " ORDER BY i.list_price DESC NULLS LAST, i.id DESC"
	case "premium":
		return " ORDER BY 1.0 * i.list_price / i.retail_price DESC NULLS LAST, i.id DESC"
	case "":
		if len(f.Spelled) > 0 {
			c.args = append(c.args, db.List(c.s.db, f.Spelled))
			return fmt.Sprintf(" ORDER BY "+c.s.db.Pick("(SELECT l.key FROM json_each($%d) l WHERE l.value = i.id)", "array_position($%d, i.id)"), len(c.args))
		}
	}
	return " ORDER BY i.created_at DESC, i.id DESC"
}

type figuresRow struct {
	InfoID   int64  `bun:"id"`
	Wishes   int64  `bun:"wishes"`
	Shares   int64  `bun:"shares"`
	Comments int64  `bun:"comments"`
	Price    *int64 `bun:"price"`
}

func (r figuresRow) toDomain() shop.Figures { return shop.Figures(r) }

// Infos returns which articles are on a page, in one statement. Their prices
// are those of the books; the order and the spans of prices go by the stored
// ones, which follow within moments.
func (s *Store) Infos(ctx context.Context, f shop.Filter, p page.Request) ([]shop.Figures, error) {
	query, args := s.infosQuery(f, p)
	rows, err := db.Select[figuresRow](ctx, s.db, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list articles: %w", err)
	}
	return convert(rows), nil
}

// Figures returns those of one article, or shop.ErrInfoNotFound.
func (s *Store) Figures(ctx context.Context, id int64) (shop.Figures, error) {
	return one[figuresRow](ctx, s, shop.ErrInfoNotFound, "SELECT "+figureColumns+" FROM product_infos i WHERE i.id = $1", id)
}

// InfosByID returns articles with their pictures in two statements, whatever
// their number. Their figures are not read.
func (s *Store) InfosByID(ctx context.Context, ids []int64) ([]shop.Info, error) {
	rows, err := db.Select[infoRow](ctx, s.db, "SELECT "+infoColumns+infoFrom+" WHERE "+s.db.In("i.id", 1), db.List(s.db, ids))
	if err != nil {
		return nil, fmt.Errorf("find articles: %w", err)
	}
	infos := convert(rows)
	return infos, s.attachImages(ctx, infos)
}

// infosQuery chooses first and looks up afterwards: prices are for the page
// alone, even where no index has the order.
func (s *Store) infosQuery(f shop.Filter, p page.Request) (string, []any) {
	c := conditions{s: s}
	c.choose(f, "")
	order := c.orderBy(f)
	n := len(c.args)
	return fmt.Sprintf("SELECT %s FROM (SELECT i.id, i.wishes, i.shares, i.comments, i.retail_price, i.created_at, i.list_price FROM product_infos i%s%s LIMIT $%d OFFSET $%d) i%s",
			figureColumns, c.where(), order, n+1, n+2, order),
		append(c.args, p.Size, p.Offset())
}

// CountInfos counts the articles that a filter chooses, up to limit.
func (s *Store) CountInfos(ctx context.Context, f shop.Filter, limit int) (int, error) {
	c := conditions{s: s}
	c.choose(f, "")
	n, err := db.Get[int](ctx, s.db, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM product_infos i%s LIMIT $%d) c", c.where(), len(c.args)+1), append(c.args, limit)...)
	if err != nil {
		return 0, fmt.Errorf("count articles: %w", err)
	}
	return n, nil
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
	images, err := db.Select[imageRow](ctx, s.db, "SELECT id, info_id, blob_key, width, height FROM product_images WHERE "+s.db.In("info_id", 1)+" ORDER BY info_id, id", db.List(s.db, ids))
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
	info, err := one[infoRow](ctx, s, shop.ErrInfoNotFound, "SELECT "+infoColumns+", i.wishes, i.shares, i.comments, "+lowest+" AS price"+infoFrom+" WHERE i.id = $1", id)
	if err != nil {
		return shop.Info{}, err
	}
	infos := []shop.Info{info}
	err = s.attachImages(ctx, infos)
	return infos[0], err
}

// SaveInfo inserts an article, or rewrites what the staff may change and what
// it is found by.
func (s *Store) SaveInfo(ctx context.Context, i *shop.Info) error {
	row := fromInfo(*i)
	var err error
	if i.ID == 0 {
		_, err = s.db.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
		i.ID = row.ID
	} else {
		_, err = s.db.Conn(ctx).NewUpdate().Model(&row).ExcludeColumn("id", "wishes", "shares", "comments", "created_at").WherePK().Exec(ctx)
	}
	if db.IsForeignKey(err) {
		return shop.ErrBrandNotFound.WithField("brand", "does not exist")
	}
	if err != nil {
		return err
	}
	// Its brand may be getting another name right now.
	if err := db.LockRows(ctx, s.db, holdBrand, i.BrandID); err != nil {
		return err
	}
	return s.rewriteWords(ctx, "i.id = $1", i.ID)
}

// holdBrand keeps a brand's name as it is; see lockBrand.
const holdBrand = "SELECT id FROM brands WHERE id = $1 FOR KEY SHARE"

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
	return db.LockRows(ctx, s.db, lockInfo, id)
}

// HasOpenBids reports whether bids rest on any size of an article.
func (s *Store) HasOpenBids(ctx context.Context, infoID int64) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM bids d JOIN products p ON p.id = d.product_id WHERE p.info_id = $1 AND d.status = 'open')", infoID)
}

// LockSizes takes the rows of all sizes.
func (s *Store) LockSizes(ctx context.Context, infoID int64) error {
	return db.LockRows(ctx, s.db, lockSizes, infoID)
}
