package demo_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"rally/demo"
	"rally/platform/blob"
)

// The pictures that visitors see are large enough.
func TestPictures(t *testing.T) {
	t.Parallel()
	f, _ := build(t, demo.Build, demo.Options{Seed: 3, People: 10, Articles: 1, Posts: 3})
	for i, m := range f.catalogue.Images {
		want := 560
		if i == 0 {
			want = 800
		}
		if f.sizes[m.BlobKey] != [2]int{want, want} {
			t.Errorf("picture %d, %s, is %v", i, m.BlobKey, f.sizes[m.BlobKey])
		}
		// Lists show covers, and many at once: they have a small copy.
		small, there := f.sizes[blob.Variant(m.BlobKey, blob.Small)]
		if there != (i == 0) || there && small != [2]int{320, 320} {
			t.Errorf("picture %d, %s, has a small copy %v of %v", i, m.BlobKey, there, small)
		}
	}
	avatars := map[string]bool{}
	for _, u := range f.users {
		avatars[u.Image] = true
		if f.sizes[u.Image] != [2]int{256, 256} {
			t.Errorf("the avatar of %s is %v", u.ProfileName, f.sizes[u.Image])
		}
		if _, there := f.sizes[blob.Variant(u.Image, blob.Small)]; there {
			t.Errorf("the avatar of %s has a small copy", u.ProfileName)
		}
	}
	for _, p := range f.feed.Posts {
		for _, m := range p.Pictures {
			want, small := [2]int{640, height(640, p.Ratio)}, [2]int{320, height(320, p.Ratio)}
			if f.sizes[m.Key] != want || want != [2]int{m.Width, m.Height} || f.sizes[blob.Variant(m.Key, blob.Small)] != small {
				t.Errorf("a post's picture in a frame of %v is %v, its small copy %v", p.Ratio, f.sizes[m.Key], f.sizes[blob.Variant(m.Key, blob.Small)])
			}
		}
	}
	if len(avatars) != 10 || len(f.catalogue.Images) < 2 {
		t.Errorf("there are %d avatars and %d views", len(avatars), len(f.catalogue.Images))
	}
}

func height(width int, ratio float64) int { return int(float64(width)/ratio + 0.5) }

// Browsers keep what is under a key for good. So the same picture has the same
// key in every world, and no world puts another one there.
func TestPictureKeys(t *testing.T) {
	t.Parallel()
	type world struct {
		seed uint64
		day  int
	}
	worlds := map[world]*fakes{}
	seen := map[string][sha256.Size]byte{}
	for _, w := range []world{{7, 0}, {7, 1}, {8, 0}} {
		f := newFakes()
		deps := f.deps()
		deps.Now = now().Add(time.Duration(w.day) * 24 * time.Hour)
		if _, err := demo.BuildStamped(t.Context(), deps, demo.Options{Seed: w.seed, People: 12, Articles: 60}); err != nil {
			t.Fatal(err)
		}
		worlds[w] = f
		for key, sum := range f.pictures {
			if old, known := seen[key]; known && old != sum {
				t.Errorf("%s is another picture in %+v", key, w)
			}
			seen[key] = sum
			if want := fmt.Sprintf("demo/%x", sum)[:len("demo/")+24] + ".jpg"; key != want {
				t.Errorf("the key is %s, want %s", key, want)
			}
		}
	}
	// Another day brings the same articles in another order, and the same people.
	today, later := worlds[world{7, 0}], worlds[world{7, 1}]
	if slices.Equal(today.coverKeys(), later.coverKeys()) {
		t.Error("both days have one order: this shows nothing")
	}
	if len(today.pictures) != len(later.pictures) {
		t.Errorf("%d pictures, %d on another day", len(today.pictures), len(later.pictures))
	}
	for key := range today.pictures {
		if _, kept := later.pictures[key]; !kept {
			t.Errorf("%s has another key on another day", key)
		}
	}
	for i, u := range today.users {
		if u.Image != later.users[i].Image {
			t.Errorf("%s has the pictures %s and %s", u.ProfileName, u.Image, later.users[i].Image)
		}
	}
}

// coverKeys returns each article's first picture, in the articles' order.
func (f *fakes) coverKeys() []string {
	var keys []string
	for i, m := range f.catalogue.Images {
		if i == 0 || m.Info != f.catalogue.Images[i-1].Info {
			keys = append(keys, m.BlobKey)
		}
	}
	return keys
}

// A picture store that fails stops the build before anything is in the
// database.
func TestPicturesFail(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	f := newFakes()
	f.fail = full
	_, err := demo.Build(t.Context(), f.deps(), demo.Options{People: 12, Articles: 3})
	if !errors.Is(err, full) {
		t.Errorf("the error is %v", err)
	}
	if f.catalogue != nil || f.users != nil {
		t.Error("rows were written without their pictures")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := demo.Build(ctx, f.deps(), demo.Options{People: 12, Articles: 3}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled build says %v", err)
	}
}
