package oauth

import (
	"context"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"rally/modules/accounts"
)

// naver speaks OAuth 2.0 as https://developers.naver.com/docs/login/api/api.md
// documents it.
//
// Trust decision: Naver flags no address as verified. The contact address that
// it tells has been confirmed by Naver when the person set it, so it counts as
// verified whenever there is one.
type naver struct {
	caller
	id, secret, baseURL, apiURL string
}

func newNaver(cfg Config, web caller) *naver {
	return &naver{
		caller: web, id: cfg.NaverClientID, secret: cfg.NaverClientSecret,
		baseURL: strings.TrimRight(cfg.NaverBaseURL, "/"), apiURL: strings.TrimRight(cfg.NaverAPIURL, "/"),
	}
}

// Name implements accounts.Provider.
func (*naver) Name() string { return "naver" }

// CodeURL implements accounts.Provider. It never fails. Naver documents no
// PKCE; the challenge does no harm there.
func (n *naver) CodeURL(_ context.Context, r accounts.CodeRequest) (string, error) {
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(r.Verifier)}
	if r.Fresh {
		options = append(options, oauth2.SetAuthURLParam("auth_type", "reauthenticate"))
	}
	client := oauth2.Config{ClientID: n.id, RedirectURL: r.RedirectURI, Endpoint: oauth2.Endpoint{AuthURL: n.baseURL + "/oauth2.0/authorize"}}
	return client.AuthCodeURL(r.State, options...), nil
}

// Exchange implements accounts.Provider. Email is empty when the person did
// not let Naver tell it. AuthTime is zero: Naver does not say.
func (n *naver) Exchange(ctx context.Context, c accounts.CodeGrant) (accounts.External, error) {
	if !usable(c.Code) {
		return accounts.External{}, refused("code: not usable")
	}
	return within(ctx, n.timeout, func(ctx context.Context) (accounts.External, error) {
		body, err := n.ask(ctx, request{what: "token", url: n.baseURL + "/oauth2.0/token", form: url.Values{
			"grant_type": {"authorization_code"}, "client_id": {n.id}, "client_secret": {n.secret},
			"code": {c.Code}, "state": {c.State}, "code_verifier": {c.Verifier},
		}})
		if err != nil {
			return accounts.External{}, err
		}
		answer, err := readGrant(body)
		if err != nil {
			return accounts.External{}, err
		}
		return n.profile(ctx, answer.AccessToken)
	})
}

// Inspect implements accounts.Provider. Naver has no way to tell for whom it
// has made a token: one that another application got is taken as well. Naver
// documents its ids as made for each application, so such a token should not
// find an identity of ours; nothing proves that, so the address that comes
// along must not open an account that is there already.
func (n *naver) Inspect(ctx context.Context, accessToken string) (accounts.External, error) {
	if !usable(accessToken) {
		return accounts.External{}, refused("access token: not usable")
	}
	return within(ctx, n.timeout, func(ctx context.Context) (accounts.External, error) {
		return n.profile(ctx, accessToken)
	})
}

func (n *naver) profile(ctx context.Context, token string) (accounts.External, error) {
	body, err := n.ask(ctx, request{what: "profile", url: n.apiURL + "/v1/nid/me", token: token})
	if err != nil {
		return accounts.External{}, err
	}
	return readNaverProfile(body)
}

func readNaverProfile(body []byte) (accounts.External, error) {
	var told struct {
		Code   string `json:"resultcode"`
		Person struct {
			ID    string `json:"id"`
			Email string `json:"email"`
		} `json:"response"`
	}
	if err := decode("profile", body, &told); err != nil {
		return accounts.External{}, err
	}
	switch told.Code {
	case "00":
		return external(told.Person.ID, told.Person.Email, true, time.Time{})
	case "024", "028", "403": // a bad token, no token, or one without the right
		return accounts.External{}, refused("profile: result code %s", told.Code)
	}
	return accounts.External{}, unavailable("profile: another result code than documented")
}
