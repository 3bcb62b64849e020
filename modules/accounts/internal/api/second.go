package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/accounts"
	"rally/platform/web"
)

func (a *API) registerSecondStep(api huma.API) {
	huma.Register(api, web.Op(http.MethodPost, base+"login/otp/", "accounts-login-otp", tag, "Log in: second step with a code",
		limited(), web.Errors(http.StatusUnauthorized), web.Describe(
			"Takes a one-time code or a recovery code, each of which works once, and the cookie `rally-pending`. `trust_device` asks for no second step on this device for 30 days. "+
				"Codes: `accounts.pending_required`, `accounts.code_invalid`, `accounts.too_many_attempts`.")), a.loginOTP)
	huma.Register(api, web.Op(http.MethodPost, base+"login/passkey/begin/", "accounts-login-passkey-begin", tag, "Log in: begin the second step with a passkey",
		web.Errors(http.StatusUnauthorized, http.StatusNotFound, http.StatusConflict), web.Describe("Needs the cookie `rally-pending`. "+aboutCeremonies)), a.beginPasskeyStep)
	huma.Register(api, web.Op(http.MethodPost, base+"login/passkey/", "accounts-login-passkey", tag, "Log in: second step with a passkey",
		limited(), web.Errors(http.StatusUnauthorized, http.StatusConflict), web.Describe("Codes: `accounts.pending_required`, `accounts.passkey_invalid`.")), a.loginPasskey)

	huma.Register(api, web.Op(http.MethodPost, base+"otp/setup/", "accounts-otp-setup", tag, "One-time codes: a secret for the app", web.Login(),
		web.Errors(http.StatusForbidden, http.StatusConflict), web.Describe(
			"Makes a TOTP secret (RFC 6238: SHA-1, six digits, 30 seconds). Nothing asks for codes until otp/confirm/. Needs a recent authentication: else `accounts.reauth_required`. "+
				"Code: `accounts.otp_enabled`.")), a.setUpOTP)
	huma.Register(api, web.Op(http.MethodPost, base+"otp/confirm/", "accounts-otp-confirm", tag, "One-time codes: turn on", web.Login(),
		limited(), web.Errors(http.StatusForbidden, http.StatusConflict), web.Describe(
			"Takes the first code of the app. The ten recovery codes of the answer are shown once and stored as hashes. "+
				"Codes: `accounts.code_invalid`, `accounts.otp_disabled` before otp/setup/, `accounts.reauth_required`.")), a.confirmOTP)
	huma.Register(api, web.Op(http.MethodPost, base+"otp/disable/", "accounts-otp-disable", tag, "One-time codes: turn off", web.Login(),
		limited(), web.Errors(http.StatusForbidden, http.StatusConflict), web.Describe(
			"Takes the password, or a recent authentication where there is none, and a code. Codes: `accounts.otp_disabled`, `accounts.bad_credentials`, `accounts.code_invalid`.")), a.disableOTP)
	huma.Register(api, web.Op(http.MethodPost, base+"recovery-codes/", "accounts-recovery-codes", tag, "Renew the recovery codes", web.Login(),
		web.Errors(http.StatusForbidden, http.StatusConflict), web.Describe("The old ones are dead. Codes: `accounts.no_second_step`, `accounts.reauth_required`.")), a.renewRecoveryCodes)

	huma.Register(api, web.Op(http.MethodGet, base+"security/", "accounts-security", tag, "The state of the caller's account security", web.Login(),
		web.Describe("Which ways in and second steps there are, and which proofs reauth/ can take.")), a.security)
	huma.Register(api, web.Op(http.MethodPost, base+"reauth/", "accounts-reauth", tag, "Prove again who calls", web.Login(),
		limited(), web.Errors(http.StatusServiceUnavailable), web.Describe(
			"Takes the password, if there is one, and with a second step a one-time or recovery code. It counts for ten minutes. "+
				"Codes: `accounts.bad_credentials`, `accounts.code_invalid`.")), a.reauth)
	huma.Register(api, web.Op(http.MethodPost, base+"reauth/passkey/begin/", "accounts-reauth-passkey-begin", tag, "Prove again who calls: begin with a passkey", web.Login(),
		web.Errors(http.StatusNotFound, http.StatusConflict), web.Describe(aboutCeremonies)), a.beginPasskeyReauth)
	huma.Register(api, web.Op(http.MethodPost, base+"reauth/passkey/", "accounts-reauth-passkey", tag, "Prove again who calls, with a passkey", web.Login(),
		limited(), web.Errors(http.StatusConflict), web.Describe("Code: `accounts.passkey_invalid`.")), a.reauthPasskey)
}

// ProofBody is what somebody types in the second step.
type ProofBody struct {
	Code         string `json:"code" required:"false" doc:"One-time code of six digits." example:"123456"`
	RecoveryCode string `json:"recovery_code" required:"false" doc:"In place of the code." example:"ABCD-EFGH-2345"`
}

func (b ProofBody) proof() accounts.SecondProof {
	return accounts.SecondProof{Code: b.Code, RecoveryCode: b.RecoveryCode}
}

type loginOTPInput struct {
	DeviceInput
	PendingInput

	Body struct {
		_ struct{} `json:"-" additionalProperties:"true"`
		ProofBody
		TrustDevice bool `json:"trust_device" required:"false" doc:"Ask for no second step on this device for 30 days."`
	}
}

func (a *API) loginOTP(ctx context.Context, in *loginOTPInput) (*loginOutput, error) {
	entrance, err := a.service.FinishLogin(ctx, in.Pending, in.Body.proof(), in.Body.TrustDevice, clientOf(ctx, in.Device))
	if err != nil {
		return nil, err
	}
	return entered(ctx, entrance), nil
}

type beginStepInput struct {
	PendingInput
}

func (a *API) beginPasskeyStep(ctx context.Context, in *beginStepInput) (*ceremonyOutput, error) {
	return began(a.service.BeginPasskeyStep(ctx, in.Pending, web.BaseURL(ctx)))
}

type loginPasskeyInput struct {
	DeviceInput
	PendingInput

	Body struct {
		_ struct{} `json:"-" additionalProperties:"true"`
		AnswerBody
		TrustDevice bool `json:"trust_device" required:"false" doc:"Ask for no second step on this device for 30 days."`
	}
}

func (a *API) loginPasskey(ctx context.Context, in *loginPasskeyInput) (*loginOutput, error) {
	entrance, err := a.service.FinishLoginWithPasskey(ctx, in.Pending, in.Body.TrustDevice, in.Body.answer(ctx, in.Device))
	if err != nil {
		return nil, err
	}
	return entered(ctx, entrance), nil
}

type setUpOTPOutput struct {
	Body struct {
		Secret     string `json:"secret" doc:"Base32, for typing." example:"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"`
		OTPAuthURL string `json:"otpauth_url" doc:"What the QR code says."`
		QRPNG      string `json:"qr_png" doc:"The QR code: a data: address of a PNG."`
	}
}

func (a *API) setUpOTP(ctx context.Context, _ *empty) (*setUpOTPOutput, error) {
	setup, err := a.service.SetUpOTP(ctx)
	if err != nil {
		return nil, err
	}
	out := &setUpOTPOutput{}
	out.Body.Secret, out.Body.OTPAuthURL = setup.Secret, setup.URL
	out.Body.QRPNG = "data:image/png;base64," + base64.StdEncoding.EncodeToString(setup.QRCode)
	return out, nil
}

type recoveryOutput struct {
	Body struct {
		RecoveryCodes []string `json:"recovery_codes" doc:"Ten, each of which works once. Nobody can see them again." example:"[\"ABCD-EFGH-2345\"]"`
	}
}

func recovered(codes []string, err error) (*recoveryOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &recoveryOutput{}
	out.Body.RecoveryCodes = codes
	return out, nil
}

type confirmOTPInput struct {
	Body struct {
		_    struct{} `json:"-" additionalProperties:"true"`
		Code string   `json:"code" required:"false" doc:"The first code of the app." example:"123456"`
	}
}

func (a *API) confirmOTP(ctx context.Context, in *confirmOTPInput) (*recoveryOutput, error) {
	return recovered(a.service.ConfirmOTP(ctx, in.Body.Code, clientOf(ctx, "")))
}

type proveInput struct {
	Body struct {
		_        struct{} `json:"-" additionalProperties:"true"`
		Password string   `json:"password" required:"false" example:"wind-over-namsan"`
		ProofBody
	}
}

func (a *API) disableOTP(ctx context.Context, in *proveInput) (*detailOutput, error) {
	if err := a.service.DisableOTP(ctx, in.Body.Password, in.Body.proof(), clientOf(ctx, "")); err != nil {
		return nil, err
	}
	return say("One-time codes are off."), nil
}

func (a *API) renewRecoveryCodes(ctx context.Context, _ *empty) (*recoveryOutput, error) {
	return recovered(a.service.RenewRecoveryCodes(ctx, clientOf(ctx, "")))
}

type securityOutput struct {
	Body struct {
		HasPassword       bool       `json:"has_password"`
		OTPEnabled        bool       `json:"otp_enabled"`
		PasskeySecondStep bool       `json:"passkey_second_step" doc:"Whether a passkey is asked for as the second step."`
		RecoveryCodesLeft int        `json:"recovery_codes_left"`
		TrustedDevices    int        `json:"trusted_devices"`
		Passkeys          int        `json:"passkeys"`
		Identities        int        `json:"identities"`
		PasskeysAvailable bool       `json:"passkeys_available" doc:"Whether browsers allow passkeys at this address."`
		RecentUntil       *time.Time `json:"recent_until" doc:"Until when sensitive changes need no other proof, or null."`
		Reauth            []string   `json:"reauth" doc:"The proofs that this account can give: password and otp, which belong together where both stand here; passkey; or linked providers, where there is nothing better." example:"[\"password\"]"`
	}
}

func (a *API) security(ctx context.Context, _ *empty) (*securityOutput, error) {
	s, err := a.service.Security(ctx)
	if err != nil {
		return nil, err
	}
	out := &securityOutput{}
	b := &out.Body
	b.HasPassword, b.OTPEnabled, b.PasskeySecondStep = s.HasPassword, s.User.OTP, s.User.PasskeyStep
	b.RecoveryCodesLeft, b.TrustedDevices, b.Passkeys, b.Identities = s.RecoveryCodes, s.TrustedDevices, s.Passkeys, len(s.Identities)
	b.PasskeysAvailable = a.service.PasskeysAvailable(web.BaseURL(ctx))
	b.RecentUntil, b.Reauth = orNull(s.RecentUntil), s.Proofs
	if !b.PasskeysAvailable {
		b.Reauth = slices.DeleteFunc(b.Reauth, func(proof string) bool { return proof == accounts.MethodPasskey })
	}
	return out, nil
}

type recentOutput struct {
	Body struct {
		RecentUntil time.Time `json:"recent_until" doc:"Until when the proof counts."`
	}
}

func recent(until time.Time, err error) (*recentOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &recentOutput{}
	out.Body.RecentUntil = until
	return out, nil
}

func (a *API) reauth(ctx context.Context, in *proveInput) (*recentOutput, error) {
	return recent(a.service.Reauthenticate(ctx, in.Body.Password, in.Body.proof(), clientOf(ctx, "")))
}

func (a *API) beginPasskeyReauth(ctx context.Context, _ *empty) (*ceremonyOutput, error) {
	return began(a.service.BeginPasskeyReauth(ctx, web.BaseURL(ctx)))
}

// AnswerInput is an answer to a ceremony.
type AnswerInput struct {
	Body struct {
		_ struct{} `json:"-" additionalProperties:"true"`
		AnswerBody
	}
}

func (a *API) reauthPasskey(ctx context.Context, in *AnswerInput) (*recentOutput, error) {
	return recent(a.service.ReauthenticateWithPasskey(ctx, in.Body.answer(ctx, "")))
}
