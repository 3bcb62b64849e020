package talk

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rally/modules/accounts"
)

// A text that was typed names people as "@name". A stored one names them by their
// ids, so that it stays true when they are renamed: "@", linkBegin, the id,
// linkEnd. Nobody can type those two: NormaliseContent refuses them.
const (
	linkBegin = "\x0e"
	linkEnd   = "\x0f"
	// nobody stands for whoever left, or isn't there for the reader.
	nobody = "@…"
)

const (
	// MaxNames bounds what is looked up for one text.
	MaxNames    = 20
	minNameSize = 2 // characters
	// nameTails may end a name, but mostly end a sentence.
	nameTails = "._-"
)

var linkForm = regexp.MustCompile("@" + linkBegin + "([0-9]{1,19})" + linkEnd)

// Names returns what may be names of people in a text: what follows an "@" that
// doesn't stand in the middle of a word, with and without the dots and dashes at
// its end, each key of a name once. There are at most MaxNames.
func Names(text string) []string {
	var names []string
	seen := map[string]bool{}
	for _, m := range mentionsIn(text) {
		for _, name := range m.names {
			if key := nameKey(name); !seen[key] && len(names) < MaxNames {
				seen[key] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// Link returns a text as it is stored, with the ids of people in place of their
// names, and those ids in the order of the text, each once. The map has them by
// accounts.Profile.NameKey; of names that begin alike the longest counts.
func Link(text string, idByNameKey map[string]int64) (stored string, ids []int64) {
	if len(idByNameKey) == 0 {
		return text, nil
	}
	var out strings.Builder
	done := 0
	for _, m := range mentionsIn(text) {
		for _, name := range m.names {
			id, ok := idByNameKey[nameKey(name)]
			if !ok {
				continue
			}
			out.WriteString(text[done:m.at] + "@" + linkBegin + strconv.FormatInt(id, 10) + linkEnd)
			done = m.at + len("@") + len(name)
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
			break
		}
	}
	out.WriteString(text[done:])
	return out.String(), ids
}

// Linked returns whom a stored text mentions, in its order, each once.
func Linked(stored string) []int64 {
	if !strings.Contains(stored, linkBegin) {
		return nil
	}
	var ids []int64
	for _, found := range linkForm.FindAllStringSubmatch(stored, -1) {
		if id, err := strconv.ParseInt(found[1], 10, 64); err == nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Plain returns a stored text as people read it, with today's names: nameOf
// returns false for whoever has none any more.
func Plain(stored string, nameOf func(id int64) (string, bool)) string {
	if !strings.Contains(stored, linkBegin) {
		return stored
	}
	return linkForm.ReplaceAllStringFunc(stored, func(link string) string {
		digits := strings.TrimSuffix(strings.TrimPrefix(link, "@"+linkBegin), linkEnd)
		if id, err := strconv.ParseInt(digits, 10, 64); err == nil {
			if name, ok := nameOf(id); ok {
				return "@" + name
			}
		}
		return nobody
	})
}

// mention is an "@" of a text, and the names that may follow it: each begins right
// after it, the longest first.
type mention struct {
	at    int // of the "@", in bytes
	names []string
}

func mentionsIn(text string) []mention {
	var found []mention
	before := ' '
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '@' && !inWord(before) {
			if names := namesAt(text[i+size:]); len(names) > 0 {
				found = append(found, mention{i, names})
			}
		}
		before = r
		i += size
	}
	return found
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// namesAt returns the names that a text may begin with, the longest first.
func namesAt(text string) []string {
	run := text
	if end := strings.IndexFunc(text, func(r rune) bool { return !accounts.InName(r) }); end >= 0 {
		run = text[:end]
	}
	bare := strings.TrimRight(run, nameTails)
	size := utf8.RuneCountInString(norm.NFKC.String(bare))
	var names []string
	for tail := min(len(run)-len(bare), accounts.MaxProfileName-size); tail >= 0; tail-- {
		if size+tail >= minNameSize {
			names = append(names, run[:len(bare)+tail])
		}
	}
	return names
}

func nameKey(name string) string { return accounts.Profile{ProfileName: name}.NameKey() }
