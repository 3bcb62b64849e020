package shop

import (
	"context"
	"time"

	"rally/platform/auth"
	"rally/platform/page"
)

// Service is the exchange's use cases. It is safe for concurrent use.
type Service struct {
	tx       Transactions
	store    Store
	events   Events
	pictures Pictures
	fees     Fees
	now      func() time.Time
}

// NewService returns a service. The clock returns UTC.
func NewService(cfg Config, tx Transactions, store Store, events Events, pictures Pictures, clock func() time.Time) *Service {
	return &Service{tx: tx, store: store, events: events, pictures: pictures, fees: cfg.Fees(), now: clock}
}

// Fees returns the fees in force.
func (s *Service) Fees() Fees { return s.fees }

// Article names what a bid, an order or a wish is about. Prices are the stored
// ones; the picture is the first.
type Article struct {
	ProductID, InfoID           int64
	Size                        string
	BrandName, EngName, KorName string
	Picture                     string // its key, or empty
	PurchasePrice               *int64 // what a buyer pays now; of ALL, the best of the sizes
}

// Placed is a row of a person's list, with its article.
type Placed[T any] struct {
	Row     T
	Article Article
}

// withArticles adds each row's article.
func withArticles[T any](ctx context.Context, articles ArticleLookup, list page.List[T], productID func(T) int64) (page.List[Placed[T]], error) {
	ids := make([]int64, len(list.Rows))
	for i, row := range list.Rows {
		ids[i] = productID(row)
	}
	found, err := articles.Articles(ctx, ids)
	if err != nil {
		return page.List[Placed[T]]{}, err
	}
	return page.Map(list, func(row T) Placed[T] { return Placed[T]{Row: row, Article: found[productID(row)]} }), nil
}

// asStaff runs a write of the staff in a transaction.
func (s *Service) asStaff(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, err := auth.RequireStaff(ctx); err != nil {
		return err
	}
	return s.tx.InTx(ctx, fn)
}
