package demo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"runtime"

	"golang.org/x/sync/errgroup"

	"rally/demo/draw"
	"rally/platform/blob"
)

// quality of the JPEGs.
const quality = 85

// studio draws the pictures. Sizes are in pixels a side.
type studio struct {
	cover   int // an article's first picture, which lists show
	view    int // its other views
	avatar  int
	article func(draw.Article) image.Image
	face    func(seed uint64, size int) image.Image
}

// newStudio returns a studio for pictures of these sizes.
func newStudio(cover, view, avatar int) studio {
	return studio{
		cover: cover, view: view, avatar: avatar,
		article: func(a draw.Article) image.Image { return a.Draw() },
		face:    func(seed uint64, size int) image.Image { return draw.Avatar(seed, size) },
	}
}

// photo is a stored picture.
type photo struct {
	key           string
	width, height int
}

// keyOf makes a picture's key from its bytes: what is served under a key is
// kept by browsers for good, while the number of an article or a person means
// another picture with another seed or on another day.
func keyOf(data []byte) string {
	sum := sha256.Sum256(data)
	return fmt.Sprintf("demo/%x.jpg", sum[:12])
}

// drawAll draws and stores every article's views, which it returns by article,
// and every person's avatar, whose key it gives them. Only what lists show has a
// small copy: the other pictures are looked at one at a time. As many pictures are in
// memory as there are processors.
func (s studio) drawAll(ctx context.Context, store PictureStore, articles []article, people []person) ([][]photo, error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	put := func(paint func(side int) image.Image, side, small int, into *photo) {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err // another one failed: stop drawing
			}
			picture := paint(side)
			size, data := picture.Bounds().Size(), draw.JPEG(picture, quality)
			*into = photo{key: keyOf(data), width: size.X, height: size.Y}
			if small < side {
				// Drawing it again takes less time than scaling it down.
				key := blob.Variant(into.key, blob.Small)
				if err := store.Put(ctx, key, draw.JPEG(paint(small), quality), "image/jpeg"); err != nil {
					return fmt.Errorf("store picture %s: %w", key, err)
				}
			}
			if err := store.Put(ctx, into.key, data, "image/jpeg"); err != nil {
				return fmt.Errorf("store picture %s: %w", into.key, err)
			}
			return nil
		})
	}
	photos := make([][]photo, len(articles))
	for i, a := range articles {
		photos[i] = make([]photo, draw.Views(a.kind))
		for view := range photos[i] {
			side, small := s.view, s.view
			if view == 0 {
				side, small = s.cover, int(blob.Small)
			}
			put(func(side int) image.Image {
				return s.article(draw.Article{Seed: a.design, Kind: a.kind, View: view, Brand: a.brand, Palette: a.palette, Size: side})
			}, side, small, &photos[i][view])
		}
	}
	avatars := make([]photo, len(people))
	for i, p := range people {
		put(func(side int) image.Image { return s.face(p.face, side) }, s.avatar, s.avatar, &avatars[i])
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i := range people {
		people[i].image = avatars[i].key
	}
	return photos, nil
}
