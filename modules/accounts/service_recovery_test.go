package accounts_test

import (
	"slices"
	"strings"
	"testing"

	"rally/modules/accounts"
)

func TestTurningThemOffTakesThePasswordAndACode(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		want(t, "while off", w.DisableOTP(ctx, password, accounts.SecondProof{Code: "123456"}, accounts.Client{}), accounts.ErrOTPDisabled)
		app := w.otpOn(ctx, t)
		w.forgetNews()
		if got := fields(t, w.DisableOTP(ctx, password, accounts.SecondProof{}, accounts.Client{})); len(got["code"]) != 1 {
			t.Errorf("fields %v", got)
		}
		if got := fields(t, w.DisableOTP(ctx, "", app.proof(t), accounts.Client{})); len(got["password"]) != 1 {
			t.Errorf("fields %v", got)
		}
		want(t, "a wrong password", w.DisableOTP(ctx, "wrong-password", app.proof(t), accounts.Client{}), accounts.ErrBadCredentials)
		want(t, "a wrong code", w.DisableOTP(ctx, password, accounts.SecondProof{Code: app.wrong(t)}, accounts.Client{}), accounts.ErrCodeInvalid)
		w.pending(t, mina) // still on
		w.wantNoted(t)
		if err := w.DisableOTP(ctx, password, accounts.SecondProof{RecoveryCode: app.recovery[0]}, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		w.wantNoted(t, accounts.EventRecoveryUsed, accounts.EventOTPDisabled)
		want(t, "again", w.DisableOTP(ctx, password, app.proof(t), accounts.Client{}), accounts.ErrOTPDisabled)
		if e := w.knock(t, mina, accounts.Client{}); e.Tokens.Access == "" {
			t.Error("a second step is asked for")
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM recovery_codes") + scalar[int](t, w.db, "SELECT count(*) FROM otp_secrets"); n != 0 {
			t.Errorf("%d secrets are left", n)
		}
		// Another app can be set up then, and the old one is worth nothing.
		w.clock.Advance(otpStep)
		w.setUpOTP(ctx, t)
		want(t, "a code of the old app", second(w.ConfirmOTP(ctx, app.code(t, 0), accounts.Client{})), accounts.ErrCodeInvalid)
	})
}

func TestRecoveryCodesAreStoredAsHashesOnly(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		app := w.memberWithOTP(t, mina)
		code := app.recovery[0]
		w.wantNowhere(t, code, strings.ReplaceAll(code, "-", ""))
		for _, mail := range w.mail.All() {
			if strings.Contains(mail.Body, code) {
				t.Error("it was mailed")
			}
		}
	})
}

func TestARecoveryCodeWorksOnceHoweverItIsTyped(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const jun = "jun@rally.example"
		app, other := w.memberWithOTP(t, mina), w.memberWithOTP(t, jun)
		try := func(code string) error {
			return w.finish(t.Context(), w.pending(t, mina), accounts.SecondProof{RecoveryCode: code})
		}
		want(t, "another user's", try(other.recovery[0]), accounts.ErrCodeInvalid)
		bare := strings.ReplaceAll(app.recovery[0], "-", "")
		if err := try(" " + strings.ToLower(bare[:6]) + " -" + bare[6:] + " "); err != nil {
			t.Fatal(err)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM devices"); n < 2 {
			t.Fatalf("%d devices", n)
		}
		w.wantNoted(t, accounts.EventRecoveryUsed, accounts.EventNewDevice)
		want(t, "again", try(app.recovery[0]), accounts.ErrCodeInvalid)
		want(t, "again, bare", try(bare), accounts.ErrCodeInvalid)
		w.wantNoted(t)
		for _, code := range app.recovery[1:] {
			if err := try(code); err != nil {
				t.Errorf("%s: %v", code, err)
			}
		}
		if e := w.knock(t, mina, accounts.Client{}); !slices.Equal(e.Steps, []string{accounts.StepOTP}) {
			t.Errorf("%q are offered when no code is left", e.Steps)
		}
		if e := w.knock(t, jun, accounts.Client{}); !slices.Contains(e.Steps, accounts.StepRecovery) {
			t.Error("another user's codes are gone")
		}
	})
}

func TestRenewedRecoveryCodesReplaceTheOldOnes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		app := w.otpOn(ctx, t)
		w.forgetNews()
		codes, err := w.RenewRecoveryCodes(ctx, accounts.Client{})
		if err != nil || len(codes) != 10 {
			t.Fatalf("%d codes, %v", len(codes), err)
		}
		w.wantNoted(t, accounts.EventRecoveryRenewed)
		for _, old := range app.recovery {
			want(t, "an old one", w.finish(t.Context(), w.pending(t, mina), accounts.SecondProof{RecoveryCode: old}), accounts.ErrCodeInvalid)
		}
		if err := w.finish(t.Context(), w.pending(t, mina), accounts.SecondProof{RecoveryCode: codes[9]}); err != nil {
			t.Error(err)
		}
		if state, err := w.Security(ctx); err != nil || state.RecoveryCodes != 9 || !state.User.OTP {
			t.Errorf("%+v, %v", state, err)
		}
	})
}
