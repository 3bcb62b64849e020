package draw

// Palette is a colourway: the colours that a product's parts are made in. Key
// is a stable name for addresses and databases, En and Ko are for people.
type Palette struct {
	Key, En, Ko string

	base   ink // the main material
	over   ink // overlays and second panels
	trim   ink // tabs, linings' edges, small parts
	mark   ink // the brand's mark
	sole   ink // midsoles and bodies' undersides
	tread  ink // outsoles and feet
	lace   ink // laces, cords and zips
	lining ink // insides
	ground ink // the studio's backdrop
}

// The backdrops: nearly white, each with a breath of colour.
const (
	plain = 0xF4F4F4
	cool  = 0xEEF2F6
	rosy  = 0xF6EFEE
	sandy = 0xF6F3EC
	moss  = 0xF0F3EE
	lilac = 0xF2F0F6
)

func colourway(key, en, ko string, c ...uint32) Palette {
	return Palette{key, en, ko, hex(c[0]), hex(c[1]), hex(c[2]), hex(c[3]), hex(c[4]), hex(c[5]), hex(c[6]), hex(c[7]), hex(c[8])}
}

// The columns are base, over, trim, mark, sole, tread, lace, lining, ground.
var colourways = []Palette{ //nolint:gochecknoglobals // never written
	colourway("cloud", "Cloud White", "클라우드 화이트", 0xF5F5F2, 0xEDEDE9, 0xE3E3DF, 0xD9D9D5, 0xF7F7F4, 0xEFEFEB, 0xF8F8F6, 0xE6E6E2, cool),
	colourway("ink", "Ink Black", "잉크 블랙", 0x26272A, 0x1D1E20, 0x34363A, 0x404247, 0x222326, 0x191A1C, 0x2B2C30, 0x37393D, plain),
	colourway("duet", "White / Black", "화이트 / 블랙", 0xF6F6F4, 0x202124, 0x202124, 0x202124, 0xF7F7F5, 0x232427, 0xF7F7F5, 0x2C2D30, plain),
	colourway("gum", "Cream Gum", "크림 검", 0xF3ECDD, 0xE7DAC1, 0x8A5A38, 0xB98455, 0xF5EFE2, 0xB27B4A, 0xF5EFE2, 0xD9C6A5, sandy),
	colourway("harbor", "Harbor Blue", "하버 블루", 0xF4F5F6, 0x3C6FB4, 0x2B5796, 0x3C6FB4, 0xF6F7F8, 0x3C6FB4, 0xF6F7F8, 0x3C6FB4, cool),
	colourway("brick", "Brick Red", "브릭 레드", 0xF6F3F0, 0xB4352F, 0x8E2621, 0xB4352F, 0xF7F5F2, 0xB4352F, 0xF7F5F2, 0x9B2C27, rosy),
	colourway("pine", "Pine Green", "파인 그린", 0xF3F4EF, 0x1F5B45, 0x17442F, 0x1F5B45, 0xF5F5F0, 0x1F5B45, 0xF5F5F0, 0x2A6B53, moss),
	colourway("saffron", "Saffron", "사프란 옐로", 0xF7C948, 0x26272A, 0xF7C948, 0xF6F6F4, 0xF6F4EC, 0x26272A, 0x26272A, 0x33343A, sandy),
	colourway("fog", "Fog Grey", "포그 그레이", 0xC9CCD0, 0xA9AEB5, 0x8A9098, 0xF2F3F4, 0xEFF0F1, 0x9BA0A7, 0xDFE1E4, 0xB4B8BE, plain),
	colourway("granite", "Granite", "그래나이트", 0x7D8188, 0x5C6067, 0x43464C, 0xD8DADD, 0xE3E4E6, 0x4A4D53, 0x8D9198, 0x53565D, cool),
	colourway("blush", "Blush Pink", "블러시 핑크", 0xF6DBD9, 0xEFB9B8, 0xD98F92, 0xFBF3F1, 0xFBF6F4, 0xEFB9B8, 0xFBF6F4, 0xEBC8C6, rosy),
	colourway("matcha", "Matcha", "말차", 0xE9EDD9, 0xA9BD83, 0x7C9457, 0x5D7440, 0xF6F5EA, 0x93A86B, 0xF6F5EA, 0xC6D2A7, moss),
	colourway("lagoon", "Lagoon", "라군", 0xE3F2F1, 0x35A7A1, 0x1D7A78, 0x1D7A78, 0xF5F8F7, 0x35A7A1, 0xF5F8F7, 0x6CC3BD, cool),
	colourway("tangerine", "Tangerine", "탠저린", 0xF6F4F0, 0xEE7230, 0x26272A, 0xEE7230, 0xF7F5F1, 0xEE7230, 0xF7F5F1, 0x26272A, sandy),
	colourway("plum", "Plum", "플럼", 0x6B3B66, 0x4B2749, 0xC9A3C4, 0xE9D9E6, 0xF2EDF1, 0x4B2749, 0xC9A3C4, 0x8A5985, lilac),
	colourway("lavender", "Lavender Haze", "라벤더 헤이즈", 0xE8E2F3, 0xBBA8DC, 0x8F79BC, 0x7A62AB, 0xF8F6FB, 0xC8B9E4, 0xF8F6FB, 0xCFC2E8, lilac),
	colourway("mocha", "Mocha", "모카", 0x8B6A50, 0x5F4533, 0x3E2D21, 0xE9DCC8, 0xEFE6D6, 0x4A3628, 0xE2D2B9, 0x6F533E, sandy),
	colourway("wheat", "Wheat", "위트", 0xCFA56A, 0xB98C50, 0x8F6733, 0xF0E2C6, 0xEADCBF, 0xA9793F, 0xE5CB9A, 0xA98250, sandy),
	colourway("olive", "Olive Field", "올리브 필드", 0x77784F, 0x56583A, 0x3B3D29, 0xE6A33E, 0xE8E4D3, 0x4A4B35, 0xC7C4A0, 0x4C4D38, moss),
	colourway("midnight", "Midnight Navy", "미드나이트 네이비", 0x27365C, 0x1A2542, 0xE7E9EE, 0xE7E9EE, 0xF3F3F1, 0x1A2542, 0xE7E9EE, 0x34487A, cool),
	colourway("glacier", "Glacier", "글레이셔", 0xDCE9F3, 0xA9C8E2, 0x6F9CC4, 0x3F6F9E, 0xF6F9FB, 0xBCD6EA, 0xF6F9FB, 0xC2D8EA, cool),
	colourway("volt", "Volt Lime", "볼트 라임", 0xD7EF4E, 0xBEDB2C, 0x25272B, 0x25272B, 0xF4F6EC, 0x25272B, 0xF4F6EC, 0x3A3D42, moss),
	colourway("ember", "Ember", "엠버", 0x25262A, 0xC4362E, 0x17181A, 0xF3F1EE, 0xF3F1EE, 0xC4362E, 0x25262A, 0xC4362E, rosy),
	colourway("marigold", "Marigold Sky", "매리골드 스카이", 0x8EC1E4, 0xF3B63F, 0x3C6FB4, 0xF8F6F0, 0xF8F6F0, 0xF3B63F, 0xF8F6F0, 0xF3B63F, cool),
	colourway("silver", "Silver Run", "실버 런", 0xD9DCE0, 0xB9BEC6, 0x2E3137, 0x2E5FB0, 0xF1F2F4, 0x2E3137, 0xE6E8EB, 0x3A3E45, plain),
	colourway("bone", "Bone", "본", 0xE8E1D3, 0xD7CCB8, 0xBDAF97, 0x9B8B70, 0xF0EBDF, 0xCFC3AC, 0xEFE9DC, 0xCABDA6, sandy),
	colourway("rosewood", "Rosewood", "로즈우드", 0xE9DCD5, 0x8C4A4A, 0x6A3236, 0x8C4A4A, 0xF4EEE8, 0x6A3236, 0xF4EEE8, 0xA96A68, rosy),
	colourway("cobalt", "Cobalt Flash", "코발트 플래시", 0x2447C8, 0x1730A0, 0xF25C3B, 0xF6F6F4, 0xF5F5F3, 0x1730A0, 0xF6F6F4, 0xF25C3B, lilac),
	colourway("mint", "Mint Sorbet", "민트 소르베", 0xDDF1E6, 0xF6B7A4, 0x7CC5A5, 0xF08C72, 0xFAF8F3, 0xF6B7A4, 0xFAF8F3, 0xBFE3D0, rosy),
	colourway("copper", "Copper Dusk", "코퍼 더스크", 0x4B4A52, 0xB56A3E, 0x2C2B31, 0xE2A477, 0xEDE7E0, 0x2C2B31, 0xB56A3E, 0x8C4F2C, sandy),
}

// Palettes lists the colourways, in an order that does not change.
func Palettes() []Palette { return append([]Palette(nil), colourways...) }

// PaletteByKey finds a colourway by its stable name.
func PaletteByKey(key string) (Palette, bool) {
	for _, p := range colourways {
		if p.Key == key {
			return p, true
		}
	}
	return Palette{}, false
}
