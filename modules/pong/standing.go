package pong

import (
	"math"
	"strconv"
	"time"

	"rally/modules/accounts"
	"rally/platform/page"
)

// Marks of Standing.Form.
const (
	formLength = 10
	formWon    = 'W'
	formLost   = 'L'
)

// Standing is how somebody does in a season, or at all: AllTime. A season's rating
// is that of AllTime after their last match in it.
type Standing struct {
	Season int
	UserID int64
	Rating
	Wins, Losses int
	Streak       int    // wins in a row; below 0, losses
	BestStreak   int    // of wins
	Form         string // of the last ten, the newest last: W or L
	Provisional  bool   // stands behind those who are not
	Absent       bool   // has left, and may come back
	LastAt       time.Time
}

// NewStanding returns the standing of somebody who has not played.
func NewStanding(season int, userID int64) Standing {
	return Standing{Season: season, UserID: userID, Rating: NewRating(), Provisional: true}
}

// With returns the standing after a match, after which the rating is another.
func (s Standing) With(won bool, rating Rating, at time.Time) Standing {
	s.Rating, s.Provisional = rating, rating.Provisional()
	mark := formLost
	if won {
		mark = formWon
		s.Wins++
		s.Streak = max(s.Streak, 0) + 1
		s.BestStreak = max(s.BestStreak, s.Streak)
	} else {
		s.Losses++
		s.Streak = min(s.Streak, 0) - 1
	}
	s.Form += string(mark)
	s.Form = s.Form[max(0, len(s.Form)-formLength):]
	if at.After(s.LastAt) {
		s.LastAt = at
	}
	return s
}

// Now returns the standing as sure as it is at a time. What a season was stays.
func (s Standing) Now(now time.Time) Standing {
	if s.Season == AllTime && s.Played() {
		s.Rating = s.Rested(now.Sub(s.LastAt))
	}
	return s
}

// Played reports whether there was a match at all.
func (s Standing) Played() bool { return s.Wins+s.Losses > 0 }

// FadesAt returns when the rating becomes provisional if nothing is played.
func (s Standing) FadesAt() time.Time { return s.LastAt.Add(s.FadesAfter()).Truncate(time.Microsecond) }

// ProvisionalPlace is what Place adds for whoever is provisional: more than any
// rating is worth.
const ProvisionalPlace = 1 << 40

// Place is the number by which a leaderboard is ordered, then by UserID: the least
// is the first. It is whole, so that every database and cursor agrees on the order.
func (s Standing) Place() int64 {
	place := int64(math.Round((maxRating - s.bounded().Rating) * 1e6))
	if s.Provisional {
		place += ProvisionalPlace
	}
	return place
}

// Rival is how somebody has done against somebody else.
type Rival struct {
	UserID, OtherID int64
	Wins, Losses    int // of UserID
	LastAt          time.Time
	LastMatch       int64
}

// RivalBy is a Rival with who OtherID is.
type RivalBy struct {
	Rival
	Who accounts.Profile
}

// Ranked is a line of a leaderboard.
type Ranked struct {
	Rank int // from 1, the same for everybody who looks
	Standing
	Who accounts.Profile
}

// Board is a page of a leaderboard, and what stands beside it.
type Board struct {
	Season  int
	Seasons []Season // there are, the newest first
	Me      *Ranked  // nil for who has not played in it
	Page    page.Slice[Ranked]
}

// Player is what everybody sees of somebody who plays, or might.
type Player struct {
	Who accounts.Profile
	Standing
	Rank   int     // of AllTime; 0 is none
	Season *Ranked // of the current one; nil for who has not played in it
	Versus *Rival  // how they did against the caller; nil where they have not met
}

// StandingExport is what is stored of how somebody plays, but for their matches.
type StandingExport struct {
	Standings []Standing
	Rivals    []Rival
}

// LeaderboardList is the list of a season's standings.
func LeaderboardList(season int) page.CursorList {
	return page.CursorList{Name: "pong.leaderboard", Keys: 2, Filters: []string{strconv.Itoa(season)}}
}

// RivalList is the list of whom somebody has met.
func RivalList(userID int64) page.CursorList {
	return page.CursorList{Name: "pong.rivals", Filters: []string{strconv.FormatInt(userID, 10)}}
}
