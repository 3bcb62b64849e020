package draw

import "math"

// Clothes lie flat, seen from straight above, centred on the line x = 500.

// lay draws the shadow of something flat that lies on the backdrop.
func (k *kit) lay(p path, height float64) {
	g := shadeOf(k.pal.ground)
	k.under(move(height*0.4, height*1.5), func() { k.soft(p, height*2.4, fade(g, 0.26)) })
	k.under(move(0, height*0.3), func() { k.soft(p, height*0.5, fade(g, 0.34)) })
}

// fold is a crease: a dark valley with a lit bank beside it.
func (k *kit) fold(text string, w, strength float64, col ink) {
	p := shape(text)
	k.softBrush(p, w, w*0.42, fade(shadeOf(col), 0.42*strength))
	k.under(move(w*0.55, -w*0.35), func() { k.softBrush(p, w*0.8, w*0.4, fade(lighter(col, 0.6), strength*(0.14+0.26*luma(col)))) })
}

// folds draws creases on both halves.
func (k *kit) folds(w, strength float64, col ink, texts ...string) {
	for _, t := range texts {
		k.fold(t, w, strength, col)
		k.under(mirror(500), func() { k.fold(t, w*0.9, strength*0.8, col) })
	}
}

// fabric fills a garment's piece and gives it the weight of cloth.
func (k *kit) fabric(p path, col ink, m cloth) {
	_, y0, _, y1 := extent(p)
	top := lighter(col, 0.10)
	if luma(col) > 0.85 {
		top = lighter(col, 0.5)
	}
	k.fill(p, down(y0, y1, top, darker(col, 0.09)).with(m.tex, m.depth))
	k.inside(p, func() {
		k.sink(p, 34, 0, -16, fade(shadeOf(col), 0.22))
		k.sink(p, 9, 0, -2, fade(shadeOf(col), 0.16))
	})
}

// rib is a knitted edge.
func (k *kit) rib(p path, col ink, upright bool) {
	tex := texture(ribbed)
	if !upright {
		tex = func(x, y float64) float64 { return ribbed(y, x) }
	}
	k.panel(p, darker(col, 0.05), cloth{tex: tex, depth: 0.06, lift: 2, puff: 8})
}

var teeBody = symmetric("M 500 214 R 456 212 424 196 404 168 L 392 164 R 350 180 316 192 286 204 R 236 236 186 340 146 440 Q 142 452 154 457 L 254 498 Q 264 502 269 492 R 284 462 296 436 304 414 R 310 540 308 680 302 828 Q 302 844 318 846 R 380 852 440 854 500 854") //nolint:gochecknoglobals // never written
var teeSleeve = shape("M 300 180 L 250 200 L 100 440 L 260 520 L 304 430 R 298 340 302 260 320 180 Z")                                                                                                                                                                     //nolint:gochecknoglobals // never written

func tshirt(k *kit, back bool) {
	p := k.pal
	m := cloth{tex: fineknit, depth: 0.025}
	graphic := k.variant(0, 4)
	k.lay(teeBody, 14)
	if !back {
		k.fabric(symmetric("M 500 154 R 460 154 424 152 402 160 R 420 200 456 216 500 218"), darker(p.lining, 0.15), m)
		k.inside(teeBody.with(box(380, 130, 240, 80, 0)), func() {
			k.rib(symmetric("M 500 152 R 460 152 424 150 404 158 L 402 168 R 440 174 470 174 500 174"), darker(p.base, 0.06), true)
		})
	}
	k.fabric(teeBody, p.base, m)
	sleeve := p.base
	if k.variant(1, 3) == 1 {
		sleeve = p.over
	}
	k.inside(teeBody, func() {
		for i := 0; i < 2; i++ {
			k.under(matrixIf(i == 1, mirror(500)), func() {
				if sleeve != p.base {
					k.panel(teeSleeve, sleeve, m)
				}
				k.softStroke(shape("M 314 186 R 302 250 296 330 306 420"), 6, 5, fade(shadeOf(sleeve), 0.34))
				k.stitches(shape("M 306 190 R 294 252 288 332 298 426"), threadFor(sleeve))
				k.stitches(shape("M 156 432 L 262 476"), threadFor(sleeve))
				k.stitches(shape("M 153 440 L 260 484"), threadFor(sleeve))
			})
		}
		k.folds(16, 0.8, p.base, "M 306 424 R 350 470 380 540 392 620", "M 312 470 R 330 560 350 660 346 760", "M 250 300 R 230 350 222 400 216 470")
		k.folds(20, 0.55, p.base, "M 420 846 R 430 760 420 700 400 640", "M 360 230 R 380 300 420 340 460 350")
		k.fold("M 520 850 R 540 740 590 640 600 540", 18, 0.45, p.base)
		k.stitches(shape("M 302 826 R 400 836 600 836 698 826"), threadFor(p.base))
		k.stitches(shape("M 302 834 R 400 844 600 844 698 834"), threadFor(p.base))
		k.print(graphic, back, 500, 400, 1)
	})
	if back {
		k.inside(teeBody, func() {
			k.stitches(shape("M 330 214 R 420 236 580 236 670 214"), threadFor(p.base))
		})
		k.inside(teeBody.with(box(380, 140, 240, 90, 0)), func() {
			k.fabric(symmetric("M 500 150 R 460 150 430 152 402 160 L 380 200 R 430 226 464 232 500 232"), p.base, m)
		})
		k.rib(symmetric("M 500 150 R 460 150 430 152 402 158 L 392 170 R 430 178 464 182 500 182"), p.base, true)
		return
	}
	k.rib(symmetric("M 500 232 R 450 230 408 212 390 166 L 404 158 R 420 196 456 212 500 214"), p.base, true)
	k.panel(box(485, 173, 30, 20, 3), legible(p.mark, p.lining), cloth{lift: 2})
}

// matrixIf is m, or no change.
func matrixIf(yes bool, m matrix) matrix {
	if yes {
		return m
	}
	return identity
}

// accent is the colourway's second colour for graphics on the given ground.
func (k *kit) accent(ground ink) ink {
	for _, c := range []ink{k.pal.over, k.pal.trim, k.pal.lace, k.pal.sole} {
		if c != k.pal.mark && math.Abs(luma(c)-luma(ground)) > 0.15 {
			return c
		}
	}
	return legible(k.pal.over, ground)
}

// print puts the brand's graphic on a chest or a back.
func (k *kit) print(n int, back bool, x, y, size float64) {
	p := k.pal
	col := legible(p.mark, p.base)
	second := k.accent(p.base)
	bars := func(x, y, w float64, n int) {
		for i := 0; i < n; i++ {
			share := 1 - 0.22*float64(i%3)
			k.ink(box(x-w*share/2, y+float64(i)*15, w*share, 6, 3), fade(col, 0.85))
		}
	}
	small := func() {
		k.emblem(x+92*size, y-34*size, 24*size, 0, col)
	}
	switch {
	case back && n == 0, !back && n == 1:
		k.stamp(x, y+20*size, 92*size, 0, col)
		bars(x, y+112*size, 150*size, 2)
	case back && n == 2:
		for j := 0; j < 4; j++ {
			for i := 0; i < 4; i++ {
				c := col
				if (i+j)%3 == 0 {
					c = second
				}
				k.stamp(x+(float64(i)-1.5)*62*size, y+(float64(j)-0.6)*62*size, 23*size, 0, c)
			}
		}
	case back && n == 3, back && n == 1:
		k.ink(circle(x, y+40*size, 104*size), fade(second, 0.92))
		k.stamp(x, y+40*size, 66*size, 0, legible(p.base, second))
		bars(x, y+164*size, 190*size, 3)
	case !back && n == 3:
		k.ink(box(x-196*size, y+14*size, 392*size, 26*size, 0), second)
		k.ink(box(x-196*size, y+50*size, 392*size, 9*size, 0), col)
		small()
	default:
		small()
	}
}

var hoodBody = symmetric("M 500 300 R 452 296 420 270 404 222 R 350 232 296 250 258 280 R 214 350 176 470 146 610 R 138 660 134 700 134 742 Q 134 756 148 758 L 214 766 Q 228 767 230 754 R 252 650 276 560 306 486 R 312 580 310 690 306 780 L 310 842 Q 312 856 326 857 R 390 861 440 862 500 862") //nolint:gochecknoglobals // never written
var hoodSleeve = shape("M 404 222 R 350 232 296 250 258 280 R 214 350 176 470 146 610 R 138 660 134 700 134 742 Q 134 756 148 758 L 214 766 Q 228 767 230 754 R 252 650 276 560 306 486 R 300 390 330 290 404 222 Z")                                                                                 //nolint:gochecknoglobals // never written
var hood = symmetric("M 500 118 R 440 118 396 140 378 188 R 374 226 392 268 420 300 R 446 326 476 338 500 340")                                                                                                                                                                                       //nolint:gochecknoglobals // never written
var hoodMouth = symmetric("M 500 168 R 462 168 436 182 428 212 R 430 248 452 288 500 312")                                                                                                                                                                                                            //nolint:gochecknoglobals // never written

func hoodie(k *kit, back bool) {
	p := k.pal
	m := cloth{tex: fleece, depth: 0.018}
	graphic := k.variant(0, 4)
	k.lay(hoodBody.with(hood), 18)
	k.fabric(hoodBody, p.base, m)
	sleeve := p.base
	if k.variant(1, 3) == 1 {
		sleeve = p.over
	}
	k.inside(hoodBody, func() {
		for i := 0; i < 2; i++ {
			k.under(matrixIf(i == 1, mirror(500)), func() {
				if sleeve != p.base {
					k.panel(hoodSleeve, sleeve, m)
				}
				k.softStroke(shape("M 408 222 R 336 292 302 390 308 490"), 8, 6, fade(shadeOf(sleeve), 0.4))
				k.stitches(shape("M 396 226 R 326 294 293 390 298 494"), threadFor(sleeve))
				k.rib(shape("M 120 688 L 240 704 L 236 790 L 120 780 Z"), sleeve, true)
				k.fold("M 262 340 R 236 430 226 500 204 580", 20, 0.7, sleeve)
				k.fold("M 300 500 R 268 540 250 600 232 690", 18, 0.8, sleeve)
				k.fold("M 170 560 R 200 580 220 590 244 584", 14, 0.7, sleeve)
				k.fold("M 150 640 R 180 662 206 668 228 660", 14, 0.8, sleeve)
			})
		}
		k.folds(20, 0.7, p.base, "M 310 490 R 350 540 372 600 380 660", "M 312 580 R 336 660 340 720 330 790")
		k.folds(22, 0.5, p.base, "M 372 270 R 392 340 424 390 470 410")
		k.rib(box(290, 796, 420, 90, 0), p.base, true)
		k.print(graphic, back, 500, pickIf(back, 470.0, 430.0), 0.92)
	})
	if !back {
		// Kangaroo pocket.
		pocket := symmetric("M 500 604 L 398 604 R 376 656 356 700 348 724 L 348 790 L 500 792")
		k.panel(pocket, p.base, cloth{tex: fleece, depth: 0.018, lift: 6, stitch: 2})
		k.inside(pocket, func() {
			k.folds(16, 0.5, p.base, "M 380 780 R 420 740 440 700 440 640")
			for i := 0; i < 2; i++ {
				k.under(matrixIf(i == 1, mirror(500)), func() {
					k.softStroke(shape("M 398 604 R 376 656 356 700 346 730"), 9, 6, fade(shadeOf(p.base), 0.6))
				})
			}
		})
	}
	k.under(move(0, 6), func() { k.soft(hood, 14, fade(shadeOf(p.base), 0.45)) })
	k.fabric(hood, p.base, m)
	if back {
		k.inside(hood, func() {
			k.groove(segment(500, 118, 500, 340), 2.4, p.base)
			k.stitches(segment(492, 118, 492, 340), threadFor(p.base))
			k.stitches(segment(508, 118, 508, 340), threadFor(p.base))
			k.folds(20, 0.7, p.base, "M 392 220 R 420 262 440 280 480 300", "M 410 160 R 420 210 440 240 470 256")
		})
		return
	}
	k.fill(hoodMouth, radial(500, 200, 150, stop{0, darker(p.lining, 0.18)}, stop{1, darker(p.lining, 0.5)}).with(fleece, 0.02))
	k.hollow(hoodMouth, 26, 0, 16, fade(shadeOf(p.lining), 0.6))
	k.panel(box(482, 224, 36, 24, 3), legible(p.mark, p.lining), cloth{lift: 2})
	k.inside(hood, func() {
		k.stitches(symmetric("M 500 152 R 452 152 422 172 414 210 R 418 256 446 302 500 328"), threadFor(p.base))
		k.groove(shape("M 500 312 R 508 326 516 334 524 340"), 2.4, p.base)
		k.folds(16, 0.7, p.base, "M 386 200 R 392 240 404 266 424 292")
	})
	k.cord(shape("M 456 296 R 448 340 452 390 446 440"))
	k.cord(shape("M 544 296 R 550 350 546 400 552 470"))
}

func pickIf[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}

// cord is a drawstring with a metal tip.
func (k *kit) cord(p path) {
	col := k.pal.lace
	if luma(col) > 0.9 {
		col = darker(col, 0.06)
	}
	a := track(p)
	top, _ := a.at(0)
	k.ink(circle(top.x, top.y, 8), hex(0x9A9DA3))
	k.ink(circle(top.x, top.y, 4.6), hex(0x3A3C40))
	k.under(move(4, 5), func() { k.softStroke(p, 9, 5, fade(shadeOf(k.pal.base), 0.5)) })
	k.stroke(p, 9.6, solid(darker(col, 0.4)))
	k.stroke(p, 8, solid(col))
	var ticks []polyline
	for _, l := range p.flatten(identity) {
		ticks = append(ticks, l.dashes(2, 4)...)
	}
	k.butt(pathOf(ticks...), 8, solid(fade(shadeOf(col), 0.16)))
	end := pathOf(a.cut(0.86, 1))
	k.stroke(end, 10, solid(hex(0x8C9098)))
	k.under(move(-1.6, 0), func() { k.stroke(end, 3, solid(hex(0xF0F1F3))) })
}
