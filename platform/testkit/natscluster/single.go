package natscluster

import (
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"rally/platform/testkit"
)

// Single runs one server, until stop or the end of the test. Port -1 takes a
// free one. With buckets it has JetStream, which forgets everything with it.
func Single(tb testing.TB, port int, buckets bool) (s *server.Server, stop func()) {
	tb.Helper()
	options := &server.Options{Host: "127.0.0.1", Port: port, NoLog: true, NoSigs: true, NoSystemAccount: true}
	if buckets {
		options.JetStream, options.StoreDir = true, tb.TempDir()
		options.JetStreamMaxMemory, options.JetStreamMaxStore = 64<<20, 1<<20
	}
	s, err := server.NewServer(options)
	if err != nil {
		tb.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Start()
	}()
	stop = func() {
		s.Shutdown()
		s.WaitForShutdown()
		<-done
	}
	tb.Cleanup(stop)
	if !s.ReadyForConnections(testkit.Patience) {
		tb.Fatal("the NATS server did not start")
	}
	return s, stop
}
