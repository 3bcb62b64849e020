package oauth_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"rally/internal/oauthtest"
	"rally/modules/accounts"
	"rally/modules/accounts/internal/oauth"
)

func TestPeopleLogIn(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, kind site, s *oauthtest.Server) {
		p := provider(t, s)
		if p.Name() != kind.name {
			t.Fatalf("the name is %q", p.Name())
		}
		for _, person := range []struct{ subject, email string }{{"1001", "ada@example.com"}, {"2002", "bob@example.com"}, {"3003", ""}} {
			s.SetPerson(person.subject, person.email, person.email != "")
			grant := login(t, p, newRequest())
			s.SetPerson("9", "somebody.else@example.com", true) // who sits there later has no say
			who, err := p.Exchange(t.Context(), grant)
			if err != nil {
				t.Fatal(err)
			}
			if who.Subject != person.subject || who.Email != person.email || who.EmailVerified != (person.email != "") {
				t.Errorf("%+v logged in, want %+v", who, person)
			}
			_, err = p.Exchange(t.Context(), grant)
			mustFail(t, s, err, accounts.ErrProviderRefused) // the code is used
		}
	})
}

func TestCodeURLCarriesWhatProtectsTheLogin(t *testing.T) {
	t.Parallel()
	fresh := map[string]url.Values{"google": {"prompt": {"login"}, "max_age": {"0"}}, "naver": {"auth_type": {"reauthenticate"}}, "42": {}}
	scope := map[string]string{"google": "openid email", "naver": "", "42": "public"}
	eachSite(t, func(t *testing.T, kind site, s *oauthtest.Server) {
		p, r := provider(t, s), newRequest()
		for _, r.Fresh = range []bool{false, true} {
			raw, err := p.CodeURL(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			want := map[string]string{
				"response_type": "code", "client_id": s.ClientID, "redirect_uri": home, "state": r.State,
				"code_challenge_method": "S256", "scope": scope[kind.name],
			}
			for name := range fresh[kind.name] {
				if want[name] = ""; r.Fresh {
					want[name] = fresh[kind.name].Get(name)
				}
			}
			for name, value := range want {
				if q.Get(name) != value {
					t.Errorf("%s=%q, want %q", name, q.Get(name), value)
				}
			}
			if q.Get("code_challenge") == "" || strings.Contains(raw, r.Verifier) || strings.Contains(raw, s.ClientSecret) {
				t.Errorf("the address has no challenge, or tells a secret: %s", raw)
			}
			if kind.name == "google" && q.Get("nonce") != r.Nonce {
				t.Errorf("nonce=%q", q.Get("nonce"))
			}
		}
	})
}

func TestTheAnswerOfAPersonWhoRefuses(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, _ site, s *oauthtest.Server) {
		s.SetDenied(true)
		r := newRequest()
		back := walk(t, provider(t, s), r)
		if back.Get("error") != "access_denied" || back.Get("state") != r.State || back.Has("code") {
			t.Errorf("the browser came back with %v", back)
		}
	})
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*accounts.CodeGrant){
		"another verifier":    func(g *accounts.CodeGrant) { g.Verifier = newRequest().Verifier },
		"no verifier":         func(g *accounts.CodeGrant) { g.Verifier = "" },
		"another code":        func(g *accounts.CodeGrant) { g.Code = "code-of-nobody" },
		"no code":             func(g *accounts.CodeGrant) { g.Code = "" },
		"a code with a break": func(g *accounts.CodeGrant) { g.Code += "\r\n" },
		"a huge code":         func(g *accounts.CodeGrant) { g.Code = strings.Repeat("x", 1<<20) },
	}
	own := map[string]map[string]func(*accounts.CodeGrant){
		"google": {
			"another redirect URI": func(g *accounts.CodeGrant) { g.RedirectURI += "/" },
			"another nonce":        func(g *accounts.CodeGrant) { g.Nonce = newRequest().Nonce },
			"no nonce":             func(g *accounts.CodeGrant) { g.Nonce = "" },
		},
		"naver": {"another state": func(g *accounts.CodeGrant) { g.State = newRequest().State }},
		"42":    {"another redirect URI": func(g *accounts.CodeGrant) { g.RedirectURI += "/" }},
	}
	eachSite(t, func(t *testing.T, kind site, s *oauthtest.Server) {
		p := provider(t, s)
		for _, table := range []map[string]func(*accounts.CodeGrant){cases, own[kind.name]} {
			for name, change := range table {
				grant := login(t, p, newRequest())
				change(&grant)
				_, err := p.Exchange(t.Context(), grant)
				if mustFail(t, s, err, accounts.ErrProviderRefused); t.Failed() {
					t.Fatalf("with %s", name)
				}
			}
		}
		stranger := provider(t, s, func(cfg *oauth.Config) {
			cfg.GoogleClientSecret, cfg.NaverClientSecret, cfg.FortyTwoClientSecret = "guessed", "guessed", "guessed"
		})
		_, err := stranger.Exchange(t.Context(), login(t, p, newRequest()))
		mustFail(t, s, err, accounts.ErrProviderRefused)
	})
}

func TestPhonesShowATokenOfTheirOwn(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, kind site, s *oauthtest.Server) {
		p := provider(t, s)
		s.SetPerson("2002", "bob@example.com", true)
		who, err := p.Inspect(t.Context(), s.AccessToken(s.ClientID))
		if err != nil || who.Subject != "2002" || who.Email != "bob@example.com" || !who.EmailVerified {
			t.Errorf("%+v, %v", who, err)
		}
		_, err = p.Inspect(t.Context(), s.ExpiredToken())
		mustFail(t, s, err, accounts.ErrProviderRefused)

		_, err = p.Inspect(t.Context(), s.AccessToken("another-client"))
		if kind.name == "naver" { // which has no way to tell
			if err != nil {
				t.Error(err)
			}
		} else {
			mustFail(t, s, err, accounts.ErrProviderRefused)
		}

		before := s.Calls(oauthtest.TokenInfo) + s.Calls(oauthtest.Profile)
		for _, junk := range []string{"", " ", "a b", "a\r\nX-Header: b", "a\x00", "é", strings.Repeat("x", 1<<20)} {
			_, err := p.Inspect(t.Context(), junk)
			mustFail(t, s, err, accounts.ErrProviderRefused)
		}
		if after := s.Calls(oauthtest.TokenInfo) + s.Calls(oauthtest.Profile); after != before {
			t.Errorf("%d calls were made with what can't be a token", after-before)
		}
	})
}

func TestSomeFaultsOfTheContent(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, kind site, s *oauthtest.Server) {
		p := provider(t, s)
		exchange := func() (accounts.External, error) { return p.Exchange(t.Context(), login(t, p, newRequest())) }
		inspect := func() (accounts.External, error) { return p.Inspect(t.Context(), s.AccessToken(s.ClientID)) }
		for _, ask := range []func() (accounts.External, error){exchange, inspect} {
			s.Fault(oauthtest.NoEmail)
			if who, err := ask(); err != nil || who.Email != "" || who.EmailVerified || who.Subject != "1001" {
				t.Errorf("without an address: %+v, %v", who, err)
			}
			s.Fault(oauthtest.NoSubject)
			_, err := ask()
			mustFail(t, s, err, accounts.ErrProviderUnavailable)
			if kind.name == "naver" {
				s.Fault(oauthtest.ErrorIn200)
				_, err := ask()
				mustFail(t, s, err, accounts.ErrProviderRefused)
			}
		}
		if kind.name == "naver" {
			return
		}
		s.Fault(oauthtest.WrongAudience)
		_, err := inspect()
		mustFail(t, s, err, accounts.ErrProviderRefused)
		s.Fault(map[string]oauthtest.Kind{"google": oauthtest.OtherParty, "42": oauthtest.WrongOwner}[kind.name])
		_, err = inspect()
		mustFail(t, s, err, map[string]error{"google": accounts.ErrProviderRefused, "42": accounts.ErrProviderUnavailable}[kind.name])
		if kind.name == "google" {
			s.Fault(oauthtest.Expired)
			_, err = inspect()
			mustFail(t, s, err, accounts.ErrProviderRefused)
		}
	})
}

// The caller who leaves gets their own error back: nothing is wrong with the
// provider.
func TestTheEndOfTheCallersContextIsPassedOn(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, kind site, s *oauthtest.Server) {
		grant := login(t, provider(t, s), newRequest())
		for _, step := range kind.exchange {
			s.Fault(oauthtest.None)
			leaves(t, s, step, func(ctx context.Context) error {
				_, err := provider(t, s).Exchange(ctx, grant)
				return err
			})
			grant = login(t, provider(t, s), newRequest())
		}
		for _, step := range kind.inspect {
			raw := s.AccessToken(s.ClientID)
			leaves(t, s, step, func(ctx context.Context) error {
				_, err := provider(t, s).Inspect(ctx, raw)
				return err
			})
		}
		late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
		defer cancel()
		if _, err := provider(t, s).Exchange(late, grant); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, accounts.ErrProviderUnavailable) {
			t.Errorf("after the caller's deadline: %v", err)
		}
	})
}

// leaves cancels ask while it waits for a step.
func leaves(t *testing.T, s *oauthtest.Server, step oauthtest.Step, ask func(context.Context) error) {
	t.Helper()
	arrived, release := s.Hold(step)
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- ask(ctx) }()
	select {
	case <-arrived:
	case err := <-done:
		t.Fatalf("%s was not reached: %v", step, err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || errors.Is(err, accounts.ErrProviderUnavailable) || errors.Is(err, accounts.ErrProviderRefused) {
		t.Errorf("%s: %v", step, err)
	}
}
