package blob_test

import (
	"errors"
	"image"
	"io/fs"
	"path/filepath"
	"testing"

	"rally/platform/blob"
)

func TestEveryPictureIsKeptInThreeSizes(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		for _, c := range []struct {
			data          []byte
			large         image.Point
			medium, small image.Point // as they are shown
		}{
			{encodeJPEG(t, quarters(2000, 100)), image.Pt(1600, 80), image.Pt(800, 40), image.Pt(320, 16)},
			{encodePNG(t, quarters(90, 1800)), image.Pt(80, 1600), image.Pt(40, 800), image.Pt(16, 320)},
			{encodeJPEG(t, quarters(801, 801)), image.Pt(801, 801), image.Pt(800, 800), image.Pt(320, 320)},
			// What fits already is never enlarged: the next larger one is shown.
			{encodeJPEG(t, quarters(800, 50)), image.Pt(800, 50), image.Pt(800, 50), image.Pt(320, 20)},
			{encodePNG(t, quarters(320, 100)), image.Pt(320, 100), image.Pt(320, 100), image.Pt(320, 100)},
		} {
			p, _ := put(t, s, c.data)
			if p.Width != c.large.X || p.Height != c.large.Y {
				t.Errorf("%+v, want %v", p, c.large)
			}
			for size, want := range map[blob.Size]image.Point{blob.Large: c.large, blob.Medium: c.medium, blob.Small: c.small} {
				r := ask(t, s, "GET", blob.URL(blob.Variant(p.Key, size)))
				if r.StatusCode != 200 || r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || r.Header.Get("Content-Type") != "image/jpeg" {
					t.Errorf("%v in %d: status %d, %v", c.large, size, r.StatusCode, r.Header)
					continue
				}
				shown, _ := decode(t, []byte(bodyOf(t, r)))
				upright(t, shown, want.X, want.Y)
			}
			if err := s.Delete(t.Context(), p.Key); err != nil {
				t.Fatal(err)
			}
			for _, size := range []blob.Size{blob.Large, blob.Medium, blob.Small} {
				if r := ask(t, s, "GET", blob.URL(blob.Variant(p.Key, size))); r.StatusCode != 404 || r.Header.Get("Cache-Control") != "no-store" {
					t.Errorf("deleted, in %d: status %d, %v", size, r.StatusCode, r.Header)
				}
				if _, err := s.Reader(t.Context(), blob.Variant(p.Key, size)); !errors.Is(err, blob.ErrNotFound) {
					t.Errorf("deleted, in %d: %v", size, err)
				}
			}
		}
	})
}

// What is kept is what is shown, and no more.
func TestASizeThatChangesNothingIsNotKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, blob.Config{DataDir: dir})
	for side, want := range map[int]int{1000: 3, 700: 2, 300: 1} {
		before := len(filesIn(t, dir))
		put(t, s, encodeJPEG(t, quarters(side, 40)))
		if n := len(filesIn(t, dir)) - before; n != want {
			t.Errorf("%d pixels take %d files, want %d", side, n, want)
		}
	}
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return files
}

// Pictures that were stored before there were sizes, or by Put, have none.
func TestAPictureWithoutOtherSizesIsShownAsItIs(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		data := encodePNG(t, quarters(1000, 500))
		for _, key := range []string{"old/a.png", "old/half-s.png"} { // the second one only looks like a variant
			if err := s.Put(t.Context(), key, data, "image/png"); err != nil {
				t.Fatal(err)
			}
			for _, size := range []blob.Size{blob.Large, blob.Medium, blob.Small} {
				if r := ask(t, s, "GET", blob.URL(blob.Variant(key, size))); size == blob.Large && (r.StatusCode != 200 || bodyOf(t, r) != string(data)) {
					t.Errorf("%s: status %d", key, r.StatusCode)
				} else if key == "old/a.png" && size != blob.Large && (r.StatusCode != 200 || bodyOf(t, r) != string(data)) {
					t.Errorf("%s in %d: status %d", key, size, r.StatusCode)
				}
			}
		}
		// With one of them there, the nearest is shown.
		half := encodePNG(t, quarters(800, 400))
		if err := s.Put(t.Context(), blob.Variant("old/a.png", blob.Medium), half, "image/png"); err != nil {
			t.Fatal(err)
		}
		if r := ask(t, s, "GET", blob.URL(blob.Variant("old/a.png", blob.Small))); r.StatusCode != 200 || bodyOf(t, r) != string(half) {
			t.Errorf("status %d", r.StatusCode)
		}
	})
}

func TestVariant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key  string
		size blob.Size
		want string
	}{
		{"shop/abc.jpg", blob.Large, "shop/abc.jpg"}, {"shop/abc.jpg", blob.Medium, "shop/abc-m.jpg"}, {"shop/abc.png", blob.Small, "shop/abc-s.png"},
		{"a/b-c.webp", blob.Small, "a/b-c-s.webp"}, {"", blob.Small, ""}, {"none", blob.Medium, "none"},
	} {
		got := blob.Variant(c.key, c.size)
		if got != c.want {
			t.Errorf("%q in %d is %q, want %q", c.key, c.size, got, c.want)
		}
		if blob.Base(got) != c.key {
			t.Errorf("%q belongs to %q, want %q", got, blob.Base(got), c.key)
		}
	}
}

func TestFitKeepsTheRatio(t *testing.T) {
	t.Parallel()
	for _, size := range []blob.Size{blob.Large, blob.Medium, blob.Small} {
		for _, was := range []image.Point{{1, 1}, {320, 320}, {321, 7}, {79, 1000}, {960, 48}, {2000, 33}, {3, 4000}} {
			now := blob.Fit(quarters(was.X, was.Y), size).Bounds().Size()
			longest := max(was.X, was.Y)
			if longest <= int(size) {
				if now != was {
					t.Errorf("%v in %d is %v", was, size, now)
				}
				continue
			}
			if max(now.X, now.Y) != int(size) {
				t.Errorf("%v in %d is %v", was, size, now)
			}
			// Rounded to whole pixels, and never to none.
			short, want := min(now.X, now.Y), min(was.X, was.Y)*int(size)
			if off := short*longest - want; short < 1 || short > 1 && (2*off > longest || 2*off < -longest) {
				t.Errorf("%v in %d is %v", was, size, now)
			}
		}
	}
}
