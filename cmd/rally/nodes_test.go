package main

import (
	"fmt"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/friends"
	"rally/platform/testkit"
	"rally/platform/ws"
)

const (
	nodePeople  = 40
	crewSize    = 6
	sellers     = 8
	salesOfEach = 5
	crowd       = 100 // sessions of one person
	// steady is how long somebody may be away for certain without their friends
	// hearing of it.
	steady = friends.Debounce * 8 / 10
)

// Two programs on one PostgreSQL and three NATS servers, with nginx in front,
// are one Rally to whoever is connected: while both run, when one is killed,
// when they are restarted one after the other, and when NATS servers go.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	w := startNodes(t, nodePeople)
	whole := t.Run("together", func(t *testing.T) {
		pair := w.people(t, "ann", "bob", "cid", "dan")
		seated := w.people(t, "hal", "ivy")
		t.Run("friends", func(t *testing.T) {
			t.Parallel()
			friendsAcrossNodes(t, w, pair)
		})
		t.Run("seat", func(t *testing.T) {
			t.Parallel()
			oneSeatOverNodes(t, w, seated[0])
		})
		t.Run("crowd", func(t *testing.T) {
			t.Parallel()
			oneSeatForACrowd(t, w, seated[1])
		})
	})
	if !whole {
		return
	}
	c := newCrew(t, w)
	c.killANode(t)
	c.restartInTurn(t)
	c.loseNATSServers(t)
	c.everybodyLeaves(t)
	apptest.WantConsistent(t, w.db, time.Now().UTC())
}

// Friends on two nodes hear of each other as if they sat on one.
func friendsAcrossNodes(t *testing.T, w *nodes, people []*person) {
	ann, bob, cid, dan := people[0], people[1], people[2], people[3]
	w.befriend(t, ann, bob)
	a := open(t, ann, w.direct(0), true).isHere()
	b := open(t, bob, w.direct(1), true).isHere()
	a.sees(bob, "online") // by an update
	b.sees(ann, "online") // by the snapshot
	b.say(`{"idle":true}`)
	a.sees(bob, "idle")
	b.say(`{"idle":false}`)
	a.sees(bob, "online")
	w.call(t, bob, http.MethodPatch, w.direct(0), "/api/accounts/profile/", apptest.M{"profile_name": "bobby"}, nil)
	for _, c := range []*tab{a, b} {
		c.hears("of the rename", func(s said) bool { return s.Event == "renamed" && s.UserID == bob.id && s.New == "bobby" })
	}

	// A stranger of the other node asks; accepting makes friends of both.
	d := open(t, cid, w.direct(1), true).isHere()
	id := w.ask(t, cid, ann, w.direct(1))
	a.hears("the request", func(s said) bool { return s.Event == "request" && s.UserID == cid.id && s.Request == id })
	a.isTold("friend_request", 1)
	w.call(t, ann, http.MethodPost, w.direct(0), fmt.Sprintf("/api/friends/requests/%d/accept/", id), nil, nil)
	a.sees(cid, "online")
	d.sees(ann, "online")
	d.isTold("friend_accepted", 1)
	w.call(t, ann, http.MethodPut, w.direct(1), "/api/friends/presence/", apptest.M{"appear": "offline"}, nil)
	d.sees(ann, "")
	w.call(t, ann, http.MethodPut, w.direct(1), "/api/friends/presence/", apptest.M{"appear": "online"}, nil)
	d.sees(ann, "online")
	w.call(t, cid, http.MethodDelete, w.direct(1), fmt.Sprintf("/api/friends/%d/", ann.id), nil, nil)
	a.sees(cid, "")
	d.sees(ann, "")

	// What was taken back is taken back everywhere.
	id = w.ask(t, dan, ann, w.direct(1))
	w.call(t, dan, http.MethodDelete, w.direct(1), fmt.Sprintf("/api/friends/requests/%d/", id), nil, nil)
	a.hears("that it is taken back", func(s said) bool { return s.Event == "withdrawn" && s.UserID == dan.id && s.Request == id })

	b.close()
	a.sees(bob, "")
}

// A session on one node takes over from a session on the other.
func oneSeatOverNodes(t *testing.T, w *nodes, hal *person) {
	first := open(t, hal, w.direct(0), true).isHere()
	other := w.session(t, hal)
	var late *tab
	testkit.Until(t, "the other session is at the door", func() bool {
		// A node that can't write the seat in time lets people in and seats them
		// later. Only then does it turn the other session away.
		if !w.hasSeat(hal) {
			return false
		}
		late = open(t, other, w.direct(1), false)
		late.is("is answered", func() bool { return late.seated || late.refused })
		return late.refused || !closed(late)
	})
	late.say(`{"takeover":true}`)
	late.isHere()
	first.endedWith(ws.CloseSessionEnded)
	for i := range w.run {
		testkit.Until(t, "the first session's token is refused", func() bool {
			status, _, err := hal.do(t.Context(), http.MethodGet, w.direct(i)+"/api/accounts/user/", "", nil)
			return err == nil && status == http.StatusUnauthorized
		})
		w.call(t, other, http.MethodGet, w.direct(i), "/api/accounts/user/", nil, nil)
	}
	// Another tab of the session sits on the other node beside it.
	open(t, other, w.direct(0), true).isHere()
	late.isHere()
}

// Of many sessions that come at once to both nodes, one sits.
func oneSeatForACrowd(t *testing.T, w *nodes, ivy *person) {
	sessions := make([]*person, crowd)
	for i := range sessions {
		sessions[i] = w.session(t, ivy)
	}
	tabs := make([]*tab, crowd)
	for i, p := range sessions {
		tabs[i] = open(t, p, w.direct(i%len(w.run)), false)
	}
	seated := 0
	for _, c := range tabs {
		c.is("is answered", func() bool { return c.seated || c.refused })
		if c.seated {
			seated++
		}
	}
	if seated != 1 && !w.saidThatTheTableIsAway() {
		t.Errorf("%d of %d sessions were seated", seated, crowd)
	}
	testkit.Until(t, "one session sits, and no more", func() bool {
		sitting := 0
		for _, c := range tabs {
			if c.sits() {
				sitting++
			}
		}
		return sitting == 1
	})
	for _, c := range tabs { // those at the door first: nobody takes the seat over
		if !c.sits() {
			c.close()
		}
	}
}

// closed closes a tab and returns true.
func closed(c *tab) bool {
	c.close()
	return true
}

// crew are friends of each other, connected by way of nginx, who come back by
// themselves.
type crew struct {
	*nodes
	people  []*person
	tabs    []*tab
	sellers []*person
}

func newCrew(t *testing.T, w *nodes) *crew {
	t.Helper()
	c := &crew{nodes: w}
	for i := range crewSize {
		c.people = append(c.people, w.people(t, fmt.Sprintf("crew%d", i))...)
	}
	for i := range sellers {
		c.sellers = append(c.sellers, w.people(t, fmt.Sprintf("seller%d", i))...)
	}
	for i, a := range c.people {
		for _, b := range c.people[:i] {
			w.befriend(t, a, b)
		}
	}
	// What made them friends must not count as news of what comes.
	testkit.Until(t, "everything so far is told", func() bool { return c.untold() == 0 })
	for _, p := range c.people {
		c.tabs = append(c.tabs, open(t, p, w.url, false).isHere())
	}
	c.together(t)
	if len(c.on(0)) == 0 || len(c.on(1)) == 0 {
		t.Fatal("nginx gives all of its sockets to one node")
	}
	return c
}

// together waits until everybody sees everybody.
func (c *crew) together(t *testing.T) {
	t.Helper()
	for _, a := range c.tabs {
		a.isHere()
		for _, p := range c.people {
			if p != a.person {
				a.sees(p, "online")
			}
		}
	}
}

// on returns the tabs that a node holds.
func (c *crew) on(node int) []*tab {
	return slices.DeleteFunc(slices.Clone(c.tabs), func(a *tab) bool { return a.where() != c.addr[node] })
}

// Restarted one after the other, nodes hand their people to each other, and no
// friend hears of it.
func (c *crew) restartInTurn(t *testing.T) {
	t.Helper()
	c.spread(t)
	before := make([]int, crewSize)
	for i, a := range c.tabs {
		before[i] = a.mark()
		a.mu.Lock()
		a.codes, a.away = nil, 0
		a.mu.Unlock()
	}
	for node := range c.run {
		moving := c.on(node)
		c.signal(node, syscall.SIGTERM)
		if err := c.run[node].err; err != nil {
			t.Errorf("node %d ended with %v", node, err)
		}
		for _, a := range moving {
			a.endedWith(1001)
		}
		c.together(t)
		if n := len(c.on(1 - node)); n != crewSize {
			t.Errorf("%d of %d went to the other node", n, crewSize)
		}
		c.start(node)
	}
	c.noGhosts(crewSize)
	c.together(t)
	gone := map[int64]time.Duration{}
	for _, a := range c.tabs {
		a.mu.Lock()
		gone[a.person.id] = a.away
		a.mu.Unlock()
	}
	for i, a := range c.tabs {
		for _, p := range c.flickered(a, before[i]) {
			if gone[p.id] < steady {
				t.Errorf("%s saw %s leave, who was away for %v", a.person.name, p.name, gone[p.id])
			} else {
				t.Logf("%s was away for %v: this machine is too busy to tell", p.name, gone[p.id])
			}
		}
	}
}

// flickered returns whom a tab saw leave, or missed in a snapshot.
func (c *crew) flickered(a *tab, from int) (list []*person) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.heard[from:] {
		for _, p := range c.people {
			missed := s.Event == "" && p != a.person
			for _, f := range s.Friends {
				missed = missed && f.UserID != p.id
			}
			if missed || s.Event == "offline" && s.UserID == p.id {
				list = append(list, p)
			}
		}
	}
	return list
}

// spread reconnects people until both nodes hold some.
func (c *crew) spread(t *testing.T) {
	t.Helper()
	for i := 0; len(c.on(0)) == 0 || len(c.on(1)) == 0; i++ {
		if i == 10*crewSize {
			t.Fatal("nginx gives nothing to a node that came back")
		}
		c.tabs[i%crewSize].again()
	}
	c.together(t)
}

// Any one of three NATS servers may go. Nobody is cut off, and nothing that
// happens meanwhile is lost.
func (c *crew) loseNATSServers(t *testing.T) {
	t.Helper()
	c.spread(t)
	one, other := c.on(0)[0], c.on(1)[0]
	ends := func() (n int) {
		for _, a := range c.tabs {
			a.mu.Lock()
			n += len(a.codes)
			a.mu.Unlock()
		}
		return n
	}
	before := ends()
	requests := 0
	for i := range 3 {
		c.nats.Stop(i)
		for node := range c.run { // what each node does reaches people of both
			for _, a := range []*tab{one, other} {
				asker := c.sellers[requests%sellers]
				if id := c.openRequest(asker, a.person); id != 0 {
					c.call(t, asker, http.MethodDelete, c.direct(node), fmt.Sprintf("/api/friends/requests/%d/", id), nil, nil)
				}
				id := c.ask(t, asker, a.person, c.direct(node))
				a.hears("a request", func(s said) bool { return s.Event == "request" && s.Request == id })
			}
			requests++
		}
		for _, pair := range [][2]*tab{{one, other}, {other, one}} {
			pair[0].say(`{"idle":true}`)
			pair[1].sees(pair[0].person, "idle")
			pair[0].say(`{"idle":false}`)
			pair[1].sees(pair[0].person, "online")
		}
		c.nats.Start(t, i)
		c.replicated()
	}
	for _, a := range []*tab{one, other} {
		last := c.count("SELECT seq FROM inbox_state WHERE user_id = $1", a.person.id)
		a.is(fmt.Sprintf("is told everything up to %d", last), func() bool { return a.last == last })
	}
	c.noGhosts(crewSize)
	c.together(t)
	if n := ends(); n != before {
		t.Errorf("%d sockets were cut off", n-before)
	}
}

// openRequest returns the request that is pending between two people, or 0.
func (c *crew) openRequest(from, to *person) int64 {
	return c.count("SELECT coalesce(max(id), 0) FROM friend_requests WHERE from_id = $1 AND to_id = $2 AND state = 'pending'", from.id, to.id)
}

// everybodyLeaves closes all tabs: nobody is left behind in a seat.
func (c *crew) everybodyLeaves(t *testing.T) {
	t.Helper()
	for _, a := range c.tabs {
		a.close()
	}
	c.noGhosts(0)
	if n := c.untold(); n != 0 {
		t.Errorf("%d entries were never told", n)
	}
}

// untold returns how many entries the inbox has still to tell.
func (c *crew) untold() int64 { return c.count("SELECT count(*) FROM inbox_outbox") }
