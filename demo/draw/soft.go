package draw

import (
	"image"
	"math"
)

// soften returns the coverage of the lines blurred by about radius pixels. It
// works on a reduced picture: a blur has no detail that could be lost. The
// mask's own pixels are k by k picture pixels.
func (c *canvas) soften(lines []polyline, radius float64) (m *mask, k int) {
	k = 1
	for k < 16 && radius/float64(k) > 3 {
		k *= 2
	}
	small := scaled(1/float64(k), 1/float64(k))
	shrunk := make([]polyline, len(lines))
	for i, l := range lines {
		shrunk[i] = polyline{make([]point, len(l.pts)), l.closed}
		for j, q := range l.pts {
			shrunk[i].pts[j] = small.apply(q)
		}
	}
	pad := int(math.Ceil(radius/float64(k)))*2 + 2
	page := image.Rect(0, 0, c.img.Rect.Dx()/k+1, c.img.Rect.Dy()/k+1).Inset(-pad)
	r := bounds(shrunk, page)
	if r.Empty() {
		return nil, k
	}
	r = r.Inset(-pad)
	m = &mask{r.Min.X, r.Min.Y, r.Dx(), r.Dy(), c.buffer(r.Dx() * r.Dy())}
	eachTile(r, func(t image.Rectangle) {
		cover := c.raster(shrunk, t)
		for y := t.Min.Y; y < t.Max.Y; y++ {
			copy(m.row(y)[t.Min.X-m.x0:][:t.Dx()], cover[(y-t.Min.Y)*t.Dx():])
		}
	})
	// Three box blurs come close to a bell curve.
	b := int(math.Round(radius / float64(k) / 1.6))
	if b > 0 {
		for i := 0; i < 3; i++ {
			m.blurRows(b)
			m.blurDown(b)
		}
	}
	return m, k
}

// blurRows averages every row over 2b+1 neighbours, blurDown every column. The
// latter runs all columns side by side, which suits the memory.
func (m *mask) blurRows(b int) {
	tmp := make([]uint8, m.w+2*b+1)
	scale := (1 << 16) / (2*b + 1)
	for y := 0; y < m.h; y++ {
		v := m.pix[y*m.w : (y+1)*m.w]
		copy(tmp[b+1:], v)
		sum := 0
		for _, t := range tmp[b+1 : 2*b+1] {
			sum += int(t)
		}
		for i := range v {
			sum += int(tmp[i+2*b+1]) - int(tmp[i])
			v[i] = uint8((sum*scale + 1<<15) >> 16) //nolint:gosec // an average of bytes
		}
	}
}

func (m *mask) blurDown(b int) {
	src := make([]uint8, (m.h+2*b+1)*m.w)
	copy(src[(b+1)*m.w:], m.pix)
	sums := make([]int32, m.w)
	scale := int32((1 << 16) / (2*b + 1)) //nolint:gosec // at most 1<<16
	for y := b + 1; y < 2*b+1; y++ {
		for i, t := range src[y*m.w : (y+1)*m.w] {
			sums[i] += int32(t)
		}
	}
	for y := 0; y < m.h; y++ {
		in, out, to := src[(y+2*b+1)*m.w:], src[y*m.w:], m.pix[y*m.w:(y+1)*m.w]
		in, out = in[:m.w], out[:m.w]
		for i := range sums {
			s := sums[i] + int32(in[i]) - int32(out[i])
			sums[i] = s
			to[i] = uint8((s*scale + 1<<15) >> 16) //nolint:gosec // an average of bytes
		}
	}
}

// pour paints through a softened mask moved by (dx, dy) pixels; with invert it
// paints where the mask is not.
func (c *canvas) pour(m *mask, k int, dx, dy float64, with paint, invert bool) {
	r := c.limit()
	if !invert {
		own := image.Rect(m.x0*k, m.y0*k, (m.x0+m.w)*k, (m.y0+m.h)*k)
		r = r.Intersect(own.Add(image.Pt(int(dx), int(dy))).Inset(-1))
	}
	if r.Empty() {
		return
	}
	with.bind(c.view, &c.shade)
	cover := make([]uint8, r.Dx())
	mixed := make([]int32, m.w+2) // one row of the mask, with an empty pixel at each end
	var flip uint8
	if invert {
		flip = 255
	}
	// 8 binary digits after the point are plenty for a blur.
	step := int32(256 / k) //nolint:gosec // at most 256
	sx0 := int(math.Round((float64(r.Min.X)+0.5-dx)*256/float64(k))) - 128 - m.x0*256 + 256
	for y := r.Min.Y; y < r.Max.Y; y++ {
		sy := int(math.Round((float64(y)+0.5-dy)*256/float64(k))) - 128 - m.y0*256
		iy, fy := sy>>8, int32(sy&255)
		m.rowAt(iy, fy, mixed[1:m.w+1])
		// Pixel by pixel of the mask: within one, the value rises evenly.
		ix, fx := sx0>>8, int32(sx0&255)
		for i := 0; i < len(cover); ix++ {
			var a, rise int32
			if ix >= 0 && ix <= m.w {
				a = mixed[ix]
				rise = mixed[ix+1] - a
			}
			end := min(len(cover), i+int((256-fx+step-1)/step))
			if rise == 0 {
				v := uint8((a<<8+1<<15)>>16) ^ flip
				for ; i < end; i++ {
					cover[i] = v
				}
				fx += step * ((256 - fx + step - 1) / step)
			} else {
				v, d := a<<8+rise*fx+1<<15, rise*step
				for ; i < end; i++ {
					cover[i] = uint8(v>>16) ^ flip //nolint:gosec // between two bytes
					v += d
					fx += step
				}
			}
			fx &= 255
		}
		c.blend(r.Min.X, y, cover)
	}
}

// rowAt works out the row between iy and the one below it, fy/256 of the way,
// in 1/256 of the mask's steps.
func (m *mask) rowAt(iy int, fy int32, to []int32) {
	up, low := m.row(m.y0+iy), m.row(m.y0+iy+1)
	for i := range to {
		var v int32
		if up != nil {
			v = int32(up[i]) * (256 - fy)
		}
		if low != nil {
			v += int32(low[i]) * fy
		}
		to[i] = v
	}
}

// soft paints the path with blurred edges.
func (c *canvas) soft(p path, radius float64, col ink) {
	if m, k := c.soften(p.flatten(c.view), radius*c.view.scaleOf()); m != nil {
		c.pour(m, k, 0, 0, solid(col), false)
		c.spare = append(c.spare, m.pix)
	}
}

// softStroke is a stroke with blurred edges.
func (c *canvas) softStroke(p path, width, radius float64, col ink) {
	var lines []polyline
	w := width * c.view.scaleOf()
	for _, l := range p.flatten(c.view) {
		lines = append(lines, l.ribbon(w, true, false)...)
	}
	if m, k := c.soften(lines, radius*c.view.scaleOf()); m != nil {
		c.pour(m, k, 0, 0, solid(col), false)
		c.spare = append(c.spare, m.pix)
	}
}

// hollow darkens (or lightens) the path's inside along its edges, as if light
// came from the side that (dx, dy) points away from. It is what makes a flat
// shape look round.
func (c *canvas) hollow(p path, radius, dx, dy float64, col ink) {
	c.inside(p, func() { c.sink(p, radius, dx, dy, col) })
}

// sink does the same, but for a path that painting is limited to already.
func (c *canvas) sink(p path, radius, dx, dy float64, col ink) {
	s := c.view.scaleOf()
	if m, k := c.soften(p.flatten(c.view), radius*s); m != nil {
		c.pour(m, k, dx*s, dy*s, solid(col), true)
		c.spare = append(c.spare, m.pix)
	}
}

// softBrush is a blurred stroke that runs to a point at both ends.
func (c *canvas) softBrush(p path, width, radius float64, col ink) {
	var lines []polyline
	w := width * c.view.scaleOf()
	for _, l := range p.flatten(c.view) {
		lines = append(lines, l.ribbon(w, true, true)...)
	}
	if m, k := c.soften(lines, radius*c.view.scaleOf()); m != nil {
		c.pour(m, k, 0, 0, solid(col), false)
		c.spare = append(c.spare, m.pix)
	}
}
