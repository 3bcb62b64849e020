package accounts

import (
	"context"
	"encoding/json"
	"time"
)

// Passkey is a WebAuthn credential of a user.
type Passkey struct {
	ID           int64
	UserID       int64
	CredentialID []byte
	Credential   []byte // as the RelyingParty wrote it
	Name         string
	CreatedAt    time.Time
	LastUsedAt   time.Time // zero until it was used
}

// PasskeyOwner is a user as authenticators know them.
type PasskeyOwner struct {
	Handle      []byte // 32 random bytes, no personal data
	Name        string // the e-mail address
	DisplayName string
	Passkeys    []Passkey
}

// Ceremony is one begun WebAuthn ceremony: what the browser needs, and what
// the server must remember until the answer.
type Ceremony struct {
	Options json.RawMessage // PublicKeyCredentialCreationOptions or …RequestOptions, JSON with base64url
	State   []byte
}

// PasskeyProof is a passkey that was just used.
type PasskeyProof struct {
	Owner        PasskeyOwner
	CredentialID []byte
	Credential   []byte // with the new counter, to be stored
}

// RelyingParty speaks WebAuthn (https://www.w3.org/TR/webauthn-3/). Origin is
// the address that the browser shows; its host is the relying party's id. It
// returns ErrPasskeysUnavailable where browsers allow none (an IP address, no
// secure context), and ErrPasskeyInvalid for an answer that doesn't hold.
type RelyingParty interface {
	// Available reports whether browsers allow passkeys at the origin.
	Available(origin string) bool
	// BeginRegistration excludes the passkeys that the owner has.
	BeginRegistration(origin string, owner PasskeyOwner) (Ceremony, error)
	FinishRegistration(origin string, owner PasskeyOwner, state, response []byte) (credentialID, credential []byte, err error)
	// BeginLogin asks for one of the owner's passkeys, or, with a nil owner, for
	// any that the authenticator holds for us. The user is always verified. An
	// owner without passkeys is ErrPasskeyNotFound.
	BeginLogin(origin string, owner *PasskeyOwner) (Ceremony, error)
	// FinishLogin checks the answer. With a nil owner, find looks up whose it is.
	FinishLogin(ctx context.Context, origin string, owner *PasskeyOwner, find func(ctx context.Context, handle []byte) (PasskeyOwner, error), state, response []byte) (PasskeyProof, error)
}
