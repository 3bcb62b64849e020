package draw

import "math"

// surface is something to lay things on, seen from above.
type surface func(*set)

// indoors lists what people lay their things out on at home.
func indoors() []surface {
	return []surface{(*set).planks, (*set).planks, (*set).sheet, (*set).sheet, (*set).tiles, (*set).checks, (*set).plaster, (*set).terrazzo, (*set).rug, (*set).blocks}
}

// outdoors lists what they stand on.
func outdoors() []surface {
	return []surface{(*set).asphalt, (*set).asphalt, (*set).crossing, (*set).plaster, (*set).paving, (*set).paving, (*set).lawn, (*set).court, (*set).sand, (*set).planks, (*set).checks}
}

func (s *set) surface(all []surface) { all[s.r.n(len(all))](s) }

// planks is a wooden floor or a table.
func (s *set) planks() {
	c := pick(s.r, hex(0xC9A37A), hex(0xB98B5E), hex(0x8A6243), hex(0xE2D3BD), hex(0xD9BE98), hex(0x6B5140), hex(0xBEB4A6))
	s.on(c)
	s.wash(solid(c))
	wide := s.r.f(120, 230)
	s.under(about(500, s.h/2, turn(pick(s.r, 0.0, 0, 90, 90, 24))), func() {
		for y := -700.0; y < s.h+700; y += wide {
			for x := -800 + s.r.f(0, 500); x < 1800; {
				long := s.r.f(600, 1300)
				tone := mix(lighter(c, 0.1), darker(c, 0.12), s.r.f(0, 1))
				shift := s.r.f(0, 900)
				grain := func(x, y float64) float64 { return brushed(x+shift, y+0.3*shift) }
				s.fill(box(x, y, long, wide, 0), down(y, y+wide, lighter(tone, 0.04), darker(tone, 0.04)).with(grain, 0.04))
				s.ink(box(x, y, 3, wide, 0), fade(shadeOf(c), 0.4))
				x += long
			}
			s.ink(box(-900, y, 2800, 3.4, 0), fade(shadeOf(c), 0.5))
			s.ink(box(-900, y+3.4, 2800, 2, 0), fade(white, 0.14))
		}
	})
}

// sheet is linen on a bed, with its folds.
func (s *set) sheet() {
	c := pick(s.r, hex(0xEFEBE3), hex(0xE7E2D6), hex(0xDFE3E6), hex(0xD8CDBF), hex(0xC7CFC3), hex(0xE9DADA), hex(0x9AA3AD))
	s.on(c)
	s.wash(linear(0, 0, 1000, s.h, stop{0, lighter(c, 0.25)}, stop{1, darker(c, 0.07)}).with(weave, 0.012))
	for range 7 {
		x, y, a := s.r.f(-100, 1100), s.r.f(-0.1, 1.1)*s.h, s.r.f(-50, 50)
		w := s.r.f(30, 80)
		s.under(move(x, y).then(turn(a)), func() {
			fold := shape("M 0 -420 R 34 -200 -26 0 30 220 10 420")
			s.softBrush(fold, w, w*0.5, fade(shadeOf(c), 0.17))
			s.under(move(w*0.7, 0), func() { s.softBrush(fold, w*0.8, w*0.45, fade(white, 0.4)) })
		})
	}
}

// tiles are square or oblong, with joints.
func (s *set) tiles() {
	c := pick(s.r, hex(0xE8E6E1), hex(0xC8674A), hex(0x7F9C93), hex(0xDCD2C2), hex(0x4E6173), hex(0xE4C9BE))
	s.on(c)
	joint := pickIf(luma(c) > 0.6, darker(c, 0.2), lighter(c, 0.4))
	s.wash(solid(joint))
	a := s.r.f(110, 190)
	b := a * pick(s.r, 1.0, 1, 2)
	s.under(about(500, s.h/2, turn(pick(s.r, 0.0, 0, 45, 12))), func() {
		for j := -8; float64(j)*a < s.h+900; j++ {
			for i := -8; float64(i)*b < 1900; i++ {
				x, y := float64(i)*b, float64(j)*a
				if b > a && j%2 != 0 {
					x += b / 2
				}
				if x < -600 || y < -700 {
					continue
				}
				tone := mix(lighter(c, 0.08), darker(c, 0.06), speck(i+99, j+99))
				s.ink(box(x+3, y+3, b-6, a-6, 5), tone)
			}
		}
	})
}

// checks is a floor of two colours.
func (s *set) checks() {
	pair := pick(s.r, [2]uint32{0xEDE6D8, 0x2E2C2B}, [2]uint32{0xF1EDE4, 0x9DB39A}, [2]uint32{0xF3EBDD, 0xC98A5E}, [2]uint32{0xEFEDEA, 0xB9C4D6}, [2]uint32{0xF2E3DF, 0xB5544A})
	c, d := hex(pair[0]), hex(pair[1])
	s.on(mix(c, d, 0.3))
	s.wash(solid(c))
	a := s.r.f(130, 210)
	s.under(about(500, s.h/2, turn(pick(s.r, 0.0, 45, 45, 14))), func() {
		var p path
		for j := -6; float64(j)*a < s.h+700; j++ {
			for i := -6; float64(i)*a < 1700; i++ {
				if (i+j)%2 == 0 {
					p = p.with(box(float64(i)*a, float64(j)*a, a, a, 0))
				}
			}
		}
		s.ink(p, d)
	})
	s.wash(linear(0, 0, 1000, s.h, stop{0, fade(white, 0.16)}, stop{1, fade(black, 0.1)}))
}

// plaster is concrete or a painted board.
func (s *set) plaster() {
	c := pick(s.r, hex(0xB9BABA), hex(0x9DA0A2), hex(0xD4D0C9), hex(0x77797D), hex(0xC9BDB0))
	s.on(c)
	s.wash(linear(0, 0, 900, s.h, stop{0, lighter(c, 0.1)}, stop{1, darker(c, 0.1)}).with(func(x, y float64) float64 {
		return 0.6*cloud(x/120, y/120) + 0.5*cloud(x/34, y/30) + 0.25*cloud(x/6, y/6)
	}, 0.035))
	var pores path
	for range 46 {
		r := s.r.f(1.5, 5)
		pores = pores.with(ellipse(s.r.f(0, 1000), s.r.f(0, s.h), r, r*0.7))
	}
	s.ink(pores, fade(shadeOf(c), 0.32))
	if s.r.chance(0.4) {
		x := s.r.f(100, 900)
		s.ink(box(x, -10, 5, s.h+20, 0), fade(shadeOf(c), 0.4))
		s.ink(box(x+5, -10, 3, s.h+20, 0), fade(white, 0.25))
	}
}

// terrazzo is stone with chips of other stones.
func (s *set) terrazzo() {
	c := pick(s.r, hex(0xEFEAE2), hex(0xE6E8E8), hex(0xF1E4DC))
	s.on(c)
	s.wash(down(0, s.h, lighter(c, 0.1), darker(c, 0.05)))
	chips := []ink{hex(0xC98A6B), hex(0x8FA39A), hex(0xD9B98E), hex(0x6E7480), hex(0xBDB5AA)}
	for _, chip := range chips {
		var p path
		for range 46 {
			x, y, r := s.r.f(0, 1000), s.r.f(0, s.h), s.r.f(6, 22)
			var q path
			n, from := 5, s.r.f(0, 6)
			for i := range n {
				sn, cs := math.Sincos(from + float64(i)*2*math.Pi/float64(n))
				d := r * s.r.f(0.6, 1.1)
				v := point{x + cs*d, y + sn*d*0.8}
				if i == 0 {
					q.move(v)
				} else {
					q.line(v)
				}
			}
			q.close()
			p = p.with(q)
		}
		s.ink(p, fade(chip, 0.75))
	}
}

// rug is a shaggy carpet with a pattern.
func (s *set) rug() {
	c := pick(s.r, hex(0xE9E2D2), hex(0xCFC6B4), hex(0x7C8A72), hex(0xB0674F), hex(0x4B5A74))
	d := pickIf(luma(c) > 0.6, darker(c, 0.3), lighter(c, 0.55))
	s.on(c)
	s.wash(solid(c))
	s.under(about(500, s.h/2, turn(s.r.f(-20, 20))), func() {
		switch s.r.n(3) {
		case 0:
			for y := -300.0; y < s.h+300; y += 190 {
				s.soft(box(-400, y, 1800, 70, 0), 6, d)
			}
		case 1:
			for i := range 5 {
				s.softStroke(circle(500, s.h/2, 120+float64(i)*170), 46, 6, fade(d, 0.8))
			}
		default:
			for x := -300.0; x < 1300; x += 240 {
				s.softStroke(shape("M 0 -500 L 110 -250 0 0 110 250 0 500 110 750 0 1000 110 1250 0 1500").transformed(move(x, 0)), 34, 5, fade(d, 0.85))
			}
		}
	})
	s.wash(solid(fade(c, 0.06)).with(fleece, 0.02))
	s.wash(linear(0, 0, 1000, s.h, stop{0, fade(white, 0.12)}, stop{1, fade(black, 0.14)}).with(fleece, 0))
}

// blocks is coloured paper: two or three fields that meet.
func (s *set) blocks() {
	sets := [][3]uint32{
		{0xF2C9B8, 0xE98B6D, 0xF7E7DC}, {0xBFD7EA, 0x6F9CC4, 0xEAF2F8}, {0xF5DE9E, 0xEFB84F, 0xFBF3DC}, {0xC9D8BD, 0x7F9B6D, 0xEDF2E6},
		{0xD9CDEB, 0x9C86C6, 0xF1ECF8}, {0xEFB7B5, 0xC4524C, 0xFAE6E2}, {0x2F3440, 0x4C566A, 0xD8DCE3}, {0xB8DAD3, 0x3F8F87, 0xE8F4F1},
	}
	c := sets[s.r.n(len(sets))]
	a, b, d := hex(c[0]), hex(c[1]), hex(c[2])
	s.on(a)
	s.wash(solid(a))
	x, lean := s.r.f(350, 650), s.r.f(-260, 260)
	edge := polygon(point{x + lean, -20}, point{1020, -20}, point{1020, s.h + 20}, point{x - lean, s.h + 20})
	s.soft(edge, 9, fade(shadeOf(a), 0.3))
	s.ink(edge, b)
	if s.r.chance(0.5) {
		r := s.r.f(0.2, 0.32) * s.h
		disc := circle(x, s.h*s.r.f(0.35, 0.65), r)
		s.under(move(5, 9), func() { s.soft(disc, 12, fade(shadeOf(b), 0.35)) })
		s.ink(disc, d)
	}
}

// asphalt is a street.
func (s *set) asphalt() {
	c := pick(s.r, hex(0x5F6266), hex(0x76787B), hex(0x4B4E53))
	s.on(c)
	s.wash(linear(0, 0, 700, s.h, stop{0, lighter(c, 0.1)}, stop{1, darker(c, 0.12)}).with(func(x, y float64) float64 {
		return 0.7*cloud(x/3, y/3) + 0.4*cloud(x/70, y/70)
	}, 0.05))
	if s.r.chance(0.45) { // a painted line
		col := pick(s.r, hex(0xE9E6DC), hex(0xE7B93C))
		s.under(about(500, s.h/2, turn(s.r.f(-60, 60))), func() {
			s.fill(box(s.r.f(150, 700), -900, 92, 3000, 0), solid(fade(col, 0.86)).with(grainy, 0.05))
		})
	}
	s.scatter()
}

// crossing is where pedestrians cross.
func (s *set) crossing() {
	c := hex(0x595C61)
	s.on(c)
	s.wash(linear(0, 0, 700, s.h, stop{0, lighter(c, 0.1)}, stop{1, darker(c, 0.1)}).with(func(x, y float64) float64 { return cloud(x/3, y/3) }, 0.04))
	s.under(about(500, s.h/2, turn(s.r.f(-28, 28))), func() {
		for y := -500 + s.r.f(0, 300); y < s.h+500; y += 400 {
			s.fill(box(-600, y, 2200, 190, 0), solid(fade(hex(0xEDEBE3), 0.92)).with(func(x, y float64) float64 { return cloud(x/40, y/40) }, 0.05))
		}
	})
}

// paving is slabs or bricks of a pavement.
func (s *set) paving() {
	c := pick(s.r, hex(0xA9A49B), hex(0xB26A50), hex(0xC2B8A6), hex(0x8D9296))
	s.on(c)
	s.wash(solid(darker(c, 0.3)))
	w, d := pick(s.r, 220.0, 150), pick(s.r, 106.0, 150)
	s.under(about(500, s.h/2, turn(s.r.f(-35, 35))), func() {
		for j := -5; float64(j)*d < s.h+500; j++ {
			for i := -4; float64(i)*w < 1500; i++ {
				x, y := float64(i)*w, float64(j)*d
				if j%2 != 0 {
					x += w / 2
				}
				s.fill(box(x+3, y+3, w-6, d-6, 5), solid(mix(lighter(c, 0.1), darker(c, 0.14), speck(i+40, j+40))).with(grainy, 0.02))
			}
		}
	})
	s.scatter()
}

// lawn is grass from above.
func (s *set) lawn() {
	c := pick(s.r, hex(0x7FA356), hex(0x5F8A48), hex(0x94AD62))
	s.on(darker(c, 0.2))
	s.wash(linear(0, 0, 600, s.h, stop{0, lighter(c, 0.08)}, stop{1, darker(c, 0.12)}).with(func(x, y float64) float64 { return cloud(x/60, y/60) }, 0.05))
	for _, tone := range []ink{darker(c, 0.22), lighter(c, 0.18), darker(c, 0.1), lighter(c, 0.3)} {
		var blades path
		for range 130 {
			x, y, l := s.r.f(-10, 1010), s.r.f(0, s.h+30), s.r.f(24, 56)
			lean := s.r.f(-0.5, 0.5) * l
			blades = blades.with(polygon(point{x - 3.4, y}, point{x + 3.4, y}, point{x + lean, y - l}))
		}
		s.ink(blades, fade(tone, 0.6))
	}
	s.scatter()
}

// court is a playing field with its lines.
func (s *set) court() {
	pair := pick(s.r, [2]uint32{0xC5653F, 0x3F6F8E}, [2]uint32{0x3B7A68, 0xB9553B}, [2]uint32{0x3D63A8, 0x6DA0C9}, [2]uint32{0x8A6BB0, 0x3C8C86}, [2]uint32{0xD9985A, 0xB4723B})
	a, b := hex(pair[0]), hex(pair[1])
	s.on(a)
	s.wash(linear(0, 0, 800, s.h, stop{0, lighter(a, 0.08)}, stop{1, darker(a, 0.08)}).with(grainy, 0.018))
	s.under(about(500, s.h/2, turn(s.r.f(-50, 50))), func() {
		x := s.r.f(350, 900)
		s.fill(box(x, -900, 1800, 3000, 0), solid(b).with(grainy, 0.018))
		s.ink(box(x-18, -900, 36, 3000, 0), hex(0xF2EFE8))
		s.stroke(circle(x, s.h*s.r.f(0.2, 0.8), s.r.f(260, 420)), 34, solid(hex(0xF2EFE8)))
	})
}

// sand is a beach.
func (s *set) sand() {
	c := pick(s.r, hex(0xE3D3B4), hex(0xD9C39D))
	s.on(c)
	s.wash(linear(0, 0, 500, s.h, stop{0, lighter(c, 0.15)}, stop{1, darker(c, 0.06)}).with(func(x, y float64) float64 {
		return 0.5*wave(y/70+0.5*cloud(x/160, y/160)) + 0.5*cloud(x/3, y/3)
	}, 0.03))
}

// scatter lets the season's leaves or petals lie around.
func (s *set) scatter() {
	n := s.r.n(5)
	if n > 1 {
		return
	}
	leaf, inks, count, z := shape("M 0 -26 R 20 -12 22 10 0 28 R -22 10 -20 -12 0 -26 Z"), []ink{hex(0xD99A3A), hex(0xC0532F), hex(0xE0B84C), hex(0x9A4A2B)}, 16, 1.5
	if n == 1 { // cherry petals
		leaf, inks, count, z = shape("M 0 -12 R 14 -10 14 8 0 14 R -14 8 -14 -10 0 -12 Z"), []ink{hex(0xF7D4DA), hex(0xFBE6E8), hex(0xF2BCC6)}, 34, 1
	}
	for range count {
		m := move(s.r.f(0, 1000), s.r.f(0, s.h)).then(turn(s.r.f(0, 360))).then(scaled(z*s.r.f(0.8, 1.3), z*s.r.f(0.6, 1.2)))
		p := leaf.transformed(m)
		s.under(move(3, 6), func() { s.soft(p, 5, fade(shadeOf(s.ground), 0.4)) })
		s.ink(p, inks[s.r.n(len(inks))])
	}
}
