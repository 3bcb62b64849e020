package pong

import (
	"slices"
	"time"
)

// Mode is a way to play.
type Mode string

// Ways to play.
const (
	Quick      Mode = "quick"  // against whoever is about as good
	Invite     Mode = "invite" // against somebody who was asked
	AI         Mode = "ai"     // against a robot
	Local      Mode = "local"  // two people at one client
	Tournament Mode = "tournament"
)

// Rated reports whether matches of a mode count for the rating.
func (m Mode) Rated() bool { return m == Quick || m == Invite || m == Tournament }

// MatchState is where a match stands.
type MatchState string

// States of a match. An invitation goes from Invited to Open or Closed, and any
// match from Open to Live, Over or Void, and from Live to Over or Void.
const (
	Invited MatchState = "invited" // waits for an answer
	Open    MatchState = "open"    // waits for its players to come and be ready
	Live    MatchState = "live"
	Over    MatchState = "over"
	Void    MatchState = "void"   // it ended, and is nobody's result
	Closed  MatchState = "closed" // an invitation of which nothing came
)

// Done reports whether nothing more will happen to a match.
func (s MatchState) Done() bool { return s == Over || s == Void || s == Closed }

// Reason is how a match ended.
type Reason string

// How matches end.
const (
	ByScore     Reason = "score"     // over
	ByForfeit   Reason = "forfeit"   // over: somebody left, or was away for too long
	ByNoShow    Reason = "no_show"   // over, where one came; void, where nobody did
	ByServer    Reason = "server"    // void: its server failed
	ByAbandon   Reason = "abandoned" // void: both were away for too long
	ByStuck     Reason = "stuck"     // void: it stood still, or failed
	ByDecline   Reason = "declined"  // closed
	ByCancel    Reason = "cancelled" // closed
	ByExpiry    Reason = "expired"   // closed
	ByDeparture Reason = "left"      // closed or void: somebody left Rally
)

// DefaultPoints is what wins a match where nobody said.
const DefaultPoints = 5

// PointsAllowed are what a match may be played to.
func PointsAllowed() []int { return []int{3, 5, 11} }

func checkPoints(points int) (int, error) {
	if points == 0 {
		return DefaultPoints, nil
	}
	if !slices.Contains(PointsAllowed(), points) {
		return 0, ErrBadPoints
	}
	return points, nil
}

// Match is one of its row. Index 0 of a pair is left, 1 is right.
type Match struct {
	ID         int64
	Mode       Mode
	State      MatchState
	Reason     Reason // empty while it is going on
	Points     int
	Players    [2]int64 // users; 0 is the robot, or the guest of a local match
	Difficulty Level    // of AI, else empty
	Rated      bool
	Seed       uint32
	Score      [2]int
	Winner     *Side
	Season     int // in which it was rated, else 0
	Cup        *CupRound
	RematchOf  int64 // 0 is none
	Before     [2]*float64
	After      [2]*float64 // ratings; nil where it was not rated
	CreatedAt  time.Time
	RespondBy  *time.Time // of Invited
	ReadyBy    *time.Time // of Open
	StartedAt  *time.Time
	EndedAt    *time.Time
	HasReplay  bool
}

// CupRound is a match's place in a tournament.
type CupRound struct {
	ID          int64
	Name        string
	Round, Slot int
}

// SideOf returns which side a user plays. Of a local match, whose both are
// theirs, it is Left.
func (m *Match) SideOf(userID int64) (Side, bool) {
	for side, id := range m.Players {
		if userID != 0 && id == userID {
			return Side(side), true
		}
	}
	return Left, false
}

// Result is what came of a match.
type Result struct {
	State  MatchState // Over or Void
	Reason Reason
	Winner Side // of Over
	Score  [2]int
	Replay []byte // an encoded Record, nil where nothing was played
}
