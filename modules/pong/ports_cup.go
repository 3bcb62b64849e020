package pong

import (
	"context"
	"time"

	"rally/platform/page"
)

// CupStore keeps tournaments.
type CupStore interface {
	// InsertCup sets c.ID.
	InsertCup(ctx context.Context, c *Cup) error
	// Cup returns ErrCupNotFound.
	Cup(ctx context.Context, id int64) (Cup, error)
	// HoldCup takes a tournament's row until the transaction ends, and returns it, or
	// ErrCupNotFound. Whoever needs players, too, holds them afterwards.
	HoldCup(ctx context.Context, id int64) (Cup, error)
	// SaveCup writes what can change of a tournament that is held.
	SaveCup(ctx context.Context, c Cup) error
	// PostponeCup says when a tournament that is due is looked at again.
	PostponeCup(ctx context.Context, id int64, now, dueAt time.Time) error
	// CountOpenCups counts the open tournaments that somebody made.
	CountOpenCups(ctx context.Context, userID int64) (int, error)
	// Cups lists the tournaments of a state, or all of them, without their brackets,
	// as viewer sees them. The sort key is the id.
	Cups(ctx context.Context, viewer int64, state CupState, r page.CursorRequest) ([]ListedCup, error)
	// GoingCups returns the newest that are open or running, in the same way.
	GoingCups(ctx context.Context, viewer int64, limit int) ([]ListedCup, error)
	// DueCups returns tournaments that are to be looked at, the longest due first.
	DueCups(ctx context.Context, now time.Time, limit int) ([]int64, error)
	// CupsOf returns the open and running ones that somebody is in, by their ids.
	CupsOf(ctx context.Context, userID int64) ([]int64, error)

	// Entries returns who is in a tournament, by seed, then who joined first.
	Entries(ctx context.Context, cupID int64) ([]Entry, error)
	// AddEntry returns false when they are in it already.
	AddEntry(ctx context.Context, cupID, userID int64, at time.Time) (bool, error)
	// RemoveEntry returns false when they are not in it.
	RemoveEntry(ctx context.Context, cupID, userID int64) (bool, error)
	// SaveEntries writes Rating, Seed and Place of entries.
	SaveEntries(ctx context.Context, cupID int64, list []Entry) error
	// WithdrawEntry returns false when they are not in it.
	WithdrawEntry(ctx context.Context, cupID, userID int64, at time.Time) (bool, error)
	// ForgetEntries erases what is nobody's history but somebody's own.
	ForgetEntries(ctx context.Context, userID int64) error

	// CupMatches returns the matches of a tournament that go on, and some besides.
	CupMatches(ctx context.Context, cupID int64, ids []int64) ([]Match, error)
	// Engaged returns who of some has a match that waits for them, or is played.
	Engaged(ctx context.Context, userIDs []int64) ([]int64, error)
}

// Prizes keeps what a champion wins, in the transaction of the context.
type Prizes interface {
	// Escrow keeps one of a product. It returns the faults of whoever keeps it.
	Escrow(ctx context.Context, productID int64) (Prize, error)
	// Release gives back what was kept.
	Release(ctx context.Context, p Prize) error
	// Award makes what was kept somebody's order.
	Award(ctx context.Context, p Prize, userID int64) (orderID int64, err error)
}
