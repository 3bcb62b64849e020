package apptest_test

import (
	"net/http"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/internal/oauthtest"
	"rally/platform/db"
)

// wantCookies fails the test unless an answer sets exactly these cookies, by
// name and path, each the way that keeps it from scripts and other sites.
func wantCookies(t *testing.T, what string, r apptest.Reply, secure bool, paths map[string]string) map[string]*http.Cookie {
	t.Helper()
	set := cookiesOf(r)
	if len(set) != len(paths) || len(r.Header.Values("Set-Cookie")) != len(paths) {
		t.Fatalf("%s sets %v, want %v", what, r.Header.Values("Set-Cookie"), paths)
	}
	for name, path := range paths {
		c := set[name]
		if c == nil || c.Path != path || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.Domain != "" {
			t.Errorf("%s sets %s as %+v", what, name, c)
		}
	}
	return set
}

func TestCookiesAreKeptFromScriptsAndOtherSites(t *testing.T) {
	const all, refresh, waiting, oauth = "/", "/api/accounts/", "/api/accounts/login/", "/api/accounts/oauth/"
	site := oauthtest.Google(t)
	settings := site.Settings()
	settings["RALLY_TRUSTED_PROXIES"] = "127.0.0.1"
	for _, tls := range []bool{false, true} {
		s := apptest.Start(t, db.SQLite, settings)
		site.Allow(s.URL+oauthPath("google", "callback/"), "https"+s.URL[4:]+oauthPath("google", "callback/"))
		// The jar gives Secure cookies to https only, so the test sends them.
		proto := map[bool]string{false: "http", true: "https"}[tls]
		browser := func() *apptest.Client { return s.Anonymous().With("X-Forwarded-Proto", proto) }
		email := emailOf(t, s.Person())

		in := browser().Post(base+"login/", M{"email": email, "password": apptest.Password}).Want(t, 200)
		entered := map[string]string{"rally-access": all, "rally-refresh": refresh, "rally-pending": waiting, "rally-device": refresh}
		set := wantCookies(t, "a login", in, tls, entered)
		now := s.Clock.Now()
		for name, life := range map[string]time.Duration{"rally-access": 15 * time.Minute, "rally-refresh": 720 * time.Hour, "rally-device": 400 * 24 * time.Hour} {
			if off := set[name].Expires.Sub(now.Add(life)).Abs(); off > time.Second || set[name].Value == "" {
				t.Errorf("%s expires at %s", name, set[name].Expires)
			}
		}
		if set["rally-pending"].Value != "" || set["rally-pending"].MaxAge != -1 {
			t.Errorf("a login leaves %+v", set["rally-pending"])
		}
		if sts := in.Header.Get("Strict-Transport-Security") != ""; sts != tls {
			t.Errorf("Strict-Transport-Security over %s: %t", proto, sts)
		}

		renewed := cookie(browser(), "rally-refresh", set["rally-refresh"].Value).Post(base+"token/refresh/", nil).Want(t, 200)
		fresh := wantCookies(t, "a refresh", renewed, tls, map[string]string{"rally-access": all, "rally-refresh": refresh})
		for _, bad := range []string{"garbage", "", set["rally-device"].Value} {
			// Those of a tab that was faster may be good.
			r := cookie(browser(), "rally-refresh", bad).Post(base+"token/refresh/", nil).WantCode(t, 401, "accounts.refresh_invalid")
			wantCookies(t, "a refused refresh", r, tls, nil)
		}
		out := cookie(browser(), "rally-refresh", fresh["rally-refresh"].Value).Post(base+"logout/", nil).Want(t, 200)
		for name, c := range wantCookies(t, "a logout", out, tls, map[string]string{"rally-access": all, "rally-refresh": refresh}) {
			if c.Value != "" || c.MaxAge != -1 {
				t.Errorf("a logout leaves %s: %+v", name, c)
			}
		}
		wantCookies(t, "a refused login", browser().Post(base+"login/", M{"email": email, "password": "wrong"}).Want(t, 400), tls, nil)

		away := browser().Get(oauthPath("google", "login/")).Want(t, 302)
		left := wantCookies(t, "a departure", away, tls, map[string]string{"rally-oauth": oauth})
		site.SetPerson("90"+proto, proto+"@example.com", true)
		back := cookie(browser(), "rally-oauth", left["rally-oauth"].Value).Get(there(t, "google", away.Header.Get("Location"))).Want(t, 302)
		entered["rally-oauth"] = oauth
		if done := wantCookies(t, "an arrival", back, tls, entered); done["rally-oauth"].MaxAge != -1 || done["rally-access"].Value == "" {
			t.Errorf("an arrival sets %v", done)
		}
		delete(entered, "rally-oauth")

		owner := s.Person()
		g := guard(t, s, owner)
		half := browser().Post(base+"login/", M{"email": g.email, "password": apptest.Password}).Want(t, 200)
		kept := wantCookies(t, "half a login", half, tls, map[string]string{"rally-pending": waiting})["rally-pending"]
		if off := kept.Expires.Sub(s.Clock.Now().Add(10 * time.Minute)).Abs(); off > time.Second {
			t.Errorf("half a login waits until %s", kept.Expires)
		}
		wantCookies(t, "a wrong code", cookie(browser(), "rally-pending", kept.Value).Post(base+"login/otp/", M{"code": "000000"}).Want(t, 400), tls, nil)
		whole := cookie(browser(), "rally-pending", kept.Value).Post(base+"login/otp/", M{"code": g.code()}).Want(t, 200)
		wantCookies(t, "a whole login", whole, tls, entered)

		gone := owner.With("X-Forwarded-Proto", proto).Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		wantCookies(t, "leaving", gone, tls, map[string]string{"rally-access": all, "rally-refresh": refresh})
	}
}

// Whoever isn't the trusted proxy can't say that there is TLS.
func TestOnlyATrustedProxySpeaksOfTLS(t *testing.T) {
	for _, settings := range []map[string]string{nil, {"RALLY_TRUSTED_PROXIES": "192.0.2.1"}} {
		s := apptest.Start(t, db.SQLite, settings)
		email := emailOf(t, s.Person())
		r := s.Anonymous().With("X-Forwarded-Proto", "https").Post(base+"login/", M{"email": email, "password": apptest.Password}).Want(t, 200)
		for name, c := range cookiesOf(r) {
			if c.Secure {
				t.Errorf("%s is Secure without TLS: the browser would drop it", name)
			}
		}
	}
}

// Clients that are no browsers keep no cookies. The one thing that they can't do
// is the second step: it takes the cookie.
func TestBearerClientsNeedNoCookies(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	email := emailOf(t, s.Person())
	in := login(t, s.Anonymous(), email)
	phone := bearer(s, in.Access)
	phone.Patch(base+"user/", M{"shoe_size": 270}).Want(t, 200)
	renewed := apptest.Into[pair](t, s.Anonymous().Post(base+"token/refresh/", M{"refresh": in.Refresh}).Want(t, 200))
	bearer(s, renewed.Access).Get(base+"user/").Want(t, 200)
	r := bearer(s, renewed.Access).Post(base+"logout/", M{"refresh": renewed.Refresh}).Want(t, 200)
	if n := len(cookiesOf(r)); n != 2 {
		t.Errorf("a logout sets %d cookies", n)
	}
	bearer(s, renewed.Access).Get(base+"user/").WantCode(t, 401, "auth.session_ended")
}
