package ws

import "sync"

// turn is how many frames of one socket leave before another has its turn.
const turn = 16

// writers send what sockets have queued. At most so many are at work, for
// however many sockets: a stack grown once serves a whole fan-out, and no frame
// waits for the scheduler. A writer on a line that is full doesn't count, and
// another takes its place, so no peer holds up others. One with nothing to do ends.
type writers struct {
	most     int
	running  *sync.WaitGroup
	attempts sync.Pool // of *attempt

	mu    sync.Mutex
	first *socket // whose turn is next; linked by socket.after
	last  *socket
	work  int // writers at work, but those on a line that is full
}

// add lines up a socket that is in no writer's hands.
func (w *writers) add(s *socket) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.addLocked(s)
	w.startLocked()
}

func (w *writers) addLocked(s *socket) {
	if w.first == nil {
		w.first = s
	} else {
		w.last.after = s
	}
	w.last = s
}

// startLocked starts a writer if there is work for one more.
func (w *writers) startLocked() {
	if w.first != nil && w.work < w.most {
		w.work++
		w.running.Add(1)
		go w.write()
	}
}

func (w *writers) write() {
	defer w.running.Done()
	for s := w.next(); s != nil; s = w.next() {
		w.done(s, s.write())
	}
}

// next takes the first socket, or tells a writer to end.
func (w *writers) next() *socket {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.first
	if s == nil || w.work > w.most {
		w.work--
		return nil
	}
	w.first, s.after = s.after, nil
	s.served = true
	if s.stuck {
		w.work--
		w.startLocked()
	}
	return s
}

// done puts a socket back, to the end of the line if it has more to send.
func (w *writers) done(s *socket, more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.served = false
	if s.stuck {
		w.work++
	}
	if more {
		w.addLocked(s)
	}
}

// stick notes that the line of a socket is full, or has room again. Whoever
// writes to it calls this: a writer, or the reading goroutine, for which then a
// writer waits.
func (w *writers) stick(s *socket, stuck bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.stuck = stuck
	switch {
	case !s.served:
	case stuck:
		w.work--
		w.startLocked()
	default:
		w.work++
	}
}
