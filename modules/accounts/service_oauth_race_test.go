package accounts_test

import (
	"context"
	"sync"
	"testing"

	"rally/internal/oauthtest"
	"rally/modules/accounts"
	"rally/modules/accounts/internal/oauth"
	"rally/platform/config"
	"rally/platform/db"
)

// gateStore makes the first lookups of an identity wait for each other, so
// that all of them find nobody. SQLite lets only one in at a time.
type gateStore struct {
	accounts.Store
	mu   sync.Mutex
	left int
	open chan struct{}
}

func (s *gateStore) Identity(ctx context.Context, provider, subject string) (accounts.Identity, error) {
	i, err := s.Store.Identity(ctx, provider, subject)
	s.mu.Lock()
	s.left--
	if s.left == 0 {
		close(s.open)
	}
	s.mu.Unlock()
	<-s.open
	return i, err
}

func TestOneNewPersonInManyTabsGetsOneAccount(t *testing.T) {
	for _, unproved := range []bool{false, true} {
		t.Run(map[bool]string{false: "new address", true: "unproved address"}[unproved], func(t *testing.T) {
			eachSocial(t, func(t *testing.T, w *world, s sites) {
				const tabs = 4
				if unproved {
					if err := w.Register(t.Context(), form(mina)); err != nil {
						t.Fatal(err)
					}
				}
				node := w.Service
				if w.db.Dialect == db.Postgres {
					node = w.node(t, testConfig(), &gateStore{Store: w.store, left: tabs, open: make(chan struct{})})
				}
				var back [tabs]accounts.Return
				for i := range back {
					back[i] = s.depart(t.Context(), t, w, "google", accounts.TripLogin, person("g-1", mina))
				}
				for _, err := range allAtOnce(tabs, func(i int) error {
					_, err := node.Arrive(t.Context(), back[i])
					return err
				}) {
					if err != nil {
						t.Error(err)
					}
				}
				users, err := w.CountUsers(t.Context())
				identities := scalar[int](t, w.db, "SELECT count(*) FROM identities")
				if users != 1 || identities != 1 || err != nil || len(w.registered.All()) != 1 {
					t.Errorf("%d users, %d identities, %v", users, identities, err)
				}
			})
		})
	}
}

func TestTheCommandLineGivesAnAccountWithoutPasswordOne(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		in, _ := s.enter(t, w, "google", person("g-1", mina))
		if created, err := w.CreateAdmin(t.Context(), mina, newPassword); created || err != nil {
			t.Fatalf("%t, %v", created, err)
		}
		ended(t, w.Service, in.Entrance.Tokens)
		_, account, err := w.Login(t.Context(), loginForm(mina, newPassword))
		if err != nil || !account.User.Staff || account.User.ID != in.Entrance.Account.User.ID {
			t.Errorf("%+v, %v", account, err)
		}
		// Whoever opened the account before has no way in any more.
		_, err = s.travel(t.Context(), t, w, "google", accounts.TripLogin, person("g-1", mina))
		want(t, "the login that was linked before", err, accounts.ErrLinkRequired)
		s.enter(t, w, "google", person("g-2", "other@rally.example"))
		if _, err := w.Import(t.Context(), []accounts.ImportedUser{{Email: "new@rally.example", Password: password}, {Email: "other@rally.example", Password: password}}); err == nil {
			t.Error("a taken address was imported")
		}
		if _, err := w.Import(t.Context(), []accounts.ImportedUser{{Email: "new@rally.example", Password: password}}); err != nil {
			t.Error(err)
		}
		w.login(t, "new@rally.example")
	})
}

// The adapters that the program runs with, against servers that check what the
// real ones check.
func TestRealAdaptersLogIn(t *testing.T) {
	for name, start := range map[string]func(oauthtest.TB) *oauthtest.Server{"google": oauthtest.Google, "naver": oauthtest.Naver, "42": oauthtest.FortyTwo} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				server := start(t)
				server.Allow(backURL)
				environ := []string{"PATH=/bin"}
				for key, value := range server.Settings() {
					environ = append(environ, key+"="+value)
				}
				source, err := config.Read("", environ)
				if err != nil {
					t.Fatal(err)
				}
				cfg, err := config.Load[oauth.Config](source)
				if err != nil {
					t.Fatal(err)
				}
				w.providers = oauth.Providers(cfg)
				node := w.node(t, testConfig(), w.store)
				for _, wanted := range []bool{true, false} {
					out, err := node.Depart(t.Context(), name, accounts.TripLogin, backURL, "/shop", accounts.Client{})
					if err != nil {
						t.Fatal(err)
					}
					back, err := oauthtest.Browse(t.Context(), out.URL)
					if err != nil {
						t.Fatal(err)
					}
					in, err := node.Arrive(t.Context(), accounts.Return{Provider: name, State: back.Get("state"), Code: back.Get("code"), Browser: out.Browser.Value})
					if err != nil || in.Created != wanted || in.Next != "/shop" || in.Entrance.Account.User.Email != "ada@example.com" {
						t.Errorf("%+v, %v", in, err)
					}
				}
			})
		})
	}
}
