package friends

import (
	"context"
	"slices"
	"time"

	"rally/platform/auth"
)

// CleanUp mends what was lost while the table was away: seats of this node that
// nobody sits on, and people without one. It then frees the seats of nodes that
// died without a word. Their people had Debounce to come to another node. Of the
// nodes that live, the first by name does it.
func (p *Presence) CleanUp(ctx context.Context) {
	empty, seatless := p.astray()
	for _, user := range empty {
		if err := p.leaveEmpty(ctx, user); err != nil {
			p.noteUnlessOver(ctx, "free a seat that nobody sits on", err)
			return
		}
	}
	for _, m := range seatless {
		if err := p.checkMember(ctx, m); err != nil {
			p.noteUnlessOver(ctx, "look after a seat", err)
			return
		}
	}
	for node, users := range p.orphans() {
		for _, user := range users.list {
			if err := p.vacate(ctx, user, 0, node, users.since); err != nil {
				p.noteUnlessOver(ctx, "free the seats of a dead node", err)
				return
			}
		}
	}
}

func (p *Presence) noteUnlessOver(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		p.deps.Journal.Note(ctx, doing, err)
	}
}

// astray returns whose seats name this node though they are not here, and who
// is here without a seat that says so.
func (p *Presence) astray() (empty []int64, seatless []*member) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return nil, nil
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
	return empty, seatless
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

type orphans struct {
	list  []int64
	since time.Time
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
				o.list = append(o.list, user)
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
	p.mu.Lock()
	current, hidden, part := p.members[m.user] == m && len(m.sockets) > 0 && !p.closing, m.hidden, Part{Idle: m.idle}
	p.mu.Unlock()
	if !current {
		return nil
	}
	holder, err := p.sit(ctx, auth.Identity{UserID: m.user, SessionID: m.session}, hidden, part, false)
	if err != nil || holder == 0 {
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
	for _, m := range members {
		if err := p.checkMember(ctx, m); err != nil {
			p.noteUnlessOver(ctx, "look after a seat", err)
			return
		}
		if err := p.meetAgain(ctx, m); err != nil {
			p.noteUnlessOver(ctx, "read somebody's friends again", err)
			return
		}
	}
}

// meetAgain reads somebody's friends again, and greets their sockets anew.
func (p *Presence) meetAgain(ctx context.Context, m *member) error {
	defer p.turn.take(m.user)()
	friends, _, err := p.deps.Graph.Ties(ctx, m.user)
	if err != nil {
		return err
	}
	people, err := p.deps.People.PeopleOf(ctx, p.online(friends))
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.members[m.user] != m {
		return nil
	}
	p.watchLocked(m, friends)
	for _, tab := range m.sockets {
		p.introduceLocked(tab.socket, friends, people)
	}
	return nil
}
