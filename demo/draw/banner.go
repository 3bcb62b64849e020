package draw

import "image"

// Banner paints a wide picture for the head of a page: shoes in a row on
// blocks, with calm space on the left for words.
func Banner(seed uint64, w, h int) *image.RGBA {
	c := newCanvas(w, h)
	r := newRng(seed, "banner")
	s := newScene(c, r)
	kinds := Kinds("shoes")
	start, first := r.n(len(kinds)), r.n(len(colourways))
	key := colourways[first]
	wall := mix(key.over, hex(0xF3F1EE), 0.72)
	if luma(key.over) < 0.25 {
		wall = hex(0xE4E2DE)
	}
	s.fill(s.all(), linear(s.x0, s.y0, s.x0+s.w, s.y0+s.h, stop{0, lighter(wall, 0.5)}, stop{0.6, wall}, stop{1, darker(wall, 0.05)}))
	sun := s.x0 + s.w*0.68
	s.ink(circle(sun, 470, 420), lighter(wall, 0.3))
	s.ink(circle(sun, 470, 330), lighter(wall, 0.45))
	line := s.y0 + s.h*0.8
	s.fill(box(s.x0-5, line, s.w+10, s.h, 0), down(line, s.y0+s.h, darker(wall, 0.09), darker(wall, 0.02)))
	const step = 590
	n := int(max(1, min(3, s.w*0.66/step)))
	for i := 0; i < n; i++ {
		x, top := s.x0+s.w-step*(float64(n-1-i)+0.62), line-30-120*float64((i+1)%2)
		if n == 1 {
			x = max(x, 500)
		}
		stone := lighter(wall, 0.4)
		s.soft(box(x-250+24, top+20, 500, s.h, 8), 24, fade(shadeOf(wall), 0.26))
		s.fill(box(x-262, top+26, 524, s.h, 0), down(top, s.y0+s.h, darker(stone, 0.07), darker(stone, 0.22)))
		s.fill(polygon(point{x - 238, top}, point{x + 238, top}, point{x + 262, top + 28}, point{x - 262, top + 28}), solid(lighter(stone, 0.4)))
		pal := colourways[(first+i*7)%len(colourways)]
		a := Article{Seed: seed + uint64(i), Kind: kinds[(start+i)%len(kinds)], Brand: int(seed%12) + i, Palette: pal}
		k := a.kit(c)
		k.pal.ground = stone
		m, _ := modelOf(a.Kind)
		k.under(move(x, top+20).then(turn(-2)).then(scaled(0.58, 0.58)).then(move(-500, -736)), func() { m.angles[0](k) })
	}
	return c.img
}
