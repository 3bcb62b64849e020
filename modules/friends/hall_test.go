package friends_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"rally/modules/friends"
	"rally/modules/friends/internal/seats"
	"rally/platform/auth"
	"rally/platform/bus"
	"rally/platform/testkit"
)

// TestMain fails the run when presence or a bus left goroutines behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hall is some nodes with people, over a real bus. Its clock stands still until
// a test moves it, and the timers of presence run on it.
type hall struct {
	t     *testing.T
	bus   *bus.Bus
	clock *testkit.Clock
	work  chores // what a hub would do by itself

	mu     sync.Mutex
	timers []*hallTimer
	nodes  []*hallNode
	ties   map[int64][]int64
	asked  map[int64][]int64
	hidden map[int64]bool
	seen   map[int64]time.Time
	ended  map[int64]int
	notes  []string

	peopleErr, endErr, markErr error

	tied func() // called after the friends were read
}

// chores counts goroutines. Unlike a sync.WaitGroup, it may be added to while
// somebody waits.
type chores struct {
	mu sync.Mutex
	n  int
}

func (c *chores) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
}

func (c *chores) Go(fn func()) {
	c.add(1)
	go func() {
		defer c.add(-1)
		fn()
	}()
}

func (c *chores) wait(t *testing.T) {
	t.Helper()
	testkit.Until(t, "everything is done", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.n == 0
	})
}

type hallTimer struct {
	at time.Time
	fn func()
}

// hallNode is one program of the deployment.
type hallNode struct {
	*friends.Presence
	hall    *hall
	name    string
	table   *seats.Table
	seats   *brittle
	stop    func()
	sockets map[*tab]struct{}
	crashed bool
}

// tab is one websocket. What it was sent waits in frames.
type tab struct {
	node   *hallNode
	id     auth.Identity
	frames chan string
	reads  sync.Mutex // held by the goroutine that reads, as in a hub
	once   sync.Once
	closed chan int
}

func (s *tab) Identity() auth.Identity { return s.id }

// Close implements friends.Socket. The hub says that a socket has left when it
// has done what the socket asked for before.
func (s *tab) Close(code int, _ string) bool {
	first := false
	s.once.Do(func() {
		first = true
		s.closed <- code
		h := s.node.hall
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(s.node.sockets, s)
		if s.node.crashed {
			return
		}
		h.work.Go(func() {
			s.reads.Lock()
			defer s.reads.Unlock()
			s.node.Leave(s)
		})
	})
	return first
}

const goingAway = 1001

// newHall starts nodes that know of each other.
func newHall(t *testing.T, names ...string) *hall {
	t.Helper()
	return newHallOn(t, "", names...)
}

// newHallOn is newHall with servers of the bus; none are those of the program.
func newHallOn(t *testing.T, url string, names ...string) *hall {
	t.Helper()
	cfg := testkit.Defaults[bus.Config](t)
	cfg.URL, cfg.ReconnectWait = url, 10*time.Millisecond
	b, err := bus.Open(t.Context(), cfg, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	h := &hall{
		t: t, bus: b, clock: testkit.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
		ties: map[int64][]int64{}, asked: map[int64][]int64{}, hidden: map[int64]bool{}, seen: map[int64]time.Time{}, ended: map[int64]int{},
	}
	t.Cleanup(func() {
		h.work.wait(h.t)
		for _, n := range h.nodes {
			n.stop()
		}
		if err := b.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if len(names) == 0 {
		names = []string{"a"}
	}
	for _, name := range names {
		h.open(name)
	}
	for _, n := range h.nodes {
		n.run()
	}
	return h
}

// mates are two friends, 1 and 2, on the one node of a hall. Each sees the other.
func mates(t *testing.T) (h *hall, n *hallNode, one, friend *tab) {
	t.Helper()
	h = newHall(t)
	h.befriend(1, 2)
	n = h.nodes[0]
	friend = n.enter(2, 20)
	n.sees(2, friends.Online)
	one = n.enter(1, 10, "p2 online")
	friend.want("online 1 online") // of two changes at once a node may hear the second alone
	return h, n, one, friend
}

// open makes a node, which beats once.
func (h *hall) open(name string) *hallNode {
	h.t.Helper()
	table, err := seats.Open(h.t.Context(), h.bus)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := table.Beat(h.t.Context(), name); err != nil {
		h.t.Fatal(err)
	}
	n := &hallNode{hall: h, name: name, table: table, seats: &brittle{Seats: table}, sockets: map[*tab]struct{}{}}
	n.Presence = friends.NewPresence(friends.PresenceDeps{
		Node: name, Seats: n.seats, Beats: table, Graph: h, People: h, Sessions: h, Line: h, Clock: h.clock.Now, Timer: h.after, Journal: h,
	})
	h.nodes = append(h.nodes, n)
	return n
}

func (n *hallNode) run() {
	n.hall.t.Helper()
	n.hall.bus.OnReconnect(n.Rejoin)
	stop, err := n.table.Follow(n.hall.t.Context(), n.Presence)
	if err != nil {
		n.hall.t.Fatal(err)
	}
	if err := n.Start(n.hall.t.Context()); err != nil {
		n.hall.t.Fatal(err)
	}
	n.stop = sync.OnceFunc(func() {
		n.Stop()
		stop()
	})
}

// crash ends a node without a word.
func (n *hallNode) crash() {
	n.hall.mu.Lock()
	n.crashed = true
	n.hall.mu.Unlock()
	n.stop()
}

// quit ends a node as a shutdown does.
func (n *hallNode) quit() {
	n.Closing()
	n.hall.mu.Lock()
	open := slices.Collect(maps.Keys(n.sockets))
	n.hall.mu.Unlock()
	for _, s := range open {
		s.Close(goingAway, "")
	}
	n.hall.work.wait(n.hall.t)
	n.stop()
}

func (h *hall) after(d time.Duration, fn func()) func() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := &hallTimer{h.clock.Now().Add(d), fn}
	h.timers = append(h.timers, t)
	return func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		i := slices.Index(h.timers, t)
		if i >= 0 {
			h.timers = slices.Delete(h.timers, i, i+1)
		}
		return i >= 0
	}
}

// timed waits until so many timers run: what starts one comes over the bus.
func (h *hall) timed(n int) {
	h.t.Helper()
	testkit.Until(h.t, fmt.Sprintf("%d timers run", n), func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.timers) == n
	})
}

// advance moves the clock and does what is due by then.
func (h *hall) advance(d time.Duration) {
	h.work.wait(h.t)
	h.clock.Advance(d)
	h.mu.Lock()
	var due []*hallTimer
	h.timers = slices.DeleteFunc(h.timers, func(t *hallTimer) bool {
		if t.at.After(h.clock.Now()) {
			return false
		}
		due = append(due, t)
		return true
	})
	h.mu.Unlock()
	for _, t := range due {
		h.work.Go(t.fn)
	}
	h.work.wait(h.t)
}

func (h *hall) Note(_ context.Context, doing string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notes = append(h.notes, doing+": "+err.Error())
}

func (h *hall) Here(s friends.Socket) { s.(*tab).frames <- "here" }
func (h *hall) Elsewhere(s friends.Socket, device string) {
	s.(*tab).frames <- "elsewhere " + device
}
func (h *hall) Free(s friends.Socket) { s.(*tab).frames <- "free" }

func (h *hall) Snapshot(s friends.Socket, people []friends.Present) {
	list := make([]string, len(people))
	for i, p := range people {
		list[i] = strings.TrimSpace(fmt.Sprintf("%s %s", p.Person.ProfileName, statusText(p.Status, p.Match)))
	}
	slices.Sort(list)
	s.(*tab).frames <- "friends: " + strings.Join(list, ", ")
}

func statusText(s friends.Status, match int64) string {
	if match != 0 {
		return fmt.Sprintf("%s %d", s, match)
	}
	return string(s)
}

func (h *hall) Tell(to []friends.Socket, u friends.Update) {
	text := strings.TrimSpace(fmt.Sprintf("%s %d %s", u.Event, u.UserID, statusText(u.Status, u.Match)))
	if u.LastSeen != nil {
		text += fmt.Sprintf(" %s ago", h.clock.Now().Sub(*u.LastSeen))
	}
	if u.Person != nil {
		text += " " + u.Person.ProfileName
	}
	if u.Request != 0 {
		text += fmt.Sprintf(" #%d", u.Request)
	}
	if u.New != "" {
		text += " " + u.Old + "→" + u.New
	}
	for _, s := range to {
		s.(*tab).frames <- text
	}
}

// knock opens a socket and returns whether it is in.
func (n *hallNode) knock(user, session int64) (*tab, bool, error) {
	s := n.tab(user, session)
	s.reads.Lock()
	defer s.reads.Unlock()
	defer n.Turn(s)()
	in, err := n.Enter(context.Background(), s)
	return s, in, err
}

func (n *hallNode) tab(user, session int64) *tab {
	s := &tab{node: n, id: auth.Identity{UserID: user, SessionID: session}, frames: make(chan string, 4096), closed: make(chan int, 1)}
	n.hall.mu.Lock()
	defer n.hall.mu.Unlock()
	n.sockets[s] = struct{}{}
	return s
}

// enter opens a socket that is let in, and reads its greeting.
func (n *hallNode) enter(user, session int64, online ...string) *tab {
	n.hall.t.Helper()
	s, in, err := n.knock(user, session)
	if !in || err != nil {
		n.hall.t.Fatalf("%d entered: %v, %v", user, in, err)
	}
	s.want("here", "friends: "+strings.Join(online, ", "))
	return s
}

// refused opens a socket that has to wait because of another session.
func (n *hallNode) refused(user, session, holder int64) *tab {
	n.hall.t.Helper()
	s, in, err := n.knock(user, session)
	if in || err != nil {
		n.hall.t.Fatalf("%d entered: %v, %v", user, in, err)
	}
	s.want(fmt.Sprintf("elsewhere device %d", holder))
	return s
}

func (s *tab) takeover() (bool, error) {
	s.reads.Lock()
	defer s.reads.Unlock()
	defer s.node.Turn(s)()
	return s.node.Takeover(context.Background(), s)
}

func (s *tab) idle(yes bool) {
	s.node.hall.t.Helper()
	s.reads.Lock()
	defer s.reads.Unlock()
	defer s.node.Turn(s)()
	if err := s.node.Idle(context.Background(), s, yes); err != nil {
		s.node.hall.t.Fatal(err)
	}
}

// leave closes a tab, as its reader would.
func (s *tab) leave() {
	s.Close(goingAway, "")
	s.node.hall.work.wait(s.node.hall.t)
}

// want reads the next frames.
func (s *tab) want(frames ...string) {
	s.node.hall.t.Helper()
	for _, want := range frames {
		if got := testkit.Receive(s.node.hall.t, s.frames); got != want {
			s.node.hall.t.Fatalf("%d got %q, want %q", s.id.UserID, got, want)
		}
	}
}

func (s *tab) wantClosed(code int) {
	s.node.hall.t.Helper()
	if got := testkit.Receive(s.node.hall.t, s.closed); got != code {
		s.node.hall.t.Fatalf("%d closed with %d, want %d", s.id.UserID, got, code)
	}
}

// seat reads what the table holds.
func (h *hall) seat(user int64) (friends.Seat, bool) {
	h.t.Helper()
	seat, _, found, err := h.nodes[0].table.Seat(h.t.Context(), user)
	if err != nil {
		h.t.Fatal(err)
	}
	return seat, found
}

// sees waits until a node shows somebody so.
func (n *hallNode) sees(user int64, status friends.Status) {
	n.hall.t.Helper()
	testkit.Until(n.hall.t, fmt.Sprintf("node %s sees %d %s", n.name, user, status), func() bool {
		now, there := n.StatusOf([]int64{user})[user]
		if status == friends.Offline {
			return !there
		}
		return there && now.Status == status
	})
}
