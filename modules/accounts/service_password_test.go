package accounts_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"rally/modules/accounts"
	"rally/platform/auth"
)

const newPassword = "rain-over-bukhansan"

var resetInMail = regexp.MustCompile(regexp.QuoteMeta(baseURL) + `/reset#uid=(\d+)&token=([A-Za-z0-9_-]{43})\n`)

// askReset asks for a reset and does the job's part.
func (w *world) askReset(t *testing.T, email string) {
	t.Helper()
	if err := errors.Join(w.AskReset(t.Context(), email, baseURL, accounts.Client{}), w.doTasks(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// resetKey returns the form of somebody who follows a mailed link.
func (w *world) resetKey(t *testing.T, email string) accounts.PasswordReset {
	t.Helper()
	w.mail.Take()
	w.askReset(t, email)
	mails := w.mail.Take()
	if len(mails) != 1 || mails[0].To != email {
		t.Fatalf("mails: %+v", mails)
	}
	found := resetInMail.FindStringSubmatch(mails[0].Body)
	if found == nil {
		t.Fatalf("no key in %q", mails[0].Body)
	}
	return accounts.PasswordReset{UserID: found[1], Key: found[2], New1: newPassword, New2: newPassword}
}

func change(old, next string) accounts.PasswordChange {
	return accounts.PasswordChange{Old: old, New1: next, New2: next, Client: accounts.Client{Address: "192.0.2.9"}}
}

func loginForm(email, pw string) accounts.LoginForm {
	return accounts.LoginForm{Email: email, Password: pw}
}

// kinds returns what the journal got since the last call.
func (w *world) kinds() []string {
	var kinds []string
	for _, e := range w.journal.Take() {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// tellsOwner checks that one security event was stored, journaled and mailed.
func (w *world) tellsOwner(t *testing.T, kind, to string) {
	t.Helper()
	if got := w.kinds(); !slices.Equal(got, []string{kind}) {
		t.Errorf("the journal got %v, want %s", got, kind)
	}
	mails := w.mail.Take()
	if len(mails) != 1 || mails[0].To != to {
		t.Errorf("%s: mails %+v", kind, mails)
	}
	if last := scalar[string](t, w.db, "SELECT kind FROM security_events ORDER BY id DESC LIMIT 1"); last != kind {
		t.Errorf("the last event is %s, want %s", last, kind)
	}
}

func (w *world) forgetNews() {
	w.mail.Take()
	w.journal.Take()
}

// lives and ended check a session by both of its tokens, on a node.
func lives(t *testing.T, node *accounts.Service, tokens auth.Tokens) {
	t.Helper()
	if _, err := node.Authenticate(t.Context(), tokens.Access); err != nil {
		t.Errorf("the session ended: %v", err)
	}
}

func ended(t *testing.T, node *accounts.Service, tokens auth.Tokens) {
	t.Helper()
	_, err := node.Authenticate(t.Context(), tokens.Access)
	want(t, "the access token", err, auth.ErrSessionEnded)
	_, err = node.Refresh(t.Context(), tokens.Refresh, accounts.Client{})
	want(t, "the refresh token", err, accounts.ErrRefreshInvalid)
}

// twoStep makes an account whose logins take a code, and knows its codes.
type twoStep struct {
	w      *world
	secret string
}

func (w *world) twoStep(ctx context.Context, t *testing.T) twoStep {
	t.Helper()
	setup, err := w.SetUpOTP(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s := twoStep{w, setup.Secret}
	if _, err := w.ConfirmOTP(ctx, s.code(t), accounts.Client{}); err != nil {
		t.Fatal(err)
	}
	return s
}

// code returns a code that wasn't used yet.
func (s twoStep) code(t *testing.T) string {
	t.Helper()
	s.w.clock.Advance(30 * time.Second)
	code, err := totp.GenerateCode(s.secret, s.w.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestANewPasswordEndsTheOtherSessionsOnEveryNode(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		other := w.node(t, testConfig(), w.store)
		w.signals.nodes = []*accounts.Service{other}
		here, _ := w.login(t, mina)
		there, _ := w.login(t, mina)
		for _, node := range []*accounts.Service{w.Service, other} { // into both caches
			lives(t, node, here)
			lives(t, node, there)
		}
		w.forgetNews()
		if err := w.ChangePassword(w.as(t, here), change(password, newPassword)); err != nil {
			t.Fatal(err)
		}
		w.tellsOwner(t, accounts.EventPasswordChanged, mina)
		for _, node := range []*accounts.Service{w.Service, other} {
			lives(t, node, here)
			ended(t, node, there)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM sessions WHERE end_reason = $1", accounts.EndedByPassword); n != 1 {
			t.Errorf("%d sessions ended, want 1", n)
		}
		if _, err := w.Refresh(t.Context(), here.Refresh, accounts.Client{}); err != nil {
			t.Errorf("the own refresh token: %v", err)
		}
		_, _, err := w.Login(t.Context(), loginForm(mina, password))
		want(t, "the old password", err, accounts.ErrBadCredentials)
		if _, _, err := w.Login(t.Context(), loginForm(mina, newPassword)); err != nil {
			t.Errorf("the new password: %v", err)
		}
	})
}

// Whatever somebody prepared with the old password is dead with it.
func TestANewPasswordEndsWhatTheOldOneOpened(t *testing.T) {
	for name, renew := range map[string]func(t *testing.T, w *world, ctx context.Context) error{
		"change": func(_ *testing.T, w *world, ctx context.Context) error {
			return w.ChangePassword(ctx, change(password, newPassword))
		},
		"reset": func(t *testing.T, w *world, _ context.Context) error {
			return w.ResetPassword(t.Context(), w.resetKey(t, mina))
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				w.member(t, mina)
				tokens, _ := w.login(t, mina)
				ctx := w.as(t, tokens)
				step := w.twoStep(ctx, t)
				first, err := w.Service.Login(ctx, loginForm(mina, password))
				if err != nil {
					t.Fatal(err)
				}
				in, err := w.FinishLogin(ctx, first.Pending.Value, accounts.SecondProof{Code: step.code(t)}, true, accounts.Client{})
				if err != nil {
					t.Fatal(err)
				}
				known := accounts.Client{Device: in.Device.Value}
				if _, _, err := w.Login(ctx, accounts.LoginForm{Email: mina, Password: password, Client: known}); err != nil {
					t.Fatalf("the trusted device: %v", err)
				}
				waiting, err := w.Service.Login(ctx, loginForm(mina, password))
				if err != nil {
					t.Fatal(err)
				}
				reset, moved := w.resetKey(t, mina), w.changeKey(ctx, t, mina, "moved@rally.example")

				if err := renew(t, w, ctx); err != nil {
					t.Fatal(err)
				}
				_, err = w.FinishLogin(t.Context(), waiting.Pending.Value, accounts.SecondProof{Code: step.code(t)}, false, accounts.Client{})
				want(t, "a waiting second step", err, accounts.ErrPendingRequired)
				again, err := w.Service.Login(t.Context(), accounts.LoginForm{Email: mina, Password: newPassword, Client: known})
				if err != nil || again.Pending.Value == "" || again.Tokens != (auth.Tokens{}) {
					t.Errorf("the device is trusted still: %+v, %v", again, err)
				}
				want(t, "an older reset key", w.ResetPassword(t.Context(), reset), accounts.ErrResetInvalid)
				want(t, "a key for another address", w.ChangeEmail(t.Context(), moved, accounts.Client{}), accounts.ErrKeyInvalid)
			})
		})
	}
}

func TestNewPasswordsThatAreRefused(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		here, _ := w.login(t, mina)
		there, _ := w.login(t, mina)
		ctx := w.as(t, here)
		key := w.resetKey(t, mina)
		want(t, "nobody", w.ChangePassword(t.Context(), change(password, newPassword)), auth.ErrRequired)
		want(t, "a wrong old one", w.ChangePassword(ctx, change("wrong-password", newPassword)), accounts.ErrBadCredentials)
		if got := fields(t, w.ChangePassword(ctx, change("", newPassword))); len(got) != 1 || len(got["old_password"]) != 1 {
			t.Errorf("without the old one: %v", got)
		}
		// The rules are those of the registration.
		for _, pw := range []string{"", "short", "12345678", "password", "mina@rally.example", strings.Repeat("x", 129), "  \t  "} {
			in := form(mina)
			in.Password1, in.Password2 = pw, pw
			wanted := fields(t, w.Register(t.Context(), in))
			reset := key
			reset.New1, reset.New2 = pw, pw
			for doing, err := range map[string]error{"change": w.ChangePassword(ctx, change(password, pw)), "reset": w.ResetPassword(t.Context(), reset)} {
				got := fields(t, err)
				if len(wanted["password1"]) == 0 || !slices.Equal(got["new_password1"], wanted["password1"]) || !slices.Equal(got["new_password2"], wanted["password2"]) {
					t.Errorf("%s to %.20q: %v, at the registration %v", doing, pw, got, wanted)
				}
			}
		}
		twice := change(password, newPassword)
		twice.New2 = "something-else-7"
		if got := fields(t, w.ChangePassword(ctx, twice)); len(got) != 1 || len(got["new_password2"]) != 1 {
			t.Errorf("two passwords: %v", got)
		}
		lives(t, w.Service, here)
		lives(t, w.Service, there)
		w.login(t, mina) // with the old password
		if err := w.ResetPassword(t.Context(), key); err != nil {
			t.Errorf("a refused password took the key: %v", err)
		}
	})
}

func TestAnAccountWithoutAPasswordGetsOneAfterARecentLogin(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		execute(t, w.db, "UPDATE users SET password_hash = ''")
		w.clock.Advance(10 * time.Minute)
		want(t, "ten minutes later", w.ChangePassword(ctx, change("", newPassword)), accounts.ErrReauthRequired)
		execute(t, w.db, "UPDATE sessions SET authenticated_at = $1", w.clock.Now().Add(time.Microsecond-10*time.Minute))
		w.forgetNews()
		if err := w.ChangePassword(ctx, change("", newPassword)); err != nil {
			t.Fatal(err)
		}
		w.tellsOwner(t, accounts.EventPasswordChanged, mina)
		if _, _, err := w.Login(t.Context(), loginForm(mina, newPassword)); err != nil {
			t.Error(err)
		}
		if got := fields(t, w.ChangePassword(ctx, change("", password))); len(got["old_password"]) != 1 {
			t.Errorf("now there is an old one: %v", got)
		}
	})
}

// Somebody who knows the old password signs in while it changes.
func TestNoSessionSlipsInBehindAChangedPassword(t *testing.T) {
	for _, how := range []string{"change", "reset"} {
		t.Run(how, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				w.member(t, mina)
				tokens, _ := w.login(t, mina)
				ctx, key := w.as(t, tokens), w.resetKey(t, mina)
				slow := &slowStore{Store: w.store}
				node := w.node(t, testConfig(), slow)
				slow.afterRead = func() { // the old hash was read
					renew := func() error { return w.ChangePassword(ctx, change(password, newPassword)) }
					if how == "reset" {
						renew = func() error { return w.ResetPassword(t.Context(), key) }
					}
					if err := renew(); err != nil {
						t.Error(err)
					}
				}
				_, _, err := direct(node.Login(t.Context(), loginForm(mina, password)))
				want(t, "the old password", err, accounts.ErrBadCredentials)
				if n := scalar[int](t, w.db, "SELECT count(*) FROM sessions WHERE end_reason <> $1", accounts.EndedByPassword); n != map[string]int{"change": 1}[how] {
					t.Errorf("%d sessions live", n)
				}
			})
		})
	}
}

// overtakenStore lets something happen after the nth reading of a session or
// of credentials.
type overtakenStore struct {
	accounts.Store
	left atomic.Int64
	hook func()
}

func (s *overtakenStore) count() {
	if s.left.Add(-1) == 0 {
		s.hook()
	}
}

func (s *overtakenStore) Session(ctx context.Context, id int64) (accounts.Session, error) {
	session, err := s.Store.Session(ctx, id)
	s.count()
	return session, err
}

func (s *overtakenStore) Credentials(ctx context.Context, email string) (accounts.Credentials, error) {
	found, err := s.Store.Credentials(ctx, email)
	s.count()
	return found, err
}

// A thief has a session and the old password. While one of their requests is
// between its check and its effect, the owner resets the password.
func TestAnEndedSessionChangesNothingAnyMore(t *testing.T) {
	for name, request := range map[string]struct {
		reads int64 // until the check is over
		do    func(ctx context.Context, s *accounts.Service) error
	}{
		"change the password": {2, func(ctx context.Context, s *accounts.Service) error {
			return s.ChangePassword(ctx, change(password, "the-thiefs-password"))
		}},
		"quit": {2, func(ctx context.Context, s *accounts.Service) error {
			return s.Quit(ctx, password, accounts.Client{})
		}},
		"change the address": {1, func(ctx context.Context, s *accounts.Service) error {
			return s.AskEmailChange(ctx, "thief@rally.example", baseURL, accounts.Client{})
		}},
		"unlink": {1, func(ctx context.Context, s *accounts.Service) error {
			list, err := s.Identities(ctx)
			return errors.Join(err, s.Unlink(ctx, list[0].ID, accounts.Client{}))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				w.member(t, mina)
				tokens, account := w.login(t, mina)
				ctx, key := w.as(t, tokens), w.resetKey(t, mina)
				w.linked(t, account.User.ID, "google", "g-1")
				s := &overtakenStore{Store: w.store, hook: func() {
					if err := w.ResetPassword(t.Context(), key); err != nil {
						t.Error(err)
					}
					w.forgetNews()
				}}
				s.left.Store(request.reads)
				want(t, name, request.do(ctx, w.node(t, testConfig(), s)), auth.ErrSessionEnded)
				if _, _, err := w.Login(t.Context(), loginForm(mina, newPassword)); err != nil {
					t.Errorf("the owner's new password: %v", err)
				}
				left := scalar[int](t, w.db, "SELECT count(*) FROM identities")
				keys := scalar[int](t, w.db, "SELECT count(*) FROM email_changes")
				if left != 1 || keys != 0 || len(w.left.All()) != 0 {
					t.Errorf("%d identities, %d keys, %v", left, keys, w.left.All())
				}
			})
		})
	}
}

// linked stores an identity.
func (w *world) linked(t *testing.T, userID int64, provider, subject string) {
	t.Helper()
	if err := w.db.InTx(t.Context(), func(ctx context.Context) error {
		_, err := w.store.InsertIdentity(ctx, accounts.Identity{
			UserID: userID, Provider: provider, Subject: subject, Email: subject + "@elsewhere.example", CreatedAt: w.clock.Now(), LastUsedAt: w.clock.Now(),
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
