package inbox

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

// People knows the profiles of users. Who left has none.
type People interface {
	PeopleOf(ctx context.Context, userIDs []int64) (map[int64]Person, error)
}

// Articles knows what products and articles are called.
type Articles interface {
	// OfProducts returns the articles of products, by the products' ids.
	OfProducts(ctx context.Context, productIDs []int64) (map[int64]Article, error)
	// OfInfos returns articles by their own ids.
	OfInfos(ctx context.Context, infoIDs []int64) (map[int64]Article, error)
}

// Posts knows what posts show. Those that are gone, or hidden, have nothing.
type Posts interface {
	PostsOf(ctx context.Context, postIDs []int64) (map[int64]Post, error)
}

// Ties knows who is whose friend.
type Ties interface {
	FriendsOf(ctx context.Context, userID int64) ([]int64, error)
	// Hidden returns whom a user doesn't see, and who doesn't see them.
	Hidden(ctx context.Context, userID int64) ([]int64, error)
	// HiddenFromEach is Hidden for many users, by their ids.
	HiddenFromEach(ctx context.Context, userIDs []int64) (map[int64][]int64, error)
}

// Signals tells all nodes what somebody was told. It may be lost and must not
// block.
type Signals interface {
	Told(ctx context.Context, userID int64, n Shown, s State)
	// Read says what they marked, as MarkRead was told.
	Read(ctx context.Context, userID int64, ids []int64, upTo int64, s State)
}

// Outbox is what is written down and not yet told.
type Outbox interface {
	Append(ctx context.Context, entries []Entry) error
	// Turn takes the turn of the follower until the transaction ends. It returns
	// false while another node has it.
	Turn(ctx context.Context) (bool, error)
	// Oldest returns the first entries, in their order.
	Oldest(ctx context.Context, limit int) ([]Entry, error)
	Remove(ctx context.Context, ids []int64) error
	// SetAside keeps entries that can't be told out of Oldest, for people to look
	// at.
	SetAside(ctx context.Context, ids []int64) error
}

// Journal notes what nobody can be told.
type Journal interface {
	Note(ctx context.Context, doing string, err error)
}

// Store keeps what people were told and what they did.
type Store interface {
	Outbox
	// Tell stores the notes of entries, each joined to an unread notification of
	// its group or as one of its own. It raises people's sequences and their
	// counts of unread ones, and returns the notifications as they stand then,
	// by person and sequence, and their inboxes.
	Tell(ctx context.Context, notes []Entry) ([]Notification, map[int64]State, error)
	InsertActivities(ctx context.Context, list []Activity) error
	// Settle takes an actor, or all for 0, out of the unread notification of a group,
	// and returns it as it stands then: without any left it is read. Found is false
	// when there was nothing to settle.
	Settle(ctx context.Context, t Settled) (n Notification, s State, found bool, err error)

	State(ctx context.Context, userID int64) (State, error)
	// States is State for many; who was never told anything isn't in it.
	States(ctx context.Context, userIDs []int64) (map[int64]State, error)
	Notifications(ctx context.Context, userID int64, r page.CursorRequest) ([]Notification, error)
	// Since returns what came after a sequence, oldest first.
	Since(ctx context.Context, userID, seq int64, limit int) ([]Notification, error)
	// MarkRead marks those of the ids that are unread, or all up to a sequence
	// when there are no ids.
	MarkRead(ctx context.Context, userID int64, ids []int64, upTo int64) (State, error)

	// Settings returns what people chose; who chose nothing has the defaults.
	Settings(ctx context.Context, userIDs []int64) (map[int64]Settings, error)
	Choose(ctx context.Context, userID int64, s Settings) error

	// Activities lists what some people did, newest first, as far as a viewer
	// sees it: see Sight. Where two take part, the other's audience must allow
	// the viewer, too.
	Activities(ctx context.Context, by Sight, r page.CursorRequest) ([]Activity, error)

	// WithOld returns some of those who were told something before a time.
	WithOld(ctx context.Context, before time.Time, limit int) ([]int64, error)
	// PurgeOf deletes what somebody was told before a time.
	PurgeOf(ctx context.Context, userID int64, before time.Time) error
	// PurgeActivities deletes what people did before a time.
	PurgeActivities(ctx context.Context, before time.Time) error
	// Forget erases everything of a user, and takes them out of what others were
	// told.
	Forget(ctx context.Context, userID int64) error
}
