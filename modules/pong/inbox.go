package pong

import "sync"

const (
	// inboxFrames is how many frames of clients wait for a table's next tick; more
	// are dropped. Two players send 120 a second at most.
	inboxFrames = 256
	// inboxCalls is how many lines that come and go do. A table with more stands
	// still, and is void.
	inboxCalls = 1024
)

// inbox is what waits for a table.
type inbox struct {
	mu     sync.Mutex
	list   []message
	spare  []message // the other buffer
	frames int
	full   bool
	closed bool
}

// put adds a message. It returns false when the table is gone.
func (b *inbox) put(m message) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return false
	case m.kind == heard && b.frames >= inboxFrames: // left out
	case m.kind == heard:
		b.frames++
		b.list = append(b.list, m)
	case m.kind < known && len(b.list)-b.frames >= inboxCalls:
		b.full = true
	default:
		b.list = append(b.list, m)
	}
	return true
}

// empty returns what waits, until the next call, and whether a call was lost.
func (b *inbox) empty() (list []message, full bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.list) == 0 {
		return nil, b.full
	}
	list = b.list
	b.list, b.spare = b.spare[:0], list
	b.frames = 0
	return list, b.full
}

// close ends it, and returns what nobody took.
func (b *inbox) close() []message {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return b.list
}
