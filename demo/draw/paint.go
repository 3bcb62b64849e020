package draw

import "math"

// ink is a colour with straight (not premultiplied) alpha.
type ink struct{ R, G, B, A uint8 }

var white = ink{255, 255, 255, 255} //nolint:gochecknoglobals // never written
var black = ink{0, 0, 0, 255}       //nolint:gochecknoglobals // never written

// hex reads 0xRRGGBB.
func hex(v uint32) ink { return ink{uint8(v >> 16), uint8(v >> 8), uint8(v), 255} } //nolint:gosec // a byte each

// fade returns the colour with the given opacity.
func fade(c ink, a float64) ink { c.A = uint8(clamp01(a)*255 + 0.5); return c }

func clamp01(v float64) float64 { return math.Max(0, math.Min(1, v)) }

func mix(a, b ink, t float64) ink {
	m := func(x, y uint8) uint8 { return uint8(lerp(float64(x), float64(y), t) + 0.5) }
	return ink{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), m(a.A, b.A)}
}

// luma is how light the colour looks, from 0 to 1.
func luma(c ink) float64 {
	return (0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)) / 255
}

func lighter(c ink, t float64) ink { return mix(c, ink{255, 255, 255, c.A}, t) }

// darker lowers the colour's light and cools it a little, as shade does.
func darker(c ink, t float64) ink {
	return mix(c, ink{uint8(float64(c.R) * 0.05), uint8(float64(c.G) * 0.05), uint8(float64(c.B)*0.09 + 6), c.A}, t)
}

// shadeOf is the colour of a shadow that falls on c.
func shadeOf(c ink) ink { return darker(c, 0.82) }

// legible returns a colour that stands out against ground: c itself if it does.
func legible(c, ground ink) ink {
	if math.Abs(luma(c)-luma(ground)) > 0.2 {
		return c
	}
	if luma(ground) > 0.5 {
		return darker(c, 0.6)
	}
	return lighter(c, 0.72)
}

// stop is a colour at a share of a gradient's way.
type stop struct {
	at float64
	c  ink
}

// paint says what colour each place has: one colour, a gradient along the line
// from p to q, or one around p that ends at the distance r. A texture on top
// changes the light by up to depth.
type paint struct {
	stops   []stop
	p, q    point
	r       float64
	squash  float64 // height of a radial gradient relative to its width
	texture texture
	depth   float64
}

func solid(c ink) paint { return paint{stops: []stop{{0, c}}} }

func linear(x0, y0, x1, y1 float64, stops ...stop) paint {
	return paint{stops: stops, p: point{x0, y0}, q: point{x1, y1}}
}

// down is a vertical gradient between two heights.
func down(y0, y1 float64, a, b ink) paint { return linear(0, y0, 0, y1, stop{0, a}, stop{1, b}) }

// across is a horizontal gradient.
func across(x0, x1 float64, stops ...stop) paint { return linear(x0, 0, x1, 0, stops...) }

func radial(cx, cy, r float64, stops ...stop) paint {
	return paint{stops: stops, p: point{cx, cy}, r: r, squash: 1}
}

// glow is light that falls off smoothly from a centre to nothing.
func glow(cx, cy, rx, ry float64, c ink, a float64) paint {
	p := radial(cx, cy, rx, stop{0, fade(c, a)}, stop{0.35, fade(c, a*0.72)}, stop{0.7, fade(c, a*0.2)}, stop{1, fade(c, 0)})
	p.squash = ry / rx
	return p
}

func (p paint) with(t texture, depth float64) paint {
	p.texture, p.depth = t, depth
	return p
}
