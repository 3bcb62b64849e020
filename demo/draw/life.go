package draw

// mug is a glazed cup with a handle to the right.
func mug(k *kit) {
	p := k.pal
	k.floor(250, 720, 770, 30)
	handle := shape("M 690 420 R 780 400 836 440 846 520 820 610 750 656 680 662")
	k.stroke(handle, 54, solid(darker(p.base, 0.3)))
	k.stroke(handle, 51, linear(690, 400, 840, 660, stop{0, lighter(p.base, 0.1)}, stop{0.5, darker(p.base, 0.04)}, stop{1, darker(p.base, 0.35)}))
	k.under(move(0, 12), func() { k.softBrush(handle, 22, 8, fade(shadeOf(p.base), 0.3)) })
	k.under(move(-7, -7), func() { k.softBrush(handle, 20, 6, fade(white, 0.15+0.4*luma(p.base))) })
	k.softStroke(shape("M 700 380 L 694 700"), 22, 14, fade(shadeOf(p.base), 0.45))
	body := shape("M 262 300 R 262 480 268 640 284 730 Q 292 780 350 786 R 420 792 480 794 540 792 610 786 Q 668 780 676 730 R 692 640 698 480 698 300 R 640 330 560 338 480 340 400 338 320 330 262 300 Z")
	k.fill(body, tube(262, 698, p.base))
	k.inside(body, func() {
		switch k.variant(0, 4) {
		case 0:
			k.fill(shape("M 240 640 R 360 676 600 676 720 640 L 720 820 L 240 820 Z"), tube(262, 698, p.over))
		case 1:
			for i := 0; i < 3; i++ {
				y := 420 + float64(i)*44
				k.stroke(shape("M 240 0 R 360 34 600 34 720 0").transformed(move(0, y)), 14, tube(262, 698, p.over))
			}
		case 2:
			k.fill(body, solid(fade(p.base, 0)))
			for i := 0; i < 160; i++ {
				x, y := 262+436*speck(i, 7), 340+440*speck(i, 13)
				k.ink(ellipse(x, y, 2+4*speck(i, 3), 2+3*speck(i, 5)), fade(p.over, 0.75))
			}
		}
		k.hollow(body, 30, 0, -14, fade(shadeOf(p.base), 0.3))
	})
	if k.variant(0, 4) != 1 {
		k.stamp(440, 530, 74, 0, legible(p.mark, p.base))
	} else {
		k.stamp(440, 650, 50, 0, legible(p.mark, p.base))
	}
	k.inside(body, func() {
		k.softStroke(shape("M 330 360 R 326 500 332 640 346 730"), 24, 9, fade(white, 0.5))
		k.softStroke(shape("M 654 380 R 656 500 650 640 640 730"), 8, 6, fade(white, 0.22))
	})
	rim := ellipse(480, 300, 218, 46)
	k.fill(rim, across(262, 698, stop{0, lighter(p.base, 0.2)}, stop{0.5, darker(p.base, 0.06)}, stop{1, lighter(p.base, 0.3)}))
	k.fill(ellipse(480, 303, 204, 38), down(262, 344, darker(p.lining, 0.5), darker(p.lining, 0.12)))
	k.inside(ellipse(480, 303, 204, 38), func() {
		k.fill(ellipse(480, 334, 196, 30), radial(450, 330, 190, stop{0, hex(0x6B4226)}, stop{0.8, hex(0x4A2C18)}, stop{1, hex(0x7A5132)}))
	})
	for _, s := range []string{"M 430 250 R 410 220 450 190 430 150 446 120", "M 520 250 R 500 210 536 180 516 140"} {
		k.softBrush(shape(s), 22, 10, fade(white, 0.55))
	}
}

// candle burns in a glass with a label.
func candle(k *kit) {
	p := k.pal
	k.floor(310, 690, 800, 28)
	glass := shape("M 318 330 L 322 770 Q 324 812 366 816 R 440 822 560 822 634 816 Q 676 812 678 770 L 682 330 R 620 352 380 352 318 330 Z")
	wax := shape("M 324 440 L 328 766 Q 330 804 370 808 R 440 814 560 814 630 808 Q 670 804 672 766 L 676 440 R 620 462 380 462 324 440 Z")
	k.fill(ellipse(500, 330, 182, 30), solid(mix(p.ground, p.over, 0.18)))
	k.fill(glass, tube(318, 682, mix(p.ground, p.over, 0.22)))
	k.fill(wax, tube(324, 676, mix(p.sole, p.base, 0.55)))
	k.inside(wax, func() {
		k.fill(wax, radial(500, 440, 260, stop{0, fade(hex(0xFFD98A), 0.75)}, stop{0.5, fade(hex(0xFFD08A), 0.2)}, stop{1, fade(hex(0xFFD08A), 0)}))
	})
	k.fill(ellipse(500, 440, 176, 27), radial(500, 440, 180, stop{0, hex(0xFFF3CF)}, stop{0.6, lighter(mix(p.sole, p.base, 0.5), 0.3)}, stop{1, mix(p.sole, p.base, 0.55)}))
	k.stroke(shape("M 500 440 R 498 420 502 404 500 390"), 6, solid(hex(0x3A3029)))
	k.soft(ellipse(500, 340, 120, 130), 70, fade(hex(0xFFD98A), 0.55))
	flame := shape("M 500 248 R 532 300 534 350 500 392 466 350 468 300 500 248 Z")
	k.fill(flame, radial(500, 362, 110, stop{0, hex(0xFFFBE8)}, stop{0.35, hex(0xFFE08A)}, stop{0.8, hex(0xFFA63D)}, stop{1, hex(0xFF8A2A)}))
	label := box(386, 540, 228, 190, 6)
	k.panel(label, mix(p.sole, white, 0.4), cloth{tex: grainy, depth: 0.01, lift: 2})
	k.stroke(inset(label, 10), 2.4, solid(fade(legible(p.over, white), 0.8)))
	k.stamp(500, 612, 46, 0, legible(p.mark, white))
	for i := 0; i < 2; i++ {
		w := 120 - float64(i)*44
		k.ink(box(500-w/2, 676+float64(i)*16, w, 6, 3), fade(legible(p.over, white), 0.8))
	}
	k.inside(glass, func() {
		k.softStroke(segment(352, 360, 356, 780), 16, 6, fade(white, 0.6))
		k.softStroke(segment(650, 370, 646, 780), 7, 4, fade(white, 0.4))
	})
	k.stroke(shape("M 318 330 R 380 300 620 300 682 330 R 620 360 380 360 318 330"), 5, solid(fade(white, 0.75)))
	k.stroke(shape("M 318 333 R 380 363 620 363 682 333"), 2, solid(fade(shadeOf(p.over), 0.3)))
}

// blanket is folded twice, with a fringe.
func blanket(k *kit) {
	p := k.pal
	k.floor(180, 820, 756, 34)
	tex := cloth{tex: knit, depth: 0.055}
	graphic := k.variant(0, 3)
	// The folds, from the ground up: each is a soft roll of cloth.
	layer := func(y, h, left, right float64, col ink) {
		b := box(left, y, right-left, h, h*0.46)
		k.under(move(0, -6), func() { k.soft(b, 8, fade(shadeOf(col), 0.35)) })
		k.fabric(b, col, tex)
		k.inside(b, func() {
			k.blanketPrint(graphic, y, h)
			k.fill(b, across(left, right, stop{0, fade(black, 0.18)}, stop{0.1, fade(white, 0.06)}, stop{0.88, fade(black, 0)}, stop{1, fade(black, 0.22)}))
			k.fill(b, down(y, y+h, fade(white, 0.16), fade(black, 0.16)))
		})
	}
	layer(662, 96, 172, 832, p.base)
	layer(576, 98, 182, 822, p.base)
	// The top of the pile, seen at a slant, and the sheet that folds over its front.
	top := shape("M 262 396 R 400 384 600 384 738 396 R 770 410 800 460 822 506 L 830 540 L 172 540 L 180 506 R 206 450 230 408 262 396 Z")
	k.fabric(top, lighter(p.base, 0.12), tex)
	k.inside(top, func() {
		if graphic != 2 {
			for i := 0; i < 5; i++ {
				x := 180 + float64(i)*150
				k.fill(polygon(point{x, 560}, point{x + 46, 560}, point{500 + (x+46-500)*0.72, 380}, point{500 + (x-500)*0.72, 380}), solid(fade(p.over, 0.5)).with(knit, 0.05))
			}
		}
		k.fold("M 300 520 R 340 470 350 430 380 396", 22, 0.5, p.base)
		k.fold("M 640 520 R 650 470 620 440 610 396", 22, 0.5, p.base)
	})
	front := box(166, 486, 672, 104, 46)
	k.under(move(0, 6), func() { k.soft(front, 10, fade(shadeOf(p.base), 0.45)) })
	k.fringe(196, 808, 582, 46)
	k.fabric(front, p.base, tex)
	k.inside(front, func() {
		k.blanketPrint(graphic, 486, 104)
		k.fill(front, across(166, 838, stop{0, fade(black, 0.16)}, stop{0.1, fade(white, 0.06)}, stop{0.88, fade(black, 0)}, stop{1, fade(black, 0.2)}))
		k.fill(front, down(486, 590, fade(white, 0.22), fade(black, 0.14)))
	})
	k.panel(box(664, 640, 86, 62, 4), p.trim, cloth{lift: 4, stitch: 1})
	k.stamp(707, 671, 22, 0, legible(p.mark, p.trim))
}

// fringe hangs threads along an edge.
func (k *kit) fringe(x0, x1, y, length float64) {
	c := k.pal.lace
	for i := 0; ; i++ {
		x := x0 + float64(i)*12
		if x > x1 {
			return
		}
		d := (speck(i, 3) - 0.5) * 9
		k.stroke(polygon(point{x, y}, point{x + d, y + length*0.8}), 7, solid(darker(c, 0.12+0.2*speck(i, 9))))
		k.stroke(polygon(point{x - 1.5, y}, point{x + d - 1.5, y + length*0.76}), 2, solid(fade(white, 0.35)))
	}
}

func (k *kit) blanketPrint(n int, y, h float64) {
	p := k.pal
	switch n {
	case 0:
		for i := 0; i < 2; i++ {
			k.fill(box(150, y+h*(0.34+0.3*float64(i)), 720, h*0.13, 0), solid(pickIf(i == 0, p.over, p.trim)).with(knit, 0.055))
		}
	case 1:
		for i := 0; i < 9; i++ {
			x := 150 + float64(i)*86
			k.fill(box(x, y-120, 30, h+160, 0), solid(fade(p.over, 0.6)).with(knit, 0.05))
		}
		k.fill(box(150, y+h*0.4, 720, h*0.16, 0), solid(fade(p.over, 0.6)).with(knit, 0.05))
	default:
		for i := 0; i < 12; i++ {
			x := 190 + float64(i)*58
			k.ink(polygon(point{x, y + h*0.3}, point{x + 26, y + h*0.5}, point{x, y + h*0.7}, point{x - 26, y + h*0.5}), fade(p.over, 0.85))
			k.ink(polygon(point{x, y + h*0.42}, point{x + 11, y + h*0.5}, point{x, y + h*0.58}, point{x - 11, y + h*0.5}), fade(p.sole, 0.9))
		}
	}
}
