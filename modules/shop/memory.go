package shop

import (
	"time"

	"rally/platform/recent"
)

const (
	memoryLife  = 5 * time.Second
	maxCounts   = 512  // filters; about 2 KB each with facets
	maxArticles = 2048 // about 1 KB each
)

// counted is what a filter chooses, beside the rows.
type counted struct {
	count   int
	spelled []int64 // see Filter.Spelled
	facets  *Facets // nil: not counted yet
}

// Memory is what this node read of the catalogue a moment ago: counts of
// lists, the one part of a page that grows with its matches, and what only the
// staff changes of articles. It is safe for concurrent use.
//
// What it returns is at most five seconds old, and never older than the last
// change that the node knows of: a signal from another node may be lost.
type Memory struct {
	counts   *recent.Cache[string, counted]
	articles *recent.Cache[int64, Info] // shared by all readers: nobody may write into one
}

// NewMemory returns a memory without anything in it.
func NewMemory() *Memory { return newMemory(memoryLife) }

func newMemory(life time.Duration) *Memory {
	return &Memory{counts: recent.New[string, counted](maxCounts, life), articles: recent.New[int64, Info](maxArticles, life)}
}

// Forget makes the next requests read anew. It is for when the catalogue has
// changed, on this node or another.
func (m *Memory) Forget() {
	m.counts.Purge()
	m.articles.Purge()
}

// marks is where both stood before something was read.
type marks struct{ counts, articles uint64 }

func (m *Memory) mark() marks { return marks{m.counts.Mark(), m.articles.Mark()} }
