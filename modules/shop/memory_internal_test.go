package shop

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Readers who began before a write and end after it must not leave what they
// saw to those who come later.
func TestNothingFromBeforeAChangeIsRemembered(t *testing.T) {
	m, now := NewMemory(), time.Now()
	var version atomic.Int64
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				since := m.changes.Load()
				seen := version.Load()
				m.articles.put(1, Info{Tick: seen}, now, since)
				m.counts.put("all", counted{count: int(seen)}, now, since)
			}
		})
	}
	remembered := 0
	for range 20_000 {
		written := version.Add(1)
		m.Forget()
		if i, _, ok := m.articles.get(1, now); ok {
			if remembered++; i.Tick < written {
				t.Fatalf("the article of change %d is shown after change %d", i.Tick, written)
			}
		}
		if c, _, ok := m.counts.get("all", now); ok && int64(c.count) < written {
			t.Fatalf("the count of change %d is shown after change %d", c.count, written)
		}
	}
	close(done)
	readers.Wait()
	since := m.changes.Load()
	if m.articles.put(1, Info{Tick: 7}, now, since); remembered == 0 {
		t.Log("no reader was quick enough to be remembered between two changes")
	}
	if i, at, ok := m.articles.get(1, now.Add(memoryLife-1)); !ok || i.Tick != 7 || !at.Equal(now) {
		t.Errorf("without a change: %v, %v", i, ok)
	}
}

func TestAMemoryIsShortAndBounded(t *testing.T) {
	m, now := NewMemory(), time.Now()
	for id := range int64(2 * maxArticles) {
		m.articles.put(id, Info{ID: id}, now, 0)
	}
	if n := m.articles.kept.Len(); n != maxArticles {
		t.Errorf("%d articles are kept", n)
	}
	const last = 2*maxArticles - 1
	if _, _, ok := m.articles.get(last, now.Add(memoryLife-1)); !ok {
		t.Error("an article is forgotten early")
	}
	if _, _, ok := m.articles.get(last, now.Add(memoryLife)); ok {
		t.Error("an article is remembered longer than its time")
	}
	m.Forget()
	if n := m.articles.kept.Len(); n != 0 {
		t.Errorf("%d articles take room after a change", n)
	}
	none := newMemory(0)
	none.articles.put(1, Info{ID: 1}, now, 0)
	if _, _, ok := none.articles.get(1, now); ok {
		t.Error("a service without a memory remembers")
	}
}
