package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/platform/web"
)

func (a *API) registerRecovery(api huma.API) {
	huma.Register(api, web.Op(http.MethodPost, base+"password/change/", "accounts-password-change", tag, "Change the password", web.Login(),
		limited(), web.Errors(http.StatusForbidden, http.StatusServiceUnavailable), web.Describe(
			"Every other session ends and no device is trusted any more. An account without a password needs no `old_password`, but a recent authentication. "+
				"Codes: `accounts.bad_credentials`, `accounts.reauth_required`.")), a.changePassword)
	huma.Register(api, web.Op(http.MethodPost, base+"password/reset/", "accounts-password-reset", tag, "Ask for a link that resets the password",
		limited(), web.Describe("The answer never tells whether the address has an account, and neither does its time.")), a.askReset)
	huma.Register(api, web.Op(http.MethodPost, base+"password/reset/confirm/", "accounts-password-reset-confirm", tag, "Reset the password",
		web.Errors(http.StatusServiceUnavailable), web.Describe(
			"Takes uid and token of the mailed link, which works once, within an hour. Every session ends; nobody is logged in by it. Code: `accounts.reset_invalid`.")), a.resetPassword)
	huma.Register(api, web.Op(http.MethodPost, base+"email/change/", "accounts-email-change", tag, "Ask to change the e-mail address", web.Login(),
		limited(), web.Errors(http.StatusForbidden), web.Describe(
			"Mails a link to the new address and a notice to the old one. The answer never tells whether the address has an account. Needs a recent authentication: else `accounts.reauth_required`.")), a.askEmailChange)
	huma.Register(api, web.Op(http.MethodPost, base+"email/change/confirm/", "accounts-email-change-confirm", tag, "Change the e-mail address",
		web.Errors(http.StatusNotFound), web.Describe("Takes the key of the mailed link, which works once, within a day. Code: `accounts.key_invalid`.")), a.changeEmail)
}

type changePasswordInput struct {
	Body struct {
		_            struct{} `json:"-" additionalProperties:"true"`
		OldPassword  string   `json:"old_password" required:"false" example:"wind-over-namsan"`
		NewPassword1 string   `json:"new_password1" required:"false" doc:"As at registration." example:"rain-over-bukhan"`
		NewPassword2 string   `json:"new_password2" required:"false" doc:"The same again." example:"rain-over-bukhan"`
	}
}

func (a *API) changePassword(ctx context.Context, in *changePasswordInput) (*detailOutput, error) {
	err := a.service.ChangePassword(ctx, accounts.PasswordChange{
		Old: in.Body.OldPassword, New1: in.Body.NewPassword1, New2: in.Body.NewPassword2, Client: clientOf(ctx, ""),
	})
	if err != nil {
		return nil, err
	}
	return say("New password has been saved."), nil
}

func (a *API) askReset(ctx context.Context, in *resendEmailInput) (*detailOutput, error) {
	if err := a.service.AskReset(ctx, in.Body.Email, web.BaseURL(ctx), clientOf(ctx, "")); err != nil {
		return nil, err
	}
	return say("If this address has an account, a mail is on its way."), nil
}

type resetPasswordInput struct {
	Body struct {
		_            struct{} `json:"-" additionalProperties:"true"`
		UID          string   `json:"uid" required:"false" doc:"From the mailed link." example:"7"`
		Token        string   `json:"token" required:"false" doc:"From the mailed link."`
		NewPassword1 string   `json:"new_password1" required:"false" doc:"As at registration." example:"rain-over-bukhan"`
		NewPassword2 string   `json:"new_password2" required:"false" doc:"The same again." example:"rain-over-bukhan"`
	}
}

func (a *API) resetPassword(ctx context.Context, in *resetPasswordInput) (*detailOutput, error) {
	err := a.service.ResetPassword(ctx, accounts.PasswordReset{
		UserID: in.Body.UID, Key: in.Body.Token, New1: in.Body.NewPassword1, New2: in.Body.NewPassword2, Client: clientOf(ctx, ""),
	})
	if err != nil {
		return nil, err
	}
	return say("Password has been reset with the new password."), nil
}

func (a *API) askEmailChange(ctx context.Context, in *resendEmailInput) (*detailOutput, error) {
	if err := a.service.AskEmailChange(ctx, in.Body.Email, web.BaseURL(ctx), clientOf(ctx, "")); err != nil {
		return nil, err
	}
	return say("A link is on its way to the new address."), nil
}

func (a *API) changeEmail(ctx context.Context, in *verifyEmailInput) (*detailOutput, error) {
	if err := a.service.ChangeEmail(ctx, in.Body.Key, clientOf(ctx, "")); err != nil {
		return nil, err
	}
	return say("ok"), nil
}
