package ws

import (
	"context"
	"maps"
	"slices"

	"github.com/gorilla/websocket"

	"rally/platform/auth"
	"rally/platform/fault"
)

// Door decides which logged-in sockets come in, and learns who is there. The
// hub calls it from the goroutines of the sockets, for one socket one call at a
// time, bounded in time and number as a topic's functions are; Leave alone is
// not bounded, and must not wait long.
type Door interface {
	// Turn waits until nothing else is being decided about the person, and
	// returns what ends the turn. The hub takes it around Enter, Takeover and
	// Idle, outside the number of calls at work: who connects a hundred times
	// takes nobody else's place.
	Turn(c *Conn) (end func())
	// Enter is called once for each logged-in socket, after hello. Who is not
	// let in waits outside: such a socket may ask for Takeover and follows
	// nothing. Closing it is the door's business. After an error the socket is
	// closed.
	Enter(ctx context.Context, c *Conn) (in bool, err error)
	// Takeover is what a socket outside asks for when somebody else is in.
	Takeover(ctx context.Context, c *Conn) (in bool, err error)
	// Idle says that nobody has touched this client for a while, or that
	// somebody is back.
	Idle(ctx context.Context, c *Conn, idle bool) error
	// Leave is called once after the end of every socket that Enter was called
	// for, whatever came of that.
	Leave(c *Conn)
	// Closing is called once, before a shutdown closes all sockets.
	Closing()
}

// Personal is a topic that every logged-in socket follows once it is in,
// without asking. Hub.Tell sends on it.
type Personal struct {
	// Name is the topic's name on the wire. It holds no colon.
	Name string
	// Greet returns what a socket gets first, or, when since is not negative,
	// what it has missed after the last thing that it saw: a client that comes
	// back says {"resume":{name:since}}. Each result is one frame. What is told
	// meanwhile is sent afterwards, and may be among it too.
	Greet func(ctx context.Context, userID, since int64) ([]any, error)
}

// Conn is a logged-in socket as its Door sees it. Its methods may be called at
// any time, also after its end, and never wait. Two are the same socket when
// their pointers are equal.
type Conn socket

// Identity returns whose socket it is.
func (c *Conn) Identity() auth.Identity { return *c.id }

// Send sends d, as JSON, on a topic.
func (c *Conn) Send(topic string, d any) {
	s := (*socket)(c)
	data, err := encode(topic, d)
	if err != nil {
		_ = s.hub.explain(err, topic) // logs it
		return
	}
	s.enqueue(newFrame(data, 1))
}

// Close closes the socket with a code and a reason, after what is in its queue.
// It returns false when the socket was closing already.
func (c *Conn) Close(code int, reason string) bool { return (*socket)(c).shut(code, reason) }

// Frame is an event that is encoded once and sent to many.
type Frame struct{ f *frame }

// NewFrame encodes d, as JSON, on a topic, for so many receivers.
func NewFrame(topic string, d any, receivers int) (Frame, error) {
	data, err := encode(topic, d)
	if err != nil {
		return Frame{}, err
	}
	return Frame{newFrame(data, receivers)}, nil
}

// SendFrame sends what NewFrame made.
func (c *Conn) SendFrame(f Frame) { (*socket)(c).enqueue(f.f) }

// Present returns the users who are in on this node.
func (h *Hub) Present() []int64 {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return slices.Collect(maps.Keys(h.people))
}

// AnyPresent reports whether one of some users is in on this node.
func (h *Hub) AnyPresent(userIDs ...int64) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return slices.ContainsFunc(userIDs, func(id int64) bool { return len(h.people[id]) > 0 })
}

// Sessions returns the sessions of this node's sockets, each once.
func (h *Hub) Sessions() []int64 {
	seen := map[int64]struct{}{}
	for _, s := range h.all(func(s *socket) bool { return s.id != nil }) {
		seen[s.id.SessionID] = struct{}{}
	}
	for _, d := range h.allDirects(func(d *Direct) bool { return d.id != nil }) {
		seen[d.id.SessionID] = struct{}{}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Tell sends d, as JSON, on a personal topic to every socket of a user that is
// in on this node. It never waits. An event that can't be encoded is logged.
func (h *Hub) Tell(userID int64, topic string, d any) {
	h.mu.RLock()
	list := append([]*socket(nil), h.people[userID]...)
	h.mu.RUnlock()
	if len(list) == 0 {
		return
	}
	data, err := encode(topic, d)
	if err != nil {
		_ = h.explain(err, topic) // logs it
		return
	}
	f := newFrame(data, len(list))
	for _, s := range list {
		s.deliver(f)
	}
}

// enter lets the door decide about a socket that has just been greeted.
func (s *socket) enter() {
	if s.hub.door != nil {
		s.outside = true
		s.knock(s.hub.door.Enter)
		return
	}
	s.settle()
}

// knock asks the door once, and lets the socket in if it may.
func (s *socket) knock(ask func(ctx context.Context, c *Conn) (bool, error)) {
	in, err := s.decide(ask)
	switch {
	case err != nil:
		f, code := s.hub.explain(err, ""), websocket.ClosePolicyViolation
		if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
			code = websocket.CloseInternalServerErr
		}
		s.tell(f, "")
		s.shut(code, f.Code)
	case in:
		s.outside = false
		s.settle()
	}
}

// decide is the door's turn alone: a slow greeting must not keep the person's other
// sockets waiting at the door.
func (s *socket) decide(ask func(ctx context.Context, c *Conn) (bool, error)) (in bool, err error) {
	defer s.hub.door.Turn((*Conn)(s))()
	err = s.hub.call(s.context(), func(ctx context.Context) (err error) {
		in, err = ask(ctx, (*Conn)(s))
		return err
	})
	return in, err
}

// settle makes the socket a follower of the personal topics and greets it. What
// is told from the first moment on follows the greetings.
func (s *socket) settle() {
	s.hold()
	defer s.release()
	s.hub.seat(s)
	for i := range s.hub.personal {
		s.greetOn(&s.hub.personal[i], -1)
	}
}

// resume sends what the client has missed. What is told meanwhile follows it.
func (s *socket) resume(p *Personal, since int64) {
	s.hold()
	defer s.release()
	s.greetOn(p, since)
}

// greetOn sends a personal topic's greeting, no faster than the client reads.
func (s *socket) greetOn(p *Personal, since int64) {
	var greeting []any
	err := s.hub.call(s.context(), func(ctx context.Context) (err error) {
		greeting, err = p.Greet(ctx, s.id.UserID, since)
		return err
	})
	if err != nil {
		s.tell(s.hub.explain(err, p.Name), p.Name)
		return
	}
	for _, d := range greeting {
		if !s.awaitSpace() {
			return
		}
		(*Conn)(s).Send(p.Name, d)
	}
}

// hold keeps what is told to the socket back, until release.
func (s *socket) hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holding = true
}

func (s *socket) release() {
	s.mu.Lock()
	held := s.held
	s.holding, s.held = false, nil
	for _, f := range held {
		s.enqueueLocked(f)
	}
	s.mu.Unlock()
}

// deliver is enqueue for what is told. More than a queue holds is not held back:
// the socket is as slow as one whose queue is full.
func (s *socket) deliver(f *frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.holding:
		s.enqueueLocked(f)
	case s.closing:
	case len(s.held) < s.hub.cfg.Queue:
		s.held = append(s.held, f)
	default:
		s.slowLocked()
	}
}

// say obeys what a client says besides subscriptions. Who is in already takes over
// nothing.
func (s *socket) say(r request) {
	inside := r.Idle != nil || len(r.Resume) > 0
	switch {
	case !r.Takeover && !inside:
		return
	case !s.allow():
		s.tell(ErrRateLimited, "")
		return
	case s.id == nil:
		s.tell(auth.ErrRequired, "")
		return
	}
	if r.Takeover && s.outside {
		s.knock(s.hub.door.Takeover)
	}
	if s.outside {
		if inside {
			s.tell(ErrNotSeated, "")
		}
		return
	}
	if r.Idle != nil && s.hub.door != nil {
		s.rest(*r.Idle)
	}
	s.resumeAll(r.Resume)
}

// resumeAll sends what was missed, in the order of the greetings, then refuses
// what is no personal topic.
func (s *socket) resumeAll(since map[string]*int64) {
	for i := range s.hub.personal {
		p := &s.hub.personal[i]
		if last := since[p.Name]; last != nil {
			delete(since, p.Name)
			s.resume(p, *last)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(since)) {
		if !s.awaitSpace() {
			return
		}
		s.tell(ErrUnknownTopic, name)
	}
}

// rest tells the door that the client is idle, or isn't any more.
func (s *socket) rest(idle bool) {
	defer s.hub.door.Turn((*Conn)(s))()
	err := s.hub.call(s.context(), func(ctx context.Context) error { return s.hub.door.Idle(ctx, (*Conn)(s), idle) })
	if err != nil {
		s.tell(s.hub.explain(err, ""), "")
	}
}
