package ws_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"

	"rally/platform/testkit"
	"rally/platform/ws"
)

const (
	benchSockets = 1000
	benchEvent   = `{"event":"online","user_id":123456789,"status":""}`
	benchFrame   = 2 + len(`{"t":"feed","d":}`) + len(benchEvent) // bytes on the wire
)

// drain reads conns as fast as it can, unparsed, so that the sender is what is
// measured. Arrived waits until so many bytes came in all.
func drain(b *testing.B, conns []net.Conn) (arrived func(int64)) {
	b.Helper()
	var got, wanted atomic.Int64
	enough := make(chan struct{}, 1)
	var reading sync.WaitGroup
	for _, conn := range conns {
		reading.Go(func() {
			buffer := make([]byte, 4096)
			for {
				n, err := conn.Read(buffer)
				if sum := got.Add(int64(n)); n > 0 && sum == wanted.Load() {
					enough <- struct{}{}
				}
				if err != nil {
					return // the benchmark is over
				}
			}
		})
	}
	b.Cleanup(func() {
		for _, conn := range conns {
			_ = conn.Close()
		}
		reading.Wait()
	})
	return func(bytes int64) {
		wanted.Store(bytes)
		for got.Load() != bytes { // a signal may be left from the last time
			testkit.Receive(b, enough)
		}
	}
}

// BenchmarkFanOut sends one event to 1,000 sockets and waits until they have
// it. The bare loop is the ceiling: one goroutine writes the same prepared
// frame to each connection, and could be stopped by any of them.
func BenchmarkFanOut(b *testing.B) {
	measure := func(b *testing.B, conns []net.Conn, send func()) {
		arrived := drain(b, conns)
		b.ReportAllocs()
		b.ResetTimer()
		before := testkit.ProcessorTime(b)
		for i := range b.N {
			send()
			arrived(int64(i+1) * int64(len(conns)) * int64(benchFrame))
		}
		b.StopTimer()
		used := testkit.ProcessorTime(b) - before
		b.ReportMetric(float64(b.N)*float64(len(conns))/b.Elapsed().Seconds(), "frames/s")
		b.ReportMetric(float64(used.Nanoseconds())/1e3/float64(b.N)/float64(len(conns)), "cpu-µs/frame") // with its readers
	}

	b.Run("hub", func(b *testing.B) {
		s := start(b, setup{topics: []ws.Topic{feed()}})
		conns := make([]net.Conn, benchSockets)
		for i := range conns {
			c := s.dial()
			c.sub("feed")
			c.settle()
			conns[i] = c.NetConn()
		}
		measure(b, conns, func() { s.Publish("feed", json.RawMessage(benchEvent)) })
	})

	b.Run("bare", func(b *testing.B) {
		accepted := make(chan *websocket.Conn, 1)
		upgrader := websocket.Upgrader{ReadBufferSize: 1024, WriteBufferPool: &sync.Pool{}}
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			conn, err := upgrader.Upgrade(w, r, nil)
			if err != nil {
				b.Error(err)
			}
			accepted <- conn
		}))
		b.Cleanup(srv.Close)
		conns, servers := make([]net.Conn, benchSockets), make([]*websocket.Conn, benchSockets)
		for i := range conns {
			c, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(srv.URL, "http"), nil)
			if err != nil {
				b.Fatal(err)
			}
			conns[i], servers[i] = c.NetConn(), testkit.Receive(b, accepted)
			b.Cleanup(func() { _ = servers[i].Close() })
		}
		measure(b, conns, func() {
			m, err := websocket.NewPreparedMessage(websocket.TextMessage, []byte(`{"t":"feed","d":`+benchEvent+`}`))
			if err != nil {
				b.Fatal(err)
			}
			for _, conn := range servers {
				if err := conn.WritePreparedMessage(m); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}
