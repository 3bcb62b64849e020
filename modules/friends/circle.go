package friends

import "context"

// Circle tells other modules who is whose friend, and who hides from whom. It
// stands beside Service, and needs nobody. It is safe for concurrent use.
type Circle struct{ store CircleStore }

// CircleStore is what a Circle reads.
type CircleStore interface {
	Ties(ctx context.Context, userID int64) (friends []int64, hidden bool, err error)
	HiddenFrom(ctx context.Context, userID int64) ([]int64, error)
	HiddenFromEach(ctx context.Context, userIDs []int64) (map[int64][]int64, error)
}

// NewCircle returns the circle of what a store holds.
func NewCircle(store CircleStore) *Circle { return &Circle{store} }

// FriendsOf returns the friends of a user.
func (c *Circle) FriendsOf(ctx context.Context, userID int64) ([]int64, error) {
	friends, _, err := c.store.Ties(ctx, userID)
	return friends, err
}

// Hidden returns whom a user doesn't see, and who doesn't see them: the blocks
// of both. Other modules leave them out of what they show.
func (c *Circle) Hidden(ctx context.Context, userID int64) ([]int64, error) {
	if userID == 0 {
		return nil, nil
	}
	return c.store.HiddenFrom(ctx, userID)
}

// HiddenFromEach is Hidden for many users, by their ids, in one statement. Who
// sees everybody isn't in it.
func (c *Circle) HiddenFromEach(ctx context.Context, userIDs []int64) (map[int64][]int64, error) {
	if len(userIDs) == 0 {
		return nil, nil
	}
	return c.store.HiddenFromEach(ctx, userIDs)
}
