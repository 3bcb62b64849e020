package demo

// model is a design that is sold in one or more looks.
type model struct {
	brand    int
	category string
	kind     string // of draw
	eng, kor string
	code     string // first part of the model number
	retail   int64  // won
	run      string // which sizes it is made in; see sizes
	looks    []look
}

// look is a colourway of a model: one article.
type look struct {
	palette  string // key of draw's
	eng, kor string // what the maker calls it
	store    bool   // sold by the store and not traded
}

// The runs of sizes.
const (
	runUnisex  = "unisex"
	runMen     = "men"
	runWomen   = "women"
	runLetters = "letters"
	runTall    = "tall"
	runNone    = ""
)

// sizes returns the sizes of a run, smallest first, without ALL.
func sizes(run string) []string {
	switch run {
	case runUnisex:
		return []string{"220", "225", "230", "235", "240", "245", "250", "255", "260", "265", "270", "275", "280", "285", "290", "295", "300"}
	case runMen:
		return []string{"240", "245", "250", "255", "260", "265", "270", "275", "280", "285", "290", "295", "300"}
	case runWomen:
		return []string{"220", "225", "230", "235", "240", "245", "250", "255", "260", "265", "270", "275"}
	case runLetters:
		return []string{"XS", "S", "M", "L", "XL", "XXL"}
	case runTall:
		return []string{"S", "M", "L", "XL", "XXL"}
	}
	return nil
}

// models lists every design: sixty looks in all.
func models() []model { return append(shoeModels(), otherModels()...) }

func shoeModels() []model {
	return []model{
		{hwalgang, "shoes", "runner", "Glide 4", "글라이드 4", "HW4120", 159_000, runUnisex, []look{
			{palette: "midnight", eng: "Night Ferry", kor: "나이트 페리"},
			{palette: "glacier", eng: "First Snow", kor: "첫눈"},
			{palette: "tangerine", eng: "Persimmon", kor: "홍시"},
		}},
		{hwalgang, "shoes", "runner", "Afterburn Race", "애프터번 레이스", "HW7702", 239_000, runMen, []look{
			{palette: "volt", eng: "Final Lap", kor: "파이널 랩"},
			{palette: "cobalt", eng: "Blue Hour", kor: "블루 아워"},
		}},
		{kestrel, "shoes", "high-top", "Talon High", "탈론 하이", "KV1085", 189_000, runUnisex, []look{
			{palette: "brick", eng: "Brickyard", kor: "브릭야드"},
			{palette: "duet", eng: "Magpie", kor: "까치"},
			{palette: "pine", eng: "Court Ivy", kor: "코트 아이비"},
		}},
		{kestrel, "shoes", "court-low", "Talon Low", "탈론 로우", "KV1080", 149_000, runUnisex, []look{
			{palette: "gum", eng: "Cream Soda", kor: "크림 소다"},
			{palette: "granite", eng: "Storm Front", kor: "스톰 프런트"},
		}},
		{moraebi, "shoes", "court-low", "Court 81", "코트 81", "MB0081", 139_000, runUnisex, []look{
			{palette: "cloud", eng: "Plain Paper", kor: "플레인 페이퍼"},
			{palette: "matcha", eng: "Tea Field", kor: "차밭"},
			{palette: "blush", eng: "Cherry Milk", kor: "체리 밀크"},
		}},
		{orrin, "shoes", "runner", "Cadence 77", "케이던스 77", "OL7700", 129_000, runWomen, []look{
			{palette: "lavender", eng: "Tram Ticket", kor: "트램 티켓"},
			{palette: "marigold", eng: "Seaside Radio", kor: "바닷가 라디오"},
		}},
		{orrin, "shoes", "court-low", "Postman", "포스트맨", "OL5210", 119_000, runUnisex, []look{
			{palette: "harbor", eng: "Air Mail", kor: "에어 메일"},
			{palette: "fog", eng: "Morning Round", kor: "모닝 라운드"},
		}},
		{parang, "shoes", "trail", "Basalt Trail", "바솔트 트레일", "PF3340", 209_000, runMen, []look{
			{palette: "ember", eng: "Lava Tube", kor: "용암굴"},
			{palette: "olive", eng: "Gotjawal", kor: "곶자왈"},
		}},
		{parang, "shoes", "trail", "Tideline GR", "타이드라인 GR", "PF3415", 229_000, runMen, []look{
			{palette: "lagoon", eng: "Low Tide", kor: "썰물"},
		}},
		{galmaegi, "shoes", "slip-on", "Pier Slip", "피어 슬립", "GC0610", 89_000, runUnisex, []look{
			{palette: "duet", eng: "Gull", kor: "갈매기"},
			{palette: "saffron", eng: "Buoy", kor: "부표"},
		}},
		{sundal, "shoes", "slip-on", "Moon Jar", "달항아리", "SD1990", 169_000, runWomen, []look{
			{palette: "bone", eng: "White Porcelain", kor: "백자"},
			{palette: "mint", eng: "Celadon", kor: "청자"},
		}},
		{sundal, "shoes", "dad", "Kiln Runner", "가마 러너", "SD2024", 259_000, runUnisex, []look{
			{palette: "silver", eng: "Ash Glaze", kor: "잿물"},
			{palette: "copper", eng: "Last Ember", kor: "잔불"},
		}},
	}
}

func otherModels() []model {
	return []model{
		{galmaegi, "clothes", "hoodie", "Harbour Hoodie", "하버 후디", "GC2201", 98_000, runLetters, []look{
			{palette: "fog", eng: "Sea Mist", kor: "해무"},
			{palette: "ink", eng: "Night Swim", kor: "밤수영"},
		}},
		{galmaegi, "clothes", "tshirt", "Tide Tee", "타이드 티", "GC2310", 49_000, runLetters, []look{
			{palette: "cloud", eng: "Foam", kor: "물거품", store: true},
		}},
		{tolvan, "clothes", "coach-jacket", "Sleet Jacket", "슬리트 재킷", "TV0440", 229_000, runLetters, []look{
			{palette: "pine", eng: "Spruce", kor: "가문비"},
			{palette: "granite", eng: "Scree", kor: "너덜"},
		}},
		{tolvan, "clothes", "cargo", "Cairn Cargo", "케언 카고", "TV0515", 149_000, runTall, []look{
			{palette: "olive", eng: "Lichen", kor: "지의류"},
		}},
		{yeoul, "clothes", "hoodie", "Rapids Hoodie", "여울 후디", "YS1102", 119_000, runLetters, []look{
			{palette: "bone", eng: "Raw Cotton", kor: "생지", store: true},
		}},
		{yeoul, "clothes", "coach-jacket", "Deckhand Jacket", "갑판원 재킷", "YS1230", 179_000, runTall, []look{
			{palette: "midnight", eng: "Indigo Vat", kor: "쪽빛"},
		}},
		{hwalgang, "clothes", "tshirt", "Glide Tee", "글라이드 티", "HW9001", 59_000, runLetters, []look{
			{palette: "volt", eng: "Pace Maker", kor: "페이스 메이커"},
		}},
		{sundal, "clothes", "hoodie", "Kiln Hoodie", "가마 후디", "SD3001", 139_000, runTall, []look{
			{palette: "rosewood", eng: "Iron Glaze", kor: "철유"},
		}},
		{moraebi, "clothes", "tshirt", "Sand Wash Tee", "샌드 워시 티", "MB2107", 69_000, runLetters, []look{
			{palette: "wheat", eng: "Dune", kor: "사구", store: true},
		}},
		{parang, "clothes", "cargo", "Scree Cargo", "스크리 카고", "PF5120", 159_000, runTall, []look{
			{palette: "mocha", eng: "Peat", kor: "이탄"},
		}},
		{brasswick, "fashion", "tote", "Ferry Tote", "페리 토트", "BW1201", 198_000, runNone, []look{
			{palette: "mocha", eng: "Saddle", kor: "새들"},
			{palette: "ink", eng: "Coal", kor: "콜"},
		}},
		{brasswick, "fashion", "watch", "Dial 36", "다이얼 36", "BW3600", 289_000, runNone, []look{
			{palette: "silver", eng: "Station Clock", kor: "역전 시계"},
		}},
		{brasswick, "fashion", "sunglasses", "Lakeside", "레이크사이드", "BW4410", 158_000, runNone, []look{
			{palette: "copper", eng: "Dusk", kor: "더스크", store: true},
		}},
		{yeoul, "fashion", "cap", "Creek Cap", "크릭 캡", "YS0301", 45_000, runNone, []look{
			{palette: "midnight", eng: "Deep Pool", kor: "깊은 소"},
			{palette: "gum", eng: "Dry Reed", kor: "마른 갈대"},
		}},
		{parang, "fashion", "backpack", "Basalt Pack 22L", "바솔트 팩 22L", "PF8022", 168_000, runNone, []look{
			{palette: "olive", eng: "Gotjawal", kor: "곶자왈"},
		}},
		{tolvan, "fashion", "beanie", "Cairn Beanie", "케언 비니", "TV0702", 49_000, runNone, []look{
			{palette: "ember", eng: "Signal Fire", kor: "봉화", store: true},
		}},
		{galmaegi, "fashion", "backpack", "Pier Daypack", "피어 데이팩", "GC5008", 79_000, runNone, []look{
			{palette: "tangerine", eng: "Life Vest", kor: "구명조끼"},
		}},
		{duru, "life", "mug", "Moon Mug", "달 머그", "DO0112", 38_000, runNone, []look{
			{palette: "cloud", eng: "Porcelain", kor: "백자", store: true},
			{palette: "matcha", eng: "Tea Bowl", kor: "찻사발"},
		}},
		{duru, "life", "candle", "Ember Candle", "엠버 캔들", "DO0230", 42_000, runNone, []look{
			{palette: "ember", eng: "Smoked Pine", kor: "송연", store: true},
		}},
		{duru, "life", "blanket", "Ondol Blanket", "온돌 블랭킷", "DO0405", 129_000, runNone, []look{
			{palette: "rosewood", eng: "Warm Floor", kor: "아랫목"},
		}},
		{sundal, "life", "lamp", "Kiln Lamp", "가마 램프", "SD7001", 189_000, runNone, []look{
			{palette: "saffron", eng: "Open Door", kor: "열린 문"},
		}},
		{galmaegi, "life", "deck", "Pier Deck 8.25", "피어 덱 8.25", "GC8250", 95_000, runNone, []look{
			{palette: "harbor", eng: "Ferry Line", kor: "여객선"},
			{palette: "volt", eng: "Net Float", kor: "찌"},
		}},
		{hexanori, "tech", "headphones", "Hush One", "허쉬 원", "HX1000", 349_000, runNone, []look{
			{palette: "ink", eng: "Dark Room", kor: "암실"},
			{palette: "cloud", eng: "White Noise", kor: "백색소음"},
		}},
		{hexanori, "tech", "keyboard", "Keywell 65", "키웰 65", "HX6500", 219_000, runNone, []look{
			{palette: "mint", eng: "Sherbet", kor: "셔벗"},
		}},
		{hexanori, "tech", "handheld", "Nori Pocket", "노리 포켓", "HX2020", 279_000, runNone, []look{
			{palette: "lavender", eng: "After School", kor: "방과 후"},
		}},
		{hexanori, "tech", "speaker", "Orbit Mini", "오빗 미니", "HX3300", 129_000, runNone, []look{
			{palette: "tangerine", eng: "Street Lamp", kor: "가로등", store: true},
		}},
		{hexanori, "tech", "camera", "Sparrow 35", "참새 35", "HX0035", 459_000, runNone, []look{
			{palette: "silver", eng: "Rooftop", kor: "옥상"},
		}},
	}
}
