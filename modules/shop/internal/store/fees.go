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

type feeRow struct {
	bun.BaseModel `bun:"table:fee_schedules"`

	ID             int64     `bun:"id,pk,autoincrement"`
	EffectiveFrom  time.Time `bun:"effective_from"`
	BuyerBps       int64     `bun:"buyer_bps"`
	SellerBps      int64     `bun:"seller_bps"`
	PenaltyBps     int64     `bun:"penalty_bps"`
	FailPenaltyBps int64     `bun:"fail_penalty_bps"`
	CreditBps      int64     `bun:"credit_bps"`
	CreatedBy      int64     `bun:"created_by"`
	CreatedAt      time.Time `bun:"created_at"`
	InForce        bool      `bun:"in_force,scanonly"`
}

func (r feeRow) toDomain() shop.FeeSchedule {
	return shop.FeeSchedule{
		ID: r.ID, EffectiveFrom: r.EffectiveFrom.UTC(),
		Terms:     shop.Terms{BuyerBps: r.BuyerBps, SellerBps: r.SellerBps, PenaltyBps: r.PenaltyBps, FailPenaltyBps: r.FailPenaltyBps, CreditBps: r.CreditBps},
		CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt.UTC(), InForce: r.InForce,
	}
}

// selectFees reads schedules; %s is whether one holds.
const selectFees = `SELECT id, effective_from, buyer_bps, seller_bps, penalty_bps, fail_penalty_bps, credit_bps, created_by, created_at, %s AS in_force
	FROM fee_schedules`

// lastBegun is when the schedule began that is in force at $1.
const lastBegun = "(SELECT max(effective_from) FROM fee_schedules WHERE effective_from <= $1)"

// FeesFrom implements shop.FeeStore.
func (s *Store) FeesFrom(ctx context.Context, at time.Time) ([]shop.FeeSchedule, error) {
	rows, err := db.Select[feeRow](ctx, s.db, fmt.Sprintf(selectFees, "false")+" WHERE effective_from >= coalesce("+lastBegun+", $1) ORDER BY effective_from", at)
	if err != nil {
		return nil, fmt.Errorf("read the fees of a time: %w", err)
	}
	return convert(rows), nil
}

// FeeSchedules implements shop.FeeStore.
func (s *Store) FeeSchedules(ctx context.Context, now time.Time, p page.Request) (page.List[shop.FeeSchedule], error) {
	out := page.List[shop.FeeSchedule]{Page: p}
	rows, err := db.Select[feeRow](ctx, s.db, fmt.Sprintf(selectFees, "coalesce(effective_from = "+lastBegun+", false)")+" ORDER BY effective_from DESC LIMIT $2 OFFSET $3", now, p.Size, p.Offset())
	if err != nil {
		return out, fmt.Errorf("list fee schedules: %w", err)
	}
	out.Rows = convert(rows)
	out.Count, err = db.Get[int](ctx, s.db, "SELECT count(*) FROM fee_schedules")
	return out, err
}

// FeeSchedule implements shop.FeeStore.
func (s *Store) FeeSchedule(ctx context.Context, id int64) (shop.FeeSchedule, error) {
	return one[feeRow](ctx, s, shop.ErrFeesNotFound, fmt.Sprintf(selectFees, "false")+" WHERE id = $1", id)
}

// InsertFeeSchedule sets f.ID.
func (s *Store) InsertFeeSchedule(ctx context.Context, f *shop.FeeSchedule) error {
	row := feeRow{
		EffectiveFrom: f.EffectiveFrom, BuyerBps: f.Terms.BuyerBps, SellerBps: f.Terms.SellerBps, PenaltyBps: f.Terms.PenaltyBps,
		FailPenaltyBps: f.Terms.FailPenaltyBps, CreditBps: f.Terms.CreditBps, CreatedBy: f.CreatedBy, CreatedAt: f.CreatedAt,
	}
	_, err := s.db.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	if db.IsUnique(err) {
		return shop.ErrFeesTaken.WithField("effective_from", "is taken")
	}
	f.ID = row.ID
	return err
}

// DeleteFeeSchedule removes a schedule.
func (s *Store) DeleteFeeSchedule(ctx context.Context, id int64) error {
	n, err := db.Exec(ctx, s.db, "DELETE FROM fee_schedules WHERE id = $1", id)
	return changed(n, err, shop.ErrFeesNotFound)
}

// underWay is what orders_selling_idx holds.
const underWay = "status IN ('matched', 'shipping', 'inspecting', 'passed', 'delivering')"

// SellerLoad counts what a seller has settled and has going on. Each count
// stops at its limit.
func (s *Store) SellerLoad(ctx context.Context, userID int64, now time.Time, settled, pending int64) (shop.SellerLoad, error) {
	type loadRow struct {
		Settled int64 `bun:"settled"`
		Asks    int64 `bun:"asks"`
		Sales   int64 `bun:"sales"`
	}
	r, err := db.Get[loadRow](ctx, s.db, `SELECT
		(SELECT count(*) FROM (SELECT 1 FROM orders WHERE seller_id = $1 AND status = 'settled' LIMIT $3) a) AS settled,
		(SELECT count(*) FROM (SELECT 1 FROM bids WHERE user_id = $1 AND side = 'sales' AND status = 'open' AND expires_at > $2 LIMIT $4) b) AS asks,
		(SELECT count(*) FROM (SELECT 1 FROM orders WHERE seller_id = $1 AND `+underWay+` LIMIT $4) c) AS sales`, userID, now, settled, pending)
	return shop.SellerLoad{Settled: r.Settled, Pending: r.Asks + r.Sales}, err
}

// Bought returns a user's newest settled purchases, oldest first.
func (s *Store) Bought(ctx context.Context, userID int64, limit int) ([]shop.Order, error) {
	type boughtRow struct {
		ID        int64     `bun:"id"`
		ProductID int64     `bun:"product_id"`
		Price     int64     `bun:"price"`
		BuyerFee  int64     `bun:"buyer_fee"`
		CreatedAt time.Time `bun:"created_at"`
	}
	rows, err := db.Select[boughtRow](ctx, s.db, `SELECT * FROM (SELECT id, product_id, price, buyer_fee, created_at FROM orders
		WHERE buyer_id = $1 AND status = 'settled' ORDER BY id DESC LIMIT $2) newest ORDER BY id`, userID, limit)
	if err != nil {
		return nil, fmt.Errorf("list what was bought: %w", err)
	}
	orders := make([]shop.Order, len(rows))
	for i, r := range rows {
		orders[i] = shop.Order{ID: r.ID, ProductID: r.ProductID, BuyerID: userID, Price: r.Price, BuyerFee: r.BuyerFee, CreatedAt: r.CreatedAt.UTC()}
	}
	return orders, nil
}

// Sold returns what a user sold or is selling, the newest, oldest first.
func (s *Store) Sold(ctx context.Context, userID int64, limit int) ([]shop.Sale, error) {
	type saleRow struct {
		ID        int64 `bun:"id"`
		ProductID int64 `bun:"product_id"`
	}
	rows, err := db.Select[saleRow](ctx, s.db, `SELECT * FROM (SELECT id, product_id FROM orders
		WHERE seller_id = $1 AND status NOT IN ('cancelled', 'failed') ORDER BY id DESC LIMIT $2) newest ORDER BY id`, userID, limit)
	if err != nil {
		return nil, fmt.Errorf("list what was sold: %w", err)
	}
	sales := make([]shop.Sale, len(rows))
	for i, r := range rows {
		sales[i] = shop.Sale{OrderID: r.ID, ProductID: r.ProductID}
	}
	return sales, nil
}

// Worth returns what products cost now.
func (s *Store) Worth(ctx context.Context, productIDs []int64, now time.Time) (map[int64]shop.Product, error) {
	if len(productIDs) == 0 {
		return nil, nil
	}
	rows, err := db.Select[productRow](ctx, s.db, livePrices+" WHERE "+s.db.In("p.id", 1), db.List(s.db, productIDs), now)
	if err != nil {
		return nil, fmt.Errorf("read what products cost: %w", err)
	}
	found := make(map[int64]shop.Product, len(rows))
	for _, p := range convert(rows) {
		found[p.ID] = p
	}
	return found, nil
}
