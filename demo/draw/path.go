package draw

import (
	"math"
	"strconv"
)

// point is a place in design units: every picture is laid out on a square of
// 1000 by 1000 and scaled to the asked size by the canvas.
type point struct{ x, y float64 }

func (p point) add(q point) point   { return point{p.x + q.x, p.y + q.y} }
func (p point) sub(q point) point   { return point{p.x - q.x, p.y - q.y} }
func (p point) mul(k float64) point { return point{p.x * k, p.y * k} }
func (p point) length() float64     { return math.Sqrt(p.x*p.x + p.y*p.y) }
func lerp(a, b, t float64) float64  { return a + (b-a)*t }
func between(p, q point, t float64) point {
	return point{lerp(p.x, q.x, t), lerp(p.y, q.y, t)}
}

// matrix is the affine map x' = a*x + c*y + e, y' = b*x + d*y + f.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{1, 0, 0, 1, 0, 0} //nolint:gochecknoglobals // never written

// The explicit conversions keep products from being fused with the following
// sum, so that every architecture rounds the same way.
func (m matrix) apply(p point) point {
	return point{
		float64(m.a*p.x) + float64(m.c*p.y) + m.e,
		float64(m.b*p.x) + float64(m.d*p.y) + m.f,
	}
}

// then returns the map that applies n first and m afterwards.
func (m matrix) then(n matrix) matrix {
	o := m.apply(point{n.e, n.f})
	return matrix{
		float64(m.a*n.a) + float64(m.c*n.b), float64(m.b*n.a) + float64(m.d*n.b),
		float64(m.a*n.c) + float64(m.c*n.d), float64(m.b*n.c) + float64(m.d*n.d),
		o.x, o.y,
	}
}

func (m matrix) invert() matrix {
	det := float64(m.a*m.d) - float64(m.b*m.c)
	if det == 0 {
		return identity
	}
	i := matrix{m.d / det, -m.b / det, -m.c / det, m.a / det, 0, 0}
	o := i.apply(point{m.e, m.f})
	i.e, i.f = -o.x, -o.y
	return i
}

// scaleOf is the mean magnification, used for stroke widths and blurs.
func (m matrix) scaleOf() float64 {
	return math.Sqrt(math.Abs(float64(m.a*m.d) - float64(m.b*m.c)))
}

func move(x, y float64) matrix     { return matrix{1, 0, 0, 1, x, y} }
func scaled(sx, sy float64) matrix { return matrix{sx, 0, 0, sy, 0, 0} }
func turn(deg float64) matrix {
	s, c := math.Sincos(deg * math.Pi / 180)
	return matrix{c, s, -s, c, 0, 0}
}

// about applies m with (x, y) as its fixed point.
func about(x, y float64, m matrix) matrix { return move(x, y).then(m).then(move(-x, -y)) }

// mirror flips left and right about the vertical line at x.
func mirror(x float64) matrix { return about(x, 0, scaled(-1, 1)) }

// verb says how many points of a path a step takes and what it does with them.
type verb uint8

const (
	moveTo verb = iota
	lineTo
	cubeTo
	closed
)

// path is an outline of lines and cubic curves.
type path struct {
	verbs []verb
	pts   []point
}

func (p *path) move(a point) { p.verbs, p.pts = append(p.verbs, moveTo), append(p.pts, a) }
func (p *path) line(a point) { p.verbs, p.pts = append(p.verbs, lineTo), append(p.pts, a) }
func (p *path) cube(a, b, c point) {
	p.verbs, p.pts = append(p.verbs, cubeTo), append(p.pts, a, b, c)
}
func (p *path) close() { p.verbs = append(p.verbs, closed) }

func (p *path) last() point {
	if len(p.pts) == 0 {
		return point{}
	}
	return p.pts[len(p.pts)-1]
}

// through adds a smooth curve from the current point through all of via. The
// knots are spaced by the square root of the distance, which keeps unevenly
// placed points from overshooting. before and after steer its two ends; give
// the end point itself to leave an end free.
func (p *path) through(via []point, before, after point) {
	knots := append([]point{before, p.last()}, via...)
	knots = append(knots, after)
	for i := 1; i+2 < len(knots); i++ {
		a, b, c, d := knots[i-1], knots[i], knots[i+1], knots[i+2]
		s1, s2, s3 := b.sub(a).length(), c.sub(b).length(), d.sub(c).length()
		r1, r2, r3 := math.Sqrt(s1), math.Sqrt(s2), math.Sqrt(s3)
		h1, h2 := b, c
		if r1 > 1e-6 && r2 > 1e-6 {
			k := 1 / (3 * r1 * (r1 + r2))
			h1 = c.mul(s1).sub(a.mul(s2)).add(b.mul(2*s1 + 3*r1*r2 + s2)).mul(k)
		}
		if r3 > 1e-6 && r2 > 1e-6 {
			k := 1 / (3 * r3 * (r3 + r2))
			h2 = b.mul(s3).sub(d.mul(s2)).add(c.mul(2*s3 + 3*r3*r2 + s2)).mul(k)
		}
		p.cube(h1, h2, c)
	}
}

// shape reads a path from text. The commands are those of SVG in absolute
// form, M L C Q Z, and two for drawing by hand: R runs a smooth curve through
// the points that follow, O makes a closed smooth outline through them.
func shape(text string) path {
	var p path
	var nums []point
	var cmd byte
	flush := func() {
		switch cmd {
		case 'M', 'L':
			for i, q := range nums {
				if cmd == 'M' && i == 0 {
					p.move(q)
				} else {
					p.line(q)
				}
			}
		case 'C':
			for i := 0; i+2 < len(nums); i += 3 {
				p.cube(nums[i], nums[i+1], nums[i+2])
			}
		case 'Q':
			for i := 0; i+1 < len(nums); i += 2 {
				a, h, b := p.last(), nums[i], nums[i+1]
				p.cube(between(a, h, 2.0/3), between(b, h, 2.0/3), b)
			}
		case 'R':
			if len(nums) > 0 {
				p.through(nums, p.last(), nums[len(nums)-1])
			}
		case 'O':
			if n := len(nums); n > 2 {
				p.move(nums[0])
				p.through(append(append([]point{}, nums[1:]...), nums[0]), nums[n-1], nums[1])
				p.close()
			}
		case 'Z':
			p.close()
		}
		nums = nums[:0]
	}
	half, x := false, 0.0
	for i := 0; i < len(text); {
		ch := text[i]
		switch {
		case ch >= 'A' && ch <= 'Z':
			flush()
			cmd, half = ch, false
			i++
		case ch == '-' || ch == '.' || ch >= '0' && ch <= '9':
			j := i + 1
			for j < len(text) && (text[j] == '.' || text[j] >= '0' && text[j] <= '9') {
				j++
			}
			v, _ := strconv.ParseFloat(text[i:j], 64)
			if half {
				nums = append(nums, point{x, v})
			}
			x, half = v, !half
			i = j
		default:
			i++
		}
	}
	flush()
	return p
}

// arcHandle is the length of the handle that makes a cubic look like a quarter circle.
const arcHandle = 0.5522847498

func ellipse(cx, cy, rx, ry float64) path {
	var p path
	hx, hy := rx*arcHandle, ry*arcHandle
	p.move(point{cx + rx, cy})
	p.cube(point{cx + rx, cy + hy}, point{cx + hx, cy + ry}, point{cx, cy + ry})
	p.cube(point{cx - hx, cy + ry}, point{cx - rx, cy + hy}, point{cx - rx, cy})
	p.cube(point{cx - rx, cy - hy}, point{cx - hx, cy - ry}, point{cx, cy - ry})
	p.cube(point{cx + hx, cy - ry}, point{cx + rx, cy - hy}, point{cx + rx, cy})
	p.close()
	return p
}

func circle(cx, cy, r float64) path { return ellipse(cx, cy, r, r) }

// box is a rectangle with rounded corners.
func box(x, y, w, h, r float64) path {
	r = math.Min(r, math.Min(w, h)/2)
	k := r * (1 - arcHandle)
	var p path
	p.move(point{x + r, y})
	p.line(point{x + w - r, y})
	p.cube(point{x + w - k, y}, point{x + w, y + k}, point{x + w, y + r})
	p.line(point{x + w, y + h - r})
	p.cube(point{x + w, y + h - k}, point{x + w - k, y + h}, point{x + w - r, y + h})
	p.line(point{x + r, y + h})
	p.cube(point{x + k, y + h}, point{x, y + h - k}, point{x, y + h - r})
	p.line(point{x, y + r})
	p.cube(point{x, y + k}, point{x + k, y}, point{x + r, y})
	p.close()
	return p
}

func segment(x0, y0, x1, y1 float64) path {
	return path{[]verb{moveTo, lineTo}, []point{{x0, y0}, {x1, y1}}}
}

func polygon(pts ...point) path {
	var p path
	for i, q := range pts {
		if i == 0 {
			p.move(q)
		} else {
			p.line(q)
		}
	}
	p.close()
	return p
}

// with returns both outlines as one path.
func (p path) with(q path) path {
	return path{append(append([]verb{}, p.verbs...), q.verbs...), append(append([]point{}, p.pts...), q.pts...)}
}

// warped returns the path with every point, handles included, moved by f.
func (p path) warped(f func(point) point) path {
	out := path{p.verbs, make([]point, len(p.pts))}
	for i, q := range p.pts {
		out.pts[i] = f(q)
	}
	return out
}

func (p path) transformed(m matrix) path { return p.warped(m.apply) }

// reversed runs the other way round. Only for a single open line.
func (p path) reversed() path {
	var out path
	at := len(p.pts) - 1
	out.move(p.pts[at])
	for i := len(p.verbs) - 1; i > 0; i-- {
		switch p.verbs[i] {
		case lineTo:
			at--
			out.line(p.pts[at])
		case cubeTo:
			out.cube(p.pts[at-1], p.pts[at-2], p.pts[at-3])
			at -= 3
		}
	}
	return out
}

// symmetric reads the left half of an outline, from its top on the centre line
// to its bottom there, and closes it with its mirror image.
func symmetric(text string) path {
	half := shape(text)
	other := half.transformed(mirror(500)).reversed()
	out := path{append([]verb{}, half.verbs...), append([]point{}, half.pts...)}
	out.line(other.pts[0])
	out.verbs, out.pts = append(out.verbs, other.verbs[1:]...), append(out.pts, other.pts[1:]...)
	out.close()
	return out
}

// flipped is the path with its mirror image about the centre line added. The
// copy's direction is turned too, so that overlapping halves don't cancel out.
func (p path) flipped() path { return p.with(p.transformed(mirror(500))) }
