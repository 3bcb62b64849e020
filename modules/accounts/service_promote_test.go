package accounts_test

import (
	"testing"

	"rally/modules/accounts"
)

// Somebody may have opened the account of the operator before them, and made
// every way in that there is.
func TestAfterThePromotionOnlyTheGivenPasswordOpensTheAccount(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		w.member(t, mina)
		first, account := w.login(t, mina)
		ctx := w.as(t, first)
		w.linked(t, account.User.ID, "google", "g-1")
		key, _ := w.addPasskey(ctx, t)
		if _, err := w.RequirePasskey(ctx, true, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		app := w.otpOn(ctx, t)
		trusted := w.trusted(t, mina, app.proof(t), "")
		half, otherHalf := w.pending(t, mina), w.pending(t, mina)
		shown := w.passkeyLogin(t, key)
		back := s.depart(t.Context(), t, w, "google", accounts.TripLogin, person("g-1", mina))
		moved := w.changeKey(ctx, t, mina, "moved@rally.example")
		reset := w.resetKey(t, mina)
		w.forgetNews()

		if created, err := w.CreateAdmin(t.Context(), mina, newPassword); created || err != nil {
			t.Fatalf("%t, %v", created, err)
		}
		w.tellsOwner(t, accounts.EventPasswordChanged, mina)
		ended(t, w.Service, first)
		ended(t, w.Service, trusted.Tokens)
		want(t, "a waiting login, by a code", w.finish(t.Context(), half, app.proof(t)), accounts.ErrPendingRequired)
		want(t, "a waiting login, by a recovery code", w.finish(t.Context(), otherHalf, accounts.SecondProof{RecoveryCode: app.recovery[0]}), accounts.ErrPendingRequired)
		want(t, "a passkey that was about to be shown", second(w.LoginWithPasskey(t.Context(), shown)), accounts.ErrPasskeyInvalid)
		want(t, "the passkey", second(w.LoginWithPasskey(t.Context(), w.passkeyLogin(t, key))), accounts.ErrPasskeyInvalid)
		want(t, "a trip that was under way", second(w.Arrive(t.Context(), back)), accounts.ErrLinkRequired)
		want(t, "the reset key", w.ResetPassword(t.Context(), reset), accounts.ErrResetInvalid)
		want(t, "the key of another address", w.ChangeEmail(t.Context(), moved, accounts.Client{}), accounts.ErrKeyInvalid)
		want(t, "the old password", second(w.Service.Login(t.Context(), loginForm(mina, password))), accounts.ErrBadCredentials)

		tokens, account, err := w.Login(t.Context(), loginForm(mina, newPassword))
		if err != nil || !account.User.Staff || account.User.SecondStep() {
			t.Fatalf("%+v, %v", account, err)
		}
		ctx = w.as(t, tokens)
		state, err := w.Security(ctx)
		if err != nil || state.Passkeys != 0 || len(state.Identities) != 0 || state.RecoveryCodes != 0 || state.TrustedDevices != 0 {
			t.Errorf("%+v, %v", state, err)
		}
		// What was a second step before is none of the new one.
		fresh := w.otpOn(ctx, t)
		in := loginForm(mina, newPassword)
		in.Client.Device = trusted.Device.Value
		entrance, err := w.Service.Login(t.Context(), in)
		if err != nil || entrance.Pending.Value == "" {
			t.Fatalf("the device is still trusted: %v", err)
		}
		for name, proof := range map[string]accounts.SecondProof{"code": app.proof(t), "recovery code": {RecoveryCode: app.recovery[1]}} {
			want(t, "the old "+name, w.finish(t.Context(), entrance.Pending.Value, proof), accounts.ErrCodeInvalid)
		}
		if err := w.finish(t.Context(), entrance.Pending.Value, fresh.proof(t)); err != nil {
			t.Error(err)
		}
	})
}
