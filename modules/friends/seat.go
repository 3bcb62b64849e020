package friends

import "time"

// Status is what friends see of somebody.
type Status string

// A person is in a match, else idle when all of their tabs are, else online.
// Who appears offline is offline to everybody else.
const (
	Offline Status = "offline"
	Online  Status = "online"
	Idle    Status = "idle"
	InMatch Status = "in_match"
)

// Seat is where somebody sits: the one session of theirs that is connected, and
// the nodes that hold its sockets. All nodes share it.
type Seat struct {
	Session int64           `json:"session"`
	Hidden  bool            `json:"hidden,omitempty"` // appears offline
	Until   *time.Time      `json:"until,omitempty"`  // who hid while they were seen still is until then
	Match   int64           `json:"match,omitempty"`  // that they play; 0 is none
	Nodes   map[string]Part `json:"nodes"`
}

// Part is what one node knows of a seat.
type Part struct {
	Idle bool       `json:"idle,omitempty"` // all of its sockets are
	Left *time.Time `json:"left,omitempty"` // when the last of its sockets closed, until one comes back
}

// Status is what others see at a time of whoever sits there, and the match to
// watch.
func (s Seat) Status(now time.Time) (Status, int64) {
	switch {
	case len(s.Nodes) == 0, s.Hidden && (s.Until == nil || !now.Before(*s.Until)):
		return Offline, 0
	case s.Match != 0:
		return InMatch, s.Match
	}
	for _, part := range s.Nodes {
		if !part.Idle {
			return Online, 0
		}
	}
	return Idle, 0
}

// heldAgainst reports whether a session must wait for the seat: another one has
// a socket on a node that is alive.
func (s Seat) heldAgainst(session int64, alive func(node string) bool) bool {
	if s.Session == session {
		return false
	}
	for node, part := range s.Nodes {
		if part.Left == nil && alive(node) {
			return true
		}
	}
	return false
}

// hide returns the seat of somebody who appears offline from now on. It looks as
// if they were leaving: friends see them for Debounce more.
func (s Seat) hide(now time.Time) Seat {
	from := s.left()
	if from.IsZero() {
		from = now
	}
	until := from.Add(Debounce)
	s.Hidden, s.Until = true, &until
	return s
}

// left returns when the last socket closed, or when its person hid; zero while
// they are seen.
func (s Seat) left() (last time.Time) {
	if s.Hidden && s.Until != nil {
		return s.Until.Add(-Debounce)
	}
	for _, part := range s.Nodes {
		if part.Left == nil {
			return time.Time{}
		}
		if part.Left.After(last) {
			last = *part.Left
		}
	}
	return last
}

// with returns the seat with another part for a node.
func (s Seat) with(node string, part Part) Seat {
	nodes := make(map[string]Part, len(s.Nodes)+1)
	for name, p := range s.Nodes {
		nodes[name] = p
	}
	nodes[node] = part
	s.Nodes = nodes
	return s
}

// without returns the seat without a node's part.
func (s Seat) without(node string) Seat {
	nodes := make(map[string]Part, len(s.Nodes))
	for name, p := range s.Nodes {
		if name != node {
			nodes[name] = p
		}
	}
	s.Nodes = nodes
	return s
}
