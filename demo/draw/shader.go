package draw

import "math"

// pixel is an ink packed as the picture keeps it in memory.
type pixel uint32

func (c ink) pack() pixel {
	return pixel(c.R) | pixel(c.G)<<8 | pixel(c.B)<<16 | pixel(c.A)<<24
}

// laid returns d with s over it at an opacity of a out of 255, which must not
// be 0 nor 255. Two channels are worked out in one go.
func laid(s, d pixel, a uint32) pixel {
	n := 255 - a
	const two = 0x00ff00ff
	rb := uint32(s)&two*a + uint32(d)&two*n + 0x00800080
	ga := uint32(s)>>8&two*a + uint32(d)>>8&two*n + 0x00800080
	rb = (rb + rb>>8&two) >> 8 & two
	ga = (ga + ga>>8&two) & 0xff00ff00
	return pixel(rb | ga)
}

// over divides by 255 with rounding.
func over(v uint32) uint32 { v += 128; return (v + v>>8) >> 8 }

// shader is a paint made ready for one canvas scale: it knows pixels.
type shader struct {
	flat    bool
	one     pixel
	table   [256]pixel
	radial  bool
	gx, gy  point // change of the gradient's own coordinates per pixel
	g0      point
	texture texture
	depth   float64
	inv     matrix
}

func (p paint) bind(m matrix, s *shader) {
	s.texture, s.depth = p.texture, p.depth
	s.flat = len(p.stops) == 1
	s.one = p.stops[0].c.pack()
	if s.flat && s.texture == nil {
		return
	}
	s.inv = m.invert()
	if s.flat {
		return
	}
	k := 0
	for i := range s.table {
		t := float64(i) / 255
		for k+2 < len(p.stops) && t > p.stops[k+1].at {
			k++
		}
		a, b := p.stops[k], p.stops[k+1]
		s.table[i] = mix(a.c, b.c, clamp01((t-a.at)/math.Max(b.at-a.at, 1e-9))).pack()
	}
	// own maps the page to the gradient's coordinates: for a linear one x is
	// the share of the way, for a radial one the length is.
	var own matrix
	s.radial = p.r > 0
	if s.radial {
		own = scaled(1/p.r, 1/(p.r*p.squash)).then(move(-p.p.x, -p.p.y))
	} else {
		d := p.q.sub(p.p)
		n := d.x*d.x + d.y*d.y
		own = matrix{d.x / n, 0, d.y / n, 0, -(p.p.x*d.x + p.p.y*d.y) / n, 0}
	}
	own = own.then(s.inv)
	s.gx, s.gy, s.g0 = point{own.a, own.b}, point{own.c, own.d}, point{own.e, own.f}
}

// row fills dst with the colours of the pixels from (x, y) to the right.
func (s *shader) row(dst []pixel, x, y int) {
	fx, fy := float64(x)+0.5, float64(y)+0.5
	u := float64(s.gx.x*fx) + float64(s.gy.x*fy) + s.g0.x
	switch {
	case s.flat:
		for i := range dst {
			dst[i] = s.one
		}
	case s.radial:
		v := float64(s.gx.y*fx) + float64(s.gy.y*fy) + s.g0.y
		for i := range dst {
			dst[i] = s.at(math.Sqrt(float64(u*u) + float64(v*v)))
			u += s.gx.x
			v += s.gx.y
		}
	case s.gx.x == 0:
		c := s.at(u)
		for i := range dst {
			dst[i] = c
		}
	default:
		for i := range dst {
			dst[i] = s.at(u)
			u += s.gx.x
		}
	}
	if s.texture == nil {
		return
	}
	at := s.inv.apply(point{fx, fy})
	depth := s.depth * 255
	for i, c := range dst {
		d := int32(s.texture(at.x, at.y) * depth)
		dst[i] = nudge(c, d) | nudge(c>>8, d)<<8 | nudge(c>>16, d)<<16 | c&0xff000000
		at.x += s.inv.a
		at.y += s.inv.b
	}
}

// at is the gradient's colour at the share t of its way.
func (s *shader) at(t float64) pixel {
	k := int(t*255 + 0.5)
	if k < 0 {
		k = 0
	} else if k > 255 {
		k = 255
	}
	return s.table[k]
}

// nudge adds d to the lowest channel.
func nudge(c pixel, d int32) pixel {
	return pixel(max(0, min(255, int32(c&255)+d)))
}
