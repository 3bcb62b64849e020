package apptest_test

import "time"

// What the tests of reviews and of the feed share: what people say, and who they
// are, is answered alike in both.

// speaker is somebody who is named.
type speaker struct {
	UserID      int64  `json:"user_id"`
	UserName    string `json:"user_name"`
	ProfileName string `json:"profile_name"`
}

// stylist is somebody who shows or says something. Following is a bool, a text or
// nil.
type stylist struct {
	speaker

	Image     *string
	Following any
}

// remark is a comment or a reply to one. It is by nobody, nil, once its writer
// left. Only reviews are bought, only what is said in the feed is hidden.
type remark struct {
	ID        int64
	Content   string
	CreatedBy *stylist   `json:"created_by"`
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at"`
	ToProfile *speaker   `json:"to_profile"`
	NumLikes  int64      `json:"num_likes"`
	Liked     any
	Mentions  []speaker
	Bought    bool
	Hidden    bool
	Replies   []remark
}
