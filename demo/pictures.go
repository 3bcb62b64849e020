package demo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"rally/demo/draw"
	"rally/platform/blob"
)

// Qualities of the JPEGs.
const (
	quality      = 85
	sceneQuality = 78 // there are many, and full of detail
)

// studio draws the pictures. Sizes are in pixels a side.
type studio struct {
	cover   int // an article's first picture, which lists show
	view    int // its other views
	avatar  int
	scene   int // the width of a post's pictures
	article func(draw.Article) image.Image
	face    func(seed uint64, size int) image.Image
	photo   func(draw.Scene) *image.RGBA
}

// newStudio returns a studio for pictures of these sizes.
func newStudio(cover, view, avatar, scene int) studio {
	return studio{
		cover: cover, view: view, avatar: avatar, scene: scene,
		article: func(a draw.Article) image.Image { return a.Draw() },
		face:    func(seed uint64, size int) image.Image { return draw.Avatar(seed, size) },
		photo:   draw.Scene.Draw,
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

// gallery is what was drawn: the views of every article, and the pictures of
// every roll.
type gallery struct{ articles, rolls [][]photo }

// size counts the pictures.
func (g gallery) size() int {
	n := 0
	for _, some := range append(slices.Clone(g.articles), g.rolls...) {
		n += len(some)
	}
	return n
}

// drawAll draws and stores every article's views, the pictures of posts, and every
// person's avatar, whose key it gives them. Only what lists show has a small copy:
// the other pictures are looked at one at a time. As many pictures are in memory as
// there are processors.
func (s studio) drawAll(ctx context.Context, store PictureStore, articles []article, people []person, rolls []roll) (gallery, error) {
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
	taken := make([][]photo, len(rolls))
	for i, film := range rolls {
		group.Go(func() (err error) {
			taken[i], err = s.develop(ctx, store, film)
			return err
		})
	}
	avatars := make([]photo, len(people))
	for i, p := range people {
		put(func(side int) image.Image { return s.face(p.face, side) }, s.avatar, s.avatar, &avatars[i])
	}
	if err := group.Wait(); err != nil {
		return gallery{}, err
	}
	for i := range people {
		people[i].image = avatars[i].key
	}
	return gallery{photos, taken}, nil
}

// develop draws and stores the pictures of a roll, each with a small copy: feeds
// show those.
func (s studio) develop(ctx context.Context, store PictureStore, film roll) ([]photo, error) {
	photos := make([]photo, len(film.shots))
	var picture *image.RGBA
	for i, next := range film.shots {
		if err := ctx.Err(); err != nil {
			return nil, err // another one failed: stop drawing
		}
		if next.zoom > 0 {
			picture = draw.Closer(picture, next.at, next.zoom)
		} else {
			next.scene.Width = s.scene
			picture = s.photo(next.scene)
		}
		size, data := picture.Rect.Size(), draw.JPEG(picture, sceneQuality)
		photos[i] = photo{key: keyOf(data), width: size.X, height: size.Y}
		if int(blob.Small) < s.scene {
			key := blob.Variant(photos[i].key, blob.Small)
			if err := store.Put(ctx, key, draw.JPEG(draw.Smaller(picture, int(blob.Small)), sceneQuality), "image/jpeg"); err != nil {
				return nil, fmt.Errorf("store picture %s: %w", key, err)
			}
		}
		if err := store.Put(ctx, photos[i].key, data, "image/jpeg"); err != nil {
			return nil, fmt.Errorf("store picture %s: %w", photos[i].key, err)
		}
	}
	return photos, nil
}
