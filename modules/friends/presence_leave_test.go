package friends_test

import (
	"testing"
	"time"

	"rally/modules/friends"
	"rally/platform/testkit"
)

func TestAReloadIsNoLeaving(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	friend := n.enter(2, 20)
	n.sees(2, friends.Online)
	for range 3 {
		one := n.enter(1, 10, "p2 online")
		one.leave()
		h.advance(friends.Debounce - time.Millisecond)
	}
	one := n.enter(1, 10, "p2 online")
	h.advance(time.Hour)
	if seat, found := h.seat(1); !found || seat.Nodes["a"].Left != nil {
		t.Errorf("the seat of who came back: %+v", seat)
	}
	one.leave()
	h.advance(friends.Debounce - time.Millisecond)
	if _, found := h.seat(1); !found {
		t.Error("the seat was freed early")
	}
	h.advance(time.Millisecond)
	friend.want("online 1 online", "offline 1 offline 10s ago")
	if _, found := h.seat(1); found {
		t.Error("the seat is still there")
	}
	if h.lastSeen(1) != friends.Debounce {
		t.Errorf("last seen %s ago", h.lastSeen(1))
	}
	h.advance(time.Hour)
	n.enter(1, 12, "p2 online")
	friend.want("online 1 online") // offline was told once
}

// Of two tabs, the one that stays keeps the seat.
func TestATabThatStaysKeepsTheSeat(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	friend := n.enter(2, 20)
	n.sees(2, friends.Online)
	one, two := n.enter(1, 10, "p2 online"), n.enter(1, 10, "p2 online")
	one.leave()
	h.advance(time.Hour)
	two.leave()
	h.advance(friends.Debounce)
	friend.want("online 1 online", "offline 1 offline 10s ago")
}

// While somebody is about to leave, another session needs no takeover.
func TestASeatThatIsBeingLeftIsFreeToOthers(t *testing.T) {
	h, n, one, friend := mates(t)
	one.leave()
	two := n.enter(1, 11, "p2 online")
	h.advance(friends.Debounce) // the first one's leaving must not end the second
	two.idle(true)
	friend.want("status 1 idle")
	if len(h.ended) != 0 {
		t.Errorf("ended: %v", h.ended)
	}
}

func TestAPersonIsIdleWhenAllTabsAre(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	friend := n.enter(2, 20)
	n.sees(2, friends.Online)
	one, two := n.enter(1, 10, "p2 online"), n.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	one.idle(true)
	one.idle(true)
	two.idle(true)
	friend.want("status 1 idle")
	h.advance(friends.WeighEvery)
	two.idle(false)
	friend.want("status 1 online")
	h.advance(friends.WeighEvery)
	two.leave() // leaves the idle one
	friend.want("status 1 idle")
	n.sees(1, friends.Idle)
	three := n.enter(1, 10, "p2 online") // a new tab is somebody at work
	friend.want("status 1 online")
	h.advance(friends.WeighEvery)
	three.idle(true)
	friend.want("status 1 idle")
	one.leave()
	three.leave() // no tab at all is not news either
	h.advance(friends.Debounce)
	friend.want("offline 1 offline 10s ago")
}

// An idleness that could not be written is written with the next word of it.
func TestIdlenessThatWasNotWrittenIsWrittenLater(t *testing.T) {
	h := newHall(t)
	n := h.nodes[0]
	one := n.enter(1, 10)
	n.seats.fail(errTest)
	if err := n.Idle(t.Context(), one, true); err == nil {
		t.Fatal("written, though the table is away")
	}
	n.seats.fail(nil)
	h.advance(friends.WeighEvery)
	one.idle(true)
	n.sees(1, friends.Idle)
}

// However often somebody says that they are idle, their friends hear it once a
// second, and in the end what is so.
func TestIdlenessIsToldOnceASecond(t *testing.T) {
	h, n, one, friend := mates(t)
	for range 20 {
		one.idle(true)
		one.idle(false)
	}
	friend.want("status 1 idle") // the first, at once
	h.advance(friends.WeighEvery)
	friend.want("status 1 online") // the last
	h.advance(friends.WeighEvery)
	one.idle(true)
	one.idle(false)
	one.idle(true)
	friend.want("status 1 idle")
	h.advance(friends.WeighEvery)
	n.Changed(t.Context(), friends.Change{Event: friends.EventRenamed, UserID: 1, Old: "p1", New: "one"})
	friend.want("renamed 1 p1→one") // and nothing before it
}

func TestWhoAppearsOfflineIsOffline(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	friend := n.enter(2, 20)
	n.sees(2, friends.Online)
	appear := func(hidden bool) {
		t.Helper()
		h.store(1, hidden)
		n.Appear(t.Context(), 1, hidden)
	}
	appear(true) // without a seat there is nothing to tell
	one := n.enter(1, 10, "p2 online")
	one.idle(true)
	if err := n.Playing(t.Context(), 1, 77); err != nil {
		t.Fatal(err)
	}
	appear(false)
	friend.want("online 1 in_match 77")
	if err := n.Playing(t.Context(), 1, 0); err != nil {
		t.Fatal(err)
	}
	friend.want("status 1 idle")
	appear(true)
	h.timed(1)
	h.advance(friends.Debounce)
	friend.want("offline 1 offline 10s ago")
	n.sees(1, friends.Offline)
	n.Rejoin(t.Context()) // says nothing else than before
	friend.want("friends: ")
	one.leave()
	h.advance(friends.Debounce)
	if got := h.lastSeen(1); got != 2*friends.Debounce { // when they hid, not when they left
		t.Errorf("last seen %s ago", got)
	}
	n.enter(3, 30)
	h.store(1, false)
	n.enter(1, 10, "p2 online")
	friend.want("online 1 online")
}

// Who hid after they came stays hidden when the table is written again.
func TestHidingOutlivesTheTable(t *testing.T) {
	h := newHall(t)
	n := h.nodes[0]
	one := n.enter(1, 10)
	n.sees(1, friends.Online)
	one.idle(true)
	h.store(1, true)
	n.Appear(t.Context(), 1, true)
	h.timed(1)
	h.advance(friends.Debounce)
	n.sees(1, friends.Offline)
	_, rev, _, err := n.table.Seat(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := n.table.Delete(t.Context(), 1, rev); !ok || err != nil {
		t.Fatalf("lost: %v, %v", ok, err)
	}
	testkit.Until(t, "the seat is there again", func() bool { _, found := h.seat(1); return found })
	if seat, _ := h.seat(1); !seat.Hidden || !seat.Nodes["a"].Idle || seat.Session != 10 {
		t.Errorf("the seat is now %+v", seat)
	}
}

// A timer that had begun to run when somebody came back ends nothing, also when
// they are about to leave once more.
func TestALeavingCountsFromTheLastSocket(t *testing.T) {
	h := newHall(t)
	n := h.nodes[0]
	n.enter(1, 10).leave()
	h.mu.Lock()
	first := h.timers[len(h.timers)-1].fn
	h.mu.Unlock()
	n.enter(1, 10).leave()
	first() // late
	if _, found := h.seat(1); !found {
		t.Fatal("left too early")
	}
	h.advance(friends.Debounce)
	if _, found := h.seat(1); found {
		t.Fatal("did not leave")
	}
}

// While the table is away, people come in all the same, one session each. When
// it is back they have seats, and who left meanwhile has none.
func TestPeopleOutliveATableThatIsAway(t *testing.T) {
	h := newHall(t)
	h.befriend(1, 2)
	n := h.nodes[0]
	two := n.enter(2, 20)
	n.sees(2, friends.Online)
	leaver := n.enter(3, 30)
	n.sees(3, friends.Online)
	n.seats.fail(errTest)
	one := n.enter(1, 10, "p2 online")
	second := n.refused(1, 11, 10)
	third := n.refused(1, 12, 10)
	if in, err := third.takeover(); !in || err != nil {
		t.Fatalf("takeover: %v, %v", in, err)
	}
	third.want("here", "friends: p2 online")
	one.wantClosed(friends.CloseTakenOver)
	if len(second.closed) != 0 || h.ended[10] != 1 {
		t.Errorf("ended %v", h.ended)
	}
	leaver.leave()
	h.advance(friends.Debounce)
	n.sees(3, friends.Online) // nobody could write it down
	if len(h.notes) == 0 {
		t.Error("nobody knows that the table is away")
	}
	n.CleanUp(t.Context()) // changes nothing yet
	n.seats.fail(nil)
	n.CleanUp(t.Context())
	two.want("online 1 online")
	n.sees(3, friends.Offline)
	if seat, found := h.seat(1); !found || seat.Session != 12 {
		t.Errorf("seated as %+v", seat)
	}
	if _, found := h.seat(3); found {
		t.Error("who left still sits there")
	}
	before, _ := h.seat(1)
	n.CleanUp(t.Context())
	if after, _ := h.seat(1); after.Session != before.Session || len(after.Nodes) != 1 {
		t.Errorf("cleaning up what is clean: %+v", after)
	}
}
