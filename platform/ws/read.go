package ws

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"rally/platform/auth"
	"rally/platform/fault"
)

// run is the reading goroutine: it greets the client, obeys it, and ends the
// socket.
func (s *socket) run() {
	defer s.hub.running.Done()
	s.conn.SetReadLimit(MaxFrame)
	s.conn.SetPongHandler(func(string) error { // of those amid a message
		s.extend()
		return nil
	})
	var err error
	aside(func() {
		s.extend()
		err = s.greet()
	})
	// A session that ended during the handshake takes no place.
	entered := err == nil && s.id != nil && !s.ending()
	if entered {
		aside(s.enter)
	}
	if err == nil {
		err = s.obey()
	}
	s.hub.remove(s)
	if entered && s.hub.door != nil {
		aside(func() { s.hub.door.Leave((*Conn)(s)) })
	}
	s.linger(err)
	s.silence()
	_ = s.conn.Close()
	s.hub.giveBack(s.id) // not before: until here it holds a connection
}

// aside runs fn on a goroutine of its own and waits for it: what needs a deep
// stack must not leave one with a goroutine that lives for hours.
func aside(fn func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn()
	}()
	<-done
}

// extend gives the peer another pong timeout, unless its end is decided.
func (s *socket) extend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		_ = s.conn.SetReadDeadline(time.Now().Add(s.hub.cfg.PongTimeout))
	}
}

// context is what topic functions see of the client.
func (s *socket) context() context.Context {
	if s.id == nil {
		return s.hub.ctx
	}
	return auth.With(s.hub.ctx, *s.id)
}

// greet sends the hello frame.
func (s *socket) greet() error {
	f, err := helloFrame(s.hub.clock.Now(), s.id)
	if err == nil {
		s.enqueue(f)
	}
	return err
}

// obey reads frames until the connection ends, and returns why it did. Once
// the socket is closing, it only waits for the peer to agree. Nearly always it
// waits in Peek, whose stack is the least there is.
func (s *socket) obey() error {
	for {
		if _, err := s.in.Peek(1); err != nil {
			return err
		}
		var err error
		aside(func() { err = s.listen() })
		if err != nil {
			return err
		}
	}
}

// listen takes one frame, or all of a message that comes in several.
func (s *socket) listen() error {
	if pong, err := s.pong(); pong || err != nil {
		return err
	}
	kind, r, err := s.conn.NextReader()
	if err != nil {
		return err
	}
	if kind != websocket.TextMessage {
		s.shut(websocket.CloseUnsupportedData, "text frames only")
		_, err = io.Copy(io.Discard, r)
		return err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.awaitSpace() {
		s.handle(data)
	}
	s.extend()
	return nil
}

// pong takes a pong, if one comes next. The library would go on to wait for a
// message, for hours, and so it does after a client's own ping, which browsers
// don't send. What is not as RFC 6455, section 5.5, has it is left to it.
func (s *socket) pong() (bool, error) {
	const (
		header = 2
		mask   = 4
		final  = 0x80
		masked = 0x80
	)
	h, err := s.in.Peek(header)
	if err != nil {
		return false, err
	}
	size := int(h[1] &^ masked)
	if h[0] != final|websocket.PongMessage || h[1]&masked == 0 || size > maxControl {
		return false, nil
	}
	if _, err := s.in.Discard(header + mask + size); err != nil {
		return false, err
	}
	s.extend()
	return true, nil
}

func (s *socket) handle(data []byte) {
	req, ok := parse(data)
	if !ok {
		s.misspoke()
		return
	}
	s.say(req)
	for _, name := range req.Unsub {
		s.hub.leave(s, name)
	}
	for _, name := range req.Sub {
		if !s.awaitSpace() {
			return
		}
		if err := s.subscribe(name); err != nil {
			s.tell(s.hub.explain(err, name), name)
		}
	}
}

func (s *socket) subscribe(name string) error {
	if !s.allow() {
		return ErrRateLimited
	}
	if s.outside {
		return ErrNotSeated
	}
	topic, arg, err := s.hub.find(name)
	if err != nil {
		return err
	}
	if !s.hub.mayJoin(s, name) {
		return ErrTooManyTopics
	}
	err = s.hub.call(s.context(), func(ctx context.Context) error { return topic.authorize(ctx, arg) })
	if err != nil {
		// Whoever followed already, and may not any more, stops.
		s.hub.leave(s, name)
		return err
	}
	s.hub.join(s, topic, name, arg)
	return nil
}

// allow takes one of the requests that cost something.
func (s *socket) allow() bool {
	if s.limiter == nil {
		s.limiter = rate.NewLimiter(rate.Limit(s.hub.cfg.SubscribeRate), s.hub.cfg.SubscribeBurst)
	}
	return s.limiter.AllowN(s.hub.clock.Now(), 1)
}

// misspoke answers a malformed frame. The fifth within a minute closes.
func (s *socket) misspoke() {
	now := s.hub.clock.Now()
	s.malformed = append(s.malformed, now)
	if len(s.malformed) < maxMalformed {
		s.tell(ErrMalformed, "")
		return
	}
	if now.Sub(s.malformed[0]) < malformedWindow {
		s.shut(websocket.ClosePolicyViolation, "malformed frames")
		return
	}
	s.malformed = append(s.malformed[:0], s.malformed[1:]...)
	s.tell(ErrMalformed, "")
}

// tell sends an error frame.
func (s *socket) tell(f *fault.Error, topic string) {
	if frame, err := errorFrame(f, topic); err == nil {
		s.enqueue(frame)
	}
}

// linger lets the close frame arrive that the websocket library has sent for
// a frame against the protocol. Closing with unread bytes would reset the
// connection, and the peer would see that instead of the code.
func (s *socket) linger(err error) {
	s.abandon(err)
	var closed *websocket.CloseError
	var broken net.Error
	if errors.As(err, &closed) || errors.As(err, &broken) || errors.Is(err, io.EOF) {
		return
	}
	s.silence()
	conn := s.conn.NetConn()
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = conn.SetReadDeadline(time.Now().Add(s.hub.cfg.CloseTimeout))
	_, _ = io.CopyN(io.Discard, conn, lingerBytes)
}
