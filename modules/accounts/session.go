package accounts

import (
	"strings"
	"time"
)

// Why a session ended, as it is stored.
const (
	EndedByLogout   = "logout"
	EndedByReuse    = "refresh_reused" // a rotated refresh token came back: somebody else has a copy
	EndedByPromote  = "promoted"       // the command line gave the account a new password
	EndedByOperator = "operator"       // the second step was taken away
	EndedByOwner    = "ended"          // from the list of sessions
	EndedByPassword = "password"       // the password changed
	EndedByQuit     = "quit"
)

// How somebody signed in, as it is stored. The name of a Provider is one too.
const (
	MethodPassword = "password"
	MethodPasskey  = "passkey"
)

const (
	maxUserAgent = 400 // bytes
	maxAddress   = 64
)

// Client is what a request tells about the device it comes from.
type Client struct {
	Address   string // IP address
	UserAgent string
	Device    string // the token of the device cookie; empty without one, and never stored
}

// clean makes the texts fit for every database: valid UTF-8, no NUL, bounded.
func (c Client) clean() Client {
	return Client{Address: clean(c.Address, maxAddress), UserAgent: clean(c.UserAgent, maxUserAgent), Device: c.Device}
}

func clean(s string, limit int) string {
	s = strings.ReplaceAll(s, "\x00", "")
	return strings.ToValidUTF8(s[:min(len(s), limit)], "")
}

// Session is one login on one device. Its refresh tokens are a family: they
// end with it, and so do its access tokens.
type Session struct {
	ID         int64
	UserID     int64
	Staff      bool // whether the user is staff at present
	Method     string
	Client     Client
	CreatedAt  time.Time
	LastSeenAt time.Time
	ExpiresAt  time.Time
	EndedAt    time.Time // zero while it lives; the user's deactivation ends it too

	// AuthenticatedAt is when its owner last proved who they are.
	AuthenticatedAt time.Time
}

// Live reports whether the session still counts.
func (s Session) Live(now time.Time) bool { return s.EndedAt.IsZero() && now.Before(s.ExpiresAt) }

// RefreshToken buys one new pair of tokens.
type RefreshToken struct {
	ID        int64
	Hash      []byte // SHA-256
	CreatedAt time.Time
	ExpiresAt time.Time
	RotatedAt time.Time // zero until it was used
	Session   Session   // InsertRefreshToken reads only its ID
}

// refreshVerdict is what to do with a refresh token that came in.
type refreshVerdict int

const (
	refreshRefuse refreshVerdict = iota // expired, or its session has ended
	refreshRotate                       // its first use
	refreshAgain                        // used a moment ago: tabs race, or an answer got lost
	refreshReused                       // used long ago: two parties hold the family
)

func (t RefreshToken) verdict(now time.Time, grace time.Duration) refreshVerdict {
	switch {
	case !t.Session.Live(now):
		return refreshRefuse
	case !t.RotatedAt.IsZero() && now.Sub(t.RotatedAt) > grace:
		return refreshReused // even past its own life: a copy exists
	case !now.Before(t.ExpiresAt):
		return refreshRefuse
	case t.RotatedAt.IsZero():
		return refreshRotate
	}
	return refreshAgain
}

// EmailKey proves an address: whoever has the key can read its mail. The first
// one that comes back makes its claim the account's.
type EmailKey struct {
	ID        int64
	UserID    int64
	Hash      []byte // SHA-256
	Claim     Claim
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero until it was used
}
