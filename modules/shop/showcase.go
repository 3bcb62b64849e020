package shop

import (
	"context"
	"slices"
	"time"

	"rally/platform/recent"
)

// Listing is an article with its best prices now, in won; nil where there is none.
type Listing struct {
	InfoID           int64
	EngName, KorName string
	Picture          string // its key, or empty
	PurchasePrice    *int64 // the lowest ask, or the store's price
	SalesPrice       *int64 // the highest bid
}

const (
	maxListings = 4096
	// listingLife is how old the prices of a Listing may be. A page that trades reads
	// the book.
	listingLife = time.Second
)

// Showcase lets other modules show articles, and count where they are shown. It
// stands beside Service, and needs nobody. It is safe for concurrent use.
type Showcase struct {
	store    ShowcaseStore
	listings *recent.Cache[int64, Listing]
	now      func() time.Time
}

// ShowcaseStore is what a Showcase asks of the database.
type ShowcaseStore interface {
	// Listings returns articles with their best prices. Expired bids don't count.
	Listings(ctx context.Context, infoIDs []int64, now time.Time) ([]Listing, error)
	// AddShares adds step to the shares of articles, in the order of their ids.
	// Those that are gone are passed over.
	AddShares(ctx context.Context, infoIDs []int64, step int64) error
	// Owners returns which of some ownerships there are.
	Owners(ctx context.Context, asked []Ownership) ([]Ownership, error)
}

// Ownership is that a user has bought an article here, and has it.
type Ownership struct{ UserID, InfoID int64 }

// NewShowcase returns the showcase of what a store holds.
func NewShowcase(store ShowcaseStore, clock func() time.Time) *Showcase {
	return &Showcase{store, recent.New[int64, Listing](maxListings, listingLife), clock}
}

// Listings returns articles by their ids, in one statement at most whatever their
// number. One that was deleted isn't among them. Prices are up to a second old.
func (s *Showcase) Listings(ctx context.Context, infoIDs []int64) (map[int64]Listing, error) {
	now, mark := s.now(), s.listings.Mark()
	found := make(map[int64]Listing, len(infoIDs))
	var missing []int64
	for _, id := range infoIDs {
		if o, _, ok := s.listings.Get(id, now); ok {
			found[id] = o
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return found, nil
	}
	list, err := s.store.Listings(ctx, missing, now)
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		found[o.InfoID] = o
		s.listings.Put(o.InfoID, o, now, mark)
	}
	return found, nil
}

// Forget makes the next readers read articles anew.
func (s *Showcase) Forget() { s.listings.Purge() }

// AddShares adds step to the number of places that show each of some articles,
// and holds their rows until the transaction ends.
func (s *Showcase) AddShares(ctx context.Context, infoIDs []int64, step int64) error {
	if len(infoIDs) == 0 {
		return nil
	}
	ids := slices.Clone(infoIDs)
	slices.Sort(ids)
	return s.store.AddShares(ctx, slices.Compact(ids), step)
}

// Owners returns which of some ownerships there are, in one statement.
func (s *Showcase) Owners(ctx context.Context, asked []Ownership) ([]Ownership, error) {
	if len(asked) == 0 {
		return nil, nil
	}
	return s.store.Owners(ctx, asked)
}
