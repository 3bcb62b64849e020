package oauth

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"rally/modules/accounts"
)

// google is an OpenID Connect provider.
type google struct {
	caller
	id, secret, issuer, tokenInfoURL string

	discovery singleflight.Group
	known     atomic.Pointer[site] // nil until discovery has succeeded
}

// site is what discovery found.
type site struct {
	authURL, tokenURL string
	keys              oidc.KeySet
}

func newGoogle(cfg Config, web caller) *google {
	return &google{
		caller: web, id: cfg.GoogleClientID, secret: cfg.GoogleClientSecret,
		issuer: cfg.GoogleIssuer, tokenInfoURL: cfg.GoogleTokenInfoURL,
	}
}

// Name implements accounts.Provider.
func (*google) Name() string { return "google" }

// CodeURL implements accounts.Provider. It may have to ask Google where its
// login is: accounts.ErrProviderUnavailable when Google can't tell.
func (g *google) CodeURL(ctx context.Context, r accounts.CodeRequest) (string, error) {
	return within(ctx, g.timeout, func(ctx context.Context) (string, error) {
		s, err := g.site(ctx)
		if err != nil {
			return "", err
		}
		options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(r.Verifier), oidc.Nonce(r.Nonce)}
		if r.Fresh {
			options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
		}
		client := oauth2.Config{
			ClientID: g.id, RedirectURL: r.RedirectURI,
			Endpoint: oauth2.Endpoint{AuthURL: s.authURL}, Scopes: []string{oidc.ScopeOpenID, "email"},
		}
		return client.AuthCodeURL(r.State, options...), nil
	})
}

// Exchange implements accounts.Provider. AuthTime is when the person has
// proved to Google who they are; zero when Google does not tell. Asking for a
// fresh proof is a request: who needs it must look at AuthTime.
func (g *google) Exchange(ctx context.Context, c accounts.CodeGrant) (accounts.External, error) {
	if !usable(c.Code) || c.Nonce == "" { // an empty nonce would fit every token that has none
		return accounts.External{}, refused("code: not usable")
	}
	return within(ctx, g.timeout, func(ctx context.Context) (accounts.External, error) {
		s, err := g.site(ctx)
		if err != nil {
			return accounts.External{}, err
		}
		body, err := g.ask(ctx, request{what: "token", url: s.tokenURL, form: url.Values{
			"grant_type": {"authorization_code"}, "client_id": {g.id}, "client_secret": {g.secret},
			"code": {c.Code}, "redirect_uri": {c.RedirectURI}, "code_verifier": {c.Verifier},
		}})
		if err != nil {
			return accounts.External{}, err
		}
		answer, err := readGrant(body)
		if err != nil {
			return accounts.External{}, err
		}
		return g.person(ctx, s.keys, answer.IDToken, c.Nonce)
	})
}

// person checks an ID token and returns whom it is about.
func (g *google) person(ctx context.Context, keySet oidc.KeySet, raw, nonce string) (accounts.External, error) {
	if raw == "" {
		return accounts.External{}, unavailable("token: the answer holds no ID token")
	}
	keys := &watchedKeys{KeySet: keySet}
	// Google signs with RS256 and with nothing else.
	verifier := oidc.NewVerifier(g.issuer, keys, &oidc.Config{ClientID: g.id, SupportedSigningAlgs: []string{oidc.RS256}})
	token, err := verifier.Verify(ctx, raw)
	var expired *oidc.TokenExpiredError
	switch {
	case err == nil:
	case keys.away:
		return accounts.External{}, unavailable("ID token: the keys can't be read")
	case errors.As(err, &expired):
		return accounts.External{}, refused("ID token: expired")
	case keys.fit:
		return accounts.External{}, refused("ID token: wrong issuer, audience or time")
	default:
		return accounts.External{}, refused("ID token: malformed, or the signature is wrong")
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1 {
		return accounts.External{}, refused("ID token: wrong nonce")
	}
	var claims struct {
		Party    string `json:"azp"`
		Email    string `json:"email"`
		Verified flag   `json:"email_verified"`
		AuthTime int64  `json:"auth_time"`
	}
	if token.Claims(&claims) != nil {
		return accounts.External{}, unavailable("ID token: claims that are not documented")
	}
	if claims.Party != "" && claims.Party != g.id {
		return accounts.External{}, refused("ID token: made for another client")
	}
	var at time.Time
	if claims.AuthTime > 0 {
		at = time.Unix(claims.AuthTime, 0).UTC()
	}
	return external(token.Subject, claims.Email, bool(claims.Verified), at)
}

// watchedKeys remembers, for one ID token, how the check of its signature went:
// go-oidc tells a key set that can't be read from a wrong signature by its text
// only.
type watchedKeys struct {
	oidc.KeySet
	fit, away bool
}

// VerifySignature implements oidc.KeySet.
func (k *watchedKeys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, jwt)
	k.fit = err == nil
	// Only what happened while the keys were fetched is wrapped.
	k.away = errors.Unwrap(err) != nil
	return payload, err
}

// site returns what discovery has found. It is asked for when it is first
// needed, by one caller for all, and again after a failure.
func (g *google) site(ctx context.Context) (*site, error) {
	if s := g.known.Load(); s != nil {
		return s, nil
	}
	found := g.discovery.DoChan("", func() (any, error) {
		if s := g.known.Load(); s != nil {
			return s, nil
		}
		// Whoever came first may leave; the others still wait for the answer.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.timeout)
		defer cancel()
		s, err := g.discover(ctx)
		if err == nil {
			g.known.Store(s)
		}
		return s, err
	})
	select {
	case <-ctx.Done():
		return nil, unavailable("discovery: no answer in time")
	case result := <-found:
		if result.Err != nil {
			return nil, result.Err
		}
		return result.Val.(*site), nil
	}
}

// discover reads the configuration that the issuer publishes.
func (g *google) discover(ctx context.Context) (*site, error) {
	body, err := g.ask(ctx, request{what: "discovery", url: strings.TrimSuffix(g.issuer, "/") + "/.well-known/openid-configuration"})
	if err != nil {
		return nil, err
	}
	var told struct {
		Issuer string `json:"issuer"`
		Auth   string `json:"authorization_endpoint"`
		Token  string `json:"token_endpoint"`
		Keys   string `json:"jwks_uri"`
	}
	if err := decode("discovery", body, &told); err != nil {
		return nil, err
	}
	if told.Issuer != g.issuer {
		return nil, unavailable("discovery: another issuer answers")
	}
	if !trustworthy(told.Auth) || !trustworthy(told.Token) || !trustworthy(told.Keys) {
		return nil, unavailable("discovery: an address is missing or not https")
	}
	return &site{authURL: told.Auth, tokenURL: told.Token, keys: oidc.NewRemoteKeySet(oidc.ClientContext(ctx, g.http), told.Keys)}, nil
}

// Inspect implements accounts.Provider. Google tells for whom it has made a
// token; one that another application got is refused.
func (g *google) Inspect(ctx context.Context, accessToken string) (accounts.External, error) {
	if !usable(accessToken) {
		return accounts.External{}, refused("access token: not usable")
	}
	return within(ctx, g.timeout, func(ctx context.Context) (accounts.External, error) {
		// As Google's own client libraries ask: by POST, the token in a header.
		body, err := g.ask(ctx, request{what: "tokeninfo", url: g.tokenInfoURL, post: true, token: accessToken})
		if err != nil {
			return accounts.External{}, err
		}
		return readTokenInfo(body, g.id)
	})
}

// readTokenInfo reads Google's answer on an access token. All its values are
// strings today; numbers and booleans are read as well.
func readTokenInfo(body []byte, clientID string) (accounts.External, error) {
	var told struct {
		Audience string      `json:"aud"`
		Party    string      `json:"azp"`
		Subject  string      `json:"sub"`
		Email    string      `json:"email"`
		Verified flag        `json:"email_verified"`
		Left     looseNumber `json:"expires_in"`
	}
	if err := decode("tokeninfo", body, &told); err != nil {
		return accounts.External{}, err
	}
	switch {
	case told.Audience == "":
		return accounts.External{}, unavailable("tokeninfo: no audience")
	case told.Audience != clientID || (told.Party != "" && told.Party != clientID):
		return accounts.External{}, refused("access token: made for another client")
	case told.Left <= 0:
		return accounts.External{}, refused("access token: expired")
	}
	return external(told.Subject, told.Email, bool(told.Verified), time.Time{})
}

// looseNumber is a whole number that some write as a string.
type looseNumber int64

func (n *looseNumber) UnmarshalJSON(raw []byte) error {
	value, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	*n = looseNumber(value)
	return err
}
