package draw

// putMood puts the main thing into a landscape, small, and others beside it.
func (s *set) putMood() {
	zoom := s.r.f(0.42, 0.56)
	if s.category(0) != "shoes" {
		zoom = s.r.f(0.38, 0.46)
	}
	x := pick(s.r, 360.0, 500, 640)
	if len(s.things) > 1 {
		x = pick(s.r, 310.0, 690)
	}
	x += s.r.f(-30, 30)
	y := 0.9*s.h - s.r.f(0, 0.03)*s.h
	turned := s.r.chance(0.5)
	for i := range min(len(s.things), 2) {
		if i > 0 {
			x, y = 1000-x, y-20
			zoom *= 0.9
		}
		s.stand(i, x, y, zoom, 0, turned)
	}
}

func (s *set) paintMood() {
	t := s.hour()
	y := s.r.f(0.4, 0.5) * s.h
	here := pick(s.r, shore, shore, ridges, ridges, roof, roof, cafe, cafe, park, alley, pitch, street)
	here(s, y, t)
	lean := pick(s.r, -1.0, 1) * s.r.f(0.6, 1.4)
	for i := len(s.places) - 1; i >= 0; i-- {
		p := s.places[i]
		foot := p.at.apply(point{500, soleOf(s.things[p.thing].Kind)})
		s.cast(p, move(foot.x, foot.y).then(matrix{1, 0, -lean, 0.3, 0, 0}).then(move(-foot.x, -foot.y)).then(p.at), 7, fade(shadeOf(s.ground), 0.4))
		s.show(p)
	}
	// Low light from one side catches everything.
	s.film = t.film.under(fade(t.sun, 0.24), fade(t.sun, 0.04), fade(black, 0.06))
}
