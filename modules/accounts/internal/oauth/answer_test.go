package oauth

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"rally/modules/accounts"
)

// readers are the ways to a person from the bytes of an answer.
func readers() map[string]func([]byte) (accounts.External, error) {
	return map[string]func([]byte) (accounts.External, error){
		"google": func(body []byte) (accounts.External, error) { return readTokenInfo(body, "us") },
		"naver":  readNaverProfile,
		"42":     readFortyTwoProfile,
		"42's owner": func(body []byte) (accounts.External, error) {
			owner, err := readTokenOwner(body, "us")
			return accounts.External{Subject: owner}, err
		},
	}
}

// check says what is wrong with what a reader returned.
func check(who accounts.External, err error) string {
	switch {
	case err != nil && !errors.Is(err, accounts.ErrProviderRefused) && !errors.Is(err, accounts.ErrProviderUnavailable):
		return "the error is no fault of ours"
	case err != nil && who != (accounts.External{}):
		return "an error comes with a person"
	case err != nil:
		return ""
	case who.Subject == "" || len(who.Subject) > 255 || !utf8.ValidString(who.Subject) || strings.ContainsRune(who.Subject, 0):
		return "the subject is unusable"
	case len(who.Email) > 254 || !utf8.ValidString(who.Email) || strings.ContainsAny(who.Email, "\x00\r\n "):
		return "the address is unusable"
	case who.Email == "" && who.EmailVerified:
		return "no address is verified"
	case !who.AuthTime.IsZero():
		return "a time comes from nowhere"
	}
	return ""
}

func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `[]`, `{}`, `{"id":1}`, `{"id":"1","email":7}`, `{"id":-1}`, `{"id":99999999999999999999}`, `{"id":1,"email":null}`,
		`{"resultcode":"00","message":"success","response":{"id":"1","email":"a@b.c"}}`, `{"resultcode":"024"}`, `{"resultcode":0}`,
		`{"aud":"us","azp":"us","sub":"1","email":"a@b.c","email_verified":"true","expires_in":"3599"}`, `{"aud":["us"],"sub":"1"}`,
		`{"aud":"us","sub":"\u0000","expires_in":1}`, "{\"aud\":\"us\",\"sub\":\"\xff\",\"expires_in\":1}", `{"aud":"us","sub":"\ud800","expires_in":1}`,
		`{"resource_owner_id":74,"expires_in_seconds":7174,"application":{"uid":"us"}}`, `{"resource_owner_id":null,"application":{"uid":"us"}}`,
		`{"access_token":"a","token_type":"bearer"}`, `{"error":"invalid_grant"}`, `{"error":"server_error"}`, `{"access_token":"a b","token_type":"Bearer"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for name, read := range readers() {
			if wrong := check(read(body)); wrong != "" {
				t.Errorf("%s: %s", name, wrong)
			}
		}
		g, err := readGrant(body)
		if wrong := check(accounts.External{}, err); err != nil && wrong != "" {
			t.Errorf("token: %s", wrong)
		}
		if err == nil && !usable(g.AccessToken) {
			t.Errorf("a token that can't be used: %q", g.AccessToken)
		}
	})
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	ada := accounts.External{Subject: "1", Email: "a@b.c", EmailVerified: true}
	nameless := accounts.External{Subject: "1"}
	for _, c := range []struct {
		reader, body string
		want         accounts.External
		err          error
	}{
		{"google", `{"aud":"us","azp":"us","sub":"1","email":"a@b.c","email_verified":"true","expires_in":"3599"}`, ada, nil},
		{"google", `{"aud":"us","sub":"1","email":"a@b.c","email_verified":true,"expires_in":3599}`, ada, nil},
		{"google", `{"aud":"us","sub":"1","email":"a@b.c","email_verified":"yes","expires_in":3599}`, accounts.External{Subject: "1", Email: "a@b.c"}, nil},
		{"google", `{"aud":"us","sub":"1","email_verified":"true","expires_in":3599}`, nameless, nil},
		{"google", `{"aud":"us","azp":"them","sub":"1","expires_in":3599}`, accounts.External{}, accounts.ErrProviderRefused},
		{"google", `{"aud":"them","azp":"us","sub":"1","expires_in":3599}`, accounts.External{}, accounts.ErrProviderRefused},
		{"google", `{"azp":"us","sub":"1","expires_in":3599}`, accounts.External{}, accounts.ErrProviderUnavailable},
		{"google", `{"aud":"us","sub":"1","expires_in":"-3"}`, accounts.External{}, accounts.ErrProviderRefused},
		{"google", `{"aud":"us","sub":"1"}`, accounts.External{}, accounts.ErrProviderRefused},
		{"google", `{"aud":"us","sub":"1","expires_in":"soon"}`, accounts.External{}, accounts.ErrProviderUnavailable},
		{"google", `{"aud":"us","sub":"` + long + `","expires_in":1}`, accounts.External{}, accounts.ErrProviderUnavailable},
		{"google", `{"aud":"us","sub":"a\u0000b","expires_in":1}`, accounts.External{}, accounts.ErrProviderUnavailable},
		{"google", `{"aud":"us","sub":"a\ud800b","expires_in":1}`, accounts.External{}, accounts.ErrProviderUnavailable},
		{"google", "{\"aud\":\"us\",\"sub\":\"a\xffb\",\"expires_in\":1}", accounts.External{}, accounts.ErrProviderUnavailable},
		{"naver", `{"resultcode":"00","response":{"id":"1","email":"a@b.c"}}`, ada, nil},
		{"naver", `{"resultcode":"00","response":{"id":"1","email":null}}`, nameless, nil},
		{"naver", `{"resultcode":"00","response":{"id":"1","email":"no address"}}`, nameless, nil},
		{"naver", `{"resultcode":"00","response":{"id":"1","email":"` + long + `@b.c"}}`, nameless, nil},
		{"naver", `{"resultcode":"00","response":{}}`, accounts.External{}, accounts.ErrProviderUnavailable},
		{"naver", `{"resultcode":"024","message":"Authentication failed"}`, accounts.External{}, accounts.ErrProviderRefused},
		{"naver", `{"resultcode":"500"}`, accounts.External{}, accounts.ErrProviderUnavailable},
		{"42", `{"id":1,"email":"a@b.c","login":"ada"}`, ada, nil},
		{"42", `{"id":1,"email":null}`, nameless, nil},
		{"42", `{"id":"1"}`, accounts.External{}, accounts.ErrProviderUnavailable},
		{"42", `{"id":0}`, accounts.External{}, accounts.ErrProviderUnavailable},
		{"42", `{"id":1}{"id":2}`, accounts.External{}, accounts.ErrProviderUnavailable},
		{"42's owner", `{"resource_owner_id":1,"expires_in_seconds":1,"application":{"uid":"us"}}`, nameless, nil},
		{"42's owner", `{"resource_owner_id":1,"expires_in_seconds":0,"application":{"uid":"us"}}`, accounts.External{}, accounts.ErrProviderRefused},
		{"42's owner", `{"resource_owner_id":1,"expires_in_seconds":1,"application":{"uid":"them"}}`, accounts.External{}, accounts.ErrProviderRefused},
		{"42's owner", `{"resource_owner_id":null,"expires_in_seconds":1,"application":{"uid":"us"}}`, accounts.External{}, accounts.ErrProviderRefused},
		{"42's owner", `{"resource_owner_id":1,"expires_in_seconds":1}`, accounts.External{}, accounts.ErrProviderUnavailable},
	} {
		who, err := readers()[c.reader]([]byte(c.body))
		if who != c.want || !errors.Is(err, c.err) || check(who, err) != "" {
			t.Errorf("%s reads %s as %+v, %v", c.reader, c.body, who, err)
		}
	}
}

func TestOnlyDocumentedErrorCodesAreQuoted(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]error{
		"invalid_grant": accounts.ErrProviderRefused, "invalid_client": accounts.ErrProviderRefused, "code-1234": accounts.ErrProviderRefused,
		"server_error": accounts.ErrProviderUnavailable, "temporarily_unavailable": accounts.ErrProviderUnavailable,
	} {
		_, err := readGrant([]byte(`{"error":"` + code + `"}`))
		if !errors.Is(err, want) || strings.Contains(err.Error(), code) == (code == "code-1234") {
			t.Errorf("%s: %v", code, err)
		}
	}
}
