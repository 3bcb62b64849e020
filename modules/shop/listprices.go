package shop

import (
	"context"
	"slices"
	"sync"
)

// ListPrices brings the prices by which lists are ordered and filtered up to
// date: after a trade and not inside it, so that two sizes of an article never
// wait for each other. It is safe for concurrent use.
type ListPrices struct {
	tx    Transactions
	store CatalogueUpkeep

	mu      sync.Mutex
	waiting map[int64]struct{} // products; nil: any of all
}

// maxWaiting is how many products are waited for by name. When there are more,
// all articles are looked at.
const maxWaiting = 10_000

// listPriceBatch is how many articles are rewritten in one transaction.
const listPriceBatch = 200

// NewListPrices returns a ListPrices that has nothing to do.
func NewListPrices(tx Transactions, store CatalogueUpkeep) *ListPrices {
	return &ListPrices{tx: tx, store: store, waiting: map[int64]struct{}{}}
}

// Changed says that the book of a product changed.
func (l *ListPrices) Changed(productID int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.waiting == nil:
	case len(l.waiting) == maxWaiting:
		l.waiting = nil
	default:
		l.waiting[productID] = struct{}{}
	}
}

// take returns what has changed since the last call, sorted, or nil for all.
func (l *ListPrices) take() []int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = map[int64]struct{}{}
		return nil
	}
	products := make([]int64, 0, len(l.waiting))
	for id := range l.waiting {
		products = append(products, id)
	}
	clear(l.waiting)
	slices.Sort(products)
	return products
}

// Catch brings the list prices of what changed up to date. After an error what
// it was about is tried again by the next call.
func (l *ListPrices) Catch(ctx context.Context) error {
	products := l.take()
	if products != nil && len(products) == 0 {
		return nil
	}
	if err := l.rewrite(ctx, products); err != nil {
		if products == nil {
			l.mu.Lock()
			l.waiting = nil
			l.mu.Unlock()
		}
		for _, id := range products {
			l.Changed(id)
		}
		return err
	}
	return nil
}

// Repair looks at every article. It is for what a crash kept Catch from.
func (l *ListPrices) Repair(ctx context.Context) error { return l.rewrite(ctx, nil) }

func (l *ListPrices) rewrite(ctx context.Context, products []int64) error {
	stale, err := l.store.StaleListPrices(ctx, products)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(stale, listPriceBatch) {
		if err := l.tx.InTx(ctx, func(ctx context.Context) error { return l.store.RewriteListPrices(ctx, batch) }); err != nil {
			return err
		}
	}
	return nil
}

// RewriteOldWords brings what articles and brands are found by to the present
// form, where another version of the program, or none, wrote it. It returns how
// many it changed.
func RewriteOldWords(ctx context.Context, tx Transactions, store CatalogueUpkeep) (int, error) {
	total := 0
	for {
		n := 0
		err := tx.InTx(ctx, func(ctx context.Context) error {
			var err error
			n, err = store.RewriteOldWords(ctx)
			return err
		})
		if total += n; err != nil || n == 0 {
			return total, err
		}
	}
}
