// Package draw makes the pictures of the demo world: products of fictional
// brands as a studio would photograph them, and people's avatars. Everything
// is painted from code, and the same input gives the same picture.
package draw

import (
	"bytes"
	"image"
	"image/jpeg"
)

// Article says which product to draw. Seed chooses the design among the kind's
// possible ones; the same seed, kind and brand are one product, seen from its
// views and sold in its colourways. Brand chooses the mark that it bears.
type Article struct {
	Seed    uint64
	Kind    string // one of Kinds
	View    int    // from 0 to Views(Kind)-1; others wrap around
	Brand   int    // index of a mark; others wrap around
	Palette Palette
	Size    int // side of the square picture in pixels
}

// Draw paints the article. An unknown kind leaves the studio empty.
func (a Article) Draw() *image.RGBA {
	c := newCanvas(a.Size, a.Size)
	k := a.kit(c)
	k.studio()
	k.article(a.Kind, a.View)
	return c.img
}

func (a Article) kit(c *canvas) *kit {
	k := &kit{canvas: c, pal: a.Palette, mark: wrap(a.Brand, len(marks))}
	if k.pal.Key == "" {
		k.pal = colourways[a.Seed%uint64(len(colourways))]
	}
	r := newRng(a.Seed, a.Kind)
	for i := range k.design {
		k.design[i] = r.next() >> 16
	}
	return k
}

func wrap(i, n int) int { return ((i % n) + n) % n }

// studio is the backdrop: flat paper, lit evenly.
func (k *kit) studio() { k.wash(solid(k.pal.ground)) }

// article paints one view of a kind.
func (k *kit) article(kind string, view int) {
	m, ok := modelOf(kind)
	if !ok {
		return
	}
	view = wrap(view, m.views())
	if view < len(m.angles) {
		m.angles[view](k)
		return
	}
	// The last views come closer to a detail of the first.
	d := m.details[view-len(m.angles)]
	k.under(move(500, 500).then(turn(d.turn)).then(scaled(d.zoom, d.zoom)).then(move(-d.x, -d.y)), func() { m.angles[0](k) })
}

// JPEG encodes a picture.
func JPEG(img image.Image, quality int) []byte {
	var b bytes.Buffer
	// Writing to memory cannot fail, and the pictures made here are within the format's limits.
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes()
}
