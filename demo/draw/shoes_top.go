package draw

// build says how a model differs from the others when seen from above and below.
type build struct {
	rim   float64 // how far the sole reaches beyond the upper
	mat   cloth   // the toe box's material
	over  cloth   // the overlays' material
	laces int     // rows of laces; none for a slip-on
	cord  bool    // round cords instead of flat laces
	tread int     // which of the treads is underneath
	wide  float64 // width relative to the usual
}

var builds = map[string]build{ //nolint:gochecknoglobals // never written
	"court-low": {rim: 13, mat: smooth, over: smooth, laces: 6, tread: 0, wide: 1},
	"runner":    {rim: 12, mat: airy, over: nubuck, laces: 7, tread: 1, wide: 0.95},
	"high-top":  {rim: 13, mat: smooth, over: smooth, laces: 7, tread: 0, wide: 0.98},
	"dad":       {rim: 22, mat: openAiry, over: smooth, laces: 7, tread: 2, wide: 1.07},
	"slip-on":   {rim: 14, mat: linen, over: linen, tread: 3, wide: 0.97},
	"trail":     {rim: 17, mat: cloth{tex: ripstop, depth: 0.05}, over: smooth, laces: 6, cord: true, tread: 4, wide: 1.02},
}

// outlineTop is the right shoe's sole seen from above, toe up, around the origin.
var outlineTop = shape("O -24 -362 50 -346 108 -286 136 -196 132 -90 110 20 100 120 104 224 92 312 42 360 -12 366 -64 344 -92 276 -94 160 -98 44 -118 -80 -128 -186 -118 -276 -84 -338") //nolint:gochecknoglobals // never written

// pair draws f twice side by side, the left shoe as the right one's mirror image.
func (k *kit) pair(gap, tilt float64, f func()) {
	was := k.medial
	k.medial = true
	k.under(move(500-gap, 480).then(turn(-tilt)).then(scaled(-1, 1)), f)
	k.medial = was
	k.under(move(500+gap, 480).then(turn(tilt)), f)
}

// fromAbove is the pair seen from above.
func (k *kit) fromAbove(b build) {
	w := 166.0
	k.pair(w, 3, func() {
		k.under(move(0, 12), func() { k.soft(outlineTop, 30, fade(shadeOf(k.pal.ground), 0.30)) })
		k.under(move(0, 4), func() { k.soft(outlineTop, 9, fade(shadeOf(k.pal.ground), 0.38)) })
	})
	k.pair(w, 3, func() { k.under(scaled(b.wide, 1), func() { k.topShoe(b) }) })
}

func (k *kit) topShoe(b build) {
	p := k.pal
	k.foam(outlineTop, p.sole)
	k.hollow(outlineTop, 12, 0, 0, fade(shadeOf(p.sole), 0.25))
	upper := inset(outlineTop, b.rim)
	k.under(move(0, 2), func() { k.soft(upper, 7, fade(shadeOf(p.sole), 0.5)) })

	k.inside(upper, func() {
		k.panel(upper, p.base, b.mat)
		if b.laces == 0 {
			k.under(move(-250, -800).then(scaled(1, 1)), func() { k.pattern(k.variant(3, 5), p) })
			k.ink(shape("M -200 40 L 200 40 L 200 400 L -200 400 Z"), p.base)
		} else if b.tread != 1 {
			for i := 0; i < 7; i++ {
				x := float64(i-3) * 15
				k.holes(x-2, -296+x*x*0.012, 1, 5, 0, 0, 0, 17, 3.2, p.base)
			}
		}
		// Overlays: toe, sides and heel, each following the outline.
		k.panel(shape("M -220 -400 L 220 -400 L 220 -150 L 112 -150 R 108 -240 70 -308 -14 -330 -80 -300 -104 -240 -106 -150 L -220 -150 Z"), p.over, b.over.on(5, 1))
		k.panel(shape("M -220 -140 L -104 -160 R -84 -80 -72 20 -70 90 L -220 110 Z"), p.over, b.over.on(5, 1))
		k.panel(shape("M 220 -140 L 110 -160 R 92 -80 80 20 78 90 L 220 110 Z"), p.over, b.over.on(5, 1))
		k.panel(shape("M -220 420 L -220 250 R -84 262 -70 320 -20 346 20 346 70 320 92 262 L 220 250 L 220 420 Z"), p.over, b.over.on(5, 1))
	})
	k.throat(b)
	k.mouth(b)
	k.hollow(upper, 34, -6, -14, fade(shadeOf(p.base), 0.30))
	k.inside(upper, func() { k.shine(-40, -250, 70, 90, 20, 0.35) })
}

// throat is the tongue with its laces between the eyestays.
func (k *kit) throat(b build) {
	p := k.pal
	if b.laces == 0 {
		k.panel(shape("M -86 40 R -50 -30 0 -52 50 -30 88 40 L 60 90 L -60 90 Z"), p.base, linen.on(4, 1))
		for s := -1.0; s <= 1; s += 2 {
			k.panel(shape("M 60 10 L 100 -10 L 94 96 L 62 86 Z").transformed(scaled(s, 1)), p.lining, cloth{tex: ribbed, depth: 0.14, lift: 2})
		}
		return
	}
	stay := shape("M -86 110 R -84 0 -78 -90 -52 -160 2 -186 56 -160 84 -90 90 0 92 110 Z")
	k.panel(stay, p.over, b.over.on(6, 1))
	gap := shape("M -48 130 R -48 20 -42 -70 -26 -128 2 -146 30 -128 46 -70 52 20 54 130 Z")
	k.under(move(0, 3), func() { k.soft(gap, 5, fade(shadeOf(p.over), 0.4)) })
	k.panel(gap, p.base, cloth{tex: fineknit, depth: 0.03, puff: 14})
	left := shape("M -40 -124 R -60 -60 -66 20 -68 96")
	right := left.transformed(mirror(2))
	k.crossing(left, right, b)
}

// crossing laces up from side to side.
func (k *kit) crossing(left, right path, b build) {
	l, r := track(left), track(right)
	n, w := b.laces, 13.0
	if b.cord {
		w = 8.5
	}
	for i := 0; i < n; i++ {
		t := (float64(i) + 0.5) / float64(n)
		u := clamp01(t + 1/float64(n))
		a, _ := l.at(t)
		c, _ := r.at(u)
		d, _ := r.at(t)
		e, _ := l.at(u)
		k.lace(d, e, w, darker(k.pal.lace, 0.10))
		k.lace(a, c, w, k.pal.lace)
	}
	a, _ := l.at(0.5 / float64(n))
	c, _ := r.at(0.5 / float64(n))
	k.lace(a, c, w, k.pal.lace)
	for i := 0; i <= n; i++ {
		t := clamp01((float64(i) + 0.5) / float64(n))
		q, _ := l.at(t)
		k.eyelet(q.add(point{-4, 0}), 4)
		q, _ = r.at(t)
		k.eyelet(q.add(point{4, 0}), 4)
	}
}

// mouth is the opening with the insole and the padded collar around it.
func (k *kit) mouth(b build) {
	p := k.pal
	collar := shape("O 2 60 62 84 88 150 90 230 70 300 4 332 -60 302 -82 230 -80 150 -56 84")
	hole := shape("O 2 104 44 118 62 170 64 236 48 282 4 302 -42 282 -58 236 -56 170 -38 118")
	// Tongue's top, with its label, lies over the front of the mouth.
	k.under(move(0, 4), func() { k.soft(collar, 7, fade(shadeOf(p.over), 0.4)) })
	k.panel(collar, p.trim, cloth{tex: leather, depth: 0.012, puff: 18, stitch: 1})
	k.fill(hole, radial(4, 240, 150, stop{0, darker(p.lining, 0.12)}, stop{1, darker(p.lining, 0.5)}))
	k.inside(hole, func() {
		sole := shape("O 2 90 34 120 44 180 46 240 32 276 2 288 -28 276 -40 240 -38 180 -30 120")
		k.panel(sole, mix(p.lining, p.sole, 0.35), cloth{tex: fineknit, depth: 0.03})
		k.stamp(3, 236, 22, 0, legible(p.mark, mix(p.lining, p.sole, 0.35)))
	})
	k.hollow(hole, 18, 4, 18, fade(shadeOf(p.lining), 0.75))
	tab := shape("M -44 60 R -48 110 -40 138 2 146 46 138 54 110 50 60 Z")
	k.under(move(0, 5), func() { k.soft(tab, 6, fade(shadeOf(p.lining), 0.55)) })
	k.panel(tab, p.base, cloth{tex: fineknit, depth: 0.03, puff: 14, stitch: 1})
	k.panel(box(-22, 84, 50, 38, 6), p.trim, cloth{lift: 2, stitch: 1})
	k.stamp(3, 103, 13, 0, legible(p.mark, p.trim))
	k.panel(shape("M -34 296 L 40 296 L 34 362 L -28 362 Z"), p.over, b.over.on(4, 1))
}
