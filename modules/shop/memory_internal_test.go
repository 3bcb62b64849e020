package shop

import (
	"testing"
	"time"
)

// The rules of what is kept are those of recent.Cache.
func TestAMemoryIsShortAndForgets(t *testing.T) {
	m, now := NewMemory(), time.Now()
	since := m.mark()
	m.articles.Put(1, Info{ID: 1}, now, since.articles)
	m.counts.Put("all", counted{count: 1}, now, since.counts)
	if _, _, ok := m.articles.Get(1, now.Add(memoryLife-1)); !ok {
		t.Error("an article is forgotten early")
	}
	if _, _, ok := m.counts.Get("all", now.Add(memoryLife)); ok {
		t.Error("a count is remembered longer than its time")
	}
	m.Forget()
	m.articles.Put(2, Info{ID: 2}, now, since.articles)
	if n := m.articles.Len() + m.counts.Len(); n != 0 {
		t.Errorf("%d values outlive a change", n)
	}
	none := newMemory(0)
	none.articles.Put(1, Info{ID: 1}, now, none.mark().articles)
	if _, _, ok := none.articles.Get(1, now); ok {
		t.Error("a service without a memory remembers")
	}
}
