package draw

// hairStyle is what grows behind the head and in front of it.
type hairStyle struct{ back, front string }

// firstLongStyle is where the styles begin that no beard goes with.
const firstLongStyle = 9

const pulledBack = "M 324 450 R 310 330 358 222 500 200 642 222 690 330 676 450 R 656 360 606 300 500 282 394 300 344 360 324 450 Z"

var hairStyles = []hairStyle{ //nolint:gochecknoglobals // never written
	{"", "M 326 446 R 308 330 358 222 500 202 642 222 692 330 674 446 L 652 440 R 652 390 640 356 600 332 R 540 350 450 342 402 318 R 370 350 350 390 348 440 Z"},
	{"", "M 324 456 R 304 330 350 220 480 192 R 620 186 696 290 676 456 L 654 440 R 650 380 630 340 590 308 R 520 370 420 384 362 362 R 350 390 348 420 346 456 Z"},
	{"", "M 328 436 R 314 350 336 300 356 270 R 352 196 440 150 548 154 R 650 160 700 240 676 336 L 674 436 L 652 430 R 650 380 636 340 610 316 R 540 332 430 330 388 308 R 356 350 350 390 348 436 Z"},
	{"", "M 334 410 R 326 300 396 230 500 222 604 230 674 300 666 410 R 644 330 600 292 500 286 400 292 356 330 334 410 Z"},
	{"", ""},
	{"", "M 330 440 R 300 400 310 340 340 320 R 320 260 370 220 410 226 R 430 176 500 170 540 196 R 590 170 650 200 650 248 R 700 260 706 320 682 356 R 700 400 690 430 670 444 L 650 430 R 660 390 640 370 620 372 R 600 340 570 340 552 352 R 520 330 490 332 470 350 R 440 330 410 340 396 366 R 360 370 346 400 350 436 Z"},
	{"O 500 90 620 110 720 190 756 310 730 430 660 500 340 500 270 430 244 310 280 190 380 110", "M 320 430 R 330 340 390 296 500 288 610 296 670 340 680 430 R 720 320 640 210 500 200 360 210 280 320 320 430 Z"},
	{"", "M 330 420 R 350 340 380 300 420 290 L 440 130 R 480 90 540 96 570 140 L 580 290 R 620 300 650 340 670 420 R 650 330 600 300 560 300 L 440 300 R 400 300 350 330 330 420 Z"},
	{"M 320 420 R 300 560 310 680 350 740 L 430 740 L 570 740 L 650 740 R 690 680 700 560 680 420 Z", "M 326 450 R 306 320 360 214 500 196 640 214 694 320 674 450 L 650 420 R 640 370 610 336 590 330 L 560 372 L 520 326 L 470 376 L 430 326 L 390 372 R 360 380 350 410 348 450 Z"},
	{"M 304 420 R 280 560 262 740 280 850 L 720 850 R 738 740 720 560 696 420 R 680 240 580 200 500 200 420 200 320 240 304 420 Z", "M 316 540 R 296 340 350 214 500 194 650 214 704 340 684 540 L 656 500 R 658 400 610 318 500 262 R 390 318 342 400 344 500 Z"},
	{"M 300 400 R 262 520 272 630 320 672 L 680 672 R 728 630 738 520 700 400 R 690 240 580 196 500 196 420 196 310 240 300 400 Z", "M 310 560 R 290 340 350 212 500 194 650 212 710 340 690 560 L 654 520 R 660 440 650 400 640 388 L 360 388 R 350 400 340 440 346 520 Z"},
	{"M 620 220 R 740 180 830 270 822 420 R 812 560 770 640 730 690 R 740 580 720 470 660 380 Z", pulledBack},
	{"O 500 72 576 100 598 170 566 226 500 240 434 226 402 170 424 100", pulledBack},
	{"O 330 150 396 170 420 230 396 300 330 316 264 300 240 230 264 170 O 670 150 736 170 760 230 736 300 670 316 604 300 580 230 604 170", "M 318 500 R 300 340 350 216 500 198 650 216 700 340 682 500 L 654 470 R 650 420 640 396 600 388 R 560 400 440 400 400 388 R 360 396 350 420 346 470 Z"},
	{"M 310 380 R 250 460 290 540 252 620 R 230 700 290 760 260 850 L 740 850 R 710 760 770 700 748 620 R 710 540 750 460 690 380 R 680 240 580 196 500 196 420 196 320 240 310 380 Z", "M 316 520 R 296 340 360 206 480 194 R 640 190 706 340 684 520 L 654 480 R 656 400 620 340 560 300 R 500 380 400 410 350 420 L 346 490 Z"},
	{"M 320 420 R 290 480 300 540 280 600 R 300 640 270 700 290 760 R 300 800 330 820 350 830 R 380 780 360 740 372 690 R 390 640 370 580 390 520 L 610 520 R 630 580 610 640 628 690 R 640 740 620 780 650 830 R 670 820 700 800 710 760 R 730 700 700 640 720 600 R 700 540 710 480 680 420 Z", "M 318 500 R 300 340 350 214 500 196 650 214 700 340 682 500 L 656 470 R 652 390 610 320 500 270 R 390 320 348 390 344 470 Z"},
}

// scarfStyle marks those who wear a headscarf: it replaces hair and hats.
const scarfStyle = -1

func (f *face) hairBack() {
	if f.r.chance(0.06) && f.hat == 0 {
		f.style = scarfStyle
		return
	}
	s := hairStyles[f.style].back
	if s == "" || f.hat > 0 && f.hat < 4 && f.style < 9 {
		return
	}
	if f.hat > 0 && f.hat < 4 && f.style >= 11 && f.style <= 13 {
		return
	}
	p := shape(s)
	f.ink(p, darker(f.hair, 0.16))
	f.hollow(p, 40, -10, -16, fade(shadeOf(f.hair), 0.25))
}

func (f *face) hairFront() {
	if f.style == scarfStyle {
		f.scarf()
		return
	}
	s := hairStyles[f.style].front
	if s == "" {
		f.softBrush(shape("M 400 292 R 440 264 490 256 540 262"), 26, 10, fade(white, 0.3))
		return
	}
	p := shape(s)
	f.under(move(0, 9), func() { f.inside(faceShape(f.variant(0, 4)), func() { f.soft(p, 10, fade(shadeOf(f.skin), 0.28)) }) })
	col := f.hair
	if f.style == 3 {
		col = mix(f.hair, f.skin, 0.25)
	}
	f.ink(p, col)
	f.inside(p, func() {
		light := fade(white, 0.07+0.16*luma(col))
		f.softBrush(shape("M 370 330 R 390 260 450 226 520 222"), 26, 9, light)
		f.softBrush(shape("M 600 250 R 640 280 656 320 660 370"), 16, 8, light)
		for _, t := range []string{"M 380 340 R 400 290 450 256 520 246", "M 420 330 R 450 300 500 280 560 284", "M 560 240 R 620 260 650 310 660 380"} {
			f.brush(shape(t), 5, solid(fade(shadeOf(col), 0.16)))
		}
	})
	if f.style == 11 || f.style == 12 {
		f.ink(pickIf(f.style == 12, box(440, 206, 120, 22, 11), about(660, 250, turn(40)).box(630, 236, 60, 24, 10)), f.pal.mark)
	}
}

// box is a rounded rectangle seen through the map.
func (m matrix) box(x, y, w, h, r float64) path { return box(x, y, w, h, r).transformed(m) }

func (f *face) scarf() {
	c := f.pal.over
	wrap := shape("M 500 170 R 370 176 290 270 288 420 290 560 270 700 220 800 L 300 900 R 420 940 580 940 700 900 L 780 800 R 730 700 710 560 712 420 710 270 630 176 500 170 Z")
	hole := shape("M 500 268 R 420 272 372 330 360 430 R 358 540 410 620 500 664 R 590 620 642 540 640 430 R 628 330 580 272 500 268 Z")
	var ring path
	for _, l := range hole.flatten(identity) {
		for i, j := 0, len(l.pts)-1; i < j; i, j = i+1, j-1 {
			l.pts[i], l.pts[j] = l.pts[j], l.pts[i]
		}
		ring = pathOf(l)
	}
	both := wrap.with(ring)
	if track(wrap).area()*track(ring).area() > 0 {
		both = wrap.with(hole)
	}
	f.under(move(0, 8), func() { f.inside(hole, func() { f.soft(both, 10, fade(shadeOf(f.skin), 0.3)) }) })
	f.fill(both, down(170, 900, lighter(c, 0.1), darker(c, 0.1)))
	for _, t := range []string{"M 330 330 R 310 480 330 640 420 720", "M 670 330 R 690 480 660 660 520 760", "M 300 800 R 420 780 560 760 660 680", "M 420 220 R 350 270 330 340 324 420"} {
		f.softBrush(shape(t), 14, 5, fade(shadeOf(c), 0.3))
	}
}

func (f *face) headwear() {
	if f.style == scarfStyle {
		return
	}
	p := f.pal
	c := pickIf(p.trim == p.over, p.base, p.trim)
	mark := legible(p.mark, c)
	switch f.hat {
	case 1: // cap
		f.flat(shape("M 306 356 R 300 220 390 146 500 142 610 146 700 220 694 356 R 600 320 400 320 306 356 Z"), c)
		f.stroke(shape("M 500 142 R 496 200 496 260 500 330"), 4, solid(fade(shadeOf(c), 0.3)))
		f.under(move(0, 10), func() {
			f.soft(shape("M 300 360 R 400 316 600 316 700 360 R 730 396 700 404 R 600 360 400 360 300 404 R 270 396 300 360 Z"), 8, fade(shadeOf(f.skin), 0.35))
		})
		f.flat(shape("M 300 350 R 400 308 600 308 700 350 R 736 392 704 402 R 600 360 400 360 296 402 R 264 392 300 350 Z"), darker(c, 0.2))
		f.stamp(500, 238, 52, 0, mark)
	case 2: // beanie
		f.flat(shape("M 312 330 R 300 200 390 130 500 126 610 130 700 200 688 330 Z"), c)
		f.flat(box(292, 286, 416, 92, 34), lighter(c, 0.08))
		for i := 0; i < 17; i++ {
			x := 312 + float64(i)*23.5
			f.stroke(segment(x, 300, x, 364), 4, solid(fade(shadeOf(c), 0.18)))
		}
		f.ink(box(462, 306, 76, 52, 6), mark)
		f.stamp(500, 332, 20, 0, legible(c, mark))
	case 3: // bucket
		f.flat(shape("M 344 320 R 350 200 400 158 500 154 600 158 650 200 656 320 Z"), c)
		f.under(move(0, 12), func() {
			f.inside(faceShape(0), func() { f.soft(box(270, 300, 460, 100, 40), 10, fade(shadeOf(f.skin), 0.35)) })
		})
		f.flat(shape("M 340 300 R 420 280 580 280 660 300 R 700 330 740 370 752 396 R 640 370 360 370 248 396 R 260 370 300 330 340 300 Z"), darker(c, 0.1))
		for i := 0; i < 3; i++ {
			d := float64(i) * 20
			f.stroke(shape("M 330 316 R 420 296 580 296 670 316").transformed(about(500, 300, scaled(1+d/160, 1)).then(move(0, d))), 3, solid(fade(shadeOf(c), 0.25)))
		}
		f.stamp(500, 228, 34, 0, mark)
	case 4: // headphones
		f.stroke(shape("M 318 470 R 290 300 370 174 500 168 630 174 710 300 682 470"), 30, solid(darker(c, 0.1)))
		f.stroke(shape("M 330 360 R 350 230 430 184 500 180"), 8, solid(fade(white, 0.3)))
		for _, x := range []float64{318, 682} {
			f.flat(box(x-34, 400, 68, 136, 32), c)
			f.ink(box(x-15, 426, 30, 84, 15), legible(p.over, c))
		}
	case 5: // headband
		f.inside(shape("M 280 100 L 720 100 L 720 420 L 280 420 Z"), func() {
			f.stroke(shape("M 318 356 R 380 306 620 306 682 356"), 54, solid(c))
			f.stroke(shape("M 318 374 R 380 324 620 324 682 374"), 6, solid(fade(shadeOf(c), 0.2)))
			f.stamp(500, 320, 22, 0, mark)
		})
	}
}
