package friends

import (
	"context"
	"slices"
	"time"

	"rally/platform/recent"
)

const (
	maxUnseen = 16_384 // people whose blocks are remembered
	// unseenFor is how long a node may not know of a block that was made on
	// another, if the signal got lost.
	unseenFor = 5 * time.Second
)

// Unseen is whom somebody doesn't see.
type Unseen struct {
	Blocked []int64 // the blocks of both sides
	Muted   []int64 // by themselves, and not blocked
}

// All returns both: whose words are not shown. Nobody may write into it.
func (u Unseen) All() []int64 {
	if len(u.Muted) == 0 {
		return u.Blocked
	}
	return append(slices.Clip(u.Blocked), u.Muted...)
}

// Circle tells other modules who is whose friend, and who hides from whom. It
// stands beside Service, and needs nobody. It is safe for concurrent use.
type Circle struct {
	store  CircleStore
	unseen *recent.Cache[int64, Unseen]
	now    func() time.Time
}

// CircleStore is what a Circle reads.
type CircleStore interface {
	Ties(ctx context.Context, userID int64) (friends []int64, hidden bool, err error)
	// UnseenByEach returns whom users don't see. Who sees everybody isn't in it.
	UnseenByEach(ctx context.Context, userIDs []int64) (map[int64]Unseen, error)
}

// NewCircle returns the circle of what a store holds. It remembers who hides from
// whom, until Forget; with a nil clock it remembers nothing.
func NewCircle(store CircleStore, clock func() time.Time) *Circle {
	if clock == nil {
		return &Circle{store, recent.New[int64, Unseen](1, 0), time.Now}
	}
	return &Circle{store, recent.New[int64, Unseen](maxUnseen, unseenFor), clock}
}

// Forget makes the next readers read anew whom people don't see: a block or a mute
// has come or gone, on this node or another.
func (c *Circle) Forget(userIDs ...int64) { c.unseen.Drop(userIDs...) }

// FriendsOf returns the friends of a user.
func (c *Circle) FriendsOf(ctx context.Context, userID int64) ([]int64, error) {
	friends, _, err := c.store.Ties(ctx, userID)
	return friends, err
}

// UnseenBy returns whom a user doesn't see. Nobody, 0, sees everybody.
func (c *Circle) UnseenBy(ctx context.Context, userID int64) (Unseen, error) {
	if userID == 0 {
		return Unseen{}, nil
	}
	now, mark := c.now(), c.unseen.Mark()
	if u, _, ok := c.unseen.Get(userID, now); ok {
		return u, nil
	}
	all, err := c.store.UnseenByEach(ctx, []int64{userID})
	if err != nil {
		return Unseen{}, err
	}
	c.unseen.Put(userID, all[userID], now, mark)
	return all[userID], nil
}

// Hidden returns whom a user doesn't see: the blocks of both sides, and whom they
// mute. Other modules leave them out of what they show.
func (c *Circle) Hidden(ctx context.Context, userID int64) ([]int64, error) {
	u, err := c.UnseenBy(ctx, userID)
	return u.All(), err
}

// HiddenFromEach is Hidden for many users, by their ids, in one statement. Who
// sees everybody isn't in it.
func (c *Circle) HiddenFromEach(ctx context.Context, userIDs []int64) (map[int64][]int64, error) {
	if len(userIDs) == 0 {
		return nil, nil
	}
	all, err := c.store.UnseenByEach(ctx, userIDs)
	if err != nil {
		return nil, err
	}
	hidden := make(map[int64][]int64, len(all))
	for id, u := range all {
		hidden[id] = u.All()
	}
	return hidden, nil
}
