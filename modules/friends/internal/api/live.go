package api

import (
	"context"
	"time"

	"rally/modules/friends"
	"rally/platform/blob"
	"rally/platform/ws"
)

// Topics of presence on the live connection.
const (
	SessionTopic = "session"
	FriendsTopic = "friends"
)

// Door is presence at the door of the live connection.
type Door struct{ presence *friends.Presence }

// NewDoor returns the door of a presence.
func NewDoor(p *friends.Presence) Door { return Door{p} }

var _ ws.Door = Door{}

// Turn implements ws.Door.
func (d Door) Turn(c *ws.Conn) (end func()) { return d.presence.Turn(c) }

// Enter implements ws.Door.
func (d Door) Enter(ctx context.Context, c *ws.Conn) (bool, error) { return d.presence.Enter(ctx, c) }

// Takeover implements ws.Door.
func (d Door) Takeover(ctx context.Context, c *ws.Conn) (bool, error) {
	return d.presence.Takeover(ctx, c)
}

// Idle implements ws.Door.
func (d Door) Idle(ctx context.Context, c *ws.Conn, idle bool) error {
	return d.presence.Idle(ctx, c, idle)
}

// Leave implements ws.Door.
func (d Door) Leave(c *ws.Conn) { d.presence.Leave(c) }

// Closing implements ws.Door.
func (d Door) Closing() { d.presence.Closing() }

// Line speaks to the sockets of the live connection.
type Line struct{}

var _ friends.Line = Line{}

type sessionBody struct {
	State  string `json:"state"`
	Device string `json:"device,omitempty"`
}

// States of the topic session.
const (
	stateHere      = "here"
	stateElsewhere = "elsewhere"
	stateFree      = "free"
)

func conn(s friends.Socket) *ws.Conn { return s.(*ws.Conn) }

// Here implements friends.Line.
func (Line) Here(s friends.Socket) { conn(s).Send(SessionTopic, sessionBody{State: stateHere}) }

// Elsewhere implements friends.Line.
func (Line) Elsewhere(s friends.Socket, device string) {
	conn(s).Send(SessionTopic, sessionBody{State: stateElsewhere, Device: device})
}

// Free implements friends.Line.
func (Line) Free(s friends.Socket) { conn(s).Send(SessionTopic, sessionBody{State: stateFree}) }

// liveBody is a person on the live connection, where addresses are relative to
// the program's own.
type liveBody struct {
	ProfileName string  `json:"profile_name"`
	Image       *string `json:"image"`
}

func toLive(p friends.Person) liveBody {
	return liveBody{ProfileName: p.ProfileName, Image: blob.Address("", p.Image)}
}

type presentBody struct {
	UserID int64 `json:"user_id"`
	liveBody
	Status friends.Status `json:"status"`
	Match  int64          `json:"match,omitempty"`
}

type snapshotBody struct {
	Friends []presentBody `json:"friends"`
}

// Snapshot implements friends.Line.
func (Line) Snapshot(s friends.Socket, people []friends.Present) {
	body := snapshotBody{make([]presentBody, len(people))}
	for i, p := range people {
		body.Friends[i] = presentBody{p.Person.UserID, toLive(p.Person), p.Status, p.Match}
	}
	conn(s).Send(FriendsTopic, body)
}

type updateBody struct {
	Event    string         `json:"event"`
	UserID   int64          `json:"user_id"`
	Status   friends.Status `json:"status,omitempty"`
	Match    int64          `json:"match,omitempty"`
	LastSeen *time.Time     `json:"last_seen,omitempty"`
	Request  int64          `json:"request,omitempty"`
	Old      string         `json:"old,omitempty"`
	New      string         `json:"new,omitempty"`
	*liveBody
}

// Tell implements friends.Line.
func (Line) Tell(to []friends.Socket, u friends.Update) {
	if len(to) == 0 {
		return
	}
	body := updateBody{Event: u.Event, UserID: u.UserID, Status: u.Status, Match: u.Match, LastSeen: u.LastSeen, Request: u.Request, Old: u.Old, New: u.New}
	if u.Person != nil {
		person := toLive(*u.Person)
		body.liveBody = &person
	}
	frame, err := ws.NewFrame(FriendsTopic, body, len(to))
	if err != nil {
		return // no update fails to be JSON
	}
	for _, s := range to {
		conn(s).SendFrame(frame)
	}
}
