package draw

import "math"

// polyline is a path after its curves were cut into short lines.
type polyline struct {
	pts    []point
	closed bool
}

// flatten cuts the path, seen through m, into lines that stay within about a
// tenth of a pixel of the true curve.
func (p path) flatten(m matrix) []polyline {
	var out []polyline
	var cur polyline
	end := func() {
		if len(cur.pts) > 1 {
			out = append(out, cur)
		}
		cur = polyline{}
	}
	i := 0
	for _, v := range p.verbs {
		switch v {
		case moveTo:
			end()
			cur.pts = append(cur.pts, m.apply(p.pts[i]))
			i++
		case lineTo:
			cur.pts = append(cur.pts, m.apply(p.pts[i]))
			i++
		case cubeTo:
			if len(cur.pts) == 0 {
				cur.pts = append(cur.pts, m.apply(p.pts[i]))
			}
			a := cur.pts[len(cur.pts)-1]
			b, c, d := m.apply(p.pts[i]), m.apply(p.pts[i+1]), m.apply(p.pts[i+2])
			i += 3
			bend := math.Max(a.sub(b.mul(2)).add(c).length(), b.sub(c.mul(2)).add(d).length())
			n := int(math.Sqrt(bend*0.75/0.1)) + 1
			n = min(n, 64)
			for k := 1; k <= n; k++ {
				t := float64(k) / float64(n)
				u := 1 - t
				q := a.mul(u * u * u).add(b.mul(3 * u * u * t)).add(c.mul(3 * u * t * t)).add(d.mul(t * t * t))
				cur.pts = append(cur.pts, q)
			}
		case closed:
			if len(cur.pts) > 0 {
				first := cur.pts[0]
				cur.closed = true
				end()
				cur.pts = append(cur.pts, first)
			}
		}
	}
	end()
	return out
}

// tidy drops points that repeat the one before, which have no direction.
func (l polyline) tidy() polyline {
	out := polyline{closed: l.closed}
	for _, q := range l.pts {
		if n := len(out.pts); n == 0 || q.sub(out.pts[n-1]).length() > 1e-3 {
			out.pts = append(out.pts, q)
		}
	}
	if n := len(out.pts); out.closed && n > 1 && out.pts[0].sub(out.pts[n-1]).length() <= 1e-3 {
		out.pts = out.pts[:n-1]
	}
	return out
}

// normals gives for each point the sideways unit vector, lengthened at bends
// so that a parallel line keeps its distance, but never by more than half again.
func (l polyline) normals() []point {
	n := len(l.pts)
	out := make([]point, n)
	dir := func(i, j int) point {
		d := l.pts[j].sub(l.pts[i])
		if k := d.length(); k > 0 {
			d = d.mul(1 / k)
		}
		return d
	}
	for i := range l.pts {
		var a, b point
		switch {
		case l.closed:
			a, b = dir((i+n-1)%n, i), dir(i, (i+1)%n)
		case i == 0:
			a = dir(0, 1)
			b = a
		case i == n-1:
			a = dir(n-2, n-1)
			b = a
		default:
			a, b = dir(i-1, i), dir(i, i+1)
		}
		mid := a.add(b)
		k := mid.length()
		if k < 1e-6 {
			mid, k = a, 1
		}
		mid = mid.mul(1 / k)
		// k/2 is the cosine of half the bend.
		stretch := math.Min(1.5, 1/math.Max(k/2, 0.1))
		out[i] = point{-mid.y * stretch, mid.x * stretch}
	}
	return out
}

// parallel returns the line at distance d to the right hand of its direction
// (on a screen, where y runs down).
func (l polyline) parallel(d float64) polyline {
	l = l.tidy()
	if len(l.pts) < 2 {
		return l
	}
	out := polyline{make([]point, len(l.pts)), l.closed}
	for i, q := range l.normals() {
		out.pts[i] = l.pts[i].add(q.mul(d))
	}
	return out
}

func (l polyline) length() float64 {
	sum := 0.0
	for i := 1; i < len(l.pts); i++ {
		sum += l.pts[i].sub(l.pts[i-1]).length()
	}
	return sum
}

// at returns the place and the direction at the share t of the length.
func (l polyline) at(t float64) (point, point) {
	left := t * l.length()
	for i := 1; i < len(l.pts); i++ {
		d := l.pts[i].sub(l.pts[i-1])
		k := d.length()
		if k > 0 && (left <= k || i == len(l.pts)-1) {
			return l.pts[i-1].add(d.mul(left / k)), d.mul(1 / k)
		}
		left -= k
	}
	return l.pts[0], point{1, 0}
}

// cut returns the part of the line between two shares of its length.
func (l polyline) cut(t0, t1 float64) polyline {
	total := l.length()
	from, to := t0*total, t1*total
	var out polyline
	done := 0.0
	for i := 1; i < len(l.pts); i++ {
		a, b := l.pts[i-1], l.pts[i]
		k := b.sub(a).length()
		if k > 0 && done+k > from && done < to {
			if len(out.pts) == 0 {
				out.pts = append(out.pts, between(a, b, math.Max(0, (from-done)/k)))
			}
			out.pts = append(out.pts, between(a, b, math.Min(1, (to-done)/k)))
		}
		done += k
	}
	return out
}

// dashes cuts the line into stitches.
func (l polyline) dashes(on, off float64) []polyline {
	if l.closed && len(l.pts) > 0 {
		l = polyline{append(append([]point{}, l.pts...), l.pts[0]), false}
	}
	total := l.length()
	var out []polyline
	n := int(total / (on + off))
	for i := 0; i < n; i++ {
		at := (on + off) * float64(i)
		if d := l.cut(at/total, (at+on)/total); len(d.pts) > 1 {
			out = append(out, d)
		}
	}
	return out
}

// ribbon returns the outline of a stroke of the given width. With taper the
// stroke runs to a point at both ends.
func (l polyline) ribbon(width float64, round, taper bool) []polyline {
	l = l.tidy()
	if len(l.pts) < 2 {
		return nil
	}
	normals, n := l.normals(), len(l.pts)
	left, right := make([]point, n), make([]point, n)
	total, done := l.length(), 0.0
	for i, q := range normals {
		h := width / 2
		if i > 0 {
			done += l.pts[i].sub(l.pts[i-1]).length()
		}
		if taper && !l.closed {
			t := done / total
			h *= math.Sqrt(math.Max(0, 4*t*(1-t)))
		}
		left[i], right[n-1-i] = l.pts[i].sub(q.mul(h)), l.pts[i].add(q.mul(h))
	}
	if l.closed {
		return []polyline{{left, true}, {right, true}}
	}
	out := append([]point{}, left...)
	if round && !taper {
		out = append(out, capArc(l.pts[n-1], normals[n-1], width/2)...)
	}
	out = append(out, right...)
	if round && !taper {
		out = append(out, capArc(l.pts[0], normals[0].mul(-1), width/2)...)
	}
	return []polyline{{out, true}}
}

// capArc rounds a stroke's end, from its left side to its right.
func capArc(at, normal point, r float64) []point {
	ahead := point{normal.y, -normal.x}
	n := 3 + int(math.Sqrt(r)*2)
	out := make([]point, 0, n)
	for i := 1; i < n; i++ {
		s, c := math.Sincos(math.Pi * float64(i) / float64(n))
		out = append(out, at.sub(normal.mul(r*c)).add(ahead.mul(r*s)))
	}
	return out
}

// pathOf turns lines back into a path, for use with further drawing.
func pathOf(lines ...polyline) path {
	var p path
	for _, l := range lines {
		for i, q := range l.pts {
			if i == 0 {
				p.move(q)
			} else {
				p.line(q)
			}
		}
		if l.closed {
			p.close()
		}
	}
	return p
}

// track is a path's first line in design units, for placing things along it.
func track(p path) polyline {
	l := p.flatten(identity)
	if len(l) == 0 {
		return polyline{pts: []point{{}, {1, 0}}}
	}
	return l[0]
}
