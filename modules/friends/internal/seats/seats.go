// Package seats keeps the table of seats, and the nodes' signs of life, in
// buckets that all nodes share.
package seats

import (
	"context"
	"strconv"

	"rally/modules/friends"
	"rally/platform/bus"
)

// Table implements friends.Seats and friends.Beats.
type Table struct {
	seats *bus.Bucket[friends.Seat]
	beats *bus.Bucket[beat]
}

// beat is a sign of life: that it was written is all that it says.
type beat struct{}

// Names of the buckets.
const (
	seatBucket = "rally-seats"
	beatBucket = "rally-nodes"
)

var (
	_ friends.Seats = (*Table)(nil)
	_ friends.Beats = (*Table)(nil)
)

// Open returns the table that the nodes of a bus share.
func Open(ctx context.Context, b *bus.Bus) (*Table, error) {
	seats, err := bus.OpenBucket[friends.Seat](ctx, b, seatBucket, 0)
	if err != nil {
		return nil, err
	}
	beats, err := bus.OpenBucket[beat](ctx, b, beatBucket, friends.BeatLife)
	if err != nil {
		return nil, err
	}
	return &Table{seats, beats}, nil
}

func key(userID int64) string { return strconv.FormatInt(userID, 10) }

// Create implements friends.Seats.
func (t *Table) Create(ctx context.Context, userID int64, s friends.Seat) (bool, error) {
	_, ok, err := t.seats.Create(ctx, key(userID), s)
	return ok, err
}

// Seat implements friends.Seats.
func (t *Table) Seat(ctx context.Context, userID int64) (friends.Seat, uint64, bool, error) {
	return t.seats.Get(ctx, key(userID))
}

// Update implements friends.Seats.
func (t *Table) Update(ctx context.Context, userID int64, s friends.Seat, rev uint64) (bool, error) {
	_, ok, err := t.seats.Update(ctx, key(userID), s, rev)
	return ok, err
}

// Delete implements friends.Seats.
func (t *Table) Delete(ctx context.Context, userID int64, rev uint64) (bool, error) {
	return t.seats.Delete(ctx, key(userID), rev)
}

// Beat implements friends.Beats.
func (t *Table) Beat(ctx context.Context, node string) error {
	return t.beats.Put(ctx, node, beat{})
}

// Last implements friends.Beats.
func (t *Table) Last(ctx context.Context, node string) error {
	_, err := t.beats.Delete(ctx, node, 0)
	return err
}

// Follow keeps a presence up to date. When it returns, that knows everything
// that the table held.
func (t *Table) Follow(ctx context.Context, p *friends.Presence) (stop func(), err error) {
	stopBeats, err := t.beats.Watch(ctx, func(node string, _ beat, gone bool) { p.Heard(node, gone) })
	if err != nil {
		return nil, err
	}
	stopSeats, err := t.seats.Watch(ctx, func(name string, s friends.Seat, gone bool) {
		if user, err := strconv.ParseInt(name, 10, 64); err == nil {
			p.SeatChanged(user, s, gone)
		}
	})
	if err != nil {
		stopBeats()
		return nil, err
	}
	return func() { stopSeats(); stopBeats() }, nil
}
