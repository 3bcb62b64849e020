package pong

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// sitWithin bounds how long somebody waits for their place.
	sitWithin = 10 * time.Second
	// mostFrames is how many frames of a player make sense in a second.
	mostFrames = TicksPerSecond
)

// Chair is a line's place at a match. Its methods are for the goroutine that reads
// from the line.
type Chair struct {
	arena *Arena
	match int64
	line  Line
	user  int64
	plays bool   // others only watch, and have nothing to say
	place *place // of this node, or
	relay *relay // of another
	conn  uint64

	second int64 // of the lanes' clock, in which said was counted
	said   int
	noise  int // frames that were too many, or a watcher's
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
	p, r, err := a.at(matchID)
	if err == nil && p == nil && r == nil {
		p, r, err = a.find(ctx, matchID, false)
	}
	if err != nil {
		return nil, err
	}
	c := &Chair{arena: a, match: matchID, line: s.Line, user: s.UserID, place: p, relay: r}
	if p != nil {
		c.plays = plays(p.players, s.UserID)
		if !p.table.inbox.put(message{kind: came, line: s.Line, user: s.UserID}) {
			return nil, errMoved
		}
		return c, nil
	}
	c.plays = plays(r.players, s.UserID)
	conn, ok := a.bridge(r, s)
	if !ok {
		return nil, errMoved
	}
	c.conn = conn
	return c, nil
}

func plays(players [2]int64, userID int64) bool {
	return userID != 0 && (players[Left] == userID || players[Right] == userID)
}

// at returns where a match is played, as far as this node knows without asking.
func (a *Arena) at(matchID int64) (*place, *relay, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopped {
		return nil, nil, ErrArenaFull
	}
	return a.tables[matchID], a.relays[matchID], nil
}

// find looks who plays a match, and does it here if nobody does. A live match without
// an owner is only adopted, but for one that was kept over a stop: its owner may be
// about to write its entry again, where the servers have lost it.
func (a *Arena) find(ctx context.Context, id int64, adopt bool) (*place, *relay, error) {
	ctx, cancel := context.WithTimeout(ctx, sitWithin)
	defer cancel()
	finding := &a.finding[id%int64(len(a.finding))]
	finding.Lock()
	defer finding.Unlock()
	if p, r, err := a.at(id); err != nil || p != nil || r != nil {
		return p, r, err // found meanwhile
	}
	m, err := a.games.Match(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	switch m.State {
	case Invited, Closed: // nobody else knows of it
		return nil, nil, ErrMatchNotFound
	case Over, Void:
		return nil, nil, ErrMatchOver
	case Open, Live:
	}
	c, _, found, err := a.deps.Owners.Owner(ctx, id)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("look who plays a match: %w", err)
	case found && c.Node == a.deps.Node: // it is being given up
		return nil, nil, errMoved
	case found:
		return nil, a.relayTo(m, c.Node), nil
	}
	if m.State == Live && !adopt {
		kept, err := a.games.HasCheckpoint(ctx, id)
		if err != nil || !kept {
			return nil, nil, errors.Join(errMoved, err)
		}
	}
	rev, mine, err := a.deps.Owners.Claim(ctx, id, Checkpoint{Node: a.deps.Node})
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("claim a match: %w", err)
	case !mine: // somebody was faster
		return nil, nil, errMoved
	}
	p, err := a.open(ctx, m, rev)
	return p, nil, err
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
	_, r, err := a.find(ctx, matchID, true)
	if r != nil {
		a.forget(r)
	}
	if errors.Is(err, ErrMatchOver) || errors.Is(err, errMoved) || errors.Is(err, ErrArenaFull) {
		return nil
	}
	return err
}

// Hear hands over what the client says. It never waits, and keeps the data. It returns
// false for a line that says too much, which it has closed: what players say must not
// drown in it, here or on the way to another node.
func (c *Chair) Hear(data []byte) bool { return c.hear(data, c.arena.clock()) }

func (c *Chair) hear(data []byte, at int64) bool {
	if second := at / int64(time.Second); second != c.second {
		c.second, c.said = second, 0
	}
	if c.said++; !c.plays || c.said > mostFrames {
		c.noise++
		if c.noise < mostOffences {
			return true
		}
		c.line.Close(CloseNonsense, "too many frames")
		return false
	}
	if c.place == nil {
		c.arena.mu.Lock()
		c.place = c.arena.tables[c.match] // taken over meanwhile
		node := c.relay.node
		c.arena.mu.Unlock()
		if c.place == nil {
			c.arena.deps.Bridge.Send(node, Relayed{Kind: relayHeard, From: c.arena.deps.Node, Match: c.match, Conn: c.conn, User: c.user, Data: data})
			return true
		}
	}
	c.place.table.inbox.put(message{kind: heard, line: c.line, data: data, at: at})
	return true
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
