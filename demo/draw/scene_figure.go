package draw

import "math"

// putStep puts two shoes on the ground, seen from the side: whoever wears them
// stands, walks, or has one foot on a block.
func (s *set) putStep() {
	zoom := s.r.f(0.5, 0.62) * min(1, s.h/960)
	y := 0.87 * s.h
	x, pose, turned := s.r.f(430, 500), s.r.n(3), s.r.chance(0.5)
	far, farY, tilt := x+s.r.f(60, 130), y-34*zoom, 0.0
	switch pose {
	case 1: // a stride, heel up
		x, far, tilt = x-150*zoom, x+470*zoom, -s.r.f(20, 32)
	case 2:
		x, far, farY = x-170*zoom, x+270*zoom, y-190*zoom
	}
	sole := soleOf(s.things[0].Kind)
	foot := func(x, y, zoom, tilt float64) {
		// The foot turns about its toe, which is on the left.
		at := move(x, y).then(scaled(zoom, zoom)).then(move(-500, -sole)).then(about(180, sole, turn(tilt)))
		if turned {
			at = mirror(500).then(at)
		}
		s.places = append(s.places, place{0, at, 0})
	}
	foot(x, y, zoom, 0)
	foot(far, farY, 0.95*zoom, tilt)
}

func (s *set) paintStep() {
	t := s.hour()
	y := s.r.f(0.36, 0.5) * s.h
	here := pick(s.r, street, street, park, pitch, wallside, wallside, alley, room)
	here(s, y, t)
	c := s.denim()
	near, far := s.places[0], s.places[1]
	if step := near.at.f + near.at.d*soleOf(s.things[0].Kind) - (far.at.f + far.at.d*soleOf(s.things[0].Kind)); math.Abs(far.at.b) < 0.01 && step > 60 {
		// What the far foot stands on.
		q := far.at.apply(point{500, soleOf(s.things[0].Kind)})
		stone := mix(s.ground, hex(0xB9B3A8), 0.5)
		s.soft(box(q.x-310, q.y+step*0.5, 640, step*0.6, 0), 22, fade(shadeOf(s.ground), 0.5))
		s.fill(box(q.x-300, q.y-10, 600, step+14, 6), down(q.y, q.y+step, stone, darker(stone, 0.3)).with(grainy, 0.03))
		s.fill(box(q.x-300, q.y-22, 600, 34, 6), solid(lighter(stone, 0.2)).with(grainy, 0.03))
	}
	// The sun's side decides where the shadow of the legs falls.
	lean := pick(s.r, -1.0, 1) * s.r.f(200, 520)
	q := near.at.apply(point{640, soleOf(s.things[0].Kind)})
	s.under(move(q.x, q.y), func() {
		s.soft(polygon(point{-150, -6}, point{170, -6}, point{lean + 200, -190}, point{lean - 60, -190}), 14, fade(shadeOf(s.ground), 0.32))
	})
	for i := len(s.places) - 1; i >= 0; i-- {
		p := s.places[i]
		s.show(p)
		s.trouser(p.at, pickIf(i == 1, darker(c, 0.24), c), i == 1)
	}
	s.film = t.film.under(fade(t.sun, 0.2), fade(t.sun, 0), fade(black, 0.08))
}

// trouser is the leg above a shoe that at maps to the scene, toe to the left:
// the far one leans back more.
func (s *set) trouser(at matrix, c ink, far bool) {
	k := s.own(0)
	hem := 400.0
	switch s.things[0].Kind {
	case "high-top":
		hem = 330
	case "slip-on":
		hem = 470
	}
	lean := s.r.f(-40, 30)
	switch {
	case far && math.Abs(at.b) > 0.01: // the turned foot brings its leg along
		lean = s.r.f(0, 60)
	case far:
		lean = s.r.f(-140, -60)
	}
	wide := s.r.f(0.95, 1.2)
	k.under(at.then(move(735, hem)).then(scaled(wide, 1)), func() {
		p := shape("M -164 -20 R -150 14 -40 26 60 18 150 4 166 -30 R 180 -300 200 -600 230 -2600 L -260 -2600 R -220 -600 -180 -300 -164 -20 Z").warped(func(q point) point {
			if q.y < -100 {
				q.x += lean * -q.y / 500
			}
			return q
		})
		s.under(move(-6, 16), func() { s.soft(p, 20, fade(black, 0.3)) })
		s.cloth(p, c)
		s.inside(p, func() {
			s.stitches(shape("M -166 -52 R -146 -18 -40 -6 60 -14 150 -28 168 -58"), threadFor(c))
			for i := range 5 {
				y := -70 - float64(i*i)*34 - s.r.f(0, 40)
				x := s.r.f(-90, 60) + lean*-y/500
				fold := segment(x-s.r.f(60, 130), y+s.r.f(-40, 50), x+s.r.f(60, 140), y-s.r.f(-40, 60))
				s.softBrush(fold, 38, 13, fade(shadeOf(c), 0.5))
				s.under(move(0, 28), func() { s.softBrush(fold, 28, 12, fade(lighter(c, 0.6), 0.34)) })
			}
			seam := shape("M 40 20 L 50 -2600").warped(func(q point) point { return point{q.x + lean*max(0, -q.y)/500, q.y} })
			s.softStroke(seam, 26, 16, fade(lighter(c, 0.5), 0.28))
		})
	})
}

// The parts of a figure are laid out in the units of its top's studio: shoulders
// and hem are where they are in a hoodie's picture.
const (
	figureCrown = -130.0
	figureNeck  = 168.0
	figureWaist = 690.0
	figureHip   = 640.0 // of the trousers' own studio
	figureLegs  = 1.12
	figureFoot  = 1624.0
	figureSole  = 1730.0
)

// putLook puts somebody's outfit together: shoes, a top, trousers, a bag. It is
// seen from the neck down, from the waist down, or from behind.
func (s *set) putLook() {
	top, back := figureNeck, 0
	switch n := s.r.n(10); {
	case n < 3:
		top = figureWaist
	case n < 6:
		top, back = figureCrown, 1
	}
	bottom := figureSole + 70
	zoom := s.h / (bottom - top)
	x := 500 + s.r.f(-90, 90)
	base := move(x, -top*zoom).then(scaled(zoom, zoom)).then(move(-500, 0))
	for i := range s.things {
		switch kind := s.things[i].Kind; {
		case s.category(i) == "shoes":
			foot := base.then(move(500+146, figureFoot+40))
			s.places = append(s.places, place{i, foot.then(move(-500-onePair.x, -480-onePair.y)), 2})
		case kind == "cargo":
			s.places = append(s.places, place{i, base.then(move(0, figureHip)).then(about(500, 0, scaled(figureLegs, figureLegs))), back})
		case s.category(i) == "clothes":
			s.places = append(s.places, place{i, base, back})
		default: // it stands beside
			at := base.then(move(500+pick(s.r, -1.0, 1)*s.r.f(430, 500), figureSole)).then(scaled(0.66, 0.66)).then(move(-500, -soleOf(kind)))
			s.places = append(s.places, place{i, at, 0})
		}
	}
	s.places = append(s.places, place{0, base, back}) // where the figure is
}

// wardrobe are colourways that go with everything.
func (s *set) wardrobe() Palette {
	p, _ := PaletteByKey(pick(s.r, "ink", "bone", "fog", "granite", "cloud", "olive", "midnight", "mocha"))
	return p
}

func (s *set) paintLook() {
	last := len(s.places) - 1
	base, back := s.places[last].at, s.places[last].view == 1
	s.places = s.places[:last]
	t := s.hour()
	feet := base.apply(point{500, figureSole}).y
	here := pick(s.r, street, street, park, wallside, wallside, wallside, room, room, alley, pitch)
	here(s, feet-s.r.f(0.08, 0.2)*s.h, t)

	worn := map[string]int{}
	for i, a := range s.things {
		switch {
		case s.category(i) == "shoes":
			worn["shoes"] = i
		case a.Kind == "cargo":
			worn["legs"] = i
		case s.category(i) == "clothes":
			worn["top"] = i
		}
	}
	dress := func(part, other string) (*kit, string) {
		if i, ok := worn[part]; ok {
			return s.own(i), s.things[i].Kind
		}
		k := Article{Seed: s.r.next(), Kind: other, Brand: s.r.n(len(marks)), Palette: s.wardrobe()}.kit(s.canvas)
		k.pal.ground = s.ground
		return k, other
	}
	top, kind := dress("top", pick(s.r, "hoodie", "tshirt", "coach-jacket"))
	legs, _ := dress("legs", "cargo")
	shoes, _ := dress("shoes", "runner")
	skin := skins[s.r.n(len(skins))]

	s.under(base, func() {
		s.soft(ellipse(500, figureSole+4, 330, 26), 20, fade(shadeOf(s.ground), 0.55))
		s.under(move(500, figureSole), func() {
			s.soft(polygon(point{-200, 0}, point{200, 0}, point{620, -190}, point{320, -190}), 24, fade(shadeOf(s.ground), 0.26))
		})
	})
	for _, p := range s.places {
		if s.category(p.thing) != "shoes" && s.category(p.thing) != "clothes" {
			s.show(p)
		}
	}
	s.under(base, func() {
		shoes.block()
		for _, side := range []float64{-1, 1} {
			shoes.under(move(500+side*146, figureFoot).then(turn(-side*5)).then(scaled(side*1.15, 1.15)), func() { shoes.frontShoe(back) })
		}
		for _, side := range []float64{-1, 1} {
			s.under(about(500, 0, scaled(side, 1)), func() { s.arm(skin, kind == "tshirt") })
		}
		legs.under(move(0, figureHip).then(about(500, 0, scaled(figureLegs, figureLegs))), func() { cargo(legs, back) })
		if !back {
			neck := shape("M 436 100 R 440 170 424 204 410 214 R 460 250 540 250 590 214 R 576 204 560 170 564 100 Z")
			s.fill(neck, across(420, 580, stop{0, darker(skin, 0.2)}, stop{0.5, skin}, stop{1, darker(skin, 0.24)}))
		}
		top.article(kind, pickIf(back, 1, 0))
		if back {
			s.head(skin, kind == "hoodie")
		} else if kind != "hoodie" {
			s.inside(shape("M 412 160 L 588 160 R 574 206 530 216 500 217 R 470 216 426 206 412 160 Z"), func() {
				s.fill(box(400, 100, 200, 200, 0), across(420, 580, stop{0, darker(skin, 0.2)}, stop{0.5, skin}, stop{1, darker(skin, 0.24)}))
				s.softStroke(segment(420, 160, 580, 160), 30, 16, fade(shadeOf(skin), 0.5))
			})
		}
		// The far side of the body is away from the light.
		s.soft(box(560, 300, 190, 1300, 60), 60, fade(hex(0x10152A), 0.1))
	})
	s.film = t.film.under(fade(t.sun, 0.22), fade(t.sun, 0), fade(black, 0.06))
}

// head is one seen from behind.
func (s *set) head(skin ink, hooded bool) {
	hair := hairs[s.r.n(6)]
	neck := box(448, 60, 104, 110, 30)
	if !hooded {
		s.fill(neck, across(440, 560, stop{0, darker(skin, 0.24)}, stop{0.5, skin}, stop{1, darker(skin, 0.24)}))
	}
	for _, x := range []float64{398, 602} {
		s.ink(ellipse(x, 36, 18, 28), darker(skin, 0.1))
	}
	crown := shape("O 500 -104 566 -90 604 -30 606 40 584 96 500 116 416 96 394 40 396 -30 434 -90")
	volume := func(p path, c ink) {
		s.fill(p, radial(470, -40, 260, stop{0, lighter(c, 0.16)}, stop{0.5, c}, stop{1, darker(c, 0.4)}))
		s.hollow(p, 30, -10, -14, fade(shadeOf(c), 0.3))
	}
	switch s.r.n(4) {
	case 0: // long
		volume(shape("M 500 -104 R 434 -90 396 -30 388 60 374 190 392 300 R 450 320 550 320 608 300 R 626 190 612 60 604 -30 566 -90 500 -104 Z"), hair)
	case 1: // a bun
		volume(circle(500, -116, 50), hair)
		volume(crown, hair)
	case 2: // a woollen hat
		volume(crown, hair)
		c := pick(s.r, hex(0xC8553D), hex(0x2F5D50), hex(0xE2A93B), hex(0x2B2D33), hex(0xE9E2D4))
		hat := shape("M 500 -122 R 424 -110 388 -40 386 30 L 614 30 R 612 -40 576 -110 500 -122 Z")
		s.fill(hat, across(386, 614, stop{0, darker(c, 0.25)}, stop{0.4, lighter(c, 0.12)}, stop{1, darker(c, 0.3)}).with(ribbed, 0.05))
		s.panel(box(380, 4, 240, 56, 16), darker(c, 0.06), cloth{tex: ribbed, depth: 0.06, lift: 4})
	default:
		volume(crown, hair)
	}
}

// arm hangs on the left; most of it is in the sleeve, unless that is short.
func (s *set) arm(skin ink, bare bool) {
	if bare {
		p := shape("M 158 430 R 150 540 144 660 146 780 L 206 786 R 226 680 252 580 266 470 Z")
		s.fill(p, across(140, 266, stop{0, darker(skin, 0.18)}, stop{0.5, skin}, stop{1, darker(skin, 0.22)}))
	}
	hand := shape("M 146 752 R 138 790 144 836 160 862 182 868 200 850 214 806 210 756 Z")
	s.fill(hand, across(140, 214, stop{0, darker(skin, 0.12)}, stop{0.5, skin}, stop{1, darker(skin, 0.22)}))
	s.stroke(shape("M 168 862 R 166 840 170 826 172 812"), 3, solid(fade(shadeOf(skin), 0.4)))
	s.stroke(shape("M 186 862 R 186 842 188 828 188 814"), 3, solid(fade(shadeOf(skin), 0.4)))
}

// frontShoe is the right shoe as it comes towards us, or goes away, its ankle at
// the origin.
func (k *kit) frontShoe(back bool) {
	p := k.pal
	sole := shape("M -70 62 R -76 84 -66 96 -40 98 L 40 98 R 70 96 78 84 72 62 Z")
	k.foam(sole, p.sole)
	k.fill(box(-64, 88, 132, 10, 5), solid(p.tread))
	upper := shape("M -46 -40 R -62 0 -74 40 -70 68 L 72 68 R 76 40 66 0 48 -40 Z")
	k.panel(upper, p.base, smooth.padded(14))
	k.inside(upper, func() {
		k.panel(shape("M -90 80 L -90 46 R -60 24 -30 40 0 42 30 40 62 24 92 46 L 92 80 Z"), p.over, smooth.on(4, 1))
		k.panel(shape("M -80 10 R -60 -10 -44 -30 -36 -60 L -20 -60 R -26 -10 -30 20 -34 34 L -80 40 Z"), p.over, smooth.on(4, 0))
		k.panel(shape("M 82 10 R 62 -10 46 -30 38 -60 L 22 -60 R 28 -10 32 20 36 34 L 82 40 Z"), p.over, smooth.on(4, 0))
	})
	if back {
		k.panel(box(-17, -40, 34, 84, 6), p.trim, smooth.on(4, 1))
		k.stamp(0, 12, 13, 0, legible(p.mark, p.trim))
		return
	}
	for i := range 4 {
		y := -26 + float64(i)*15
		w := 24 + float64(i)*2.4
		k.lace(point{-w, y + 3}, point{w, y - 3}, 8, p.lace)
	}
}
