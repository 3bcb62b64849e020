package talk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rally/modules/accounts"
	"rally/modules/talk"
)

func TestNamesAreFoundInTexts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", accounts.MaxProfileName)
	for text, want := range map[string][]string{
		"": nil, "@": nil, "@ mina": nil, "@a": nil, "@.": nil, "@..": {".."},
		"@mina":                          {"mina"},
		"hi @mina, and @b.c_d-e!":        {"mina", "b.c_d-e"},
		"@mina.":                         {"mina.", "mina"},
		"@mina...":                       {"mina...", "mina..", "mina.", "mina"},
		"@-b-":                           {"-b-", "-b"},
		"mail a@b.example, 3@mina, 가@나다": nil,
		"(@mina)\n@juno":                 {"mina", "juno"},
		".@mina /@juno @@bora":           {"mina", "juno", "bora"},
		"@mina@juno":                     {"mina"},
		"@Mina @mina @ＭＩＮＡ":              {"Mina"},
		"@솔빛 @é\u0301x":                  {"솔빛", "é\u0301x"},
		"@" + long + " @" + long + "x":   {long},
		"@" + long + ".":                 {long},
		"@mi\u200bna":                    {"mi"},
	} {
		if got := talk.Names(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	var many strings.Builder
	for i := range 3 * talk.MaxNames {
		fmt.Fprintf(&many, "@name%d ", i)
	}
	if got := talk.Names(many.String()); len(got) != talk.MaxNames || got[talk.MaxNames-1] != fmt.Sprintf("name%d", talk.MaxNames-1) {
		t.Errorf("of many: %q", got)
	}
}

func TestTextsAreLinkedAndRead(t *testing.T) {
	t.Parallel()
	ids := map[string]int64{"mina": 7, "juno": 12, "juno.": 13, "솔빛": 14}
	today := map[int64]string{7: "Mina", 12: "renamed", 13: "juno.", 14: "솔빛"}
	for text, want := range map[string]struct {
		stored, read string
		ids          []int64
	}{
		"nobody @here a@mina":       {"nobody @here a@mina", "nobody @here a@mina", nil},
		"@mina":                     {"@\x0e7\x0f", "@Mina", []int64{7}},
		"@MINA, @mina. @Mina...":    {"@\x0e7\x0f, @\x0e7\x0f. @\x0e7\x0f...", "@Mina, @Mina. @Mina...", []int64{7}},
		"@juno @juno. @juno..":      {"@\x0e12\x0f @\x0e13\x0f @\x0e13\x0f.", "@renamed @juno. @juno..", []int64{12, 13}},
		"@mina@juno":                {"@\x0e7\x0f@juno", "@Mina@juno", []int64{7}},
		"@솔빛!\n@minaa":              {"@\x0e14\x0f!\n@minaa", "@솔빛!\n@minaa", []int64{14}},
		"<b>@mina</b> & #tag\u202e": {"<b>@\x0e7\x0f</b> & #tag\u202e", "<b>@Mina</b> & #tag\u202e", []int64{7}},
	} {
		stored, found := talk.Link(text, ids)
		read := talk.Plain(stored, func(id int64) (string, bool) { name, ok := today[id]; return name, ok })
		if stored != want.stored || read != want.read || !slices.Equal(found, want.ids) || !slices.Equal(talk.Linked(stored), want.ids) {
			t.Errorf("%q: stored %q, read %q, %v, %v", text, stored, read, found, talk.Linked(stored))
		}
	}
	gone := func(int64) (string, bool) { return "", false }
	for stored, want := range map[string]string{
		"hi @\x0e7\x0f!": "hi @…!", "@\x0e99999999999999999999\x0f": "@\x0e99999999999999999999\x0f", "@\x0e9999999999999999999\x0f": "@…", "@\x0e\x0f \x0e7\x0f": "@\x0e\x0f \x0e7\x0f",
	} {
		if got := talk.Plain(stored, gone); got != want {
			t.Errorf("%q is read as %q, want %q", stored, got, want)
		}
	}
}

// Whatever is typed: linking touches names alone, and what was typed is read again.
func FuzzMentions(f *testing.F) {
	for _, seed := range []string{"@mina", "hi @mina. and @juno-!", "a@b @mina@juno", "@솔빛 @é", "@..", "@mina\n@mina", "@@mina", "@\u1112\u1161\u11ab\u1100\u1173\u11af", strings.Repeat("@name ", 50)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		text, err := talk.NormaliseContent(raw, 1000)
		if err != nil {
			return
		}
		names := talk.Names(text)
		if len(names) > talk.MaxNames {
			t.Fatalf("%d names", len(names))
		}
		ids, spelt := map[string]int64{}, map[int64]string{}
		for i, name := range names {
			if !strings.Contains(text, "@"+name) || strings.ContainsFunc(name, func(r rune) bool { return !accounts.InName(r) }) {
				t.Fatalf("%q has no name %q", text, name)
			}
			if i%2 == 0 {
				id := int64(i + 1)
				ids[accounts.Profile{ProfileName: name}.NameKey()], spelt[id] = id, name
			}
		}
		stored, found := talk.Link(text, ids)
		if len(found) == 0 && stored != text || !slices.Equal(talk.Linked(stored), found) || len(talk.Linked(text)) != 0 {
			t.Fatalf("%q became %q, with %v", text, stored, found)
		}
		key := func(s string) string { return accounts.Profile{ProfileName: s}.NameKey() }
		read := talk.Plain(stored, func(id int64) (string, bool) { name, ok := spelt[id]; return name, ok })
		if key(read) != key(text) {
			t.Fatalf("%q became %q and is read as %q", text, stored, read)
		}
		if same, _ := talk.Link(text, nil); same != text {
			t.Fatalf("%q became %q although nobody is there", text, same)
		}
	})
}
