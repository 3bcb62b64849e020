package shop_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/modules/shop"
	"rally/modules/shop/internal/store"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

// everybody is a directory in which nobody has left.
type everybody struct{}

func (everybody) ProfilesOf(_ context.Context, ids []int64) (map[int64]accounts.Profile, error) {
	found := map[int64]accounts.Profile{}
	for _, id := range ids {
		found[id] = accounts.Profile{UserID: id, ProfileName: strconv.FormatInt(id, 10)}
	}
	return found, nil
}

func (x *exchange) comment(t *testing.T, user, info int64, content string) shop.Thread {
	t.Helper()
	c, err := x.AddComment(as(t, user), info, content)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (x *exchange) reply(t *testing.T, user, comment int64) shop.Thread {
	t.Helper()
	r, err := x.Reply(as(t, user), shop.NewReply{CommentID: comment, Content: "a reply"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (x *exchange) like(t *testing.T, user int64, kind shop.RemarkKind, id int64) {
	t.Helper()
	if _, _, err := x.SetLike(as(t, user), kind, id, nil); err != nil {
		t.Error(err)
	}
}

// counted fails the test unless every stored count is the number of rows.
func (x *exchange) counted(t *testing.T) {
	t.Helper()
	if n := x.count(t, "SELECT count(*) FROM product_infos i WHERE i.comments <> (SELECT count(*) FROM remarks r WHERE r.info_id = i.id)"); n != 0 {
		t.Errorf("%d articles count their remarks wrong", n)
	}
	if n := x.count(t, "SELECT count(*) FROM remarks r WHERE r.num_likes <> (SELECT count(*) FROM remark_likes l WHERE l.remark_id = r.id)"); n != 0 {
		t.Errorf("%d remarks count their likes wrong", n)
	}
}

func TestAPageTakesTheSameStatementsWhateverItsSize(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		for user := int64(1); user <= 60; user++ {
			c := x.comment(t, user, x.infos[0], "a comment")
			x.comment(t, user, x.infos[0], "another")
			for i := range user % 4 {
				r := x.reply(t, user+i, c.ID)
				x.like(t, user, shop.KindReply, r.ID)
			}
			x.like(t, user+1, shop.KindComment, c.ID)
		}
		for _, viewer := range []context.Context{t.Context(), as(t, 7)} {
			var first int64
			for _, size := range []int{1, 20, 100} {
				r, err := shop.CommentList(x.infos[0]).Parse("", size)
				if err != nil {
					t.Fatal(err)
				}
				ctx, n := db.WithCounter(viewer)
				page, err := x.Comments(ctx, x.infos[0], r)
				if err != nil || len(page.Rows) != size {
					t.Fatalf("%d of %d, %v", len(page.Rows), size, err)
				}
				if first == 0 {
					first = n.Load()
				}
				if n.Load() != first || first > 3 {
					t.Errorf("a page of %d takes %d statements, one of 1 takes %d", size, n.Load(), first)
				}
			}
		}
		x.counted(t)
	})
}

// Two who wrote and liked in the same threads are erased at once, while others
// write, like and delete there. Nobody waits in a circle.
func TestTwoAreForgottenAmongOthers(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		const rounds = 6
		for range rounds {
			x.clock.Advance(time.Hour)
			var heads []int64
			for i := range 4 {
				user := int64(1 + i%2)
				c := x.comment(t, user, x.infos[i/2], "theirs")
				x.reply(t, 3-user, c.ID)
				x.reply(t, 3, c.ID)
				x.like(t, 3-user, shop.KindComment, c.ID)
				heads = append(heads, c.ID)
			}
			own := x.comment(t, 3, x.infos[0], "a third's")
			for user := int64(1); user <= 2; user++ {
				x.like(t, user, shop.KindComment, own.ID)
				x.reply(t, user, own.ID)
			}
			var wg sync.WaitGroup
			for user := int64(1); user <= 2; user++ {
				wg.Go(func() {
					if err := x.Forget(t.Context(), user); err != nil {
						t.Error(err)
					}
				})
			}
			for i, head := range heads {
				wg.Go(func() { x.like(t, int64(10+i), shop.KindComment, head) })
				wg.Go(func() { x.reply(t, int64(10+i), head) })
			}
			wg.Go(func() {
				if err := x.DeleteRemark(as(t, 3), shop.KindComment, own.ID); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			x.counted(t)
		}
		for user := int64(1); user <= 2; user++ {
			if n := x.count(t, "SELECT count(*) FROM remarks WHERE user_id = $1 AND (content <> '' OR comment_id IS NOT NULL)", user); n != 0 {
				t.Errorf("%d remarks of user %d are left", n, user)
			}
			if n := x.count(t, "SELECT count(*) FROM remark_likes WHERE user_id = $1", user); n != 0 {
				t.Errorf("%d likes of user %d are left", n, user)
			}
		}
		if n := x.count(t, "SELECT count(*) FROM remarks WHERE content = ''"); n != 4*rounds {
			t.Errorf("%d comments without words, want %d", n, 4*rounds)
		}
		if n := x.tx.runs.Load(); n != 2*rounds {
			t.Errorf("%d transactions of the leavers ran %d times", 2*rounds, n)
		}
		if err := x.Forget(t.Context(), 1); err != nil { // an event may come again
			t.Error(err)
		}
	})
}

func TestImportedReviewsAreAsIfWritten(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		at := func(hours int) time.Time { return x.clock.Now().Add(time.Duration(hours-100) * time.Hour) }
		reviews := &shop.Reviews{
			Comments: []shop.ImportedComment{
				{Remark: shop.Remark{InfoID: x.infos[0], UserID: 1, Content: " later ", CreatedAt: at(5)}, Likes: []shop.Like{{UserID: 2, CreatedAt: at(6)}, {UserID: 3, CreatedAt: at(7)}}},
				{Remark: shop.Remark{InfoID: x.infos[0], UserID: 2, Content: "earlier", CreatedAt: at(1)}},
				{Remark: shop.Remark{InfoID: x.infos[1], UserID: 1, Content: "elsewhere", CreatedAt: at(3)}},
			},
			Replies: []shop.ImportedReply{
				{Comment: 0, Remark: shop.Remark{UserID: 3, Content: "second", CreatedAt: at(9)}, Likes: []shop.Like{{UserID: 1, CreatedAt: at(9)}}},
				{Comment: 0, Remark: shop.Remark{UserID: 2, Content: "first", CreatedAt: at(8)}},
			},
		}
		if err := x.ImportReviews(t.Context(), reviews); err != nil {
			t.Fatal(err)
		}
		x.counted(t)
		r, _ := shop.CommentList(x.infos[0]).Parse("", 0)
		list, err := x.Comments(as(t, 3), x.infos[0], r)
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
		for name, bad := range map[string]*shop.Reviews{
			"empty":       {Comments: []shop.ImportedComment{{Remark: shop.Remark{InfoID: x.infos[0], UserID: 1, Content: " "}}}},
			"no comment":  {Replies: []shop.ImportedReply{{Remark: shop.Remark{UserID: 1, Content: "x"}}}},
			"no article":  {Comments: []shop.ImportedComment{{Remark: shop.Remark{InfoID: 999, UserID: 1, Content: "x", CreatedAt: at(1)}}}},
			"too early":   {Comments: []shop.ImportedComment{{Remark: shop.Remark{InfoID: x.infos[0], UserID: 1, Content: "x", CreatedAt: at(2)}}}, Replies: []shop.ImportedReply{{Remark: shop.Remark{UserID: 1, Content: "x", CreatedAt: at(1)}}}},
			"liked twice": {Comments: []shop.ImportedComment{{Remark: shop.Remark{InfoID: x.infos[0], UserID: 1, Content: "x", CreatedAt: at(2)}, Likes: []shop.Like{{UserID: 2, CreatedAt: at(2)}, {UserID: 2, CreatedAt: at(2)}}}}},
		} {
			if err := x.ImportReviews(t.Context(), bad); err == nil {
				t.Errorf("%s was imported", name)
			}
		}
		if n := x.count(t, "SELECT count(*) FROM remarks"); n != 5 {
			t.Errorf("%d remarks, want 5", n)
		}
	})
}

// A key may be any number: whoever makes up a cursor gets a list, or none.
func TestListsBearEveryKey(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		c := x.comment(t, 1, x.infos[0], "the only one")
		x.like(t, 1, shop.KindComment, c.ID)
		kept := store.New(d)
		for _, key := range []int64{-1 << 63, -1, 0, c.ID, 1<<63 - 1} {
			for _, backward := range []bool{false, true} {
				r := page.CursorRequest{Size: 1, Key: []int64{key}, Backward: backward}
				comments, err := kept.Comments(t.Context(), x.infos[0], shop.Viewer{}, r)
				likes, errLikes := kept.Likes(t.Context(), c.ID, shop.Viewer{}, r)
				seen := key < c.ID && backward || key > c.ID && !backward
				if err != nil || errLikes != nil || (len(comments) == 1) != seen || (key <= 0 || key > c.ID) && (len(likes) == 1) != (key <= 0 && backward || key > 0 && !backward) {
					t.Errorf("%d, %v: %v, %v; %v, %v", key, backward, comments, err, likes, errLikes)
				}
			}
		}
	})
}
