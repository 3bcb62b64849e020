package accounts_test

import (
	"context"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
)

// gate is a provider that people can leave for.
type gate struct{ accounts.Provider }

func (gate) Name() string { return "google" }

func (gate) CodeURL(context.Context, accounts.CodeRequest) (string, error) {
	return "https://google.test/", nil
}

// sensitive is a use case that asks for a recent proof of who calls.
type sensitive struct {
	name string
	call func(ctx context.Context) error
}

// sensitives are all of them, in an order in which each succeeds. App is the
// caller's once it is set up.
func sensitives(t *testing.T, w *world, app *otpApp) []sensitive {
	t.Helper()
	key := newSecurityKey()
	var added accounts.Passkey
	client := accounts.Client{}
	return []sensitive{
		{"set up one-time codes", func(ctx context.Context) error {
			setup, err := w.SetUpOTP(ctx)
			*app = otpApp{secret: setup.Secret, clock: w.clock}
			return err
		}},
		{"confirm them", func(ctx context.Context) error { return second(w.ConfirmOTP(ctx, app.code(t, 0), client)) }},
		{"renew recovery codes", func(ctx context.Context) error { return second(w.RenewRecoveryCodes(ctx, client)) }},
		{"begin a passkey", func(ctx context.Context) error { return second(w.BeginPasskey(ctx, baseURL)) }},
		{"add a passkey", func(ctx context.Context) error {
			begun, err := w.BeginPasskey(ctx, baseURL)
			if err != nil {
				// The refusal that counts is the one of the second half.
				return second(w.AddPasskey(ctx, "", accounts.PasskeyAnswer{Origin: baseURL}))
			}
			added, err = w.AddPasskey(ctx, "", key.create(t, begun))
			return err
		}},
		{"require a passkey", func(ctx context.Context) error { return second(w.RequirePasskey(ctx, true, client)) }},
		{"remove a passkey", func(ctx context.Context) error { return w.RemovePasskey(ctx, added.ID, client) }},
		{"change the address", func(ctx context.Context) error {
			return w.AskEmailChange(ctx, "new@rally.example", baseURL, client)
		}},
		{"link a login", func(ctx context.Context) error {
			return second(w.Depart(ctx, "google", accounts.TripLink, baseURL, "/", accounts.Client{}))
		}},
		{"unlink it", func(ctx context.Context) error {
			return w.Unlink(ctx, scalar[int64](t, w.db, "SELECT id FROM identities"), client)
		}},
	}
}

// withGate starts a world anew in which the caller has a linked login.
func (w *world) withGate(t *testing.T, s accounts.Store) context.Context {
	t.Helper()
	w.providers = []accounts.Provider{gate{}}
	w.Service = w.node(t, testConfig(), s)
	ctx := w.signedIn(t, mina)
	caller, _ := auth.From(ctx)
	if err := w.db.InTx(t.Context(), func(ctx context.Context) error {
		_, err := w.store.InsertIdentity(ctx, accounts.Identity{UserID: caller.UserID, Provider: "google", Subject: "1", CreatedAt: w.clock.Now(), LastUsedAt: w.clock.Now()})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return ctx
}

func TestWhatMattersMostAsksAgainAfterTenMinutes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.withGate(t, w.store)
		w.clock.Advance(10*time.Minute - time.Microsecond)
		var app otpApp
		list := sensitives(t, w, &app)
		if err := list[0].call(ctx); err != nil {
			t.Errorf("within ten minutes: %v", err)
		}
		w.clock.Advance(time.Microsecond)
		for _, s := range list {
			want(t, s.name+", late", s.call(ctx), accounts.ErrReauthRequired)
			want(t, s.name+", by nobody", s.call(t.Context()), auth.ErrRequired)
			state, err := w.Security(ctx)
			if err != nil || !state.RecentUntil.IsZero() {
				t.Errorf("recent until %s, %v", state.RecentUntil, err)
			}
			var proof accounts.SecondProof
			if state.User.OTP {
				proof = app.proof(t)
			}
			until, err := w.Reauthenticate(ctx, password, proof, accounts.Client{})
			if err != nil || !until.Equal(w.clock.Now().Add(10*time.Minute).Truncate(time.Microsecond)) {
				t.Fatalf("%s, %v", until, err)
			}
			if state, err = w.Security(ctx); err != nil || !state.RecentUntil.Equal(until) {
				t.Errorf("recent until %s, %v", state.RecentUntil, err)
			}
			if err := s.call(ctx); err != nil {
				t.Errorf("%s, after a proof: %v", s.name, err)
			}
			w.clock.Advance(10 * time.Minute)
		}
	})
}

// A thief who is inside begins a change; the owner changes the password
// elsewhere, and that ends the thief's session. Nothing may come after it.
func TestNothingFollowsTheEndOfTheSession(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		slow := &slowStore{Store: w.store}
		ctx := w.withGate(t, slow)
		var app otpApp
		for _, s := range sensitives(t, w, &app) {
			if s.name == "begin a passkey" || s.name == "link a login" {
				continue // they change nothing
			}
			attack := s.call
			if s.name == "add a passkey" { // its first half is over
				begun, err := w.BeginPasskey(ctx, baseURL)
				if err != nil {
					t.Fatal(err)
				}
				answer := newSecurityKey().create(t, begun)
				attack = func(ctx context.Context) error { return second(w.AddPasskey(ctx, "", answer)) }
			}
			caller, _ := auth.From(ctx)
			slow.afterRead = func() { // the session was found to be recent
				execute(t, w.db, "UPDATE sessions SET ended_at = $1 WHERE id = $2", w.clock.Now(), caller.SessionID)
			}
			want(t, s.name, attack(ctx), auth.ErrSessionEnded)
			execute(t, w.db, "UPDATE sessions SET ended_at = NULL WHERE id = $1", caller.SessionID)
			if err := s.call(ctx); err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
		}
	})
}

func TestAProofCountsForItsSessionOnly(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		tokens, _ := w.login(t, mina)
		w.clock.Advance(10 * time.Minute)
		other := w.as(t, tokens)
		if _, err := w.Refresh(t.Context(), tokens.Refresh, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		want(t, "after a renewal", second(w.SetUpOTP(other)), accounts.ErrReauthRequired)
		if _, err := w.Reauthenticate(ctx, password, accounts.SecondProof{}, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		want(t, "another session", second(w.SetUpOTP(other)), accounts.ErrReauthRequired)
		if _, err := w.SetUpOTP(ctx); err != nil {
			t.Error(err)
		}
		_, err := w.Reauthenticate(t.Context(), password, accounts.SecondProof{}, accounts.Client{})
		want(t, "nobody", err, auth.ErrRequired)
	})
}

func TestWithOneTimeCodesThePasswordAloneIsNoProof(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		app := w.otpOn(ctx, t)
		w.clock.Advance(10 * time.Minute)
		still := func(doing string) {
			t.Helper()
			want(t, "after "+doing, second(w.RenewRecoveryCodes(ctx, accounts.Client{})), accounts.ErrReauthRequired)
		}
		prove := func(word string, proof accounts.SecondProof) error {
			_, err := w.Reauthenticate(ctx, word, proof, accounts.Client{})
			return err
		}
		if got := fields(t, prove("", accounts.SecondProof{})); len(got["password"]) != 1 || len(got["code"]) != 1 {
			t.Errorf("fields %v", got)
		}
		if got := fields(t, prove(password, accounts.SecondProof{})); len(got["code"]) != 1 {
			t.Errorf("fields %v", got)
		}
		want(t, "a wrong code", prove(password, accounts.SecondProof{Code: app.wrong(t)}), accounts.ErrCodeInvalid)
		still("a wrong code")
		want(t, "a wrong password", prove("wrong-password", app.proof(t)), accounts.ErrBadCredentials)
		still("a wrong password")
		// Nor do other places take it for one that ask for the password.
		want(t, "off with a wrong code", w.DisableOTP(ctx, password, accounts.SecondProof{Code: app.wrong(t)}, accounts.Client{}), accounts.ErrCodeInvalid)
		still("an attempt to turn them off")
		if err := w.ChangePassword(ctx, change(password, newPassword)); err != nil {
			t.Fatal(err)
		}
		still("a new password")

		if err := prove(newPassword, app.proof(t)); err != nil {
			t.Error(err)
		}
		want(t, "the same code again", prove(newPassword, app.proof(t)), accounts.ErrCodeInvalid)
		want(t, "the same code, to log in", w.finishWith(t, newPassword, app.proof(t)), accounts.ErrCodeInvalid)
		w.clock.Advance(10 * time.Minute)
		if err := prove(newPassword, accounts.SecondProof{RecoveryCode: app.recovery[5]}); err != nil {
			t.Error(err)
		}
		if _, err := w.RenewRecoveryCodes(ctx, accounts.Client{}); err != nil {
			t.Error(err)
		}
	})
}

// finishWith logs in with a password and a second proof.
func (w *world) finishWith(t *testing.T, word string, proof accounts.SecondProof) error {
	t.Helper()
	e, err := w.Service.Login(t.Context(), loginForm(mina, word))
	if err != nil {
		t.Fatal(err)
	}
	return w.finish(t.Context(), e.Pending.Value, proof)
}

func TestAPasskeyIsAProof(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		w.otpOn(ctx, t)
		key, _ := w.addPasskey(ctx, t)
		w.clock.Advance(10 * time.Minute)
		want(t, "before", second(w.SetUpOTP(ctx)), accounts.ErrReauthRequired)
		until, err := w.ReauthenticateWithPasskey(ctx, w.passkeyReauth(ctx, t, key))
		if err != nil || until.Sub(w.clock.Now()).Round(time.Millisecond) != 10*time.Minute {
			t.Fatalf("%s, %v", until, err)
		}
		want(t, "after", second(w.SetUpOTP(ctx)), accounts.ErrOTPEnabled)
	})
}

// Who came by another site has no password: there a recent login is the proof,
// and with a second step a code.
func TestWithoutAPasswordTheCodeIsTheProof(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		execute(t, w.db, "UPDATE users SET password_hash = ''")
		want(t, "a guess at no password", second(w.Reauthenticate(ctx, password, accounts.SecondProof{}, accounts.Client{})), accounts.ErrBadCredentials)
		app := w.otpOn(ctx, t)
		w.clock.Advance(10 * time.Minute)
		want(t, "late", w.DisableOTP(ctx, "", app.proof(t), accounts.Client{}), accounts.ErrReauthRequired)
		want(t, "a wrong code", second(w.Reauthenticate(ctx, "", accounts.SecondProof{Code: app.wrong(t)}, accounts.Client{})), accounts.ErrCodeInvalid)
		want(t, "still late", w.DisableOTP(ctx, "", app.proof(t), accounts.Client{}), accounts.ErrReauthRequired)
		if _, err := w.Reauthenticate(ctx, "", app.proof(t), accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(otpStep)
		if err := w.DisableOTP(ctx, "", app.proof(t), accounts.Client{}); err != nil {
			t.Error(err)
		}
	})
}
