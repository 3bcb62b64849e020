package draw

import (
	"encoding/binary"
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// tile is the largest side that the rasteriser works out in whole numbers.
// Larger shapes are drawn tile by tile, so that every machine gets the same
// pixels.
const tile = 512

// canvas is a picture being painted. Everything is given in design units;
// view maps them to pixels.
type canvas struct {
	img  *image.RGBA
	view matrix
	clip *mask // where painting is limited to, if it is

	ras   vector.Rasterizer
	cover []uint8
	inks  []pixel
	spare [][]uint8 // buffers of masks that are done with
	shade shader
}

// newCanvas makes a picture of w by h pixels that shows the design square as
// large as fits, centred.
func newCanvas(w, h int) *canvas {
	w, h = max(w, 1), max(h, 1)
	k := float64(min(w, h)) / 1000
	return &canvas{
		img:  image.NewRGBA(image.Rect(0, 0, w, h)),
		view: matrix{k, 0, 0, k, (float64(w) - 1000*k) / 2, (float64(h) - 1000*k) / 2},
		inks: make([]pixel, w),
	}
}

// mask is a coverage of some pixels; outside of it nothing is covered.
type mask struct {
	x0, y0, w, h int
	pix          []uint8
}

func (m *mask) row(y int) []uint8 {
	if m == nil || y < m.y0 || y >= m.y0+m.h {
		return nil
	}
	return m.pix[(y-m.y0)*m.w : (y-m.y0+1)*m.w]
}

// bounds is the smallest box of pixels that holds the lines, within the given box.
func bounds(lines []polyline, lim image.Rectangle) image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, l := range lines {
		for _, q := range l.pts {
			x0, y0 = math.Min(x0, q.x), math.Min(y0, q.y)
			x1, y1 = math.Max(x1, q.x), math.Max(y1, q.y)
		}
	}
	if x0 > x1 {
		return image.Rectangle{}
	}
	cut := func(v float64) int { return int(math.Max(-1e6, math.Min(1e6, v))) }
	return image.Rect(cut(math.Floor(x0)), cut(math.Floor(y0)), cut(math.Ceil(x1)), cut(math.Ceil(y1))).Intersect(lim)
}

// raster works out the coverage of the lines inside r, which is at most one
// tile large. The result is only good until the next call.
func (c *canvas) raster(lines []polyline, r image.Rectangle) []uint8 {
	w, h := r.Dx(), r.Dy()
	if cap(c.cover) < w*h {
		c.cover = make([]uint8, w*h)
	}
	c.ras.Reset(w, h)
	// Rounding to 1/64 pixel hides differences in the last bits of the sums.
	snap := func(v float64, o int) float32 { return float32(math.Round(v*64)/64 - float64(o)) }
	for _, l := range lines {
		for i, q := range l.pts {
			if i == 0 {
				c.ras.MoveTo(snap(q.x, r.Min.X), snap(q.y, r.Min.Y))
			} else {
				c.ras.LineTo(snap(q.x, r.Min.X), snap(q.y, r.Min.Y))
			}
		}
		c.ras.ClosePath()
	}
	out := &image.Alpha{Pix: c.cover[:w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}
	c.ras.DrawOp = draw.Src
	c.ras.Draw(out, out.Rect, image.Opaque, image.Point{})
	return out.Pix
}

// eachTile calls f for the tiles that r falls into.
func eachTile(r image.Rectangle, f func(image.Rectangle)) {
	for y := r.Min.Y; y < r.Max.Y; y += tile {
		for x := r.Min.X; x < r.Max.X; x += tile {
			f(image.Rect(x, y, x+tile, y+tile).Intersect(r))
		}
	}
}

// limit is the part of the picture that painting can reach.
func (c *canvas) limit() image.Rectangle {
	r := c.img.Rect
	if m := c.clip; m != nil {
		r = r.Intersect(image.Rect(m.x0, m.y0, m.x0+m.w, m.y0+m.h))
	}
	return r
}

// fill paints the inside of a path.
func (c *canvas) fill(p path, with paint) { c.fillLines(p.flatten(c.view), with) }

// ink fills the path with one colour.
func (c *canvas) ink(p path, col ink) { c.fill(p, solid(col)) }

func (c *canvas) fillLines(lines []polyline, with paint) {
	r := bounds(lines, c.limit())
	if r.Empty() {
		return
	}
	with.bind(c.view, &c.shade)
	eachTile(r, func(t image.Rectangle) {
		cover := c.raster(lines, t)
		for y := t.Min.Y; y < t.Max.Y; y++ {
			c.blend(t.Min.X, y, cover[(y-t.Min.Y)*t.Dx():(y-t.Min.Y+1)*t.Dx()])
		}
	})
}

// blend lays the bound paint over one row of pixels, as far as it is covered.
// Outlines leave most of a row empty, so it works run by run.
func (c *canvas) blend(x, y int, cover []uint8) {
	var clip []uint8
	if c.clip != nil {
		if clip = c.clip.row(y); clip == nil {
			return
		}
		clip = clip[x-c.clip.x0:]
	}
	for i := 0; i < len(cover); {
		for i+8 <= len(cover) && binary.LittleEndian.Uint64(cover[i:]) == 0 {
			i += 8
		}
		for i < len(cover) && cover[i] == 0 {
			i++
		}
		j := i
		for j < len(cover) && cover[j] != 0 {
			j++
		}
		if i == j {
			continue
		}
		if clip != nil {
			c.run(x+i, y, cover[i:j], clip[i:j])
		} else {
			c.run(x+i, y, cover[i:j], nil)
		}
		i = j
	}
}

// run blends pixels that are all covered, at least a little.
func (c *canvas) run(x, y int, cover, clip []uint8) {
	dim := uint32(255)
	at := c.img.PixOffset(x, y)
	dst := c.img.Pix[at : at+4*len(cover)]
	s := c.shade.one
	var inks []pixel
	if !c.shade.flat || c.shade.texture != nil {
		inks = c.inks[:len(cover)]
		c.shade.row(inks, x, y)
	} else {
		// One colour: its opacity is that of the whole run.
		dim = uint32(s >> 24)
		s |= 0xff000000
	}
	for i, cv := range cover {
		a := uint32(cv)
		if clip != nil {
			if m := uint32(clip[i]); m != 255 {
				a = over(a * m)
			}
		}
		if inks != nil {
			s = inks[i]
			if m := uint32(s >> 24); m != 255 {
				a = over(a * m)
			}
			s |= 0xff000000
		}
		if dim != 255 {
			a = over(a * dim)
		}
		d := dst[4*i : 4*i+4 : 4*i+4]
		switch a {
		case 0:
		case 255:
			binary.LittleEndian.PutUint32(d, uint32(s))
		default:
			binary.LittleEndian.PutUint32(d, uint32(laid(s, pixel(binary.LittleEndian.Uint32(d)), a)))
		}
	}
}

// wash paints the whole reachable area.
func (c *canvas) wash(with paint) {
	r := c.limit()
	if r.Empty() {
		return
	}
	with.bind(c.view, &c.shade)
	if cap(c.cover) < r.Dx() {
		c.cover = make([]uint8, r.Dx())
	}
	full := c.cover[:r.Dx()]
	for i := range full {
		full[i] = 255
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		if c.clip == nil {
			c.run(r.Min.X, y, full, nil) // nothing to look for
		} else {
			c.blend(r.Min.X, y, full)
		}
	}
}

// stroke paints along a path with round ends.
func (c *canvas) stroke(p path, width float64, with paint) { c.pen(p, width, with, true, false) }

// butt strokes with ends cut off square.
func (c *canvas) butt(p path, width float64, with paint) { c.pen(p, width, with, false, false) }

// brush strokes with both ends running to a point.
func (c *canvas) brush(p path, width float64, with paint) { c.pen(p, width, with, true, true) }

func (c *canvas) pen(p path, width float64, with paint, round, taper bool) {
	var lines []polyline
	w := width * c.view.scaleOf()
	for _, l := range p.flatten(c.view) {
		lines = append(lines, l.ribbon(w, round, taper)...)
	}
	c.fillLines(lines, with)
}

// inside runs f with painting limited to the inside of the path.
func (c *canvas) inside(p path, f func()) {
	lines := p.flatten(c.view)
	was := c.clip
	r := bounds(lines, c.limit())
	if r.Empty() {
		return
	}
	m := &mask{r.Min.X, r.Min.Y, r.Dx(), r.Dy(), c.buffer(r.Dx() * r.Dy())}
	eachTile(r, func(t image.Rectangle) {
		cover := c.raster(lines, t)
		for y := t.Min.Y; y < t.Max.Y; y++ {
			to := m.row(y)[t.Min.X-m.x0:]
			copy(to[:t.Dx()], cover[(y-t.Min.Y)*t.Dx():])
			if was != nil {
				for i, b := range was.row(y)[t.Min.X-was.x0:][:t.Dx()] {
					to[i] = uint8(uint32(to[i]) * uint32(b) / 255) //nolint:gosec // a product of shares
				}
			}
		}
	})
	c.clip = m
	f()
	c.clip = was
	c.spare = append(c.spare, m.pix)
}

// buffer returns room for n values, whatever they are.
func (c *canvas) buffer(n int) []uint8 {
	for i := len(c.spare) - 1; i >= 0; i-- {
		if b := c.spare[i]; cap(b) >= n {
			c.spare = append(c.spare[:i], c.spare[i+1:]...)
			return b[:n]
		}
	}
	return make([]uint8, n)
}

// under runs f with a further transform.
func (c *canvas) under(m matrix, f func()) {
	was := c.view
	c.view = c.view.then(m)
	f()
	c.view = was
}
