package draw

import "image"

// Avatar paints a profile picture: mostly friendly faces, at times a pet, a
// favourite shoe or plain shapes. Seeds that follow each other differ in kind
// of picture or at least in background and features.
func Avatar(seed uint64, size int) *image.RGBA {
	c := newCanvas(size, size)
	f := &face{kit: &kit{canvas: c}, r: newRng(seed, "avatar")}
	f.mark = f.r.n(len(marks))
	for i := range f.design {
		f.design[i] = f.r.next() >> 16
	}
	// Neighbouring seeds take backgrounds that are far apart on the list.
	f.back = avatarGrounds[(seed*7)%uint64(len(avatarGrounds))]
	f.pal = colourways[(seed*11+f.r.next()%3)%uint64(len(colourways))]
	f.pal.ground = f.back
	f.wash(solid(f.back))
	f.scenery()
	switch n := f.r.n(100); {
	case n < 74:
		f.person()
	case n < 86:
		f.pet()
	case n < 93:
		f.sneaker()
	default:
		f.shapes()
	}
	return c.img
}

var avatarGrounds = []ink{ //nolint:gochecknoglobals // never written
	hex(0xF9D9C8), hex(0xCFE5F7), hex(0xF7E3A9), hex(0xD9D3F2), hex(0xCDE8D2), hex(0xF6C9C9), hex(0xBFDCE0),
	hex(0xEADFCF), hex(0xFFCF9E), hex(0xC8D2F0), hex(0xE6F0C4), hex(0xF3CFE2), hex(0xB9D8C6), hex(0xE4E6EA),
	hex(0x4F6D8F), hex(0xE58E73), hex(0x5E8C7E), hex(0xF0B94F), hex(0x8A79B8), hex(0x39424E), hex(0xD96C75), hex(0x7FB2D6), hex(0xA9B665),
}

// face is the painter of one avatar.
type face struct {
	*kit
	r    *rng
	back ink

	skin, hair ink
	style      int
	hat        int
}

var skins = []ink{hex(0xFBE0CC), hex(0xF6D0B1), hex(0xEFC09A), hex(0xE3AC82), hex(0xC98D63), hex(0xA9704A), hex(0x865336), hex(0x5F3A27)}                                                                                                          //nolint:gochecknoglobals // never written
var hairs = []ink{hex(0x1E1B1C), hex(0x2B211E), hex(0x3B2A22), hex(0x543827), hex(0x7A4E2E), hex(0xA36B38), hex(0xD6A85C), hex(0xE9D6A8), hex(0xB4532F), hex(0x8E9299), hex(0xD8DADF), hex(0xE58CA8), hex(0x5B7FC7), hex(0x6BAF8D), hex(0x8C6BC0)} //nolint:gochecknoglobals // never written

// scenery puts something quiet behind the head on some backgrounds.
func (f *face) scenery() {
	c := pickIf(luma(f.back) > 0.6, darker(f.back, 0.08), lighter(f.back, 0.12))
	switch f.r.n(6) {
	case 0:
		f.ink(circle(500, 470, 400), c)
	case 1:
		for i := 0; i < 7; i++ {
			x := -100 + float64(i)*200
			f.ink(polygon(point{x, 0}, point{x + 90, 0}, point{x - 210, 1000}, point{x - 300, 1000}), c)
		}
	case 2:
		for j := 0; j < 8; j++ {
			for i := 0; i < 8; i++ {
				f.ink(circle(60+float64(i)*130+float64(j%2)*65, 60+float64(j)*125, 15), c)
			}
		}
	case 3:
		f.ink(shape("M 0 700 R 200 620 400 700 600 660 800 600 1000 680 L 1000 1000 L 0 1000 Z"), c)
	}
}

func (f *face) person() {
	r := f.r
	f.skin = skins[r.n(len(skins))]
	f.hair = hairs[r.n(len(hairs))]
	if r.chance(0.55) {
		f.hair = hairs[r.n(4)]
	}
	f.style = r.n(len(hairStyles))
	f.hat = 0
	if r.chance(0.34) {
		f.hat = 1 + r.n(5)
	}
	tilt, dx := r.f(-4, 4), r.f(-10, 10)
	f.under(about(500, 800, turn(tilt)).then(move(dx, 36)), func() {
		f.hairBack()
		f.clothing()
		f.head()
		f.features()
		f.hairFront()
		f.headwear()
		f.glasses()
	})
}

// flat fills a shape and gives it a soft inner shade on one side.
func (f *face) flat(p path, col ink) {
	f.ink(p, col)
	f.hollow(p, 40, -14, -18, fade(shadeOf(col), 0.16))
}

func (f *face) head() {
	neck := shape("M 430 560 L 428 700 R 420 760 500 800 580 760 572 700 L 570 560 Z")
	f.ink(neck, darker(f.skin, 0.08))
	f.inside(neck, func() { f.soft(ellipse(500, 640, 130, 60), 18, fade(shadeOf(f.skin), 0.4)) })
	for _, x := range []float64{338, 662} {
		f.flat(ellipse(x, 466, 34, 46), f.skin)
		f.soft(ellipse(x, 470, 14, 22), 5, fade(shadeOf(f.skin), 0.25))
	}
	f.flat(faceShape(f.variant(0, 4)), f.skin)
	for _, x := range []float64{398, 602} {
		f.soft(ellipse(x, 548, 40, 26), 18, fade(hex(0xE8604C), 0.22))
	}
}

func faceShape(n int) path {
	switch n {
	case 0:
		return shape("O 500 232 624 270 670 400 652 530 590 634 500 676 410 634 348 530 330 400 376 270")
	case 1: // round
		return shape("O 500 240 630 286 678 420 656 556 582 640 500 660 418 640 344 556 322 420 370 286")
	case 2: // square jaw
		return shape("O 500 232 622 266 664 390 656 520 624 614 556 664 500 672 444 664 376 614 344 520 336 390 378 266")
	}
	return shape("O 500 228 616 264 660 390 640 520 570 650 500 694 430 650 360 520 340 390 384 264")
}

func (f *face) features() {
	r := f.r
	dark := mix(hex(0x2A2024), f.hair, 0.15)
	spread, y := r.f(66, 76), r.f(446, 462)
	eyes, mouth := r.n(6), r.n(7)
	for _, s := range []float64{-1, 1} {
		x := 500 + s*spread
		switch eyes {
		case 0, 1:
			f.ink(ellipse(x, y, 15, 19), dark)
			f.ink(circle(x+5, y-7, 5.5), white)
		case 2: // laughing
			f.stroke(shape("M -24 8 R -12 -12 12 -12 24 8").transformed(move(x, y)), 11, solid(dark))
		case 3: // with white
			f.ink(ellipse(x, y, 30, 24), white)
			f.ink(circle(x+s*-2, y+1, 16), dark)
			f.ink(circle(x+5, y-5, 5), white)
			f.stroke(shape("M -32 -6 R -18 -26 18 -26 32 -6").transformed(move(x, y)), 7, solid(dark))
		case 4: // sleepy
			f.stroke(shape("M -24 -2 R -10 10 10 10 24 -2").transformed(move(x, y)), 10, solid(dark))
		default: // lashes
			f.ink(ellipse(x, y, 15, 18), dark)
			f.ink(circle(x+5, y-6, 5), white)
			f.stroke(shape("M 6 -18 L 26 -26").transformed(move(x, y).then(scaled(s, 1))), 6, solid(dark))
			f.stroke(shape("M 14 -8 L 32 -12").transformed(move(x, y).then(scaled(s, 1))), 6, solid(dark))
		}
	}
	brow := mix(f.hair, dark, 0.35)
	if luma(brow) > 0.65 {
		brow = darker(brow, 0.3)
	}
	lift, heavy, slant := r.f(44, 56), r.f(9, 15), r.f(-6, 8)
	for _, s := range []float64{-1, 1} {
		f.stroke(shape("M -30 6 R -10 -8 10 -8 32 2").transformed(about(500+s*spread, y-lift, scaled(s, 1)).then(move(500+s*spread, y-lift)).then(turn(slant))), heavy, solid(brow))
	}
	nose := darker(f.skin, 0.22)
	switch r.n(4) {
	case 0:
		f.stroke(shape("M 504 480 R 522 520 516 528 494 530"), 8, solid(nose))
	case 1:
		f.stroke(shape("M 480 522 R 490 536 510 536 520 522"), 8, solid(nose))
	case 2:
		f.ink(ellipse(500, 516, 26, 19), fade(nose, 0.55))
	default:
		f.stroke(shape("M 496 474 R 488 510 480 524 504 530"), 8, solid(nose))
	}
	if r.chance(0.16) {
		for _, q := range []point{{400, 520}, {420, 536}, {384, 540}, {580, 536}, {600, 520}, {616, 540}} {
			f.ink(circle(q.x, q.y, 4.5), fade(darker(f.skin, 0.4), 0.6))
		}
	}
	f.beard(r)
	lip := mix(darker(f.skin, 0.35), hex(0xB4453F), 0.5)
	switch mouth {
	case 0, 1:
		f.stroke(shape("M 444 576 R 470 606 530 606 556 576"), 11, solid(lip))
	case 2: // open
		m := shape("M 436 570 L 564 570 R 560 640 500 644 440 640 436 570 Z")
		f.ink(m, hex(0x7A2A30))
		f.inside(m, func() {
			f.ink(box(430, 560, 140, 26, 6), white)
			f.ink(ellipse(500, 644, 44, 24), hex(0xE2777A))
		})
	case 3: // half a smile
		f.stroke(shape("M 460 592 R 500 600 530 592 552 572"), 11, solid(lip))
	case 4: // full lips
		f.ink(shape("M 446 586 R 470 572 490 574 500 580 R 510 574 530 572 554 586 R 530 616 470 616 446 586 Z"), mix(lip, hex(0xC24A50), 0.4))
		f.stroke(shape("M 450 587 R 480 594 520 594 550 587"), 5, solid(darker(lip, 0.35)))
	case 5: // calm
		f.stroke(shape("M 462 590 R 480 596 520 596 538 590"), 11, solid(lip))
	default: // teeth
		m := shape("M 440 572 R 480 586 520 586 560 572 R 550 618 450 618 440 572 Z")
		f.ink(m, white)
		f.stroke(m, 6, solid(lip))
	}
}

// natural tells undyed hair; beards are not dyed.
func natural(c ink) bool {
	for _, h := range hairs[:11] {
		if h == c {
			return true
		}
	}
	return false
}

func (f *face) beard(r *rng) {
	n := r.n(100)
	if f.style == scarfStyle || f.style >= firstLongStyle || n > 40 || !natural(f.hair) {
		return
	}
	c := mix(f.hair, f.skin, 0.06)
	jaw := faceShape(f.variant(0, 4))
	switch {
	case n < 12: // stubble
		f.inside(jaw, func() {
			f.soft(shape("M 320 520 R 380 540 420 556 500 552 580 556 620 540 680 520 L 680 720 L 320 720 Z"), 14, fade(f.hair, 0.24))
		})
	case n < 26: // full
		f.inside(jaw, func() {
			f.ink(shape("M 310 440 R 350 480 370 560 430 556 R 460 536 540 536 570 556 R 630 560 650 480 690 440 L 690 740 L 310 740 Z"), c)
			f.ink(ellipse(500, 592, 62, 26), f.skin)
		})
	case n < 34: // moustache
		f.ink(shape("M 500 548 R 470 540 440 552 428 572 R 460 580 484 574 500 562 R 516 574 540 580 572 572 R 560 552 530 540 500 548 Z"), c)
	default: // goatee
		f.ink(shape("M 456 626 R 480 616 520 616 544 626 R 540 676 520 700 500 702 R 480 700 460 676 456 626 Z"), c)
	}
}

func (f *face) glasses() {
	r := f.r
	if !r.chance(0.3) {
		return
	}
	c := pick(r, hex(0x24262B), hex(0x5A3B28), hex(0xB0853F), hex(0xB8443C), f.pal.over)
	tint := fade(white, 0.18)
	if r.chance(0.3) {
		tint = fade(hex(0x1F232B), 0.86)
	}
	kind := r.n(3)
	for _, s := range []float64{-1, 1} {
		x := 500 + s*76
		p := circle(x, 458, 56)
		switch kind {
		case 1:
			p = box(x-62, 412, 124, 88, 26)
		case 2:
			p = shape("M -64 -40 R -20 -52 40 -48 62 -36 R 66 10 40 46 0 48 R -40 46 -62 10 -64 -40 Z").transformed(move(x, 456).then(scaled(-s, 1)))
		}
		f.ink(p, tint)
		f.inside(p, func() {
			f.ink(polygon(point{x - 10, 390}, point{x + 20, 390}, point{x - 30, 540}, point{x - 60, 540}), fade(white, 0.22))
		})
		f.stroke(p, 11, solid(c))
		f.stroke(segment(500+s*136, 446, 500+s*166, 438), 11, solid(c))
	}
	f.stroke(shape("M 444 446 R 480 430 520 430 556 446").transformed(about(500, 440, scaled(0.4, 0.8))), 11, solid(c))
}

func (f *face) clothing() {
	p := f.pal
	col := p.over
	if f.r.chance(0.4) {
		col = p.base
	}
	body := shape("M 150 1040 R 168 900 240 820 380 776 L 430 740 R 460 772 540 772 570 740 L 620 776 R 760 820 832 900 850 1040 Z")
	f.flat(body, col)
	second := legible(p.trim, col)
	switch f.r.n(6) {
	case 0: // crew neck
		f.stroke(shape("M 420 748 R 440 800 560 800 580 748"), 22, solid(darker(col, 0.14)))
	case 1: // hood behind the neck
		f.ink(shape("M 372 790 R 380 716 430 690 L 440 760 R 470 792 530 792 560 760 L 570 690 R 620 716 628 790 R 600 850 540 870 500 872 R 460 870 400 850 372 790 Z"), darker(col, 0.1))
		f.ink(ellipse(500, 776, 74, 44), darker(f.skin, 0.1))
		f.stroke(segment(456, 850, 450, 960), 11, solid(second))
		f.stroke(segment(544, 850, 552, 940), 11, solid(second))
	case 2: // collar
		f.ink(shape("M 420 736 L 500 830 L 440 880 L 384 772 Z"), lighter(col, 0.25))
		f.ink(shape("M 580 736 L 500 830 L 560 880 L 616 772 Z"), lighter(col, 0.25))
		f.stroke(segment(500, 840, 500, 1000), 5, solid(darker(col, 0.25)))
	case 3: // roll neck
		f.ink(box(416, 690, 168, 96, 30), darker(col, 0.07))
		for i := 0; i < 9; i++ {
			f.stroke(segment(432+float64(i)*17, 704, 432+float64(i)*17, 776), 4, solid(fade(shadeOf(col), 0.16)))
		}
	case 4: // stripes
		f.inside(body, func() {
			for i := 0; i < 4; i++ {
				f.ink(box(100, 810+float64(i)*58, 800, 26, 0), second)
			}
			f.stroke(shape("M 420 748 R 440 800 560 800 580 748"), 20, solid(darker(col, 0.14)))
		})
	default: // jacket over a shirt
		f.ink(shape("M 430 740 R 460 772 540 772 570 740 L 600 780 L 540 1040 L 460 1040 L 400 780 Z"), second)
		f.ink(shape("M 426 738 L 380 776 L 440 920 L 500 1040 L 470 880 Z"), darker(col, 0.12))
		f.ink(shape("M 574 738 L 620 776 L 560 920 L 500 1040 L 530 880 Z"), darker(col, 0.12))
	}
	if f.r.chance(0.4) {
		f.stamp(624, 912, 34, 0, legible(p.mark, col))
	}
}
