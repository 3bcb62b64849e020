package oauthtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
)

// Step is a call of the program to the provider.
type Step string

// The steps. Discovery and Keys are Google's.
const (
	Discovery Step = "discovery"
	Keys      Step = "keys"
	Token     Step = "token"     // the code for tokens
	TokenInfo Step = "tokeninfo" // for whom an access token was made: Google's and 42's
	Profile   Step = "profile"   // Naver's and 42's
)

// Kind is a way to misbehave.
type Kind string

// Faults of a call, whatever it is about.
const (
	None      Kind = ""
	Slow      Kind = "slow"       // no answer until the client or the test gives up
	Status500 Kind = "500"        // a server error that quotes the request
	Status429 Kind = "429"        // asks to come back later
	Status400 Kind = "400"        // a refusal that quotes the request
	WrongJSON Kind = "wrong json" // something else, that quotes the request
	EmptyBody Kind = "empty body"
	EmptyJSON Kind = "empty json" // {}
	HugeBody  Kind = "huge body"  // right, but padded with 2 MiB
	HangUp    Kind = "hang up"    // the connection ends amid the answer
	NoHTTP    Kind = "no http"    // something that is not HTTP, and quotes the request
	Redirect  Kind = "redirect"   // to another host, with the method and the body (307)
)

// Faults of what is said. They need no step.
const (
	NoEmail       Kind = "no e-mail"
	NoSubject     Kind = "no subject"
	WrongAudience Kind = "wrong audience"
	WrongOwner    Kind = "wrong owner" // 42: token info names another person than the profile
	ErrorIn200    Kind = "error in a 200"

	WrongNonce     Kind = "wrong nonce" // this one and the rest: Google's ID token
	WrongIssuer    Kind = "wrong issuer"
	OtherParty     Kind = "other party" // azp
	Expired        Kind = "expired"
	BadSignature   Kind = "bad signature" // of another key under the same id
	UnknownKey     Kind = "unknown key"
	AlgNone        Kind = "alg none"
	AlgHS256       Kind = "alg HS256" // signed with the client's secret
	NoIDToken      Kind = "no id token"
	TextVerified   Kind = "email_verified as text"
	FalseVerified  Kind = "email_verified false as text"
	NoAuthTime     Kind = "no auth_time"
	OddAuthTime    Kind = "auth_time as text"
	OtherDiscovery Kind = "discovery of another issuer"
	PlainDiscovery Kind = "discovery without https"
)

// Fault makes the server misbehave until another fault is set; None repairs
// it. Faults of a call hit the steps that are named, or all of them; what the
// browser sees stays whole.
func (s *Server) Fault(kind Kind, steps ...Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.content = kind
	clear(s.faults)
	if len(steps) == 0 {
		steps = []Step{Discovery, Keys, Token, TokenInfo, Profile}
	}
	for _, step := range steps {
		s.faults[step] = kind
	}
}

// says reports whether the fault is set.
func (s *Server) says(kind Kind) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.content == kind
}

type hold struct{ arrived, released chan struct{} }

// Hold makes the requests of a step wait. arrived is closed when the first is
// there; release lets all of them go, and may be called several times.
func (s *Server) Hold(step Step) (arrived <-chan struct{}, release func()) {
	h := hold{make(chan struct{}), make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holds[step] = h
	return h.arrived, sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.holds, step)
		close(h.released)
	})
}

// enter counts a request, lets it wait where a hold says so, and returns the
// fault that meets it.
func (s *Server) enter(r *http.Request, step Step) Kind {
	s.mu.Lock()
	s.calls[step]++
	fault, h := s.faults[step], s.holds[step]
	s.mu.Unlock()
	if h.arrived != nil {
		s.mu.Lock()
		select {
		case <-h.arrived:
		default:
			close(h.arrived)
		}
		s.mu.Unlock()
		select {
		case <-h.released:
		case <-r.Context().Done():
		case <-s.end:
		}
	}
	return fault
}

// serve answers a request of a step, with the fault that is set.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, step Step, inner http.Handler) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil { // which also lets the server see a client that leaves
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if step == "" {
		inner.ServeHTTP(w, r)
		return
	}
	s.keep(r.Form.Get("code"), r.Form.Get("code_verifier"))
	// What a careless site might quote.
	quote := r.Form.Encode() + " " + r.Header.Get("Authorization")
	switch s.enter(r, step) {
	case Slow:
		select {
		case <-r.Context().Done():
		case <-s.end:
		}
	case Status500:
		http.Error(w, quote, http.StatusInternalServerError)
	case Status429:
		respond(w, http.StatusTooManyRequests, map[string]any{"error": quote})
	case Status400:
		respond(w, http.StatusBadRequest, map[string]any{"error": quote, "error_description": quote})
	case WrongJSON:
		_, _ = fmt.Fprintf(w, "<html>%s</html>", quote)
	case EmptyBody:
		w.WriteHeader(http.StatusOK)
	case EmptyJSON:
		respond(w, http.StatusOK, map[string]any{})
	case HugeBody:
		padded{w, bytes.Repeat([]byte(" "), 2<<20)}.pass(inner, r)
	case HangUp:
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`{"access_token":`))
		panic(http.ErrAbortHandler)
	case NoHTTP:
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 %s\r\n\r\n", quote)
			_ = conn.Close()
		}
	case Redirect:
		http.Redirect(w, r, s.stranger.URL+r.URL.Path+"?"+r.Form.Encode(), http.StatusTemporaryRedirect)
	default:
		inner.ServeHTTP(w, r)
	}
}

// padded writes spaces, which JSON permits, before an answer.
type padded struct {
	http.ResponseWriter
	spaces []byte
}

func (p padded) pass(inner http.Handler, r *http.Request) {
	_, _ = p.Write(p.spaces)
	inner.ServeHTTP(p, r)
}

// WriteHeader comes too late here.
func (p padded) WriteHeader(int) {}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
