package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"rally/modules/accounts"
	"rally/platform/web"
)

type signUpInput struct {
	Body struct {
		_           struct{} `json:"-" additionalProperties:"true"`
		Email       string   `json:"email" required:"false" example:"mina@rally.example"`
		Password1   string   `json:"password1" required:"false" doc:"8…128 characters; not common, not digits only, not like the address." example:"wind-over-namsan"`
		Password2   string   `json:"password2" required:"false" doc:"The same again." example:"wind-over-namsan"`
		ShoeSize    number   `json:"shoe_size" required:"false" doc:"Millimetres, 220…310 in steps of 5."`
		PhoneNumber text     `json:"phone_number" required:"false" doc:"Korean, in any spelling."`
	}
}

func (a *API) signUp(ctx context.Context, in *signUpInput) (*detailOutput, error) {
	err := a.service.Register(ctx, accounts.Registration{
		Email: in.Body.Email, Password1: in.Body.Password1, Password2: in.Body.Password2,
		ShoeSize: in.Body.ShoeSize.value, PhoneNumber: in.Body.PhoneNumber.value, BaseURL: web.BaseURL(ctx), Client: clientOf(ctx, ""),
	})
	if err != nil {
		return nil, err
	}
	return say("Verification e-mail sent."), nil
}

type verifyEmailInput struct {
	Body struct {
		_   struct{} `json:"-" additionalProperties:"true"`
		Key string   `json:"key" required:"false" doc:"From the mailed link."`
	}
}

func (a *API) verifyEmail(ctx context.Context, in *verifyEmailInput) (*detailOutput, error) {
	if err := a.service.VerifyEmail(ctx, in.Body.Key); err != nil {
		return nil, err
	}
	return say("ok"), nil
}

type confirmEmailInput struct {
	Key string `path:"key"`
}

type redirectOutput struct {
	Status   int
	Location string `header:"Location"`
}

func (a *API) confirmEmail(ctx context.Context, in *confirmEmailInput) (*redirectOutput, error) {
	err := a.service.VerifyEmail(ctx, in.Key)
	if errors.Is(err, accounts.ErrKeyInvalid) {
		return &redirectOutput{Status: http.StatusFound, Location: "/verify?error=" + url.QueryEscape(accounts.ErrKeyInvalid.Code)}, nil
	}
	if err != nil {
		return nil, err
	}
	return &redirectOutput{Status: http.StatusFound, Location: "/signin"}, nil
}

type resendEmailInput struct {
	Body struct {
		_     struct{} `json:"-" additionalProperties:"true"`
		Email string   `json:"email" required:"false" example:"mina@rally.example"`
	}
}

func (a *API) resendEmail(ctx context.Context, in *resendEmailInput) (*detailOutput, error) {
	if err := a.service.ResendVerification(ctx, in.Body.Email, web.BaseURL(ctx), clientOf(ctx, "")); err != nil {
		return nil, err
	}
	return say("If this address waits to be confirmed, another mail is on its way."), nil
}
