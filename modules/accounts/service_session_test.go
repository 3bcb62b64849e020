package accounts_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/db"
)

const mina = "mina@rally.example"

func TestLoginRefusals(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		for _, f := range []accounts.LoginForm{
			{Email: mina, Password: "wrong-password"},
			{Email: mina, Password: password + " "},
			{Email: mina, Password: strings.Repeat(password, 100)},
			{Email: mina, Password: "\x00\xff"},
			{Email: "nobody@rally.example", Password: password},
			{Email: "no address", Password: password},
			{Email: "\x00" + mina, Password: password},
		} {
			tokens, _, err := w.Login(t.Context(), f)
			want(t, f.Email, err, accounts.ErrBadCredentials)
			if tokens != (auth.Tokens{}) {
				t.Errorf("%s got %+v", f.Email, tokens)
			}
		}
		_, _, err := w.Login(t.Context(), accounts.LoginForm{})
		if got := fields(t, err); len(got["email"]) != 1 || len(got["password"]) != 1 {
			t.Errorf("fields %v", got)
		}
		execute(t, w.db, "UPDATE users SET deactivated_at = created_at")
		w.clock.Advance(30 * 24 * time.Hour)
		_, _, err = w.Login(t.Context(), accounts.LoginForm{Email: mina, Password: password})
		want(t, "deactivated", err, accounts.ErrDeactivated)
		_, _, err = w.Login(t.Context(), accounts.LoginForm{Email: mina, Password: "wrong-password"})
		want(t, "deactivated, wrong password", err, accounts.ErrBadCredentials)
		if n := scalar[int](t, w.db, "SELECT count(*) FROM sessions"); n != 0 {
			t.Errorf("%d sessions", n)
		}
	})
}

func TestLoginRemembersTheDevice(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		agent := "Browser\x00\xff" + strings.Repeat("한", 300)
		_, _, err := w.Login(t.Context(), accounts.LoginForm{Email: mina, Password: password, Client: accounts.Client{Address: "2001:db8::1", UserAgent: agent}})
		if err != nil {
			t.Fatal(err)
		}
		stored := scalar[string](t, w.db, "SELECT user_agent FROM sessions")
		if !strings.HasPrefix(stored, "Browser한") || len(stored) > 400 || scalar[string](t, w.db, "SELECT address FROM sessions") != "2001:db8::1" {
			t.Errorf("%q", stored)
		}
	})
}

func TestHashesFollowTheCosts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		dearer := testConfig()
		dearer.PasswordPasses = 2
		node := w.node(t, dearer, w.store)
		for range 2 {
			if _, _, err := direct(node.Login(t.Context(), accounts.LoginForm{Email: mina, Password: password})); err != nil {
				t.Fatal(err)
			}
			if phc := scalar[string](t, w.db, "SELECT password_hash FROM users"); !strings.Contains(phc, "m=64,t=2,p=1") || !accounts.ParsesAsHash(phc) {
				t.Errorf("%q", phc)
			}
		}
	})
}

// Logins that bring one hash to today's costs at the same time all succeed.
func TestManyLoginsRehash(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		dearer := testConfig()
		dearer.PasswordPasses = 2
		node := w.node(t, dearer, w.store)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, _, err := direct(node.Login(t.Context(), accounts.LoginForm{Email: mina, Password: password})); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

// Somebody who knows the old password signs in while the operator gives the
// account a new one and makes it staff: no session may slip in behind.
func TestNoSessionSlipsInBehindANewPassword(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		slow := &slowStore{Store: w.store}
		node := w.node(t, testConfig(), slow)
		slow.afterRead = func() {
			if _, err := w.CreateAdmin(t.Context(), mina, "quite-another-word"); err != nil {
				t.Error(err)
			}
		}
		_, _, err := direct(node.Login(t.Context(), accounts.LoginForm{Email: mina, Password: password}))
		want(t, "the old password", err, accounts.ErrBadCredentials)
		if n := scalar[int](t, w.db, "SELECT count(*) FROM sessions"); n != 0 {
			t.Errorf("%d sessions", n)
		}
	})
}

func TestLogoutIsImmediate(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		other := w.node(t, testConfig(), w.store)
		w.signals.nodes = []*accounts.Service{other}
		byRefresh, _ := w.login(t, mina)
		byAccess, _ := w.login(t, mina)
		bystander, _ := w.login(t, mina)
		for _, tokens := range []auth.Tokens{byRefresh, byAccess, bystander} { // into both caches
			w.as(t, tokens)
			if _, err := other.Authenticate(t.Context(), tokens.Access); err != nil {
				t.Fatal(err)
			}
		}
		want(t, "nothing shown", w.Logout(t.Context(), ""), auth.ErrRequired)
		want(t, "garbage shown", w.Logout(t.Context(), "garbage"), accounts.ErrRefreshInvalid)

		if err := w.Logout(t.Context(), byRefresh.Refresh); err != nil {
			t.Fatal(err)
		}
		if err := w.Logout(w.as(t, byAccess), ""); err != nil {
			t.Fatal(err)
		}
		for _, node := range []*accounts.Service{w.Service, other} {
			for _, tokens := range []auth.Tokens{byRefresh, byAccess} {
				_, err := node.Authenticate(t.Context(), tokens.Access)
				want(t, "access after logout", err, auth.ErrSessionEnded)
				_, err = node.Refresh(t.Context(), tokens.Refresh, accounts.Client{})
				want(t, "refresh after logout", err, accounts.ErrRefreshInvalid)
			}
			if _, err := node.Authenticate(t.Context(), bystander.Access); err != nil {
				t.Errorf("the bystander: %v", err)
			}
		}
		if err := w.Logout(t.Context(), byRefresh.Refresh); err != nil {
			t.Errorf("a second time: %v", err)
		}
		if n := w.signals.count(); n != 2 {
			t.Errorf("%d signals, want 2", n)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM sessions WHERE end_reason = $1", accounts.EndedByLogout); n != 2 {
			t.Errorf("%d ended", n)
		}
	})
}

func TestLogoutEndsAllThatWasShown(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		caller, _ := w.login(t, mina)
		shown, _ := w.login(t, mina)
		if err := w.Logout(w.as(t, caller), shown.Refresh); err != nil {
			t.Fatal(err)
		}
		for _, tokens := range []auth.Tokens{caller, shown} {
			_, err := w.Authenticate(t.Context(), tokens.Access)
			want(t, "afterwards", err, auth.ErrSessionEnded)
		}
		// A caller whose refresh token makes no sense is logged out all the same.
		caller, _ = w.login(t, mina)
		if err := w.Logout(w.as(t, caller), "garbage"); err != nil {
			t.Fatal(err)
		}
		_, err := w.Authenticate(t.Context(), caller.Access)
		want(t, "afterwards", err, auth.ErrSessionEnded)
	})
}

// Without its signal another node believes in the session for ten seconds and
// no longer.
func TestALostSignalIsBounded(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		other := w.node(t, testConfig(), w.store)
		tokens, _ := w.login(t, mina)
		if _, err := other.Authenticate(t.Context(), tokens.Access); err != nil {
			t.Fatal(err)
		}
		if err := w.Logout(t.Context(), tokens.Refresh); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(accounts.CacheTTL)
		_, err := other.Authenticate(t.Context(), tokens.Access)
		want(t, "after the cache's time", err, auth.ErrSessionEnded)
	})
}

// slowStore lets something happen between the reading of a row and its
// return.
type slowStore struct {
	accounts.Store
	afterRead func()
}

func (s *slowStore) pause() {
	if hook := s.afterRead; hook != nil {
		s.afterRead = nil
		hook()
	}
}

func (s *slowStore) Session(ctx context.Context, id int64) (accounts.Session, error) {
	session, err := s.Store.Session(ctx, id)
	s.pause()
	return session, err
}

func (s *slowStore) Credentials(ctx context.Context, email string) (accounts.Credentials, error) {
	found, err := s.Store.Credentials(ctx, email)
	s.pause()
	return found, err
}

func TestAnEndedSessionIsNotResurrected(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		slow := &slowStore{Store: w.store}
		node := w.node(t, testConfig(), slow)
		tokens, _ := w.login(t, mina)
		slow.afterRead = func() { // the row was read as live; now the session ends
			if err := node.Logout(t.Context(), tokens.Refresh); err != nil {
				t.Error(err)
			}
		}
		// This request began before the logout and may go either way.
		if _, err := node.Authenticate(t.Context(), tokens.Access); err != nil {
			t.Logf("overtaken: %v", err)
		}
		_, err := node.Authenticate(t.Context(), tokens.Access)
		want(t, "after the logout", err, auth.ErrSessionEnded)
	})
}

func TestNobodyIsLetInAfterALogoutReturned(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		for range 3 {
			tokens, _ := w.login(t, mina)
			done := make(chan struct{})
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					for {
						over := false
						select {
						case <-done:
							over = true
						default:
						}
						_, err := w.Authenticate(t.Context(), tokens.Access)
						if over {
							want(t, "after the logout", err, auth.ErrSessionEnded)
							return
						}
					}
				})
			}
			if err := w.Logout(t.Context(), tokens.Refresh); err != nil {
				t.Error(err)
			}
			close(done)
			wg.Wait()
		}
	})
}

func TestAuthenticate(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		w.member(t, "other@rally.example")
		tokens, account := w.login(t, mina)
		_, other := w.login(t, "other@rally.example")
		id, err := w.Authenticate(t.Context(), tokens.Access)
		if err != nil || id.UserID != account.User.ID || id.SessionID == 0 || id.Staff {
			t.Fatalf("%+v, %v", id, err)
		}
		// Even the right key can't put one user into another's session.
		for range 2 { // uncached, cached
			_, err = w.Authenticate(t.Context(), accounts.SignAs(w.Service, other.User.ID, id.SessionID, w.clock.Now()))
			want(t, "another's session", err, auth.ErrTokenInvalid)
		}
		_, err = w.Authenticate(t.Context(), accounts.SignAs(w.Service, id.UserID, 999, w.clock.Now()))
		want(t, "no such session", err, auth.ErrSessionEnded)
		for _, bad := range []string{"", "x.y.z", tokens.Refresh, tokens.Access + "x"} {
			_, err = w.Authenticate(t.Context(), bad)
			want(t, bad, err, auth.ErrTokenInvalid)
		}

		// Staff is what the database says, a cache's time later at most.
		execute(t, w.db, "UPDATE users SET is_staff = true WHERE id = $1", id.UserID)
		w.clock.Advance(accounts.CacheTTL)
		if id, err = w.Authenticate(t.Context(), tokens.Access); err != nil || !id.Staff {
			t.Errorf("%+v, %v", id, err)
		}
		execute(t, w.db, "UPDATE users SET deactivated_at = created_at WHERE id = $1", id.UserID)
		w.clock.Advance(accounts.CacheTTL)
		_, err = w.Authenticate(t.Context(), tokens.Access)
		want(t, "deactivated", err, auth.ErrSessionEnded)
		_, err = w.Refresh(t.Context(), tokens.Refresh, accounts.Client{})
		want(t, "deactivated", err, accounts.ErrRefreshInvalid)

		w.clock.Advance(15 * time.Minute)
		_, err = w.Authenticate(t.Context(), tokens.Access)
		want(t, "expired", err, auth.ErrTokenInvalid)
	})
}

func TestAuthenticateIsCached(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx, statements := db.WithCounter(t.Context())
		for range 50 {
			if _, err := w.Authenticate(ctx, tokens.Access); err != nil {
				t.Fatal(err)
			}
		}
		if n := statements.Load(); n != 1 {
			t.Errorf("%d statements for 50 requests", n)
		}
	})
}

func TestLastSeenIsWrittenOnceAMinuteInOneStatement(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		one, _ := w.login(t, mina)
		two, _ := w.login(t, mina)
		start := w.clock.Now()
		write := func() int64 {
			t.Helper()
			ctx, statements := db.WithCounter(t.Context())
			if err := w.WriteLastSeen(ctx); err != nil {
				t.Fatal(err)
			}
			return statements.Load()
		}
		stale := func() int {
			return scalar[int](t, w.db, "SELECT count(*) FROM sessions WHERE last_seen_at < $1", w.clock.Now())
		}
		w.as(t, one)
		if n := write(); n != 0 {
			t.Errorf("%d statements right after the login", n)
		}
		w.clock.Advance(time.Minute)
		for range 3 {
			w.as(t, one)
			w.as(t, two)
		}
		const once = 3 // begin, update, commit
		if n := write(); n != once || stale() != 0 {
			t.Errorf("%d statements, %d stale", n, stale())
		}
		w.clock.Advance(59 * time.Second)
		w.as(t, one)
		if n := write(); n != 0 {
			t.Errorf("%d statements within the minute", n)
		}
		w.clock.Advance(time.Second)
		w.as(t, one)
		if n := write(); n != once || stale() != 1 {
			t.Errorf("%d statements, %d stale, since %s", n, stale(), start)
		}
	})
}
