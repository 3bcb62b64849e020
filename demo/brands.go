package demo

// brand is a maker that exists only here. Its index in brands is also the mark
// that draw puts on its goods.
type brand struct{ eng, kor string }

// The indexes of brands.
const (
	hwalgang = iota
	kestrel
	moraebi
	orrin
	parang
	galmaegi
	tolvan
	yeoul
	brasswick
	duru
	hexanori
	sundal
)

func brands() []brand {
	return []brand{
		hwalgang:  {"Hwalgang", "활강"},
		kestrel:   {"Kestrel Vane", "케스트럴 베인"},
		moraebi:   {"Moraebi", "모래비"},
		orrin:     {"Orrin Lark", "오린 라크"},
		parang:    {"Parang Foundry", "파랑 파운드리"},
		galmaegi:  {"갈매기클럽", "갈매기클럽"},
		tolvan:    {"Tolvan", "톨반"},
		yeoul:     {"여울상회", "여울상회"},
		brasswick: {"Brasswick", "브라스윅"},
		duru:      {"Duru & Oak", "두루앤오크"},
		hexanori:  {"Hexanori", "헥사노리"},
		sundal:    {"Sundal Studio", "순달 스튜디오"},
	}
}
