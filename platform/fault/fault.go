// Package fault is Rally's error taxonomy: every failure that a caller can
// expect is an *Error with a kind, a stable code and a sentence.
//
// Modules declare their faults as named variables and return them, refined by
// With, WithField or WithCause. Transports map the kind to a status. An error
// that is no fault is Internal: it is logged, and its text never reaches the
// caller.
package fault

import (
	"errors"
	"maps"
	"slices"
)

// Kind is the class of a failure. It decides the HTTP status.
type Kind uint8

// The kinds, with the HTTP status that each one becomes.
const (
	Internal        Kind = iota // 500: a defect or an outage; the caller learns nothing of its cause
	Invalid                     // 400: the request can't be right, whatever the state
	Unauthenticated             // 401: nobody is logged in
	Forbidden                   // 403: logged in, not allowed
	NotFound                    // 404: no such thing, or not visible to the caller
	Conflict                    // 409: right in itself, at odds with the present state
	TooLarge                    // 413: over a size limit
	RateLimited                 // 429: too many requests
	Unavailable                 // 503: try again later
)

// Status returns the HTTP status code of the kind.
func (k Kind) Status() int {
	switch k {
	case Invalid:
		return 400
	case Unauthenticated:
		return 401
	case Forbidden:
		return 403
	case NotFound:
		return 404
	case Conflict:
		return 409
	case TooLarge:
		return 413
	case RateLimited:
		return 429
	case Unavailable:
		return 503
	case Internal:
	}
	return 500
}

// Error is an expected failure. The zero value is not useful; use New.
// Errors are immutable: the With methods return refined copies, so that the
// named variables stay as they were declared.
type Error struct {
	Kind    Kind
	Code    string              // stable, "module.reason"; clients branch on it
	Message string              // one sentence for people
	Fields  map[string][]string // what is wrong with each field of the request
	Meta    map[string]any      // facts that the client needs, such as the price that moved
	cause   error
}

// New declares a fault. Code must be unique in the program; a golden file
// lists all of them.
func New(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Error returns the code, the message and the cause, for logs.
func (e *Error) Error() string {
	s := e.Code + ": " + e.Message
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is a fault with the same code, so that a refined
// copy still matches the named variable.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// WithCause returns a copy that wraps err.
func (e *Error) WithCause(err error) *Error {
	c := *e
	c.cause = err
	return &c
}

// WithMessage returns a copy with another sentence.
func (e *Error) WithMessage(message string) *Error {
	c := *e
	c.Message = message
	return &c
}

// With returns a copy that carries the fact key=value to the client.
func (e *Error) With(key string, value any) *Error {
	c := *e
	c.Meta = maps.Clone(e.Meta)
	if c.Meta == nil {
		c.Meta = make(map[string]any, 1)
	}
	c.Meta[key] = value
	return &c
}

// WithField returns a copy that says what is wrong with one field.
func (e *Error) WithField(field, message string) *Error {
	c := *e
	c.Fields = maps.Clone(e.Fields)
	if c.Fields == nil {
		c.Fields = make(map[string][]string, 1)
	}
	c.Fields[field] = append(slices.Clone(c.Fields[field]), message)
	return &c
}

// ErrInvalid is the fault of a request whose fields are wrong.
var ErrInvalid = New(Invalid, "request.invalid", "Some fields are not valid.")

// ErrInternal is what callers see of an error that nobody expected.
var ErrInternal = New(Internal, "internal", "Something went wrong on our side. Please try again; if it stays, quote the request id.")

// From returns err as a fault. An error that holds none becomes ErrInternal
// with err as its cause. From(nil) is nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return ErrInternal.WithCause(err)
}
