package accounts

import (
	"context"
	"time"

	"rally/platform/page"
)

// Tx runs use cases in transactions. A run that lost a race is run again.
type Tx interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// AfterCommit runs fn once the transaction of ctx has committed, and never
	// if it rolls back.
	AfterCommit(ctx context.Context, fn func(ctx context.Context))
}

// Events tells other modules, inside the transaction.
type Events interface {
	Emit(ctx context.Context, event any) error
}

// Mail is one plain-text message.
type Mail struct{ To, Subject, Body string }

// Mailer enqueues a mail in the transaction of ctx: it leaves if, and only
// if, that commits.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
	// Forget removes what was sent, or waits to be sent, to an address.
	Forget(ctx context.Context, to string) error
}

// Signals tells the other nodes what they must no longer believe. It is
// called after the commit, may be lost, and must not block.
type Signals interface {
	SessionEnded(ctx context.Context, sessionIDs ...int64)
}

// Clock returns the present time.
type Clock func() time.Time

// Users holds the user rows.
type Users interface {
	// InsertUser returns false when the e-mail address is taken.
	InsertUser(ctx context.Context, u NewUser) (id int64, inserted bool, err error)
	// InsertUsers returns the ids in the order of users.
	InsertUsers(ctx context.Context, users []NewUser) ([]int64, error)
	// User returns ErrUserNotFound when there is none.
	User(ctx context.Context, id int64) (User, error)
	// UpdateUser returns ErrUserNotFound when there is none.
	UpdateUser(ctx context.Context, id int64, change UserChange) error
	CountUsers(ctx context.Context) (int, error)
}

// Passwords holds what proves who somebody is.
type Passwords interface {
	// Credentials returns ErrUserNotFound when nobody has the address.
	Credentials(ctx context.Context, email string) (Credentials, error)
	// LockUser returns the user as they are now, and keeps everybody else from
	// them to the end of the transaction. Whatever starts or ends ways in takes
	// this lock first. It returns ErrUserNotFound.
	LockUser(ctx context.Context, userID int64) (Credentials, error)
	SetPassword(ctx context.Context, userID int64, hash string) error
	// SetDecoy stores, or replaces, the hash of a password that opens nothing.
	SetDecoy(ctx context.Context, userID int64, hash string, expires time.Time) error
	// SetEmail returns false when the address is taken by somebody who proved
	// it; who didn't loses it, with their account. It returns ErrKeyInvalid when
	// somebody takes it at the same moment.
	SetEmail(ctx context.Context, userID int64, email string, at time.Time) (bool, error)
	// ForgetWaysIn removes linked logins, passkeys, one-time codes, recovery codes
	// and mailed keys of a user.
	ForgetWaysIn(ctx context.Context, userID int64) error
	// Promote makes a verified member of staff with that password.
	Promote(ctx context.Context, userID int64, hash string, at time.Time) error
}

// Profiles holds the public side of the users.
type Profiles interface {
	// InsertProfile returns false when the profile name is taken.
	InsertProfile(ctx context.Context, p Profile, at time.Time) (inserted bool, err error)
	InsertProfiles(ctx context.Context, list []Profile, at []time.Time) error
	// Profile returns the user's profile: every user has one.
	Profile(ctx context.Context, userID int64) (Profile, error)
	// ActiveProfiles returns the profiles of those of the users who have not
	// left.
	ActiveProfiles(ctx context.Context, userIDs []int64) ([]Profile, error)
	// NamedProfile returns the profile that bears a name, in the form of its
	// NameKey, or ErrUserNotFound.
	NamedProfile(ctx context.Context, nameKey string) (Profile, error)
	// ProfilesNamed returns the profiles that bear some names, in the form of
	// their NameKey, of people who have not left.
	ProfilesNamed(ctx context.Context, nameKeys []string) ([]Profile, error)
	// ProfilesBegin returns the profiles whose NameKey begins so, in its order,
	// without some; of people who proved their address and have not left.
	ProfilesBegin(ctx context.Context, prefix string, without []int64, limit int) ([]Profile, error)
	// AllProfiles lists the profiles of those who have not left whose NameKey begins
	// so, by their users' ids, the highest first.
	AllProfiles(ctx context.Context, prefix string, r page.CursorRequest) ([]Profile, error)
	// UpdateProfile writes name, introduction and picture. It returns false when
	// the name is taken.
	UpdateProfile(ctx context.Context, p Profile) (free bool, err error)
	// ActiveAddresses returns the proved e-mail addresses of those of the users
	// who have not left.
	ActiveAddresses(ctx context.Context, userIDs []int64) (map[int64]string, error)
}

// EmailKeys holds the keys that were sent to prove an address.
type EmailKeys interface {
	InsertEmailKey(ctx context.Context, k EmailKey) error
	// EmailKey returns ErrKeyInvalid when there is none with that hash.
	EmailKey(ctx context.Context, hash []byte) (EmailKey, error)
	// UseEmailKey returns false when it was used before.
	UseEmailKey(ctx context.Context, id int64, at time.Time) (first bool, err error)
	// Claims returns the claims that keys were sent for, each once, and two of
	// them at most: who asks wants to know whether there is one.
	Claims(ctx context.Context, userID int64) ([]Claim, error)
	// Claim replaces what is known of a user who is not verified yet. A time
	// that isn't zero marks the address as proved. It changes nothing once it
	// is proved.
	Claim(ctx context.Context, userID int64, c Claim, verified time.Time) error
	// ForgetClaims erases what the keys of a proved address claimed, since part
	// of it may be a stranger's. The keys are still known.
	ForgetClaims(ctx context.Context, userID int64) error
}

// Sessions holds the logins.
type Sessions interface {
	InsertSession(ctx context.Context, s Session) (id int64, err error)
	// Session returns auth.ErrSessionEnded when there is none.
	Session(ctx context.Context, id int64) (Session, error)
	// StillLive returns which of some sessions live.
	StillLive(ctx context.Context, ids []int64, now time.Time) ([]int64, error)
	// ExtendSession returns false when the session has ended.
	ExtendSession(ctx context.Context, id int64, client Client, at, expires time.Time) (live bool, err error)
	// EndSession returns false when it had ended before.
	EndSession(ctx context.Context, id int64, reason string, at time.Time) (first bool, err error)
	// EndSessionsOf ends a user's sessions, all but one, and returns which were
	// live.
	EndSessionsOf(ctx context.Context, userID, but int64, reason string, at time.Time) ([]int64, error)
	// LiveSessions returns a user's sessions, newest use first.
	LiveSessions(ctx context.Context, userID int64, now time.Time) ([]Session, error)
	// Authenticated stores that a session's owner proved who they are.
	Authenticated(ctx context.Context, sessionID int64, at time.Time) error
	MarkSeen(ctx context.Context, sessionIDs []int64, at time.Time) error
}

// RefreshTokens holds the refresh tokens of the sessions.
type RefreshTokens interface {
	InsertRefreshToken(ctx context.Context, t RefreshToken) error
	// RefreshToken returns ErrRefreshInvalid when there is none with that hash.
	RefreshToken(ctx context.Context, hash []byte) (RefreshToken, error)
	// RotateRefreshToken returns false when it was rotated before: of many
	// that race, one wins.
	RotateRefreshToken(ctx context.Context, id int64, at time.Time) (won bool, err error)
}

// Store is everything that the service keeps.
type Store interface {
	Users
	Passwords
	Profiles
	EmailKeys
	Sessions
	RefreshTokens
	Attempts
	Devices
	PendingLogins
	OTPSecrets
	RecoveryCodes
	Identities
	OAuthTrips
	Passkeys
	MailedKeys
	SecurityEvents
	Leavers
}
