package talk_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"rally/modules/talk"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

func (w *world) hide(t *testing.T, kind talk.Kind, id int64, hidden bool) {
	t.Helper()
	if err := w.Hide(t.Context(), hall, kind, id, hidden); err != nil {
		t.Fatal(err)
	}
}

// What the staff hides is there for its writer and the staff alone.
func TestWhatIsHidden(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.comment(t, 1, hall, 1, "c")
		below := w.reply(t, 2, hall, c.ID, "r2")
		alone := w.reply(t, 3, hall, c.ID, "r3")
		w.comment(t, 4, hall, 1, "other")
		w.like(t, 5, hall, talk.Comment, c.ID)
		shown := func(when string, want int64) {
			t.Helper()
			if n := w.count(t, "SELECT remarks FROM halls WHERE id = 1"); n != want {
				t.Errorf("%s the place counts %d, want %d", when, n, want)
			}
			w.counted(t)
		}
		read := func(when string, want map[int64]string) {
			t.Helper()
			for user, words := range want {
				ctx := t.Context()
				if user != 0 {
					ctx = as(t, user)
				}
				if got := w.told(ctx, t, hall, 1); got != words {
					t.Errorf("%s %d reads %q, want %q", when, user, got, words)
				}
			}
		}
		gone := func(ctx context.Context, kind talk.Kind, id int64) bool {
			_, err := w.Thread(ctx, hall, kind, id)
			_, errLikes := w.Likes(ctx, hall, kind, id, page.CursorRequest{Size: 1})
			caller, _ := auth.From(ctx)
			_, errSeen := w.Seen(ctx, hall, kind, id, talk.Viewer{UserID: caller.UserID, Staff: caller.Staff})
			if (err == nil) != (errLikes == nil) || (err == nil) != (errSeen == nil) {
				t.Errorf("%s %d: %v, but its likes: %v, and seen: %v", kind, id, err, errLikes, errSeen)
			}
			return errors.Is(err, w.room(t, hall).NotFound(kind))
		}

		w.hide(t, talk.Reply, alone.ID, true)
		w.hide(t, talk.Reply, alone.ID, true) // again
		shown("with a reply hidden", 3)
		whole, part := "other c >r2 >r3", "other c >r2"
		read("with a reply hidden", map[int64]string{0: part, 1: part, 2: part, 3: whole, staff: whole})
		if !gone(t.Context(), talk.Reply, alone.ID) || !gone(as(t, 1), talk.Reply, alone.ID) || gone(as(t, 3), talk.Reply, alone.ID) || gone(as(t, staff), talk.Reply, alone.ID) {
			t.Error("a hidden reply is there for the wrong people")
		}

		w.hide(t, talk.Comment, c.ID, true)
		shown("with a comment hidden", 1)
		read("with a comment hidden", map[int64]string{0: "other", 1: part, 2: "other", 3: "other", staff: whole})
		if !gone(t.Context(), talk.Reply, below.ID) || gone(as(t, 2), talk.Reply, below.ID) || gone(as(t, 1), talk.Reply, below.ID) || !gone(as(t, 3), talk.Reply, below.ID) || gone(as(t, 3), talk.Reply, alone.ID) {
			t.Error("replies below a hidden comment are there for the wrong people")
		}
		if mine, err := w.Thread(as(t, 1), hall, talk.Comment, c.ID); err != nil || !mine.Hidden || !mine.Replies[0].Hidden {
			t.Errorf("its writer reads %+v, %v", mine, err)
		}

		// It takes no reply and no like, but a like can be taken back.
		for _, user := range []int64{1, staff} {
			if _, err := w.AddReply(as(t, user), hall, talk.NewReply{CommentID: c.ID, Content: "x"}); !errors.Is(err, hallFaults.CommentNotFound) {
				t.Errorf("a reply of %d: %v", user, err)
			}
			if _, _, err := w.SetLike(as(t, user), hall, talk.Comment, c.ID, nil); !errors.Is(err, hallFaults.CommentNotFound) {
				t.Errorf("a like of %d: %v", user, err)
			}
			if _, _, err := w.SetLike(as(t, user), hall, talk.Reply, below.ID, nil); !errors.Is(err, hallFaults.ReplyNotFound) {
				t.Errorf("a like of %d below: %v", user, err)
			}
		}
		if _, err := w.EditRemark(as(t, 1), hall, talk.Comment, c.ID, "better"); err != nil {
			t.Error(err)
		}
		if found, err := w.Excerpts(t.Context(), hall, []int64{c.ID, alone.ID, 999}); err != nil || len(found) != 2 || found[c.ID].Content != "better" || found[c.ID].HiddenAt == nil || !found[alone.ID].Hidden {
			t.Errorf("%+v, %v", found, err)
		}

		w.hide(t, talk.Comment, c.ID, false)
		shown("after the comment came back", 3)
		read("after the comment came back", map[int64]string{0: "other better >r2", staff: "other better >r2 >r3"})

		// Deleting what is hidden changes no count, and a thread counts what is left.
		if err := w.DeleteRemark(as(t, 3), hall, talk.Reply, alone.ID); err != nil {
			t.Fatal(err)
		}
		shown("without the hidden reply", 3)
		w.hide(t, talk.Comment, c.ID, true)
		if err := w.DeleteRemark(as(t, 2), hall, talk.Reply, below.ID); err != nil { // its writer's, although nobody sees it
			t.Fatal(err)
		}
		if err := w.DeleteRemark(as(t, 1), hall, talk.Comment, c.ID); err != nil {
			t.Fatal(err)
		}
		shown("at the end", 1)
		if err := w.Hide(t.Context(), hall, talk.Comment, c.ID, true); !errors.Is(err, hallFaults.CommentNotFound) {
			t.Errorf("hiding what is gone: %v", err)
		}
	})
}

// The staff hides and shows while people write, delete and like: every count is
// right at the end.
func TestHidingAmongOthers(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range 5 {
			w.clock.Advance(time.Hour)
			c := w.comment(t, 1, hall, 1, "about to be hidden")
			r := w.reply(t, 2, hall, c.ID, "about to go")
			var wg sync.WaitGroup
			for i := range int64(6) {
				wg.Go(func() {
					_, err := w.AddReply(as(t, 10+i), hall, talk.NewReply{CommentID: c.ID, Content: "late?"})
					if err != nil && !errors.Is(err, hallFaults.CommentNotFound) {
						t.Error(err)
					}
				})
				wg.Go(func() {
					_, _, err := w.SetLike(as(t, 10+i), hall, talk.Comment, c.ID, nil)
					if err != nil && !errors.Is(err, hallFaults.CommentNotFound) {
						t.Error(err)
					}
				})
				wg.Go(func() {
					if err := w.Hide(t.Context(), hall, talk.Comment, c.ID, i%2 == 0); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Go(func() {
				if err := w.DeleteRemark(as(t, 2), hall, talk.Reply, r.ID); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			w.counted(t)
		}
	})
}

// A like is told when it is new, and when it is taken back.
func TestLikesAreTold(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.comment(t, 1, hall, 2, "like me")
		yes, no := true, false
		for _, value := range []*bool{&no, &yes, &yes, &no, &no, nil} {
			if _, _, err := w.SetLike(as(t, 7), hall, talk.Comment, c.ID, value); err != nil {
				t.Fatal(err)
			}
		}
		told := w.liked.Take()
		if len(told) != 3 {
			t.Fatalf("told: %+v", told)
		}
		for i, e := range told {
			if e.On != (i != 1) || e.By != 7 || e.Room != hall || e.Remark.ID != c.ID || e.Remark.UserID != 1 || e.Remark.PlaceID != 2 {
				t.Errorf("told: %+v", e)
			}
		}
	})
}

// People are met as the viewer stands to them.
func TestPeopleAreMet(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.people.hidden[7] = []int64{3}
		for user := int64(1); user <= 8; user++ {
			w.comment(t, user, hall, 3, "hello")
		}
		r, _ := w.room(t, hall).CommentList(3).Parse("", 0)
		list, err := w.Comments(as(t, 7), hall, 3, r)
		if err != nil || len(list.Rows) != 7 {
			t.Fatalf("%d, %v", len(list.Rows), err)
		}
		for _, c := range list.Rows {
			if c.By == nil || c.By.Following != (c.UserID == 8) {
				t.Errorf("%+v", c.By)
			}
		}
		anonymous, err := w.Comments(t.Context(), hall, 3, r)
		if err != nil || len(anonymous.Rows) != 8 || anonymous.Rows[0].By.Following {
			t.Errorf("%d, %v", len(anonymous.Rows), err)
		}
	})
}
