package accounts

import (
	_ "embed"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// commonPasswords holds, sorted and one a line, what people choose most often
// among the passwords that the other rules let through. Most of it is the
// ranked list of zxcvbn (MIT licence, Dropbox).
//
//go:embed common_passwords.txt
var commonPasswords string

// Limits of a password, in characters.
const (
	minPassword = 8
	maxPassword = 128
	minDistinct = 4 // fewer different characters are one key held down
)

// The sentences of wrong passwords.
const (
	msgPasswordShort   = "Use at least 8 characters."
	msgPasswordLong    = "Use at most 128 characters."
	msgPasswordDigits  = "Don't use digits only."
	msgPasswordCommon  = "This password is among the most common ones. Choose another."
	msgPasswordSimilar = "This password is too much like your e-mail address."
)

// normalizePassword returns the form that is hashed, so that a password typed
// on another keyboard or system stays the same (NIST SP 800-63B, 3.1.1.2).
func normalizePassword(raw string) string { return norm.NFKC.String(raw) }

// password checks a normalised password against the rules and files what is
// wrong under field.
func (p *problems) password(field, password, email string) {
	if password == "" {
		p.add(field, msgRequired)
		return
	}
	length := utf8.RuneCountInString(password)
	if length > maxPassword {
		p.add(field, msgPasswordLong)
		return // the other rules would work on megabytes
	}
	if length < minPassword {
		p.add(field, msgPasswordShort)
	}
	if isDigits(password) {
		p.add(field, msgPasswordDigits)
	}
	if isCommonPassword(password) {
		p.add(field, msgPasswordCommon)
	}
	if email != "" && isLikeEmail(password, email) {
		p.add(field, msgPasswordSimilar)
	}
}

func isDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

func isCommonPassword(password string) bool {
	lower := strings.ToLower(password)
	distinct := map[rune]bool{}
	for _, r := range lower {
		distinct[r] = true
	}
	return len(distinct) < minDistinct || hasLine(commonPasswords, lower)
}

// hasLine reports whether the sorted lines of list hold word.
func hasLine(list, word string) bool {
	// The search is over byte offsets: the line that covers an offset grows
	// with it.
	lineAt := func(offset int) string {
		start := strings.LastIndexByte(list[:offset], '\n') + 1
		line, _, _ := strings.Cut(list[start:], "\n")
		return line
	}
	i := sort.Search(len(list), func(offset int) bool { return lineAt(offset) >= word })
	return i < len(list) && lineAt(i) == word
}

// isLikeEmail reports whether whoever knows the address nearly knows the
// password: it is the address or a part of it, the local part with a little
// around it, or the local part with a few letters changed.
func isLikeEmail(password, email string) bool {
	pw, local, whole := plain(password), plain(localPart(email)), plain(email)
	if pw == "" {
		return false
	}
	if len(pw) >= 4 && strings.Contains(whole, pw) {
		return true
	}
	const fewLeft = 6 // a year, or digits that make it long enough
	if len(local) >= 3 && len(strings.ReplaceAll(pw, local, "")) < fewLeft && strings.Contains(pw, local) {
		return true
	}
	return len(local) >= 6 && distance(pw, local) <= len(local)/4
}

// plain keeps lower-case letters and digits.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// distance is the Levenshtein distance in characters.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range s {
		diagonal := row[0]
		row[0] = i + 1
		for j := range t {
			cost := diagonal
			if s[i] != t[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(t)]
}
