// Package pongtest is a client of matches for tests and benchmarks: it knows the
// protocol from docs/pong-protocol.md alone, as a stranger's client would.
package pongtest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Phases of a match.
const (
	Waiting = iota
	Playing
	Paused
	Done
)

// Roles of a connection.
const (
	Left = iota
	Right
	Watcher
	Both
)

// What a snapshot says that has happened.
const (
	Served = 1 << iota
	Bounced
	HitPaddle
	Missed
	Scored
	Won
)

// Flags of a snapshot; those of the right side are one bit higher.
const (
	FlagHere  = 1 << 0
	FlagReady = 1 << 2
)

// Snapshot is a frame of the state.
type Snapshot struct {
	Phase, Flags, Happened uint8
	Tick                   uint32
	X, Y, VX, VY           int32
	Paddles                [2]int32
	Score                  [2]uint8
	Dirs                   [2]int8
	Acks                   [2]uint32
	Pings                  [2]uint16
	Hits, Hold             uint16
	Gone, Points           uint8
	Watchers               uint16
	Noise                  uint32
	Wait, Epoch            uint16
}

// Welcome is the first frame.
type Welcome struct {
	Role, Version, Mode uint8
	Tick, Seed          uint32
	Epoch               uint16
	Points              uint8
}

// Ended is the frame of the end.
type Ended struct {
	Void          bool
	Winner        int // -1 is nobody
	Reason, Extra uint8
	Score         [2]uint8
}

// Sizes and kinds of frames.
const (
	snapshotSize = 64
	shortSize    = 16
	kindSnapshot = 1
	kindWelcome  = 2
	kindEnded    = 3
	noWinner     = 255
)

// ErrFrame says that the server sent what is no frame of the protocol.
var ErrFrame = errors.New("pongtest: not a frame of the protocol")

// ReadSnapshot decodes a snapshot.
func ReadSnapshot(b []byte) (s Snapshot, err error) {
	if len(b) != snapshotSize || b[0] != kindSnapshot {
		return s, ErrFrame
	}
	le := binary.LittleEndian
	s.Phase, s.Flags, s.Happened, s.Tick = b[1], b[2], b[3], le.Uint32(b[4:])
	for i, to := range []*int32{&s.X, &s.Y, &s.VX, &s.VY, &s.Paddles[0], &s.Paddles[1]} {
		*to = int32(le.Uint32(b[8+4*i:])) //nolint:gosec // two's complement is the format
	}
	s.Score = [2]uint8{b[32], b[33]}
	s.Dirs = [2]int8{int8(b[34]), int8(b[35])} //nolint:gosec // as above
	s.Acks = [2]uint32{le.Uint32(b[36:]), le.Uint32(b[40:])}
	s.Pings = [2]uint16{le.Uint16(b[44:]), le.Uint16(b[46:])}
	s.Hits, s.Hold, s.Gone, s.Points = le.Uint16(b[48:]), le.Uint16(b[50:]), b[52], b[53]
	s.Watchers, s.Noise, s.Wait, s.Epoch = le.Uint16(b[54:]), le.Uint32(b[56:]), le.Uint16(b[60:]), le.Uint16(b[62:])
	return s, nil
}

// Player is a connection to a match. It is safe for concurrent use.
type Player struct {
	conn  *websocket.Conn
	write sync.Mutex

	mu      sync.Mutex
	news    chan struct{} // closed with every frame
	welcome *Welcome
	last    Snapshot
	at      time.Time // when last came
	frames  int
	ended   *Ended
	err     error // once the connection is gone
	seq     [2]uint32
	onFrame func(Snapshot)
}

// Dial connects to a match of a server. Header carries who connects.
func Dial(ctx context.Context, base string, match int64, header http.Header) (*Player, error) {
	return DialWith(ctx, websocket.DefaultDialer, base, match, header)
}

// DialWith is Dial through a dialer, such as one whose network is bad.
func DialWith(ctx context.Context, dialer *websocket.Dialer, base string, match int64, header http.Header) (*Player, error) {
	conn, res, err := dialer.DialContext(ctx, fmt.Sprintf("ws%s/ws/pong/matches/%d", strings.TrimPrefix(base, "http"), match), header)
	if err != nil {
		return nil, fmt.Errorf("connect to match %d: %w", match, err)
	}
	_ = res.Body.Close()
	p := &Player{conn: conn, news: make(chan struct{})}
	go p.read()
	return p, nil
}

func (p *Player) read() {
	for {
		_, data, err := p.conn.ReadMessage()
		if err == nil {
			err = p.take(data)
		}
		if err != nil {
			p.mu.Lock()
			p.err = err
			p.wakeLocked()
			p.mu.Unlock()
			_ = p.conn.Close()
			return
		}
	}
}

func (p *Player) wakeLocked() {
	close(p.news)
	p.news = make(chan struct{})
}

func (p *Player) take(b []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	le := binary.LittleEndian
	switch {
	case len(b) == snapshotSize:
		s, err := ReadSnapshot(b)
		if err != nil {
			return err
		}
		p.last, p.at = s, time.Now()
		p.frames++
		if p.onFrame != nil {
			p.onFrame(s)
		}
	case len(b) == shortSize && b[0] == kindWelcome:
		p.welcome = &Welcome{Role: b[1], Version: b[2], Mode: b[3], Tick: le.Uint32(b[4:]), Seed: le.Uint32(b[8:]), Epoch: le.Uint16(b[12:]), Points: b[14]}
	case len(b) == shortSize && b[0] == kindEnded:
		e := Ended{Void: b[1] == 1, Winner: int(b[2]), Reason: b[3], Score: [2]uint8{b[4], b[5]}}
		if e.Winner == noWinner {
			e.Winner = -1
		}
		p.ended = &e
	default:
		return ErrFrame
	}
	p.wakeLocked()
	return nil
}

// OnFrame has fn called with every snapshot, before others see it.
func (p *Player) OnFrame(fn func(Snapshot)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.onFrame = fn
}

// Await waits until ok says yes of what has come, or the connection or ctx ends.
func (p *Player) Await(ctx context.Context, ok func(w *Welcome, s Snapshot, e *Ended) bool) error {
	for {
		p.mu.Lock()
		done, err, news := ok(p.welcome, p.last, p.ended), p.err, p.news
		p.mu.Unlock()
		switch {
		case done:
			return nil
		case err != nil:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-news:
		}
	}
}

// Last returns the last snapshot, and how many there were.
func (p *Player) Last() (Snapshot, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last, p.frames
}

// Ended returns how the match came out, or nil.
func (p *Player) Ended() *Ended {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

// Role returns what the connection may do, once it was welcomed.
func (p *Player) Role() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.welcome == nil {
		return -1
	}
	return int(p.welcome.Role)
}

// Closed waits for the connection's end and returns its code.
func (p *Player) Closed(ctx context.Context) (code int, err error) {
	err = p.Await(ctx, func(*Welcome, Snapshot, *Ended) bool { return false })
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		return closed.Code, nil
	}
	return 0, err
}

// Close ends the connection as a lost network does.
func (p *Player) Close() { _ = p.conn.NetConn().Close() }

// Send sends bytes as they are.
func (p *Player) Send(data []byte) error {
	p.write.Lock()
	defer p.write.Unlock()
	return p.conn.WriteMessage(websocket.BinaryMessage, data)
}

// Ready says that the player is ready, Resign that they give up.
func (p *Player) Ready() error { return p.Send([]byte{2, 0}) }

// Resign gives the match up.
func (p *Player) Resign() error { return p.Send([]byte{3, 0}) }

// Input is an input as it goes over the wire.
func Input(side int, dir int8, seq, tick uint32, echo uint16, held time.Duration) []byte {
	b := make([]byte, shortSize)
	le := binary.LittleEndian
	b[0], b[1], b[2] = 1, byte(side), byte(dir) //nolint:gosec // two's complement is the format
	le.PutUint32(b[4:], seq)
	le.PutUint32(b[8:], tick)
	le.PutUint16(b[12:], echo)
	le.PutUint16(b[14:], uint16(held.Milliseconds())) //nolint:gosec // a moment
	return b
}

// Steer says that the paddle moves in a direction, from a few ticks after the last
// snapshot on.
func (p *Player) Steer(side int, dir int8, lead uint32) error {
	p.mu.Lock()
	p.seq[side]++
	data := Input(side, dir, p.seq[side], p.last.Tick+lead, uint16(p.last.Tick), time.Since(p.at)) //nolint:gosec // the low half
	p.mu.Unlock()
	return p.Send(data)
}

// Play moves a paddle after the ball until the match or the connection ends. A reach
// below 1 lets it stand off, so that it misses now and then; 0 keeps to a wall, where it
// misses nearly all: who stands still in the middle may return a straight ball for long.
func (p *Player) Play(ctx context.Context, side int, reach float64) error {
	dir, beat := int8(0), time.Time{}
	for {
		var s Snapshot
		_, seen := p.Last()
		err := p.Await(ctx, func(_ *Welcome, now Snapshot, e *Ended) bool {
			s = now
			return e != nil || p.frames > seen
		})
		if err != nil || p.Ended() != nil {
			return err
		}
		next := toward(s, side, reach, dir)
		if next != dir || time.Since(beat) > 250*time.Millisecond {
			dir, beat = next, time.Now()
			if err := p.Steer(side, dir, 2); err != nil {
				return err
			}
		}
	}
}

const step = 1350

// toward is where a person would move: after a ball that comes, until the paddle is
// there, and not for every bit that it is off.
func toward(s Snapshot, side int, reach float64, dir int8) int8 {
	if reach == 0 {
		return -1
	}
	if comes := s.VX < 0 == (side == Left); s.VX == 0 || !comes {
		return 0
	}
	const middle = 45_000
	goal := middle + int32(reach*float64(s.Y-middle))
	switch gap := goal - s.Paddles[side]; {
	case gap > 4*step, dir > 0 && gap > step:
		return 1
	case gap < -4*step, dir < 0 && gap < -step:
		return -1
	}
	return 0
}
