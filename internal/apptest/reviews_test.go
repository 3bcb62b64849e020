package apptest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
)

func commentPath(id int64, rest string) string {
	return fmt.Sprintf("/api/shop/comments/%d/%s", id, rest)
}

func replyPath(id int64, rest string) string { return fmt.Sprintf("/api/shop/replies/%d/%s", id, rest) }

func comment(t *testing.T, c *apptest.Client, info int64, content string) remark {
	t.Helper()
	return apptest.Into[remark](t, c.Post(infoPath(info, "comments/"), M{"content": content}).Want(t, 201))
}

func replyTo(t *testing.T, c *apptest.Client, id int64, content string) remark {
	t.Helper()
	return apptest.Into[remark](t, c.Post(commentPath(id, "replies/"), M{"content": content}).Want(t, 201))
}

func commentsOf(t *testing.T, c *apptest.Client, info int64) []remark {
	t.Helper()
	return apptest.Into[[]remark](t, c.Get(infoPath(info, "comments/")).Want(t, 200))
}

// wantCounted fails the test unless every stored count is the number of rows.
func wantCounted(t *testing.T, s *apptest.Server) {
	t.Helper()
	if n := count(t, s, "SELECT count(*) FROM product_infos i WHERE i.comments <> (SELECT count(*) FROM remarks r WHERE r.room = 'info' AND r.place_id = i.id)"); n != 0 {
		t.Errorf("%d articles count their comments wrong", n)
	}
	if n := count(t, s, "SELECT count(*) FROM remarks r WHERE r.num_likes <> (SELECT count(*) FROM remark_likes l WHERE l.remark_id = r.id)"); n != 0 {
		t.Errorf("%d remarks count their likes wrong", n)
	}
}

func TestCommentsAndReplies(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b, c := s.Person(), s.Person(), s.Person()
		sh := newShelf(t, s.Staff())
		info, other := sh.info(nil), sh.info(nil)
		if r := s.Anonymous().Get(infoPath(info, "comments/")).Want(t, 200); strings.TrimSpace(string(r.Body)) != "[]" || r.Header.Get("Link") != "" {
			t.Errorf("no comments: %s, Link %q", r.Body, r.Header.Get("Link"))
		}
		first := comment(t, a, info, "  발볼이 좁아요  ")
		s.Clock.Advance(time.Second)
		second := comment(t, b, info, "true to size")
		comment(t, b, other, "elsewhere")
		one := replyTo(t, b, first.ID, "one")
		two := apptest.Into[remark](t, c.Post(commentPath(first.ID, "replies/"), M{"content": "two", "to_profile": b.UserID}).Want(t, 201))
		if first.Content != "발볼이 좁아요" || first.CreatedBy.UserID != a.UserID || one.ToProfile.UserID != a.UserID || two.ToProfile.UserID != b.UserID || two.CreatedBy.UserID != c.UserID {
			t.Errorf("written: %+v, %+v, %+v", first, one, two)
		}

		// A thread is its comment's writer and whoever replied.
		for _, stranger := range []int64{0, -1, 999999, s.Person().UserID} {
			wantField(t, a.Post(commentPath(first.ID, "replies/"), M{"content": "x", "to_profile": stranger}), "to_profile")
		}
		wantField(t, b.Post(commentPath(second.ID, "replies/"), M{"content": "x", "to_profile": c.UserID}), "to_profile")

		// What is answered has the fields of the contract, and none else.
		var rows []map[string]json.RawMessage
		if err := json.Unmarshal(s.Anonymous().Get(infoPath(info, "comments/")).Want(t, 200).Body, &rows); err != nil {
			t.Fatal(err)
		}
		if keys := fmt.Sprint(slices.Sorted(maps.Keys(rows[0]))); keys != "[bought content created_at created_by edited_at id liked mentions num_likes replies]" {
			t.Errorf("a comment has %s", keys)
		}
		var replies []map[string]json.RawMessage
		_ = json.Unmarshal(rows[1]["replies"], &replies)
		if keys := fmt.Sprint(slices.Sorted(maps.Keys(replies[0]))); keys != "[content created_at created_by edited_at id liked mentions num_likes to_profile]" {
			t.Errorf("a reply has %s", keys)
		}
		var by map[string]any
		_ = json.Unmarshal(rows[0]["created_by"], &by)
		if keys := fmt.Sprint(slices.Sorted(maps.Keys(by))); keys != "[following image profile_name user_id user_name]" || by["following"] != "login required" || by["user_name"] == "" || string(rows[0]["liked"]) != `"login required"` || string(replies[0]["liked"]) != `"login required"` {
			t.Errorf("created_by %v, liked %s", by, rows[0]["liked"])
		}

		// Newest first, replies oldest first, wherever they are read.
		list := commentsOf(t, c, info)
		if len(list) != 2 || list[0].ID != second.ID || list[1].ID != first.ID || len(list[1].Replies) != 2 || list[1].Replies[0].ID != one.ID || list[1].Replies[1].ID != two.ID || list[0].Liked != false {
			t.Errorf("the list: %+v", list)
		}
		thread := apptest.Into[remark](t, s.Anonymous().Get(commentPath(first.ID, "")).Want(t, 200))
		under := apptest.Into[[]remark](t, s.Anonymous().Get(commentPath(first.ID, "replies/")).Want(t, 200))
		if !reflect.DeepEqual(thread.Replies, under) || len(under) != 2 || under[1].Content != "two" {
			t.Errorf("the thread: %+v, its replies: %+v", thread, under)
		}
		if alone := apptest.Into[remark](t, s.Anonymous().Get(replyPath(two.ID, "")).Want(t, 200)); alone.Content != "two" || alone.ToProfile.UserID != b.UserID {
			t.Errorf("a reply: %+v", alone)
		}
		if n := count(t, s, "SELECT comments FROM product_infos WHERE id = $1", info); n != 4 {
			t.Errorf("the article counts %d, want 4", n)
		}

		// A reply is no comment, and the other way round.
		a.Get(commentPath(two.ID, "")).WantCode(t, 404, "shop.comment_not_found")
		a.Get(replyPath(first.ID, "")).WantCode(t, 404, "shop.reply_not_found")
		a.Post(commentPath(one.ID, "replies/"), M{"content": "x"}).WantCode(t, 404, "shop.comment_not_found")
		a.Patch(replyPath(first.ID, "like/"), nil).WantCode(t, 404, "shop.reply_not_found")
		a.Delete(replyPath(first.ID, "")).WantCode(t, 404, "shop.reply_not_found")
		a.Get(commentPath(999999, "likes/")).WantCode(t, 404, "shop.comment_not_found")
		a.Get(infoPath(999999, "comments/")).WantCode(t, 404, "shop.info_not_found")
		a.Post(infoPath(999999, "comments/"), M{"content": "x"}).WantCode(t, 404, "shop.info_not_found")
		s.Anonymous().Post(infoPath(info, "comments/"), M{"content": "x"}).WantCode(t, 401, "auth.required")
		wantCounted(t, s)
	})
}

func TestOnlyTheWriterChangesAndOnlyTheStaffBesideDeletes(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b, staff := s.Person(), s.Person(), s.Staff()
		info := newShelf(t, staff).info(nil)
		c := comment(t, a, info, "before")
		r := replyTo(t, b, c.ID, "also before")
		s.Clock.Advance(time.Minute)
		for path, owner := range map[string]*apptest.Client{commentPath(c.ID, ""): a, replyPath(r.ID, ""): b} {
			for _, other := range []*apptest.Client{a, b, staff} {
				if other != owner {
					other.Patch(path, M{"content": "mine now"}).WantCode(t, 403, "auth.forbidden")
				}
				if other != owner && other != staff {
					other.Delete(path).WantCode(t, 403, "auth.forbidden")
				}
			}
			if same := apptest.Into[remark](t, owner.Patch(path, M{"content": apptest.Into[remark](t, owner.Get(path)).Content}).Want(t, 200)); same.EditedAt != nil {
				t.Errorf("an edit that changes nothing: %+v", same)
			}
			wantField(t, owner.Patch(path, M{"content": " "}), "content")
			if edited := apptest.Into[remark](t, owner.Patch(path, M{"content": "after"}).Want(t, 200)); edited.Content != "after" || edited.EditedAt == nil || !edited.EditedAt.Equal(s.Clock.Now().Truncate(time.Microsecond)) {
				t.Errorf("edited: %+v", edited)
			}
		}
		if list := commentsOf(t, b, info); list[0].Content != "after" || list[0].EditedAt == nil || list[0].Replies[0].EditedAt == nil {
			t.Errorf("after the edits: %+v", list)
		}

		// A comment takes its replies and all likes along.
		b.Patch(commentPath(c.ID, "like/"), nil).Want(t, 200)
		a.Patch(replyPath(r.ID, "like/"), nil).Want(t, 200)
		kept := comment(t, b, info, "stays")
		staff.Delete(commentPath(c.ID, "")).Want(t, 204)
		staff.Delete(commentPath(c.ID, "")).WantCode(t, 404, "shop.comment_not_found")
		b.Get(replyPath(r.ID, "")).WantCode(t, 404, "shop.reply_not_found")
		if list := commentsOf(t, a, info); len(list) != 1 || list[0].ID != kept.ID {
			t.Errorf("what stays: %+v", list)
		}
		if n := count(t, s, "SELECT count(*) FROM remark_likes"); n != 0 {
			t.Errorf("%d likes of what is gone", n)
		}
		wantCounted(t, s)
		last := replyTo(t, a, kept.ID, "to be deleted by its writer")
		a.Delete(replyPath(last.ID, "")).Want(t, 204)
		b.Delete(commentPath(kept.ID, "")).Want(t, 204)
		if n := count(t, s, "SELECT comments FROM product_infos WHERE id = $1", info); n != 0 {
			t.Errorf("the article counts %d, want none", n)
		}
		// An article that goes takes everything along.
		replyTo(t, b, comment(t, a, info, "about to go").ID, "too")
		staff.Delete(infoPath(info, "")).Want(t, 204)
		if n := count(t, s, "SELECT count(*) FROM remarks"); n != 0 {
			t.Errorf("%d remarks about nothing", n)
		}
	})
}

func TestBoughtItIsForWhoHasIt(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		seller, buyer, visitor := s.Person(), s.Person(), s.Person()
		sh := newShelf(t, s.Staff())
		info, other := sh.info(nil), sh.info(nil)
		p := sh.size(info, "260")
		sh.size(info, "270")
		ask(t, seller, p, 100000)
		order := apptest.Into[idOf](t, buy(buyer, p, nil).Want(t, 201)).ID
		for _, c := range []*apptest.Client{seller, buyer, visitor} {
			if comment(t, c, info, "before it came").Bought {
				t.Errorf("person %d has bought it already", c.UserID)
			}
			comment(t, c, other, "something else")
		}
		execute(t, s, "UPDATE orders SET status = 'settled' WHERE id = $1", order)
		if mine := comment(t, buyer, info, "now I have it"); !mine.Bought {
			t.Errorf("the buyer: %+v", mine)
		}
		for _, c := range commentsOf(t, s.Anonymous(), info) {
			if c.Bought != (c.CreatedBy.UserID == buyer.UserID) {
				t.Errorf("after it came: %+v", c)
			}
		}
		for _, c := range commentsOf(t, s.Anonymous(), other) {
			if c.Bought {
				t.Errorf("another article: %+v", c)
			}
		}
	})
}

var nextLink = regexp.MustCompile(`^<(https?://[^>]+)>; rel="next"$`)

// next returns the path of the page that follows, or "".
func next(t *testing.T, s *apptest.Server, r apptest.Reply) string {
	t.Helper()
	link := r.Header.Get("Link")
	if link == "" {
		return ""
	}
	found := nextLink.FindStringSubmatch(link)
	if found == nil || !strings.HasPrefix(found[1], s.URL) {
		t.Fatalf("Link %q", link)
	}
	return strings.TrimPrefix(found[1], s.URL)
}

func TestPagesOfCommentsBearChanges(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		writers := s.People(2)
		sh := newShelf(t, s.Staff())
		info, other := sh.info(nil), sh.info(nil)
		var want []int64
		for i := range 45 {
			want = append(want, comment(t, writers[i%2], info, strconv.Itoa(i)).ID)
		}
		slices.Reverse(want)
		var seen []int64
		pages := 0
		for path := infoPath(info, "comments/"); path != ""; pages++ {
			r := s.Anonymous().Get(path).Want(t, 200)
			rows := apptest.Into[[]remark](t, r)
			if len(rows) > 20 {
				t.Fatalf("a page of %d", len(rows))
			}
			for _, row := range rows {
				seen = append(seen, row.ID)
			}
			if path = next(t, s, r); pages == 0 {
				comment(t, writers[0], info, "came meanwhile")
				writers[(44-25)%2].Delete(commentPath(want[25], "")).Want(t, 204)
				s.Anonymous().Get(strings.Replace(path, infoPath(info, ""), infoPath(other, ""), 1)).WantCode(t, 400, "page.bad_cursor")
			}
		}
		if gone := slices.Delete(slices.Clone(want), 25, 26); !slices.Equal(seen, gone) || pages != 3 {
			t.Errorf("%d pages show %v, want %v", pages, seen, gone)
		}
		for query, code := range map[string]string{"cursor=x": "page.bad_cursor", "page_size=101": "page.bad_page", "page_size=-1": "page.bad_page"} {
			if r := s.Anonymous().Get(infoPath(info, "comments/?"+query)); r.Status != 400 || r.Code() != code {
				t.Errorf("%s: %d %s", query, r.Status, r.Body)
			}
		}
		if r := s.Anonymous().Get(infoPath(info, "comments/?page_size=45")).Want(t, 200); len(apptest.Into[[]remark](t, r)) != 45 || next(t, s, r) != "" {
			t.Error("a page that is just full leads on")
		}
	})
}

type likedReply struct {
	Detail   string
	Liked    bool
	NumLikes int64 `json:"num_likes"`
}

func TestLikes(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b := s.Person(), s.Person()
		info := newShelf(t, s.Staff()).info(nil)
		c := comment(t, a, info, "like me")
		r := replyTo(t, b, c.ID, "and me")
		for _, path := range []string{commentPath(c.ID, ""), replyPath(r.ID, "")} {
			for _, step := range []struct {
				body  any
				liked bool
				n     int64
			}{{nil, true, 1}, {M{}, false, 0}, {M{"value": true}, true, 1}, {M{"value": true}, true, 1}, {M{"value": false}, false, 0}, {M{"value": false}, false, 0}, {nil, true, 1}} {
				got := apptest.Into[likedReply](t, a.Patch(path+"like/", step.body).Want(t, 200))
				if got.Liked != step.liked || got.NumLikes != step.n || got.Detail == "" {
					t.Errorf("%s %v: %+v, want %v and %d", path, step.body, got, step.liked, step.n)
				}
			}
			if got := apptest.Into[likedReply](t, b.Patch(path+"like/", nil).Want(t, 200)); got.NumLikes != 2 {
				t.Errorf("the second: %+v", got)
			}
			s.Anonymous().Patch(path+"like/", nil).WantCode(t, 401, "auth.required")
			for who, want := range map[*apptest.Client]any{a: true, b: true, s.Anonymous(): "login required", s.Person(): false} {
				if got := apptest.Into[remark](t, who.Get(path).Want(t, 200)); got.Liked != want || got.NumLikes != 2 {
					t.Errorf("%s for person %d: %+v", path, who.UserID, got)
				}
			}
			type like struct{ Profile *speaker }
			one := apptest.Into[pageOfLikes[like]](t, s.Anonymous().Get(path+"likes/?page_size=1").Want(t, 200))
			if len(one.Results) != 1 || one.Results[0].Profile.UserID != b.UserID || one.Previous != nil || one.Next == nil {
				t.Fatalf("the newest like: %+v", one)
			}
			two := apptest.Into[pageOfLikes[like]](t, s.Anonymous().Get(strings.TrimPrefix(*one.Next, s.URL)).Want(t, 200))
			if len(two.Results) != 1 || two.Results[0].Profile.UserID != a.UserID || two.Next != nil || two.Previous == nil {
				t.Fatalf("the oldest like: %+v", two)
			}
			back := apptest.Into[pageOfLikes[like]](t, s.Anonymous().Get(strings.TrimPrefix(*two.Previous, s.URL)).Want(t, 200))
			if len(back.Results) != 1 || back.Results[0].Profile.UserID != b.UserID {
				t.Errorf("the way back: %+v", back)
			}
		}
		if list := commentsOf(t, b, info); list[0].Liked != true || list[0].NumLikes != 2 || list[0].Replies[0].Liked != true || list[0].Replies[0].NumLikes != 2 {
			t.Errorf("the list: %+v", list)
		}
		wantCounted(t, s)
	})
}

type pageOfLikes[T any] struct {
	Next, Previous *string
	Results        []T
}

// A hundred people toggle at once, each an odd number of times, while another
// deletes what they like.
func TestAHundredPeopleLikeAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		const crowd = 100
		a := s.Person()
		info := newShelf(t, s.Staff()).info(nil)
		kept, doomed := comment(t, a, info, "kept"), comment(t, a, info, "doomed")
		answer := replyTo(t, a, kept.ID, "kept, too")
		under := replyTo(t, a, doomed.ID, "doomed, too")
		var work []func()
		var last atomic.Int64
		for i, c := range s.People(crowd) {
			work = append(work, func() {
				for range 3 {
					if r := c.Patch(commentPath(kept.ID, "like/"), nil); wantOneOf(t, r, 200) {
						last.Store(apptest.Into[likedReply](t, r).NumLikes)
					}
				}
				wantOneOf(t, c.Patch(replyPath(answer.ID, "like/"), M{"value": i%4 != 0}), 200)
				wantOneOf(t, c.Patch(commentPath(doomed.ID, "like/"), nil), 200, 404)
				wantOneOf(t, c.Patch(replyPath(under.ID, "like/"), nil), 200, 404)
			})
			if i == crowd/2 {
				work = append(work, func() { wantOneOf(t, a.Delete(commentPath(doomed.ID, "")), 204) })
			}
		}
		together(work...)
		list := commentsOf(t, a, info)
		if len(list) != 1 || list[0].NumLikes != crowd || list[0].Replies[0].NumLikes != crowd*3/4 || last.Load() > crowd {
			t.Errorf("at the end: %+v, the last toggle said %d", list, last.Load())
		}
		if n := count(t, s, "SELECT count(*) FROM remark_likes WHERE remark_id = $1", kept.ID); n != crowd {
			t.Errorf("%d rows, want %d", n, crowd)
		}
		if n := count(t, s, "SELECT count(*) FROM remark_likes WHERE remark_id NOT IN ($1, $2)", kept.ID, answer.ID); n != 0 {
			t.Errorf("%d likes of what is gone", n)
		}
		wantCounted(t, s)

		// One person's own toggles, all at once: an even number changes nothing.
		var own []func()
		for range 8 {
			own = append(own, func() { wantOneOf(t, a.Patch(commentPath(kept.ID, "like/"), nil), 200) })
		}
		together(own...)
		if n := count(t, s, "SELECT num_likes FROM remarks WHERE id = $1", kept.ID); n != crowd {
			t.Errorf("%d likes after eight toggles of one person, want %d", n, crowd)
		}
		wantCounted(t, s)
	})
}

// People comment, reply and delete at once: the article's count stays right,
// and nobody replies to what is gone.
func TestRemarksComeAndGoAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		info := newShelf(t, s.Staff()).info(nil)
		a, people := s.Person(), s.People(8)
		for range 4 {
			c := comment(t, a, info, "will be gone")
			var deleted atomic.Int64
			drop := func() {
				if r := a.Delete(commentPath(c.ID, "")); wantOneOf(t, r, 204, 404) && r.Status == 204 {
					deleted.Add(1)
				}
			}
			work := []func(){drop, drop}
			for _, p := range people {
				work = append(work,
					func() { wantOneOf(t, p.Post(commentPath(c.ID, "replies/"), M{"content": "late?"}), 201, 404) },
					func() { wantOneOf(t, p.Post(infoPath(info, "comments/"), M{"content": "me too"}), 201) })
			}
			together(work...)
			a.Get(commentPath(c.ID, "")).WantCode(t, 404, "shop.comment_not_found")
			if deleted.Load() != 1 {
				t.Errorf("deleted %d times", deleted.Load())
			}
			wantCounted(t, s)
		}
		if n := count(t, s, "SELECT comments FROM product_infos WHERE id = $1", info); n != 32 {
			t.Errorf("%d remarks, want 32", n)
		}
	})
}

func TestWhoFloodsHasToWait(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		const most = 30
		a, b := s.Person(), s.Person()
		sh := newShelf(t, s.Staff())
		infos := []int64{sh.info(nil), sh.info(nil)}
		thread := comment(t, b, infos[0], "hello")
		var written, refused atomic.Int64
		var work []func()
		for i := range 2 * most {
			path := infoPath(infos[i%2], "comments/")
			if i%3 == 0 {
				path = commentPath(thread.ID, "replies/")
			}
			work = append(work, func() {
				r := a.Post(path, M{"content": "buy at " + strconv.Itoa(i)})
				switch {
				case r.Status == 201:
					written.Add(1)
				case r.Status == 429 && r.Code() == "shop.too_many_remarks" && r.Header.Get("Retry-After") == "600":
					refused.Add(1)
				default:
					t.Errorf("%d %s, Retry-After %q", r.Status, r.Body, r.Header.Get("Retry-After"))
				}
			})
		}
		together(work...)
		if written.Load() != most || refused.Load() != most || count(t, s, "SELECT count(*) FROM remarks WHERE user_id = $1", a.UserID) != most {
			t.Fatalf("%d written, %d refused, want %d each", written.Load(), refused.Load(), most)
		}
		wantCounted(t, s)

		// Deleting makes no room, nobody else has to wait, and time does.
		mine := commentsOf(t, a, infos[1])[0]
		a.Delete(commentPath(mine.ID, "")).Want(t, 204)
		s.Clock.Advance(9*time.Minute + 30*time.Second)
		if r := a.Post(infoPath(infos[0], "comments/"), M{"content": "again"}).WantCode(t, 429, "shop.too_many_remarks"); r.Header.Get("Retry-After") != "30" {
			t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
		}
		comment(t, b, infos[0], "not me")
		a.Patch(commentPath(thread.ID, "like/"), nil).Want(t, 200)
		s.Clock.Advance(30 * time.Second)
		refresh(t, a) // tokens live for less than that
		comment(t, a, infos[0], "back again")
	})
}
