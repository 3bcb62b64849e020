package apptest_test

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rally/internal/apptest"
	"rally/platform/db"
)

// rootSecret is the RALLY_SECRET of these tests.
const rootSecret = "a secret that only this test knows, forged"

// forger makes access tokens as the program does, and worse ones.
type forger struct {
	t    *testing.T
	key  []byte
	good jwt.MapClaims
}

// newForger learns the claims from a real token and derives the key from the
// secret, so that each forgery differs from a good token in one thing only.
func newForger(t *testing.T, token string) forger {
	t.Helper()
	key, err := hkdf.Key(sha256.New, []byte(rootSecret), nil, "rally accounts access token v1", sha256.Size)
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	if _, err := jwt.NewParser(jwt.WithoutClaimsValidation(), jwt.WithJSONNumber()).ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return key, nil }); err != nil {
		t.Fatal(err)
	}
	return forger{t, key, claims}
}

func (f forger) sign(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
	f.t.Helper()
	claims := maps.Clone(f.good)
	if change != nil {
		change(claims)
	}
	token, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		f.t.Fatal(err)
	}
	return token
}

func (f forger) with(name string, value any) string {
	f.t.Helper()
	return f.sign(jwt.SigningMethodHS256, f.key, func(c jwt.MapClaims) {
		if c[name] = value; value == nil {
			delete(c, name)
		}
	})
}

// wantNobody checks what a token opens: nothing where a login is needed, and no
// less than for a stranger elsewhere.
func wantNobody(t *testing.T, s *apptest.Server, what, token, code string) {
	t.Helper()
	for way, c := range map[string]*apptest.Client{"bearer": bearer(s, token), "cookie": cookie(s.Anonymous(), "rally-access", token)} {
		if r := c.Get(base + "user/"); r.Status != 401 || r.Code() != code {
			t.Errorf("%s as %s: %d %q, want 401 %q", what, way, r.Status, r.Code(), code)
		}
		if r := c.Post(base+"sessions/end-others/", M{}); r.Status != 401 {
			t.Errorf("%s as %s: a write answers %d", what, way, r.Status)
		}
		if r := c.Get("/api/shop/brands/"); r.Status != 200 {
			t.Errorf("%s as %s: a public route answers %d", what, way, r.Status)
		}
	}
	if r := s.Anonymous().Post(base+"token/verify/", M{"token": token}); r.Status != 401 || r.Code() != code {
		t.Errorf("%s at token/verify/: %d %q, want 401 %q", what, r.Status, r.Code(), code)
	}
}

func TestForgedAccessTokens(t *testing.T) {
	apptest.Each(t, map[string]string{"RALLY_SECRET": rootSecret}, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		mine, theirs := login(t, s.Anonymous(), emailOf(t, me)).Access, login(t, s.Anonymous(), emailOf(t, other)).Access
		f, g := newForger(t, mine), newForger(t, theirs)
		now := s.Clock.Now()
		rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		// The forger's own way leads in: what fails below fails for its one flaw.
		if !isLoggedIn(bearer(s, f.sign(jwt.SigningMethodHS256, f.key, nil))) || !isLoggedIn(bearer(s, f.with("jti", "another"))) {
			t.Fatal("a token of the right key and claims is refused")
		}

		forgeries := map[string]string{
			"alg none":             f.sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
			"alg HS384":            f.sign(jwt.SigningMethodHS384, f.key, nil),
			"alg HS512":            f.sign(jwt.SigningMethodHS512, f.key, nil),
			"alg RS256":            f.sign(jwt.SigningMethodRS256, rsaKey, nil),
			"another key":          f.sign(jwt.SigningMethodHS256, []byte(strings.Repeat("k", 32)), nil),
			"the root secret":      f.sign(jwt.SigningMethodHS256, []byte(rootSecret), nil),
			"no key":               f.sign(jwt.SigningMethodHS256, []byte{}, nil),
			"another audience":     f.with("aud", "rally/other"),
			"many audiences":       f.with("aud", []string{"a", "b"}),
			"another issuer":       f.with("iss", "https://accounts.google.com"),
			"expired":              f.with("exp", now.Add(-6*time.Second).Unix()),
			"issued tomorrow":      f.with("iat", now.Add(24*time.Hour).Unix()),
			"valid from tomorrow":  f.with("nbf", now.Add(24*time.Hour).Unix()),
			"a time as text":       f.with("exp", "never"),
			"another's session":    f.with("sid", g.good["sid"]),
			"another's user":       f.with("sub", g.good["sub"]),
			"user zero":            f.with("sub", "0"),
			"a user below zero":    f.with("sub", "-1"),
			"a user as number":     f.with("sub", 1),
			"a user that is none":  f.with("sub", "1 OR 1=1"),
			"a session as number":  f.with("sid", 1),
			"a session below zero": f.with("sid", "-1"),
			"a session too big":    f.with("sid", "9223372036854775808"),
			"no jti":               f.with("jti", ""),
			"too long":             f.with("more", strings.Repeat("a", 2048)),
			"a line break":         mine[:len(mine)-4] + "\n" + mine[len(mine)-4:],
			"a space":              mine[:len(mine)-4] + " " + mine[len(mine)-4:],
			"a dot more":           mine + ".",
			"padding":              mine + "=",
			"two parts":            mine[:strings.LastIndex(mine, ".")],
			"no signature":         mine[:strings.LastIndex(mine, ".")+1],
			"another's signature":  mine[:strings.LastIndex(mine, ".")] + theirs[strings.LastIndex(theirs, "."):],
			"garbage":              "garbage",
		}
		for _, claim := range []string{"aud", "iss", "exp", "iat", "sub", "sid", "jti"} {
			forgeries["without "+claim] = f.with(claim, nil)
		}
		// The last character holds two bits that decoders drop: it must not have
		// four spellings.
		for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
			if last := mine[:len(mine)-1] + string(c); last != mine {
				forgeries["another end, "+string(c)] = last
			}
		}
		head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","alg":"none","typ":"JWT"}`))
		forgeries["two algorithms"] = head + mine[strings.Index(mine, "."):]
		for what, token := range forgeries {
			if strings.Contains(token, "\n") { // no header carries it
				s.Anonymous().Post(base+"token/verify/", M{"token": token}).WantCode(t, 401, "auth.token_invalid")
				continue
			}
			wantNobody(t, s, what, token, "auth.token_invalid")
		}
		wantNobody(t, s, "a session that never was", f.with("sid", "999999"), "auth.session_ended")
		if !isLoggedIn(bearer(s, mine)) || !isLoggedIn(bearer(s, theirs)) {
			t.Error("the real tokens no longer work")
		}

		// A token ends with its session, and with its time.
		bearer(s, theirs).Post(base+"logout/", nil).Want(t, 200)
		wantNobody(t, s, "a token after the logout", theirs, "auth.session_ended")
		wantNobody(t, s, "a new token of an ended session", g.with("jti", "fresh"), "auth.session_ended")
		s.Clock.Advance(15*time.Minute + 6*time.Second)
		wantNobody(t, s, "an expired token", mine, "auth.token_invalid")
	})
}

// One token of many decides, and it is always the same one.
func TestTwoTokensAtOnce(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	a, b := s.Person(), s.Person()
	in := login(t, s.Anonymous(), emailOf(t, a)).Access
	other := login(t, s.Anonymous(), emailOf(t, b)).Access
	who := func(c *apptest.Client) string {
		return fmt.Sprint(apptest.Into[idOf](t, c.Get(base+"user/").Want(t, 200)).ID)
	}
	// The first cookie of a name, as RFC 6265 orders them.
	if got := who(cookie(s.Anonymous(), "rally-access", in+"; rally-access="+other)); got != fmt.Sprint(a.UserID) {
		t.Errorf("two cookies are user %s", got)
	}
	cookie(s.Anonymous(), "rally-access", "garbage; rally-access="+in).Get(base+"user/").WantCode(t, 401, "auth.token_invalid")
	// A bearer token hides the cookies, also one that is wrong: else a page of
	// another site could send a bad one and be let in by the cookies.
	if got := who(bearer(s, other).With("Cookie", "rally-access="+in)); got != fmt.Sprint(b.UserID) {
		t.Errorf("a bearer token beside a cookie is user %s", got)
	}
	bearer(s, "garbage").With("Cookie", "rally-access="+in).Get(base+"user/").WantCode(t, 401, "auth.token_invalid")
	for _, header := range []string{"Basic " + in, in, "bearer", "Token " + in} {
		if isLoggedIn(s.Anonymous().With("Authorization", header)) {
			t.Errorf("%.10s… logs in", header)
		}
	}
}
