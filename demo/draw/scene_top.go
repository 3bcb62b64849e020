package draw

// putFeet puts both shoes of whoever took the photo, looking down.
func (s *set) putFeet() {
	zoom := s.r.f(0.84, 1) * min(1, s.h/1120)
	x, y := s.r.f(440, 560), s.r.f(0.4, 0.47)*s.h
	apart, splay, ahead, turned := s.r.f(165, 235)*zoom, s.r.f(2, 13), s.r.f(-90, 90)*zoom, s.r.f(-10, 10)
	view := move(x, y).then(turn(turned))
	right := view.then(move(apart, ahead)).then(turn(splay)).then(scaled(zoom, zoom))
	left := view.then(move(-apart, -ahead)).then(turn(-splay)).then(scaled(-zoom, zoom))
	origin := move(-500-onePair.x, -480-onePair.y)
	s.places = []place{{0, right.then(origin), 2}, {0, left.then(origin), 2}}
	if s.r.chance(0.5) {
		s.places[0], s.places[1] = s.places[1], s.places[0]
	}
}

func (s *set) paintFeet() {
	s.surface(outdoors())
	k := s.own(0)
	k.block()
	b := builds[s.things[0].Kind]
	long := s.r.f(-30, 30)
	leg := s.leg()
	for _, p := range s.places {
		at := p.at.then(move(500+onePair.x, 480+onePair.y))
		k.medial = at.a < 0
		k.under(at, func() {
			k.under(move(long*0.4, 16), func() { k.soft(outlineTop, 34, fade(shadeOf(s.ground), 0.5)) })
			k.under(move(0, 5), func() { k.soft(outlineTop, 9, fade(shadeOf(s.ground), 0.5)) })
			k.under(scaled(b.wide, 1), func() { k.topShoe(b) })
		})
		s.under(at, leg)
	}
	switch s.r.n(4) {
	case 0:
		s.leafShade(fade(hex(0x141A28), 0.36))
	case 1:
		x := s.r.f(200, 800)
		s.lit(polygon(point{x - 500, -40}, point{x + 340, -40}, point{x + 620, s.h + 40}, point{x - 200, s.h + 40}), 14, fade(hex(0x141A28), 0.32))
	default:
		s.wash(linear(0, 0, 1000, s.h, stop{0, fade(hex(0xFFE9C4), 0.2)}, stop{0.6, fade(white, 0)}, stop{1, fade(black, 0.16)}))
	}
	s.film = pick(s.r, film{contrast: 0.3, vivid: 0.25, vignette: 0.15}, film{warm: 0.6, faded: 0.2, vivid: 0.15, vignette: 0.2}, film{warm: -0.3, contrast: 0.3, vivid: 0.1, vignette: 0.2}, film{faded: 0.4, vignette: 0.1})
}

// denims are the colours of trousers that go with everything.
func (s *set) denim() ink {
	return pick(s.r, hex(0x4E6A8E), hex(0x2F405C), hex(0x8FA6BF), hex(0x26272B), hex(0x3A3B3F), hex(0xB9A98A), hex(0xD8CFBD), hex(0x6B7058), hex(0x8C8F94), hex(0x5B4A3E))
}

// leg decides what comes out of the shoes, in the frame of the right one: wide
// trousers, or socks and a shin.
func (s *set) leg() func() {
	if s.r.chance(0.7) {
		c := s.denim()
		hem, wide := s.r.f(70, 150), s.r.f(1, 1.2)
		return func() {
			s.under(move(0, hem).then(scaled(wide, 1)), func() {
				p := shape("M -136 120 R -128 46 -76 10 0 0 76 10 128 46 136 120 R 150 500 190 900 220 1500 L -220 1500 R -190 900 -150 500 -136 120 Z")
				s.under(move(0, -14), func() { s.soft(p, 22, fade(black, 0.42)) })
				s.cloth(p, c)
				s.inside(p, func() {
					s.stitches(shape("M -130 100 R -112 56 -70 36 0 28 70 36 112 56 130 100"), threadFor(c))
					y := 130.0
					for range 6 {
						x, lean := s.r.f(-120, 40), s.r.f(-60, 60)
						t := shape("M 0 0 R 50 14 100 10 150 -10").transformed(move(x, y).then(scaled(s.r.f(0.7, 1.2), 1)).then(turn(lean * 0.5)))
						s.softBrush(t, 26, 11, fade(shadeOf(c), 0.36))
						s.under(move(0, 22), func() { s.softBrush(t, 22, 11, fade(lighter(c, 0.6), 0.3)) })
						y += s.r.f(50, 200)
					}
					s.softStroke(shape("M 8 60 R 14 500 20 900 30 1500"), 22, 16, fade(lighter(c, 0.5), 0.2))
				})
			})
		}
	}
	skin, sock := skins[s.r.n(6)], pick(s.r, hex(0xF4F2EC), hex(0xF4F2EC), hex(0x2A2B2F), hex(0xC8D3B8), hex(0xE7C9C4))
	band := pick(s.r, hex(0x3C6FB4), hex(0xB4352F), hex(0x1F5B45), sock)
	top := s.r.f(430, 620)
	return func() {
		shin := shape("M -84 300 R -100 700 -130 1000 -150 1500 L 150 1500 R 130 1000 100 700 84 300 Z")
		s.fill(shin, across(-150, 150, stop{0, darker(skin, 0.2)}, stop{0.4, lighter(skin, 0.08)}, stop{1, darker(skin, 0.24)}))
		p := shape("M -60 190 R -48 128 0 108 52 128 66 190 L 96 0 L -92 0 Z").warped(func(q point) point {
			if q.y == 0 {
				q.y = top
			}
			return q
		})
		s.under(move(0, 8), func() { s.soft(p, 12, fade(shadeOf(skin), 0.4)) })
		s.fill(p, across(-96, 96, stop{0, darker(sock, 0.2)}, stop{0.45, lighter(sock, 0.1)}, stop{1, darker(sock, 0.22)}).with(ribbed, 0.05))
		s.inside(p, func() {
			s.ink(box(-120, top-110, 240, 26, 0), fade(band, 0.9))
			s.ink(box(-120, top-66, 240, 26, 0), fade(band, 0.9))
			s.softStroke(shape("M -70 210 R -20 170 30 170 74 210"), 30, 16, fade(shadeOf(sock), 0.4))
		})
	}
}

// cloth fills a piece of clothing that no colourway makes.
func (s *set) cloth(p path, c ink) {
	x0, _, x1, _ := extent(p)
	s.fill(p, across(x0, x1, stop{0, darker(c, 0.2)}, stop{0.35, lighter(c, 0.09)}, stop{1, darker(c, 0.24)}).with(twill, 0.03))
}

// putBox lays a pair into its box.
func (s *set) putBox() {
	zoom := min(1, s.h/940)
	x, y, a := 500+s.r.f(-30, 30), s.h*0.53, s.r.f(-16, 16)
	at := move(x, y).then(turn(a)).then(scaled(zoom, zoom))
	if s.r.chance(0.25) && s.things[0].Kind != "high-top" { // on their sides, head to toe
		m := middle(s.things[0].Kind, 0)
		one := at.then(move(-16, 104)).then(turn(s.r.f(-4, 4))).then(scaled(0.88, 0.88)).then(move(-m.x, -m.y))
		other := at.then(move(16, -96)).then(turn(180 + s.r.f(-4, 4))).then(scaled(0.88, 0.88)).then(move(-m.x, -m.y))
		s.places = []place{{0, one, 0}, {0, other, 0}}
		return
	}
	s.places = []place{{0, at.then(turn(90)).then(scaled(0.92, 0.92)).then(move(-500, -480)), 2}}
}

func (s *set) paintBox() {
	s.surface(pick(s.r, []surface{(*set).planks, (*set).sheet, (*set).rug}, indoors()))
	// The frame in which the box is straight.
	at := s.places[0].at
	angle := matrix{at.a, at.b, at.c, at.d, 0, 0}
	if s.places[0].view == 2 {
		angle = angle.then(turn(-90))
	}
	z := angle.scaleOf()
	angle = angle.then(scaled(1/z, 1/z))
	z = min(1, s.h/940)
	frame := move(500, s.h*0.53).then(angle).then(scaled(z, z))
	k := s.own(0)
	c := pick(s.r, k.pal.over, k.pal.trim, hex(0xC9A27A), hex(0x2C2D31), hex(0xEDE9E1), hex(0xD8703E))
	lidAt := move(s.r.f(-60, 60), pick(s.r, -1.0, 1)*s.r.f(560, 640)).then(turn(s.r.f(-8, 8)))
	k.under(frame, func() {
		lid := box(-460, -290, 920, 580, 8)
		k.under(lidAt, func() {
			s.lying(lid, 26)
			k.fill(lid, linear(-400, -290, 400, 290, stop{0, lighter(c, 0.1)}, stop{1, darker(c, 0.1)}))
			k.stroke(box(-448, -278, 896, 556, 6), 3, solid(fade(shadeOf(c), 0.25)))
			k.stamp(0, 0, 120, 0, legible(k.pal.mark, c))
		})
		outer := box(-470, -300, 940, 600, 8)
		s.under(move(12, 20), func() { s.soft(outer, 44, fade(shadeOf(s.ground), 0.5)) })
		s.lying(outer, 12)
		k.ink(outer, c)
		k.edge(outer, c)
		inner := box(-450, -280, 900, 560, 4)
		k.fill(inner, down(-280, 280, darker(c, 0.55), darker(c, 0.4)))
		k.inside(inner, s.tissue)
		k.hollow(inner, 40, 10, 22, fade(black, 0.5))
	})
	s.on(hex(0xE9E6E0))
	for i := len(s.places) - 1; i >= 0; i-- {
		if s.places[i].view == 0 {
			s.cast(s.places[i], move(8, -18).then(s.places[i].at), 16, fade(hex(0x2A2622), 0.5))
		}
		s.show(s.places[i])
	}
	s.under(frame, func() { // a corner of the paper over the pair
		corner := pick(s.r, "M -480 -300 L -250 -320 R -300 -180 -330 -60 -300 60 R -380 90 -440 60 -480 80 Z", "M 480 320 L 240 330 R 290 200 320 60 280 -60 R 360 -90 440 -60 480 -90 Z")
		p := shape(corner)
		s.under(move(4, 10), func() { s.soft(p, 16, fade(black, 0.34)) })
		s.fill(p, linear(-480, -300, 480, 320, stop{0, hex(0xFBFAF7)}, stop{1, hex(0xE2DED6)}))
		s.inside(p, func() {
			for range 5 {
				x, y := s.r.f(-460, 460), s.r.f(-300, 300)
				s.softBrush(segment(x, y, x+s.r.f(-200, 200), y+s.r.f(-160, 160)), 14, 5, fade(hex(0x9A958B), 0.4))
			}
		})
	})
	s.daylight()
	s.film = pick(s.r, film{contrast: 0.25, vivid: 0.25, vignette: 0.15}, film{warm: 0.5, faded: 0.25, vivid: 0.1, vignette: 0.15}, film{warm: -0.2, contrast: 0.25})
}

// tissue is crumpled paper that fills a box.
func (s *set) tissue() {
	s.wash(down(-280, 280, hex(0xF4F1EC), hex(0xDAD6CE)))
	for range 26 {
		x, y, r := s.r.f(-460, 460), s.r.f(-290, 290), s.r.f(60, 150)
		a, b := point{x + s.r.f(-r, r), y + s.r.f(-r, r)}, point{x + s.r.f(-r, r), y + s.r.f(-r, r)}
		s.ink(polygon(point{x, y}, a, b), fade(pick(s.r, white, hex(0xBDB7AC), hex(0xD2CDC4)), s.r.f(0.15, 0.4)))
		s.softBrush(segment(x, y, a.x, a.y), 9, 4, fade(hex(0x8F897E), 0.25))
	}
}
