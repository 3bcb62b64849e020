package shop

import (
	"context"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/page"
)

// Summary is what the staff sees first.
type Summary struct {
	Orders             map[string]int64 // by status
	Overdue            int64            // orders that somebody is late with
	OpenAsks, OpenBids int64
	Trades24h          int64
	Volume24h          int64 // won
	Articles, Brands   int64
}

// StaffOrder is an order with all that is known of it. Staff only.
type StaffOrder struct {
	OrderView
	Ledger []Posting
	Names  map[int64]accounts.Profile // of who takes part and is still here
}

// StaffBid is a bid with its owner's name, which is empty for somebody who left.
type StaffBid struct {
	Placed[Bid]
	Name string
}

// StaffSummary counts what the staff looks after. Staff only.
func (s *Service) StaffSummary(ctx context.Context) (Summary, error) {
	if _, err := auth.RequireStaff(ctx); err != nil {
		return Summary{}, err
	}
	return s.store.Summary(ctx, s.now())
}

func (f StaffFilter) check() error { return checkSearch(f.Search) }

// StaffOrders lists everybody's orders: those that are late first if only they
// are asked for, else the newest. Staff only.
func (s *Service) StaffOrders(ctx context.Context, f StaffFilter, p page.Request) (page.List[OrderView], error) {
	if _, err := auth.RequireStaff(ctx); err != nil {
		return page.List[OrderView]{}, err
	}
	if err := f.check(); err != nil {
		return page.List[OrderView]{}, err
	}
	list, err := s.store.StaffOrders(ctx, f, s.now(), p)
	if err != nil {
		return page.List[OrderView]{}, err
	}
	return s.viewOrders(ctx, list)
}

// StaffOrder returns an order with its ledger. Staff only. Errors:
// ErrOrderNotFound.
func (s *Service) StaffOrder(ctx context.Context, id int64) (StaffOrder, error) {
	if _, err := auth.RequireStaff(ctx); err != nil {
		return StaffOrder{}, err
	}
	o, err := s.store.Order(ctx, id)
	if err != nil {
		return StaffOrder{}, err
	}
	var out StaffOrder
	if out.OrderView, err = s.viewOrder(ctx, o); err != nil {
		return StaffOrder{}, err
	}
	if out.Ledger, err = s.store.LedgerOf(ctx, id); err != nil {
		return StaffOrder{}, err
	}
	people := []int64{o.BuyerID}
	if o.SellerID != nil {
		people = append(people, *o.SellerID)
	}
	out.Names, err = s.profiles.ProfilesOf(ctx, people)
	return out, err
}

// StaffBids lists everybody's bids, the newest first. Staff only.
func (s *Service) StaffBids(ctx context.Context, f StaffFilter, p page.Request) (page.List[StaffBid], error) {
	none := page.List[StaffBid]{}
	if _, err := auth.RequireStaff(ctx); err != nil {
		return none, err
	}
	if err := f.check(); err != nil {
		return none, err
	}
	list, err := s.store.StaffBids(ctx, f, p)
	if err != nil {
		return none, err
	}
	placed, err := withArticles(ctx, s.store, list, bidProduct)
	if err != nil {
		return none, err
	}
	people := make([]int64, len(list.Rows))
	for i, b := range list.Rows {
		people[i] = b.UserID
	}
	names, err := s.profiles.ProfilesOf(ctx, people)
	return page.Map(placed, func(p Placed[Bid]) StaffBid { return StaffBid{Placed: p, Name: names[p.Row.UserID].ProfileName} }), err
}

// StaffCancelBid takes anybody's bid out of the book. Staff only. Errors:
// ErrBidNotFound, ErrBidClosed.
func (s *Service) StaffCancelBid(ctx context.Context, id int64, reason string) error {
	return s.asStaff(ctx, func(ctx context.Context) error {
		if err := reasonOf(reason); err != nil {
			return err
		}
		b, err := s.store.Bid(ctx, id)
		if err != nil {
			return err
		}
		locked, err := s.store.Lock(ctx, b.ProductID)
		if err != nil {
			return err
		}
		if b, err = s.store.Bid(ctx, id); err != nil { // as it is under the lock
			return err
		}
		if !b.Live(s.now()) {
			return ErrBidClosed
		}
		if err := s.store.CloseBid(ctx, id, BidCancelled, s.now()); err != nil {
			return err
		}
		if err := s.audit.Record(ctx, "shop.bid.cancel", target("bid", id), reason, auditedBid(b), nil); err != nil {
			return err
		}
		return s.bookChanged(ctx, locked)
	})
}
