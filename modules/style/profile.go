package style

import (
	"strconv"
	"time"

	"rally/modules/accounts"
	"rally/modules/talk"
	"rally/platform/page"
)

// MaxFollowings is how many people somebody follows at most: their feed is read
// from all of them.
const MaxFollowings = 2000

// Counts is what is counted of a person.
type Counts struct {
	Posts, Followers, Followings int64
}

// ProfileView is a person as a viewer meets them.
type ProfileView struct {
	accounts.Profile
	Counts
	Following bool
	Muted     bool
}

// Follow is that somebody follows somebody.
type Follow struct {
	ID        int64
	From, To  int64
	CreatedAt time.Time
}

// FollowBy is a follow with the other one: nil for somebody who left, or whom the
// viewer doesn't see.
type FollowBy struct {
	Follow
	Other *talk.Person
}

// FollowList is the list of a person's followers, or of whom they follow.
func FollowList(userID int64, followers bool) page.CursorList {
	return page.CursorList{Name: "style.follows", Filters: []string{strconv.FormatInt(userID, 10), strconv.FormatBool(followers)}}
}

// ProfileList is the staff's list of people.
func ProfileList(search string) page.CursorList {
	return page.CursorList{Name: "style.profiles", Filters: []string{search}}
}

// Like is somebody's liking of a post.
type Like struct {
	ID        int64
	PostID    int64
	UserID    int64
	CreatedAt time.Time
}

// LikeBy is a like with who gave it: nil for somebody who left.
type LikeBy struct {
	Like
	By *talk.Person
}

// LikeList is the list of a post's likes.
func LikeList(postID int64) page.CursorList {
	return page.CursorList{Name: "style.post_likes", Filters: []string{strconv.FormatInt(postID, 10)}}
}
