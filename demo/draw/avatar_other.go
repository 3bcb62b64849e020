package draw

// pet is an animal's head: a cat, a dog, a bear, a rabbit or a penguin.
func (f *face) pet() {
	r := f.r
	coat := pick(r, hex(0xE8A25C), hex(0x3B3A3F), hex(0xF3EDE4), hex(0x9A7250), hex(0x8E939B), hex(0xD9B68A), hex(0x5B4638))
	light := lighter(coat, 0.55)
	dark := hex(0x28242A)
	if luma(coat) < 0.35 {
		light = lighter(coat, 0.75)
	}
	kind := r.n(5)
	f.under(about(500, 800, turn(r.f(-5, 5))).then(move(0, 50)), func() {
		// Body with a bandana.
		f.flat(shape("M 220 1040 R 240 860 340 760 500 750 660 760 760 860 780 1040 Z"), coat)
		switch kind {
		case 0:
			f.ears("M 300 420 L 290 180 Q 294 160 316 172 L 470 280 Z", "M 322 380 L 316 226 L 420 300 Z", coat, hex(0xF2A9A0))
		case 1:
			f.ears("M 360 270 R 260 240 200 330 220 470 250 560 300 560 330 480 Z", "", darker(coat, 0.3), coat)
		case 2:
			f.ears("O 340 200 410 230 420 310 350 360 270 320 262 240", "O 342 240 380 262 380 306 344 326 300 304 300 262", coat, light)
		case 3:
			f.ears("M 380 330 R 320 200 320 60 372 20 430 40 470 180 470 320 Z", "M 396 310 R 356 200 356 100 384 66 420 90 440 200 446 300 Z", coat, hex(0xF2B6B0))
		}
		head := shape("O 500 240 640 270 712 400 708 540 640 650 500 690 360 650 292 540 288 400 360 270")
		if kind == 4 {
			coat, light = hex(0x2C3442), hex(0xF6F4EF)
		}
		f.flat(head, coat)
		f.inside(head, func() {
			switch {
			case kind == 4:
				f.ink(shape("M 500 400 R 440 320 330 350 316 470 320 640 420 700 500 700 580 700 680 640 684 470 670 350 560 320 500 400 Z"), light)
			case kind == 0 && r.chance(0.6):
				for _, x := range []float64{-60, 0, 60} {
					f.brush(segment(500+x, 230, 500+x*0.7, 340), 26, solid(darker(coat, 0.3)))
				}
			case r.chance(0.6):
				f.ink(shape("M 500 230 L 700 230 L 720 480 R 640 560 560 520 530 420 Z"), mix(coat, light, 0.8))
			}
			if kind != 4 {
				f.ink(ellipse(500, 590, 130, 96), light)
			}
		})
		for _, x := range []float64{408, 592} {
			f.ink(ellipse(x, 460, 24, 29), dark)
			f.ink(circle(x+8, 449, 8.5), white)
			f.soft(ellipse(x+(x-500)*0.45, 546, 36, 22), 14, fade(hex(0xEE7B6B), 0.35))
		}
		if kind == 4 {
			f.flat(shape("M 446 520 R 480 500 520 500 554 520 R 540 560 510 580 500 582 R 490 580 460 560 446 520 Z"), hex(0xF2A541))
		} else {
			f.ink(shape("M 460 536 R 480 524 520 524 540 536 R 534 564 512 574 500 576 R 488 574 466 564 460 536 Z"), pickIf(kind == 0 || kind == 3, hex(0xE58C86), dark))
			f.stroke(shape("M 500 576 L 500 606 R 480 636 450 634 436 616"), 8, solid(dark))
			f.stroke(shape("M 500 606 R 520 636 550 634 564 616"), 8, solid(dark))
			if kind == 1 {
				f.ink(shape("M 472 628 R 490 636 510 636 528 628 L 524 670 R 510 690 490 690 476 670 Z"), hex(0xE7757A))
			}
			if kind == 0 || kind == 3 {
				for _, s := range []float64{-1, 1} {
					for i := 0; i < 2; i++ {
						f.brush(segment(500+s*110, 578+float64(i)*26, 500+s*240, 560+float64(i)*44), 6, solid(fade(dark, 0.5)))
					}
				}
			}
		}
		c := f.pal.over
		scarf := shape("M 330 700 R 420 760 580 760 670 700 L 700 770 R 600 850 400 850 300 770 Z")
		f.under(move(0, 8), func() { f.soft(scarf, 10, fade(shadeOf(coat), 0.3)) })
		f.flat(scarf, c)
		f.flat(shape("M 430 800 L 570 800 L 500 920 Z"), darker(c, 0.1))
		f.stamp(500, 796, 24, 0, legible(f.pal.mark, c))
		if r.chance(0.3) {
			for _, x := range []float64{408, 592} {
				f.ink(circle(x, 460, 62), fade(white, 0.2))
				f.stroke(circle(x, 460, 62), 11, solid(dark))
			}
			f.stroke(segment(470, 452, 530, 452), 11, solid(dark))
		}
	})
}

func (f *face) ears(outer, inner string, c, in ink) {
	for i := 0; i < 2; i++ {
		f.under(matrixIf(i == 1, mirror(500)), func() {
			f.flat(shape(outer), c)
			if inner != "" {
				f.ink(shape(inner), in)
			}
		})
	}
}

// sneaker shows a shoe they are proud of.
func (f *face) sneaker() {
	kinds := Kinds("shoes")
	kind := kinds[f.r.n(len(kinds))]
	f.ink(circle(500, 500, 360), pickIf(luma(f.back) > 0.6, lighter(f.back, 0.45), lighter(f.back, 0.25)))
	f.under(about(500, 500, turn(f.r.f(-16, -6)).then(scaled(0.92, 0.92))), func() { f.article(kind, f.r.n(2)) })
	f.medial = false
}

// shapes is for those who show no picture of themselves.
func (f *face) shapes() {
	r := f.r
	p := f.pal
	cols := []ink{p.over, p.trim, p.mark, p.sole, p.base}
	col := func() ink { return cols[r.n(len(cols))] }
	switch r.n(4) {
	case 0: // tiles
		for j := 0; j < 3; j++ {
			for i := 0; i < 3; i++ {
				x, y := 110+float64(i)*260, 110+float64(j)*260
				f.under(about(x+130, y+130, turn(float64(r.n(4))*90)), func() {
					f.ink(box(x, y, 260, 260, 0), col())
					switch r.n(3) {
					case 0:
						f.ink(shape("M 0 0 L 260 0 R 250 100 160 240 0 260 Z").transformed(move(x, y)), col())
					case 1:
						f.ink(circle(x+130, y+130, 90), col())
					default:
						f.ink(polygon(point{x, y}, point{x + 260, y}, point{x, y + 260}), col())
					}
				})
			}
		}
	case 1: // dunes
		for i := 0; i < 6; i++ {
			y := 260 + float64(i)*130
			f.ink(shape("M -50 0 R 200 -120 420 60 700 -60 900 -120 1060 20 L 1060 900 L -50 900 Z").transformed(move(r.f(-60, 60), y)), mix(col(), f.back, 0.15*float64(5-i)))
		}
		f.ink(circle(r.f(300, 700), 240, 110), legible(p.mark, f.back))
	case 2: // the mark of a favourite brand
		f.ink(circle(500, 500, 350), p.over)
		f.ink(circle(500, 500, 300), darker(p.over, 0.12))
		f.stamp(500, 500, 200, r.f(-12, 12), legible(p.mark, p.over))
	default: // rings
		x, y := r.f(300, 700), r.f(300, 700)
		for i := 0; i < 8; i++ {
			f.ink(circle(x, y, 760-float64(i)*96), cols[i%len(cols)])
		}
	}
}
