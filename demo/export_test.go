package demo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	xdraw "image/draw"

	"rally/demo/draw"
)

// BuildThumbnails is Build with tiny pictures.
func BuildThumbnails(ctx context.Context, deps Deps, opt Options) (World, error) {
	return build(ctx, deps, opt, newStudio(24, 16, 16, 24))
}

// BuildBlank is Build with blank paper for pictures: tests of everything else need
// not wait for the painter. Only posts' pictures differ: each belongs to one post.
func BuildBlank(ctx context.Context, deps Deps, opt Options) (World, error) {
	s := newStudio(24, 16, 16, 24)
	s.article = func(a draw.Article) image.Image { return paper(a.Size) }
	s.face = func(_ uint64, size int) image.Image { return paper(size) }
	s.photo = frame
	return build(ctx, deps, opt, s)
}

// BuildStamped is Build with pictures that cost nothing and yet tell articles,
// views and faces apart.
func BuildStamped(ctx context.Context, deps Deps, opt Options) (World, error) {
	s := newStudio(24, 16, 16, 24)
	s.article = func(a draw.Article) image.Image { return stamp(a.Size, a) }
	s.face = func(seed uint64, size int) image.Image { return stamp(size, seed) }
	s.photo = frame
	return build(ctx, deps, opt, s)
}

// stamp has a shade of its own, for what it shows, in each block of a JPEG.
func stamp(size int, what any) image.Image {
	shades := sha256.Sum256(fmt.Append(nil, what))
	picture := image.NewGray(image.Rect(0, 0, size, size))
	for i := range picture.Pix {
		picture.Pix[i] = shades[i/size/8*3+i%size/8]
	}
	return picture
}

// frame is a stamp in a scene's frame.
func frame(p draw.Scene) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, p.Width, int(float64(p.Width)/p.Ratio+0.5)))
	xdraw.Draw(m, m.Rect, stamp(p.Width, p), image.Point{}, xdraw.Src)
	return m
}

func paper(size int) image.Image { return image.NewGray(image.Rect(0, 0, size, size)) }
