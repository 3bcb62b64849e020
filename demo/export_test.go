package demo

import "context"

// BuildThumbnails is Build with tiny pictures: tests of everything else need
// not wait for the painter.
func BuildThumbnails(ctx context.Context, deps Deps, opt Options) (World, error) {
	return build(ctx, deps, opt, studio{cover: 24, view: 16, avatar: 16})
}
