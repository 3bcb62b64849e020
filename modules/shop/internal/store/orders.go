package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/page"
)

const orderByID = "SELECT " + orderColumns + " FROM orders WHERE id = $1"

// Order returns an order, or shop.ErrOrderNotFound.
func (s *Store) Order(ctx context.Context, id int64) (shop.Order, error) {
	return one[orderRow](ctx, s, shop.ErrOrderNotFound, orderByID, id)
}

const lockOrder = "SELECT id FROM orders WHERE id = $1 FOR NO KEY UPDATE"

// LockOrder takes the order's row until the transaction ends, and reads it.
func (s *Store) LockOrder(ctx context.Context, id int64) (shop.Order, error) {
	if err := db.LockRows(ctx, s.db, lockOrder, id); err != nil {
		return shop.Order{}, err
	}
	return s.Order(ctx, id)
}

// personSpace keeps the locks of people apart from those of other modules.
const personSpace = 'S'

// LockPerson makes others wait who lock the same person. On SQLite nobody else
// writes anyway.
func (s *Store) LockPerson(ctx context.Context, userID int64) error {
	return db.LockKeys(ctx, s.db, personSpace, userID)
}

// MoveOrder writes what a step changes, and the step. Both sides are to be told
// of a new status or choice, and of nothing else.
func (s *Store) MoveOrder(ctx context.Context, o shop.Order, e shop.OrderEvent) error {
	n, err := db.Exec(ctx, s.db, `UPDATE orders SET status = $2, status_at = $3, deadline = $4, overdue_at = $5, reason = $6, note = $7, carrier = $8, tracking = $9,
		out_carrier = $10, out_tracking = $11, resolution = $12, replaced_by = $13,
		told_at = CASE WHEN status = $2 AND resolution = $12 THEN told_at END WHERE id = $1`,
		o.ID, o.Status, o.StatusAt, o.Deadline, o.OverdueAt, o.Reason, o.Note, o.Shipment.Carrier, o.Shipment.Tracking,
		o.Delivery.Carrier, o.Delivery.Tracking, o.Resolution, o.ReplacedBy)
	if err := changed(n, err, shop.ErrOrderNotFound); err != nil {
		return err
	}
	_, err = db.Exec(ctx, s.db, "INSERT INTO order_events (order_id, action, status, actor, actor_id, note, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		e.OrderID, e.Action, e.Status, string(e.Actor), e.ActorID, e.Note, e.CreatedAt)
	return err
}

type eventRow struct {
	bun.BaseModel `bun:"table:order_events"`

	ID        int64     `bun:"id,pk,autoincrement"`
	OrderID   int64     `bun:"order_id"`
	Action    string    `bun:"action"`
	Status    string    `bun:"status"`
	Actor     string    `bun:"actor"`
	ActorID   *int64    `bun:"actor_id"`
	Note      string    `bun:"note"`
	CreatedAt time.Time `bun:"created_at"`
}

// OrderEvents returns the steps of orders, oldest first, in one statement.
func (s *Store) OrderEvents(ctx context.Context, orderIDs []int64) (map[int64][]shop.OrderEvent, error) {
	if len(orderIDs) == 0 {
		return nil, nil
	}
	rows, err := db.Select[eventRow](ctx, s.db, "SELECT id, order_id, action, status, actor, actor_id, note, created_at FROM order_events WHERE "+s.db.In("order_id", 1)+
		" ORDER BY order_id, id", db.List(s.db, orderIDs))
	if err != nil {
		return nil, fmt.Errorf("list the steps of orders: %w", err)
	}
	events := map[int64][]shop.OrderEvent{}
	for _, r := range rows {
		events[r.OrderID] = append(events[r.OrderID], shop.OrderEvent{
			ID: r.ID, OrderID: r.OrderID, Action: r.Action, Status: r.Status, Actor: shop.Actor(r.Actor), ActorID: r.ActorID, Note: r.Note, CreatedAt: r.CreatedAt.UTC(),
		})
	}
	return events, nil
}

// OrdersOf lists a user's orders, the newest first. Each side has its own
// index; nobody buys from themselves, so the union has no doubles.
func (s *Store) OrdersOf(ctx context.Context, userID int64, f shop.OrderFilter, p page.Request) (page.List[shop.Order], error) {
	more := ""
	args := []any{userID}
	if len(f.Statuses) > 0 {
		args = append(args, db.List(s.db, f.Statuses))
		more = " AND " + s.db.In("status", len(args))
	}
	if f.Active {
		more += " AND status NOT IN ('settled', 'cancelled') AND resolution = ''"
	}
	bought, sold := "SELECT "+orderColumns+" FROM orders WHERE buyer_id = $1"+more, "SELECT "+orderColumns+" FROM orders WHERE seller_id = $1"+more
	if f.Active { // a failed order is over for its seller
		sold += " AND status <> 'failed'"
	}
	from := bought + " UNION ALL " + sold
	switch f.Side {
	case shop.Purchase:
		from = bought
	case shop.Sales:
		from = sold
	}
	return s.orderPage(ctx, from, "id DESC", args, p)
}

// orderPage reads a page of what a query finds, and how much that is.
func (s *Store) orderPage(ctx context.Context, from, order string, args []any, p page.Request) (page.List[shop.Order], error) {
	n := len(args)
	rows, err := db.Select[orderRow](ctx, s.db, fmt.Sprintf("%s ORDER BY %s LIMIT $%d OFFSET $%d", from, order, n+1, n+2), append(args[:n:n], p.Size, p.Offset())...)
	if err != nil {
		return page.List[shop.Order]{}, fmt.Errorf("list orders: %w", err)
	}
	count, err := db.Get[int](ctx, s.db, "SELECT count(*) FROM ("+from+") found", args...)
	return page.List[shop.Order]{Rows: convert(rows), Count: count, Page: p}, err
}

// WithdrewSince reports whether a user withdrew from an order after a time.
func (s *Store) WithdrewSince(ctx context.Context, userID int64, since time.Time) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM order_events WHERE actor_id = $1 AND action = 'withdraw' AND created_at > $2)", userID, since)
}

// OrdersDue returns orders whose deadline has passed, the longest first.
func (s *Store) OrdersDue(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT id FROM orders WHERE deadline <= $1 AND overdue_at IS NULL ORDER BY deadline, id LIMIT $2", now, limit)
}

// OrdersUntold returns orders of whose status nobody was told yet.
func (s *Store) OrdersUntold(ctx context.Context, limit int) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT id FROM orders WHERE told_at IS NULL ORDER BY id LIMIT $1", limit)
}

// MarkTold says that both sides were told, and reports whether they were not
// yet.
func (s *Store) MarkTold(ctx context.Context, orderID int64, now time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.db, "UPDATE orders SET told_at = $2, told_event = coalesce((SELECT max(e.id) FROM order_events e WHERE e.order_id = $1), 0) WHERE id = $1 AND told_at IS NULL", orderID, now)
	return n > 0, err
}

// OrdersSince returns a user's matched orders that came to be after a time.
func (s *Store) OrdersSince(ctx context.Context, userID int64, since time.Time) ([]int64, error) {
	return db.Select[int64](ctx, s.db, `SELECT id FROM orders WHERE buyer_id = $1 AND status = 'matched' AND created_at > $2
		UNION SELECT id FROM orders WHERE seller_id = $1 AND status = 'matched' AND created_at > $2 ORDER BY id`, userID, since)
}

type postingRow struct {
	bun.BaseModel `bun:"table:ledger"`

	ID         int64     `bun:"id,pk,autoincrement"`
	OrderID    int64     `bun:"order_id"`
	Reason     string    `bun:"reason"`
	Debit      string    `bun:"debit"`
	DebitUser  *int64    `bun:"debit_user"`
	Credit     string    `bun:"credit"`
	CreditUser *int64    `bun:"credit_user"`
	Amount     int64     `bun:"amount"`
	CreatedAt  time.Time `bun:"created_at"`
}

func (r postingRow) toDomain() shop.Posting {
	return shop.Posting{
		ID: r.ID, OrderID: r.OrderID, Reason: r.Reason, Debit: shop.Account(r.Debit), DebitUser: r.DebitUser,
		Credit: shop.Account(r.Credit), CreditUser: r.CreditUser, Amount: r.Amount, CreatedAt: r.CreatedAt.UTC(),
	}
}

// LedgerOf returns what was posted for an order, oldest first.
func (s *Store) LedgerOf(ctx context.Context, orderID int64) ([]shop.Posting, error) {
	rows, err := db.Select[postingRow](ctx, s.db, "SELECT id, order_id, reason, debit, debit_user, credit, credit_user, amount, created_at FROM ledger WHERE order_id = $1 ORDER BY id", orderID)
	return convert(rows), err
}
