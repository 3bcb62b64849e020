package friends_test

import (
	"net"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"rally/modules/friends"
	"rally/platform/testkit"
	"rally/platform/testkit/natscluster"
)

// The table of seats is lost with the server that held it. People whose sockets
// are open are seated again by themselves, and their friends see no leaving; who
// left meanwhile is gone.
func TestPeopleOutliveTheServerOfTheBus(t *testing.T) {
	first, stop := natscluster.Single(t, server.RANDOM_PORT, true)
	port := first.Addr().(*net.TCPAddr).Port
	h := newHallOn(t, first.ClientURL(), "a")
	h.befriend(1, 2)
	h.befriend(2, 3)
	n := h.nodes[0]
	friend := n.enter(2, 20)
	n.sees(2, friends.Online)
	one := n.enter(1, 10, "p2 online")
	friend.want("online 1 online")
	leaver := n.enter(3, 30, "p2 online")
	friend.want("online 3 online")

	stop()
	testkit.Until(t, "the bus is away", func() bool { return h.bus.Ready(t.Context()) != nil })
	leaver.leave()
	h.advance(friends.Debounce)
	late := n.enter(4, 40) // nobody can be seated, and yet they come in
	natscluster.Single(t, port, true)

	// What was not heard meanwhile is told anew; who left follows from the table.
	friend.want("friends: p1 online, p3 online", "offline 3 offline 0s ago")
	n.sees(4, friends.Online)
	one.idle(true)
	friend.want("status 1 idle") // they never seemed to leave
	for user, session := range map[int64]int64{1: 10, 2: 20, 4: 40} {
		if seat, found := h.seat(user); !found || seat.Session != session {
			t.Errorf("%d sits on %+v", user, seat)
		}
	}
	if _, found := h.seat(3); found {
		t.Error("who left has a seat")
	}
	if len(late.closed)+len(one.closed) != 0 {
		t.Error("a socket was closed")
	}
}
