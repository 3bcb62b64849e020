package draw

import "math"

// trail is an off-road shoe: ripstop, a toe bumper, deep lugs, cord laces.
func trail(k *kit) {
	p := k.pal
	upper := shape("M 100 636 R 94 596 106 558 144 528 200 506 266 488 R 332 466 392 432 450 390 502 342 544 302 Q 556 290 570 298 R 600 322 640 352 690 372 750 372 808 350 848 308 Q 872 286 890 306 R 900 350 892 410 884 460 886 520 894 570 904 610 L 904 650 Z")
	tongue := shape("M 280 510 R 326 452 396 404 456 354 510 298 552 240 580 208 Q 598 192 618 200 R 650 216 652 240 640 290 636 340 L 600 410 L 520 450 L 320 530 Z")
	far := shape("M 590 310 R 624 310 664 332 712 344 764 338 816 316 862 272 Q 880 258 892 280 L 896 360 L 800 400 L 640 400 Z")
	foam := shape("M 86 594 R 78 616 90 646 130 672 210 684 L 820 684 R 876 680 910 656 922 610 924 568 Q 922 548 904 554 R 860 570 780 584 660 602 500 622 340 632 232 624 152 602 108 581 Q 92 576 86 594 Z")
	k.floor(104, 912, 708, 24)

	k.fill(far, down(280, 400, darker(p.lining, 0.08), darker(p.lining, 0.5)))
	k.edge(far, p.lining)
	k.panel(tongue, p.over, openAiry.padded(22))
	k.inside(tongue, func() {
		k.softStroke(shape("M 300 510 R 390 446 470 376 550 306 640 286"), 26, 14, fade(shadeOf(p.over), 0.4))
		k.under(about(606, 244, turn(-44)), func() { k.panel(box(578, 228, 56, 34, 6), p.trim, cloth{lift: 2, stitch: 1}) })
	})
	k.stamp(606, 245, 11, -44, legible(p.mark, p.trim))

	cage := k.variant(1, 2)
	k.inside(upper, func() {
		k.panel(upper, p.base, cloth{tex: ripstop, depth: 0.05})
		k.shine(200, 520, 90, 28, -18, 0.35)
		if cage == 0 {
			// Welded web that ties the laces to the sole.
			for _, s := range []string{
				"M 350 540 R 380 580 400 620 404 660", "M 410 520 R 400 580 404 620 404 660", "M 410 520 R 470 580 500 620 510 660",
				"M 470 466 R 490 560 504 620 510 660", "M 470 466 R 560 540 620 600 640 660", "M 530 404 R 580 500 620 600 640 660",
				"M 530 404 R 640 470 720 540 770 640",
			} {
				line := shape(s)
				k.under(move(0, 3), func() { k.softStroke(line, 11, 3, fade(shadeOf(p.base), 0.35)) })
				k.stroke(line, 12, solid(darker(p.over, 0.1)))
				k.stroke(line, 9, solid(lighter(p.over, 0.06)))
			}
		} else {
			k.panel(shape("M 420 660 R 440 590 490 530 560 480 650 460 740 470 L 700 520 R 640 530 590 560 560 610 550 660 Z"), p.over, nubuck.on(5, 2))
			k.panel(shape("M 590 660 R 600 610 640 570 700 550 780 520 L 900 450 L 900 660 Z"), mix(p.base, p.over, 0.45), cloth{tex: ripstop, depth: 0.05}.on(4, 1))
		}
		k.panel(shape("M 940 660 L 930 470 R 888 466 850 484 806 530 776 590 766 660 Z"), p.over, smooth.on(5, 2))
		k.sideMark(664, 466, 34, -12, []ink{p.base, p.over}[cage])
		k.panel(shape("M 296 480 R 330 460 390 426 450 382 508 328 544 294 L 580 290 R 604 324 608 350 586 384 540 436 486 494 430 536 380 548 332 532 302 508 292 480 Z"), p.over, smooth.on(5, 1))
		k.panel(shape("M 560 288 L 640 320 L 900 270 L 912 390 R 866 388 840 398 790 418 740 426 684 420 636 396 596 366 568 334 Z"), p.lining, cloth{tex: knit, depth: 0.06, lift: 4}.padded(20))
		k.panel(shape("M 846 320 L 880 276 L 920 290 L 924 460 R 896 466 874 460 858 430 850 386 Z"), p.trim, smooth.on(4, 1))
	})
	k.roundUp(upper)
	// Toe bumper.
	k.inside(upper, func() {
		k.panel(shape("M 50 690 L 84 552 R 118 548 150 556 182 578 222 604 280 624 340 632 L 340 660 L 60 690 Z"), p.trim, smooth.on(5, 0).padded(14))
		for i := 0; i < 5; i++ {
			k.groove(shape("M 0 0 R 10 16 14 30 14 44").transformed(move(106+float64(i)*20, 566+float64(i)*9)), 2.2, p.trim)
		}
	})
	k.seat(upper, shape("M 84 582 R 152 606 232 628 340 636 500 626 660 606 780 588 910 558"))
	k.pullLoop(shape("M 886 366 R 914 340 920 296 902 272 876 284"), 11, p.mark)
	k.cords(shape("M 324 502 R 400 458 460 406 524 348 556 318"), shape("M 312 470 R 392 414 452 362 508 302 540 264"), 7, p.lace)

	k.foam(foam, p.sole)
	k.inside(foam, func() {
		k.ink(shape("M 60 640 L 80 636 R 200 660 340 656 500 646 680 630 800 622 950 600 L 950 720 L 60 720 Z"), fade(mix(p.sole, p.trim, 0.6), 0.75))
		k.groove(shape("M 76 634 R 200 660 340 656 500 646 680 630 800 622 940 600"), 2.6, p.sole)
		for i := 0; i < 11; i++ {
			x := 420 + float64(i)*46
			k.groove(shape("M 0 0 L -20 30 L -6 34").transformed(move(x, 650-float64(i)*4.6)), 2.4, p.sole)
		}
	})
	// Lugs: wedges under a rubber plate.
	plate := shape("M 82 630 L 94 646 R 150 672 230 680 L 806 680 R 862 676 896 656 918 622 L 928 636 R 910 674 868 692 810 697 L 220 697 R 140 690 96 668 82 630 Z")
	lugs := path{}
	for i := 0; i < 14; i++ {
		x := 150 + float64(i)*52
		y := 690 - math.Max(0, 230-x)*0.16 - math.Max(0, x-800)*0.2
		lean := 7.0 // lugs bite forwards under the toes, backwards under the heel
		if i > 7 {
			lean = -7
		}
		lugs = lugs.with(polygon(point{x, y}, point{x + 40, y}, point{x + 34 + lean, y + 20}, point{x + 6 + lean, y + 20}))
	}
	k.fill(lugs, down(690, 714, darker(p.tread, 0.1), darker(p.tread, 0.45)))
	k.rubber(plate, p.tread)
}

// ripstop is thin cloth with a grid of stronger threads.
func ripstop(x, y float64) float64 {
	u, v := wave((x+y*0.2)/22), wave((y-x*0.2)/22)
	d := 0.35 * wave(x/4) * wave(y/4)
	if u > 0.94 || v > 0.94 {
		d += 0.7
	}
	return d
}

// cords are round quick laces with a toggle.
func (k *kit) cords(near, far path, n int, col ink) {
	a, b := track(near), track(far)
	var line path
	for i := 0; i < n; i++ {
		p, _ := a.at((float64(i) + 0.5) / float64(n))
		q, _ := b.at(clamp01((float64(i) + 0.9) / float64(n)))
		r, _ := a.at(clamp01((float64(i) + 1.5) / float64(n)))
		k.eyelet(p, 5)
		line = line.with(segment(p.x, p.y, q.x, q.y)).with(segment(q.x, q.y, r.x, r.y))
	}
	k.under(move(0, 4), func() { k.softStroke(line, 8, 3, fade(shadeOf(col), 0.5)) })
	k.stroke(line, 10.5, solid(fade(shadeOf(col), 0.7)))
	k.stroke(line, 8.5, solid(col))
	var ticks []polyline
	for _, l := range line.flatten(identity) {
		ticks = append(ticks, l.dashes(3, 6)...)
	}
	k.butt(pathOf(ticks...), 8.5, solid(fade(k.pal.trim, 0.28)))
	k.under(move(-1, -2), func() { k.stroke(line, 2.4, solid(fade(white, 0.4))) })
	end, _ := b.at(0.98)
	k.under(about(end.x, end.y, turn(-40)), func() {
		k.panel(box(end.x-20, end.y-12, 40, 24, 9), k.pal.trim, cloth{lift: 4, puff: 6})
		k.stroke(segment(end.x-8, end.y-4, end.x+8, end.y-4), 2, solid(fade(white, 0.4)))
	})
}
