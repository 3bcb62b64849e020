package talk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rally/platform/fault"
)

// Room is a kind of place where people talk, such as the articles of the shop.
// The module that owns the places gives it to talk.
type Room struct {
	Kind   string // of the rows: "info"; unique in the program
	Module string // "shop": begins the ids of operations, names of lists and actions of the audit log
	Place  string // what sentences, and the audit log, call a place: "article"

	// Where it is on the wire: comments on a place are at
	// {Base}{Collection}/{id}/comments/, all else at {Base}comments/ and
	// {Base}replies/.
	Base, Collection string
	Tag              string // of its operations

	Max     int  // characters of a remark
	Members bool // only people who are logged in may read

	Host   Host
	Marks  Marks // nil: comments bear none
	Faults Faults
}

// Faults are what a room's use cases return, with the codes of its module.
type Faults struct {
	CommentNotFound *fault.Error // NotFound
	ReplyNotFound   *fault.Error // NotFound
	ThreadFull      *fault.Error // Conflict; carries limit
	TooManyRemarks  *fault.Error // RateLimited; carries retry_after, in seconds
}

// NotFound returns the fault of a remark of a kind that isn't there.
func (r *Room) NotFound(k Kind) *fault.Error {
	if k == Reply {
		return r.Faults.ReplyNotFound
	}
	return r.Faults.CommentNotFound
}

// Host is what a room asks of the module that owns its places. The row of a place
// is the lock of what is said there: it is taken before the rows of remarks. A
// host knows nothing of Service or Keeper, which are built of it.
type Host interface {
	// Admit returns the host's fault when the place isn't there for a viewer.
	Admit(ctx context.Context, placeID int64, by Viewer) error
	// Owner returns whose place it is, or 0: nobody's.
	Owner(ctx context.Context, placeID int64) (int64, error)
	// Hold takes the rows of places until the transaction ends, in ascending
	// order. Those that are gone are passed over.
	Hold(ctx context.Context, placeIDs []int64) error
	// Count adds step to the number of remarks that a place shows, and holds its
	// row until the transaction ends. It returns the host's fault when the place
	// is gone.
	Count(ctx context.Context, placeID, step int64) error
	// Recount sets the numbers of remarks that places show. The rows are held, or
	// nobody else can know them yet. It returns the host's fault when one is gone.
	Recount(ctx context.Context, counts map[int64]int64) error
}

// Marks tells who bears the mark "bought".
type Marks interface {
	// Bought returns which of some people have what the place is about, in one
	// statement.
	Bought(ctx context.Context, placeID int64, userIDs []int64) ([]int64, error)
}

// Rooms are all rooms of the program.
type Rooms struct{ list []*Room }

// NewRooms returns rooms in the order of their kinds, in which whoever holds places
// of several takes them. Two rooms of one kind, or of one name on the wire, are an
// error.
func NewRooms(list ...Room) (*Rooms, error) {
	rooms := &Rooms{}
	for _, r := range list {
		for _, other := range rooms.list {
			if other.Kind == r.Kind || other.Module == r.Module || other.Base == r.Base {
				return nil, fmt.Errorf("talk: the rooms %q and %q are in each other's way", other.Kind, r.Kind)
			}
		}
		rooms.list = append(rooms.list, &r)
	}
	slices.SortFunc(rooms.list, func(a, b *Room) int { return strings.Compare(a.Kind, b.Kind) })
	return rooms, nil
}

// All returns the rooms in the order of their kinds.
func (r *Rooms) All() []*Room { return r.list }

// Of returns the room of a kind. That nobody keeps one is a mistake of the
// program, and no fault of a caller.
func (r *Rooms) Of(kind string) (*Room, error) {
	for _, room := range r.list {
		if room.Kind == kind {
			return room, nil
		}
	}
	return nil, fmt.Errorf("talk: nobody keeps a room %q", kind)
}
