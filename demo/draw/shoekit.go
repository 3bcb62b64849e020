package draw

// Materials of shoes.
var smooth = cloth{tex: leather, depth: 0.012}  //nolint:gochecknoglobals // never written
var nubuck = cloth{tex: suede, depth: 0.035}    //nolint:gochecknoglobals // never written
var airy = cloth{tex: mesh, depth: 0.10}        //nolint:gochecknoglobals // never written
var openAiry = cloth{tex: airmesh, depth: 0.11} //nolint:gochecknoglobals // never written
var linen = cloth{tex: weave, depth: 0.045}     //nolint:gochecknoglobals // never written

// on returns the material as a panel that lies on others.
func (m cloth) on(lift float64, rows int) cloth { m.lift, m.stitch = lift, rows; return m }

// padded returns the material with foam under it.
func (m cloth) padded(puff float64) cloth { m.puff = puff; return m }

// floor draws what a thing throws on the ground it stands on.
func (k *kit) floor(x0, x1, y, reach float64) {
	g := shadeOf(k.pal.ground)
	w := x1 - x0
	k.soft(ellipse((x0+x1)/2, y+9, w*0.52, reach), 36, fade(g, 0.20))
	k.soft(ellipse((x0+x1)/2, y+2, w*0.47, reach*0.36), 12, fade(g, 0.34))
	k.soft(ellipse((x0+x1)/2, y-1, w*0.44, reach*0.16), 4, fade(g, 0.42))
}

// shine is a broad soft reflection of the studio's lamp.
func (k *kit) shine(x, y, rx, ry, tilt, a float64) {
	k.under(about(x, y, turn(tilt)), func() { k.fill(ellipse(x, y, rx, ry), glow(x, y, rx, ry, white, a)) })
}

// groove presses a line into foam or rubber.
func (k *kit) groove(p path, w float64, col ink) {
	k.stroke(p, w, solid(fade(shadeOf(col), 0.34)))
	k.under(move(0, w*0.75), func() { k.stroke(p, w*0.6, solid(fade(white, 0.15+0.4*luma(col)))) })
}

// ridge is the opposite: a line that stands out.
func (k *kit) ridge(p path, w float64, col ink) {
	k.under(move(0, w*0.6), func() { k.stroke(p, w, solid(fade(shadeOf(col), 0.35))) })
	k.stroke(p, w, solid(lighter(col, 0.12)))
}

// foam is the body of a midsole.
func (k *kit) foam(p path, col ink) {
	_, y0, _, y1 := extent(p)
	k.fill(p, linear(0, y0, 0, y1, stop{0, lighter(col, 0.3)}, stop{0.25, lighter(col, 0.08)}, stop{1, darker(col, 0.13)}))
	k.hollow(p, 24, 0, -14, fade(shadeOf(col), 0.26))
	k.edge(p, col)
}

// rubber is an outsole's strip: darker towards the ground.
func (k *kit) rubber(p path, col ink) {
	_, y0, _, y1 := extent(p)
	k.fill(p, linear(0, y0, 0, y1, stop{0, lighter(col, 0.06)}, stop{0.4, col}, stop{1, darker(col, 0.3)}))
	k.edge(p, col)
}

// roundUp shades the whole upper as one volume, lit from above.
func (k *kit) roundUp(upper path) {
	x0, y0, x1, y1 := extent(upper)
	k.inside(upper, func() {
		k.sink(upper, 44, 8, -30, fade(shadeOf(k.pal.base), pickIf(luma(k.pal.base) > 0.85, 0.2, 0.27)))
		k.sink(upper, 10, 0, -4, fade(shadeOf(k.pal.base), 0.16))
	})
	k.fill(upper, linear(x0, y0, x1, y0+(y1-y0)*0.5, stop{0, fade(black, 0.03)}, stop{0.2, fade(white, 0.03)}, stop{0.75, fade(black, 0)}, stop{1, fade(black, 0.14)}))
}

// seat darkens the line where the upper meets the sole.
func (k *kit) seat(upper, line path) {
	k.inside(upper, func() { k.softStroke(line, 9, 7, fade(shadeOf(k.pal.base), 0.55)) })
}

// holes punches a field of n by rows holes, stepping by (dx, dy) along a row
// and by (ex, ey) from row to row.
func (k *kit) holes(x, y float64, n, rows int, dx, dy, ex, ey, r float64, ground ink) {
	var dark, light path
	for j := 0; j < rows; j++ {
		for i := 0; i < n-j/2; i++ {
			cx, cy := x+float64(i)*dx+float64(j)*ex, y+float64(i)*dy+float64(j)*ey
			dark = dark.with(ellipse(cx, cy, r, r*0.82))
			light = light.with(ellipse(cx, cy+r*0.5, r*0.95, r*0.7))
		}
	}
	k.ink(light, fade(white, 0.12+0.25*luma(ground)))
	k.ink(dark, fade(shadeOf(ground), 0.68))
}

// lacing threads n laces between the eyelets along near and the far side's line.
func (k *kit) lacing(near, far path, n int, width float64, col ink) {
	a, b := track(near), track(far)
	for i := 0; i < n; i++ {
		t := (float64(i) + 0.5) / float64(n)
		q, _ := b.at(clamp01(t - 0.55/float64(n)))
		p, _ := a.at(clamp01(t + 0.5/float64(n)))
		k.lace(p, q, width*0.86, darker(col, 0.14))
	}
	for i := 0; i < n; i++ {
		p, _ := a.at((float64(i) + 0.5) / float64(n))
		k.eyelet(p, width*0.5)
	}
	for i := 0; i < n; i++ {
		t := (float64(i) + 0.5) / float64(n)
		p, _ := a.at(t)
		q, _ := b.at(clamp01(t + 0.30/float64(n)))
		k.lace(p, q, width, col)
	}
}

func (k *kit) eyelet(p point, r float64) {
	k.ink(circle(p.x, p.y+1, r*1.5), fade(white, 0.18))
	k.ink(circle(p.x, p.y, r*1.35), fade(shadeOf(k.pal.over), 0.75))
}

// lace is one straight piece of flat woven lace.
func (k *kit) lace(p, q point, w float64, col ink) {
	line := segment(p.x, p.y, q.x, q.y)
	k.under(move(1, 4), func() { k.softStroke(line, w, 3, fade(shadeOf(col), 0.5)) })
	k.stroke(line, w+1.8, solid(fade(shadeOf(col), 0.42)))
	k.stroke(line, w, solid(darker(col, 0.05)))
	k.under(move(-w*0.06, -w*0.16), func() { k.stroke(line, w*0.5, solid(fade(white, 0.55*luma(col)+0.12))) })
	var ticks []polyline
	t := track(line)
	n := int(t.length()/5) + 2
	for i := 1; i < n; i++ {
		at, d := t.at(float64(i) / float64(n))
		s := point{-d.y, d.x}.mul(w * 0.42)
		ticks = append(ticks, polyline{pts: []point{at.sub(s), at.add(s).add(d.mul(w * 0.35))}})
	}
	k.butt(pathOf(ticks...), 1.3, solid(fade(shadeOf(col), 0.18)))
}

// pullLoop is a webbing loop at the heel or the tongue.
func (k *kit) pullLoop(p path, w float64, col ink) {
	k.under(move(0, 3), func() { k.softStroke(p, w, 3, fade(shadeOf(col), 0.35)) })
	k.stroke(p, w+2, solid(darker(col, 0.4)))
	k.stroke(p, w, solid(col))
	k.stroke(p, w*0.3, solid(fade(white, 0.2)))
	k.under(move(0, w*0.25), func() { k.stroke(p, w*0.18, solid(fade(black, 0.15))) })
}
