package demo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"

	"rally/demo/draw"
)

// BuildThumbnails is Build with tiny pictures.
func BuildThumbnails(ctx context.Context, deps Deps, opt Options) (World, error) {
	return build(ctx, deps, opt, newStudio(24, 16, 16))
}

// BuildBlank is Build with white paper for pictures: tests of everything else
// need not wait for the painter.
func BuildBlank(ctx context.Context, deps Deps, opt Options) (World, error) {
	s := newStudio(24, 16, 16)
	s.article = func(a draw.Article) image.Image { return paper(a.Size) }
	s.face = func(_ uint64, size int) image.Image { return paper(size) }
	return build(ctx, deps, opt, s)
}

// BuildStamped is Build with pictures that cost nothing and yet tell articles,
// views and faces apart.
func BuildStamped(ctx context.Context, deps Deps, opt Options) (World, error) {
	s := newStudio(24, 16, 16)
	s.article = func(a draw.Article) image.Image { return stamp(a.Size, a) }
	s.face = func(seed uint64, size int) image.Image { return stamp(size, seed) }
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

func paper(size int) image.Image { return image.NewGray(image.Rect(0, 0, size, size)) }
