package pong

import (
	"context"
	"time"
)

const (
	// keepEvery is how often a node looks after its matches: it writes a checkpoint
	// of each every other time, and says which lines it bridges.
	keepEvery = time.Second
	// hostSilence is after how long a line of another node that says nothing of it is
	// gone.
	hostSilence = 6 * time.Second
	// suspicious is after how long without a checkpoint a match is looked at more
	// closely. Where its entry then stays the same for another while, another node goes
	// on with it: one that has lines of it, then any. With the time of a look this is
	// within ten seconds.
	suspicious = 3 * time.Second
	unchanged  = 2500 * time.Millisecond
	unheeded   = 4500 * time.Millisecond
	// keptAtOnce is how many entries are written, or taken over, at once.
	keptAtOnce = 32
	// ownerless is in how many looks a match whose lines this node bridges must be
	// without an owner until they are closed.
	ownerless = 3
)

// Owners is who plays which match, over all nodes: one node each. An entry is
// changed by its revision, so that of two nodes one sees that it lost.
type Owners interface {
	// Claim returns false when somebody has the match.
	Claim(ctx context.Context, id int64, c Checkpoint) (rev uint64, mine bool, err error)
	Owner(ctx context.Context, id int64) (c Checkpoint, rev uint64, found bool, err error)
	// Write returns false when the entry changed since the revision.
	Write(ctx context.Context, id int64, c Checkpoint, rev uint64) (next uint64, written bool, err error)
	// Drop removes an entry of a node. That of another stays.
	Drop(ctx context.Context, id int64, node string) error
}

// Bridge carries what lines say and hear between nodes. It may lose it.
type Bridge interface {
	Send(node string, r Relayed)
}

// Relayed is what one node tells another of a line.
type Relayed struct {
	Kind   string `json:"k"`
	From   string `json:"f,omitempty"`
	Match  int64  `json:"m"`
	Conn   uint64 `json:"c,omitempty"` // a line, by its number on its own node
	User   int64  `json:"u,omitempty"`
	Data   []byte `json:"d,omitempty"`
	Code   int    `json:"x,omitempty"`
	Reason string `json:"r,omitempty"`
}

// Kinds of Relayed: to who plays the match, and back.
const (
	relayHere  = "here"  // a line is there; said again and again
	relayHeard = "heard" // a frame of its client
	relayGone  = "gone"  // the line is gone

	relayCast  = "cast"  // a frame for all lines of a node
	relayFrame = "frame" // for one
	relayClose = "close" // one is closed
)

// sight is what this node knows of a match of another.
type sight struct {
	Node     string
	Score    [2]int
	Watchers int
	at       time.Time // by this node's clock, as all of these
	rev      uint64    // of its entry, as it was looked at
	looked   time.Time // when it first had that revision
	again    time.Time // when it was looked at last
}

// Heard is called with every change of an owner's entry, on every node.
func (a *Arena) Heard(id int64, c Checkpoint, gone bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if gone {
		delete(a.seen, id)
		return
	}
	a.seen[id] = sight{Node: c.Node, Score: c.Score, Watchers: c.Watchers, at: time.Now()}
	r := a.relays[id]
	if r == nil || r.node == c.Node || c.Node == a.deps.Node {
		return
	}
	r.node = c.Node // somebody took it over
	a.sayHere(r)
}

// relay is a match of another node with the lines of this one. The arena's mutex
// guards it.
type relay struct {
	match   int64
	players [2]int64
	node    string
	lines   map[uint64]Seating
	looks   int // in which the match had no owner
}

func (r *relay) close(code int, reason string) {
	for _, s := range r.lines {
		s.Line.Close(code, reason)
	}
	clear(r.lines)
}

func (a *Arena) relayTo(m Match, node string) *relay {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.relays[m.ID]
	if r == nil {
		r = &relay{match: m.ID, players: m.Players, node: node, lines: map[uint64]Seating{}}
		a.relays[m.ID] = r
	}
	return r
}

// forget drops a relay without lines.
func (a *Arena) forget(r *relay) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(r.lines) == 0 && a.relays[r.match] == r {
		delete(a.relays, r.match)
	}
}

// bridge adds a line to a relay. It returns false when that is no more.
func (a *Arena) bridge(r *relay, s Seating) (conn uint64, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.relays[r.match] != r {
		return 0, false
	}
	a.conns++
	r.lines[a.conns] = s
	a.deps.Bridge.Send(r.node, Relayed{Kind: relayHere, From: a.deps.Node, Match: r.match, Conn: a.conns, User: s.UserID})
	return a.conns, true
}

func (a *Arena) unbridge(r *relay, conn uint64) {
	a.mu.Lock()
	_, there := r.lines[conn]
	delete(r.lines, conn)
	node := r.node
	if len(r.lines) == 0 && a.relays[r.match] == r {
		delete(a.relays, r.match)
	}
	a.mu.Unlock()
	if there {
		a.deps.Bridge.Send(node, Relayed{Kind: relayGone, From: a.deps.Node, Match: r.match, Conn: conn})
	}
}

// sayHere tells the owner of all lines of a relay, with the mutex held.
func (a *Arena) sayHere(r *relay) {
	for conn, s := range r.lines {
		a.deps.Bridge.Send(r.node, Relayed{Kind: relayHere, From: a.deps.Node, Match: r.match, Conn: conn, User: s.UserID})
	}
}

// Relay takes what another node tells this one.
func (a *Arena) Relay(m Relayed) {
	a.mu.Lock()
	p, r := a.tables[m.Match], a.relays[m.Match]
	a.mu.Unlock()
	switch m.Kind {
	case relayHere, relayHeard, relayGone:
		if p != nil {
			p.relayed(m)
		}
	default:
		if r != nil {
			a.deliver(r, m)
		}
	}
}

// deliver hands a frame, or an end, to lines of this node.
func (a *Arena) deliver(r *relay, m Relayed) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if m.From != r.node {
		return // of a node that has lost the match, and may not know yet
	}
	if m.Kind == relayCast {
		for _, s := range r.lines {
			s.Line.Send(m.Data, false)
		}
		return
	}
	s, there := r.lines[m.Conn]
	switch {
	case !there:
	case m.Kind == relayFrame:
		s.Line.Send(m.Data, true)
	case m.Kind == relayClose:
		delete(r.lines, m.Conn)
		s.Line.Close(m.Code, m.Reason)
	}
}

// host is another node that bridges lines of a match.
type host struct {
	node  string
	lines map[uint64]*bridged
	shut  map[uint64]struct{} // closed here, which that node may not have heard
	cast  uint64              // the last frame for everybody that went there; the lane's
}

// bridged is a line of another node, and when that last said that it is there.
type bridged struct {
	remote
	heard time.Time
}

// remote is a line of another node.
type remote struct {
	place *place
	host  *host
	conn  uint64
}

// Send implements Line. What is for everybody goes once to each node.
func (r remote) Send(frame []byte, must bool) {
	m := Relayed{Kind: relayFrame, From: r.place.arena.deps.Node, Match: r.place.id, Conn: r.conn, Data: frame}
	if !must {
		if r.host.cast == r.place.casts {
			return
		}
		r.host.cast = r.place.casts
		m.Kind, m.Conn = relayCast, 0
	}
	r.place.arena.deps.Bridge.Send(r.host.node, m)
}

// Close implements Line.
func (r remote) Close(code int, reason string) {
	r.place.mu.Lock()
	delete(r.host.lines, r.conn)
	r.host.shut[r.conn] = struct{}{}
	r.place.mu.Unlock()
	r.place.arena.deps.Bridge.Send(r.host.node, Relayed{Kind: relayClose, From: r.place.arena.deps.Node, Match: r.place.id, Conn: r.conn, Code: code, Reason: reason})
}

// relayed takes what another node says of its line.
func (p *place) relayed(m Relayed) {
	p.mu.Lock()
	h := p.hosts[m.From]
	if h == nil {
		h = &host{node: m.From, lines: map[uint64]*bridged{}, shut: map[uint64]struct{}{}}
		p.hosts[m.From] = h
	}
	line, there := h.lines[m.Conn]
	_, shut := h.shut[m.Conn]
	fresh := m.Kind == relayHere && !there && !shut
	if fresh {
		line = &bridged{remote: remote{p, h, m.Conn}}
		h.lines[m.Conn] = line
	}
	if line != nil {
		line.heard = time.Now()
	}
	if m.Kind == relayGone {
		delete(h.lines, m.Conn)
		delete(h.shut, m.Conn)
	}
	p.mu.Unlock()
	switch {
	case fresh:
		p.table.inbox.put(message{kind: came, line: line.remote, user: m.User})
	case !there:
	case m.Kind == relayHeard:
		p.table.inbox.put(message{kind: heard, line: line.remote, data: m.Data, at: p.arena.clock()})
	case m.Kind == relayGone:
		p.table.inbox.put(message{kind: went, line: line.remote})
	}
}

// next implements doer: another frame for everybody begins.
func (p *place) next() { p.casts++ }

// dropHosts takes lines away of which their node says nothing any more.
func (p *place) dropHosts(now time.Time) {
	p.mu.Lock()
	var gone []remote
	for node, h := range p.hosts {
		for conn, line := range h.lines {
			if now.Sub(line.heard) > hostSilence {
				gone = append(gone, line.remote)
				delete(h.lines, conn)
			}
		}
		if len(h.lines) == 0 && len(h.shut) == 0 {
			delete(p.hosts, node)
		}
	}
	p.mu.Unlock()
	for _, line := range gone {
		p.table.inbox.put(message{kind: went, line: line})
	}
}
