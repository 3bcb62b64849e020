package recent_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rally/platform/recent"
)

// Readers who began before a write and end after it must not leave what they
// saw to those who come later.
func TestNothingFromBeforeAChangeIsKept(t *testing.T) {
	c, now := recent.New[int, int64](8, time.Minute), time.Now()
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
				mark := c.Mark()
				c.Put(1, version.Load(), now, mark)
			}
		})
	}
	kept := 0
	for range 20_000 {
		written := version.Add(1)
		c.Drop(1)
		if seen, _, ok := c.Get(1, now); ok {
			// A reader may show what is newer than this loop knows, never what is older.
			if kept++; seen < written {
				t.Fatalf("the value of change %d is shown after change %d", seen, written)
			}
		}
	}
	close(done)
	readers.Wait()
	if kept == 0 {
		t.Log("no reader was quick enough to be kept between two changes")
	}
	c.Put(1, 7, now, c.Mark())
	if v, at, ok := c.Get(1, now.Add(time.Minute-1)); !ok || v != 7 || !at.Equal(now) {
		t.Errorf("without a change: %v, %v", v, ok)
	}
}

func TestACacheIsShortAndBounded(t *testing.T) {
	c, now := recent.New[int, int](4, time.Second), time.Now()
	for i := range 9 {
		c.Put(i, i, now, c.Mark())
	}
	if n := c.Len(); n != 4 {
		t.Errorf("%d values are kept, not 4", n)
	}
	if _, _, ok := c.Get(8, now.Add(time.Second)); ok {
		t.Error("a value outlives its life")
	}
	if c.Purge(); c.Len() != 0 {
		t.Error("a purge leaves something")
	}
	none := recent.New[int, int](4, 0)
	if none.Put(1, 1, now, none.Mark()); none.Len() != 0 {
		t.Error("a cache without a life keeps something")
	}
}
