package passkey_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"rally/modules/accounts"
	"rally/modules/accounts/internal/passkey"
)

func TestOrigins(t *testing.T) {
	for origin, id := range map[string]string{
		"https://rally.example":                            "rally.example",
		"https://rally.example:443":                        "rally.example",
		"https://rally.example:8443":                       "rally.example",
		"HTTPS://Rally.Example":                            "rally.example",
		"https://play.rally.example":                       "play.rally.example",
		"https://xn--3e0b707e.example":                     "xn--3e0b707e.example",
		"http://localhost":                                 "localhost",
		"http://localhost:8080":                            "localhost",
		"https://localhost":                                "localhost",
		"http://rally.example":                             "",
		"http://rally.example:443":                         "",
		"http://localhost.example":                         "",
		"http://play.localhost":                            "",
		"http://127.0.0.1:8080":                            "",
		"https://127.0.0.1":                                "",
		"https://127.1":                                    "",
		"https://2130706433":                               "",
		"https://0x7f.0.0.0x1":                             "",
		"https://[::1]:8443":                               "",
		"https://[::ffff:127.0.0.1]":                       "",
		"https://[fe80::1%25eth0]":                         "",
		"https://intranet":                                 "",
		"https://한국.example":                               "",
		"https://rally..example":                           "",
		"https://rally.example.":                           "",
		"https://-rally.example":                           "",
		"https://rally_.example /":                         "",
		"https://rally.example/":                           "",
		"https://rally.example/login":                      "",
		"https://rally.example?x":                          "",
		"https://rally.example#x":                          "",
		"https://user@rally.example":                       "",
		"https://rally.example:port":                       "",
		"https://rally.example:":                           "rally.example",
		"https://":                                         "",
		"https:rally.example":                              "",
		"//rally.example":                                  "",
		"rally.example":                                    "",
		"localhost":                                        "",
		"wss://rally.example":                              "",
		"file:///etc/passwd":                               "",
		"android:apk-key-hash:AAAAAAAAA":                   "",
		"null":                                             "",
		"":                                                 "",
		"https://" + strings.Repeat("a", 300) + ".example": "",
		"https://rally.example\n":                          "",
	} {
		owner := newOwner("minji")
		c, err := passkey.New().BeginRegistration(origin, owner)
		if id == "" {
			if !errors.Is(err, accounts.ErrPasskeysUnavailable) {
				t.Errorf("%q: %v", origin, err)
			}
			_, err = passkey.New().BeginLogin(origin, nil)
			_, _, err2 := passkey.New().FinishRegistration(origin, owner, nil, nil)
			_, err3 := passkey.New().FinishLogin(t.Context(), origin, nil, nobody, nil, nil)
			for _, err := range []error{err, err2, err3} {
				if !errors.Is(err, accounts.ErrPasskeysUnavailable) {
					t.Errorf("%q: %v", origin, err)
				}
			}
			continue
		}
		var options struct {
			RP struct{ ID, Name string } `json:"rp"`
		}
		if jsonErr := json.Unmarshal(c.Options, &options); err != nil || jsonErr != nil || options.RP.ID != id || options.RP.Name != "Rally" {
			t.Errorf("%q: %s, %v", origin, c.Options, err)
		}
	}
}

// The same site under another spelling of its origin is the same site.
func TestOriginIsComparedAsBrowsersDo(t *testing.T) {
	owner := newOwner("minji")
	d := newDevice(owner)
	c, err := passkey.New().BeginRegistration("https://Rally.example:443", owner)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := passkey.New().FinishRegistration(origin, owner, c.State, d.create(t, c)); err != nil {
		t.Error(err)
	}
}

func TestAnotherPortIsAnotherOrigin(t *testing.T) {
	owner := newOwner("minji")
	d := newDevice(owner)
	c := beginRegistration(t, owner)
	_, _, err := passkey.New().FinishRegistration(origin+":8443", owner, c.State, d.create(t, c))
	wantInvalid(t, "a state of another port", err)

	d.site.Origin = origin + ":8443"
	_, _, err = passkey.New().FinishRegistration(origin, owner, c.State, d.create(t, c))
	wantInvalid(t, "an answer of another port", err)
}
