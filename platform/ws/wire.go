package ws

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"
)

// wire is the line under a websocket. A write that finds room, as nearly all do,
// costs no deadline and no time is read for it; one that must wait says so to the
// hub's writers first. As for any websocket, one goroutine writes at a time.
type wire struct {
	net.Conn
	raw   syscall.RawConn // nil where a write can't be tried
	s     *socket
	until time.Time // of the next write; zero is the write timeout
}

func newWire(conn net.Conn, s *socket) *wire {
	w := &wire{Conn: conn, s: s}
	if c, ok := conn.(*net.TCPConn); ok && canTry {
		w.raw, _ = c.SyscallConn() // fails on no connection that was accepted
	}
	return w
}

// SetWriteDeadline implements net.Conn. It matters once a write must wait.
func (w *wire) SetWriteDeadline(t time.Time) error {
	w.until = t
	return nil
}

// Write implements net.Conn.
func (w *wire) Write(p []byte) (int, error) {
	if w.raw == nil {
		w.wait()
		defer w.resume()
		return w.Conn.Write(p)
	}
	attempts := &w.s.hub.writers.attempts
	a, _ := attempts.Get().(*attempt)
	if a == nil {
		a = &attempt{}
		a.try = a.write
	}
	a.w, a.p = w, p
	closed := w.raw.Write(a.try)
	if a.waits {
		w.resume()
	}
	n, err := a.n, a.err
	if err == nil {
		err = closed
	}
	*a = attempt{try: a.try}
	attempts.Put(a)
	return n, err
}

// CloseWrite says that no more will come, where the connection can.
func (w *wire) CloseWrite() error {
	if half, ok := w.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// abandon lets Close drop what has not arrived.
func (w *wire) abandon() {
	if c, ok := w.Conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0) // fails when it is closed
	}
}

// attempt is a write under way. They are kept, for each frame needs one.
type attempt struct {
	w     *wire
	p     []byte
	n     int // bytes that have left
	waits bool
	err   error
	try   func(fd uintptr) (done bool) // write, made once
}

// write writes what there is room for. It returns false when the rest must wait.
func (a *attempt) write(fd uintptr) (done bool) {
	for a.n < len(a.p) {
		n, err := try(fd, a.p[a.n:])
		a.n += max(n, 0)
		switch {
		case err == nil || errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN):
			if !a.waits {
				a.waits = true
				a.w.wait()
			}
			return false
		default:
			a.err = os.NewSyscallError("write", err)
			return true
		}
	}
	return true
}

func (w *wire) wait() {
	w.s.hub.writers.stick(w.s, true)
	until := w.until
	if until.IsZero() {
		until = time.Now().Add(w.s.hub.cfg.WriteTimeout)
	}
	_ = w.Conn.SetWriteDeadline(until) // fails when it is closed, and so will the write
}

func (w *wire) resume() {
	_ = w.Conn.SetWriteDeadline(time.Time{})
	w.s.hub.writers.stick(w.s, false)
}

// wiring lets the upgrader take a wire instead of the connection, and a small
// buffer that the socket can look into.
type wiring struct {
	http.ResponseWriter
	s *socket
}

// Hijack implements http.Hijacker.
func (w wiring) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	line := newWire(conn, w.s)
	if buffers.Reader.Buffered() == 0 { // else it speaks before it is answered, and is refused
		w.s.in = bufio.NewReaderSize(line, readBuffer)
		buffers.Reader = w.s.in
	}
	return line, buffers, nil
}
