package talk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Past is what people said at places that exist, in one room, to import. Ids are
// filled in.
type Past struct {
	Room     string
	Comments []PastComment
	Replies  []PastReply
}

// PastComment is a comment with its likes.
type PastComment struct {
	Remark
	Likes []Like
}

// PastReply is a reply to the comment at index Comment.
type PastReply struct {
	Remark
	Comment int
	Likes   []Like
}

// validate checks what people are held to, orders everything by time, and sets
// what follows from the rest.
func (p *Past) validate(limit int) error {
	place := make([]int, len(p.Comments))
	for i := range place {
		place[i] = i
	}
	slices.SortStableFunc(place, func(a, b int) int { return p.Comments[a].CreatedAt.Compare(p.Comments[b].CreatedAt) })
	sorted, now := make([]PastComment, len(place)), make([]int, len(place))
	for to, from := range place {
		sorted[to], now[from] = p.Comments[from], to
	}
	p.Comments = sorted
	for i := range p.Comments {
		c := &p.Comments[i]
		var err error
		if c.Content, err = NormaliseContent(c.Content, limit); err != nil {
			return fmt.Errorf("comment %d: %w", i, err)
		}
		c.CommentID, c.ToUserID, c.NumLikes = 0, 0, int64(len(c.Likes))
	}
	replies := make([]int, len(p.Comments))
	for i := range p.Replies {
		a := &p.Replies[i]
		if a.Comment < 0 || a.Comment >= len(p.Comments) {
			return fmt.Errorf("reply %d: there is no comment %d", i, a.Comment)
		}
		a.Comment = now[a.Comment]
		c := p.Comments[a.Comment]
		var err error
		if a.Content, err = NormaliseContent(a.Content, limit); err != nil {
			return fmt.Errorf("reply %d: %w", i, err)
		}
		if a.CreatedAt.Before(c.CreatedAt) {
			return fmt.Errorf("reply %d is older than its comment", i)
		}
		if replies[a.Comment]++; replies[a.Comment] > MaxReplies {
			return fmt.Errorf("reply %d: the thread is full", i)
		}
		a.PlaceID, a.NumLikes = c.PlaceID, int64(len(a.Likes))
		a.ToUserID = cmp.Or(a.ToUserID, c.UserID)
	}
	slices.SortStableFunc(p.Replies, func(a, b PastReply) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return nil
}

// ImportPast inserts comments, replies and likes, in one transaction, and fills in
// ids. It checks what people are held to, but not how fast they write, and links
// nobody whom a text names.
func (k *Keeper) ImportPast(ctx context.Context, p *Past) error {
	room, err := k.rooms.Of(p.Room)
	if err != nil {
		return err
	}
	if err := p.validate(room.Max); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	var places []int64
	for _, c := range p.Comments {
		places = append(places, c.PlaceID)
	}
	slices.Sort(places)
	places = slices.Compact(places)
	return k.tx.InTx(ctx, func(ctx context.Context) error {
		if err := k.store.ImportRemarks(ctx, room, p); err != nil {
			return err
		}
		return k.recount(ctx, room, places)
	})
}
