package accounts_test

import (
	"context"
	"strings"
	"testing"

	virtual "github.com/descope/virtualwebauthn"

	"rally/modules/accounts"
)

// securityKey is an authenticator with one passkey.
type securityKey struct {
	virtual.Authenticator
	credential virtual.Credential
}

func newSecurityKey() *securityKey {
	// A coordinate with zeros in front is written too short by virtualwebauthn,
	// which nobody takes.
	const whole = 77
	key := &securityKey{Authenticator: virtual.NewAuthenticator()}
	for len(key.credential.ID) == 0 || len(key.credential.Key.AttestationData()) != whole {
		key.credential = virtual.NewCredential(virtual.KeyTypeEC2)
	}
	return key
}

func atRally() virtual.RelyingParty {
	return virtual.RelyingParty{ID: strings.TrimPrefix(baseURL, "https://"), Name: "Rally", Origin: baseURL}
}

func answered(c accounts.BegunCeremony, credential string) accounts.PasskeyAnswer {
	return accounts.PasskeyAnswer{Token: c.Token, Credential: []byte(credential), Origin: baseURL}
}

// create answers a ceremony that adds a passkey. The key then knows whose it is.
func (k *securityKey) create(t *testing.T, c accounts.BegunCeremony) accounts.PasskeyAnswer {
	t.Helper()
	options, err := virtual.ParseAttestationOptions(string(c.Options))
	if err != nil {
		t.Fatal(err)
	}
	k.Options.UserHandle = []byte(options.UserID)
	return answered(c, virtual.CreateAttestationResponse(atRally(), k.Authenticator, k.credential, *options))
}

// get answers a ceremony that asks for a passkey.
func (k *securityKey) get(t *testing.T, c accounts.BegunCeremony, err error) accounts.PasskeyAnswer {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	options, err := virtual.ParseAssertionOptions(string(c.Options))
	if err != nil {
		t.Fatal(err)
	}
	return answered(c, virtual.CreateAssertionResponse(atRally(), k.Authenticator, k.credential, *options))
}

// addPasskey gives the caller a passkey.
func (w *world) addPasskey(ctx context.Context, t *testing.T) (*securityKey, accounts.Passkey) {
	t.Helper()
	key := newSecurityKey()
	begun, err := w.BeginPasskey(ctx, baseURL)
	if err != nil {
		t.Fatal(err)
	}
	added, err := w.AddPasskey(ctx, "Key", key.create(t, begun))
	if err != nil {
		t.Fatal(err)
	}
	return key, added
}

// signedIn registers somebody and returns a context in which they call.
func (w *world) signedIn(t *testing.T, email string) context.Context {
	t.Helper()
	w.member(t, email)
	tokens, _ := w.login(t, email)
	return w.as(t, tokens)
}

// The ways to show a passkey, in the form of the one at hand.
func (w *world) passkeyLogin(t *testing.T, key *securityKey) accounts.PasskeyAnswer {
	t.Helper()
	begun, err := w.BeginPasskeyLogin(t.Context(), baseURL, accounts.Client{})
	return key.get(t, begun, err)
}

func (w *world) passkeyStep(t *testing.T, key *securityKey, pending string) accounts.PasskeyAnswer {
	t.Helper()
	begun, err := w.BeginPasskeyStep(t.Context(), pending, baseURL)
	return key.get(t, begun, err)
}

func (w *world) passkeyReauth(ctx context.Context, t *testing.T, key *securityKey) accounts.PasskeyAnswer {
	t.Helper()
	begun, err := w.BeginPasskeyReauth(ctx, baseURL)
	return key.get(t, begun, err)
}

// second is the error of two results.
func second[T any](_ T, err error) error { return err }

// passkeysThenStore lets something happen after the passkeys were read.
type passkeysThenStore struct {
	accounts.Store
	then func()
}

func (s *passkeysThenStore) PasskeysOf(ctx context.Context, userID int64) ([]accounts.Passkey, error) {
	list, err := s.Store.PasskeysOf(ctx, userID)
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
	return list, err
}
