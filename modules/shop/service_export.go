package shop

import (
	"context"

	"rally/modules/talk"
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
	Remarks page.List[Placed[talk.Remark]] // comments and replies
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
	out := Export{UserID: userID}
	if out.Remarks, err = s.reviewsOf(ctx, userID, all); err != nil {
		return Export{}, err
	}
	if out.Bids, err = withArticles(ctx, s.store, bids, bidProduct); err != nil {
		return Export{}, err
	}
	if out.Orders, err = withArticles(ctx, s.store, orders, orderProduct); err != nil {
		return Export{}, err
	}
	out.Wishes, err = withArticles(ctx, s.store, wishes, wishProduct)
	return out, err
}

// reviewsOf lists what a user wrote about articles, with the articles.
func (s *Service) reviewsOf(ctx context.Context, userID int64, p page.Request) (page.List[Placed[talk.Remark]], error) {
	remarks, err := s.reviews.RemarksOf(ctx, ReviewRoom, userID, p)
	if err != nil {
		return page.List[Placed[talk.Remark]]{}, err
	}
	infos := make([]int64, len(remarks.Rows))
	for i, r := range remarks.Rows {
		infos[i] = r.PlaceID
	}
	articles, err := NewNames(s.store).OfInfos(ctx, infos)
	if err != nil {
		return page.List[Placed[talk.Remark]]{}, err
	}
	return page.Map(remarks, func(r talk.Remark) Placed[talk.Remark] {
		return Placed[talk.Remark]{Row: r, Article: articles[r.PlaceID]}
	}), nil
}
