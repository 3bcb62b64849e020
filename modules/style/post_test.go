package style_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rally/modules/style"
)

func TestHashtags(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("가", 50)
	for text, want := range map[string][]string{
		"":                              nil,
		"no tags":                       nil,
		"#ootd":                         {"ootd"},
		"#OOTD #ootd #ＯＯＴＤ":             {"ootd"},
		"비 오는 날엔 #오오티디!":                {"오오티디"},
		"#a#b":                          {"a"}, // the second begins in a word
		"a#b 1#b 가#b _#b":               nil,
		"(#a),[#b];#c.":                 {"a", "b", "c"},
		"#2026 #2026년 #1st #_":          {"2026년", "1st", "_"},
		"# a ## #-b ##c":                {"c"},
		"＃전각":                           {"전각"},
		"&#39; &#x27;":                  nil, // an entity of HTML
		"#snake_case #kebab-case":       {"snake_case", "kebab"},
		"#e\u0301te\u0301 #été":         {"été"},
		"#\u1112\u1161\u11ab\uae00 #한글": {"한글"},
		"#नमस्ते":                       {"नमस्ते"},
		"#👍 #a👍":                        {"a"},
		"#" + long:                      {long},
		"#" + long + "가":                nil,
		"new\n#line\t#tab":              {"line", "tab"},
		"#ﬁne":                          {"fine"},
		"#İstanbul":                     {"istanbul"},
		"\xff#ok #a\xff":                {"ok", "a"},
	} {
		if got := style.Hashtags(text); !slices.Equal(got, want) {
			t.Errorf("%q has %q, want %q", text, got, want)
		}
	}
	var many strings.Builder
	for i := range 2 * style.MaxHashtags {
		many.WriteString(" #tag" + strings.Repeat("x", i))
	}
	if got := style.Hashtags(many.String()); len(got) != style.MaxHashtags || got[0] != "tag" || got[1] != "tagx" {
		t.Errorf("of too many there are %d: %q", len(got), got)
	}
}

func TestHashtagKey(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"ootd": "ootd", "OOTD": "ootd", "ＯＯＴＤ": "ootd", "한글": "한글", "\u1112\u1161\u11ab\uae00": "한글", "_": "_", "1a": "1a", "ﷺ": "", "①": "",
		"": "", "1": "", "２０２６": "", "١٢": "", "a b": "", "a-b": "", "#a": "", "a#": "", "\xff": "", "a\x00": "", "👍": "", strings.Repeat("x", 50): strings.Repeat("x", 50), strings.Repeat("x", 51): "",
		"ﬁ": "fi", strings.Repeat("ﬃ", 16): strings.Repeat("ffi", 16), strings.Repeat("ﬃ", 17): "", "\u0301": "\u0301", "\u200b": "", "a\u200db": "",
	} {
		if got, ok := style.HashtagKey(tag); ok != (want != "") || ok && got != want {
			t.Errorf("%q is %q, %v, want %q", tag, got, ok, want)
		}
	}
}

// FuzzHashtags makes sure that whatever is found in a text is found again by its
// own name: a hashtag on a page leads to a list that has the post.
func FuzzHashtags(f *testing.F) {
	for _, seed := range []string{"", "#ootd #ＯＯＴＤ", "#a#b", "＃전각", "#\u1112\u1161\u11ab", "#İ #ß #ς #Σ", "&#39;", "#\xff", "#ﷺ #ﬃ", "#1 #１ #١a", "#a\u0301\u0323", strings.Repeat("#x", 100), strings.Repeat(" #가1", 30)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tags := style.Hashtags(text)
		if len(tags) > style.MaxHashtags {
			t.Fatalf("%d tags", len(tags))
		}
		for i, tag := range tags {
			n := utf8.RuneCountInString(tag)
			if slices.Contains(tags[:i], tag) || n < 1 || n > 50 || !utf8.ValidString(tag) {
				t.Fatalf("%q of %q", tag, text)
			}
			if key, ok := style.HashtagKey(tag); !ok || key != tag {
				t.Fatalf("%q of %q is looked for as %q, %v", tag, text, key, ok)
			}
			if again := style.Hashtags("#" + tag); len(again) != 1 || again[0] != tag {
				t.Fatalf("%q of %q is written as %q", tag, text, again)
			}
		}
		if key, ok := style.HashtagKey(text); ok {
			if again, ok := style.HashtagKey(key); !ok || again != key {
				t.Fatalf("%q becomes %q, and that %q", text, key, again)
			}
		}
	})
}
