package friends

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rally/platform/auth"
)

// hands is how many people are looked after at the same time, and patience for how
// many of them that may fail before the rest waits for the next round.
const (
	hands    = 8
	patience = 20
)

// CleanUp mends what was lost while the table was away: seats of this node that
// nobody sits on, people without one, and who hid meanwhile. It then frees the
// seats of nodes that died without a word. Their people had Debounce to come to
// another node. Of the nodes that live, the first by name does it.
func (p *Presence) CleanUp(ctx context.Context) {
	empty, seatless, unsaid := p.astray()
	p.each(ctx, "free a seat that nobody sits on", len(empty), func(i int) error { return p.leaveEmpty(ctx, empty[i]) })
	p.each(ctx, "look after a seat", len(seatless), func(i int) error { return p.checkMember(ctx, seatless[i]) })
	p.each(ctx, "show or hide somebody", len(unsaid), func(i int) error { return p.sayAgain(ctx, unsaid[i]) })
	for node, o := range p.orphans() {
		// In a few statements for all of whom nothing else is known. Friends ask
		// since when, once they hear of it.
		if err := p.deps.Graph.MarkSeen(ctx, o.seen, o.since); err != nil {
			p.noteUnlessOver(ctx, "mark the people of a dead node as seen", err)
			return
		}
		free := func(users []int64, at time.Time) {
			p.each(ctx, "free the seats of a dead node", len(users), func(i int) error { return p.vacate(ctx, users[i], 0, node, at) })
		}
		free(o.seen, time.Time{})
		free(o.others, o.since)
	}
}

// each does something for n people, several at a time. What fails for one is done
// for the others all the same, and noted once.
func (p *Presence) each(ctx context.Context, doing string, n int, do func(i int) error) {
	var next, failed atomic.Int64
	var first error
	var once sync.Once
	var work sync.WaitGroup
	for range min(n, hands) {
		work.Go(func() {
			for ctx.Err() == nil && failed.Load() < patience {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					failed.Add(1)
					once.Do(func() { first = err })
				}
			}
		})
	}
	work.Wait()
	if first != nil {
		p.noteUnlessOver(ctx, doing, fmt.Errorf("for %d of %d: %w", failed.Load(), n, first))
	}
}

func (p *Presence) noteUnlessOver(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		p.deps.Journal.Note(ctx, doing, err)
	}
}

// astray returns whose seats name this node though they are not here, who is here
// without a seat that says so, and whose seat doesn't say yet whether they hide.
func (p *Presence) astray() (empty []int64, seatless []*member, unsaid []int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return nil, nil, nil
	}
	for user, v := range p.seen {
		if p.members[user] == nil && slices.Contains(v.nodes, p.deps.Node) {
			empty = append(empty, user)
		}
	}
	for user, m := range p.members {
		if v := p.seen[user]; len(m.sockets) > 0 && (v.session != m.session || !slices.Contains(v.nodes, p.deps.Node)) {
			seatless = append(seatless, m)
		}
	}
	return empty, seatless, slices.Collect(maps.Keys(p.unsaid))
}

// sayAgain writes on somebody's seat what is stored of their hiding.
func (p *Presence) sayAgain(ctx context.Context, user int64) error {
	defer p.turn.take(user)()
	_, hidden, err := p.deps.Graph.Ties(ctx, user)
	if err == nil {
		err = p.show(ctx, user, hidden)
	}
	if err == nil {
		p.mu.Lock()
		delete(p.unsaid, user)
		p.mu.Unlock()
	}
	return err
}

// leaveEmpty frees a seat of this node, unless somebody sits down just now.
func (p *Presence) leaveEmpty(ctx context.Context, user int64) error {
	defer p.turn.take(user)()
	p.mu.Lock()
	taken := p.members[user] != nil || p.closing
	p.mu.Unlock()
	if taken {
		return nil
	}
	return p.vacate(ctx, user, 0, p.deps.Node, p.deps.Clock())
}

// orphans are the people of a dead node.
type orphans struct {
	seen   []int64 // until it died
	others []int64
	since  time.Time
}

func (p *Presence) orphans() map[string]orphans {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.deps.Clock()
	found := map[string]orphans{}
	for node := range p.alive {
		if !p.isAliveLocked(node) {
			delete(p.alive, node)
		} else if node < p.deps.Node {
			return nil // its work
		}
	}
	for node := range p.parts {
		if p.isAliveLocked(node) {
			delete(p.missing, node)
		} else if since, known := p.missing[node]; !known {
			p.missing[node] = now
		} else if now.Sub(since) >= Debounce {
			found[node] = orphans{since: since}
		}
	}
	for node := range p.missing {
		if p.parts[node] == 0 {
			delete(p.missing, node)
		}
	}
	if len(found) == 0 {
		return nil
	}
	for user, v := range p.seen {
		for _, node := range v.nodes {
			if o, dead := found[node]; dead {
				if len(v.nodes) == 1 && v.status != Offline && v.left.IsZero() {
					o.seen = append(o.seen, user)
				} else {
					o.others = append(o.others, user)
				}
				found[node] = o
			}
		}
	}
	return found
}

// checkMember asks the table itself whose a seat is, and takes it again or
// lets go of the member.
func (p *Presence) checkMember(ctx context.Context, m *member) error {
	defer p.turn.take(m.user)()
	return p.seatAgain(ctx, m)
}

// seatAgain is checkMember within the person's turn.
func (p *Presence) seatAgain(ctx context.Context, m *member) error {
	p.mu.Lock()
	current, hidden, part := p.members[m.user] == m && len(m.sockets) > 0 && !p.closing, m.hidden, Part{Idle: m.idle}
	p.mu.Unlock()
	if !current {
		return nil
	}
	_, held, err := p.sit(ctx, auth.Identity{UserID: m.user, SessionID: m.session}, hidden, part, false)
	if err != nil || !held {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropLocked(m)
	return nil
}

// Rejoin seats everybody of this node again, after the table was away, and tells
// them anew who is there: what changed between friends meanwhile was not heard.
func (p *Presence) Rejoin(ctx context.Context) {
	p.inBackground("beat", func(ctx context.Context) error { return p.deps.Beats.Beat(ctx, p.deps.Node) })
	p.mu.Lock()
	members := make([]*member, 0, len(p.members))
	for _, m := range p.members {
		members = append(members, m)
	}
	p.mu.Unlock()
	p.each(ctx, "seat somebody again", len(members), func(i int) error { return p.meetAgain(ctx, members[i]) })
}

// meetAgain seats somebody again, reads their friends again, and greets their
// sockets anew.
func (p *Presence) meetAgain(ctx context.Context, m *member) error {
	defer p.turn.take(m.user)()
	c, err := p.circleOf(ctx, m.user)
	if err != nil {
		return err
	}
	defer p.doneReading(c)
	p.mu.Lock()
	m.hidden = c.hidden // they may have hidden meanwhile
	p.mu.Unlock()
	if err := p.seatAgain(ctx, m); err != nil {
		return err
	}
	if err := p.show(ctx, m.user, c.hidden); err != nil {
		return err
	}
	p.lockFresh(ctx, c)
	defer p.mu.Unlock()
	if p.members[m.user] != m {
		return nil
	}
	p.watchLocked(m, c.friends)
	for _, tab := range m.sockets {
		p.introduceLocked(tab.socket, c)
	}
	return nil
}
