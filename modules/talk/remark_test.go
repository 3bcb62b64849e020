package talk_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rally/modules/talk"
	"rally/platform/fault"
)

func FuzzContent(f *testing.F) {
	for _, seed := range []string{"", " a ", "a\r\nb", "a\rb", "\x00", "\x0e7\x0f", "\xff", "\u200b", "\u202eabc", "e\u0301", "\u1112\u1161\u11ab", strings.Repeat("😀", 501), strings.Repeat("a", 500) + " ", "\u0301", " \u0301a", "\u3164"} {
		f.Add(seed, 500)
		f.Add(seed, 100)
	}
	f.Fuzz(func(t *testing.T, raw string, limit int) {
		got, err := talk.NormaliseContent(raw, limit)
		if err != nil {
			if !errors.Is(err, fault.ErrInvalid) || len(fault.From(err).Fields["content"]) != 1 || got != "" {
				t.Fatalf("%q: %q, %v", raw, got, err)
			}
			return
		}
		n := utf8.RuneCountInString(got)
		if n < 1 || n > limit || !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || strings.TrimSpace(got) != got {
			t.Fatalf("%q became %q", raw, got)
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }); i >= 0 {
			t.Fatalf("%q became %q, with a control character at %d", raw, got, i)
		}
		if again, err := talk.NormaliseContent(got, limit); again != got || err != nil {
			t.Fatalf("%q became %q, and then %q, %v", raw, got, again, err)
		}
	})
}
