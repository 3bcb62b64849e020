package oauthtest_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"rally/internal/oauthtest"
)

const home = "https://rally.test/callback"

// site is a server with the addresses that its documentation names.
type site struct {
	start            func(oauthtest.TB) *oauthtest.Server
	authPath         string
	tokenPath, check string // check: what a token request must repeat
}

func sites() map[string]site {
	return map[string]site{
		"google": {oauthtest.Google, "/authorize", "/oauth/token", "redirect_uri"},
		"naver":  {oauthtest.Naver, "/oauth2.0/authorize", "/oauth2.0/token", "state"},
		"42":     {oauthtest.FortyTwo, "/oauth/authorize", "/oauth/token", "redirect_uri"},
	}
}

// begin is the address that a login begins with, and the token request that
// ends it.
func begin(s *oauthtest.Server, at site) (codeURL string, form url.Values) {
	verifier, state := rand.Text()+rand.Text(), rand.Text()
	asked := url.Values{
		"response_type": {"code"}, "client_id": {s.ClientID}, "redirect_uri": {home}, "state": {state}, "scope": {"openid email"}, "nonce": {"n"},
		"code_challenge": {oauth2.S256ChallengeFromVerifier(verifier)}, "code_challenge_method": {"S256"},
	}
	return s.URL + at.authPath + "?" + asked.Encode(), url.Values{
		"grant_type": {"authorization_code"}, "client_id": {s.ClientID}, "client_secret": {s.ClientSecret},
		"redirect_uri": {home}, "state": {state}, "code_verifier": {verifier},
	}
}

// redeem sends a token request and reports whether tokens came back.
func redeem(t *testing.T, s *oauthtest.Server, at site, form url.Values) bool {
	t.Helper()
	answer, err := http.PostForm(s.URL+at.tokenPath, form)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var told struct {
		AccessToken string `json:"access_token"`
		Error       string `json:"error"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&told); err != nil || (told.AccessToken == "") == (told.Error == "") {
		t.Fatalf("status %d, %+v, %v", answer.StatusCode, told, err)
	}
	return told.AccessToken != ""
}

// A server that takes everything would prove nothing about its client.
func TestServersCheckWhatTheRealOnesCheck(t *testing.T) {
	t.Parallel()
	for name, at := range sites() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := at.start(t)
			codeURL, _ := begin(s, at)
			if back, err := oauthtest.Browse(t.Context(), codeURL); err == nil {
				t.Fatalf("an unregistered redirect URI got %v", back)
			}
			s.Allow("https://rally.test/other", home)
			for _, wrong := range []string{strings.Replace(codeURL, "callback", "callback%2F", 1), strings.Replace(codeURL, s.ClientID, "nobody", 1)} {
				if back, err := oauthtest.Browse(t.Context(), wrong); err == nil {
					t.Errorf("%s got %v", wrong, back)
				}
			}
			for _, spoilt := range []string{"", "client_id", "client_secret", "code", "code_verifier", at.check} {
				codeURL, form := begin(s, at)
				back, err := oauthtest.Browse(t.Context(), codeURL)
				if err != nil || back.Get("state") != form.Get("state") {
					t.Fatalf("%v, %v", back, err)
				}
				form.Set("code", back.Get("code"))
				if spoilt != "" {
					form.Set(spoilt, "another")
				}
				if got := redeem(t, s, at, form); got != (spoilt == "") {
					t.Errorf("with another %q: tokens %v", spoilt, got)
				}
				if spoilt == "" && redeem(t, s, at, form) {
					t.Error("a code was good twice")
				}
			}
		})
	}
}

func TestClosedServersAreAway(t *testing.T) {
	t.Parallel()
	for _, at := range sites() {
		s := at.start(t)
		s.Allow(home)
		s.Close()
		s.Close()
		codeURL, _ := begin(s, at)
		if _, err := oauthtest.Browse(context.Background(), codeURL); err == nil {
			t.Error("a closed server answers")
		}
	}
}
