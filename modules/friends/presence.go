package friends

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"rally/platform/auth"
)

// Times of presence.
const (
	// Debounce is how long somebody whose last socket closed is still there:
	// a reload is no leaving.
	Debounce = 10 * time.Second
	// TakeoverWithin is how long a second session may wait at the door.
	TakeoverWithin = 10 * time.Second
	// BeatEvery is how often a node says that it is alive, and BeatLife how
	// long that counts.
	BeatEvery = 5 * time.Second
	BeatLife  = 20 * time.Second
	// WeighEvery is the least time between two changes from idle or to it: each
	// is told to every friend.
	WeighEvery = time.Second

	// writeWithin bounds what no request waits for, and seatWithin how long
	// somebody at the door waits for the table.
	writeWithin = 5 * time.Second
	seatWithin  = 2 * time.Second
	// attempts bounds how often a seat is looked at again because somebody else
	// changed it meanwhile.
	attempts = 50
)

// Presence knows who is there: it seats the sockets of this node, one session a
// person over all nodes, and tells friends of each other. Seats live in a table
// that all nodes share, and each node keeps a copy of what others see of it. It
// is safe for concurrent use. Start begins it, Stop ends it.
type Presence struct {
	deps PresenceDeps
	turn turns // one at a time for each person

	mu       sync.Mutex
	members  map[int64]*member
	watchers map[int64][]*member          // by the friend whom they watch
	outside  map[int64]map[Socket]waiting // who waits at the door
	hiding   map[int64]*hiding            // who hid, and is seen a little longer
	unsaid   map[int64]struct{}           // who hid or came out while the table was away
	reading  map[int64]*reading           // whose friends are being read
	seen     map[int64]view               // everybody's seat, as the table last said
	parts    map[string]int               // how many views name a node
	alive    map[string]time.Time         // nodes, by when they were last heard
	missing  map[string]time.Time         // nodes that views name and nobody hears, since when
	closing  bool
	stop     context.CancelFunc
	running  sync.WaitGroup
}

// PresenceDeps are what Presence stands on.
type PresenceDeps struct {
	Node     string // unique among all that ever ran
	Seats    Seats
	Beats    Beats
	Graph    Graph
	People   People
	Sessions Sessions
	Line     Line
	Clock    func() time.Time
	Timer    Timer
	Journal  Journal
}

// member is somebody of this node, from their first socket until their leaving.
type member struct {
	user     int64
	session  int64
	sockets  tabs
	friends  []int64
	hidden   bool
	idle     bool
	left     time.Time
	leaving  int         // how often they were about to leave
	stopWait func() bool // of the leaving
	weighed  time.Time   // when idle was last written
	weighing bool        // it will be looked at again
}

// tabs are somebody's sockets. They are few, so a list is smaller than a map, and
// as quick.
type tabs []tab

type tab struct {
	socket Socket
	idle   bool
}

func (t tabs) find(s Socket) int {
	return slices.IndexFunc(t, func(other tab) bool { return other.socket == s })
}

func (t tabs) has(s Socket) bool { return t.find(s) >= 0 }

func (t *tabs) set(s Socket, idle bool) {
	if i := t.find(s); i >= 0 {
		(*t)[i].idle = idle
		return
	}
	*t = append(*t, tab{s, idle})
}

func (t *tabs) remove(s Socket) {
	*t = slices.DeleteFunc(*t, func(other tab) bool { return other.socket == s })
}

// idle reports whether there is one, and all are.
func (t tabs) idle() bool {
	return len(t) > 0 && !slices.ContainsFunc(t, func(other tab) bool { return !other.idle })
}

// waiting is a socket at the door.
type waiting struct {
	stop   func() bool
	holder int64 // the session for which it waits
}

// view is what a node keeps of a seat.
type view struct {
	session int64
	status  Status
	match   int64
	left    time.Time // as of a Seat
	nodes   []string
}

// hiding is the time until somebody who hid isn't seen any more.
type hiding struct{ stop func() bool }

// NewPresence returns a Presence that knows nobody yet.
func NewPresence(d PresenceDeps) *Presence {
	return &Presence{
		deps: d, members: map[int64]*member{}, watchers: map[int64][]*member{}, outside: map[int64]map[Socket]waiting{},
		hiding: map[int64]*hiding{}, unsaid: map[int64]struct{}{}, reading: map[int64]*reading{},
		seen: map[int64]view{}, parts: map[string]int{}, alive: map[string]time.Time{}, missing: map[string]time.Time{},
	}
}

// Turn waits until nothing else is being decided about somebody, and returns
// what ends the turn. Enter, Takeover and Idle are called within it.
func (p *Presence) Turn(s Socket) (end func()) { return p.turn.take(s.Identity().UserID) }

// Enter seats a socket. It returns false when another session is there: then
// the socket has been told, and may take over for a while.
func (p *Presence) Enter(ctx context.Context, s Socket) (bool, error) {
	return p.enter(ctx, s, false)
}

// Takeover seats a socket that waits, and ends the session that was there. It
// returns false when the socket was sent away meanwhile.
func (p *Presence) Takeover(ctx context.Context, s Socket) (bool, error) {
	p.mu.Lock()
	waits := p.unwaitLocked(s) // whose time is up now is not sent away any more
	p.mu.Unlock()
	if !waits {
		return false, nil
	}
	return p.enter(ctx, s, true)
}

func (p *Presence) enter(ctx context.Context, s Socket, force bool) (bool, error) {
	id := s.Identity()
	// Before the seat is taken: after that nothing may fail, or it would stay
	// taken by nobody.
	c, err := p.circleOf(ctx, id.UserID)
	if err != nil {
		return false, err
	}
	defer p.doneReading(c)
	seat, held, err := p.sit(ctx, id, c.hidden, Part{}, force)
	if away := (tableAway{}); errors.As(err, &away) {
		// Whoever comes is let in: without their friends' presence the rest of
		// the connection still works, and they are seated when the table is back.
		// Of two sessions on this node there is still only one.
		p.deps.Journal.Note(ctx, "seat somebody", err)
		seat, err = Seat{Session: p.sitsHere(id), Hidden: c.hidden}, nil
		if held = seat.Session != 0; held && force {
			held, err = false, p.deps.Sessions.End(ctx, seat.Session)
		}
	}
	if err == nil && held {
		if seat, held, err = p.holdsOn(ctx, id, seat, c.hidden); err == nil && held {
			return false, p.wait(ctx, s, seat.Session)
		}
	}
	if err != nil {
		return false, err
	}
	p.admit(ctx, s, seat.Hidden, c)
	return true, nil
}

// holdsOn is what sit returned, unless the session that holds the seat has ended:
// of that, its node has not heard. Then the seat is taken.
func (p *Presence) holdsOn(ctx context.Context, id auth.Identity, seat Seat, hidden bool) (now Seat, held bool, err error) {
	ended, err := p.deps.Sessions.Ended(ctx, []int64{seat.Session})
	if err != nil || len(ended) == 0 {
		return seat, true, err
	}
	return p.sit(ctx, id, hidden, Part{}, true)
}

// tableAway says that the table of seats could not be asked.
type tableAway struct{ error }

func (e tableAway) Unwrap() error { return e.error }

func away(err error) error {
	if err == nil {
		return nil
	}
	return tableAway{err}
}

// sitsHere returns another session of the same person with sockets on this node.
func (p *Presence) sitsHere(id auth.Identity) (session int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := p.members[id.UserID]; m != nil && m.session != id.SessionID && len(m.sockets) > 0 {
		return m.session
	}
	return 0
}

// sit takes the seat for a session, or returns that of the session that holds it.
// With force that one is ended. Part is what this node says of the seat; hidden
// counts where the session has none yet. Errors: tableAway, ErrSeatBusy, and what
// ending a session returns.
func (p *Presence) sit(ctx context.Context, id auth.Identity, hidden bool, part Part, force bool) (now Seat, held bool, err error) {
	table, cancel := context.WithTimeout(ctx, seatWithin)
	defer cancel()
	mine := Seat{Session: id.SessionID, Hidden: hidden, Nodes: map[string]Part{p.deps.Node: part}}
	for range attempts {
		seat, rev, found, err := p.deps.Seats.Seat(table, id.UserID)
		if err != nil {
			return Seat{}, false, away(err)
		}
		if !found {
			ok, err := p.deps.Seats.Create(table, id.UserID, mine)
			if ok || err != nil {
				return mine, false, away(err)
			}
			continue
		}
		next, held := mine, seat.heldAgainst(id.SessionID, p.isAlive)
		switch {
		case held && !force:
			return seat, true, nil
		case held:
		case seat.Session == id.SessionID:
			if old, here := seat.Nodes[p.deps.Node]; here && old == part {
				return seat, false, nil
			}
			next = seat.with(p.deps.Node, part)
		}
		next.Match, next.Until = seat.Match, seat.Until // a match goes on without its player for a while
		ok, err := p.deps.Seats.Update(table, id.UserID, next, rev)
		if err != nil {
			return Seat{}, false, away(err)
		}
		if ok && held {
			return next, false, p.endHolder(ctx, id, seat)
		}
		if ok {
			return next, false, nil
		}
	}
	return Seat{}, false, ErrSeatBusy
}

// endHolder ends the session whose seat was just taken. In the other order its
// end would free the seat, and friends would see their friend go and come. A
// session that can't be ended keeps its seat.
func (p *Presence) endHolder(ctx context.Context, by auth.Identity, seat Seat) error {
	err := p.deps.Sessions.End(ctx, seat.Session)
	if err != nil {
		p.inBackground("give a seat back", func(ctx context.Context) error {
			return p.change(ctx, by.UserID, func(now Seat) (Seat, bool) { return seat, now.Session == by.SessionID })
		})
	}
	return err
}

// online returns which of the users are seen.
func (p *Presence) online(users []int64) []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]int64, 0, len(users))
	for _, id := range users {
		if p.seen[id].status != Offline && p.seen[id].status != "" {
			list = append(list, id)
		}
	}
	return list
}

func (p *Presence) isAlive(node string) bool {
	if node == p.deps.Node {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.isAliveLocked(node)
}

// isAliveLocked is true for this node, and for whoever was heard of late.
func (p *Presence) isAliveLocked(node string) bool {
	heard, known := p.alive[node]
	return node == p.deps.Node || known && p.deps.Clock().Sub(heard) < BeatLife
}

// wait keeps a socket at the door.
func (p *Presence) wait(ctx context.Context, s Socket, holder int64) error {
	device, err := p.deps.Sessions.Device(ctx, holder)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	user := s.Identity().UserID
	if p.outside[user] == nil {
		p.outside[user] = map[Socket]waiting{}
	}
	w := p.outside[user][s]
	if w.stop == nil {
		w.stop = p.deps.Timer(TakeoverWithin, func() { p.sendAway(s) })
	}
	w.holder = holder
	p.outside[user][s] = w
	p.deps.Line.Elsewhere(s, device)
	return nil
}

// nameHolder tells a socket at the door that another session has the seat now.
func (p *Presence) nameHolder(ctx context.Context, s Socket, holder int64) error {
	device, err := p.deps.Sessions.Device(ctx, holder)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	user := s.Identity().UserID
	if w, waits := p.outside[user][s]; waits && w.holder != holder && p.seen[user].session == holder {
		w.holder = holder
		p.outside[user][s] = w
		p.deps.Line.Elsewhere(s, device)
	}
	return nil
}

func (p *Presence) sendAway(s Socket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.unwaitLocked(s) {
		s.Close(CloseElsewhere, "you are connected somewhere else")
	}
}

// unwaitLocked ends the waiting of a socket. It returns false for one that
// doesn't wait.
func (p *Presence) unwaitLocked(s Socket) bool {
	user := s.Identity().UserID
	w, waits := p.outside[user][s]
	if waits {
		w.stop()
		delete(p.outside[user], s)
		if len(p.outside[user]) == 0 {
			delete(p.outside, user)
		}
	}
	return waits
}
