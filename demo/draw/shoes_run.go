package draw

// runner is a light running shoe: mesh and suede over a foam wedge.
func runner(k *kit) {
	p := k.pal
	upper := shape("M 92 640 R 86 604 100 570 138 542 196 518 262 498 R 330 474 392 442 450 400 502 352 546 312 Q 558 300 572 310 R 598 344 638 386 690 412 750 410 806 388 846 346 L 868 312 Q 888 300 900 320 R 902 370 890 420 882 470 884 520 892 570 902 610 L 902 650 Z")
	tongue := shape("M 280 520 R 326 462 396 414 456 366 512 308 556 250 586 222 Q 604 206 622 216 R 648 232 648 256 634 300 626 360 L 600 430 L 520 460 L 320 540 Z")
	far := shape("M 596 326 R 624 336 664 366 712 384 764 376 816 350 858 306 Q 876 292 888 310 L 892 390 L 800 430 L 640 430 Z")
	sole := shape("M 82 602 R 76 624 90 652 136 684 222 699 300 703 L 790 703 R 852 700 894 684 914 640 922 588 Q 922 556 904 560 R 860 573 780 588 660 606 500 626 340 640 230 636 150 614 104 591 Q 88 584 82 602 Z")
	seam := shape("M 84 592 R 150 616 230 638 340 642 500 628 660 608 780 590 910 560")
	k.floor(100, 910, 702, 24)

	k.fill(far, down(310, 430, darker(p.lining, 0.10), darker(p.lining, 0.5)))
	k.edge(far, p.lining)
	k.panel(tongue, p.base, airy.padded(20))
	k.inside(tongue, func() {
		k.softStroke(shape("M 300 520 R 390 456 470 386 550 316 640 296"), 26, 14, fade(shadeOf(p.base), 0.4))
		k.under(about(610, 258, turn(-44)), func() { k.panel(box(582, 242, 58, 34, 6), p.trim, cloth{lift: 2, stitch: 1}) })
	})
	k.stamp(610, 258, 11, -44, legible(p.mark, p.trim))

	cage := k.variant(1, 3)
	gel := k.variant(2, 2)
	k.inside(upper, func() {
		k.panel(upper, p.base, airy)
		k.shine(190, 534, 90, 28, -18, 0.45)
		// Bands over the quarter.
		switch cage {
		case 0:
			for i := 0; i < 5; i++ {
				y := float64(i) * 15
				k.ridge(shape("M 440 620 R 520 576 620 546 720 520 860 470").transformed(move(y*0.7, y)), 4.5, mix(p.base, p.over, 0.35))
			}
		case 1:
			k.panel(shape("M 360 660 R 420 600 520 560 640 540 760 500 850 450 L 900 440 L 900 486 R 820 540 720 580 600 600 500 620 450 660 Z"), p.trim, smooth.on(4, 1))
		case 2:
			k.panel(shape("M 470 660 R 476 590 500 520 548 440 L 650 420 L 700 440 R 660 520 640 590 640 660 Z"), p.over, nubuck.on(4, 1))
		}
		// Toe guard, vamp and heel.
		k.panel(shape("M 50 690 L 74 566 R 120 560 176 572 226 596 266 618 330 622 372 600 408 560 R 424 590 428 620 424 690 Z"), p.over, nubuck.on(5, 2))
		k.panel(shape("M 60 690 L 70 590 R 120 590 160 604 190 640 196 690 Z"), p.trim, smooth.on(4, 1))
		k.panel(shape("M 940 660 L 920 424 R 880 434 846 452 800 486 752 530 706 590 682 660 Z"), p.over, nubuck.on(5, 2))
		k.panel(shape("M 940 660 L 930 520 R 890 510 850 530 812 570 794 620 790 660 Z"), p.trim, smooth.on(4, 1).padded(12))
		k.sideMark(584, 540, 58, -12, []ink{p.base, p.trim, p.over}[cage])
		k.panel(shape("M 298 486 R 330 466 390 436 450 394 508 340 546 306 L 578 302 R 598 338 606 366 586 392 Q 560 392 552 420 Q 528 420 518 452 Q 494 452 482 484 Q 458 482 444 512 Q 420 512 404 538 R 356 548 318 526 298 508 294 486 Z"), p.over, nubuck.on(5, 1))
		// Collar and heel tab.
		k.panel(shape("M 560 300 L 640 330 L 900 300 L 912 420 R 860 420 836 432 790 452 740 460 684 452 638 424 598 388 570 348 Z"), p.lining, fleecy.on(4, 0).padded(18))
		k.panel(shape("M 846 330 L 880 290 L 920 300 L 920 480 R 894 484 872 478 856 450 848 400 Z"), p.trim, smooth.on(4, 1))
	})
	k.roundUp(upper)
	k.seat(upper, seam)
	k.pullLoop(shape("M 884 384 R 906 362 910 330 896 308 876 314"), 9, p.trim)
	k.lacing(shape("M 322 504 R 400 464 460 414 524 356 556 330"), shape("M 312 476 R 392 420 452 370 510 312 542 274"), 7, 13, p.lace)

	k.foam(sole, p.sole)
	k.inside(sole, func() {
		low := shape("M 60 664 L 84 650 R 140 668 220 676 340 672 500 662 680 652 800 650 940 640 L 940 720 L 60 720 Z")
		k.fill(low, down(640, 704, fade(mix(p.sole, p.over, 0.25), 0.5), fade(darker(p.sole, 0.12), 0.6)))
		k.groove(shape("M 78 650 R 140 668 220 676 340 672 500 662 680 652 800 650 940 640"), 2.4, p.sole)
		for i := 0; i < 7; i++ {
			x := 700 + float64(i)*30
			k.groove(shape("M 0 0 L -16 26").transformed(move(x, 610-float64(i)*4.5)), 2.2, p.sole)
		}
		if gel == 0 {
			win := shape("M 770 664 R 800 640 860 634 916 634 L 908 664 R 870 680 810 684 770 664 Z")
			k.panel(win, p.tread, cloth{puff: 10})
			k.under(move(0, -8), func() { k.brush(shape("M 790 666 R 830 652 870 648 906 648"), 7, solid(fade(white, 0.5))) })
		}
		k.rubber(shape("M 60 660 L 82 652 R 120 678 190 690 280 692 L 470 692 L 486 720 L 60 720 Z"), p.tread)
		k.rubber(shape("M 600 720 L 616 692 L 790 692 R 860 688 904 666 926 640 L 950 650 L 950 720 Z"), p.tread)
		for i := 0; i < 22; i++ {
			x := 150 + float64(i)*35
			k.ink(shape("M 0 0 L 10 0 L 6 20 L -4 20 Z").transformed(move(x, 697)), fade(black, 0.4))
		}
	})
}

var fleecy = cloth{tex: fleece, depth: 0.02} //nolint:gochecknoglobals // never written

// dad is a chunky retro shoe: many layers on a sculpted sole.
func dad(k *kit) {
	p := k.pal
	upper := shape("M 108 630 R 96 584 106 540 142 508 196 486 262 470 R 330 450 392 418 450 376 502 326 542 286 Q 554 274 568 284 R 596 322 636 366 690 396 750 398 810 378 850 340 Q 872 320 890 340 R 902 390 896 440 888 490 892 550 904 600 L 904 650 Z")
	tongue := shape("M 280 500 R 326 440 396 390 456 340 508 282 548 222 572 190 Q 590 172 612 180 R 648 196 650 226 636 280 630 340 L 600 410 L 520 440 L 320 520 Z")
	far := shape("M 592 304 R 622 314 662 350 712 372 764 370 818 354 866 314 L 894 360 L 800 420 L 640 420 Z")
	sole := shape("M 72 596 R 60 630 72 670 126 696 210 705 L 836 705 R 896 700 930 672 944 616 938 562 Q 930 532 904 546 R 856 580 806 566 748 560 686 590 610 606 530 590 458 582 384 602 300 616 222 604 152 580 110 562 Q 84 556 72 596 Z")
	k.floor(92, 922, 704, 28)

	k.fill(far, down(300, 420, darker(p.lining, 0.08), darker(p.lining, 0.5)))
	k.edge(far, p.lining)
	k.panel(tongue, p.base, openAiry.padded(30))
	k.inside(tongue, func() {
		k.softStroke(shape("M 300 500 R 390 436 470 366 550 290 640 270"), 26, 14, fade(shadeOf(p.base), 0.4))
		k.under(about(602, 226, turn(-46)), func() { k.panel(box(566, 204, 70, 44, 8), p.over, cloth{lift: 2, stitch: 1}) })
	})
	k.stamp(602, 226, 15, -46, legible(p.mark, p.over))

	toe := k.variant(0, 2)
	k.inside(upper, func() {
		k.panel(upper, p.base, openAiry)
		k.shine(190, 506, 90, 28, -16, 0.4)
		k.panel(shape("M 380 660 R 386 590 412 520 470 460 540 380 L 640 380 L 800 420 L 790 660 Z"), p.base, airy.on(5, 1))
		// Flowing bands from the lace line back and down.
		k.panel(shape("M 440 660 R 470 580 540 530 640 512 740 480 820 430 900 410 L 910 470 R 840 500 760 540 660 570 570 590 540 660 Z"), p.over, smooth.on(6, 2))
		k.panel(shape("M 500 660 R 540 604 620 584 700 572 780 544 L 900 490 L 920 660 Z"), mix(p.base, p.trim, 0.5), nubuck.on(5, 1))
		k.panel(shape("M 940 660 L 930 500 R 890 494 846 512 800 552 774 610 768 660 Z"), p.over, smooth.on(6, 2))
		k.panel(shape("M 50 680 L 80 520 R 120 528 180 542 240 560 306 566 356 540 400 504 R 430 540 446 590 450 680 Z"), p.over, smooth.on(6, 2))
		if toe == 0 {
			k.panel(shape("M 50 680 L 80 560 R 130 568 190 584 260 600 330 600 L 330 680 Z"), p.trim, nubuck.on(5, 1))
		} else {
			k.panel(shape("M 60 680 L 90 530 R 130 548 158 580 170 620 174 680 Z"), p.trim, nubuck.on(5, 1))
		}
		k.sideMark(600, 462, 36, -14, p.base)
		k.panel(shape("M 296 462 R 330 444 390 412 450 368 508 314 544 280 L 578 276 R 600 316 606 340 582 380 538 430 486 484 432 526 384 532 334 516 304 492 294 462 Z"), p.over, smooth.on(6, 2))
		k.panel(shape("M 410 500 R 470 456 530 396 580 340 L 594 356 R 548 420 490 480 432 522 Z"), p.trim, smooth.on(3, 0))
		k.panel(shape("M 558 272 L 640 300 L 900 300 L 916 410 R 866 410 840 422 790 444 740 452 682 444 634 412 594 372 568 326 Z"), p.lining, fleecy.on(5, 1).padded(22))
		k.panel(shape("M 842 350 L 900 310 L 926 480 R 896 488 872 482 856 456 846 404 Z"), p.trim, smooth.on(5, 1))
		k.emblem(878, 420, 15, 0, legible(p.mark, p.trim))
	})
	k.roundUp(upper)
	k.pullLoop(shape("M 884 384 R 908 360 912 326 898 308 878 318"), 10, p.trim)
	k.lacing(shape("M 322 482 R 400 440 460 388 524 330 556 302"), shape("M 312 452 R 392 396 450 344 506 284 536 244"), 7, 15, p.lace)

	k.foam(sole, p.sole)
	k.inside(sole, func() {
		back := shape("M 960 540 L 930 548 R 870 590 800 590 740 596 690 626 650 660 L 700 690 R 800 676 870 640 950 620 Z")
		k.panel(back, p.trim, cloth{lift: 3, puff: 12})
		front := shape("M 60 610 L 80 606 R 140 616 220 636 300 648 390 636 470 616 540 624 600 650 R 520 650 470 660 400 676 300 684 200 676 120 652 60 640 Z")
		k.panel(front, mix(p.sole, p.over, 0.28), cloth{lift: 3, puff: 14})
		k.groove(shape("M 400 610 R 470 596 540 606 610 624 680 612 750 582 820 584 880 574"), 2.4, p.sole)
		k.groove(shape("M 80 660 R 200 684 330 690 470 676 600 664 700 676 820 672 900 640"), 2.4, p.sole)
		for i := 0; i < 6; i++ {
			k.groove(shape("M 0 0 R 8 10 10 22 6 34").transformed(move(118+float64(i)*30, 622+float64(i)*4-float64(i*i)*0.5)), 2.2, p.sole)
		}
		for i := 0; i < 5; i++ {
			k.groove(shape("M 0 0 R -10 8 -16 18 -18 28").transformed(move(800+float64(i)*27, 606-float64(i)*6)), 2.4, p.trim)
		}
		k.rubber(shape("M 60 668 L 80 664 R 130 684 220 692 L 836 692 R 890 688 920 668 950 640 L 950 720 L 60 720 Z"), p.tread)
		for i := 0; i < 20; i++ {
			k.ink(box(130+float64(i)*38, 698, 14, 12, 2), fade(black, 0.42))
		}
	})
}
