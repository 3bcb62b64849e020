package draw

import "math"

// texture gives for a place in design units how much lighter or darker the
// material is there, from -1 to 1.
type texture func(x, y float64) float64

var waves = func() (t [1024]float64) { //nolint:gochecknoglobals // never written
	for i := range t {
		t[i] = math.Sin(float64(i) * 2 * math.Pi / 1024)
	}
	return
}()

// wave is a sine with a period of 1, read from a table because textures ask
// for it at every pixel.
func wave(t float64) float64 { return waves[int(t*1024+1048576)&1023] }

// speck is a fixed random number from 0 to 1 for a cell of a grid.
func speck(x, y int) float64 {
	h := uint32(x)*0x9E3779B1 ^ uint32(y)*0x85EBCA77 //nolint:gosec // only mixed, not counted
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 12
	h *= 0x297A2D39
	h ^= h >> 15
	return float64(h&0xffff) / 65535
}

// lumps is a square of smooth noise that repeats itself. Textures read it
// instead of working noise out anew: it is asked for at every pixel.
var lumps = func() (t [lumpSide * lumpSide]float32) { //nolint:gochecknoglobals // never written
	const cell = 4 // samples per lump
	const n = lumpSide / cell
	for y := 0; y < lumpSide; y++ {
		for x := 0; x < lumpSide; x++ {
			ix, iy := x/cell, y/cell
			u, v := float64(x%cell)/cell, float64(y%cell)/cell
			u, v = u*u*(3-2*u), v*v*(3-2*v)
			at := func(i, j int) float64 { return speck(i%n, j%n) }
			t[y*lumpSide+x] = float32(2*lerp(lerp(at(ix, iy), at(ix+1, iy), u), lerp(at(ix, iy+1), at(ix+1, iy+1), u), v) - 1)
		}
	}
	return
}()

const lumpSide = 256

// cloud is smooth noise from -1 to 1 whose lumps are about one unit wide.
func cloud(x, y float64) float64 {
	return float64(lumps[(int(y*4+65536)&(lumpSide-1))*lumpSide+int(x*4+65536)&(lumpSide-1)])
}

// leather is a soft pebbled grain.
func leather(x, y float64) float64 { return 0.6*cloud(x/6, y/6) + 0.4*cloud(x/14+7, y/14) }

// suede is a short nap brushed in lazy strokes.
func suede(x, y float64) float64 {
	return 0.55*cloud(x/2.6, y/2.6) + 0.6*cloud(x/46, y/22+3)
}

// mesh is an open knit with round holes in offset rows.
func mesh(x, y float64) float64 {
	v := wave(x/9)*wave(y/9) + 0.15
	if v > 0.1 {
		return -math.Min(1, (v-0.1)*1.6)
	}
	return 0.12
}

// airmesh has larger, hexagonal holes, for sporty panels.
func airmesh(x, y float64) float64 {
	v := wave(x/15+0.25)*0.9 + wave(x/30+y/17)*0.9 + wave(x/30-y/17)*0.9
	if v > 0.5 {
		return -math.Min(1, (v-0.5)*0.9)
	}
	return 0.1
}

// knit is rows of small chevrons.
func knit(x, y float64) float64 {
	c := x / 9
	f := math.Abs(c-math.Floor(c)-0.5) * 2
	return 0.75*wave((y+f*6)/8) - 0.35*(1-f)
}

// fineknit is the same at the scale of a T-shirt.
func fineknit(x, y float64) float64 { return 0.6*wave((x+y*0.4)/5)*wave(y/5) + 0.4*cloud(x/30, y/30) }

// weave is plain canvas cloth.
func weave(x, y float64) float64 {
	return 0.7*wave(x/5)*wave(y/5) + 0.3*cloud(x/3, y/9)
}

// twill runs in fine diagonals.
func twill(x, y float64) float64 { return 0.7*wave((x+y)/6) + 0.4*cloud(x/20, y/20) }

// ribbed is a cuff or a beanie's edge.
func ribbed(x, _ float64) float64 { return wave(x / 11) }

// fleece is a lumpy pile.
func fleece(x, y float64) float64 { return 0.55*cloud(x/5, y/5) + 0.45*cloud(x/11, y/11) }

// brushed is metal or wood, streaked along x.
func brushed(x, y float64) float64 { return 0.6*cloud(x/90, y/2.5) + 0.4*cloud(x/30, y/1.5) }

// grainy is a fine even noise.
func grainy(x, y float64) float64 { return cloud(x/2.2, y/2.2) }
