package accounts_test

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/modules/accounts/internal/passkey"
	"rally/platform/auth"
	"rally/platform/fault"
)

func TestOneTimeCodesAreOnFromTheFirstCodeOn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		_, err := w.ConfirmOTP(ctx, "123456", accounts.Client{})
		want(t, "confirm without a setup", err, accounts.ErrOTPDisabled)
		_, err = w.RenewRecoveryCodes(ctx, accounts.Client{})
		want(t, "recovery codes without a second step", err, accounts.ErrNoSecondStep)

		old := w.setUpOTP(ctx, t)
		app := w.setUpOTP(ctx, t)
		if old.secret == app.secret {
			t.Fatal("the same secret twice")
		}
		_, err = w.ConfirmOTP(ctx, old.code(t, 0), accounts.Client{})
		want(t, "a code of the first setup", err, accounts.ErrCodeInvalid)
		_, err = w.ConfirmOTP(ctx, app.wrong(t), accounts.Client{})
		want(t, "a wrong code", err, accounts.ErrCodeInvalid)
		if e := w.knock(t, mina, accounts.Client{}); e.Pending.Value != "" {
			t.Error("a second step is asked for before a code was right")
		}
		w.forgetNews()
		codes, err := w.ConfirmOTP(ctx, app.code(t, 0), accounts.Client{})
		if err != nil || len(codes) != 10 {
			t.Fatalf("%d codes, %v", len(codes), err)
		}
		w.wantNoted(t, accounts.EventOTPEnabled)
		w.pending(t, mina)

		w.clock.Advance(otpStep)
		_, err = w.ConfirmOTP(ctx, app.code(t, 0), accounts.Client{})
		want(t, "confirm again", err, accounts.ErrOTPEnabled)
		_, err = w.SetUpOTP(ctx)
		want(t, "set up again", err, accounts.ErrOTPEnabled)
		if err := w.finish(t.Context(), w.pending(t, mina), app.proof(t)); err != nil {
			t.Errorf("the secret is another now: %v", err)
		}
	})
}

// A setup in another tab must not swap the secret under a confirmation.
func TestASetupBesideAConfirmationLeavesTheAppThatWasConfirmed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		app := w.setUpOTP(ctx, t)
		confirmed := false
		together(t, 6, func(i int) error {
			if i > 0 {
				_, err := w.SetUpOTP(ctx)
				return err
			}
			_, err := w.ConfirmOTP(ctx, app.code(t, 0), accounts.Client{})
			confirmed = err == nil
			return err
		}, accounts.ErrOTPEnabled, accounts.ErrCodeInvalid)
		if !confirmed {
			return // a setup was faster
		}
		w.clock.Advance(otpStep)
		if err := w.finish(t.Context(), w.pending(t, mina), app.proof(t)); err != nil {
			t.Errorf("its code: %v", err)
		}
	})
}

func TestTheSecretIsSealedInTheDatabase(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const jun = "jun@rally.example"
		app, other := w.memberWithOTP(t, mina), w.memberWithOTP(t, jun)
		raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(app.secret)
		if err != nil || len(raw) != 20 {
			t.Fatalf("%d bytes, %v", len(raw), err)
		}
		w.wantNowhere(t, app.secret, string(raw))

		// Another root secret opens nothing, and lets nobody in.
		stranger, err := accounts.New(testConfig(), accounts.Deps{
			Tx: w.db, Store: w.store, Mailer: w.mail, Signals: w.signals, Clock: w.clock.Now, Random: rand.Reader,
			Secret: []byte("another secret of 32 bytes or so"), Relying: passkey.New(), Journal: w.journal,
		})
		if err != nil {
			t.Fatal(err)
		}
		pending := w.pending(t, mina)
		_, err = stranger.FinishLogin(t.Context(), pending, app.proof(t), false, accounts.Client{})
		if err == nil || fault.From(err).Kind != fault.Internal {
			t.Errorf("another root secret: %v", err)
		}
		_, err = stranger.FinishLogin(t.Context(), pending, accounts.SecondProof{RecoveryCode: app.recovery[0]}, false, accounts.Client{})
		want(t, "a recovery code under another root secret", err, accounts.ErrCodeInvalid)

		// Nor does another user's row, whoever swapped it.
		execute(t, w.db, "UPDATE otp_secrets SET secret = (SELECT o.secret FROM otp_secrets o JOIN users u ON u.id = o.user_id WHERE u.email = $1)", jun)
		if err := w.finish(t.Context(), pending, other.proof(t)); err == nil || fault.From(err).Kind != fault.Internal {
			t.Errorf("another user's row: %v", err)
		}
		if n := w.liveSessions(t); n != 0 {
			t.Errorf("%d sessions", n)
		}
	})
}

func TestACodeWorksOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		app := w.memberWithOTP(t, mina)
		early, now, late := app.code(t, -1), app.code(t, 0), app.code(t, 1)
		try := func(code string) error {
			return w.finish(t.Context(), w.pending(t, mina), accounts.SecondProof{Code: code})
		}
		want(t, "two steps behind", try(app.code(t, -2)), accounts.ErrCodeInvalid)
		want(t, "two steps ahead", try(app.code(t, 2)), accounts.ErrCodeInvalid)
		for _, code := range []string{early, now} { // forward in time
			if err := try(code); err != nil {
				t.Fatal(err)
			}
			want(t, "again", try(code), accounts.ErrCodeInvalid)
			want(t, "again, typed otherwise", try(code[:3]+" "+code[3:]), accounts.ErrCodeInvalid)
		}
		if err := try(late); err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{early, now, late} {
			want(t, "an older step after a newer one", try(code), accounts.ErrCodeInvalid)
		}
		w.clock.Advance(otpStep)
		want(t, "the newest, in its own step", try(app.code(t, 0)), accounts.ErrCodeInvalid)
		w.clock.Advance(otpStep)
		if err := try(app.code(t, 0)); err != nil {
			t.Errorf("the next one: %v", err)
		}
	})
}

func TestTheCodeThatTurnedThemOnSignsNobodyIn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		app := w.setUpOTP(ctx, t)
		if _, err := w.ConfirmOTP(ctx, app.code(t, 0), accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		want(t, "its code", w.finish(t.Context(), w.pending(t, mina), app.proof(t)), accounts.ErrCodeInvalid)
	})
}

func TestOneCodeMakesOneSession(t *testing.T) {
	const many = 30
	eachWorld(t, func(t *testing.T, w *world) {
		app := w.memberWithOTP(t, mina)
		for name, proof := range map[string]accounts.SecondProof{"one-time": app.proof(t), "recovery": {RecoveryCode: app.recovery[3]}} {
			before := w.liveSessions(t)
			var pendings [many]string
			for i := range pendings {
				pendings[i] = w.pending(t, mina)
			}
			let := together(t, many, func(i int) error { return w.finish(t.Context(), pendings[i], proof) }, accounts.ErrCodeInvalid)
			if n := w.liveSessions(t) - before; let != 1 || n != 1 {
				t.Errorf("%s: %d were let in, %d sessions", name, let, n)
			}
		}
	})
}

func TestOneWaitingLoginMakesOneSession(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		app := w.memberWithOTP(t, mina)
		pending := w.pending(t, mina)
		let := together(t, len(app.recovery), func(i int) error {
			return w.finish(t.Context(), pending, accounts.SecondProof{RecoveryCode: app.recovery[i]})
		}, accounts.ErrPendingRequired)
		left := scalar[int](t, w.db, "SELECT count(*) FROM recovery_codes WHERE used_at IS NULL")
		if n := w.liveSessions(t); let != 1 || n != 1 || left != len(app.recovery)-1 {
			t.Errorf("%d were let in, %d sessions, %d codes left", let, n, left)
		}
	})
}

func TestAWaitingLoginIsGoodForItsSecondStepOnly(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.memberWithOTP(t, mina)
		devices := scalar[int](t, w.db, "SELECT count(*) FROM devices")
		e := w.knock(t, mina, accounts.Client{})
		if e.Tokens != (auth.Tokens{}) || e.Account != (accounts.Account{}) || e.Device != (accounts.Cookie{}) {
			t.Errorf("%+v", e)
		}
		if !slices.Equal(e.Steps, []string{accounts.StepOTP, accounts.StepRecovery}) || !e.Pending.Expires.Equal(w.clock.Now().Add(10*time.Minute).Truncate(time.Microsecond)) {
			t.Errorf("%q until %s", e.Steps, e.Pending.Expires)
		}
		if n := w.liveSessions(t); n != 0 || scalar[int](t, w.db, "SELECT count(*) FROM devices") != devices {
			t.Errorf("%d sessions, or a device", n)
		}
		_, err := w.Authenticate(t.Context(), e.Pending.Value)
		want(t, "as an access token", err, auth.ErrTokenInvalid)
		_, err = w.Refresh(t.Context(), e.Pending.Value, accounts.Client{})
		want(t, "as a refresh token", err, accounts.ErrRefreshInvalid)
		want(t, "to log out with", w.Logout(t.Context(), e.Pending.Value), accounts.ErrRefreshInvalid)
		again := w.knock(t, mina, accounts.Client{Device: e.Pending.Value})
		if again.Pending.Value == "" {
			t.Error("it passed for a device")
		}
		w.wantNowhere(t, e.Pending.Value)
	})
}

func TestAWaitingLoginWaitsTenMinutesForOneUse(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		app := w.memberWithOTP(t, mina)
		used, last, late := w.pending(t, mina), w.pending(t, mina), w.pending(t, mina)
		for _, pending := range []string{"", "garbage", strings.Repeat("A", 43), app.secret} {
			want(t, pending, w.finish(t.Context(), pending, app.proof(t)), accounts.ErrPendingRequired)
		}
		if err := w.finish(t.Context(), used, app.proof(t)); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(10*time.Minute - time.Microsecond)
		want(t, "a second use", w.finish(t.Context(), used, app.proof(t)), accounts.ErrPendingRequired)
		if err := w.finish(t.Context(), last, app.proof(t)); err != nil {
			t.Errorf("at the last moment: %v", err)
		}
		w.clock.Advance(time.Microsecond)
		want(t, "too late", w.finish(t.Context(), late, accounts.SecondProof{RecoveryCode: app.recovery[0]}), accounts.ErrPendingRequired)
	})
}

func TestAWrongCodeLeavesTheLoginWaiting(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		app := w.memberWithOTP(t, mina)
		pending := w.pending(t, mina)
		if got := fields(t, w.finish(t.Context(), pending, accounts.SecondProof{})); len(got["code"]) != 1 {
			t.Errorf("fields %v", got)
		}
		for _, proof := range []accounts.SecondProof{
			{Code: app.wrong(t)}, {Code: app.recovery[0]}, {Code: "-"}, {RecoveryCode: "AAAA-AAAA-AAAA"}, {RecoveryCode: app.code(t, 0)},
			{Code: "\xff\x00"}, {RecoveryCode: strings.Repeat("A", 1<<16)}, {Code: app.wrong(t), RecoveryCode: app.recovery[0]},
		} {
			want(t, proof.Code+proof.RecoveryCode[:min(20, len(proof.RecoveryCode))], w.finish(t.Context(), pending, proof), accounts.ErrCodeInvalid)
		}
		if err := w.finish(t.Context(), pending, app.proof(t)); err != nil {
			t.Errorf("the right one: %v", err)
		}
	})
}

func TestAWaitingLoginDiesWithThePassword(t *testing.T) {
	for name, end := range map[string]func(ctx context.Context, t *testing.T, w *world) error{
		"changed": func(ctx context.Context, _ *testing.T, w *world) error {
			return w.ChangePassword(ctx, change(password, newPassword))
		},
		"reset": func(ctx context.Context, t *testing.T, w *world) error {
			t.Helper()
			return w.ResetPassword(ctx, w.resetKey(t, mina))
		},
		"left": func(ctx context.Context, _ *testing.T, w *world) error {
			return w.Quit(ctx, password, accounts.Client{})
		},
		"others ended": func(ctx context.Context, _ *testing.T, w *world) error {
			_, err := w.EndOtherSessions(ctx)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				w.member(t, mina)
				tokens, _ := w.login(t, mina)
				ctx := w.as(t, tokens)
				app := w.otpOn(ctx, t)
				pending := w.pending(t, mina)
				w.mail.Take()
				if err := end(ctx, t, w); err != nil {
					t.Fatal(err)
				}
				want(t, "afterwards", w.finish(t.Context(), pending, app.proof(t)), accounts.ErrPendingRequired)
			})
		})
	}
}
