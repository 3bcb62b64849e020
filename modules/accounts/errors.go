package accounts

import "rally/platform/fault"

// The faults of this module. Wrong fields are fault.ErrInvalid with the names
// of the request's fields; identity is auth's.
var (
	ErrBadCredentials  = fault.New(fault.Invalid, "accounts.bad_credentials", "The e-mail address or the password is wrong.")
	ErrEmailUnverified = fault.New(fault.Invalid, "accounts.email_unverified", "Please confirm your e-mail address first; we have sent you a link.")
	ErrDeactivated     = fault.New(fault.Invalid, "accounts.deactivated", "This account is deactivated.")
	ErrKeyInvalid      = fault.New(fault.NotFound, "accounts.key_invalid", "This link is not valid or has expired. Please ask for a new one.")
	ErrRefreshInvalid  = fault.New(fault.Unauthenticated, "accounts.refresh_invalid", "This sign-in can't be renewed. Please sign in again.")
	ErrUserNotFound    = fault.New(fault.NotFound, "accounts.user_not_found", "There is no such user.")
	ErrBusy            = fault.New(fault.Unavailable, "accounts.busy", "Too many people are signing in right now. Please try again in a moment.")
)
