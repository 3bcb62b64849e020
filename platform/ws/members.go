package ws

import (
	"context"
	"fmt"
	"slices"

	"github.com/gorilla/websocket"

	"rally/platform/auth"
)

// admit counts a handshake, and with it the reading goroutine that it becomes,
// so that a shutdown waits for both. It returns false when one has begun.
func (h *Hub) admit() bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.draining {
		return false
	}
	h.running.Add(1)
	return true
}

// reserve takes one of a session's sockets, until giveBack. It returns false when
// the session has no more.
func (h *Hub) reserve(id *auth.Identity) bool {
	if id == nil {
		return true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open[id.SessionID] >= MaxSockets {
		return false
	}
	h.open[id.SessionID]++
	return true
}

func (h *Hub) giveBack(id *auth.Identity) {
	if id == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[id.SessionID]--
	if h.open[id.SessionID] == 0 {
		delete(h.open, id.SessionID)
	}
}

// add registers an admitted socket. It returns false when a shutdown began
// during the handshake: that one doesn't know the socket.
func (h *Hub) add(s *socket) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.slot = h.joined % pingRounds
	h.joined++
	h.sockets[s.slot][s] = struct{}{}
	h.metrics.sockets.Inc()
	return !h.draining
}

// seat notes that a socket is in: from now on its user can be told something.
func (h *Hub) seat(s *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.people[s.id.UserID] = append(h.people[s.id.UserID], s)
}

// remove takes a socket out of every room and off the lists.
func (h *Hub) remove(s *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.id != nil {
		h.people[s.id.UserID] = slices.DeleteFunc(h.people[s.id.UserID], func(o *socket) bool { return o == s })
		if len(h.people[s.id.UserID]) == 0 {
			delete(h.people, s.id.UserID)
		}
	}
	for name := range s.rooms {
		h.leaveLocked(s, name)
	}
	delete(h.sockets[s.slot], s)
	h.metrics.sockets.Dec()
}

// mayJoin reports whether s has room for the topic, or follows it already.
func (h *Hub) mayJoin(s *socket, name string) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return s.rooms[name] != nil || len(s.rooms) < MaxTopics
}

// join makes s a follower of the topic. Its snapshot comes by itself.
func (h *Hub) join(s *socket, topic *Topic, name, arg string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[name]
	if r == nil {
		r = &room{
			hub: h, topic: topic, name: name, arg: arg,
			subs: map[*socket]struct{}{}, waiting: map[*socket]*newcomer{},
		}
		h.rooms[name] = r
	}
	if s.rooms[name] == nil {
		if s.rooms == nil {
			s.rooms = map[string]*room{}
		}
		s.rooms[name] = r
		h.metrics.subscriptions.Inc()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.addLocked(s)
}

// leave ends a subscription, if there is one.
func (h *Hub) leave(s *socket, name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.leaveLocked(s, name)
}

func (h *Hub) leaveLocked(s *socket, name string) {
	r := s.rooms[name]
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.removeLocked(s)
	h.forgetLocked(s, r)
}

// expel ends the subscription of a socket that its room has dropped, unless it
// has subscribed again meanwhile.
func (h *Hub) expel(s *socket, r *room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.rooms[r.name] == r && !r.hasLocked(s) {
		h.forgetLocked(s, r)
	}
}

// forgetLocked needs hub.mu and room.mu. A room without followers ends.
func (h *Hub) forgetLocked(s *socket, r *room) {
	delete(s.rooms, r.name)
	h.metrics.subscriptions.Dec()
	if r.emptyLocked() {
		r.endLocked()
		delete(h.rooms, r.name)
	}
}

// pingSome pings the sockets of one round and arranges for the next.
func (h *Hub) pingSome() {
	h.mu.Lock()
	if h.draining {
		h.mu.Unlock()
		return
	}
	h.round = (h.round + 1) % pingRounds
	list := make([]*socket, 0, len(h.sockets[h.round]))
	for s := range h.sockets[h.round] {
		list = append(list, s)
	}
	whole := h.round == 0
	h.stopPings = h.clock.AfterFunc(h.cfg.PingInterval/pingRounds, h.pingSome)
	h.mu.Unlock()
	for _, s := range list {
		s.ping()
	}
	if whole {
		for _, d := range h.allDirects(func(*Direct) bool { return true }) {
			d.control(headPing, nil)
		}
	}
}

// all returns the sockets that match.
func (h *Hub) all(match func(*socket) bool) []*socket {
	h.mu.RLock()
	defer h.mu.RUnlock()
	var list []*socket
	for _, round := range h.sockets {
		for s := range round {
			if match(s) {
				list = append(list, s)
			}
		}
	}
	return list
}

// CloseWhere closes this node's logged-in sockets whose identity matches, such
// as those of an ended session, and returns how many. They get what is in their
// queue, then the code and the reason (at most 123 bytes). Match must not call
// the hub.
func (h *Hub) CloseWhere(match func(auth.Identity) bool, code int, reason string) int {
	closed := 0
	for _, s := range h.all(func(s *socket) bool { return s.id != nil && match(*s.id) }) {
		if s.shut(code, reason) {
			closed++
		}
	}
	for _, d := range h.allDirects(func(d *Direct) bool { return d.id != nil && match(*d.id) }) {
		if d.Close(code, reason) {
			closed++
		}
	}
	return closed
}

// OnClosing has fn called once when a shutdown begins, before it closes sockets. Its
// context ends with the shutdown's.
func (h *Hub) OnClosing(fn func(ctx context.Context)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closing = append(h.closing, fn)
}

// Shutdown refuses new sockets, closes all others with 1001 and waits until
// they are gone, which takes the close timeout at most. When ctx ends first,
// it cuts them off and returns an error. Topic functions at work are cancelled.
func (h *Hub) Shutdown(ctx context.Context) error {
	h.mu.Lock()
	first := !h.draining
	h.draining = true
	h.stopPings()
	closing := h.closing
	h.mu.Unlock()
	if first && h.door != nil {
		h.door.Closing()
	}
	if first {
		for _, fn := range closing {
			fn(ctx)
		}
	}
	everyone := func(*socket) bool { return true }
	for _, s := range h.all(everyone) {
		s.goAway()
	}
	for _, d := range h.allDirects(func(*Direct) bool { return true }) {
		d.Close(websocket.CloseGoingAway, "the server is going away")
	}
	h.cancel() // after the codes: what ends by it must not end a socket with another
	idle := make(chan struct{})
	go func() {
		defer close(idle)
		h.running.Wait()
	}()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
	}
	for _, s := range h.all(everyone) {
		_ = s.conn.Close()
	}
	for _, d := range h.allDirects(func(*Direct) bool { return true }) {
		_ = d.line.Close()
	}
	return fmt.Errorf("ws: cut off what was still open: %w", ctx.Err())
}
