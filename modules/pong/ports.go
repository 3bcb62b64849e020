package pong

import (
	"context"
	"time"

	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/platform/page"
)

// Transactions runs use cases: see db.DB.InTx.
type Transactions interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// AfterCommit runs fn once the transaction of ctx has committed.
	AfterCommit(ctx context.Context, fn func(ctx context.Context))
}

// Events tells other modules, inside the transaction.
type Events interface {
	Emit(ctx context.Context, event any) error
}

// Directory tells who people are. *accounts.Directory does.
type Directory interface {
	// ProfilesOf returns profiles by user id. Whoever left has none.
	ProfilesOf(ctx context.Context, ids []int64) (map[int64]accounts.Profile, error)
}

// Blocks knows whom somebody doesn't see. *friends.Circle does.
type Blocks interface {
	UnseenBy(ctx context.Context, userID int64) (friends.Unseen, error)
}

// Presence shows others who plays. *friends.Presence does.
type Presence interface {
	// Playing says which match somebody plays; 0 is none. What fails is mended with
	// the next.
	Playing(ctx context.Context, user, match int64)
}

// Signals tells all nodes, after the commit. It may be lost and must not block.
type Signals interface {
	// Told tells people what concerns them.
	Told(ctx context.Context, notice Notice, userIDs ...int64)
	// LobbyChanged says that who plays, waits or may be joined is other now.
	LobbyChanged(ctx context.Context)
	// CupChanged says that a tournament is other now.
	CupChanged(ctx context.Context, id int64)
	// Ended says that a match is done, wherever it is played.
	Ended(ctx context.Context, matchID int64)
}

// Auditor records what the staff writes, in the transaction of the context.
// *audit.Log does.
type Auditor interface {
	Record(ctx context.Context, action, target, reason string, before, after any) error
}

// Tables knows the matches that are played now, on all nodes. *Arena does.
type Tables interface {
	// Score returns the score of a match that is being played and how many watch
	// it, as far as this node has heard.
	Score(matchID int64) (score [2]int, watchers int, known bool)
	// Owned reports whether some node plays a match, as far as this one has heard.
	Owned(matchID int64) bool
}

// MatchStore keeps matches.
type MatchStore interface {
	// InsertMatch sets m.ID. It returns ErrNoRematch for a second rematch of a match.
	InsertMatch(ctx context.Context, m *Match) error
	// Match returns ErrMatchNotFound.
	Match(ctx context.Context, id int64) (Match, error)
	// HoldMatch takes a match's row until the transaction ends, and returns it, or
	// ErrMatchNotFound.
	HoldMatch(ctx context.Context, id int64) (Match, error)
	// HoldPlayers holds people against other matches of theirs, to the end of the
	// transaction.
	HoldPlayers(ctx context.Context, userIDs ...int64) error
	// UpdateMatch writes State, Reason, Score, Winner, Season, Before, After and the times
	// of a match that is held.
	UpdateMatch(ctx context.Context, m Match) error
	// BeginMatch marks an open match as live. It returns false when it was not open.
	BeginMatch(ctx context.Context, id int64, at time.Time) (bool, error)
	SaveReplay(ctx context.Context, id int64, replay []byte) error
	// Replay returns ErrNoReplay.
	Replay(ctx context.Context, id int64) ([]byte, error)
	// PlayingOf returns the matches, Open and Live, that people are to play, but of
	// tournaments only those that have begun.
	PlayingOf(ctx context.Context, userIDs ...int64) ([]Match, error)
	// CallsOf returns the matches of tournaments that wait for somebody.
	CallsOf(ctx context.Context, userID int64) ([]Match, error)
	// InvitesOf returns the invitations from and to somebody that wait.
	InvitesOf(ctx context.Context, userID int64) ([]Match, error)
	// MadeSince counts the matches of some modes that somebody made since a time; first
	// is when the oldest counted was made.
	MadeSince(ctx context.Context, userID int64, since time.Time, modes ...Mode) (made int, first time.Time, err error)
	// Matches lists what is over, newest first: of a user, or of everybody for 0.
	// The sort key is the id.
	Matches(ctx context.Context, userID int64, r page.CursorRequest) ([]Match, error)
	// LiveMatches returns the newest that are being played.
	LiveMatches(ctx context.Context, limit int) ([]Match, error)
	// LiveIDs returns the ids of all that are being played.
	LiveIDs(ctx context.Context) ([]int64, error)
	// Due returns invitations whose time ran out by now, and open matches to which
	// players were to come before a time.
	Due(ctx context.Context, now, readyBefore time.Time, limit int) ([]Match, error)
	SaveCheckpoint(ctx context.Context, id int64, data []byte) error
	HasCheckpoint(ctx context.Context, id int64) (bool, error)
	// TakeCheckpoint removes and returns what was saved, or nil.
	TakeCheckpoint(ctx context.Context, id int64) ([]byte, error)
}

// QueueStore keeps who waits for a quick match.
type QueueStore interface {
	// HoldQueue makes others who want to pair wait until the transaction ends.
	HoldQueue(ctx context.Context) error
	// Enqueue adds somebody, or says that they are still there.
	Enqueue(ctx context.Context, w Waiting) error
	Dequeue(ctx context.Context, userIDs ...int64) (int64, error)
	WaitingOf(ctx context.Context, userID int64, seenSince time.Time) (Waiting, bool, error)
	// Queue returns who was seen since a time, the longest waiting first.
	Queue(ctx context.Context, seenSince time.Time, limit int) ([]Waiting, error)
	// Idle reports whether somebody neither waits, seen since a time, nor has a match
	// that waits for them or is played.
	Idle(ctx context.Context, userID int64, seenSince time.Time) (bool, error)
	CountQueue(ctx context.Context, seenSince time.Time) (int, error)
	// PurgeQueue removes who was not seen since a time.
	PurgeQueue(ctx context.Context, seenBefore time.Time) error
}

// Store is all that the game asks of its database.
type Store interface {
	MatchStore
	QueueStore
	StandingStore
	CupStore
}
