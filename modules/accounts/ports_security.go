package accounts

import (
	"context"
	"time"

	"rally/platform/page"
)

// Attempts counts what is limited. Every node counts in the same rows, and
// they outlive a restart.
type Attempts interface {
	// CountAttempt counts one more and returns how many there are in the
	// present window, and, once they are limit.Attempts or more, until when
	// there may be no other. A block that is over starts a new window.
	CountAttempt(ctx context.Context, key []byte, limit Limit, now time.Time) (count int, blockedUntil time.Time, err error)
	// Blocked returns the latest time until which any of the keys is blocked,
	// or zero.
	Blocked(ctx context.Context, keys [][]byte, now time.Time) (time.Time, error)
	ForgetAttempts(ctx context.Context, key []byte) error
	// ReturnAttempt takes one attempt back.
	ReturnAttempt(ctx context.Context, key []byte, limit Limit) error
}

// Devices holds the browsers that people signed in with.
type Devices interface {
	InsertDevice(ctx context.Context, d Device) (id int64, err error)
	// Device returns ErrDeviceNotFound when the user has none with that hash.
	Device(ctx context.Context, userID int64, hash []byte) (Device, error)
	// DeviceSignedIn reports whether the device signed in to the account of an
	// address. It takes the same time for every address.
	DeviceSignedIn(ctx context.Context, email string, hash []byte, now time.Time) (bool, error)
	UseDevice(ctx context.Context, id int64, client Client, at, expires time.Time) error
	// WasHere reports whether the user ever signed in before a session: with a
	// device that is known, or with any.
	WasHere(ctx context.Context, userID, sessionID int64) (bool, error)
	TrustDevice(ctx context.Context, id int64, until time.Time) error
	DevicesOf(ctx context.Context, userID int64) ([]Device, error)
	// TrustedDevices returns those whose trust has not run out, newest use first.
	TrustedDevices(ctx context.Context, userID int64, now time.Time) ([]Device, error)
	// DistrustDevice returns false when the user has no such trusted device.
	DistrustDevice(ctx context.Context, userID, id int64) (bool, error)
	DistrustDevices(ctx context.Context, userID int64) error
}

// PendingLogins holds logins whose second step is still to come.
type PendingLogins interface {
	InsertPendingLogin(ctx context.Context, p PendingLogin) error
	// PendingLogin returns ErrPendingRequired when there is none with that hash.
	PendingLogin(ctx context.Context, hash []byte) (PendingLogin, error)
	// EndPendingLogin returns false when it is gone: of many, one goes on.
	EndPendingLogin(ctx context.Context, id int64) (bool, error)
	EndPendingLoginsOf(ctx context.Context, userID int64) error
}

// OTPSecrets holds what makes one-time codes.
type OTPSecrets interface {
	// OTPSecret returns ErrOTPDisabled when the user has none.
	OTPSecret(ctx context.Context, userID int64) (OTPSecret, error)
	// SetOTPSecret replaces one that isn't confirmed, and returns false when
	// the present one is.
	SetOTPSecret(ctx context.Context, s OTPSecret) (bool, error)
	ConfirmOTPSecret(ctx context.Context, userID int64, at time.Time) error
	// UseOTPStep returns false when a code of that step, or of a later one, was
	// used before.
	UseOTPStep(ctx context.Context, userID, step int64) (bool, error)
	DeleteOTPSecret(ctx context.Context, userID int64) error
}

// RecoveryCodes holds the hashes of recovery codes.
type RecoveryCodes interface {
	ReplaceRecoveryCodes(ctx context.Context, userID int64, hashes [][]byte) error
	// UseRecoveryCode returns false when the user has no such unused code.
	UseRecoveryCode(ctx context.Context, userID int64, hash []byte, at time.Time) (bool, error)
	CountRecoveryCodes(ctx context.Context, userID int64) (int, error)
}

// Identities holds accounts elsewhere.
type Identities interface {
	// InsertIdentity returns false when the account elsewhere, or the user's
	// place for that provider, is taken.
	InsertIdentity(ctx context.Context, i Identity) (bool, error)
	// Identity returns ErrIdentityNotFound when nobody is linked with it.
	Identity(ctx context.Context, provider, subject string) (Identity, error)
	IdentitiesOf(ctx context.Context, userID int64) ([]Identity, error)
	UseIdentity(ctx context.Context, id int64, email string, at time.Time) error
	// DeleteIdentity returns the provider, or ErrIdentityNotFound.
	DeleteIdentity(ctx context.Context, userID, id int64) (provider string, err error)
}

// OAuthTrips holds trips to a provider.
type OAuthTrips interface {
	InsertOAuthTrip(ctx context.Context, t OAuthTrip) error
	// TakeOAuthTrip removes and returns the trip, or returns ErrOAuthState.
	TakeOAuthTrip(ctx context.Context, stateHash []byte) (OAuthTrip, error)
}

// Passkeys holds WebAuthn credentials and ceremonies.
type Passkeys interface {
	// PasskeyHandle returns the user's handle, and stores fresh if there is none.
	PasskeyHandle(ctx context.Context, userID int64, fresh []byte) ([]byte, error)
	// UserOfHandle returns ErrUserNotFound when nobody has the handle.
	UserOfHandle(ctx context.Context, handle []byte) (User, error)
	PasskeysOf(ctx context.Context, userID int64) ([]Passkey, error)
	// InsertPasskey returns false when the credential is known already.
	InsertPasskey(ctx context.Context, p Passkey) (id int64, inserted bool, err error)
	// UsePasskey returns ErrPasskeyNotFound when it is gone.
	UsePasskey(ctx context.Context, userID int64, credentialID, credential []byte, at time.Time) error
	// RenamePasskey and DeletePasskey return ErrPasskeyNotFound when the user
	// has none with that id.
	RenamePasskey(ctx context.Context, userID, id int64, name string) (Passkey, error)
	DeletePasskey(ctx context.Context, userID, id int64) error
	SetPasskeyStep(ctx context.Context, userID int64, on bool) error
	InsertCeremony(ctx context.Context, c StoredCeremony) error
	// TakeCeremony removes and returns the ceremony, or returns ErrPasskeyInvalid.
	TakeCeremony(ctx context.Context, hash []byte, purpose string) (StoredCeremony, error)
}

// MailedKeys holds the keys that were mailed to reset a password or to change
// an address.
type MailedKeys interface {
	InsertReset(ctx context.Context, k MailedKey) error
	// Reset returns ErrResetInvalid when there is none with that hash.
	Reset(ctx context.Context, hash []byte) (MailedKey, error)
	DeleteResets(ctx context.Context, userID int64) error
	InsertEmailChange(ctx context.Context, k MailedKey) error
	// EmailChange returns ErrKeyInvalid when there is none with that hash.
	EmailChange(ctx context.Context, hash []byte) (MailedKey, error)
	DeleteEmailChanges(ctx context.Context, userID int64) error
}

// SecurityEvents holds what happened to the security of accounts.
type SecurityEvents interface {
	InsertSecurityEvent(ctx context.Context, e SecurityEvent) error
	// SecurityEvents returns up to r.Limit() events of a user, newest first. Its
	// key is the id.
	SecurityEvents(ctx context.Context, userID int64, r page.CursorRequest) ([]SecurityEvent, error)
}

// Leavers lets people leave, and their data with them.
type Leavers interface {
	// Deactivate returns false when the account is not active.
	Deactivate(ctx context.Context, userID int64, at time.Time) (bool, error)
	Reactivate(ctx context.Context, userID int64) error
	// LeaversBefore returns who left before that time and is not erased yet.
	LeaversBefore(ctx context.Context, before time.Time, limit int) ([]int64, error)
	// Erase removes whatever is personal, and returns the key of the picture if
	// nobody else has the same.
	Erase(ctx context.Context, userID int64, email, profileName string, at time.Time) (image string, err error)
	// Purge deletes what has expired.
	Purge(ctx context.Context, p PurgeLimits) error
}

// Task is work that is done off the request, so that its time tells nothing.
type Task struct {
	Kind    string // TaskReset or TaskResend
	Email   string // lower case
	BaseURL string
}

// Tasks enqueues a task in the transaction of ctx.
type Tasks interface {
	Enqueue(ctx context.Context, t Task) error
}

// Journal writes security events into the log of the operators. It is called
// after the commit.
type Journal interface {
	Note(ctx context.Context, e SecurityEvent)
}

// Pictures deletes pictures of profiles.
type Pictures interface {
	DeleteAfterCommit(ctx context.Context, key string)
}

// Export is what another module keeps about a user.
type Export struct {
	Name string // the key in the exported document
	Of   func(ctx context.Context, userID int64) (any, error)
}
