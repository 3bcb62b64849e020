package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Catalogue is brands and articles to import. Ids are filled in: those of
// Brands first, then Infos refer to a brand by its index, Products and Images
// to an article by its.
type Catalogue struct {
	Brands   []Brand
	Infos    []ImportedInfo
	Products []ImportedProduct
	Images   []ImportedImage
}

// ImportedInfo is an article of the brand at index Brand.
type ImportedInfo struct {
	Info
	Brand int
}

// ImportedProduct is a size of the article at index Info.
type ImportedProduct struct {
	Product
	Info int
}

// ImportedImage is a picture of the article at index Info.
type ImportedImage struct {
	Image
	Info int
}

// Market is a history to import: past trades, open bids and wishes, on
// products that exist.
type Market struct {
	Trades []ImportedTrade
	Bids   []Bid
	Wishes []Wish
}

// ImportedTrade is a past trade: the bid that it consumed, its order, and the
// steps that the order has taken. It is settled or still under way.
type ImportedTrade struct {
	Bid   Bid
	Order Order
	Steps []OrderEvent // oldest first
}

// ErrNotEmpty says that a world can only be imported into an empty exchange.
var ErrNotEmpty = errors.New("shop: the exchange already holds brands")

// validate checks what the staff's own operations check, and that the indexes
// lead somewhere.
func (c *Catalogue) validate() error {
	for i := range c.Brands {
		if err := c.Brands[i].Validate(); err != nil {
			return fmt.Errorf("brand %d: %w", i, err)
		}
	}
	for i := range c.Infos {
		info := &c.Infos[i]
		if info.Tick == 0 { // not said
			info.Tick = 1
		}
		if err := refusal(info.check()); err != nil {
			return fmt.Errorf("article %d: %w", i, err)
		}
		if info.Brand < 0 || info.Brand >= len(c.Brands) {
			return fmt.Errorf("article %d: there is no brand %d", i, info.Brand)
		}
	}
	whole, sizes := make([]bool, len(c.Infos)), make([]int, len(c.Infos))
	for i := range c.Products {
		p := &c.Products[i]
		if p.Info < 0 || p.Info >= len(c.Infos) {
			return fmt.Errorf("size %d: there is no article %d", i, p.Info)
		}
		size, err := NormaliseSize(p.Size)
		given := ProductChange{Price: p.PurchasePrice, Stock: p.Stock}
		p.Product = Product{Size: size, CreatedAt: p.CreatedAt} // the rest comes from the market
		if err == nil {
			err = applyStore(&p.Product, c.Infos[p.Info].Info, given)
		}
		if err != nil {
			return fmt.Errorf("size %d: %w", i, err)
		}
		whole[p.Info] = whole[p.Info] || size == AllSizes
		sizes[p.Info]++
	}
	for i, p := range c.Products {
		if p.Size == AllSizes && p.Stock != nil && sizes[p.Info] > 1 {
			return fmt.Errorf("size %d: ALL shows the best of the other sizes", i)
		}
	}
	if i := slices.Index(whole, false); i >= 0 {
		return fmt.Errorf("article %d has no size ALL", i)
	}
	for i, m := range c.Images {
		if m.Info < 0 || m.Info >= len(c.Infos) {
			return fmt.Errorf("picture %d: there is no article %d", i, m.Info)
		}
	}
	return nil
}

// ImportCatalogue inserts brands, articles, sizes and pictures into an empty
// exchange, in one transaction, and fills in their ids. It checks what the
// staff's own operations check.
func (s *Service) ImportCatalogue(ctx context.Context, c *Catalogue) error {
	if err := c.validate(); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		empty, err := s.store.Empty(ctx)
		if err != nil {
			return err
		}
		if !empty {
			return ErrNotEmpty
		}
		if err := s.store.ImportCatalogue(ctx, c); err != nil {
			return err
		}
		return s.events.Emit(ctx, CatalogueChanged{})
	})
}

// ImportMarket inserts past trades, open bids and wishes, in one transaction,
// and brings every product's prices up to date. Bids that rest in one book
// must not cross.
func (s *Service) ImportMarket(ctx context.Context, m *Market) error {
	for i := range m.Bids {
		m.Bids[i].Status = BidOpen
	}
	for i := range m.Trades {
		t := &m.Trades[i]
		t.Bid.Status, t.Bid.ClosedAt = BidFilled, &t.Order.CreatedAt
		t.Order.Kind = KindTrans
		t.Order.complete(s.fees.base)
		if t.Order.Status != OrderSettled && !slices.Contains(UnderWay(), t.Order.Status) {
			return fmt.Errorf("import: trade %d is %s: must be settled or under way", i, t.Order.Status)
		}
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.ImportMarket(ctx, m) })
}

// complete fills in what an imported order doesn't say. One that is under way
// began its step when it says, or else with the trade.
func (o *Order) complete(terms Terms) {
	if o.Status == "" {
		o.Status = OrderSettled
	}
	since := o.StatusAt
	if since.IsZero() {
		since = o.CreatedAt
	}
	o.enter(o.Status, since)
	o.Terms = terms
	o.BuyerFee, o.SellerFee = terms.Fee(Purchase, o.Price), terms.Fee(Sales, o.Price)
}
