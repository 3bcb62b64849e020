// Package recent keeps what was read a moment ago, so that what everybody asks
// for is not read for each of them.
package recent

import (
	"hash/maphash"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Cache keeps up to a number of values, each for a while after it was read. It
// is safe for concurrent use.
//
// What it returns is no older than its life, and never older than the last
// change that was told with Drop or Purge: whoever reads says with Mark when
// they began, and what a change may have overtaken is not shown.
type Cache[K comparable, V any] struct {
	kept    *lru.Cache[K, dated[V]]
	life    time.Duration
	seed    maphash.Seed
	changes atomic.Uint64         // numbers them
	last    [shards]atomic.Uint64 // the last change of a key in the shard
}

const shards = 256

type dated[V any] struct {
	value V
	at    time.Time
	mark  uint64
}

// New returns a cache of at most size values. A life of 0 keeps nothing.
func New[K comparable, V any](size int, life time.Duration) *Cache[K, V] {
	kept, _ := lru.New[K, dated[V]](max(size, 1)) // fails for sizes below 1
	return &Cache[K, V]{kept: kept, life: life, seed: maphash.MakeSeed()}
}

func (c *Cache[K, V]) shard(key K) *atomic.Uint64 {
	return &c.last[maphash.Comparable(c.seed, key)%shards]
}

// Get returns a value and when it was read, unless it is too old.
func (c *Cache[K, V]) Get(key K, now time.Time) (value V, at time.Time, ok bool) {
	found, ok := c.kept.Get(key)
	if !ok || now.Sub(found.at) >= c.life || found.mark < c.shard(key).Load() {
		return value, at, false
	}
	return found.value, found.at, true
}

// Mark is for Put: take it before reading.
func (c *Cache[K, V]) Mark() uint64 { return c.changes.Load() }

// Put keeps what was read at some time by somebody who took mark before, unless
// it changed since.
func (c *Cache[K, V]) Put(key K, value V, at time.Time, mark uint64) {
	if c.life > 0 && mark >= c.shard(key).Load() {
		c.kept.Add(key, dated[V]{value, at, mark})
	}
}

// Drop forgets values that have changed, also those that are being read.
func (c *Cache[K, V]) Drop(keys ...K) {
	n := c.changes.Add(1)
	for _, key := range keys {
		raise(c.shard(key), n)
		c.kept.Remove(key)
	}
}

// Purge forgets everything.
func (c *Cache[K, V]) Purge() {
	n := c.changes.Add(1)
	for i := range c.last {
		raise(&c.last[i], n)
	}
	c.kept.Purge()
}

// raise sets v to n, unless a later change was faster.
func raise(v *atomic.Uint64, n uint64) {
	for old := v.Load(); old < n && !v.CompareAndSwap(old, n); old = v.Load() {
	}
}

// Len is how many values are kept, those that are too old among them.
func (c *Cache[K, V]) Len() int { return c.kept.Len() }
