package ws

import (
	"bufio"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"rally/platform/auth"
)

// socket is one connection. Its reading goroutine lives as long as it does and
// owns its end; the hub's writers send what it has queued.
type socket struct {
	hub  *Hub
	conn *websocket.Conn
	in   *bufio.Reader  // conn reads from it; the reading goroutine's
	id   *auth.Identity // nil when nobody is logged in

	rooms map[string]*room // by topic name, nil until the first; guarded by hub.mu
	slot  int              // of the hub's ping rounds

	after         *socket // in the writers' line; with the next two guarded by writers.mu
	served, stuck bool    // a writer has it; its line is full

	// Owned by the reading goroutine, and made when first needed.
	limiter   *rate.Limiter
	malformed []time.Time
	outside   bool // the door has not let it in

	mu      sync.Mutex
	queue   []*frame
	writing bool // it is in the writers' line, or one has it
	holding bool // what is told waits in held
	held    []*frame
	closing bool          // a close frame is queued or written, or the line is dead
	space   chan struct{} // closed when the queue has room again; nil unless the reader waits
}

// enqueue hands f to the socket without waiting. When the queue is full, the
// socket is closed as too slow. It does nothing on a closing socket.
func (s *socket) enqueue(f *frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enqueueLocked(f)
}

func (s *socket) enqueueLocked(f *frame) {
	switch {
	case s.closing:
	case len(s.queue) < s.hub.cfg.Queue:
		s.pushLocked(f)
	default:
		s.slowLocked()
	}
}

func (s *socket) slowLocked() {
	s.hub.metrics.slow.Inc()
	s.queue = nil // it will never read them in time
	s.shutLocked(CloseSlow, "reading too slowly")
}

// ending reports whether the socket is closing.
func (s *socket) ending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// ping asks for a sign of life. Where frames are stuck already, their deadline
// does the same work.
func (s *socket) ping() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing && len(s.queue) < s.hub.cfg.Queue {
		s.pushLocked(s.hub.pingFrame)
	}
}

// shut closes the socket: after the frames in its queue it sends the code,
// and gives the peer the close timeout to agree. It returns false when the
// socket was closing already.
func (s *socket) shut(code int, reason string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.shutLocked(code, reason)
	return true
}

// goAway closes the socket because the hub shuts down.
func (s *socket) goAway() { s.shut(websocket.CloseGoingAway, "the server is going away") }

func (s *socket) shutLocked(code int, reason string) {
	s.pushLocked(closeFrame(code, reason))
	s.closing = true
	s.wakeLocked()
	// Ends the reading goroutine, and with it the socket, even when the peer
	// is gone or never reads.
	_ = s.conn.SetReadDeadline(time.Now().Add(s.hub.cfg.CloseTimeout))
}

// silence ends all writing after what is being written now.
func (s *socket) silence() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	s.queue = nil
	s.wakeLocked()
}

// pushLocked hands the socket to the writers when they don't have it. The reading
// goroutine, which is counted as they are, can't have ended: it sets closing first.
func (s *socket) pushLocked(f *frame) {
	s.queue = append(s.queue, f)
	if !s.writing {
		s.writing = true
		s.hub.writers.add(s)
	}
}

// next takes a frame off the queue, or says that there is none and a writer must
// let go.
func (s *socket) next() *frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		s.queue = nil // an idle socket holds no buffer
		s.writing = false
		return nil
	}
	f := s.queue[0]
	s.queue[0] = nil
	s.queue = s.queue[1:]
	if len(s.queue) <= s.hub.cfg.Queue/2 {
		s.wakeLocked()
	}
	return f
}

// write sends what is queued, up to a turn. It returns true when there may be more.
func (s *socket) write() (more bool) {
	for range turn {
		f := s.next()
		if f == nil {
			return false
		}
		if err := s.send(f); err != nil {
			s.failed(err)
		}
	}
	return true
}

func (s *socket) send(f *frame) error {
	if f.kind != websocket.TextMessage {
		return s.conn.WriteControl(f.kind, f.data, time.Now().Add(s.hub.cfg.WriteTimeout))
	}
	s.hub.metrics.frames.Inc()
	if f.prepared != nil {
		return s.conn.WritePreparedMessage(f.prepared)
	}
	return s.conn.WriteMessage(f.kind, f.data)
}

// failed ends a socket that can't be written to. After a close frame that is
// as it should be: then the reading goroutine waits for the peer to agree.
func (s *socket) failed(err error) {
	if errors.Is(err, websocket.ErrCloseSent) {
		return
	}
	if s.abandon(err) {
		s.hub.metrics.slow.Inc()
	}
	s.silence()
	_ = s.conn.Close() // wakes the reading goroutine
}

// abandon gives up what was sent to a peer that neither reads nor answers: else
// the kernel would keep it for minutes, and a peer that wakes up would read old
// news to their end. It returns false for any other end.
func (s *socket) abandon(err error) bool {
	var late net.Error
	if s.ending() || !errors.As(err, &late) || !late.Timeout() {
		return false
	}
	if w, ok := s.conn.NetConn().(*wire); ok {
		w.abandon()
	}
	return true
}

// awaitSpace waits until half of the queue is free. Only the reading goroutine,
// or who it waits for, calls it, before it answers its client: a client that asks faster than it
// reads is asked to wait by TCP. It returns false when the socket is closing.
func (s *socket) awaitSpace() bool {
	for {
		s.mu.Lock()
		if s.closing || len(s.queue) <= s.hub.cfg.Queue/2 {
			closing := s.closing
			s.mu.Unlock()
			return !closing
		}
		if s.space == nil {
			s.space = make(chan struct{})
		}
		space := s.space
		s.mu.Unlock()
		<-space
	}
}

func (s *socket) wakeLocked() {
	if s.space != nil {
		close(s.space)
		s.space = nil
	}
}
