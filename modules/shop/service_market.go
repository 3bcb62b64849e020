package shop

import (
	"context"

	"rally/platform/auth"
)

// Levels and trades that the public market data shows.
const (
	bookLevels = 20
	lastTrades = 50
)

// Book returns the public book of a product; ALL merges the sizes.
func (s *Service) Book(ctx context.Context, productID int64) (Book, error) {
	return s.store.Book(ctx, productID, s.now(), bookLevels)
}

// Depth returns how many bids of a side rest at each price, best first.
func (s *Service) Depth(ctx context.Context, productID int64, side Side) ([]Level, error) {
	return s.store.DepthOf(ctx, productID, side, s.now())
}

// Trades returns the last trades of a product, the newest first.
func (s *Service) Trades(ctx context.Context, productID int64) ([]Trade, error) {
	return s.store.Trades(ctx, productID, lastTrades)
}

// Quote says what a trade at the present price, or a bid at the given one,
// would cost or bring the caller. For a caller who is logged in their own
// bids don't count: nobody trades with themselves. A price that no bid may have
// is refused as the bid would be. Errors: ErrProductNotFound, those of
// CheckPrice.
func (s *Service) Quote(ctx context.Context, productID int64, side Side, price *int64) (Quote, error) {
	now := s.now()
	product, err := s.store.Product(ctx, productID, now)
	if err != nil {
		return Quote{}, err
	}
	q := Quote{Side: side, Price: price, LastTrade: product.LastPrice, PurchasePrice: product.PurchasePrice, SalesPrice: product.SalesPrice}
	if price != nil {
		tick := product.Tick
		if product.Store { // nobody bids on it
			tick = 1
		}
		if err := CheckPrice(*price, tick); err != nil {
			return Quote{}, err
		}
	} else if q.Price, err = s.priceNow(ctx, product, side); err != nil {
		return Quote{}, err
	}
	if q.Price == nil {
		return q, nil
	}
	if !product.Store { // store goods carry no fee
		q.Fee = s.fees.Of(side, *q.Price)
	}
	if side == Purchase {
		total := *q.Price + q.Fee
		q.Total = &total
	} else {
		payout := *q.Price - q.Fee
		q.Payout = &payout
	}
	return q, nil
}

// priceNow returns the price at which the caller trades now, or nil.
func (s *Service) priceNow(ctx context.Context, product Product, side Side) (*int64, error) {
	shown := product.PurchasePrice
	if side == Sales {
		shown = product.SalesPrice
	}
	caller := auth.UserID(ctx)
	if caller == 0 || shown == nil || !product.Biddable {
		return shown, nil
	}
	best, ok, err := s.store.BestBid(ctx, product.ID, side.Opposite(), s.now(), caller)
	if err != nil || !ok {
		return nil, err
	}
	return &best.Price, nil
}
