package web

import (
	"context"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"rally/platform/page"
)

// CursorInput is embedded by the inputs of cursor lists.
type CursorInput struct {
	Cursor   string `query:"cursor" doc:"Place in the list, as next or previous gave it; without it, the first page."`
	PageSize int    `query:"page_size" doc:"Rows a page, at most 100; 20 by default." example:"20"`

	url url.URL
}

// Resolve remembers the address, from which the links to other pages are made.
func (in *CursorInput) Resolve(ctx huma.Context) []error {
	in.url = ctx.URL()
	return nil
}

// Request returns what was asked for of the list. It returns
// page.ErrBadCursor or page.ErrBadPage.
func (in *CursorInput) Request(list page.CursorList) (page.CursorRequest, error) {
	return list.Parse(in.Cursor, in.PageSize)
}

// CursorBody is the body of a cursor list.
type CursorBody[T any] struct {
	Next     *string `json:"next" doc:"Absolute address of the next page, or null."`
	Previous *string `json:"previous" doc:"Absolute address of the previous page, or null."`
	Results  []T     `json:"results"`
}

// NewCursorBody turns a page of a list into its body; in is the input that
// asked for it.
func NewCursorBody[T, U any](ctx context.Context, in *CursorInput, slice page.Slice[T], convert func(T) U) CursorBody[U] {
	mapped := page.MapSlice(slice, convert)
	return CursorBody[U]{
		Next: in.link(ctx, mapped.Next), Previous: in.link(ctx, mapped.Previous), Results: mapped.Rows,
	}
}

func (in *CursorInput) link(ctx context.Context, cursor string) *string {
	if cursor == "" {
		return nil
	}
	q := in.url.Query()
	q.Set("cursor", cursor)
	s := BaseURL(ctx) + in.url.EscapedPath() + "?" + q.Encode()
	return &s
}
