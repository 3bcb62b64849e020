package pong

import "time"

// Asked says that somebody invited somebody to a match. It is emitted inside the
// transaction, as the other events are.
type Asked struct{ Match Match }

// Answered says that an invitation waits no more, however that came.
type Answered struct{ Match Match }

// Played says that a match is over.
type Played struct{ Match Match }

// Called says that a match of a tournament waits for its players.
type Called struct{ Match Match }

// CupWon says that a tournament has its champion.
type CupWon struct {
	ID       int64
	Name     string
	Champion int64
	Players  []int64
	At       time.Time
}

// Notice is what the live connection tells somebody. Event is one of
// Notices.
type Notice struct {
	Event string
	Match int64 // 0 is none
}

// Events of a Notice.
const (
	NoticeQueue    = "queue"    // in or out of it, here or on another device
	NoticeMatched  = "matched"  // a match waits
	NoticeInvited  = "invited"  // somebody asks
	NoticeAnswered = "answered" // an invitation, of either side, waits no more
	NoticeCalled   = "called"   // a match of a tournament waits
	NoticeEnded    = "ended"    // a match is done
)
