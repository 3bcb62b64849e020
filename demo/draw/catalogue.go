package draw

// closeup is a detail of a model's first view, brought to the middle.
type closeup struct{ x, y, zoom, turn float64 }

// model is a kind of product.
type model struct {
	kind, category, en, ko string
	angles                 []func(*kit)
	details                []closeup
}

func (m model) views() int { return len(m.angles) + len(m.details) }

// shoe lists the views of a shoe: outer side, inner side, from above, from
// below. The side views stand a little low, as a shoe's weight does.
func shoe(kind, en, ko string, side func(*kit), details ...closeup) model {
	b := builds[kind]
	stand := func(k *kit) {
		k.block()
		// Models differ a little in how tall and how long they are.
		tall, long := 0.965+0.012*float64(k.variant(4, 7)), 0.97+0.01*float64(k.variant(3, 4))
		k.under(move(0, 34).then(about(500, 704, scaled(long, tall))), func() { side(k) })
	}
	return model{kind, "shoes", en, ko, []func(*kit){
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
func garment(kind, en, ko string, f func(k *kit, back bool), details ...closeup) model {
	return model{kind, "clothes", en, ko, []func(*kit){
		func(k *kit) { f(k, false) },
		func(k *kit) { f(k, true) },
	}, details}
}

// single is a thing with one angle and a detail of it.
func single(kind, category, en, ko string, f func(*kit), details ...closeup) model {
	return model{kind, category, en, ko, []func(*kit){f}, details}
}

var models = []model{ //nolint:gochecknoglobals // never written
	shoe("court-low", "court low", "코트 로우", courtLow, closeup{800, 500, 2.3, -8}),
	shoe("runner", "runner", "러너", runner, closeup{760, 560, 2.3, -8}),
	shoe("high-top", "high top", "하이탑", highTop, closeup{620, 330, 2.2, 6}),
	shoe("dad", "chunky trainer", "청키 트레이너", dad, closeup{780, 560, 2.3, -8}),
	shoe("slip-on", "slip-on", "슬립온", slipOn, closeup{330, 560, 2.4, 6}),
	shoe("trail", "trail runner", "트레일 러너", trail, closeup{300, 580, 2.3, 8}),
	garment("tshirt", "T-shirt", "티셔츠", tshirt, closeup{560, 300, 2.3, 5}),
	garment("hoodie", "hoodie", "후디", hoodie, closeup{500, 330, 2.2, -5}),
	garment("coach-jacket", "coach jacket", "코치 재킷", coach, closeup{540, 300, 2.2, 5}),
	garment("cargo", "cargo trousers", "카고 팬츠", cargo, closeup{590, 470, 2.2, -6}),
	single("cap", "fashion", "cap", "볼캡", capHat, closeup{400, 500, 2.2, -6}),
	single("backpack", "fashion", "backpack", "백팩", backpack, closeup{500, 640, 2.2, 6}),
	single("tote", "fashion", "tote bag", "토트백", tote, closeup{460, 480, 2.2, -6}),
	single("sunglasses", "fashion", "sunglasses", "선글라스", sunglasses, closeup{330, 540, 2.2, -10}),
	single("watch", "fashion", "watch", "워치", watch, closeup{500, 500, 2.1, 14}),
	single("beanie", "fashion", "beanie", "비니", beanie, closeup{500, 640, 2.3, 6}),
	single("mug", "life", "mug", "머그", mug, closeup{440, 500, 2.0, -8}),
	single("candle", "life", "candle", "캔들", candle, closeup{500, 560, 2.1, 6}),
	single("blanket", "life", "blanket", "블랭킷", blanket, closeup{640, 600, 2.2, -6}),
	single("lamp", "life", "table lamp", "테이블 램프", lamp, closeup{500, 420, 2.0, 5}),
	{"deck", "life", "skateboard deck", "스케이트보드 덱", []func(*kit){deck, deckTop}, []closeup{{500, 400, 2.2, 8}}},
	single("headphones", "tech", "headphones", "헤드폰", headphones, closeup{280, 620, 2.2, -8}),
	single("handheld", "tech", "handheld console", "휴대용 게임기", handheld, closeup{700, 500, 2.0, 8}),
	single("keyboard", "tech", "keyboard", "키보드", keyboard, closeup{320, 480, 2.4, -8}),
	single("speaker", "tech", "speaker", "스피커", speaker, closeup{560, 500, 2.1, 6}),
	single("camera", "tech", "camera", "카메라", camera, closeup{520, 530, 2.1, -8}),
}

func modelOf(kind string) (model, bool) {
	for _, m := range models {
		if m.kind == kind {
			return m, true
		}
	}
	return model{}, false
}

// Categories lists the groups that kinds belong to.
func Categories() []string { return []string{"shoes", "clothes", "fashion", "life", "tech"} }

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

// Name is what people call a kind.
func Name(kind string) (en, ko string) {
	m, _ := modelOf(kind)
	return m.en, m.ko
}
