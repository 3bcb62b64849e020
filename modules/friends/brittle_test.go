package friends_test

import (
	"context"
	"errors"
	"sync"

	"rally/modules/friends"
)

// brittle is a table of seats that can be away.
type brittle struct {
	friends.Seats
	mu   sync.Mutex
	err  error
	user int64 // for whom alone it is; 0 is everybody
}

func (b *brittle) fail(err error) { b.failFor(0, err) }

func (b *brittle) failFor(user int64, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.user, b.err = user, err
}

func (b *brittle) broken(user int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.user != 0 && b.user != user {
		return nil
	}
	return b.err
}

func (b *brittle) Create(ctx context.Context, id int64, s friends.Seat) (bool, error) {
	if err := b.broken(id); err != nil {
		return false, err
	}
	return b.Seats.Create(ctx, id, s)
}

func (b *brittle) Seat(ctx context.Context, id int64) (friends.Seat, uint64, bool, error) {
	if err := b.broken(id); err != nil {
		return friends.Seat{}, 0, false, err
	}
	return b.Seats.Seat(ctx, id)
}

func (b *brittle) Update(ctx context.Context, id int64, s friends.Seat, rev uint64) (bool, error) {
	if err := b.broken(id); err != nil {
		return false, err
	}
	return b.Seats.Update(ctx, id, s, rev)
}

func (b *brittle) Delete(ctx context.Context, id int64, rev uint64) (bool, error) {
	if err := b.broken(id); err != nil {
		return false, err
	}
	return b.Seats.Delete(ctx, id, rev)
}

var errTest = errors.New("a test's own failure")
