package style

// Posted says that somebody posted. It is emitted inside the transaction. An edit
// emits Mentioned alone.
type Posted struct{ Post Post }

// Mentioned says whom a post mentions that it didn't mention before, without its
// author.
type Mentioned struct {
	Post    Post
	UserIDs []int64
}

// PostLiked says that somebody likes a post that they didn't like before, or
// doesn't any more.
type PostLiked struct {
	Post Post
	By   int64
	On   bool
}

// Followed says that somebody follows somebody whom they didn't follow before, or
// doesn't any more.
type Followed struct {
	Follow Follow
	On     bool
}
