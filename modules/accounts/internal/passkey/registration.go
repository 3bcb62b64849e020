package passkey

import (
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"rally/modules/accounts"
)

// BeginRegistration excludes the passkeys that the owner has, so that an
// authenticator makes no second one. Options are what
// PublicKeyCredential.parseCreationOptionsFromJSON takes.
//
// It returns ErrPasskeysUnavailable.
func (*RelyingParty) BeginRegistration(origin string, owner accounts.PasskeyOwner) (accounts.Ceremony, error) {
	at, err := siteOf(origin)
	if err != nil {
		return accounts.Ceremony{}, err
	}
	w, err := at.party()
	if err != nil {
		return accounts.Ceremony{}, err
	}
	u, err := userOf(owner)
	if err != nil {
		return accounts.Ceremony{}, err
	}
	creation, session, err := w.BeginRegistration(u,
		webauthn.WithRegistrationOrigin(at.origin),
		webauthn.WithCredentialParameters(algorithms()),
		webauthn.WithExclusions(u.descriptors()))
	if err != nil {
		return accounts.Ceremony{}, fmt.Errorf("beginning a registration: %w", err)
	}
	return begun(registration, creation.Response, session)
}

// FinishRegistration checks the answer of navigator.credentials.create, as
// PublicKeyCredential.toJSON gives it.
//
// It returns ErrPasskeysUnavailable and ErrPasskeyInvalid.
func (*RelyingParty) FinishRegistration(origin string, owner accounts.PasskeyOwner, state, response []byte) (credentialID, credential []byte, err error) {
	at, err := siteOf(origin)
	if err != nil {
		return nil, nil, err
	}
	w, err := at.party()
	if err != nil {
		return nil, nil, err
	}
	u, err := userOf(owner)
	if err != nil {
		return nil, nil, err
	}
	session, err := at.resume(registration, state)
	if err != nil {
		return nil, nil, err
	}
	if err := checkSize(response); err != nil {
		return nil, nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return nil, nil, accounts.ErrPasskeyInvalid.WithCause(err)
	}
	made, err := w.CreateCredential(u, session, parsed)
	if err != nil {
		return nil, nil, accounts.ErrPasskeyInvalid.WithCause(err)
	}
	if u.find(made.ID) != nil {
		return nil, nil, accounts.ErrPasskeyInvalid.WithCause(errors.New("a passkey that the owner has"))
	}
	text, err := write(made)
	if err != nil {
		return nil, nil, err
	}
	return made.ID, text, nil
}

func checkSize(response []byte) error {
	if len(response) > maxResponse {
		return accounts.ErrPasskeyInvalid.WithCause(fmt.Errorf("an answer of %d bytes", len(response)))
	}
	return nil
}
