package blob_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rally/platform/blob"
)

// among answers which of the keys it is asked for are in use.
func among(used ...string) blob.InUse {
	return func(_ context.Context, keys []string) (map[string]bool, error) {
		m := map[string]bool{}
		for _, k := range keys {
			m[k] = slices.Contains(used, k)
		}
		return m, nil
	}
}

// has tells whether a store keeps something under a key.
func has(t *testing.T, s *blob.Store, key string) bool {
	t.Helper()
	r, err := s.Reader(t.Context(), key)
	if errors.Is(err, blob.ErrNotFound) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	return true
}

func TestSweepDeletesWhatNobodyUses(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		data := encodeJPEG(t, quarters(900, 30))
		upload := func(prefix string) string {
			p, err := s.PutPicture(t.Context(), prefix, strings.NewReader(string(data)))
			if err != nil {
				t.Fatal(err)
			}
			return p.Key
		}
		used, orphan, elsewhere, near := upload("shop"), upload("shop"), upload("style"), upload("shopping")
		later := time.Now().Add(25 * time.Hour)

		// What is young may get its row yet.
		if n, err := s.Sweep(t.Context(), "shop", later.Add(-50*time.Hour), among(used)); n != 0 || err != nil {
			t.Fatalf("%d young objects were deleted, %v", n, err)
		}
		// Whoever doesn't know deletes nothing.
		boom := errors.New("the database is away")
		if n, err := s.Sweep(t.Context(), "shop", later, func(context.Context, []string) (map[string]bool, error) { return nil, boom }); n != 0 || !errors.Is(err, boom) {
			t.Fatalf("%d objects were deleted, %v", n, err)
		}
		for i, want := range []int{3, 0} { // each size is an object
			if n, err := s.Sweep(t.Context(), "shop", later, among(used)); n != want || err != nil {
				t.Errorf("sweep %d: %d objects were deleted, %v", i, n, err)
			}
		}
		for _, size := range []blob.Size{blob.Large, blob.Medium, blob.Small} {
			for key, want := range map[string]bool{used: true, orphan: false, elsewhere: true, near: true} {
				if got := has(t, s, blob.Variant(key, size)); got != want {
					t.Errorf("%s in %d: there %v, want %v", key, size, got, want)
				}
			}
		}
		if n, err := s.Sweep(t.Context(), "nothing/here", later, among()); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		for _, prefix := range []string{"", "/", "..", "shop/"} {
			if _, err := s.Sweep(t.Context(), prefix, later, among()); err == nil {
				t.Errorf("prefix %q was taken", prefix)
			}
		}
	})
}

// A bucket may hold more than one listing gives, and what is asked at once is
// bounded. Sizes of one picture may stand on two pages.
func TestSweepGoesPageByPage(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		data := encodePNG(t, quarters(2, 2))
		const pictures = 350
		var used []string
		all := map[string]bool{}
		keys := make(chan string)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for key := range keys {
					if err := s.Put(t.Context(), key, data, "image/png"); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for i := range pictures {
			key := fmt.Sprintf("shop/%03d.png", i)
			if i%2 == 0 {
				used = append(used, key)
			}
			for _, size := range []blob.Size{blob.Large, blob.Medium, blob.Small} {
				all[blob.Variant(key, size)] = i%2 == 0
				keys <- blob.Variant(key, size)
			}
		}
		close(keys)
		wg.Wait()
		asked := 0
		n, err := s.Sweep(t.Context(), "shop", time.Now().Add(time.Hour), func(ctx context.Context, keys []string) (map[string]bool, error) {
			asked++
			if len(keys) > 1000 {
				t.Errorf("asked for %d at once", len(keys))
			}
			return among(used...)(ctx, keys)
		})
		if n != 3*pictures/2 || err != nil || asked != 2 {
			t.Errorf("%d objects were deleted, %v, with %d questions", n, err, asked)
		}
		for key, want := range all {
			if got := has(t, s, key); got != want {
				t.Errorf("%s: there %v, want %v", key, got, want)
			}
		}
	})
}

// A folder keeps what a crash left of a write; nobody else's files are touched.
func TestSweepTidiesAFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, blob.Config{DataDir: dir})
	folder := filepath.Join(dir, "media", "shop")
	if err := os.MkdirAll(filepath.Join(folder, "locked.jpg"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, goes := range map[string]bool{"a.jpg.18f3a2.tmp": true, "b-s.png.1.tmp": true, "note.txt": false, "x.tmp": false, "README": false, "UPPER.jpg": false, "c.jpg": true} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := os.Stat(path); os.IsNotExist(err) != goes {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	if n, err := s.Sweep(t.Context(), "shop", time.Now().Add(time.Hour), among()); n != 3 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// Uploads go on while a sweep runs; none of them is lost, on any node.
func TestASweepTakesNoUploadInProgress(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		data := string(encodeJPEG(t, quarters(400, 30)))
		before := time.Now().Add(-24 * time.Hour)
		done := make(chan struct{})
		swept := make(chan error, 1)
		go func() {
			var err error
			for err == nil {
				select {
				case <-done:
					swept <- nil
					return
				default:
					_, err = s.Sweep(t.Context(), "shop", before, among()) // no row has been committed yet
				}
			}
			swept <- err
		}()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 5 {
					p, err := s.PutPicture(t.Context(), "shop", strings.NewReader(data))
					if err != nil {
						t.Error(err)
					} else if !has(t, s, p.Key) || !has(t, s, blob.Variant(p.Key, blob.Small)) {
						t.Errorf("%s was swept", p.Key)
					}
				}
			})
		}
		wg.Wait()
		close(done)
		if err := <-swept; err != nil {
			t.Error(err)
		}
	})
}

// What can't be deleted doesn't keep the rest, and is told.
func TestSweepPassesOverWhatItCantDelete(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, blob.Config{DataDir: dir})
	data := encodePNG(t, quarters(2, 2))
	for _, key := range []string{"shop/1.png", "shop/2.png", "shop/3.png"} {
		if err := s.Put(t.Context(), key, data, "image/png"); err != nil {
			t.Fatal(err)
		}
	}
	n, err := s.Sweep(t.Context(), "shop", time.Now().Add(time.Hour), func(context.Context, []string) (map[string]bool, error) {
		// Between the listing and the deletion it becomes a folder with
		// something in it, which not even root deletes.
		path := filepath.Join(dir, "media", "shop", "2.png")
		return nil, errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, "full"), 0o700))
	})
	if n != 2 || err == nil || !strings.Contains(err.Error(), "shop/2.png") || has(t, s, "shop/1.png") || has(t, s, "shop/3.png") {
		t.Errorf("%d objects were deleted, %v", n, err)
	}
}
