package draw

// fromBelow is the pair's outsoles.
func (k *kit) fromBelow(b build) {
	w := 158.0
	k.pair(w, 2, func() {
		k.under(move(0, 12), func() { k.soft(outlineTop, 28, fade(shadeOf(k.pal.ground), 0.30)) })
		k.under(move(0, 4), func() { k.soft(outlineTop, 8, fade(shadeOf(k.pal.ground), 0.38)) })
	})
	k.pair(w, 2, func() { k.under(scaled(-b.wide, 1), func() { k.outsole(b) }) })
}

func (k *kit) outsole(b build) {
	p := k.pal
	k.foam(outlineTop, p.sole)
	plate := inset(outlineTop, 7+b.rim*0.25)
	k.under(move(0, 2), func() { k.soft(plate, 4, fade(shadeOf(p.sole), 0.4)) })
	k.fill(plate, down(-360, 360, lighter(p.tread, 0.05), darker(p.tread, 0.12)))
	k.edge(plate, p.tread)
	k.inside(plate, func() {
		switch b.tread {
		case 0:
			k.treadCourt()
		case 1:
			k.treadPods()
		case 2:
			k.treadBlocks()
		case 3:
			k.treadWaffle()
		default:
			k.treadLugs()
		}
	})
	// A window at the arch with the brand's mark.
	arch := shape("O 6 70 46 84 58 130 54 182 10 204 -38 184 -48 132 -34 84")
	k.under(move(0, 1), func() { k.soft(arch, 4, fade(shadeOf(p.tread), 0.5)) })
	ground := mix(p.sole, p.tread, 0.2)
	k.panel(arch, ground, cloth{puff: 12})
	k.under(scaled(-1, 1), func() { k.stamp(-5, 136, 32, 0, legible(p.mark, ground)) })
	k.hollow(outlineTop, 34, -4, -16, fade(shadeOf(p.tread), 0.34))
	k.inside(plate, func() { k.shine(-30, -230, 90, 120, 15, 0.16) })
}

// cut carves grooves: dark with a lit lower lip.
func (k *kit) cut(p path, w float64) {
	c := k.pal.tread
	k.under(move(0, w*0.5), func() { k.stroke(p, w*0.8, solid(fade(white, 0.10+0.25*luma(c)))) })
	k.stroke(p, w, solid(fade(shadeOf(c), 0.55)))
}

// knob raises a block of rubber.
func (k *kit) knob(p path, c ink) {
	k.under(move(0, 3), func() { k.ink(p, fade(shadeOf(c), 0.55)) })
	_, y0, _, y1 := extent(p)
	k.fill(p, down(y0, y1, lighter(c, 0.14), darker(c, 0.06)))
}

// treadCourt is herringbone with pivot circles at the ball and the heel.
func (k *kit) treadCourt() {
	var lines path
	for y := -380.0; y < 400; y += 15 {
		var z path
		z.move(point{-150, y})
		for i := 1; i <= 20; i++ {
			z.line(point{-150 + float64(i)*15, y + float64(i%2)*11})
		}
		lines = lines.with(z)
	}
	k.cut(lines, 4)
	for _, c := range []point{{-10, -170}, {4, 276}} {
		for i, r := range []float64{58, 44, 30, 16} {
			if c.y > 0 {
				r *= 0.74
			}
			if i == 0 {
				k.fill(circle(c.x, c.y, r), down(c.y-r, c.y+r, lighter(k.pal.tread, 0.05), darker(k.pal.tread, 0.06)))
			}
			k.cut(circle(c.x, c.y, r), 4)
		}
	}
	k.cut(shape("M -150 20 R -60 40 60 40 150 20"), 7)
	k.cut(shape("M -150 232 R -60 216 60 216 150 232"), 7)
}

// treadPods is a runner's: foam with rubber pods where the foot lands.
func (k *kit) treadPods() {
	p := k.pal
	k.wash(down(-360, 360, lighter(p.sole, 0.05), darker(p.sole, 0.12)))
	k.inside(shape("M -200 -400 L 200 -400 L 200 -20 L -200 -20 Z").with(shape("M -200 196 L 200 196 L 200 400 L -200 400 Z")), func() {
		for y := -350.0; y < 370; y += 44 {
			for i := -3; i < 3; i++ {
				x := float64(i)*46 + 22
				k.knob(box(x-20, y+float64(i*i-4)*1.2, 40, 37, 9), p.tread)
				k.cut(segment(x-10, y+18+float64(i*i-4)*1.2, x+10, y+18+float64(i*i-4)*1.2), 2.4)
			}
		}
	})
	k.groove(shape("M 0 -380 R 14 -200 -6 0 10 200 0 380"), 9, p.sole)
	k.groove(shape("M -150 -40 R -50 0 50 0 150 -50"), 5, p.sole)
}

// treadBlocks is a chunky sole's: bars that bend with the foot.
func (k *kit) treadBlocks() {
	p := k.pal
	for y := -372.0; y < 380; y += 40 {
		k.knob(shape("M -200 0 R -60 22 0 26 60 22 200 0 L 200 26 R 60 48 0 52 -60 48 -200 26 Z").transformed(move(0, y)), lighter(p.tread, 0.04))
	}
	k.cut(shape("M -56 -380 R -70 -200 -40 0 -50 200 -30 380"), 8)
	k.cut(shape("M 60 -380 R 74 -200 44 0 56 200 36 380"), 8)
	k.cut(shape("M -150 14 R -60 40 60 40 150 14"), 8)
}

// treadWaffle is a skate shoe's.
func (k *kit) treadWaffle() {
	var cells path
	for j := 0; j < 34; j++ {
		for i := 0; i < 13; i++ {
			x, y := -156+float64(i)*26+float64(j%2)*13, -370+float64(j)*22
			cells = cells.with(polygon(point{x, y - 11}, point{x + 10, y}, point{x, y + 11}, point{x - 10, y}))
		}
	}
	c := k.pal.tread
	k.under(move(0, 2), func() { k.ink(cells, fade(white, 0.10+0.2*luma(c))) })
	k.ink(cells, fade(shadeOf(c), 0.42))
	k.cut(shape("M -150 40 R -60 60 60 60 150 40"), 6)
}

// treadLugs is a trail shoe's: chevrons that point forwards under the ball
// and backwards under the heel.
func (k *kit) treadLugs() {
	p := k.pal
	lug := shape("M -24 14 L 0 -12 L 24 14 L 24 30 L 0 6 L -24 30 Z")
	for j := 0; j < 13; j++ {
		y := -332 + float64(j)*56
		flip := 1.0
		if y > 60 {
			flip = -1
		}
		for i := -2; i <= 2; i++ {
			x := float64(i)*60 + float64(j%2)*30
			c := lighter(p.tread, 0.06)
			if i%2 == 0 {
				c = mix(p.tread, p.mark, 0.25)
			}
			k.knob(lug.transformed(move(x, y).then(scaled(1, flip))), c)
		}
	}
}
