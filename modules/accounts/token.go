package accounts

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rally/platform/recent"
)

const (
	tokenIssuer   = "rally"
	tokenAudience = "rally/api"
	tokenLeeway   = 5 * time.Second // clocks of two nodes differ
	maxTokenBytes = 2048            // ours have about 300

	minSecret   = 16 // bytes
	opaqueBytes = 32
)

// opaque is a random key that is handed out once and stored as its hash: a
// refresh token, or a key sent by mail.
type opaque struct {
	text string // base64url, 43 characters
	hash []byte // SHA-256
}

func newOpaque(random io.Reader) (opaque, error) {
	raw := make([]byte, opaqueBytes)
	if err := fill(random, raw); err != nil {
		return opaque{}, err
	}
	return opaque{text: base64.RawURLEncoding.EncodeToString(raw), hash: hashOf(raw)}, nil
}

// opaqueHash returns the hash under which text would be stored. It reports
// false when text is none of ours, so that the store isn't asked.
func opaqueHash(text string) ([]byte, bool) {
	if len(text) != base64.RawURLEncoding.EncodedLen(opaqueBytes) {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != opaqueBytes { // the decoder skips line breaks
		return nil, false
	}
	return hashOf(raw), true
}

func hashOf(raw []byte) []byte {
	sum := sha256.Sum256(raw)
	return sum[:]
}

// accessClaims are what an access token says: sub is the user, sid the
// session.
type accessClaims struct {
	jwt.RegisteredClaims
	SessionID string `json:"sid"`
}

// signer makes and checks access tokens: JWT, HS256.
type signer struct {
	key    []byte
	ttl    time.Duration
	parser *jwt.Parser
	now    Clock
	// proved remembers tokens that were good: a page is many requests with one
	// token, and a signature doesn't change. Whether the session lives is asked
	// each time, elsewhere.
	proved *recent.Cache[string, bearer]
}

// bearer is what a good token says.
type bearer struct {
	userID, sessionID int64
	until             time.Time // it is good before this time
}

// maxProved is how many tokens are remembered; about 500 bytes each.
const maxProved = 8192

// newSigner derives the key of access tokens from secret, so that one secret
// serves many purposes and none can be used for another.
func newSigner(secret []byte, ttl time.Duration, now Clock) (*signer, error) {
	if len(secret) < minSecret {
		return nil, fmt.Errorf("the secret has %d bytes: must be at least %d", len(secret), minSecret)
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "rally accounts access token v1", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive the key of access tokens: %w", err)
	}
	return &signer{key: key, ttl: ttl, now: now, proved: recent.New[string, bearer](maxProved, ttl), parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(tokenIssuer),
		jwt.WithAudience(tokenAudience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(tokenLeeway),
		jwt.WithTimeFunc(now),
		jwt.WithStrictDecoding(),
	)}, nil
}

// sign returns an access token of a session. Id makes it unlike any other.
func (s *signer) sign(userID, sessionID int64, id string, now time.Time) (token string, expires time.Time, err error) {
	expires = now.Add(s.ttl)
	claims := accessClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: tokenIssuer, Audience: jwt.ClaimStrings{tokenAudience},
			Subject: strconv.FormatInt(userID, 10), ID: id,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(expires),
		},
		SessionID: strconv.FormatInt(sessionID, 10),
	}
	token, err = jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(s.key)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign an access token: %w", err)
	}
	return token, expires, nil
}

// parse checks everything about a token that needs no store.
func (s *signer) parse(token string) (userID, sessionID int64, err error) {
	// base64 decoders skip line breaks; one token must have one spelling.
	if len(token) > maxTokenBytes || strings.ContainsAny(token, "\r\n") {
		return 0, 0, errors.New("the token is too long, or broken into lines")
	}
	now, mark := s.now(), s.proved.Mark()
	if known, _, ok := s.proved.Get(token, now); ok && now.Before(known.until) {
		return known.userID, known.sessionID, nil
	}
	var claims accessClaims
	if _, err := s.parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return s.key, nil }); err != nil {
		return 0, 0, err
	}
	if claims.IssuedAt == nil || claims.ID == "" {
		return 0, 0, errors.New("the token lacks iat or jti")
	}
	userID, errUser := strconv.ParseInt(claims.Subject, 10, 64)
	sessionID, errSession := strconv.ParseInt(claims.SessionID, 10, 64)
	if errUser != nil || errSession != nil || userID < 1 || sessionID < 1 {
		return 0, 0, errors.New("the token names no user or no session")
	}
	s.proved.Put(token, bearer{userID, sessionID, claims.ExpiresAt.Time}, now, mark)
	return userID, sessionID, nil
}
