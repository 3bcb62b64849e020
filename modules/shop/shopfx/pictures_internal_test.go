package shopfx

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"slices"
	"testing"
	"time"

	"go.uber.org/zap"

	"rally/modules/shop"
	"rally/modules/shop/internal/store"
	"rally/platform/blob"
	"rally/platform/db"
	"rally/platform/jobs"
	"rally/platform/testkit"
)

// eachGallery runs fn on every database with every picture store.
func eachGallery(t *testing.T, fn func(t *testing.T, g gallery)) {
	t.Helper()
	for name, cfg := range map[string]func(t *testing.T) blob.Config{
		"folder": func(t *testing.T) blob.Config { return blob.Config{DataDir: t.TempDir()} },
		"s3":     func(t *testing.T) blob.Config { return blob.Config{URL: testkit.S3(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.EachDB(t, func(t *testing.T, d *db.DB) {
				blobs, err := blob.Open(t.Context(), cfg(t))
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = blobs.Close() })
				fn(t, gallery{newPictureStore(blobs, zap.NewNop()), blobs, store.New(d), d})
			})
		})
	}
}

// gallery is pictures and their rows.
type gallery struct {
	pictureStore
	blobs *blob.Store
	rows  *store.Store
	db    *db.DB
}

// article makes an article to hang pictures on.
func (g gallery) article(t *testing.T) int64 {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Second)
	c := &shop.Catalogue{
		Brands: []shop.Brand{{Name: "Solbit", CreatedAt: now}},
		Infos:  []shop.ImportedInfo{{Info: shop.Info{EngName: "Lamp", KorName: "등", Category: "life", DeliveryTag: shop.DeliveryImmediate, Tick: 1000, CreatedAt: now}}},
	}
	if err := g.db.InTx(t.Context(), func(ctx context.Context) error { return g.rows.ImportCatalogue(ctx, c) }); err != nil {
		t.Fatal(err)
	}
	return c.Infos[0].ID
}

// save uploads a picture that is kept in all sizes.
func (g gallery) save(t *testing.T) shop.Image {
	t.Helper()
	var data bytes.Buffer
	if err := png.Encode(&data, image.NewGray(image.Rect(0, 0, 1000, 20))); err != nil {
		t.Fatal(err)
	}
	m, err := g.Save(t.Context(), &data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (g gallery) hang(t *testing.T, info int64, m shop.Image) shop.Image {
	t.Helper()
	m.InfoID, m.CreatedAt = info, time.Now().UTC().Truncate(time.Second)
	if err := g.db.InTx(t.Context(), func(ctx context.Context) error { return g.rows.AddImage(ctx, &m) }); err != nil {
		t.Fatal(err)
	}
	return m
}

// sizes tells in which sizes a picture is there.
func (g gallery) sizes(t *testing.T, m shop.Image) []blob.Size {
	t.Helper()
	var there []blob.Size
	for _, size := range []blob.Size{blob.Large, blob.Medium, blob.Small} {
		r, err := g.blobs.Reader(t.Context(), blob.Variant(m.BlobKey, size))
		switch {
		case err == nil:
			_ = r.Close()
			there = append(there, size)
		case !errors.Is(err, blob.ErrNotFound):
			t.Fatal(err)
		}
	}
	return there
}

// sweepOnce runs the job as the program does, at a time that is ahead of now.
func (g gallery) sweepOnce(t *testing.T, ahead time.Duration) {
	t.Helper()
	const done = "SELECT count(*) FROM river_job WHERE kind = 'shop.sweep_pictures' AND state = 'completed'"
	before, err := db.Get[int64](t.Context(), g.db, done)
	if err != nil {
		t.Fatal(err)
	}
	cfg := testkit.Defaults[jobs.Config](t)
	cfg.PollInterval = 10 * time.Millisecond
	client, err := jobs.Open(g.db, cfg, zap.NewNop(), []jobs.Job{sweepPictures(g.db, g.pictureStore, func() time.Time { return time.Now().Add(ahead) })})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "the sweep ends", func() bool {
		n, err := db.Get[int64](t.Context(), g.db, done)
		if err != nil {
			t.Fatal(err)
		}
		return n > before
	})
	if err := client.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestPicturesThatNoArticleShowsAreSwept(t *testing.T) {
	t.Parallel()
	eachGallery(t, func(t *testing.T, g gallery) {
		info := g.article(t)
		shown, orphan := g.hang(t, info, g.save(t)), g.save(t)
		all := []blob.Size{blob.Large, blob.Medium, blob.Small}

		// A picture of today may be on its way to its row.
		g.sweepOnce(t, 23*time.Hour)
		if !slices.Equal(g.sizes(t, orphan), all) {
			t.Fatalf("a young picture is there in %v", g.sizes(t, orphan))
		}
		g.sweepOnce(t, 25*time.Hour)
		if !slices.Equal(g.sizes(t, shown), all) || len(g.sizes(t, orphan)) != 0 {
			t.Errorf("shown: %v, not shown: %v", g.sizes(t, shown), g.sizes(t, orphan))
		}

		// The row goes, and a crash comes before the files do.
		if err := g.db.InTx(t.Context(), func(ctx context.Context) error { return g.rows.DeleteImage(ctx, shown.ID) }); err != nil {
			t.Fatal(err)
		}
		g.sweepOnce(t, 25*time.Hour)
		if left := g.sizes(t, shown); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
}

// A deletion takes every size along, once it has committed and not before.
func TestADeletedPictureLeavesInAllSizes(t *testing.T) {
	t.Parallel()
	eachGallery(t, func(t *testing.T, g gallery) {
		m := g.hang(t, g.article(t), g.save(t))
		if m.Width != 1000 || m.Height != 20 {
			t.Errorf("%+v", m)
		}
		undone := errors.New("undone")
		for _, outcome := range []error{undone, nil} {
			err := g.db.InTx(t.Context(), func(ctx context.Context) error {
				if err := g.rows.DeleteImage(ctx, m.ID); err != nil {
					return err
				}
				g.DeleteAfterCommit(ctx, m.BlobKey)
				if n := len(g.sizes(t, m)); n != 3 {
					t.Errorf("%d sizes before the commit", n)
				}
				return outcome
			})
			if !errors.Is(err, outcome) {
				t.Fatal(err)
			}
			if n := len(g.sizes(t, m)); outcome != nil && n != 3 || outcome == nil && n != 0 {
				t.Errorf("%d sizes after %v", n, outcome)
			}
		}
	})
}

func TestPicturesInUse(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		g := gallery{rows: store.New(d), db: d}
		info := g.article(t)
		keys := make([]string, 0, 1000)
		for i := range 1000 {
			keys = append(keys, "shop/"+string(rune('a'+i%26))+time.Duration(i).String()+".jpg")
		}
		for _, key := range keys[:3] {
			g.hang(t, info, shop.Image{BlobKey: key, Width: 1, Height: 1})
		}
		used, err := g.rows.PicturesInUse(t.Context(), keys)
		if err != nil || len(used) != 3 || !used[keys[0]] || !used[keys[1]] || !used[keys[2]] {
			t.Errorf("%d of them, %v", len(used), err)
		}
		if used, err = g.rows.PicturesInUse(t.Context(), nil); err != nil || len(used) != 0 {
			t.Errorf("%v, %v", used, err)
		}
	})
}
