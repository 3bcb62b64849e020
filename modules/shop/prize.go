package shop

import (
	"context"
	"time"
)

// PrizeState is what became of a piece that was put aside.
type PrizeState string

// States of a prize: from kept to one of the others, which is its end.
const (
	PrizeKept     PrizeState = "kept"
	PrizeReleased PrizeState = "released"
	PrizeAwarded  PrizeState = "awarded"
)

// Prize is a piece that the store keeps for whoever wins it.
type Prize struct {
	ID        int64
	ProductID int64
	InfoID    int64
	Stocked   bool // it was taken from the stock; else it is traded, and the store has got one
	State     PrizeState
	OrderID   int64 // of an awarded one
	CreatedAt time.Time
	EndedAt   *time.Time
}

// PrizeStore keeps prizes.
type PrizeStore interface {
	// LockPrizes makes everybody else who calls it wait until the transaction ends.
	// It comes before the other locks of a shop.
	LockPrizes(ctx context.Context) error
	// InsertPrize sets p.ID.
	InsertPrize(ctx context.Context, p *Prize) error
	// LockPrize takes a prize's row until the transaction ends, and reads it. It
	// returns ErrPrizeGone for one that never was. Whoever needs the book, too, takes
	// it afterwards.
	LockPrize(ctx context.Context, id int64) (Prize, error)
	// PrizeOf returns the prize that became an order.
	PrizeOf(ctx context.Context, orderID int64) (Prize, error)
	// EndPrize writes State, OrderID and EndedAt.
	EndPrize(ctx context.Context, p Prize) error
	// InsertAward inserts the order of a prize: it posts nothing and is no price.
	InsertAward(ctx context.Context, o *Order) error
	// TakeStock takes one off the stock, or returns ErrOutOfStock.
	TakeStock(ctx context.Context, productID int64) error
}

// Prizes keeps pieces for whoever wins them. It stands beside Service because
// other parts of the program call it, not people: it asks nobody who they are. It
// joins the caller's transaction, and is safe for concurrent use.
//
// Of a store good a piece is taken from the stock. A traded article has none: the
// staff has got a piece, and the row says that the store owes it.
type Prizes struct{ service *Service }

// NewPrizes returns the prizes of a shop.
func NewPrizes(s *Service) *Prizes { return &Prizes{s} }

// Escrow puts a piece of a size aside, and returns it with its article. Errors:
// ErrProductNotFound, ErrPrizeOfAll, ErrOutOfStock.
func (p *Prizes) Escrow(ctx context.Context, productID int64) (Prize, Article, error) {
	s, prize, article := p.service, Prize{}, Article{}
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		// Who gives one back and takes another holds two books, in any order: so one at
		// a time.
		if err := s.store.LockPrizes(ctx); err != nil {
			return err
		}
		locked, err := s.store.Lock(ctx, productID)
		if err != nil {
			return err
		}
		now := s.now()
		if locked.Size == AllSizes {
			sizes, err := s.store.Products(ctx, locked.InfoID, now)
			if err != nil {
				return err
			}
			if len(sizes) > 1 {
				return ErrPrizeOfAll
			}
		}
		prize = Prize{ProductID: productID, InfoID: locked.InfoID, Stocked: locked.Store, State: PrizeKept, CreatedAt: now}
		if prize.Stocked {
			if err := s.store.TakeStock(ctx, productID); err != nil {
				return err
			}
			if err := s.events.Emit(ctx, bookOf(locked.ID, locked.AllID)); err != nil {
				return err
			}
		}
		articles, err := s.store.Articles(ctx, []int64{productID})
		if err != nil {
			return err
		}
		article = articles[productID]
		return s.store.InsertPrize(ctx, &prize)
	})
	return prize, article, err
}

// Release gives back what was put aside. It is idempotent. It returns ErrPrizeGone
// when it was awarded.
func (p *Prizes) Release(ctx context.Context, id int64) error {
	s := p.service
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.LockPrizes(ctx); err != nil {
			return err
		}
		prize, err := s.store.LockPrize(ctx, id)
		if err != nil || prize.State == PrizeReleased {
			return err
		}
		if prize.State != PrizeKept {
			return ErrPrizeGone
		}
		now := s.now()
		prize.State, prize.EndedAt = PrizeReleased, &now
		if err := s.store.EndPrize(ctx, prize); err != nil {
			return err
		}
		return s.unescrow(ctx, prize)
	})
}

// Award makes what was put aside the order of whoever won it, and returns that. A
// second time it returns the same. Errors: ErrPrizeGone when it was released, or is
// somebody else's.
func (p *Prizes) Award(ctx context.Context, id, userID int64) (orderID int64, err error) {
	s := p.service
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		prize, err := s.store.LockPrize(ctx, id)
		if err != nil {
			return err
		}
		switch prize.State {
		case PrizeReleased:
			return ErrPrizeGone
		case PrizeAwarded:
			o, err := s.store.Order(ctx, prize.OrderID)
			if err == nil && o.BuyerID != userID {
				err = ErrPrizeGone
			}
			orderID = o.ID
			return err
		}
		now := s.now()
		o := Order{Kind: KindPrize, InfoID: prize.InfoID, ProductID: prize.ProductID, BuyerID: userID, TakerSide: Purchase, CreatedAt: now}
		o.enter(OrderMatched, now)
		if err := s.store.InsertAward(ctx, &o); err != nil {
			return err
		}
		prize.State, prize.OrderID, prize.EndedAt = PrizeAwarded, o.ID, &now
		if err := s.store.EndPrize(ctx, prize); err != nil {
			return err
		}
		orderID = o.ID
		return s.events.Emit(ctx, Awarded{Order: o})
	})
	return orderID, err
}

// unescrow puts a piece back where it came from.
func (s *Service) unescrow(ctx context.Context, prize Prize) error {
	if !prize.Stocked {
		return nil
	}
	locked, err := s.store.Lock(ctx, prize.ProductID)
	if err != nil {
		return err
	}
	if err := s.restock(ctx, locked); err != nil {
		return err
	}
	if err := s.store.RaiseVersion(ctx, locked.ID, 1); err != nil {
		return err
	}
	return s.events.Emit(ctx, bookOf(locked.ID, locked.AllID))
}

// returnPrize takes back what an order that is called off would have delivered. The
// prize stays awarded: nobody else wins it.
func (s *Service) returnPrize(ctx context.Context, o Order) error {
	prize, err := s.store.PrizeOf(ctx, o.ID)
	if err != nil {
		return err
	}
	return s.unescrow(ctx, prize)
}
