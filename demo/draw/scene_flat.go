package draw

// sizes that things have beside each other on a floor, relative to their studio.
func spread(kind string) float64 {
	switch kind {
	case "tshirt", "hoodie", "coach-jacket", "cargo":
		return 0.98
	case "deck", "backpack":
		return 0.74
	case "tote", "keyboard", "blanket", "lamp":
		return 0.62
	case "sunglasses", "watch", "handheld", "camera", "mug", "candle", "speaker":
		return 0.46
	case "cap", "beanie", "headphones":
		return 0.5
	}
	return 0.66
}

// layFlat lays things beside each other, clothes below the others.
func (s *set) layFlat() {
	n := len(s.things)
	spots := [][]Spot{
		{{0.5, 0.5}},
		{{0.35, 0.36}, {0.66, 0.68}},
		{{0.31, 0.3}, {0.7, 0.36}, {0.45, 0.75}},
		{{0.29, 0.27}, {0.73, 0.29}, {0.3, 0.74}, {0.72, 0.73}},
	}[min(n, 4)-1]
	mirrored, common := s.r.chance(0.5), s.r.f(-14, 14)
	zoom := []float64{1.2, 1.02, 0.9, 0.8}[min(n, 4)-1] * min(1.1, s.h/1000+0.08)
	for round := range 2 {
		for i := range min(n, 4) {
			clothes := s.category(i) == "clothes"
			if clothes != (round == 0) {
				continue
			}
			q := spots[i]
			if mirrored {
				q.X = 1 - q.X
			}
			view := 0
			if s.category(i) == "shoes" {
				view = pick(s.r, 2, 2, 2, 2, 0, 3)
			}
			tilt := common + s.r.f(-6, 6)
			if view == 2 && s.r.chance(0.2) {
				tilt += 90
			}
			z := zoom * spread(s.things[i].Kind)
			if view == 0 && s.category(i) == "shoes" {
				z *= 0.86
			}
			s.put(i, view, 1000*q.X+s.r.f(-24, 24), s.h*q.Y+s.r.f(-24, 24), z, tilt)
		}
	}
}

func (s *set) paintFlat() {
	s.surface(indoors())
	x, y := s.r.f(60, 940), pick(s.r, 0.04, 0.96)*s.h
	s.prop(x, y)
	if s.r.chance(0.6) {
		s.prop(1000-x+s.r.f(-80, 80), s.h-y+s.r.f(-40, 40))
	}
	lean := s.r.f(-18, 18)
	for _, p := range s.places {
		if p.view == 0 && s.category(p.thing) != "clothes" { // others are drawn as they lie
			s.cast(p, move(lean, 26).then(p.at), 14, fade(shadeOf(s.ground), 0.34))
		}
		s.show(p)
	}
	s.daylight()
	s.film = pick(s.r, film{contrast: 0.25, vivid: 0.25}, film{warm: 0.6, faded: 0.25, vivid: 0.1, vignette: 0.15}, film{warm: -0.3, contrast: 0.25, vivid: 0.1, vignette: 0.1}, film{warm: 0.4, contrast: 0.4, vivid: 0.3, vignette: 0.3}, film{faded: 0.5, vivid: -0.1})
}

// prop is something that happens to lie around.
func (s *set) prop(x, y float64) {
	props := []func(*set){(*set).coffee, (*set).magazine, (*set).phone, (*set).sprig, (*set).sprig, (*set).buds, (*set).polaroids, (*set).socks}
	p := props[s.r.n(len(props))]
	s.under(move(x, y).then(turn(s.r.f(-35, 35))), func() { p(s) })
}

// lying is the shadow of something flat at the origin.
func (s *set) lying(p path, height float64) {
	s.under(move(0, height), func() { s.soft(p, height*1.5, fade(shadeOf(s.ground), 0.4)) })
}

// coffee is a cup on its saucer, from above.
func (s *set) coffee() {
	c := pick(s.r, hex(0xF4F1EA), hex(0x3D4048), hex(0xC9D4C5), hex(0xD98E6B))
	s.lying(circle(0, 0, 150), 14)
	s.fill(circle(0, 0, 150), linear(-100, -100, 100, 120, stop{0, lighter(c, 0.3)}, stop{1, darker(c, 0.1)}))
	s.stroke(circle(0, 0, 112), 4, solid(fade(shadeOf(c), 0.2)))
	s.stroke(shape("M 70 -40 R 140 -70 150 -10 84 14"), 20, solid(darker(c, 0.08)))
	s.lying(circle(0, 0, 92), 10)
	s.ink(circle(0, 0, 92), lighter(c, 0.2))
	s.fill(circle(0, 0, 78), radial(-14, -20, 110, stop{0, hex(0xB98554)}, stop{0.6, hex(0x8A5630)}, stop{1, hex(0x5D361C)}))
	s.ink(shape("M 0 -40 R 34 -44 40 -10 0 44 R -40 -10 -34 -44 0 -40 Z"), fade(hex(0xF3E2C7), 0.9))
}

// magazine has a cover of plain shapes.
func (s *set) magazine() {
	p := colourways[s.r.n(len(colourways))]
	cover := box(-170, -230, 340, 460, 4)
	s.lying(cover, 16)
	s.ink(box(-166, -226, 344, 464, 4), hex(0xE9E7E2))
	s.ink(cover, p.over)
	s.inside(cover, func() {
		s.ink(circle(s.r.f(-80, 80), s.r.f(-100, 60), s.r.f(90, 150)), p.sole)
		s.ink(shape("M -200 120 R -60 40 60 160 200 60 L 200 300 L -200 300 Z"), mix(p.trim, p.over, 0.3))
		s.ink(box(-170, -230, 14, 460, 0), fade(black, 0.14))
	})
}

func (s *set) phone() {
	body := box(-84, -176, 168, 352, 30)
	s.lying(body, 12)
	s.ink(body, hex(0x24262B))
	p := colourways[s.r.n(len(colourways))]
	screen := box(-76, -168, 152, 336, 24)
	s.fill(screen, linear(-60, -160, 70, 170, stop{0, lighter(p.over, 0.2)}, stop{1, p.trim}))
	s.ink(circle(0, -150, 6), hex(0x16171A))
	s.ink(polygon(point{-76, -90}, point{10, -168}, point{76, -168}, point{-76, 10}), fade(white, 0.1))
}

// sprig is a twig of eucalyptus or dried flowers.
func (s *set) sprig() {
	c := pick(s.r, hex(0x7F9A86), hex(0x9DB08A), hex(0xC9A27E), hex(0xD9A5A0))
	stem := shape("M -260 60 R -120 10 40 20 240 -60")
	s.under(move(6, 14), func() { s.softStroke(stem, 8, 6, fade(shadeOf(s.ground), 0.4)) })
	s.stroke(stem, 6, solid(darker(c, 0.3)))
	t := track(stem)
	for i := range 15 {
		q, d := t.at(0.08 + 0.92*float64(i)/14)
		side := 1.0
		if i%2 == 0 {
			side = -1
		}
		z := 1.25 - 0.5*float64(i)/14
		m := move(q.x, q.y).then(matrix{d.x, d.y, -d.y, d.x, 0, 0}).then(turn(side * 52)).then(scaled(z, z))
		leaf := shape("M 0 0 R 18 -26 60 -28 84 0 R 60 28 18 26 0 0 Z").transformed(m)
		s.under(move(6, 13), func() { s.soft(leaf, 7, fade(shadeOf(s.ground), 0.3)) })
		s.fill(leaf, solid(mix(lighter(c, 0.14), darker(c, 0.12), s.r.f(0, 1))))
	}
}

// buds is the case of a pair of earphones.
func (s *set) buds() {
	c := pick(s.r, hex(0xF3F3F1), hex(0x2A2C31), hex(0xC4D0DE))
	body := box(-72, -56, 144, 112, 50)
	s.lying(body, 12)
	s.fill(body, down(-56, 56, lighter(c, 0.2), darker(c, 0.12)))
	s.stroke(segment(-70, -12, 70, -12), 3, solid(fade(shadeOf(c), 0.4)))
	s.ink(circle(0, 8, 4), hex(0x7BC47F))
}

// polaroids are two instant photos.
func (s *set) polaroids() {
	for _, a := range []float64{-14, 9} {
		s.under(turn(a).then(move(a*5, a*3)), func() {
			card := box(-110, -130, 220, 264, 3)
			s.lying(card, 9)
			s.ink(card, hex(0xF7F5F0))
			sky := pick(s.r, [2]uint32{0x8FB9D9, 0xF3D9B8}, [2]uint32{0xF2A97E, 0x6B5B8C}, [2]uint32{0xA9C9A4, 0xE9E3C4})
			view := box(-94, -114, 188, 188, 0)
			s.fill(view, down(-114, 74, hex(sky[0]), hex(sky[1])))
			s.inside(view, func() {
				s.ink(shape("M -120 40 R -40 -20 10 30 60 -10 120 30 L 120 120 L -120 120 Z"), fade(hex(0x3D4A56), 0.75))
			})
		})
	}
}

// socks are rolled up.
func (s *set) socks() {
	c := pick(s.r, hex(0xF2F0EA), hex(0x2F3238), hex(0xB9C7A6), hex(0xD7A9A2), hex(0xE3B45A))
	for i := range 2 {
		s.under(move(float64(i)*120-60, float64(i)*18), func() {
			roll := shape("O -52 -70 0 -84 52 -70 62 0 52 74 0 84 -52 74 -62 0")
			s.lying(roll, 12)
			s.fill(roll, across(-62, 62, stop{0, darker(c, 0.14)}, stop{0.4, lighter(c, 0.14)}, stop{1, darker(c, 0.2)}).with(func(x, y float64) float64 { return ribbed(y, x) }, 0.03))
			s.ink(box(-62, -34, 124, 12, 0), fade(pickIf(luma(c) > 0.5, hex(0x3C6FB4), white), 0.7))
			s.stroke(shape("M -30 -50 R 0 -62 30 -50 R 34 0 0 16 R -26 6 -18 -22"), 4, solid(fade(shadeOf(c), 0.3)))
		})
	}
}
