package friends

import "sync"

// turns lets one at a time do something about a person.
type turns struct{ stripes [256]sync.Mutex }

// take waits for the turn of a person and returns what ends it.
func (t *turns) take(user int64) (end func()) {
	m := &t.stripes[user&int64(len(t.stripes)-1)] // their number is a power of two
	m.Lock()
	return m.Unlock
}
