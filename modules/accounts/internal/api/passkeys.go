package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/platform/web"
)

const aboutCeremonies = "The answer's `options` go to the browser (`navigator.credentials`); what it returns goes back with the `ceremony`, " +
	"which works once, within five minutes. No passkeys at this address: `accounts.passkeys_unavailable`."

func (a *API) registerPasskeys(api huma.API) {
	huma.Register(api, web.Op(http.MethodPost, base+"passkeys/login/begin/", "accounts-passkey-login-begin", tag, "Log in with a passkey: begin",
		limited(), web.Errors(http.StatusConflict), web.Describe(aboutCeremonies)), a.beginPasskeyLogin)
	huma.Register(api, web.Op(http.MethodPost, base+"passkeys/login/", "accounts-passkey-login", tag, "Log in with a passkey",
		limited(), web.Errors(http.StatusConflict), web.Describe("A passkey is both steps in one. Codes: `accounts.passkey_invalid`, `accounts.deactivated`.")), a.passkeyLogin)
	huma.Register(api, web.Op(http.MethodGet, base+"passkeys/", "accounts-passkeys", tag, "The caller's passkeys", web.Login(),
		web.Describe("Oldest first.")), a.passkeys)
	huma.Register(api, web.Op(http.MethodPost, base+"passkeys/register/begin/", "accounts-passkey-register-begin", tag, "Add a passkey: begin", web.Login(),
		web.Errors(http.StatusForbidden, http.StatusConflict), web.Describe(aboutCeremonies+" Needs a recent authentication: else `accounts.reauth_required`.")), a.beginPasskey)
	huma.Register(api, web.Op(http.MethodPost, base+"passkeys/register/", "accounts-passkey-register", tag, "Add a passkey", web.Login(),
		web.Status(http.StatusCreated), web.Errors(http.StatusForbidden, http.StatusConflict),
		web.Describe("Codes: `accounts.passkey_invalid`, `accounts.too_many_passkeys`, `accounts.reauth_required`.")), a.addPasskey)
	huma.Register(api, web.Op(http.MethodPatch, base+"passkeys/{id}/", "accounts-passkey-rename", tag, "Rename a passkey", web.Login(),
		web.Errors(http.StatusNotFound), web.Describe("At most 40 characters. Code: `accounts.passkey_not_found`.")), a.renamePasskey)
	huma.Register(api, web.Op(http.MethodDelete, base+"passkeys/{id}/", "accounts-passkey-delete", tag, "Remove a passkey", web.Login(),
		web.Status(http.StatusNoContent), web.Errors(http.StatusForbidden, http.StatusNotFound, http.StatusConflict),
		web.Describe("Codes: `accounts.passkey_not_found`, `accounts.last_way_in`, `accounts.reauth_required`.")), a.removePasskey)
	huma.Register(api, web.Op(http.MethodPut, base+"passkeys/second-step/", "accounts-passkey-second-step", tag, "Ask for a passkey as the second step, or not", web.Login(),
		web.Errors(http.StatusForbidden, http.StatusNotFound), web.Describe(
			"Recovery codes come with the answer if the account had none. Codes: `accounts.passkey_not_found` when there is no passkey to ask for, `accounts.reauth_required`.")), a.requirePasskey)
}

type ceremonyOutput struct {
	Body struct {
		Ceremony string          `json:"ceremony" doc:"Comes back with the answer."`
		Options  json.RawMessage `json:"options" doc:"PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON of WebAuthn."`
	}
}

func began(c accounts.BegunCeremony, err error) (*ceremonyOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &ceremonyOutput{}
	out.Body.Ceremony, out.Body.Options = c.Token, c.Options
	return out, nil
}

// AnswerBody is what a browser answers to a ceremony.
type AnswerBody struct {
	Ceremony   string          `json:"ceremony" required:"false" doc:"As it was begun."`
	Credential json.RawMessage `json:"credential" required:"false" doc:"PublicKeyCredential.toJSON() of the browser."`
}

func (b AnswerBody) answer(ctx context.Context, device string) accounts.PasskeyAnswer {
	return accounts.PasskeyAnswer{Token: b.Ceremony, Credential: b.Credential, Origin: web.BaseURL(ctx), Client: clientOf(ctx, device)}
}

func (a *API) beginPasskeyLogin(ctx context.Context, _ *empty) (*ceremonyOutput, error) {
	return began(a.service.BeginPasskeyLogin(ctx, web.BaseURL(ctx), clientOf(ctx, "")))
}

type passkeyLoginInput struct {
	DeviceInput
	AnswerInput
}

func (a *API) passkeyLogin(ctx context.Context, in *passkeyLoginInput) (*loginOutput, error) {
	entrance, err := a.service.LoginWithPasskey(ctx, in.Body.answer(ctx, in.Device))
	if err != nil {
		return nil, err
	}
	return entered(ctx, entrance), nil
}

type passkeyBody struct {
	ID         int64      `json:"id" example:"3"`
	Name       string     `json:"name" example:"Chrome · macOS"`
	CreatedAt  time.Time  `json:"created_at"`
	LastUsedAt *time.Time `json:"last_used_at" doc:"Or null."`
}

func passkeyOf(p accounts.Passkey) passkeyBody {
	return passkeyBody{ID: p.ID, Name: p.Name, CreatedAt: p.CreatedAt, LastUsedAt: orNull(p.LastUsedAt)}
}

// results is a list that is short by its nature.
type results[T any] struct {
	Results []T `json:"results"`
}

type resultsOutput[T any] struct{ Body results[T] }

func listOf[T, U any](list []T, convert func(T) U) *resultsOutput[U] {
	out := &resultsOutput[U]{Body: results[U]{Results: make([]U, len(list))}}
	for i, v := range list {
		out.Body.Results[i] = convert(v)
	}
	return out
}

func (a *API) passkeys(ctx context.Context, _ *empty) (*resultsOutput[passkeyBody], error) {
	list, err := a.service.Passkeys(ctx)
	if err != nil {
		return nil, err
	}
	return listOf(list, passkeyOf), nil
}

func (a *API) beginPasskey(ctx context.Context, _ *empty) (*ceremonyOutput, error) {
	return began(a.service.BeginPasskey(ctx, web.BaseURL(ctx)))
}

type addPasskeyInput struct {
	Body struct {
		_ struct{} `json:"-" additionalProperties:"true"`
		AnswerBody
		Name string `json:"name" required:"false" doc:"At most 40 characters; by default the device's." example:"My phone"`
	}
}

type passkeyOutput struct{ Body passkeyBody }

func (a *API) addPasskey(ctx context.Context, in *addPasskeyInput) (*passkeyOutput, error) {
	added, err := a.service.AddPasskey(ctx, in.Body.Name, in.Body.answer(ctx, ""))
	if err != nil {
		return nil, err
	}
	return &passkeyOutput{Body: passkeyOf(added)}, nil
}

// IDInput is the id in an address.
type IDInput struct {
	ID int64 `path:"id"`
}

type renamePasskeyInput struct {
	IDInput

	Body struct {
		_    struct{} `json:"-" additionalProperties:"true"`
		Name string   `json:"name" required:"false" example:"My phone"`
	}
}

func (a *API) renamePasskey(ctx context.Context, in *renamePasskeyInput) (*passkeyOutput, error) {
	renamed, err := a.service.RenamePasskey(ctx, in.ID, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &passkeyOutput{Body: passkeyOf(renamed)}, nil
}

func (a *API) removePasskey(ctx context.Context, in *IDInput) (*struct{}, error) {
	return nil, a.service.RemovePasskey(ctx, in.ID, clientOf(ctx, ""))
}

type requirePasskeyInput struct {
	Body struct {
		_       struct{} `json:"-" additionalProperties:"true"`
		Enabled bool     `json:"enabled" required:"false"`
	}
}

type requirePasskeyOutput struct {
	Body struct {
		Enabled       bool     `json:"enabled"`
		RecoveryCodes []string `json:"recovery_codes,omitempty" doc:"When the account had none: ten, shown once."`
	}
}

func (a *API) requirePasskey(ctx context.Context, in *requirePasskeyInput) (*requirePasskeyOutput, error) {
	codes, err := a.service.RequirePasskey(ctx, in.Body.Enabled, clientOf(ctx, ""))
	if err != nil {
		return nil, err
	}
	out := &requirePasskeyOutput{}
	out.Body.Enabled, out.Body.RecoveryCodes = in.Body.Enabled, codes
	return out, nil
}
