package shop

import (
	"context"

	"rally/platform/page"
)

// maxExported bounds each list of an Export.
const maxExported = 10_000

// Export is what the exchange keeps about a user: the newest rows of each
// kind. A list's Count tells whether there are more.
type Export struct {
	UserID  int64
	Bids    page.List[Placed[Bid]] // of both sides, in every state
	Orders  page.List[Placed[Order]]
	Wishes  page.List[Placed[Wish]]
	Remarks page.List[Placed[Remark]] // comments and replies
}

// ExportOf returns what the exchange keeps about a user. Whoever asks has made
// sure that it is the user's to see; its orders name the other side, too.
func (s *Service) ExportOf(ctx context.Context, userID int64) (Export, error) {
	all := page.Request{Number: 1, Size: maxExported}
	bids, err := s.store.AllBidsOf(ctx, userID, all)
	if err != nil {
		return Export{}, err
	}
	orders, err := s.store.OrdersOf(ctx, userID, OrderFilter{}, all)
	if err != nil {
		return Export{}, err
	}
	wishes, err := s.store.Wishes(ctx, userID, all)
	if err != nil {
		return Export{}, err
	}
	remarks, err := s.store.RemarksOf(ctx, userID, all)
	if err != nil {
		return Export{}, err
	}
	out := Export{UserID: userID, Remarks: remarks}
	if out.Bids, err = withArticles(ctx, s.store, bids, bidProduct); err != nil {
		return Export{}, err
	}
	if out.Orders, err = withArticles(ctx, s.store, orders, orderProduct); err != nil {
		return Export{}, err
	}
	out.Wishes, err = withArticles(ctx, s.store, wishes, wishProduct)
	return out, err
}
