package friends

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Start begins to beat. What the table of seats says comes in through
// SeatChanged, from before Start on, and the beats of all nodes through Heard.
func (p *Presence) Start(ctx context.Context) error {
	if err := p.deps.Beats.Beat(ctx, p.deps.Node); err != nil {
		return err
	}
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	p.stop = cancel
	// Two loops: cleaning up after many takes longer than a node may be silent.
	p.running.Go(func() {
		p.regularly(life, func(context.Context) {
			p.inBackground("beat", func(ctx context.Context) error { return p.deps.Beats.Beat(ctx, p.deps.Node) })
		})
	})
	p.running.Go(func() { p.regularly(life, p.CleanUp) })
	return nil
}

// Closing says that this node is about to close its sockets: their people go
// to other nodes, and have not left.
func (p *Presence) Closing() {
	p.mu.Lock()
	p.closing = true
	var seen []int64
	for _, m := range p.members {
		if m.stopWait != nil {
			m.stopWait()
		}
		if !m.hidden {
			seen = append(seen, m.user)
		}
	}
	p.mu.Unlock()
	p.inBackground("say goodbye to the other nodes", func(ctx context.Context) error {
		return errors.Join(p.deps.Graph.MarkSeen(ctx, seen, p.deps.Clock()), p.deps.Beats.Last(ctx, p.deps.Node))
	})
}

// Stop ends the beats, and waits for what was begun.
func (p *Presence) Stop() {
	p.mu.Lock()
	p.closing = true
	p.mu.Unlock()
	if p.stop != nil {
		p.stop()
	}
	p.running.Wait()
}

// regularly calls fn with each beat, until the node goes.
func (p *Presence) regularly(ctx context.Context, fn func(context.Context)) {
	tick := time.NewTicker(BeatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		p.mu.Lock()
		closing := p.closing
		p.mu.Unlock()
		if closing {
			return
		}
		fn(ctx)
	}
}

// Heard says that a node beat, or that no more will come of it.
func (p *Presence) Heard(node string, gone bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if gone {
		delete(p.alive, node)
		return
	}
	p.alive[node] = p.deps.Clock()
	delete(p.missing, node)
}

// SeatChanged says what the table of seats holds for somebody now. It is called
// for one change at a time, in their order.
func (p *Presence) SeatChanged(user int64, seat Seat, gone bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if gone {
		seat = Seat{}
	}
	p.showLocked(user, seat, gone)
	p.followLocked(user, seat, gone)
	p.tellOutsideLocked(user, seat)
}

// showLocked keeps the view of a seat, and tells who watches what changed of it.
func (p *Presence) showLocked(user int64, seat Seat, gone bool) {
	before := p.seen[user]
	now := view{session: seat.Session, left: seat.left()}
	now.status, now.match = seat.Status(p.deps.Clock())
	for node := range seat.Nodes {
		now.nodes = append(now.nodes, node)
		p.parts[node]++
	}
	for _, node := range before.nodes {
		if p.parts[node]--; p.parts[node] == 0 {
			delete(p.parts, node)
		}
	}
	if gone {
		delete(p.seen, user)
	} else {
		p.seen[user] = now
	}
	p.hideLocked(user, seat)
	if before.status == "" {
		before.status = Offline
	}
	if before.status != now.status || before.match != now.match {
		p.tellLocked(user, before, now)
	}
}

// hideLocked looks at the seat again when somebody who hid isn't seen any more.
func (p *Presence) hideLocked(user int64, seat Seat) {
	if h := p.hiding[user]; h != nil {
		h.stop()
		delete(p.hiding, user)
	}
	if !seat.Hidden || seat.Until == nil {
		return
	}
	wait := seat.Until.Sub(p.deps.Clock())
	if wait <= 0 {
		return
	}
	h := &hiding{}
	h.stop = p.deps.Timer(wait, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.hiding[user] == h { // else the seat is another one by now
			seat.Until = nil // whatever the clock says: it may have been set
			p.showLocked(user, seat, false)
		}
	})
	p.hiding[user] = h
}

// tellOutsideLocked tells who waits at the door that they may come in, or that
// it is somebody else now for whom they wait.
func (p *Presence) tellOutsideLocked(user int64, seat Seat) {
	for s, w := range p.outside[user] {
		switch {
		case !seat.heldAgainst(s.Identity().SessionID, p.isAliveLocked):
			p.deps.Line.Free(s)
		case seat.Session != w.holder && !p.closing:
			p.running.Go(func() {
				p.inBackground("say who is in now", func(ctx context.Context) error { return p.nameHolder(ctx, s, seat.Session) })
			})
		}
	}
}

// followLocked compares a seat with who of this node sits there.
func (p *Presence) followLocked(user int64, seat Seat, gone bool) {
	m := p.members[user]
	if m == nil || p.closing {
		return
	}
	_, here := seat.Nodes[p.deps.Node]
	if seat.Session == m.session {
		m.hidden = seat.Hidden
	}
	switch {
	case !gone && seat.Session != m.session:
		// Taken over, by a session newer than the seat this node knew. A seat
		// that is older than m is overtaken by one that is on its way.
		p.running.Go(func() {
			p.inBackground("look after a seat", func(ctx context.Context) error { return p.checkMember(ctx, m) })
		})
	case len(m.sockets) > 0 && !here: // somebody took this node for dead
		p.running.Go(func() {
			p.inBackground("look after a seat", func(ctx context.Context) error { return p.checkMember(ctx, m) })
		})
	}
}

// tellLocked tells the friends of somebody, who are here, what changed.
func (p *Presence) tellLocked(user int64, before, now view) {
	to := p.socketsOf(p.watchers[user])
	if len(to) == 0 {
		return
	}
	u := Update{Event: EventStatus, UserID: user, Status: now.status, Match: now.match}
	switch {
	case now.status == Offline:
		at := before.left
		if at.IsZero() { // hid, and this node hears it late
			at = now.left
		}
		if at.IsZero() { // without a word
			at = p.deps.Clock()
		}
		u.Event, u.LastSeen = EventOffline, &at
	case before.status == Offline:
		u.Event = EventOnline
	}
	p.deps.Line.Tell(to, u)
}

func (p *Presence) socketsOf(members []*member) []Socket {
	list := make([]Socket, 0, len(members))
	for _, m := range members {
		for _, tab := range m.sockets {
			list = append(list, tab.socket)
		}
	}
	return list
}

// StatusOf returns what others see of users, and the match to watch.
func (p *Presence) StatusOf(users []int64) map[int64]Present {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make(map[int64]Present, len(users))
	for _, id := range users {
		if v := p.seen[id]; v.status != "" && v.status != Offline {
			list[id] = Present{Status: v.status, Match: v.match}
		}
	}
	return list
}

// Count returns how many people sit on this node, and how many on all.
func (p *Presence) Count() (here, all int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.members), len(p.seen)
}

// Changed says what became of two people's friendship, or of a name. Every node
// hears of it after the commit.
func (p *Presence) Changed(ctx context.Context, c Change) {
	if !p.concerns(c) {
		return
	}
	var people map[int64]Person
	var asked []int64
	var err error
	switch c.Event {
	case EventAccepted, EventRemoved:
		// Signals of two nodes may come in another order than their commits.
		var are bool
		if are, err = p.deps.Graph.AreFriends(ctx, c.UserID, c.OtherID); err == nil && are != (c.Event == EventAccepted) {
			return
		}
		if are {
			people, err = p.deps.People.PeopleOf(ctx, []int64{c.UserID, c.OtherID})
		}
	case EventRequest:
		people, err = p.deps.People.PeopleOf(ctx, []int64{c.UserID, c.OtherID})
	case EventRenamed:
		asked, err = p.deps.Graph.AskedBy(ctx, c.UserID)
	}
	if err != nil {
		p.deps.Journal.Note(ctx, "tell of "+c.Event, err)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch c.Event {
	case EventAccepted:
		p.befriendLocked(c.UserID, c.OtherID, people)
		p.befriendLocked(c.OtherID, c.UserID, people)
	case EventRemoved:
		p.partLocked(c.UserID, c.OtherID)
		p.partLocked(c.OtherID, c.UserID)
	case EventRequest, EventWithdrawn:
		u := Update{Event: c.Event, UserID: c.UserID, Request: c.Request}
		if who, known := people[c.UserID]; known {
			u.Person = &who
		}
		p.tellMembersLocked(u, c.OtherID)
		if c.Event == EventWithdrawn { // by one client of theirs; the others hear of it, too
			u.UserID = c.OtherID
			p.tellMembersLocked(u, c.UserID)
		}
	case EventRenamed:
		u := Update{Event: c.Event, UserID: c.UserID, Old: c.Old, New: c.New}
		p.deps.Line.Tell(p.socketsOf(p.watchers[c.UserID]), u)
		// Friends heard it as such; a friend has no request.
		p.tellMembersLocked(u, append(asked, c.UserID)...)
	}
}

// concerns reports whether anybody of this node is to hear of a change. Whoever is
// entering has perhaps read their friends before it, and reads them again.
func (p *Presence) concerns(c Change) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, user := range []int64{c.UserID, c.OtherID} {
		if r := p.reading[user]; r != nil {
			r.changed++
		}
	}
	if c.Event == EventRenamed {
		return len(p.members) > 0
	}
	return p.members[c.UserID] != nil || p.members[c.OtherID] != nil
}

func (p *Presence) tellMembersLocked(u Update, users ...int64) {
	for _, id := range users {
		if m := p.members[id]; m != nil {
			p.deps.Line.Tell(p.socketsOf([]*member{m}), u)
		}
	}
}

func (p *Presence) befriendLocked(user, friend int64, people map[int64]Person) {
	m := p.members[user]
	if m == nil {
		return
	}
	if !slices.Contains(m.friends, friend) {
		p.watchLocked(m, append(slices.Clone(m.friends), friend))
	}
	v := p.seen[friend]
	if v.status == "" {
		v.status = Offline
	}
	u := Update{Event: EventAccepted, UserID: friend, Status: v.status, Match: v.match}
	if who, known := people[friend]; known {
		u.Person = &who
	}
	p.tellMembersLocked(u, user)
}

func (p *Presence) partLocked(user, friend int64) {
	m := p.members[user]
	if m == nil || !slices.Contains(m.friends, friend) {
		return
	}
	p.watchLocked(m, slices.DeleteFunc(slices.Clone(m.friends), func(id int64) bool { return id == friend }))
	p.tellMembersLocked(Update{Event: EventRemoved, UserID: friend}, user)
}
