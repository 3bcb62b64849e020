package demo

import (
	"context"
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

func paper(size int) image.Image { return image.NewGray(image.Rect(0, 0, size, size)) }
