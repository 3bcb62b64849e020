package accounts

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var tokenTime = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newTestSigner(tb testing.TB, now time.Time) *signer {
	tb.Helper()
	s, err := newSigner(bytes.Repeat([]byte("s"), 32), 15*time.Minute, func() time.Time { return now })
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestAccessTokenRoundTrip(t *testing.T) {
	s := newTestSigner(t, tokenTime)
	token, expires, err := s.sign(7, 9, "id", tokenTime)
	if err != nil || !expires.Equal(tokenTime.Add(15*time.Minute)) {
		t.Fatal(expires, err)
	}
	user, session, err := s.parse(token)
	if user != 7 || session != 9 || err != nil {
		t.Fatal(user, session, err)
	}
	// The last moment, with what clocks may differ by, and the one after it.
	if _, _, err := newTestSigner(t, expires.Add(tokenLeeway-time.Second)).parse(token); err != nil {
		t.Error(err)
	}
	if _, _, err := newTestSigner(t, expires.Add(tokenLeeway)).parse(token); err == nil {
		t.Error("an expired token passed")
	}
}

func TestAShortSecretIsRefused(t *testing.T) {
	if _, err := newSigner([]byte("fifteen bytes.."), time.Minute, time.Now); err == nil {
		t.Error("accepted")
	}
}

func TestHostileAccessTokens(t *testing.T) {
	s := newTestSigner(t, tokenTime)
	good := func() jwt.MapClaims {
		return jwt.MapClaims{
			"iss": tokenIssuer, "aud": []string{tokenAudience}, "sub": "7", "sid": "9", "jti": "x",
			"iat": tokenTime.Unix(), "exp": tokenTime.Add(time.Minute).Unix(),
		}
	}
	sign := func(method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
		t.Helper()
		token, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	with := func(name string, value any) string {
		claims := good()
		claims[name] = value
		if value == nil {
			delete(claims, name)
		}
		return sign(jwt.SigningMethodHS256, s.key, claims)
	}
	if _, _, err := s.parse(sign(jwt.SigningMethodHS256, s.key, good())); err != nil {
		t.Fatalf("the honest one: %v", err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	honest := with("jti", "y")
	parts := strings.Split(honest, ".")
	b64 := base64.RawURLEncoding.EncodeToString
	otherSecret, err := newSigner(bytes.Repeat([]byte("o"), 32), time.Minute, func() time.Time { return tokenTime })
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"alg none":                 sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good()),
		"alg none, by hand":        b64([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		"alg nOnE, with signature": b64([]byte(`{"alg":"nOnE"}`)) + "." + parts[1] + "." + parts[2],
		"no alg":                   b64([]byte(`{"typ":"JWT"}`)) + "." + parts[1] + "." + parts[2],
		"HS512 with the right key": sign(jwt.SigningMethodHS512, s.key, good()),
		"RS256":                    sign(jwt.SigningMethodRS256, rsaKey, good()),
		"another secret":           sign(jwt.SigningMethodHS256, otherSecret.key, good()),
		"the secret itself as key": sign(jwt.SigningMethodHS256, bytes.Repeat([]byte("s"), 32), good()),
		"an empty key":             sign(jwt.SigningMethodHS256, []byte{}, good()),
		"no signature":             parts[0] + "." + parts[1] + ".",
		"another's signature":      parts[0] + "." + parts[1] + "." + strings.Split(with("sub", "8"), ".")[2],
		"padded signature":         honest + "=",
		"wrong audience":           with("aud", []string{"rally/other"}),
		"no audience":              with("aud", nil),
		"wrong issuer":             with("iss", "evil"),
		"no issuer":                with("iss", nil),
		"expired":                  with("exp", tokenTime.Add(-time.Minute).Unix()),
		"no expiry":                with("exp", nil),
		"expiry is text":           with("exp", "tomorrow"),
		"issued in the future":     with("iat", tokenTime.Add(time.Minute).Unix()),
		"no iat":                   with("iat", nil),
		"not before the future":    with("nbf", tokenTime.Add(time.Minute).Unix()),
		"no jti":                   with("jti", nil),
		"no sid":                   with("sid", nil),
		"sid is a number":          with("sid", 9),
		"sid is zero":              with("sid", "0"),
		"sid is negative":          with("sid", "-9"),
		"sub is no number":         with("sub", "root"),
		"no sub":                   with("sub", nil),
		"too long":                 with("pad", strings.Repeat("x", maxTokenBytes)),
		"empty":                    "",
		"dots":                     "..",
		"garbage":                  "not a token at all",
		"four parts":               honest + ".x",
		"a line break":             honest + "\n",
	} {
		if user, session, err := s.parse(token); err == nil {
			t.Errorf("%s: passed as user %d in session %d", name, user, session)
		}
	}
}

func FuzzAccessToken(f *testing.F) {
	s := newTestSigner(f, tokenTime)
	token, _, err := s.sign(7, 9, "id", tokenTime)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add(token[:len(token)-1])
	f.Add("e30.e30.")
	f.Fuzz(func(t *testing.T, other string) {
		if user, session, err := s.parse(other); err == nil && other != token {
			t.Errorf("%q passed as user %d in session %d", other, user, session)
		}
	})
}

func TestOpaqueKeys(t *testing.T) {
	key, err := newOpaque(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if hash, ok := opaqueHash(key.text); !ok || !bytes.Equal(hash, key.hash) || len(key.text) != 43 {
		t.Errorf("%q: %x, %t", key.text, hash, ok)
	}
	for _, other := range []string{"", "x", key.text + "=", key.text[:42], key.text[:42] + "\n", strings.Repeat("/", 43), strings.Repeat("a", 1<<16)} {
		if _, ok := opaqueHash(other); ok {
			t.Errorf("%.50q passed", other)
		}
	}
}

func TestRefreshVerdicts(t *testing.T) {
	const grace = 30 * time.Second
	now := tokenTime
	live := Session{ExpiresAt: now.Add(time.Hour)}
	for name, c := range map[string]struct {
		token RefreshToken
		want  refreshVerdict
	}{
		"fresh":                      {RefreshToken{ExpiresAt: now.Add(time.Hour), Session: live}, refreshRotate},
		"expired":                    {RefreshToken{ExpiresAt: now, Session: live}, refreshRefuse},
		"just rotated":               {RefreshToken{ExpiresAt: now.Add(time.Hour), RotatedAt: now, Session: live}, refreshAgain},
		"rotated by a faster clock":  {RefreshToken{ExpiresAt: now.Add(time.Hour), RotatedAt: now.Add(time.Second), Session: live}, refreshAgain},
		"at the end of the grace":    {RefreshToken{ExpiresAt: now.Add(time.Hour), RotatedAt: now.Add(-grace), Session: live}, refreshAgain},
		"after the grace":            {RefreshToken{ExpiresAt: now.Add(time.Hour), RotatedAt: now.Add(-grace - 1), Session: live}, refreshReused},
		"after the grace, expired":   {RefreshToken{ExpiresAt: now, RotatedAt: now.Add(-time.Hour), Session: live}, refreshReused},
		"of an ended session":        {RefreshToken{ExpiresAt: now.Add(time.Hour), Session: Session{ExpiresAt: now.Add(time.Hour), EndedAt: now}}, refreshRefuse},
		"of an expired session":      {RefreshToken{ExpiresAt: now.Add(time.Hour), Session: Session{ExpiresAt: now}}, refreshRefuse},
		"reused in an ended session": {RefreshToken{RotatedAt: now.Add(-time.Hour), Session: Session{ExpiresAt: now.Add(time.Hour), EndedAt: now}}, refreshRefuse},
	} {
		if got := c.token.verdict(now, grace); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// What is remembered of a token ends with it, and belongs to that spelling alone.
func TestARememberedTokenExpires(t *testing.T) {
	now := tokenTime
	s, err := newSigner(bytes.Repeat([]byte("s"), 32), 15*time.Minute, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	token, expires, err := s.sign(7, 9, "id", now)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if user, session, err := s.parse(token); user != 7 || session != 9 || err != nil {
			t.Fatal(user, session, err)
		}
	}
	if s.proved.Len() != 1 {
		t.Errorf("%d tokens are remembered", s.proved.Len())
	}
	if _, _, err := s.parse(token + "A"); err == nil {
		t.Error("another signature passed")
	}
	now = expires.Add(tokenLeeway)
	if _, _, err := s.parse(token); err == nil {
		t.Error("an expired token passed because it was good once")
	}
	if s.proved.Len() != 1 {
		t.Error("a refused token is remembered")
	}
}
