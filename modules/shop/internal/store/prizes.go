package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/shop"
	"rally/platform/db"
)

type prizeRow struct {
	bun.BaseModel `bun:"table:shop_prizes"`

	ID        int64      `bun:"id,pk,autoincrement"`
	ProductID int64      `bun:"product_id"`
	InfoID    int64      `bun:"info_id"`
	Stocked   bool       `bun:"stocked"`
	State     string     `bun:"state"`
	OrderID   *int64     `bun:"order_id"`
	CreatedAt time.Time  `bun:"created_at"`
	EndedAt   *time.Time `bun:"ended_at"`
}

func (r prizeRow) toDomain() shop.Prize {
	p := shop.Prize{
		ID: r.ID, ProductID: r.ProductID, InfoID: r.InfoID, Stocked: r.Stocked, State: shop.PrizeState(r.State), CreatedAt: r.CreatedAt.UTC(), EndedAt: db.UTC(r.EndedAt),
	}
	if r.OrderID != nil {
		p.OrderID = *r.OrderID
	}
	return p
}

const prizeColumns = "SELECT id, product_id, info_id, stocked, state, order_id, created_at, ended_at FROM shop_prizes"

// InsertPrize inserts a prize that is kept.
func (s *Store) InsertPrize(ctx context.Context, p *shop.Prize) error {
	id, err := db.Get[int64](ctx, s.db, "INSERT INTO shop_prizes (product_id, info_id, stocked, state, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
		p.ProductID, p.InfoID, p.Stocked, string(p.State), p.CreatedAt)
	if err != nil {
		return fmt.Errorf("keep a prize: %w", err)
	}
	p.ID = id
	return nil
}

// prizeSpace keeps the lock of prizes apart from others.
const prizeSpace = 'V'

// LockPrizes makes others wait who put pieces aside, or back.
func (s *Store) LockPrizes(ctx context.Context) error {
	return db.LockKeys(ctx, s.db, prizeSpace, 0)
}

const lockPrize = "SELECT id FROM shop_prizes WHERE id = $1 FOR NO KEY UPDATE"

// LockPrize takes the prize's row until the transaction ends, and reads it.
func (s *Store) LockPrize(ctx context.Context, id int64) (shop.Prize, error) {
	if err := db.LockRows(ctx, s.db, lockPrize, id); err != nil {
		return shop.Prize{}, err
	}
	return one[prizeRow](ctx, s, shop.ErrPrizeGone, prizeColumns+" WHERE id = $1", id)
}

// PrizeOf returns the prize that became an order, or shop.ErrPrizeGone.
func (s *Store) PrizeOf(ctx context.Context, orderID int64) (shop.Prize, error) {
	return one[prizeRow](ctx, s, shop.ErrPrizeGone, prizeColumns+" WHERE order_id = $1", orderID)
}

// EndPrize writes what became of a prize.
func (s *Store) EndPrize(ctx context.Context, p shop.Prize) error {
	var order *int64
	if p.OrderID != 0 {
		order = &p.OrderID
	}
	n, err := db.Exec(ctx, s.db, "UPDATE shop_prizes SET state = $2, order_id = $3, ended_at = $4 WHERE id = $1", p.ID, string(p.State), order, p.EndedAt)
	return changed(n, err, shop.ErrPrizeGone)
}

// InsertAward inserts an order, and nothing besides.
func (s *Store) InsertAward(ctx context.Context, o *shop.Order) error { return s.insertRow(ctx, o) }

// TakeStock takes one off the stock.
func (s *Store) TakeStock(ctx context.Context, productID int64) error {
	n, err := db.Exec(ctx, s.db, "UPDATE products SET stock = stock - 1, book_version = book_version + 1 WHERE id = $1 AND stock > 0", productID)
	return changed(n, err, shop.ErrOutOfStock)
}
