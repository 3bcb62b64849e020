package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/platform/fault"
	"rally/platform/web"
)

// oauthCookie binds a trip to a provider to the browser that began it. Lax
// lets it come along when the provider sends the browser back.
const (
	oauthCookie = "rally-oauth"
	oauthPath   = base + "oauth/"
)

func (a *API) registerSocial(api huma.API) {
	const reach = "A provider that isn't configured: `accounts.provider_unknown`."
	huma.Register(api, web.Op(http.MethodGet, base+"social/{provider}/", "accounts-social", tag, "Log in with a provider's access token",
		limited(), web.Errors(http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusServiceUnavailable), web.Describe(
			"For phone clients that logged in at the provider by themselves. Other sites can't lead a browser here, which would log it in as somebody else: `request.cross_origin`. "+
				"The token must have been made for us, where the provider can tell. A new account answers 201. "+
				"Codes: `accounts.link_required` when the address has an account, `accounts.provider_refused`, `accounts.provider_email_missing`, "+
				"`accounts.provider_email_unverified`, `accounts.provider_unavailable`. "+reach)), a.social)
	huma.Register(api, web.Op(http.MethodGet, base+"oauth/providers/", "accounts-oauth-providers", tag, "The providers to log in with",
		web.Describe("Only those that are configured.")), a.providers)
	huma.Register(api, web.Op(http.MethodGet, base+"oauth/{provider}/login/", "accounts-oauth-login", tag, "Log in at a provider",
		web.Status(http.StatusFound), limited(), web.Errors(http.StatusNotFound), web.Describe(
			"Redirects to the provider (authorization code with state, PKCE and, where there is one, nonce), or to `/signin?error={code}` when the provider is away. "+
				"`next` is a path of this site for the way back. "+reach)), a.oauthLogin)
	huma.Register(api, web.Op(http.MethodGet, base+"oauth/{provider}/callback/", "accounts-oauth-callback", tag, "Come back from a provider",
		web.Status(http.StatusFound), web.Describe(
			"Where the provider sends the browser. Redirects to `next` with the login's cookies, to `/signin?step=second` when a second step is needed, or to `/signin?error={code}`. "+
				"A trip that links or proves ends at `next`, with `linked={provider}`, `proved={provider}` or `error={code}`.")), a.oauthCallback)
	huma.Register(api, web.Op(http.MethodPost, base+"oauth/{provider}/link/", "accounts-oauth-link", tag, "Link a provider", web.Login(),
		web.Errors(http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable), web.Describe(
			"Answers with the address to send the browser to. Needs a recent authentication: else `accounts.reauth_required`. "+reach)), a.oauthLink)
	huma.Register(api, web.Op(http.MethodPost, base+"oauth/{provider}/reauth/", "accounts-oauth-reauth", tag, "Prove again who calls, at a provider", web.Login(),
		web.Errors(http.StatusNotFound, http.StatusServiceUnavailable), web.Describe("Answers with the address to send the browser to. "+reach)), a.oauthReauth)
	huma.Register(api, web.Op(http.MethodGet, base+"oauth/identities/", "accounts-identities", tag, "The caller's linked providers", web.Login(),
		web.Describe("At most one account of each provider.")), a.identities)
	huma.Register(api, web.Op(http.MethodDelete, base+"oauth/identities/{id}/", "accounts-identity-delete", tag, "Unlink a provider", web.Login(),
		web.Status(http.StatusNoContent), web.Errors(http.StatusForbidden, http.StatusNotFound, http.StatusConflict), web.Describe(
			"Codes: `accounts.identity_not_found`, `accounts.last_way_in`, `accounts.reauth_required`.")), a.unlink)
}

// ProviderInput is the provider in an address.
type ProviderInput struct {
	Provider string `path:"provider" doc:"google, naver or 42, as configured." example:"google"`
}

type socialInput struct {
	DeviceInput
	ProviderInput

	Token string `query:"token" doc:"The provider's access token."`
	Site  string `header:"Sec-Fetch-Site" hidden:"true"`
}

// social is a GET that logs in, as the phone clients have it. A link on another
// site must not make a browser follow it with a stranger's token: its owner
// would then write under the stranger's name. Browsers say where they come
// from; phones say nothing.
func (a *API) social(ctx context.Context, in *socialInput) (*loginOutput, error) {
	if in.Site != "" && in.Site != "same-origin" {
		return nil, web.ErrCrossOrigin
	}
	entrance, created, err := a.service.LoginWithToken(ctx, in.Provider, in.Token, clientOf(ctx, in.Device))
	if err != nil {
		return nil, err
	}
	out := entered(ctx, entrance)
	if out.Body.OTPRequired {
		return out, nil
	}
	exists := !created
	out.Body.Exists = &exists
	if created {
		out.Status = http.StatusCreated
	}
	return out, nil
}

type providerBody struct {
	Name string `json:"name" example:"google"`
}

func (a *API) providers(context.Context, *empty) (*resultsOutput[providerBody], error) {
	return listOf(a.service.Providers(), func(name string) providerBody { return providerBody{Name: name} }), nil
}

// callbackURL is the one redirect URI that a provider knows.
func callbackURL(ctx context.Context, provider string) string {
	return web.BaseURL(ctx) + oauthPath + provider + "/callback/"
}

const home = "/"

type cookieRedirect struct {
	Status    int
	Location  string        `header:"Location"`
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

type oauthLoginInput struct {
	ProviderInput

	Next string `query:"next" doc:"A path of this site." example:"/shop/12"`
}

func (a *API) oauthLogin(ctx context.Context, in *oauthLoginInput) (*cookieRedirect, error) {
	next := web.LocalPath(in.Next, home)
	away, err := a.service.Depart(ctx, in.Provider, accounts.TripLogin, callbackURL(ctx, in.Provider), next, clientOf(ctx, ""))
	if errors.Is(err, accounts.ErrProviderUnavailable) || errors.Is(err, accounts.ErrTooManyAttempts) { // a person follows a link here, and wants a page
		return &cookieRedirect{Status: http.StatusFound, Location: destination(in.Provider, accounts.Arrival{Next: next}, err)}, nil
	}
	if err != nil {
		return nil, err
	}
	return &cookieRedirect{Status: http.StatusFound, Location: away.URL, SetCookie: departing(ctx, away)}, nil
}

func departing(ctx context.Context, away accounts.Departure) []http.Cookie {
	return []http.Cookie{web.Cookie(ctx, oauthCookie, oauthPath, away.Browser.Value, away.Browser.Expires)}
}

type departInput struct {
	ProviderInput

	Body *struct {
		_    struct{} `json:"-" additionalProperties:"true"`
		Next string   `json:"next" required:"false" doc:"A path of this site for the way back." example:"/my/security"`
	}
}

type departOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		URL string `json:"url" doc:"Where the browser goes."`
	}
}

func (a *API) oauthLink(ctx context.Context, in *departInput) (*departOutput, error) {
	return a.depart(ctx, in, accounts.TripLink)
}

func (a *API) oauthReauth(ctx context.Context, in *departInput) (*departOutput, error) {
	return a.depart(ctx, in, accounts.TripReauth)
}

func (a *API) depart(ctx context.Context, in *departInput, purpose string) (*departOutput, error) {
	next := ""
	if in.Body != nil {
		next = in.Body.Next
	}
	away, err := a.service.Depart(ctx, in.Provider, purpose, callbackURL(ctx, in.Provider), web.LocalPath(next, "/my/security"), clientOf(ctx, ""))
	if err != nil {
		return nil, err
	}
	out := &departOutput{SetCookie: departing(ctx, away)}
	out.Body.URL = away.URL
	return out, nil
}

type callbackInput struct {
	DeviceInput
	ProviderInput

	Browser string `cookie:"rally-oauth"`
	State   string `query:"state"`
	Code    string `query:"code"`
	Error   string `query:"error"`
}

func (a *API) oauthCallback(ctx context.Context, in *callbackInput) (*cookieRedirect, error) {
	arrival, err := a.service.Arrive(ctx, accounts.Return{
		Provider: in.Provider, State: in.State, Code: in.Code, Denied: in.Error != "", Browser: in.Browser, Client: clientOf(ctx, in.Device),
	})
	if f := fault.From(err); err != nil && f.Kind == fault.Internal {
		return nil, err // nobody's fault: it is logged, and shown with its id
	}
	return &cookieRedirect{
		Status: http.StatusFound, Location: destination(in.Provider, arrival, err),
		SetCookie: append(arrivalCookies(ctx, arrival, err), web.ClearedCookie(ctx, oauthCookie, oauthPath)),
	}, nil
}

func arrivalCookies(ctx context.Context, arrival accounts.Arrival, err error) []http.Cookie {
	if err != nil || arrival.Purpose != accounts.TripLogin {
		return nil
	}
	return cookiesOf(ctx, arrival.Entrance)
}

// destination is where a browser goes after its trip. Next was checked when
// the trip began.
func destination(provider string, arrival accounts.Arrival, err error) string {
	next := arrival.Next
	if next == "" {
		next = home
	}
	query := url.Values{"next": {next}}
	switch {
	case err != nil && (arrival.Purpose == accounts.TripLink || arrival.Purpose == accounts.TripReauth):
		return web.WithQuery(next, "error", fault.From(err).Code)
	case err != nil:
		query.Set("error", fault.From(err).Code)
		if !errors.Is(err, accounts.ErrProviderUnknown) { // what a stranger may have typed
			query.Set("provider", provider)
		}
		return "/signin?" + query.Encode()
	case arrival.Purpose == accounts.TripLink:
		return web.WithQuery(next, "linked", provider)
	case arrival.Purpose == accounts.TripReauth:
		return web.WithQuery(next, "proved", provider)
	case arrival.Entrance.Pending.Value != "":
		query.Set("step", "second")
		return "/signin?" + query.Encode()
	}
	return next
}

type identityBody struct {
	ID         int64     `json:"id" example:"4"`
	Provider   string    `json:"provider" example:"google"`
	Email      string    `json:"email" doc:"As the provider last told it." example:"mina@rally.example"`
	CreatedAt  time.Time `json:"created_at"`
	LastUsedAt time.Time `json:"last_used_at"`
}

func identityOf(i accounts.Identity) identityBody {
	return identityBody{ID: i.ID, Provider: i.Provider, Email: i.Email, CreatedAt: i.CreatedAt, LastUsedAt: i.LastUsedAt}
}

func (a *API) identities(ctx context.Context, _ *empty) (*resultsOutput[identityBody], error) {
	list, err := a.service.Identities(ctx)
	if err != nil {
		return nil, err
	}
	return listOf(list, identityOf), nil
}

func (a *API) unlink(ctx context.Context, in *IDInput) (*struct{}, error) {
	return nil, a.service.Unlink(ctx, in.ID, clientOf(ctx, ""))
}
