package style

import (
	"context"
	"io"
	"time"

	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/shop"
	"rally/modules/talk"
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
	Record(ctx context.Context, action, target, reason string, before, after any) error
}

// Pictures keeps pictures: those of posts, or those of people.
type Pictures interface {
	// Save checks, cleans and stores a picture.
	Save(ctx context.Context, r io.Reader) (Picture, error)
	// Delete removes pictures whose rows were never written.
	Delete(ctx context.Context, keys ...string)
	// DeleteAfterCommit removes a picture once the transaction has committed.
	DeleteAfterCommit(ctx context.Context, key string)
}

// Directory tells who people are. *accounts.Directory does.
type Directory interface {
	// ProfilesOf returns profiles by user id. Whoever left has none.
	ProfilesOf(ctx context.Context, ids []int64) (map[int64]accounts.Profile, error)
	// Named returns who bears a profile name, or accounts.ErrUserNotFound.
	Named(ctx context.Context, profileName string) (accounts.Profile, error)
	// Search returns profiles whose names begin so, in their order, without some.
	Search(ctx context.Context, prefix string, without []int64, limit int) ([]accounts.Profile, error)
	// All lists everybody who has not left, the newest first, or those whose names
	// begin so. The sort key is the user's id.
	All(ctx context.Context, prefix string, r page.CursorRequest) ([]accounts.Profile, error)
}

// Accounts changes the caller's profile. *accounts.Service does.
type Accounts interface {
	ChangeProfile(ctx context.Context, change accounts.ProfileChange) (accounts.Profile, error)
}

// Blocks knows whom somebody doesn't see. *friends.Circle does.
type Blocks interface {
	UnseenBy(ctx context.Context, userID int64) (friends.Unseen, error)
}

// People tells who reads, and whom they meet. *talk.People does.
type People interface {
	Viewer(ctx context.Context) (talk.Viewer, error)
	Meet(ctx context.Context, by talk.Viewer, ids []int64) (map[int64]talk.Person, error)
	Resolve(ctx context.Context, by talk.Viewer, text string) (map[string]int64, error)
}

// Remarks looks after what is said under posts. *talk.Keeper does.
type Remarks interface {
	Clear(ctx context.Context, room string, placeIDs ...int64) error
	Excerpts(ctx context.Context, room string, ids []int64) (map[int64]talk.Remark, error)
	// Seen returns a remark if a viewer sees it and its place, or the room's fault.
	Seen(ctx context.Context, room string, kind talk.Kind, id int64, by talk.Viewer) (talk.Remark, error)
	Hide(ctx context.Context, room string, kind talk.Kind, id int64, hidden bool) error
}

// Articles shows articles with their prices. *shop.Showcase does.
type Articles interface {
	Listings(ctx context.Context, infoIDs []int64) (map[int64]shop.Listing, error)
	AddShares(ctx context.Context, infoIDs []int64, step int64) error
	Owners(ctx context.Context, asked []shop.Ownership) ([]shop.Ownership, error)
}

// FeedStore reads posts. What is hidden, whose author has left or isn't there for
// the viewer is left out.
type FeedStore interface {
	// Feed returns up to r.Limit() posts of a clean query other than Popular. Their
	// sort key is Row.Place.
	Feed(ctx context.Context, q Query, by talk.Viewer, r page.CursorRequest) ([]Row, error)
	// PostsByID returns posts, in any order.
	PostsByID(ctx context.Context, ids []int64, by talk.Viewer) ([]Row, error)
	// Unranked returns up to limit posts that an epoch doesn't rank, beside the
	// post with an id, itself excluded: newest first, or the other way round when
	// backward is set.
	Unranked(ctx context.Context, e Epoch, by talk.Viewer, beside int64, backward bool, limit int) ([]Row, error)
	// Post returns a post in any state, or ErrPostNotFound.
	Post(ctx context.Context, id, viewer int64) (Row, error)
	// AnyPosts returns posts by their ids, in any state.
	AnyPosts(ctx context.Context, ids []int64) (map[int64]Post, error)
}

// PostStore writes posts.
type PostStore interface {
	// HoldPost takes a post's row until the transaction ends, and returns it, or
	// ErrPostNotFound.
	HoldPost(ctx context.Context, id int64) (Post, error)
	// CountPosting adds a post to those that a user shows, and to those of the
	// window that began after since; or else begins one now. Whoever else posts as
	// that user waits until the transaction ends.
	CountPosting(ctx context.Context, userID int64, since, now time.Time) (posted int, began time.Time, err error)
	// AddPosts adds step to the posts that a user shows.
	AddPosts(ctx context.Context, userID, step int64) error
	// InsertPost sets p.ID.
	InsertPost(ctx context.Context, p *Post, found Index) error
	// UpdatePost writes what an author changes of a post that is held.
	UpdatePost(ctx context.Context, p Post, found Index) error
	// DeletePost deletes a post that is held, with its likes.
	DeletePost(ctx context.Context, id int64) error
	// SetHidden hides a post that is held, or shows it.
	SetHidden(ctx context.Context, id int64, hidden bool) error
	// MentionedIn returns whom a post mentions.
	MentionedIn(ctx context.Context, id int64) ([]int64, error)
}

// Index is what a post is found by, beside its pictures and articles.
type Index struct {
	Hashtags []string
	Mentions []int64
	Words    string // see shop.SearchWords
}

// LikeStore keeps who likes which post, and the post's count of them.
type LikeStore interface {
	// Liked reports whether a user likes a post that is held.
	Liked(ctx context.Context, postID, userID int64) (bool, error)
	// SetLike adds or takes a like of a post that is held, and changes its count.
	SetLike(ctx context.Context, l Like, on bool) error
	// Likes returns up to r.Limit() likes of a post, newest first. Their sort key is
	// the id.
	Likes(ctx context.Context, postID int64, by talk.Viewer, r page.CursorRequest) ([]Like, error)
}

// FollowStore keeps who follows whom, and the counts of both.
type FollowStore interface {
	// HoldPeople holds people's counts until the transaction ends, in one order.
	HoldPeople(ctx context.Context, userIDs ...int64) error
	Follows(ctx context.Context, from, to int64) (bool, error)
	// SetFollow adds or ends a follow between people who are held, and changes both
	// counts.
	SetFollow(ctx context.Context, f *Follow, on bool) error
	// FollowsOf returns up to r.Limit() follows of a person's followers, or
	// followings, newest first. Their sort key is the id.
	FollowsOf(ctx context.Context, userID int64, followers bool, by talk.Viewer, r page.CursorRequest) ([]Follow, error)
	// Following returns which of some people a viewer follows.
	Following(ctx context.Context, viewer int64, ids []int64) (map[int64]bool, error)
	CountsOf(ctx context.Context, userIDs []int64) (map[int64]Counts, error)
}

// RankStore keeps up the popular feed.
type RankStore interface {
	// WarmPosts returns up to limit posts whose heat is to be reckoned anew.
	WarmPosts(ctx context.Context, limit int) ([]Warm, error)
	// SetHeat writes the heat of posts. One that was liked meanwhile stays warm.
	SetHeat(ctx context.Context, list []Warm) error
	// Hottest returns the ids of the hottest posts that everybody sees.
	Hottest(ctx context.Context, limit int) ([]int64, error)
	LastPost(ctx context.Context) (int64, error)
	// LatestEpoch returns an epoch without an id when there is none yet.
	LatestEpoch(ctx context.Context) (Epoch, error)
	// Epoch returns false for one that is gone.
	Epoch(ctx context.Context, id int64) (Epoch, bool, error)
	SaveEpoch(ctx context.Context, e Epoch, at time.Time) error
	PurgeEpochs(ctx context.Context, before time.Time) error
}

// TagStore counts hashtags.
type TagStore interface {
	// CountTagged counts the posts of a hashtag, up to limit.
	CountTagged(ctx context.Context, tag string, limit int) (int, error)
	// TagsBegin returns hashtags that begin so, with their counts up to limit, those
	// with the most first.
	TagsBegin(ctx context.Context, prefix string, tags, limit int) ([]TagCount, error)
}

// TagCount is a hashtag with how many posts bear it.
type TagCount struct {
	Tag   string
	Posts int
}

// ReportStore keeps what people reported.
type ReportStore interface {
	// CountReport counts a report of a user as CountPosting does.
	CountReport(ctx context.Context, userID int64, since, now time.Time) (reported int, began time.Time, err error)
	// AddReport adds a report to the case of a thing, which it opens, or opens again
	// when it was dismissed. It returns false when the user reported it before.
	AddReport(ctx context.Context, object ObjectType, id int64, r Report) (isNew bool, err error)
	// Cases lists cases in a state, the newest first, with up to so many notes each.
	// Their sort key is the id.
	Cases(ctx context.Context, state CaseState, notes int, r page.CursorRequest) ([]Case, error)
	// HoldCase takes a case's row until the transaction ends, and returns it, or
	// ErrReportNotFound.
	HoldCase(ctx context.Context, id int64, notes int) (Case, error)
	SetCase(ctx context.Context, id int64, state CaseState, at time.Time) error
}

// Store is all that the feed asks of its database.
type Store interface {
	FeedStore
	PostStore
	LikeStore
	FollowStore
	TagStore
	ReportStore
}
