package oauthtest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

var (
	errNoRequest = errors.New("there is no such request")
	errNoClient  = errors.New("there is no such client")
)

// storage is what the library keeps, in memory. It embeds the interface: what
// a login by code never calls is missing.
type storage struct {
	op.Storage
	server *Server
	key    signingKey

	mu       sync.Mutex
	requests map[string]*authRequest // by id
}

// authRequest is a login under way. It is not changed once it is done.
type authRequest struct {
	id, code string
	asked    oidc.AuthRequest
	person   person
	at       time.Time // when the person has logged in; zero until then
}

// CreateAuthRequest implements op.AuthStorage.
func (s *storage) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	r := &authRequest{id: rand.Text(), asked: *asked}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[r.id] = r
	return r, nil
}

// finish logs the person in who is there.
func (s *storage) finish(id string) (*authRequest, bool) {
	s.server.mu.Lock()
	who, at := s.server.person, s.server.loggedIn
	s.server.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.requests[id]
	if !ok {
		return nil, false
	}
	if at.IsZero() {
		at = time.Now()
		if r.asked.MaxAge == nil && !slices.Contains(r.asked.Prompt, oidc.PromptLogin) {
			at = at.Add(-time.Hour) // the session at Google is an old one
		}
	}
	done := *r
	done.person, done.at = who, at
	s.requests[id] = &done
	return &done, true
}

// AuthRequestByID implements op.AuthStorage.
func (s *storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.requests[id]; ok {
		return r, nil
	}
	return nil, errNoRequest
}

// AuthRequestByCode implements op.AuthStorage.
func (s *storage) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if r.code == code && code != "" {
			return r, nil
		}
	}
	return nil, errNoRequest
}

// SaveAuthCode implements op.AuthStorage.
func (s *storage) SaveAuthCode(_ context.Context, id, code string) error {
	s.server.keep(code)
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.requests[id]
	if !ok {
		return errNoRequest
	}
	withCode := *r
	withCode.code = code
	s.requests[id] = &withCode
	return nil
}

// DeleteAuthRequest implements op.AuthStorage: the code is used.
func (s *storage) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.requests, id)
	return nil
}

// CreateAccessToken implements op.AuthStorage.
func (s *storage) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return rand.Text(), time.Now().Add(time.Hour), nil
}

// SigningKey implements op.AuthStorage.
func (s *storage) SigningKey(context.Context) (op.SigningKey, error) { return s.key, nil }

// SignatureAlgorithms implements op.AuthStorage.
func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

// KeySet implements op.AuthStorage.
func (s *storage) KeySet(context.Context) ([]op.Key, error) { return []op.Key{publicKey{s.key}}, nil }

// GetClientByClientID implements op.OPStorage.
func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if id != s.server.ClientID {
		return nil, errNoClient
	}
	return client{id, s.server.URL, slices.Clone(s.server.redirects)}, nil
}

// AuthorizeClientIDSecret implements op.OPStorage.
func (s *storage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != s.server.ClientID || secret != s.server.ClientSecret {
		return errNoClient
	}
	return nil
}

// SetUserinfoFromScopes implements op.OPStorage, which wants it empty.
func (*storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromRequest implements op.CanSetUserinfoFromRequest.
func (*storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, request op.IDTokenRequest, scopes []string) error {
	info.Subject = request.GetSubject() // which the library takes from here
	if r, ok := request.(*authRequest); ok && slices.Contains(scopes, oidc.ScopeEmail) && r.person.email != "" {
		info.Email, info.EmailVerified = r.person.email, oidc.Bool(r.person.verified)
	}
	return nil
}

// Health implements op.Storage.
func (*storage) Health(context.Context) error { return nil }

type signingKey struct{ private *rsa.PrivateKey }

func (signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k signingKey) Key() any                                  { return k.private }
func (signingKey) ID() string                                  { return "the-key" }

type publicKey struct{ signingKey }

func (publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                         { return &k.private.PublicKey }

func (r *authRequest) GetID() string                      { return r.id }
func (*authRequest) GetACR() string                       { return "" }
func (*authRequest) GetAMR() []string                     { return []string{"pwd"} }
func (r *authRequest) GetAudience() []string              { return []string{r.asked.ClientID} }
func (r *authRequest) GetAuthTime() time.Time             { return r.at }
func (r *authRequest) GetClientID() string                { return r.asked.ClientID }
func (r *authRequest) GetNonce() string                   { return r.asked.Nonce }
func (r *authRequest) GetRedirectURI() string             { return r.asked.RedirectURI }
func (r *authRequest) GetResponseType() oidc.ResponseType { return r.asked.ResponseType }
func (r *authRequest) GetResponseMode() oidc.ResponseMode { return r.asked.ResponseMode }
func (r *authRequest) GetScopes() []string                { return r.asked.Scopes }
func (r *authRequest) GetState() string                   { return r.asked.State }
func (r *authRequest) GetSubject() string                 { return r.person.subject }
func (r *authRequest) Done() bool                         { return !r.at.IsZero() }
func (r *authRequest) GetCodeChallenge() *oidc.CodeChallenge {
	if r.asked.CodeChallenge == "" {
		return nil
	}
	return &oidc.CodeChallenge{Challenge: r.asked.CodeChallenge, Method: r.asked.CodeChallengeMethod}
}

// client is the program, as Google has registered it.
type client struct {
	id, site  string
	redirects []string
}

func (c client) GetID() string                      { return c.id }
func (c client) RedirectURIs() []string             { return c.redirects }
func (client) PostLogoutRedirectURIs() []string     { return nil }
func (client) ApplicationType() op.ApplicationType  { return op.ApplicationTypeWeb }
func (client) AuthMethod() oidc.AuthMethod          { return oidc.AuthMethodPost }
func (client) ResponseTypes() []oidc.ResponseType   { return []oidc.ResponseType{oidc.ResponseTypeCode} }
func (client) GrantTypes() []oidc.GrantType         { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c client) LoginURL(id string) string          { return c.site + "/login?id=" + id }
func (client) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeBearer }
func (client) IDTokenLifetime() time.Duration       { return time.Hour }
func (client) DevMode() bool                        { return false }
func (client) IsScopeAllowed(string) bool           { return false }
func (client) IDTokenUserinfoClaimsAssertion() bool { return true } // Google puts the address in the ID token
func (client) ClockSkew() time.Duration             { return 0 }
func (client) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}
func (client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}
