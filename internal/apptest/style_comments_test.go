package apptest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
)

// The sample of the seed, with what this program adds to it: edited_at and
// mentions.
const seedComments = `[
  {"id": $second, "content": "reply created by admin", "created_by": {"user_id": $admin, "user_name": "$adminuser", "profile_name": "948d791", "image": null, "following": null},
   "created_at": "$at", "edited_at": null,
   "replies": [
     {"id": $reply, "content": "reply!", "to_profile": {"user_id": $third, "profile_name": "08b7103"},
      "created_by": {"user_id": $jin, "user_name": "$jinuser", "profile_name": "377bc71", "image": null, "following": true},
      "created_at": "$at", "edited_at": null, "num_likes": 1, "liked": false, "mentions": []}
   ],
   "num_likes": 1, "liked": false, "mentions": []},
  {"id": $first, "content": "comment created by admin", "created_by": {"user_id": $admin, "user_name": "$adminuser", "profile_name": "948d791", "image": null, "following": null},
   "created_at": "$at", "edited_at": null, "replies": [], "num_likes": 0, "liked": false, "mentions": []}
]`

func TestStyleCommentsAreAnsweredAsTheSeedSays(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		admin, jin, third := s.Person(), s.Person(), s.Person()
		rename(t, admin, "948d791")
		rename(t, jin, "377bc71")
		rename(t, third, "08b7103")
		follow(t, admin, jin.UserID)
		p := post(t, third, "a post")
		first := say(t, admin, p.ID, "comment created by admin")
		second := say(t, admin, p.ID, "reply created by admin")
		before := answerTo(t, third, second.ID, "takes part")
		reply := apptest.Into[remark](t, jin.Post(saidPath(second.ID, "replies/"), M{"content": "reply!", "to_profile": third.UserID}).Want(t, 201))
		third.Delete(answerPath(before.ID, "")).Want(t, 204)
		like(t, jin, saidPath(second.ID, ""))
		like(t, third, answerPath(reply.ID, ""))
		userName := func(c *apptest.Client) string { name, _, _ := strings.Cut(emailOf(t, c), "@"); return name }
		at, _ := json.Marshal(s.Clock.Now().Truncate(time.Microsecond))
		want := strings.NewReplacer("$second", fmt.Sprint(second.ID), "$first", fmt.Sprint(first.ID), "$reply", fmt.Sprint(reply.ID), "$adminuser", userName(admin), "$jinuser", userName(jin),
			"$admin", fmt.Sprint(admin.UserID), "$jin", fmt.Sprint(jin.UserID), "$third", fmt.Sprint(third.UserID), `"$at"`, string(at)).Replace(seedComments)
		got := admin.Get(postPath(p.ID, "comments/")).Want(t, 200)
		var wanted, answered []any
		if err := json.Unmarshal([]byte(want), &wanted); err != nil {
			t.Fatal(err)
		}
		if answered = apptest.Into[[]any](t, got); asJSON(answered) != asJSON(wanted) {
			t.Errorf("answered\n%s\nwant\n%s", asJSON(answered), asJSON(wanted))
		}
		// Each alone is what it is in the list.
		for path, want := range map[string]any{saidPath(second.ID, ""): wanted[0], saidPath(first.ID, ""): wanted[1], saidPath(second.ID, "replies/"): wanted[0].(M)["replies"], answerPath(reply.ID, ""): wanted[0].(M)["replies"].([]any)[0]} {
			if got := apptest.Into[any](t, admin.Get(path).Want(t, 200)); asJSON(got) != asJSON(want) {
				t.Errorf("%s\n%s\nwant\n%s", path, asJSON(got), asJSON(want))
			}
		}
		if n := readPost(t, s.Anonymous(), p.ID).NumComments; n != 3 {
			t.Errorf("the post counts %d comments and replies", n)
		}
	})
}

func TestStyleCommentsAndRepliesInTheirOrder(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b, c := s.Person(), s.Person(), s.Person()
		p, other := post(t, a, "one"), post(t, b, "other")
		if r := a.Get(postPath(p.ID, "comments/")).Want(t, 200); !bytes.Equal(bytes.TrimSpace(r.Body), []byte("[]")) || r.Header.Get("Link") != "" {
			t.Errorf("no comments: %s, Link %q", r.Body, r.Header.Get("Link"))
		}
		first := say(t, b, p.ID, "  첫 번째  ")
		s.Clock.Advance(time.Second)
		second := say(t, a, p.ID, "second")
		say(t, c, other.ID, "elsewhere")
		one, two := answerTo(t, a, first.ID, "one"), answerTo(t, c, first.ID, "two")
		if first.Content != "첫 번째" || one.ToProfile.UserID != b.UserID || second.CreatedBy.UserID != a.UserID || first.Replies == nil {
			t.Errorf("written: %+v, %+v", first, one)
		}
		list := saidOn(t, c, p.ID)
		if who(list, func(c remark) int64 { return c.ID }) != ids(second.ID, first.ID) || who(list[1].Replies, func(c remark) int64 { return c.ID }) != ids(one.ID, two.ID) {
			t.Errorf("the list: %+v", list)
		}
		for c, n := range map[int64]int64{p.ID: 4, other.ID: 1} {
			if got := readPost(t, a, c).NumComments; got != n {
				t.Errorf("post %d counts %d", c, got)
			}
		}
		// Whom a reply may speak to: those of the thread.
		for _, stranger := range []int64{0, -1, 999999, s.Person().UserID} {
			wantField(t, a.Post(saidPath(first.ID, "replies/"), M{"content": "x", "to_profile": stranger}), "to_profile")
		}
		if r := form(a, "POST", saidPath(first.ID, "replies/"), map[string][]string{"content": {"as a form"}, "to_profile": {fmt.Sprint(c.UserID)}}).Want(t, 201); apptest.Into[remark](t, r).ToProfile.UserID != c.UserID {
			t.Errorf("as a form: %s", r.Body)
		}

		// A reply is no comment; what is said in the shop is not said here.
		a.Get(saidPath(two.ID, "")).WantCode(t, 404, "style.comment_not_found")
		a.Get(answerPath(first.ID, "")).WantCode(t, 404, "style.reply_not_found")
		a.Post(saidPath(one.ID, "replies/"), M{"content": "x"}).WantCode(t, 404, "style.comment_not_found")
		a.Patch(answerPath(first.ID, "like/"), nil).WantCode(t, 404, "style.reply_not_found")
		a.Delete(answerPath(first.ID, "")).WantCode(t, 404, "style.reply_not_found")
		a.Get(saidPath(999999, "likes/")).WantCode(t, 404, "style.comment_not_found")
		for _, path := range []string{postPath(999999, "comments/"), postPath(0, "comments/"), postPath(-1, "comments/")} {
			a.Get(path).WantCode(t, 404, "style.post_not_found")
			a.Post(path, M{"content": "x"}).WantCode(t, 404, "style.post_not_found")
		}
		review := comment(t, a, newShelf(t, s.Staff()).info(nil), "a review")
		for _, r := range []apptest.Reply{a.Get(saidPath(review.ID, "")), a.Patch(saidPath(review.ID, ""), M{"content": "x"}), a.Delete(saidPath(review.ID, "")), a.Patch(saidPath(review.ID, "like/"), nil), a.Post(saidPath(review.ID, "replies/"), M{"content": "x"})} {
			r.WantCode(t, 404, "style.comment_not_found")
		}
		a.Get(commentPath(first.ID, "")).WantCode(t, 404, "shop.comment_not_found")
		wantStyleCounted(t, s)
	})
}

// Everything about comments needs a login.
func TestStyleCommentsNeedALogin(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b, staff, nobody := s.Person(), s.Person(), s.Staff(), s.Anonymous()
		p := post(t, a, "words")
		c := say(t, a, p.ID, "before")
		r := answerTo(t, b, c.ID, "before, too")
		for path, methods := range map[string]string{
			postPath(p.ID, "comments/"): "GET POST", postPath(p.ID, "likes/"): "GET", postPath(p.ID, "like/"): "PATCH",
			saidPath(c.ID, ""): "GET PATCH DELETE", saidPath(c.ID, "replies/"): "GET POST", saidPath(c.ID, "likes/"): "GET", saidPath(c.ID, "like/"): "PATCH",
			answerPath(r.ID, ""): "GET PATCH DELETE", answerPath(r.ID, "likes/"): "GET", answerPath(r.ID, "like/"): "PATCH", stylePath + "profiles/1/like/": "PATCH",
		} {
			for _, method := range strings.Fields(methods) {
				nobody.Do(method, path, map[string]any{"POST": M{"content": "x"}, "PATCH": M{"content": "x"}}[method]).WantCode(t, 401, "auth.required")
			}
		}
		for path, owner := range map[string]*apptest.Client{saidPath(c.ID, ""): a, answerPath(r.ID, ""): b} {
			for _, other := range []*apptest.Client{a, b, staff} {
				if other != owner {
					other.Patch(path, M{"content": "mine now"}).WantCode(t, 403, "auth.forbidden")
				}
				if other != owner && other != staff {
					other.Delete(path).WantCode(t, 403, "auth.forbidden")
				}
			}
			s.Clock.Advance(time.Minute)
			if edited := apptest.Into[remark](t, owner.Patch(path, M{"content": "after"}).Want(t, 200)); edited.Content != "after" || edited.EditedAt == nil || !edited.EditedAt.Equal(s.Clock.Now().Truncate(time.Microsecond)) {
				t.Errorf("edited: %+v", edited)
			}
		}
		staff.Delete(answerPath(r.ID, "")).Want(t, 204)
		a.Delete(saidPath(c.ID, "")).Want(t, 204)
		a.Delete(saidPath(c.ID, "")).WantCode(t, 404, "style.comment_not_found")
		if n := readPost(t, nobody, p.ID).NumComments; n != 0 || len(saidOn(t, b, p.ID)) != 0 {
			t.Errorf("the post counts %d", n)
		}
		// A post takes all along that is said and liked below it.
		c = say(t, b, p.ID, "about to go")
		like(t, a, answerPath(answerTo(t, b, c.ID, "too").ID, ""))
		a.Delete(postPath(p.ID, "")).Want(t, 204)
		b.Get(saidPath(c.ID, "")).WantCode(t, 404, "style.comment_not_found")
		if n := count(t, s, "SELECT (SELECT count(*) FROM remarks) + (SELECT count(*) FROM remark_likes)"); n != 0 {
			t.Errorf("%d rows of what is gone", n)
		}
		wantStyleCounted(t, s)
	})
}

func TestStyleWhatACommentMaySay(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		rename(t, other, "mina_kim")
		p := post(t, other, "words")
		c := say(t, me, p.ID, "stays")
		for _, path := range []string{postPath(p.ID, "comments/"), saidPath(c.ID, "replies/")} {
			for _, raw := range []string{"", " \n\u3000", "\u200b", "a\x07b", strings.Repeat("가", 101), strings.Repeat("x", 100_000)} {
				wantField(t, me.Post(path, M{"content": raw}), "content")
				wantField(t, me.Patch(saidPath(c.ID, ""), M{"content": raw}), "content")
			}
			for _, body := range []any{M{}, M{"content": nil}, M{"content": 5}, M{"content": []string{"x"}}, M{"content": "a\x00b"}, strings.NewReader("{"), nil} {
				if r := me.Post(path, body); r.Status != 400 {
					t.Errorf("%v: %d %s", body, r.Status, r.Body)
				}
			}
			for raw, want := range map[string]string{strings.Repeat("가", 100): "", strings.Repeat("😀", 100): "", "<b>굵게</b>": "", " 두 줄\r\n ": "두 줄"} {
				if want == "" {
					want = raw
				}
				if got := apptest.Into[remark](t, me.Post(path, M{"content": raw}).Want(t, 201)); got.Content != want {
					t.Errorf("%q became %q", raw, got.Content)
				}
			}
			if got := apptest.Into[remark](t, me.Post(path, M{"content": "hey @mina_kim, @nobody99"}).Want(t, 201)); len(got.Mentions) != 1 || got.Mentions[0].UserID != other.UserID || got.Content != "hey @mina_kim, @nobody99" {
				t.Errorf("a mention: %+v", got)
			}
		}
		wantStyleCounted(t, s)
	})
}

// Pages of comments are linked by a header, and bear changes.
func TestStylePagesOfComments(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		writers, reader := s.People(2), s.Person()
		p, other := post(t, reader, "long talk"), post(t, reader, "other")
		var want []int64
		for i := range 45 {
			want = append(want, say(t, writers[i%2], p.ID, fmt.Sprint(i)).ID)
		}
		slices.Reverse(want)
		var seen []int64
		pages := 0
		for path := postPath(p.ID, "comments/"); path != ""; pages++ {
			r := reader.Get(path).Want(t, 200)
			for _, row := range apptest.Into[[]remark](t, r) {
				seen = append(seen, row.ID)
			}
			if path = next(t, s, r); pages == 0 {
				say(t, writers[0], p.ID, "came meanwhile")
				writers[(44-25)%2].Delete(saidPath(want[25], "")).Want(t, 204)
				reader.Get(strings.Replace(path, postPath(p.ID, ""), postPath(other.ID, ""), 1)).WantCode(t, 400, "page.bad_cursor")
			}
		}
		if gone := without(want, want[25]); !slices.Equal(seen, gone) || pages != 3 {
			t.Errorf("%d pages show %v, want %v", pages, seen, gone)
		}
		for query, code := range map[string]string{"cursor=x": "page.bad_cursor", "page_size=101": "page.bad_page", "page_size=-1": "page.bad_page"} {
			reader.Get(postPath(p.ID, "comments/?"+query)).WantCode(t, 400, code)
		}
	})
}

// Whoever left is nobody: their words stay until they are erased, their posts are
// away at once.
func TestStyleWhatLeaversLeave(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		leaver, friend := s.Person(), s.Person()
		email := emailOf(t, leaver)
		sh := newShelf(t, s.Staff())
		info := sh.info(nil)
		follow(t, friend, leaver.UserID)
		follow(t, leaver, friend.UserID)
		theirs := postShown(t, leaver, map[string][]string{"content": {"rare words #gone"}, "productinfo_ids": {fmt.Sprint(info)}}, drawn(t, 9, 9))
		mine := post(t, friend, "mine")
		like(t, friend, postPath(theirs.ID, ""))
		like(t, leaver, postPath(mine.ID, ""))
		below := say(t, friend, theirs.ID, "below theirs")
		head := say(t, leaver, mine.ID, "rare words above")
		under := answerTo(t, friend, head.ID, "to the leaver")
		answer := answerTo(t, leaver, say(t, friend, mine.ID, "a friend's").ID, "rare words below")
		like(t, leaver, answerPath(under.ID, ""))
		away := func() {
			t.Helper()
			friend.Get(postPath(theirs.ID, "")).WantCode(t, 404, "style.post_not_found")
			for _, query := range []string{"type=latest", "type=following", "type=liked", "type=tag&tag=gone", "type=search&q=rare", fmt.Sprintf("type=product&info_id=%d", info), fmt.Sprintf("type=default&user_id=%d", leaver.UserID)} {
				if got := feed(t, s, friend, query); slices.ContainsFunc(got, func(p story) bool { return p.ID == theirs.ID }) {
					t.Errorf("%s still has the post", query)
				}
			}
		}
		leaver.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		away()
		list := saidOn(t, friend, mine.ID)
		if list[1].CreatedBy != nil || list[1].Content != "rare words above" || list[1].Replies[0].ToProfile != nil || list[0].Replies[0].CreatedBy != nil {
			t.Errorf("after somebody left: %+v", list)
		}
		if likes := walk[likeRow](t, s, friend, postPath(mine.ID, "likes/"), 100); len(likes) != 1 || likes[0].Profile != nil {
			t.Errorf("who likes it: %+v", likes)
		}
		login(t, leaver, email)
		if got := readPost(t, friend, theirs.ID); got.NumLikes != 1 || got.NumComments != 1 || feedIDs(t, s, friend, "type=following") != ids(theirs.ID) {
			t.Errorf("after they came back: %+v", got)
		}
		if list := saidOn(t, friend, mine.ID); list[1].CreatedBy == nil || list[1].Replies[0].ToProfile == nil {
			t.Errorf("after they came back: %+v", list)
		}
		leaver.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		s.Clock.Advance(31 * 24 * time.Hour)
		if err := s.Accounts.EraseLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		login(t, friend, emailOfPerson(t, s, friend))
		away()
		list = saidOn(t, friend, mine.ID)
		if len(list) != 2 || list[1].Content != "" || list[1].CreatedBy != nil || list[1].Replies[0].ToProfile != nil || list[1].Replies[0].NumLikes != 0 || len(list[0].Replies) != 0 {
			t.Errorf("after the erasure: %+v", list)
		}
		friend.Get(answerPath(answer.ID, "")).WantCode(t, 404, "style.reply_not_found")
		friend.Get(saidPath(below.ID, "")).WantCode(t, 404, "style.comment_not_found")
		if got := readPost(t, friend, mine.ID); got.NumLikes != 0 || got.NumComments != 3 || len(filesOf(t, s, "style")) != 0 {
			t.Errorf("the friend's post: %+v, files %v", got, filesOf(t, s, "style"))
		}
		all := contents(t, s)
		for _, table := range slices.Sorted(maps.Keys(all)) {
			if strings.Contains(all[table], "rare words") {
				t.Errorf("%s still holds their words", table)
			}
		}
		if n := count(t, s, "SELECT (SELECT count(*) FROM post_likes WHERE user_id = $1) + (SELECT count(*) FROM follows WHERE from_id = $1 OR to_id = $1) + (SELECT count(*) FROM style_people WHERE user_id = $1)", leaver.UserID); n != 0 {
			t.Errorf("%d rows of theirs are left", n)
		}
		wantStyleCounted(t, s)
	})
}
