package shop

import (
	"context"

	"rally/modules/talk"
	"rally/platform/page"
)

// ReviewRoom is the kind of talk's room in which people review articles.
const ReviewRoom = "info"

const maxReview = 500 // characters

// NewReviewRoom returns the room in which people review articles: everybody reads
// there, and comments bear a mark where their writer has bought the article.
func NewReviewRoom(store ReviewStore) talk.Room {
	host := reviewHost{store}
	return talk.Room{
		Kind: ReviewRoom, Module: "shop", Place: "article", Base: "/api/shop/", Collection: "productinfos", Tag: "Shop",
		Max: maxReview, Host: host, Marks: host,
		Faults: talk.Faults{CommentNotFound: ErrCommentNotFound, ReplyNotFound: ErrReplyNotFound, ThreadFull: ErrThreadFull, TooManyRemarks: ErrTooManyRemarks},
	}
}

// ReviewStore is what reviews ask of the articles.
type ReviewStore interface {
	HasInfo(ctx context.Context, id int64) (bool, error)
	// LockInfos takes the rows of articles until the transaction ends, in
	// ascending order.
	LockInfos(ctx context.Context, ids []int64) error
	// CountRemarks adds to the number of remarks that an article shows, and holds
	// its row until the transaction ends. It returns ErrInfoNotFound.
	CountRemarks(ctx context.Context, infoID, step int64) error
	// SetRemarkCounts writes the numbers of remarks that articles show. It returns
	// ErrInfoNotFound when one isn't there.
	SetRemarkCounts(ctx context.Context, counts map[int64]int64) error
	// Owners is that of ShowcaseStore.
	Owners(ctx context.Context, asked []Ownership) ([]Ownership, error)
}

// reviewHost lets people review articles. It needs nobody, so that talk can be
// built of it. It implements talk.Host and talk.Marks.
type reviewHost struct{ store ReviewStore }

func (h reviewHost) Admit(ctx context.Context, infoID int64, _ talk.Viewer) error {
	there, err := h.store.HasInfo(ctx, infoID)
	if err == nil && !there {
		err = ErrInfoNotFound
	}
	return err
}

func (reviewHost) Owner(context.Context, int64) (int64, error) { return 0, nil }

func (h reviewHost) Hold(ctx context.Context, infoIDs []int64) error {
	return h.store.LockInfos(ctx, infoIDs)
}

func (h reviewHost) Count(ctx context.Context, infoID, step int64) error {
	return h.store.CountRemarks(ctx, infoID, step)
}

func (h reviewHost) Recount(ctx context.Context, counts map[int64]int64) error {
	return h.store.SetRemarkCounts(ctx, counts)
}

func (h reviewHost) Bought(ctx context.Context, infoID int64, userIDs []int64) ([]int64, error) {
	asked := make([]Ownership, len(userIDs))
	for i, userID := range userIDs {
		asked[i] = Ownership{userID, infoID}
	}
	owners, err := h.store.Owners(ctx, asked)
	buyers := make([]int64, len(owners))
	for i, o := range owners {
		buyers[i] = o.UserID
	}
	return buyers, err
}

// Reviews are what was said about articles. *talk.Keeper has them.
type Reviews interface {
	// Touched returns the articles that a user reviewed, or likes reviews of, in
	// ascending order.
	Touched(ctx context.Context, room string, userID int64) ([]int64, error)
	// Clear deletes what was said about articles whose rows are held.
	Clear(ctx context.Context, room string, infoIDs ...int64) error
	// RemarksOf lists what a user wrote, the newest first.
	RemarksOf(ctx context.Context, room string, userID int64, p page.Request) (page.List[talk.Remark], error)
}

// noReviews is for a shop without talk.
type noReviews struct{}

func (noReviews) Touched(context.Context, string, int64) ([]int64, error) { return nil, nil }
func (noReviews) Clear(context.Context, string, ...int64) error           { return nil }
func (noReviews) RemarksOf(_ context.Context, _ string, _ int64, p page.Request) (page.List[talk.Remark], error) {
	return page.List[talk.Remark]{Page: p}, nil
}
