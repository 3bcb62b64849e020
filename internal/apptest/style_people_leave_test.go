package apptest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
)

// Who leaves is gone with all that they showed, and comes back with it; what they
// said stays, by nobody. Erased, nothing is left.
func TestStyleWhatLeaversShowed(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		leaver, friend, staff := s.Person(), s.Person(), s.Staff()
		rename(t, leaver, "rare.name")
		email, friends := emailOf(t, leaver), emailOf(t, friend)
		info := newShelf(t, staff).info(nil)
		shown := postShown(t, leaver, map[string][]string{"content": {"rare words #rare"}, "productinfo_ids": {fmt.Sprint(info)}}, drawn(t, 900, 30))
		hidden := post(t, leaver, "rare words that the staff hid")
		hide(t, staff, friend, postPath(hidden.ID, ""))
		attach(t, leaver, "PATCH", personPath(leaver.UserID, ""), nil, drawn(t, 900, 30)).Want(t, 200)
		theirs := post(t, friend, "a friend's, for @rare.name")
		below := say(t, friend, shown.ID, "below the leaver's")
		head := say(t, leaver, theirs.ID, "rare words above")
		answerTo(t, friend, head.ID, "under it")
		say(t, leaver, theirs.ID, "rare words alone")
		mine := say(t, friend, theirs.ID, "mine")
		answerTo(t, leaver, mine.ID, "rare words below")
		for _, path := range []string{postPath(theirs.ID, ""), saidPath(mine.ID, "")} {
			like(t, leaver, path)
			like(t, friend, path)
		}
		like(t, friend, postPath(shown.ID, ""))
		follow(t, leaver, friend.UserID)
		follow(t, friend, leaver.UserID)
		follow(t, staff, friend.UserID)
		leaver.Post(postPath(theirs.ID, "report/"), M{"reason": "spam", "note": "rare words"}).Want(t, 201)
		allTold(t, s)
		rank(t, s)

		latest := func(want ...int64) {
			t.Helper()
			for _, query := range []string{"type=latest", "type=popular"} {
				if got := feedIDs(t, s, friend, query); got != ids(want...) && got != ids(reversed(want)...) {
					t.Errorf("%s is %s, want %v", query, got, want)
				}
			}
			if p := readPost(t, friend, theirs.ID); p.NumLikes != 2 || p.NumComments != 5 {
				t.Errorf("the friend's post: %+v", p)
			}
		}
		latest(theirs.ID, shown.ID)
		leaver.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		latest(theirs.ID)
		for _, c := range []*apptest.Client{friend, staff, s.Anonymous()} {
			c.Get(postPath(shown.ID, "")).WantCode(t, 404, "style.post_not_found")
			c.Get(personPath(leaver.UserID, "")).WantCode(t, 404, "style.profile_not_found")
		}
		for _, query := range []string{"type=tag&tag=rare", "type=search&q=rare", "type=liked", "type=following", fmt.Sprintf("type=product&info_id=%d", info), fmt.Sprintf("type=default&user_id=%d", leaver.UserID)} {
			if got := feedIDs(t, s, friend, query); got != "" && query != "type=liked" || query == "type=liked" && got != ids(theirs.ID) {
				t.Errorf("%s is %s", query, got)
			}
		}
		list := saidOn(t, friend, theirs.ID)
		if len(list) != 3 || list[1].CreatedBy != nil || list[1].Content != "rare words alone" || list[2].CreatedBy != nil || list[2].Replies[0].ToProfile != nil || list[0].Replies[0].CreatedBy != nil {
			t.Errorf("what they said: %+v", list)
		}
		if p := readPost(t, friend, theirs.ID); p.Content != "a friend's, for @…" || len(p.Mentions) != 0 {
			t.Errorf("who left is named: %+v", p)
		}
		if got := tied(t, s, friend, friend.UserID, "followers/"); got != ids(staff.UserID, 0) {
			t.Errorf("followers: %s", got)
		}
		login(t, leaver, email)
		latest(theirs.ID, shown.ID)
		if p := readPost(t, leaver, hidden.ID); !p.Hidden {
			t.Errorf("what the staff hid: %+v", p)
		}
		if got := tied(t, s, friend, friend.UserID, "followers/"); got != ids(staff.UserID, leaver.UserID) {
			t.Errorf("followers: %s", got)
		}
		wantStyleCounted(t, s)
		leaver.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)

		s.Clock.Advance(31 * 24 * time.Hour)
		if err := s.Accounts.EraseLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		login(t, friend, friends)
		if p := readPost(t, friend, theirs.ID); p.NumLikes != 1 || p.NumComments != 3 || p.Content != "a friend's, for @…" {
			t.Errorf("the friend's post: %+v", p)
		}
		list = saidOn(t, friend, theirs.ID)
		if len(list) != 2 || list[1].Content != "" || list[1].CreatedBy != nil || len(list[1].Replies) != 1 || len(list[0].Replies) != 0 || list[0].NumLikes != 1 {
			t.Errorf("what is left of what they said: %+v", list)
		}
		friend.Get(saidPath(below.ID, "")).WantCode(t, 404, "style.comment_not_found")
		if p := personaOf(t, friend, friend.UserID); p.NumFollowers != 1 || p.NumFollowings != 0 || p.NumPosts != 1 {
			t.Errorf("what is counted of the friend: %+v", p)
		}
		if left := append(filesOf(t, s, "style"), filesOf(t, s, "people")...); len(left) != 0 {
			t.Errorf("files are left: %v", left)
		}
		for table, rows := range contents(t, s) {
			if strings.Contains(rows, "rare") {
				t.Errorf("%s still holds their words: %s", table, rows)
			}
		}
		for _, place := range []string{
			"posts WHERE user_id = $1", "post_likes WHERE user_id = $1", "follows WHERE $1 IN (from_id, to_id)", "style_people WHERE user_id = $1", "post_mentions WHERE user_id = $1",
			"reports WHERE user_id = $1", "remark_likes WHERE user_id = $1", "activities WHERE user_id = $1",
		} {
			if n := count(t, s, "SELECT count(*) FROM "+place, leaver.UserID); n != 0 {
				t.Errorf("%d rows are left of %s", n, place)
			}
		}
		for _, table := range []string{"post_pictures", "post_articles", "post_hashtags"} {
			if n := count(t, s, "SELECT count(*) FROM "+table); n != 0 {
				t.Errorf("%d rows are left of %s", n, table)
			}
		}
		wantStyleCounted(t, s)
		wantInboxes(t, s)
	})
}

func reversed(list []int64) []int64 {
	out := make([]int64, len(list))
	for i, v := range list {
		out[len(list)-1-i] = v
	}
	return out
}

// Many leave for good while those who stay like, follow and comment.
func TestStyleLeaversAreErasedInARush(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		leavers, stay := s.People(5), s.People(5)
		emails := make([]string, len(stay))
		var shown []int64
		for i, c := range stay {
			emails[i] = emailOf(t, c)
			shown = append(shown, post(t, c, "words").ID)
		}
		for _, c := range leavers {
			post(t, c, "words")
			for i, other := range stay {
				follow(t, c, other.UserID)
				follow(t, other, c.UserID)
				like(t, c, postPath(shown[i], ""))
				answerTo(t, c, say(t, c, shown[i], "words").ID, "words")
			}
		}
		for _, c := range leavers {
			c.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		}
		s.Clock.Advance(31 * 24 * time.Hour)
		for i, c := range stay {
			login(t, c, emails[i])
		}
		work := []func(){
			func() {
				if err := s.Accounts.EraseLeavers(t.Context()); err != nil {
					t.Error(err)
				}
			},
		}
		for i, c := range stay {
			for j, other := range stay {
				if i != j {
					work = append(work, func() { wantOneOf(t, c.Patch(personPath(other.UserID, "follow/"), nil), 200) })
				}
				work = append(work, func() { wantOneOf(t, c.Patch(postPath(shown[j], "like/"), nil), 200) }, func() { wantOneOf(t, c.Post(postPath(shown[j], "comments/"), M{"content": "more"}), 201) })
			}
		}
		together(work...)
		wantStyleCounted(t, s)
		for i, c := range stay {
			if p := personaOf(t, c, c.UserID); p.NumFollowers != 4 || p.NumFollowings != 4 {
				t.Errorf("what is counted: %+v", p)
			}
			if p := readPost(t, c, shown[i]); p.NumLikes != 5 || p.NumComments != 5 {
				t.Errorf("a post: %+v", p)
			}
		}
	})
}

func TestStyleAnExportHoldsWhatOneShowed(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other, staff := s.Person(), s.Person(), s.Staff()
		info := newShelf(t, staff).info(nil)
		rename(t, other, "another.one")
		mine := postShown(t, me, map[string][]string{"content": {"my own @another.one"}, "productinfo_ids": {fmt.Sprint(info)}}, drawn(t, 8, 8))
		hidden := post(t, me, "my own, hidden")
		hide(t, staff, other, postPath(hidden.ID, ""))
		theirs := post(t, other, "another's words")
		said := say(t, me, theirs.ID, "my own comment")
		answer := answerTo(t, me, say(t, other, mine.ID, "another's comment").ID, "my own answer")
		like(t, me, postPath(theirs.ID, ""))
		like(t, other, postPath(mine.ID, ""))
		follow(t, me, other.UserID)
		follow(t, other, me.UserID)
		me.Post(postPath(theirs.ID, "report/"), M{"reason": "spam", "note": "my own note"}).Want(t, 201)
		other.Post(postPath(mine.ID, "report/"), M{"reason": "abuse", "note": "another's note"}).Want(t, 201)
		mute(t, me, other.UserID)
		type id struct {
			ID     int64
			PostID int64 `json:"post_id"`
			UserID int64 `json:"user_id"`
		}
		var kept struct {
			Posts []struct {
				id
				Content  string
				Images   []string
				Articles []int64 `json:"productinfo_ids"`
				NumLikes int64   `json:"num_likes"`
				Hidden   bool
			}
			Comments []struct {
				id
				Content string
				ReplyTo *int64 `json:"reply_to"`
			}
			Likes, Follows []id
			Reports        []struct {
				Type string `json:"object_type"`
				ID   int64  `json:"object_id"`
				Note string
			}
		}
		part := exported(t, me, "style")
		if err := json.Unmarshal([]byte(part), &kept); err != nil {
			t.Fatal(err)
		}
		if p := kept.Posts; len(p) != 2 || p[0].ID != hidden.ID || !p[0].Hidden || p[1].ID != mine.ID || p[1].Content != "my own @another.one" || p[1].NumLikes != 1 || len(p[1].Articles) != 1 || len(p[1].Images) != 1 || s.URL+p[1].Images[0] != mine.Images[0] {
			t.Errorf("posts: %+v", p)
		}
		if c := kept.Comments; len(c) != 2 || c[0].ID != answer.ID || c[0].ReplyTo == nil || c[1].ID != said.ID || c[1].PostID != theirs.ID || c[1].ReplyTo != nil {
			t.Errorf("comments: %+v", c)
		}
		if len(kept.Likes) != 1 || kept.Likes[0].PostID != theirs.ID || len(kept.Follows) != 1 || kept.Follows[0].UserID != other.UserID || len(kept.Reports) != 1 || kept.Reports[0].Note != "my own note" || kept.Reports[0].ID != theirs.ID {
			t.Errorf("likes %+v, follows %+v, reports %+v", kept.Likes, kept.Follows, kept.Reports)
		}
		if strings.Contains(part, "another's") || strings.ContainsAny(part, "\x0e\x0f") || strings.Contains(part, `\u000e`) {
			t.Errorf("tells too much, or as it is stored: %s", part)
		}
		if part := exported(t, me, "friends"); !strings.Contains(part, fmt.Sprintf(`"user_id":%d`, other.UserID)) || !strings.Contains(part, "mute") {
			t.Errorf("the mute is missing: %s", part)
		}
		if part := exported(t, other, "friends"); strings.Contains(part, fmt.Sprintf(`"user_id":%d`, me.UserID)) {
			t.Errorf("who is muted reads so: %s", part)
		}
		if part := exported(t, s.Person(), "style"); part != `{"posts":[],"comments":[],"likes":[],"follows":[],"reports":[]}` {
			t.Errorf("of somebody new: %s", part)
		}
	})
}
