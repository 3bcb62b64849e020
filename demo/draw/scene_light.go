package draw

import (
	"image"
	"math"
	"slices"
)

// film is how a photo is developed. All are from 0 to 1, but warm, which cools
// below 0, and vivid, which takes colour away below 0.
type film struct {
	warm     float64
	contrast float64
	faded    float64 // how grey black is
	vivid    float64
	vignette float64
	sheen    [3]ink // laid over all, from the upper left to the lower right; without the last, nothing
	mirrored bool   // from the upper right to the lower left
}

// under returns the film with light from above one side, and shade on the other.
func (f film) under(light, half, shade ink) film {
	f.sheen = [3]ink{light, half, shade}
	return f
}

// curve is one channel's way from the paint to the photo.
func (f film) curve(gain float64) (t [256]int32) {
	for i := range t {
		v := float64(i) / 255
		v = lerp(v, v*v*(3-2*v), f.contrast)
		v = lerp(v, 0.09+0.87*v, f.faded)
		t[i] = int32(clamp01(float64(v*gain))*255 + 0.5)
	}
	return
}

// develop changes the colours of a painted picture.
func (f film) develop(m *image.RGBA) {
	if f == (film{}) {
		return
	}
	red, green, blue := f.curve(1+0.07*f.warm), f.curve(1+0.012*f.warm), f.curve(1-0.10*f.warm)
	vivid := int32(256 + 128*f.vivid)
	w, h := m.Rect.Dx(), m.Rect.Dy()
	// The light falls off with the square of the distance from the middle.
	fall := func(n int) []int32 {
		t := make([]int32, n)
		for i := range t {
			d := (float64(i)+0.5)/float64(n)*2 - 1
			t[i] = int32(float64(float64(d*d)*f.vignette)*96 + 0.5)
		}
		return t
	}
	fx, fy := fall(w), fall(h)
	sheen, sx, sy := f.gloss(w, h)
	for y := range h {
		row := m.Pix[y*m.Stride : y*m.Stride+4*w]
		for x := range w {
			p := row[4*x : 4*x+3 : 4*x+3]
			g := &sheen[(sx[x]+sy[y])>>8]
			r0 := (int32(p[0])*g[3] + g[0]) >> 8
			g0 := (int32(p[1])*g[3] + g[1]) >> 8
			b0 := (int32(p[2])*g[3] + g[2]) >> 8
			r, g1, b := red[r0], green[g0], blue[b0]
			l := (77*r + 150*g1 + 29*b) >> 8
			light := 256 - fx[x] - fy[y]
			p[0] = byteOf((l + (r-l)*vivid>>8) * light >> 8)
			p[1] = byteOf((l + (g1-l)*vivid>>8) * light >> 8)
			p[2] = byteOf((l + (b-l)*vivid>>8) * light >> 8)
		}
	}
}

// gloss is the sheen in steps, each as what is added, 256 times, and as how much
// of the picture stays, in 1/256; and where each column and row is on its way, in
// 1/256 of a step.
func (f film) gloss(w, h int) (steps [257][4]int32, cols, rows []int32) {
	for i := range steps {
		t := float64(i) / 256
		c := mix(f.sheen[0], f.sheen[1], clamp01(2*t))
		if t > 0.5 {
			c = mix(f.sheen[1], f.sheen[2], 2*t-1)
		}
		a := int32(c.A) + int32(c.A>>7)
		steps[i] = [4]int32{int32(c.R) * a, int32(c.G) * a, int32(c.B) * a, 256 - a}
	}
	whole := float64(w*w + h*h)
	way := func(n int) []int32 {
		t := make([]int32, n)
		for i := range t {
			t[i] = int32((float64(i) + 0.5) * float64(n) / whole * 65536)
		}
		return t
	}
	cols, rows = way(w), way(h)
	if f.mirrored {
		slices.Reverse(cols)
	}
	return
}

func byteOf(v int32) uint8 { return uint8(max(0, min(255, v))) }

// lit darkens all but what the light falls on.
func (s *set) lit(patches path, blur float64, shade ink) {
	if m, k := s.soften(patches.flatten(s.view), blur*s.view.scaleOf()); m != nil {
		s.pour(m, k, 0, 0, solid(shade), true)
		s.spare = append(s.spare, m.pix)
	}
}

// windowLight is sun through a window's panes, slanting over what lies there.
func (s *set) windowLight(shade ink) {
	var panes path
	x, y, lean := s.r.f(120, 420), s.r.f(-0.1, 0.15)*s.h, s.r.f(0.25, 0.6)
	if s.r.chance(0.5) {
		lean = -lean
		x = 900 - x
	}
	cols, rows := 2+s.r.n(2), 2+s.r.n(2)
	w, hh := s.r.f(190, 280), s.r.f(0.3, 0.42)*s.h
	for j := range rows {
		for i := range cols {
			x0, y0 := x+(float64(i)-float64(cols)/2)*(w+26), y+float64(j)*(hh+26)
			q := func(dx, dy float64) point { return point{x0 + dx + (y0+dy)*lean, y0 + dy + dx*0.16} }
			panes = panes.with(polygon(q(0, 0), q(w, 0), q(w, hh), q(0, hh)))
		}
	}
	s.lit(panes, 9, shade)
}

// blindLight is sun through a blind.
func (s *set) blindLight(shade ink) {
	var slats path
	step, lean := s.r.f(70, 110), s.r.f(-0.5, 0.5)
	for y := -600.0; y < s.h+600; y += step {
		slats = slats.with(polygon(point{-20, y}, point{1020, y + 1040*lean}, point{1020, y + 1040*lean + step*0.58}, point{-20, y + step*0.58}))
	}
	s.lit(slats, 8, shade)
}

// leafShade is the shadow of a branch that hangs into the light.
func (s *set) leafShade(shade ink) {
	var leaves path
	x, y, dir := s.r.f(-60, 100), s.r.f(-0.1, 0.3)*s.h, s.r.f(10, 50)
	if s.r.chance(0.5) {
		x, dir = 1000-x, 180-dir
	}
	leaf := shape("M 0 0 R 40 -34 110 -40 170 0 R 110 34 40 26 0 0 Z")
	sn, cs := math.Sincos(dir * math.Pi / 180)
	for i := range 9 {
		d := float64(i) * 85
		side := 44.0
		if i%2 == 1 {
			side = -44
		}
		z := s.r.f(0.9, 1.5)
		leaves = leaves.with(leaf.transformed(move(x+cs*d, y+sn*d).then(turn(dir + side + s.r.f(-12, 12))).then(scaled(z, z))))
	}
	if m, k := s.soften(leaves.flatten(s.view), 13*s.view.scaleOf()); m != nil {
		s.pour(m, k, 0, 0, solid(shade), false)
		s.spare = append(s.spare, m.pix)
	}
}

// daylight puts one of the lights of a room over a scene seen from above.
func (s *set) daylight() {
	shade := fade(hex(0x1C2238), s.r.f(0.17, 0.27))
	switch s.r.n(6) {
	case 0, 1:
		s.windowLight(shade)
	case 2:
		s.blindLight(fade(shade, 0.2))
	case 3:
		s.leafShade(fade(shade, 0.22))
	default: // a big soft lamp
		x := pick(s.r, 80.0, 920)
		s.wash(radial(x, -0.1*s.h, 1300, stop{0, fade(white, 0.24)}, stop{0.5, fade(white, 0)}, stop{1, fade(black, 0.12)}))
	}
}

// bokeh scatters lights that are out of focus.
func (s *set) bokeh(n int, y0, y1 float64, inks ...ink) {
	for range n {
		x, y, r := s.r.f(0, 1000), s.r.f(y0, y1), s.r.f(9, 34)
		c := inks[s.r.n(len(inks))]
		s.ink(circle(x, y, r), fade(c, s.r.f(0.12, 0.4)))
		s.stroke(circle(x, y, r), 1.6, solid(fade(lighter(c, 0.4), 0.25)))
	}
}

// beam is a glow anywhere.
func (s *set) beam(x, y, rx, ry float64, c ink, a float64) {
	s.fill(ellipse(x, y, rx, ry), glow(x, y, rx, ry, c, a))
}

// outline returns where a thing covers the paper of a small studio of n pixels a
// side. The paper is of a green that nothing is made of; what darkens it is a
// soft shadow and left out.
func (s *set) outline(thing, view, n int) *mask {
	c := newCanvas(n, n)
	k := s.things[thing].kit(c)
	k.pal.ground = hex(0x00FF00)
	k.studio()
	k.article(s.things[thing].Kind, view)
	m := &mask{0, 0, n, n, make([]uint8, n*n)}
	for i := range m.pix {
		if p := c.img.Pix[4*i:]; p[0] > 60 || p[1] < 90 || p[2] > 60 {
			m.pix[i] = 255
		}
	}
	return m
}

// cast lets a thing throw its whole shadow: at maps its studio to where the
// shadow lies.
func (s *set) cast(p place, at matrix, blur float64, shade ink) {
	const n, k = 80, 4
	thing := s.outline(p.thing, p.view, n)
	to := s.view.then(at)
	corners := polyline{pts: []point{to.apply(point{0, 0}), to.apply(point{1000, 0}), to.apply(point{1000, 1000}), to.apply(point{0, 1000})}}
	for i, q := range corners.pts {
		corners.pts[i] = q.mul(1.0 / k)
	}
	back := to.then(scaled(1000.0/n, 1000.0/n)).invert()
	r := bounds([]polyline{corners}, image.Rect(0, 0, s.img.Rect.Dx()/k+1, s.img.Rect.Dy()/k+1))
	if r.Empty() {
		return
	}
	m := &mask{r.Min.X, r.Min.Y, r.Dx(), r.Dy(), s.buffer(r.Dx() * r.Dy())}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := m.row(y)
		for i := range row {
			q := back.apply(point{(float64(r.Min.X+i) + 0.5) * k, (float64(y) + 0.5) * k})
			row[i] = 0
			if q.x >= 0 && q.y >= 0 && q.x < n && q.y < n {
				row[i] = thing.pix[int(q.y)*n+int(q.x)]
			}
		}
	}
	if b := max(1, int(blur*s.view.scaleOf()/k+0.5)); b > 0 {
		for range 2 {
			m.blurRows(b)
			m.blurDown(b)
		}
	}
	s.pour(m, k, 0, 0, solid(shade), false)
	s.spare = append(s.spare, m.pix)
}

// resize fills dst with a part of src, smoothly whichever is larger.
func resize(dst, src *image.RGBA, part image.Rectangle) {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	cols, rows := taps(w, part.Min.X, part.Max.X), taps(h, part.Min.Y, part.Max.Y)
	// First every row of the source becomes as wide as the result.
	wide := make([]uint8, 4*w*part.Dy())
	for y := part.Min.Y; y < part.Max.Y; y++ {
		from, to := src.Pix[(y-src.Rect.Min.Y)*src.Stride:], wide[4*w*(y-part.Min.Y):]
		for x, t := range cols {
			var r, g, b uint32
			at := 4 * (t.first - src.Rect.Min.X)
			for _, k := range t.shares {
				r += k * uint32(from[at])
				g += k * uint32(from[at+1])
				b += k * uint32(from[at+2])
				at += 4
			}
			q := to[4*x : 4*x+4 : 4*x+4]
			q[0], q[1], q[2], q[3] = uint8(r>>16), uint8(g>>16), uint8(b>>16), 255
		}
	}
	sums := make([]uint32, 4*w)
	for y, t := range rows {
		clear(sums)
		for i, k := range t.shares {
			row := wide[4*w*(t.first-part.Min.Y+i):][:4*w]
			for x, v := range row {
				sums[x] += k * uint32(v)
			}
		}
		to := dst.Pix[y*dst.Stride:][:4*w]
		for x, v := range sums {
			to[x] = uint8(v >> 16) //nolint:gosec // an average of bytes
		}
	}
}

// tap is which pixels a resized one is mixed from. The shares add up to 1<<16.
type tap struct {
	first  int
	shares []uint32
}

// taps are those of n pixels that show the source's from lo to hi: what each
// covers when they are fewer, and its two neighbours when they are more.
func taps(n, lo, hi int) []tap {
	step := float64(hi-lo) / float64(n)
	reach := math.Max(0.5, step/2)
	all := make([]tap, n)
	for i := range all {
		mid := float64(lo) + float64((float64(i)+0.5)*step) - 0.5
		first, last := int(math.Floor(mid)), int(math.Floor(mid))+1
		if step > 1 {
			first, last = int(math.Floor(mid-reach+0.5)), int(math.Ceil(mid+reach-0.5))
		}
		first, last = max(lo, min(first, hi-1)), max(lo, min(last, hi-1))
		weights, sum := make([]float64, last-first+1), 0.0
		for j := range weights {
			away := math.Abs(float64(first+j) - mid)
			weights[j] = math.Max(1e-9, math.Min(1, reach+0.5-away))
			sum += weights[j]
		}
		t := tap{first, make([]uint32, len(weights))}
		left := uint32(1 << 16)
		for j, w := range weights {
			t.shares[j] = min(left, uint32(w/sum*(1<<16)+0.5))
			left -= t.shares[j]
		}
		t.shares[len(weights)/2] += left
		all[i] = t
	}
	return all
}
