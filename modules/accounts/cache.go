package accounts

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	sessionCacheSize = 16_384
	// sessionCacheTTL is how long a node may believe in a session that ended
	// on another node, if the signal got lost.
	sessionCacheTTL = 10 * time.Second
	seenEvery       = time.Minute // how often last_seen_at is written, at most
	maxSeen         = 10_000      // sightings that wait to be written; more are dropped

	epochShards = 256
)

type cachedSession struct {
	session  Session
	loadedAt time.Time
}

// sessionCache remembers live sessions for a moment. An ended session must
// never come back: who loads a row while it is being dropped may not store
// it. Each drop therefore starts a new epoch of the ids that share its shard,
// and put refuses rows that were read in an older one.
type sessionCache struct {
	mu     sync.Mutex
	lru    *simplelru.LRU[int64, *cachedSession]
	epochs [epochShards]uint64
	seen   map[int64]time.Time // sightings to be written
}

func newSessionCache() (*sessionCache, error) {
	lru, err := simplelru.NewLRU[int64, *cachedSession](sessionCacheSize, nil)
	if err != nil {
		return nil, err
	}
	return &sessionCache{lru: lru, seen: map[int64]time.Time{}}, nil
}

func shardOf(id int64) int { return int(uint64(id) % epochShards) } //nolint:gosec // a shard, not a number

// get returns a live session, or else the epoch to hand to put after loading.
func (c *sessionCache) get(id int64, now time.Time) (s Session, epoch uint64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry, found := c.lru.Get(id)
	age := time.Duration(0)
	if found {
		age = now.Sub(entry.loadedAt)
	}
	// An entry that has expired may have been extended since: load it.
	if !found || age < 0 || age >= sessionCacheTTL || !entry.session.Live(now) {
		return Session{}, c.epochs[shardOf(id)], false
	}
	return entry.session, 0, true
}

// put stores a live session that was read after get returned epoch.
func (c *sessionCache) put(s Session, epoch uint64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epochs[shardOf(s.ID)] == epoch {
		c.lru.Add(s.ID, &cachedSession{session: s, loadedAt: now})
	}
}

// drop forgets sessions, also those that are being loaded right now.
func (c *sessionCache) drop(ids ...int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		c.epochs[shardOf(id)]++
		c.lru.Remove(id)
		delete(c.seen, id)
	}
}

// sight notes that a session was used, when the last note is old enough.
func (c *sessionCache) sight(s Session, now time.Time) {
	if now.Sub(s.LastSeenAt) < seenEvery {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, noted := c.seen[s.ID]; noted || len(c.seen) >= maxSeen {
		return
	}
	c.seen[s.ID] = now
	if entry, ok := c.lru.Peek(s.ID); ok {
		entry.session.LastSeenAt = now
	}
}

// takeSeen returns the sightings that wait to be written, and the newest of
// their times.
func (c *sessionCache) takeSeen() (ids []int64, newest time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, at := range c.seen {
		ids = append(ids, id)
		if at.After(newest) {
			newest = at
		}
	}
	clear(c.seen)
	return ids, newest
}
