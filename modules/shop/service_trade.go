package shop

import (
	"context"
	"strconv"
	"time"

	"rally/platform/auth"
)

// TradeNow asks for a trade at once.
type TradeNow struct {
	ProductID int64
	Side      Side
	Expected  *int64 // the price that the caller saw; another one refuses the trade
	Fee       *int64 // the fee that they saw; another one refuses it, too
	Confirm   *bool  // false: a price far from the last trade is refused until it is true; nil: the caller knows
}

// Trade buys (Purchase) or sells (Sales) at once against the best bid of the
// other side that is not the caller's own. Errors: ErrProductNotFound,
// ErrNotBiddable, ErrNoCounterBid, ErrPriceMoved and ErrFeeChanged with the new
// amount, ErrPriceNeedsConfirmation with the last price, ErrPendingSalesCap.
func (s *Service) Trade(ctx context.Context, in TradeNow) (OrderView, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return OrderView{}, err
	}
	var order Order
	var locked Locked
	err = s.onBook(ctx, in.ProductID, in.Side, func(ctx context.Context) error {
		order, locked, err = s.match(ctx, in, caller.UserID, nil)
		return err
	})
	if err != nil {
		return OrderView{}, err
	}
	// What a new order shows is known: it has no steps yet.
	return viewOf(Placed[Order]{Row: order, Article: locked.Article}, nil, caller, s.now(), func() (bool, error) { return locked.Withdrew, nil })
}

// onBook runs a transaction that locks a product's book first. Those of buyers
// wait in one line, and share commits. A seller's locks the seller, too, and
// must not hold that lock while others have their turn: two lines could wait
// for each other.
func (s *Service) onBook(ctx context.Context, productID int64, side Side, fn func(ctx context.Context) error) error {
	if side == Sales {
		return s.tx.InTx(ctx, fn)
	}
	return s.tx.InTxOn(ctx, "shop.product:"+strconv.FormatInt(productID, 10), fn)
}

// match makes the order of a trade in the present transaction. It replaces a
// failed one, if replaces is set.
func (s *Service) match(ctx context.Context, in TradeNow, caller int64, replaces *int64) (Order, Locked, error) {
	locked, counter, err := s.lockBook(ctx, in.ProductID, in.Side, caller)
	if err != nil {
		return Order{}, Locked{}, err
	}
	order, err := s.orderFor(ctx, in, caller, locked, counter)
	if err != nil {
		return Order{}, Locked{}, err
	}
	order.Replaces = replaces
	if err := s.store.Fill(ctx, &order, charge(order)); err != nil {
		return Order{}, Locked{}, err
	}
	return order, locked, s.traded(ctx, order, locked)
}

// orderFor is the order that takes the counter bid, if the rules allow it.
func (s *Service) orderFor(ctx context.Context, in TradeNow, caller int64, locked Locked, counter *Bid) (Order, error) {
	now := s.now() // after the wait: trades follow the order of the book
	if counter == nil {
		return Order{}, ErrNoCounterBid
	}
	terms, err := s.termsAt(ctx, now)
	if err != nil {
		return Order{}, err
	}
	if err := in.check(counter.Price, terms.Fee(in.Side, counter.Price), locked.LastPrice); err != nil {
		return Order{}, err
	}
	if in.Side == Sales {
		if err := s.roomToSell(ctx, caller, now); err != nil {
			return Order{}, err
		}
	}
	if counter.FeeBps != nil { // as its owner was shown
		terms = terms.with(counter.Side, *counter.FeeBps)
	}
	buyer, seller := caller, counter.UserID
	if in.Side == Sales {
		buyer, seller = seller, buyer
	}
	order := Order{
		Kind: KindTrans, InfoID: locked.InfoID, ProductID: in.ProductID, BidID: &counter.ID, BuyerID: buyer, SellerID: &seller, TakerSide: in.Side,
		Price: counter.Price, BuyerFee: terms.Fee(Purchase, counter.Price), SellerFee: terms.Fee(Sales, counter.Price), Terms: terms,
		CreatedAt: now,
	}
	order.enter(OrderMatched, now)
	return order, nil
}

// check holds what the caller saw against what is.
func (in TradeNow) check(price, fee int64, last *int64) error {
	switch {
	case in.Expected != nil && *in.Expected != price:
		return ErrPriceMoved.With("price", price)
	case in.Fee != nil && *in.Fee != fee:
		return ErrFeeChanged.With("fee", fee)
	case in.Confirm != nil && !*in.Confirm && last != nil && Unusual(price, *last):
		return ErrPriceNeedsConfirmation.With("price", *last)
	}
	return nil
}

func (s *Service) traded(ctx context.Context, order Order, locked Locked) error {
	if err := s.events.Emit(ctx, Traded{Order: order}); err != nil {
		return err
	}
	return s.events.Emit(ctx, bookOf(locked.ID, locked.AllID))
}

// roomToSell returns ErrPendingSalesCap for a new seller who has enough going
// on. It holds off whatever else the seller does at this moment.
func (s *Service) roomToSell(ctx context.Context, sellerID int64, now time.Time) error {
	if err := s.store.LockPerson(ctx, sellerID); err != nil {
		return err
	}
	load, err := s.store.SellerLoad(ctx, sellerID, now, s.cap.settled, s.cap.pending)
	if err != nil {
		return err
	}
	if load.Settled < s.cap.settled && load.Pending >= s.cap.pending {
		return ErrPendingSalesCap.With("limit", s.cap.pending)
	}
	return nil
}

// BuyFromStore buys one piece of a store good at its price. Errors:
// ErrProductNotFound, ErrNotForSale, ErrOutOfStock, ErrPriceMoved, ErrFeeChanged.
func (s *Service) BuyFromStore(ctx context.Context, in TradeNow) (OrderView, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return OrderView{}, err
	}
	var order Order
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		locked, err := s.store.Lock(ctx, in.ProductID)
		if err != nil {
			return err
		}
		if !locked.Store || locked.PurchasePrice == nil || locked.Stock == nil {
			return ErrNotForSale
		}
		price := *locked.PurchasePrice
		if err := in.check(price, 0, locked.LastPrice); err != nil { // store goods carry no fee
			return err
		}
		now := s.now()
		order = Order{Kind: KindStore, InfoID: locked.InfoID, ProductID: in.ProductID, BuyerID: caller.UserID, TakerSide: Purchase, Price: price, CreatedAt: now}
		order.enter(OrderMatched, now)
		if err := s.store.SellStock(ctx, &order, charge(order)); err != nil {
			return err
		}
		return s.traded(ctx, order, locked)
	})
	if err != nil {
		return OrderView{}, err
	}
	return s.viewOrder(ctx, order)
}
