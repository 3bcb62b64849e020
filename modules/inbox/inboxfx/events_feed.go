package inboxfx

import (
	"slices"
	"strconv"

	"rally/modules/inbox"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/talk"
)

func group(name string, id int64) string { return name + ":" + strconv.FormatInt(id, 10) }

// place is what a remark is about: its article or its post.
func place(room string, r talk.Remark) inbox.Target {
	t := inbox.Target{Type: inbox.TargetPost, ID: r.PlaceID, Remark: r.ID}
	if room == shop.ReviewRoom {
		t.Type = inbox.TargetInfo
	}
	return t
}

// ofRemark tells whom a remark speaks to, whose place it is, and whom it mentions:
// each once, and nobody of themselves. A review is its writer's friends' to see.
func ofRemark(e talk.Wrote) []inbox.Entry {
	by, about := e.Remark.UserID, place(e.Room, e.Remark)
	var entries []inbox.Entry
	if e.Room == shop.ReviewRoom {
		entries = append(entries, did(by, inbox.ActivityReview, inbox.Target{Type: inbox.TargetInfo, ID: e.Remark.PlaceID}))
	}
	told := []int64{0, by}
	note := func(userID int64, kind inbox.Kind, of string) {
		if !slices.Contains(told, userID) {
			told = append(told, userID)
			entries = append(entries, tell(inbox.Note{UserID: userID, Kind: kind, Group: of, Actor: by, Target: about}))
		}
	}
	note(e.Remark.ToUserID, inbox.Replied, group("comment", e.Remark.CommentID))
	note(e.Owner, inbox.Commented, group(about.Type, about.ID))
	for _, id := range e.Mentions {
		note(id, inbox.Mentioned, "")
	}
	return entries
}

// liking tells somebody that another likes something of theirs, or that this is no
// news any more.
func liking(userID, by int64, on bool, of string, about inbox.Target) []inbox.Entry {
	switch {
	case userID == by:
		return nil
	case on:
		return []inbox.Entry{tell(inbox.Note{UserID: userID, Kind: inbox.Liked, Group: of, Actor: by, Target: about})}
	}
	return []inbox.Entry{undone(userID, inbox.Liked, of, by, about)}
}

func ofRemarkLike(e talk.Liked) []inbox.Entry {
	return liking(e.Remark.UserID, e.By, e.On, group("remark", e.Remark.ID), place(e.Room, e.Remark))
}

func ofPostLike(e style.PostLiked) []inbox.Entry {
	return liking(e.Post.UserID, e.By, e.On, group("post", e.Post.ID), post(e.Post.ID))
}

func post(id int64) inbox.Target { return inbox.Target{Type: inbox.TargetPost, ID: id} }

func ofPost(e style.Posted) []inbox.Entry {
	return []inbox.Entry{did(e.Post.UserID, inbox.ActivityPost, post(e.Post.ID))}
}

func ofMention(e style.Mentioned) []inbox.Entry {
	entries := make([]inbox.Entry, len(e.UserIDs))
	for i, id := range e.UserIDs {
		entries[i] = tell(inbox.Note{UserID: id, Kind: inbox.Mentioned, Actor: e.Post.UserID, Target: post(e.Post.ID)})
	}
	return entries
}

// followers joins all of them whom somebody has not looked at.
const followers = "followers"

func ofFollow(e style.Followed) []inbox.Entry {
	from, to := e.Follow.From, e.Follow.To
	if !e.On {
		return []inbox.Entry{undone(to, inbox.Followed, followers, from, inbox.Target{Type: inbox.TargetUser})}
	}
	return []inbox.Entry{tell(inbox.Note{UserID: to, Kind: inbox.Followed, Group: followers, Actor: from, Target: inbox.Target{Type: inbox.TargetUser, ID: from}})}
}
