package oauth_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"rally/internal/oauthtest"
	"rally/modules/accounts"
	"rally/modules/accounts/internal/oauth"
)

// Every fault at every step, of both ways in. After each one the provider
// works again, without a new start.
func TestFaultsAtEveryStep(t *testing.T) {
	t.Parallel()
	kinds := []oauthtest.Kind{
		oauthtest.Slow, oauthtest.Status500, oauthtest.Status429, oauthtest.Status400, oauthtest.WrongJSON, oauthtest.EmptyBody,
		oauthtest.EmptyJSON, oauthtest.HugeBody, oauthtest.HangUp, oauthtest.NoHTTP, oauthtest.Redirect,
	}
	eachSite(t, func(t *testing.T, kind site, s *oauthtest.Server) {
		for _, fault := range kinds {
			patience := func(cfg *oauth.Config) {
				if fault == oauthtest.Slow {
					cfg.Timeout = 100 * time.Millisecond
				}
			}
			for _, step := range kind.exchange {
				t.Run(string("exchange, "+step+", ")+string(fault), func(t *testing.T) {
					s.Fault(oauthtest.None)
					grant := login(t, provider(t, s), newRequest())
					p := provider(t, s, patience)
					s.Fault(fault, step)
					who, err := p.Exchange(t.Context(), grant)
					mustFail(t, s, err, verdict(fault, step))
					if who != (accounts.External{}) {
						t.Errorf("an error comes with %+v", who)
					}
					s.Fault(oauthtest.None)
					if fault == oauthtest.Slow {
						return // it has too little patience for a busy machine
					}
					if _, err := p.Exchange(t.Context(), login(t, p, newRequest())); err != nil {
						t.Errorf("after the repair: %v", err)
					}
				})
			}
			for _, step := range kind.inspect {
				t.Run(string("inspect, "+step+", ")+string(fault), func(t *testing.T) {
					s.Fault(fault, step)
					_, err := provider(t, s, patience).Inspect(t.Context(), s.AccessToken(s.ClientID))
					mustFail(t, s, err, verdict(fault, step))
					s.Fault(oauthtest.None)
				})
			}
		}
		if s.Strayed() != 0 {
			t.Errorf("%d requests followed a redirect to another host", s.Strayed())
		}
	})
}

// verdict is the fault that a caller sees.
func verdict(fault oauthtest.Kind, step oauthtest.Step) error {
	switch {
	case fault == oauthtest.Status400 && step != oauthtest.Discovery && step != oauthtest.Keys:
		return accounts.ErrProviderRefused
	case fault == oauthtest.EmptyJSON && step == oauthtest.Keys: // a key set without keys confirms nothing
		return accounts.ErrProviderRefused
	}
	return accounts.ErrProviderUnavailable
}

func TestAProviderThatIsAway(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, kind site, s *oauthtest.Server) {
		grant := login(t, provider(t, s), newRequest())
		raw := s.AccessToken(s.ClientID)
		s.Close()
		p := provider(t, s) // it is made all the same
		_, err := p.Exchange(t.Context(), grant)
		mustFail(t, s, err, accounts.ErrProviderUnavailable)
		_, err = p.Inspect(t.Context(), raw)
		mustFail(t, s, err, accounts.ErrProviderUnavailable)
		if _, err = p.CodeURL(t.Context(), newRequest()); kind.name == "google" {
			mustFail(t, s, err, accounts.ErrProviderUnavailable)
		} else if err != nil {
			t.Errorf("an address that needs no call: %v", err)
		}
	})
}

// A server whose certificate nobody vouches for gets neither code nor secret.
func TestAProviderWithoutAGoodCertificate(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 10)
	forged := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked <- struct{}{} }))
	forged.Config.ErrorLog = log.New(io.Discard, "", 0)
	forged.StartTLS()
	t.Cleanup(forged.Close)
	eachSite(t, func(t *testing.T, _ site, s *oauthtest.Server) {
		grant, raw := login(t, provider(t, s), newRequest()), s.AccessToken(s.ClientID)
		p := provider(t, s, func(cfg *oauth.Config) {
			cfg.GoogleIssuer, cfg.GoogleTokenInfoURL = forged.URL, forged.URL
			cfg.NaverBaseURL, cfg.NaverAPIURL, cfg.FortyTwoBaseURL = forged.URL, forged.URL, forged.URL
		})
		_, err := p.Exchange(t.Context(), grant)
		mustFail(t, s, err, accounts.ErrProviderUnavailable)
		_, err = p.Inspect(t.Context(), raw)
		mustFail(t, s, err, accounts.ErrProviderUnavailable)
		if len(asked) > 0 {
			t.Error("the server was asked")
		}
	})
}
