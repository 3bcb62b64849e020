package web

import (
	"io"
	"net/http"
	"time"
)

// timedBody gives a body a time to arrive, and takes the deadline off the
// connection once it has. A deadline that stays there cancels the request when
// it passes, and every later one on the connection, although the body is long
// there and the handler only waits its turn.
//
// A large body may take longer than the limit, as long as it comes on: each
// portion earns the time that it takes at slowestRate.
type timedBody struct {
	io.ReadCloser
	conn    *http.ResponseController
	limit   time.Duration
	started time.Time
	read    int64 // bytes
	earned  int64 // of those, what the deadline counts
}

const (
	slowestRate = 32 << 10 // bytes a second
	portion     = 8 * slowestRate
)

// Read implements io.Reader.
func (b *timedBody) Read(p []byte) (int, error) {
	if first := b.started.IsZero(); first || b.read-b.earned >= portion {
		if first {
			b.started = time.Now()
		}
		b.earned = b.read
		_ = b.conn.SetReadDeadline(b.started.Add(b.limit + time.Duration(b.earned/slowestRate)*time.Second)) // a test's recorder has none
	}
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	if err != nil {
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
