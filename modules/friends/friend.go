package friends

import "time"

// Limits.
const (
	MaxFriends  = 1000 // a person has
	MaxBlocks   = 1000 // and mutes that a person makes
	MaxAsked    = 100  // open requests that a person made
	AskedHourly = 30   // requests that a person makes in an hour
	MaxFound    = 20   // that a search returns
	MaxQuery    = 15   // characters: a profile name has no more
)

// Person is what others see of somebody.
type Person struct {
	UserID      int64
	ProfileName string
	Image       string // the picture's key, or empty
}

// Friend is a friend of the caller. Status is what the caller sees.
type Friend struct {
	Person
	Status   Status
	Match    int64      // to watch; 0 is none
	LastSeen *time.Time // nil while they are seen, and where nobody knows
	Since    time.Time
}

// Tie is a friendship as one of both has it.
type Tie struct {
	UserID   int64 // the other one
	Since    time.Time
	LastSeen *time.Time
}

// Request is somebody's wish to be somebody's friend.
type Request struct {
	ID        int64
	From, To  int64
	State     string
	CreatedAt time.Time
}

// States of a Request. One that was accepted or declined is kept, so that doing
// it again is no error.
const (
	Pending   = "pending"
	Accepted  = "accepted"
	Declined  = "declined"
	Cancelled = "cancelled"
)

// Asked is a request as one of both sees it.
type Asked struct {
	Request
	Other Person
}

// Block hides somebody from whoever made it, and them from that person. A mute
// only keeps somebody's words away, and they don't learn of it.
type Block struct {
	ID        int64
	By        int64
	UserID    int64 // who is blocked
	Mute      bool
	CreatedAt time.Time
}

// Blocked is a block with whom it is about.
type Blocked struct {
	Block
	Other Person
}

// Relation is what two people are to each other, seen by one.
type Relation string

// Relations. Incoming: they asked; Outgoing: I did.
const (
	Strangers Relation = "none"
	AreFriend Relation = "friends"
	Incoming  Relation = "incoming"
	Outgoing  Relation = "outgoing"
)

// Found is somebody whom a search found.
type Found struct {
	Person
	Relation Relation
	Request  int64 // of Incoming and Outgoing
}

// Change is what the nodes tell each other after a commit. Event is one of an
// Update: accepted and removed are about both, a request and its withdrawal go
// from UserID to OtherID, renamed is about UserID alone.
type Change struct {
	Event    string `json:"event"`
	UserID   int64  `json:"user_id"`
	OtherID  int64  `json:"other_id,omitempty"`
	Request  int64  `json:"request,omitempty"`
	Old, New string `json:",omitempty"`
}
