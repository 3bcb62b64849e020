package draw

import "math"

// ball is the light on something round: bright at the upper left.
func (k *kit) ball(cx, cy, r float64, col ink) paint {
	return radial(cx-r*0.35, cy-r*0.45, r*1.75, stop{0, lighter(col, 0.22)}, stop{0.4, col}, stop{0.75, darker(col, 0.18)}, stop{1, darker(col, 0.36)})
}

// tube is the light on an upright cylinder between two sides.
func tube(x0, x1 float64, col ink) paint {
	return across(x0, x1, stop{0, darker(col, 0.34)}, stop{0.12, darker(col, 0.1)}, stop{0.3, lighter(col, 0.2)}, stop{0.45, lighter(col, 0.05)}, stop{0.8, darker(col, 0.16)}, stop{0.95, darker(col, 0.34)}, stop{1, darker(col, 0.26)})
}

// cap is a six-panel baseball cap, brim to the left.
func capHat(k *kit) {
	p := k.pal
	m := cloth{tex: twill, depth: 0.025}
	dome := shape("M 300 610 R 296 500 330 380 420 304 540 276 660 300 750 372 800 480 812 620 R 700 660 560 668 420 650 300 610 Z")
	k.floor(150, 800, 668, 26)
	brimLow := shape("M 330 596 R 230 596 140 622 92 668 Q 82 684 104 690 R 220 690 350 684 480 664 Z")
	k.fill(brimLow, down(600, 690, darker(p.over, 0.25), darker(p.over, 0.6)))
	k.fabric(dome, p.base, m)
	k.inside(dome, func() {
		if k.variant(0, 2) == 1 {
			k.panel(shape("M 280 700 L 280 560 R 300 440 360 340 470 270 L 530 262 R 490 380 486 520 510 700 Z"), p.over, m)
			k.panel(shape("M 300 640 R 380 600 450 600 520 690 Z"), p.over, m)
		}
		for _, s := range []string{"M 540 276 R 490 380 480 520 500 680", "M 540 276 R 640 360 690 480 704 660", "M 540 276 R 430 300 350 400 312 540"} {
			k.groove(shape(s), 2.4, p.base)
			k.under(move(8, 0), func() { k.stitches(shape(s), threadFor(p.base)) })
			k.under(move(-8, 0), func() { k.stitches(shape(s), threadFor(p.base)) })
		}
		k.fill(dome, radial(430, 360, 480, stop{0, fade(white, 0.16)}, stop{0.35, fade(white, 0)}, stop{0.7, fade(black, 0.04)}, stop{1, fade(black, 0.24)}))
		for _, e := range []point{{602, 386}, {404, 378}, {728, 470}} {
			k.stroke(circle(e.x, e.y, 9), 5, solid(darker(p.base, 0.14)))
			k.ink(circle(e.x, e.y, 5), fade(shadeOf(p.base), 0.85))
		}
		k.softStroke(shape("M 290 610 R 420 648 560 668 700 660 820 616"), 20, 12, fade(shadeOf(p.base), 0.5))
	})
	front := legible(p.mark, pickIf(k.variant(0, 2) == 1, p.over, p.base))
	k.under(about(408, 480, matrix{0.86, -0.06, 0.1, 1, 0, 0}), func() { k.emblem(440, 472, 76, 0, front) })
	// Brim.
	brim := shape("M 306 582 R 220 582 126 612 84 664 Q 76 682 96 680 R 200 640 330 640 440 664 530 668 R 470 640 380 600 306 582 Z")
	k.under(move(0, 5), func() { k.soft(brim, 8, fade(shadeOf(p.base), 0.4)) })
	k.panel(brim, p.over, m)
	k.inside(brim, func() {
		for i := 0; i < 5; i++ {
			d := float64(i) * 13
			k.stitches(shape("M 100 668 R 150 622 230 600 310 594 R 390 610 470 648 530 664").transformed(move(d*0.9, d*0.8)), threadFor(p.over))
		}
		k.fill(brim, across(80, 520, stop{0, fade(black, 0.10)}, stop{0.35, fade(white, 0.10)}, stop{1, fade(black, 0.18)}))
	})
	k.panel(ellipse(540, 276, 22, 13), p.over, cloth{lift: 3, puff: 5})
	k.panel(shape("M 776 570 L 822 556 L 828 590 L 780 602 Z"), p.trim, cloth{lift: 3, stitch: 1})
}

// beanie is a ribbed hat with a turned-up edge.
func beanie(k *kit) {
	p := k.pal
	dome := symmetric("M 500 190 R 400 194 310 250 270 350 256 470 258 620 L 258 640 L 500 660")
	cuff := symmetric("M 500 552 R 400 552 310 546 248 534 Q 232 532 231 548 R 226 630 230 700 236 752 Q 238 766 254 768 R 340 786 420 790 500 790")
	k.lay(dome.with(cuff), 18)
	wide := func(x, y float64) float64 { return wave((x + (x-500)*(y-700)*0.0009) / 19) }
	k.fabric(dome, p.base, cloth{tex: wide, depth: 0.09})
	k.inside(dome, func() {
		if k.variant(0, 3) == 1 {
			for i := 0; i < 3; i++ {
				k.fill(box(200, 330+float64(i)*52, 600, 26, 0), solid(p.over).with(wide, 0.09))
			}
		}
		k.fill(dome, radial(430, 330, 420, stop{0, fade(white, 0.10)}, stop{0.5, fade(black, 0)}, stop{1, fade(black, 0.3)}))
		k.folds(22, 0.6, p.base, "M 440 200 R 410 260 396 330 400 400", "M 350 240 R 320 320 306 400 310 470")
		k.softStroke(shape("M 240 536 R 400 556 600 556 760 536"), 16, 14, fade(shadeOf(p.base), 0.6))
	})
	if k.variant(0, 3) == 2 {
		k.fill(circle(500, 176, 74), k.ball(500, 176, 74, p.over).with(fleece, 0.10))
		for i := 0; i < 70; i++ {
			s, c := math.Sincos(float64(i) * 2.399)
			r := 74 * math.Sqrt(float64(i)/70)
			k.brush(segment(500+r*c, 176+r*s, 500+(r+16)*c, 176+(r+16)*s), 5, solid(fade(lighter(p.over, 0.2*float64(i%3)), 0.5)))
		}
	}
	col := p.base
	if k.variant(0, 3) == 2 {
		col = p.over
	}
	k.panel(cuff, col, cloth{tex: wide, depth: 0.10, lift: 8, puff: 26})
	k.inside(cuff, func() {
		k.fill(cuff, across(230, 770, stop{0, fade(black, 0.24)}, stop{0.3, fade(white, 0.05)}, stop{0.6, fade(black, 0.02)}, stop{1, fade(black, 0.26)}))
	})
	label := legible(p.mark, col)
	k.panel(box(452, 630, 96, 82, 4), label, cloth{tex: weave, depth: 0.03, lift: 4, stitch: 1})
	k.stamp(500, 671, 28, 0, legible(p.base, label))
}

// tote is a canvas shopper.
func tote(k *kit) {
	p := k.pal
	m := cloth{tex: weave, depth: 0.05}
	body := symmetric("M 500 402 L 268 404 Q 256 404 255 416 R 246 560 240 700 236 830 Q 236 848 254 850 R 340 858 420 858 500 856")
	k.floor(240, 760, 852, 22)
	strap := func(dy float64, col ink) {
		line := shape("M 380 470 R 378 340 392 220 440 160 500 146 560 160 608 220 622 340 620 470").transformed(move(0, dy))
		k.stroke(line, 36, solid(darker(col, 0.45)))
		k.stroke(line, 33, down(140, 440, lighter(col, 0.06), darker(col, 0.08)).with(weave, 0.06))
		k.under(move(0, 0), func() {
			for _, l := range line.flatten(identity) {
				k.stitches(pathOf(l.parallel(11)), threadFor(col))
				k.stitches(pathOf(l.parallel(-11)), threadFor(col))
			}
		})
	}
	k.under(about(500, 300, scaled(0.94, 1)), func() { strap(-18, darker(p.over, 0.2)) })
	k.fill(box(262, 392, 476, 30, 8), solid(darker(p.lining, 0.35)))
	k.fabric(body, p.base, m)
	k.inside(body, func() {
		if k.variant(0, 2) == 1 {
			k.panel(box(200, 700, 600, 200, 0), p.over, m.on(4, 1))
		}
		k.folds(24, 0.6, p.base, "M 262 420 R 300 500 310 600 290 700", "M 380 850 R 390 760 370 680 330 620")
		k.fold("M 500 856 R 520 760 590 690 640 560", 22, 0.4, p.base)
		k.stitches(segment(240, 436, 760, 436), threadFor(p.base))
		k.stitches(segment(240, 444, 760, 444), threadFor(p.base))
	})
	strap(0, p.over)
	for _, x := range []float64{363, 604} {
		k.panel(box(x, 440, 34, 44, 2), p.over, cloth{tex: weave, depth: 0.06, lift: 3, stitch: 1})
	}
	switch k.variant(1, 3) {
	case 0:
		k.stamp(500, 610, 120, 0, legible(p.mark, p.base))
		for i := 0; i < 3; i++ {
			w := 200 - float64(i)*50
			k.ink(box(500-w/2, 742+float64(i)*18-46, w, 8, 4), fade(legible(p.mark, p.base), 0.85))
		}
	case 1:
		for i := 0; i < 9; i++ {
			x, y := 400+float64(i%3)*100, 520+float64(i/3)*72
			k.stamp(x, y, 28, float64(i%2)*20-10, pickIf(i%2 == 0, legible(p.mark, p.base), k.accent(p.base)))
		}
	default:
		k.ink(circle(500, 600, 120), k.accent(p.base))
		k.stamp(500, 600, 70, 0, legible(p.base, k.accent(p.base)))
	}
	k.inside(body, func() {
		k.fill(body, across(240, 760, stop{0, fade(black, 0.10)}, stop{0.2, fade(black, 0)}, stop{0.7, fade(black, 0)}, stop{1, fade(black, 0.14)}))
	})
}
