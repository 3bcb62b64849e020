package shop_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rally/modules/shop"
	"rally/platform/fault"
)

func FuzzContent(f *testing.F) {
	for _, seed := range []string{"", " a ", "a\r\nb", "a\rb", "\x00", "\xff", "\u200b", "\u202eabc", "e\u0301", "\u1112\u1161\u11ab", strings.Repeat("😀", 501), strings.Repeat("a", 500) + " ", "\u0301", " \u0301a", "\u3164"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := shop.NormaliseContent(raw)
		if err != nil {
			if !errors.Is(err, fault.ErrInvalid) || len(fault.From(err).Fields["content"]) != 1 || got != "" {
				t.Fatalf("%q: %q, %v", raw, got, err)
			}
			return
		}
		n := utf8.RuneCountInString(got)
		if n < 1 || n > 500 || !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || strings.TrimSpace(got) != got {
			t.Fatalf("%q became %q", raw, got)
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }); i >= 0 {
			t.Fatalf("%q became %q, with a control character at %d", raw, got, i)
		}
		if again, err := shop.NormaliseContent(got); again != got || err != nil {
			t.Fatalf("%q became %q, and then %q, %v", raw, got, again, err)
		}
	})
}
