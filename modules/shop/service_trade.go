package shop

import (
	"context"

	"rally/platform/auth"
	"rally/platform/page"
)

// Trade buys (Purchase) or sells (Sales) at once against the best bid of the
// other side that is not the caller's own. Expected, when not nil, is the
// price that the caller saw; another one refuses the trade. Errors:
// ErrProductNotFound, ErrNotBiddable, ErrNoCounterBid, ErrPriceMoved with the
// new price.
func (s *Service) Trade(ctx context.Context, productID int64, side Side, expected *int64) (Placed[Order], error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Placed[Order]{}, err
	}
	var order Order
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		locked, counter, err := s.lockBook(ctx, productID, side, caller.UserID)
		if err != nil {
			return err
		}
		now := s.now() // after the wait: trades follow the order of the book
		if counter == nil {
			return ErrNoCounterBid
		}
		if expected != nil && *expected != counter.Price {
			return ErrPriceMoved.With("price", counter.Price)
		}
		buyer, seller := caller.UserID, counter.UserID
		if side == Sales {
			buyer, seller = seller, buyer
		}
		order = Order{
			Kind: KindTrans, InfoID: locked.InfoID, ProductID: productID, BidID: &counter.ID, BuyerID: buyer, SellerID: &seller, TakerSide: side,
			Price: counter.Price, BuyerFee: s.fees.Of(Purchase, counter.Price), SellerFee: s.fees.Of(Sales, counter.Price),
			Status: OrderMatched, CreatedAt: now,
		}
		if err := s.store.Fill(ctx, &order, now); err != nil {
			return err
		}
		if err := s.events.Emit(ctx, Traded{Order: order}); err != nil {
			return err
		}
		return s.events.Emit(ctx, bookOf(locked.ID, locked.AllID))
	})
	if err != nil {
		return Placed[Order]{}, err
	}
	return s.placedOrder(ctx, order)
}

// BuyFromStore buys one piece of a store good at its price. Errors:
// ErrProductNotFound, ErrNotForSale, ErrOutOfStock, ErrPriceMoved.
func (s *Service) BuyFromStore(ctx context.Context, productID int64, expected *int64) (Placed[Order], error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Placed[Order]{}, err
	}
	var order Order
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		locked, err := s.store.Lock(ctx, productID)
		if err != nil {
			return err
		}
		now := s.now()
		if !locked.Store || locked.PurchasePrice == nil || locked.Stock == nil {
			return ErrNotForSale
		}
		price := *locked.PurchasePrice
		if expected != nil && *expected != price {
			return ErrPriceMoved.With("price", price)
		}
		order = Order{
			Kind: KindStore, InfoID: locked.InfoID, ProductID: productID, BuyerID: caller.UserID, TakerSide: Purchase,
			Price: price, Status: OrderMatched, CreatedAt: now,
		}
		if err := s.store.SellStock(ctx, &order); err != nil {
			return err
		}
		if err := s.events.Emit(ctx, Traded{Order: order}); err != nil {
			return err
		}
		return s.events.Emit(ctx, bookOf(locked.ID, locked.AllID))
	})
	if err != nil {
		return Placed[Order]{}, err
	}
	return s.placedOrder(ctx, order)
}

// MyOrder returns an order of the caller; staff may see any.
func (s *Service) MyOrder(ctx context.Context, id int64) (Placed[Order], error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Placed[Order]{}, err
	}
	o, err := s.store.Order(ctx, id)
	if err != nil {
		return Placed[Order]{}, err
	}
	if _, mine := o.SideOf(caller.UserID); !mine && !caller.Staff {
		return Placed[Order]{}, ErrOrderNotFound
	}
	return s.placedOrder(ctx, o)
}

// MyOrders lists the caller's orders of a side, or of both when side is
// empty, the newest first.
func (s *Service) MyOrders(ctx context.Context, side Side, p page.Request) (page.List[Placed[Order]], error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return page.List[Placed[Order]]{}, err
	}
	list, err := s.store.OrdersOf(ctx, caller.UserID, side, p)
	if err != nil {
		return page.List[Placed[Order]]{}, err
	}
	return withArticles(ctx, s.store, list, orderProduct)
}

func orderProduct(o Order) int64 { return o.ProductID }

func (s *Service) placedOrder(ctx context.Context, o Order) (Placed[Order], error) {
	list, err := withArticles(ctx, s.store, page.List[Order]{Rows: []Order{o}}, orderProduct)
	if err != nil {
		return Placed[Order]{}, err
	}
	return list.Rows[0], nil
}
