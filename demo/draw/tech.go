package draw

// headphones stand on their cushions, seen from the front and a little aside.
func headphones(k *kit) {
	p := k.pal
	k.floor(176, 370, 806, 20)
	k.floor(630, 824, 806, 20)
	steel := hex(0xBFC3C9)
	// Band: outer shell and padding below.
	k.stroke(shape("M 258 560 R 240 380 330 210 500 196 670 210 760 380 742 560"), 54, solid(darker(p.base, 0.32)))
	k.stroke(shape("M 258 560 R 240 380 330 210 500 196 670 210 760 380 742 560"), 51, linear(250, 200, 750, 560, stop{0, lighter(p.base, 0.1)}, stop{0.5, darker(p.base, 0.05)}, stop{1, darker(p.base, 0.3)}))
	k.stroke(shape("M 258 556 R 242 380 332 208 500 192 668 208 758 380 742 556"), 30, linear(250, 190, 750, 560, stop{0, lighter(p.base, 0.4)}, stop{0.4, lighter(p.base, 0.06)}, stop{1, darker(p.base, 0.2)}))
	k.stroke(shape("M 318 330 R 370 246 430 226 500 224 570 226 630 246 682 330"), 34, down(220, 340, darker(p.trim, 0.1), darker(p.trim, 0.35)))
	k.under(move(0, -4), func() {
		k.softStroke(shape("M 300 330 R 350 230 430 190 500 186"), 10, 6, fade(white, 0.15+0.3*luma(p.base)))
	})
	for i := 0; i < 2; i++ {
		k.under(matrixIf(i == 1, mirror(500)), func() {
			k.fill(box(242, 470, 24, 120, 8), tube(242, 266, steel))
			k.panel(shape("M 226 540 L 284 540 L 292 640 L 218 640 Z"), p.over, cloth{lift: 4, puff: 8})
			// Cushion inside, cup outside.
			pad := shape("M 322 512 Q 366 508 372 560 L 376 740 Q 374 796 326 800 L 296 800 L 290 512 Z")
			k.fill(pad, across(290, 376, stop{0, darker(p.lining, 0.4)}, stop{0.6, darker(p.lining, 0.12)}, stop{1, darker(p.lining, 0.4)}).with(leather, 0.03))
			k.hollow(pad, 14, 0, -4, fade(black, 0.4))
			for j := 0; j < 7; j++ {
				y := 540 + float64(j)*38
				k.softBrush(segment(300, y, 370, y+6), 7, 3, fade(black, 0.22))
			}
			cup := shape("O 208 520 292 500 318 560 322 660 314 760 282 812 206 796 172 730 164 656 174 580")
			k.under(move(4, 6), func() { k.soft(cup, 10, fade(black, 0.35)) })
			k.fill(cup, k.ball(240, 656, 150, p.base))
			k.hollow(cup, 24, 0, -12, fade(shadeOf(p.base), 0.4))
			k.edge(cup, p.base)
			plate := shape("O 214 566 262 556 284 604 288 658 280 716 252 752 212 742 196 700 192 656 196 608")
			k.fill(plate, linear(190, 556, 290, 752, stop{0, lighter(p.over, 0.28)}, stop{0.5, p.over}, stop{1, darker(p.over, 0.25)}))
			k.stroke(plate, 3, solid(fade(shadeOf(p.over), 0.5)))
			k.softBrush(shape("M 188 590 R 200 550 230 530 270 526"), 12, 6, fade(white, 0.5))
		})
	}
	k.stamp(240, 654, 24, 0, legible(p.mark, p.over))
	k.stamp(760, 654, 24, 0, legible(p.mark, p.over))
	for i := 0; i < 3; i++ {
		k.ink(circle(206+float64(i)*16, 776, 3), fade(black, 0.5))
	}
}

// handheld is a small games console.
func handheld(k *kit) {
	p := k.pal
	body := box(110, 300, 780, 400, 96)
	k.lay(body, 20)
	k.fill(body, linear(110, 300, 300, 760, stop{0, lighter(p.base, 0.22)}, stop{0.4, p.base}, stop{1, darker(p.base, 0.16)}))
	k.hollow(body, 22, 0, -12, fade(shadeOf(p.base), 0.35))
	k.edge(body, p.base)
	k.stroke(inset(body, 7), 2, solid(fade(white, 0.35)))
	for i := 0; i < 2; i++ {
		k.under(matrixIf(i == 1, mirror(500)), func() {
			k.inside(body, func() {
				if k.variant(0, 2) == 0 {
					k.fill(box(90, 280, 172, 440, 0), linear(110, 300, 200, 760, stop{0, lighter(p.over, 0.2)}, stop{1, darker(p.over, 0.12)}))
					k.groove(segment(262, 280, 262, 720), 3, p.base)
				}
			})
			k.panel(shape("M 150 300 Q 160 284 184 284 L 300 284 L 310 300 Z"), darker(p.trim, 0.1), cloth{})
		})
	}
	screen := box(284, 344, 432, 312, 20)
	k.fill(screen, solid(hex(0x17181B)))
	k.stroke(screen, 3, solid(fade(white, 0.18)))
	view := box(306, 364, 388, 272, 6)
	k.inside(view, func() { k.gameScene() })
	k.inside(screen, func() { k.fill(shape("M 284 640 L 470 344 L 600 344 L 410 656 L 284 656 Z"), solid(fade(white, 0.07))) })
	pad := pickIf(k.variant(0, 2) == 0, p.over, p.base)
	knob := legible(darker(p.trim, 0.1), pad)
	stick := func(x, y float64) {
		k.ink(circle(x, y, 45), fade(shadeOf(pad), 0.5))
		k.fill(circle(x, y, 42), k.ball(x, y, 44, darker(knob, 0.3)))
		k.under(move(0, 3), func() { k.soft(circle(x, y, 32), 5, fade(black, 0.5)) })
		k.fill(circle(x, y, 32), k.ball(x, y, 36, knob))
		k.stroke(circle(x, y, 22), 3, solid(fade(black, 0.2)))
	}
	stick(192, 420)
	stick(808, 580)
	cross := shape("M 176 546 L 208 546 L 208 568 L 230 568 L 230 600 L 208 600 L 208 622 L 176 622 L 176 600 L 154 600 L 154 568 L 176 568 Z")
	k.panel(cross, knob, cloth{lift: 5, puff: 6})
	for i, d := range []point{{0, -38}, {38, 0}, {0, 38}, {-38, 0}} {
		x, y := 808+d.x, 420+d.y
		c := []ink{legible(p.mark, pad), knob, legible(p.lace, pad), knob}[i]
		k.under(move(0, 4), func() { k.soft(circle(x, y, 20), 4, fade(black, 0.45)) })
		k.fill(circle(x, y, 20), k.ball(x, y, 22, c))
		k.softBrush(shape("M -12 -6 R -6 -13 4 -15 10 -12").transformed(move(x, y)), 5, 2, fade(white, 0.5))
	}
	k.ink(box(250-8, 360, 16, 5, 2), fade(knob, 0.9))
	k.ink(circle(760, 660, 6), hex(0x6EE7A8))
	for j := 0; j < 3; j++ {
		for i := 0; i < 3; i++ {
			k.ink(circle(180+float64(i)*14, 650+float64(j)*10-6, 3), fade(shadeOf(pad), 0.6))
		}
	}
	k.stamp(500, 676, 10, 0, legible(p.mark, p.base))
}

// gameScene is what the handheld shows: a rally of pong under a pixel sky.
func (k *kit) gameScene() {
	p := k.pal
	k.wash(down(364, 636, hex(0x1E2147), mix(hex(0x3B2F6B), p.over, 0.35)))
	for i := 0; i < 40; i++ {
		k.ink(box(306+388*speck(i, 1), 364+200*speck(i, 2), 3, 3, 0), fade(white, 0.3+0.6*speck(i, 4)))
	}
	for i := 0; i < 9; i++ {
		k.ink(box(497, 372+float64(i)*30, 6, 16, 0), fade(white, 0.5))
	}
	bright := legible(p.mark, hex(0x1E2147))
	k.ink(box(328, 430, 12, 74, 3), white)
	k.ink(box(660, 500, 12, 74, 3), bright)
	for i := 0; i < 6; i++ {
		k.ink(box(566-float64(i)*17, 470+float64(i)*7, 15, 15, 3), fade(bright, 1-float64(i)*0.17))
	}
	for i, d := range []string{"M 438 384 L 462 384 L 462 424 L 438 424 M 442 404 L 462 404", "M 564 384 L 540 384 L 540 404 L 564 404 L 564 424 L 538 424"} {
		k.butt(shape(d), 8, solid(fade(pickIf(i == 0, white, bright), 0.85)))
	}
}
