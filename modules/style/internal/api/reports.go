package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/style"
	"rally/modules/talk/talkwire"
	"rally/platform/web"
)

func (a *API) registerReports(api huma.API) {
	for path, object := range map[string]style.ObjectType{
		"posts": style.ObjectPost, "comments": style.ObjectComment, "replies": style.ObjectReply, "profiles": style.ObjectProfile,
	} {
		huma.Register(api, web.Op(http.MethodPost, base+path+"/{id}/report/", "style-report-"+string(object), tag, "Report a "+string(object)+" to the staff", web.Login(), web.Status(http.StatusCreated), web.Errors(404, 429),
			web.Describe("At most 30 reports in an hour. Reporting it again changes nothing.")), a.report(object))
	}
	const reports = base + "reports/"
	huma.Register(api, web.Op(http.MethodGet, reports, "style-reports", tag, "List what people reported", web.Staff(),
		web.Describe("One row for each thing, the newest first.")), a.reports)
	for action, state := range map[string]style.CaseState{"hide": style.CaseHidden, "dismiss": style.CaseDismissed, "restore": style.CaseOpen} {
		huma.Register(api, web.Op(http.MethodPost, reports+"{id}/"+action+"/", "style-report-"+action+"-case", tag, "Decide on what people reported: "+action, web.Staff(), web.Errors(404, 409),
			web.Describe("`hide` hides it from all but its author and the staff; `dismiss` and `restore` show it. The audit log keeps it with the reason.")), a.decide(state))
	}
}

type reportInput struct {
	IDInput
	Body struct {
		Reason string `json:"reason" doc:"spam, abuse, sexual, counterfeit or other." example:"counterfeit"`
		Note   string `json:"note,omitempty" doc:"At most 300 characters."`
	}
}

type detailBody struct {
	Detail string `json:"detail" example:"Thank you. We look at it."`
}

func (a *API) report(object style.ObjectType) func(context.Context, *reportInput) (*reply[detailBody], error) {
	return func(ctx context.Context, in *reportInput) (*reply[detailBody], error) {
		if err := a.style.Report(ctx, object, in.ID, in.Body.Reason, in.Body.Note); err != nil {
			return nil, err
		}
		return answer(detailBody{"Thank you. We look at it."}), nil
	}
}

// caseBody is all that was reported of one thing.
type caseBody struct {
	ID         int64                `json:"id" example:"4"`
	ObjectType string               `json:"object_type" enum:"post,comment,reply,profile"`
	ObjectID   int64                `json:"object_id" example:"120"`
	PostID     *int64               `json:"post_id" doc:"Where it stands, or null." example:"120"`
	State      string               `json:"state" enum:"open,hidden,dismissed"`
	Count      int64                `json:"count" doc:"People who reported it." example:"3"`
	Reasons    map[string]int64     `json:"reasons" doc:"How many gave which."`
	Notes      []string             `json:"notes" doc:"The newest words that they added, five at most."`
	Excerpt    string               `json:"excerpt" doc:"Plain text. Empty once it was deleted."`
	Image      *string              `json:"image"`
	Author     *talkwire.PersonBody `json:"author" doc:"Null: somebody who left, or the thing was deleted."`
	CreatedAt  time.Time            `json:"created_at"`
	UpdatedAt  time.Time            `json:"updated_at"`
}

func toCase(ctx context.Context, c style.ShownCase) caseBody {
	body := caseBody{
		ID: c.ID, ObjectType: string(c.ObjectType), ObjectID: c.ObjectID, State: string(c.State), Count: c.Count, Reasons: c.Reasons, Notes: c.Notes,
		Excerpt: c.Excerpt, Image: picture(ctx, c.Picture), Author: talkwire.Person(ctx, c.Author), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
	if body.Notes == nil {
		body.Notes = []string{}
	}
	if c.PostID != 0 {
		body.PostID = &c.PostID
	}
	return body
}

type reportsInput struct {
	web.CursorInput
	State string `query:"state" enum:"open,hidden,dismissed" default:"open"`
}

func (a *API) reports(ctx context.Context, in *reportsInput) (*reply[web.CursorBody[caseBody]], error) {
	state := style.CaseState(in.State)
	r, err := in.Request(style.CaseList(state))
	if err != nil {
		return nil, err
	}
	list, err := a.style.Cases(ctx, state, r)
	if err != nil {
		return nil, err
	}
	return answer(web.NewCursorBody(ctx, &in.CursorInput, list, func(c style.ShownCase) caseBody { return toCase(ctx, c) })), nil
}

type decideInput struct {
	IDInput
	Body *struct {
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"For the audit log."`
	}
}

func (a *API) decide(state style.CaseState) func(context.Context, *decideInput) (*reply[caseBody], error) {
	return func(ctx context.Context, in *decideInput) (*reply[caseBody], error) {
		reason := ""
		if in.Body != nil {
			reason = in.Body.Reason
		}
		c, err := a.style.Decide(ctx, in.ID, state, reason)
		if err != nil {
			return nil, err
		}
		return answer(toCase(ctx, c)), nil
	}
}
