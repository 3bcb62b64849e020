package friends_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rally/modules/friends"
	"rally/platform/testkit"
)

func TestFriendsOnDifferentNodesSeeEachOther(t *testing.T) {
	h := newHall(t, "a", "b")
	h.befriend(1, 2)
	a, b := h.nodes[0], h.nodes[1]
	one := a.enter(1, 10)
	b.sees(1, friends.Online)
	two := b.enter(2, 20, "p1 online")
	one.want("online 2 online")
	two.idle(true)
	one.want("status 2 idle")
	// Tabs of one session on both nodes: idle is who is idle on both.
	also := a.enter(2, 20, "p1 online")
	one.want("status 2 online")
	also.idle(true)
	one.want("status 2 idle")
	two.leave()
	h.advance(friends.Debounce) // one node's tab stays
	also.idle(false)
	one.want("status 2 online")
	also.leave()
	h.advance(friends.Debounce)
	one.want("offline 2 offline 10s ago")
}

func TestOneSeatOverAllNodes(t *testing.T) {
	h := newHall(t, "a", "b")
	h.befriend(1, 2)
	a, b := h.nodes[0], h.nodes[1]
	friend := a.enter(2, 20)
	a.sees(2, friends.Online)
	b.sees(2, friends.Online)
	first := a.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	second := b.refused(1, 11, 10)
	if in, err := second.takeover(); !in || err != nil {
		t.Fatalf("takeover: %v, %v", in, err)
	}
	second.want("here", "friends: p2 online")
	first.wantClosed(friends.CloseTakenOver)
	h.work.wait(t)
	h.advance(friends.Debounce) // the old session's end doesn't free the new one's seat
	if seat, _ := h.seat(1); seat.Session != 11 || len(seat.Nodes) != 1 {
		t.Errorf("the seat is %+v", seat)
	}
	second.idle(true)
	friend.want("status 1 idle")
}

// The signal that a session has ended may be lost: the seat says it too.
func TestASeatThatWasTakenClosesTheSocketsThatSatThere(t *testing.T) {
	h := newHall(t, "a", "b")
	a := h.nodes[0]
	first := a.enter(1, 10)
	_, rev, _, err := a.table.Seat(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	taken := friends.Seat{Session: 11, Nodes: map[string]friends.Part{"b": {}}}
	if ok, err := a.table.Update(t.Context(), 1, taken, rev); !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	first.wantClosed(friends.CloseTakenOver)
	h.work.wait(t)
	if here, _ := a.Count(); here != 0 {
		t.Errorf("%d people are here", here)
	}
}

// A node that stops without a word keeps nobody's seat: another session may take
// it when the beats are missed, and friends hear of it soon after.
func TestTheSeatsOfADeadNodeAreFreed(t *testing.T) {
	h := newHall(t, "a", "b")
	h.befriend(1, 2)
	h.befriend(2, 3)
	a, b := h.nodes[0], h.nodes[1]
	friend := b.enter(2, 20)
	b.sees(2, friends.Online)
	a.sees(2, friends.Online)
	a.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	a.enter(3, 30, "p2 online")
	friend.want("online 3 online")
	a.crash()
	waits := b.refused(1, 11, 10) // for all that anybody knows, it lives
	h.advance(friends.BeatLife - time.Millisecond)
	waits.wantClosed(friends.CloseElsewhere)
	b.refused(1, 11, 10).leave()
	h.advance(time.Millisecond)
	one := b.enter(1, 11, "p2 online") // nobody is seen to leave yet
	b.CleanUp(t.Context())
	h.advance(friends.Debounce - time.Millisecond)
	b.CleanUp(t.Context())
	if _, found := h.seat(3); !found {
		t.Error("a person had no time to come to another node")
	}
	h.advance(time.Millisecond)
	b.CleanUp(t.Context())
	friend.want("offline 3 offline 0s ago")
	if h.lastSeen(3) != friends.Debounce {
		t.Errorf("last seen %s ago", h.lastSeen(3))
	}
	one.idle(true)
	friend.want("status 1 idle") // whoever came to another node was never gone
}

// A node that says goodbye leaves its people time to come to another one.
func TestPeopleOfANodeThatGoesHaveNotLeft(t *testing.T) {
	h := newHall(t, "a", "b")
	h.befriend(1, 2)
	a, b := h.nodes[0], h.nodes[1]
	friend := b.enter(2, 20)
	a.sees(2, friends.Online)
	one := a.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	a.quit()
	one.wantClosed(goingAway)
	if h.lastSeen(1) != 0 {
		t.Errorf("last seen %s ago", h.lastSeen(1))
	}
	b.CleanUp(t.Context())
	back := b.enter(1, 10, "p2 online")
	h.advance(friends.Debounce)
	b.CleanUp(t.Context())
	h.advance(friends.Debounce)
	b.CleanUp(t.Context())
	back.idle(true)
	friend.want("status 1 idle")
	if seat, _ := h.seat(1); len(seat.Nodes) != 1 || seat.Session != 10 {
		t.Errorf("the seat is %+v", seat)
	}
}

// After a goodbye another session needs no takeover.
func TestASeatOnANodeThatSaidGoodbyeIsFree(t *testing.T) {
	h := newHall(t, "a", "b")
	a, b := h.nodes[0], h.nodes[1]
	a.enter(1, 10)
	a.quit()
	testkit.Until(t, "the goodbye arrived", func() bool {
		s, in, err := b.knock(1, 11)
		if err != nil {
			t.Fatal(err)
		}
		if !in {
			s.leave()
		}
		return in
	})
	if len(h.ended) != 0 {
		t.Errorf("ended: %v", h.ended)
	}
}

// Somebody took this node for dead, and was wrong.
func TestANodeThatLivesTakesItsSeatsBack(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	friend := n.enter(2, 20)
	n.sees(2, friends.Online)
	n.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	_, rev, _, err := n.table.Seat(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := n.table.Delete(t.Context(), 1, rev); !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	friend.want("offline 1 offline 0s ago", "online 1 online")
	if seat, found := h.seat(1); !found || seat.Session != 10 {
		t.Errorf("the seat is %+v", seat)
	}
}

const crowd = 100

func TestOfAHundredSessionsOneIsSeated(t *testing.T) {
	h := newHall(t, "a", "b")
	tabs, in := h.rush(func(i int) (*tab, bool, error) { return h.nodes[i%2].knock(1, int64(10+i)) })
	if in != 1 {
		t.Fatalf("%d are in", in)
	}
	h.wantOneSeat(tabs)
	if len(h.ended) != 0 {
		t.Errorf("ended: %v", h.ended)
	}
	h.advance(friends.TakeoverWithin)
	closed := 0
	for _, s := range tabs {
		if len(s.closed) == 1 {
			s.wantClosed(friends.CloseElsewhere)
			closed++
		}
	}
	if closed != crowd-1 {
		t.Errorf("%d were sent away", closed)
	}
}

func TestOfAHundredTakeoversTheLastStays(t *testing.T) {
	h := newHall(t, "a", "b")
	h.nodes[0].enter(1, 9)
	tabs := make([]*tab, crowd)
	for i := range tabs {
		tabs[i] = h.nodes[i%2].refused(1, int64(10+i), 9)
	}
	h.rush(func(i int) (*tab, bool, error) {
		in, err := tabs[i].takeover()
		return tabs[i], in, err
	})
	h.work.wait(t)
	open := h.wantOneSeat(tabs)
	if len(h.ended) != crowd { // all but one, and the first
		t.Errorf("%d sessions ended", len(h.ended))
	}
	if h.ended[open.id.SessionID] != 0 {
		t.Error("the session that is in has ended")
	}
	h.advance(time.Hour)
	if seat, _ := h.seat(1); seat.Session != open.id.SessionID || len(open.closed) != 0 {
		t.Errorf("afterwards the seat is %+v", seat)
	}
}

// rush does something from a hundred goroutines at once, and counts who is in.
func (h *hall) rush(do func(i int) (*tab, bool, error)) (tabs []*tab, in int32) {
	h.t.Helper()
	tabs = make([]*tab, crowd)
	var count atomic.Int32
	var ready, all sync.WaitGroup
	ready.Add(crowd)
	for i := range tabs {
		all.Go(func() {
			ready.Done()
			ready.Wait()
			s, ok, err := do(i)
			if err != nil {
				h.t.Error(err)
			}
			if ok {
				count.Add(1)
			}
			tabs[i] = s
		})
	}
	all.Wait()
	return tabs, count.Load()
}

// wantOneSeat checks that of those who were told that they are in, one is still
// open, and sits where the table says. It returns that one.
func (h *hall) wantOneSeat(tabs []*tab) *tab {
	h.t.Helper()
	seat, found := h.seat(1)
	if !found {
		h.t.Fatal("nobody has a seat")
	}
	var open *tab
	for _, s := range tabs {
		seated := false
		for len(s.frames) > 0 {
			seated = <-s.frames == "here" || seated
		}
		switch {
		case !seated || len(s.closed) > 0:
		case open != nil:
			h.t.Errorf("%d and %d are both in", open.id.SessionID, s.id.SessionID)
		default:
			open = s
		}
	}
	if open == nil || seat.Session != open.id.SessionID || len(seat.Nodes) != 1 {
		h.t.Fatalf("the seat is %+v, and %+v is in", seat, open)
	}
	return open
}
