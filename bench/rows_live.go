package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	followers   = 100
	crowd       = 1_000
	frameRounds = 20
	frameEvery  = 110 * time.Millisecond // just over the least time between two states of a book
)

// arrival is a frame of a book at one socket.
type arrival struct {
	version int64
	at      time.Time
}

// live measures what a change of a book costs until everybody sees it.
func (b *bench) live(ctx context.Context, w *world) {
	stocked := false
	stock := func(ctx context.Context) error {
		if stocked {
			return nil
		}
		stocked = true
		return w.restock(ctx, w.goods.watched(), w.goods.watched(), 2*usualStock+int(b.slice/frameEvery)*4*b.pairs)
	}
	latency := row{engine: w.engine, name: "live book: answer to frame at 100 sockets", unit: "ms"}
	if b.wants(latency) {
		if latency.err = stock(ctx); latency.err == nil {
			latency.alone, latency.err = w.frameLatency(ctx)
		}
		latency.note = fmt.Sprintf("99th percentile %.1f ms; below 0 a frame overtook the answer", quantile(latency.alone, 0.99))
		b.keep(latency)
	}
	rounds := max(frameRounds, int(b.slice/frameEvery))
	size := 0
	b.compare(ctx, contest{
		row:    row{engine: w.engine, name: "live book: frames to 1,000 sockets", unit: "frames/s of one core"},
		before: stock,
		rally: func(ctx context.Context) (rate float64, err error) {
			rate, size, err = w.fanOut(ctx, rounds)
			return rate, err
		},
		ceiling: func(ctx context.Context) (float64, error) { return bareFanOut(ctx, size, rounds) },
	})
}

// follow opens sockets and runs fn on each frame that is not the greeting. The
// returned function closes them all.
func follow(ctx context.Context, addr, subscribe string, n int, fn func(data []byte)) (stop func(), err error) {
	var conns []*websocket.Conn
	var readers sync.WaitGroup
	stop = func() {
		for _, c := range conns {
			_ = c.Close()
		}
		readers.Wait()
	}
	for range n {
		conn, answer, err := websocket.DefaultDialer.DialContext(ctx, "ws://"+addr+"/ws", http.Header{})
		if err != nil {
			stop()
			return nil, fmt.Errorf("open a socket: %w", err)
		}
		_ = answer.Body.Close()
		conns = append(conns, conn)
		if subscribe != "" {
			if err := conn.WriteMessage(websocket.TextMessage, []byte(subscribe)); err != nil {
				stop()
				return nil, fmt.Errorf("subscribe: %w", err)
			}
		}
		readers.Go(func() {
			for {
				_, data, err := conn.ReadMessage()
				if err != nil {
					return
				}
				fn(data)
			}
		})
	}
	return stop, nil
}

// bookVersion reads the version of a frame of the book.
func bookVersion(data []byte) (int64, bool) {
	var f struct {
		T string
		D struct{ Version int64 }
	}
	if json.Unmarshal(data, &f) != nil || f.T == "hello" || f.T == "error" {
		return 0, false
	}
	return f.D.Version, true
}

// frameLatency trades twenty times, and returns for each socket and trade the
// milliseconds from the trade's answer to the frame that shows it.
func (w *world) frameLatency(ctx context.Context) ([]float64, error) {
	arrivals := make(chan arrival, followers*(frameRounds+2))
	stop, err := follow(ctx, w.rally.addr, w.subscription(), followers, func(data []byte) {
		at := time.Now()
		if v, ok := bookVersion(data); ok {
			arrivals <- arrival{v, at}
		}
	})
	if err != nil {
		return nil, err
	}
	defer stop()
	seen := int64(0)
	wait := func(newer int64) (times []time.Time, err error) {
		limit := time.After(10 * time.Second)
		for len(times) < followers {
			select {
			case a := <-arrivals:
				if a.version > newer {
					times, seen = append(times, a.at), max(seen, a.version)
				}
			case <-limit:
				return nil, fmt.Errorf("%d of %d sockets got the frame", len(times), followers)
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		return times, nil
	}
	if _, err := wait(0); err != nil { // the snapshots
		return nil, err
	}
	conn, err := dial(ctx, w.rally.addr)
	if err != nil {
		return nil, err
	}
	defer conn.close()
	var latencies []float64
	for i := range frameRounds {
		if err := pause(ctx, frameEvery+40*time.Millisecond); err != nil {
			return nil, err
		}
		status, err := conn.do(w.buyRequest(w.goods.watched(), w.buyers[i%buyers].header))
		answered := time.Now()
		if err == nil && status/100 != 2 {
			err = fmt.Errorf("trade: answer %d", status)
		}
		if err != nil {
			return nil, err
		}
		times, err := wait(seen)
		if err != nil {
			return nil, err
		}
		for _, at := range times {
			latencies = append(latencies, float64(at.Sub(answered).Microseconds())/1000)
		}
	}
	return latencies, nil
}

func (w *world) subscription() string {
	return `{"sub":["shop.book:` + strconv.FormatInt(w.goods.watched(), 10) + `"]}`
}

// fanOut trades as often as the hub sends states, with a crowd following, and
// returns the frames for each second of Rally's processor time, trades and
// all, and the size of a frame.
func (w *world) fanOut(ctx context.Context, rounds int) (rate float64, size int, err error) {
	var frames, length atomic.Int64
	stop, err := follow(ctx, w.rally.addr, w.subscription(), crowd, func(data []byte) {
		frames.Add(1)
		length.Store(int64(len(data)))
	})
	if err != nil {
		return 0, 0, err
	}
	defer stop()
	conn, err := dial(ctx, w.rally.addr)
	if err != nil {
		return 0, 0, err
	}
	defer conn.close()
	if err := until(ctx, &frames, 2*crowd); err != nil { // greeting and snapshot
		return 0, 0, err
	}
	before, err := w.rally.cpu()
	if err != nil {
		return 0, 0, err
	}
	for i := range rounds {
		status, err := conn.do(w.buyRequest(w.goods.watched(), w.buyers[i%buyers].header))
		if err == nil && status/100 != 2 {
			err = fmt.Errorf("trade: answer %d", status)
		}
		if err != nil {
			return 0, 0, err
		}
		if err := pause(ctx, frameEvery); err != nil {
			return 0, 0, err
		}
	}
	if err := until(ctx, &frames, int64(2+rounds)*crowd); err != nil {
		return 0, 0, err
	}
	after, err := w.rally.cpu()
	return float64(rounds*crowd) / (after - before).Seconds(), int(length.Load()), err
}

// until waits for a number of frames.
func until(ctx context.Context, frames *atomic.Int64, n int64) error {
	deadline := time.Now().Add(20 * time.Second)
	for frames.Load() < n {
		if time.Now().After(deadline) {
			return fmt.Errorf("%d of %d frames came", frames.Load(), n)
		}
		if err := pause(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// pause waits for d, or returns the error of a context that ends first.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// bareFanOut is the same from a loop over gorilla's sockets.
func bareFanOut(ctx context.Context, size, rounds int) (rate float64, err error) {
	return bareLoop(ctx, nil, crowd, rounds, fmt.Sprintf("/fan?size=%d&count=%d&every=%s", size, rounds, frameEvery))
}

// bareLoop lets a bare process write so many rounds of frames to so many sockets, and
// returns the frames for each second of its processor time.
func bareLoop(ctx context.Context, env []string, sockets, rounds int, path string) (rate float64, err error) {
	p, err := startBareOn(ctx, env)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	var frames atomic.Int64
	stop, err := follow(ctx, p.addr, "", sockets, func([]byte) { frames.Add(1) })
	if err != nil {
		return 0, err
	}
	defer stop()
	if err := until(ctx, &frames, int64(sockets)); err != nil { // greeting
		return 0, err
	}
	before, err := p.cpu()
	if err != nil {
		return 0, err
	}
	if _, err := once(ctx, p.addr, request("POST", p.addr, path, "")); err != nil {
		return 0, err
	}
	if err := until(ctx, &frames, int64((1+rounds)*sockets)); err != nil {
		return 0, err
	}
	after, err := p.cpu()
	return float64(rounds*sockets) / (after - before).Seconds(), err
}
