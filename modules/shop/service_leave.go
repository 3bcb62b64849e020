package shop

import (
	"context"
	"fmt"
	"time"
)

// Leavers is what the exchange does when somebody leaves Rally. It stands
// beside Service because subscribers call it: they must not emit events, and
// the dispatcher that Service needs can't be there before them. So it returns
// what changed, for the caller to signal. It asks nobody who they are: the
// event, or its job, names the one who leaves. It is safe for concurrent use.
type Leavers struct {
	tx      Transactions
	store   Store
	reviews Reviews
	now     func() time.Time
}

// NewLeavers returns the use cases. Reviews may be nil: there are none. The clock
// returns UTC.
func NewLeavers(tx Transactions, store Store, reviews Reviews, clock func() time.Time) *Leavers {
	if reviews == nil {
		reviews = noReviews{}
	}
	return &Leavers{tx: tx, store: store, reviews: reviews, now: clock}
}

// Leave takes everything back that a user has open: all bids go. It returns
// the books that changed, or ErrOrdersOpen.
func (l *Leavers) Leave(ctx context.Context, userID int64) ([]BookChanged, error) {
	var changes []BookChanged
	err := l.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if changes, err = l.CancelBidsOf(ctx, userID); err != nil {
			return err
		}
		// After the books were held: until then somebody may have taken a bid.
		open, err := l.store.HasOpenOrders(ctx, userID)
		if err == nil && open {
			err = ErrOrdersOpen
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}

// CancelLateBids is CancelBidsOf, some time after a user left: a request that
// was under way then, or a node that had not heard yet, may have placed a bid
// since. Orders don't hold it up. Nothing changes for a user who came back, and
// it reports whether they are gone.
func (l *Leavers) CancelLateBids(ctx context.Context, people People, userID int64) (changes []BookChanged, gone bool, err error) {
	active, err := people.Active(ctx, userID)
	if err != nil {
		return nil, false, fmt.Errorf("ask whether user %d came back: %w", userID, err)
	}
	if active {
		return nil, false, nil
	}
	changes, err = l.CancelBidsOf(ctx, userID)
	return changes, true, err
}

// CancelBidsOf cancels a user's open bids on every product, and returns the
// books that changed. It is idempotent.
func (l *Leavers) CancelBidsOf(ctx context.Context, userID int64) ([]BookChanged, error) {
	var changes []BookChanged
	err := l.tx.InTx(ctx, func(ctx context.Context) error {
		changes = nil // of a run that lost a race
		products, err := l.store.ProductsBidOn(ctx, userID, l.now())
		if err != nil {
			return err
		}
		// This alone holds several books. Their ascending order keeps two
		// leavers, who are in each other's books, from waiting in a circle.
		for _, id := range products {
			locked, err := l.store.Lock(ctx, id)
			if err != nil {
				return err
			}
			now := l.now()
			n, err := l.store.CancelBids(ctx, userID, id, now)
			if err != nil {
				return err
			}
			if n == 0 { // taken, cancelled or expired while we waited
				continue
			}
			changed, err := reprice(ctx, l.store, locked, now)
			if err != nil {
				return err
			}
			changes = append(changes, changed)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}

// Forget deletes a user's wishes. It takes the articles that they reviewed, too:
// talk forgets what they said within the same transaction, and nobody may wait in
// a circle. Orders and closed bids stay, as the other side's too: the user whom
// they name is nobody by then.
func (l *Leavers) Forget(ctx context.Context, userID int64) error {
	return l.tx.InTx(ctx, func(ctx context.Context) error {
		reviewed, err := l.reviews.Touched(ctx, ReviewRoom, userID)
		if err != nil {
			return err
		}
		if err := l.store.LockTouched(ctx, userID, reviewed); err != nil {
			return err
		}
		return l.store.DeleteWishes(ctx, userID)
	})
}
