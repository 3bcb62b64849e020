package shop

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxSimilar is how many articles a search for similar spellings shows at most.
const MaxSimilar = 200

// Spelled is an article whose words may be like those of a search.
type Spelled struct {
	InfoID int64
	Words  string // its SearchWords
}

// Similar returns the ids of the candidates that have every term of the search,
// or something spelt like it, the likest first and among those the newest; at
// most MaxSimilar.
//
// Alike is what takes one slip for every four letters of the term, at most
// three: a letter too many, missing, wrong, or two in each other's place. It
// begins where a word begins, may end within one, and may go over spaces and
// signs, since people forget those too. Shorter terms must be there as they
// are.
func Similar(terms []string, candidates []Spelled) []int64 {
	type match struct {
		id    int64
		slips int
	}
	patterns := make([][]rune, len(terms))
	for i, t := range terms {
		patterns[i], _ = compact(t)
	}
	var found []match
candidates:
	for _, c := range candidates {
		m := match{id: c.InfoID}
		text, starts := compact(c.Words)
		for i, term := range terms {
			if strings.Contains(c.Words, term) {
				continue
			}
			slips, ok := slipsWithin(patterns[i], text, starts)
			if !ok {
				continue candidates
			}
			m.slips += slips
		}
		found = append(found, m)
	}
	slices.SortFunc(found, func(a, b match) int { return cmp.Or(cmp.Compare(a.slips, b.slips), cmp.Compare(b.id, a.id)) })
	found = found[:min(len(found), MaxSimilar)]
	ids := make([]int64, len(found))
	for i, m := range found {
		ids[i] = m.id
	}
	return ids
}

// compact leaves spaces and signs out of words, and tells where words began.
func compact(words string) (letters []rune, starts []int) {
	between := true
	for _, r := range words {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			between = true
			continue
		}
		if between {
			starts = append(starts, len(letters))
		}
		between = false
		letters = append(letters, r)
	}
	return letters, starts
}

// allowedSlips is how many slips a term of n letters may have.
func allowedSlips(n int) int { return min(3, n/4) }

// slipsWithin returns the fewest slips that make pattern the beginning of the
// text from one of the starts on.
func slipsWithin(pattern, text []rune, starts []int) (int, bool) {
	if len(pattern) == 0 {
		return 0, false // signs alone: there as they are, or not at all
	}
	best := allowedSlips(len(pattern)) + 1
	limit := best
	for _, start := range starts {
		best = min(best, slipsAt(pattern, text[start:min(len(text), start+len(pattern)+limit)]))
	}
	return best, best < limit
}

// slipsAt is the distance of pattern from the nearest beginning of text: that
// of Damerau and Levenshtein, no letter moved twice (optimal string alignment).
func slipsAt(pattern, text []rune) int {
	before, last, row := make([]int, len(text)+1), make([]int, len(text)+1), make([]int, len(text)+1)
	for j := range last {
		last[j] = j
	}
	for i, p := range pattern {
		row[0] = i + 1
		for j, t := range text {
			cost := 1
			if p == t {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && p == text[j-1] && pattern[i-1] == t {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return slices.Min(last)
}

// Probes returns runs of three letters of which a text that is spelt like the
// terms has some, most likely: those of each word with the space before it. A
// short word adds its first letter with two spaces, since one slip may leave
// nothing else of it. Single letters have no part in a search of several terms.
func Probes(terms []string) []string {
	var probes []string
	for _, term := range terms {
		for _, word := range strings.Fields(term) {
			n := utf8.RuneCountInString(word)
			if n < 2 && len(terms) > 1 {
				continue
			}
			padded := []rune(" " + word)
			if n <= 5 {
				padded = []rune("  " + word)
			}
			for i := range len(padded) - 2 {
				probes = append(probes, string(padded[i:i+3]))
			}
		}
	}
	slices.Sort(probes)
	probes = slices.Compact(probes)
	return probes[:min(len(probes), maxProbes)]
}

// maxProbes bounds what a long search asks of the index.
const maxProbes = 60
