package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// mostShown is how many unexpected answers of a visit are shown in full.
const mostShown = 3

// tally counts what happened. It is safe for concurrent use.
type tally struct {
	mu    sync.Mutex
	done  map[string]int
	odd   map[string]int
	shown []string
	said  int // of shown, that unsaid has returned
}

func newTally() *tally { return &tally{done: map[string]int{}, odd: map[string]int{}} }

// count notes that a visit, or a step of one, went as it should.
func (t *tally) count(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done[what]++
}

// wrong notes what should not have happened in a visit.
func (t *tally) wrong(visit string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.odd[visit]++
	if t.odd[visit] <= mostShown {
		t.shown = append(t.shown, visit+": "+err.Error())
	}
}

// restart begins to count anew. What went wrong is kept.
func (t *tally) restart() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.done)
}

// unsaid returns what has gone wrong since the last call.
func (t *tally) unsaid() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := t.shown[t.said:]
	t.said = len(t.shown)
	return list
}

// failures returns how many things went wrong.
func (t *tally) failures() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := 0
	for _, n := range t.odd {
		sum += n
	}
	return sum
}

// problems says what went wrong, kind by kind, with some of it in full.
func (t *tally) problems() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []string
	for _, visit := range slices.Sorted(maps.Keys(t.odd)) {
		list = append(list, fmt.Sprintf("%d × unexpected in %q", t.odd[visit], visit))
	}
	return append(list, t.shown...)
}

// String lists the counts on one line.
func (t *tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var parts []string
	for _, what := range slices.Sorted(maps.Keys(t.done)) {
		parts = append(parts, fmt.Sprintf("%s %s", number(float64(t.done[what])), what))
	}
	return strings.Join(parts, ", ")
}

// warnings counts what a server has warned of.
func warnings(log string) string {
	said := regexp.MustCompile(`"log.level":"warn".*?"message":"([^"]*)"`)
	counts := map[string]int{}
	for _, m := range said.FindAllStringSubmatch(log, -1) {
		counts[m[1]]++
	}
	list := make([]string, 0, len(counts))
	for text, n := range counts {
		list = append(list, fmt.Sprintf("%d × %s", n, text))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// loggedErrors returns the first of the errors that a server has logged, and what
// the runtime says when a program crashes or, built so, races.
func loggedErrors(log string) []string {
	bad := regexp.MustCompile(`"log.level":"(error|dpanic|panic|fatal)"|^(panic|fatal error):|^WARNING: DATA RACE`)
	var list []string
	for text := range strings.Lines(log) {
		if bad.MatchString(text) && len(list) < mostShown {
			list = append(list, "the server logged "+strings.TrimSpace(text))
		}
	}
	return list
}
