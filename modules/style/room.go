package style

import (
	"context"

	"rally/modules/talk"
)

// RoomKind is the kind of the room in which people talk about posts.
const RoomKind = "post"

const maxRemark = 100 // characters of a comment or a reply

// HostStore is what talk asks of posts.
type HostStore interface {
	Post(ctx context.Context, id, viewer int64) (Row, error)
	HoldPosts(ctx context.Context, ids []int64) error
	CountRemarks(ctx context.Context, id, step int64) error
	SetRemarks(ctx context.Context, counts map[int64]int64) error
}

// NewRoom returns the room in which people talk about posts. Only who is logged in
// may read it.
func NewRoom(store HostStore) talk.Room {
	return talk.Room{
		Kind: RoomKind, Module: "style", Place: "post", Base: "/api/styles/", Collection: "posts", Tag: "Styles",
		Max: maxRemark, Members: true, Host: host{store},
		Faults: talk.Faults{CommentNotFound: ErrCommentNotFound, ReplyNotFound: ErrReplyNotFound, ThreadFull: ErrThreadFull, TooManyRemarks: ErrTooManyRemarks},
	}
}

// host tells talk of posts.
type host struct{ store HostStore }

// Admit implements talk.Host.
func (h host) Admit(ctx context.Context, placeID int64, by talk.Viewer) error {
	row, err := h.store.Post(ctx, placeID, by.UserID)
	if err == nil && !sees(by, row.Post) {
		err = ErrPostNotFound
	}
	return err
}

// Owner implements talk.Host.
func (h host) Owner(ctx context.Context, placeID int64) (int64, error) {
	row, err := h.store.Post(ctx, placeID, 0)
	return row.UserID, err
}

// Hold implements talk.Host.
func (h host) Hold(ctx context.Context, placeIDs []int64) error {
	return h.store.HoldPosts(ctx, placeIDs)
}

// Count implements talk.Host.
func (h host) Count(ctx context.Context, placeID, step int64) error {
	return h.store.CountRemarks(ctx, placeID, step)
}

// Recount implements talk.Host.
func (h host) Recount(ctx context.Context, counts map[int64]int64) error {
	return h.store.SetRemarks(ctx, counts)
}
