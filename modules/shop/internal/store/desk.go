package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/page"
)

// The staff's lists. They look through everything, so they are no hot path; the
// number of their texts is bounded all the same.

// find adds what the staff searches: words of the article, or a number among the
// given columns. #12 is a number and no word.
func (c *conditions) find(text string, numbers ...string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	var either []string
	if n, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64); err == nil {
		c.args = append(c.args, n)
		for _, column := range numbers {
			either = append(either, fmt.Sprintf("%s = $%d", column, len(c.args)))
		}
	}
	words := conditions{s: c.s, args: c.args}
	if len(either) == 0 || !strings.HasPrefix(text, "#") { // a model may be called 990
		words.contain(shop.Filter{Search: text}.Terms())
	}
	if len(words.texts) > 0 {
		c.args = words.args
		either = append(either, "product_id IN (SELECT p.id FROM products p JOIN product_infos i ON i.id = p.info_id"+words.where()+")")
	}
	if len(either) > 0 {
		c.texts = append(c.texts, "("+strings.Join(either, " OR ")+")")
	}
}

// StaffOrders lists everybody's orders.
func (s *Store) StaffOrders(ctx context.Context, f shop.StaffFilter, now time.Time, p page.Request) (page.List[shop.Order], error) {
	c := conditions{s: s}
	among(&c, "status", f.Statuses)
	c.find(f.Search, "id", "buyer_id", "seller_id")
	if f.UserID != 0 {
		c.add("%[1]s IN (buyer_id, seller_id)", f.UserID)
	}
	order := "id DESC"
	if f.Overdue {
		c.add("deadline <= %s", now)
		order = "deadline, id"
	}
	return s.orderPage(ctx, "SELECT "+orderColumns+" FROM orders"+c.where(), order, c.args, p)
}

// StaffBids lists everybody's bids.
func (s *Store) StaffBids(ctx context.Context, f shop.StaffFilter, p page.Request) (page.List[shop.Bid], error) {
	c := conditions{s: s}
	among(&c, "status", f.Statuses)
	c.find(f.Search, "id", "user_id", "product_id")
	if f.UserID != 0 {
		c.add("user_id = %s", f.UserID)
	}
	if f.Side != "" {
		c.add("side = %s", string(f.Side))
	}
	n := len(c.args)
	rows, err := db.Select[bidRow](ctx, s.db, fmt.Sprintf("SELECT %s FROM bids%s ORDER BY id DESC LIMIT $%d OFFSET $%d", bidColumns, c.where(), n+1, n+2),
		append(c.args[:n:n], p.Size, p.Offset())...)
	if err != nil {
		return page.List[shop.Bid]{}, fmt.Errorf("list everybody's bids: %w", err)
	}
	count, err := db.Get[int](ctx, s.db, "SELECT count(*) FROM bids"+c.where(), c.args...)
	return page.List[shop.Bid]{Rows: convert(rows), Count: count, Page: p}, err
}

// Summary counts what the staff looks after.
func (s *Store) Summary(ctx context.Context, now time.Time) (shop.Summary, error) {
	type countRow struct {
		What string `bun:"what"`
		N    int64  `bun:"n"`
	}
	rows, err := db.Select[countRow](ctx, s.db, `SELECT status AS what, count(*) AS n FROM orders GROUP BY status
		UNION ALL SELECT '~overdue', count(*) FROM orders WHERE deadline <= $1
		UNION ALL SELECT '~' || side, count(*) FROM bids WHERE status = 'open' AND expires_at > $1 GROUP BY side
		UNION ALL SELECT '~trades', count(*) FROM orders WHERE created_at > $2 AND kind <> 'prize'
		UNION ALL SELECT '~volume', CAST(coalesce(sum(price), 0) AS bigint) FROM orders WHERE created_at > $2 AND kind <> 'prize'
		UNION ALL SELECT '~articles', count(*) FROM product_infos
		UNION ALL SELECT '~brands', count(*) FROM brands`, now, now.Add(-24*time.Hour))
	if err != nil {
		return shop.Summary{}, fmt.Errorf("sum up the shop: %w", err)
	}
	out := shop.Summary{Orders: map[string]int64{}}
	for _, status := range shop.OrderStatuses() {
		out.Orders[status] = 0
	}
	into := map[string]*int64{
		"~overdue": &out.Overdue, "~sales": &out.OpenAsks, "~purchase": &out.OpenBids, "~trades": &out.Trades24h, "~volume": &out.Volume24h,
		"~articles": &out.Articles, "~brands": &out.Brands,
	}
	for _, r := range rows {
		if n, ok := into[r.What]; ok {
			*n = r.N
		} else {
			out.Orders[r.What] = r.N
		}
	}
	return out, nil
}
