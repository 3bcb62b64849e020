package passkey_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"
	"time"

	virtual "github.com/descope/virtualwebauthn"
	"github.com/go-webauthn/webauthn/webauthn"

	"rally/modules/accounts"
	"rally/modules/accounts/internal/passkey"
	"rally/platform/fault"
)

func finishLogin(t testing.TB, owner *accounts.PasskeyOwner, who people, state, response []byte) (accounts.PasskeyProof, error) {
	t.Helper()
	find := who.find
	if owner != nil {
		find = nobody
	}
	return passkey.New().FinishLogin(t.Context(), origin, owner, find, state, response)
}

func TestLogin(t *testing.T) {
	for _, kind := range []virtual.KeyType{virtual.KeyTypeEC2, virtual.KeyTypeRSA} {
		owner := newOwner("minji")
		d, second := newDeviceOf(owner, kind), newDeviceOf(owner, kind)
		owner = register(t, register(t, owner, second), d)
		d.key.Counter = 1

		c := beginLogin(t, &owner)
		proof, err := finishLogin(t, &owner, nil, c.State, d.get(t, c))
		if err != nil || !bytes.Equal(proof.CredentialID, d.key.ID) || !bytes.Equal(proof.Owner.Handle, owner.Handle) {
			t.Fatalf("%s: %+v, %v", kind, proof, err)
		}
		var used webauthn.Credential
		if err := json.Unmarshal(proof.Credential, &used); err != nil || used.Authenticator.SignCount != 1 {
			t.Fatalf("%s: %s, %v", kind, proof.Credential, err)
		}

		owner.Passkeys[1].Credential = proof.Credential
		d.key.Counter = 2
		c = beginLogin(t, nil)
		proof, err = finishLogin(t, nil, people{newOwner("juno"), owner}, c.State, d.get(t, c))
		if err != nil || !bytes.Equal(proof.CredentialID, d.key.ID) || !bytes.Equal(proof.Owner.Handle, owner.Handle) || proof.Owner.Name != owner.Name {
			t.Fatalf("%s, discoverable: %+v, %v", kind, proof, err)
		}
	}
}

func TestLoginsThatDontHold(t *testing.T) {
	for name, change := range map[string]func(*device){
		"wrong origin":             func(d *device) { d.site.Origin = "https://rally.example.evil.example" },
		"insecure origin":          func(d *device) { d.site.Origin = "http://rally.example" },
		"subdomain":                func(d *device) { d.site.Origin = "https://play.rally.example" },
		"wrong rp id":              func(d *device) { d.site.ID = "evil.example" },
		"user not verified":        func(d *device) { d.Options.UserNotVerified = true },
		"user not present":         func(d *device) { d.Options.UserNotPresent = true },
		"eligible for backup, now": func(d *device) { d.Options.BackupEligible = true },
		"backed up, now":           func(d *device) { d.Options.BackupState = true },
		"another's signature":      func(d *device) { d.key.Key = virtual.NewCredential(virtual.KeyTypeEC2).Key },
		"an unknown passkey":       func(d *device) { d.key = virtual.NewCredential(virtual.KeyTypeEC2) },
		"another's user handle":    func(d *device) { d.Options.UserHandle = newOwner("juno").Handle },
	} {
		owner := newOwner("minji")
		d := newDevice(owner)
		owner = register(t, owner, d)
		who := people{owner, register(t, newOwner("juno"), newDevice(newOwner("juno")))}
		change(d)
		for _, known := range []*accounts.PasskeyOwner{&owner, nil} {
			c := beginLogin(t, known)
			_, err := finishLogin(t, known, who, c.State, d.get(t, c))
			wantInvalid(t, name, err)
		}
	}
}

func TestResponsesOfOtherCeremonies(t *testing.T) {
	owner, other := newOwner("minji"), newOwner("juno")
	d, theirs := newDevice(owner), newDevice(other)
	owner, other = register(t, owner, d), register(t, other, theirs)
	who := people{owner, other}
	mine := &owner
	for _, known := range []*accounts.PasskeyOwner{mine, nil} {
		c := beginLogin(t, known)
		good := d.get(t, c)
		if _, err := finishLogin(t, known, who, c.State, good); err != nil {
			t.Fatal(err)
		}
		invalid := func(what string, owner *accounts.PasskeyOwner, state, response []byte) {
			t.Helper()
			_, err := finishLogin(t, owner, who, state, response)
			wantInvalid(t, what, err)
		}
		invalid("replayed", known, beginLogin(t, known).State, good)
		invalid("state of another user", &other, c.State, good)
		invalid("state of a registration", known, beginRegistration(t, owner).State, good)
		reg := beginRegistration(t, owner)
		signed, err := virtual.ParseAttestationOptions(string(reg.Options))
		if err != nil {
			t.Fatal(err)
		}
		invalid("challenge of a registration", known, reg.State, []byte(virtual.CreateAssertionResponse(d.site, d.Authenticator, d.key, virtual.AssertionOptions{Challenge: signed.Challenge})))
		invalid("answer to a registration", known, c.State, d.create(t, reg))
		for _, state := range []string{"", "{}", "null", "{", `{"ceremony":"login"}`, `{"ceremony":"discoverable"}`} {
			invalid("state "+state, known, []byte(state), good)
		}
		old := decode(t, c.State)
		old["expires"] = time.Now().Add(-time.Second)
		invalid("an old state", known, old.encode(t), good)

		for i := range good {
			invalid("truncated", known, c.State, good[:i])
		}
		for _, garbage := range garbage() {
			invalid(garbage, known, c.State, []byte(garbage))
		}
		invalid("too long", known, c.State, append(bytes.Clone(good), bytes.Repeat([]byte(" "), 32<<10)...))
		invalid("trailing data", known, c.State, append(bytes.Clone(good), "{}"...))
	}
	c := beginLogin(t, mine)
	_, err := finishLogin(t, nil, who, c.State, d.get(t, c))
	wantInvalid(t, "one owner's state as a discoverable one", err)
	c = beginLogin(t, nil)
	_, err = finishLogin(t, mine, nil, c.State, d.get(t, c))
	wantInvalid(t, "a discoverable state as one owner's", err)

	c = beginLogin(t, mine)
	theirs.Options.UserHandle = nil
	_, err = finishLogin(t, mine, nil, c.State, theirs.get(t, c))
	wantInvalid(t, "another user's passkey", err)
	theirs.Options.UserHandle = owner.Handle
	c = beginLogin(t, nil)
	_, err = finishLogin(t, nil, who, c.State, theirs.get(t, c))
	wantInvalid(t, "another user's passkey under one's own handle", err)
	d.Options.UserHandle = nil
	_, err = finishLogin(t, nil, who, c.State, d.get(t, c))
	wantInvalid(t, "no user handle", err)
	d.Options.UserHandle = bytes.Repeat([]byte("m"), 65)
	_, err = passkey.New().FinishLogin(t.Context(), origin, nil, nobody, c.State, d.get(t, c))
	wantInvalid(t, "a user handle too long to look up", err)
	_, err = passkey.New().FinishLogin(t.Context(), "https://other.example", nil, nobody, c.State, d.get(t, c))
	wantInvalid(t, "a state of another site", err)
}

func TestCounters(t *testing.T) {
	for _, c := range []struct {
		stored, shown uint32
		fine          bool
	}{{0, 0, true}, {0, 1, true}, {5, 6, true}, {5, 5, false}, {5, 4, false}, {5, 0, false}} {
		owner := newOwner("minji")
		d := newDevice(owner)
		d.key.Counter = c.stored
		owner = register(t, owner, d)
		d.key.Counter = c.shown
		begun := beginLogin(t, &owner)
		_, err := finishLogin(t, &owner, nil, begun.State, d.get(t, begun))
		if c.fine && err != nil {
			t.Errorf("%+v: %v", c, err)
		}
		if !c.fine {
			wantInvalid(t, "a counter that did not go on", err)
		}
	}
}

func TestBackupMayHappenLater(t *testing.T) {
	owner := newOwner("minji")
	d := newDevice(owner)
	d.Options.BackupEligible = true
	owner = register(t, owner, d)
	d.Options.BackupState = true
	c := beginLogin(t, &owner)
	proof, err := finishLogin(t, &owner, nil, c.State, d.get(t, c))
	if err != nil {
		t.Fatal(err)
	}
	var used webauthn.Credential
	if err := json.Unmarshal(proof.Credential, &used); err != nil || !used.Flags.BackupState || !used.Flags.BackupEligible {
		t.Errorf("%s, %v", proof.Credential, err)
	}
}

func TestChangedAssertions(t *testing.T) {
	owner := newOwner("minji")
	d := newDevice(owner)
	owner = register(t, owner, d)
	c := beginLogin(t, &owner)
	good := decode(t, d.get(t, c))
	response, _ := good["response"].(map[string]any)
	for _, part := range []string{"authenticatorData", "clientDataJSON", "signature", "userHandle"} {
		text, _ := response[part].(string)
		raw, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil || len(raw) == 0 {
			t.Fatal(part, err)
		}
		for i := range raw {
			changed := bytes.Clone(raw)
			changed[i] ^= 1
			response[part] = base64.RawURLEncoding.EncodeToString(changed)
			_, err := finishLogin(t, &owner, nil, c.State, good.encode(t))
			wantInvalid(t, part, err)
		}
		response[part] = text
	}
}

func TestWhatFindReturns(t *testing.T) {
	owner := newOwner("minji")
	d := newDevice(owner)
	register(t, owner, d)
	c := beginLogin(t, nil)
	finish := func(answer error) error {
		_, err := passkey.New().FinishLogin(t.Context(), origin, nil, func(context.Context, []byte) (accounts.PasskeyOwner, error) {
			return accounts.PasskeyOwner{}, answer
		}, c.State, d.get(t, c))
		return err
	}
	for _, refusal := range []error{accounts.ErrUserNotFound, accounts.ErrDeactivated, accounts.ErrPasskeyNotFound} {
		err := finish(refusal)
		wantInvalid(t, refusal.Error(), err)
		if fault.From(err).Code != accounts.ErrPasskeyInvalid.Code {
			t.Errorf("%v is shown", refusal)
		}
	}
	for _, outage := range []error{errors.New("the database is away"), context.Canceled, accounts.ErrBusy, fault.ErrInternal} {
		if err := finish(outage); err != outage { //nolint:errorlint // as it is, not wrapped
			t.Errorf("%v became %v", outage, err)
		}
	}
}

func TestOwnersWithoutPasskeys(t *testing.T) {
	owner := newOwner("minji")
	if _, err := passkey.New().BeginLogin(origin, &owner); !errors.Is(err, accounts.ErrPasskeyNotFound) {
		t.Error(err)
	}
	owner = register(t, owner, newDevice(owner))
	owner.Passkeys[0].Credential = []byte("{")
	_, err := passkey.New().BeginLogin(origin, &owner)
	if kind := fault.From(err).Kind; kind != fault.Internal || err == nil {
		t.Errorf("a stored passkey that doesn't read: %v", err)
	}
}

// A passkey that was removed while its owner was being asked for it is gone.
func TestRemovedPasskeys(t *testing.T) {
	owner := newOwner("minji")
	d := newDevice(owner)
	with := register(t, owner, d)
	c := beginLogin(t, &with)
	_, err := finishLogin(t, &owner, nil, c.State, d.get(t, c))
	wantInvalid(t, "removed", err)
	c = beginLogin(t, nil)
	_, err = finishLogin(t, nil, people{owner}, c.State, d.get(t, c))
	wantInvalid(t, "removed, discoverable", err)
}

func FuzzFinishLogin(f *testing.F) {
	owner := newOwner("minji")
	d := newDevice(owner)
	owner = register(f, owner, d)
	who := people{owner}
	asked, discovered := beginLogin(f, &owner), beginLogin(f, nil)
	f.Add(d.get(f, beginLogin(f, &owner))) // right, but for another challenge
	signed := decode(f, d.get(f, asked))
	response, _ := signed["response"].(map[string]any)
	data, err := base64.RawURLEncoding.DecodeString(response["authenticatorData"].(string))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(append(data, 0)) // as what was signed, and a byte more
	for _, g := range garbage() {
		f.Add([]byte(g))
	}
	f.Fuzz(func(t *testing.T, response []byte) {
		_, err := finishLogin(t, &owner, nil, asked.State, response)
		wantInvalid(t, "arbitrary", err)
		_, err = finishLogin(t, nil, who, discovered.State, response)
		wantInvalid(t, "arbitrary, discoverable", err)
		if bytes.Equal(response, data) {
			return
		}
		_, err = finishLogin(t, &owner, nil, asked.State, within(t, signed, "authenticatorData", response))
		wantInvalid(t, "arbitrary data under a signature of other data", err)
	})
}
