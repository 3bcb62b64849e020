package style

import (
	"context"

	"rally/modules/talk"
)

// LeaverStore is what people who leave, or part, ask of the database.
type LeaverStore interface {
	// SetAbsent hides a user's posts while they are away.
	SetAbsent(ctx context.Context, userID int64, absent bool) error
	// HoldTouched takes the posts that a user made or likes, and some more, until the
	// transaction ends, in the order of their ids.
	HoldTouched(ctx context.Context, userID int64, more []int64) error
	// PostsOf returns a user's posts in any state, those with an id above after, in
	// its order.
	PostsOf(ctx context.Context, userID, after int64, limit int) ([]Row, error)
	HoldPeople(ctx context.Context, userIDs ...int64) error
	Follows(ctx context.Context, from, to int64) (bool, error)
	SetFollow(ctx context.Context, f *Follow, on bool) error
	DeletePost(ctx context.Context, id int64) error
	AddPosts(ctx context.Context, userID, step int64) error
	// Forget deletes what else there is of a user: likes, follows, mentions,
	// reports, counts; and corrects the counts of others.
	Forget(ctx context.Context, userID int64) error
}

// Leavers is what becomes of the posts of people who leave, and of the follows of
// those who part. It stands beside Service and emits nothing: it is told of them
// by events. It is safe for concurrent use.
type Leavers struct {
	tx      Transactions
	store   LeaverStore
	remarks *talk.Keeper
	removal removal
}

// NewLeavers returns leavers.
func NewLeavers(tx Transactions, store LeaverStore, remarks *talk.Keeper, articles Articles, pictures Pictures) *Leavers {
	return &Leavers{tx, store, remarks, removal{store, remarks, articles, pictures}}
}

// Leave hides the posts of somebody who leaves.
func (l *Leavers) Leave(ctx context.Context, userID int64) error {
	return l.store.SetAbsent(ctx, userID, true)
}

// Return shows the posts of somebody who came back.
func (l *Leavers) Return(ctx context.Context, userID int64) error {
	return l.store.SetAbsent(ctx, userID, false)
}

// Part ends the follows between two people, one of whom blocks the other.
func (l *Leavers) Part(ctx context.Context, a, b int64) error {
	return l.tx.InTx(ctx, func(ctx context.Context) error {
		if err := l.store.HoldPeople(ctx, a, b); err != nil {
			return err
		}
		for _, f := range []Follow{{From: a, To: b}, {From: b, To: a}} {
			follows, err := l.store.Follows(ctx, f.From, f.To)
			if err != nil {
				return err
			}
			if !follows {
				continue
			}
			if err := l.store.SetFollow(ctx, &f, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// leaveBatch is how many posts are read at once.
const leaveBatch = 200

// Forget deletes everything of a user, in the caller's transaction. It takes all
// posts that it and talk, which comes after it, will touch.
func (l *Leavers) Forget(ctx context.Context, userID int64) error {
	return l.tx.InTx(ctx, func(ctx context.Context) error {
		said, err := l.remarks.Touched(ctx, RoomKind, userID)
		if err != nil {
			return err
		}
		if err := l.store.HoldTouched(ctx, userID, said); err != nil {
			return err
		}
		after := int64(0)
		for {
			rows, err := l.store.PostsOf(ctx, userID, after, leaveBatch)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := l.removal.remove(ctx, r.Post); err != nil {
					return err
				}
				after = r.ID
			}
			if len(rows) < leaveBatch {
				return l.store.Forget(ctx, userID)
			}
		}
	})
}
