package friends

import (
	"context"
	"slices"
	"time"
)

// Leave says that a socket has ended. Its person leaves when none of their
// sockets comes back within Debounce.
func (p *Presence) Leave(s Socket) {
	user := s.Identity().UserID
	defer p.turn.take(user)()
	p.mu.Lock()
	p.unwaitLocked(s)
	m := p.members[user]
	if m == nil || !m.sockets.has(s) {
		p.mu.Unlock()
		return
	}
	m.sockets.remove(s)
	last, closing := len(m.sockets) == 0, p.closing
	if last && !closing {
		m.left = p.deps.Clock()
		m.leaving++
		nth := m.leaving
		m.stopWait = p.deps.Timer(Debounce, func() { p.goneFor(m, nth) })
	}
	left := m.left
	p.mu.Unlock()
	switch {
	case closing: // the node goes, not the person
	case last:
		p.inBackground("note that somebody is about to leave", func(ctx context.Context) error {
			return p.change(ctx, m.user, func(seat Seat) (Seat, bool) {
				part, here := seat.Nodes[p.deps.Node]
				part.Left = &left
				return seat.with(p.deps.Node, part), here && seat.Session == m.session
			})
		})
	default:
		p.inBackground("note that somebody is idle", func(ctx context.Context) error { return p.weighIdle(ctx, m) })
	}
}

// goneFor ends somebody's nth leaving: nobody came back.
func (p *Presence) goneFor(m *member, nth int) {
	defer p.turn.take(m.user)()
	p.mu.Lock()
	if p.closing || p.members[m.user] != m || len(m.sockets) > 0 || m.leaving != nth {
		p.mu.Unlock()
		return
	}
	p.dropLocked(m)
	p.mu.Unlock()
	p.inBackground("let somebody leave", func(ctx context.Context) error { return p.vacate(ctx, m.user, m.session, p.deps.Node, m.left) })
}

// SessionsEnded forgets whoever sat here in one of the sessions, at once.
func (p *Presence) SessionsEnded(ids []int64) {
	p.mu.Lock()
	var ended []*member
	for _, m := range p.members {
		if slices.Contains(ids, m.session) {
			ended = append(ended, m)
		}
	}
	p.mu.Unlock()
	for _, m := range ended {
		p.endMember(m)
	}
}

func (p *Presence) endMember(m *member) {
	defer p.turn.take(m.user)()
	p.mu.Lock()
	if p.members[m.user] != m {
		p.mu.Unlock()
		return
	}
	p.dropLocked(m)
	p.mu.Unlock()
	p.inBackground("let somebody leave", func(ctx context.Context) error {
		return p.vacate(ctx, m.user, m.session, p.deps.Node, p.deps.Clock())
	})
}

// vacate takes a node's part off a session's seat; session 0 is any. Without any
// part the seat is free, and its person was last seen when the part says that they
// left, or at that time; zero is known already.
func (p *Presence) vacate(ctx context.Context, user, session int64, node string, at time.Time) error {
	for range attempts {
		seat, rev, found, err := p.deps.Seats.Seat(ctx, user)
		if err != nil {
			return err
		}
		part, here := seat.Nodes[node]
		if !found || !here || session != 0 && seat.Session != session {
			return nil
		}
		seen := at
		if part.Left != nil {
			seen = *part.Left
		}
		if next := seat.without(node); len(next.Nodes) > 0 {
			ok, err := p.deps.Seats.Update(ctx, user, next, rev)
			if ok || err != nil {
				return err
			}
			continue
		}
		if !seat.Hidden && !seen.IsZero() { // before the friends hear of it: they ask since when
			if err := p.deps.Graph.MarkSeen(ctx, []int64{user}, seen); err != nil {
				return err
			}
		}
		ok, err := p.deps.Seats.Delete(ctx, user, rev)
		if ok || err != nil {
			return err
		}
	}
	return ErrSeatBusy
}

// change rewrites somebody's seat. Fn returns false to leave it as it is.
func (p *Presence) change(ctx context.Context, user int64, fn func(Seat) (Seat, bool)) error {
	for range attempts {
		seat, rev, found, err := p.deps.Seats.Seat(ctx, user)
		if err != nil || !found {
			return err
		}
		next, wanted := fn(seat)
		if !wanted {
			return nil
		}
		ok, err := p.deps.Seats.Update(ctx, user, next, rev)
		if ok || err != nil {
			return err
		}
	}
	return ErrSeatBusy
}

// Idle says that a socket's tab is idle, or that it isn't any more.
func (p *Presence) Idle(ctx context.Context, s Socket, idle bool) error {
	p.mu.Lock()
	m := p.members[s.Identity().UserID]
	if m == nil || !m.sockets.has(s) {
		p.mu.Unlock()
		return nil
	}
	m.sockets.set(s, idle)
	p.mu.Unlock()
	return p.weighIdle(ctx, m)
}

// weighIdle writes whether all sockets of somebody are idle, if that changed, and
// not more often than each WeighEvery. It needs the person's turn.
func (p *Presence) weighIdle(ctx context.Context, m *member) error {
	p.mu.Lock()
	idle, now := m.sockets.idle(), p.deps.Clock()
	if idle == m.idle || m.weighing {
		p.mu.Unlock()
		return nil
	}
	if wait := m.weighed.Add(WeighEvery).Sub(now); wait > 0 {
		m.weighing = true
		p.deps.Timer(wait, func() { p.weighAgain(m) })
		p.mu.Unlock()
		return nil
	}
	m.idle, m.weighed = idle, now
	p.mu.Unlock()
	err := p.change(ctx, m.user, func(seat Seat) (Seat, bool) {
		part, here := seat.Nodes[p.deps.Node]
		part.Idle = idle
		return seat.with(p.deps.Node, part), here && seat.Session == m.session
	})
	if err != nil { // not written, so that the next try writes it
		p.mu.Lock()
		m.idle = !idle
		p.mu.Unlock()
	}
	return err
}

// weighAgain looks at somebody's idleness after WeighEvery.
func (p *Presence) weighAgain(m *member) {
	defer p.turn.take(m.user)()
	p.mu.Lock()
	m.weighing, m.weighed = false, time.Time{} // whatever the clock says
	over := p.closing || p.members[m.user] != m || len(m.sockets) == 0
	p.mu.Unlock()
	if !over {
		p.inBackground("note that somebody is idle", func(ctx context.Context) error { return p.weighIdle(ctx, m) })
	}
}

// Appear shows somebody to their friends, or hides them: for these that looks
// like leaving. What is stored of it is the Service's. While the table is away,
// it is remembered; CleanUp does it then.
func (p *Presence) Appear(ctx context.Context, user int64, hidden bool) {
	defer p.turn.take(user)() // who enters meanwhile may have read the other answer
	err := p.show(ctx, user, hidden)
	if err == nil {
		return
	}
	p.deps.Journal.Note(ctx, "show or hide somebody", err)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unsaid[user] = struct{}{}
	if m := p.members[user]; m != nil {
		m.hidden = hidden
	}
}

// show writes on somebody's seat whether they appear offline.
func (p *Presence) show(ctx context.Context, user int64, hidden bool) error {
	seat, _, found, err := p.deps.Seats.Seat(ctx, user)
	if err != nil || !found || seat.Hidden == hidden {
		return err
	}
	now := p.deps.Clock()
	if hidden { // before the friends hear of it: they ask since when
		if err := p.deps.Graph.MarkSeen(ctx, []int64{user}, seat.hide(now).left()); err != nil {
			return err
		}
	}
	return p.change(ctx, user, func(seat Seat) (Seat, bool) {
		switch {
		case seat.Hidden == hidden:
			return seat, false
		case hidden:
			return seat.hide(now), true
		}
		seat.Hidden, seat.Until = false, nil
		return seat, true
	})
}

// Playing says which match somebody plays; 0 is none.
func (p *Presence) Playing(ctx context.Context, user, match int64) error {
	return p.change(ctx, user, func(seat Seat) (Seat, bool) {
		same := seat.Match == match
		seat.Match = match
		return seat, !same
	})
}

// inBackground does what no request waits for, within writeWithin: a lost write is
// noted, and mended by the next or by the other nodes. It returns when it is done.
func (p *Presence) inBackground(doing string, fn func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), writeWithin)
	defer cancel()
	if err := fn(ctx); err != nil {
		p.deps.Journal.Note(ctx, doing, err)
	}
}
