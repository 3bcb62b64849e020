package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	kibibyte = 1 << 10
	// settle is how long the sockets are left alone before memory is read. By then
	// the program has given back what the connecting took: at the latest the
	// runtime's own collection, every two minutes on a quiet heap, has come.
	settle = 150 * time.Second
	// started is when the program has given back what its start took.
	started = 30 * time.Second
	// stormClients is how many connect at a time.
	stormClients = 64
	// Each star tells its friends four times, and not twice in a second.
	fanRounds = 4 * stars
	fanEvery  = 60 * time.Millisecond

	mostSocket = 12         // KiB
	mostFrame  = 1e6 / 75e3 // microseconds
)

// presence measures ten thousand people who are there.
func (b *bench) presence(ctx context.Context, w *world) (err error) {
	storm := row{engine: w.engine, name: "connect storm: 10,000 people with a dozen friends each", unit: "connects/s"}
	memory := row{engine: w.engine, name: "memory of an idle socket with presence, at 10,000", unit: "KiB", target: mostSocket}
	fan := row{engine: w.engine, name: "presence to 1,000 friends, processor time of a frame", unit: "µs", target: mostFrame}
	if !b.wants(storm) && !b.wants(memory) && !b.wants(fan) {
		return nil
	}
	if err := w.rally.stop(); err != nil {
		return err
	}
	w.rally = nil
	people, err := w.crowd(ctx)
	if err != nil {
		return err
	}
	if err := w.seedStars(ctx, people); err != nil {
		return err
	}
	if w.rally, err = startRally(ctx, b.bin, w.env); err != nil {
		return err
	}
	if err := pause(ctx, started); err != nil {
		return err
	}
	before, err := w.rally.status("VmRSS")
	if err != nil {
		return err
	}
	s := &storming{addr: w.rally.addr, people: people}
	defer s.stop()
	took, err := s.connect(ctx)
	if err != nil {
		return err
	}
	storm.alone = []float64{crowdPeople / took.Seconds()}
	storm.note = fmt.Sprintf("from the first dial to the last snapshot; %d at a time, the client on the same cores; from dial to snapshot 99th percentile %.0f ms", stormClients, quantile(s.latencies, 0.99))
	b.keep(storm)
	if err := pause(ctx, settle); err != nil {
		return err
	}
	after, err := w.rally.status("VmRSS")
	if err != nil {
		return err
	}
	memory.alone = []float64{(after - before) / crowdPeople / kibibyte}
	memory.note = fmt.Sprintf("resident memory %.0f MiB before, %.0f MiB %s after the storm; each socket belongs to somebody else, with a seat and a dozen friends", before/mebibyte, after/mebibyte, settle)
	b.keep(memory)
	b.observe(ctx, fan, b.pairs, func(ctx context.Context) (float64, error) { return s.fanOut(ctx, w.rally) })
	return nil
}

// storming is the crowd's sockets.
type storming struct {
	addr      string
	people    throng
	frames    atomic.Int64 // of presence, but snapshots
	readers   sync.WaitGroup
	mu        sync.Mutex
	conns     []*websocket.Conn
	stars     [stars]*websocket.Conn
	latencies []float64 // milliseconds from dial to snapshot
}

func (s *storming) stop() {
	for _, c := range s.conns {
		_ = c.Close()
	}
	s.readers.Wait()
	s.conns = nil
	runtime.GC()
}

// connect brings everybody in, and returns how long that took.
func (s *storming) connect(ctx context.Context) (time.Duration, error) {
	key, err := tokenKey()
	if err != nil {
		return 0, err
	}
	tokens := make([]string, crowdPeople)
	for i := range tokens {
		if tokens[i], err = s.people.token(key, i, time.Now()); err != nil {
			return 0, err
		}
	}
	dialer := crowdDialer()
	next, failed := atomic.Int64{}, make([]error, stormClients)
	start := time.Now()
	var all sync.WaitGroup
	for c := range stormClients {
		all.Go(func() {
			for failed[c] == nil {
				i := next.Add(1) - 1
				if i >= crowdPeople {
					return
				}
				failed[c] = s.one(ctx, dialer, int(i), tokens[i])
			}
		})
	}
	all.Wait()
	return time.Since(start), errors.Join(failed...)
}

// one connects somebody and waits for their snapshot.
func (s *storming) one(ctx context.Context, dialer *websocket.Dialer, i int, token string) error {
	start := time.Now()
	conn, answer, err := dialer.DialContext(ctx, "ws://"+s.addr+"/ws", http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		return fmt.Errorf("open a socket: %w", err)
	}
	_ = answer.Body.Close()
	s.mu.Lock()
	s.conns = append(s.conns, conn)
	if i%starEvery == 0 {
		s.stars[i/starEvery] = conn
	}
	s.mu.Unlock()
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return fmt.Errorf("wait for the snapshot: %w", err)
		}
		if bytes.HasPrefix(data, []byte(`{"t":"friends","d":{"friends"`)) {
			break
		}
	}
	took := float64(time.Since(start).Microseconds()) / 1000
	s.mu.Lock()
	s.latencies = append(s.latencies, took)
	s.mu.Unlock()
	s.readers.Go(func() {
		for {
			_, data, err := conn.ReadMessage()
			if err != nil {
				return
			}
			if bytes.HasPrefix(data, []byte(`{"t":"friends"`)) {
				s.frames.Add(1)
			}
		}
	})
	return nil
}

// fanOut lets the stars go idle and come back, in turn, and returns the microseconds of
// Rally's processor time for each frame that reaches a friend.
func (s *storming) fanOut(ctx context.Context, rally *process) (float64, error) {
	s.frames.Store(0)
	before, err := rally.cpu()
	if err != nil {
		return 0, err
	}
	for i := range fanRounds {
		text := `{"idle":true}`
		if i/stars%2 == 1 {
			text = `{"idle":false}`
		}
		if err := pause(ctx, fanEvery); err != nil {
			return 0, err
		}
		if err := s.stars[i%stars].WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			return 0, fmt.Errorf("go idle: %w", err)
		}
		if err := until(ctx, &s.frames, int64(i+1)*starFriends); err != nil {
			return 0, err
		}
	}
	after, err := rally.cpu()
	return float64((after - before).Microseconds()) / (fanRounds * starFriends), err
}
