package draw

// worn shows the first article, a pair of shoes, on somebody's feet.
func (s *scene) worn() {
	r := s.r
	line := s.y0 + s.h*0.62
	ground := s.street(line)
	cloth := pick(r, hex(0x4C6488), hex(0x2B3040), hex(0x8C8672), hex(0xB9A98A), hex(0x6A6D72), hex(0xD8D3C7), hex(0x5B6B4C), hex(0x23252A))
	sock := pick(r, hex(0xF2F0EA), hex(0xE7E5DF), hex(0x2A2C31), s.articles[0].kit(s.canvas).pal.over)
	bare := r.chance(0.5) && s.articles[0].Kind != "high-top"
	skin := skins[r.n(len(skins))]
	m, _ := modelOf(s.articles[0].Kind)
	size := 0.66
	foot := s.y0 + s.h*0.86
	step := r.f(150, 210)
	flip := r.chance(0.5)
	s.under(matrixIf(flip, mirror(500)), func() {
		for i := 0; i < 2; i++ {
			far := i == 0
			k := s.on(0, ground)
			at := move(500+step*0.5, foot)
			if far {
				at = move(500-step*0.75, foot-46)
			}
			k.under(at.then(scaled(size, size)).then(move(-560, -738)), func() {
				k.medial = flip // so that marks read right in spite of the flip
				m.angles[0](k)
				k.leg(cloth, sock, skin, bare, far)
			})
		}
	})
	s.fill(s.all(), linear(s.x0, s.y0, s.x0+s.w, s.y0+s.h, stop{0, fade(hex(0xFFE9C4), 0.16)}, stop{0.55, fade(white, 0)}, stop{1, fade(hex(0x101828), 0.2)}))
}

// leg rises from a shoe in its side view: sock, ankle and trouser.
func (k *kit) leg(cloth, sock, skin ink, bare, far bool) {
	shade := func(c ink) ink {
		if far {
			return darker(c, 0.16)
		}
		return c
	}
	hem := 420.0
	if bare {
		hem = 150
		ankle := shape("M 574 330 R 604 372 650 410 700 440 760 446 816 428 856 392 R 842 300 838 200 850 60 L 600 60 R 606 160 596 250 574 330 Z")
		c := shade(skin)
		k.fill(ankle, across(570, 860, stop{0, darker(c, 0.2)}, stop{0.35, lighter(c, 0.08)}, stop{1, darker(c, 0.24)}))
		s := shade(sock)
		tube := shape("M 574 330 R 604 372 650 410 700 440 760 446 816 428 856 392 R 846 330 842 290 842 250 L 590 240 R 590 280 584 310 574 330 Z")
		k.fill(tube, across(570, 860, stop{0, darker(s, 0.2)}, stop{0.35, lighter(s, 0.08)}, stop{1, darker(s, 0.24)}).with(ribbed, 0.05))
		k.inside(tube, func() {
			k.softStroke(shape("M 574 330 R 604 372 650 410 700 440 760 446 816 428 856 392"), 24, 14, fade(shadeOf(s), 0.5))
			k.butt(shape("M 560 268 R 660 284 760 284 860 276"), 10, solid(fade(k.pal.over, 0.9)))
		})
	}
	c := shade(cloth)
	top := -1400.0
	leg := shape("M 470 -1400 R 500 -900 520 -400 534 0").with(path{})
	leg.line(point{540, hem - 30})
	leg.through([]point{{640, hem + 8}, {760, hem + 14}, {908, hem - 26}}, point{540, hem - 30}, point{908, hem - 26})
	leg.line(point{926, 0})
	leg.through([]point{{950, -500}, {990, top}}, point{926, 0}, point{990, top})
	leg.close()
	k.under(move(0, 12), func() { k.soft(leg, 14, fade(black, 0.28)) })
	k.fill(leg, across(500, 960, stop{0, darker(c, 0.22)}, stop{0.3, lighter(c, 0.08)}, stop{0.6, c}, stop{1, darker(c, 0.3)}).with(twill, 0.03))
	k.inside(leg, func() {
		for i, t := range []string{"M 900 -40 R 800 10 700 20 600 0", "M 540 -120 R 640 -60 740 -50 860 -90", "M 910 -200 R 820 -150 740 -150 640 -190", "M 560 60 R 640 110 760 110 880 70"} {
			if i < 3 || !bare {
				k.under(move(0, hem-230), func() { k.fold(t, 34, 0.8, c) })
			}
		}
		edge := shape("M 530 0 R 640 40 760 46 920 4").transformed(move(0, hem-54))
		k.stitches(edge, threadFor(c))
		k.groove(shape("M 730 -1400 L 742 500"), 3, c)
		k.softStroke(shape("M 530 34 R 640 72 760 78 920 36").transformed(move(0, hem-60)), 16, 10, fade(shadeOf(c), 0.3))
	})
}

// street paints a place to stand in, and returns the ground's colour.
func (s *scene) street(line float64) ink {
	r := s.r
	a := s.all()
	floor := box(s.x0-5, line, s.w+10, s.y0+s.h-line+10, 0)
	var ground ink
	switch r.n(4) {
	case 0: // evening in town
		sky := pick(r, []ink{hex(0xF8C99A), hex(0xF3A183)}, []ink{hex(0xBFD7EE), hex(0xF4E3CF)}, []ink{hex(0x8FA5D1), hex(0xF1C3B5)})
		s.fill(a, down(s.y0, line, sky[0], sky[1]))
		for layer := 0; layer < 2; layer++ {
			c := mix(sky[1], hex(0x4A4F66), 0.3+0.3*float64(layer))
			for x := s.x0 - 40; x < s.x0+s.w; {
				w, h := r.f(60, 150), r.f(80, 330-120*float64(layer))
				s.ink(box(x, line-h, w, h+10, 0), c)
				for j := 0; j < int(h/44); j++ {
					for i := 0; i < int(w/34); i++ {
						if speck(int(x)+i*7, j+layer*31) > 0.55 {
							s.ink(box(x+12+float64(i)*32, line-h+16+float64(j)*42, 13, 18, 0), fade(hex(0xFFE6A8), 0.6))
						}
					}
				}
				x += w + r.f(-6, 30)
			}
		}
		ground = hex(0x8A8C92)
		s.fill(floor, down(line, s.y0+s.h, darker(ground, 0.12), ground).with(grainy, 0.05))
		s.ink(box(s.x0-5, line, s.w+10, 16, 0), hex(0xB9B7B2))
		for i := 0; i < 6; i++ {
			x := s.x0 + float64(i)*s.w/5
			s.ink(polygon(point{x, line + 60}, point{x + 90, line + 60}, point{x + 60, line + 96}, point{x - 40, line + 96}), fade(white, 0.75))
		}
	case 1: // brick wall
		brick := pick(r, hex(0xB4644A), hex(0x8D8F93), hex(0xC9B8A4))
		s.ink(a, lighter(brick, 0.35))
		for j := 0; j < 40; j++ {
			for i := -1; i < 24; i++ {
				x, y := s.x0+float64(i)*112+float64(j%2)*56, s.y0+float64(j)*46
				if y < line {
					s.ink(box(x+3, y+3, 106, 40, 3), mix(brick, darker(brick, 0.3), speck(i+5, j)*0.7))
				}
			}
		}
		s.fill(a, linear(s.x0, s.y0, s.x0+s.w, line, stop{0, fade(hex(0xFFF0D0), 0.25)}, stop{1, fade(black, 0.22)}))
		ground = hex(0xA7A6A3)
		s.fill(floor, down(line, s.y0+s.h, darker(ground, 0.25), ground).with(grainy, 0.05))
		s.soft(box(s.x0-50, line-12, s.w+100, 24, 0), 16, fade(black, 0.4))
	case 2: // court
		paint := pick(r, hex(0x3C7A5C), hex(0x3767A0), hex(0xB9573A))
		s.fill(a, down(s.y0, line, hex(0xCFE3F2), hex(0xF2F1EA)))
		for i := 0; i < 60; i++ {
			d := float64(i) * 60
			c := fade(hex(0x6B7480), 0.4)
			s.stroke(segment(s.x0+d, s.y0-10, s.x0+d-700, s.y0+690), 3, solid(c))
			s.stroke(segment(s.x0+s.w-d, s.y0-10, s.x0+s.w-d+700, s.y0+690), 3, solid(c))
		}
		s.ink(box(s.x0-5, s.y0+s.h*0.2, s.w+10, 16, 0), hex(0x7B838E))
		ground = paint
		s.ink(box(s.x0-5, line-70, s.w+10, 75, 0), darker(paint, 0.5))
		s.fill(floor, down(line, s.y0+s.h, darker(paint, 0.12), lighter(paint, 0.04)).with(grainy, 0.035))
		s.ink(polygon(point{s.x0, line + 70}, point{s.x0 + s.w, line + 40}, point{s.x0 + s.w, line + 62}, point{s.x0, line + 96}), fade(white, 0.85))
	default: // indoors
		wall := pick(r, hex(0xE9E4DB), hex(0xD5DDE2), hex(0xE8D3C8), hex(0xCBD6C4))
		s.fill(a, linear(s.x0, s.y0, s.x0+s.w, line, stop{0, lighter(wall, 0.4)}, stop{1, darker(wall, 0.06)}))
		s.soft(box(s.x0+s.w*0.12, s.y0+40, s.w*0.3, line-s.y0-150, 0), 20, fade(white, 0.5))
		s.ink(box(s.x0-5, line-52, s.w+10, 54, 0), lighter(wall, 0.5))
		s.stroke(segment(s.x0, line-52, s.x0+s.w, line-52), 3, solid(fade(black, 0.12)))
		ground = hex(0xBE9468)
		s.fill(floor, down(line, s.y0+s.h, darker(ground, 0.16), ground).with(brushed, 0.06))
		for i := 0; i < 5; i++ {
			y := line + 26 + float64(i*i)*16 + float64(i)*30
			s.stroke(segment(s.x0, y, s.x0+s.w, y), 2.4, solid(fade(black, 0.22)))
		}
	}
	return ground
}
