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

// Trades returns the last trades of a product that stand, the newest first.
func (s *Service) Trades(ctx context.Context, productID int64) ([]Trade, error) {
	return s.store.Trades(ctx, productID, lastTrades)
}

// Chart returns a product's prices over a span of ChartRanges; for ALL, those
// of all sizes together. Errors: ErrProductNotFound, a field.
func (s *Service) Chart(ctx context.Context, productID int64, span string) (Chart, error) {
	from, err := rangeStart(span, s.now())
	if err != nil {
		return Chart{}, err
	}
	product, retail, err := s.store.Listed(ctx, productID)
	if err != nil {
		return Chart{}, err
	}
	days, err := s.store.PriceDays(ctx, product.ID, from)
	if err != nil {
		return Chart{}, err
	}
	if from == "" && len(days) > 0 {
		from = days[0].Day
	}
	return Chart{Range: span, From: from, Points: Downsample(days, MaxPoints), RetailPrice: retail}, nil
}

// Stats returns the figures of a product's market; for ALL, those of all sizes
// together. Errors: ErrProductNotFound.
func (s *Service) Stats(ctx context.Context, productID int64) (Stats, error) {
	product, retail, err := s.store.Listed(ctx, productID)
	if err != nil {
		return Stats{}, err
	}
	days, err := s.store.PriceDays(ctx, product.ID, MarketDay(s.now().AddDate(0, 0, 1-statsDays)))
	if err != nil {
		return Stats{}, err
	}
	var out Stats
	out.sumUp(days)
	if out.High, out.Low, err = s.store.Extremes(ctx, productID); err != nil {
		return Stats{}, err
	}
	last, err := s.store.Trades(ctx, productID, 2)
	if err != nil || len(last) == 0 {
		return out, err
	}
	out.LastPrice, out.LastTradeAt = &last[0].Price, &last[0].CreatedAt
	if len(last) > 1 {
		change := last[0].Price - last[1].Price
		out.Change, out.ChangePct = &change, percent(last[0].Price, last[1].Price)
	}
	if retail != nil {
		out.Premium = percent(last[0].Price, *retail)
	}
	return out, nil
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
	if !product.Store { // store goods carry no fee
		terms, err := s.termsAt(ctx, now)
		if err != nil {
			return Quote{}, err
		}
		q.FeeBps = terms.Bps(side)
	}
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
	q.Fee = share(*q.Price, q.FeeBps)
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
