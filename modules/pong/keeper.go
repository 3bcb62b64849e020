package pong

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// roundWithin bounds a round of looking after matches.
const roundWithin = 5 * time.Second

// keep looks after the matches of this node.
func (a *Arena) keep() {
	round := 0
	a.each(keepEvery, func(ctx context.Context) {
		a.keepTables(ctx, round%2 == 1)
		a.keepRelays()
		round++
	})
}

// watch looks after the matches of nodes that fell silent, on a goroutine of its own:
// those of this node must not wait for it.
func (a *Arena) watch() {
	if a.deps.Shared {
		a.each(keepEvery, a.takeOver)
	}
}

// each does something again and again, until the arena stops.
func (a *Arena) each(every time.Duration, do func(ctx context.Context)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-a.ctx.Done():
			return
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(a.ctx, roundWithin)
		do(ctx)
		cancel()
	}
}

// atOnce does something for each of a list, several at once, and notes the first
// error: then the servers are away, as a rule, and the rest is left to the next round.
func atOnce[T any](ctx context.Context, a *Arena, doing string, list []T, do func(ctx context.Context, v T) error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(keptAtOnce)
	for _, v := range list {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return do(ctx, v)
		})
	}
	if err := group.Wait(); err != nil && a.ctx.Err() == nil {
		a.deps.Journal.Note(a.ctx, doing, err)
	}
}

// keepTables writes the checkpoints that were wanted a round before, or wants newer
// ones. Where a point was scored it doesn't wait for its turn.
func (a *Arena) keepTables(ctx context.Context, write bool) {
	a.mu.Lock()
	list := slices.Collect(maps.Values(a.tables))
	a.mu.Unlock()
	now := time.Now()
	for _, p := range list {
		p.dropHosts(now)
		if !write {
			p.wanted.Store(true)
		}
	}
	if !write {
		list = slices.DeleteFunc(list, func(p *place) bool { return p.newest.Load().Score == p.saved })
	}
	if a.deps.Shared {
		atOnce(ctx, a, "write a checkpoint", list, a.write)
	}
}

// write writes a table's checkpoint. A table that is another's by now is given up:
// that node took this one for dead.
func (a *Arena) write(ctx context.Context, p *place) error {
	id, c := p.id, *p.newest.Load()
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
		p.rev, p.saved = rev, c.Score
	}
	return err
}

// plays reports whether a table was not cleared away.
func (a *Arena) plays(p *place) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.tables[p.id] == p
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

// takeOver looks at the entries that were not written for a while.
func (a *Arena) takeOver(ctx context.Context) {
	now := time.Now()
	var silent []int64
	a.mu.Lock()
	for id, s := range a.seen {
		if now.Sub(s.at) > suspicious && (s.Node != a.deps.Node || a.tables[id] == nil) {
			silent = append(silent, id)
		}
	}
	a.mu.Unlock()
	atOnce(ctx, a, "take a match over", silent, a.inherit)
}

// silent reports whether an entry has had the same revision for so long that whoever
// it names is gone: what this node heard last doesn't count, for it may have been cut
// off itself.
func (a *Arena) silent(id int64, rev uint64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, still := a.seen[id]
	if a.stopped || !still {
		return false
	}
	now := time.Now()
	if s.rev != rev || now.Sub(s.again) > suspicious { // another one, or nobody could look meanwhile
		s.rev, s.looked = rev, now
	}
	s.again = now
	a.seen[id] = s
	same := now.Sub(s.looked)
	return same > unheeded || same > unchanged && a.relays[id] != nil
}

// inherit goes on with one match, if its entry stays the same. Of several nodes that
// try, one succeeds. An entry of this node without a table was left behind.
func (a *Arena) inherit(ctx context.Context, id int64) error {
	finding := &a.finding[id%int64(len(a.finding))]
	finding.Lock()
	defer finding.Unlock()
	c, rev, found, err := a.deps.Owners.Owner(ctx, id)
	if err != nil || !found || !a.silent(id, rev) {
		return err
	}
	if c.Node == a.deps.Node {
		if p, _, err := a.at(id); p != nil || err != nil {
			return nil // it is played here, or nothing is any more
		}
		return a.deps.Owners.Drop(ctx, id, a.deps.Node)
	}
	dead := c.Node
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
	if err != nil { // somebody else may have room
		return errors.Join(err, a.deps.Owners.Drop(ctx, id, a.deps.Node))
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
