package draw

// kit is what a product is drawn with.
type kit struct {
	*canvas
	pal  Palette
	mark int // which of the marks the brand has

	design [6]uint64 // random choices, one for each part that has several designs
	medial bool      // drawing a shoe's inner side, mirrored
}

// variant chooses between n designs of the article's part i. It depends on the
// seed only, so that all views show the same article.
func (k *kit) variant(i, n int) int { return int(k.design[i] % uint64(n)) } //nolint:gosec // n is a small count

// cloth says how a panel's material looks and how it sits on what is under it.
type cloth struct {
	tex    texture
	depth  float64 // how much the texture shows
	lift   float64 // thickness: the shadow it throws, 0 for none
	puff   float64 // how far the edges round off
	stitch int     // rows of stitches along the edge
	thread ink     // colour of the stitches; none takes a shade of the panel
}

// extent is the box around a path, in design units.
func extent(p path) (x0, y0, x1, y1 float64) {
	for i, l := range p.flatten(identity) {
		for j, q := range l.pts {
			if i == 0 && j == 0 {
				x0, y0, x1, y1 = q.x, q.y, q.x, q.y
			}
			x0, y0, x1, y1 = min(x0, q.x), min(y0, q.y), max(x1, q.x), max(y1, q.y)
		}
	}
	return
}

// area is positive for outlines that run clockwise on the screen.
func (l polyline) area() float64 {
	sum := 0.0
	for i, q := range l.pts {
		n := l.pts[(i+1)%len(l.pts)]
		sum += q.x*n.y - n.x*q.y
	}
	return sum / 2
}

// inset is the outline moved inwards by d.
func inset(p path, d float64) path {
	var out []polyline
	for _, l := range p.flatten(identity) {
		l.closed = true
		side := d
		if l.area() < 0 {
			side = -d
		}
		out = append(out, l.parallel(side))
	}
	return pathOf(out...)
}

// threadFor is a stitch colour that shows on a material without shouting.
func threadFor(c ink) ink {
	if luma(c) < 0.35 {
		return lighter(c, 0.24)
	}
	return darker(c, 0.24)
}

// stitches sews along an open or closed line.
func (k *kit) stitches(p path, col ink) {
	var runs []polyline
	for _, l := range p.flatten(identity) {
		runs = append(runs, l.dashes(6.5, 3.6)...)
	}
	line := pathOf(runs...)
	k.under(move(0, 1.2), func() { k.stroke(line, 2.2, solid(fade(shadeOf(col), 0.35))) })
	k.stroke(line, 1.9, solid(col))
}

// panel lays a piece of material: shadow below, the material with a little
// volume, a lit upper edge and stitches.
func (k *kit) panel(p path, col ink, m cloth) {
	_, y0, _, y1 := extent(p)
	s := k.view.scaleOf()
	if m.lift > 0 {
		if soft, n := k.soften(p.flatten(k.view), m.lift*1.3*s); soft != nil {
			k.pour(soft, n, 0, m.lift*0.55*s, solid(fade(shadeOf(col), 0.38)), false)
			k.spare = append(k.spare, soft.pix)
		}
	}
	top, low := lighter(col, 0.07), darker(col, 0.1)
	if luma(col) > 0.85 {
		top = lighter(col, 0.5)
	}
	k.fill(p, down(y0, y1, top, low).with(m.tex, m.depth))
	k.inside(p, func() {
		if m.puff > 0 {
			k.sink(p, m.puff, 0, -m.puff*0.45, fade(shadeOf(col), 0.26))
		}
		k.bevel(p, col)
		thread := m.thread
		if thread.A == 0 {
			thread = threadFor(col)
		}
		for i := 0; i < m.stitch; i++ {
			k.stitches(inset(p, 7+float64(i)*7), thread)
		}
	})
}

// edge gives a cut edge its thickness: light above, dark below.
func (k *kit) edge(p path, col ink) { k.inside(p, func() { k.bevel(p, col) }) }

// bevel does the same, but for a path that painting is limited to already.
func (k *kit) bevel(p path, col ink) {
	light := 0.5
	if luma(col) < 0.3 {
		light = 0.2
	}
	k.under(move(0, 1.4), func() { k.stroke(p, 2.4, solid(fade(white, light))) })
	k.stroke(p, 2, solid(fade(shadeOf(col), 0.32)))
}
