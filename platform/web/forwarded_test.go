package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"rally/platform/web"
)

// addressSeen returns the address that a request with these headers comes from,
// and whether over TLS, behind a trusted proxy at 192.0.2.1.
func addressSeen(t *testing.T, headers http.Header) (address string, base string) {
	t.Helper()
	f := newServer(t, func(d *web.Deps) { d.Config.TrustedProxies = []string{"192.0.2.1"} })
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/api/mine/", http.NoBody)
	r.Header = headers
	r.Header.Set("Authorization", "Bearer good")
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	told := reply{w}.object(t)
	return told["address"].(string), told["base"].(string)
}

// What the nearest trusted proxy wrote is the last entry of the last line; all
// before it is the sender's own invention.
func TestTheLastForwardedAddressCounts(t *testing.T) {
	for name, c := range map[string]struct {
		headers http.Header
		address string
	}{
		"one":                          {http.Header{"X-Forwarded-For": {"203.0.113.9"}}, "203.0.113.9"},
		"one line, forged first":       {http.Header{"X-Forwarded-For": {"10.0.0.1, 203.0.113.9"}}, "203.0.113.9"},
		"two lines, forged first":      {http.Header{"X-Forwarded-For": {"10.0.0.1", "203.0.113.9"}}, "203.0.113.9"},
		"three lines, a proxy between": {http.Header{"X-Forwarded-For": {"10.0.0.1", "203.0.113.9", "192.0.2.1"}}, "203.0.113.9"},
		"garbage first":                {http.Header{"X-Forwarded-For": {"x", "203.0.113.9"}}, "203.0.113.9"},
		"garbage":                      {http.Header{"X-Forwarded-For": {"x"}}, "192.0.2.1"},
		"another header":               {http.Header{"X-Real-Ip": {"10.0.0.1"}}, "192.0.2.1"},
		"garbage and another header":   {http.Header{"X-Forwarded-For": {"x"}, "X-Real-Ip": {"10.0.0.1"}}, "192.0.2.1"},
		"nothing":                      {http.Header{}, "192.0.2.1"},
	} {
		if got, _ := addressSeen(t, c.headers); got != c.address {
			t.Errorf("%s: %q, want %q", name, got, c.address)
		}
	}
	for proto, want := range map[string][]string{"https": {"http", "https"}, "http": {"https", "http"}} {
		if _, base := addressSeen(t, http.Header{"X-Forwarded-Proto": want}); base != proto+"://localhost" {
			t.Errorf("%v: %s", want, base)
		}
	}
}

// The document tells the staff's operations from everybody's.
func TestTheDocumentNamesTheStaffsRole(t *testing.T) {
	paths := newServer(t, nil).API().OpenAPI().Paths
	if s := paths["/api/staff/"].Get.Security; len(s) != 2 || len(s[0]["bearer"]) != 1 || s[0]["bearer"][0] != "staff" {
		t.Errorf("the staff's: %v", s)
	}
	if s := paths["/api/mine/"].Get.Security; len(s) != 2 || len(s[0]["bearer"]) != 0 {
		t.Errorf("everybody's: %v", s)
	}
}
