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
type timedBody struct {
	io.ReadCloser
	conn    *http.ResponseController
	limit   time.Duration
	started bool
}

// Read implements io.Reader.
func (b *timedBody) Read(p []byte) (int, error) {
	if !b.started {
		b.started = true
		_ = b.conn.SetReadDeadline(time.Now().Add(b.limit)) // a test's recorder has none
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
