package friends

import (
	"context"
	"slices"

	"rally/platform/auth"
)

// reading is the time in which somebody's friends are read and not yet watched.
type reading struct {
	readers int
	changed int // how often a friendship of theirs changed meanwhile
}

// circle is somebody's friends as they were read, with the profiles of those who
// were there.
type circle struct {
	user    int64
	friends []int64
	people  map[int64]Person
	hidden  bool
	changed int // of reading, before
}

// circleOf reads somebody's circle. Until doneReading it is known when that is no
// more what it was.
func (p *Presence) circleOf(ctx context.Context, user int64) (*circle, error) {
	c := &circle{user: user}
	p.mu.Lock()
	r := p.reading[user]
	if r == nil {
		r = &reading{}
		p.reading[user] = r
	}
	r.readers++
	p.mu.Unlock()
	err := p.readAgain(ctx, c)
	if err != nil {
		p.doneReading(c)
	}
	return c, err
}

func (p *Presence) readAgain(ctx context.Context, c *circle) (err error) {
	p.mu.Lock()
	c.changed = p.reading[c.user].changed
	p.mu.Unlock()
	if c.friends, c.hidden, err = p.deps.Graph.Ties(ctx, c.user); err != nil {
		return err
	}
	c.people, err = p.deps.People.PeopleOf(ctx, p.online(c.friends))
	return err
}

func (p *Presence) doneReading(c *circle) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.reading[c.user]
	if r.readers--; r.readers == 0 {
		delete(p.reading, c.user)
	}
}

// lockFresh takes the lock when somebody's circle is what it is now, and reads it
// again as often as it has changed. What can't be read again stays as it was: the
// seat is taken, and the next connection reads it.
func (p *Presence) lockFresh(ctx context.Context, c *circle) {
	for range attempts {
		p.mu.Lock()
		if p.reading[c.user].changed == c.changed {
			return
		}
		p.mu.Unlock()
		next := *c
		if err := p.readAgain(ctx, &next); err != nil {
			p.deps.Journal.Note(ctx, "read somebody's friends again", err)
			break
		}
		*c = next
	}
	p.mu.Lock()
}

// admit makes the socket one of its person's, and greets it. What is told of
// friends from now on comes after the greeting.
func (p *Presence) admit(ctx context.Context, s Socket, hidden bool, c *circle) {
	p.lockFresh(ctx, c)
	defer p.mu.Unlock()
	id := s.Identity()
	p.unwaitLocked(s)
	m := p.members[id.UserID]
	if m != nil && m.session != id.SessionID {
		p.dropLocked(m)
		m = nil
	}
	if m == nil {
		m = &member{user: id.UserID, session: id.SessionID}
		p.members[id.UserID] = m
	}
	if m.stopWait != nil {
		m.stopWait()
		m.stopWait = nil
	}
	m.sockets.set(s, false)
	m.hidden, m.idle = hidden, false
	p.watchLocked(m, c.friends)
	p.deps.Line.Here(s)
	p.introduceLocked(s, c)
}

// introduceLocked says to a socket who of its person's friends is there.
func (p *Presence) introduceLocked(s Socket, c *circle) {
	present := make([]Present, 0, len(c.people))
	for _, friend := range c.friends {
		v := p.seen[friend]
		if who, known := c.people[friend]; known && v.status != "" && v.status != Offline {
			present = append(present, Present{Person: who, Status: v.status, Match: v.match})
		}
	}
	p.deps.Line.Snapshot(s, present)
	for _, friend := range c.friends { // came while the profiles were read
		if v := p.seen[friend]; v.status != "" && v.status != Offline && c.people[friend].UserID == 0 {
			p.deps.Line.Tell([]Socket{s}, Update{Event: EventOnline, UserID: friend, Status: v.status, Match: v.match})
		}
	}
}

// watchLocked makes m watch exactly these friends.
func (p *Presence) watchLocked(m *member, friends []int64) {
	if slices.Equal(m.friends, friends) { // another tab: both are sorted
		return
	}
	for _, id := range m.friends {
		if !slices.Contains(friends, id) {
			p.unwatchLocked(m, id)
		}
	}
	for _, id := range friends {
		if !slices.Contains(m.friends, id) {
			p.watchers[id] = append(p.watchers[id], m)
		}
	}
	m.friends = friends
}

func (p *Presence) unwatchLocked(m *member, friend int64) {
	list := slices.DeleteFunc(p.watchers[friend], func(o *member) bool { return o == m })
	if len(list) == 0 {
		delete(p.watchers, friend)
		return
	}
	p.watchers[friend] = list
}

// dropLocked forgets a member of this node. Sockets of theirs are closed.
func (p *Presence) dropLocked(m *member) {
	if m.stopWait != nil {
		m.stopWait()
	}
	for _, id := range m.friends {
		p.unwatchLocked(m, id)
	}
	for _, tab := range m.sockets {
		tab.socket.Close(CloseTakenOver, auth.ErrSessionEnded.Code)
	}
	if p.members[m.user] == m {
		delete(p.members, m.user)
	}
}
