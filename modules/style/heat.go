package style

import (
	"math"
	"time"
)

const (
	// commentWeight is how many likes a comment is worth: it takes more to write
	// one.
	commentWeight = 2
	// heatSpan is how much younger a post must be to stand beside one with ten
	// times as much said and liked.
	heatSpan = 2 * 24 * time.Hour
)

// Heat is what the popular feed sorts by, the highest first:
//
//	heat = log10(max(1, likes + 2·comments)) + t / 48 h
//
// where t is when the post was made, in seconds since 1970. It is the "hot" of
// Reddit (https://github.com/reddit-archive/reddit/blob/master/r2/r2/lib/db/_sorts.pyx),
// without votes against, with comments, and with 48 hours instead of 12.5: a
// community that is small needs more time to find what it likes. Age counts as
// a fixed number, so the order of two posts changes only when one of them is liked
// or commented on: nothing has to be reckoned anew because time passes.
func Heat(likes, comments int64, at time.Time) float64 {
	said := float64(max(0, likes)) + commentWeight*float64(max(0, comments))
	return math.Log10(max(1, said)) + float64(at.Unix())/heatSpan.Seconds()
}

// Warm is a post whose heat is to be reckoned anew.
type Warm struct {
	ID                    int64
	NumLikes, NumComments int64
	CreatedAt             time.Time
	Heat                  float64
}

// Epoch is how the popular feed stood at a time. Whoever pages through it stays
// in theirs, so that nothing comes twice and nothing is left out while ranks
// change.
type Epoch struct {
	ID       int64
	LastPost int64   // the newest post of its time
	Ranks    []int64 // ids of posts, the hottest first
}

// Behind the ranks of an epoch come its other posts, the newest first.
const (
	// popularKeys are those of the cursor: epoch, rank and post. Behind the ranks
	// the rank is maxRanked.
	popularKeys = 3
	maxRanked   = 1000
)
