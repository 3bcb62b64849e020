// Package passkey is the relying party of WebAuthn
// (https://www.w3.org/TR/webauthn-3/), by github.com/go-webauthn/webauthn. It
// holds no state: what a ceremony must remember is in its State.
//
// Every ceremony verifies the user (a fingerprint, a face, a PIN), for a
// passkey alone signs in. Attestation is neither asked for nor kept: which
// make a device is of says nothing that we act on.
package passkey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"rally/modules/accounts"
)

const (
	displayName = "Rally"

	// timeout is how long people have to confirm. Whoever keeps the State
	// forgets it then; should they not, it is refused here by the wall clock,
	// which is the only one that the library reads.
	timeout = 5 * time.Minute

	maxResponse   = 32 << 10 // bytes of a browser's answer
	maxCredential = 4 << 10  // bytes of a stored passkey; one with a long id and an RSA key takes 2 KiB
)

// RelyingParty implements accounts.RelyingParty.
type RelyingParty struct{}

var _ accounts.RelyingParty = (*RelyingParty)(nil)

// New returns a relying party.
func New() *RelyingParty { return &RelyingParty{} }

// party returns the library's relying party for a site.
func (s site) party() (*webauthn.WebAuthn, error) {
	clock := webauthn.TimeoutConfig{Enforce: true, Timeout: timeout, TimeoutUVD: timeout}
	w, err := webauthn.New(&webauthn.Config{
		RPID: s.id, RPDisplayName: displayName, RPOrigins: []string{s.origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: protocol.ResidentKeyRequired(),
			ResidentKey:        protocol.ResidentKeyRequirementRequired,
			UserVerification:   protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: clock, Registration: clock},
		// Some password managers answer credProps to everybody. Nothing here
		// reads an extension's output, so it does no harm.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, fmt.Errorf("configuring webauthn for %s: %w", s.origin, err)
	}
	return w, nil
}

// algorithms are those that WebAuthn advises relying parties to take, which
// is what nearly all authenticators speak; the preferred one comes first.
func algorithms() []protocol.CredentialParameter {
	var params []protocol.CredentialParameter
	for _, a := range []webauthncose.COSEAlgorithmIdentifier{webauthncose.AlgES256, webauthncose.AlgRS256, webauthncose.AlgEdDSA} {
		params = append(params, protocol.CredentialParameter{Type: protocol.PublicKeyCredentialType, Algorithm: a})
	}
	return params
}

// user is an owner as the library knows one.
type user struct {
	accounts.PasskeyOwner
	credentials []webauthn.Credential
}

func (u user) WebAuthnID() []byte                         { return u.Handle }
func (u user) WebAuthnName() string                       { return u.Name }
func (u user) WebAuthnDisplayName() string                { return u.DisplayName }
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

// userOf reads the owner's passkeys. One that doesn't read was not written by
// this package, which is an internal error.
func userOf(owner accounts.PasskeyOwner) (user, error) {
	u := user{PasskeyOwner: owner, credentials: make([]webauthn.Credential, len(owner.Passkeys))}
	for i, p := range owner.Passkeys {
		if err := json.Unmarshal(p.Credential, &u.credentials[i]); err != nil {
			return user{}, fmt.Errorf("reading passkey %d: %w", p.ID, err)
		}
		if !bytes.Equal(u.credentials[i].ID, p.CredentialID) {
			return user{}, fmt.Errorf("reading passkey %d: it holds the credential of another", p.ID)
		}
	}
	return u, nil
}

// find returns the passkey with that id, or nil.
func (u user) find(id []byte) *webauthn.Credential {
	for i := range u.credentials {
		if bytes.Equal(u.credentials[i].ID, id) {
			return &u.credentials[i]
		}
	}
	return nil
}

func (u user) descriptors() []protocol.CredentialDescriptor {
	var all []protocol.CredentialDescriptor
	for _, c := range u.credentials {
		all = append(all, c.Descriptor())
	}
	return all
}

// write returns a passkey as it is stored: the library's Credential as JSON.
// The attestation is left out; it may hold certificates of the device.
func write(c *webauthn.Credential) ([]byte, error) {
	kept := *c
	kept.Attestation = webauthn.CredentialAttestation{}
	text, err := json.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("writing a passkey: %w", err)
	}
	if len(text) > maxCredential {
		return nil, accounts.ErrPasskeyInvalid.WithCause(fmt.Errorf("a passkey of %d bytes", len(text)))
	}
	return text, nil
}

// kind says what a State is of. The library's session doesn't, and would take
// the challenge of a registration for that of a login.
type kind string

const (
	registration kind = "registration"
	login        kind = "login"        // of one owner
	discovery    kind = "discoverable" // of whoever the authenticator knows
)

// state is the library's session with the kind beside its members.
type state struct {
	webauthn.SessionData
	Kind kind `json:"ceremony"`
}

// begun returns what the browser and the server get of a begun ceremony.
func begun(k kind, options any, session *webauthn.SessionData) (accounts.Ceremony, error) {
	public, err := json.Marshal(options)
	if err != nil {
		return accounts.Ceremony{}, fmt.Errorf("writing the options of a %s: %w", k, err)
	}
	kept, err := json.Marshal(state{*session, k})
	if err != nil {
		return accounts.Ceremony{}, fmt.Errorf("writing the state of a %s: %w", k, err)
	}
	return accounts.Ceremony{Options: public, State: kept}, nil
}

// resume reads the state of a ceremony of that kind, begun at that site. A
// state that doesn't read is refused like an old one: a new release of the
// library may write others, and trying again then helps.
func (s site) resume(k kind, text []byte) (webauthn.SessionData, error) {
	var kept state
	err := json.Unmarshal(text, &kept)
	switch {
	case err != nil:
	case kept.Kind != k:
		err = fmt.Errorf("the state of a %q, not of a %s", kept.Kind, k)
	case kept.Origin != s.origin || kept.RelyingPartyID != s.id:
		err = fmt.Errorf("a ceremony begun at %q", kept.Origin)
	case kept.UserVerification != protocol.VerificationRequired || kept.Expires.IsZero():
		err = errors.New("a ceremony that this package did not begin")
	}
	if err != nil {
		return webauthn.SessionData{}, accounts.ErrPasskeyInvalid.WithCause(err)
	}
	return kept.SessionData, nil
}
