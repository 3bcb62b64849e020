package accounts

import (
	"strings"
	"testing"
)

func TestNormalizeEmail(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"mina@rally.example", "mina@rally.example"},
		{"  Mina.Kim+shoes@Rally.Example ", "mina.kim+shoes@rally.example"},
		{"root@localhost", "root@localhost"},
		{"a@xn--9n2bp8q.kr", "a@xn--9n2bp8q.kr"},
		{strings.Repeat("a", 64) + "@b.kr", strings.Repeat("a", 64) + "@b.kr"},
		{"", ""},
		{"mina", ""},
		{"mina@", ""},
		{"@rally.example", ""},
		{"mina@rally", ""},
		{"mina@rally..example", ""},
		{"mina@-rally.example", ""},
		{"mina@10.0.0.1", ""},
		{"mina@[10.0.0.1]", ""},
		{"mina@rally.example.", ""},
		{"mi na@rally.example", ""},
		{"mina@rally.example\r\nBcc: x@y.zz", ""},
		{"mina\x00@rally.example", ""},
		{"Mina <mina@rally.example>", ""},
		{"mina@rally.example (hello)", ""},
		{`"mi na"@rally.example`, ""},
		{"a..b@rally.example", ""},
		{"a@b@rally.example", ""},
		{"미나@rally.example", ""},
		{"\u212aim@rally.example", ""}, // the Kelvin sign lowers to k
		{strings.Repeat("a", 65) + "@b.kr", ""},
		{"a@" + strings.Repeat("b", 64) + ".kr", ""},
		{"a@" + strings.Repeat("bcd.", 70) + "kr", ""},
	} {
		got, ok := normalizeEmail(c.in)
		if ok != (c.want != "") || (ok && got != c.want) {
			t.Errorf("normalizeEmail(%q) = %q, %t; want %q", c.in, got, ok, c.want)
		}
	}
}

func FuzzNormalizeEmail(f *testing.F) {
	for _, s := range []string{"mina@rally.example", " A@B.KR", "<a@b.kr>", "a@b.kr\n", "\u212a@b.kr"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		email, ok := normalizeEmail(s)
		if !ok {
			return
		}
		if again, ok := normalizeEmail(email); !ok || again != email {
			t.Errorf("%q became %q, which becomes %q, %t", s, email, again, ok)
		}
		if strings.ContainsAny(email, " \r\n\t<>") || len(email) > maxEmailLength {
			t.Errorf("%q was let through", email)
		}
		if name := userNameFrom(email); name == "" || len(name) > maxUserName {
			t.Errorf("user name %q", name)
		}
	})
}

func TestNormalizePhone(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"010-1234-5678", "+821012345678"},
		{"01012345678", "+821012345678"},
		{"+82 10 1234 5678", "+821012345678"},
		{"(02) 312-3456", "+8223123456"},
		{"+1 650 253 0000", ""},
		{"123", ""},
		{"010-1234", ""},
		{"010-1234-5678 ext 9", ""},
		{"hello", ""},
		{strings.Repeat("0", 40), ""},
	} {
		got, ok := normalizePhone(c.in)
		if ok != (c.want != "") || (ok && got != c.want) {
			t.Errorf("normalizePhone(%q) = %q, %t; want %q", c.in, got, ok, c.want)
		}
	}
}

func TestShoeSizes(t *testing.T) {
	for size, want := range map[int]bool{220: true, 265: true, 310: true, 215: false, 315: false, 262: false, -1: false, -265: false} {
		if isShoeSize(size) != want {
			t.Errorf("isShoeSize(%d) = %t", size, !want)
		}
	}
}

func TestConfigNamesTheVariable(t *testing.T) {
	good := Config{AccessTTL: 900e9, SessionTTL: 720 * 3600e9, RefreshGrace: 30e9, LimitAttempts: 5, LimitWindow: 120e9, LimitBlock: 300e9, PasswordMemory: 19456, PasswordPasses: 2, PasswordQueue: 64}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Config){
		"RALLY_ACCESS_TTL":      func(c *Config) { c.AccessTTL = 0 },
		"RALLY_SESSION_TTL":     func(c *Config) { c.SessionTTL = 60e9 },
		"RALLY_REFRESH_GRACE":   func(c *Config) { c.RefreshGrace = -1 },
		"RALLY_LIMIT_ATTEMPTS":  func(c *Config) { c.LimitAttempts = 0 },
		"RALLY_LIMIT_WINDOW":    func(c *Config) { c.LimitWindow = 0 },
		"RALLY_LIMIT_BLOCK":     func(c *Config) { c.LimitBlock = 25 * 3600e9 },
		"RALLY_PASSWORD_MEMORY": func(c *Config) { c.PasswordMemory = 1 << 30 },
		"RALLY_PASSWORD_PASSES": func(c *Config) { c.PasswordPasses = 0 },
		"RALLY_PASSWORD_QUEUE":  func(c *Config) { c.PasswordQueue = -1 },
	} {
		cfg := good
		spoil(&cfg)
		if err := cfg.Validate(); err == nil || !strings.HasPrefix(err.Error(), name+"=\"") || !strings.Contains(err.Error(), "must be") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
