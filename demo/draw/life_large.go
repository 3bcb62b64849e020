package draw

// lamp is a table lamp, switched on.
func lamp(k *kit) {
	p := k.pal
	k.floor(350, 650, 838, 24)
	k.soft(ellipse(500, 500, 330, 300), 120, fade(hex(0xFFE2A8), 0.45))
	dome := k.variant(0, 2) == 0
	// Foot and stem.
	foot := shape("M 352 812 R 360 782 430 770 500 768 570 770 640 782 648 812 R 640 842 560 850 500 850 440 850 360 842 352 812 Z")
	k.fill(foot, tube(352, 648, p.over))
	k.fill(ellipse(500, 806, 146, 36), radial(460, 790, 190, stop{0, lighter(p.over, 0.25)}, stop{1, darker(p.over, 0.1)}))
	k.soft(ellipse(500, 806, 60, 14), 10, fade(black, 0.3))
	k.fill(box(487, 430, 26, 376, 6), tube(487, 513, pickIf(luma(p.trim) > 0.8, hex(0xC9A66B), p.trim)))
	k.panel(circle(500, 740, 15), p.trim, cloth{lift: 2, puff: 5})
	k.stamp(500, 824, 12, 0, legible(p.mark, p.over))
	shade := symmetric("M 500 196 L 418 196 Q 404 196 400 210 L 296 496 Q 292 510 306 514 R 380 536 440 540 500 540")
	if dome {
		shade = symmetric("M 500 186 R 420 188 340 240 300 340 288 420 286 492 Q 286 508 300 512 R 380 532 440 536 500 536")
	}
	warm := mix(p.base, hex(0xFFE9BF), 0.35)
	k.under(move(0, 8), func() { k.soft(shade, 14, fade(shadeOf(p.ground), 0.25)) })
	k.fill(shade, across(286, 714, stop{0, darker(p.base, 0.22)}, stop{0.2, p.base}, stop{0.42, lighter(warm, 0.45)}, stop{0.6, lighter(warm, 0.3)}, stop{0.85, p.base}, stop{1, darker(p.base, 0.28)}).with(pickIf[texture](dome, nil, weave), 0.03))
	k.inside(shade, func() {
		k.fill(shade, radial(500, 470, 260, stop{0, fade(hex(0xFFF0C4), 0.75)}, stop{0.6, fade(hex(0xFFE0A0), 0.2)}, stop{1, fade(hex(0xFFE0A0), 0)}))
		if !dome {
			k.stroke(shape("M 270 470 R 380 496 620 496 730 470"), 9, solid(fade(p.over, 0.85)))
			k.stroke(segment(390, 214, 610, 214), 9, solid(fade(p.over, 0.85)))
		} else {
			k.softStroke(shape("M 350 300 R 380 250 420 226 470 214"), 16, 8, fade(white, 0.6))
		}
	})
	k.fill(ellipse(500, 516, 206, 20), radial(500, 514, 206, stop{0, hex(0xFFFDF2)}, stop{0.6, hex(0xFFEBB8)}, stop{1, darker(p.base, 0.2)}))
	k.panel(box(484, 164, 32, 34, 8), p.trim, cloth{puff: 5})
}

// deck is a skateboard's deck: its printed side.
func deck(k *kit) { k.board(false) }

// deckTop is the side one stands on, with grip tape.
func deckTop(k *kit) { k.board(true) }

func (k *kit) board(top bool) {
	p := k.pal
	outline := symmetric("M 500 66 C 420 66 384 124 384 210 L 380 500 L 384 790 C 384 876 420 934 500 934")
	k.under(turnAll(k.variant(1, 3)), func() {
		k.lay(outline, 16)
		wood := hex(0xD9B382)
		k.fill(outline, solid(wood).with(brushed, 0.06))
		face := inset(outline, 5)
		if top {
			grip := mix(hex(0x2A2B2E), p.over, 0.3)
			k.fill(face, solid(grip).with(grainy, 0.12))
			k.inside(face, func() {
				k.fill(face, linear(380, 70, 620, 930, stop{0, fade(white, 0.14)}, stop{0.3, fade(white, 0)}, stop{0.8, fade(black, 0.1)}, stop{1, fade(white, 0.1)}))
				k.stamp(500, 500, 60, 0, fade(legible(p.base, grip), 0.9))
				k.groove(segment(380, 640, 620, 660), 3, grip)
			})
		} else {
			k.fill(face, down(70, 930, p.base, darker(p.base, 0.06)))
			k.inside(face, func() { k.deckArt() })
		}
		k.inside(outline, func() {
			k.fill(outline, across(382, 618, stop{0, fade(black, 0.24)}, stop{0.1, fade(white, 0.10)}, stop{0.3, fade(white, 0.04)}, stop{0.85, fade(black, 0.04)}, stop{1, fade(black, 0.28)}))
			k.softStroke(shape("M 380 226 R 460 238 540 238 620 226"), 12, 12, fade(black, 0.25))
			k.softStroke(shape("M 380 774 R 460 762 540 762 620 774"), 12, 12, fade(white, 0.25))
		})
		k.edge(outline, wood)
		for _, y := range []float64{226, 290, 710, 774} {
			for _, x := range []float64{468, 532} {
				k.ink(circle(x, y+1, 7.5), fade(white, 0.4))
				k.ink(circle(x, y, 7), hex(0x33353A))
				k.ink(circle(x-1.5, y-1.5, 3), hex(0x8B8F96))
			}
		}
	})
}

// turnAll tilts the board a little, one way or another.
func turnAll(n int) matrix { return about(500, 500, turn(float64(n-1)*9)) }

// deckArt is the graphic under a deck.
func (k *kit) deckArt() {
	p := k.pal
	a, b := k.accent(p.base), legible(p.trim, p.base)
	switch k.variant(0, 4) {
	case 0: // hills at sunset
		k.ink(circle(500, 420, 90), a)
		for i := 0; i < 4; i++ {
			k.ink(box(380, 430+float64(i)*24, 240, 5+float64(i)*3, 0), p.base)
		}
		k.ink(shape("M 360 620 R 420 540 470 560 520 620 580 560 640 600 L 640 960 L 360 960 Z"), b)
		k.ink(shape("M 360 720 R 430 660 500 700 560 740 640 680 L 640 960 L 360 960 Z"), mix(b, a, 0.5))
		k.ink(shape("M 360 820 R 430 780 520 830 640 780 L 640 960 L 360 960 Z"), a)
	case 1: // rolling stripes
		for i := 0; i < 7; i++ {
			c := []ink{a, b, p.sole}[i%3]
			k.stroke(shape("M 300 0 R 400 -80 460 90 540 20 620 -60 700 40").transformed(move(0, 240+float64(i)*76)), 34, solid(c))
		}
	case 2: // marks in rows
		for j := 0; j < 12; j++ {
			for i := 0; i < 3; i++ {
				k.stamp(430+float64(i)*70, 120+float64(j)*70, 22, float64((i+j)%4)*90, []ink{a, b, legible(p.mark, p.base)}[(i+j)%3])
			}
		}
		return
	default: // big discs
		k.ink(circle(430, 330, 150), a)
		k.ink(circle(580, 520, 140), fade(b, 0.9))
		k.ink(circle(440, 720, 130), fade(p.sole, 0.95))
	}
	k.stamp(500, 500, 74, -90, legible(p.mark, p.base))
}
