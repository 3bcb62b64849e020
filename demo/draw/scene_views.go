package draw

import "math"

// alley is narrow, dark, and full of neon.
func alley(s *set, y float64, t hour) {
	t = hour{top: hex(0x10122A), low: hex(0x3A1F52), far: hex(0x221A3F), near: hex(0x17132B), sun: hex(0xFF5FB0), night: true, film: t.film}
	tubes := [][2]uint32{{0xFF4FA3, 0x37D5FF}, {0xFF7A3D, 0x8C5BFF}, {0x35F0C0, 0xFF4F6D}, {0xFFD23F, 0x3F8CFF}}[s.r.n(4)]
	a, b := hex(tubes[0]), hex(tubes[1])
	s.blurred(4, func() {
		s.wash(down(0, y, t.top, t.low))
		vx := s.r.f(400, 600)
		for i := range 5 {
			f := math.Pow(0.66, float64(4-i))
			for _, side := range []float64{-1, 1} {
				x := vx + side*430*f
				s.fill(polygon(point{x, -50}, point{x + side*900, -50}, point{x + side*900, s.h}, point{x, y + 150*f}), solid(mix(t.near, t.low, 0.6*(1-f))))
				c := pick(s.r, a, b, a, b, hex(0xFFE9A8))
				sx, sy, w, h := x+side*s.r.f(20, 70)*f, y-s.r.f(260, 560)*f, s.r.f(40, 90)*f, s.r.f(140, 300)*f
				s.beam(sx, sy+h/2, 260*f, 300*f, c, 0.55)
				s.ink(box(sx-w/2, sy, w, h, 8*f), fade(c, 0.9))
				s.ink(box(sx-w*0.3, sy+h*0.1, w*0.6, h*0.5, 6*f), lighter(c, 0.65))
			}
		}
		s.beam(vx, y-40, 260, 240, hex(0xFFE2B0), 0.7)
		s.fill(box(0, y, 1000, s.h, 0), down(y, s.h, mix(t.low, a, 0.25), hex(0x17172C)))
		s.bokeh(26, y-360, y, a, b, hex(0xFFE2B0))
	})
	c := hex(0x1E1E34)
	s.on(c)
	for range 11 {
		x := s.r.f(0, 1000)
		s.softStroke(segment(x, y+10, x+s.r.f(-30, 30), y+s.r.f(0.5, 1)*(s.h-y)), s.r.f(20, 70), 20, fade(pick(s.r, a, b), 0.3))
	}
	s.wash(linear(0, y, 0, s.h, stop{0, fade(c, 0)}, stop{1, fade(c, 0.4)}).with(func(x, y float64) float64 { return cloud(x/9, y/3) }, 0.05))
}

// shore is the sea, and the beach or the pier before it.
func shore(s *set, y float64, t hour) {
	sea := pickIf(t.night, hex(0x1D3357), mix(hex(0x4FA3BE), t.top, 0.35))
	sand := pickIf(t.night, hex(0x5C5A66), mix(hex(0xE6D3AE), t.low, 0.2))
	y = min(y, s.h*0.5)
	beach := y + (s.h-y)*0.36
	s.blurred(3, func() {
		s.sky(y, t)
		s.ink(shape("M 500 0 R 620 -50 740 -70 860 -30 1040 0 Z").transformed(move(s.r.f(-400, 0), y)), mix(t.far, t.low, 0.3))
		s.fill(box(0, y, 1000, s.h, 0), down(y, beach, mix(sea, t.low, 0.35), sea))
		for range 90 {
			fy := s.r.f(0, 1)
			fy = y + float64(fy*fy)*(beach-y)
			w := 20 + (fy-y)*0.6
			x := s.r.f(0, 1000)
			s.ink(ellipse(x, fy, w, 1.5+(fy-y)*0.012), fade(lighter(t.sun, 0.3), 0.4))
		}
		foam := shape("M -20 0 R 160 26 330 -16 520 14 700 -14 860 18 1020 -4 L 1020 500 L -20 500 Z").transformed(move(0, beach))
		s.stroke(foam, 26, solid(fade(white, 0.8)))
		s.ink(foam, darker(sand, 0.14))
		s.under(move(0, 50), func() { s.ink(foam, sand) })
	})
	s.on(sand)
	s.fill(box(0, beach+40, 1000, s.h, 0), down(beach+40, s.h, fade(sand, 0), lighter(sand, 0.05)).with(func(x, y float64) float64 { return 0.5*cloud(x/4, y/2) + 0.5*wave(y/46+cloud(x/130, y/60)) }, 0.03))
}

// ridges are mountains, one behind the other in the haze.
func ridges(s *set, y float64, t hour) {
	y = min(y+0.12*s.h, s.h*0.6)
	rock := pickIf(t.night, hex(0x5A6078), mix(hex(0x9C9484), t.low, 0.15))
	s.blurred(2, func() {
		s.sky(y, t)
		base := mix(hex(0x4C6B63), t.near, 0.5)
		for layer := range 5 {
			f := float64(layer) / 4
			var p path
			top := y - 300 + 250*f
			p.move(point{-20, s.h})
			phase := s.r.f(0, 10)
			for i := range 27 {
				x := -20 + float64(i)*40
				lift := 130*cloud(float64(i)/5+phase, phase+f*9) + 46*cloud(float64(i)/1.7+phase, phase*3)
				p.line(point{x, top - lift*(1-0.4*f)})
			}
			p.line(point{1020, s.h})
			p.close()
			c := mix(mix(t.far, t.low, 0.5), base, f)
			s.fill(p, down(top-160, top+260, c, mix(c, t.low, 0.55)))
		}
		var firs path
		for x := -20.0; x < 1020; x += s.r.f(16, 40) {
			h := s.r.f(40, 110)
			firs = firs.with(polygon(point{x - h*0.2, y + 60}, point{x, y + 40 - h}, point{x + h*0.2, y + 60}))
		}
		s.ink(firs, darker(base, 0.4))
		s.ink(box(0, y+40, 1000, s.h, 0), darker(base, 0.3))
	})
	s.on(rock)
	ledge := shape("M -20 60 R 90 24 200 40 330 8 480 0 640 14 760 4 900 34 1020 20 L 1020 900 L -20 900 Z").transformed(move(0, y+(s.h-y)*0.42))
	s.fill(ledge, down(y+(s.h-y)*0.4, s.h, lighter(rock, 0.2), darker(rock, 0.2)).with(func(x, y float64) float64 {
		return 0.5*cloud(x/30, y/12) + 0.4*cloud(x/6, y/4) + 0.3*cloud(x/110, y/60)
	}, 0.07))
	s.inside(ledge, func() { s.softStroke(ledge, 16, 8, fade(t.sun, 0.45)) })
}

// roof looks over a city from a ledge.
func roof(s *set, y float64, t hour) {
	y = min(y+0.14*s.h, s.h*0.62)
	s.blurred(3, func() {
		s.sky(y-60, t)
		for layer := range 4 {
			f := float64(layer) / 3
			for x := -30.0; x < 1010; {
				w, h := s.r.f(46, 120), s.r.f(60, 330-110*f)
				top := y - 90 + 120*f - h
				c := mix(mix(t.far, t.low, 0.4), t.near, f)
				s.ink(box(x, top, w, s.h, 0), mix(c, darker(c, 0.15), s.r.f(0, 1)))
				if layer > 0 {
					s.windows(point{x, top + 8}, point{x + w, top + 8}, point{x + w, top + h + 60}, point{x, top + h + 60}, 2+int(w/36), 7, t)
				}
				x += w + s.r.f(-6, 12)
			}
		}
		if s.r.chance(0.5) { // the tower on the hill
			x := s.r.f(150, 850)
			s.ink(polygon(point{x - 7, y - 200}, point{x + 7, y - 200}, point{x + 2, y - 560}, point{x - 2, y - 560}), t.near)
			s.ink(box(x-18, y-430, 36, 34, 8), t.near)
		}
		s.bokeh(pickIf(t.night, 30, 6), y-200, y+120, t.lights()...)
	})
	ledge := pickIf(t.night, hex(0x55586A), mix(hex(0xB9B2A6), t.low, 0.15))
	s.on(ledge)
	top := y + (s.h-y)*0.36
	s.fill(box(0, top, 1000, s.h, 0), down(top, s.h, lighter(ledge, 0.12), darker(ledge, 0.14)).with(func(x, y float64) float64 { return 0.5*cloud(x/60, y/30) + 0.4*cloud(x/5, y/3) }, 0.035))
	s.softStroke(segment(-10, top, 1010, top), 8, 3, fade(lighter(t.sun, 0.2), 0.7))
}

// cafe is a table by the window.
func cafe(s *set, y float64, t hour) {
	y = min(y+0.1*s.h, s.h*0.6)
	inside := pickIf(t.night, hex(0x3B2C28), hex(0xCBB59B))
	s.blurred(5, func() {
		s.sky(y, t)
		for x := -20.0; x < 1000; x += 150 {
			s.ink(box(x, y-s.r.f(120, 460), 156, 900, 0), mix(t.far, pick(s.r, t.low, t.near, hex(0xC68B6A)), 0.4))
		}
		for range 12 {
			s.ink(circle(s.r.f(0, 1000), y-s.r.f(0, 200), s.r.f(40, 90)), fade(mix(hex(0x7C9B5E), t.near, 0.35), 0.7))
		}
		s.bokeh(pickIf(t.night, 30, 12), 0, y, t.lights()...)
		frame := darker(inside, 0.55)
		x := s.r.f(200, 700)
		s.ink(box(x, -20, 34, s.h, 0), frame)
		s.ink(box(-20, y*0.22, 1040, 18, 0), frame)
		s.ink(box(-20, y+20, 1040, s.h, 0), mix(inside, frame, 0.4))
		for range 2 { // lamps hang from above
			lx, ly := s.r.f(80, 920), s.r.f(0.1, 0.3)*y
			s.stroke(segment(lx, -20, lx, ly), 5, solid(frame))
			s.ink(shape("M -60 40 R -50 0 -14 -16 14 -16 50 0 60 40 Z").transformed(move(lx, ly)), frame)
			s.beam(lx, ly+50, 170, 150, hex(0xFFD894), 0.8)
		}
	})
	wood := pick(s.r, hex(0xA9764A), hex(0x7A5235), hex(0xD6B48A), hex(0xE9E4DA))
	if t.night {
		wood = mix(wood, hex(0x2A1D1A), 0.35)
	}
	s.on(wood)
	top := y + (s.h-y)*0.3
	s.fill(box(0, top, 1000, s.h, 0), down(top, s.h, lighter(wood, 0.14), darker(wood, 0.1)).with(brushed, 0.045))
	s.softStroke(segment(-10, top, 1010, top), 7, 3, fade(lighter(t.sun, 0.3), 0.6))
	s.beam(s.r.f(100, 900), top+80, 420, 70, t.sun, 0.45)
	x := pick(s.r, s.r.f(60, 170), s.r.f(830, 940))
	s.under(move(x, top+(s.h-top)*0.34).then(scaled(1.25, 1.25)), s.cup)
}

// cup is a cup of coffee from the side, its foot at the origin.
func (s *set) cup() {
	c := pick(s.r, hex(0xF3EFE6), hex(0x3A3E45), hex(0xB9C7B4), hex(0xD98E6B))
	s.soft(ellipse(0, 4, 120, 14), 9, fade(shadeOf(s.ground), 0.5))
	s.fill(ellipse(0, 0, 112, 15), down(-14, 14, lighter(c, 0.2), darker(c, 0.15)))
	s.stroke(shape("M 58 -96 R 120 -104 112 -40 54 -36"), 14, solid(darker(c, 0.1)))
	s.fill(shape("M -70 -118 L 70 -118 R 68 -50 44 -14 30 -6 L -30 -6 R -44 -14 -68 -50 -70 -118 Z"), across(-70, 70, stop{0, lighter(c, 0.16)}, stop{0.4, c}, stop{1, darker(c, 0.26)}))
	s.fill(ellipse(0, -118, 70, 14), down(-132, -104, hex(0x7A4A2A), hex(0xA8703F)))
	s.stroke(ellipse(0, -118, 70, 14), 5, solid(lighter(c, 0.2)))
	for _, x := range []float64{-20, 16} {
		s.softBrush(shape("M 0 -140 R 14 -180 -10 -210 8 -260").transformed(move(x, 0)), 18, 8, fade(white, 0.4))
	}
}

// room is somebody's home.
func room(s *set, y float64, t hour) {
	c := pick(s.r, hex(0xE7DED0), hex(0xD3DAD6), hex(0xC9B8A4), hex(0xE3CFC6), hex(0xB5C0C9))
	wood := pick(s.r, hex(0xC19A6B), hex(0x96704C), hex(0xD8C2A0))
	s.wash(linear(0, 0, 1000, y, stop{0, lighter(c, 0.2)}, stop{1, darker(c, 0.08)}))
	for i := range 1 + s.r.n(3) { // pictures on the wall
		x, w, h := s.r.f(60, 200)+float64(i)*270, s.r.f(120, 190), s.r.f(150, 240)
		py := y*0.22 + s.r.f(-30, 40)
		p := colourways[s.r.n(len(colourways))]
		s.under(move(8, 14), func() { s.soft(box(x, py, w, h, 0), 14, fade(black, 0.25)) })
		s.ink(box(x, py, w, h, 0), hex(0x3B332C))
		s.ink(box(x+7, py+7, w-14, h-14, 0), hex(0xF6F3EC))
		art := box(x+24, py+24, w-48, h-48, 0)
		s.ink(art, p.over)
		s.inside(art, func() {
			s.ink(circle(x+w*0.6, py+h*0.4, w*0.24), p.sole)
			s.ink(shape("M -20 0 R 60 -50 120 20 240 -30 L 240 300 L -20 300 Z").transformed(move(x, py+h*0.65)), p.trim)
		})
	}
	s.fill(box(0, y, 1000, s.h, 0), down(y, s.h, darker(wood, 0.08), lighter(wood, 0.1)).with(brushed, 0.04))
	s.on(wood)
	for i := -7; i < 8; i++ {
		s.stroke(segment(500+float64(i)*120, y, 500+float64(i)*420, s.h+40), 2.4, solid(fade(shadeOf(wood), 0.35)))
	}
	s.ink(box(0, y-26, 1000, 28, 0), lighter(c, 0.5))
	s.under(move(0, 8), func() { s.softStroke(segment(0, y, 1000, y), 10, 10, fade(black, 0.3)) })
	s.under(move(pick(s.r, s.r.f(40, 120), s.r.f(880, 960)), y+46).then(scaled(1.7, 1.7)), func() { s.ornament(430) })
	if t.night { // one lamp is on
		s.wash(radial(s.r.f(200, 800), y*0.4, 1100, stop{0, fade(t.sun, 0.3)}, stop{0.5, fade(hex(0x2A1E1C), 0.2)}, stop{1, fade(hex(0x120F1C), 0.55)}))
		return
	}
	s.windowLight(fade(hex(0x1A2138), 0.24))
}
