package passkey_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"testing"

	virtual "github.com/descope/virtualwebauthn"

	"rally/modules/accounts"
	"rally/modules/accounts/internal/passkey"
)

const origin = "https://rally.example"

// device is an authenticator with one key, in a browser that shows a site.
type device struct {
	virtual.Authenticator
	key  virtual.Credential
	site virtual.RelyingParty
}

func newDevice(owner accounts.PasskeyOwner) *device {
	return newDeviceOf(owner, virtual.KeyTypeEC2)
}

func newDeviceOf(owner accounts.PasskeyOwner, kind virtual.KeyType) *device {
	return &device{
		Authenticator: virtual.NewAuthenticatorWithOptions(virtual.AuthenticatorOptions{UserHandle: owner.Handle}),
		key:           newKey(kind),
		site:          virtual.RelyingParty{ID: "rally.example", Name: "Rally", Origin: origin},
	}
}

// newKey makes a key whose coordinates have no zero in front: virtualwebauthn
// would drop it, which COSE forbids and the library refuses (RFC 9053, 7.1.1).
func newKey(kind virtual.KeyType) virtual.Credential {
	for {
		made := virtual.NewCredential(kind)
		parsed, err := x509.ParsePKCS8PrivateKey(made.Key.Data)
		if err != nil {
			panic(err)
		}
		private, ok := parsed.(*ecdsa.PrivateKey)
		if !ok {
			return made
		}
		point, err := private.PublicKey.Bytes() // 4, x and y
		if err != nil {
			panic(err)
		}
		if point[1] != 0 && point[33] != 0 {
			return made
		}
	}
}

// create answers navigator.credentials.create.
func (d *device) create(t testing.TB, c accounts.Ceremony) []byte {
	t.Helper()
	options, err := virtual.ParseAttestationOptions(string(c.Options))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(virtual.CreateAttestationResponse(d.site, d.Authenticator, d.key, *options))
}

// get answers navigator.credentials.get.
func (d *device) get(t testing.TB, c accounts.Ceremony) []byte {
	t.Helper()
	options, err := virtual.ParseAssertionOptions(string(c.Options))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(virtual.CreateAssertionResponse(d.site, d.Authenticator, d.key, *options))
}

func newOwner(name string) accounts.PasskeyOwner {
	return accounts.PasskeyOwner{Handle: bytes.Repeat([]byte(name[:1]), 32), Name: name + "@rally.example", DisplayName: name}
}

func beginRegistration(t testing.TB, owner accounts.PasskeyOwner) accounts.Ceremony {
	t.Helper()
	c, err := passkey.New().BeginRegistration(origin, owner)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func beginLogin(t testing.TB, owner *accounts.PasskeyOwner) accounts.Ceremony {
	t.Helper()
	c, err := passkey.New().BeginLogin(origin, owner)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// register gives the owner a passkey on the device.
func register(t testing.TB, owner accounts.PasskeyOwner, d *device) accounts.PasskeyOwner {
	t.Helper()
	c := beginRegistration(t, owner)
	id, credential, err := passkey.New().FinishRegistration(origin, owner, c.State, d.create(t, c))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(id, d.key.ID) {
		t.Fatalf("id %x, want %x", id, d.key.ID)
	}
	owner.Passkeys = append(owner.Passkeys[:len(owner.Passkeys):len(owner.Passkeys)], accounts.Passkey{CredentialID: id, Credential: credential})
	return owner
}

// people finds an owner by handle.
type people []accounts.PasskeyOwner

func (p people) find(_ context.Context, handle []byte) (accounts.PasskeyOwner, error) {
	for _, o := range p {
		if bytes.Equal(o.Handle, handle) {
			return o, nil
		}
	}
	return accounts.PasskeyOwner{}, accounts.ErrUserNotFound
}

func nobody(context.Context, []byte) (accounts.PasskeyOwner, error) {
	return accounts.PasskeyOwner{}, errors.New("find was called")
}

func wantInvalid(t testing.TB, what string, err error) {
	t.Helper()
	if !errors.Is(err, accounts.ErrPasskeyInvalid) {
		t.Errorf("%s: %v", what, err)
	} else if errors.Unwrap(err) == nil {
		t.Errorf("%s: no cause", what)
	}
}

// object is a JSON object that a test changes.
type object map[string]any

func decode(t testing.TB, text []byte) object {
	t.Helper()
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o object) encode(t testing.TB) []byte {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// within returns the answer with one part of its response replaced.
func within(t testing.TB, answer object, part string, raw []byte) []byte {
	t.Helper()
	response, ok := answer["response"].(map[string]any)
	if !ok {
		t.Fatalf("%v", answer)
	}
	response = maps.Clone(response)
	response[part] = base64.RawURLEncoding.EncodeToString(raw)
	answer = maps.Clone(answer)
	answer["response"] = response
	return answer.encode(t)
}
