package draw

// closeup is a detail of a model's first view, brought to the middle.
type closeup struct{ x, y, zoom, turn float64 }

// model is a kind of product.
type model struct {
	kind, category string
	angles         []func(*kit)
	details        []closeup
}

func (m model) views() int { return len(m.angles) + len(m.details) }

// shoe lists the views of a shoe: outer side, inner side, from above, from
// below. The side views stand a little low, as a shoe's weight does.
func shoe(kind string, side func(*kit), details ...closeup) model {
	b := builds[kind]
	stand := func(k *kit) {
		k.block()
		// Models differ a little in how tall and how long they are.
		tall, long := 0.965+0.012*float64(k.variant(4, 7)), 0.97+0.01*float64(k.variant(3, 4))
		k.under(move(0, 34).then(about(500, 704, scaled(long, tall))), func() { side(k) })
	}
	return model{kind, "shoes", []func(*kit){
		stand,
		func(k *kit) {
			k.medial = true
			k.under(mirror(500), func() { stand(k) })
		},
		func(k *kit) { k.block(); k.fromAbove(b) },
		func(k *kit) { k.block(); k.fromBelow(b) },
	}, details}
}

// block deals the colourway's colours out to the panels in one of several ways,
// so that two designs of a kind differ in the same colourway too.
func (k *kit) block() {
	p := &k.pal
	switch k.variant(5, 6) {
	case 3:
		p.base, p.over = p.over, p.base
	case 4:
		p.over, p.trim = p.trim, p.over
	case 5: // tone on tone, with the second colour for the trim only
		p.trim, p.over = p.over, pickIf(luma(p.base) > 0.5, darker(p.base, 0.14), lighter(p.base, 0.10))
	}
}

// garment lists front and back.
func garment(kind string, f func(k *kit, back bool), details ...closeup) model {
	return model{kind, "clothes", []func(*kit){
		func(k *kit) { f(k, false) },
		func(k *kit) { f(k, true) },
	}, details}
}

// single is a thing with one angle and a detail of it.
func single(kind, category string, f func(*kit), details ...closeup) model {
	return model{kind, category, []func(*kit){f}, details}
}

var models = []model{ //nolint:gochecknoglobals // never written
	shoe("court-low", courtLow, closeup{800, 500, 2.3, -8}),
	shoe("runner", runner, closeup{760, 560, 2.3, -8}),
	shoe("high-top", highTop, closeup{620, 330, 2.2, 6}),
	shoe("dad", dad, closeup{780, 560, 2.3, -8}),
	shoe("slip-on", slipOn, closeup{330, 560, 2.4, 6}),
	shoe("trail", trail, closeup{300, 580, 2.3, 8}),
	garment("tshirt", tshirt, closeup{560, 300, 2.3, 5}),
	garment("hoodie", hoodie, closeup{500, 330, 2.2, -5}),
	garment("coach-jacket", coach, closeup{540, 300, 2.2, 5}),
	garment("cargo", cargo, closeup{590, 470, 2.2, -6}),
	single("cap", "fashion", capHat, closeup{400, 500, 2.2, -6}),
	single("backpack", "fashion", backpack, closeup{500, 640, 2.2, 6}),
	single("tote", "fashion", tote, closeup{460, 480, 2.2, -6}),
	single("sunglasses", "fashion", sunglasses, closeup{330, 540, 2.2, -10}),
	single("watch", "fashion", watch, closeup{500, 500, 2.1, 14}),
	single("beanie", "fashion", beanie, closeup{500, 640, 2.3, 6}),
	single("mug", "life", mug, closeup{440, 500, 2.0, -8}),
	single("candle", "life", candle, closeup{500, 560, 2.1, 6}),
	single("blanket", "life", blanket, closeup{640, 600, 2.2, -6}),
	single("lamp", "life", lamp, closeup{500, 420, 2.0, 5}),
	{"deck", "life", []func(*kit){deck, deckTop}, []closeup{{500, 400, 2.2, 8}}},
	single("headphones", "tech", headphones, closeup{280, 620, 2.2, -8}),
	single("handheld", "tech", handheld, closeup{700, 500, 2.0, 8}),
	single("keyboard", "tech", keyboard, closeup{320, 480, 2.4, -8}),
	single("speaker", "tech", speaker, closeup{560, 500, 2.1, 6}),
	single("camera", "tech", camera, closeup{520, 530, 2.1, -8}),
}

func modelOf(kind string) (model, bool) {
	for _, m := range models {
		if m.kind == kind {
			return m, true
		}
	}
	return model{}, false
}

// Kinds lists what a category holds; all kinds for an empty category.
func Kinds(category string) []string {
	var out []string
	for _, m := range models {
		if category == "" || m.category == category {
			out = append(out, m.kind)
		}
	}
	return out
}

// Views is how many different pictures of a kind there are, and 0 for an
// unknown kind.
func Views(kind string) int {
	m, _ := modelOf(kind)
	return m.views()
}
