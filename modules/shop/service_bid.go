package shop

import (
	"context"
	"errors"
	"time"

	"rally/platform/auth"
	"rally/platform/page"
)

// NewBid asks for a bid. Price is in won.
type NewBid struct {
	ProductID int64
	Side      Side
	Price     int64
	Days      *int // until it expires; nil: DefaultExpiry
	Confirm   bool // the price is far from the last trade, and meant
}

// PlaceBid puts a bid of the caller into the book, at the fee of the day.
// Errors: ErrProductNotFound, ErrNotBiddable, those of Placement.Check and of
// Expiry, ErrPendingSalesCap.
func (s *Service) PlaceBid(ctx context.Context, in NewBid) (Bid, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Bid{}, err
	}
	var bid Bid
	err = s.onBook(ctx, in.ProductID, in.Side, func(ctx context.Context) error {
		locked, best, err := s.lockBook(ctx, in.ProductID, in.Side, 0)
		if err != nil {
			return err
		}
		now := s.now() // after the wait: times follow the order of the book
		days := DefaultExpiry
		if in.Days != nil {
			days = *in.Days
		}
		expires, err := Expiry(now, days)
		if err != nil {
			return err
		}
		if err := placement(locked, best, in.Side, in.Price, in.Confirm).Check(); err != nil {
			return err
		}
		if in.Side == Sales {
			if err := s.roomToSell(ctx, caller.UserID, now); err != nil {
				return err
			}
		}
		fee, err := s.feeOf(ctx, in.Side, now)
		if err != nil {
			return err
		}
		bid = Bid{
			ProductID: in.ProductID, UserID: caller.UserID, Side: in.Side, Price: in.Price, Priority: locked.BookVersion + 1,
			Status: BidOpen, CreatedAt: now, ExpiresAt: expires, FeeBps: fee,
		}
		if err := s.store.Place(ctx, &bid); err != nil {
			return err
		}
		return s.bidMoved(ctx, locked, bid)
	})
	return bid, err
}

// feeOf returns the fee of a side today, for a bid to keep.
func (s *Service) feeOf(ctx context.Context, side Side, now time.Time) (*int64, error) {
	terms, err := s.termsAt(ctx, now)
	if err != nil {
		return nil, err
	}
	bps := terms.Bps(side)
	return &bps, nil
}

// bidMoved tells that a bid came or moved: an ask may be what somebody waits
// for.
func (s *Service) bidMoved(ctx context.Context, locked Locked, b Bid) error {
	if err := s.events.Emit(ctx, bookOf(locked.ID, locked.AllID)); err != nil {
		return err
	}
	if b.Side == Purchase {
		return nil
	}
	// Also where it isn't the lowest: that one may be the wisher's own.
	return s.reach(ctx, locked, b.Price)
}

// reach tells a job to look who waits for a price, if anybody does.
func (s *Service) reach(ctx context.Context, locked Locked, price int64) error {
	waits, err := s.store.HasReachable(ctx, locked.ID, locked.AllID, price)
	if err != nil || !waits {
		return err
	}
	return s.events.Emit(ctx, TargetsReachable{ProductID: locked.ID})
}

// lockBook locks a product that people trade, for someone on the given side,
// and returns the best bid of the other side that isn't except's.
func (s *Service) lockBook(ctx context.Context, productID int64, side Side, except int64) (Locked, *Bid, error) {
	locked, best, err := s.store.LockBest(ctx, productID, side.Opposite(), s.now, except)
	if err != nil {
		return Locked{}, nil, err
	}
	if !locked.Biddable {
		return Locked{}, nil, ErrNotBiddable
	}
	return locked, best, nil
}

func placement(locked Locked, best *Bid, side Side, price int64, confirmed bool) Placement {
	p := Placement{Side: side, Price: price, Tick: locked.Tick, Last: locked.LastPrice, Confirmed: confirmed}
	if best != nil {
		p.Best = &best.Price
	}
	return p
}

// bookChanged is reprice, and tells of it.
func (s *Service) bookChanged(ctx context.Context, locked Locked) error {
	changed, err := reprice(ctx, s.store, locked, s.now())
	if err != nil {
		return err
	}
	return s.events.Emit(ctx, changed)
}

// reprice ends every change of a book but a trade and a new bid, whose Fill and
// Place do the same in one statement. It returns what there is to tell.
func reprice(ctx context.Context, store BookStore, locked Locked, now time.Time) (BookChanged, error) {
	return bookOf(locked.ID, locked.AllID), store.Reprice(ctx, locked.ID, now)
}

// BidChange says what to change of a bid; nil leaves a thing as it is.
type BidChange struct {
	Price   *int64
	Days    *int // from now
	Confirm bool
}

// ChangeBid changes the caller's open bid. A new price loses the time
// priority; any change takes the fee of the day. Errors: ErrBidNotFound, ErrBidClosed, and those of PlaceBid.
func (s *Service) ChangeBid(ctx context.Context, side Side, id int64, change BidChange) (Bid, error) {
	var bid Bid
	err := s.withOwnBid(ctx, side, id, func(ctx context.Context, locked Locked, best *Bid, b Bid) error {
		before := b.Price
		if change.Days != nil {
			expires, err := Expiry(s.now(), *change.Days)
			if err != nil {
				return err
			}
			b.ExpiresAt = expires
		}
		if change.Price != nil && *change.Price != b.Price {
			if err := placement(locked, best, side, *change.Price, change.Confirm).Check(); err != nil {
				return err
			}
			b.Price, b.Priority = *change.Price, locked.BookVersion+1
		}
		bid = b
		if change.Days == nil && (change.Price == nil || *change.Price == before) {
			return nil // nothing was asked for
		}
		fee, err := s.feeOf(ctx, side, s.now())
		if err != nil {
			return err
		}
		b.FeeBps = fee
		bid = b
		if err := s.store.UpdateBid(ctx, b); err != nil {
			return err
		}
		if err := s.store.Reprice(ctx, locked.ID, s.now()); err != nil {
			return err
		}
		return s.bidMoved(ctx, locked, b)
	})
	return bid, err
}

// CancelBid takes the caller's open bid out of the book. Errors:
// ErrBidNotFound, ErrBidClosed.
func (s *Service) CancelBid(ctx context.Context, side Side, id int64) error {
	return s.withOwnBid(ctx, side, id, func(ctx context.Context, locked Locked, _ *Bid, b Bid) error {
		if err := s.store.CloseBid(ctx, b.ID, BidCancelled, s.now()); err != nil {
			return err
		}
		return s.bookChanged(ctx, locked)
	})
}

// withOwnBid locks the book of the caller's bid, then reads the bid as it is
// under the lock.
func (s *Service) withOwnBid(ctx context.Context, side Side, id int64, fn func(ctx context.Context, locked Locked, best *Bid, own Bid) error) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		b, err := s.ownBid(ctx, caller, side, id)
		if err != nil {
			return err
		}
		locked, best, err := s.store.LockBest(ctx, b.ProductID, side.Opposite(), s.now, 0)
		if err != nil {
			return err
		}
		if b, err = s.ownBid(ctx, caller, side, id); err != nil {
			return err
		}
		if !b.Live(s.now()) {
			return ErrBidClosed
		}
		return fn(ctx, locked, best, b)
	})
}

func (s *Service) ownBid(ctx context.Context, caller auth.Identity, side Side, id int64) (Bid, error) {
	b, err := s.store.Bid(ctx, id)
	if err != nil {
		return Bid{}, err
	}
	if b.UserID != caller.UserID || b.Side != side {
		return Bid{}, ErrBidNotFound
	}
	return b, nil
}

// MyBid returns one of the caller's bids with its article, whatever its state.
func (s *Service) MyBid(ctx context.Context, side Side, id int64) (Placed[Bid], error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Placed[Bid]{}, err
	}
	b, err := s.ownBid(ctx, caller, side, id)
	if err != nil {
		return Placed[Bid]{}, err
	}
	list, err := withArticles(ctx, s.store, page.List[Bid]{Rows: []Bid{b}}, bidProduct)
	if err != nil {
		return Placed[Bid]{}, err
	}
	return list.Rows[0], nil
}

// MyBids lists the caller's open bids of a side, the newest first.
func (s *Service) MyBids(ctx context.Context, side Side, p page.Request) (page.List[Placed[Bid]], error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return page.List[Placed[Bid]]{}, err
	}
	list, err := s.store.BidsOf(ctx, caller.UserID, side, s.now(), p)
	if err != nil {
		return page.List[Placed[Bid]]{}, err
	}
	return withArticles(ctx, s.store, list, bidProduct)
}

func bidProduct(b Bid) int64 { return b.ProductID }

// sweepBatch is how many products are listed at a time.
const sweepBatch = 500

// SweepExpired closes bids that are past their expiry and brings the prices
// of their products up to date, one transaction a product. It goes on until none
// is left: whoever reads a book counts what waits. It is idempotent.
func (s *Service) SweepExpired(ctx context.Context) error {
	for {
		products, err := s.store.ProductsWithExpired(ctx, s.now(), sweepBatch)
		if err != nil {
			return err
		}
		if err := s.sweep(ctx, products); err != nil || len(products) < sweepBatch {
			return err
		}
	}
}

func (s *Service) sweep(ctx context.Context, products []int64) error {
	return each(ctx, s.tx, products, func(ctx context.Context, id int64) error {
		locked, err := s.store.Lock(ctx, id)
		if errors.Is(err, ErrProductNotFound) {
			return nil // deleted meanwhile
		}
		if err != nil {
			return err
		}
		n, err := s.store.ExpireBids(ctx, id, s.now())
		if err != nil || n == 0 {
			return err
		}
		return s.bookChanged(ctx, locked)
	})
}
