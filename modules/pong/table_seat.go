package pong

import (
	"math"
	"time"
)

const (
	// pendingInputs is how many inputs of the future a seat keeps.
	pendingInputs = 16
	// mostOffences is how many frames that make no sense close a line.
	mostOffences = 32
	// mostSaves is how often in a match an input that comes after the ball has passed may
	// still hit it. A bad line needs that now and then; without a bound it would pay to
	// wait and see.
	mostSaves = 3
	// watchersLimit bounds what a table costs.
	watchersLimit = 200
)

// seat is one side of a table.
type seat struct {
	user    int64 // 0 is the robot
	lines   int   // connections that play this side: 1, or 0
	ready   bool
	losses  int // how often the player was lost
	left    int // ticks that the seat is still held, while nobody sits there
	dir     int8
	pending []input // in order, for ticks to come
	seq     uint32  // of the last input that was taken
	last    uint32  // its tick
	heard   uint32  // the tick in which it came
	quiet   bool    // nothing was heard of its client for quietAfter
	ping    float64 // ms; 0 is not known
	missed  uint32  // the tick in which the ball passed last; 0 is never
	saves   int     // how often an input that came later undid that
}

// missing reports whether a player is not there: without a line, or with one that has
// fallen silent, as happens where a network is lost without a word.
func (s *seat) missing() bool { return s.user != 0 && (s.lines == 0 || s.quiet) }

// advance brings the direction to that of a tick.
func (s *seat) advance(tick uint32) {
	s.quiet = s.seq > 0 && tick > s.heard+quietAfter
	for len(s.pending) > 0 && s.pending[0].tick <= tick {
		s.dir = s.pending[0].dir
		s.pending = s.pending[1:]
	}
	if s.dir != 0 && len(s.pending) == 0 && tick > s.heard+silence {
		s.dir = 0
	}
}

func (s *seat) latency() uint16 {
	if s.user == 0 || s.lines == 0 || s.ping == 0 {
		return noPing
	}
	return uint16(min(s.ping, noPing-1))
}

// stand lets a paddle stand still: its player is gone.
func (s *seat) stand() { s.dir, s.pending, s.ping = 0, nil, 0 }

// message is what came for a table.
type message struct {
	kind messageKind
	line Line
	user int64
	data []byte
	at   int64 // when it came, in ns of the lane's clock
	m    Match
}

type messageKind uint8

const (
	heard     messageKind = iota // a frame
	came                         // a line
	went                         // a line
	known                        // its row, once it is done
	abandoned                    // by this node: another owns it, or it stops
)

// take does what is in the inbox. It returns true when that overflowed with what
// must not be lost.
func (t *table) take() (stuck bool) {
	list, stuck := t.inbox.empty()
	for _, m := range list {
		switch m.kind {
		case heard:
			if s := t.lines[m.line]; s != nil && !t.obey(m, s) {
				t.remove(m.line)
				m.line.Close(CloseNonsense, "frames that make no sense")
			}
		case came:
			t.seatLine(m.line, m.user)
		case went:
			t.remove(m.line)
		case known:
			t.know(m.m)
		case abandoned:
			t.close(CloseGoingAway, "the match moves")
			t.phase, t.told, t.until = done, true, t.state.Tick+1
		}
	}
	return stuck
}

// seatLine gives a line its place. The newest line of a player plays.
func (t *table) seatLine(line Line, user int64) {
	if t.lines[line] != nil {
		return // said again
	}
	r := t.roleOf(user)
	if r == roleWatcher {
		if t.others >= watchersLimit {
			line.Close(CloseUnknown, "as many watch as can")
			return
		}
		t.others++
	} else {
		for other, s := range t.lines {
			if s.user == user && s.role == r {
				t.remove(other)
				other.Close(CloseReplaced, "opened elsewhere")
			}
		}
		for side := range t.seats {
			if s := &t.seats[side]; r.plays(Side(side)) {
				s.lines = 1
				s.seq, s.last, s.heard = 0, 0, t.state.Tick
				s.stand()
			}
		}
	}
	t.lines[line] = &sitting{user: user, role: r}
	line.Send(welcome(r, &t.match, t.state.Tick, t.epoch), true)
	t.fresh = true
	if t.told {
		line.Send(ended(&t.match), true)
	}
}

func (t *table) roleOf(user int64) role {
	side, plays := t.match.SideOf(user)
	switch {
	case !plays:
		return roleWatcher
	case t.match.Mode == Local:
		return roleBoth
	}
	return role(side)
}

func (r role) plays(side Side) bool { return r == roleBoth || r == role(side) }

func (t *table) remove(line Line) {
	s := t.lines[line]
	if s == nil {
		return
	}
	delete(t.lines, line)
	if s.role == roleWatcher {
		t.others--
		return
	}
	for side := range t.seats {
		if s.role.plays(Side(side)) {
			t.seats[side].lines = 0
			t.seats[side].stand()
		}
	}
	t.fresh = true
}

// obey does what a client says. It returns false for one that has said too much
// that makes no sense.
func (t *table) obey(m message, s *sitting) bool {
	if t.understand(m, s) {
		return true
	}
	s.offences++
	return s.offences < mostOffences
}

func (t *table) understand(m message, s *sitting) bool {
	if s.role == roleWatcher {
		return false
	}
	switch {
	case isWord(m.data, frameReady):
		for side := range t.seats {
			if s.role.plays(Side(side)) {
				t.seats[side].ready = true
			}
		}
		t.fresh = true
		return true
	case isWord(m.data, frameResign):
		t.resign(s)
		return true
	}
	in, ok := decodeInput(m.data)
	if !ok {
		return false
	}
	if s.role != roleBoth {
		in.side = Side(s.role)
	}
	return t.steer(in, m.at)
}

// resign gives the match to the other side; before it begins, nobody has it.
func (t *table) resign(s *sitting) {
	switch {
	case t.phase == waiting && t.match.Mode != Tournament, s.role == roleBoth:
		t.end(Result{State: Void, Reason: ByAbandon})
	default:
		t.end(Result{State: Over, Reason: ByForfeit, Winner: Side(s.role).Other()})
	}
}

// steer takes an input. One of the past, not older than Rewind, is put where it
// belongs: those ticks are played again. It returns false for what makes no sense.
func (t *table) steer(in input, at int64) bool {
	s := &t.seats[in.side]
	now := t.state.Tick
	if in.seq <= s.seq || in.tick < s.last || in.tick > now+ahead {
		return false
	}
	if len(s.pending) >= pendingInputs {
		return false
	}
	s.seq, s.last, s.heard = in.seq, in.tick, now
	t.measure(s, in, at)
	if t.phase == done {
		return true
	}
	if in.tick > now {
		s.pending = append(s.pending, in)
		return true
	}
	s.dir = in.dir
	from := in.tick
	if now >= Rewind && from <= now-Rewind {
		from = now - Rewind + 1
	}
	from = max(from, t.solid+1)
	if s.missed >= from && s.saves >= mostSaves {
		from = s.missed + 1
	}
	if from <= now && t.past[now%ring].dirs[in.side] != in.dir {
		t.replay(from-1, in.side, in.dir)
	}
	return true
}

// measure follows the round trip: of the snapshot that the client saw last, less
// what the client held it. Smoothed as TCP does: RFC 6298, section 2.
func (t *table) measure(s *seat, in input, at int64) {
	if in.echo == noEcho {
		return
	}
	tick := t.state.Tick
	seen := tick - uint32(uint16(tick)-in.echo) //nolint:gosec // the low half, which may have turned over
	if tick-seen >= uint32(len(t.sent)) || t.sent[seen%256] == 0 {
		return
	}
	trip := time.Duration(at-t.sent[seen%256]) - in.held
	ms := max(float64(trip)/float64(time.Millisecond), 1)
	if ms > math.MaxUint16 {
		return
	}
	if s.ping == 0 {
		s.ping = ms
	}
	s.ping += (ms - s.ping) / 8
}
