package accounts_test

import (
	"testing"
	"time"

	"rally/modules/accounts"
)

func TestPurgeTakesAccountsThatNeverProvedTheirAddress(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const never, asked, proved = "never@rally.example", "asked@rally.example", mina
		w.member(t, proved)
		for _, email := range []string{never, asked} {
			w.claim(t, w.Service, email, lastWord)
		}
		w.mail.Take()
		there := func(email string) bool {
			t.Helper()
			if err := w.Purge(t.Context()); err != nil {
				t.Fatal(err)
			}
			return scalar[int](t, w.db, "SELECT count(*) FROM users WHERE email = $1", email) == 1
		}
		w.clock.Advance(29 * 24 * time.Hour)
		if err := w.resend(t.Context(), asked); err != nil {
			t.Fatal(err)
		}
		key := w.key(t)
		w.clock.Advance(24*time.Hour - time.Microsecond)
		if !there(never) {
			t.Error("gone before 30 days")
		}
		w.clock.Advance(time.Microsecond)
		if there(never) {
			t.Error("there after 30 days")
		}
		if !there(proved) || !there(asked) {
			t.Fatal("a proved account, or one with a key that still works, is gone")
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM profiles"); n != 2 {
			t.Errorf("%d profiles of 2 users", n)
		}
		w.clock.Advance(48*time.Hour - time.Microsecond) // the last moment of the key
		if !there(asked) {
			t.Fatal("gone before its key")
		}
		if _, err := w.VerifyEmail(t.Context(), key, baseURL); err != nil {
			t.Errorf("the key that was asked for: %v", err)
		}
		w.clock.Advance(month)
		if !there(asked) || !there(proved) {
			t.Error("a proved account is gone")
		}
		w.mail.Take()
		w.member(t, never) // the address is free
	})
}

func TestPurgeTakesAnUnprovedAccountAfterItsLastKey(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.claim(t, w.Service, mina, lastWord)
		w.clock.Advance(29 * 24 * time.Hour)
		w.mail.Take()
		if err := w.resend(t.Context(), mina); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(accounts.VerifyTTL + 24*time.Hour) // expired keys are kept for a day
		if err := w.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := w.CountUsers(t.Context()); n != 0 || err != nil {
			t.Errorf("%d users, %v", n, err)
		}
	})
}

// A stranger can't keep an address from its owner by registering it.
func TestAnAddressThatNobodyProvedIsFreeForWhoDoes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const moved = "moved@rally.example"
		ctx := w.signedIn(t, mina)
		w.claim(t, w.Service, moved, lastWord)
		stale := w.key(t)
		key := w.changeKey(ctx, t, mina, moved)
		want(t, "the stranger, meanwhile", second(w.Service.Login(t.Context(), loginForm(moved, lastWord))), accounts.ErrEmailUnverified)
		if err := w.ChangeEmail(t.Context(), key, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		want(t, "the stranger's letter", second(w.VerifyEmail(t.Context(), stale, baseURL)), accounts.ErrKeyInvalid)
		want(t, "the stranger", second(w.Service.Login(t.Context(), loginForm(moved, lastWord))), accounts.ErrBadCredentials)
		me, err := w.Me(ctx)
		if err != nil || me.User.Email != moved {
			t.Errorf("%+v, %v", me, err)
		}
		if _, account := w.login(t, moved); account.User.ID != me.User.ID {
			t.Errorf("user %d, want %d", account.User.ID, me.User.ID)
		}
		if n, err := w.CountUsers(t.Context()); n != 1 || err != nil {
			t.Errorf("%d users, %v", n, err)
		}
	})
}

// Who proves the address between the letter and its key keeps it.
func TestAnAddressThatIsProvedMeanwhileIsTaken(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const moved = "moved@rally.example"
		ctx := w.signedIn(t, mina)
		w.claim(t, w.Service, moved, password)
		theirs := w.key(t)
		key := w.changeKey(ctx, t, mina, moved)
		if err := w.verify(t.Context(), theirs); err != nil {
			t.Fatal(err)
		}
		want(t, "the key", w.ChangeEmail(t.Context(), key, accounts.Client{}), accounts.ErrKeyInvalid)
		me, err := w.Me(ctx)
		if _, account := w.login(t, moved); err != nil || account.User.ID == me.User.ID || me.User.Email != mina {
			t.Errorf("%+v, %v", me, err)
		}
	})
}
