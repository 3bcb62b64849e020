package apptest_test

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/db"
)

func TestWhatLeaversSaid(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		leaver, friend := s.Person(), s.Person()
		sh := newShelf(t, s.Staff())
		info, other := sh.info(nil), sh.info(nil)
		email := emailOf(t, leaver)
		lonely := comment(t, leaver, info, "rare words alone")
		replyTo(t, leaver, lonely.ID, "rare words to myself")
		head := comment(t, leaver, info, "rare words above")
		under := replyTo(t, friend, head.ID, "under it")
		mine := comment(t, friend, other, "a friend's")
		answer := replyTo(t, leaver, mine.ID, "rare words below")
		back := apptest.Into[remark](t, friend.Post(commentPath(mine.ID, "replies/"), M{"content": "to the leaver", "to_profile": leaver.UserID}).Want(t, 201))
		for _, path := range []string{commentPath(mine.ID, ""), replyPath(under.ID, ""), commentPath(head.ID, "")} {
			leaver.Patch(path+"like/", nil).Want(t, 200)
			friend.Patch(path+"like/", nil).Want(t, 200)
		}

		// Whoever has left is nobody, but their words stay while they can come back.
		leaver.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		list := commentsOf(t, friend, info)
		if len(list) != 2 || list[0].CreatedBy != nil || list[0].Content != "rare words above" || list[0].Replies[0].ToProfile != nil || list[0].Replies[0].CreatedBy.UserID != friend.UserID || list[0].NumLikes != 2 {
			t.Errorf("after somebody left: %+v", list)
		}
		if got := apptest.Into[pageOfLikes[struct{ Profile *speaker }]](t, friend.Get(commentPath(mine.ID, "likes/")).Want(t, 200)); len(got.Results) != 2 || got.Results[0].Profile == nil || got.Results[1].Profile != nil {
			t.Errorf("who likes it: %+v", got.Results)
		}
		login(t, leaver, email)
		if list := commentsOf(t, friend, info); list[0].CreatedBy == nil || list[0].CreatedBy.UserID != leaver.UserID || list[0].Replies[0].ToProfile == nil {
			t.Errorf("after they came back: %+v", list)
		}
		leaver.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)

		// After 30 days the words go, and what nobody answered.
		s.Clock.Advance(31 * 24 * time.Hour)
		if err := s.Accounts.EraseLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		list = commentsOf(t, s.Anonymous(), info)
		if len(list) != 1 || list[0].ID != head.ID || list[0].Content != "" || list[0].CreatedBy != nil || list[0].NumLikes != 1 || len(list[0].Replies) != 1 || list[0].Replies[0].NumLikes != 1 {
			t.Errorf("after the erasure: %+v", list)
		}
		s.Anonymous().Get(replyPath(answer.ID, "")).WantCode(t, 404, "shop.reply_not_found")
		if left := apptest.Into[remark](t, s.Anonymous().Get(replyPath(back.ID, "")).Want(t, 200)); left.ToProfile != nil || left.Content != "to the leaver" {
			t.Errorf("a reply to nobody: %+v", left)
		}
		for table, rows := range contents(t, s) {
			if strings.Contains(rows, "rare words") {
				t.Errorf("%s still holds their words", table)
			}
		}
		for _, table := range []string{"remark_likes", "remark_quotas"} {
			if n := count(t, s, "SELECT count(*) FROM "+table+" WHERE user_id = $1", leaver.UserID); n != 0 {
				t.Errorf("%d of %s are left", n, table)
			}
		}
		wantCounted(t, s)

		// With its last reply goes a comment that says nothing.
		login(t, friend, emailOfPerson(t, s, friend))
		friend.Delete(replyPath(under.ID, "")).Want(t, 204)
		if list := commentsOf(t, friend, info); len(list) != 0 {
			t.Errorf("a comment without words and replies: %+v", list)
		}
		wantCounted(t, s)
	})
}

// emailOfPerson is emailOf for somebody whose tokens have expired.
func emailOfPerson(t *testing.T, s *apptest.Server, c *apptest.Client) string {
	t.Helper()
	email, err := db.Get[string](t.Context(), s.DB, "SELECT email FROM users WHERE id = $1", c.UserID)
	if err != nil {
		t.Fatal(err)
	}
	return email
}

func TestAnExportHoldsWhatOneWrote(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		info := newShelf(t, s.Staff()).info(nil)
		mine, theirs := comment(t, me, info, "my own words"), comment(t, other, info, "another's words")
		answer := replyTo(t, me, theirs.ID, "my own answer")
		replyTo(t, other, mine.ID, "another's answer")
		r := me.Get(base+"export/").Want(t, 200)
		var kept struct {
			Reviews []struct {
				ID      int64
				InfoID  int64  `json:"info_id"`
				EngName string `json:"eng_name"`
				ReplyTo *int64 `json:"reply_to"`
				Content string
			}
		}
		part := apptest.Into[struct{ Modules map[string]json.RawMessage }](t, r).Modules["shop"]
		if err := json.Unmarshal(part, &kept); err != nil {
			t.Fatal(err)
		}
		if len(kept.Reviews) != 2 || kept.Reviews[0].ID != answer.ID || kept.Reviews[0].ReplyTo == nil || *kept.Reviews[0].ReplyTo != theirs.ID ||
			kept.Reviews[1].Content != "my own words" || kept.Reviews[1].InfoID != info || kept.Reviews[1].EngName == "" || kept.Reviews[1].ReplyTo != nil {
			t.Errorf("the shop's part: %s", part)
		}
		if strings.Contains(string(part), "another's") {
			t.Errorf("the export tells what another wrote: %s", part)
		}
	})
}

func TestHostileWords(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		info := newShelf(t, s.Staff()).info(nil)
		for _, raw := range []string{"", " ", "\n\t\u3000", "\u200b\u200d\u2060", "\u202e\u202c", "\ufeff", "\u3164", "a\x07b", "a\tb", "a\rb", "a\x1b[31mb", "a\u0085b", "a\u009bb", strings.Repeat("가", 501), strings.Repeat("x", 100_000)} {
			wantField(t, me.Post(infoPath(info, "comments/"), M{"content": raw}), "content")
		}
		for _, body := range []any{M{}, M{"content": "a\x00b"}, M{"content": nil}, M{"content": 5}, M{"content": []string{"x"}}, strings.NewReader("{"), nil} {
			if r := me.Post(infoPath(info, "comments/"), body); r.Status != 400 {
				t.Errorf("%v: %d %s", body, r.Status, r.Body)
			}
		}
		if n := count(t, s, "SELECT count(*) FROM remarks"); n != 0 {
			t.Fatalf("%d comments of nonsense", n)
		}
		for raw, want := range map[string]string{
			"<script>alert(1)</script><img src=x onerror=alert(1)>": "", "'); DROP TABLE remarks; --": "", `{"$ne": 1} ${7*7} {{7*7}}`: "", "a\u202eb\u200bc\u200f\ufeffd": "", "شكراً جزيلاً": "", "👩‍👩‍👧‍👦": "", "z̷̡a̵l̸g̴o": "",
			" 두 줄\r\n입니다 ": "두 줄\n입니다", "\u1112\u1161\u11ab\u1100\u1173\u11af": "한글", "e\u0301": "é", strings.Repeat("😀", 500): "", strings.Repeat("\u1112\u1161\u11ab", 500): strings.Repeat("한", 500),
		} {
			if want == "" {
				want = raw
			}
			r := me.Post(infoPath(info, "comments/"), M{"content": raw}).Want(t, 201)
			got := apptest.Into[remark](t, r)
			if got.Content != want {
				t.Errorf("%q became %q", raw, got.Content)
			}
			again := s.Anonymous().Get(commentPath(got.ID, "")).Want(t, 200)
			if apptest.Into[remark](t, again).Content != want || !strings.HasPrefix(again.Header.Get("Content-Type"), "application/json") || again.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%q is shown as %q, %v", raw, again.Body, again.Header)
			}
		}
	})
}

// FuzzReviewCursors makes up places in lists that everybody may read.
func FuzzReviewCursors(f *testing.F) {
	s := apptest.Start(f, db.SQLite, map[string]string{"RALLY_SECRET": rand.Text() + rand.Text()})
	staff := s.Staff()
	brand := apptest.Into[idOf](f, staff.Post("/api/shop/brands/", M{"name": "Solbit"}).Want(f, 201)).ID
	info := apptest.Into[idOf](f, staff.Post("/api/shop/productinfos/", M{"brand": brand, "eng_name": "Court 84", "category": "shoes"}).Want(f, 201)).ID
	var last int64
	for _, word := range []string{"one", "two", "three"} {
		last = apptest.Into[idOf](f, staff.Post(infoPath(info, "comments/"), M{"content": word}).Want(f, 201)).ID
	}
	link := s.Anonymous().Get(infoPath(info, "comments/?page_size=1")).Want(f, 200).Header.Get("Link")
	address, err := url.Parse(strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`))
	if err != nil {
		f.Fatal(err)
	}
	good := address.Query().Get("cursor")
	for _, seed := range append(spellings(good), good) {
		f.Add(seed, "1")
	}
	for _, size := range []string{"0", "-1", "101", "1e9", "99999999999999999999", "x", ""} {
		f.Add(good, size)
	}
	z := fuzzed{s: s, client: &http.Client{Transport: &http.Transport{}}}
	f.Fuzz(func(t *testing.T, cursor, size string) {
		query := "?" + url.Values{"cursor": {cursor}, "page_size": {size}}.Encode()
		// Only whoever knows how the list is named could make up another one.
		if r := z.send(t, http.MethodGet, infoPath(info, "comments/")+query, "", http.Header{}); r.Status != 400 && (r.Status != 200 || cursor != good && cursor != "") {
			t.Fatalf("%q, %q: %d %s", cursor, size, r.Status, r.Body)
		}
		if r := z.send(t, http.MethodGet, commentPath(last, "likes/")+query, "", http.Header{}); r.Status != 400 && cursor != "" {
			t.Fatalf("likes take %q, %q: %d %s", cursor, size, r.Status, r.Body)
		}
	})
}

func TestAThreadHasAnEnd(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, people := s.Person(), s.People(5)
		c := comment(t, a, newShelf(t, s.Staff()).info(nil), "long")
		var made atomic.Int64
		var work []func()
		for i := range 110 {
			work = append(work, func() {
				r := people[i%5].Post(commentPath(c.ID, "replies/"), M{"content": "x"})
				if wantOneOf(t, r, 201, 409) && r.Status == 201 {
					made.Add(1)
				} else if r.Code() != "shop.thread_full" {
					t.Errorf("%s", r.Body)
				}
			})
		}
		together(work...)
		if n := len(apptest.Into[[]remark](t, a.Get(commentPath(c.ID, "replies/")).Want(t, 200))); n != 100 || made.Load() != 100 {
			t.Errorf("%d replies, %d made", n, made.Load())
		}
		wantCounted(t, s)
	})
}
