package oauthtest

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/golang-jwt/jwt/v5"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Google starts an OpenID Connect provider, with Google's tokeninfo beside it.
func Google(tb TB) *Server {
	tb.Helper()
	return start(tb, "google", googleStep, func(s *Server) http.Handler {
		s.Issuer, s.TokenInfoURL = s.URL, s.URL+"/tokeninfo"
		s.settings = map[string]string{
			"RALLY_OAUTH_GOOGLE_CLIENT_ID": s.ClientID, "RALLY_OAUTH_GOOGLE_CLIENT_SECRET": s.ClientSecret,
			"RALLY_OAUTH_GOOGLE_ISSUER": s.Issuer, "RALLY_OAUTH_GOOGLE_TOKENINFO_URL": s.TokenInfoURL,
		}
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			tb.Fatalf("make a key: %v", err)
		}
		g := &googleSite{server: s, store: &storage{server: s, key: signingKey{key}, requests: map[string]*authRequest{}}}
		config := &op.Config{CodeMethodS256: true, AuthMethodPost: true, SupportedScopes: []string{"openid", "email"}}
		_, _ = rand.Read(config.CryptoKey[:])
		g.provider, err = op.NewProvider(config, g.store, op.StaticIssuer(s.Issuer), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
		if err != nil {
			tb.Fatalf("make an OpenID provider: %v", err)
		}
		mux := http.NewServeMux()
		mux.HandleFunc("GET /login", g.login)
		mux.HandleFunc("/tokeninfo", g.tokenInfo)
		mux.HandleFunc("POST /oauth/token", g.token)
		mux.HandleFunc("GET /.well-known/openid-configuration", g.configuration)
		mux.Handle("/", g.provider)
		return mux
	})
}

func googleStep(path string) Step {
	switch path {
	case "/.well-known/openid-configuration":
		return Discovery
	case "/keys":
		return Keys
	case "/oauth/token":
		return Token
	case "/tokeninfo":
		return TokenInfo
	}
	return ""
}

// googleSite is the library's provider with what Google adds, and the faults
// of its ID tokens.
type googleSite struct {
	server   *Server
	store    *storage
	provider *op.Provider
}

// login is the page to which the library sends the browser. The person is
// logged in without being asked.
func (g *googleSite) login(w http.ResponseWriter, r *http.Request) {
	request, ok := g.store.finish(r.FormValue("id"))
	if !ok {
		http.Error(w, "there is no such request", http.StatusBadRequest)
		return
	}
	g.server.mu.Lock()
	denied := g.server.denied
	g.server.mu.Unlock()
	if !denied {
		http.Redirect(w, r, g.server.URL+"/authorize/callback?id="+url.QueryEscape(request.id), http.StatusFound)
		return
	}
	back, err := url.Parse(request.asked.RedirectURI)
	if err != nil {
		http.Error(w, "the redirect URI can't be read", http.StatusBadRequest)
		return
	}
	answer := back.Query()
	answer.Set("error", "access_denied")
	answer.Set("state", request.asked.State)
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// tokenInfo answers as https://oauth2.googleapis.com/tokeninfo does: every
// value is a string.
func (g *googleSite) tokenInfo(w http.ResponseWriter, r *http.Request) {
	if raw := r.FormValue("access_token"); raw != "" {
		r.Header.Set("Authorization", "Bearer "+raw)
	}
	t, ok := g.server.bearer(r)
	if !ok {
		respond(w, http.StatusBadRequest, map[string]any{"error": "invalid_token", "error_description": "Invalid Value"})
		return
	}
	told := map[string]any{
		"azp": t.client, "aud": t.client, "sub": t.person.subject, "scope": "openid https://www.googleapis.com/auth/userinfo.email",
		"exp": "1893456000", "expires_in": "3599", "access_type": "online",
	}
	if t.person.email != "" && !g.server.says(NoEmail) {
		told["email"] = t.person.email
		told["email_verified"] = "false"
		if t.person.verified {
			told["email_verified"] = "true"
		}
	}
	switch {
	case g.server.says(WrongAudience):
		told["aud"], told["azp"] = "another-client", "another-client"
	case g.server.says(OtherParty):
		told["azp"] = "another-client"
	case g.server.says(NoSubject):
		delete(told, "sub")
	case g.server.says(Expired):
		told["expires_in"] = "0"
	}
	respond(w, http.StatusOK, told)
}

// configuration is the library's, unless a fault wants another.
func (g *googleSite) configuration(w http.ResponseWriter, r *http.Request) {
	g.rewrite(w, r, func(told map[string]any) {
		switch {
		case g.server.says(OtherDiscovery):
			told["issuer"] = "https://accounts.example.com"
		case g.server.says(PlainDiscovery):
			told["token_endpoint"] = "http://accounts.example.com/token"
		}
	})
}

// token is the library's token endpoint, with another ID token where a fault
// wants it.
func (g *googleSite) token(w http.ResponseWriter, r *http.Request) {
	g.rewrite(w, r, func(told map[string]any) {
		if raw, ok := told["access_token"].(string); ok {
			g.server.keep(raw)
		}
		if raw, ok := told["id_token"].(string); ok {
			told["id_token"] = g.forge(raw)
			g.server.keep(raw, told["id_token"].(string))
		}
		if g.server.says(NoIDToken) {
			delete(told, "id_token")
		}
	})
}

// rewrite passes a request on to the library and changes a JSON object of
// status 200 before it leaves.
func (g *googleSite) rewrite(w http.ResponseWriter, r *http.Request, change func(map[string]any)) {
	record := httptest.NewRecorder()
	g.provider.ServeHTTP(record, r)
	var told map[string]any
	decoder := json.NewDecoder(bytes.NewReader(record.Body.Bytes()))
	decoder.UseNumber()
	if record.Code == http.StatusOK && decoder.Decode(&told) == nil {
		change(told)
		respond(w, record.Code, told)
		return
	}
	for name, values := range record.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(record.Code)
	_, _ = w.Write(record.Body.Bytes())
}

// forge returns the ID token that the fault asks for in place of raw.
func (g *googleSite) forge(raw string) string {
	g.server.mu.Lock()
	kind := g.server.content
	g.server.mu.Unlock()
	parsed, _, err := jwt.NewParser(jwt.WithJSONNumber()).ParseUnverified(raw, jwt.MapClaims{})
	if err != nil {
		return raw
	}
	claims := parsed.Claims.(jwt.MapClaims)
	keyID, key := g.store.key.ID(), any(g.store.key.private)
	var method jwt.SigningMethod = jwt.SigningMethodRS256
	switch kind {
	case WrongAudience:
		claims["aud"] = []string{"another-client"}
	case WrongNonce:
		claims["nonce"] = "another nonce"
	case WrongIssuer:
		claims["iss"] = "https://accounts.example.com"
	case OtherParty:
		claims["azp"] = "another-client"
	case Expired:
		claims["exp"], claims["iat"] = 1500003600, 1500000000
	case NoEmail:
		delete(claims, "email")
		delete(claims, "email_verified")
	case NoSubject:
		delete(claims, "sub")
	case TextVerified:
		claims["email_verified"] = "true"
	case FalseVerified:
		claims["email_verified"] = "false"
	case NoAuthTime:
		delete(claims, "auth_time")
	case OddAuthTime:
		claims["auth_time"] = "yesterday"
	case BadSignature:
		other, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return ""
		}
		key = other
	case UnknownKey:
		keyID = "another-key"
	case AlgNone:
		method, key = jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType
	case AlgHS256:
		method, key = jwt.SigningMethodHS256, []byte(g.server.ClientSecret)
	default:
		return raw
	}
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = keyID
	signed, err := token.SignedString(key)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(signed)
}
