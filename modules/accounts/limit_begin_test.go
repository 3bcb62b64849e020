package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/db"
	"rally/platform/testkit"
)

// countingStore counts what is written about attempts.
type countingStore struct {
	accounts.Store
	writes atomic.Int64
}

func (s *countingStore) CountAttempt(ctx context.Context, key []byte, limit accounts.Limit, now time.Time) (int, time.Time, error) {
	s.writes.Add(1)
	return s.Store.CountAttempt(ctx, key, limit, now)
}

func (s *countingStore) ReturnAttempt(ctx context.Context, key []byte, limit accounts.Limit) error {
	s.writes.Add(1)
	return s.Store.ReturnAttempt(ctx, key, limit)
}

func (s *countingStore) ForgetAttempts(ctx context.Context, key []byte) error {
	s.writes.Add(1)
	return s.Store.ForgetAttempts(ctx, key)
}

// attemptRows are all counters, as they are stored.
func (w *world) attemptRows(t *testing.T) []string {
	t.Helper()
	rows, err := db.Select[string](t.Context(), w.db,
		`SELECT CAST(key AS TEXT) || ' ' || failures || ' ' || CAST(window_start AS TEXT) || ' ' || coalesce(CAST(blocked_until AS TEXT), '-') FROM attempts`)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(rows)
	return rows
}

// Who is refused costs the database no write, however often they try.
func TestARefusalWritesNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		ctx := w.signedIn(t, "jun@rally.example")
		w.clock.Advance(limitWindow) // that they registered counts no more
		counting := &countingStore{Store: w.store}
		w.Service = w.limited(t, counting)
		client := elsewhere()
		known := func() accounts.Client {
			c := client()
			c.Device = "of nobody"
			return c
		}
		for name, ask := range map[string]func(email string, c accounts.Client) error{
			"login": func(email string, c accounts.Client) error {
				return attempt(t.Context(), w.Service, email, "wrong-password", c)
			},
			"reset": func(email string, c accounts.Client) error { return w.AskReset(t.Context(), email, baseURL, c) },
			"resend": func(email string, c accounts.Client) error {
				return w.ResendVerification(t.Context(), email, baseURL, c)
			},
			"registration": func(email string, c accounts.Client) error {
				in := form(email)
				in.Client = c
				return w.Register(t.Context(), in)
			},
			"another address": func(_ string, c accounts.Client) error { return w.AskEmailChange(ctx, "new@rally.example", baseURL, c) },
			"a passkey's begin": func(string, accounts.Client) error {
				return second(w.BeginPasskeyLogin(t.Context(), baseURL, from(9)))
			},
			"a proof of who asks": func(_ string, c accounts.Client) error {
				return second(w.Reauthenticate(ctx, "wrong-password", accounts.SecondProof{}, c))
			},
		} {
			begun := 0
			for ; begun < 20*limitAttempts+1; begun++ { // until it is refused
				if err := ask(mina, client()); errors.Is(err, accounts.ErrTooManyAttempts) {
					break
				}
			}
			if begun < limitAttempts {
				t.Errorf("%s: only %d are taken", name, begun)
			}
			before, keys := w.attemptRows(t), scalar[int](t, w.db, "SELECT count(*) FROM passkey_ceremonies")
			counting.writes.Store(0)
			w.mail.Take()
			w.tasks.Take()
			for range 3 {
				want(t, name, ask(mina, client()), accounts.ErrTooManyAttempts)
				want(t, name+" on a device", ask(mina, known()), accounts.ErrTooManyAttempts)
			}
			if n := counting.writes.Load(); n != 0 || !slices.Equal(before, w.attemptRows(t)) {
				t.Errorf("%s: %d writes, %q became %q", name, n, before, w.attemptRows(t))
			}
			if len(w.mail.Take())+len(w.tasks.Take()) != 0 || scalar[int](t, w.db, "SELECT count(*) FROM passkey_ceremonies") != keys {
				t.Errorf("%s: it was done all the same", name)
			}
		}
	})
}

// Anybody may begin a login, and each leaves a row: people share addresses, so
// there may be twenty times as many as guesses.
func TestLoginsThatOnlyBeginAreLimited(t *testing.T) {
	const most = 20 * limitAttempts
	eachSocial(t, func(t *testing.T, w *world, _ sites) {
		ctx := w.signedIn(t, mina)
		w.Service = w.limited(t, w.store)
		depart := func(ctx context.Context, purpose string, c accounts.Client) error {
			return second(w.Depart(ctx, "google", purpose, backURL, "/", c))
		}
		for _, begin := range []struct {
			name, table string
			do          func(c accounts.Client) error
		}{
			{"with a passkey", "passkey_ceremonies", func(c accounts.Client) error { return second(w.BeginPasskeyLogin(t.Context(), baseURL, c)) }},
			{"at a provider", "oauth_trips", func(c accounts.Client) error { return depart(t.Context(), accounts.TripLogin, c) }},
		} {
			for i := range most {
				if err := begin.do(from(1)); err != nil {
					t.Fatalf("%s, number %d: %v", begin.name, i+1, err)
				}
			}
			rows := func() int { return scalar[int](t, w.db, "SELECT count(*) FROM "+begin.table) }
			before := rows()
			blocked(t, begin.name, begin.do(from(1)), limitBlock)
			if after := rows(); after != before || before != most {
				t.Errorf("%s: %d rows became %d", begin.name, before, after)
			}
			want(t, begin.name+" from elsewhere", begin.do(from(2)), nil)
		}
		// Who is signed in has other limits, and guesses are counted for themselves.
		want(t, "a link", depart(ctx, accounts.TripLink, from(1)), nil)
		want(t, "a proof", depart(ctx, accounts.TripReauth, from(1)), nil)
		want(t, "a login", attempt(t.Context(), w.Service, mina, password, from(1)), nil)
		w.clock.Advance(limitBlock)
		want(t, "afterwards", second(w.BeginPasskeyLogin(t.Context(), baseURL, from(1))), nil)
		want(t, "afterwards", depart(t.Context(), accounts.TripLogin, from(1)), nil)
	})
}

func TestWhoMistypesAnAddressBlocksNobodyElse(t *testing.T) {
	eachLimited(t, func(t *testing.T, w *world) {
		const one, two = "mina@rally", "jun@rally"
		client := elsewhere()
		guess(t, w.Service, limitAttempts, one, client)
		blocked(t, "one", attempt(t.Context(), w.Service, one, password, client()), limitBlock)
		blocked(t, "in another spelling", attempt(t.Context(), w.Service, " MINA@rally ", password, client()), limitBlock)
		guess(t, w.Service, limitAttempts, two, client)
		blocked(t, "two", attempt(t.Context(), w.Service, two, password, client()), limitBlock)
		for name, ask := range map[string]func(email string) error{
			"reset":  func(email string) error { return w.AskReset(t.Context(), email, baseURL, client()) },
			"resend": func(email string) error { return w.ResendVerification(t.Context(), email, baseURL, client()) },
		} {
			for range limitAttempts {
				want(t, name, ask(one), nil)
			}
			blocked(t, name+" of one", ask(one), limitBlock)
			want(t, name+" of two", ask(two), nil)
		}
		want(t, "who types it right", attempt(t.Context(), w.Service, mina, password, client()), nil)
	})
}

// A crowd of guesses from one address waits in line for the hasher, each at
// another account: what was counted before its turn came must stop it.
func TestACrowdFromOneAddressIsStoppedInTheLine(t *testing.T) {
	const many = 60
	eachLimited(t, func(t *testing.T, w *world) {
		waiting, release := accounts.LineUp(w.Service)
		released := make(chan struct{})
		go func() {
			defer close(released)
			testkit.Until(t, "all wait", func() bool { return waiting() == many })
			release()
		}()
		var looked atomic.Int64
		together(t, many, func(i int) error {
			err := attempt(t.Context(), w.Service, fmt.Sprintf("someone%d@rally.example", i), "wrong-password", from(1))
			if errors.Is(err, accounts.ErrBadCredentials) {
				looked.Add(1)
			}
			return err
		}, accounts.ErrBadCredentials, accounts.ErrTooManyAttempts)
		<-released
		if most := int64(limitAttempts + 2*runtime.GOMAXPROCS(0)); looked.Load() < limitAttempts || looked.Load() > most {
			t.Errorf("%d were looked at, want %d to %d", looked.Load(), limitAttempts, most)
		}
		blocked(t, "the right one", attempt(t.Context(), w.Service, mina, password, from(1)), limitBlock)
	})
}
