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
	mu  sync.Mutex
	err error
}

func (b *brittle) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
}

func (b *brittle) broken() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

func (b *brittle) Create(ctx context.Context, id int64, s friends.Seat) (bool, error) {
	if err := b.broken(); err != nil {
		return false, err
	}
	return b.Seats.Create(ctx, id, s)
}

func (b *brittle) Seat(ctx context.Context, id int64) (friends.Seat, uint64, bool, error) {
	if err := b.broken(); err != nil {
		return friends.Seat{}, 0, false, err
	}
	return b.Seats.Seat(ctx, id)
}

func (b *brittle) Update(ctx context.Context, id int64, s friends.Seat, rev uint64) (bool, error) {
	if err := b.broken(); err != nil {
		return false, err
	}
	return b.Seats.Update(ctx, id, s, rev)
}

func (b *brittle) Delete(ctx context.Context, id int64, rev uint64) (bool, error) {
	if err := b.broken(); err != nil {
		return false, err
	}
	return b.Seats.Delete(ctx, id, rev)
}

var errTest = errors.New("a test's own failure")

func (h *hall) Ended(_ context.Context, sessions []int64) (list []int64, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range sessions {
		if h.ended[id] > 0 {
			list = append(list, id)
		}
	}
	return list, nil
}
