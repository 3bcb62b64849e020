package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/page"
)

// BidsOf lists a user's live bids of a side, the newest first.
func (s *Store) BidsOf(ctx context.Context, userID int64, side shop.Side, now time.Time, p page.Request) (page.List[shop.Bid], error) {
	const from = " FROM bids WHERE user_id = $1 AND side = $2 AND status = 'open' AND expires_at > $3"
	rows, err := db.Select[bidRow](ctx, s.db, "SELECT "+bidColumns+from+" ORDER BY id DESC LIMIT $4 OFFSET $5", userID, string(side), now, p.Size, p.Offset())
	if err != nil {
		return page.List[shop.Bid]{}, fmt.Errorf("list bids: %w", err)
	}
	count, err := db.Get[int](ctx, s.db, "SELECT count(*)"+from, userID, string(side), now)
	return page.List[shop.Bid]{Rows: convert(rows), Count: count, Page: p}, err
}

// AllBidsOf lists a user's bids of both sides in every state, the newest
// first.
func (s *Store) AllBidsOf(ctx context.Context, userID int64, p page.Request) (page.List[shop.Bid], error) {
	rows, err := db.Select[bidRow](ctx, s.db, "SELECT "+bidColumns+" FROM bids WHERE user_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3", userID, p.Size, p.Offset())
	if err != nil {
		return page.List[shop.Bid]{}, fmt.Errorf("list all bids: %w", err)
	}
	count, err := db.Get[int](ctx, s.db, "SELECT count(*) FROM bids WHERE user_id = $1", userID)
	return page.List[shop.Bid]{Rows: convert(rows), Count: count, Page: p}, err
}

// target is the products whose book $1 shows: itself, and for ALL the sizes.
const target = "(SELECT t.id FROM products a JOIN products t ON t.info_id = a.info_id AND (t.id = a.id OR a.size = 'ALL') WHERE a.id = $1)"

// books names the products that the book of $1 shows, and what of them expired
// by $2 and still waits for the sweep. In the whole market that is little, and
// has its own index; the plus and the offset keep the engines, which can't know
// it of every time, from reading the books instead.
func (s *Store) books() string {
	const expired = "SELECT product_id, side, price FROM bids WHERE status = 'open' AND expires_at <= $2"
	return `WITH t AS MATERIALIZED ` + target + `,
	gone AS MATERIALIZED (` + s.db.Pick(expired+" AND +product_id IN (SELECT id FROM t)", "SELECT * FROM ("+expired+" OFFSET 0) e WHERE product_id IN (SELECT id FROM t)") + `) `
}

// levelsOf is how many live bids a side has at its $3 best prices in all of the
// books together. Of each it reads only as many of its own best prices, and as
// many more as may be gone: so while the sweep keeps up, its cost depends neither
// on the bids nor on the prices.
func (s *Store) levelsOf(side shop.Side) string {
	words := strings.NewReplacer("{side}", "'sales'", "{within}", "<=", "{any}", "9223372036854775807", "{order}", "ORDER BY price")
	if side == shop.Purchase {
		words = strings.NewReplacer("{side}", "'purchase'", "{within}", ">=", "{any}", "0", "{order}", "ORDER BY price DESC")
	}
	best := s.db.Pick(`SELECT l.price, l.bids AS n FROM t CROSS JOIN book_levels l WHERE l.product_id = t.id AND l.side = {side} AND l.price {within} coalesce((
			SELECT price FROM book_levels WHERE product_id = t.id AND side = {side} {order} LIMIT 1 OFFSET $3 + (SELECT count(*) FROM gone)), {any})`,
		`SELECT l.price, l.bids AS n FROM t CROSS JOIN LATERAL (
			SELECT price, bids FROM book_levels WHERE product_id = t.id AND side = {side} {order} LIMIT $3 + (SELECT count(*) FROM gone)) l`)
	return words.Replace(`SELECT price, CAST(sum(n) AS bigint) AS n FROM (` + best + `
		UNION ALL SELECT price, -1 FROM gone WHERE side = {side}) s GROUP BY price HAVING sum(n) > 0 {order} LIMIT $3`)
}

type bookRow struct {
	Kind   string     `bun:"kind"`
	Price  *int64     `bun:"price"`
	N      int64      `bun:"n"`
	LastAt *time.Time `bun:"last_at"`
}

// bookQuery reads $3 levels a side of the book of $1 at $2.
func (s *Store) bookQuery() string {
	return s.books() + `SELECT 'version' AS kind, ` + storePrice + ` AS price, book_version AS n, CAST(NULL AS timestamptz) AS last_at FROM products WHERE id IN (SELECT id FROM t)
	UNION ALL SELECT * FROM (SELECT 'last', last_price, 0, last_trade_at FROM products WHERE id IN (SELECT id FROM t) AND last_trade_at IS NOT NULL ORDER BY last_trade_at DESC LIMIT 1) l
	UNION ALL SELECT * FROM (SELECT 'ask', price, n, CAST(NULL AS timestamptz) FROM (` + s.levelsOf(shop.Sales) + `) g) a
	UNION ALL SELECT * FROM (SELECT 'bid', price, n, CAST(NULL AS timestamptz) FROM (` + s.levelsOf(shop.Purchase) + `) g) b`
}

// Book reads the whole book in one statement, and so in one snapshot.
func (s *Store) Book(ctx context.Context, productID int64, now time.Time, levels int) (shop.Book, error) {
	rows, err := db.Select[bookRow](ctx, s.db, s.bookQuery(), productID, now, levels)
	if err != nil {
		return shop.Book{}, fmt.Errorf("read the book: %w", err)
	}
	if len(rows) == 0 {
		return shop.Book{}, shop.ErrProductNotFound
	}
	book := shop.Book{ProductID: productID}
	for _, r := range rows {
		switch r.Kind {
		case "version":
			book.Version += r.N
			if r.Price != nil && (book.PurchasePrice == nil || *r.Price < *book.PurchasePrice) { // a store good
				book.PurchasePrice = r.Price
			}
		case "last":
			book.LastPrice, book.LastTradeAt = r.Price, db.UTC(r.LastAt)
		case "ask":
			book.Asks = append(book.Asks, shop.Level{Price: *r.Price, Count: r.N})
		case "bid":
			book.Bids = append(book.Bids, shop.Level{Price: *r.Price, Count: r.N})
		}
	}
	if len(book.Asks) > 0 {
		book.PurchasePrice = &book.Asks[0].Price
	}
	if len(book.Bids) > 0 {
		book.SalesPrice = &book.Bids[0].Price
	}
	return book, nil
}

// maxDepth bounds how many prices a depth lists.
const maxDepth = 100

// DepthOf returns the depth of one side, best first.
func (s *Store) DepthOf(ctx context.Context, productID int64, side shop.Side, now time.Time) ([]shop.Level, error) {
	if err := s.exists(ctx, productID); err != nil {
		return nil, err
	}
	type levelRow struct {
		Price int64 `bun:"price"`
		N     int64 `bun:"n"`
	}
	rows, err := db.Select[levelRow](ctx, s.db, s.books()+s.levelsOf(side), productID, now, maxDepth)
	if err != nil {
		return nil, fmt.Errorf("read the depth: %w", err)
	}
	levels := make([]shop.Level, len(rows))
	for i, r := range rows {
		levels[i] = shop.Level{Price: r.Price, Count: r.N}
	}
	return levels, nil
}

func (s *Store) exists(ctx context.Context, productID int64) error {
	_, err := db.Get[int64](ctx, s.db, "SELECT id FROM products WHERE id = $1", productID)
	if db.NotFound(err) {
		return shop.ErrProductNotFound
	}
	return err
}

// Trades returns the last trades of a product that stand; for ALL, of its
// article.
func (s *Store) Trades(ctx context.Context, productID int64, limit int) ([]shop.Trade, error) {
	type productKey struct {
		InfoID int64  `bun:"info_id"`
		Size   string `bun:"size"`
	}
	product, err := db.Get[productKey](ctx, s.db, "SELECT info_id, size FROM products WHERE id = $1", productID)
	if db.NotFound(err) {
		return nil, shop.ErrProductNotFound
	}
	if err != nil {
		return nil, err
	}
	column, id := "product_id", productID
	if product.Size == shop.AllSizes {
		column, id = "info_id", product.InfoID
	}
	type tradeRow struct {
		Price     int64     `bun:"price"`
		Size      string    `bun:"size"`
		CreatedAt time.Time `bun:"created_at"`
	}
	rows, err := db.Select[tradeRow](ctx, s.db, "SELECT o.price, p.size, o.created_at FROM orders o JOIN products p ON p.id = o.product_id WHERE o."+column+
		" = $1 AND "+stands+" ORDER BY o.created_at DESC, o.id DESC LIMIT $2", id, limit)
	if err != nil {
		return nil, fmt.Errorf("list trades: %w", err)
	}
	trades := make([]shop.Trade, len(rows))
	for i, r := range rows {
		trades[i] = shop.Trade{Price: r.Price, Size: r.Size, CreatedAt: r.CreatedAt.UTC()}
	}
	return trades, nil
}

type wishRow struct {
	bun.BaseModel `bun:"table:wishes,alias:w"`

	UserID      int64      `bun:"user_id,pk"`
	ProductID   int64      `bun:"product_id,pk"`
	TargetPrice *int64     `bun:"target_price"`
	ReachedAt   *time.Time `bun:"reached_at"`
	CreatedAt   time.Time  `bun:"created_at"`
}

func (r wishRow) toDomain() shop.Wish {
	return shop.Wish{UserID: r.UserID, ProductID: r.ProductID, TargetPrice: r.TargetPrice, ReachedAt: db.UTC(r.ReachedAt), CreatedAt: r.CreatedAt.UTC()}
}

// SetWish writes or removes a wish and keeps the article's count right: it
// moves only when a row came or went.
func (s *Store) SetWish(ctx context.Context, w shop.Wish, on, untarget bool) (bool, error) {
	step := int64(1)
	var n int64
	var err error
	if on {
		n, err = db.Exec(ctx, s.db, "INSERT INTO wishes (user_id, product_id, target_price, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			w.UserID, w.ProductID, w.TargetPrice, w.CreatedAt)
		if err == nil && n == 0 && (w.TargetPrice != nil || untarget) {
			_, err = db.Exec(ctx, s.db, "UPDATE wishes SET target_price = $1, reached_at = NULL WHERE user_id = $2 AND product_id = $3", w.TargetPrice, w.UserID, w.ProductID)
		}
	} else {
		step = -1
		n, err = db.Exec(ctx, s.db, "DELETE FROM wishes WHERE user_id = $1 AND product_id = $2", w.UserID, w.ProductID)
	}
	if db.IsForeignKey(err) { // the size was deleted meanwhile
		return false, shop.ErrProductNotFound
	}
	if err != nil {
		return false, fmt.Errorf("write the wish: %w", err)
	}
	was := on == (n == 0)
	if n == 0 {
		return was, nil
	}
	_, err = db.Exec(ctx, s.db, "UPDATE product_infos SET wishes = wishes + $1 WHERE id = (SELECT info_id FROM products WHERE id = $2)", step, w.ProductID)
	return was, err
}

// HasWish reports whether a user wishes for a size.
func (s *Store) HasWish(ctx context.Context, userID, productID int64) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM wishes WHERE user_id = $1 AND product_id = $2)", userID, productID)
}

// Wishes lists a user's wishes, the newest first.
func (s *Store) Wishes(ctx context.Context, userID int64, p page.Request) (page.List[shop.Wish], error) {
	rows, err := db.Select[wishRow](ctx, s.db, "SELECT user_id, product_id, target_price, reached_at, created_at FROM wishes WHERE user_id = $1 ORDER BY created_at DESC, product_id DESC LIMIT $2 OFFSET $3",
		userID, p.Size, p.Offset())
	if err != nil {
		return page.List[shop.Wish]{}, fmt.Errorf("list wishes: %w", err)
	}
	count, err := db.Get[int](ctx, s.db, "SELECT count(*) FROM wishes WHERE user_id = $1", userID)
	return page.List[shop.Wish]{Rows: convert(rows), Count: count, Page: p}, err
}

// WishedIn returns a user's wishes for sizes of an article, by product.
func (s *Store) WishedIn(ctx context.Context, userID, infoID int64) (map[int64]shop.Wish, error) {
	rows, err := db.Select[wishRow](ctx, s.db, `SELECT w.user_id, w.product_id, w.target_price, w.reached_at, w.created_at
		FROM wishes w JOIN products p ON p.id = w.product_id WHERE p.info_id = $1 AND w.user_id = $2`, infoID, userID)
	if err != nil {
		return nil, fmt.Errorf("find wishes: %w", err)
	}
	wished := make(map[int64]shop.Wish, len(rows))
	for _, w := range convert(rows) {
		wished[w.ProductID] = w
	}
	return wished, nil
}
