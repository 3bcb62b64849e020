package talk

import (
	"context"
	"time"

	"rally/modules/accounts"
	"rally/platform/page"
)

// Transactions runs use cases: see db.DB.InTx.
type Transactions interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Events tells other modules what happened.
type Events interface {
	Emit(ctx context.Context, event any) error
}

// Auditor records what the staff writes, in the transaction of the context.
// *audit.Log does.
type Auditor interface {
	// Record stores what an action of the caller made of a target, such as
	// "comment:3". Before and after become JSON; nil is nothing.
	Record(ctx context.Context, action, target, reason string, before, after any) error
}

// Profiles tells who people are. *accounts.Directory does.
type Profiles interface {
	// ProfilesOf returns profiles by user id. Whoever left has none.
	ProfilesOf(ctx context.Context, ids []int64) (map[int64]accounts.Profile, error)
	// NamedAll returns who bears which of some names, by the name's key.
	NamedAll(ctx context.Context, names []string) (map[string]accounts.Profile, error)
}

// Blocks knows who hides from whom.
type Blocks interface {
	// Hidden returns whom a user doesn't see, and who doesn't see them.
	Hidden(ctx context.Context, userID int64) ([]int64, error)
}

// Ties knows who follows whom.
type Ties interface {
	// Following returns which of some people a viewer follows, in one statement.
	Following(ctx context.Context, viewer int64, ids []int64) (map[int64]bool, error)
}

// RemarkStore reads comments and replies, each of one room.
type RemarkStore interface {
	// Comments returns up to r.Limit() comments on a place, newest first. Their
	// sort key is the id.
	Comments(ctx context.Context, room *Room, placeID int64, by Viewer, r page.CursorRequest) ([]Remark, error)
	// Replies returns the replies to comments, oldest first.
	Replies(ctx context.Context, commentIDs []int64, by Viewer) ([]Remark, error)
	// Remark returns a comment or a reply, or the room's fault.
	Remark(ctx context.Context, room *Room, kind Kind, id int64, by Viewer) (Remark, error)
	// RemarksOf lists what a user wrote in a room, the newest first, whatever its
	// state.
	RemarksOf(ctx context.Context, room *Room, userID int64, p page.Request) (page.List[Remark], error)
	// RemarksByID returns remarks of a room, in any order, whatever their state.
	RemarksByID(ctx context.Context, room *Room, ids []int64) ([]Remark, error)
}

// RemarkWriter changes comments and replies. The place is held.
type RemarkWriter interface {
	// InsertRemark sets r.ID.
	InsertRemark(ctx context.Context, room *Room, r *Remark) error
	// EditRemark writes content and time of a remark that is held.
	EditRemark(ctx context.Context, r Remark) error
	// DeleteRemark deletes a remark with what hangs on it. A comment without
	// words goes with its last reply.
	DeleteRemark(ctx context.Context, r Remark) error
	// SetHidden hides a remark since a time, or shows it for nil.
	SetHidden(ctx context.Context, id int64, since *time.Time) error
	// Shown returns how many remarks of a thread everybody sees.
	Shown(ctx context.Context, commentID int64) (int64, error)
	// Clear deletes everything that was said at places.
	Clear(ctx context.Context, room *Room, placeIDs []int64) error
}

// RemarkRules is what a remark is checked against.
type RemarkRules interface {
	// CountPost counts a remark of a user in the window that began after since,
	// or else begins one now. Whoever else posts as that user waits until the
	// transaction ends.
	CountPost(ctx context.Context, userID int64, since, now time.Time) (posts int, began time.Time, err error)
	// Thread returns how many replies a comment has, and whether a user wrote it
	// or one of them.
	Thread(ctx context.Context, commentID, userID int64) (replies int, takesPart bool, err error)
}

// LikeStore keeps who likes which remark, and the remark's count of them.
type LikeStore interface {
	// HoldRemark is Remark, and takes the row until the transaction ends.
	HoldRemark(ctx context.Context, room *Room, kind Kind, id int64, by Viewer) (Remark, error)
	SetLike(ctx context.Context, l Like, on bool) error
	// Likes returns up to r.Limit() likes of a remark, newest first. Their sort
	// key is the id.
	Likes(ctx context.Context, remarkID int64, by Viewer, r page.CursorRequest) ([]Like, error)
}

// KeeperStore is what a Keeper asks of the database besides.
type KeeperStore interface {
	// Touched returns the places of a room where a user wrote or likes remarks,
	// in ascending order.
	Touched(ctx context.Context, room *Room, userID int64) ([]int64, error)
	// ForgetRemarks deletes what a user wrote and liked; comments to which others
	// replied stay without words. The places are held.
	ForgetRemarks(ctx context.Context, userID int64) error
	// Counts returns how many remarks everybody sees at places, for each of them.
	Counts(ctx context.Context, room *Room, placeIDs []int64) (map[int64]int64, error)
	// ImportRemarks inserts remarks with their likes and fills in ids.
	ImportRemarks(ctx context.Context, room *Room, p *Past) error
}

// Store is all that talk asks of its database.
type Store interface {
	RemarkStore
	RemarkWriter
	RemarkRules
	LikeStore
	KeeperStore
}
