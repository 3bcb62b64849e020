package apptest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"rally/internal/apptest"
)

func TestABlockEndsEverythingBetweenTwo(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b, c := s.Person(), s.Person(), s.Person()
		befriend(t, a, b)
		fromC, toC := asked(t, c, a), asked(t, b, c)
		made := apptest.Into[wish](t, blocks(a, b.UserID).Want(t, 201))
		if made.UserID != b.UserID || made.ProfileName != nameOf(t, b) {
			t.Errorf("blocked: %+v", made)
		}
		blocks(a, b.UserID).Want(t, 200)
		a.Post(blocksPath, M{"profile_name": nameOf(t, b)}).Want(t, 200)
		blocks(a, c.UserID).Want(t, 201)
		blocks(c, b.UserID).Want(t, 201)
		if matesOf(t, s, a) != "" || matesOf(t, s, b) != "" {
			t.Error("still friends")
		}
		for _, p := range []*apptest.Client{a, b, c} {
			if n := len(asksOf(t, s, p, "incoming")) + len(asksOf(t, s, p, "outgoing")); n != 0 {
				t.Errorf("%d requests are left", n)
			}
		}
		a.Post(askPath(fromC, "accept/"), nil).WantCode(t, 404, "friends.request_not_found")
		c.Post(askPath(toC, "accept/"), nil).WantCode(t, 404, "friends.request_not_found")

		list := walk[wish](t, s, a, blocksPath, 100)
		if len(list) != 2 || list[0].UserID != c.UserID || list[1].UserID != b.UserID || list[1].CreatedAt == nil || !list[1].CreatedAt.Equal(s.Clock.Now()) {
			t.Errorf("blocks: %+v", list)
		}
		if n := len(walk[wish](t, s, b, blocksPath, 100)); n != 0 {
			t.Errorf("who is blocked has %d blocks", n)
		}

		// To either, the other is as good as nobody.
		for _, pair := range [][2]*apptest.Client{{a, b}, {b, a}} {
			me, them := pair[0], pair[1]
			name := nameOf(t, them)
			for _, body := range []M{{"user_id": them.UserID}, {"profile_name": name}} {
				hiddenAs(t, me.Post(asksPath, body), me.Post(asksPath, M{"user_id": 999999}))
			}
			if got := look(t, me, name); len(got) != 0 {
				t.Errorf("found: %+v", got)
			}
			hiddenAs(t, me.Get(fmt.Sprintf("/api/inbox/activity/?user_id=%d", them.UserID)), me.Get("/api/inbox/activity/?user_id=999999"))
		}
		if len(look(t, s.Person(), nameOf(t, b))) != 1 {
			t.Error("hidden from everybody")
		}

		// Unblocking shows them again, and makes no friends.
		for range 2 {
			a.Delete(fmt.Sprintf("%s%d/", blocksPath, b.UserID)).Want(t, 204)
			b.Delete(fmt.Sprintf("%s%d/", blocksPath, c.UserID)).Want(t, 204) // not theirs
		}
		if len(look(t, a, nameOf(t, b))) != 1 || len(look(t, b, nameOf(t, a))) != 1 || matesOf(t, s, a) != "" {
			t.Error("after unblocking")
		}
		wishes(b, c.UserID).WantCode(t, 404, "friends.person_not_found")
		befriend(t, b, a)

		// The block stands while one of both has it.
		blocks(a, b.UserID).Want(t, 201)
		blocks(b, a.UserID).Want(t, 201) // who is blocked may block
		a.Delete(fmt.Sprintf("%s%d/", blocksPath, b.UserID)).Want(t, 204)
		wishes(a, b.UserID).WantCode(t, 404, "friends.person_not_found")
		wantTies(t, s)
	})
}

// hiddenAs fails the test unless somebody hidden is answered as nobody is.
func hiddenAs(t *testing.T, r, nobody apptest.Reply) {
	t.Helper()
	if r.Status != 404 || nobody.Status != 404 || withoutIDs(r) != withoutIDs(nobody) {
		t.Errorf("of the hidden: %d %s; of nobody: %d %s", r.Status, r.Body, nobody.Status, nobody.Body)
	}
}

// Each side sees reviews as though the other had never been there; everybody
// else, and the staff, sees all.
func TestBlocksHideReviews(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff := s.Staff()
		a, b, c := s.Person(), s.Person(), s.Person()
		info := newShelf(t, staff).info(nil)
		ofA, ofB, ofC := comment(t, a, info, "by a"), comment(t, b, info, "by b"), comment(t, c, info, "by c")
		for _, p := range []*apptest.Client{a, b, c} {
			replyTo(t, p, ofC.ID, "a reply")
			for _, id := range []int64{ofA.ID, ofB.ID, ofC.ID} {
				p.Patch(commentPath(id, "like/"), nil).Want(t, 200)
			}
		}
		replyOfB := replyTo(t, b, ofC.ID, "another by b")
		cToB := apptest.Into[remark](t, c.Post(commentPath(ofC.ID, "replies/"), M{"content": "to b", "to_profile": b.UserID}).Want(t, 201))
		before := map[*apptest.Client]int{a: 0, b: 0, c: 0, staff: 0}
		for p := range before {
			before[p] = len(commentsOf(t, p, info))
		}
		blocks(a, b.UserID).Want(t, 201)

		for _, pair := range [][2]*apptest.Client{{a, b}, {b, a}} {
			me, them := pair[0], pair[1]
			r := me.Get(infoPath(info, "comments/")).Want(t, 200)
			if strings.Contains(string(r.Body), nameOf(t, them)) || mentions(t, r.Body, them.UserID) {
				t.Errorf("the comments show them: %s", r.Body)
			}
			list := apptest.Into[[]remark](t, r)
			if len(list) != before[me]-1 {
				t.Fatalf("%d comments", len(list))
			}
			for _, said := range list {
				likes := apptest.Into[pageOfLikes[struct{ Profile *speaker }]](t, me.Get(commentPath(said.ID, "likes/")).Want(t, 200))
				if said.NumLikes != 2 || len(likes.Results) != 2 || mentions(t, me.Get(commentPath(said.ID, "likes/")).Body, them.UserID) {
					t.Errorf("comment %d has %d likes, %d listed", said.ID, said.NumLikes, len(likes.Results))
				}
				one := me.Get(commentPath(said.ID, "")).Want(t, 200)
				if mentions(t, one.Body, them.UserID) || apptest.Into[remark](t, one).NumLikes != 2 {
					t.Errorf("one comment: %s", one.Body)
				}
				if body := me.Get(commentPath(said.ID, "replies/")).Want(t, 200).Body; mentions(t, body, them.UserID) {
					t.Errorf("the replies: %s", body)
				}
			}
			// A like answers with what one sees.
			for want := int64(1); want <= 2; want++ {
				if r := apptest.Into[struct {
					NumLikes int64 `json:"num_likes"`
				}](t, me.Patch(commentPath(ofC.ID, "like/"), nil).Want(t, 200)); r.NumLikes != want {
					t.Errorf("a like makes %d, want %d", r.NumLikes, want)
				}
			}
		}
		for _, path := range []string{commentPath(ofB.ID, ""), replyPath(replyOfB.ID, "")} {
			nothing := commentPath(999999, "")
			if strings.Contains(path, "replies") {
				nothing = replyPath(999999, "")
			}
			hiddenAs(t, a.Get(path), a.Get(nothing))
			hiddenAs(t, a.Get(path+"likes/"), a.Get(nothing+"likes/"))
			hiddenAs(t, a.Patch(path+"like/", nil), a.Patch(nothing+"like/", nil))
			hiddenAs(t, a.Patch(path, M{"content": "x"}), a.Patch(nothing, M{"content": "x"}))
			hiddenAs(t, a.Delete(path), a.Delete(nothing))
		}
		hiddenAs(t, a.Post(commentPath(ofB.ID, "replies/"), M{"content": "x"}), a.Post(commentPath(999999, "replies/"), M{"content": "x"}))
		wantField(t, a.Post(commentPath(ofC.ID, "replies/"), M{"content": "x", "to_profile": b.UserID}), "to_profile")
		if told := a.Get(replyPath(cToB.ID, "")).Want(t, 200); mentions(t, told.Body, b.UserID) {
			t.Errorf("a reply to them: %s", told.Body)
		}
		for _, p := range []*apptest.Client{c, staff, s.Anonymous()} {
			list := commentsOf(t, p, info)
			if len(list) != 3 || list[0].NumLikes != 3 || len(list[0].Replies) != 5 {
				t.Errorf("another sees %d comments, %+v", len(list), list[0])
			}
		}
		wantCounted(t, s) // what is stored counts everybody

		a.Delete(fmt.Sprintf("%s%d/", blocksPath, b.UserID)).Want(t, 204)
		if n := len(commentsOf(t, b, info)); n != 3 {
			t.Errorf("%d comments after unblocking", n)
		}
	})
}

// Who doesn't see a comment doesn't see the replies to it by their numbers
// either, but for their own.
func TestAThreadOfTheHiddenIsHidden(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff := s.Staff()
		a, b, c := s.Person(), s.Person(), s.Person()
		ofB := comment(t, b, newShelf(t, staff).info(nil), "by b")
		ofC, own := replyTo(t, c, ofB.ID, "by c, to b"), replyTo(t, a, ofB.ID, "by a, to b")
		a.Get(replyPath(ofC.ID, "")).Want(t, 200)
		for _, pair := range [][2]*apptest.Client{{a, b}, {b, a}} {
			blocks(pair[0], pair[1].UserID).Want(t, 201)
			nobodys := func(part string) string { return replyPath(999999, part) }
			hiddenAs(t, a.Get(replyPath(ofC.ID, "")), a.Get(nobodys("")))
			hiddenAs(t, a.Get(replyPath(ofC.ID, "likes/")), a.Get(nobodys("likes/")))
			hiddenAs(t, a.Patch(replyPath(ofC.ID, "like/"), nil), a.Patch(nobodys("like/"), nil))
			hiddenAs(t, a.Patch(replyPath(ofC.ID, ""), M{"content": "x"}), a.Patch(nobodys(""), M{"content": "x"}))
			hiddenAs(t, a.Delete(replyPath(ofC.ID, "")), a.Delete(nobodys("")))
			hiddenAs(t, a.Get(commentPath(ofB.ID, "replies/")), a.Get(commentPath(999999, "replies/")))
			if r := a.Get(replyPath(own.ID, "")).Want(t, 200); mentions(t, r.Body, b.UserID) {
				t.Errorf("one's own reply: %s", r.Body)
			}
			a.Patch(replyPath(own.ID, ""), M{"content": "better"}).Want(t, 200)
			// The comment is b's own, so they see what others say to it.
			b.Get(replyPath(ofC.ID, "")).Want(t, 200)
			hiddenAs(t, b.Get(replyPath(own.ID, "")), b.Get(nobodys("")))
			for _, other := range []*apptest.Client{c, staff, s.Anonymous()} {
				other.Get(replyPath(ofC.ID, "")).Want(t, 200)
				other.Get(replyPath(own.ID, "")).Want(t, 200)
			}
			pair[0].Delete(fmt.Sprintf("%s%d/", blocksPath, pair[1].UserID)).Want(t, 204)
			a.Get(replyPath(ofC.ID, "")).Want(t, 200)
		}
		blocks(b, a.UserID).Want(t, 201)
		a.Delete(replyPath(own.ID, "")).Want(t, 204) // one's own words can be taken back
		wantCounted(t, s)
	})
}

// mentions reports whether any user_id of a body is the user's.
func mentions(t *testing.T, body []byte, user int64) bool {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	var in func(v any) bool
	in = func(v any) bool {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				if in(e) {
					return true
				}
			}
		case map[string]any:
			for name, e := range v {
				if n, ok := e.(float64); ok && name == "user_id" && int64(n) == user || in(e) {
					return true
				}
			}
		}
		return false
	}
	return in(v)
}

// Pages of comments are full and whole for somebody who hides others.
func TestPagesOfCommentsWithoutTheHidden(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, enemy, other := s.Person(), s.Person(), s.Person()
		info := newShelf(t, s.Staff()).info(nil)
		want := map[int64]bool{}
		for i := range 24 {
			if i%3 == 0 {
				comment(t, enemy, info, "hidden")
			} else {
				want[comment(t, other, info, "seen").ID] = true
			}
		}
		blocks(enemy, me.UserID).Want(t, 201)
		for path := infoPath(info, "comments/?page_size=5"); path != ""; {
			r := me.Get(path).Want(t, 200)
			list := apptest.Into[[]remark](t, r)
			path = next(t, s, r)
			if path != "" && len(list) != 5 {
				t.Errorf("a page of %d", len(list))
			}
			for _, said := range list {
				if !want[said.ID] {
					t.Errorf("comment %d is hidden, or twice", said.ID)
				}
				delete(want, said.ID)
			}
		}
		if len(want) != 0 {
			t.Errorf("%d comments are missing", len(want))
		}
	})
}
