package pong

import (
	"slices"
	"testing"
	"time"

	"rally/platform/testkit"
)

// told returns what went to other nodes of a kind.
func (d *desk) told(kind string) (list []Relayed) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.sent {
		if r.Kind == kind {
			list = append(list, r)
		}
	}
	return list
}

func here(conn uint64, user int64) Relayed {
	return Relayed{Kind: relayHere, From: "there", Match: 1, Conn: conn, User: user}
}

// Lines of another node are seated as those of this one are, a frame for everybody
// goes to that node once, and a node that says nothing any more has no lines.
func TestLinesOfAnotherNode(t *testing.T) {
	d := newDesk(numbered(1, Open))
	a := d.arena() // nothing runs: the test is its clock
	a.games, a.began = d, time.Now()
	left, _ := take(t, a, 1, ann)
	p := left.place
	now := int64(0)
	tick := func(times int) {
		for range times {
			now += tickLength
			p.tick(now, false)
		}
	}
	a.Relay(here(1, bob))
	a.Relay(here(2, 0))
	a.Relay(here(3, 0))
	a.Relay(here(1, bob)) // said again
	tick(1)
	if w := d.told(relayFrame); len(w) != 3 || w[0].Data[wsHeader] != frameWelcome {
		t.Fatalf("%d frames for one line: %+v", len(w), w)
	}
	if p.table.others != 2 || p.table.seats[Right].missing() {
		t.Fatalf("%d watch, right is away: %v", p.table.others, p.table.seats[Right].missing())
	}
	before := len(d.told(relayCast))
	tick(20)
	if casts := len(d.told(relayCast)) - before; casts != 10 {
		t.Errorf("%d frames for everybody in 20 ticks", casts)
	}
	a.Relay(Relayed{Kind: relayHeard, From: "there", Match: 1, Conn: 1, Data: []byte{frameReady, 0}})
	a.Relay(Relayed{Kind: relayHeard, From: "there", Match: 1, Conn: 9, Data: []byte{frameResign, 0}}) // nobody
	a.Relay(Relayed{Kind: relayGone, From: "there", Match: 1, Conn: 2})
	tick(1)
	if p.table.others != 1 || !p.table.seats[Right].ready || p.table.phase != waiting {
		t.Errorf("%d watch, ready: %v, phase %d", p.table.others, p.table.seats[Right].ready, p.table.phase)
	}
	p.dropHosts(time.Now())
	tick(1)
	if p.table.others != 1 {
		t.Error("a node that speaks lost its lines")
	}
	p.dropHosts(time.Now().Add(2 * hostSilence))
	tick(1)
	if p.table.others != 0 || !p.table.seats[Right].missing() {
		t.Error("a node that is silent has its lines still")
	}
	a.Relay(here(1, bob)) // it was only slow
	tick(1)
	if p.table.seats[Right].missing() {
		t.Error("the lines of a node that speaks again are not seated")
	}
}

// A node may say that a line is there while the word that it was closed is on its
// way. The line stays closed, and doesn't take the seat back from the one that
// replaced it.
func TestALineThatWasClosedStaysClosed(t *testing.T) {
	d := newDesk(numbered(1, Open))
	a := d.arena()
	a.games, a.began = d, time.Now()
	left, _ := take(t, a, 1, ann)
	a.Relay(here(1, bob))
	left.place.tick(1, false)
	_, right := take(t, a, 1, bob) // on this node
	left.place.tick(2, false)
	if closed := d.told(relayClose); len(closed) != 1 || closed[0].Conn != 1 || closed[0].Code != CloseReplaced {
		t.Fatalf("closed: %+v", closed)
	}
	a.Relay(here(1, bob))
	left.place.tick(3, false)
	if _, code, _ := right.seen(); code != 0 {
		t.Errorf("the new line is closed with %d", code)
	}
	a.Relay(here(2, bob)) // a third one, there
	left.place.tick(4, false)
	if _, code, _ := right.seen(); code != CloseReplaced {
		t.Errorf("replaced, and closed with %d", code)
	}
}

// Lines of a match that has no owner any more come back to look, also when nobody told
// them to.
func TestLinesOfAMatchWithoutAnOwner(t *testing.T) {
	d := newDesk(numbered(1, Open), numbered(2, Open))
	for _, m := range d.matches {
		d.owners[m.ID] = Checkpoint{Node: "there"}
	}
	a := d.start(t)
	a.Heard(1, Checkpoint{Node: "there"}, false)
	a.Heard(2, Checkpoint{Node: "there"}, false)
	lost, w := take(t, a, 1, ann)
	_, kept := take(t, a, 2, bob)
	testkit.Until(t, "the owner hears again and again of the lines", func() bool { return len(d.told(relayHere)) > 4 })
	d.mu.Lock()
	delete(d.owners, 1)
	d.mu.Unlock()
	a.Heard(1, Checkpoint{}, true)
	a.Heard(2, Checkpoint{}, true)
	a.Heard(2, Checkpoint{Node: "elsewhere"}, false) // taken up at once
	testkit.Until(t, "its line is closed", func() bool { _, code, _ := w.seen(); return code == CloseGoingAway })
	lost.Leave()
	if _, code, _ := kept.seen(); code != 0 {
		t.Errorf("the other is closed with %d", code)
	}
	if !slices.ContainsFunc(d.told(relayHere), func(r Relayed) bool { return r.Match == 2 }) {
		t.Error("the new owner hears nothing")
	}
	c, _ := take(t, a, 1, ann)
	if c.place == nil {
		t.Error("who comes back is not seated here")
	}
}
