package talk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rally/modules/talk"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

func TestAPageTakesTheSameStatementsWhateverItsSize(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.people.names[3] = "mina"
		for user := int64(1); user <= 60; user++ {
			c := w.comment(t, user, hall, 1, "a comment for @mina")
			w.comment(t, user, hall, 1, "another")
			for i := range user % 4 {
				r := w.reply(t, user+i, hall, c.ID, "a reply to @mina")
				w.like(t, user, hall, talk.Reply, r.ID)
			}
			w.like(t, user+1, hall, talk.Comment, c.ID)
		}
		for _, viewer := range []context.Context{t.Context(), as(t, 7), as(t, staff)} {
			var first int64
			for _, size := range []int{1, 20, 100} {
				r, err := w.room(t, hall).CommentList(1).Parse("", size)
				if err != nil {
					t.Fatal(err)
				}
				ctx, n := db.WithCounter(viewer)
				page, err := w.Comments(ctx, hall, 1, r)
				if err != nil || len(page.Rows) != size {
					t.Fatalf("%d of %d, %v", len(page.Rows), size, err)
				}
				if first == 0 {
					first = n.Load()
				}
				// The place, comments, replies, profiles, whom one follows, marks.
				if n.Load() != first || first > 6 {
					t.Errorf("a page of %d takes %d statements, one of 1 takes %d", size, n.Load(), first)
				}
			}
		}
		w.counted(t)
	})
}

// Two who wrote and liked in the same threads, of two rooms, are erased at once,
// while others write, like and delete there. Nobody waits in a circle.
func TestTwoAreForgottenAmongOthers(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const rounds = 6
		for range rounds {
			w.clock.Advance(time.Hour)
			type head struct {
				room string
				id   int64
			}
			var heads []head
			for i := range 4 {
				user, room := int64(1+i%2), []string{hall, club}[i/2]
				c := w.comment(t, user, room, int64(1+i%3), "theirs")
				w.reply(t, 3-user, room, c.ID, "a reply")
				w.reply(t, 3, room, c.ID, "a reply")
				w.like(t, 3-user, room, talk.Comment, c.ID)
				heads = append(heads, head{room, c.ID})
			}
			own := w.comment(t, 3, hall, 1, "a third's")
			for user := int64(1); user <= 2; user++ {
				w.like(t, user, hall, talk.Comment, own.ID)
				w.reply(t, user, hall, own.ID, "a reply")
			}
			var wg sync.WaitGroup
			for user := int64(1); user <= 2; user++ {
				wg.Go(func() {
					if err := w.Forget(t.Context(), user); err != nil {
						t.Error(err)
					}
				})
			}
			for i, h := range heads {
				wg.Go(func() { w.like(t, int64(10+i), h.room, talk.Comment, h.id) })
				wg.Go(func() { w.reply(t, int64(10+i), h.room, h.id, "late") })
			}
			wg.Go(func() {
				if err := w.DeleteRemark(as(t, 3), hall, talk.Comment, own.ID); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			w.counted(t)
		}
		for user := int64(1); user <= 2; user++ {
			if n := w.count(t, "SELECT count(*) FROM remarks WHERE user_id = $1 AND (content <> '' OR comment_id IS NOT NULL)", user); n != 0 {
				t.Errorf("%d remarks of user %d are left", n, user)
			}
			if n := w.count(t, "SELECT count(*) FROM remark_likes WHERE user_id = $1", user); n != 0 {
				t.Errorf("%d likes of user %d are left", n, user)
			}
		}
		if n := w.count(t, "SELECT count(*) FROM remarks WHERE content = ''"); n != 4*rounds {
			t.Errorf("%d comments without words, want %d", n, 4*rounds)
		}
		if n := w.tx.runs.Load(); n != 2*rounds {
			t.Errorf("%d transactions of the leavers ran %d times", 2*rounds, n)
		}
		if err := w.Forget(t.Context(), 1); err != nil { // an event may come again
			t.Error(err)
		}
	})
}

func TestAnImportedPastIsAsIfWritten(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		at := func(hours int) time.Time { return w.clock.Now().Add(time.Duration(hours-100) * time.Hour) }
		past := &talk.Past{
			Room: hall,
			Comments: []talk.PastComment{
				{Remark: talk.Remark{PlaceID: 1, UserID: 1, Content: " later ", CreatedAt: at(5)}, Likes: []talk.Like{{UserID: 2, CreatedAt: at(6)}, {UserID: 3, CreatedAt: at(7)}}},
				{Remark: talk.Remark{PlaceID: 1, UserID: 2, Content: "earlier", CreatedAt: at(1)}},
				{Remark: talk.Remark{PlaceID: 2, UserID: 1, Content: "elsewhere", CreatedAt: at(3)}},
			},
			Replies: []talk.PastReply{
				{Comment: 0, Remark: talk.Remark{UserID: 3, Content: "second", CreatedAt: at(9)}, Likes: []talk.Like{{UserID: 1, CreatedAt: at(9)}}},
				{Comment: 0, Remark: talk.Remark{UserID: 2, Content: "first", CreatedAt: at(8)}},
			},
		}
		if err := w.ImportPast(t.Context(), past); err != nil {
			t.Fatal(err)
		}
		w.counted(t)
		r, _ := w.room(t, hall).CommentList(1).Parse("", 0)
		list, err := w.Comments(as(t, 3), hall, 1, r)
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, c := range list.Rows {
			told = append(told, fmt.Sprint(c.Content, " ", c.NumLikes, " ", c.Liked))
			for _, r := range c.Replies {
				told = append(told, fmt.Sprint(r.Content, " to ", r.To.UserID, " ", r.NumLikes))
			}
		}
		if want := []string{"later 2 true", "first to 1 0", "second to 1 1", "earlier 0 false"}; !slices.Equal(told, want) {
			t.Errorf("%q, want %q", told, want)
		}
		one := talk.Remark{PlaceID: 1, UserID: 1, Content: "x", CreatedAt: at(2)}
		nowhere, early, empty := one, one, one
		nowhere.PlaceID, early.CreatedAt, empty.Content = 999, at(1), " "
		for name, bad := range map[string]*talk.Past{
			"empty":       {Room: hall, Comments: []talk.PastComment{{Remark: empty}}},
			"no comment":  {Room: hall, Replies: []talk.PastReply{{Remark: one}}},
			"no place":    {Room: hall, Comments: []talk.PastComment{{Remark: nowhere}}},
			"no room":     {Room: "attic", Comments: []talk.PastComment{{Remark: one}}},
			"too early":   {Room: hall, Comments: []talk.PastComment{{Remark: one}}, Replies: []talk.PastReply{{Remark: early}}},
			"liked twice": {Room: hall, Comments: []talk.PastComment{{Remark: one, Likes: []talk.Like{{UserID: 2, CreatedAt: at(2)}, {UserID: 2, CreatedAt: at(2)}}}}},
		} {
			if err := w.ImportPast(t.Context(), bad); err == nil {
				t.Errorf("%s was imported", name)
			}
		}
		if n := w.count(t, "SELECT count(*) FROM remarks"); n != 5 {
			t.Errorf("%d remarks, want 5", n)
		}
	})
}

// A key may be any number: whoever makes up a cursor gets a list, or none.
func TestListsBearEveryKey(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.comment(t, 1, hall, 1, "the only one")
		w.like(t, 1, hall, talk.Comment, c.ID)
		for _, key := range []int64{-1 << 63, -1, 0, c.ID, 1<<63 - 1} {
			for _, backward := range []bool{false, true} {
				r := page.CursorRequest{Size: 1, Key: []int64{key}, Backward: backward}
				comments, err := w.store.Comments(t.Context(), w.room(t, hall), 1, talk.Viewer{}, r)
				likes, errLikes := w.store.Likes(t.Context(), c.ID, talk.Viewer{}, r)
				seen := key < c.ID && backward || key > c.ID && !backward
				if err != nil || errLikes != nil || (len(comments) == 1) != seen || (key <= 0 || key > c.ID) && (len(likes) == 1) != (key <= 0 && backward || key > 0 && !backward) {
					t.Errorf("%d, %v: %v, %v; %v, %v", key, backward, comments, err, likes, errLikes)
				}
			}
		}
	})
}

// What is said in one room isn't there in another, whatever its number.
func TestRoomsAreApart(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.comment(t, 1, hall, 1, "in the hall")
		r := w.reply(t, 2, hall, c.ID, "there, too")
		other := w.comment(t, 1, club, 1, "in the club")
		if a, b := w.told(as(t, 1), t, hall, 1), w.told(as(t, 1), t, club, 1); a != "in the hall >there, too" || b != "in the club" {
			t.Errorf("%q, %q", a, b)
		}
		_, errThread := w.Thread(as(t, staff), club, talk.Comment, c.ID)
		_, errLikes := w.Likes(as(t, staff), club, talk.Reply, r.ID, page.CursorRequest{Size: 1})
		_, errReply := w.AddReply(as(t, 1), club, talk.NewReply{CommentID: c.ID, Content: "x"})
		_, errEdit := w.EditRemark(as(t, 1), club, talk.Comment, c.ID, "x")
		_, _, errLike := w.SetLike(as(t, 1), club, talk.Comment, c.ID, nil)
		for what, got := range map[string][2]error{
			"read": {errThread, clubFaults.CommentNotFound}, "likes": {errLikes, clubFaults.ReplyNotFound}, "reply": {errReply, clubFaults.CommentNotFound},
			"edit": {errEdit, clubFaults.CommentNotFound}, "like": {errLike, clubFaults.CommentNotFound},
			"delete":          {w.DeleteRemark(as(t, staff), club, talk.Comment, c.ID), clubFaults.CommentNotFound},
			"hide":            {w.Hide(t.Context(), club, talk.Comment, c.ID, true), clubFaults.CommentNotFound},
			"the other way":   {w.DeleteRemark(as(t, 1), hall, talk.Comment, other.ID), hallFaults.CommentNotFound},
			"as another kind": {w.DeleteRemark(as(t, 1), hall, talk.Reply, c.ID), hallFaults.ReplyNotFound},
		} {
			if !errors.Is(got[0], got[1]) {
				t.Errorf("%s: %v", what, got[0])
			}
		}
		if found, err := w.Excerpts(t.Context(), club, []int64{c.ID, r.ID, other.ID}); err != nil || len(found) != 1 || found[other.ID].Content != "in the club" {
			t.Errorf("%v, %v", found, err)
		}
		if list, err := w.RemarksOf(t.Context(), hall, 1, page.Request{Number: 1, Size: 10}); err != nil || list.Count != 1 || list.Rows[0].ID != c.ID {
			t.Errorf("%+v, %v", list, err)
		}
		if _, err := w.AddComment(as(t, 1), "attic", 1, "x"); err == nil {
			t.Error("there is no attic")
		}

		// The club is for members, and its remarks are short. Both count together.
		request, _ := w.room(t, club).CommentList(1).Parse("", 0)
		if _, err := w.Comments(t.Context(), club, 1, request); !errors.Is(err, auth.ErrRequired) {
			t.Errorf("a stranger: %v", err)
		}
		if _, err := w.Thread(t.Context(), club, talk.Comment, other.ID); !errors.Is(err, auth.ErrRequired) {
			t.Errorf("a stranger: %v", err)
		}
		if _, err := w.AddComment(as(t, 1), club, 1, "123456789012345678901"); err == nil {
			t.Error("21 characters")
		}
		for range talk.MaxPosts - 2 {
			w.comment(t, 1, hall, 2, "more")
		}
		if _, err := w.AddComment(as(t, 1), club, 1, "x"); !errors.Is(err, clubFaults.TooManyRemarks) {
			t.Errorf("the next: %v", err)
		}

		// A place that goes takes what was said there, and nothing of the other room.
		if err := w.Clear(t.Context(), club, 1); err != nil {
			t.Fatal(err)
		}
		if w.count(t, "SELECT count(*) FROM remarks WHERE room = $1", club) != 0 || w.told(as(t, 1), t, hall, 1) != "in the hall >there, too" {
			t.Error("not exactly the club's remarks are gone")
		}
	})
}

// What stands at a place that isn't there for somebody isn't there either, but for
// their own words.
func TestAClosedPlaceIsClosed(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c, own := w.comment(t, 1, club, 1, "by another"), w.comment(t, 2, club, 1, "my own")
		w.execute(t, "UPDATE clubs SET closed = true WHERE id = 1")
		request, _ := w.room(t, club).CommentList(1).Parse("", 0)
		_, list := w.Comments(as(t, 2), club, 1, request)
		_, comment := w.AddComment(as(t, 2), club, 1, "x")
		if !errors.Is(list, errPlace) || !errors.Is(comment, errPlace) {
			t.Errorf("the place: %v, %v", list, comment)
		}
		_, read := w.Thread(as(t, 2), club, talk.Comment, c.ID)
		_, _, like := w.SetLike(as(t, 2), club, talk.Comment, c.ID, nil)
		_, reply := w.AddReply(as(t, 2), club, talk.NewReply{CommentID: c.ID, Content: "x"})
		for what, err := range map[string]error{"read": read, "like": like, "reply": reply, "delete": w.DeleteRemark(as(t, 2), club, talk.Comment, c.ID)} {
			if !errors.Is(err, clubFaults.CommentNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := w.EditRemark(as(t, 2), club, talk.Comment, own.ID, "better"); err != nil {
			t.Error(err)
		}
		if err := w.DeleteRemark(as(t, 2), club, talk.Comment, own.ID); err != nil {
			t.Error(err)
		}
		if told := w.told(as(t, staff), t, club, 1); told != "by another" {
			t.Errorf("the staff reads %q", told)
		}
		w.counted(t)
	})
}

func TestNewRoomsRefusesTwoOfAKind(t *testing.T) {
	t.Parallel()
	one := talk.Room{Kind: "a", Module: "a", Base: "/a/"}
	for _, two := range []talk.Room{{Kind: "a", Module: "b", Base: "/b/"}, {Kind: "b", Module: "a", Base: "/b/"}, {Kind: "b", Module: "b", Base: "/a/"}} {
		if _, err := talk.NewRooms(one, two); err == nil {
			t.Errorf("%+v beside %+v", two, one)
		}
	}
}
