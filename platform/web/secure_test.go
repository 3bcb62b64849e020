package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rally/platform/auth"
	"rally/platform/web"
)

type cookiesOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

// cookies sets and clears those of a login.
func cookies() web.Routes {
	return web.Routes{Name: "cookies", Register: func(api huma.API) {
		huma.Register(api, web.Op(http.MethodGet, "/api/cookies/", "cookies", "Test", "Cookies"), func(ctx context.Context, _ *struct{}) (*cookiesOutput, error) {
			later := time.Now().Add(time.Hour)
			set := web.SessionCookies(ctx, auth.Tokens{Access: "a", Refresh: "r", AccessExpires: later, RefreshExpires: later})
			return &cookiesOutput{append(set, web.ClearedCookies(ctx)...)}, nil
		})
	}}
}

// A browser sends a secure cookie nowhere without TLS, and believes what it was
// told about TLS for a year: neither may hang on what a stranger claims.
func TestCookiesAreSecureWhereThereIsTLS(t *testing.T) {
	for name, c := range map[string]struct {
		public, proxy string
		secure        bool
	}{
		"nothing is known":            {},
		"a public address without":    {public: "http://rally.example"},
		"a public address with":       {public: "https://rally.example/", secure: true}, // its proxy is none that we were told to trust
		"a trusted proxy":             {proxy: "192.0.2.0/24", secure: true},            // httptest's requests come from 192.0.2.1
		"a trusted proxy, an address": {public: "https://rally.example", proxy: "192.0.2.1", secure: true},
		"another proxy":               {proxy: "198.51.100.0/24"},
	} {
		f := newServer(t, func(d *web.Deps) {
			d.Config.PublicURL, d.Routes = c.public, append(d.Routes, cookies())
			if c.proxy != "" {
				d.Config.TrustedProxies = []string{c.proxy}
			}
		})
		answer := f.send("GET", "/api/cookies/", "", "X-Forwarded-Proto", "https")
		got := answer.Result().Cookies()
		if len(got) != 4 {
			t.Fatalf("%s: %d cookies, %s", name, len(got), answer.Body)
		}
		for _, cookie := range got {
			if cookie.Secure != c.secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
				t.Errorf("%s: %s", name, cookie)
			}
		}
		for _, path := range []string{"/", "/healthz", "/api/cookies/", "/api/nothing/"} {
			told := f.send("GET", path, "", "X-Forwarded-Proto", "https").Header().Get("Strict-Transport-Security")
			if (told != "") != c.secure {
				t.Errorf("%s: %s is answered with %q", name, path, told)
			}
		}
	}
}
