package shop_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rally/modules/shop"
)

func TestSearchWordsComeInOneForm(t *testing.T) {
	for text, want := range map[string]string{
		"Court 84":             "  court  84",
		"ＲＵＮＮＥＲ":               "  runner",
		"École ÎLE":            "  ecole  ile",
		"SB-84-0107":           "  sb  -  84  -  0107",
		"코트":                   "  ㅋㅗㅌㅡ",
		norm.NFD.String("코트"):  "  ㅋㅗㅌㅡ",
		"솔빛":                   "  ㅅㅗㄹㅂㅣㅊ",
		"ㅋㅌ":                   "  ㅋㅌ",
		"닭 왜 꿰 값":              "  ㄷㅏㄹㄱ  ㅇㅗㅐ  ㄲㅜㅔ  ㄱㅏㅂㅅ",
		"가힣":                   "  ㄱㅏㅎㅣㅎ",
		"a\u200bb\x00c 100%":   "  ab  c  100  %",
		"ガラス":                  "  カ\u3099ラス",
		"":                     "",
		" \t\u00a0":            "",
		"Kestrel_100% \\ \"x'": "  kestrel  _  100  %  \\  \"  x  '",
	} {
		if got := shop.SearchWords(text); got != want {
			t.Errorf("%q is searched as %q, want %q", text, got, want)
		}
	}
	if got := shop.SearchWords("Solbit", "Court"); got != "  solbit  court" {
		t.Errorf("two texts: %q", got)
	}
}

// While somebody types a syllable, each step begins the words of the whole.
func TestHalfTypedSyllablesBeginTheWholeOnes(t *testing.T) {
	for whole, steps := range map[string][]string{
		"나이키": {"ㄴ", "나", "낭", "나이", "나잌", "나이키"},
		"과자":  {"ㄱ", "고", "과", "괒", "과자"},
		"닭이":  {"다", "달", "닭", "달기"},
		"꽃":   {"ㄲ", "꼬", "꽃"},
	} {
		words := shop.SearchWords(whole)
		for _, step := range steps {
			if got := shop.SearchWords(step); step != "달기" && !strings.HasPrefix(words, got) {
				t.Errorf("%s: %q does not begin %q", step, got, words)
			}
		}
	}
}

func TestTermsAreLongEnoughForTheIndexes(t *testing.T) {
	for search, want := range map[string][]string{
		"court":             {"court"},
		"84 court":          {" 84", "court"},
		"a 코":               {"  a", " ㅋㅗ"},
		"%":                 {"  %"},
		"_1":                {"_  1"},
		"SB-84":             {"sb  -  84"},
		"one 2 three 4 5 6": {"one", "  2", "three", "  4", "  5"},
		" \u200b ":          nil,
	} {
		if got := (shop.Filter{Search: search}).Terms(); !slices.Equal(got, want) {
			t.Errorf("%q has the terms %q, want %q", search, got, want)
		}
	}
}

func candidates(texts ...string) []shop.Spelled {
	list := make([]shop.Spelled, len(texts))
	for i, text := range texts {
		list[i] = shop.Spelled{InfoID: int64(i + 1), Words: shop.SearchWords(text)}
	}
	return list
}

func TestSlipsOfThePenAreForgiven(t *testing.T) {
	all := candidates("Solbit 솔빛 Court 84 코트 84 SB-84-0107 Chalk", "Kestrel 케스트렐 Trail Runner 트레일 러너 KT-9", "Onyx 오닉스 Desk Lamp 책상 램프")
	for search, want := range map[string]int64{
		"solbt": 1, "slobit": 1, "oslbit": 1, "solbitt": 1, "zolbit": 1, "solvit": 1, "solbit cuort": 1, "sb840107": 1,
		"코드84": 1, "코드": 1, "소빛": 1, "솔빝": 1, "코트84": 1, "84 솔빅": 1,
		"ketsrel": 2, "kestrl": 2, "trial runner": 2, "트래일": 2, "러나": 2, "trailrunenr": 2,
		"onix": 3, "desklmap": 3, "오닠스": 3, "렘프": 3,
	} {
		if got := shop.Similar(shop.Filter{Search: search}.Terms(), all); len(got) != 1 || got[0] != want {
			t.Errorf("%q is like %v, want %d", search, got, want)
		}
	}
	for _, search := range []string{"qwxz", "asdf", "zzzzzz", "solbit zzzz", "xyz", "뷁쉛", "court 85 lamp", "bit court shoe", "1234567", "soup", "colt45", "%%%%", "ㅋㅋㅋㅋ"} {
		if got := shop.Similar(shop.Filter{Search: search}.Terms(), all); len(got) != 0 {
			t.Errorf("%q is like %v", search, got)
		}
	}
}

func TestTheLikestComeFirst(t *testing.T) {
	got := shop.Similar(shop.Filter{Search: "chalkwhite"}.Terms(), candidates("chelkwhyte", "chalkwhyte", "chalk white", "chalkwhytes", "velvet"))
	if !slices.Equal(got, []int64{3, 4, 2, 1}) {
		t.Errorf("%v", got)
	}
	many := candidates(slices.Repeat([]string{"Runner"}, 3*shop.MaxSimilar)...)
	if got := shop.Similar(shop.Filter{Search: "ruxner"}.Terms(), many); len(got) != shop.MaxSimilar || got[0] != int64(len(many)) {
		t.Errorf("%d are shown, first %d", len(got), got[0])
	}
}

// What is spelt like a term shares a probe with it, or the index would never
// show it.
func FuzzOneSlipIsFound(f *testing.F) {
	f.Add("Solbit Court 84", uint8(2), uint8(0), 'x')
	f.Add("솔빛 코트 84 초크", uint8(4), uint8(1), 'ㄷ')
	f.Add("러너", uint8(1), uint8(2), 'a')
	f.Fuzz(func(t *testing.T, text string, at, kind uint8, letter rune) {
		if len(text) > 200 || !utf8.ValidString(text) {
			return
		}
		words := shop.SearchWords(text)
		if again := shop.SearchWords(words); again != words {
			t.Fatalf("%q becomes %q, and then %q", text, words, again)
		}
		for _, field := range strings.Fields(words) {
			word := []rune(field)
			if len(word) < 4 || len(word) > 40 {
				continue
			}
			n := 1 + int(at)%(len(word)-2) // inside
			switch kind % 3 {
			case 0:
				word[n] = letter
			case 1:
				word = slices.Delete(word, n, n+1)
			case 2:
				word[n], word[n+1] = word[n+1], word[n]
			}
			terms := shop.Filter{Search: string(word)}.Terms()
			if len(terms) != 1 || utf8.RuneCountInString(terms[0]) < 4 || strings.Contains(terms[0], " ") || terms[0] != string(word) {
				continue // a letter that splits the word, or changes
			}
			if got := shop.Similar(terms, []shop.Spelled{{InfoID: 7, Words: words}}); len(got) != 1 {
				t.Fatalf("%q is not like %q", terms, words)
			}
			if !slices.ContainsFunc(shop.Probes(terms), func(p string) bool { return strings.Contains(words, p) }) {
				t.Fatalf("no probe of %q is in %q", terms, words)
			}
		}
	})
}
