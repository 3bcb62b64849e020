// Package oauthtest starts servers on loopback that log people in as Google,
// Naver and 42 do. Google's is a certified OpenID Connect library with a login
// page that asks nothing; the other two answer as the sites document it.
//
//	site := oauthtest.Google(t)
//	site.Allow("https://rally.test/api/accounts/google/callback")
//	site.SetPerson("1001", "ada@example.com", true)
//	// start the program with site.Settings(), or drive a browser through it
//
// The servers check what the real ones check: the client and its secret, the
// exact redirect URI, the PKCE verifier, and that a code is used once. Fault
// makes them misbehave. They end with the test.
package oauthtest

import (
	"crypto/rand"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// TB is what a server needs of a testing.TB. A program that wants to start one
// can bring its own.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Server is a provider on loopback. It is safe for concurrent use.
type Server struct {
	URL                    string // the address of everything, and Google's issuer
	Issuer                 string // of Google
	TokenInfoURL           string // of Google
	ClientID, ClientSecret string

	settings map[string]string
	web      *httptest.Server
	stranger *httptest.Server // another host, where Redirect leads

	mu        sync.Mutex
	ended     bool
	end       chan struct{}
	person    person
	denied    bool
	loggedIn  time.Time // when the person has logged in there; zero is the default
	redirects []string
	faults    map[Step]Kind
	content   Kind
	holds     map[Step]hold
	calls     map[Step]int
	strayed   int
	codes     map[string]pass // not used yet
	tokens    map[string]token
	secrets   []string
}

type person struct {
	subject, email string
	verified       bool
}

// pass is what a code buys, and what must come with it.
type pass struct {
	person                            person
	redirectURI, state, challengeS256 string
}

// token is an access token.
type token struct {
	person  person
	client  string
	expired bool
}

// start runs handler, with the faults around it. step tells which step of a
// login a request is.
func start(tb TB, name string, step func(path string) Step, handler func(*Server) http.Handler) *Server {
	tb.Helper()
	s := &Server{
		ClientID: name + "-client", ClientSecret: "secret-" + rand.Text(),
		end: make(chan struct{}), person: person{subject: "1001", email: "ada@example.com", verified: true},
		faults: map[Step]Kind{}, holds: map[Step]hold{}, calls: map[Step]int{}, codes: map[string]pass{}, tokens: map[string]token{},
	}
	s.secrets = []string{s.ClientSecret}
	s.stranger = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.strayed++
	}))
	var inner http.Handler
	s.web = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, step(r.URL.Path), inner)
	}))
	s.URL = "http://" + s.web.Listener.Addr().String()
	inner = handler(s)
	s.web.Start()
	tb.Cleanup(s.Close)
	return s
}

// Close ends the server. A test need not call it; a program may, to play a
// provider that is away.
func (s *Server) Close() {
	s.mu.Lock()
	first := !s.ended
	if first {
		s.ended = true
		close(s.end)
	}
	s.mu.Unlock()
	if first {
		s.web.Close()
		s.stranger.Close()
	}
}

// Settings returns the RALLY_OAUTH_ settings that point the program here.
func (s *Server) Settings() map[string]string { return maps.Clone(s.settings) }

// Allow registers redirect URIs. They are compared exactly.
func (s *Server) Allow(redirectURIs ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redirects = append(s.redirects, redirectURIs...)
}

// SetPerson decides who sits at the browser from now on: what the next
// authorization is about. 42's subjects are whole numbers. Only Google tells
// whether the address is verified; an empty one is not told at all.
func (s *Server) SetPerson(subject, email string, verified bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person = person{subject, email, verified}
}

// SetDenied decides whether the person refuses: the browser comes back with
// error=access_denied.
func (s *Server) SetDenied(denied bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denied = denied
}

// SetAuthTime decides what Google tells as auth_time. The zero time stands for
// the default: an hour ago, or now when a fresh proof is asked for.
func (s *Server) SetAuthTime(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loggedIn = at
}

// AccessToken returns a token as a phone gets it: of the person, made for the
// client aud.
func (s *Server) AccessToken(aud string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newToken(token{person: s.person, client: aud})
}

// ExpiredToken returns a token of the person that was good once.
func (s *Server) ExpiredToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newToken(token{person: s.person, client: s.ClientID, expired: true})
}

// newToken needs the lock.
func (s *Server) newToken(t token) string {
	raw := "token-" + rand.Text()
	s.tokens[raw] = t
	s.secrets = append(s.secrets, raw)
	return raw
}

// Calls returns how often a step was asked for.
func (s *Server) Calls(step Step) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[step]
}

// Strayed returns how many requests followed a redirect to another host.
func (s *Server) Strayed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.strayed
}

// Secrets returns everything so far that no log may hold: the client's secret,
// codes, verifiers and tokens.
func (s *Server) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.secrets)
}

// keep remembers secrets that came by.
func (s *Server) keep(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range secrets {
		if secret != "" && !slices.Contains(s.secrets, secret) {
			s.secrets = append(s.secrets, secret)
		}
	}
}

// bearer returns the token of a request's header, and what it stands for.
func (s *Server) bearer(r *http.Request) (token, bool) {
	raw, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tokens[raw]
	return t, ok && !t.expired
}
