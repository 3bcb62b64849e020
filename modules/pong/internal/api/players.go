package api

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/pong"
	"rally/platform/web"
)

func (a *API) registerPlayers(api huma.API) {
	const player = base + "players/{user_id}/"
	huma.Register(api, web.Op(http.MethodGet, player, "pong-player", tag, "Read how somebody plays", web.Errors(404),
		web.Describe("Also of somebody who has not played yet: they have the rating of a new player, and no rank. "+
			"Only matches between two people count that were not made at one keyboard, and no walkovers. "+
			"`versus` is how they did against me. 404 when one of us blocks the other.")), a.readPlayer)
	huma.Register(api, web.Op(http.MethodGet, player+"rivals/", "pong-rivals", tag, "List whom somebody has met, the last one first", web.Errors(404),
		web.Describe("Wins and losses are theirs against each. Whoever left is not among them, nor who blocks me or is blocked by me.")), a.listRivals)
	huma.Register(api, web.Op(http.MethodGet, base+"leaderboard/", "pong-leaderboard", tag, "List who is best",
		web.Describe("By rating (Glicko-2); provisional players, whose deviation is above 110, stand behind the others. A season is a quarter of a year in UTC, and keeps everybody's rating "+
			"as it was after their last match in it. Ranks are the same for everybody: somebody who blocks me, or is blocked by me, is left out with their rank. "+
			"Who rises or falls between two pages may be missing or appear twice. `me` is my own line, on whichever page it stands.")), a.leaderboard)
}

// PlayerInput is embedded by the inputs of operations on a player.
type PlayerInput struct {
	UserID int64 `path:"user_id" example:"7"`
}

// FormBody is what everybody who plays has, in a season or at all.
type FormBody struct {
	PersonBody
	Rating      float64  `json:"rating" example:"1642.51"`
	Deviation   float64  `json:"deviation" doc:"How unsure the rating is: by all likelihood they are within twice as much." example:"61.4"`
	Provisional bool     `json:"provisional" doc:"Too little is known to rank them among the others."`
	Wins        int      `json:"wins" example:"31"`
	Losses      int      `json:"losses" example:"18"`
	Streak      int      `json:"streak" doc:"Wins in a row; below 0, losses." example:"4"`
	Form        []string `json:"form" doc:"The last ten matches, the newest last: W or L."`
}

func formBody(ctx context.Context, r pong.Ranked) FormBody {
	return FormBody{
		PersonBody: personBody(ctx, r.Who), Rating: hundredths(r.Rating.Rating), Deviation: hundredths(r.Deviation), Provisional: r.Provisional,
		Wins: r.Wins, Losses: r.Losses, Streak: r.Streak, Form: strings.Split(r.Form, ""),
	}
}

// hundredths is how exactly ratings are told.
func hundredths(v float64) float64 { return math.Round(v*100) / 100 }

type playerBody struct {
	FormBody
	BestStreak int         `json:"best_streak" doc:"Of wins." example:"9"`
	Rank       *int        `json:"rank" doc:"Of all time; null before the first match." example:"12"`
	Season     *seasonLine `json:"season" doc:"The current season, or null where they have not played in it."`
	Versus     *VersusBody `json:"versus" doc:"Against me, or null where we have not met."`
}

type seasonLine struct {
	Season int     `json:"season" example:"20264"`
	Rating float64 `json:"rating" example:"1642.51"`
	Wins   int     `json:"wins" example:"12"`
	Losses int     `json:"losses" example:"7"`
	Rank   int     `json:"rank" example:"3"`
}

// VersusBody is how two people have done against each other.
type VersusBody struct {
	Wins   int       `json:"wins" example:"2"`
	Losses int       `json:"losses" example:"1"`
	LastAt time.Time `json:"last_at"`
}

func (a *API) readPlayer(ctx context.Context, in *PlayerInput) (*reply[playerBody], error) {
	p, err := a.pong.Player(ctx, in.UserID)
	if err != nil {
		return nil, err
	}
	body := playerBody{FormBody: formBody(ctx, pong.Ranked{Standing: p.Standing, Who: p.Who}), BestStreak: p.BestStreak}
	if p.Rank > 0 {
		body.Rank = &p.Rank
	}
	if s := p.Season; s != nil {
		body.Season = &seasonLine{s.Season, hundredths(s.Rating.Rating), s.Wins, s.Losses, s.Rank}
	}
	if v := p.Versus; v != nil {
		body.Versus = &VersusBody{v.Wins, v.Losses, v.LastAt}
	}
	return answer(body), nil
}

type rivalsInput struct {
	PlayerInput
	web.CursorInput
}

type rivalBody struct {
	PersonBody
	VersusBody
}

func (a *API) listRivals(ctx context.Context, in *rivalsInput) (*reply[web.CursorBody[rivalBody]], error) {
	r, err := in.Request(pong.RivalList(in.UserID))
	if err != nil {
		return nil, err
	}
	list, err := a.pong.Rivals(ctx, in.UserID, r)
	if err != nil {
		return nil, err
	}
	return answer(web.NewCursorBody(ctx, &in.CursorInput, list, func(v pong.RivalBy) rivalBody {
		return rivalBody{personBody(ctx, v.Who), VersusBody{v.Wins, v.Losses, v.LastAt}}
	})), nil
}

type leaderboardInput struct {
	web.CursorInput
	Season string `query:"season" doc:"Year and quarter, such as 20264; 0 is all time; the current season when left out." example:"20264"`
}

type rankBody struct {
	Rank int `json:"rank" example:"12"`
	FormBody
}

type seasonBody struct {
	Season   int       `json:"season" example:"20264"`
	Name     string    `json:"name" example:"2026 Q4"`
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at" doc:"The moment after it."`
}

type leaderboardBody struct {
	Season  int          `json:"season" example:"20264"`
	Seasons []seasonBody `json:"seasons" doc:"Those that can be asked for, the newest first."`
	Me      *rankBody    `json:"me" doc:"My own line, or null where I have not played."`
	web.CursorBody[rankBody]
}

func (a *API) leaderboard(ctx context.Context, in *leaderboardInput) (*reply[leaderboardBody], error) {
	season := a.pong.Season()
	if in.Season != "" {
		var err error
		if season, err = strconv.Atoi(in.Season); err != nil {
			return nil, pong.ErrSeasonUnknown.WithField("season", "must be a number")
		}
	}
	r, err := in.Request(pong.LeaderboardList(season))
	if err != nil {
		return nil, err
	}
	b, err := a.pong.Leaderboard(ctx, season, r)
	if err != nil {
		return nil, err
	}
	line := func(r pong.Ranked) rankBody { return rankBody{r.Rank, formBody(ctx, r)} }
	body := leaderboardBody{Season: b.Season, Seasons: make([]seasonBody, len(b.Seasons)), CursorBody: web.NewCursorBody(ctx, &in.CursorInput, b.Page, line)}
	for i, s := range b.Seasons {
		body.Seasons[i] = seasonBody{s.Number, s.Name(), s.Starts, s.Ends}
	}
	if b.Me != nil {
		mine := line(*b.Me)
		body.Me = &mine
	}
	return answer(body), nil
}
