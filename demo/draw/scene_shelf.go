package draw

// grid is a shelf's compartments.
type grid struct{ rows, cols int }

// gridOf is as many compartments as the frame has room for.
func (s *set) gridOf() grid {
	switch {
	case s.h > 1200:
		return grid{4, 2}
	case s.h > 900:
		return grid{3, 2}
	}
	return grid{2, 3}
}

// compartment is the middle of a compartment's floor, and its size.
func (s *set) compartment(i int) (x, y, w, h float64) {
	g := s.gridOf()
	w, h = 1000/float64(g.cols), s.h/(float64(g.rows)+0.12)
	return (float64(i%g.cols) + 0.5) * w, (float64(i/g.cols)+1)*h - 0.04*h, w, h
}

// putShelf puts the things into compartments, the main one near the middle.
func (s *set) putShelf() {
	g := s.gridOf()
	n := g.rows * g.cols
	order := make([]int, 0, n)
	middle := n / 2
	order = append(order, middle)
	for from, i := s.r.n(n), 0; i < n; i++ {
		if c := (from + i*5) % n; c != middle || n%5 == 0 {
			order = append(order, c)
		}
	}
	turned := s.r.chance(0.5)
	for i := range min(len(s.things), n) {
		x, y, w, h := s.compartment(order[i])
		zoom := w / 1000 * 1.02
		if s.category(i) != "shoes" {
			zoom *= 0.86
		}
		if s.category(i) == "clothes" {
			zoom *= 0.8
		}
		tall := soleOf(s.things[i].Kind) - 120
		zoom = min(zoom, 0.8*h/tall)
		s.stand(i, x, y, zoom, 0, turned != s.r.chance(0.12))
	}
}

func (s *set) paintShelf() {
	g := s.gridOf()
	wall := pick(s.r, hex(0xEDE8DF), hex(0xD9DEDF), hex(0x3B3F46), hex(0xC7B299), hex(0x6F7F74), hex(0xE6D5CC), hex(0x2A2D33), hex(0x9FB0BF))
	board := pick(s.r, hex(0xC9A57C), hex(0x8A6546), hex(0xF3F1EC), hex(0x26282C), hex(0xDCC6A4))
	s.on(board)
	s.wash(linear(0, 0, 700, s.h, stop{0, lighter(wall, 0.1)}, stop{1, darker(wall, 0.12)}).with(func(x, y float64) float64 { return cloud(x/90, y/90) }, 0.012))
	lamps, dividers := s.r.chance(0.6), s.r.chance(0.55)
	lamp := pick(s.r, hex(0xFFE2AE), hex(0xFFF4E0), hex(0xFFD08A), hex(0xCFE4FF))
	n := g.rows * g.cols
	full := map[int]bool{}
	for i := range n {
		x, y, w, h := s.compartment(i)
		for _, p := range s.places {
			q := p.at.apply(point{500, soleOf(s.things[p.thing].Kind)})
			if q.x > x-w/2 && q.x < x+w/2 && q.y > y-h/2 && q.y < y+h/2 {
				full[i] = true
			}
		}
		if lamps {
			s.fill(box(x-w/2, y-h, w, h, 0), glow(x, y-0.9*h, 0.62*w, 0.95*h, lamp, 0.75))
		}
	}
	for row := range g.rows {
		_, y, _, h := s.compartment(row * g.cols)
		thick := 0.07 * h
		s.under(move(0, thick), func() { s.soft(box(-20, y, 1040, thick, 0), 20, fade(shadeOf(wall), 0.6)) })
		s.fill(box(-10, y-0.02*h, 1020, thick, 0), down(y-0.02*h, y+thick, lighter(board, 0.12), darker(board, 0.12)).with(brushed, 0.03))
		s.ink(box(-10, y-0.02*h, 1020, 4, 0), fade(white, 0.35))
		if lamps {
			s.softStroke(segment(0, y+thick, 1000, y+thick), 5, 5, fade(lamp, 0.9))
		}
	}
	if dividers {
		for i := 1; i < g.cols; i++ {
			x := float64(i) * 1000 / float64(g.cols)
			s.under(move(8, 0), func() { s.soft(box(x-11, -20, 22, s.h+40, 0), 12, fade(shadeOf(wall), 0.5)) })
			s.fill(box(x-11, -20, 22, s.h+40, 0), across(x-11, x+11, stop{0, lighter(board, 0.14)}, stop{1, darker(board, 0.16)}))
		}
	}
	for i := range n {
		if !full[i] {
			x, y, w, h := s.compartment(i)
			s.under(move(x, y).then(scaled(w/500, w/500)), func() { s.ornament(h * 500 / w) })
		}
	}
	s.showAll()
	s.film = pick(s.r, film{warm: 0.5, contrast: 0.3, vivid: 0.15, vignette: 0.3}, film{contrast: 0.35, vivid: 0.15, vignette: 0.2}, film{warm: 0.6, faded: 0.25, vivid: 0.1, vignette: 0.2}, film{warm: -0.2, contrast: 0.25, vivid: 0.1, vignette: 0.3}).under(fade(hex(0xFFF3DD), 0.14), fade(white, 0), fade(black, 0.1))
}

// ornament stands on the origin of a compartment that is 500 wide and h high.
func (s *set) ornament(h float64) {
	s.soft(ellipse(0, -2, 150, 12), 10, fade(shadeOf(s.ground), 0.5))
	switch s.r.n(4) {
	case 0: // books
		x := -130.0
		for x < 110 {
			w, tall := s.r.f(24, 46), s.r.f(0.42, 0.66)*h
			c := colourways[s.r.n(len(colourways))].over
			s.fill(box(x, -tall, w, tall, 3), across(x, x+w, stop{0, lighter(c, 0.14)}, stop{1, darker(c, 0.2)}))
			s.ink(box(x, -tall*0.86, w, 6, 0), fade(white, 0.35))
			x += w + 2
		}
	case 1: // a plant
		pot := pick(s.r, hex(0xC9764F), hex(0xECE7DD), hex(0x4A4F57))
		green := pick(s.r, hex(0x5C8A54), hex(0x7FA06A), hex(0x3F6E52))
		for i := range 11 {
			a := -78 + float64(i)*15.6
			leaf := shape("M 0 0 R -22 -70 -16 -150 0 -190 R 16 -150 22 -70 0 0 Z").transformed(move(0, -100).then(turn(a)).then(scaled(1, h/480*s.r.f(0.8, 1.1))))
			s.fill(leaf, solid(mix(lighter(green, 0.14), darker(green, 0.25), s.r.f(0, 1))))
		}
		s.fill(shape("M -74 -120 L 74 -120 L 56 0 L -56 0 Z"), across(-74, 74, stop{0, lighter(pot, 0.14)}, stop{1, darker(pot, 0.25)}))
	case 2: // boxes
		y := 0.0
		for y > -0.6*h {
			c := pick(s.r, hex(0xC9A27A), colourways[s.r.n(len(colourways))].over, hex(0x2C2D31), hex(0xEDE9E1))
			dx, tall := s.r.f(-10, 10), 0.2*h
			s.fill(box(-160+dx, y-tall, 320, tall, 2), down(y-tall, y, c, darker(c, 0.12)))
			s.fill(box(-165+dx, y-tall, 330, tall*0.34, 2), down(y-tall, y-tall*0.6, lighter(c, 0.12), c))
			y -= tall
		}
	default: // a vase
		c := pick(s.r, hex(0xE9E2D4), hex(0x8FA7B5), hex(0xB5614A), hex(0x3A3D44))
		for range 5 {
			x, y := s.r.f(-90, 90), -0.5*h-s.r.f(0, 0.2)*h
			s.stroke(shape("M 0 -100 L 0 0"), 3, solid(hex(0x8C7A58)))
			s.stroke(segment(0, -0.3*h, x, y), 3, solid(hex(0x8C7A58)))
			s.ink(circle(x, y, s.r.f(10, 20)), pick(s.r, hex(0xE8C9A0), hex(0xD9A08E), hex(0xEFE3CF)))
		}
		s.fill(shape("M -22 0 L 22 0 R 80 -60 60 -130 20 -180 L 26 -220 L -26 -220 L -20 -180 R -60 -130 -80 -60 -22 0 Z"), across(-80, 80, stop{0, lighter(c, 0.2)}, stop{0.5, c}, stop{1, darker(c, 0.3)}))
	}
}
