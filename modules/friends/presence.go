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
type waiting struct{ stop func() bool }

// view is what a node keeps of a seat.
type view struct {
	session int64
	status  Status
	match   int64
	left    time.Time // when the last socket closed; zero while there is one
	nodes   []string
}

// NewPresence returns a Presence that knows nobody yet.
func NewPresence(d PresenceDeps) *Presence {
	return &Presence{
		deps: d, members: map[int64]*member{}, watchers: map[int64][]*member{}, outside: map[int64]map[Socket]waiting{},
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
	friends, hidden, err := p.deps.Graph.Ties(ctx, id.UserID)
	if err != nil {
		return false, err
	}
	// Before the seat is taken: after that nothing may fail, or it would stay
	// taken by nobody.
	people, err := p.deps.People.PeopleOf(ctx, p.online(friends))
	if err != nil {
		return false, err
	}
	holder, err := p.sit(ctx, id, hidden, Part{}, force)
	if away := (tableAway{}); errors.As(err, &away) {
		// Whoever comes is let in: without their friends' presence the rest of
		// the connection still works, and they are seated when the table is back.
		// Of two sessions on this node there is still only one.
		p.deps.Journal.Note(ctx, "seat somebody", err)
		if holder, err = p.sitsHere(id), nil; holder != 0 && force {
			holder, err = 0, p.deps.Sessions.End(ctx, holder)
		}
	}
	if err == nil && holder != 0 {
		if holder, err = p.holdsOn(ctx, id, holder, hidden); err == nil && holder != 0 {
			return false, p.wait(ctx, s, holder)
		}
	}
	if err != nil {
		return false, err
	}
	p.admit(s, friends, hidden, people)
	return true, nil
}

// holdsOn returns the holder of a seat, or takes the seat of one whose session has
// ended: of that, its node has not heard.
func (p *Presence) holdsOn(ctx context.Context, id auth.Identity, holder int64, hidden bool) (int64, error) {
	ended, err := p.deps.Sessions.Ended(ctx, []int64{holder})
	if err != nil || len(ended) == 0 {
		return holder, err
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

// sit takes the seat for a session, or returns the session that holds it. With
// force that one is ended. Part is what this node says of the seat. Errors:
// tableAway, ErrSeatBusy, and what ending a session returns.
func (p *Presence) sit(ctx context.Context, id auth.Identity, hidden bool, part Part, force bool) (holder int64, err error) {
	table, cancel := context.WithTimeout(ctx, seatWithin)
	defer cancel()
	mine := Seat{Session: id.SessionID, Hidden: hidden, Nodes: map[string]Part{p.deps.Node: part}}
	for range attempts {
		seat, rev, found, err := p.deps.Seats.Seat(table, id.UserID)
		if err != nil {
			return 0, away(err)
		}
		if !found {
			ok, err := p.deps.Seats.Create(table, id.UserID, mine)
			if ok || err != nil {
				return 0, away(err)
			}
			continue
		}
		next, held := mine, seat.heldAgainst(id.SessionID, p.isAlive)
		switch {
		case held && !force:
			return seat.Session, nil
		case held:
		case seat.Session == id.SessionID:
			if old, here := seat.Nodes[p.deps.Node]; here && old == part && seat.Hidden == hidden {
				return 0, nil
			}
			next = seat.with(p.deps.Node, part)
		}
		next.Hidden, next.Match = hidden, seat.Match // a match goes on without its player for a while
		ok, err := p.deps.Seats.Update(table, id.UserID, next, rev)
		if err != nil {
			return 0, away(err)
		}
		if ok && held {
			return 0, p.endHolder(ctx, id, seat)
		}
		if ok {
			return 0, nil
		}
	}
	return 0, ErrSeatBusy
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

// admit makes the socket one of its person's, and greets it. What is told of
// friends from now on comes after the greeting.
func (p *Presence) admit(s Socket, friends []int64, hidden bool, people map[int64]Person) {
	p.mu.Lock()
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
	p.watchLocked(m, friends)
	p.deps.Line.Here(s)
	p.introduceLocked(s, friends, people)
}

// introduceLocked says to a socket who of its person's friends is there.
func (p *Presence) introduceLocked(s Socket, friends []int64, people map[int64]Person) {
	present := make([]Present, 0, len(people))
	for _, friend := range friends {
		v := p.seen[friend]
		if who, known := people[friend]; known && v.status != "" && v.status != Offline {
			present = append(present, Present{Person: who, Status: v.status, Match: v.match})
		}
	}
	p.deps.Line.Snapshot(s, present)
	for _, friend := range friends { // came while the profiles were read
		if v := p.seen[friend]; v.status != "" && v.status != Offline && people[friend].UserID == 0 {
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
	p.deps.Line.Elsewhere(s, device)
	if _, known := p.outside[user][s]; !known {
		p.outside[user][s] = waiting{p.deps.Timer(TakeoverWithin, func() { p.sendAway(s) })}
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
