package draw

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"sync"
	"testing"
)

// differing counts the pixels in which two pictures of one size differ.
func differing(a, b *image.RGBA) int {
	n := 0
	for i := 0; i < len(a.Pix); i += 4 {
		if !bytes.Equal(a.Pix[i:i+4], b.Pix[i:i+4]) {
			n++
		}
	}
	return n
}

// painted counts the pixels that are not the colour of the top left corner.
func painted(m *image.RGBA) int {
	n := 0
	for i := 0; i < len(m.Pix); i += 4 {
		if !bytes.Equal(m.Pix[i:i+4], m.Pix[:4]) {
			n++
		}
	}
	return n
}

func TestCatalogue(t *testing.T) {
	least := map[string]int{"shoes": 6, "clothes": 4, "fashion": 6, "life": 5, "tech": 5}
	seen := map[string]bool{}
	for _, c := range []string{"shoes", "clothes", "fashion", "life", "tech"} {
		kinds := Kinds(c)
		if len(kinds) < least[c] {
			t.Errorf("%s: %d kinds, want at least %d", c, len(kinds), least[c])
		}
		for _, k := range kinds {
			if seen[k] {
				t.Errorf("%s is listed twice", k)
			}
			seen[k] = true
			want := 2
			if c == "shoes" {
				want = 3
			}
			if Views(k) < want {
				t.Errorf("%s: %d views, want at least %d", k, Views(k), want)
			}
		}
	}
	if got := len(Kinds("")); got != len(seen) {
		t.Errorf("all categories hold %d kinds, the whole list %d", len(seen), got)
	}
	if Views("spoon") != 0 || len(Kinds("cutlery")) != 0 {
		t.Error("something is known about what doesn't exist")
	}
}

func TestPalettes(t *testing.T) {
	all := Palettes()
	if len(all) < 24 {
		t.Errorf("%d palettes, want at least 24", len(all))
	}
	keys, names := map[string]bool{}, map[string]bool{}
	for _, p := range all {
		if p.En == "" || p.Ko == "" || keys[p.Key] || names[p.En] || names[p.Ko] {
			t.Errorf("%q: name missing or taken", p.Key)
		}
		keys[p.Key], names[p.En], names[p.Ko] = true, true, true
		if q, ok := PaletteByKey(p.Key); !ok || q != p {
			t.Errorf("%q is not found by its key", p.Key)
		}
	}
	if _, ok := PaletteByKey("no such"); ok {
		t.Error("a palette without existence was found")
	}
	all[0].Key = "changed"
	if Palettes()[0].Key == "changed" {
		t.Error("the list can be changed from outside")
	}
}

func TestArticles(t *testing.T) {
	const size = 120
	for _, kind := range Kinds("") {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for view := range Views(kind) {
				var first *image.RGBA
				for i, key := range []string{"duet", "harbor", "ink", "blush"} {
					p, _ := PaletteByKey(key)
					a := Article{Seed: 5, Kind: kind, View: view, Brand: 3, Palette: p, Size: size}
					m := a.Draw()
					if m.Bounds() != image.Rect(0, 0, size, size) {
						t.Fatalf("view %d: bounds %v", view, m.Bounds())
					}
					if n := painted(m); n < size*size/25 {
						t.Errorf("view %d in %s: only %d pixels painted", view, key, n)
					}
					if !m.Opaque() {
						t.Errorf("view %d in %s has holes", view, key)
					}
					if i == 0 && !bytes.Equal(m.Pix, a.Draw().Pix) {
						t.Errorf("view %d in %s: not the same picture twice", view, key)
					}
					if i == 0 {
						first = m
					} else if n := differing(first, m); n < size*size/12 {
						t.Errorf("view %d in %s: only %d pixels differ from the first palette", view, key, n)
					}
				}
			}
		})
	}
}

func TestViewsDiffer(t *testing.T) {
	p, _ := PaletteByKey("brick")
	for _, kind := range Kinds("") {
		var seen []*image.RGBA
		for view := range Views(kind) {
			m := Article{Seed: 9, Kind: kind, View: view, Palette: p, Size: 80}.Draw()
			for i, other := range seen {
				if differing(m, other) < 200 {
					t.Errorf("%s: views %d and %d look the same", kind, i, view)
				}
			}
			seen = append(seen, m)
		}
	}
}

func TestSeedsAndBrandsDiffer(t *testing.T) {
	p, _ := PaletteByKey("duet")
	for _, kind := range Kinds("shoes") {
		designs := map[string]bool{}
		for seed := range uint64(12) {
			designs[string(Article{Seed: seed, Kind: kind, Palette: p, Size: 64}.Draw().Pix)] = true
		}
		if len(designs) < 6 {
			t.Errorf("%s: 12 seeds give only %d designs", kind, len(designs))
		}
		brands := map[string]bool{}
		for b := range marks {
			brands[string(Article{Seed: 1, Kind: kind, Brand: b, Palette: p, Size: 160}.Draw().Pix)] = true
		}
		if len(brands) != len(marks) {
			t.Errorf("%s: %d brands can't be told apart", kind, len(marks)-len(brands))
		}
	}
}

func TestOddInput(t *testing.T) {
	for _, a := range []Article{
		{},
		{Kind: "spoon", Size: 40},
		{Kind: "dad", Size: 1},
		{Kind: "runner", Size: -3},
		{Kind: "mug", View: -7, Brand: -5, Size: 33},
		{Kind: "mug", View: 99, Brand: 99, Size: 33},
	} {
		if m := a.Draw(); m.Bounds().Empty() {
			t.Errorf("%+v gives an empty picture", a)
		}
	}
}

func TestAvatars(t *testing.T) {
	var before *image.RGBA
	for seed := range uint64(150) {
		m := Avatar(seed, 48)
		if m.Bounds() != image.Rect(0, 0, 48, 48) {
			t.Fatalf("bounds %v", m.Bounds())
		}
		if painted(m) < 48*48/8 {
			t.Errorf("avatar %d is nearly blank", seed)
		}
		if before != nil && differing(before, m) < 48*48/2 {
			t.Errorf("avatars %d and %d are too much alike", seed-1, seed)
		}
		before = m
	}
	if !bytes.Equal(Avatar(7, 64).Pix, Avatar(7, 64).Pix) {
		t.Error("not the same avatar twice")
	}
}

func TestJPEG(t *testing.T) {
	p, _ := PaletteByKey("saffron")
	m := Article{Seed: 2, Kind: "runner", Palette: p, Size: 300}.Draw()
	data := JPEG(m, 85)
	back, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if back.Bounds() != m.Bounds() {
		t.Errorf("bounds %v became %v", m.Bounds(), back.Bounds())
	}
	for _, at := range []image.Point{{4, 4}, {150, 180}, {295, 295}} {
		a, b := m.RGBAAt(at.X, at.Y), color.RGBAModel.Convert(back.At(at.X, at.Y)).(color.RGBA)
		if d := int(a.G) - int(b.G); d < -24 || d > 24 {
			t.Errorf("at %v %v became %v", at, a, b)
		}
	}
	if low := JPEG(m, 30); len(low) >= len(data) {
		t.Errorf("%d bytes at quality 30, %d at 85", len(low), len(data))
	}
}

func TestConcurrentUse(t *testing.T) {
	want := Article{Seed: 4, Kind: "trail", Size: 64}.Draw().Pix
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if !bytes.Equal(want, Article{Seed: 4, Kind: "trail", Size: 64}.Draw().Pix) {
				t.Error("painting side by side changes the picture")
			}
		})
	}
	wg.Wait()
}

func BenchmarkArticle(b *testing.B) {
	p, _ := PaletteByKey("duet")
	for _, kind := range Kinds("") {
		b.Run(kind, func(b *testing.B) {
			size := 0
			for b.Loop() {
				size = len(JPEG(Article{Seed: 1, Kind: kind, Palette: p, Size: 800}.Draw(), 85))
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

func BenchmarkPaintOnly(b *testing.B) {
	p, _ := PaletteByKey("duet")
	for view := range Views("court-low") {
		b.Run(fmt.Sprint(view), func(b *testing.B) {
			for b.Loop() {
				Article{Seed: 1, Kind: "court-low", View: view, Palette: p, Size: 800}.Draw()
			}
		})
	}
}

func BenchmarkAvatar(b *testing.B) {
	seed := uint64(0)
	for b.Loop() {
		seed++
		Avatar(seed, 256)
	}
}
