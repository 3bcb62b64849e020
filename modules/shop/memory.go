package shop

import (
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
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
	counts   recent[string, counted]
	articles recent[int64, Info] // shared by all readers: nobody may write into one
	changes  atomic.Uint64       // of the catalogue
}

// NewMemory returns a memory without anything in it.
func NewMemory() *Memory { return newMemory(memoryLife) }

func newMemory(life time.Duration) *Memory {
	m := &Memory{}
	m.counts = newRecent[string, counted](maxCounts, life, &m.changes)
	m.articles = newRecent[int64, Info](maxArticles, life, &m.changes)
	return m
}

// Forget makes the next requests read anew. It is for when the catalogue has
// changed, on this node or another.
func (m *Memory) Forget() {
	m.changes.Add(1)
	m.counts.kept.Purge()
	m.articles.kept.Purge()
}

// recent keeps values for life after they were read.
type recent[K comparable, V any] struct {
	kept    *lru.Cache[K, dated[V]]
	life    time.Duration
	changes *atomic.Uint64
}

type dated[V any] struct {
	value V
	at    time.Time
	since uint64 // the changes that were known before it was read
}

func newRecent[K comparable, V any](size int, life time.Duration, changes *atomic.Uint64) recent[K, V] {
	kept, _ := lru.New[K, dated[V]](size) // fails for sizes below 1
	return recent[K, V]{kept: kept, life: life, changes: changes}
}

// get returns a value and when it was read, unless it is too old or the
// catalogue has changed since.
func (r recent[K, V]) get(key K, now time.Time) (value V, at time.Time, ok bool) {
	found, ok := r.kept.Get(key)
	if !ok || now.Sub(found.at) >= r.life || found.since != r.changes.Load() {
		return value, at, false
	}
	return found.value, found.at, true
}

// put keeps what was read at some time. since is the number of changes before
// it was begun: what a reader read while somebody wrote may be older than the
// write.
func (r recent[K, V]) put(key K, value V, at time.Time, since uint64) {
	if r.life > 0 && since == r.changes.Load() {
		r.kept.Add(key, dated[V]{value, at, since})
	}
}
