package shop

import (
	"context"

	"rally/platform/auth"
	"rally/platform/page"
)

// WishChange says what to do with a wish.
type WishChange struct {
	ProductID   int64
	TargetPrice *int64 // not nil: the wish is wanted, at this price
	ClearTarget bool   // the wish is wanted, at no price
	Value       *bool  // nil: toggle
}

// SetWish toggles the caller's wish for a size, or sets it when Value or
// TargetPrice is given. It reports whether the wish stands now, and whether
// this call created it.
func (s *Service) SetWish(ctx context.Context, in WishChange) (on, created bool, err error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return false, false, err
	}
	if in.TargetPrice != nil {
		if err := checkField("target_price", *in.TargetPrice, 1); err != nil {
			return false, false, err
		}
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		product, err := s.store.Product(ctx, in.ProductID, s.now())
		if err != nil {
			return err
		}
		if err := s.store.LockInfo(ctx, product.InfoID); err != nil { // it counts its wishes
			return err
		}
		if in.TargetPrice != nil {
			// An ask that comes at this moment sees the wish, or the wish sees it.
			if err := s.store.LockSizes(ctx, product.InfoID); err != nil {
				return err
			}
			if product, err = s.store.Product(ctx, in.ProductID, s.now()); err != nil {
				return err
			}
		}
		switch {
		case in.Value != nil:
			on = *in.Value
		case in.TargetPrice != nil, in.ClearTarget:
			on = true
		default:
			had, err := s.store.HasWish(ctx, caller.UserID, in.ProductID)
			if err != nil {
				return err
			}
			on = !had
		}
		was, err := s.store.SetWish(ctx, Wish{UserID: caller.UserID, ProductID: in.ProductID, TargetPrice: in.TargetPrice, CreatedAt: s.now()}, on, in.ClearTarget)
		if err != nil {
			return err
		}
		created = on && !was
		if on && in.TargetPrice != nil && product.PurchasePrice != nil && *product.PurchasePrice <= *in.TargetPrice {
			return s.events.Emit(ctx, TargetsReachable{ProductID: product.ID})
		}
		return nil
	})
	return on, created, err
}

// MyWishes lists the caller's wishes, the newest first.
func (s *Service) MyWishes(ctx context.Context, p page.Request) (page.List[Placed[Wish]], error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return page.List[Placed[Wish]]{}, err
	}
	list, err := s.store.Wishes(ctx, caller.UserID, p)
	if err != nil {
		return page.List[Placed[Wish]]{}, err
	}
	return withArticles(ctx, s.store, list, wishProduct)
}

func wishProduct(w Wish) int64 { return w.ProductID }
