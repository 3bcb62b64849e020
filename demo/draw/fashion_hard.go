package draw

// backpack is a day pack with a roll of pockets, seen from the front.
func backpack(k *kit) {
	p := k.pal
	m := cloth{tex: weave, depth: 0.03}
	body := symmetric("M 500 176 R 420 176 350 190 312 236 R 276 330 258 480 252 640 250 760 Q 252 826 312 838 R 380 846 440 848 500 848")
	k.floor(230, 770, 846, 30)
	// Straps and haul loop behind.
	for i := 0; i < 2; i++ {
		k.under(matrixIf(i == 1, mirror(500)), func() {
			k.panel(shape("M 300 300 R 248 400 214 540 216 700 L 250 720 R 250 560 270 420 320 320 Z"), darker(p.trim, 0.1), cloth{tex: airmesh, depth: 0.12, puff: 10})
		})
	}
	k.pullLoop(shape("M 450 190 R 452 140 476 126 500 124 524 126 548 140 550 190"), 20, p.trim)
	k.fabric(body, p.base, m)
	k.inside(body, func() {
		k.fill(body, across(250, 750, stop{0, fade(black, 0.24)}, stop{0.14, fade(black, 0)}, stop{0.3, fade(white, 0.08)}, stop{0.8, fade(black, 0.02)}, stop{1, fade(black, 0.28)}))
		// Lid zip.
		zip := shape("M 282 420 R 300 300 350 236 420 222 500 220 580 222 650 236 700 300 718 420")
		k.zip(zip)
		k.folds(20, 0.5, p.base, "M 300 440 R 330 480 340 520 330 560", "M 380 240 R 390 300 380 350 350 390")
		// Webbing.
		for i := 0; i < 2; i++ {
			k.under(matrixIf(i == 1, mirror(500)), func() {
				k.panel(box(352, 400, 26, 500, 0), p.trim, cloth{tex: twill, depth: 0.05, lift: 3})
				k.panel(box(342, 470, 46, 34, 6), hex(0x2B2C30), cloth{lift: 4, puff: 5})
				k.ink(box(350, 484, 30, 5, 2), fade(black, 0.6))
			})
		}
	})
	// Front pocket.
	pocket := symmetric("M 500 546 L 332 546 Q 306 546 304 572 R 298 650 296 720 298 782 Q 300 818 334 822 R 400 830 450 832 500 832")
	col := p.over
	k.panel(pocket, col, cloth{tex: weave, depth: 0.03, lift: 12, puff: 30, stitch: 1})
	k.inside(pocket, func() {
		k.panel(box(290, 540, 420, 58, 0), darker(col, 0.06), cloth{tex: weave, depth: 0.03, lift: 5, stitch: 1})
		k.zip(segment(318, 606, 682, 606))
		k.folds(18, 0.5, col, "M 310 640 R 350 680 360 740 350 810")
	})
	k.panel(box(440, 664, 120, 92, 8), p.trim, cloth{tex: leather, depth: 0.02, lift: 4, stitch: 1})
	k.stamp(500, 710, 34, 0, legible(p.mark, p.trim))
	k.emblem(500, 372, pickIf(k.variant(0, 2) == 0, 52.0, 30.0), 0, legible(p.mark, p.base))
}

// zip is a coiled zip with a puller at its end.
func (k *kit) zip(p path) {
	col := k.pal.lace
	k.softStroke(p, 14, 4, fade(shadeOf(k.pal.base), 0.5))
	k.stroke(p, 12, solid(darker(k.pal.trim, 0.25)))
	var teeth []polyline
	for _, l := range p.flatten(identity) {
		teeth = append(teeth, l.dashes(2.4, 3)...)
	}
	k.butt(pathOf(teeth...), 6.5, solid(mix(col, hex(0xB5B9BF), 0.5)))
	t := track(p)
	at, _ := t.at(0.86)
	k.panel(box(at.x-8, at.y-7, 16, 14, 4), hex(0xA9ADB4), cloth{lift: 2})
	k.pullLoop(segment(at.x, at.y+6, at.x+3, at.y+40), 9, col)
}

// sunglasses face the camera, slightly from above.
func sunglasses(k *kit) {
	p := k.pal
	frame := p.base
	if luma(frame) > 0.9 {
		frame = mix(p.base, p.over, 0.4)
	}
	glass := mix(darker(p.over, 0.55), hex(0x30353D), 0.45)
	round := k.variant(0, 3)
	lens := shape("O 210 470 320 446 430 470 452 540 420 620 330 652 236 624 194 550")
	switch round {
	case 1:
		lens = circle(324, 546, 112)
	case 2:
		lens = shape("M 190 456 Q 186 444 200 444 L 440 452 Q 458 454 458 470 R 456 560 430 612 380 640 L 280 640 R 220 620 198 540 190 456 Z")
	}
	rim := inset(lens, -24)
	k.floor(170, 830, 676, 22)
	// Arms go back behind the lenses.
	for i := 0; i < 2; i++ {
		k.under(matrixIf(i == 1, mirror(500)), func() {
			k.stroke(shape("M 180 474 R 184 432 206 396 246 368 L 262 362"), 19, solid(darker(frame, 0.4)))
			k.stroke(shape("M 180 470 R 184 428 206 392 246 364 L 262 358"), 11, down(320, 470, frame, darker(frame, 0.25)))
		})
	}
	// Coloured light falls through the lenses.
	k.under(move(0, 118).then(about(500, 600, scaled(1, 0.34))), func() { k.soft(lens.flipped(), 22, fade(mix(glass, p.over, 0.6), 0.24)) })
	for i := 0; i < 2; i++ {
		k.under(matrixIf(i == 1, mirror(500)), func() {
			k.fill(rim, linear(180, 440, 420, 660, stop{0, lighter(frame, 0.22)}, stop{0.5, frame}, stop{1, darker(frame, 0.3)}))
			k.edge(rim, frame)
			k.panel(shape("M 152 462 L 206 440 L 214 484 L 160 496 Q 148 480 152 462 Z"), frame, cloth{lift: 3})
			k.ink(ellipse(178, 470, 9, 5), hex(0xD9DBDF))
			k.fill(lens, linear(0, 440, 0, 660, stop{0, glass}, stop{0.55, mix(glass, p.over, 0.35)}, stop{1, lighter(mix(glass, p.over, 0.6), 0.25)}))
			k.hollow(lens, 16, 0, 6, fade(black, 0.5))
			k.stroke(lens, 3, solid(fade(shadeOf(frame), 0.8)))
		})
	}
	bridge := shape("M 450 480 R 474 464 500 459 526 464 550 480 L 542 508 R 522 494 500 490 478 494 458 508 Z")
	k.panel(bridge, frame, cloth{lift: 4, puff: 8})
	// The studio's window, reflected the same way in both.
	for _, dx := range []float64{0, 352} {
		k.inside(lens.transformed(matrixIf(dx > 0, mirror(500))), func() {
			k.fill(shape("M 200 640 L 330 430 L 390 430 L 250 680 Z").transformed(move(dx, 0)), solid(fade(white, 0.16)))
			k.fill(shape("M 276 680 L 410 430 L 428 430 L 300 690 Z").transformed(move(dx, 0)), solid(fade(white, 0.12)))
			k.stamp(236+dx*1.13, 484, 11, 0, fade(white, 0.55))
		})
	}
}

// watch lies upright, its strap running out of the picture's middle.
func watch(k *kit) {
	p := k.pal
	strap := p.base
	steel := hex(0xC4C8CE)
	if luma(p.trim) < 0.3 {
		steel = hex(0x4A4D53)
	}
	square := k.variant(0, 2) == 1
	upper := symmetric("M 500 86 L 436 86 Q 424 86 423 98 R 418 220 408 300 396 372 L 500 372")
	lower := symmetric("M 500 628 L 396 628 R 408 700 418 790 424 880 Q 426 914 460 914 L 500 914")
	k.lay(upper.with(lower).with(circle(500, 500, 190)), 16)
	for _, s := range []path{upper, lower} {
		k.fill(s, tube(404, 596, strap).with(leather, 0.015))
		k.edge(s, strap)
		k.inside(s, func() { k.stitches(inset(s, 12), threadFor(strap)) })
	}
	for i := 0; i < 5; i++ {
		y := 730 + float64(i)*34
		k.ink(ellipse(500, y, 10, 7), fade(shadeOf(strap), 0.9))
		k.stroke(ellipse(500, y, 11, 8), 1.6, solid(fade(white, 0.2)))
	}
	k.panel(box(415, 150, 170, 30, 6), darker(strap, 0.06), cloth{lift: 4, puff: 5})
	body := circle(500, 500, 182)
	face := circle(500, 500, 146)
	if square {
		body, face = box(332, 324, 336, 352, 92), box(364, 356, 272, 288, 66)
	}
	k.panel(box(668, 470, 34, 60, 10), steel, cloth{lift: 3, tex: ribbed, depth: 0.1})
	k.under(move(0, 8), func() { k.soft(body, 12, fade(black, 0.4)) })
	k.fill(body, linear(340, 330, 660, 670, stop{0, lighter(steel, 0.55)}, stop{0.3, steel}, stop{0.55, lighter(steel, 0.35)}, stop{1, darker(steel, 0.4)}))
	k.stroke(inset(body, 12), 3, solid(fade(white, 0.5)))
	k.stroke(inset(body, 2), 3, solid(fade(black, 0.3)))
	dial := p.over
	k.fill(face, k.ball(500, 500, 150, dial))
	k.hollow(face, 18, 0, 10, fade(black, 0.5))
	hand := legible(p.lace, dial)
	for i := 0; i < 60; i++ {
		k.under(about(500, 500, turn(float64(i)*6)), func() {
			if i%5 == 0 {
				k.ink(box(495, 372, 10, 30, 3), hand)
			} else {
				k.ink(box(498.6, 372, 2.8, 12, 1), fade(hand, 0.6))
			}
		})
	}
	k.stamp(500, 440, 18, 0, legible(p.mark, dial))
	k.ink(circle(500, 572, 40), fade(black, 0.16))
	k.stroke(circle(500, 572, 40), 2, solid(fade(hand, 0.5)))
	k.under(about(500, 572, turn(float64(k.variant(1, 360)))), func() { k.stroke(segment(500, 572, 500, 544), 4, solid(fade(hand, 0.9))) })
	pointer := func(deg, length, w float64, c ink) {
		k.under(about(500, 500, turn(deg)), func() {
			k.under(move(3, 5), func() { k.soft(box(500-w/2, 500-length, w, length+22, w/2), 4, fade(black, 0.4)) })
			k.fill(box(500-w/2, 500-length, w, length+22, w/2), across(500-w/2, 500+w/2, stop{0, lighter(c, 0.3)}, stop{1, darker(c, 0.12)}))
		})
	}
	pointer(-58, 78, 11, hand)
	pointer(54, 112, 8, hand)
	pointer(200, 118, 3, legible(p.mark, dial))
	k.ink(circle(500, 500, 9), hand)
	k.inside(face, func() { k.fill(shape("M 350 640 L 520 350 L 610 350 L 430 660 Z"), solid(fade(white, 0.07))) })
}
