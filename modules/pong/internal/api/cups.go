package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/modules/pong"
	"rally/platform/blob"
	"rally/platform/web"
)

func (a *API) registerCups(api huma.API) {
	const cups, cup = base + "tournaments/", base + "tournaments/{id}/"
	huma.Register(api, web.Op(http.MethodGet, cups, "pong-tournaments", tag, "List tournaments, the newest first",
		web.Describe("Of a state, or all. `joined` is false when nobody is logged in.")), a.listCups)
	huma.Register(api, web.Op(http.MethodPost, cups, "pong-tournament-create", tag, "Make a tournament", web.Login(), web.Status(http.StatusCreated), web.Errors(409),
		web.Describe("For 4 to 32 people, single elimination. It starts when it is full, when I start it, or after 24 hours with whoever is in it; with fewer than four it is cancelled then. "+
			"Three of mine may be open: else 409 `pong.too_many_tournaments`. I am not in it before I join.")), a.createCup)
	huma.Register(api, web.Op(http.MethodGet, cup, "pong-tournament", tag, "Read a tournament with its bracket", web.Errors(404),
		web.Describe("`rounds` is empty before the start. The winner of a pairing goes on to slot / 2 of the next round. A pairing of which `match_id` is known is played, or was, in that match; "+
			"`called` waits for both players until `ready_by`. `version` grows with each change.")), a.readCup)
	huma.Register(api, web.Op(http.MethodPost, cup+"join/", "pong-tournament-join", tag, "Enter a tournament", web.Login(), web.Errors(404, 409),
		web.Describe("The last who fits in starts it.")), web.Idempotent(a.ids, "pong-tournament-join", a.joinCup))
	huma.Register(api, web.Op(http.MethodPost, cup+"leave/", "pong-tournament-leave", tag, "Take my entry back, or withdraw", web.Login(), web.Errors(404, 409),
		web.Describe("Once it runs, whoever I would have played goes on, and a match that I am playing is lost.")), a.onCup(a.pong.LeaveCup))
	huma.Register(api, web.Op(http.MethodPost, cup+"start/", "pong-tournament-start", tag, "Start a tournament before it is full", web.Login(), web.Errors(403, 404, 409),
		web.Describe("Whoever made it, and the staff. It needs four people. They are seeded by their ratings; where they are no power of two, the best have a bye.")), a.onCup(a.pong.StartCup))
	huma.Register(api, web.Op(http.MethodPost, cup+"cancel/", "pong-tournament-cancel", tag, "Call a tournament off", web.Login(), web.Errors(403, 404, 409),
		web.Describe("Whoever made it, while it is open; the staff also while it runs.")), a.onCup(a.pong.CancelCup))
	huma.Register(api, web.Op(http.MethodPut, cup+"prize/", "pong-tournament-prize", tag, "Keep an article for the champion", web.Staff(), web.Errors(404, 409),
		web.Describe("Staff, while it is open. The store keeps one piece of a size, taken from the stock of a store good; the champion gets it as an order of kind `prize` and price 0. It goes back when the "+
			"tournament is called off. 409 `pong.prizes_off` unless `RALLY_PONG_PRIZES` is on: local law may ask for more, or forbid it.")), a.setPrize)
	huma.Register(api, web.Op(http.MethodDelete, cup+"prize/", "pong-tournament-prize-remove", tag, "Give the article back that was kept for the champion", web.Staff(), web.Errors(404, 409),
		web.Describe("Staff, while it is open. 404 `pong.prize_not_found` where it has none.")), a.onCup(a.pong.RemovePrize))
}

// CupFacts is a tournament in brief, whoever reads it.
type CupFacts struct {
	ID        int64       `json:"id" example:"3"`
	Name      string      `json:"name" example:"금요일 밤 컵"`
	Size      int         `json:"size" doc:"How many it takes." example:"16"`
	Points    int         `json:"points" enum:"3,5,11" example:"5"`
	State     string      `json:"state" enum:"open,running,finished,cancelled" example:"open"`
	Entries   int         `json:"entries" doc:"How many are in it." example:"9"`
	CreatedBy *PersonBody `json:"created_by" doc:"Null: they left."`
	Champion  *PersonBody `json:"champion" doc:"Null before the end, or when they left."`
	Prize     *prizeBody  `json:"prize"`
	CreatedAt time.Time   `json:"created_at"`
	StartedAt *time.Time  `json:"started_at"`
	EndedAt   *time.Time  `json:"ended_at"`
}

// prizeBody is what the champion gets.
type prizeBody struct {
	ProductID int64   `json:"product_id" example:"31"`
	InfoID    int64   `json:"info_id" example:"12"`
	EngName   string  `json:"eng_name" example:"Solbit Court 84"`
	KorName   string  `json:"kor_name" example:"솔빛 코트 84"`
	Size      string  `json:"size" example:"270"`
	Image     *string `json:"image"`
	OrderID   *int64  `json:"order_id" doc:"The champion's order, for them and the staff; else null."`
}

type cupBriefBody struct {
	CupFacts
	Joined   bool `json:"joined" doc:"I am in it, and have not withdrawn."`
	MayPrize bool `json:"may_prize" doc:"I may set its prize now: staff, while it is open, where prizes are switched on."`
}

// CupWhole is a tournament, whoever reads it. The live topic says it.
type CupWhole struct {
	CupFacts
	Players []entryBody     `json:"players" doc:"By seed; before the start, who joined first."`
	Rounds  [][]pairingBody `json:"rounds" doc:"The first to the final, each from above."`
	Version int             `json:"version" example:"17"`
}

type entryBody struct {
	UserID      int64   `json:"user_id" example:"7"`
	ProfileName *string `json:"profile_name" doc:"Null: they left." example:"a3f09c1"`
	Image       *string `json:"image"`
	Rating      float64 `json:"rating" doc:"At the start; before it, now." example:"1642.51"`
	Seed        *int    `json:"seed" example:"2"`
	Withdrawn   bool    `json:"withdrawn"`
	Place       *int    `json:"place" doc:"As soon as it is certain. Who lost in the same round share one." example:"3"`
}

type pairingBody struct {
	Round   int        `json:"round" doc:"From 1." example:"1"`
	Slot    int        `json:"slot" doc:"From 0." example:"0"`
	Players [2]*int64  `json:"players" doc:"Users; null is not known yet, or of a bye nobody."`
	State   string     `json:"state" enum:"waiting,called,playing,done" example:"called"`
	MatchID *int64     `json:"match_id" example:"120"`
	ReadyBy *time.Time `json:"ready_by"`
	Winner  *int64     `json:"winner" doc:"A user." example:"7"`
	How     *string    `json:"how" enum:"score,forfeit,walkover,bye,withdrawn,seed" doc:"Why they go on: walkover, the other did not come; seed, matches came to nothing four times."`
	Score   *[2]int    `json:"score" doc:"In the order of players."`
}

type mayBody struct {
	Join   bool `json:"join"`
	Leave  bool `json:"leave"`
	Start  bool `json:"start"`
	Cancel bool `json:"cancel"`
	Prize  bool `json:"prize" doc:"Set its prize, or take it back: staff, while it is open, where prizes are switched on."`
}

type cupBody struct {
	CupWhole
	Joined    bool         `json:"joined" doc:"I am in it, and have not withdrawn."`
	May       mayBody      `json:"may" doc:"What I may do with it now."`
	MyPairing *pairingBody `json:"my_pairing" doc:"What I play now, or next."`
}

// cupFacts turns a tournament into its body. Pictures are below root.
func cupFacts(root string, c pong.CupBrief) CupFacts {
	facts := CupFacts{
		ID: c.ID, Name: c.Name, Size: c.Size, Points: c.Points, State: string(c.State), Entries: c.Entries,
		CreatedBy: somebody(root, c.By), Champion: somebody(root, c.Winner), CreatedAt: c.CreatedAt, StartedAt: c.StartedAt, EndedAt: c.EndedAt,
	}
	if p := c.Prize; p != nil {
		facts.Prize = &prizeBody{ProductID: p.ProductID, InfoID: p.InfoID, EngName: p.EngName, KorName: p.KorName, Size: p.Size, Image: blob.Address(root, p.Picture), OrderID: known(p.OrderID)}
	}
	return facts
}

func somebody(root string, p *accounts.Profile) *PersonBody {
	if p == nil {
		return nil
	}
	return &PersonBody{UserID: p.UserID, ProfileName: p.ProfileName, Image: blob.Address(root, p.Image)}
}

// known is a number, or null for 0.
func known[T int | int64](n T) *T {
	if n == 0 {
		return nil
	}
	return &n
}

func cupWhole(root string, c pong.CupShown) CupWhole {
	whole := CupWhole{CupFacts: cupFacts(root, c.CupBrief), Players: make([]entryBody, len(c.Players)), Rounds: [][]pairingBody{}, Version: c.Version}
	for i, p := range c.Players {
		entry := entryBody{UserID: p.UserID, Rating: hundredths(p.Rating), Seed: known(p.Seed), Withdrawn: p.WithdrawnAt != nil, Place: known(p.Place)}
		if p.Who != nil {
			entry.ProfileName, entry.Image = &p.Who.ProfileName, blob.Address(root, p.Who.Image)
		}
		whole.Players[i] = entry
	}
	if c.Bracket == nil {
		return whole
	}
	for _, round := range c.Bracket.Rounds {
		pairings := make([]pairingBody, len(round))
		for i, p := range round {
			pairings[i] = toPairing(p)
		}
		whole.Rounds = append(whole.Rounds, pairings)
	}
	return whole
}

func toPairing(p pong.Pairing) pairingBody {
	body := pairingBody{
		Round: p.Round, Slot: p.Slot, Players: [2]*int64{known(p.Players[0]), known(p.Players[1])}, State: string(p.State),
		MatchID: known(p.MatchID), ReadyBy: p.ReadyBy, Winner: known(p.Winner), Score: p.Score,
	}
	if p.How != "" {
		how := string(p.How)
		body.How = &how
	}
	return body
}

func toCup(ctx context.Context, c pong.CupShown) cupBody {
	body := cupBody{CupWhole: cupWhole(web.BaseURL(ctx), c), Joined: c.Joined, May: mayBody(c.May)}
	if c.Mine != nil {
		mine := toPairing(*c.Mine)
		body.MyPairing = &mine
	}
	return body
}

// CupFrame is what the live topic says of a tournament: all but what depends on who
// reads it. It returns pong.ErrCupNotFound.
func (a *API) CupFrame(ctx context.Context, id int64) (CupWhole, error) {
	c, err := a.pong.Cup(ctx, id)
	if err != nil {
		return CupWhole{}, err
	}
	if c.Prize != nil {
		prize := *c.Prize
		prize.OrderID = 0
		c.Prize = &prize
	}
	return cupWhole("", c), nil
}

type cupsInput struct {
	web.CursorInput
	State string `query:"state" enum:"open,running,finished,cancelled" doc:"Without it, all."`
}

func (a *API) listCups(ctx context.Context, in *cupsInput) (*reply[web.CursorBody[cupBriefBody]], error) {
	state := pong.CupState(in.State)
	r, err := in.Request(pong.CupList(state))
	if err != nil {
		return nil, err
	}
	list, err := a.pong.Cups(ctx, state, r)
	if err != nil {
		return nil, err
	}
	return answer(web.NewCursorBody(ctx, &in.CursorInput, list, func(c pong.CupBrief) cupBriefBody { return cupBrief(ctx, c) })), nil
}

func cupBrief(ctx context.Context, c pong.CupBrief) cupBriefBody {
	return cupBriefBody{cupFacts(web.BaseURL(ctx), c), c.Joined, c.MayPrize}
}

type newCupInput struct {
	Body struct {
		Name   string `json:"name" doc:"2 to 40 characters." example:"금요일 밤 컵"`
		Size   int    `json:"size" doc:"4 to 32." example:"16"`
		Points int    `json:"points,omitempty" doc:"3, 5 or 11; 5 by default." example:"5"`
	}
}

func (a *API) createCup(ctx context.Context, in *newCupInput) (*reply[cupBody], error) {
	return cupAnswer(ctx)(a.pong.CreateCup(ctx, pong.NewCup(in.Body)))
}

// cupAnswer shapes what a use case says of one tournament.
func cupAnswer(ctx context.Context) func(pong.CupShown, error) (*reply[cupBody], error) {
	return func(c pong.CupShown, err error) (*reply[cupBody], error) {
		if err != nil {
			return nil, err
		}
		return answer(toCup(ctx, c)), nil
	}
}

func (a *API) readCup(ctx context.Context, in *IDInput) (*reply[cupBody], error) {
	return cupAnswer(ctx)(a.pong.Cup(ctx, in.ID))
}

type joinCupInput struct {
	web.IdempotencyHeader
	IDInput
}

func (a *API) joinCup(ctx context.Context, in *joinCupInput) (*reply[cupBody], error) {
	return cupAnswer(ctx)(a.pong.JoinCup(ctx, in.ID))
}

// onCup is an operation that needs nothing but the tournament.
func (a *API) onCup(do func(context.Context, int64) (pong.CupShown, error)) func(context.Context, *IDInput) (*reply[cupBody], error) {
	return func(ctx context.Context, in *IDInput) (*reply[cupBody], error) {
		return cupAnswer(ctx)(do(ctx, in.ID))
	}
}

type prizeInput struct {
	IDInput
	Body struct {
		ProductID int64 `json:"product_id" minimum:"1" doc:"A size of an article." example:"31"`
	}
}

func (a *API) setPrize(ctx context.Context, in *prizeInput) (*reply[cupBody], error) {
	return cupAnswer(ctx)(a.pong.SetPrize(ctx, in.ID, in.Body.ProductID))
}
