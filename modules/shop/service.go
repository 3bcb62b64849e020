package shop

import (
	"context"
	"errors"
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
	profiles Profiles
	reviews  Reviews
	audit    Auditor
	fees     feeList
	cap      sellerCap
	now      func() time.Time
	memory   *Memory
}

// sellerCap is the most that a seller has going on who has not settled so many
// sales yet.
type sellerCap struct{ pending, settled int64 }

// Deps is what a Service is built of.
type Deps struct {
	Tx       Transactions
	Store    Store
	Events   Events
	Pictures Pictures
	Profiles Profiles
	Reviews  Reviews // nil: there are none
	Audit    Auditor
	Clock    func() time.Time // returns UTC
	Memory   *Memory          // nil: nothing is remembered
}

// NewService returns a service.
func NewService(cfg Config, d Deps) *Service {
	if d.Memory == nil {
		d.Memory = newMemory(0)
	}
	if d.Reviews == nil {
		d.Reviews = noReviews{}
	}
	return &Service{
		tx: d.Tx, store: d.Store, events: d.Events, pictures: d.Pictures, profiles: d.Profiles, reviews: d.Reviews, audit: d.Audit,
		fees: feeList{base: cfg.terms()}, cap: sellerCap{cfg.NewSellerCap, cfg.NewSellerSales}, now: d.Clock, memory: d.Memory,
	}
}

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

// each runs a transaction for every id. One's trouble must not keep the others
// waiting.
func each(ctx context.Context, tx Transactions, ids []int64, do func(ctx context.Context, id int64) error) error {
	var failed error
	for _, id := range ids {
		if ctx.Err() != nil { // the program stops
			return errors.Join(failed, ctx.Err())
		}
		failed = errors.Join(failed, tx.InTx(ctx, func(ctx context.Context) error { return do(ctx, id) }))
	}
	return failed
}

// asStaff runs a write of the staff in a transaction.
func (s *Service) asStaff(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, err := auth.RequireStaff(ctx); err != nil {
		return err
	}
	return s.tx.InTx(ctx, fn)
}

// onCatalogue is asStaff for a write that changes the catalogue, and tells so.
func (s *Service) onCatalogue(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.asStaff(ctx, func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		return s.events.Emit(ctx, CatalogueChanged{})
	})
}
