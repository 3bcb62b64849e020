package friends_test

import (
	"testing"
	"time"

	"rally/modules/friends"
	"rally/platform/testkit"
)

// Somebody hides, somebody else leaves: a friend of both, on another node, can't
// tell who did what, neither by what they are told nor by what they read.
func TestHidingLooksLikeLeaving(t *testing.T) {
	h := newHall(t, "a", "b")
	h.befriend(3, 1, 2)
	a, b := h.nodes[0], h.nodes[1]
	friend := b.enter(3, 30)
	a.sees(3, friends.Online)
	leaver := a.enter(1, 10, "p3 online")
	friend.want("online 1 online")
	a.enter(2, 20, "p3 online")
	friend.want("online 2 online")
	leaver.leave()
	h.advance(time.Second)
	h.store(2, true)
	a.Appear(t.Context(), 2, true)
	h.timed(3)                                // one for who left, and one for each node that sees the other
	h.advance(friends.Debounce - time.Second) // the leaving came a second before
	friend.want("offline 1 offline 10s ago")
	b.sees(2, friends.Online)
	if h.lastSeen(1) != friends.Debounce || h.lastSeen(2) != friends.Debounce-time.Second {
		t.Errorf("kept as seen %s and %s ago", h.lastSeen(1), h.lastSeen(2))
	}
	h.advance(time.Second)
	friend.want("offline 2 offline 10s ago")
	a.sees(2, friends.Offline)
	b.enter(3, 30) // nobody is there
}

// Who hides and comes out again within the time of a leaving was never away.
func TestWhoHidesForAMomentIsThereAllTheTime(t *testing.T) {
	h, n, one, friend := mates(t)
	for range 3 {
		h.store(1, true)
		n.Appear(t.Context(), 1, true)
		h.timed(1)
		h.advance(friends.Debounce - time.Millisecond)
		h.store(1, false)
		n.Appear(t.Context(), 1, false)
		h.timed(0)
	}
	h.advance(time.Hour)
	one.idle(true)
	friend.want("status 1 idle") // and nothing before it
}

// Who hides while they are leaving was last seen when they left.
func TestWhoHidesWhileLeavingWasSeenUntilTheyLeft(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	friend := n.enter(2, 20)
	n.sees(2, friends.Online)
	n.enter(1, 10, "p2 online").leave()
	friend.want("online 1 online")
	h.advance(4 * time.Second)
	h.store(1, true)
	n.Appear(t.Context(), 1, true)
	h.timed(2)
	h.advance(friends.Debounce - 4*time.Second)
	friend.want("offline 1 offline 10s ago")
	if h.lastSeen(1) != friends.Debounce {
		t.Errorf("last seen %s ago", h.lastSeen(1))
	}
}

// Who hides while the table is away, or while nobody can say since when they are
// gone, is hidden as soon as that is mended.
func TestHidingIsNotForgottenWhileTheTableIsAway(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	friend := n.enter(2, 20)
	n.sees(2, friends.Online)
	n.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	n.seats.fail(errTest)
	h.store(1, true)
	n.Appear(t.Context(), 1, true)
	n.CleanUp(t.Context())
	n.seats.fail(nil)
	h.mu.Lock()
	h.markErr = errTest
	h.mu.Unlock()
	n.CleanUp(t.Context())
	if seat, _ := h.seat(1); seat.Hidden {
		t.Error("hidden, though nobody knows since when")
	}
	h.mu.Lock()
	h.markErr = nil
	notes := len(h.notes)
	h.mu.Unlock()
	if notes != 3 {
		t.Errorf("noted %d times: %q", notes, h.notes)
	}
	n.CleanUp(t.Context())
	h.timed(1)
	h.advance(friends.Debounce)
	friend.want("offline 1 offline 10s ago")
	before, _ := h.seat(1)
	h.store(1, false) // by another node, whose word has not come yet
	n.CleanUp(t.Context())
	if after, _ := h.seat(1); after.Hidden != before.Hidden {
		t.Error("said again what was said")
	}
}

// A node that could not be told that somebody hid learns it when the bus is back.
func TestWhoHidWhileTheBusWasAwayIsHiddenAfterwards(t *testing.T) {
	h, n, one, friend := mates(t)
	h.store(1, true) // through a node that has died since
	n.Rejoin(t.Context())
	friend.want("friends: p1 online")
	one.want("friends: p2 online")
	h.timed(1)
	h.advance(friends.Debounce)
	friend.want("offline 1 offline 10s ago")
}

// A new tab of somebody who hid, by a node that read the old answer, doesn't show
// them again.
func TestATabDoesNotUndoHiding(t *testing.T) {
	h := newHall(t, "a", "b")
	h.befriend(1, 2)
	a, b := h.nodes[0], h.nodes[1]
	friend := a.enter(2, 20)
	b.sees(2, friends.Online)
	a.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	a.Appear(t.Context(), 1, true)
	h.timed(2)
	h.advance(friends.Debounce)
	friend.want("offline 1 offline 10s ago")
	b.enter(1, 10, "p2 online") // what the hall stores says still that they show
	if seat, _ := h.seat(1); !seat.Hidden || len(seat.Nodes) != 2 {
		t.Errorf("the seat is %+v", seat)
	}
}

// Who waits at the door hears when it is another device now for which they wait.
func TestWhoWaitsHearsWhoIsInNow(t *testing.T) {
	h := newHall(t)
	n := h.nodes[0]
	n.enter(1, 10)
	waits, taker := n.refused(1, 11, 10), n.refused(1, 12, 10)
	if in, err := taker.takeover(); !in || err != nil {
		t.Fatalf("takeover: %v, %v", in, err)
	}
	waits.want("elsewhere device 12")
}

// What can't be done for one of a dead node's people is done for the others.
func TestOneSeatThatCannotBeFreedHoldsUpNoOther(t *testing.T) {
	h := newHall(t, "a", "b")
	h.befriend(9, 1, 2, 3)
	a, b := h.nodes[0], h.nodes[1]
	friend := a.enter(9, 90)
	b.sees(9, friends.Online)
	for user := int64(1); user <= 3; user++ {
		b.enter(user, 10*user, "p9 online")
		testkit.Receive(t, friend.frames)
	}
	b.crash()
	h.advance(friends.BeatLife)
	if err := a.table.Beat(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	a.CleanUp(t.Context()) // misses it
	died := h.clock.Now()
	h.advance(friends.Debounce)
	a.seats.failFor(2, errTest)
	a.CleanUp(t.Context())
	a.sees(1, friends.Offline)
	a.sees(3, friends.Offline)
	a.sees(2, friends.Online)
	a.seats.failFor(2, nil)
	a.CleanUp(t.Context())
	a.sees(2, friends.Offline)
	for user := int64(1); user <= 3; user++ {
		h.mu.Lock()
		seen := h.seen[user]
		h.mu.Unlock()
		if !seen.Equal(died) {
			t.Errorf("%d was last seen at %s, not at %s", user, seen, died)
		}
	}
}
