package accounts_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
)

func TestSessionsSlide(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		for range 4 { // 100 days in all
			w.clock.Advance(25 * 24 * time.Hour)
			var err error
			if tokens, err = w.Refresh(t.Context(), tokens.Refresh, accounts.Client{Address: "198.51.100.7", UserAgent: "moved"}); err != nil {
				t.Fatal(err)
			}
			w.as(t, tokens)
			if !tokens.RefreshExpires.Equal(w.clock.Now().Add(30 * 24 * time.Hour)) {
				t.Errorf("ends %s", tokens.RefreshExpires)
			}
		}
		if a := scalar[string](t, w.db, "SELECT address FROM sessions"); a != "198.51.100.7" {
			t.Errorf("address %q", a)
		}
		w.clock.Advance(30 * 24 * time.Hour)
		_, err := w.Refresh(t.Context(), tokens.Refresh, accounts.Client{})
		want(t, "after thirty idle days", err, accounts.ErrRefreshInvalid)
	})
}

// A session in the cache that was extended meanwhile must not look expired.
func TestAnExtendedSessionOutlivesItsCacheEntry(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		cfg := testConfig()
		cfg.AccessTTL, cfg.SessionTTL = time.Second, 2*time.Second
		node := w.node(t, cfg, w.store)
		w.member(t, mina)
		first, _, err := direct(node.Login(t.Context(), accounts.LoginForm{Email: mina, Password: password}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := node.Authenticate(t.Context(), first.Access); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(1500 * time.Millisecond)
		second, err := node.Refresh(t.Context(), first.Refresh, accounts.Client{})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Second)
		if _, err := node.Authenticate(t.Context(), second.Access); err != nil {
			t.Error(err)
		}
		// And one that was not extended ends on time, cached or not.
		w.clock.Advance(time.Second)
		_, err = node.Authenticate(t.Context(), second.Access)
		want(t, "at its end", err, auth.ErrSessionEnded)
	})
}

func TestRefreshRefusesGarbage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		for _, bad := range []string{"", "x", tokens.Access, tokens.Refresh[:42], tokens.Refresh + "=", strings.Repeat("A", 43), strings.Repeat("\x00", 43)} {
			_, err := w.Refresh(t.Context(), bad, accounts.Client{})
			want(t, bad, err, accounts.ErrRefreshInvalid)
		}
		w.as(t, tokens) // nothing of it hurt the session
	})
}

func TestTwoTabsMayRace(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		const n = 16
		pairs := make([]auth.Tokens, n)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				var err error
				if pairs[i], err = w.Refresh(t.Context(), tokens.Refresh, accounts.Client{}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		seen := map[string]bool{}
		for _, pair := range pairs {
			w.as(t, pair)
			seen[pair.Refresh], seen[pair.Access] = true, true
			if _, err := w.Refresh(t.Context(), pair.Refresh, accounts.Client{}); err != nil {
				t.Errorf("a pair of the race is worth nothing: %v", err)
			}
		}
		if len(seen) != 2*n {
			t.Errorf("%d distinct tokens, want %d", len(seen), 2*n)
		}
		if live := scalar[int](t, w.db, "SELECT count(*) FROM sessions WHERE ended_at IS NULL"); live != 1 {
			t.Errorf("%d live sessions", live)
		}
		if rotated := scalar[int](t, w.db, "SELECT count(*) FROM refresh_tokens WHERE rotated_at IS NOT NULL"); rotated != n+1 {
			t.Errorf("%d rotated, want %d", rotated, n+1)
		}
	})
}

func TestReuseAfterTheGraceEndsTheFamilyOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		stolen, _ := w.login(t, mina)
		unrelated, _ := w.login(t, mina)
		owner, err := w.Refresh(t.Context(), stolen.Refresh, accounts.Client{})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(30 * time.Second)
		within, err := w.Refresh(t.Context(), stolen.Refresh, accounts.Client{})
		if err != nil {
			t.Fatalf("at the end of the grace: %v", err)
		}
		w.as(t, owner)
		w.clock.Advance(time.Microsecond)

		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				_, err := w.Refresh(t.Context(), stolen.Refresh, accounts.Client{})
				want(t, "replay", err, accounts.ErrRefreshInvalid)
			})
		}
		wg.Wait()
		if n := w.signals.count(); n != 1 {
			t.Errorf("the family was ended %d times", n)
		}
		for _, pair := range []auth.Tokens{stolen, owner, within} {
			_, err := w.Authenticate(t.Context(), pair.Access)
			want(t, "access of the family", err, auth.ErrSessionEnded)
			_, err = w.Refresh(t.Context(), pair.Refresh, accounts.Client{})
			want(t, "refresh of the family", err, accounts.ErrRefreshInvalid)
		}
		w.as(t, unrelated)
		if n := scalar[int](t, w.db, "SELECT count(*) FROM sessions WHERE end_reason = $1", accounts.EndedByReuse); n != 1 {
			t.Errorf("%d sessions ended by reuse", n)
		}
	})
}

// The owner renews while a thief replays: whoever comes first, the session is
// over afterwards, and no pair that was handed out works.
func TestRefreshRacesAReplay(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		for range 8 {
			stolen, _ := w.login(t, mina)
			owner, err := w.Refresh(t.Context(), stolen.Refresh, accounts.Client{})
			if err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(time.Minute)
			var last auth.Tokens
			var ownerErr error
			var wg sync.WaitGroup
			wg.Go(func() { last, ownerErr = w.Refresh(t.Context(), owner.Refresh, accounts.Client{}) })
			wg.Go(func() {
				_, err := w.Refresh(t.Context(), stolen.Refresh, accounts.Client{})
				want(t, "replay", err, accounts.ErrRefreshInvalid)
			})
			wg.Wait()
			if ownerErr == nil {
				_, err := w.Authenticate(t.Context(), last.Access)
				want(t, "the owner's new pair", err, auth.ErrSessionEnded)
			} else {
				want(t, "the owner", ownerErr, accounts.ErrRefreshInvalid)
			}
		}
	})
}

func TestLogoutRacesRefresh(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		for range 8 {
			tokens, _ := w.login(t, mina)
			var pair auth.Tokens
			var refreshErr error
			var wg sync.WaitGroup
			wg.Go(func() { pair, refreshErr = w.Refresh(t.Context(), tokens.Refresh, accounts.Client{}) })
			wg.Go(func() {
				if err := w.Logout(t.Context(), tokens.Refresh); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			if refreshErr != nil {
				want(t, "refresh", refreshErr, accounts.ErrRefreshInvalid)
				continue
			}
			_, err := w.Authenticate(t.Context(), pair.Access)
			want(t, "the new pair", err, auth.ErrSessionEnded)
		}
	})
}
