package accounts_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/db"
	"rally/platform/testkit"
)

const (
	firstWord = "a-strangers-first-word"
	lastWord  = "a-strangers-last-word"
)

// claim registers an address with a password, as anybody may.
func (w *world) claim(t *testing.T, node *accounts.Service, email, word string) {
	t.Helper()
	in := form(email)
	in.Password1, in.Password2 = word, word
	if err := node.Register(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// Who registers an address and then logs in with it must not learn from the
// answers whether it had an account.
func TestRegisteringTellsNobodyWhetherAnAddressIsTaken(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const fresh = "fresh@rally.example"
		w.member(t, mina)
		both := func(doing, word string, target error) {
			t.Helper()
			for _, email := range []string{fresh, mina} {
				want(t, email+" "+doing, second(w.Service.Login(t.Context(), loginForm(email, word))), target)
			}
		}
		both("before", firstWord, accounts.ErrBadCredentials)
		for _, email := range []string{fresh, mina} {
			w.claim(t, w.Service, email, firstWord)
		}
		both("after one registration", firstWord, accounts.ErrEmailUnverified)
		both("with a wrong password", lastWord, accounts.ErrBadCredentials)
		for _, email := range []string{fresh, mina} {
			w.claim(t, w.Service, email, lastWord)
		}
		both("after another", lastWord, accounts.ErrEmailUnverified)
		both("with the word before", firstWord, accounts.ErrBadCredentials)
		both("with a wrong password", "neither-of-the-two", accounts.ErrBadCredentials)
		w.login(t, mina)

		w.clock.Advance(month - time.Microsecond)
		for _, target := range []error{accounts.ErrEmailUnverified, accounts.ErrBadCredentials} {
			if err := w.Purge(t.Context()); err != nil {
				t.Fatal(err)
			}
			both("30 days later", lastWord, target)
			w.clock.Advance(time.Microsecond)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM decoys"); n != 0 {
			t.Errorf("%d decoys stay", n)
		}
		w.login(t, mina)
	})
}

// The owner may choose, by chance, the word of the decoy.
func TestADecoyOpensNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		w.claim(t, w.Service, mina, lastWord)
		w.forgetNews()
		sessions := w.liveSessions(t)
		client := accounts.Client{}
		for name, err := range map[string]error{
			"a proof of who calls": second(w.Reauthenticate(ctx, lastWord, accounts.SecondProof{}, client)),
			"a new password":       w.ChangePassword(ctx, change(lastWord, newPassword)),
			"leaving":              w.Quit(ctx, lastWord, client),
		} {
			want(t, name, err, accounts.ErrBadCredentials)
		}
		for range 3 {
			e, err := w.Service.Login(t.Context(), loginForm(mina, lastWord))
			want(t, "a login", err, accounts.ErrEmailUnverified)
			if e.Tokens.Access != "" || e.Pending.Value != "" || e.Device.Value != "" {
				t.Errorf("%+v", e)
			}
		}
		// A letter that is asked for proves nothing new to them.
		if err := w.resend(t.Context(), mina); err != nil || len(w.mail.Take()) != 0 {
			t.Errorf("a letter is sent: %v", err)
		}
		if n := w.liveSessions(t); n != sessions {
			t.Errorf("%d sessions became %d", sessions, n)
		}
		w.login(t, mina)

		w.claim(t, w.Service, mina, password)
		w.login(t, mina)
	})
}

// work measures what is digested for passwords, in units of one hash. Nothing
// else in a login takes megabytes, and no other test runs at the same time.
func work(fn func()) int {
	const noise = hashMemory / 4
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return int((after.TotalAlloc - before.TotalAlloc + noise) / hashMemory)
}

const hashMemory = 16 << 20 // bytes

func TestEveryRefusedLoginCostsTheSame(t *testing.T) {
	testkit.EachDBInTurn(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		cfg := testConfig()
		cfg.PasswordMemory = hashMemory >> 10
		w.Service = w.node(t, cfg, w.store)
		for _, email := range []string{"verified@rally.example", "decoy@rally.example", "social@rally.example", "social-decoy@rally.example"} {
			w.member(t, email)
		}
		execute(t, w.db, "UPDATE users SET password_hash = '' WHERE email LIKE 'social%'")
		for _, email := range []string{"decoy@rally.example", "social-decoy@rally.example", "unverified@rally.example"} {
			w.claim(t, w.Service, email, lastWord)
		}
		login := func(email, word string, target error) {
			t.Helper()
			var err error
			n := work(func() { err = second(w.Service.Login(t.Context(), loginForm(email, word))) })
			want(t, email+" with "+word[:5], err, target)
			if n != 2 {
				t.Errorf("%s with %.20s: %d hashes, want 2", email, word, n)
			}
		}
		for _, word := range []string{lastWord, "wrong-password", strings.Repeat("long", 1000)} {
			waits := accounts.ErrBadCredentials
			if word == lastWord {
				waits = accounts.ErrEmailUnverified
			}
			for email, target := range map[string]error{
				"nobody@rally.example": accounts.ErrBadCredentials, "no address": accounts.ErrBadCredentials,
				"verified@rally.example": accounts.ErrBadCredentials, "social@rally.example": accounts.ErrBadCredentials,
				"decoy@rally.example": waits, "social-decoy@rally.example": waits, "unverified@rally.example": waits,
			} {
				login(email, word, target)
			}
		}
	})
}
