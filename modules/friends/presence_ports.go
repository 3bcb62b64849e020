package friends

import (
	"context"
	"time"

	"rally/platform/auth"
)

// Socket is one live connection of somebody who is logged in. Two are the same
// when they are equal.
type Socket interface {
	Identity() auth.Identity
	// Close closes it with a code of the live protocol. It never waits.
	Close(code int, reason string) bool
}

// Close codes of the live protocol that presence uses.
const (
	CloseElsewhere = 4001 // somebody else is in, and this one did not take over
	CloseTakenOver = 4002 // the session has ended
)

// Line speaks to sockets. It never waits.
type Line interface {
	// Here says that the socket is in.
	Here(s Socket)
	// Elsewhere says that somebody is in already, on a device.
	Elsewhere(s Socket, device string)
	// Free says to a socket that waits that it may come in now.
	Free(s Socket)
	// Snapshot says who is online.
	Snapshot(s Socket, people []Present)
	// Tell sends one update to many.
	Tell(to []Socket, u Update)
}

// Present is a friend as the live connection shows them.
type Present struct {
	Person Person
	Status Status
	Match  int64
}

// Update is one change that friends are told of.
type Update struct {
	Event    string
	UserID   int64
	Status   Status     // of online, status, accepted
	Match    int64      // of online, status, accepted
	LastSeen *time.Time // of offline
	Person   *Person    // of request, accepted
	Request  int64      // of request, withdrawn
	Old, New string     // of renamed
}

// Events of an Update.
const (
	EventOnline    = "online"
	EventOffline   = "offline"
	EventStatus    = "status"
	EventRenamed   = "renamed"
	EventRequest   = "request"
	EventWithdrawn = "withdrawn"
	EventAccepted  = "accepted"
	EventRemoved   = "removed"
)

// Seats is the table of seats that all nodes share. A change names the revision
// that it saw, and is refused when there is a newer one.
type Seats interface {
	// Create returns false when there is a seat.
	Create(ctx context.Context, userID int64, s Seat) (created bool, err error)
	Seat(ctx context.Context, userID int64) (s Seat, rev uint64, found bool, err error)
	Update(ctx context.Context, userID int64, s Seat, rev uint64) (updated bool, err error)
	Delete(ctx context.Context, userID int64, rev uint64) (deleted bool, err error)
}

// Beats tells the other nodes that this one is alive.
type Beats interface {
	Beat(ctx context.Context, node string) error
	// Last says that no more will come.
	Last(ctx context.Context, node string) error
}

// Graph is what presence needs to know of people.
type Graph interface {
	// Ties returns somebody's friends, in ascending order, and whether they appear offline.
	Ties(ctx context.Context, userID int64) (friends []int64, hidden bool, err error)
	// AskedBy returns who has an open request with somebody, either way.
	AskedBy(ctx context.Context, userID int64) ([]int64, error)
	AreFriends(ctx context.Context, a, b int64) (bool, error)
	// MarkSeen keeps when people were last seen. A later time stays.
	MarkSeen(ctx context.Context, userIDs []int64, at time.Time) error
}

// People knows the profiles of users. Who left has none.
type People interface {
	PeopleOf(ctx context.Context, userIDs []int64) (map[int64]Person, error)
}

// Sessions is what presence asks of the accounts.
type Sessions interface {
	// Device names the device of a session, such as "Chrome on Linux".
	Device(ctx context.Context, sessionID int64) (string, error)
	// Ended returns which of some sessions have ended.
	Ended(ctx context.Context, sessionIDs []int64) ([]int64, error)
	// End ends a session of the caller, with its tokens. One that has ended is
	// fine.
	End(ctx context.Context, sessionID int64) error
}

// Timer calls fn once, on a goroutine of its own, after d.
type Timer func(d time.Duration, fn func()) (stop func() bool)

// Journal notes what went wrong where nobody can be told.
type Journal interface {
	Note(ctx context.Context, doing string, err error)
}
