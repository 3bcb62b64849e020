package apptest_test

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
)

// fuzzed is a running program with one person, and a client that keeps nothing.
type fuzzed struct {
	s      *apptest.Server
	in     session
	client *http.Client
}

func newFuzzed(f *testing.F) fuzzed {
	f.Helper()
	// Each worker of the fuzzer is a server of its own, and must not believe the
	// tokens of another.
	s := apptest.Start(f, db.SQLite, map[string]string{"RALLY_SECRET": rand.Text() + rand.Text()})
	me := s.Person()
	email := apptest.Into[struct{ Email string }](f, me.Get(base+"user/").Want(f, 200)).Email
	in := apptest.Into[session](f, s.Anonymous().Post(base+"login/", M{"email": email, "password": apptest.Password}).Want(f, 200))
	transport := &http.Transport{}
	f.Cleanup(transport.CloseIdleConnections)
	return fuzzed{s, in, &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// send skips what no client could send, and fails on what no server may answer.
func (z fuzzed) send(t *testing.T, method, path, body string, header http.Header) apptest.Reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, z.s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Skip("no request: ", err)
	}
	r.Header = header.Clone()
	r.Header.Set("Content-Type", "application/json")
	answer, err := z.client.Do(r)
	if err != nil {
		t.Skip("no request: ", err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode >= 500 {
		t.Fatalf("%s %s with %q: %d %s", method, path, header, answer.StatusCode, data)
	}
	return apptest.Reply{Status: answer.StatusCode, Header: answer.Header, Body: data}
}

// spellings are wrong ones of a right value.
func spellings(good string) []string {
	return []string{
		"", " ", good + " ", good + "=", good + ".", good + "A", good[:len(good)-1], good[1:], strings.ToUpper(good), strings.ToLower(good), url.QueryEscape(good + "\n"), `"` + good, good + `"`, good + ";" + good, good + "," + good,
		strings.Replace(good, ".", "..", 1), "Bearer " + good, "null", "undefined", "0", "../../etc/passwd", "' OR 1=1 --", "%00", "\x00", "\xff\xfe", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", strings.Repeat("A", 43), strings.Repeat("A", 20000), strings.Repeat("A.", 5000),
	}
}

// FuzzBearerTokens makes sure that only the token itself logs in.
func FuzzBearerTokens(f *testing.F) {
	z := newFuzzed(f)
	for _, seed := range append(spellings(z.in.Access), z.in.Refresh) {
		f.Add("Bearer " + seed)
	}
	for _, seed := range []string{"", "Bearer", "bearer x", "BEARER\tx", "Basic dTpw", "Bearer x y z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		r := z.send(t, http.MethodGet, base+"user/", "", http.Header{"Authorization": {header}})
		_, sent, _ := strings.Cut(strings.TrimSpace(header), " ")
		if sent == z.in.Access {
			t.Skip("the token itself")
		}
		if r.Status != 401 || handsOutTokens(r) {
			t.Fatalf("%q: %d %s", header, r.Status, r.Body)
		}
	})
}

// FuzzCookies sends a value as each of the cookies to whatever reads it.
func FuzzCookies(f *testing.F) {
	z := newFuzzed(f)
	names := []string{"rally-access", "rally-refresh", "rally-pending", "rally-device", "rally-oauth"}
	for _, good := range []string{z.in.Access, z.in.Refresh} {
		for i, seed := range append(spellings(good), good) {
			for which := range names {
				if i%len(names) == which || i < 4 {
					f.Add(uint8(which), seed)
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, value string) {
		name := names[int(which)%len(names)]
		header := http.Header{"Cookie": {name + "=" + value}}
		// What the server reads of it, by net/http's own rules.
		read, err := (&http.Request{Header: header}).Cookie(name)
		if err == nil && (name == "rally-access" && read.Value == z.in.Access || name == "rally-refresh" && read.Value == z.in.Refresh) {
			t.Skip("the value itself")
		}
		for _, ask := range []struct{ method, path, body string }{
			{"GET", "user/", ""}, {"GET", "devices/", ""}, {"POST", "token/refresh/", ""}, {"POST", "login/otp/", `{"code":"123456"}`}, {"POST", "login/passkey/begin/", "{}"},
			{"POST", "login/passkey/", `{"ceremony":"x","credential":{}}`}, {"POST", "login/", `{"email":"nobody@rally.example","password":"x"}`}, {"GET", "oauth/google/callback/?state=" + strings.Repeat("A", 43) + "&code=x", ""},
		} {
			if ask.path == "token/refresh/" && strings.Contains(value, z.in.Refresh) {
				continue // some part of it may be another cookie
			}
			r := z.send(t, ask.method, base+ask.path, ask.body, header)
			if handsOutTokens(r) || (r.Status < 300 && ask.method == "GET") {
				if !strings.Contains(value, z.in.Access) {
					t.Fatalf("%s=%q at %s: %d %s", name, value, ask.path, r.Status, r.Body)
				}
			}
		}
	})
}

// FuzzCursors makes up places in a list that the person may read.
func FuzzCursors(f *testing.F) {
	z := newFuzzed(f)
	me := z.s.Anonymous().With("Authorization", "Bearer "+z.in.Access)
	type list struct {
		Next    *string
		Results []struct{ ID int64 }
	}
	for range 2 { // more devices: more events
		me.Post(base+"reauth/", M{"password": apptest.Password}).Want(f, 200)
		z.s.Anonymous().Post(base+"login/", M{"email": z.in.User.Email, "password": apptest.Password}).Want(f, 200)
	}
	first := apptest.Into[list](f, me.Get(base+"security-events/?page_size=1").Want(f, 200))
	if first.Next == nil {
		f.Fatal("the list has one page only")
	}
	next, err := url.Parse(*first.Next)
	if err != nil {
		f.Fatal(err)
	}
	good := next.Query().Get("cursor")
	if second := apptest.Into[list](f, me.Get(base+"security-events/?"+next.RawQuery).Want(f, 200)); len(second.Results) != 1 || second.Results[0].ID == first.Results[0].ID {
		f.Fatalf("the second page: %+v", second)
	}
	for _, seed := range append(spellings(good), good) {
		f.Add(seed, "1")
	}
	for _, size := range []string{"0", "-1", "101", "1e9", "99999999999999999999", "x", ""} {
		f.Add(good, size)
	}
	f.Fuzz(func(t *testing.T, cursor, size string) {
		query := url.Values{"cursor": {cursor}, "page_size": {size}}
		r := z.send(t, http.MethodGet, base+"security-events/?"+query.Encode(), "", http.Header{"Authorization": {"Bearer " + z.in.Access}})
		// Only whoever knows how the list is named could make up another one.
		if r.Status != 400 && (r.Status != 200 || cursor != good && cursor != "") {
			t.Fatalf("%q, %q: %d %s", cursor, size, r.Status, r.Body)
		}
		if r.Code() == "request.malformed" {
			return // whoever asks
		}
		if r = z.send(t, http.MethodGet, base+"security-events/?"+query.Encode(), "", http.Header{}); r.Status != 401 {
			t.Fatalf("%q: a stranger gets %d", cursor, r.Status)
		}
	})
}

// A place in somebody's list is none in another's.
func TestACursorIsItsOwnersOnly(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	a, b := s.Person(), s.Person()
	for _, c := range []*apptest.Client{a, b} {
		for range 3 {
			login(t, s.Anonymous(), emailOf(t, c))
		}
	}
	type list struct{ Next *string }
	next, err := url.Parse(*apptest.Into[list](t, a.Get(base+"security-events/?page_size=1").Want(t, 200)).Next)
	if err != nil {
		t.Fatal(err)
	}
	a.Get(base+"security-events/?"+next.RawQuery).Want(t, 200)
	b.Get(base+"security-events/?"+next.RawQuery).WantCode(t, 400, "page.bad_cursor")
}
