package shop

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// SearchForm numbers the form of SearchWords. Whoever changes what it returns
// raises it, so that the program rewrites what the database holds of it.
const SearchForm = 1

// SearchWords returns the words of texts as a search compares them, of what is
// stored and of what is asked for alike. Each word has two spaces before it.
//
// Letters are lower case, wide ones narrow and Latin ones without accents.
// Hangul falls apart into the letters in the order of typing, double finals and
// double vowels too: so a syllable that is half typed begins the whole one, a
// slip in a syllable is a slip in one letter, and two syllables are long enough
// for an index of three letters. Of signs each is a word.
func SearchWords(texts ...string) string {
	var b strings.Builder
	for _, text := range texts {
		open := false // whether the last rune belongs to a word that may go on
		for _, r := range norm.NFKD.String(text) {
			switch {
			case r >= '\u0300' && r <= '\u036f', unicode.Is(unicode.Cf, r): // an accent; what nobody sees
			case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
				if !open {
					b.WriteString("  ")
				}
				open = true
				if typed := typedLetters(r); typed != "" {
					b.WriteString(typed)
				} else {
					b.WriteRune(unicode.ToLower(r))
				}
			default:
				open = false
				if !unicode.IsSpace(r) && !unicode.IsControl(r) {
					b.WriteString("  ")
					b.WriteRune(r)
				}
			}
		}
	}
	return b.String()
}

// typedLetters returns the letters of the keyboard that make a part of a
// Hangul syllable, or "" for every other rune.
func typedLetters(r rune) string {
	// https://www.unicode.org/charts/PDF/U1100.pdf
	const (
		initials = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
		vowels   = "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏㅗㅐㅗㅣㅛ ㅜ ㅜㅓㅜㅔㅜㅣㅠ ㅡ ㅡㅣㅣ "
		finals   = "ㄱ ㄲ ㄱㅅㄴ ㄴㅈㄴㅎㄷ ㄹ ㄹㄱㄹㅁㄹㅂㄹㅅㄹㅌㄹㅍㄹㅎㅁ ㅂ ㅂㅅㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ "
	)
	switch {
	case r >= '\u1100' && r <= '\u1112':
		n := int(r-'\u1100') * 3
		return initials[n : n+3]
	case r >= '\u1161' && r <= '\u1175':
		return nthLetters(vowels, int(r-'\u1161'))
	case r >= '\u11a8' && r <= '\u11c2':
		return nthLetters(finals, int(r-'\u11a8'))
	}
	return ""
}

// nthLetters reads a table whose entries are a letter and a space, or two
// letters.
func nthLetters(table string, n int) string {
	for range n {
		table = table[3:]
		if table[0] == ' ' {
			table = table[1:]
		} else {
			table = table[3:]
		}
	}
	if table[3] == ' ' {
		return table[:3]
	}
	return table[:6]
}

// maxTerms is how many words of a search count.
const maxTerms = 5

// searchTerms returns the words of a search, each as it is to be found inside
// SearchWords of an article: anywhere, or from three letters down at the start
// of a word, which makes every term as long as the indexes need.
func searchTerms(search string) []string {
	var terms []string
	for _, field := range strings.Fields(search) {
		term := SearchWords(field)
		if term == "" {
			continue
		}
		// One space before two letters, two before one, none before more.
		bare := term[2:]
		term = term[min(2, max(0, utf8.RuneCountInString(bare)-1)):]
		if terms = append(terms, term); len(terms) == maxTerms {
			break
		}
	}
	return terms
}
