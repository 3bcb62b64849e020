package apptest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rally/internal/apptest"
	"rally/platform/db"
)

// FuzzStyleQueries asks for lists of posts with any parameters.
func FuzzStyleQueries(f *testing.F) {
	z, postID, commentID, _, login := newStyleFuzz(f)
	for _, kind := range []string{"latest", "popular", "following", "default", "mentions", "liked", "tag", "product", "search", "", "LATEST", "\x00"} {
		for _, word := range []string{"", "1", "-1", "99999999999999999999", "한글", "ㅎ", "%", "_", "\"", "' OR 1=1 --", "a b", "a\x00", "\xff", "#tag", "NEAR(a b)", "*", "-", "\U0010ffff", "ﷺ", strings.Repeat("가", 50), strings.Repeat("(", 50)} {
			f.Add(kind, word, "1", "10")
		}
	}
	for _, raw := range []string{"", "0", "-1", "1e3", "0x1", "9223372036854775807", "-9223372036854775808", " 1"} {
		f.Add("default", "x", raw, raw)
		f.Add("product", "x", raw, raw)
	}
	f.Fuzz(func(t *testing.T, kind, word, number, size string) {
		query := url.Values{"type": {kind}, "tag": {word}, "q": {word}, "user_id": {number}, "info_id": {number}, "page_size": {size}}.Encode()
		for _, path := range []string{postsPath + "?" + query, stylePath + "search/?" + query, postPath(postID, "comments/?"+query), saidPath(commentID, "likes/?"+query), stylePath + "reports/?" + query} {
			if r := z.send(t, http.MethodGet, path, "", login); r.Status != 200 && (r.Status != 400 || r.Code() == "") {
				t.Fatalf("%s: %d %s", path, r.Status, r.Body)
			}
		}
		if r := z.send(t, http.MethodGet, stylePath+"tags/"+url.PathEscape(word)+"/", "", login); r.Status != 200 && r.Status != 400 && r.Status != 404 && r.Status != 405 {
			t.Fatalf("the tag %q: %d %s", word, r.Status, r.Body)
		}
	})
}

// forgetLimits forgets how much somebody wrote of late.
func (z fuzzed) forgetLimits(t *testing.T) {
	t.Helper()
	for _, statement := range []string{"UPDATE style_people SET posted = 0, reported = 0", "DELETE FROM remark_quotas"} {
		if _, err := db.Exec(t.Context(), z.s.DB, statement); err != nil {
			t.Fatal(err)
		}
	}
}

// wantWhole fails the test unless a post is one that a page can show.
func wantWhole(t *testing.T, body []byte) {
	t.Helper()
	var p story
	if err := json.Unmarshal(body, &p); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	if !utf8.ValidString(p.Content) || utf8.RuneCountInString(p.Content) > 1000 || p.Content == "" && len(p.Images) == 0 || p.ImageRatio < 0.2 || p.ImageRatio > 5 || len(p.Images) > 10 || len(p.Products) > 5 {
		t.Fatalf("a post: %s", body)
	}
	for _, w := range p.Products {
		if (w.X == nil) != (w.Y == nil) || w.X != nil && (*w.X < 0 || *w.X > 1 || *w.Y < 0 || *w.Y > 1 || w.Picture < 0 || w.Picture >= len(p.Images)) {
			t.Fatalf("a post shows an article at %v, %v of %d: %s", w.X, w.Y, w.Picture, body)
		}
	}
}

// FuzzStyleBodies sends any JSON to whatever takes some.
func FuzzStyleBodies(f *testing.F) {
	z, postID, commentID, replyID, login := newStyleFuzz(f)
	for _, body := range []string{
		"", "{}", "null", "[]", `"x"`, "{", `{"content":"x"}`, `{"content":null}`, `{"content":5}`, `{"content":"\ud800"}`, `{"content":"a\u0000b"}`, `{"content":"\u000e1\u000f @\u000e1\u000f"}`, `{"content":"#a @person1 #b"}`, `{"content":"` + strings.Repeat("x", 1001) + `"}`,
		`{"content":"x","image_ratio":0}`, `{"content":"x","image_ratio":1e308}`, `{"content":"x","image_ratio":-1}`, `{"content":"x","image_ratio":1e-320}`, `{"content":"x","image_ratio":1e999}`, `{"content":"x","productinfo_ids":[1,1,1]}`, `{"content":"x","productinfo_ids":[1,2]}`, `{"content":"x","productinfo_ids":null}`, `{"content":"x","productinfo_ids":[9223372036854775808]}`,
		`{"content":"x","tags":[{"info_id":1,"x":0.5,"y":0.5,"picture":0}]}`, `{"content":"x","tags":"[{\"info_id\":1}]"}`, `{"content":"x","tags":null}`, `{"content":"x","tags":[null]}`, `{"content":"x","tags":"null"}`, `{"content":"x","tags":"\"\\\"[]\\\"\""}`, `{"content":"x","tags":{"info_id":1}}`, `{"content":"x","tags":[{"info_id":1,"picture":-1}]}`, `{"content":"x","tags":[{"INFO_ID":1,"X":1e-400,"Y":0}]}`,
		`{"images":[]}`, `{"images":["x"]}`, `{"images":null,"content":"x"}`, `{"images":[""],"content":"x"}`, `{"images":["http://a/media/style/x.jpg"]}`, `{"content":"x","to_profile":1}`, `{"content":"x","to_profile":-1}`, `{"content":"x","to_profile":null}`, `{"value":true}`, `{"value":null}`, `{"value":"x"}`, `{"reason":"spam"}`, `{"reason":"spam","note":"\u0000"}`, `{"reason":"other","note":"` + strings.Repeat("가", 300) + `"}`,
		`{"content":"x","content":"y"}`, `{"content":"x","id":7,"user_id":9,"num_likes":99,"hidden":true}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		z.forgetLimits(t)
		for _, at := range []struct{ method, path string }{
			{"POST", postsPath}, {"PATCH", postPath(postID, "")}, {"PUT", postPath(postID, "")}, {"POST", postPath(postID, "comments/")}, {"PATCH", saidPath(commentID, "")}, {"POST", saidPath(commentID, "replies/")}, {"PATCH", answerPath(replyID, "")},
			{"PATCH", postPath(postID, "like/")}, {"PATCH", saidPath(commentID, "like/")}, {"PATCH", answerPath(replyID, "like/")}, {"POST", postPath(postID, "report/")},
		} {
			r := z.send(t, at.method, at.path, body, login)
			switch {
			case r.Status == 409 && r.Code() == "style.thread_full":
				if _, err := db.Exec(t.Context(), z.s.DB, "DELETE FROM remarks WHERE id > $1", replyID); err != nil {
					t.Fatal(err)
				}
			case r.Status >= 400 && (r.Code() == "" || r.Status != 400):
				t.Fatalf("%s %s of %q: %d %s", at.method, at.path, body, r.Status, r.Body)
			case r.Status < 300 && (at.path == postsPath || at.path == postPath(postID, "")):
				wantWhole(t, r.Body)
			}
		}
		if _, err := db.Exec(t.Context(), z.s.DB, "DELETE FROM posts WHERE id <> $1", postID); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzStyleForms sends forms with files: what a browser's composer makes, and what
// none does.
func FuzzStyleForms(f *testing.F) {
	z, postID, _, _, login := newStyleFuzz(f)
	picture := drawn(f, 8, 8)
	for _, seed := range []struct{ name, value, file, field string }{
		{"content", "words", string(picture), "image"}, {"image_ratio", "NaN", string(picture), "image"}, {"tags", `[{"info_id":1,"x":0.5,"y":0.5}]`, string(picture), "image"}, {"productinfo_ids", "1", "", "image"}, {"images", "", string(picture[:40]), "image"},
		{"content", "\xff", "GIF89a", "image"}, {"content", "x", string(picture), "images"}, {"image", "not a file", string(picture), "image"}, {"image_ratio", " 1.5 ", "<svg/>", "image"}, {"productinfo_ids", " ", "x", ""}, {"", "", "", ""}, {"tags", "[", "\xff\xd8\xff", "image"},
	} {
		f.Add(seed.name, seed.value, []byte(seed.file), seed.field, []byte(nil))
	}
	for _, raw := range []string{"--b\r\n", "--b--\r\n", "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"../x\"\r\nContent-Type: text/html\r\n\r\nx\r\n--b--\r\n", "--b\r\nContent-Disposition: form-data\r\n\r\n\r\n--b--", strings.Repeat("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n", 1100) + "--b--\r\n", "--b\r\n" + strings.Repeat("A: b\r\n", 5000)} {
		f.Add("", "", []byte(nil), "", []byte(raw))
	}
	f.Fuzz(func(t *testing.T, name, value string, file []byte, field string, raw []byte) {
		z.forgetLimits(t)
		boundary, body := "b", raw
		if len(raw) == 0 {
			var out bytes.Buffer
			parts := multipart.NewWriter(&out)
			if parts.WriteField(name, value) != nil {
				return // no field
			}
			if w, err := parts.CreateFormFile(field, "x"); err != nil {
				return // no file
			} else if _, err := w.Write(file); err != nil {
				t.Fatal(err)
			}
			_ = parts.Close()
			boundary, body = parts.Boundary(), out.Bytes()
		}
		for _, at := range []struct{ method, path string }{{"POST", postsPath}, {"PATCH", postPath(postID, "")}} {
			r := z.sendForm(t, at.method, at.path, boundary, body, login)
			if r.Status < 300 {
				wantWhole(t, r.Body)
			} else if r.Status != 400 && r.Status != 413 || r.Code() == "" {
				t.Fatalf("%s of %q: %d %s", at.method, body, r.Status, r.Body)
			}
		}
		// Nothing is kept that no post shows.
		shown, err := db.Get[int](t.Context(), z.s.DB, "SELECT count(*) FROM post_pictures")
		if files := filesOf(t, z.s, "style"); err != nil || len(files) < shown || len(files) > 3*shown {
			t.Fatalf("%d pictures, %d files, %v", shown, len(files), err)
		}
		me := apptest.Into[struct{ Results []idOf }](t, z.send(t, http.MethodGet, postsPath+"?type=latest&page_size=100", "", login))
		for _, p := range me.Results {
			if p.ID != postID {
				z.send(t, http.MethodDelete, postPath(p.ID, ""), "", login)
			}
		}
		if r := z.send(t, http.MethodPatch, postPath(postID, ""), `{"content":"words","images":[],"tags":[]}`, login); r.Status != 200 {
			t.Fatalf("the post: %d %s", r.Status, r.Body)
		}
	})
}

// sendForm is send of a form with files.
func (z fuzzed) sendForm(t *testing.T, method, path, boundary string, body []byte, login http.Header) apptest.Reply {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, z.s.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = login.Clone()
	r.Header.Set("Content-Type", fmt.Sprintf("multipart/form-data; boundary=%s", boundary))
	answer, err := z.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var data bytes.Buffer
	if _, err := data.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode >= 500 {
		t.Fatalf("%s %q: %d %s", method, body, answer.StatusCode, data.Bytes())
	}
	return apptest.Reply{Status: answer.StatusCode, Header: answer.Header, Body: data.Bytes()}
}
