package shop

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainText reports whether a trimmed text is one line of so many characters
// that can be seen.
func plainText(s string, fewest, most int) bool {
	n := utf8.RuneCountInString(s)
	return n >= fewest && n <= most && s == strings.TrimSpace(s) && oneLine(s)
}

// oneLine reports whether a text holds nothing that ends a line, turns it
// around or can't be seen.
func oneLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) })
}
