package oauthtest

import (
	"net/http"
	"net/url"
	"strconv"
)

// FortyTwo starts a server that answers as https://api.intra.42.fr/apidoc
// documents it.
func FortyTwo(tb TB) *Server {
	tb.Helper()
	s := start(tb, "42", fortyTwoStep, func(s *Server) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /oauth/authorize", s.authorize)
		mux.HandleFunc("POST /oauth/token", s.fortyTwoToken)
		mux.HandleFunc("GET /oauth/token/info", s.fortyTwoTokenInfo)
		mux.HandleFunc("GET /v2/me", s.fortyTwoProfile)
		return mux
	})
	s.settings = map[string]string{
		"RALLY_OAUTH_42_CLIENT_ID": s.ClientID, "RALLY_OAUTH_42_CLIENT_SECRET": s.ClientSecret, "RALLY_OAUTH_42_BASE_URL": s.URL,
	}
	return s
}

func fortyTwoStep(path string) Step {
	switch path {
	case "/oauth/token":
		return Token
	case "/oauth/token/info":
		return TokenInfo
	case "/v2/me":
		return Profile
	}
	return ""
}

func (s *Server) fortyTwoToken(w http.ResponseWriter, r *http.Request) {
	raw, refusal := s.redeem(r, func(p pass, q url.Values) bool { return q.Get("redirect_uri") == p.redirectURI })
	if refusal != "" {
		respond(w, http.StatusUnauthorized, map[string]any{"error": refusal, "error_description": "The provided authorization grant is invalid."})
		return
	}
	respond(w, http.StatusOK, map[string]any{
		"access_token": raw, "refresh_token": "refresh-" + raw, "token_type": "bearer", "expires_in": 7200, "scope": "public", "created_at": 1443451918,
	})
}

func (s *Server) fortyTwoTokenInfo(w http.ResponseWriter, r *http.Request) {
	t, ok := s.bearer(r)
	if !ok {
		refuseBearer(w)
		return
	}
	client, owner := t.client, number(t.person.subject)
	if s.says(WrongAudience) {
		client = "another-application"
	}
	if s.says(WrongOwner) {
		owner++
	}
	respond(w, http.StatusOK, map[string]any{
		"resource_owner_id": owner, "scopes": []string{"public"}, "expires_in_seconds": 7174,
		"application": map[string]any{"uid": client}, "created_at": 1439460680,
	})
}

func (s *Server) fortyTwoProfile(w http.ResponseWriter, r *http.Request) {
	t, ok := s.bearer(r)
	if !ok {
		refuseBearer(w)
		return
	}
	profile := map[string]any{"login": "somebody", "email": nil, "kind": "student"}
	if !s.says(NoSubject) {
		profile["id"] = number(t.person.subject)
	}
	if t.person.email != "" && !s.says(NoEmail) {
		profile["email"] = t.person.email
	}
	respond(w, http.StatusOK, profile)
}

func refuseBearer(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="42 API", error="invalid_token"`)
	respond(w, http.StatusUnauthorized, map[string]any{"error": "invalid_token", "error_description": "The access token is invalid"})
}

// number is a subject as 42 writes it.
func number(subject string) int64 {
	n, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
