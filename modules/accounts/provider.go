package accounts

import (
	"context"
	"time"
)

// External is somebody as another site knows them.
type External struct {
	Subject       string // the other site's id of the person; never changes
	Email         string // empty when the site told none
	EmailVerified bool   // whether the site vouches for the address
	AuthTime      time.Time
}

// CodeRequest is what the browser is sent to a provider with.
type CodeRequest struct {
	RedirectURI string
	State       string
	Verifier    string // PKCE (RFC 7636); its S256 challenge is sent
	Nonce       string // OpenID Connect; providers without it ignore it
	Fresh       bool   // the person must prove who they are again, where the provider can ask for it
}

// CodeGrant is what came back, with what it must fit.
type CodeGrant struct {
	Code        string
	RedirectURI string
	State       string
	Verifier    string
	Nonce       string
}

// Provider is another site whose accounts open ours. It returns
// ErrProviderRefused for a code or a token that the site, or the audience,
// refuses, and ErrProviderUnavailable when the site is away, slow, or answers
// what it has not documented.
type Provider interface {
	// Name is the provider's in addresses and in the database.
	Name() string
	// CodeURL returns where the browser goes to log in there.
	CodeURL(ctx context.Context, r CodeRequest) (string, error)
	// Exchange turns the code that came back into the person.
	Exchange(ctx context.Context, g CodeGrant) (External, error)
	// Inspect returns the owner of an access token that a phone client got for
	// itself, and checks that the token was made for us where the site can tell.
	Inspect(ctx context.Context, accessToken string) (External, error)
}

// Identity is an account elsewhere that opens an account here.
type Identity struct {
	ID         int64
	UserID     int64
	Provider   string
	Subject    string
	Email      string // as the provider last told it
	CreatedAt  time.Time
	LastUsedAt time.Time
}
