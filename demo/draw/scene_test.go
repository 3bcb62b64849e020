package draw

import (
	"bytes"
	"fmt"
	"image"
	"testing"
)

// sceneOf is a scene of a kind with things that suit it.
func sceneOf(kind string, seed uint64, width int, ratio float64) Scene {
	p := colourways[seed%uint64(len(colourways))]
	s := Scene{Seed: seed, Kind: kind, Ratio: ratio, Width: width, Articles: []Article{{Seed: seed, Kind: Kinds("shoes")[seed%6], Palette: p, Brand: int(seed % 12)}}}
	switch kind {
	case "flat", "look":
		s.Articles = append(s.Articles, Article{Seed: seed, Kind: "hoodie", Palette: p}, Article{Seed: seed, Kind: "tote", Palette: p})
	case "shelf":
		for i := range uint64(4) {
			s.Articles = append(s.Articles, Article{Seed: seed + i, Kind: Kinds("shoes")[i], Palette: p})
		}
	}
	return s
}

func TestScenes(t *testing.T) {
	t.Parallel()
	for _, kind := range SceneKinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			var before *image.RGBA
			for seed := range uint64(12) {
				ratio := []float64{1, 0.8, 0.75, 4.0 / 3}[seed/2%4]
				s := sceneOf(kind, seed, 80, ratio)
				m := s.Draw()
				if want := image.Rect(0, 0, 80, int(80/ratio+0.5)); m.Rect != want || !m.Opaque() {
					t.Fatalf("seed %d: bounds %v, want %v, or it has holes", seed, m.Rect, want)
				}
				if before != nil && before.Rect == m.Rect && differing(before, m) < len(m.Pix)/8 {
					t.Errorf("seeds %d and %d look alike", seed-1, seed)
				}
				if seed == 0 && !bytes.Equal(m.Pix, s.Draw().Pix) {
					t.Error("not the same photo twice")
				}
				before = m
			}
		})
	}
}

// A spot is where the article is: with another one there, the photo changes at it.
func TestSpots(t *testing.T) {
	t.Parallel()
	red, _ := PaletteByKey("brick")
	blue, _ := PaletteByKey("cobalt")
	for _, kind := range SceneKinds() {
		hits, all := 0, 0
		for seed := range uint64(4) {
			s := sceneOf(kind, seed, 90, 0.8)
			spots := s.Spots()
			if len(spots) != len(s.Articles) {
				t.Fatalf("%s: %d spots of %d articles", kind, len(spots), len(s.Articles))
			}
			for i, at := range spots {
				if at.X < 0.05 || at.X > 0.95 || at.Y < 0.05 || at.Y > 0.95 {
					t.Errorf("%s: article %d is at %v", kind, i, at)
				}
				s.Articles[i].Palette = red
				one := s.Draw()
				s.Articles[i].Palette = blue
				if other := s.Draw(); near(one, other, at) {
					hits++
				}
				all++
			}
		}
		// Some things lie beneath others.
		if hits < all*8/10 {
			t.Errorf("%s: %d of %d spots show their article", kind, hits, all)
		}
	}
}

// near reports whether two photos differ around a spot.
func near(a, b *image.RGBA, at Spot) bool {
	x, y := int(at.X*float64(a.Rect.Dx())), int(at.Y*float64(a.Rect.Dy()))
	part := image.Rect(x-3, y-3, x+4, y+4).Intersect(a.Rect)
	n := 0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				n++
			}
		}
	}
	return n > 10
}

func TestOddScenes(t *testing.T) {
	t.Parallel()
	for _, s := range []Scene{
		{Kind: "picnic", Articles: []Article{{Kind: "mug"}}, Ratio: 1, Width: 20},
		{Kind: "flat", Articles: []Article{{Kind: "runner"}}, Ratio: 3, Width: 1},
		{Kind: "shelf", Articles: make([]Article, 20), Ratio: 0.5, Width: 30},
		{Kind: "look", Articles: []Article{{Kind: "cargo"}}, Ratio: 0.75, Width: 30},
	} {
		if m := s.Draw(); m.Rect.Empty() {
			t.Errorf("%+v gives an empty picture", s)
		}
		for _, at := range s.Spots() {
			if at.X < 0 || at.X > 1 || at.Y < 0 || at.Y > 1 {
				t.Errorf("%s: a spot at %v", s.Kind, at)
			}
		}
	}
}

func TestCloserAndSmaller(t *testing.T) {
	t.Parallel()
	m := image.NewRGBA(image.Rect(0, 0, 100, 80))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for y := 40; y < 80; y++ { // the lower half is black
		for x := range 100 {
			copy(m.Pix[m.PixOffset(x, y):], []uint8{0, 0, 0, 255})
		}
	}
	at := func(m *image.RGBA, x, y int) uint8 { return m.RGBAAt(x, y).G }
	low := Closer(m, Spot{0.5, 0.94}, 2)
	if low.Rect != m.Rect || at(low, 50, 4) != 0 || at(low, 50, 79) != 0 {
		t.Errorf("the lower half is %v, %d at its top", low.Rect, at(low, 50, 4))
	}
	if mid := Closer(m, Spot{0.5, 0.5}, 2); at(mid, 50, 20) != 255 || at(mid, 50, 60) != 0 {
		t.Errorf("the middle is %d, %d", at(mid, 50, 20), at(mid, 50, 60))
	}
	small := Smaller(m, 40)
	if small.Rect != image.Rect(0, 0, 40, 32) || at(small, 20, 4) != 255 || at(small, 20, 28) != 0 || !small.Opaque() {
		t.Errorf("the small copy is %v", small.Rect)
	}
}

func BenchmarkScene(b *testing.B) {
	for _, kind := range SceneKinds() {
		b.Run(kind, func(b *testing.B) {
			seed, size := uint64(0), 0
			for b.Loop() {
				seed++
				photo := sceneOf(kind, seed, 640, 0.8).Draw()
				size += len(JPEG(photo, 78)) + len(JPEG(Smaller(photo, 320), 78))
			}
			b.ReportMetric(float64(size)/float64(b.N), "bytes")
		})
	}
}

func ExampleScene() {
	s := Scene{Seed: 1, Kind: "box", Ratio: 1, Width: 100, Articles: []Article{{Kind: "runner"}}}
	fmt.Println(s.Draw().Rect, len(s.Spots()))
	// Output: (0,0)-(100,100) 1
}
