package friends

import (
	"context"
	"time"

	"rally/platform/page"
)

// Transactions runs use cases in transactions.
type Transactions interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// AfterCommit runs fn once the transaction of ctx has committed.
	AfterCommit(ctx context.Context, fn func(ctx context.Context))
}

// Events tells other modules, inside the transaction.
type Events interface {
	Emit(ctx context.Context, event any) error
}

// Signals tells all nodes, after the commit. It may be lost and must not block.
type Signals interface {
	Changed(ctx context.Context, c Change)
	// Hid says that people may see somebody now whom they didn't, or the other way
	// round. This node knows when it returns.
	Hid(ctx context.Context, userIDs ...int64)
}

// Directory knows everybody's profile.
type Directory interface {
	People
	// Named returns who bears a profile name, or ErrPersonNotFound.
	Named(ctx context.Context, profileName string) (Person, error)
	// Search returns up to limit people whose profile name begins so, without
	// some, by their names.
	Search(ctx context.Context, prefix string, without []int64, limit int) ([]Person, error)
}

// Seen is what others see of users now. Who isn't in it is offline.
type Seen interface {
	StatusOf(users []int64) map[int64]Present
	Appear(ctx context.Context, userID int64, hidden bool)
}

// Store keeps friendships, requests and blocks.
type Store interface {
	Graph
	// LockPeople holds people against other changes of their friendships, to the
	// end of the transaction.
	LockPeople(ctx context.Context, userIDs ...int64) error

	// TiesOf returns all friends of a user.
	TiesOf(ctx context.Context, userID int64) ([]Tie, error)
	CountFriends(ctx context.Context, userID int64) (int, error)
	// Befriend makes two people friends, who are not.
	Befriend(ctx context.Context, a, b int64, at time.Time) error
	// Unfriend returns false when they were not friends.
	Unfriend(ctx context.Context, a, b int64) (bool, error)

	InsertRequest(ctx context.Context, r *Request) error
	// Request returns ErrRequestNotFound.
	Request(ctx context.Context, id int64) (Request, error)
	// OpenRequest returns the pending one from somebody to somebody, if any.
	OpenRequest(ctx context.Context, from, to int64) (Request, bool, error)
	// Requests lists pending ones, newest first: to a user, or from them.
	Requests(ctx context.Context, userID int64, outgoing bool, r page.CursorRequest) ([]Request, error)
	SetState(ctx context.Context, id int64, state string, at time.Time) error
	// AskedSince counts the requests that a user made since a time, and all of
	// theirs that are pending; first is when the oldest counted was made.
	AskedSince(ctx context.Context, userID int64, since time.Time) (made, pending int, first time.Time, err error)

	// PurgeRequests deletes those that were answered or taken back before a time.
	PurgeRequests(ctx context.Context, closedBefore time.Time) error

	// Block returns false when it stood. A mute of somebody who is blocked changes
	// nothing.
	Block(ctx context.Context, b Block) (bool, error)
	// Unblock returns false when there was none of that sort.
	Unblock(ctx context.Context, b Block) (bool, error)
	// Blocks lists whom a user blocks, or mutes, newest first.
	Blocks(ctx context.Context, userID int64, mutes bool, r page.CursorRequest) ([]Block, error)
	// CountBlocks counts blocks and mutes.
	CountBlocks(ctx context.Context, userID int64) (int, error)
	// BlockedAny reports whether one of two people blocks the other.
	BlockedAny(ctx context.Context, a, b int64) (bool, error)
	// HiddenFrom returns whom somebody blocks, and who blocks them.
	HiddenFrom(ctx context.Context, userID int64) ([]int64, error)

	// Relations returns what others are to a user; who is missing is a stranger.
	Relations(ctx context.Context, userID int64, others []int64) (map[int64]Found, error)

	Hide(ctx context.Context, userID int64, hidden bool) error
	// Forget erases everything of a user.
	Forget(ctx context.Context, userID int64) error
}
