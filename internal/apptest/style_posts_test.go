package apptest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
)

// keysOf returns the names of an object's fields.
func keysOf(t *testing.T, object json.RawMessage) string {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(object, &fields); err != nil {
		t.Fatalf("%s: %v", object, err)
	}
	return fmt.Sprint(slices.Sorted(maps.Keys(fields)))
}

const (
	postKeys   = "[content created_at created_by edited_at id image_ratio images liked mentions num_comments num_likes products]"
	personKeys = "[following image profile_name user_id user_name]"
)

func TestStyleAPostIsWrittenReadChangedAndDeleted(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		r := me.Post(postsPath, M{"content": "  비 오는 날엔 #오오티디  "}).Want(t, 201)
		made := apptest.Into[story](t, r)
		if made.Content != "비 오는 날엔 #오오티디" || made.CreatedBy.UserID != me.UserID || made.CreatedBy.Following != nil || made.Liked != false || made.ImageRatio != 1 || made.EditedAt != nil ||
			made.NumLikes != 0 || made.NumComments != 0 || !made.CreatedAt.Equal(s.Clock.Now().Truncate(time.Microsecond)) {
			t.Errorf("posted: %s", r.Body)
		}
		if keys := keysOf(t, r.Body); keys != postKeys {
			t.Errorf("a post has %s", keys)
		}
		for _, list := range []string{`"images":[]`, `"products":[]`, `"mentions":[]`, `"edited_at":null`} {
			if !bytes.Contains(r.Body, []byte(list)) {
				t.Errorf("no %s in %s", list, r.Body)
			}
		}
		// The same wherever and by whomever it is read, but for how they stand to it.
		if again := me.Get(postPath(made.ID, "")).Want(t, 200); !bytes.Equal(again.Body, r.Body) {
			t.Errorf("posted %s, read %s", r.Body, again.Body)
		}
		follow(t, other, me.UserID)
		for c, want := range map[*apptest.Client][2]any{s.Anonymous(): {"login required", "login required"}, other: {false, true}, s.Person(): {false, false}} {
			got := readPost(t, c, made.ID)
			if listed := feed(t, s, c, "type=latest"); len(listed) != 1 || !reflect.DeepEqual(listed[0], got) {
				t.Errorf("person %d: listed %+v, read %+v", c.UserID, listed, got)
			}
			if got.Liked != want[0] || got.CreatedBy.Following != want[1] {
				t.Errorf("person %d: liked %v, following %v", c.UserID, got.Liked, got.CreatedBy.Following)
			}
		}
		var row struct {
			CreatedBy json.RawMessage `json:"created_by"`
		}
		_ = json.Unmarshal(r.Body, &row)
		if keys := keysOf(t, row.CreatedBy); keys != personKeys {
			t.Errorf("created_by has %s", keys)
		}

		// PUT and PATCH leave what is not sent.
		s.Clock.Advance(time.Minute)
		for i, method := range []string{http.MethodPut, http.MethodPatch} {
			words := fmt.Sprint("words ", i)
			got := apptest.Into[story](t, me.Do(method, postPath(made.ID, ""), M{"content": words}).Want(t, 200))
			if got.Content != words || got.EditedAt == nil || !got.EditedAt.Equal(s.Clock.Now().Truncate(time.Microsecond)) || !got.CreatedAt.Equal(made.CreatedAt) {
				t.Errorf("%s: %+v", method, got)
			}
			if got := apptest.Into[story](t, me.Do(method, postPath(made.ID, ""), M{"image_ratio": 0.8 + float64(i)}).Want(t, 200)); got.Content != words || got.ImageRatio != 0.8+float64(i) {
				t.Errorf("%s: %+v", method, got)
			}
		}

		// Only its writer changes it, and only they and the staff delete it.
		staff := s.Staff()
		for _, method := range []string{http.MethodPut, http.MethodPatch} {
			other.Do(method, postPath(made.ID, ""), M{"content": "mine"}).WantCode(t, 403, "auth.forbidden")
			staff.Do(method, postPath(made.ID, ""), M{"content": "mine"}).WantCode(t, 403, "auth.forbidden")
			s.Anonymous().Do(method, postPath(made.ID, ""), M{"content": "mine"}).WantCode(t, 401, "auth.required")
			me.Do(method, postPath(999999, ""), M{"content": "mine"}).WantCode(t, 404, "style.post_not_found")
		}
		other.Delete(postPath(made.ID, "")).WantCode(t, 403, "auth.forbidden")
		s.Anonymous().Delete(postPath(made.ID, "")).WantCode(t, 401, "auth.required")
		s.Anonymous().Post(postsPath, M{"content": "x"}).WantCode(t, 401, "auth.required")
		second := post(t, other, "second")
		if got := readPost(t, me, made.ID).Content; got != "words 1" {
			t.Errorf("after what others tried: %q", got)
		}
		me.Delete(postPath(made.ID, "")).Want(t, 204)
		staff.Delete(postPath(second.ID, "")).Want(t, 204)
		if found := auditOf(t, staff, "action=style.post.delete"); len(found) != 1 {
			t.Errorf("the audit log: %+v", found)
		}
		for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
			me.Do(method, postPath(made.ID, ""), map[string]any{http.MethodPatch: M{"content": "x"}}[method]).WantCode(t, 404, "style.post_not_found")
		}
		me.Get(postPath(made.ID, "comments/")).WantCode(t, 404, "style.post_not_found")
		me.Get(postPath(made.ID, "likes/")).WantCode(t, 404, "style.post_not_found")
		me.Patch(postPath(made.ID, "like/"), nil).WantCode(t, 404, "style.post_not_found")
		me.Post(postPath(made.ID, "comments/"), M{"content": "x"}).WantCode(t, 404, "style.post_not_found")
		if left := feedIDs(t, s, me, "type=latest"); left != "" {
			t.Errorf("the feed still has %s", left)
		}
		wantStyleCounted(t, s)
	})
}

// Clients of the seed send JSON, forms, or forms with files.
func TestStylePostsComeInThreeForms(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		sh := newShelf(t, s.Staff())
		a, b := sh.info(nil), sh.info(nil)
		fields := url.Values{"content": {"three forms"}, "image_ratio": {"1.25"}, "productinfo_ids": {fmt.Sprint(a), fmt.Sprint(b)}}
		ways := map[string]story{
			"JSON":      postWith(t, me, M{"content": "three forms", "image_ratio": 1.25, "productinfo_ids": []int64{a, b}}),
			"a form":    apptest.Into[story](t, form(me, http.MethodPost, postsPath, fields).Want(t, 201)),
			"multipart": postShown(t, me, fields),
		}
		for name, p := range ways {
			if p.Content != "three forms" || p.ImageRatio != 1.25 || p.wares() != ids(a, b) {
				t.Errorf("%s: %+v", name, p)
			}
			change := url.Values{"content": {"two forms"}, "image_ratio": {"0.75"}, "productinfo_ids": {fmt.Sprint(a)}, "tags": {fmt.Sprintf(`[{"info_id":%d}]`, b)}}
			var r apptest.Reply
			switch name {
			case "JSON":
				r = me.Patch(postPath(p.ID, ""), M{"content": "two forms", "image_ratio": 0.75, "productinfo_ids": []int64{a}, "tags": []M{{"info_id": b}}})
			case "a form":
				r = form(me, http.MethodPatch, postPath(p.ID, ""), change)
			default:
				r = attach(t, me, http.MethodPut, postPath(p.ID, ""), change)
			}
			if got := apptest.Into[story](t, r.Want(t, 200)); got.Content != "two forms" || got.wares() != ids(b, a) || got.ImageRatio != 0.75 {
				t.Errorf("%s, changed: %+v", name, got)
			}
		}
		wantStyleCounted(t, s)
	})
}

func TestStyleWhatAPostMayNotSay(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		at := map[string]string{http.MethodPost: postsPath, http.MethodPatch: postPath(post(t, me, "stays").ID, "")}
		for method, path := range at {
			for _, raw := range []string{"", " \n\u3000", "\u200b\u200d", "\u202e\u202c", "a\x07b", "a\tb", strings.Repeat("가", 1001), strings.Repeat("x", 100_000)} {
				wantField(t, me.Do(method, path, M{"content": raw}), "content")
			}
			for _, ratio := range []any{0, -1, -0.0001} {
				wantField(t, me.Do(method, path, M{"content": "x", "image_ratio": ratio}), "image_ratio")
			}
			for _, ratio := range []string{"NaN", "-NaN", "Inf", "-Inf", "+Infinity", "0", "-1", "wide", "1e400"} {
				r := form(me, method, path, url.Values{"content": {"x"}, "image_ratio": {ratio}})
				if r.Status != 400 {
					t.Errorf("%s with the ratio %s: %d %s", method, ratio, r.Status, r.Body)
				}
			}
			for _, body := range []any{M{"content": 5}, M{"content": "x", "image_ratio": "wide"}, M{"content": "x", "productinfo_ids": "1"}, M{"content": "x", "productinfo_ids": []any{"1x"}}, M{"content": "x", "tags": 5}, M{"content": "a\x00b"}, []int{1}, "x"} {
				if r := me.Do(method, path, body); r.Status != 400 {
					t.Errorf("%s of %v: %d %s", method, body, r.Status, r.Body)
				}
			}
		}
		wantField(t, me.Post(postsPath, M{}), "content")
		if n := count(t, s, "SELECT count(*) FROM posts"); n != 1 {
			t.Fatalf("%d posts, want the first", n)
		}
		if got := feed(t, s, me, "type=latest")[0]; got.Content != "stays" || got.EditedAt != nil {
			t.Errorf("it became %+v", got)
		}

		// What is long enough, and what looks dangerous, is plain text.
		for raw, want := range map[string]string{
			strings.Repeat("가", 1000): "", strings.Repeat("😀", 1000): "", strings.Repeat("\u1112\u1161\u11ab", 1000): strings.Repeat("한", 1000),
			"<script>alert(1)</script>": "", "'); DROP TABLE posts; --": "", "두 줄\r\n입니다 ": "두 줄\n입니다", "\u202eabc": "", "@": "", "# # #": "", "a\ue000b\ue001": "",
		} {
			if want == "" {
				want = raw
			}
			if got := post(t, me, raw); got.Content != want || readPost(t, s.Anonymous(), got.ID).Content != want {
				t.Errorf("%q became %q", raw, got.Content)
			}
		}
		// A frame that no page could show is brought within bounds.
		for sent, kept := range map[float64]float64{0.0001: 0.2, 1e300: 5, 0.8: 0.8, 1.91: 1.91} {
			if got := postWith(t, me, M{"content": "x", "image_ratio": sent}); got.ImageRatio != kept {
				t.Errorf("a ratio of %v became %v", sent, got.ImageRatio)
			}
		}
	})
}

func TestStyleWhoPostsALotHasToWait(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		const most = 20
		me := s.Person()
		var written, refused atomic.Int64
		var work []func()
		for range 2 * most {
			work = append(work, func() {
				r := attach(t, me, http.MethodPost, postsPath, url.Values{"content": {"again"}}, drawn(t, 8, 8))
				switch {
				case r.Status == 201:
					written.Add(1)
				case r.Status == 429 && r.Code() == "style.too_many_posts" && r.Header.Get("Retry-After") == "3600":
					refused.Add(1)
				default:
					t.Errorf("%d %s, Retry-After %q", r.Status, r.Body, r.Header.Get("Retry-After"))
				}
			})
		}
		together(work...)
		if written.Load() != most || refused.Load() != most || count(t, s, "SELECT count(*) FROM posts") != most || len(filesOf(t, s, "style")) != most {
			t.Fatalf("%d written, %d refused, %d files", written.Load(), refused.Load(), len(filesOf(t, s, "style")))
		}
		wantStyleCounted(t, s)
		// Deleting makes no room, time does, and nobody else waits.
		me.Delete(postPath(feed(t, s, me, "type=latest")[0].ID, "")).Want(t, 204)
		s.Clock.Advance(59 * time.Minute)
		if r := me.Post(postsPath, M{"content": "x"}).WantCode(t, 429, "style.too_many_posts"); r.Header.Get("Retry-After") != "60" {
			t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
		}
		post(t, s.Person(), "not me")
		s.Clock.Advance(time.Minute)
		post(t, me, "after an hour")
	})
}
