package pong

import (
	"context"
	"errors"
	"fmt"
)

// Chair is a line's place at a match.
type Chair struct {
	arena *Arena
	match int64
	line  Line
	user  int64
	place *place // of this node, or
	relay *relay // of another
	conn  uint64
}

// errMoved says that a match went elsewhere while somebody sat down.
var errMoved = errors.New("the match moves")

// Sit gives a line its place at a match, on whichever node that is played; the match is
// played here if nobody plays it. Errors: ErrMatchNotFound, ErrMatchOver,
// ErrArenaFull.
func (a *Arena) Sit(ctx context.Context, matchID int64, s Seating) (*Chair, error) {
	if matchID <= 0 {
		return nil, ErrMatchNotFound
	}
	for range 3 {
		c, err := a.sit(ctx, matchID, s)
		if !errors.Is(err, errMoved) {
			return c, err
		}
	}
	return nil, ErrArenaFull
}

func (a *Arena) sit(ctx context.Context, matchID int64, s Seating) (*Chair, error) {
	finding := &a.finding[matchID%int64(len(a.finding))]
	finding.Lock()
	defer finding.Unlock()
	c := &Chair{arena: a, match: matchID, line: s.Line, user: s.UserID}
	a.mu.Lock()
	c.place, c.relay = a.tables[matchID], a.relays[matchID]
	stopped := a.stopped
	a.mu.Unlock()
	if stopped {
		return nil, ErrArenaFull
	}
	if c.place == nil && c.relay == nil {
		var err error
		if c.place, c.relay, err = a.find(ctx, matchID); err != nil {
			return nil, err
		}
	}
	if c.place != nil {
		if !c.place.table.inbox.put(message{kind: came, line: s.Line, user: s.UserID}) {
			return nil, errMoved
		}
		return c, nil
	}
	conn, ok := a.bridge(c.relay, s)
	if !ok {
		return nil, errMoved
	}
	c.conn = conn
	return c, nil
}

// find looks who plays a match, and does it here if nobody does.
func (a *Arena) find(ctx context.Context, id int64) (*place, *relay, error) {
	m, err := a.games.Match(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if m.State != Open && m.State != Live {
		return nil, nil, ErrMatchOver
	}
	rev, mine, err := a.deps.Owners.Claim(ctx, id, Checkpoint{Node: a.deps.Node})
	if err != nil {
		return nil, nil, fmt.Errorf("claim a match: %w", err)
	}
	if mine {
		p, err := a.open(ctx, m, rev)
		return p, nil, err
	}
	c, _, found, err := a.deps.Owners.Owner(ctx, id)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("look who plays a match: %w", err)
	case !found || c.Node == a.deps.Node: // it is being given up
		return nil, nil, errMoved
	}
	return nil, a.relayTo(id, c.Node), nil
}

// open plays a match here that is claimed. One that was live goes on from where it
// was kept; where it wasn't, its server has failed.
func (a *Arena) open(ctx context.Context, m Match, rev uint64) (*place, error) {
	from, err := a.games.TakeCheckpoint(ctx, m.ID)
	if err == nil && from == nil && m.State == Live {
		if _, err = a.games.Finish(ctx, m.ID, Result{State: Void, Reason: ByServer}); err == nil {
			err = ErrMatchOver
		}
	}
	var p *place
	if err == nil {
		p, err = a.add(m, rev, from)
	}
	if err != nil {
		ctx := context.WithoutCancel(ctx)
		if from != nil && errors.Is(err, ErrArenaFull) { // for whoever has room
			if keeping := a.games.SaveCheckpoint(ctx, m.ID, *from); keeping != nil {
				a.deps.Journal.Note(ctx, "keep a match for another node", keeping)
			}
		}
		if dropping := a.deps.Owners.Drop(ctx, m.ID, a.deps.Node); dropping != nil {
			a.deps.Journal.Note(ctx, "give a match up", dropping)
		}
	}
	return p, err
}

// Adopt goes on with a live match that nobody plays, or ends it.
func (a *Arena) Adopt(ctx context.Context, matchID int64) error {
	finding := &a.finding[matchID%int64(len(a.finding))]
	finding.Lock()
	defer finding.Unlock()
	a.mu.Lock()
	here := a.tables[matchID] != nil || a.stopped
	a.mu.Unlock()
	if here {
		return nil
	}
	_, r, err := a.find(ctx, matchID)
	if r != nil {
		a.forget(r)
	}
	if errors.Is(err, ErrMatchOver) || errors.Is(err, errMoved) {
		return nil
	}
	return err
}

// Hear hands over what the client says. It never waits, and keeps the data.
func (c *Chair) Hear(data []byte) {
	if c.place != nil {
		c.place.table.inbox.put(message{kind: heard, line: c.line, data: data, at: c.arena.clock()})
		return
	}
	c.arena.mu.Lock()
	p := c.arena.tables[c.match] // taken over meanwhile
	node := c.relay.node
	c.arena.mu.Unlock()
	if p != nil {
		c.place = p
		c.Hear(data)
		return
	}
	c.arena.deps.Bridge.Send(node, Relayed{Kind: relayHeard, From: c.arena.deps.Node, Match: c.match, Conn: c.conn, User: c.user, Data: data})
}

// Leave gives the place up. It is called once, by who calls Hear.
func (c *Chair) Leave() {
	if c.relay != nil {
		c.arena.unbridge(c.relay, c.conn)
	}
	c.arena.mu.Lock()
	p := c.arena.tables[c.match]
	c.arena.mu.Unlock()
	if p != nil {
		p.table.inbox.put(message{kind: went, line: c.line})
	}
}
