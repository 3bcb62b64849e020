package pong

import (
	"context"
	"time"

	"rally/platform/page"
)

// StandingStore keeps how good people are.
type StandingStore interface {
	// Standings returns what people have of AllTime and of another season.
	Standings(ctx context.Context, season int, userIDs ...int64) ([]Standing, error)
	// SaveStandings writes standings of people who are held, new ones or others. It
	// leaves Absent of those that are there.
	SaveStandings(ctx context.Context, list ...Standing) error
	// Leaderboard lists the standings of a season of people who are there. The sort
	// keys are Place and UserID.
	Leaderboard(ctx context.Context, season int, r page.CursorRequest) ([]Standing, error)
	// CountBefore counts who stands before a standing on its leaderboard.
	CountBefore(ctx context.Context, st Standing) (int, error)
	// FirstSeason returns the first one that has standings; 0 is none.
	FirstSeason(ctx context.Context) (int, error)
	// Fade makes ratings of AllTime provisional whose time has come.
	Fade(ctx context.Context, now time.Time) error

	// CountRivals counts a match between two people who are held.
	CountRivals(ctx context.Context, winner, loser, matchID int64, at time.Time) error
	// RivalOf returns false when the two have not met.
	RivalOf(ctx context.Context, userID, otherID int64) (Rival, bool, error)
	// RivalsOf lists whom somebody has met, the last one first, without some and
	// without who has left. The sort key is LastMatch.
	RivalsOf(ctx context.Context, userID int64, without []int64, r page.CursorRequest) ([]Rival, error)

	// MarkAbsent takes somebody off the leaderboards, or puts them back.
	MarkAbsent(ctx context.Context, userID int64, absent bool) error
	// ForgetStandings erases what is kept of somebody, also where it stands with
	// others.
	ForgetStandings(ctx context.Context, userID int64) error
	// ExportStandings returns all standings of somebody, and their latest rivals.
	ExportStandings(ctx context.Context, userID int64, limit int) (StandingExport, error)
}
