// Package api is the inbox on the wire: the operations under /api/inbox/, their
// bodies, and its topic on the live connection.
package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/inbox"
	"rally/platform/blob"
	"rally/platform/page"
	"rally/platform/web"
)

const tag = "Inbox"

// API is the operations of the inbox.
type API struct{ inbox *inbox.Service }

// New returns the operations over a service.
func New(service *inbox.Service) *API { return &API{service} }

// Register adds the operations to the document.
func (a *API) Register(api huma.API) {
	const root = "/api/inbox/"
	huma.Register(api, web.Op(http.MethodGet, root, "inbox", tag, "List what I was told", web.Login(),
		web.Describe("The last first. People who left, or who block me, or whom I block, are not among `actors`, and a `target` of type user has no `id` then, another no `person`. What joins an unread notification moves it to the front; `seq` grows with everything that I am told.")), a.list)
	huma.Register(api, web.Op(http.MethodGet, root+"unread-count/", "inbox-unread", tag, "Count what is unread", web.Login()), a.unread)
	huma.Register(api, web.Op(http.MethodPost, root+"read/", "inbox-read", tag, "Mark as read", web.Login(),
		web.Describe("Either `ids`, at most 100, or `all`; with `upto` only what was told up to that `seq`.")), a.read)
	huma.Register(api, web.Op(http.MethodGet, root+"settings/", "inbox-settings", tag, "Read which kinds reach me, and who sees what I do", web.Login()), a.settings)
	huma.Register(api, web.Op(http.MethodPut, root+"settings/", "inbox-settings-set", tag, "Choose which kinds reach me, and who sees what I do", web.Login(),
		web.Describe("What is left out stays. What concerns the security of the account can't be switched off: `inbox.kind_required`. "+
			"Nothing that nobody may see is kept: a wider audience shows what comes from then on.")), a.choose)
	huma.Register(api, web.Op(http.MethodGet, root+"activity/", "inbox-activity", tag, "List what my friends did", web.Login(), web.Errors(404),
		web.Describe("As far as they let friends see it. With `user_id`: what one person did, as far as I may see it. A friendship or a match is shown to whom both of them let see it.")), a.activity)
}

type reply[T any] struct{ Body T }

func answer[T any](body T) *reply[T] { return &reply[T]{body} }

type personBody struct {
	UserID      int64   `json:"user_id" example:"7"`
	ProfileName string  `json:"profile_name" example:"a3f09c1"`
	Image       *string `json:"image" doc:"Address of the picture, or null."`
}

func toPerson(base string, p inbox.Person) personBody {
	return personBody{UserID: p.UserID, ProfileName: p.ProfileName, Image: blob.Address(base, p.Image)}
}

type articleBody struct {
	InfoID  int64   `json:"info_id" example:"12"`
	Size    string  `json:"size" example:"260"`
	EngName string  `json:"eng_name"`
	KorName string  `json:"kor_name"`
	Image   *string `json:"image" doc:"Address of its first picture, or null."`
}

func toArticle(base string, a *inbox.Article) *articleBody {
	if a == nil {
		return nil
	}
	return &articleBody{InfoID: a.InfoID, Size: a.Size, EngName: a.EngName, KorName: a.KorName, Image: blob.Address(base, a.Picture)}
}

type targetBody struct {
	Type    string       `json:"type" enum:"order,product,info,post,user,request,match,tournament,security" example:"order"`
	ID      int64        `json:"id,omitempty" example:"6004"`
	Remark  int64        `json:"remark,omitempty" doc:"Of an article or a post: the comment or reply there."`
	Price   int64        `json:"price,omitempty" doc:"In won: of an order or a product."`
	Side    string       `json:"side,omitempty" doc:"Of an order: purchase or sales, as I see it."`
	Action  string       `json:"action,omitempty" doc:"Of an order: the last step."`
	Status  string       `json:"status,omitempty" doc:"Of an order: after that step."`
	Event   string       `json:"event,omitempty" doc:"Of security: what happened."`
	Device  string       `json:"device,omitempty" doc:"Of security: from which device."`
	Address string       `json:"address,omitempty" doc:"Of security: from which network address."`
	Article *articleBody `json:"article,omitempty" doc:"Of an order, a product or an article."`
	Person  *personBody  `json:"person,omitempty" doc:"Of an activity about a user; of a match: the other player."`
	Post    *coverBody   `json:"post,omitempty" doc:"Of a post, unless it is gone."`

	Tournament *cupBody `json:"tournament,omitempty" doc:"Of a tournament, or of a match of one."`
	Score      []int    `json:"score,omitempty" maxItems:"2" doc:"Of a match: the actor's points, and the other's."`
	Won        bool     `json:"won,omitempty" doc:"Of an activity: the actor won the match. Of a notification: I won the tournament."`
}

// cupBody is what is shown of a tournament.
type cupBody struct {
	ID   int64  `json:"id" example:"3"`
	Name string `json:"name"`
}

func toCup(t inbox.Target) *cupBody {
	switch {
	case t.Type == inbox.TargetCup:
		return &cupBody{t.ID, t.Name}
	case t.Cup != 0:
		return &cupBody{t.Cup, t.Name}
	}
	return nil
}

// coverBody is what is shown of a post.
type coverBody struct {
	Excerpt string  `json:"excerpt" doc:"The beginning of its words: plain text."`
	Image   *string `json:"image" doc:"Address of its first picture, or null."`
}

func toCover(base string, p *inbox.Post) *coverBody {
	if p == nil {
		return nil
	}
	return &coverBody{p.Excerpt, blob.Address(base, p.Picture)}
}

func toTarget(base string, t inbox.Target, a *inbox.Article, p *inbox.Post, other *inbox.Person) targetBody {
	body := targetBody{
		Type: t.Type, ID: t.ID, Remark: t.Remark, Price: t.Price, Side: t.Side, Action: t.Action, Status: t.Status,
		Event: t.Event, Device: t.Device, Address: t.Address, Article: toArticle(base, a), Post: toCover(base, p),
		Tournament: toCup(t), Score: t.Score, Won: t.Won,
	}
	if other != nil {
		person := toPerson(base, *other)
		body.Person = &person
	}
	return body
}

type notificationBody struct {
	ID        int64        `json:"id" example:"31"`
	Seq       int64        `json:"seq" example:"57"`
	Kind      string       `json:"kind" example:"order_moved"`
	Count     int64        `json:"count" doc:"How many things it stands for." example:"2"`
	Actors    []personBody `json:"actors" doc:"Who did it, the newest first, at most three."`
	Target    targetBody   `json:"target"`
	CreatedAt time.Time    `json:"created_at" doc:"Of the last that joined."`
	Read      bool         `json:"read"`
}

func toNotification(base string, n inbox.Shown) notificationBody {
	body := notificationBody{
		ID: n.ID, Seq: n.Seq, Kind: string(n.Kind), Count: n.Count, Actors: make([]personBody, len(n.Actors)),
		Target: toTarget(base, n.Target, n.Article, n.Post, n.Other), CreatedAt: n.At, Read: n.Read,
	}
	for i, p := range n.Actors {
		body.Actors[i] = toPerson(base, p)
	}
	return body
}

func (a *API) list(ctx context.Context, in *web.CursorInput) (*reply[web.CursorBody[notificationBody]], error) {
	r, err := in.Request(page.CursorList{Name: "inbox.notifications"})
	if err != nil {
		return nil, err
	}
	list, err := a.inbox.List(ctx, r)
	if err != nil {
		return nil, err
	}
	base := web.BaseURL(ctx)
	return answer(web.NewCursorBody(ctx, in, list, func(n inbox.Shown) notificationBody { return toNotification(base, n) })), nil
}

type unreadBody struct {
	Unread int64 `json:"unread" example:"3"`
}

func (a *API) unread(ctx context.Context, _ *struct{}) (*reply[unreadBody], error) {
	state, err := a.inbox.Stand(ctx)
	return answer(unreadBody{state.Unread}), err
}

type readInput struct {
	Body struct {
		IDs  []int64 `json:"ids,omitempty" maxItems:"100" nullable:"false"`
		All  bool    `json:"all,omitempty"`
		UpTo *int64  `json:"upto,omitempty" minimum:"0" doc:"With all: the last seq that was seen."`
	}
}

func (a *API) read(ctx context.Context, in *readInput) (*reply[unreadBody], error) {
	if in.Body.All == (len(in.Body.IDs) > 0) {
		return nil, inbox.ErrReadWhat
	}
	var upTo int64
	if in.Body.All && in.Body.UpTo != nil {
		if upTo = *in.Body.UpTo; upTo == 0 { // nothing was seen
			return a.unread(ctx, nil)
		}
	}
	state, err := a.inbox.MarkRead(ctx, in.Body.IDs, upTo)
	return answer(unreadBody{state.Unread}), err
}

type settingsBody struct {
	Kinds    map[string]bool   `json:"kinds,omitempty" doc:"Whether each kind of notification reaches me."`
	Audience map[string]string `json:"audience,omitempty" doc:"Who sees what I do: everyone, friends or nobody, for each of trade, review, friendship, post, match and champion."`
}

func toSettings(s inbox.Settings) settingsBody {
	body := settingsBody{Kinds: map[string]bool{}, Audience: map[string]string{}}
	for k, on := range s.Kinds {
		body.Kinds[string(k)] = on
	}
	for k, a := range s.Audience {
		body.Audience[string(k)] = string(a)
	}
	return body
}

func (a *API) settings(ctx context.Context, _ *struct{}) (*reply[settingsBody], error) {
	s, err := a.inbox.SettingsOf(ctx)
	return answer(toSettings(s)), err
}

type settingsInput struct{ Body settingsBody }

func (a *API) choose(ctx context.Context, in *settingsInput) (*reply[settingsBody], error) {
	change := inbox.Settings{Kinds: map[inbox.Kind]bool{}, Audience: map[inbox.ActivityKind]inbox.Audience{}}
	for k, on := range in.Body.Kinds {
		change.Kinds[inbox.Kind(k)] = on
	}
	for k, audience := range in.Body.Audience {
		change.Audience[inbox.ActivityKind(k)] = inbox.Audience(audience)
	}
	s, err := a.inbox.Choose(ctx, change)
	return answer(toSettings(s)), err
}

type activityInput struct {
	web.CursorInput
	UserID int64 `query:"user_id" minimum:"0" doc:"What this person did."`
}

type activityBody struct {
	ID        int64      `json:"id" example:"9"`
	Kind      string     `json:"kind" enum:"trade,review,friendship,post,match,champion" example:"review"`
	Actor     personBody `json:"actor"`
	Target    targetBody `json:"target"`
	CreatedAt time.Time  `json:"created_at"`
}

func (a *API) activity(ctx context.Context, in *activityInput) (*reply[web.CursorBody[activityBody]], error) {
	r, err := in.Request(page.CursorList{Name: "inbox.activity", Filters: []string{strconv.FormatInt(in.UserID, 10)}})
	if err != nil {
		return nil, err
	}
	list, err := a.inbox.Activity(ctx, in.UserID, r)
	if err != nil {
		return nil, err
	}
	base := web.BaseURL(ctx)
	return answer(web.NewCursorBody(ctx, &in.CursorInput, list, func(s inbox.ShownActivity) activityBody {
		return activityBody{ID: s.ID, Kind: string(s.Kind), Actor: toPerson(base, s.Actor), Target: toTarget(base, s.Target, s.Article, s.Post, s.Other), CreatedAt: s.At}
	})), nil
}
