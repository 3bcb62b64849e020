package oauth_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"rally/internal/oauthtest"
	"rally/modules/accounts"
	"rally/modules/accounts/internal/oauth"
)

func TestIDTokensThatAreNotBelieved(t *testing.T) {
	t.Parallel()
	s, p := google(t)
	for kind, want := range map[oauthtest.Kind]error{
		oauthtest.WrongNonce:    accounts.ErrProviderRefused,
		oauthtest.WrongAudience: accounts.ErrProviderRefused,
		oauthtest.WrongIssuer:   accounts.ErrProviderRefused,
		oauthtest.OtherParty:    accounts.ErrProviderRefused,
		oauthtest.Expired:       accounts.ErrProviderRefused,
		oauthtest.BadSignature:  accounts.ErrProviderRefused,
		oauthtest.UnknownKey:    accounts.ErrProviderRefused,
		oauthtest.AlgNone:       accounts.ErrProviderRefused,
		oauthtest.AlgHS256:      accounts.ErrProviderRefused,
		oauthtest.NoIDToken:     accounts.ErrProviderUnavailable,
		oauthtest.NoSubject:     accounts.ErrProviderUnavailable,
		oauthtest.OddAuthTime:   accounts.ErrProviderUnavailable,
	} {
		t.Run(string(kind), func(t *testing.T) {
			s.Fault(kind)
			who, err := p.Exchange(t.Context(), login(t, p, newRequest()))
			mustFail(t, s, err, want)
			if who != (accounts.External{}) {
				t.Errorf("an error comes with %+v", who)
			}
		})
	}
}

func TestWhatGoogleTellsOfAPerson(t *testing.T) {
	t.Parallel()
	s, p := google(t)
	at := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	s.SetAuthTime(at)
	s.SetPerson("1001", "Ada@Example.com", false)
	ada := accounts.External{Subject: "1001", Email: "Ada@Example.com", AuthTime: at}
	verified, nameless, timeless := ada, ada, ada
	verified.EmailVerified, nameless.Email, timeless.AuthTime = true, "", time.Time{}
	for kind, want := range map[oauthtest.Kind]accounts.External{
		oauthtest.None: ada, oauthtest.TextVerified: verified, oauthtest.FalseVerified: ada,
		oauthtest.NoEmail: nameless, oauthtest.NoAuthTime: timeless,
	} {
		s.Fault(kind)
		r := newRequest()
		r.Fresh = true
		if who, err := p.Exchange(t.Context(), login(t, p, r)); err != nil || who != want {
			t.Errorf("%s: %+v, %v; want %+v", kind, who, err, want)
		}
	}
	// tokeninfo says it in strings.
	s.Fault(oauthtest.None)
	who, err := p.Inspect(t.Context(), s.AccessToken(s.ClientID))
	if err != nil || who != timeless {
		t.Errorf("%+v, %v; want %+v", who, err, timeless)
	}
}

func TestDiscoveryIsAskedOnceForAll(t *testing.T) {
	t.Parallel()
	s, p := google(t)
	arrived, release := s.Hold(oauthtest.Discovery)
	defer release()

	// Who asks first leaves before the answer. The discovery goes on.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	first := make(chan error, 1)
	go func() {
		_, err := p.CodeURL(ctx, newRequest())
		first <- err
	}()
	<-arrived
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) || errors.Is(err, accounts.ErrProviderUnavailable) {
		t.Errorf("who left got %v", err)
	}

	var others sync.WaitGroup
	for range 20 {
		others.Go(func() {
			if _, err := p.CodeURL(t.Context(), newRequest()); err != nil {
				t.Error(err)
			}
		})
	}
	release()
	others.Wait()
	if _, err := p.Exchange(t.Context(), login(t, p, newRequest())); err != nil {
		t.Error(err)
	}
	if n := s.Calls(oauthtest.Discovery); n != 1 {
		t.Errorf("discovery was asked for %d times", n)
	}
}

func TestDiscoveryRecovers(t *testing.T) {
	t.Parallel()
	s, p := google(t)
	for _, kind := range []oauthtest.Kind{oauthtest.Status500, oauthtest.OtherDiscovery, oauthtest.PlainDiscovery, oauthtest.HangUp} {
		before := s.Calls(oauthtest.Discovery)
		s.Fault(kind, oauthtest.Discovery)
		_, err := p.CodeURL(t.Context(), newRequest())
		mustFail(t, s, err, accounts.ErrProviderUnavailable)
		if s.Calls(oauthtest.Discovery) == before {
			t.Errorf("%s: a failure was cached", kind)
		}
	}
	s.Fault(oauthtest.None)
	for range 3 {
		if _, err := p.Exchange(t.Context(), login(t, p, newRequest())); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.Calls(oauthtest.Discovery); n != 5 {
		t.Errorf("discovery was asked for %d times, want 4 failures and 1 success", n)
	}
	if n := s.Calls(oauthtest.Keys); n != 1 {
		t.Errorf("the keys were asked for %d times", n)
	}
}

// Many people log in at the same moment, through one provider.
func TestManyLogInAtOnce(t *testing.T) {
	t.Parallel()
	s, p := google(t)
	var people sync.WaitGroup
	for range 10 {
		r := newRequest()
		people.Go(func() {
			address, err := p.CodeURL(t.Context(), r)
			if err != nil {
				t.Error(err)
				return
			}
			back, err := oauthtest.Browse(t.Context(), address)
			if err != nil {
				t.Error(err)
				return
			}
			who, err := p.Exchange(t.Context(), accounts.CodeGrant{Code: back.Get("code"), RedirectURI: home, State: r.State, Verifier: r.Verifier, Nonce: r.Nonce})
			if err != nil || who.Subject != "1001" {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
	people.Wait()
	if n := s.Calls(oauthtest.Discovery); n != 1 {
		t.Errorf("discovery was asked for %d times", n)
	}
}

// An issuer with a slash at its end is another issuer: it is compared exactly.
func TestTheIssuerIsComparedExactly(t *testing.T) {
	t.Parallel()
	s, _ := google(t)
	p := provider(t, s, func(cfg *oauth.Config) { cfg.GoogleIssuer += "/" })
	_, err := p.CodeURL(t.Context(), newRequest())
	mustFail(t, s, err, accounts.ErrProviderUnavailable)
}
