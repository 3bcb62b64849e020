package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"rally/modules/accounts"
	"rally/platform/web"
)

type loginInput struct {
	DeviceInput

	Body struct {
		_        struct{} `json:"-" additionalProperties:"true"`
		Email    string   `json:"email" required:"false" example:"mina@rally.example"`
		Password string   `json:"password" required:"false" example:"wind-over-namsan"`
	}
}

// Names and paths of the cookies of this module.
const (
	deviceCookie  = "rally-device"
	pendingCookie = "rally-pending"
	pendingPath   = base + "login/"
)

// DeviceInput is the cookie that tells a known device. It is sent to nothing
// but this module. It is exported because huma fills no field of an embedded
// struct that isn't.
type DeviceInput struct {
	Device string `cookie:"rally-device"`
}

// PendingInput is the cookie of a login that waits for its second step.
type PendingInput struct {
	Pending string `cookie:"rally-pending"`
}

// loginBody is a login that is done, or one that needs a second step. Only one
// of the two is there.
type loginBody struct {
	AccessToken  string    `json:"access_token,omitempty" doc:"JWT, for the header Authorization: Bearer."`
	RefreshToken string    `json:"refresh_token,omitempty" doc:"Opaque; buys the next pair."`
	User         *userBody `json:"user,omitempty"`
	Exists       *bool     `json:"exists,omitempty" doc:"Social login: whether the account was there before."`

	OTPRequired bool     `json:"otp_required,omitempty" doc:"A second step is needed; there are no tokens yet."`
	Methods     []string `json:"methods,omitempty" doc:"The second steps that are open: otp, recovery_code, passkey."`
}

type loginOutput struct {
	Status    int
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      loginBody
}

// cookiesOf are what the browser keeps of an entrance.
func cookiesOf(ctx context.Context, e accounts.Entrance) []http.Cookie {
	if e.Pending.Value != "" {
		return []http.Cookie{web.Cookie(ctx, pendingCookie, pendingPath, e.Pending.Value, e.Pending.Expires)}
	}
	list := append(web.SessionCookies(ctx, e.Tokens), web.ClearedCookie(ctx, pendingCookie, pendingPath))
	if e.Device.Value != "" {
		list = append(list, web.Cookie(ctx, deviceCookie, base, e.Device.Value, e.Device.Expires))
	}
	return list
}

func entered(ctx context.Context, e accounts.Entrance) *loginOutput {
	out := &loginOutput{Status: http.StatusOK, SetCookie: cookiesOf(ctx, e)}
	if e.Pending.Value != "" {
		out.Body = loginBody{OTPRequired: true, Methods: e.Steps}
		return out
	}
	user := userOf(ctx, e.Account)
	out.Body = loginBody{AccessToken: e.Tokens.Access, RefreshToken: e.Tokens.Refresh, User: &user}
	return out
}

func (a *API) login(ctx context.Context, in *loginInput) (*loginOutput, error) {
	entrance, err := a.service.Login(ctx, accounts.LoginForm{Email: in.Body.Email, Password: in.Body.Password, Client: clientOf(ctx, in.Device)})
	if err != nil {
		return nil, err
	}
	return entered(ctx, entrance), nil
}

// refreshInput takes the refresh token from the body, else from the cookie.
type refreshInput struct {
	Cookie string `cookie:"rally-refresh"`
	Body   *struct {
		_       struct{} `json:"-" additionalProperties:"true"`
		Refresh string   `json:"refresh" required:"false" doc:"The refresh token; by default that of the cookie."`
	}
}

func (in *refreshInput) token() (token string, fromCookie bool) {
	if in.Body != nil && in.Body.Refresh != "" {
		return in.Body.Refresh, false
	}
	return in.Cookie, in.Cookie != ""
}

type logoutOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      detail
}

func (a *API) logout(ctx context.Context, in *refreshInput) (*logoutOutput, error) {
	token, fromCookie := in.token()
	err := a.service.Logout(ctx, token)
	// A browser can't drop a dead cookie by itself: what it wants is done.
	if err != nil && (!fromCookie || !errors.Is(err, accounts.ErrRefreshInvalid)) {
		return nil, err
	}
	return &logoutOutput{SetCookie: web.ClearedCookies(ctx), Body: detail{Detail: "Successfully logged out."}}, nil
}

type ticketOutput struct {
	Body struct {
		Ticket    string    `json:"ticket" doc:"Opens one connection." example:"Zk1v0pB1rH4Qm9n2c3d4e5f6a7b8c9d0e1f2g3h4i5j"`
		ExpiresAt time.Time `json:"expires_at" doc:"When it stops being good." example:"2026-03-18T05:30:30Z"`
	}
}

func (a *API) ticket(ctx context.Context, _ *struct{}) (*ticketOutput, error) {
	t, err := a.service.NewTicket(ctx)
	if err != nil {
		return nil, err
	}
	out := &ticketOutput{}
	out.Body.Ticket, out.Body.ExpiresAt = t.Text, t.Expires
	return out, nil
}

type refreshOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		Access  string `json:"access"`
		Refresh string `json:"refresh"`
	}
}

func (a *API) refresh(ctx context.Context, in *refreshInput) (*refreshOutput, error) {
	token, _ := in.token()
	tokens, err := a.service.Refresh(ctx, token, clientOf(ctx, ""))
	if err != nil {
		return nil, err // without cookies: those of a tab that was faster are good
	}
	out := &refreshOutput{SetCookie: web.SessionCookies(ctx, tokens)}
	out.Body.Access, out.Body.Refresh = tokens.Access, tokens.Refresh
	return out, nil
}

type verifyTokenInput struct {
	Body struct {
		_     struct{} `json:"-" additionalProperties:"true"`
		Token string   `json:"token" required:"false" doc:"An access token."`
	}
}

type emptyOutput struct{ Body struct{} }

func (a *API) verifyToken(ctx context.Context, in *verifyTokenInput) (*emptyOutput, error) {
	if _, err := a.service.Authenticate(ctx, in.Body.Token); err != nil {
		return nil, err
	}
	return &emptyOutput{}, nil
}

type userOutput struct{ Body userBody }

func (a *API) user(ctx context.Context, _ *struct{}) (*userOutput, error) {
	account, err := a.service.Me(ctx)
	if err != nil {
		return nil, err
	}
	return &userOutput{Body: userOf(ctx, account)}, nil
}

type userInput struct {
	Body struct {
		_           struct{} `json:"-" additionalProperties:"true"`
		ShoeSize    number   `json:"shoe_size" required:"false" doc:"Millimetres, 220…310 in steps of 5; null clears it."`
		PhoneNumber text     `json:"phone_number" required:"false" doc:"Korean, in any spelling; null clears it."`
	}
}

func (a *API) updateUser(ctx context.Context, in *userInput) (*userOutput, error) {
	account, err := a.service.UpdateMe(ctx, accounts.UserChange{ShoeSize: in.Body.ShoeSize.change(), PhoneNumber: in.Body.PhoneNumber.change()})
	if err != nil {
		return nil, err
	}
	return &userOutput{Body: userOf(ctx, account)}, nil
}
