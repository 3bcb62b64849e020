package pong

import (
	"encoding/binary"
	"math"
	"time"
)

// The protocol of a match's connection, little-endian; docs/pong-protocol.md tells
// it in full. Frames are built with the header that RFC 6455 puts before a short
// binary message of a server, so that one buffer serves every line.
const (
	// ProtocolVersion is announced in the welcome.
	ProtocolVersion = 1

	wsHeader     = 2
	wsBinary     = 0x82 // a whole message
	snapshotSize = 64
	welcomeSize  = 16
	endedSize    = 16
	inputSize    = 16
	wordSize     = 2

	frameSnapshot = 1
	frameWelcome  = 2
	frameEnded    = 3

	frameInput  = 1
	frameReady  = 2
	frameResign = 3

	noPing = math.MaxUint16
	noEcho = math.MaxUint16
)

// Close codes of a match's connection, beside those of the live line.
const (
	CloseDone      = 1000 // the match is done
	CloseGoingAway = 1001 // come back: here, or to another node
	CloseNonsense  = 1008 // too much that makes no sense
	CloseReplaced  = 4001 // the same player came with another connection
	CloseUnknown   = 4004 // there is no such match, or nothing to see any more
)

// phase is where a table stands.
type phase uint8

const (
	waiting phase = iota // for the players
	playing
	paused // for a player who was lost
	done
)

// role is what a connection may do.
type role uint8

const (
	roleLeft role = iota
	roleRight
	roleWatcher
	roleBoth // both sides of a local match
)

// Flags of a snapshot: one for each side, the left one first.
const (
	flagHere       = 1 << 0
	flagReady      = 1 << 2
	flagPaused     = 1 << 4
	flagServeRight = 1 << 5
	flagVoid       = 1 << 6
)

// newFrame returns a buffer for a message of a size.
func newFrame(size int) []byte {
	f := make([]byte, wsHeader+size)
	f[0], f[1] = wsBinary, byte(size) //nolint:gosec // at most 64
	return f
}

// snapshot is what a frame says beside the state.
type snapshot struct {
	phase    phase
	flags    byte
	happened Happened
	dirs     [2]int8
	acks     [2]uint32
	pings    [2]uint16
	watchers uint16
	wait     uint16
	epoch    uint16
}

// putSnapshot writes a snapshot into a buffer of newFrame(snapshotSize).
func putSnapshot(frame []byte, s *State, v snapshot) {
	b := frame[wsHeader : wsHeader+snapshotSize]
	le := binary.LittleEndian
	b[0], b[1], b[2], b[3] = frameSnapshot, byte(v.phase), v.flags, byte(v.happened)
	if s.Paused {
		b[2] |= flagPaused
	}
	if s.Server == Right {
		b[2] |= flagServeRight
	}
	le.PutUint32(b[4:], s.Tick)
	for i, n := range [...]int32{s.X, s.Y, s.VX, s.VY, s.Paddles[0], s.Paddles[1]} {
		le.PutUint32(b[8+4*i:], uint32(n)) //nolint:gosec // two's complement is the format
	}
	b[32], b[33] = s.Score[0], s.Score[1]
	b[34], b[35] = byte(v.dirs[0]), byte(v.dirs[1]) //nolint:gosec // as above
	le.PutUint32(b[36:], v.acks[0])
	le.PutUint32(b[40:], v.acks[1])
	le.PutUint16(b[44:], v.pings[0])
	le.PutUint16(b[46:], v.pings[1])
	le.PutUint16(b[48:], s.Hits)
	le.PutUint16(b[50:], s.Hold)
	b[52], b[53] = s.Gone, s.Points
	le.PutUint16(b[54:], v.watchers)
	le.PutUint32(b[56:], s.Noise)
	le.PutUint16(b[60:], v.wait)
	le.PutUint16(b[62:], v.epoch)
}

// welcome is the first frame of a connection.
func welcome(r role, m *Match, tick uint32, epoch uint16) []byte {
	f := newFrame(welcomeSize)
	b, le := f[wsHeader:], binary.LittleEndian
	b[0], b[1], b[2], b[3] = frameWelcome, byte(r), ProtocolVersion, modeNumber(m.Mode)
	le.PutUint32(b[4:], tick)
	le.PutUint32(b[8:], m.Seed)
	le.PutUint16(b[12:], epoch)
	b[14] = byte(m.Points) //nolint:gosec // at most 11
	return f
}

func modeNumber(m Mode) byte {
	for i, mode := range [...]Mode{Quick, Invite, AI, Local, Tournament} {
		if m == mode {
			return byte(i)
		}
	}
	return math.MaxUint8
}

// ended is the frame that says how a match came out.
func ended(m *Match) []byte {
	f := newFrame(endedSize)
	b := f[wsHeader:]
	b[0], b[2], b[3] = frameEnded, math.MaxUint8, reasonNumber(m.Reason)
	if m.State != Over {
		b[1] = 1
	}
	if m.Winner != nil {
		b[2] = byte(*m.Winner)
	}
	b[4], b[5] = byte(m.Score[0]), byte(m.Score[1]) //nolint:gosec // at most 11
	return f
}

func reasonNumber(r Reason) byte {
	for i, reason := range [...]Reason{ByScore, ByForfeit, ByNoShow, ByServer, ByAbandon, ByStuck, ByDeparture, ByCancel} {
		if r == reason {
			return byte(i)
		}
	}
	return math.MaxUint8
}

// input is what a client says of a direction.
type input struct {
	side Side
	dir  int8
	seq  uint32
	tick uint32
	echo uint16
	held time.Duration
}

// decodeInput reads an input. It returns false for what is none.
func decodeInput(b []byte) (input, bool) {
	if len(b) != inputSize || b[0] != frameInput || b[1] > 1 || b[3] != 0 {
		return input{}, false
	}
	dir := int8(b[2]) //nolint:gosec // two's complement is the format
	if dir < -1 || dir > 1 {
		return input{}, false
	}
	le := binary.LittleEndian
	return input{
		side: Side(b[1]), dir: dir, seq: le.Uint32(b[4:]), tick: le.Uint32(b[8:]), echo: le.Uint16(b[12:]),
		held: time.Duration(le.Uint16(b[14:])) * time.Millisecond,
	}, true
}

// isWord reports whether a frame is a word of a kind.
func isWord(b []byte, kind byte) bool { return len(b) == wordSize && b[0] == kind && b[1] == 0 }
