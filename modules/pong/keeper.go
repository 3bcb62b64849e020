package pong

import (
	"context"
	"maps"
	"slices"
	"time"
)

// keep looks after the matches of this node, and after those of nodes that fell
// silent.
func (a *Arena) keep() {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for round := 0; ; round++ {
		select {
		case <-a.ctx.Done():
			return
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(a.ctx, ownerSilence)
		a.keepTables(ctx, round%2 == 1)
		a.keepRelays()
		a.takeOver(ctx)
		cancel()
	}
}

// keepTables writes the checkpoints that were wanted a round before, or wants newer
// ones.
func (a *Arena) keepTables(ctx context.Context, write bool) {
	a.mu.Lock()
	list := slices.Collect(maps.Values(a.tables))
	a.mu.Unlock()
	now := time.Now()
	for _, p := range list {
		p.dropHosts(now)
		if !write {
			p.wanted.Store(true)
		} else if a.deps.Shared && ctx.Err() == nil {
			if err := a.write(ctx, p); err != nil {
				a.deps.Journal.Note(ctx, "write a checkpoint", err)
				return // the servers are away: the rest would wait, too
			}
		}
	}
}

// write writes a table's checkpoint. A table that is another's by now is given up:
// that node took this one for dead.
func (a *Arena) write(ctx context.Context, p *place) error {
	id, c := p.table.match.ID, *p.newest.Load()
	rev, written, err := a.deps.Owners.Write(ctx, id, c, p.rev)
	if err == nil && !written {
		var owner Checkpoint
		var found bool
		owner, rev, found, err = a.deps.Owners.Owner(ctx, id)
		switch {
		case err != nil:
		case !found: // the servers came back without it, or it was cleared just now
			rev, _, err = a.deps.Owners.Claim(ctx, id, c)
			if err == nil && !a.plays(p) {
				return a.deps.Owners.Drop(ctx, id, a.deps.Node)
			}
		case owner.Node != a.deps.Node:
			p.table.inbox.put(message{kind: abandoned})
			return nil
		}
	}
	if err == nil {
		p.rev = rev
	}
	return err
}

// plays reports whether a table was not cleared away.
func (a *Arena) plays(p *place) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.tables[p.table.match.ID] == p
}

// keepRelays tells owners that the lines of this node are still there. Where there is
// no owner any more, who sits there looks again.
func (a *Arena) keepRelays() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, r := range a.relays {
		if _, owned := a.seen[id]; owned {
			r.looks = 0
		} else if r.looks++; r.looks >= ownerless {
			delete(a.relays, id)
			r.close(CloseGoingAway, "the match moves")
			continue
		}
		a.sayHere(r)
	}
}

// takeOver goes on with the matches of nodes that fell silent.
func (a *Arena) takeOver(ctx context.Context) {
	if !a.deps.Shared {
		return
	}
	now := time.Now()
	var orphans []int64
	a.mu.Lock()
	for id, s := range a.seen {
		silence := now.Sub(s.at)
		if s.Node != a.deps.Node && (silence > anySilence || silence > ownerSilence && a.relays[id] != nil) {
			orphans = append(orphans, id)
		}
	}
	a.mu.Unlock()
	for _, id := range orphans {
		if err := a.inherit(ctx, id); err != nil {
			a.deps.Journal.Note(ctx, "take a match over", err)
		}
	}
}

// inherit goes on with one match. Of several nodes that try, one succeeds.
func (a *Arena) inherit(ctx context.Context, id int64) error {
	finding := &a.finding[id%int64(len(a.finding))]
	finding.Lock()
	defer finding.Unlock()
	c, rev, found, err := a.deps.Owners.Owner(ctx, id)
	if err != nil || !found {
		return err
	}
	dead := c.Node
	a.mu.Lock()
	s, still := a.seen[id]
	stopped := a.stopped
	a.mu.Unlock()
	if stopped || !still || s.Node != dead || time.Since(s.at) <= ownerSilence {
		return nil
	}
	m, err := a.games.Match(ctx, id)
	if err != nil {
		return err
	}
	if m.State.Done() {
		return a.deps.Owners.Drop(ctx, id, dead)
	}
	c.Node = a.deps.Node
	rev, mine, err := a.deps.Owners.Write(ctx, id, c, rev)
	if err != nil || !mine {
		return err
	}
	from := &c
	if len(c.Record) == 0 { // claimed, and never written since
		from = nil
		if m.State == Live {
			if _, err := a.games.Finish(ctx, id, Result{State: Void, Reason: ByServer}); err != nil {
				return err
			}
			return a.deps.Owners.Drop(ctx, id, a.deps.Node)
		}
	}
	p, err := a.add(m, rev, from)
	if err != nil {
		return err
	}
	a.move(id, p)
	return nil
}

// move seats the lines that were bridged.
func (a *Arena) move(id int64, p *place) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.relays[id]
	if r == nil {
		return
	}
	delete(a.relays, id)
	for _, s := range r.lines {
		p.table.inbox.put(message{kind: came, line: s.Line, user: s.UserID})
	}
}
