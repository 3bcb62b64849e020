package passkey_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	virtual "github.com/descope/virtualwebauthn"
	"github.com/go-webauthn/webauthn/webauthn"

	"rally/modules/accounts/internal/passkey"
)

// PublicKeyCredentialCreationOptionsJSON and …RequestOptionsJSON,
// https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialcreationoptionsjson.
func TestOptionsAreWhatBrowsersParse(t *testing.T) {
	owner := newOwner("minji")
	d := newDevice(owner)
	with := register(t, owner, d)
	id := base64.RawURLEncoding.EncodeToString(d.key.ID)
	key := object{"type": "public-key", "id": id}

	creation := decode(t, beginRegistration(t, with).Options)
	challenge, _ := creation["challenge"].(string)
	if b, err := base64.RawURLEncoding.DecodeString(challenge); err != nil || len(b) < 16 {
		t.Errorf("challenge %q", challenge)
	}
	want := object{
		"challenge":   challenge,
		"rp":          object{"id": "rally.example", "name": "Rally"},
		"user":        object{"id": base64.RawURLEncoding.EncodeToString(owner.Handle), "name": owner.Name, "displayName": owner.DisplayName},
		"timeout":     300_000,
		"attestation": "none",
		"pubKeyCredParams": []object{
			{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}, {"type": "public-key", "alg": -8},
		},
		"excludeCredentials":     []object{key},
		"authenticatorSelection": object{"requireResidentKey": true, "residentKey": "required", "userVerification": "required"},
	}
	if want = decode(t, want.encode(t)); !reflect.DeepEqual(creation, want) {
		t.Errorf("%v, want %v", creation, want)
	}

	request := decode(t, beginLogin(t, &with).Options)
	want = object{"challenge": request["challenge"], "rpId": "rally.example", "timeout": 300_000, "userVerification": "required", "allowCredentials": []object{key}}
	if want = decode(t, want.encode(t)); !reflect.DeepEqual(request, want) {
		t.Errorf("%v, want %v", request, want)
	}
	request = decode(t, beginLogin(t, nil).Options)
	delete(want, "allowCredentials")
	if want["challenge"] = request["challenge"]; !reflect.DeepEqual(request, want) {
		t.Errorf("%v, want %v", request, want)
	}
	if next := decode(t, beginLogin(t, nil).Options); next["challenge"] == request["challenge"] {
		t.Error("the same challenge twice")
	}
}

func TestRegister(t *testing.T) {
	for _, kind := range []virtual.KeyType{virtual.KeyTypeEC2, virtual.KeyTypeRSA} {
		owner := newOwner("minji")
		owner = register(t, owner, newDeviceOf(owner, kind))
		owner = register(t, owner, newDeviceOf(owner, kind)) // a second device
		stored := owner.Passkeys[1].Credential
		var c webauthn.Credential
		if err := json.Unmarshal(stored, &c); err != nil || !c.Flags.UserVerified || len(stored) > 4<<10 {
			t.Errorf("%s: %s, %v", kind, stored, err)
		}
		if c.Attestation.Object != nil {
			t.Error("the attestation is kept")
		}
	}
}

func TestRegistrationsThatDontHold(t *testing.T) {
	owner, other := newOwner("minji"), newOwner("juno")
	for name, change := range map[string]func(*device){
		"wrong origin":                          func(d *device) { d.site.Origin = "https://rally.example.evil.example" },
		"insecure origin":                       func(d *device) { d.site.Origin = "http://rally.example" },
		"subdomain":                             func(d *device) { d.site.Origin = "https://play.rally.example" },
		"no origin":                             func(d *device) { d.site.Origin = "" },
		"wrong rp id":                           func(d *device) { d.site.ID = "evil.example" },
		"user not verified":                     func(d *device) { d.Options.UserNotVerified = true },
		"user not present":                      func(d *device) { d.Options.UserNotPresent = true },
		"backed up, though not eligible for it": func(d *device) { d.Options.BackupState = true },
		"an id without end":                     func(d *device) { d.key.ID = bytes.Repeat([]byte{1}, 1024) },
	} {
		d := newDevice(owner)
		change(d)
		c := beginRegistration(t, owner)
		_, _, err := passkey.New().FinishRegistration(origin, owner, c.State, d.create(t, c))
		wantInvalid(t, name, err)
	}

	d := newDevice(owner)
	c, c2 := beginRegistration(t, owner), beginRegistration(t, owner)
	good := d.create(t, c)
	finish := func(state, response []byte) error {
		_, _, err := passkey.New().FinishRegistration(origin, owner, state, response)
		return err
	}
	if err := finish(c.State, good); err != nil {
		t.Fatal(err)
	}
	wantInvalid(t, "wrong challenge", finish(c2.State, good))
	_, _, err := passkey.New().FinishRegistration(origin, other, c.State, good)
	wantInvalid(t, "state of another user", err)
	with := register(t, owner, d)
	_, _, err = passkey.New().FinishRegistration(origin, with, c.State, good)
	wantInvalid(t, "a passkey that the owner has", err)
	wantInvalid(t, "state of a login", finish(beginLogin(t, &with).State, good))
	wantInvalid(t, "state of a discoverable login", finish(beginLogin(t, nil).State, good))
	for _, state := range []string{"", "{}", "null", "[]", "{", `{"challenge":""}`, `{"ceremony":"registration"}`, string(c.State[:len(c.State)-2])} {
		wantInvalid(t, "state "+state, finish([]byte(state), good))
	}
	old := decode(t, c.State)
	old["expires"] = time.Now().Add(-time.Second)
	wantInvalid(t, "an old state", finish(old.encode(t), good))

	wantInvalid(t, "an answer to a login", finish(c.State, d.get(t, beginLogin(t, &with))))
	for i := range good {
		wantInvalid(t, "truncated", finish(c.State, good[:i]))
	}
	wantInvalid(t, "too long", finish(c.State, append(good, bytes.Repeat([]byte(" "), 32<<10)...)))
	wantInvalid(t, "trailing data", finish(c.State, append(bytes.Clone(good), "{}"...)))
	for _, garbage := range garbage() {
		wantInvalid(t, garbage, finish(c.State, []byte(garbage)))
	}
}

func garbage() []string {
	return []string{
		"", "null", "0", `""`, "[]", "{}", "\xff", strings.Repeat("[", 20_000), strings.Repeat(`{"response":`, 2000),
		`{"id":"","rawId":"","type":"public-key","response":{}}`, `{"id":"AQ","rawId":"AQ","type":"public-key"}`,
		`{"id":"AQ","rawId":"AQ","type":"public-key","response":null}`,
		`{"id":"AQ","rawId":"AQ","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA","authenticatorData":"AA","signature":"","userHandle":"bQ"}}`,
		`{"id":"AQ","rawId":"AQ","type":"public-key","response":{"clientDataJSON":"bnVsbA","attestationObject":"9g","authenticatorData":"` + strings.Repeat("_", 52) + `"}}`,
	}
}

// Every byte that is signed over, and the signature itself, must be as the
// authenticator wrote them.
func TestChangedAttestations(t *testing.T) {
	owner := newOwner("minji")
	d := newDevice(owner)
	c := beginRegistration(t, owner)
	good := decode(t, d.create(t, c))
	response, _ := good["response"].(map[string]any)
	for _, part := range []string{"attestationObject", "clientDataJSON"} {
		text, _ := response[part].(string)
		raw, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		for i := range raw {
			changed := bytes.Clone(raw)
			changed[i] ^= 1
			response[part] = base64.RawURLEncoding.EncodeToString(changed)
			_, _, err := passkey.New().FinishRegistration(origin, owner, c.State, good.encode(t))
			wantInvalid(t, part, err)
		}
		response[part] = text
	}
}

func FuzzFinishRegistration(f *testing.F) {
	owner := newOwner("minji")
	d := newDevice(owner)
	c := beginRegistration(f, owner)
	other := d.create(f, beginRegistration(f, owner)) // right, but for another challenge
	f.Add(other)
	response, _ := decode(f, other)["response"].(map[string]any)
	attestation, err := base64.RawURLEncoding.DecodeString(response["attestationObject"].(string))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(attestation)
	for _, g := range garbage() {
		f.Add([]byte(g))
	}
	f.Fuzz(func(t *testing.T, response []byte) {
		_, _, err := passkey.New().FinishRegistration(origin, owner, c.State, response)
		wantInvalid(t, "arbitrary", err)
		_, _, err = passkey.New().FinishRegistration(origin, owner, c.State, within(t, decode(t, other), "attestationObject", response))
		wantInvalid(t, "an arbitrary attestation", err)
	})
}
