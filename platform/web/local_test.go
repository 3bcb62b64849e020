package web_test

import (
	"net/url"
	"strings"
	"testing"

	"rally/platform/web"
)

// hostile are addresses that look local to somebody and lead elsewhere.
func hostile() []string {
	return []string{
		"", " ", "shop", "//evil.example", "///evil.example", "////evil.example", `/\evil.example`, `\/evil.example`, `\\evil.example`, `/\/evil.example`,
		"/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", "\n//evil.example", " //evil.example", "/\x00/evil.example", "/shop\x00", "/a\r\nSet-Cookie: a=b", "/a\nb",
		"https:evil.example", "https:/evil.example", "https://evil.example", "http:///evil.example", "HTTPS://evil.example", "%2f%2fevil.example", "%2Fshop", "/%2f/evil.example", "/%2Fevil.example", "/%5cevil.example", "/%5C/evil.example",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@b.kr", "file:///etc/passwd", "ws://evil.example", "about:blank",
		"@evil.example", "//user@evil.example", "http://127.0.0.1:8080@evil.example/", "/.//evil.example", "/..//evil.example", "/./%2fevil.example", "/a/..//evil.example", "/%2e%2f/evil.example", "/a//evil.example",
		"/\u2028/evil.example", "/솔", "/\u202e/evil", "／／evil.example", "/／evil.example", "//evil。example", "/\xff", "/%zz", "/a b", "/\x7f", "?next=/", "#/", "/" + strings.Repeat("a", 1024),
	}
}

func TestOnlyPathsOfThisSiteAreLocal(t *testing.T) {
	for _, raw := range hostile() {
		if got := web.LocalPath(raw, "/home"); got != "/home" {
			t.Errorf("LocalPath(%q) is %q", raw, got)
		}
	}
	for _, raw := range []string{
		"/", "/shop", "/shop/12?size=36%2F37&sort=a", "/my/security#passkeys", "/a?u=https://elsewhere.example//x", "/a?next=%2F%2Fevil", "/@mina", "/a:b", "/a/../b", "/%EC%86%94", "/" + strings.Repeat("a", 1023),
	} {
		if got := web.LocalPath(raw, "/home"); got != raw {
			t.Errorf("LocalPath(%q) is %q", raw, got)
		}
	}
}

func TestAQueryIsAddedToAPath(t *testing.T) {
	for path, want := range map[string]string{
		"/":                 "/?error=a%26b%23c",
		"/my?tab=1":         "/my?error=a%26b%23c&tab=1",
		"/my?tab=1#keys":    "/my?error=a%26b%23c&tab=1#keys",
		"/my?error=old":     "/my?error=a%26b%23c",
		"/shop/%EC%86%94?a": "/shop/%EC%86%94?a=&error=a%26b%23c",
	} {
		if got := web.WithQuery(path, "error", "a&b#c"); got != want {
			t.Errorf("%q becomes %q, want %q", path, got, want)
		}
	}
}

// FuzzLocalPath resolves what is called local as browsers do: without control
// characters and with \ for /. It must stay on the site, also with a query more
// and after a script has tidied the path.
func FuzzLocalPath(f *testing.F) {
	for _, raw := range hostile() {
		f.Add(raw)
	}
	f.Add("/shop?a=b#c")
	site, err := url.Parse("https://rally.test/signin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		local := web.LocalPath(raw, "/home")
		if local != "/home" && local != raw {
			t.Fatalf("%q became %q", raw, local)
		}
		for _, to := range []string{local, web.WithQuery(local, "error", "x")} {
			seen := strings.Map(func(r rune) rune {
				if r < ' ' || r == 0x7f {
					return -1
				}
				return r
			}, strings.TrimSpace(to))
			place, _, _ := strings.Cut(seen, "#")
			place, _, _ = strings.Cut(place, "?")
			place = strings.ReplaceAll(place, `\`, "/")
			u, err := site.Parse(place)
			if err != nil || u.Scheme != "https" || u.Host != "rally.test" || u.User != nil || strings.ContainsAny(to, "\r\n\x00") || len(to) > 4096 {
				t.Fatalf("%q leads to %v, %v", raw, u, err)
			}
			decoded, err := url.PathUnescape(place)
			if err != nil || strings.Contains(strings.ReplaceAll(decoded, `\`, "/"), "//") {
				t.Fatalf("%q has the path %q", raw, decoded)
			}
		}
	})
}
