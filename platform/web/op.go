package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"rally/platform/auth"
	"rally/platform/page"
)

// Routes is a module's set of operations. Modules give them to fx in the
// group "routes"; they are registered in order of their names.
type Routes struct {
	Name     string
	Register func(api huma.API)
}

// OpOption refines an operation.
type OpOption func(*huma.Operation)

const (
	metaLogin = "login"
	metaStaff = "staff"
)

// noBodyTimeout keeps huma from setting a deadline of its own, which would
// stay on the connection after the body is there; see timedBody.
const noBodyTimeout = -1

// Op describes an operation. Path is the one of the contract, with its
// trailing slash; the server answers without it too. Errors of the operation
// appear in the OpenAPI document as problems.
func Op(method, path, id, tag, summary string, options ...OpOption) huma.Operation {
	op := huma.Operation{
		Method: method, Path: path, OperationID: id, Tags: []string{tag}, Summary: summary,
		Errors: []int{http.StatusBadRequest}, Metadata: map[string]any{}, BodyReadTimeout: noBodyTimeout,
	}
	for _, option := range options {
		option(&op)
	}
	return op
}

// Login makes an operation need a logged-in caller: else 401.
func Login() OpOption {
	return func(op *huma.Operation) {
		op.Metadata[metaLogin] = true
		op.Security = []map[string][]string{{"bearer": {}}, {"cookie": {}}}
		op.Errors = append(op.Errors, http.StatusUnauthorized)
	}
}

// roleStaff is how the document tells the operations of the staff from those
// of everybody who is logged in.
const roleStaff = "staff"

// Staff makes an operation need a caller who is staff: else 401 or 403.
func Staff() OpOption {
	return func(op *huma.Operation) {
		Login()(op)
		op.Metadata[metaStaff] = true
		op.Security = []map[string][]string{{"bearer": {roleStaff}}, {"cookie": {roleStaff}}}
		op.Errors = append(op.Errors, http.StatusForbidden)
	}
}

// Status sets the status of success.
func Status(code int) OpOption {
	return func(op *huma.Operation) { op.DefaultStatus = code }
}

// Errors names further statuses that the operation answers with.
func Errors(codes ...int) OpOption {
	return func(op *huma.Operation) { op.Errors = append(op.Errors, codes...) }
}

// Describe sets the long description, in Markdown.
func Describe(text string) OpOption {
	return func(op *huma.Operation) { op.Description = text }
}

// defaultMaxBody is huma's own default.
const defaultMaxBody = 1 << 20

func maxBody(op *huma.Operation) int64 {
	if op.MaxBodyBytes > 0 {
		return op.MaxBodyBytes
	}
	return defaultMaxBody
}

// MaxBody sets how many bytes a body may have; the default is 1 MiB.
func MaxBody(n int64) OpOption {
	return func(op *huma.Operation) { op.MaxBodyBytes = n }
}

// requireIdentity refuses callers before any input is read, so that nobody
// who isn't logged in learns what a valid request looks like.
func requireIdentity(hctx huma.Context, next func(huma.Context)) {
	meta := hctx.Operation().Metadata
	if meta[metaLogin] == nil {
		next(hctx)
		return
	}
	ctx := hctx.Context()
	var err error
	if meta[metaStaff] != nil {
		_, err = auth.RequireStaff(ctx)
	} else {
		_, err = auth.Require(ctx)
	}
	if r := requestFrom(ctx); err != nil && r != nil && r.authErr != nil {
		err = r.authErr // says more than "sign in first"
	}
	if err != nil {
		writeHumaProblem(hctx, problemOf(ctx, err))
		return
	}
	next(hctx)
}

func writeHumaProblem(hctx huma.Context, p *Problem) {
	body, err := p.MarshalJSON()
	if err != nil {
		hctx.SetStatus(http.StatusInternalServerError)
		return
	}
	hctx.SetHeader("Content-Type", ProblemType)
	hctx.SetHeader("Cache-Control", "no-store")
	hctx.SetStatus(p.Status)
	_, _ = hctx.BodyWriter().Write(body)
}

// PageInput is embedded by the inputs of numbered lists.
type PageInput struct {
	Page     int `query:"page" doc:"Number of the page, from 1." example:"1"`
	PageSize int `query:"page_size" doc:"Rows a page, at most 100; 40 by default." example:"40"`

	url url.URL
}

// Resolve remembers the address, from which the links to other pages are made.
func (in *PageInput) Resolve(ctx huma.Context) []error {
	in.url = ctx.URL()
	return nil
}

// Request returns what was asked for. It returns page.ErrBadPage.
func (in *PageInput) Request() (page.Request, error) { return page.New(in.Page, in.PageSize) }

// PageBody is the body of a numbered list.
type PageBody[T any] struct {
	Count    int     `json:"count" doc:"Rows on all pages together."`
	Next     *string `json:"next" doc:"Absolute address of the next page, or null."`
	Previous *string `json:"previous" doc:"Absolute address of the previous page, or null."`
	Results  []T     `json:"results"`
}

// NewPageBody turns a list into its body; in is the input that asked for it.
func NewPageBody[T, U any](ctx context.Context, in *PageInput, list page.List[T], convert func(T) U) PageBody[U] {
	mapped := page.Map(list, convert)
	body := PageBody[U]{Count: mapped.Count, Results: mapped.Rows}
	if mapped.HasNext() {
		body.Next = in.link(ctx, mapped.Page.Number+1)
	}
	if mapped.HasPrevious() {
		body.Previous = in.link(ctx, mapped.Page.Number-1)
	}
	return body
}

func (in *PageInput) link(ctx context.Context, number int) *string {
	q := in.url.Query()
	q.Set("page", strconv.Itoa(number))
	s := BaseURL(ctx) + in.url.EscapedPath() + "?" + q.Encode()
	return &s
}
