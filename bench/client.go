package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// warmUp is how long the clients run before anything is counted.
const warmUp = 300 * time.Millisecond

// wire is one keep-alive connection. Server and load share two cores, so the
// client does as little as it can: requests are bytes that are written as they
// are, and of an answer only status and length are looked at.
type wire struct {
	conn net.Conn
	r    *bufio.Reader
	body []byte // of the last answer, when keep is set
	keep bool
}

func dial(ctx context.Context, addr string) (*wire, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &wire{conn: conn, r: bufio.NewReaderSize(conn, 64<<10)}, nil
}

func (w *wire) close() { _ = w.conn.Close() }

// do sends a request and reads its answer to the end.
func (w *wire) do(request []byte) (status int, err error) {
	if err := w.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return 0, err
	}
	if _, err := w.conn.Write(request); err != nil {
		return 0, err
	}
	w.body = w.body[:0]
	line, err := w.r.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, fmt.Errorf("not HTTP: %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, fmt.Errorf("not HTTP: %q", line)
	}
	length, chunked := 0, false
	for {
		if line, err = w.r.ReadSlice('\n'); err != nil {
			return 0, err
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = bytes.Contains(value, []byte("chunked"))
		}
	}
	if !chunked {
		return status, w.read(length)
	}
	for {
		if line, err = w.r.ReadSlice('\n'); err != nil {
			return 0, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return 0, fmt.Errorf("not a chunk: %w", err)
		}
		if err := w.read(int(size)); err != nil {
			return 0, err
		}
		if _, err := w.r.Discard(2); err != nil || size == 0 {
			return status, err
		}
	}
}

func (w *wire) read(n int) error {
	if !w.keep {
		_, err := w.r.Discard(n)
		return err
	}
	at := len(w.body)
	w.body = append(w.body, make([]byte, n)...)
	_, err := io.ReadFull(w.r, w.body[at:])
	return err
}

// get asks once and returns the body.
func get(ctx context.Context, addr, path string, headers ...string) ([]byte, error) {
	return once(ctx, addr, request("GET", addr, path, "", headers...))
}

func once(ctx context.Context, addr string, req []byte) ([]byte, error) {
	w, err := dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	defer w.close()
	w.keep = true
	status, err := w.do(req)
	if err != nil {
		return nil, err
	}
	if status/100 != 2 {
		return nil, fmt.Errorf("answer %d: %s", status, w.body)
	}
	return w.body, nil
}

// request writes a request; body is JSON or empty.
func request(method, addr, path, body string, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, addr)
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	if method != "GET" {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	return b.Bytes()
}

// load is a number of clients that send requests one after the other, each on
// a connection of its own.
type load struct {
	addr    string
	clients int
	slice   time.Duration
	// request returns the n-th request of a client. The random numbers are the
	// client's own.
	request func(client, n int, r *rand.Rand) []byte
}

// run returns how many requests a second were answered with 2xx. Any other
// answer fails the measurement: errors are often quicker than answers.
func (l load) run(ctx context.Context) (float64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var total atomic.Int64
	errs := make([]error, l.clients)
	start := time.Now().Add(warmUp)
	var all sync.WaitGroup
	for i := range l.clients {
		all.Go(func() {
			n, err := l.one(ctx, i, start)
			if err != nil {
				errs[i] = err
				cancel()
			}
			total.Add(int64(n))
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return 0, err
	}
	return float64(total.Load()) / l.slice.Seconds(), nil
}

// one is a client's life. It counts the answers that came in the slice.
func (l load) one(ctx context.Context, client int, start time.Time) (counted int, err error) {
	w, err := dial(ctx, l.addr)
	if err != nil {
		return 0, err
	}
	defer w.close()
	w.keep = true
	random := rand.New(rand.NewPCG(uint64(client), uint64(start.UnixNano()))) //nolint:gosec // a load, not a secret
	end := start.Add(l.slice)
	for n := 0; ctx.Err() == nil; n++ {
		status, err := w.do(l.request(client, n, random))
		if err != nil {
			return 0, err
		}
		if status/100 != 2 {
			return 0, fmt.Errorf("answer %d: %s", status, w.body)
		}
		now := time.Now()
		if now.After(end) {
			return counted, nil
		}
		if now.After(start) {
			counted++
		}
	}
	return counted, nil
}
