package api

import (
	"context"

	"rally/modules/accounts"
	"rally/modules/pong"
	"rally/platform/ws"
)

// Names of the live topics.
const (
	PersonalTopic = "pong"
	LobbyTopic    = "pong.lobby"
	CupTopic      = "pong.tournament"
)

// NoticeBody is a frame of the personal topic.
type NoticeBody struct {
	Event string     `json:"event"`
	Match *matchBody `json:"match,omitempty"`
}

type stateBody struct {
	State QueueBody `json:"state"`
}

// Personal is the topic of what concerns somebody: where they stand in the queue, then
// what happens.
func (a *API) Personal() ws.Personal {
	return ws.Personal{Name: PersonalTopic, Greet: func(ctx context.Context, userID, _ int64) ([]any, error) {
		q, err := a.pong.QueueOf(ctx, userID)
		return []any{stateBody{a.toQueue(ctx, q)}}, err
	}}
}

// Notice is the frame of a notice. Of the match it tells what is the same for all.
func (a *API) Notice(ctx context.Context, n pong.Notice) (NoticeBody, error) {
	body := NoticeBody{Event: n.Event}
	if n.Match == 0 {
		return body, nil
	}
	m, err := a.pong.AnyMatch(ctx, n.Match)
	if err != nil {
		return body, err
	}
	shown := toMatch(ctx, m)
	body.Match = &shown
	return body, nil
}

type liveSide struct {
	ProfileName string  `json:"profile_name"`
	Image       *string `json:"image"`
	Rating      float64 `json:"rating"`
}

type liveMatch struct {
	ID         int64        `json:"id"`
	Mode       string       `json:"mode"`
	Players    [2]*liveSide `json:"players"`
	Score      [2]int       `json:"score"`
	Watchers   int          `json:"watchers"`
	Points     int          `json:"points"`
	Tournament *cupOf       `json:"tournament"`
}

type liveLobby struct {
	Live        []liveMatch `json:"live"`
	Waiting     int         `json:"waiting"`
	Tournaments []CupFacts  `json:"tournaments"`
}

// Lobby is the topic of what everybody may watch and join.
func (a *API) Lobby() ws.Topic {
	return ws.Topic{Prefix: LobbyTopic, Snapshot: func(ctx context.Context, _ string) (any, error) {
		list, err := a.pong.LiveMatches(ctx)
		if err != nil {
			return nil, err
		}
		cups, err := a.pong.GoingCups(ctx)
		if err != nil {
			return nil, err
		}
		body := liveLobby{Live: make([]liveMatch, len(list)), Tournaments: make([]CupFacts, len(cups))}
		if body.Waiting, err = a.pong.Waiters(ctx); err != nil {
			return nil, err
		}
		for i, m := range list {
			whole := toMatch(ctx, m)
			body.Live[i] = liveMatch{ID: m.ID, Mode: whole.Mode, Score: m.Score, Watchers: m.Watchers, Points: m.Points, Tournament: whole.Tournament}
			for side := range whole.Players {
				body.Live[i].Players[side] = toLiveSide(ctx, m.People[side], m.Standings[side])
			}
		}
		for i, c := range cups {
			body.Tournaments[i] = cupFacts("", c)
		}
		return body, nil
	}}
}

func toLiveSide(ctx context.Context, who *accounts.Profile, s *pong.Standing) *liveSide {
	if who == nil {
		return nil
	}
	body := personBody(ctx, *who)
	return &liveSide{ProfileName: body.ProfileName, Image: body.Image, Rating: hundredths(s.Rating.Rating)}
}

// Cup is the topic of a tournament.
func (a *API) Cup() ws.Topic {
	return ws.Topic{
		Prefix: CupTopic,
		Authorize: func(ctx context.Context, arg string) error {
			id, err := ws.ID(arg)
			if err == nil {
				_, err = a.CupFrame(ctx, id)
			}
			return err
		},
		Snapshot: func(ctx context.Context, arg string) (any, error) {
			id, err := ws.ID(arg)
			if err != nil {
				return nil, err
			}
			return a.CupFrame(ctx, id)
		},
	}
}
