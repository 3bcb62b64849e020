package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/pong"
	"rally/platform/fault"
	"rally/platform/page"
	"rally/platform/web"
)

func (a *API) registerMatches(api huma.API) {
	const matches, match = base + "matches/", base + "matches/{id}/"
	huma.Register(api, web.Op(http.MethodGet, matches, "pong-matches", tag, "List matches, newest first", web.Errors(404),
		web.Describe("What is over, of everybody or of `user_id`; or, with `live=true`, the newest fifty that are being played, on one page.")), a.listMatches)
	huma.Register(api, web.Op(http.MethodPost, matches, "pong-match-create", tag, "Play", web.Login(), web.Status(http.StatusCreated), web.Errors(403, 404, 409, 429),
		web.Describe("`ai` and `local` make a match to go to at once. `invite` asks `opponent`, who has 60 seconds to accept; asking the same person again returns the same invitation. "+
			"At most five of them wait at once, and 30 are made within ten minutes; of the others 60. Play it at `/ws/pong/matches/{id}`.")), a.createMatch)
	huma.Register(api, web.Op(http.MethodGet, match, "pong-match", tag, "Read a match", web.Errors(404)), a.readMatch)
	huma.Register(api, web.Op(http.MethodGet, match+"replay/", "pong-replay", tag, "Read what was played", web.Errors(404),
		web.Describe("Seed, directions and pauses, each with the tick from which it counts: the rules of the game come from them to the same states on every machine.")), a.replay)
	for _, act := range []struct {
		name, summary string
		do            func(context.Context, int64) (pong.Shown, error)
	}{
		{"accept", "Accept an invitation", a.pong.Accept},
		{"decline", "Decline an invitation", a.pong.Decline},
		{"cancel", "Take my invitation back", a.pong.CancelInvite},
		{"forfeit", "Give a match up", a.pong.Forfeit},
	} {
		huma.Register(api, web.Op(http.MethodPost, match+act.name+"/", "pong-match-"+act.name, tag, act.summary, web.Login(), web.Errors(403, 404, 409)),
			func(ctx context.Context, in *IDInput) (*reply[matchBody], error) {
				m, err := act.do(ctx, in.ID)
				return answer(toMatch(ctx, m)), err
			})
	}
	huma.Register(api, web.Op(http.MethodPost, match+"rematch/", "pong-match-rematch", tag, "Ask for another match", web.Login(), web.Status(http.StatusCreated), web.Errors(403, 404, 409, 429),
		web.Describe("An invitation to the same opponent; 200 and the match to play when they had asked before. Against a robot, or at one keyboard, it is made at once.")), a.rematch)
	alsoOK(api, match+"rematch/")
	const queue = base + "queue/"
	huma.Register(api, web.Op(http.MethodGet, queue, "pong-queue", tag, "Read where I stand in the queue", web.Login()), a.queue)
	huma.Register(api, web.Op(http.MethodPost, queue, "pong-queue-join", tag, "Look for a quick match", web.Login(), web.Errors(409),
		web.Describe("Whoever waits says so again every 5 seconds; who doesn't for 15 is out. Opponents are of about the same rating at first; after 10 seconds anybody is.")), a.join)
	huma.Register(api, web.Op(http.MethodDelete, queue, "pong-queue-leave", tag, "Look no more", web.Login()), a.leave)
	huma.Register(api, web.Op(http.MethodGet, base+"lobby/", "pong-lobby", tag, "Read what there is to play and to watch"), a.lobby)
}

// alsoOK says in the document that a POST which makes something answers 200 with
// the same body when it is there already.
func alsoOK(api huma.API, path string) {
	answers := api.OpenAPI().Paths[path].Post.Responses
	ok := *answers["201"]
	ok.Description = http.StatusText(http.StatusOK)
	answers["200"] = &ok
}

type playerOf struct {
	UserID      *int64   `json:"user_id" doc:"Null is the robot, or the guest of a local match." example:"7"`
	ProfileName *string  `json:"profile_name" doc:"Null also for whoever left." example:"a3f09c1"`
	Image       *string  `json:"image"`
	Robot       bool     `json:"robot"`
	Rating      *float64 `json:"rating" example:"1642.51"`
	Deviation   *float64 `json:"deviation" example:"61.4"`
	Provisional *bool    `json:"provisional"`
	Before      *float64 `json:"before" doc:"Rating before the match, where it was rated." example:"1630.2"`
	After       *float64 `json:"after" doc:"And after it." example:"1642.51"`
}

type cupOf struct {
	ID    int64  `json:"id" example:"3"`
	Name  string `json:"name" example:"Friday cup"`
	Round int    `json:"round" example:"1"`
}

type matchBody struct {
	ID         int64       `json:"id" example:"12"`
	Mode       string      `json:"mode" enum:"quick,invite,ai,local,tournament" example:"quick"`
	State      string      `json:"state" enum:"invited,open,live,over,void,closed" example:"over"`
	Reason     string      `json:"reason" doc:"How it ended: score, forfeit or no_show (over); server, abandoned, no_show, stuck, left or cancelled (void); declined, cancelled, expired or left (closed). Empty until then." example:"score"`
	Points     int         `json:"points" enum:"3,5,11" example:"5"`
	Rated      bool        `json:"rated"`
	Difficulty *string     `json:"difficulty" enum:"easy,normal,hard" doc:"Of a robot."`
	Season     int         `json:"season" doc:"In which it was rated, else 0." example:"20264"`
	Players    [2]playerOf `json:"players" doc:"Left and right."`
	Score      [2]int      `json:"score" example:"[5,3]"`
	Winner     *int        `json:"winner" doc:"0 is left, 1 is right." example:"0"`
	Tournament *cupOf      `json:"tournament"`
	RematchOf  *int64      `json:"rematch_of"`
	CreatedAt  time.Time   `json:"created_at"`
	RespondBy  *time.Time  `json:"respond_by" doc:"Of an invitation."`
	ReadyBy    *time.Time  `json:"ready_by" doc:"When players must have come."`
	StartedAt  *time.Time  `json:"started_at"`
	EndedAt    *time.Time  `json:"ended_at"`
	Watchers   int         `json:"watchers"`
	Mine       *int        `json:"mine" doc:"The side that I play, or null. Of a local match, both are mine." example:"0"`
	HasReplay  bool        `json:"has_replay"`
}

func toPlayer(ctx context.Context, m pong.Shown, side pong.Side) playerOf {
	p := playerOf{Robot: m.Mode == pong.AI && side == pong.Right, Before: told(m.Before[side]), After: told(m.After[side])}
	if id := m.Players[side]; id != 0 {
		p.UserID = &id
	}
	if who := m.People[side]; who != nil {
		body := personBody(ctx, *who)
		p.ProfileName, p.Image = &body.ProfileName, body.Image
	}
	if s := m.Standings[side]; s != nil {
		rating, deviation := hundredths(s.Rating.Rating), hundredths(s.Deviation)
		p.Rating, p.Deviation, p.Provisional = &rating, &deviation, &s.Provisional
	}
	return p
}

func told(rating *float64) *float64 {
	if rating == nil {
		return nil
	}
	v := hundredths(*rating)
	return &v
}

func toMatch(ctx context.Context, m pong.Shown) matchBody {
	body := matchBody{
		ID: m.ID, Mode: string(m.Mode), State: string(m.State), Reason: string(m.Reason), Points: m.Points, Rated: m.Rated, Season: m.Season,
		Players: [2]playerOf{toPlayer(ctx, m, pong.Left), toPlayer(ctx, m, pong.Right)}, Score: m.Score, Winner: sideOf(m.Winner), Mine: sideOf(m.Mine),
		CreatedAt: m.CreatedAt, RespondBy: m.RespondBy, ReadyBy: m.ReadyBy, StartedAt: m.StartedAt, EndedAt: m.EndedAt, Watchers: m.Watchers, HasReplay: m.HasReplay,
	}
	if m.Difficulty != "" {
		level := string(m.Difficulty)
		body.Difficulty = &level
	}
	if m.RematchOf != 0 {
		body.RematchOf = &m.RematchOf
	}
	if m.Cup != nil {
		body.Tournament = &cupOf{m.Cup.ID, m.Cup.Name, m.Cup.Round}
	}
	return body
}

func sideOf(side *pong.Side) *int {
	if side == nil {
		return nil
	}
	n := int(*side)
	return &n
}

func toMatches(ctx context.Context, list []pong.Shown) []matchBody {
	bodies := make([]matchBody, len(list))
	for i, m := range list {
		bodies[i] = toMatch(ctx, m)
	}
	return bodies
}

type matchesInput struct {
	web.CursorInput
	UserID int64 `query:"user_id" minimum:"1" doc:"Whose." example:"7"`
	Live   bool  `query:"live" doc:"Those that are being played."`
}

func (a *API) listMatches(ctx context.Context, in *matchesInput) (*reply[web.CursorBody[matchBody]], error) {
	if in.Live {
		live, err := a.pong.LiveMatches(ctx)
		if in.UserID != 0 {
			kept := live[:0]
			for _, m := range live {
				if _, plays := m.SideOf(in.UserID); plays {
					kept = append(kept, m)
				}
			}
			live = kept
		}
		return answer(web.CursorBody[matchBody]{Results: toMatches(ctx, live)}), err
	}
	r, err := in.Request(page.CursorList{Name: "pong.matches", Filters: []string{number(in.UserID)}})
	if err != nil {
		return nil, err
	}
	list, err := a.pong.Matches(ctx, in.UserID, r)
	if err != nil {
		return nil, err
	}
	return answer(web.NewCursorBody(ctx, &in.CursorInput, list, func(m pong.Shown) matchBody { return toMatch(ctx, m) })), nil
}

type createMatchInput struct {
	Body struct {
		Mode       string `json:"mode" enum:"ai,invite,local" example:"ai"`
		Opponent   int64  `json:"opponent,omitempty" minimum:"1" doc:"Of an invitation." example:"7"`
		Difficulty string `json:"difficulty,omitempty" enum:"easy,normal,hard" doc:"Of a robot; normal where it is missing."`
		Points     int    `json:"points,omitempty" doc:"3, 5 or 11; 5 where it is missing." example:"5"`
	}
}

func (a *API) createMatch(ctx context.Context, in *createMatchInput) (*reply[matchBody], error) {
	if in.Body.Mode == string(pong.Invite) && in.Body.Opponent == 0 {
		return nil, fault.ErrInvalid.WithField("opponent", "Say whom you invite.")
	}
	m, err := a.pong.CreateMatch(ctx, pong.NewMatch{
		Mode: pong.Mode(in.Body.Mode), Opponent: in.Body.Opponent, Difficulty: pong.Level(in.Body.Difficulty), Points: in.Body.Points,
	})
	return answer(toMatch(ctx, m)), err
}

func (a *API) readMatch(ctx context.Context, in *IDInput) (*reply[matchBody], error) {
	m, err := a.pong.ShowMatch(ctx, in.ID)
	return answer(toMatch(ctx, m)), err
}

type statusReply[T any] struct {
	Status int
	Body   T
}

func (a *API) rematch(ctx context.Context, in *IDInput) (*statusReply[matchBody], error) {
	m, isNew, err := a.pong.Rematch(ctx, in.ID)
	status := http.StatusOK
	if isNew {
		status = http.StatusCreated
	}
	return &statusReply[matchBody]{status, toMatch(ctx, m)}, err
}

type replayBody struct {
	ID       int64       `json:"id" example:"12"`
	Points   int         `json:"points" example:"5"`
	Seed     uint32      `json:"seed" example:"2718281828"`
	Ticks    uint32      `json:"ticks" doc:"60 a second." example:"5400"`
	Changes  [][3]int64  `json:"changes" doc:"[tick, side, direction]: the direction counts from the step to that tick on; -1 is up, 1 is down."`
	Pauses   [][2]uint32 `json:"pauses" doc:"[tick, 1 or 0]: a pause begins, or ends, before the step to that tick."`
	Score    [2]int      `json:"score" example:"[5,3]"`
	Winner   *int        `json:"winner" example:"0"`
	Complete bool        `json:"complete" doc:"It was played to its end."`
}

func (a *API) replay(ctx context.Context, in *IDInput) (*reply[replayBody], error) {
	m, record, err := a.pong.Replay(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body := replayBody{
		ID: m.ID, Points: record.Points, Seed: record.Seed, Ticks: record.Ticks, Score: m.Score, Winner: sideOf(m.Winner), Complete: m.Reason == pong.ByScore,
		Changes: make([][3]int64, len(record.Changes)), Pauses: make([][2]uint32, len(record.Pauses)),
	}
	for i, c := range record.Changes {
		body.Changes[i] = [3]int64{int64(c.Tick), int64(c.Side), int64(c.Dir)}
	}
	for i, p := range record.Pauses {
		body.Pauses[i] = [2]uint32{p.Tick, 0}
		if p.On {
			body.Pauses[i][1] = 1
		}
	}
	return answer(body), nil
}

type queueInput struct {
	Body *struct {
		Points int `json:"points,omitempty" doc:"3, 5 or 11; 5 where it is missing. Those of who waited longer count." example:"5"`
	}
}

// QueueBody is where somebody stands who looks for a quick match.
type QueueBody struct {
	Waiting bool       `json:"waiting"`
	Since   *time.Time `json:"since"`
	Points  *int       `json:"points"`
	Window  *int       `json:"window" doc:"By how much an opponent's rating may differ; null when anybody is welcome, and when I don't wait."`
	People  int        `json:"people" doc:"Who wait."`
	Match   *matchBody `json:"match" doc:"The match that waits for me, or that I play."`
}

func (a *API) toQueue(ctx context.Context, q pong.QueueState) QueueBody {
	body := QueueBody{People: q.People}
	if w := q.Waiting; w != nil {
		body.Waiting, body.Since, body.Points = true, &w.JoinedAt, &w.Points
		if window := int(q.Window(a.now())); window >= 0 {
			body.Window = &window
		}
	}
	if q.Match != nil {
		m := toMatch(ctx, *q.Match)
		body.Match = &m
	}
	return body
}

func (a *API) queue(ctx context.Context, _ *struct{}) (*reply[QueueBody], error) {
	q, err := a.pong.Queue(ctx)
	return answer(a.toQueue(ctx, q)), err
}

func (a *API) join(ctx context.Context, in *queueInput) (*reply[QueueBody], error) {
	points := 0
	if in.Body != nil {
		points = in.Body.Points
	}
	q, err := a.pong.Join(ctx, points)
	return answer(a.toQueue(ctx, q)), err
}

func (a *API) leave(ctx context.Context, _ *struct{}) (*reply[QueueBody], error) {
	q, err := a.pong.Leave(ctx)
	return answer(a.toQueue(ctx, q)), err
}

type invitesBody struct {
	Incoming []matchBody `json:"incoming"`
	Outgoing []matchBody `json:"outgoing"`
}

type lobbyBody struct {
	Queue       QueueBody      `json:"queue"`
	Invites     invitesBody    `json:"invites"`
	Playing     *matchBody     `json:"playing" doc:"The match that waits for me, or that I play."`
	Calls       []matchBody    `json:"calls" doc:"Matches of tournaments that wait for me."`
	Live        []matchBody    `json:"live"`
	Tournaments []cupBriefBody `json:"tournaments" doc:"Open and running ones, the newest first."`
	Waiting     int            `json:"waiting" doc:"How many look for a quick match."`
}

func (a *API) lobby(ctx context.Context, _ *struct{}) (*reply[lobbyBody], error) {
	l, err := a.pong.Lobby(ctx)
	if err != nil {
		return nil, err
	}
	cups, err := a.pong.GoingCups(ctx)
	if err != nil {
		return nil, err
	}
	body := lobbyBody{
		Queue: a.toQueue(ctx, l.Queue), Invites: invitesBody{toMatches(ctx, l.Incoming), toMatches(ctx, l.Outgoing)}, Calls: toMatches(ctx, l.Calls),
		Live: toMatches(ctx, l.Live), Waiting: l.Queue.People, Tournaments: make([]cupBriefBody, len(cups)),
	}
	body.Playing = body.Queue.Match
	for i, c := range cups {
		body.Tournaments[i] = cupBrief(ctx, c)
	}
	return answer(body), nil
}
