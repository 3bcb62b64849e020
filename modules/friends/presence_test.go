package friends_test

import (
	"context"
	"testing"
	"time"

	"rally/modules/friends"
	"rally/platform/testkit"
)

func TestWhoComesSeesTheFriendsWhoAreOnline(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2, 3, 4)
	h.hidden[4] = true
	n := h.nodes[0]
	n.enter(2, 20)
	n.sees(2, friends.Online)
	n.enter(4, 40) // appears offline
	n.enter(5, 50) // a stranger
	testkit.Until(t, "everybody has a seat", func() bool { _, all := n.Count(); return all == 3 })
	n.enter(1, 10, "p2 online") // 3 is not there
	if here, all := n.Count(); here != 4 || all < 3 {
		t.Errorf("%d here, %d in all", here, all)
	}
}

func TestFriendsHearOnceAndStrangersNever(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	h.befriend(3, 4)
	n := h.nodes[0]
	friend, stranger := n.enter(2, 20), n.enter(3, 30)
	n.sees(2, friends.Online)
	n.sees(3, friends.Online)
	one := n.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	n.enter(1, 10, "p2 online") // another tab is no news
	one.idle(true)              // nor is one idle tab of two
	n.enter(4, 40, "p3 online")
	// The next thing that a stranger hears is of their own friend.
	stranger.want("online 4 online")
	if err := n.Playing(t.Context(), 1, 77); err != nil {
		t.Fatal(err)
	}
	friend.want("status 1 in_match 77")
	if err := n.Playing(t.Context(), 1, 0); err != nil {
		t.Fatal(err)
	}
	friend.want("status 1 online")
	n.SessionsEnded([]int64{40})
	stranger.want("offline 4 offline 0s ago")
}

func TestASecondSessionWaitsAtTheDoor(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	friend := n.enter(2, 20)
	n.sees(2, friends.Online)
	first := n.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	second := n.refused(1, 11, 10)
	friend.leave() // nothing of it reaches who waits
	if err := n.Idle(t.Context(), second, true); err != nil {
		t.Fatal(err)
	}
	h.advance(friends.TakeoverWithin - time.Millisecond)
	select {
	case code := <-second.closed:
		t.Fatalf("sent away too early, with %d", code)
	default:
	}
	h.advance(time.Millisecond)
	second.wantClosed(friends.CloseElsewhere)
	if len(second.frames) != 0 {
		t.Errorf("who waits hears %q", <-second.frames)
	}
	first.want("offline 2 offline 10s ago")
	if seat, _ := h.seat(1); seat.Session != 10 || len(h.ended) != 0 {
		t.Errorf("the seat is %+v, ended %v", seat, h.ended)
	}
	if in, err := second.takeover(); in || err != nil {
		t.Errorf("who was sent away took over: %v, %v", in, err)
	}
}

func TestATakeoverEndsTheOtherSession(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	friend := n.enter(2, 20)
	n.sees(2, friends.Online)
	one, two := n.enter(1, 10, "p2 online"), n.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	second := n.refused(1, 11, 10)
	if in, err := second.takeover(); !in || err != nil {
		t.Fatalf("takeover: %v, %v", in, err)
	}
	second.want("here", "friends: p2 online")
	one.wantClosed(friends.CloseTakenOver)
	two.wantClosed(friends.CloseTakenOver)
	if h.ended[10] != 1 || h.ended[11] != 0 {
		t.Errorf("ended: %v", h.ended)
	}
	h.advance(time.Hour) // neither the door nor the old sockets' leaving is still waited for
	if len(second.closed) != 0 {
		t.Errorf("closed with %d", <-second.closed)
	}
	second.leave()
	h.advance(friends.Debounce)
	friend.want("offline 1 offline 10s ago") // and nothing before
}

// At the last moment both happen: who takes over is not sent away.
func TestATakeoverIsNotSentAway(t *testing.T) {
	h := newHall(t)
	n := h.nodes[0]
	n.enter(1, 10)
	second := n.refused(1, 11, 10)
	h.mu.Lock()
	h.tied = func() { // in the middle of the takeover
		h.mu.Lock()
		h.tied = nil
		h.mu.Unlock()
		h.clock.Advance(friends.TakeoverWithin)
		h.mu.Lock()
		due := h.timers
		h.timers = nil
		h.mu.Unlock()
		for _, timer := range due {
			timer.fn()
		}
	}
	h.mu.Unlock()
	if in, err := second.takeover(); !in || err != nil {
		t.Fatalf("takeover: %v, %v", in, err)
	}
	second.want("here", "friends: ")
	if len(second.closed) != 0 {
		t.Errorf("closed with %d", <-second.closed)
	}
}

// Where the old session can't be ended, nobody takes its seat.
func TestATakeoverThatCannotEndTheOtherIsNone(t *testing.T) {
	h := newHall(t)
	n := h.nodes[0]
	first := n.enter(1, 10)
	second := n.refused(1, 11, 10)
	h.endErr = errTest
	if in, err := second.takeover(); in || err == nil {
		t.Fatalf("takeover: %v, %v", in, err)
	}
	if seat, _ := h.seat(1); seat.Session != 10 || len(first.closed) != 0 {
		t.Errorf("the seat is %+v", seat)
	}
}

func TestWhoWaitsHearsThatTheSeatIsFree(t *testing.T) {
	h := newHall(t)
	n := h.nodes[0]
	first := n.enter(1, 10)
	second, other := n.refused(1, 11, 10), n.refused(1, 11, 10)
	first.leave()
	second.want("free")
	other.want("free")
	if in, err := second.takeover(); !in || err != nil {
		t.Fatalf("takeover: %v, %v", in, err)
	}
	second.want("here", "friends: ")
	if len(h.ended) != 0 {
		t.Errorf("ended %v, though nobody was there", h.ended)
	}
	other.want("free") // the other tab of the session that is in now
	if in, err := other.takeover(); !in || err != nil || len(h.ended) != 0 {
		t.Fatalf("takeover: %v, %v, ended %v", in, err, h.ended)
	}
	other.want("here", "friends: ")
	if len(second.closed) != 0 {
		t.Error("a tab ended the other")
	}
}

func TestAnEndedSessionFreesItsSeatAtOnce(t *testing.T) {
	h, n, one, friend := mates(t)
	if err := h.End(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	one.wantClosed(friends.CloseTakenOver)
	friend.want("offline 1 offline 0s ago")
	h.work.wait(t)
	if _, found := h.seat(1); found {
		t.Error("the seat is still there")
	}
	n.enter(1, 11, "p2 online") // nobody has to wait
}

// A failure after the seat was taken would leave it to nobody.
func TestWhoFailsToEnterHoldsNoSeat(t *testing.T) {
	h := newHall(t)
	n := h.nodes[0]
	h.mu.Lock()
	h.peopleErr = errTest
	h.mu.Unlock()
	s, in, err := n.knock(1, 10)
	if in || err == nil {
		t.Fatalf("entered: %v, %v", in, err)
	}
	s.leave()
	if seat, found := h.seat(1); found {
		t.Errorf("nobody sits there: %+v", seat)
	}
}

func TestChangesBetweenPeopleReachThemAlone(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 3)
	n := h.nodes[0]
	third := n.enter(3, 30)
	n.sees(3, friends.Online)
	one, two := n.enter(1, 10, "p3 online"), n.enter(2, 20)
	third.want("online 1 online")
	n.sees(1, friends.Online)
	n.sees(2, friends.Online)
	tell := func(c friends.Change) { t.Helper(); n.Changed(t.Context(), c) }

	tell(friends.Change{Event: friends.EventRequest, UserID: 1, OtherID: 2, Request: 5})
	two.want("request 1 p1 #5")
	h.mu.Lock()
	h.asked[1] = []int64{2}
	h.mu.Unlock()
	tell(friends.Change{Event: friends.EventRenamed, UserID: 1, Old: "p1", New: "one"})
	for _, s := range []*tab{one, two, third} {
		s.want("renamed 1 p1→one")
	}
	tell(friends.Change{Event: friends.EventWithdrawn, UserID: 1, OtherID: 2, Request: 5})
	two.want("withdrawn 1 #5")
	one.want("withdrawn 2 #5")                                                // another client of theirs may have done it
	tell(friends.Change{Event: friends.EventAccepted, UserID: 1, OtherID: 2}) // taken back since: nobody hears it
	h.befriend(1, 2)
	tell(friends.Change{Event: friends.EventAccepted, UserID: 1, OtherID: 2})
	one.want("accepted 2 online p2")
	two.want("accepted 1 online p1")
	one.idle(true)
	two.want("status 1 idle")
	third.want("status 1 idle")
	tell(friends.Change{Event: friends.EventRemoved, UserID: 2, OtherID: 1}) // late: they are friends again
	h.part(1, 2)
	h.advance(friends.WeighEvery)
	tell(friends.Change{Event: friends.EventRemoved, UserID: 2, OtherID: 1})
	one.want("removed 2")
	two.want("removed 1")
	one.idle(false)
	third.want("status 1 online")
	h.befriend(2, 4)
	tell(friends.Change{Event: friends.EventAccepted, UserID: 4, OtherID: 2}) // 4 is not there
	two.want("accepted 4 offline p4")                                         // and of 1 nothing more
}

// Somebody enters and has read their friends; then they are accepted; then they
// are in.
func TestAFriendshipMadeWhileEnteringIsNotLost(t *testing.T) {
	h := newHall(t)
	n := h.nodes[0]
	two := n.enter(2, 20)
	n.sees(2, friends.Online)
	h.mu.Lock()
	h.tied = func() {
		h.mu.Lock()
		h.tied = nil
		h.mu.Unlock()
		h.befriend(1, 2)
		n.Changed(context.Background(), friends.Change{Event: friends.EventAccepted, UserID: 1, OtherID: 2})
	}
	h.mu.Unlock()
	one := n.enter(1, 10, "p2 online")
	two.want("accepted 1 offline p1", "online 1 online")
	two.idle(true)
	one.want("status 2 idle")
}

// Somebody who takes long to come in holds up no news of others, not even of them.
func TestNewsWaitForNobodyAtTheDoor(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	two := n.enter(2, 20)
	defer n.Turn(n.tab(1, 10))()
	n.Changed(t.Context(), friends.Change{Event: friends.EventAccepted, UserID: 1, OtherID: 2})
	two.want("accepted 1 offline p1")
}
