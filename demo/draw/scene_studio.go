package draw

// putStudio lets one thing fill the photo.
func (s *set) putStudio() {
	shoe := s.category(0) == "shoes"
	zoom := s.r.f(0.98, 1.14)
	switch s.things[0].Kind {
	case "mug", "candle", "speaker", "lamp", "camera", "headphones", "handheld", "keyboard", "sunglasses", "beanie", "cap":
		zoom = s.r.f(0.8, 0.95)
	}
	y, tilt := s.h*0.53, 0.0
	switch {
	case shoe && s.r.chance(0.3): // close
		zoom, tilt = s.r.f(1.4, 1.75), s.r.f(-16, 10)
	case shoe && s.r.chance(0.35): // in the air
		y, tilt = s.h*0.47, pick(s.r, -1.0, 1)*s.r.f(8, 22)
	}
	if s.h < 800 {
		zoom *= 0.84
	}
	if s.things[0].Kind == "high-top" {
		zoom *= 0.86
	}
	x := 500 + s.r.f(-30, 30)
	view := 0
	if zoom > 1.2 {
		x += pick(s.r, -170.0, 150)
		view = s.r.n(2)
	}
	s.put(0, view, x, y, zoom, tilt)
	if s.r.chance(0.4) && view == 0 {
		p := &s.places[0]
		p.at = p.at.then(mirror(500))
	}
}

// stages are the colours of a studio: wall, floor, and something bright.
var stages = [][3]uint32{ //nolint:gochecknoglobals // never written
	{0xF3B79B, 0xE88D67, 0xFBE3D3}, {0x9CC3DF, 0x6C9FC6, 0xF6D98B}, {0xF6D77A, 0xEDBB45, 0xF08A5D}, {0xA9C6A0, 0x7FA67C, 0xF3E4C2}, {0xC7B5E3, 0xA68FD0, 0xF7C8D3},
	{0xEFA9AE, 0xD9727C, 0xFCE4DF}, {0x2B3040, 0x1C202C, 0xE4633C}, {0x3D5A80, 0x2B4463, 0xEE9C6A}, {0xD8D2C6, 0xBDB4A4, 0xF7F3EA}, {0x8E4A49, 0x6E3536, 0xE9B384},
	{0x7CC0B4, 0x4C9A90, 0xFBE7B5}, {0xE7E4DE, 0xCFCAC1, 0xD96A4B}, {0x1F4E46, 0x173B35, 0xE7C765}, {0xF2F0EC, 0xDEDAD3, 0x4F76B5}, {0xE0664A, 0xC24E35, 0xF9D9A8}, {0xB9C6D3, 0x93A5B6, 0xF3F6F8},
}

func (s *set) paintStudio() {
	// The stage that stands out best from the thing, of a few.
	base := s.own(0).pal.base
	var c [3]uint32
	best := -1.0
	for range 3 {
		d := stages[s.r.n(len(stages))]
		if contrast := max(luma(hex(d[0]))-luma(base), luma(base)-luma(hex(d[0]))); contrast > best {
			best, c = contrast, d
		}
	}
	wall, floor, bright := hex(c[0]), hex(c[1]), hex(c[2])
	s.on(floor)
	p := s.places[0]
	x, y := 500.0, p.at.apply(point{500, soleOf(s.things[0].Kind)}).y
	tilted := p.at.b > 0.06 || p.at.b < -0.06
	near := p.at.scaleOf() > 1.2
	side := pick(s.r, -1.0, 1)
	s.wash(radial(500-side*420, 0, 1300, stop{0, lighter(wall, 0.25)}, stop{1, darker(wall, 0.1)}))
	style := s.r.n(6)
	switch {
	case near:
		s.wash(linear(0, 0, 1000, s.h, stop{0, fade(bright, 0.75)}, stop{0.5, fade(wall, 0.4)}, stop{1, fade(floor, 0.9)}))
		s.lit(polygon(point{-100, s.h * 0.9}, point{1100, -0.2 * s.h}, point{1100, s.h * 0.5}, point{-100, s.h * 1.5}), 20, fade(black, 0.12))
	case tilted:
		s.ink(circle(500, s.h*0.48, 330), fade(bright, 0.9))
		s.soft(ellipse(500+side*30, s.h*0.93, 300, 26), 30, fade(shadeOf(floor), 0.5))
		for range 5 {
			cx, cy, r := s.r.f(60, 940), s.r.f(0.06, 0.94)*s.h, s.r.f(10, 34)
			s.fill(circle(cx, cy, r), radial(cx-r*0.4, cy-r*0.5, r*2, stop{0, lighter(bright, 0.4)}, stop{0.5, bright}, stop{1, darker(floor, 0.2)}))
		}
	case style == 0: // a plinth before a sun
		s.ink(circle(500+side*90, y-260, 300), bright)
		s.plinth(y, 900, wall)
	case style == 1: // two fields
		s.fill(box(0, y-46, 1000, s.h, 0), down(y-46, s.h, lighter(floor, 0.06), darker(floor, 0.08)))
	case style == 2: // an arch
		arch := box(190, y-640, 620, 1200, 310)
		s.ink(arch, darker(wall, 0.1))
		s.hollow(arch, 40, 22*side, 22, fade(shadeOf(wall), 0.3))
		s.fill(box(0, y-30, 1000, s.h, 0), down(y-30, s.h, lighter(floor, 0.14), floor))
	case style == 3: // boxes
		s.fill(box(0, y-40, 1000, s.h, 0), down(y-40, s.h, lighter(floor, 0.1), floor))
		s.cube(500-side*330, y-20, 260, 330, bright)
		s.cube(500-side*120, y-30, 190, 180, lighter(wall, 0.2))
	case style == 4: // gels
		dark := darker(wall, 0.6)
		s.wash(solid(dark))
		s.on(dark)
		s.beam(120, y-200, 720, 800, bright, 0.85)
		s.beam(900, y-100, 640, 760, pick(s.r, hex(0x3AA8F2), hex(0x8A5BF0), hex(0x23C4A8)), 0.8)
		s.fill(box(0, y-40, 1000, s.h, 0), down(y-40, s.h, fade(black, 0.42), fade(black, 0.12)))
	default: // paper that runs down the wall and over the floor
		s.wash(linear(0, y-260, 0, y+60, stop{0, fade(floor, 0)}, stop{1, fade(lighter(floor, 0.1), 0.9)}))
		s.lit(polygon(point{500 - side*700, -100}, point{500 + side*60, -100}, point{500 + side*640, s.h + 100}, point{500 - side*200, s.h + 100}), 10, fade(shadeOf(wall), 0.3))
	}
	if !tilted && !near {
		// The sun stands low: a long hard shadow behind.
		foot := p.at.apply(point{x, soleOf(s.things[0].Kind)})
		lean := side * s.r.f(0.5, 1.1)
		s.cast(p, move(foot.x, foot.y).then(matrix{1, 0, -lean, 0.34, 0, 0}).then(move(-foot.x, -foot.y)).then(p.at), 5, fade(shadeOf(s.ground), 0.42))
	} else {
		s.cast(p, move(side*46, 60).then(p.at), 16, fade(shadeOf(wall), 0.34))
	}
	s.show(p)
	s.film = pick(s.r, film{contrast: 0.35, vivid: 0.15, vignette: 0.25}, film{contrast: 0.2, vivid: 0.25}, film{warm: 0.5, faded: 0.2, vignette: 0.3}).under(fade(hex(0xFFF1D6), 0.22), fade(white, 0), fade(hex(0x0D1020), 0.24))
	s.film.mirrored = side < 0
}

// plinth is a round stand whose top is at the height y.
func (s *set) plinth(y, wide float64, c ink) {
	body := box(500-wide/2, y-10, wide, s.h, 0)
	s.fill(body, across(500-wide/2, 500+wide/2, stop{0, lighter(c, 0.2)}, stop{0.5, c}, stop{1, darker(c, 0.28)}))
	s.ink(ellipse(500, y-10, wide/2, 52), lighter(c, 0.3))
	s.on(lighter(c, 0.1))
}

// cube is a block that stands on the height y, with its right side in shade.
func (s *set) cube(x, y, w, h float64, c ink) {
	s.soft(ellipse(x+w*0.2, y, w*0.7, 16), 16, fade(shadeOf(s.ground), 0.4))
	s.ink(polygon(point{x - w/2, y - h}, point{x + w/2, y - h}, point{x + w/2, y}, point{x - w/2, y}), c)
	s.ink(polygon(point{x + w/2, y - h}, point{x + w/2 + w*0.22, y - h - w*0.14}, point{x + w/2 + w*0.22, y - w*0.14}, point{x + w/2, y}), darker(c, 0.28))
	s.ink(polygon(point{x - w/2, y - h}, point{x - w/2 + w*0.22, y - h - w*0.14}, point{x + w/2 + w*0.22, y - h - w*0.14}, point{x + w/2, y - h}), lighter(c, 0.3))
}
