package apptest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/internal/oauthtest"
	"rally/platform/db"
)

// hostileNexts would lead a browser away from the site.
func hostileNexts() []string {
	return []string{
		"//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, "/\t/evil.example", "/\n/evil.example", "https:evil.example", "https://evil.example/",
		"%2f%2fevil.example", "/%2fevil.example", "/%5cevil.example", "/.//evil.example", "/a//evil.example", "javascript:alert(1)", "data:text/html,x", "/" + strings.Repeat("a", 5000),
		"/a\r\nSet-Cookie: rally-access=evil", "@evil.example", "http://127.0.0.1@evil.example", "/\u2028/evil.example", "／／evil.example", "/솔", " ", "evil.example",
	}
}

// wantLocal notes a failure unless a browser that follows the answer stays on
// the site, whatever the address is resolved against.
func wantLocal(t *testing.T, s *apptest.Server, what string, r apptest.Reply) {
	t.Helper()
	to := r.Header.Get("Location")
	if r.Status != http.StatusFound || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") || strings.Contains(to, "evil") {
		t.Errorf("%s: %d to %q", what, r.Status, to)
	}
	base, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if u, err := base.Parse(to); err != nil || u.Host != base.Host || u.Scheme != base.Scheme {
		t.Errorf("%s: leads to %v, %v", what, u, err)
	}
	if len(r.Header.Values("Location")) != 1 || strings.Contains(strings.Join(r.Header.Values("Set-Cookie"), " "), "evil") {
		t.Errorf("%s: headers %v", what, r.Header)
	}
}

func TestNobodyIsLedAway(t *testing.T) {
	sites := newSites(t)
	s := apptest.Start(t, db.SQLite, sites.settings(nil))
	sites.allow(s)
	for provider, site := range sites {
		site.SetPerson("31", provider+"@example.com", true)
		trip(t, s.Anonymous(), provider, "/") // makes the account
		for i, next := range hostileNexts() {
			what := provider + " with next=" + url.QueryEscape(next[:min(len(next), 60)])
			wantLocal(t, s, what, trip(t, s.Anonymous(), provider, next))
			if i%6 != 0 { // all of them pass the same gate; this is a long way
				continue
			}
			site.SetDenied(true)
			wantLocal(t, s, what+", denied", trip(t, s.Anonymous(), provider, next))
			site.SetDenied(false)
			me := s.Person()
			for _, purpose := range []string{"link", "reauth"} {
				wantLocal(t, s, what+", "+purpose, depart(t, me, provider, purpose, next))
			}
		}
		away := s.Anonymous().Get(oauthPath(provider, "login/?next=//evil.example&next=/ok")).Want(t, 302)
		if !strings.HasPrefix(away.Header.Get("Location"), site.URL) || strings.Contains(away.Header.Get("Location"), "evil") {
			t.Errorf("leaves to %q", away.Header.Get("Location"))
		}
	}
	// A NUL doesn't get as far as a handler.
	s.Anonymous().Get(oauthPath("google", "login/?next=/%00/evil")).WantCode(t, 400, "request.malformed")
	// What the provider, or whoever plays it, sends back is not repeated.
	for _, query := range []string{
		"error=%0d%0aSet-Cookie:%20rally-access=evil", "error=evil&error_description=evil", "state=//evil.example&code=evil", "next=//evil.example", "error=evil&next=//evil.example&state=evil",
	} {
		wantLocal(t, s, query, s.Anonymous().Get(oauthPath("google", "callback/?"+query)))
	}
	for _, name := range []string{"evil", "%2f%2fevil.example", "..%2f..%2fevil", "evil%0d%0aX-Evil:1", "google%00", "GOOGLE"} {
		r := s.Anonymous().Get(oauthPath(name, "callback/?code=x&state=y"))
		if r.Status == http.StatusFound {
			wantLocal(t, s, name, r)
		} else {
			wantProblem(t, name, r)
		}
		if strings.Contains(r.Header.Get("Location"), "evil") || r.Header.Get("X-Evil") != "" {
			t.Errorf("%s: %v", name, r.Header)
		}
	}
	for _, key := range []string{"%2f%2fevil.example", "evil%0d%0aX-Evil:1", "..%2fevil"} {
		wantLocal(t, s, key, s.Anonymous().Get(base+"registration/account-confirm-email/"+key+"/"))
	}
}

// Where a mail's link leads is the configuration's to say.
func TestForgedHostsDecideNothing(t *testing.T) {
	site := oauthtest.Google(t)
	settings := site.Settings()
	settings["RALLY_PUBLIC_URL"] = "https://rally.example"
	forged := map[string]string{"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example;proto=http", "X-Original-Host": "evil.example", "X-Host": "evil.example", "X-Forwarded-Proto": "gopher", "X-Forwarded-Prefix": "//evil.example"}
	for name, more := range map[string]map[string]string{"public address": settings, "no public address": nil, "a trusted proxy": {"RALLY_TRUSTED_PROXIES": "127.0.0.1"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, db.SQLite, more)
			me := s.Person()
			owner := emailOf(t, me)
			token := login(t, me, owner).Access
			for _, host := range []string{"evil.example", "evil.example:443", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example@127.0.0.1"} {
				c := withHeaders(s.Anonymous(), forged)
				mine := bearer(s, token).With("X-Forwarded-Host", "evil.example")
				for _, ask := range []struct {
					c    *apptest.Client
					path string
					body M
				}{
					{c, "registration/", signUp("host@rally.example")}, {c, "registration/resend-email/", M{"email": "host@rally.example"}},
					{c, "password/reset/", M{"email": owner}}, {mine, "email/change/", M{"email": "moved@rally.example"}}, {c, "registration/", signUp(owner)},
				} {
					if r := ask.c.DoAs(host, http.MethodPost, base+ask.path, ask.body); r.Status >= 300 {
						t.Errorf("%s as %s: %d %s", ask.path, host, r.Status, r.Body)
					}
				}
			}
			mailed(t, s)
			all, err := db.Select[string](t.Context(), s.DB, "SELECT body || subject || recipient FROM mail_outbox")
			if err != nil || len(all) < 5 {
				t.Fatalf("%d mails, %v", len(all), err)
			}
			for _, mail := range all {
				if strings.Contains(mail, "evil") {
					t.Errorf("a mail leads elsewhere: %s", mail)
				}
				if more["RALLY_PUBLIC_URL"] != "" && strings.Contains(mail, "http") && !strings.Contains(mail, "https://rally.example/") {
					t.Errorf("a mail doesn't lead to the public address: %s", mail)
				}
			}
			if name != "public address" {
				return
			}
			away := withHeaders(s.Anonymous(), forged).DoAs("evil.example", http.MethodGet, oauthPath("google", "login/"), nil).Want(t, 302)
			to, err := url.Parse(away.Header.Get("Location"))
			if back := to.Query().Get("redirect_uri"); err != nil || back != "https://rally.example/api/accounts/oauth/google/callback/" {
				t.Errorf("the provider sends back to %q, %v", back, err)
			}
		})
	}
}
