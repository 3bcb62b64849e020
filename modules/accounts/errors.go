package accounts

import "rally/platform/fault"

// The faults of this module. Wrong fields are fault.ErrInvalid with the names
// of the request's fields; identity is auth's.
var (
	ErrBadCredentials  = fault.New(fault.Invalid, "accounts.bad_credentials", "The e-mail address or the password is wrong.")
	ErrEmailUnverified = fault.New(fault.Invalid, "accounts.email_unverified", "Please confirm your e-mail address first; we have sent you a link.")
	ErrDeactivated     = fault.New(fault.Invalid, "accounts.deactivated", "This account is deactivated.")
	ErrKeyInvalid      = fault.New(fault.NotFound, "accounts.key_invalid", "This link is not valid or has expired. Please ask for a new one.")
	ErrResetInvalid    = fault.New(fault.Invalid, "accounts.reset_invalid", "This link is not valid or has expired. Please ask for a new one.")
	ErrRefreshInvalid  = fault.New(fault.Unauthenticated, "accounts.refresh_invalid", "This sign-in can't be renewed. Please sign in again.")
	ErrUserNotFound    = fault.New(fault.NotFound, "accounts.user_not_found", "There is no such user.")
	ErrTicketInvalid   = fault.New(fault.Unauthenticated, "accounts.ticket_invalid", "This ticket is not valid any more. Please ask for another one.")
	ErrTicketsAway     = fault.New(fault.Unavailable, "accounts.tickets_away", "Live updates can't begin right now. Please try again in a moment.")
	ErrSessionNotFound = fault.New(fault.NotFound, "accounts.session_not_found", "There is no such session.")
	ErrDeviceNotFound  = fault.New(fault.NotFound, "accounts.device_not_found", "There is no such device.")
	ErrBusy            = fault.New(fault.Unavailable, "accounts.busy", "Too many people are signing in right now. Please try again in a moment.")

	// ErrTooManyAttempts carries retry_after, in seconds.
	ErrTooManyAttempts = fault.New(fault.RateLimited, "accounts.too_many_attempts", "Too many attempts. Please wait a few minutes.")
	// ErrReauthRequired asks for a proof of who calls, since the last is old.
	ErrReauthRequired = fault.New(fault.Forbidden, "accounts.reauth_required", "Please confirm that it is you.")

	ErrPendingRequired = fault.New(fault.Unauthenticated, "accounts.pending_required", "This sign-in has expired. Please start again.")
	ErrCodeInvalid     = fault.New(fault.Invalid, "accounts.code_invalid", "This code is wrong, or was used before.")
	ErrOTPEnabled      = fault.New(fault.Conflict, "accounts.otp_enabled", "One-time codes are on already.")
	ErrOTPDisabled     = fault.New(fault.Conflict, "accounts.otp_disabled", "One-time codes are not on.")
	ErrNoSecondStep    = fault.New(fault.Conflict, "accounts.no_second_step", "Signing in takes no second step yet.")

	ErrProviderUnknown         = fault.New(fault.NotFound, "accounts.provider_unknown", "There is no sign-in with this provider.")
	ErrProviderRefused         = fault.New(fault.Invalid, "accounts.provider_refused", "The provider did not confirm this sign-in.")
	ErrProviderUnavailable     = fault.New(fault.Unavailable, "accounts.provider_unavailable", "The provider does not answer right now. Please try again.")
	ErrProviderEmailMissing    = fault.New(fault.Invalid, "accounts.provider_email_missing", "The provider told no e-mail address. Please allow it there, or sign up with an address.")
	ErrProviderEmailUnverified = fault.New(fault.Invalid, "accounts.provider_email_unverified", "The provider does not vouch for this e-mail address.")
	ErrOAuthState              = fault.New(fault.Invalid, "accounts.oauth_state", "This sign-in has expired or was started in another browser. Please start again.")
	ErrLinkRequired            = fault.New(fault.Conflict, "accounts.link_required", "This e-mail address has an account. Sign in first, then link the provider.")
	ErrIdentityTaken           = fault.New(fault.Conflict, "accounts.identity_taken", "This account of the provider is linked already.")
	ErrIdentityNotFound        = fault.New(fault.NotFound, "accounts.identity_not_found", "There is no such linked login.")
	ErrLastWayIn               = fault.New(fault.Conflict, "accounts.last_way_in", "This is the only way in to your account. Set a password or add another way first.")

	ErrPasskeysUnavailable = fault.New(fault.Conflict, "accounts.passkeys_unavailable", "Passkeys don't work at this address.")
	ErrPasskeyInvalid      = fault.New(fault.Invalid, "accounts.passkey_invalid", "This passkey could not be confirmed.")
	ErrPasskeyNotFound     = fault.New(fault.NotFound, "accounts.passkey_not_found", "There is no such passkey.")
	ErrTooManyPasskeys     = fault.New(fault.Conflict, "accounts.too_many_passkeys", "This account has as many passkeys as it may have.")
)
