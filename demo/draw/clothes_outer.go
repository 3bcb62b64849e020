package draw

var coachBody = symmetric("M 500 212 R 460 210 428 200 402 184 R 346 200 292 224 256 258 R 214 330 178 450 150 590 R 140 650 134 700 132 746 Q 132 760 146 763 L 226 774 Q 240 775 242 762 R 260 660 282 570 310 490 R 314 600 312 720 306 836 Q 306 850 320 851 R 390 855 440 856 500 856") //nolint:gochecknoglobals // never written
var coachSleeve = shape("M 402 184 R 346 200 292 224 256 258 R 214 330 178 450 150 590 R 140 650 134 700 132 746 Q 132 760 146 763 L 226 774 Q 240 775 242 762 R 260 660 282 570 310 490 R 304 380 330 270 402 184 Z")                                                                       //nolint:gochecknoglobals // never written

// coach is a light nylon jacket with snaps and a shirt collar.
func coach(k *kit, back bool) {
	p := k.pal
	m := cloth{tex: twill, depth: 0.014}
	k.lay(coachBody, 16)
	k.fabric(coachBody, p.base, m)
	sleeve := p.base
	if k.variant(1, 2) == 1 {
		sleeve = p.over
	}
	k.inside(coachBody, func() {
		for i := 0; i < 2; i++ {
			k.under(matrixIf(i == 1, mirror(500)), func() {
				if sleeve != p.base {
					k.panel(coachSleeve, sleeve, m)
				}
				k.softStroke(shape("M 404 184 R 334 270 304 380 310 490"), 8, 6, fade(shadeOf(sleeve), 0.4))
				k.stitches(shape("M 394 190 R 325 274 295 380 302 496"), threadFor(sleeve))
				k.panel(shape("M 110 716 L 250 734 L 240 800 L 110 790 Z"), sleeve, cloth{tex: ribbed, depth: 0.03, lift: 2, stitch: 1})
				// Nylon creases sharply.
				k.fold("M 266 330 R 236 430 226 500 196 600", 15, 1, sleeve)
				k.fold("M 304 506 R 262 560 246 620 232 700", 14, 0.9, sleeve)
				k.fold("M 176 540 R 204 566 226 570 256 560", 12, 0.9, sleeve)
				k.fold("M 158 620 R 186 650 210 654 238 640", 12, 0.9, sleeve)
				k.fold("M 148 680 R 176 696 206 696 230 684", 10, 0.9, sleeve)
			})
		}
		k.folds(16, 0.8, p.base, "M 312 500 R 356 540 384 600 390 690", "M 314 600 R 340 670 350 740 338 830", "M 420 850 R 432 780 424 700 400 640")
		k.folds(18, 0.5, p.base, "M 366 240 R 384 320 410 380 440 410")
		k.softStroke(segment(300, 818, 700, 818), 4, 4, fade(shadeOf(p.base), 0.3))
		k.stitches(segment(300, 822, 700, 822), threadFor(p.base))
		if k.variant(2, 2) == 1 {
			k.ink(box(290, 430, 420, 44, 0), fade(p.over, 0.95))
			k.ink(box(290, 430, 420, 44, 0), fade(black, 0.03))
			k.ink(box(290, 482, 420, 8, 0), fade(p.trim, 0.95))
		}
	})
	if back {
		k.inside(coachBody, func() { k.print(k.variant(0, 4), true, 500, 470, 1) })
		k.panel(symmetric("M 500 168 R 460 166 426 168 398 182 L 388 226 R 430 238 464 242 500 242"), p.base, cloth{tex: twill, depth: 0.014, lift: 6, stitch: 2})
		return
	}
	// Placket with snaps.
	k.inside(coachBody, func() {
		k.panel(box(478, 200, 46, 680, 0), p.base, cloth{tex: twill, depth: 0.014, lift: 4, stitch: 1})
		for i := 0; i < 6; i++ {
			y := 300 + float64(i)*98
			k.button(501, y, 10)
		}
		// Welt pockets.
		for i := 0; i < 2; i++ {
			k.under(matrixIf(i == 1, mirror(500)), func() {
				k.panel(shape("M 356 640 L 392 628 L 420 756 L 384 766 Z"), p.base, cloth{tex: twill, depth: 0.014, lift: 5, stitch: 1})
			})
		}
		if k.variant(0, 2) == 0 {
			k.emblem(590, 376, 27, 0, legible(p.mark, p.base))
		} else {
			k.stamp(590, 376, 22, 0, legible(p.mark, p.base))
			for i := 0; i < 2; i++ {
				k.ink(box(562, 404+float64(i)*10, 56, 4, 2), fade(legible(p.mark, p.base), 0.8))
			}
		}
	})
	// Collar: the stand's inside, then both leaves.
	k.fill(symmetric("M 500 162 R 456 160 420 168 404 184 R 430 212 466 226 500 228"), down(150, 230, darker(p.lining, 0.08), darker(p.lining, 0.4)))
	k.panel(box(484, 176, 32, 22, 3), legible(p.mark, p.lining), cloth{lift: 2})
	for i := 0; i < 2; i++ {
		k.under(matrixIf(i == 1, mirror(500)), func() {
			k.panel(shape("M 404 180 R 388 186 380 200 376 222 L 404 306 Q 410 314 418 306 L 492 236 R 452 224 424 206 410 180 Z"), p.trim, cloth{tex: twill, depth: 0.014, lift: 7, stitch: 1})
		})
	}
}

// button is a snap with a bright ring.
func (k *kit) button(x, y, r float64) {
	c := mix(k.pal.trim, k.pal.lace, 0.3)
	k.under(move(0, 2), func() { k.soft(circle(x, y, r*1.1), 3, fade(shadeOf(k.pal.base), 0.6)) })
	k.fill(circle(x, y, r), down(y-r, y+r, lighter(c, 0.25), darker(c, 0.2)))
	k.stroke(circle(x, y, r*0.62), 1.8, solid(fade(shadeOf(c), 0.4)))
	k.fill(ellipse(x-r*0.25, y-r*0.35, r*0.4, r*0.28), solid(fade(white, 0.4)))
}

// cargo is a pair of wide trousers with thigh pockets.
func cargo(k *kit, back bool) {
	p := k.pal
	m := cloth{tex: twill, depth: 0.022}
	outline := symmetric("M 500 120 L 372 120 Q 358 120 356 134 R 342 250 320 400 304 560 R 296 690 290 780 288 868 Q 288 880 300 881 L 462 890 Q 474 890 475 878 R 480 700 488 520 500 392")
	k.lay(outline, 15)
	inside := symmetric("M 500 116 R 450 118 400 116 366 120 L 362 150 L 500 152")
	k.fill(inside, down(110, 150, darker(p.lining, 0.2), darker(p.lining, 0.5)))
	k.fabric(outline, p.base, m)
	k.inside(outline, func() {
		for i := 0; i < 2; i++ {
			k.under(matrixIf(i == 1, mirror(500)), func() {
				k.softStroke(shape("M 500 390 R 486 520 478 700 474 890"), 10, 9, fade(shadeOf(p.base), 0.45))
				k.fold("M 494 396 R 450 420 410 430 372 420", 14, 0.9, p.base)
				k.fold("M 490 420 R 450 470 430 520 420 590", 16, 0.8, p.base)
				k.fold("M 484 560 R 450 600 430 606 396 596", 14, 0.8, p.base)
				k.fold("M 310 760 R 350 790 400 796 466 770", 14, 0.8, p.base)
				k.fold("M 470 700 R 440 740 400 750 350 736", 13, 0.7, p.base)
				k.fold("M 300 830 R 350 852 410 852 470 834", 12, 0.8, p.base)
				k.fold("M 350 300 R 380 350 420 370 470 372", 14, 0.6, p.base)
				k.groove(shape("M 352 300 R 330 440 314 590 300 880"), 2, p.base)
				k.stitches(segment(290, 858, 480, 868), threadFor(p.base))
				// Knee darts.
				k.stitches(shape("M 318 590 R 350 600 380 600 408 592"), threadFor(p.base))
				pocket := shape("M 318 442 L 446 452 L 438 610 Q 436 620 426 619 L 306 608 Q 297 606 299 596 Z")
				k.panel(pocket, p.base, cloth{tex: twill, depth: 0.022, lift: 7, stitch: 2})
				k.groove(shape("M 384 452 L 374 612"), 2, p.base)
				flap := shape("M 312 426 L 452 436 L 448 492 Q 446 500 438 499 L 384 514 L 318 488 Q 306 486 307 478 Z")
				k.panel(flap, mix(p.base, p.over, 0.35), cloth{tex: twill, depth: 0.022, lift: 5, stitch: 1})
				k.button(384, 492, 8)
				if !back {
					k.stroke(shape("M 356 236 R 380 250 400 220 412 166"), 3, solid(fade(shadeOf(p.base), 0.6)))
					k.stitches(shape("M 350 250 R 390 262 414 226 424 166"), threadFor(p.base))
				} else {
					k.panel(shape("M 380 214 L 476 214 L 474 306 L 428 324 L 380 306 Z"), p.base, cloth{tex: twill, depth: 0.022, lift: 4, stitch: 2})
					k.panel(shape("M 376 204 L 480 204 L 480 240 L 428 252 L 376 240 Z"), p.base, cloth{tex: twill, depth: 0.022, lift: 4, stitch: 1})
					k.button(428, 236, 7)
				}
			})
		}
		k.groove(segment(500, 160, 500, 396), 2.4, p.base)
		if !back {
			k.stitches(shape("M 526 166 R 530 240 528 290 500 334"), threadFor(p.base))
		}
		k.panel(box(340, 110, 320, 56, 0), p.base, cloth{tex: twill, depth: 0.022, lift: 4, stitch: 1})
		for _, x := range []float64{382, 440, 560, 618} {
			k.panel(box(x-8, 114, 16, 58, 3), p.base, cloth{lift: 3, stitch: 0})
		}
	})
	if back {
		k.panel(box(462, 122, 76, 34, 3), p.trim, cloth{lift: 3, stitch: 1})
		k.stamp(500, 139, 12, 0, legible(p.mark, p.trim))
	} else {
		k.button(500, 138, 11)
		k.under(about(620, 560, turn(4)), func() {
			k.panel(box(576, 572, 34, 20, 2), p.trim, cloth{lift: 2})
			k.stamp(593, 582, 7, 0, legible(p.mark, p.trim))
		})
		k.cord(shape("M 478 150 R 470 190 476 220 468 254"))
		k.cord(shape("M 520 150 R 526 190 518 230 528 268"))
	}
}
