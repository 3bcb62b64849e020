package draw

import "math"

// hour is a time of day, and what it does to colours.
type hour struct {
	top, low  ink // the sky
	far, near ink // what stands in the distance, and closer
	sun       ink // the colour of light
	night     bool
	film      film
}

func (s *set) hour() hour {
	return pick(s.r,
		hour{top: hex(0x7FB4E2), low: hex(0xDCEBF4), far: hex(0xB7C9D6), near: hex(0x8FA0AC), sun: hex(0xFFF3D4), film: film{contrast: 0.25, vivid: 0.25, vignette: 0.1}},
		hour{top: hex(0xBFD3E2), low: hex(0xF1EFEA), far: hex(0xCBD0D4), near: hex(0xA4A8AA), sun: hex(0xFFF8EC), film: film{faded: 0.4, contrast: 0.15, vignette: 0.1}},
		hour{top: hex(0xF0B36E), low: hex(0xFDE6BE), far: hex(0xDFAE86), near: hex(0xA87A5E), sun: hex(0xFFC56B), film: film{warm: 0.6, contrast: 0.25, vivid: 0.15, vignette: 0.2}},
		hour{top: hex(0x6C6FAE), low: hex(0xF6B9A6), far: hex(0xA885A8), near: hex(0x63587F), sun: hex(0xFFB08A), film: film{warm: 0.2, faded: 0.25, vivid: 0.2, vignette: 0.2}},
		hour{top: hex(0x1B2550), low: hex(0x56629C), far: hex(0x3D4A80), near: hex(0x28305C), sun: hex(0xFFD79A), night: true, film: film{contrast: 0.1, vivid: 0.3, vignette: 0.25}},
	)
}

// lights are the colours of a city's lights.
func (t hour) lights() []ink {
	if t.night {
		return []ink{hex(0xFFC869), hex(0xFF6B5E), hex(0x6FD3FF), hex(0xFF9FD6), hex(0xFFF0C9)}
	}
	return []ink{t.sun, white, lighter(t.sun, 0.4)}
}

// blurred paints something out of focus: small, and then enlarged. k says how
// much; 1 is sharp.
func (s *set) blurred(k int, f func()) {
	full := s.canvas
	w, h := full.img.Rect.Dx(), full.img.Rect.Dy()
	small := newCanvas((w+k-1)/k, (h+k-1)/k)
	small.view = scaled(1/float64(k), 1/float64(k)).then(full.view)
	s.canvas = small
	f()
	s.canvas = full
	resize(full.img, small.img, small.img.Rect)
}

// sky with a sun or a moon somewhere.
func (s *set) sky(y float64, t hour) {
	s.wash(down(0, y+40, t.top, t.low))
	s.beam(s.r.f(100, 900), y-s.r.f(20, 260), 620, 460, t.sun, pickIf(t.night, 0.25, 0.7))
	if s.r.chance(0.5) && !t.night {
		for range 4 {
			x, cy := s.r.f(0, 1000), s.r.f(0, y*0.8)
			for i := range 4 {
				s.beam(x+float64(i)*70, cy-float64(i%2)*16, 120, 34, white, 0.5)
			}
		}
	}
}

// windows is a facade's grid of them, between four corners.
func (s *set) windows(a, b, c, d point, cols, rows int, t hour) {
	var dark, bright path
	at := func(u, v float64) point { return between(between(a, b, u), between(d, c, u), v) }
	for j := range rows {
		for i := range cols {
			u, v := (float64(i)+0.2)/float64(cols), (float64(j)+0.2)/float64(rows)
			du, dv := 0.6/float64(cols), 0.55/float64(rows)
			p := polygon(at(u, v), at(u+du, v), at(u+du, v+dv), at(u, v+dv))
			if t.night == s.r.chance(0.5) {
				bright = bright.with(p)
			} else {
				dark = dark.with(p)
			}
		}
	}
	if t.night {
		s.ink(bright, fade(s.lamp(t), 0.85))
		return
	}
	s.ink(dark, fade(shadeOf(t.near), 0.32))
	s.ink(bright, fade(lighter(t.low, 0.2), 0.5))
}

func (s *set) lamp(t hour) ink { l := t.lights(); return l[s.r.n(len(l))] }

// street runs away from us between houses.
func street(s *set, y float64, t hour) {
	floor := pickIf(t.night, hex(0x2A2E3E), mix(hex(0x9B9890), t.low, 0.25))
	s.blurred(5, func() {
		s.sky(y, t)
		vx := s.r.f(380, 620)
		for x := -20.0; x < 1000; x += 70 {
			s.ink(box(x, y-s.r.f(40, 190), 74, 400, 0), mix(t.far, t.low, 0.35))
		}
		s.wash(linear(0, y-20, 0, y+1, stop{0, fade(floor, 0)}, stop{1, fade(floor, 0)}))
		s.fill(box(0, y, 1000, s.h, 0), down(y, s.h, mix(floor, t.low, 0.4), floor))
		for _, side := range []float64{-1, 1} {
			near := 900.0
			for i := 5; i >= 0; i-- {
				f0, f1 := math.Pow(0.62, float64(i)), math.Pow(0.62, float64(i)+1)
				tall := s.r.f(700, 1500)
				x0, x1 := vx+side*near*f0, vx+side*near*f1
				tone := mix(mix(t.near, pick(s.r, hex(0xB5705A), hex(0xD9C7A8), hex(0x6F7F8C), t.far), 0.45), t.low, 0.5*(1-f0))
				if t.night {
					tone = mix(tone, t.near, 0.75)
				}
				a, b, c, d := point{x1, y - tall*f1}, point{x0, y - tall*f0}, point{x0, y + 330*f0}, point{x1, y + 330*f1}
				s.ink(polygon(a, b, c, d), pickIf(side > 0, tone, darker(tone, 0.14)))
				s.windows(a, b, between(b, c, 0.72), between(a, d, 0.72), 3, 5, t)
				// The shop on the ground floor, and its awning.
				e, g := between(b, c, 0.76), between(a, d, 0.76)
				s.ink(polygon(g, e, c, d), fade(pickIf(t.night, s.lamp(t), lighter(t.low, 0.1)), 0.55))
				s.ink(polygon(g, e, between(e, c, 0.24), between(g, d, 0.24)), fade(pick(s.r, hex(0xC8553D), hex(0x2F5D50), hex(0xE2A93B), hex(0x44546B)), 0.8))
			}
		}
		for i := range 3 { // trees
			f := math.Pow(0.6, float64(i))
			side := pick(s.r, -1.0, 1)
			x := vx + side*640*f
			s.stroke(segment(x, y+200*f, x, y-260*f), 16*f, solid(darker(t.near, 0.4)))
			for range 6 {
				s.ink(circle(x+s.r.f(-90, 90)*f, y-s.r.f(220, 420)*f, 80*f), fade(mix(pick(s.r, hex(0x6F9256), hex(0x8BA662), hex(0xD9963E), hex(0xF1BEC8)), t.near, 0.3), 0.75))
			}
		}
		s.bokeh(pickIf(t.night, 34, 8), y-330, y+20, t.lights()...)
	})
	s.pavement(y, floor, t)
}

// pavement is the ground in focus: it grows sharp towards us.
func (s *set) pavement(y float64, c ink, t hour) {
	s.on(c)
	s.fill(box(0, y+(s.h-y)*0.3, 1000, s.h, 0), down(y+(s.h-y)*0.3, y+(s.h-y)*0.75, fade(c, 0), c).with(func(x, y float64) float64 { return cloud(x/5, y/2.4) }, 0.035))
	var joints path
	for i := -6; i < 7; i++ {
		joints = joints.with(segment(500+float64(i)*90, y, 500+float64(i)*560, s.h+60))
	}
	d := (s.h - y) * 0.3
	for f := y + d; f < s.h+40; f += d {
		joints = joints.with(segment(0, f, 1000, f))
		d *= 1.18
	}
	s.stroke(joints, 3.4, linear(0, y, 0, s.h, stop{0, fade(shadeOf(c), 0)}, stop{0.4, fade(shadeOf(c), 0.1)}, stop{1, fade(shadeOf(c), 0.4)}))
	if t.night { // it has rained
		for range 7 {
			x := s.r.f(0, 1000)
			s.softStroke(segment(x, y+(s.h-y)*0.25, x, s.h), s.r.f(16, 50), 18, fade(s.lamp(t), 0.2))
		}
	}
}

// park is trees around a path.
func park(s *set, y float64, t hour) {
	greens := pick(s.r, []ink{hex(0x6C9553), hex(0x86A85D), hex(0x547F4B)}, []ink{hex(0xD98E3A), hex(0xC4612F), hex(0xE3B34A)}, []ink{hex(0xF3C1CB), hex(0xF8DBE0), hex(0xE9A3B3)}, []ink{hex(0x7FA56A), hex(0x9CBB7C), hex(0x5F8F5E)})
	lawn := pickIf(t.night, hex(0x20352E), mix(hex(0x7D9C58), t.sun, 0.12))
	path := pickIf(t.night, hex(0x3A3D4C), mix(hex(0xCDBFA6), t.low, 0.2))
	s.blurred(5, func() {
		s.sky(y, t)
		for layer := range 4 {
			f := float64(layer) / 3
			for x := -60.0; x < 1060; x += 80 - 14*f {
				c := mix(greens[s.r.n(len(greens))], mix(t.far, t.low, 0.3), 0.62-0.5*f)
				if t.night {
					c = mix(c, t.near, 0.7)
				}
				s.ink(circle(x+s.r.f(-30, 30), y-s.r.f(30, 150+230*f), 60+50*f), fade(c, 0.9))
			}
		}
		for range 6 {
			x := s.r.f(-40, 1040)
			s.stroke(segment(x, y+20, x+s.r.f(-20, 20), y-260), s.r.f(10, 24), solid(fade(darker(t.near, 0.55), 0.8)))
		}
		s.fill(box(0, y-6, 1000, s.h, 0), down(y-6, s.h, mix(lawn, t.low, 0.3), lawn))
		vx := s.r.f(350, 650)
		s.ink(polygon(point{vx - 40, y - 6}, point{vx + 40, y - 6}, point{1500, s.h + 200}, point{-500, s.h + 200}), path)
		s.bokeh(22, 0, y, lighter(greens[0], 0.4), t.sun, greens[1])
	})
	s.on(path)
	s.fill(box(0, y+(s.h-y)*0.35, 1000, s.h, 0), down(y+(s.h-y)*0.35, s.h, fade(path, 0), path).with(func(x, y float64) float64 { return 0.6*cloud(x/5, y/2) + 0.4*cloud(x/60, y/20) }, 0.05))
	for range 26 {
		x, fy := s.r.f(0, 1000), s.r.f(y+(s.h-y)*0.4, s.h)
		z := (fy - y) / (s.h - y) * 13
		s.ink(ellipse(x, fy, z, z*0.4), fade(greens[s.r.n(len(greens))], 0.8))
	}
}

// pitch is a court with a fence around it.
func pitch(s *set, y float64, t hour) {
	pair := pick(s.r, [2]uint32{0xC4603C, 0x3B6D8C}, [2]uint32{0x3C7D6B, 0xB9553B}, [2]uint32{0x3E62A6, 0x76A8D4}, [2]uint32{0x8467AE, 0xE3A650})
	a, b := hex(pair[0]), hex(pair[1])
	if t.night {
		a, b = mix(a, t.near, 0.45), mix(b, t.near, 0.45)
	}
	s.blurred(4, func() {
		s.sky(y, t)
		for x := -20.0; x < 1000; x += 110 {
			s.ink(box(x, y-s.r.f(90, 330), 116, 500, 0), mix(t.far, t.low, 0.3))
		}
		var wires path
		for x := -s.h; x < 1000+s.h; x += 40 {
			wires = wires.with(segment(x, y, x+400, y-400)).with(segment(x, y, x-400, y-400))
		}
		s.stroke(wires, 3, solid(fade(t.near, 0.5)))
		for x := 60.0; x < 1000; x += 220 {
			s.ink(box(x, y-420, 9, 430, 0), t.near)
		}
		hx := s.r.f(160, 840)
		s.ink(box(hx-9, y-400, 18, 400, 0), darker(t.near, 0.3))
		s.ink(box(hx-90, y-520, 180, 130, 4), hex(0xF3F1EC))
		s.stroke(box(hx-36, y-470, 72, 60, 0), 6, solid(hex(0xD3532F)))
		s.stroke(ellipse(hx, y-396, 40, 12), 6, solid(hex(0xE2622F)))
		s.fill(box(0, y, 1000, s.h, 0), down(y, s.h, mix(a, t.low, 0.35), a))
	})
	s.on(a)
	s.fill(box(0, y+(s.h-y)*0.3, 1000, s.h, 0), down(y+(s.h-y)*0.3, y+(s.h-y)*0.7, fade(a, 0), a).with(grainy, 0.02))
	line := hex(0xF2EFE8)
	x := s.r.f(-200, 900)
	s.ink(polygon(point{500, y + 30}, point{1040 + x, s.h + 20}, point{x - 400, s.h + 20}), fade(b, 0.85))
	s.stroke(segment(500, y+30, x-400, s.h+20), 15, solid(fade(line, 0.85)))
	s.stroke(segment(500, y+30, 1040+x, s.h+20), 15, solid(fade(line, 0.85)))
	s.stroke(ellipse(500, y+(s.h-y)*0.55, 620, (s.h-y)*0.3), 13, solid(fade(line, 0.7)))
}

// wallside is a wall in the sun, with the hard shadow of something.
func wallside(s *set, y float64, t hour) {
	c := pick(s.r, hex(0xE3B8A0), hex(0xE9DFCF), hex(0xC7735A), hex(0xAFC4C9), hex(0xB9C1A4), hex(0xD9D6D0), hex(0xF0C66A), hex(0x7E93A8))
	if t.night {
		c = mix(c, t.near, 0.5)
	}
	floor := mix(hex(0xA8A298), c, 0.25)
	s.wash(linear(0, 0, 900, y, stop{0, lighter(c, 0.16)}, stop{1, darker(c, 0.06)}).with(func(x, y float64) float64 { return 0.6*cloud(x/70, y/70) + 0.3*cloud(x/7, y/7) }, 0.02))
	switch s.r.n(4) {
	case 0: // bricks
		var joints path
		for j := 0; float64(j)*46 < y; j++ {
			fy := y - float64(j)*46
			joints = joints.with(segment(0, fy, 1000, fy))
			for x := float64(j%2) * 60; x < 1000; x += 120 {
				joints = joints.with(segment(x, fy, x, fy-46))
			}
		}
		s.butt(joints, 3, solid(fade(shadeOf(c), 0.22)))
	case 1: // a shutter
		var slats path
		for fy := 0.0; fy < y; fy += 34 {
			slats = slats.with(box(0, fy, 1000, 5, 0))
		}
		s.ink(slats, fade(shadeOf(c), 0.3))
		s.under(move(0, 6), func() { s.ink(slats, fade(white, 0.25)) })
	case 2: // a door
		x := s.r.f(60, 640)
		door := pick(s.r, hex(0x2F4D4A), hex(0x7A3B2E), hex(0x394A66))
		s.ink(box(x-14, y-640, 328, 660, 0), lighter(c, 0.3))
		s.fill(box(x, y-626, 300, 640, 0), across(x, x+300, stop{0, lighter(door, 0.08)}, stop{1, darker(door, 0.1)}))
		for _, dy := range []float64{-590, -290} {
			s.stroke(box(x+40, y+dy, 220, 240, 0), 5, solid(fade(black, 0.25)))
		}
		s.ink(circle(x+268, y-300, 11), hex(0xD9B36A))
	}
	s.on(floor)
	s.fill(box(0, y, 1000, s.h, 0), down(y, s.h, darker(floor, 0.06), lighter(floor, 0.06)).with(func(x, y float64) float64 { return cloud(x/5, y/2.2) }, 0.035))
	s.ink(box(0, y-16, 1000, 16, 0), darker(c, 0.25))
	s.under(move(0, 8), func() { s.softStroke(segment(0, y, 1000, y), 16, 14, fade(black, 0.3)) })
	switch s.r.n(3) {
	case 0:
		x := s.r.f(-100, 500)
		s.lit(polygon(point{x, -20}, point{x + 700, -20}, point{x + 380, s.h + 20}, point{x - 320, s.h + 20}), 7, fade(hex(0x1A2138), 0.3))
	case 1:
		s.leafShade(fade(hex(0x1A2138), 0.28))
	}
}
