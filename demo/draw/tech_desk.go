package draw

// keyboard is a compact mechanical one, seen from above.
func keyboard(k *kit) {
	p := k.pal
	body := box(80, 320, 840, 360, 26)
	k.under(about(500, 500, turn(-4+4*float64(k.variant(1, 3)))), func() {
		k.lay(body, 20)
		k.fill(body, linear(80, 320, 240, 720, stop{0, lighter(p.base, 0.2)}, stop{0.5, p.base}, stop{1, darker(p.base, 0.18)}))
		k.edge(body, p.base)
		k.hollow(body, 14, 0, -8, fade(shadeOf(p.base), 0.3))
		k.fill(box(100, 340, 800, 320, 14), down(340, 660, darker(p.base, 0.5), darker(p.base, 0.34)))
		// Widths of the keys in each row, in units of one key.
		rows := [][]float64{
			{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2},
			{1.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.5},
			{1.75, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2.25},
			{2.25, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2.75},
			{1.25, 1.25, 1.25, 6.25, 1.25, 1.25, 1.25, 1.25},
		}
		const unit = 52.4
		for j, row := range rows {
			x := 107.0
			for i, w := range row {
				c := p.sole
				switch {
				case j == 0 && i == 0, j == 2 && i == len(row)-1:
					c = p.mark
				case w != 1 && w < 6:
					c = p.over
				case w > 6 && k.variant(0, 2) == 0:
					c = p.trim
				}
				k.key(x, 348+float64(j)*61, w*unit-5, 56, c, speck(i+3, j) < 0.9 && w == 1, i+j)
				x += w * unit
			}
		}
	})
}

// key is one cap: its skirt, its dished top and a legend's hint.
func (k *kit) key(x, y, w, h float64, c ink, legend bool, n int) {
	k.fill(box(x, y, w, h, 7), down(y, y+h, darker(c, 0.16), darker(c, 0.36)))
	top := box(x+6, y+3, w-12, h-15, 6)
	k.fill(top, linear(x, y, x+w*0.4, y+h, stop{0, lighter(c, 0.14)}, stop{1, darker(c, 0.03)}))
	k.stroke(top, 1.4, solid(fade(white, 0.12+0.4*luma(c))))
	if legend {
		col := fade(legible(k.pal.over, c), 0.8)
		switch n % 4 {
		case 0:
			k.ink(box(x+13, y+11, 9, 9, 2), col)
		case 1:
			k.stroke(circle(x+17, y+16, 4.5), 2.2, solid(col))
		case 2:
			k.stroke(segment(x+13, y+20, x+20, y+11), 2.4, solid(col))
		default:
			k.stroke(segment(x+12, y+12, x+21, y+12), 2.4, solid(col))
			k.stroke(segment(x+16.5, y+12, x+16.5, y+20), 2.4, solid(col))
		}
	}
}

// speaker is a portable one, wrapped in cloth.
func speaker(k *kit) {
	p := k.pal
	k.floor(150, 850, 706, 30)
	body := box(140, 320, 720, 384, 150)
	k.pullLoop(shape("M 820 400 R 880 380 908 430 900 500 880 560 850 590"), 22, p.trim)
	k.fill(body, down(320, 704, p.base, darker(p.base, 0.16)).with(weave, 0.09))
	k.inside(body, func() {
		k.fill(body, down(320, 704, fade(white, 0.22), fade(white, 0)))
		k.hollow(body, 50, 0, -30, fade(shadeOf(p.base), 0.5))
		k.softStroke(segment(270, 362, 730, 362), 22, 16, fade(white, 0.16+0.3*luma(p.base)))
		if k.variant(0, 2) == 0 {
			k.fill(box(100, 470, 800, 84, 0), solid(p.over).with(weave, 0.08))
			k.fill(box(100, 470, 800, 84, 0), down(470, 554, fade(white, 0.08), fade(black, 0.12)))
		}
		for i := 0; i < 2; i++ {
			k.under(matrixIf(i == 1, mirror(500)), func() {
				k.fill(shape("M 120 300 L 240 300 R 210 400 210 620 240 720 L 120 720 Z"), across(140, 240, stop{0, darker(p.trim, 0.4)}, stop{0.5, p.trim}, stop{1, darker(p.trim, 0.2)}))
				k.groove(shape("M 240 300 R 210 400 210 620 240 720"), 3, p.trim)
				k.softStroke(shape("M 176 380 R 162 450 162 560 176 640"), 10, 6, fade(white, 0.25))
			})
		}
	})
	k.panel(box(430, 452, 140, 120, 26), p.trim, cloth{lift: 5, puff: 8})
	k.stamp(500, 512, 42, 0, legible(p.mark, p.trim))
	for i := 0; i < 3; i++ {
		x := 410 + float64(i)*90
		k.panel(box(x-30, 330, 60, 20, 10), p.trim, cloth{lift: 3})
	}
	k.ink(circle(500, 660, 6), hex(0x6EE7A8))
	k.soft(circle(500, 660, 8), 6, fade(hex(0x6EE7A8), 0.6))
}

// camera is a compact with a fixed lens.
func camera(k *kit) {
	p := k.pal
	steel := mix(hex(0xC9CCD1), p.sole, 0.3)
	k.floor(150, 850, 742, 28)
	// Top: dials, shoe and finder.
	k.panel(box(240, 300, 84, 40, 8), steel, cloth{tex: ribbed, depth: 0.12})
	k.panel(box(690, 306, 96, 40, 8), steel, cloth{tex: ribbed, depth: 0.12})
	k.panel(box(610, 312, 46, 30, 14), legible(p.mark, steel), cloth{puff: 5})
	k.panel(shape("M 410 346 L 428 292 Q 432 282 444 282 L 556 282 Q 568 282 572 292 L 590 346 Z"), steel, cloth{})
	k.panel(box(456, 270, 88, 16, 4), darker(steel, 0.35), cloth{})
	body := box(140, 336, 720, 404, 54)
	k.fill(body, down(336, 740, lighter(steel, 0.3), darker(steel, 0.2)))
	k.edge(body, steel)
	skin := box(140, 424, 720, 236, 0)
	k.inside(body, func() {
		k.panel(skin, p.base, cloth{tex: leather, depth: 0.035, lift: 3})
		k.fill(body, across(140, 860, stop{0, fade(black, 0.26)}, stop{0.1, fade(white, 0.12)}, stop{0.3, fade(white, 0)}, stop{0.85, fade(black, 0.05)}, stop{1, fade(black, 0.3)}))
		if k.variant(0, 2) == 0 {
			k.fill(box(140, 520, 720, 26, 0), solid(p.over))
			k.fill(box(140, 552, 720, 8, 0), solid(p.trim))
		}
	})
	k.panel(shape("M 182 440 R 176 520 176 580 186 650 L 238 650 R 246 580 246 510 238 440 Z"), darker(p.base, 0.12), cloth{tex: leather, depth: 0.03, lift: 6, puff: 14})
	k.panel(box(716, 356, 90, 50, 12), hex(0x22262D), cloth{lift: 1})
	k.fill(box(724, 362, 74, 38, 8), linear(724, 362, 798, 400, stop{0, hex(0x7C93B8)}, stop{0.5, hex(0x2A3346)}, stop{1, hex(0x56698C)}))
	k.stamp(300, 380, 24, 0, legible(p.mark, steel))
	k.ink(circle(676, 380, 12), hex(0xF4F1E6))
	k.stroke(circle(676, 380, 12), 3, solid(darker(steel, 0.4)))
	// Lens: rings, then glass.
	x, y := 512.0, 544.0
	k.under(move(10, 16), func() { k.soft(circle(x, y, 186), 20, fade(black, 0.45)) })
	for _, r := range []struct {
		r float64
		c ink
	}{{188, steel}, {172, hex(0x303338)}, {150, hex(0x1F2226)}, {128, darker(steel, 0.3)}, {120, hex(0x15171A)}} {
		k.fill(circle(x, y, r.r), linear(x-r.r, y-r.r, x+r.r, y+r.r, stop{0, lighter(r.c, 0.35)}, stop{0.4, r.c}, stop{0.6, darker(r.c, 0.2)}, stop{1, lighter(r.c, 0.16)}))
	}
	for i := 0; i < 60; i++ {
		k.under(about(x, y, turn(float64(i)*6)), func() {
			k.ink(box(x-2, y-171, 4, 17, 1), fade(black, 0.5))
			if i%6 == 0 {
				k.ink(box(x-1.5, y-146, 3, 12, 1), fade(pickIf(i%12 == 0, legible(p.mark, black), white), 0.8))
			}
		})
	}
	k.fill(circle(x, y, 104), radial(x-20, y-26, 130, stop{0, hex(0x54608A)}, stop{0.35, hex(0x2B3152)}, stop{0.7, hex(0x141725)}, stop{1, hex(0x0A0B10)}))
	k.fill(circle(x, y, 62), radial(x+14, y+20, 80, stop{0, hex(0x6A3F7A)}, stop{0.6, hex(0x1C1A33)}, stop{1, hex(0x0C0D16)}))
	k.fill(circle(x, y, 30), solid(hex(0x07080B)))
	k.softBrush(shape("M 440 520 R 446 480 474 456 514 452"), 22, 6, fade(white, 0.6))
	k.fill(ellipse(548, 588, 18, 12), solid(fade(hex(0xB9C8F0), 0.4)))
	k.fill(circle(480, 502, 9), solid(fade(white, 0.75)))
}
