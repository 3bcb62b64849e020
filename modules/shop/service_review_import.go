package shop

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Reviews is what people said about articles that exist, to import. Ids are
// filled in.
type Reviews struct {
	Comments []ImportedComment
	Replies  []ImportedReply
}

// ImportedComment is a comment with its likes.
type ImportedComment struct {
	Remark
	Likes []Like
}

// ImportedReply is a reply to the comment at index Comment.
type ImportedReply struct {
	Remark
	Comment int
	Likes   []Like
}

// validate checks what people are held to, orders everything by time, and sets
// what follows from the rest.
func (r *Reviews) validate() error {
	place := make([]int, len(r.Comments))
	for i := range place {
		place[i] = i
	}
	slices.SortStableFunc(place, func(a, b int) int { return r.Comments[a].CreatedAt.Compare(r.Comments[b].CreatedAt) })
	sorted, now := make([]ImportedComment, len(place)), make([]int, len(place))
	for to, from := range place {
		sorted[to], now[from] = r.Comments[from], to
	}
	r.Comments = sorted
	for i := range r.Comments {
		c := &r.Comments[i]
		var err error
		if c.Content, err = NormaliseContent(c.Content); err != nil {
			return fmt.Errorf("comment %d: %w", i, err)
		}
		c.CommentID, c.ToUserID, c.NumLikes = 0, 0, int64(len(c.Likes))
	}
	replies := make([]int, len(r.Comments))
	for i := range r.Replies {
		a := &r.Replies[i]
		if a.Comment < 0 || a.Comment >= len(r.Comments) {
			return fmt.Errorf("reply %d: there is no comment %d", i, a.Comment)
		}
		a.Comment = now[a.Comment]
		c := r.Comments[a.Comment]
		var err error
		if a.Content, err = NormaliseContent(a.Content); err != nil {
			return fmt.Errorf("reply %d: %w", i, err)
		}
		if a.CreatedAt.Before(c.CreatedAt) {
			return fmt.Errorf("reply %d is older than its comment", i)
		}
		if replies[a.Comment]++; replies[a.Comment] > maxReplies {
			return fmt.Errorf("reply %d: the thread is full", i)
		}
		a.InfoID, a.NumLikes = c.InfoID, int64(len(a.Likes))
		a.ToUserID = cmp.Or(a.ToUserID, c.UserID)
	}
	slices.SortStableFunc(r.Replies, func(a, b ImportedReply) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return nil
}

// ImportReviews inserts comments, replies and likes, in one transaction, and
// fills in ids. It checks what people are held to, but not how fast they write.
func (s *Service) ImportReviews(ctx context.Context, r *Reviews) error {
	if err := r.validate(); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.ImportRemarks(ctx, r) })
}
