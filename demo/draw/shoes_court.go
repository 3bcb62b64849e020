package draw

// Side views are drawn with the toe to the left and the ground at 700. The
// medial view is the same picture mirrored, with k.medial set for the parts
// that differ between the two sides of a shoe.

// courtLow is a low leather basketball shoe on a flat cup sole.
func courtLow(k *kit) {
	p := k.pal
	upper := shape("M 98 650 R 90 606 100 568 130 536 182 512 250 498 R 318 482 384 452 446 404 502 352 542 316 Q 554 304 568 314 R 596 342 636 386 690 420 752 426 812 408 852 374 Q 874 352 888 370 R 897 400 892 450 885 510 890 566 898 610 904 654 Z")
	tongue := shape("M 280 520 R 326 470 396 424 456 374 512 318 556 262 584 232 Q 598 218 616 226 R 640 240 644 262 632 300 626 360 L 600 430 L 520 460 L 320 540 Z")
	far := shape("M 590 330 R 620 334 660 372 710 392 764 392 820 378 862 346 Q 878 334 888 356 L 892 390 L 800 440 L 640 440 Z")
	sole := shape("M 88 616 R 80 644 96 670 148 690 236 700 L 812 700 R 868 697 899 684 909 652 907 616 Q 906 598 890 602 R 860 610 800 624 680 634 480 638 320 640 200 632 136 612 108 596 Q 92 590 88 616 Z")
	rim := "R 150 616 204 634 320 641 480 639 680 635 800 625 904 603"
	k.floor(100, 906, 700, 26)

	k.fill(far, down(330, 450, darker(p.lining, 0.10), darker(p.lining, 0.5)))
	k.edge(far, p.lining)
	k.panel(tongue, p.base, cloth{tex: fineknit, depth: 0.03, puff: 20, stitch: 1})
	k.inside(tongue, func() {
		k.softStroke(shape("M 300 520 R 390 462 470 392 550 322 640 300"), 26, 14, fade(shadeOf(p.base), 0.4))
		k.under(about(606, 268, turn(-42)), func() { k.panel(box(580, 252, 52, 32, 5), legible(p.mark, p.base), cloth{lift: 2, stitch: 1}) })
	})

	toe := k.variant(0, 3)
	k.inside(upper, func() {
		k.panel(upper, p.base, smooth)
		if toe != 1 {
			k.holes(178, 541, 6, 4, 22, -6.4, 12, 14.5, 3.6, p.base)
		}
		k.shine(190, 528, 90, 30, -18, 0.5)
		k.panel(shape("M 404 660 R 402 600 424 552 474 500 524 440 566 380 L 620 380 L 800 440 L 790 660 Z"), p.base, smooth.on(5, 1))
		if toe != 2 {
			k.panel(shape("M 70 680 L 88 586 R 130 574 190 582 250 598 310 598 358 574 396 540 R 424 562 438 600 442 680 Z"), p.over, smooth.on(6, 2))
		} else {
			k.panel(shape("M 70 690 L 80 560 R 118 572 152 600 170 636 176 690 Z"), p.over, smooth.on(6, 2))
		}
		k.panel(shape("M 930 680 L 930 500 L 890 486 R 842 474 802 494 764 542 742 600 728 680 Z"), p.over, smooth.on(6, 2))
		k.flank(592, 552, 70, -10)
		k.panel(shape("M 300 492 R 330 474 390 446 450 398 508 344 542 312 L 576 306 R 596 340 602 362 574 402 530 450 478 508 422 554 378 562 332 548 302 524 296 492 Z"), p.over, smooth.on(6, 1))
		k.panel(shape("M 556 300 L 640 330 L 900 330 L 912 440 R 860 436 840 444 790 462 740 470 684 464 636 434 596 394 568 352 Z"), p.trim, smooth.on(5, 1).padded(16))
		k.panel(shape("M 838 366 L 900 340 L 920 500 R 892 506 870 502 852 484 842 430 Z"), p.over, smooth.on(5, 1))
		k.emblem(874, 440, 15, 0, legible(p.mark, p.over))
	})
	k.roundUp(upper)
	k.seat(upper, shape("M 108 596 "+rim))
	k.lacing(shape("M 322 512 R 400 474 460 424 522 364 552 336"), shape("M 312 484 R 392 430 452 380 510 322 540 284"), 6, 15, p.lace)

	k.foam(sole, p.sole)
	k.inside(sole, func() {
		tread := shape("M 70 680 L 110 676 R 150 684 230 689 320 690 L 820 690 R 870 688 900 676 920 660 L 920 720 L 70 720 Z")
		k.rubber(tread, p.tread)
		k.stitches(shape("M 96 612 R 146 634 204 649 320 656 480 654 680 650 800 640 912 618"), threadFor(p.sole))
		k.groove(shape("M 86 648 R 150 668 240 675 330 676 L 800 676 R 860 670 890 660 912 646"), 1.8, p.sole)
	})
}

// sideMark puts the brand's mark on a shoe's side: large outside, small inside.
func (k *kit) sideMark(x, y, r, tilt float64, ground ink) {
	if k.medial {
		r *= 0.62
	}
	k.emblem(x, y, r, tilt, legible(k.pal.mark, ground))
}

// flank is the design of a leather shoe's side.
func (k *kit) flank(x, y, r, tilt float64) {
	p := k.pal
	switch k.variant(4, 3) {
	case 0:
		k.sideMark(x, y, r, tilt, p.base)
	case 1:
		saddle := shape("M -130 130 R -104 20 -76 -60 -40 -150 L 96 -120 R 74 -40 52 40 46 130 Z").transformed(move(x, y))
		k.panel(saddle, p.trim, smooth.on(5, 2))
		k.emblem(x-14, y+4, r*0.6, tilt, legible(p.mark, p.trim))
	default:
		for i := 0; i < 2; i++ {
			line := shape("M -150 110 R -110 20 -70 -60 -20 -150").transformed(move(x+float64(i)*22, y))
			k.ridge(line, 5, mix(p.base, p.over, 0.25+0.3*float64(i)))
		}
		k.holes(x+6, y-40, 5, 4, 21, -2, -7, 19, 3.4, p.base)
		k.sideMark(x+128, y-36, r*0.5, tilt, p.base)
	}
}
