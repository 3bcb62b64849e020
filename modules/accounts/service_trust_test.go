package accounts_test

import (
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
)

// On a trusted device half of the proof may be weeks old: the login stands, and
// proves nothing for what matters most.
func TestALoginOnATrustedDeviceIsNotRecent(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		app := w.memberWithOTP(t, mina)
		whole := w.trusted(t, mina, app.proof(t), "")
		renew := func(tokens auth.Tokens) error {
			return second(w.RenewRecoveryCodes(w.as(t, tokens), accounts.Client{}))
		}
		want(t, "after both steps", renew(whole.Tokens), nil)

		w.clock.Advance(otpStep)
		half := w.knock(t, mina, accounts.Client{Device: whole.Device.Value})
		if half.Pending.Value != "" {
			t.Fatal("the device is not trusted")
		}
		ctx := w.as(t, half.Tokens)
		if state, err := w.Security(ctx); err != nil || !state.RecentUntil.IsZero() {
			t.Errorf("recent until %s, %v", state.RecentUntil, err)
		}
		want(t, "on a trusted device", renew(half.Tokens), accounts.ErrReauthRequired)
		_, err := w.Reauthenticate(ctx, password, accounts.SecondProof{}, accounts.Client{Device: whole.Device.Value})
		if got := fields(t, err); len(got) != 1 || len(got["code"]) != 1 {
			t.Errorf("fields %v", got)
		}
		want(t, "after the password alone", renew(half.Tokens), accounts.ErrReauthRequired)
		if _, err := w.Reauthenticate(ctx, password, app.proof(t), accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		want(t, "after a proof", renew(half.Tokens), nil)
	})
}

func TestALoginWithoutASecondStepIsRecent(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		state, err := w.Security(ctx)
		if err != nil || !state.RecentUntil.Equal(w.clock.Now().Add(10*time.Minute)) {
			t.Errorf("recent until %s, %v", state.RecentUntil, err)
		}
	})
}

func TestWithAPasskeyAsTheSecondStepThePasswordAloneIsNoProof(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		w.addPasskey(ctx, t)
		codes, err := w.RequirePasskey(ctx, true, accounts.Client{})
		if err != nil || len(codes) == 0 {
			t.Fatalf("%d codes, %v", len(codes), err)
		}
		w.clock.Advance(10 * time.Minute)
		prove := func(word string, proof accounts.SecondProof) error {
			return second(w.Reauthenticate(ctx, word, proof, accounts.Client{}))
		}
		recent := func() bool {
			t.Helper()
			state, err := w.Security(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return !state.RecentUntil.IsZero()
		}
		if got := fields(t, prove(password, accounts.SecondProof{})); len(got) != 1 || len(got["code"]) != 1 {
			t.Errorf("fields %v", got)
		}
		want(t, "a one-time code where there is none", prove(password, accounts.SecondProof{Code: "000000"}), accounts.ErrCodeInvalid)
		want(t, "a recovery code of nobody", prove(password, accounts.SecondProof{RecoveryCode: "AAAA-AAAA-AAAA"}), accounts.ErrCodeInvalid)
		want(t, "a recovery code alone", prove("wrong-password", accounts.SecondProof{RecoveryCode: codes[0]}), accounts.ErrBadCredentials)
		if recent() {
			t.Fatal("what was refused counts")
		}
		want(t, "with a recovery code", prove(password, accounts.SecondProof{RecoveryCode: codes[0]}), nil)
		if !recent() {
			t.Error("a proof doesn't count")
		}
		want(t, "with the same code", prove(password, accounts.SecondProof{RecoveryCode: codes[0]}), accounts.ErrCodeInvalid)
	})
}
