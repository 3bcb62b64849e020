package accounts

import (
	"slices"
	"sort"
	"strings"
	"testing"
	"unicode/utf8"
)

func wrongs(password, email string) []string {
	var p problems
	p.password("password1", normalizePassword(password), email)
	if p.fault == nil {
		return nil
	}
	return p.fault.Fields["password1"]
}

func TestPasswordRules(t *testing.T) {
	const email = "john.smith@rally.example"
	for _, c := range []struct {
		password string
		want     string // the sentence, or empty when it is fine
	}{
		{"wind-over-namsan", ""},
		{"한강에서달리기좋은날", ""},
		{"tr0ub4dor&3", ""},
		{strings.Repeat("ab1-", 32), ""},
		{"john.smith rides a red bicycle", ""}, // what else is there is enough
		{"", msgRequired},
		{"short-1", msgPasswordShort},
		{"한강달리기7", msgPasswordShort},
		{strings.Repeat("ab1-", 32) + "x", msgPasswordLong},
		{"73501946", msgPasswordDigits},
		{"٧٣٥٠١٩٤٦", msgPasswordDigits},
		{"password", msgPasswordCommon},
		{"PassWord", msgPasswordCommon},
		{"ｐａｓｓｗｏｒｄ", msgPasswordCommon}, // full width letters are the same letters
		{"qwertyuiop", msgPasswordCommon},
		{"dkssudgktpdy", msgPasswordCommon},
		{"zzzzzzzzzzzzzz", msgPasswordCommon},
		{"ababababababab", msgPasswordCommon},
		{"        ", msgPasswordCommon},
		{"john.smith", msgPasswordSimilar},
		{"JohnSmith2024", msgPasswordSimilar},
		{"!!johnsmith!!", msgPasswordSimilar},
		{"j0hn.sm1th", msgPasswordSimilar},
		{email, msgPasswordSimilar},
		{"smith@rally.example", msgPasswordSimilar},
	} {
		got := wrongs(c.password, email)
		if (c.want == "") != (len(got) == 0) || (c.want != "" && !slices.Contains(got, c.want)) {
			t.Errorf("%q: %q, want %q", c.password, got, c.want)
		}
	}
}

func TestTheListOfCommonPasswords(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(commonPasswords, "\n"), "\n")
	if len(lines) < 10_000 || !sort.StringsAreSorted(lines) {
		t.Fatalf("%d lines, sorted %t", len(lines), sort.StringsAreSorted(lines))
	}
	for _, line := range lines {
		if line != strings.ToLower(line) || utf8.RuneCountInString(line) < minPassword || isDigits(line) {
			t.Errorf("%q has no business in the list", line)
		}
		if !hasLine(commonPasswords, line) {
			t.Errorf("%q is in the list and isn't found", line)
		}
	}
	for _, other := range []string{"", "a", "passwor", "password\n", "zzzzzzzzzzzzzzzz", lines[0] + "!", "~~~~~~~~"} {
		if hasLine(commonPasswords, other) {
			t.Errorf("%q is found and isn't in the list", other)
		}
	}
	if hasLine("", "a") {
		t.Error("found in an empty list")
	}
}

// Typed on a Mac, Hangul comes apart into letters; on Windows it doesn't.
func TestPasswordsAreNormalised(t *testing.T) {
	if a, b := normalizePassword("\u1112\u1161\u11ab강"), normalizePassword("한강"); a != b {
		t.Errorf("%q and %q differ", a, b)
	}
}

func FuzzPasswordRules(f *testing.F) {
	f.Add("password", "a@b.kr")
	f.Add("wind-over-namsan", "mina@rally.example")
	f.Add("\xff\xfe", "")
	f.Fuzz(func(t *testing.T, password, email string) {
		if len(wrongs(password, email)) > 0 {
			return
		}
		n := utf8.RuneCountInString(normalizePassword(password))
		if n < minPassword || n > maxPassword || isDigits(password) || strings.EqualFold(password, email) && email != "" {
			t.Errorf("%q passed for %q", password, email)
		}
	})
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"kitten", "sitting", 3}, {"한강", "한산", 1}} {
		if got := distance(c.a, c.b); got != c.want || distance(c.b, c.a) != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
