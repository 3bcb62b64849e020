// Package page describes numbered pages of a list: what was asked for, what
// is answered. It is the same for every module.
package page

import "rally/platform/fault"

// Limits of a numbered list. Depth bounds the rows that the database must
// skip, so that nobody can make a list expensive by asking for its far end.
const (
	DefaultSize = 40
	MaxSize     = 100
	MaxDepth    = 10_000
)

// ErrBadPage says that a page number or size is out of range.
var ErrBadPage = fault.New(fault.Invalid, "page.bad_page", "There is no such page.")

// Request asks for one page of a list. Make it with New.
type Request struct {
	Number int // from 1
	Size   int // rows a page, 1…MaxSize
}

// New checks number and size, where 0 means the first page and the default
// size. It returns ErrBadPage.
func New(number, size int) (Request, error) {
	if number == 0 {
		number = 1
	}
	if size == 0 {
		size = DefaultSize
	}
	switch {
	case size < 1 || size > MaxSize:
		return Request{}, ErrBadPage.WithField("page_size", "must be between 1 and 100")
	case number < 1:
		return Request{}, ErrBadPage.WithField("page", "must be at least 1")
	case number > MaxDepth/size+1:
		return Request{}, ErrBadPage.WithField("page", "is too deep; narrow the search")
	}
	return Request{Number: number, Size: size}, nil
}

// Offset returns how many rows precede the page.
func (r Request) Offset() int { return (r.Number - 1) * r.Size }

// List is one page of rows and the count of all of them.
type List[T any] struct {
	Rows  []T
	Count int // rows on all pages together
	Page  Request
}

// HasNext reports whether a page follows.
func (l List[T]) HasNext() bool {
	return l.Page.Offset()+len(l.Rows) < l.Count && l.Page.Number < MaxDepth/l.Page.Size+1
}

// HasPrevious reports whether a page precedes.
func (l List[T]) HasPrevious() bool { return l.Page.Number > 1 }

// Map returns the list with every row converted.
func Map[T, U any](l List[T], convert func(T) U) List[U] {
	rows := make([]U, len(l.Rows))
	for i, r := range l.Rows {
		rows[i] = convert(r)
	}
	return List[U]{Rows: rows, Count: l.Count, Page: l.Page}
}
