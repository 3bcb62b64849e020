package apptest_test

import (
	"net"
	"net/http"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"rally/internal/apptest"
	"rally/platform/db"
	"rally/platform/testkit"
	"rally/platform/testkit/natscluster"
)

// While the bus is away, people come in all the same and may hide; what can't be
// done for them says that it may be tried again. When it is back, friends see
// what was chosen meanwhile.
func TestTheLiveLineOutlivesTheBus(t *testing.T) {
	bus, stop := natscluster.Single(t, server.RANDOM_PORT, true)
	port := bus.Addr().(*net.TCPAddr).Port
	s := apptest.Start(t, db.SQLite, map[string]string{"RALLY_NATS_URL": bus.ClientURL(), "RALLY_NATS_RECONNECT_WAIT": "10ms"})
	me, friend := s.Person(), s.Person()
	befriend(t, me, friend)
	enter(t, s, token(t, me))
	there := func() bool {
		return apptest.Into[struct{ Results []struct{ Status string } }](t, friend.Get(friendsPath).Want(t, 200)).Results[0].Status != "offline"
	}
	testkit.Until(t, "I am there", there)

	stop()
	testkit.Until(t, "no ticket is sold", func() bool { return me.Post("/api/accounts/ws-ticket/", nil).Status == 503 })
	me.Post("/api/accounts/ws-ticket/", nil).WantCode(t, 503, "accounts.tickets_away")
	me.Do(http.MethodPut, friendsPath+"presence/", M{"appear": "offline"}).Want(t, 200)
	enter(t, s, token(t, s.Person()))

	natscluster.Single(t, port, true)
	testkit.Until(t, "I am hidden", func() bool { return !there() })
	testkit.Until(t, "a ticket is sold", func() bool { return me.Post("/api/accounts/ws-ticket/", nil).Status == 200 })
}
