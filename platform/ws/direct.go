package ws

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/gorilla/websocket"

	"rally/platform/auth"
)

// Direct is a websocket of small binary messages whose owner writes every frame
// itself, header and all, many times a second: one buffer serves all receivers, and
// no goroutine stands between. A frame that finds no room is left out, for the next
// one says more; so nobody ever waits for a slow reader.
//
// Everything else is as on the live line: who may connect, how many of one session,
// signs of life, and the end with the session or the server. Its methods are safe for
// concurrent use, but for Read.
type Direct struct {
	hub   *Hub
	conn  *websocket.Conn // for reading; what it writes by itself goes through Send
	line  net.Conn
	id    *auth.Identity // nil when nobody is logged in
	raw   syscall.RawConn
	limit int64
	over  error // why reading ended; the reading goroutine's

	mu      sync.Mutex
	closing bool
	rest    []byte // what of the frames before has not left
	since   time.Time
	frame   []byte // being written, with how much has left
	left    int
	err     error
	try     func(fd uintptr) (done bool) // write, made once
}

const (
	directBinary = websocket.BinaryMessage
	// Headers of short frames of a server: RFC 6455, section 5.2.
	headPing  = 0x89
	headPong  = 0x8A
	headClose = 0x88
)

// ServeDirect turns the request into a Direct and returns; run reads from it, on a
// goroutine of its own, and its return is the socket's end. Messages of clients have
// at most limit bytes. Context carries the caller's identity and ends with the hub.
// What fails is answered as in Serve.
func (h *Hub) ServeDirect(w http.ResponseWriter, r *http.Request, limit int64, run func(ctx context.Context, d *Direct)) {
	r, id, ok := h.receive(w, r)
	if !ok {
		return
	}
	d := &Direct{hub: h, id: id, limit: limit}
	d.try = d.write
	conn, err := h.upgrader.Upgrade(directWiring{w, d}, r, nil)
	if err != nil {
		h.giveBack(id)
		h.running.Done()
		return // answered by the upgrader
	}
	d.conn = conn
	conn.SetReadLimit(limit)
	conn.SetPingHandler(func(data string) error { d.control(headPong, []byte(data)); return nil })
	conn.SetPongHandler(func(string) error { d.extend(); return nil })
	// A close is answered once: the library's own answer would be a second one where
	// this side began.
	conn.SetCloseHandler(func(code int, _ string) error {
		if code == websocket.CloseNoStatusReceived {
			code = websocket.CloseNormalClosure
		}
		d.Close(code, "")
		return nil
	})
	if !h.addDirect(d) {
		d.Close(websocket.CloseGoingAway, "the server is going away")
	}
	if id != nil && h.recheck != nil {
		if err := h.call(d.context(), func(ctx context.Context) error { return h.recheck(r.WithContext(ctx)) }); err != nil {
			f, code := h.ended(err)
			d.Close(code, f.Code)
		}
	}
	// A fresh goroutine, as for Serve.
	go func() {
		defer h.running.Done()
		d.extend()
		run(d.context(), d)
		h.removeDirect(d)
		d.end()
		h.giveBack(id)
	}()
}

func (d *Direct) context() context.Context {
	if d.id == nil {
		return d.hub.ctx
	}
	return auth.With(d.hub.ctx, *d.id)
}

// Identity returns whose socket it is, or false for nobody's.
func (d *Direct) Identity() (auth.Identity, bool) {
	if d.id == nil {
		return auth.Identity{}, false
	}
	return *d.id, true
}

// Read returns the next message, which the caller may keep. A message of text ends
// the socket. One goroutine reads.
func (d *Direct) Read() ([]byte, error) {
	kind, r, err := d.conn.NextReader()
	var data []byte
	switch {
	case err != nil:
	case d.ending():
		err = net.ErrClosed // what comes after the end is nobody's
	case kind != directBinary:
		d.Close(websocket.CloseUnsupportedData, "binary frames only")
		err = websocket.ErrBadHandshake
	default:
		data = make([]byte, d.limit) // no message is longer
		var n int
		if n, err = io.ReadFull(r, data); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = nil
		}
		data = data[:n]
	}
	if d.over = err; err == nil {
		d.extend()
	}
	return data, err
}

func (d *Direct) ending() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.closing
}

// directWiring lets the upgrader take a line that never waits.
type directWiring struct {
	http.ResponseWriter
	d *Direct
}

// Hijack implements http.Hijacker.
func (w directWiring) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.d.line = conn
	if c, ok := conn.(syscall.Conn); ok && canTry {
		w.d.raw, _ = c.SyscallConn() // fails on no connection that was accepted
	}
	return directLine{conn, w.d}, buffers, nil
}

// directLine is the connection as the library sees it. The library answers what is
// against the protocol by itself, and would wait for room.
type directLine struct {
	net.Conn
	d *Direct
}

// Write implements net.Conn.
func (l directLine) Write(p []byte) (int, error) {
	l.d.Send(p, true)
	return len(p), nil
}

// SetWriteDeadline implements net.Conn.
func (directLine) SetWriteDeadline(time.Time) error { return nil }

// Send writes a whole frame of the protocol. It never waits, and keeps nothing of it.
// Where there is no room, the frame is left out, unless must is set: then it waits for
// room. A socket for which there is none for the write timeout is cut off.
func (d *Direct) Send(frame []byte, must bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closing {
		return
	}
	if len(d.rest) > 0 && !d.flushLocked() {
		if must && len(d.rest) < maxRest {
			d.rest = append(d.rest, frame...)
		} else {
			d.hub.metrics.skipped.Inc()
		}
		return
	}
	n := d.writeLocked(frame)
	if n == len(frame) || d.err != nil {
		return
	}
	if n == 0 && !must {
		d.hub.metrics.skipped.Inc()
		return
	}
	d.rest, d.since = append(d.rest[:0], frame[n:]...), d.hub.clock.Now()
}

// maxRest is how much waits for a line that is full, in bytes.
const maxRest = 4096

// flushLocked writes what is left of frames before. It returns false when there is
// still some, or the socket is cut off.
func (d *Direct) flushLocked() bool {
	n := d.writeLocked(d.rest)
	d.rest = d.rest[:copy(d.rest, d.rest[n:])]
	if len(d.rest) > 0 && d.err == nil && d.hub.clock.Now().Sub(d.since) > d.hub.cfg.WriteTimeout {
		d.hub.metrics.slow.Inc()
		d.cutLocked()
	}
	return len(d.rest) == 0 && d.err == nil
}

// writeLocked writes what there is room for, and returns how much that was.
func (d *Direct) writeLocked(p []byte) int {
	if d.raw == nil {
		_ = d.line.SetWriteDeadline(time.Now().Add(d.hub.cfg.WriteTimeout))
		n, err := d.line.Write(p)
		d.err = err
		return n
	}
	d.frame, d.left = p, 0
	if err := d.raw.Write(d.try); err != nil && d.err == nil {
		d.err = err
	}
	d.frame = nil
	if d.err != nil {
		d.cutLocked()
	}
	return d.left
}

func (d *Direct) write(fd uintptr) (done bool) {
	for d.left < len(d.frame) {
		n, err := try(fd, d.frame[d.left:])
		d.left += max(n, 0)
		switch {
		case err == nil || errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN):
			return true
		default:
			d.err = os.NewSyscallError("write", err)
			return true
		}
	}
	return true
}

// cutLocked ends a socket that can't be written to.
func (d *Direct) cutLocked() {
	d.closing = true
	_ = d.line.SetReadDeadline(time.Unix(1, 0)) // wakes the reading goroutine
}

// control sends a short control frame, if there is room.
func (d *Direct) control(head byte, data []byte) {
	if len(data) <= maxControl {
		d.Send(controlFrame(head, data), true)
	}
}

func controlFrame(head byte, data []byte) []byte {
	return append([]byte{head, byte(len(data))}, data...) //nolint:gosec // at most maxControl
}

// extend gives the client another pong timeout.
func (d *Direct) extend() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closing {
		_ = d.line.SetReadDeadline(time.Now().Add(d.hub.cfg.PongTimeout))
	}
}

// Close sends a code and a reason, and gives the client the close timeout to agree. It
// never waits. It returns false when the socket was closing already.
func (d *Direct) Close(code int, reason string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closing {
		return false
	}
	frame := controlFrame(headClose, closeFrame(code, reason).data)
	if len(d.rest) == 0 || d.flushLocked() {
		d.writeLocked(frame)
	}
	d.closing = true
	_ = d.line.SetReadDeadline(time.Now().Add(d.hub.cfg.CloseTimeout))
	return true
}

// end closes, after the client has agreed to a close, or has had the time to. Closing
// with unread bytes would reset the connection, and the client would see that instead
// of the code: see socket.linger.
func (d *Direct) end() {
	var closed *websocket.CloseError
	var broken net.Error
	heard := errors.As(d.over, &closed) || errors.As(d.over, &broken) || errors.Is(d.over, io.EOF)
	d.mu.Lock()
	lingers := d.err == nil && !heard && (d.closing || d.over != nil)
	d.closing = true
	d.mu.Unlock()
	if lingers {
		if half, ok := d.line.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
		_ = d.line.SetReadDeadline(time.Now().Add(d.hub.cfg.CloseTimeout))
		_, _ = io.CopyN(io.Discard, d.line, lingerBytes)
	}
	_ = d.line.Close()
}

func (h *Hub) addDirect(d *Direct) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.directs[d] = struct{}{}
	h.metrics.sockets.Inc()
	return !h.draining
}

func (h *Hub) removeDirect(d *Direct) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.directs, d)
	h.metrics.sockets.Dec()
}

// allDirects returns the directs that match.
func (h *Hub) allDirects(match func(*Direct) bool) []*Direct {
	h.mu.RLock()
	defer h.mu.RUnlock()
	var list []*Direct
	for d := range h.directs {
		if match(d) {
			list = append(list, d)
		}
	}
	return list
}
