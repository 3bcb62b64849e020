package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/platform/audit"
	"rally/platform/web"
)

type auditInput struct {
	web.CursorInput
	Actor  int64  `query:"actor" doc:"Id of who did it."`
	Action string `query:"action" doc:"An action, or its beginning." example:"shop.order"`
	Target string `query:"target" doc:"A thing and its id." example:"order:881"`
}

type auditActor struct {
	UserID      int64  `json:"user_id" example:"3"`
	ProfileName string `json:"profile_name" doc:"Empty for somebody who left." example:"rally_desk"`
}

type auditBody struct {
	ID     int64           `json:"id" example:"77"`
	At     time.Time       `json:"at"`
	Actor  auditActor      `json:"actor"`
	Action string          `json:"action" example:"shop.brand.create"`
	Target string          `json:"target" example:"brand:3"`
	Reason string          `json:"reason"`
	Before json.RawMessage `json:"before" doc:"What it was, or null."`
	After  json.RawMessage `json:"after" doc:"What it became, or null."`
}

// auditRoutes show the staff what the staff wrote.
func auditRoutes(log *audit.Log, people *accounts.Directory) web.Routes {
	return web.Routes{Name: "audit", Register: func(api huma.API) {
		huma.Register(api, web.Op(http.MethodGet, "/api/admin/audit/", "audit", "Staff", "List what the staff wrote", web.Staff(), web.Describe("The newest first.")),
			func(ctx context.Context, in *auditInput) (*struct{ Body web.CursorBody[auditBody] }, error) {
				filter := audit.Filter{ActorID: in.Actor, Action: in.Action, Target: in.Target}
				r, err := in.Request(filter.List())
				if err != nil {
					return nil, err
				}
				found, err := log.List(ctx, filter, r)
				if err != nil {
					return nil, err
				}
				ids := make([]int64, len(found.Rows))
				for i, e := range found.Rows {
					ids[i] = e.ActorID
				}
				names, err := people.ProfilesOf(ctx, ids)
				if err != nil {
					return nil, err
				}
				body := web.NewCursorBody(ctx, &in.CursorInput, found, func(e audit.Entry) auditBody {
					return auditBody{
						ID: e.ID, At: e.CreatedAt, Actor: auditActor{UserID: e.ActorID, ProfileName: names[e.ActorID].ProfileName},
						Action: e.Action, Target: e.Target, Reason: e.Reason, Before: e.Before, After: e.After,
					}
				})
				return &struct{ Body web.CursorBody[auditBody] }{body}, nil
			})
	}}
}
