// Package natscluster runs real NATS servers for tests: a cluster on loopback,
// with JetStream, inside the test's own process.
package natscluster

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"rally/platform/testkit"
	"rally/platform/testkit/loopback"
)

// Cluster is several NATS servers that know each other.
type Cluster struct {
	URL     string // of all of them, for RALLY_NATS_URL
	servers []*server.Server
	options []server.Options
}

// Start runs so many servers, until the test ends. It returns once they have
// found each other and chosen who leads.
func Start(tb testing.TB, size int) *Cluster {
	tb.Helper()
	c := &Cluster{}
	routes := make([]*url.URL, size)
	for i := range routes {
		routes[i] = &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", freePort(tb))}
	}
	urls := make([]string, size)
	for i, route := range routes {
		c.servers = append(c.servers, nil)
		c.options = append(c.options, server.Options{
			ServerName: fmt.Sprintf("nats-%d", i+1), Host: "127.0.0.1", Port: freePort(tb), NoLog: true, NoSigs: true,
			JetStream: true, StoreDir: tb.TempDir(), JetStreamMaxMemory: 64 << 20, JetStreamMaxStore: 64 << 20,
			Cluster: server.ClusterOpts{Name: "rally", Host: "127.0.0.1", Port: port(route)}, Routes: routes,
		})
		c.run(tb, i)
		tb.Cleanup(func() { stop(c.servers[i]) })
	}
	for i, s := range c.servers {
		urls[i] = s.ClientURL()
	}
	c.URL = strings.Join(urls, ",")
	c.await(tb)
	return c
}

// Stop ends one server, as a crash would for the others.
func (c *Cluster) Stop(i int) { stop(c.servers[i]) }

// Start runs a server again that Stop ended, and returns once all have found
// each other.
func (c *Cluster) Start(tb testing.TB, i int) {
	tb.Helper()
	c.run(tb, i)
	c.await(tb)
}

func (c *Cluster) run(tb testing.TB, i int) {
	tb.Helper()
	opts := c.options[i] // a server changes what it is given
	s, err := server.NewServer(&opts)
	if err != nil {
		tb.Fatal(err)
	}
	go s.Start()
	c.servers[i] = s
}

func (c *Cluster) await(tb testing.TB) {
	tb.Helper()
	for _, s := range c.servers {
		if !s.ReadyForConnections(testkit.Patience) {
			tb.Fatal("a NATS server did not start")
		}
	}
	testkit.Until(tb, "the NATS cluster has a leader that everybody knows", func() bool {
		leaders := 0
		for _, s := range c.servers {
			if s.NumRoutes() == 0 || !s.JetStreamIsCurrent() {
				return false
			}
			if s.JetStreamIsLeader() {
				leaders++
			}
		}
		return leaders == 1
	})
}

func stop(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

func port(u *url.URL) int {
	var n int
	_, _ = fmt.Sscan(u.Port(), &n)
	return n
}

func freePort(tb testing.TB) int {
	tb.Helper()
	port, _, err := loopback.Free(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return port
}
