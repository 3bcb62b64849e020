package apptest_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
)

// numbered are n pictures of different heights, by which the test tells them
// apart.
func numbered(t *testing.T, n int) [][]byte {
	t.Helper()
	files := make([][]byte, n)
	for i := range files {
		files[i] = drawn(t, 10, 10+i)
	}
	return files
}

// shownBy returns the heights of the pictures that a post shows.
func shownBy(t *testing.T, s *apptest.Server, p story) string {
	t.Helper()
	heights := make([]int64, len(p.Images))
	for i, address := range p.Images {
		path, ours := strings.CutPrefix(address, s.URL)
		if !ours {
			t.Fatalf("a picture is at %q", address)
		}
		m, _, err := image.DecodeConfig(bytes.NewReader(s.Anonymous().Get(path).Want(t, 200).Body))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		heights[i] = int64(m.Height)
	}
	return ids(heights...)
}

func TestStylePicturesOfAPost(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		// Ten pictures in their order, and no words.
		p := postShown(t, me, url.Values{"content": {""}}, numbered(t, 10)...)
		if got := shownBy(t, s, p); got != "10 11 12 13 14 15 16 17 18 19" || p.Content != "" || p.ImageRatio != 1 {
			t.Errorf("it shows %s: %+v", got, p)
		}
		if got := readPost(t, s.Anonymous(), p.ID); !slices.Equal(got.Images, p.Images) {
			t.Errorf("read: %v, posted: %v", got.Images, p.Images)
		}
		wantField(t, attach(t, me, http.MethodPost, postsPath, nil, numbered(t, 11)...), "image")
		if n := len(filesOf(t, s, "style")); n != 10 {
			t.Errorf("%d files", n)
		}

		// The frame is the first picture's, or what was asked for, within bounds.
		for _, c := range []struct {
			width, height int
			sent          string
			want          float64
		}{{40, 50, "", 0.8}, {40, 50, "1.5", 1.5}, {100, 1, "", 5}, {1, 100, "", 0.2}} {
			fields := url.Values{}
			if c.sent != "" {
				fields.Set("image_ratio", c.sent)
			}
			if got := postShown(t, me, fields, drawn(t, c.width, c.height), drawn(t, 9, 9)); got.ImageRatio != c.want {
				t.Errorf("%d × %d with %q: %v", c.width, c.height, c.sent, got.ImageRatio)
			}
		}

		// A large one has smaller copies, and all of them go with the post.
		before := len(filesOf(t, s, "style"))
		var photo bytes.Buffer
		if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 2000, 1000)), nil); err != nil {
			t.Fatal(err)
		}
		large := postShown(t, me, nil, photo.Bytes())
		path := strings.TrimPrefix(large.Images[0], s.URL)
		dot := strings.LastIndex(path, ".")
		for insert, width := range map[string]int{"": 1600, "-m": 800, "-s": 320} {
			m, _, err := image.DecodeConfig(bytes.NewReader(s.Anonymous().Get(path[:dot]+insert+path[dot:]).Want(t, 200).Body))
			if err != nil || m.Width != width || m.Height != width/2 {
				t.Errorf("%q is %d × %d, %v", insert, m.Width, m.Height, err)
			}
		}
		if n := len(filesOf(t, s, "style")); n != before+3 {
			t.Errorf("%d files of three sizes", n-before)
		}
		me.Delete(postPath(large.ID, "")).Want(t, 204)
		s.Anonymous().Get(path).Want(t, 404)
		if n := len(filesOf(t, s, "style")); n != before {
			t.Errorf("%d files more than before", n-before)
		}
	})
}

// Whatever is wrong with one of several pictures, none of them is stored.
func TestStyleABadPictureStoresNone(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		good := drawn(t, 10, 10)
		bad := map[string]struct {
			file   []byte
			status int
			code   string
		}{
			"SVG":     {[]byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), 400, "blob.unsupported_type"},
			"HTML":    {[]byte("<!doctype html><script>alert(1)</script>"), 400, "blob.unsupported_type"},
			"nothing": {nil, 400, "blob.unsupported_type"},
			"a half":  {good[:60], 400, "blob.bad_image"},
			"a bomb":  {bomb(t), 400, "blob.too_many_pixels"},
		}
		if s.DB.Dialect == db.SQLite { // once is enough of what takes long
			bad["10 MB"] = struct {
				file   []byte
				status int
				code   string
			}{slices.Concat(good, make([]byte, 10<<20)), 413, "blob.too_large"}
		}
		kept := postShown(t, me, url.Values{"content": {"kept"}}, good, good)
		files := filesOf(t, s, "style")
		for name, b := range bad {
			for at := range 3 {
				three := [][]byte{good, good, good}
				three[at] = b.file
				for _, to := range [][2]string{{http.MethodPost, postsPath}, {http.MethodPatch, postPath(kept.ID, "")}} {
					r := attach(t, me, to[0], to[1], url.Values{"content": {"changed"}}, three...).WantCode(t, b.status, b.code)
					if p := apptest.Into[struct {
						Errors map[string][]string
					}](t, r); len(p.Errors["image"]) != 1 {
						t.Errorf("%s doesn't say which field: %s", name, r.Body)
					}
				}
			}
		}
		// Nor when the words, the articles or the place of one are wrong.
		for field, value := range map[string]string{
			"content": strings.Repeat("x", 1001), "image_ratio": "-1", "productinfo_ids": "999999", "tags": `[{"info_id":1,"x":2,"y":2}]`,
		} {
			for _, to := range [][2]string{{http.MethodPost, postsPath}, {http.MethodPatch, postPath(kept.ID, "")}} {
				wantField(t, attach(t, me, to[0], to[1], url.Values{field: {value}}, good), field)
			}
		}
		s.Person().Patch(postPath(kept.ID, ""), M{"content": "x"}).WantCode(t, 403, "auth.forbidden")
		attach(t, s.Person(), http.MethodPatch, postPath(kept.ID, ""), nil, good).WantCode(t, 403, "auth.forbidden")
		attach(t, me, http.MethodPatch, postPath(999999, ""), nil, good).WantCode(t, 404, "style.post_not_found")
		attach(t, s.Anonymous(), http.MethodPost, postsPath, nil, good).WantCode(t, 401, "auth.required")
		if after := filesOf(t, s, "style"); !slices.Equal(after, files) {
			t.Errorf("files %v became %v", files, after)
		}
		if got := readPost(t, me, kept.ID); got.Content != "kept" || !slices.Equal(got.Images, kept.Images) || got.EditedAt != nil || count(t, s, "SELECT count(*) FROM posts") != 1 {
			t.Errorf("it became %+v", got)
		}
	})
}

// bomb is a small file of a picture of more pixels than anybody needs.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	file := out.Bytes()
	frame := bytes.Index(file, []byte{0xff, 0xc0})
	copy(file[frame+5:], []byte{0xff, 0xff, 0xff, 0xff}) // its height and width
	return file
}

func TestStylePicturesAreKeptMovedRemovedAndAdded(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		files := numbered(t, 12)
		p := postShown(t, me, url.Values{"content": {"words"}}, files[:4]...)
		all := p.Images
		change := func(fields url.Values, more ...[]byte) story {
			t.Helper()
			return apptest.Into[story](t, attach(t, me, http.MethodPatch, postPath(p.ID, ""), fields, more...).Want(t, 200))
		}
		shows := func(want string, got story) {
			t.Helper()
			if heights := shownBy(t, s, got); heights != want || got.Content != "other" || len(filesOf(t, s, "style")) != len(got.Images) {
				t.Errorf("it shows %s, want %s: %+v, files %v", heights, want, got, filesOf(t, s, "style"))
			}
		}
		shows("10 11 12 13", change(url.Values{"content": {"other"}}))
		shows("13 12 11 10", change(url.Values{"images": {all[3], all[2], all[1], all[0]}}))
		shows("12 13 10 14", change(url.Values{"images": {all[2], all[3], all[0]}}, files[4]))
		shows("12 13 10 14 15", change(nil, files[5]))
		shows("10", apptest.Into[story](t, me.Do(http.MethodPut, postPath(p.ID, ""), M{"images": []string{all[0]}}).Want(t, 200)))
		for _, gone := range all[1:] {
			s.Anonymous().Get(strings.TrimPrefix(gone, s.URL)).Want(t, 404)
		}

		// Only its own pictures stay, each once; and a post never becomes empty.
		other := postShown(t, s.Person(), nil, files[0])
		for _, images := range [][]string{{other.Images[0]}, {all[1]}, {all[0], all[0]}, {"x"}, {"../../etc/passwd"}, {all[0], other.Images[0]}} {
			wantField(t, me.Patch(postPath(p.ID, ""), M{"images": images}), "images")
		}
		wantField(t, attach(t, me, http.MethodPatch, postPath(p.ID, ""), nil, files[1:11]...), "image")
		wantField(t, me.Patch(postPath(p.ID, ""), M{"images": []string{}, "content": ""}), "content")
		if got := shownBy(t, s, readPost(t, me, p.ID)); got != "10" || len(filesOf(t, s, "style")) != 2 {
			t.Errorf("after what was refused it shows %s, with %v", got, filesOf(t, s, "style"))
		}
		// Words may go while a picture stays, and the other way round.
		if got := apptest.Into[story](t, me.Patch(postPath(p.ID, ""), M{"content": ""}).Want(t, 200)); got.Content != "" || len(got.Images) != 1 {
			t.Errorf("without words: %+v", got)
		}
		if got := apptest.Into[story](t, me.Patch(postPath(p.ID, ""), M{"content": "words", "images": []string{}}).Want(t, 200)); got.Content != "words" || len(got.Images) != 0 {
			t.Errorf("without pictures: %+v", got)
		}
		change(nil, files[0])
		if got := change(url.Values{"images": {""}}); len(got.Images) != 0 || len(filesOf(t, s, "style")) != 1 {
			t.Errorf("an empty field: %v, files %v", got.Images, filesOf(t, s, "style"))
		}
		me.Delete(postPath(p.ID, "")).Want(t, 204)
		if left := filesOf(t, s, "style"); len(left) != 1 {
			t.Errorf("left: %v", left)
		}
	})
}

// An article stays where it was shown when the pictures move.
func TestStyleTagsFollowTheirPictures(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, sh := s.Person(), newShelf(t, s.Staff())
		a, b, c := sh.info(nil), sh.info(nil), sh.info(nil)
		tags := fmt.Sprintf(`[{"info_id":%d,"x":0.1,"y":0.2,"picture":0},{"info_id":%d,"x":0.3,"y":0.4,"picture":2},{"info_id":%d}]`, a, b, c)
		p := postShown(t, me, url.Values{"tags": {tags}}, numbered(t, 3)...)
		places := func(p story) string {
			var out []string
			for _, w := range p.Products {
				if w.X == nil {
					out = append(out, "-")
				} else {
					out = append(out, strconv.Itoa(w.Picture)+":"+fmt.Sprint(*w.X))
				}
			}
			return strings.Join(out, " ")
		}
		if got := places(p); got != "0:0.1 2:0.3 -" {
			t.Fatalf("posted: %s", got)
		}
		for _, step := range []struct {
			images []int
			want   string
		}{{[]int{2, 1, 0}, "2:0.1 0:0.3 -"}, {[]int{2, 0}, "1:0.1 0:0.3 -"}, {[]int{0}, "0:0.1 - -"}} {
			keep := []string{}
			for _, i := range step.images {
				keep = append(keep, p.Images[i])
			}
			if got := places(apptest.Into[story](t, me.Patch(postPath(p.ID, ""), M{"images": keep}).Want(t, 200))); got != step.want {
				t.Errorf("with the pictures %v the articles are at %s, want %s", step.images, got, step.want)
			}
		}
		// Where both are sent, a place is one in the new pictures.
		sent := fmt.Sprintf(`[{"info_id":%d,"x":1,"y":1,"picture":1}]`, a)
		got := apptest.Into[story](t, attach(t, me, http.MethodPatch, postPath(p.ID, ""), url.Values{"tags": {sent}}, drawn(t, 5, 5)).Want(t, 200))
		if places(got) != "1:1" {
			t.Errorf("in a new picture: %s", places(got))
		}
		wantField(t, me.Patch(postPath(p.ID, ""), M{"images": []string{got.Images[0]}, "tags": []M{{"info_id": a, "x": 1, "y": 1, "picture": 1}}}), "tags")
	})
}
