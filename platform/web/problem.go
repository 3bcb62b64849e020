package web

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"rally/platform/fault"
	"rally/platform/log"
)

// ProblemType is the media type of errors: RFC 9457.
const ProblemType = "application/problem+json"

// Faults of the transport itself.
var (
	ErrMalformed       = fault.New(fault.Invalid, "request.malformed", "The request can't be read.")
	ErrRouteNotFound   = fault.New(fault.NotFound, "route.not_found", "There is nothing at this address.")
	ErrRequestTooLarge = fault.New(fault.TooLarge, "request.too_large", "The request is too large.")
	ErrCrossOrigin     = fault.New(fault.Forbidden, "request.cross_origin", "This request came from another site and was refused.")
)

// Problem is the body of every error answer.
type Problem struct {
	Type      string              `json:"type" doc:"Always about:blank; the code tells problems apart." example:"about:blank"`
	Title     string              `json:"title" doc:"The status in words." example:"Conflict"`
	Status    int                 `json:"status" doc:"The HTTP status." example:"409"`
	Detail    string              `json:"detail" doc:"One sentence for people." example:"The price moved."`
	Code      string              `json:"code" doc:"Stable; clients branch on it." example:"shop.price_moved"`
	RequestID string              `json:"request_id" doc:"Quote it when you ask for help." example:"d3b07384d113edec49eaa6238ad5ff00"`
	Errors    map[string][]string `json:"errors,omitempty" doc:"What is wrong with each field."`

	meta map[string]any
}

// Error returns the code and the sentence.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes huma answer with application/problem+json.
func (p *Problem) ContentType(string) string { return ProblemType }

// MarshalJSON writes the fault's facts, such as the price that moved, beside
// the standard members.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	if len(p.meta) == 0 {
		return json.Marshal((*plain)(p))
	}
	base, err := json.Marshal((*plain)(p))
	if err != nil {
		return nil, err
	}
	members := map[string]any{}
	if err := json.Unmarshal(base, &members); err != nil {
		return nil, err
	}
	for k, v := range p.meta {
		if _, taken := members[k]; !taken {
			members[k] = v
		}
	}
	return json.Marshal(members)
}

// statusClientGone is nginx's word for a client that hung up before its answer:
// a failure, but none of ours. Nobody reads it but logs and metrics.
const statusClientGone = 499

// problemOf makes the answer to err. An unexpected error is logged here, once,
// with its cause; the client sees a generic sentence. Whatever breaks because
// the client hung up is expected.
func problemOf(ctx context.Context, err error) *Problem {
	f := fault.From(err)
	if f.Kind != fault.Internal {
		return faultProblem(ctx, f)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		log.From(ctx).Debug("the client hung up", log.Err(err))
		p := plainProblem(ctx, statusClientGone, "request.abandoned", "The request was given up before it was answered.")
		p.Title = "Client Closed Request"
		return p
	}
	log.From(ctx).Error("request failed", log.Err(err))
	return faultProblem(ctx, fault.ErrInternal)
}

// faultProblem is the problem that shows f as it is.
func faultProblem(ctx context.Context, f *fault.Error) *Problem {
	status := f.Kind.Status()
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: f.Message, Code: f.Code,
		RequestID: RequestID(ctx), Errors: f.Fields, meta: maps.Clone(f.Meta),
	}
}

// plainProblem is a problem that no fault stands for, such as 405.
func plainProblem(ctx context.Context, status int, code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: code, RequestID: RequestID(ctx)}
}

// WriteProblem answers err outside of huma.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, problemOf(r.Context(), err))
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	body, err := json.Marshal(p)
	if err != nil {
		http.Error(w, http.StatusText(p.Status), p.Status)
		return
	}
	h := w.Header()
	h.Set("Content-Type", ProblemType)
	h.Set("Cache-Control", "no-store")
	if after := p.retryAfter(); after != "" {
		h.Set("Retry-After", after)
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(body)
}

// retryAfter is the value of the header of that name: the seconds that a fault
// carries as retry_after.
func (p *Problem) retryAfter() string {
	if seconds, ok := p.meta["retry_after"].(int); ok {
		return strconv.Itoa(seconds)
	}
	return ""
}

// humaError replaces huma's own error model. huma calls it for what it finds
// wrong itself (validation, unreadable bodies) and for errors of handlers.
func humaError(hctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	ctx := context.Background()
	if hctx != nil {
		ctx = hctx.Context()
	}
	if status == http.StatusInternalServerError {
		if len(errs) == 0 {
			errs = []error{errors.New(msg)}
		}
		p := problemOf(ctx, errs[0])
		if after := p.retryAfter(); after != "" && hctx != nil {
			hctx.SetHeader("Retry-After", after)
		}
		return p
	}
	switch status {
	case http.StatusRequestEntityTooLarge:
		return problemOf(ctx, ErrRequestTooLarge)
	case http.StatusUnsupportedMediaType:
		return plainProblem(ctx, status, "request.unsupported_type", "The body must be JSON or a form.")
	case http.StatusRequestTimeout:
		return plainProblem(ctx, status, "request.timeout", "The request took too long to arrive.")
	case http.StatusNotAcceptable:
		return plainProblem(ctx, status, "request.not_acceptable", "Rally answers with JSON.")
	}
	if status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
		return plainProblem(ctx, status, "request.refused", msg)
	}
	f := ErrMalformed
	for _, err := range errs {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return problemOf(ctx, ErrRequestTooLarge)
		}
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		detail := d.ErrorDetail()
		field, message := fieldOf(detail.Location), detail.Message
		if rest, ok := strings.CutPrefix(message, "expected required property "); ok {
			// huma reports what is missing on the object that lacks it.
			name, _, _ := strings.Cut(rest, " ")
			field, message = strings.TrimPrefix(field+"."+name, "."), "is required"
		}
		if field == "" {
			continue
		}
		if f == ErrMalformed {
			f = fault.ErrInvalid
		}
		f = f.WithField(field, message)
	}
	if status == http.StatusUnprocessableEntity && f == ErrMalformed {
		f = fault.ErrInvalid
	}
	return problemOf(ctx, f)
}

// fieldOf turns huma's location into the name of a field: "body.price" is
// price, "query.page" is page, "product_image" a file of a form; "body" alone
// names none.
func fieldOf(location string) string {
	place, field, ok := strings.Cut(location, ".")
	if !ok && place != "body" {
		return place // a file of a form
	}
	return field
}
