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

type verifyEmailOutput struct {
	Body struct {
		Detail string `json:"detail" example:"ok"`

		ChoosePassword bool `json:"choose_password,omitempty" doc:"The address was registered more than once: another mail lets its owner choose a password."`
	}
}

func (a *API) verifyEmail(ctx context.Context, in *verifyEmailInput) (*verifyEmailOutput, error) {
	choose, err := a.service.VerifyEmail(ctx, in.Body.Key, web.BaseURL(ctx))
	if err != nil {
		return nil, err
	}
	out := &verifyEmailOutput{}
	out.Body.Detail, out.Body.ChoosePassword = "ok", choose
	return out, nil
}

type confirmEmailInput struct {
	Key string `path:"key"`
}

type redirectOutput struct {
	Status   int
	Location string `header:"Location"`
}

func (a *API) confirmEmail(ctx context.Context, in *confirmEmailInput) (*redirectOutput, error) {
	choose, err := a.service.VerifyEmail(ctx, in.Key, web.BaseURL(ctx))
	if errors.Is(err, accounts.ErrKeyInvalid) {
		return &redirectOutput{Status: http.StatusFound, Location: "/verify?error=" + url.QueryEscape(accounts.ErrKeyInvalid.Code)}, nil
	}
	if err != nil {
		return nil, err
	}
	if choose {
		return &redirectOutput{Status: http.StatusFound, Location: "/verify?choose=password"}, nil
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
