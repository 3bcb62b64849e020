package accounts_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
)

func TestPasskeysAreAddedNamedAndRemoved(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		other := w.signedIn(t, "jun@rally.example")
		w.forgetNews()
		key := newSecurityKey()
		begun, err := w.BeginPasskey(ctx, baseURL)
		if err != nil {
			t.Fatal(err)
		}
		answer := key.create(t, begun)
		if got := fields(t, second(w.AddPasskey(ctx, strings.Repeat("한", 41), answer))); len(got["name"]) != 1 {
			t.Errorf("fields %v", got)
		}
		added, err := w.AddPasskey(ctx, "  My \n key ", answer)
		if err != nil || added.ID == 0 || added.Name != "My key" || !added.LastUsedAt.IsZero() {
			t.Fatalf("%+v, %v", added, err)
		}
		w.wantNoted(t, accounts.EventPasskeyAdded)
		begun, err = w.BeginPasskey(ctx, baseURL)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "the same key again", second(w.AddPasskey(ctx, "", key.create(t, begun))), accounts.ErrPasskeyInvalid)

		for _, name := range []string{"", " \t", strings.Repeat("x", 41), "a\x00b", "\xff"} {
			if got := fields(t, second(w.RenamePasskey(ctx, added.ID, name))); len(got["name"]) != 1 {
				t.Errorf("%q: fields %v", name, got)
			}
		}
		want(t, "another user renames", second(w.RenamePasskey(other, added.ID, "mine")), accounts.ErrPasskeyNotFound)
		want(t, "another user removes", w.RemovePasskey(other, added.ID, accounts.Client{}), accounts.ErrPasskeyNotFound)
		if renamed, err := w.RenamePasskey(ctx, added.ID, strings.Repeat("한", 40)); err != nil || renamed.ID != added.ID || renamed.Name != strings.Repeat("한", 40) {
			t.Errorf("%+v, %v", renamed, err)
		}
		if list, err := w.Passkeys(other); err != nil || len(list) != 0 {
			t.Errorf("another user has %+v, %v", list, err)
		}
		w.wantNoted(t)
		if err := w.RemovePasskey(ctx, added.ID, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		w.wantNoted(t, accounts.EventPasskeyRemoved)
		if list, err := w.Passkeys(ctx); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		want(t, "again", w.RemovePasskey(ctx, added.ID, accounts.Client{}), accounts.ErrPasskeyNotFound)
	})
}

func TestAPasskeyIsBothStepsOfALogin(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		w.otpOn(ctx, t)
		key, _ := w.addPasskey(ctx, t)
		e, err := w.LoginWithPasskey(t.Context(), w.passkeyLogin(t, key))
		if err != nil || e.Pending.Value != "" || e.Account.User.Email != mina || e.Device.Value == "" {
			t.Fatalf("%+v, %v", e, err)
		}
		if _, err := w.Authenticate(t.Context(), e.Tokens.Access); err != nil {
			t.Error(err)
		}
		if method := scalar[string](t, w.db, "SELECT method FROM sessions ORDER BY id DESC LIMIT 1"); method != accounts.MethodPasskey {
			t.Errorf("method %q", method)
		}
		if list, err := w.Passkeys(ctx); err != nil || len(list) != 1 || !list[0].LastUsedAt.Equal(w.clock.Now().Truncate(time.Microsecond)) {
			t.Errorf("%+v, %v", list, err)
		}
		execute(t, w.db, "UPDATE users SET email_verified_at = NULL")
		want(t, "not verified", second(w.LoginWithPasskey(t.Context(), w.passkeyLogin(t, key))), accounts.ErrEmailUnverified)
	})
}

func TestAPasskeyIsASecondStep(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		w.otpOn(ctx, t)
		key, _ := w.addPasskey(ctx, t)
		waiting := w.knock(t, mina, accounts.Client{})
		if !slices.Equal(waiting.Steps, []string{accounts.StepOTP, accounts.StepPasskey, accounts.StepRecovery}) {
			t.Errorf("%q", waiting.Steps)
		}
		e, err := w.FinishLoginWithPasskey(t.Context(), waiting.Pending.Value, true, w.passkeyStep(t, key, waiting.Pending.Value))
		if err != nil || e.Tokens.Access == "" || w.asks(t, mina, e.Device.Value) {
			t.Fatalf("%+v, %v", e, err)
		}
		want(t, "begin once more", second(w.BeginPasskeyStep(t.Context(), waiting.Pending.Value, baseURL)), accounts.ErrPendingRequired)

		// The answer is good; the login that it belongs to is over.
		pending := w.pending(t, mina)
		answer := w.passkeyStep(t, key, pending)
		w.clock.Advance(4 * time.Minute)
		if _, err := w.EndOtherSessions(ctx); err != nil {
			t.Fatal(err)
		}
		want(t, "an ended login", second(w.FinishLoginWithPasskey(t.Context(), pending, false, answer)), accounts.ErrPendingRequired)
	})
}

func TestAPasskeyAnswerWorksOnce(t *testing.T) {
	const many = 12
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		w.otpOn(ctx, t)
		key, _ := w.addPasskey(ctx, t)
		pending := w.pending(t, mina)
		begun, err := w.BeginPasskey(ctx, baseURL)
		if err != nil {
			t.Fatal(err)
		}
		login, step, reauth, added := w.passkeyLogin(t, key), w.passkeyStep(t, key, pending), w.passkeyReauth(ctx, t, key), newSecurityKey().create(t, begun)
		for name, show := range map[string]func() error{
			"login":  func() error { return second(w.LoginWithPasskey(t.Context(), login)) },
			"reauth": func() error { return second(w.ReauthenticateWithPasskey(ctx, reauth)) },
			"add":    func() error { return second(w.AddPasskey(ctx, "", added)) },
			"second": func() error { return second(w.FinishLoginWithPasskey(t.Context(), pending, false, step)) },
		} {
			before := w.liveSessions(t)
			let := together(t, many, func(int) error { return show() }, accounts.ErrPasskeyInvalid, accounts.ErrPendingRequired)
			if n := w.liveSessions(t) - before; let != 1 || n > 1 {
				t.Errorf("%s: %d were let in, %d sessions", name, let, n)
			}
		}
	})
}

func TestACeremonyHasOnePurposeAndOneUser(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const jun = "jun@rally.example"
		ctx, his := w.signedIn(t, mina), w.signedIn(t, jun)
		w.otpOn(ctx, t)
		w.otpOn(his, t)
		key, _ := w.addPasskey(ctx, t)
		hisKey, _ := w.addPasskey(his, t)
		pending, hisPending := w.pending(t, mina), w.pending(t, jun)
		begins := map[string]func() accounts.PasskeyAnswer{
			"login":  func() accounts.PasskeyAnswer { return w.passkeyLogin(t, key) },
			"second": func() accounts.PasskeyAnswer { return w.passkeyStep(t, key, pending) },
			"reauth": func() accounts.PasskeyAnswer { return w.passkeyReauth(ctx, t, key) },
			"register": func() accounts.PasskeyAnswer {
				begun, err := w.BeginPasskey(ctx, baseURL)
				return key.get(t, begun, err)
			},
		}
		shows := map[string]func(accounts.PasskeyAnswer) error{
			"login": func(a accounts.PasskeyAnswer) error { return second(w.LoginWithPasskey(t.Context(), a)) },
			"second": func(a accounts.PasskeyAnswer) error {
				return second(w.FinishLoginWithPasskey(t.Context(), pending, false, a))
			},
			"reauth":   func(a accounts.PasskeyAnswer) error { return second(w.ReauthenticateWithPasskey(ctx, a)) },
			"register": func(a accounts.PasskeyAnswer) error { return second(w.AddPasskey(ctx, "", a)) },
		}
		for from, begin := range begins {
			for to, show := range shows {
				if from != to {
					want(t, from+" shown as "+to, show(begin()), accounts.ErrPasskeyInvalid)
				}
			}
		}
		// What one user began is nothing in another's hands, whosever key it is.
		for name, k := range map[string]*securityKey{"her key": key, "his key": hisKey} {
			want(t, "her reauth, by him, "+name, second(w.ReauthenticateWithPasskey(his, w.passkeyReauth(ctx, t, k))), accounts.ErrPasskeyInvalid)
			want(t, "her step, in his login, "+name, second(w.FinishLoginWithPasskey(t.Context(), hisPending, false, w.passkeyStep(t, k, pending))), accounts.ErrPasskeyInvalid)
		}
		want(t, "his key in her login", second(w.FinishLoginWithPasskey(t.Context(), pending, false, w.passkeyStep(t, hisKey, pending))), accounts.ErrPasskeyInvalid)
		hisKey.Options.UserHandle = key.Options.UserHandle
		want(t, "his key under her name", second(w.FinishLoginWithPasskey(t.Context(), pending, false, w.passkeyStep(t, hisKey, pending))), accounts.ErrPasskeyInvalid)
		want(t, "his key under her name, alone", second(w.LoginWithPasskey(t.Context(), w.passkeyLogin(t, hisKey))), accounts.ErrPasskeyInvalid)
		begun, err := w.BeginPasskey(ctx, baseURL)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "her new key, by him", second(w.AddPasskey(his, "", newSecurityKey().create(t, begun))), accounts.ErrPasskeyInvalid)

		// After all that she gets in.
		if _, err := w.FinishLoginWithPasskey(t.Context(), pending, false, w.passkeyStep(t, key, pending)); err != nil {
			t.Error(err)
		}
	})
}

func TestACeremonyWaitsFiveMinutes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		key, _ := w.addPasskey(ctx, t)
		inTime, late := w.passkeyLogin(t, key), w.passkeyLogin(t, key)
		w.clock.Advance(5*time.Minute - time.Microsecond)
		if _, err := w.LoginWithPasskey(t.Context(), inTime); err != nil {
			t.Errorf("at the last moment: %v", err)
		}
		w.clock.Advance(time.Microsecond)
		want(t, "too late", second(w.LoginWithPasskey(t.Context(), late)), accounts.ErrPasskeyInvalid)
		for _, token := range []string{"", "garbage", strings.Repeat("A", 43)} {
			answer := w.passkeyLogin(t, key)
			answer.Token = token
			want(t, token, second(w.LoginWithPasskey(t.Context(), answer)), accounts.ErrPasskeyInvalid)
		}
	})
}

func TestARemovedPasskeyOpensNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		w.otpOn(ctx, t)
		key, added := w.addPasskey(ctx, t)
		w.addPasskey(ctx, t)
		pending := w.pending(t, mina)
		login, step, reauth := w.passkeyLogin(t, key), w.passkeyStep(t, key, pending), w.passkeyReauth(ctx, t, key)
		if err := w.RemovePasskey(ctx, added.ID, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		want(t, "login", second(w.LoginWithPasskey(t.Context(), login)), accounts.ErrPasskeyInvalid)
		want(t, "second step", second(w.FinishLoginWithPasskey(t.Context(), pending, false, step)), accounts.ErrPasskeyInvalid)
		want(t, "reauth", second(w.ReauthenticateWithPasskey(ctx, reauth)), accounts.ErrPasskeyInvalid)
	})
}

func TestAPasskeyThatIsRemovedMeanwhileOpensNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		key, added := w.addPasskey(ctx, t)
		between := &passkeysThenStore{Store: w.store}
		node := w.node(t, testConfig(), between)
		answer := w.passkeyLogin(t, key)
		between.then = func() { // its signature is about to be checked
			if err := w.RemovePasskey(ctx, added.ID, accounts.Client{}); err != nil {
				t.Error(err)
			}
		}
		want(t, "login", second(node.LoginWithPasskey(t.Context(), answer)), accounts.ErrPasskeyInvalid)
	})
}

func TestACopiedPasskeyIsRefused(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		key, _ := w.addPasskey(w.signedIn(t, mina), t)
		key.credential.Counter = 7
		if _, err := w.LoginWithPasskey(t.Context(), w.passkeyLogin(t, key)); err != nil {
			t.Fatal(err)
		}
		want(t, "the counter stands still", second(w.LoginWithPasskey(t.Context(), w.passkeyLogin(t, key))), accounts.ErrPasskeyInvalid)
		key.credential.Counter = 8
		if _, err := w.LoginWithPasskey(t.Context(), w.passkeyLogin(t, key)); err != nil {
			t.Error(err)
		}
	})
}

func TestAnAccountHasTwentyPasskeys(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		for range 18 {
			w.addPasskey(ctx, t)
		}
		var answers [5]accounts.PasskeyAnswer
		for i := range answers {
			begun, err := w.BeginPasskey(ctx, baseURL)
			if err != nil {
				t.Fatal(err)
			}
			answers[i] = newSecurityKey().create(t, begun)
		}
		let := together(t, len(answers), func(i int) error { return second(w.AddPasskey(ctx, "", answers[i])) }, accounts.ErrTooManyPasskeys)
		if list, err := w.Passkeys(ctx); err != nil || len(list) != 20 || let != 2 {
			t.Errorf("%d passkeys, %v", len(list), err)
		}
		want(t, "one more", second(w.BeginPasskey(ctx, baseURL)), accounts.ErrTooManyPasskeys)
	})
}

func TestTheOnlyPasskeyStays(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		key, only := w.addPasskey(ctx, t)
		execute(t, w.db, "UPDATE users SET password_hash = ''")
		want(t, "the only passkey", w.RemovePasskey(ctx, only.ID, accounts.Client{}), accounts.ErrLastWayIn)
		if _, err := w.LoginWithPasskey(t.Context(), w.passkeyLogin(t, key)); err != nil {
			t.Errorf("it is gone: %v", err)
		}
		_, other := w.addPasskey(ctx, t)
		if err := w.RemovePasskey(ctx, only.ID, accounts.Client{}); err != nil {
			t.Errorf("one of two: %v", err)
		}
		want(t, "the other one", w.RemovePasskey(ctx, other.ID, accounts.Client{}), accounts.ErrLastWayIn)
	})
}

// Of two passkeys that go at the same time one stays.
func TestOfTwoLastPasskeysOneStays(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		_, one := w.addPasskey(ctx, t)
		_, two := w.addPasskey(ctx, t)
		execute(t, w.db, "UPDATE users SET password_hash = ''")
		ids := []int64{one.ID, two.ID}
		let := together(t, len(ids), func(i int) error { return w.RemovePasskey(ctx, ids[i], accounts.Client{}) }, accounts.ErrLastWayIn)
		if list, err := w.Passkeys(ctx); err != nil || len(list) != 1 || let != 1 {
			t.Errorf("%d removed, %+v, %v", let, list, err)
		}
	})
}

func TestPasskeysNeedAName(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		for _, origin := range []string{"https://127.0.0.1:8443", "http://rally.test", ""} {
			want(t, origin, second(w.BeginPasskey(ctx, origin)), accounts.ErrPasskeysUnavailable)
			want(t, origin, second(w.BeginPasskeyLogin(t.Context(), origin, accounts.Client{})), accounts.ErrPasskeysUnavailable)
		}
		want(t, "nobody", second(w.BeginPasskey(t.Context(), baseURL)), auth.ErrRequired)
		want(t, "without one", second(w.BeginPasskeyReauth(ctx, baseURL)), accounts.ErrPasskeyNotFound)
	})
}

func TestAPasskeyAloneCanBeTheSecondStep(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		want(t, "without a passkey", second(w.RequirePasskey(ctx, true, accounts.Client{})), accounts.ErrPasskeyNotFound)
		key, added := w.addPasskey(ctx, t)
		if w.asks(t, mina, "") {
			t.Error("a passkey is asked for before its owner wants it")
		}
		w.forgetNews()
		codes, err := w.RequirePasskey(ctx, true, accounts.Client{})
		if err != nil || len(codes) != 10 {
			t.Fatalf("%d codes, %v", len(codes), err)
		}
		w.wantNoted(t, accounts.EventSecondStepChange)
		if again, err := w.RequirePasskey(ctx, true, accounts.Client{}); err != nil || again != nil {
			t.Errorf("again: %q, %v", again, err)
		}
		w.wantNoted(t)
		waiting := w.knock(t, mina, accounts.Client{})
		if !slices.Equal(waiting.Steps, []string{accounts.StepPasskey, accounts.StepRecovery}) {
			t.Errorf("%q", waiting.Steps)
		}
		want(t, "a one-time code", w.finish(t.Context(), waiting.Pending.Value, accounts.SecondProof{Code: "123456"}), accounts.ErrCodeInvalid)
		if _, err := w.FinishLoginWithPasskey(t.Context(), waiting.Pending.Value, false, w.passkeyStep(t, key, waiting.Pending.Value)); err != nil {
			t.Error(err)
		}
		e := w.trusted(t, mina, accounts.SecondProof{RecoveryCode: codes[0]}, "")
		if w.asks(t, mina, e.Device.Value) {
			t.Error("the device is not trusted")
		}
		if err := w.RemovePasskey(ctx, added.ID, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		if w.asks(t, mina, "") {
			t.Error("a passkey is asked for that nobody has")
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM recovery_codes"); n != 0 {
			t.Errorf("%d recovery codes are left", n)
		}
		// Turned on again, no device is trusted from before.
		w.addPasskey(ctx, t)
		if _, err := w.RequirePasskey(ctx, true, accounts.Client{}); err != nil || !w.asks(t, mina, e.Device.Value) {
			t.Errorf("a device is still trusted, or %v", err)
		}
		if _, err := w.RequirePasskey(ctx, false, accounts.Client{}); err != nil || w.asks(t, mina, "") {
			t.Errorf("still asked, or %v", err)
		}
	})
}

func TestOneSecondStepLeavesTheCodesOfTheOther(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		app := w.otpOn(ctx, t)
		_, added := w.addPasskey(ctx, t)
		try := func(code string) error {
			return w.finish(t.Context(), w.pending(t, mina), accounts.SecondProof{RecoveryCode: code})
		}
		if codes, err := w.RequirePasskey(ctx, true, accounts.Client{}); err != nil || codes != nil {
			t.Errorf("codes were there: %q, %v", codes, err)
		}
		if err := w.DisableOTP(ctx, password, app.proof(t), accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		if err := try(app.recovery[0]); err != nil {
			t.Errorf("one-time codes went: %v", err)
		}
		if err := try(w.otpOn(ctx, t).recovery[0]); err != nil {
			t.Error(err)
		}
		if err := w.RemovePasskey(ctx, added.ID, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		if state, err := w.Security(ctx); err != nil || state.RecoveryCodes != 9 || state.User.PasskeyStep {
			t.Errorf("the passkey went: %+v, %v", state, err)
		}
	})
}
