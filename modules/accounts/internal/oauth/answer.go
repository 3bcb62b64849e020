package oauth

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rally/modules/accounts"
)

const (
	maxSubject = 255 // bytes, of OpenID Connect's sub
	maxEmail   = 254 // bytes, of a path in RFC 5321
)

// decode reads an answer. Its error quotes nothing of it.
func decode(what string, body []byte, into any) error {
	// encoding/json would replace what is not UTF-8, and make two different
	// ids one.
	if !utf8.Valid(body) || json.Unmarshal(body, into) != nil {
		return unavailable("%s: not the JSON that is documented", what)
	}
	return nil
}

// grant is the answer of a token endpoint (RFC 6749, section 5).
type grant struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	IDToken     string `json:"id_token"`
	Error       string `json:"error"`
}

// readGrant reads the answer of a token endpoint. Naver tells its errors with
// status 200.
func readGrant(body []byte) (grant, error) {
	var g grant
	if err := decode("token", body, &g); err != nil {
		return grant{}, err
	}
	if g.Error != "" {
		word, transient := errorWord(g.Error)
		if transient {
			return grant{}, unavailable("token%s", word)
		}
		return grant{}, refused("token%s", word)
	}
	if !usable(g.AccessToken) || !strings.EqualFold(g.TokenType, "bearer") {
		return grant{}, unavailable("token: the answer holds no bearer token")
	}
	return g, nil
}

// flag is a boolean that some write as a string.
type flag bool

func (f *flag) UnmarshalJSON(raw []byte) error {
	*f = string(raw) == "true" || string(raw) == `"true"`
	return nil
}

// external checks what a provider says of a person. An address that can't be
// one counts as none: whoever is linked already can still log in.
func external(subject, email string, verified bool, at time.Time) (accounts.External, error) {
	if subject == "" || len(subject) > maxSubject || strings.ContainsFunc(subject, unfit) {
		return accounts.External{}, unavailable("profile: no usable id")
	}
	if !addressLike(email) {
		email = ""
	}
	return accounts.External{Subject: subject, Email: email, EmailVerified: verified && email != "", AuthTime: at}, nil
}

// unfit is true for what no id holds: control characters, NUL first, and the
// mark that broken text leaves when it is decoded.
func unfit(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) }

func addressLike(email string) bool {
	local, domain, ok := strings.Cut(email, "@")
	return ok && local != "" && domain != "" && len(email) <= maxEmail &&
		!strings.ContainsFunc(email, func(r rune) bool { return unfit(r) || unicode.IsSpace(r) })
}
