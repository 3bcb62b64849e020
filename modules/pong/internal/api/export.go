package api

import (
	"time"

	"rally/modules/pong"
)

type exportBody struct {
	Standings []exportedStanding `json:"standings"`
	Rivals    []exportedRival    `json:"rivals"`
	Matches   []exportedMatch    `json:"matches"`
}

type exportedStanding struct {
	Season     int       `json:"season"`
	Rating     float64   `json:"rating"`
	Deviation  float64   `json:"deviation"`
	Wins       int       `json:"wins"`
	Losses     int       `json:"losses"`
	BestStreak int       `json:"best_streak"`
	LastAt     time.Time `json:"last_at"`
}

type exportedRival struct {
	UserID int64     `json:"user_id"`
	Wins   int       `json:"wins"`
	Losses int       `json:"losses"`
	LastAt time.Time `json:"last_at"`
}

type exportedMatch struct {
	ID        int64      `json:"id"`
	Mode      string     `json:"mode"`
	State     string     `json:"state"`
	Reason    string     `json:"reason"`
	Players   [2]int64   `json:"players"`
	Score     [2]int     `json:"score"`
	Winner    *int       `json:"winner"`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   *time.Time `json:"ended_at"`
}

// ToExport is what is stored of somebody who plays, as JSON shows it.
func ToExport(e pong.Export) any {
	body := exportBody{
		Standings: make([]exportedStanding, len(e.Standings)), Rivals: make([]exportedRival, len(e.Rivals)), Matches: make([]exportedMatch, len(e.Matches)),
	}
	for i, s := range e.Standings {
		body.Standings[i] = exportedStanding{s.Season, hundredths(s.Rating.Rating), hundredths(s.Deviation), s.Wins, s.Losses, s.BestStreak, s.LastAt}
	}
	for i, r := range e.Rivals {
		body.Rivals[i] = exportedRival{r.OtherID, r.Wins, r.Losses, r.LastAt}
	}
	for i, m := range e.Matches {
		body.Matches[i] = exportedMatch{m.ID, string(m.Mode), string(m.State), string(m.Reason), m.Players, m.Score, sideOf(m.Winner), m.CreatedAt, m.EndedAt}
	}
	return body
}
