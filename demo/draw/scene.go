package draw

import (
	"image"
	"math"
)

// Scene paints an everyday picture of some articles, as people post them: worn,
// laid out on the floor, put on a plinth or close up. It uses up to three of
// the articles; View and Size of each are not looked at.
func Scene(seed uint64, w, h int, articles ...Article) *image.RGBA {
	c := newCanvas(w, h)
	if len(articles) == 0 {
		articles = []Article{{Seed: seed, Kind: "court-low"}}
	}
	s := newScene(c, newRng(seed, "scene"))
	s.articles = articles
	first, _ := modelOf(articles[0].Kind)
	switch n := s.r.n(10); {
	case first.category == "shoes" && n < 4:
		s.worn()
	case s.lies(articles[0].Kind) && n < 7 || first.category == "clothes":
		s.laidOut()
	case n == 9:
		s.closeUp()
	default:
		s.plinth()
	}
	return c.img
}

type scene struct {
	*canvas
	r        *rng
	articles []Article

	x0, y0, w, h float64 // the visible part in design units
}

func newScene(c *canvas, r *rng) *scene {
	w, h := float64(c.img.Rect.Dx()), float64(c.img.Rect.Dy())
	unit := min(w, h) / 1000
	return &scene{canvas: c, r: r, x0: 500 - w/unit/2, y0: 500 - h/unit/2, w: w / unit, h: h / unit}
}

// on gives an article's painter for a ground of the given colour, which its
// shadows take their colour from.
func (s *scene) on(i int, ground ink) *kit {
	k := s.articles[i].kit(s.canvas)
	k.pal.ground = ground
	return k
}

// all is the whole visible area as a shape.
func (s *scene) all() path { return box(s.x0-5, s.y0-5, s.w+10, s.h+10, 0) }

// lies tells kinds that look right from straight above.
func (s *scene) lies(kind string) bool {
	switch kind {
	case "beanie", "watch", "deck", "handheld", "keyboard":
		return true
	}
	m, _ := modelOf(kind)
	return m.category == "shoes" || m.category == "clothes"
}

// surface paints a floor from above and returns its mean colour.
func (s *scene) surface() ink {
	a, r := s.all(), s.r
	var c ink
	switch r.n(6) {
	case 0: // boards
		c = pick(r, hex(0xC99A6A), hex(0xA87B50), hex(0xD9B88F), hex(0x7C5A41))
		s.fill(a, solid(c).with(func(x, y float64) float64 { return brushed(y*0.4+1000, x) }, 0.07))
		for i := -6; i < 16; i++ {
			x := float64(i)*118 + 20
			s.ink(box(x, s.y0-5, 118, s.h+10, 0), fade(black, 0.07*speck(i, 5)))
			s.stroke(segment(x, s.y0-10, x, s.y0+s.h+10), 3, solid(fade(black, 0.3)))
			y := s.y0 + s.h*speck(i, 9)
			s.stroke(segment(x, y, x+118, y), 3, solid(fade(black, 0.26)))
		}
	case 1: // concrete
		c = pick(r, hex(0xB9BBBD), hex(0x9B9EA1), hex(0xD2D0CB))
		s.fill(a, solid(c).with(func(x, y float64) float64 { return 0.5*cloud(x/90, y/90) + 0.3*cloud(x/3, y/3) }, 0.05))
		y := s.y0 + s.h*r.f(0.1, 0.3)
		s.stroke(segment(s.x0, y, s.x0+s.w, y+s.w*0.12), 5, solid(fade(black, 0.22)))
	case 2: // grass
		c = hex(0x7FA556)
		s.fill(a, solid(c).with(suede, 0.08))
		var dark, light path
		for i := 0; i < 1100; i++ {
			x, y := s.x0+s.w*r.f(0, 1), s.y0+s.h*r.f(0, 1)
			b := polygon(point{x, y}, point{x + 5, y}, point{x + r.f(-16, 20), y - r.f(18, 40)})
			if i%2 == 0 {
				dark = path{append(dark.verbs, b.verbs...), append(dark.pts, b.pts...)}
			} else {
				light = path{append(light.verbs, b.verbs...), append(light.pts, b.pts...)}
			}
		}
		s.ink(dark, hex(0x5F8740))
		s.ink(light, hex(0x9CC06A))
	case 3: // a court's paint
		c = pick(r, hex(0xC4633F), hex(0x3F7A5E), hex(0x3C6FA8), hex(0x6D5A9C))
		s.fill(a, solid(c).with(grainy, 0.035))
		x := s.x0 + s.w*r.f(0.15, 0.85)
		s.under(about(500, 500, turn(r.f(-30, 30))), func() {
			s.ink(box(x-22, s.y0-900, 44, s.h+1800, 0), fade(white, 0.88))
			s.stroke(circle(x, 500, 300), 40, solid(fade(white, 0.88)))
		})
	case 4: // carpet
		c = pick(r, hex(0xE4DDD0), hex(0xC9D0D6), hex(0xD9C3BD))
		s.fill(a, solid(c).with(fleece, 0.07))
	default: // tiles
		c = pick(r, hex(0xECEAE6), hex(0xD7E2E4))
		s.ink(a, darker(c, 0.12))
		for j := -8; j < 20; j++ {
			for i := -8; i < 20; i++ {
				s.ink(box(float64(i)*132+4, float64(j)*132+4, 124, 124, 5), darker(c, 0.05*speck(i+9, j+9)))
			}
		}
	}
	return c
}

// daylight falls from one side, at times through a window.
func (s *scene) daylight() {
	r := s.r
	if r.chance(0.5) {
		tilt := r.f(-26, -14)
		x := r.f(150, 500)
		s.under(about(500, 500, turn(tilt)), func() {
			for j := 0; j < 2; j++ {
				for i := 0; i < 2; i++ {
					s.soft(box(x+float64(i)*230, 120+float64(j)*380, 205, 350, 4), 14, fade(hex(0xFFF3D6), 0.20))
				}
			}
		})
	}
	s.fill(s.all(), linear(s.x0, s.y0, s.x0+s.w, s.y0+s.h, stop{0, fade(hex(0xFFF6E4), 0.16)}, stop{0.5, fade(white, 0)}, stop{1, fade(hex(0x101828), 0.2)}))
}

// laidOut puts the articles on a floor, seen from above.
func (s *scene) laidOut() {
	c := s.surface()
	var flat []int
	for i, a := range s.articles {
		if len(flat) < 3 && s.lies(a.Kind) {
			flat = append(flat, i)
		}
	}
	// Where things go, by how many there are: across the longer side.
	spots := [][]point{{{0.5, 0.5}}, {{0.3, 0.42}, {0.72, 0.62}}, {{0.3, 0.3}, {0.74, 0.42}, {0.4, 0.76}}}[max(len(flat), 1)-1]
	size := []float64{0.98, 0.74, 0.6}[max(len(flat), 1)-1]
	for n, i := range flat {
		at := point{s.x0 + s.w*spots[n].x, s.y0 + s.h*spots[n].y}
		k := s.on(i, c)
		m, _ := modelOf(s.articles[i].Kind)
		angle := m.angles[0]
		if m.category == "shoes" {
			angle = m.angles[2]
		}
		k.under(move(at.x, at.y).then(turn(s.r.f(-18, 18))).then(scaled(size, size)).then(move(-500, -500)), func() { angle(k) })
	}
	s.daylight()
}

// plinth shows the first articles on blocks before a coloured wall.
func (s *scene) plinth() {
	r := s.r
	pal := s.articles[0].kit(s.canvas).pal
	wall := pick(r, mix(pal.over, hex(0xF2EEE8), 0.62), mix(pal.trim, hex(0xEFF1F4), 0.7), mix(pal.lining, hex(0xF4F0EA), 0.55), pal.ground)
	if luma(wall) < 0.3 {
		wall = lighter(wall, 0.3)
	}
	line := s.y0 + s.h*0.74
	s.fill(s.all(), linear(s.x0, s.y0, s.x0+s.w*0.4, line, stop{0, lighter(wall, 0.22)}, stop{1, darker(wall, 0.05)}))
	switch r.n(3) {
	case 0:
		s.ink(circle(500+r.f(-80, 80), 440, 330), lighter(wall, 0.28))
	case 1:
		x := 500 + r.f(-60, 60)
		s.ink(box(x-250, 140, 500, s.h+400, 250), darker(wall, 0.10))
	default:
		for i := 0; i < 3; i++ {
			s.softStroke(segment(s.x0+s.w*(0.2+0.3*float64(i)), s.y0-60, s.x0+s.w*(0.02+0.3*float64(i)), line), 70, 16, fade(white, 0.3))
		}
	}
	ground := darker(wall, 0.13)
	s.fill(box(s.x0-5, line, s.w+10, s.y0+s.h-line+10, 0), down(line, s.y0+s.h, ground, lighter(ground, 0.12)))
	s.soft(box(s.x0-60, line-8, s.w+120, 10, 0), 8, fade(shadeOf(wall), 0.2))

	n := min(len(s.articles), 2)
	if s.w < s.h*1.2 {
		n = 1
	}
	for i := 0; i < n; i++ {
		x := 500.0
		if n == 2 {
			x = s.x0 + s.w*(0.28+0.44*float64(i))
		}
		top := line - 60 - 90*float64(i)
		stone := lighter(wall, 0.34)
		b := box(x-350, top, 700, 200+90*float64(i), 10)
		s.soft(b.transformed(move(26, 22)), 26, fade(shadeOf(wall), 0.3))
		s.fill(box(x-350, top+34, 700, 170+90*float64(i), 0), down(top, top+260, darker(stone, 0.10), darker(stone, 0.24)))
		s.fill(polygon(point{x - 310, top}, point{x + 310, top}, point{x + 350, top + 36}, point{x - 350, top + 36}), solid(lighter(stone, 0.3)))
		k := s.on(i, stone)
		m, _ := modelOf(s.articles[i].Kind)
		foot := map[string]float64{"shoes": 736, "fashion": 846, "life": 806, "tech": 760}[m.category]
		if m.kind == "cap" {
			foot = 684
		}
		k.under(move(x, top+26).then(scaled(0.72, 0.72)).then(move(-500, -foot)), func() { m.angles[0](k) })
	}
	s.leaves(wall)
	s.fill(s.all(), linear(s.x0, s.y0, s.x0+s.w, s.y0+s.h, stop{0, fade(hex(0xFFF6E4), 0.14)}, stop{0.6, fade(white, 0)}, stop{1, fade(hex(0x101828), 0.14)}))
}

// leaves lets a plant's shadow fall on the wall, or the plant itself in.
func (s *scene) leaves(wall ink) {
	if s.r.chance(0.35) {
		return
	}
	col, blur := fade(shadeOf(wall), 0.16), 14.0
	if s.r.chance(0.4) {
		col, blur = hex(0x4F7A58), 0
	}
	right := s.r.chance(0.5)
	x := pickIf(right, s.x0+s.w+10, s.x0-10)
	for i := 0; i < 9; i++ {
		deg := -150 + float64(i)*17
		if !right {
			deg = -30 - float64(i)*17
		}
		leaf := shape("M 0 0 R 60 -34 150 -40 240 0 150 40 60 34 0 0 Z").transformed(move(x, s.y0+s.h*0.3).then(turn(deg + 40)).then(scaled(1.1, 0.8)).then(move(40, 0)))
		if blur > 0 {
			s.soft(leaf, blur, col)
			continue
		}
		s.fill(leaf, linear(x-300, s.y0, x, s.y0+s.h*0.5, stop{0, lighter(col, 0.2)}, stop{1, darker(col, 0.25*float64(i%3))}))
	}
}

// closeUp fills the frame with a detail.
func (s *scene) closeUp() {
	k := s.on(0, s.articles[0].kit(s.canvas).pal.ground)
	g := mix(k.pal.ground, k.pal.over, 0.25)
	k.pal.ground = g
	s.fill(s.all(), linear(s.x0, s.y0, s.x0, s.y0+s.h, stop{0, lighter(g, 0.2)}, stop{1, darker(g, 0.08)}))
	m, ok := modelOf(s.articles[0].Kind)
	if !ok {
		return
	}
	d := closeup{500, 500, 1.5, 0}
	if len(m.details) > 0 {
		d = m.details[0]
	}
	zoom := d.zoom * math.Max(s.w, s.h) / 1000 * 0.8
	k.under(move(500, 500).then(turn(d.turn*1.6)).then(scaled(zoom, zoom)).then(move(-d.x, -d.y)), func() { m.angles[0](k) })
	s.daylight()
}
