package oauthtest

import (
	"net/http"
	"net/url"
)

// Naver starts a server that answers as
// https://developers.naver.com/docs/login/api/api.md documents it. Login and
// API are one host here.
func Naver(tb TB) *Server {
	tb.Helper()
	s := start(tb, "naver", naverStep, func(s *Server) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /oauth2.0/authorize", s.authorize)
		mux.HandleFunc("/oauth2.0/token", s.naverToken)
		mux.HandleFunc("GET /v1/nid/me", s.naverProfile)
		return mux
	})
	s.settings = map[string]string{
		"RALLY_OAUTH_NAVER_CLIENT_ID": s.ClientID, "RALLY_OAUTH_NAVER_CLIENT_SECRET": s.ClientSecret,
		"RALLY_OAUTH_NAVER_BASE_URL": s.URL, "RALLY_OAUTH_NAVER_API_URL": s.URL,
	}
	return s
}

func naverStep(path string) Step {
	switch path {
	case "/oauth2.0/token":
		return Token
	case "/v1/nid/me":
		return Profile
	}
	return ""
}

func (s *Server) naverToken(w http.ResponseWriter, r *http.Request) {
	raw, refusal := s.redeem(r, func(p pass, q url.Values) bool { return q.Get("state") == p.state })
	if s.says(ErrorIn200) {
		refusal = "invalid_request"
	}
	if refusal != "" { // Naver refuses with status 200
		respond(w, http.StatusOK, map[string]any{"error": refusal, "error_description": "no valid data in session"})
		return
	}
	respond(w, http.StatusOK, map[string]any{"access_token": raw, "refresh_token": "refresh-" + raw, "token_type": "bearer", "expires_in": "3600"})
}

func (s *Server) naverProfile(w http.ResponseWriter, r *http.Request) {
	t, ok := s.bearer(r)
	switch {
	case s.says(ErrorIn200):
		respond(w, http.StatusOK, map[string]any{"resultcode": "024", "message": "Authentication failed"})
		return
	case !ok:
		respond(w, http.StatusUnauthorized, map[string]any{"resultcode": "024", "message": "Authentication failed"})
		return
	}
	profile := map[string]any{"name": "Somebody", "nickname": "somebody"}
	if !s.says(NoSubject) {
		profile["id"] = t.person.subject
	}
	if t.person.email != "" && !s.says(NoEmail) {
		profile["email"] = t.person.email
	}
	respond(w, http.StatusOK, map[string]any{"resultcode": "00", "message": "success", "response": profile})
}
