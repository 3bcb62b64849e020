package oauth

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"rally/modules/accounts"
)

// fortyTwo speaks OAuth 2.0 as https://api.intra.42.fr/apidoc documents it.
//
// Trust decision: the addresses of 42 are the school's own, which it hands out
// and runs itself. They count as verified.
type fortyTwo struct {
	caller
	id, secret, baseURL string
}

func newFortyTwo(cfg Config, web caller) *fortyTwo {
	return &fortyTwo{caller: web, id: cfg.FortyTwoClientID, secret: cfg.FortyTwoClientSecret, baseURL: strings.TrimRight(cfg.FortyTwoBaseURL, "/")}
}

// Name implements accounts.Provider.
func (*fortyTwo) Name() string { return "42" }

// CodeURL implements accounts.Provider. It never fails. 42 can't be asked for
// a fresh proof.
func (f *fortyTwo) CodeURL(_ context.Context, r accounts.CodeRequest) (string, error) {
	client := oauth2.Config{
		ClientID: f.id, RedirectURL: r.RedirectURI,
		Endpoint: oauth2.Endpoint{AuthURL: f.baseURL + "/oauth/authorize"}, Scopes: []string{"public"},
	}
	return client.AuthCodeURL(r.State, oauth2.S256ChallengeOption(r.Verifier)), nil
}

// Exchange implements accounts.Provider. AuthTime is zero: 42 does not say.
func (f *fortyTwo) Exchange(ctx context.Context, c accounts.CodeGrant) (accounts.External, error) {
	if !usable(c.Code) {
		return accounts.External{}, refused("code: not usable")
	}
	return within(ctx, f.timeout, func(ctx context.Context) (accounts.External, error) {
		body, err := f.ask(ctx, request{what: "token", url: f.baseURL + "/oauth/token", form: url.Values{
			"grant_type": {"authorization_code"}, "client_id": {f.id}, "client_secret": {f.secret},
			"code": {c.Code}, "redirect_uri": {c.RedirectURI}, "state": {c.State}, "code_verifier": {c.Verifier},
		}})
		if err != nil {
			return accounts.External{}, err
		}
		answer, err := readGrant(body)
		if err != nil {
			return accounts.External{}, err
		}
		return f.profile(ctx, answer.AccessToken)
	})
}

// Inspect implements accounts.Provider. 42 tells for which application it has
// made a token; one of another is refused.
func (f *fortyTwo) Inspect(ctx context.Context, accessToken string) (accounts.External, error) {
	if !usable(accessToken) {
		return accounts.External{}, refused("access token: not usable")
	}
	return within(ctx, f.timeout, func(ctx context.Context) (accounts.External, error) {
		body, err := f.ask(ctx, request{what: "token info", url: f.baseURL + "/oauth/token/info", token: accessToken})
		if err != nil {
			return accounts.External{}, err
		}
		owner, err := readTokenOwner(body, f.id)
		if err != nil {
			return accounts.External{}, err
		}
		who, err := f.profile(ctx, accessToken)
		if err == nil && who.Subject != owner {
			return accounts.External{}, unavailable("profile: of somebody else than the token's owner")
		}
		return who, err
	})
}

// readTokenOwner returns the id of the person who owns a token that was made
// for the application.
func readTokenOwner(body []byte, clientID string) (string, error) {
	var told struct {
		Owner       int64 `json:"resource_owner_id"` // null in a token of the application itself
		Left        int64 `json:"expires_in_seconds"`
		Application struct {
			UID string `json:"uid"`
		} `json:"application"`
	}
	if err := decode("token info", body, &told); err != nil {
		return "", err
	}
	switch {
	case told.Application.UID == "":
		return "", unavailable("token info: no application")
	case told.Application.UID != clientID:
		return "", refused("access token: made for another application")
	case told.Owner <= 0:
		return "", refused("access token: speaks for nobody")
	case told.Left <= 0:
		return "", refused("access token: expired")
	}
	return strconv.FormatInt(told.Owner, 10), nil
}

func (f *fortyTwo) profile(ctx context.Context, token string) (accounts.External, error) {
	body, err := f.ask(ctx, request{what: "profile", url: f.baseURL + "/v2/me", token: token})
	if err != nil {
		return accounts.External{}, err
	}
	return readFortyTwoProfile(body)
}

func readFortyTwoProfile(body []byte) (accounts.External, error) {
	var told struct {
		ID    int64  `json:"id"`
		Email string `json:"email"`
	}
	if err := decode("profile", body, &told); err != nil {
		return accounts.External{}, err
	}
	if told.ID <= 0 {
		return accounts.External{}, unavailable("profile: no id")
	}
	return external(strconv.FormatInt(told.ID, 10), told.Email, true, time.Time{})
}
