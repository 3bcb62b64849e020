package oauthtest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
)

// authorize is the page where Naver and 42 log people in (RFC 6749, section
// 4.1.1). It asks nothing: the browser is sent back at once.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	s.mu.Lock()
	defer s.mu.Unlock()
	// Whoever fails these is not sent anywhere.
	if err != nil || !slices.Contains(s.redirects, q.Get("redirect_uri")) {
		http.Error(w, "the redirect URI is not registered", http.StatusBadRequest)
		return
	}
	if q.Get("client_id") != s.ClientID {
		http.Error(w, "there is no such client", http.StatusUnauthorized)
		return
	}
	answer := back.Query()
	answer.Set("state", q.Get("state"))
	switch {
	case s.denied:
		answer.Set("error", "access_denied")
		answer.Set("error_description", "The resource owner denied the request.")
	case q.Get("response_type") != "code" || q.Get("state") == "":
		answer.Set("error", "invalid_request")
	case q.Get("code_challenge") != "" && q.Get("code_challenge_method") != "S256":
		answer.Set("error", "invalid_request")
	default:
		code := "code-" + rand.Text()
		s.codes[code] = pass{s.person, q.Get("redirect_uri"), q.Get("state"), q.Get("code_challenge")}
		s.secrets = append(s.secrets, code)
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// redeem checks a token request and returns the access token, or the error
// code of RFC 6749, section 5.2.
func (s *Server) redeem(r *http.Request, fits func(pass, url.Values) bool) (accessToken, refusal string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.PostForm // what comes in the address would end in logs
	if q.Get("client_id") != s.ClientID || q.Get("client_secret") != s.ClientSecret {
		return "", "invalid_client"
	}
	if r.Method != http.MethodPost || q.Get("grant_type") != "authorization_code" {
		return "", "unsupported_grant_type"
	}
	p, ok := s.codes[q.Get("code")]
	if !ok || !fits(p, q) {
		return "", "invalid_grant"
	}
	if sum := sha256.Sum256([]byte(q.Get("code_verifier"))); p.challengeS256 != "" && p.challengeS256 != base64.RawURLEncoding.EncodeToString(sum[:]) {
		return "", "invalid_grant"
	}
	delete(s.codes, q.Get("code"))
	return s.newToken(token{person: p.person, client: s.ClientID}), ""
}
