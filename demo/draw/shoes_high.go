package draw

// highTop covers the ankle, with a padded collar and a tall lace line.
func highTop(k *kit) {
	p := k.pal
	upper := shape("M 112 652 R 104 612 114 572 146 540 198 516 262 500 R 326 482 384 450 436 404 476 346 512 280 548 212 576 160 Q 584 146 600 150 R 636 180 690 204 750 206 806 190 846 164 Q 868 152 876 174 R 880 230 872 290 864 350 868 420 880 490 890 560 898 610 902 654 Z")
	tongue := shape("M 280 520 R 330 466 392 424 446 372 488 306 524 236 556 170 576 112 Q 582 92 604 92 R 640 96 652 116 646 160 642 220 L 600 380 L 460 480 L 320 540 Z")
	far := shape("M 592 168 R 640 150 700 168 756 168 810 154 852 130 Q 870 124 874 148 L 870 230 L 700 250 Z")
	sole := shape("M 102 618 R 94 646 110 672 160 690 246 700 L 806 700 R 862 697 894 684 904 652 902 618 Q 901 600 886 604 R 856 612 800 626 680 636 480 640 330 642 214 634 150 614 122 598 Q 106 592 102 618 Z")
	k.floor(114, 902, 700, 26)

	k.fill(far, down(140, 240, darker(p.lining, 0.08), darker(p.lining, 0.5)))
	k.edge(far, p.lining)
	k.panel(tongue, p.base, cloth{tex: fineknit, depth: 0.03, puff: 22, stitch: 1})
	k.inside(tongue, func() {
		k.softStroke(shape("M 300 520 R 400 456 470 376 520 290 560 210 600 150"), 26, 14, fade(shadeOf(p.base), 0.4))
		k.under(about(614, 128, turn(-64)), func() { k.panel(box(588, 108, 52, 36, 6), legible(p.mark, p.base), cloth{lift: 2, stitch: 1}) })
	})

	strap := k.variant(1, 2)
	toe := k.variant(0, 2)
	k.inside(upper, func() {
		k.panel(upper, p.base, smooth)
		if toe == 0 {
			k.holes(186, 546, 6, 4, 21, -6.6, 12, 14.5, 3.5, p.base)
		}
		k.shine(204, 530, 90, 30, -18, 0.5)
		// Ankle, quarter and heel.
		k.panel(shape("M 404 660 R 404 600 430 544 480 480 520 400 570 300 L 600 260 L 900 300 L 880 660 Z"), p.base, smooth.on(5, 1))
		k.panel(shape("M 560 330 R 620 370 700 392 790 390 900 366 L 900 160 L 600 130 Z"), p.base, smooth.on(4, 1))
		k.panel(shape("M 84 690 L 104 580 R 146 568 200 576 256 592 312 592 358 566 394 530 R 420 560 436 600 440 690 Z"), p.over, smooth.on(6, 2))
		k.panel(shape("M 930 690 L 920 440 R 880 430 842 440 806 480 772 540 748 600 736 690 Z"), p.over, smooth.on(6, 2))
		k.panel(shape("M 930 470 L 930 140 L 850 150 R 826 200 818 270 822 350 834 420 860 468 Z"), p.over, smooth.on(5, 1))
		k.flank(604, 546, 64, -12)
		k.panel(shape("M 298 490 R 330 470 384 442 436 396 476 340 512 272 548 204 578 150 L 612 156 R 614 190 600 240 568 308 530 380 484 458 428 540 380 556 332 542 302 518 294 490 Z"), p.over, smooth.on(6, 1))
		// Padded collar.
		k.panel(shape("M 590 140 L 690 190 L 800 180 L 900 130 L 900 246 R 850 268 780 282 700 280 640 264 598 238 Z"), p.trim, smooth.on(5, 1).padded(22))
		k.groove(shape("M 600 196 R 660 228 730 238 800 228 880 200"), 2.4, p.trim)
		if strap == 0 {
			band := shape("M 530 320 R 600 344 700 352 800 342 900 316 L 900 372 R 800 398 690 406 590 392 506 364 Z")
			k.panel(band, p.trim, smooth.on(7, 1))
			k.emblem(700, 378, 17, 0, legible(p.mark, p.trim))
		}
		k.emblem(716, 316, 26, 0, legible(p.mark, p.base))
	})
	k.roundUp(upper)
	k.seat(upper, shape("M 122 598 R 164 618 214 636 330 643 480 641 680 637 800 627 898 605"))
	k.lacing(shape("M 320 512 R 396 474 452 424 494 356 530 288 566 218 588 178"), shape("M 310 482 R 384 432 440 380 482 314 518 246 552 180 570 134"), 9, 14.5, p.lace)

	k.foam(sole, p.sole)
	k.inside(sole, func() {
		k.rubber(shape("M 84 680 L 120 678 R 160 686 240 690 330 690 L 816 690 R 866 688 896 676 916 660 L 920 720 L 70 720 Z"), p.tread)
		k.stitches(shape("M 108 614 R 158 636 214 651 330 658 480 656 680 652 800 642 908 620"), threadFor(p.sole))
		k.groove(shape("M 98 650 R 160 670 250 677 340 678 L 796 678 R 856 672 886 662 908 648"), 1.8, p.sole)
		// Bumper at the toe.
		for i := 0; i < 9; i++ {
			x := 112 + float64(i)*13
			k.groove(segment(x, 640+float64(i)*2.6, x+2, 662+float64(i)*1.6), 2.2, p.sole)
		}
	})
}

// slipOn is a skate shoe of canvas without laces.
func slipOn(k *kit) {
	p := k.pal
	upper := shape("M 108 654 R 98 618 106 582 138 554 194 532 262 516 R 330 496 388 466 438 434 476 406 Q 494 394 512 406 R 560 438 622 456 690 460 760 448 822 422 862 392 Q 880 382 888 400 R 896 450 892 510 894 570 902 654 Z")
	tongue := shape("M 400 490 R 430 444 462 408 484 388 Q 500 378 516 388 R 550 410 600 430 L 640 480 L 460 540 Z")
	far := shape("M 506 392 R 560 402 622 420 690 426 760 416 820 394 866 368 Q 882 362 886 386 L 860 440 L 700 480 L 540 450 Z")
	sole := shape("M 96 622 R 88 646 100 672 150 690 230 700 L 820 700 R 874 698 900 688 909 656 908 632 Q 908 622 896 622 R 800 634 680 638 480 640 320 640 200 634 142 620 112 608 Q 100 604 96 622 Z")
	k.floor(102, 906, 700, 24)

	k.fill(far, down(370, 470, darker(p.lining, 0.06), darker(p.lining, 0.5)))
	k.edge(far, p.lining)
	k.panel(tongue, p.base, linen.padded(10))

	graphic := k.variant(3, 5)
	k.inside(upper, func() {
		k.panel(upper, p.base, linen)
		front := shape("M 60 690 L 90 500 L 400 440 L 470 390 R 492 420 500 450 496 500 470 560 430 620 420 690 Z")
		k.inside(front, func() { k.pattern(graphic, p) })
		k.shine(200, 545, 100, 30, -16, 0.35)
		// Quarter over the elastic gusset.
		k.panel(shape("M 476 396 L 540 400 R 570 450 560 500 530 560 470 610 L 450 590 R 490 520 500 450 476 396 Z"), p.lining, cloth{tex: ribbed, depth: 0.14, lift: 3})
		k.panel(shape("M 512 396 L 900 380 L 920 690 L 410 690 R 420 640 452 600 500 560 540 500 544 450 512 396 Z"), p.base, linen.on(5, 2))
		k.panel(shape("M 930 690 L 930 380 L 858 384 R 832 420 818 480 812 560 816 690 Z"), p.over, linen.on(5, 2))
		k.panel(shape("M 500 396 L 620 420 L 900 370 L 900 432 R 840 464 770 488 690 498 616 494 560 478 530 458 Z"), p.trim, smooth.on(4, 1).padded(16))
		k.emblem(858, 520, 18, 0, legible(p.mark, p.over))
		if !k.medial {
			k.emblem(640, 566, 26, -6, legible(p.mark, p.base))
		}
	})
	k.roundUp(upper)
	k.seat(upper, shape("M 100 612 R 140 624 200 636 320 642 480 642 680 640 800 636 900 624"))

	k.foam(sole, p.sole)
	k.inside(sole, func() {
		k.stroke(shape("M 88 640 R 140 652 220 660 320 662 L 700 660 R 800 656 860 650 912 644"), 5, solid(p.over))
		k.groove(shape("M 88 650 R 140 664 220 671 320 673 L 700 671 R 800 668 860 662 912 656"), 1.6, p.sole)
		k.rubber(shape("M 80 686 L 150 682 R 230 690 300 691 L 820 691 L 912 680 L 912 720 L 80 720 Z"), p.tread)
		k.panel(shape("M 80 600 L 112 606 R 134 620 180 632 L 190 700 L 80 700 Z"), p.sole, cloth{tex: mesh, depth: 0.2, lift: 2})
		k.panel(box(866, 636, 34, 40, 4), p.over, cloth{lift: 1})
		k.stamp(883, 656, 12, 0, legible(p.mark, p.over))
		k.sink(sole, 16, 0, -6, fade(shadeOf(p.sole), 0.3))
		k.bevel(sole, p.sole)
	})
}

// pattern prints one of several all-over designs.
func (k *kit) pattern(n int, p Palette) {
	switch n {
	case 0: // plain
	case 1:
		for i := -2; i < 14; i++ {
			y := 420 + float64(i)*26
			k.stroke(shape("M 60 90 R 120 70 180 90 240 70 300 90 360 70 420 90 480 70 540 90").transformed(move(0, y-70)), 9, solid(fade(p.over, 0.9)))
		}
	case 2:
		for i := 0; i < 18; i++ {
			x := 60 + float64(i)*34
			k.ink(shape("M 0 0 L 14 0 L -66 300 L -80 300 Z").transformed(move(x, 390)), p.over)
		}
	case 3:
		for j := 0; j < 9; j++ {
			for i := 0; i < 13; i++ {
				x, y := 80+float64(i)*36+float64(j%2)*18, 400+float64(j)*30
				k.ink(circle(x, y, 8), p.over)
			}
		}
	case 4:
		for j := 0; j < 6; j++ {
			for i := 0; i < 8; i++ {
				x, y := 90+float64(i)*58+float64(j%2)*29, 410+float64(j)*44
				k.stamp(x, y, 15, -10, p.over)
			}
		}
	}
}
