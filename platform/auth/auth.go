// Package auth carries the caller's identity through a context. It knows how
// to ask who is calling, not how a caller proves it: that is accounts' work.
package auth

import (
	"context"
	"time"

	"rally/platform/fault"
)

// Faults of identity. Every module returns these and none of its own.
var (
	ErrRequired     = fault.New(fault.Unauthenticated, "auth.required", "Please sign in first.")
	ErrForbidden    = fault.New(fault.Forbidden, "auth.forbidden", "You are not allowed to do this.")
	ErrTokenInvalid = fault.New(fault.Unauthenticated, "auth.token_invalid", "The access token is not valid or has expired.")
	ErrSessionEnded = fault.New(fault.Unauthenticated, "auth.session_ended", "This session has ended. Please sign in again.")
)

// Identity is who calls: a user in one of their live sessions.
type Identity struct {
	UserID    int64
	SessionID int64
	Staff     bool
}

// Authenticator checks an access token: its signature and its live session.
// It returns ErrTokenInvalid or ErrSessionEnded.
type Authenticator interface {
	Authenticate(ctx context.Context, accessToken string) (Identity, error)
}

// Tokens is what a login hands to the browser as cookies.
type Tokens struct {
	Access, Refresh               string
	AccessExpires, RefreshExpires time.Time
}

type key struct{}

// With returns a context that carries id.
func With(ctx context.Context, id Identity) context.Context {
	return context.WithValue(ctx, key{}, id)
}

// From returns the caller, if one is logged in.
func From(ctx context.Context) (Identity, bool) {
	id, ok := ctx.Value(key{}).(Identity)
	return id, ok
}

// UserID returns the caller's user id, or 0 when nobody is logged in. Ids
// start at 1, so 0 matches no row.
func UserID(ctx context.Context) int64 {
	id, _ := From(ctx)
	return id.UserID
}

// Require returns the caller, or ErrRequired.
func Require(ctx context.Context) (Identity, error) {
	id, ok := From(ctx)
	if !ok {
		return Identity{}, ErrRequired
	}
	return id, nil
}

// RequireStaff returns the caller when they are staff; else ErrRequired or
// ErrForbidden.
func RequireStaff(ctx context.Context) (Identity, error) {
	id, err := Require(ctx)
	if err == nil && !id.Staff {
		return Identity{}, ErrForbidden
	}
	return id, err
}
