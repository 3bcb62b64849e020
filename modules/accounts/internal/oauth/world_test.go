package oauth_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"rally/internal/oauthtest"
	"rally/modules/accounts"
	"rally/modules/accounts/internal/oauth"
	"rally/platform/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const home = "https://rally.test/api/accounts/oauth/callback"

// site is one of the three, as the tests of all of them need it.
type site struct {
	name     string
	start    func(oauthtest.TB) *oauthtest.Server
	exchange []oauthtest.Step // the calls of Exchange
	inspect  []oauthtest.Step // the calls of Inspect
}

func sites() []site {
	return []site{
		{"google", oauthtest.Google, []oauthtest.Step{oauthtest.Discovery, oauthtest.Token, oauthtest.Keys}, []oauthtest.Step{oauthtest.TokenInfo}},
		{"naver", oauthtest.Naver, []oauthtest.Step{oauthtest.Token, oauthtest.Profile}, []oauthtest.Step{oauthtest.Profile}},
		{"42", oauthtest.FortyTwo, []oauthtest.Step{oauthtest.Token, oauthtest.Profile}, []oauthtest.Step{oauthtest.TokenInfo, oauthtest.Profile}},
	}
}

// eachSite runs fn for every provider.
func eachSite(t *testing.T, fn func(t *testing.T, kind site, s *oauthtest.Server)) {
	t.Helper()
	for _, kind := range sites() {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			s := kind.start(t)
			s.Allow(home)
			fn(t, kind, s)
		})
	}
}

// google starts Google alone.
func google(t *testing.T) (*oauthtest.Server, accounts.Provider) {
	t.Helper()
	s := oauthtest.Google(t)
	s.Allow(home)
	return s, provider(t, s)
}

// load reads the settings as the program does.
func load(settings map[string]string) (oauth.Config, error) {
	environ := []string{"PATH=/bin"}
	for name, value := range settings {
		environ = append(environ, name+"="+value)
	}
	source, err := config.Read("", environ)
	if err != nil {
		return oauth.Config{}, err
	}
	return config.Load[oauth.Config](source)
}

// provider returns the one that is configured for s, with nothing cached.
func provider(t *testing.T, s *oauthtest.Server, changes ...func(*oauth.Config)) accounts.Provider {
	t.Helper()
	cfg, err := load(s.Settings())
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		change(&cfg)
	}
	all := oauth.Providers(cfg)
	if len(all) != 1 {
		t.Fatalf("%d providers are configured, want 1", len(all))
	}
	return all[0]
}

func newRequest() accounts.CodeRequest {
	return accounts.CodeRequest{RedirectURI: home, State: rand.Text(), Verifier: rand.Text() + rand.Text(), Nonce: rand.Text()}
}

// login walks the browser to the site and back.
func login(t *testing.T, p accounts.Provider, r accounts.CodeRequest) accounts.CodeGrant {
	t.Helper()
	back := walk(t, p, r)
	if back.Get("code") == "" || back.Get("state") != r.State {
		t.Fatalf("the browser came back with %v", back)
	}
	return accounts.CodeGrant{Code: back.Get("code"), RedirectURI: r.RedirectURI, State: r.State, Verifier: r.Verifier, Nonce: r.Nonce}
}

func walk(t *testing.T, p accounts.Provider, r accounts.CodeRequest) url.Values {
	t.Helper()
	address, err := p.CodeURL(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	back, err := oauthtest.Browse(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// mustFail checks that err is the fault want, and that it tells no secret.
func mustFail(t *testing.T, s *oauthtest.Server, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, text := range []string{e.Error(), fmt.Sprintf("%+v", e), fmt.Sprintf("%#v", e)} {
			for _, secret := range s.Secrets() {
				if strings.Contains(text, secret) || strings.Contains(text, url.QueryEscape(secret)) {
					t.Errorf("an error tells a secret: %s", text)
				}
			}
			if len(text) > 2000 {
				t.Errorf("an error has %d bytes", len(text))
			}
		}
	}
	for _, context := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(want, accounts.ErrProviderUnavailable) && errors.Is(err, context) {
			t.Errorf("%v seems to be the caller's own end", err)
		}
	}
}
