package passkey

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"rally/modules/accounts"
	"rally/platform/fault"
)

// BeginLogin asks for one of the owner's passkeys, or, with a nil owner, for
// any that the authenticator holds for us. Options are what
// PublicKeyCredential.parseRequestOptionsFromJSON takes.
//
// It returns ErrPasskeysUnavailable, and ErrPasskeyNotFound when the owner
// has none.
func (*RelyingParty) BeginLogin(origin string, owner *accounts.PasskeyOwner) (accounts.Ceremony, error) {
	at, err := siteOf(origin)
	if err != nil {
		return accounts.Ceremony{}, err
	}
	w, err := at.party()
	if err != nil {
		return accounts.Ceremony{}, err
	}
	if owner == nil {
		assertion, session, err := w.BeginDiscoverableLogin(webauthn.WithLoginOrigin(at.origin))
		if err != nil {
			return accounts.Ceremony{}, fmt.Errorf("beginning a discoverable login: %w", err)
		}
		return begun(discovery, assertion.Response, session)
	}
	if len(owner.Passkeys) == 0 {
		return accounts.Ceremony{}, accounts.ErrPasskeyNotFound
	}
	u, err := userOf(*owner)
	if err != nil {
		return accounts.Ceremony{}, err
	}
	assertion, session, err := w.BeginLogin(u, webauthn.WithLoginOrigin(at.origin))
	if err != nil {
		return accounts.Ceremony{}, fmt.Errorf("beginning a login: %w", err)
	}
	return begun(login, assertion.Response, session)
}

// FinishLogin checks the answer of navigator.credentials.get, as
// PublicKeyCredential.toJSON gives it. With a nil owner, find looks up whose
// it is; it is called before the signature is checked, and must change
// nothing.
//
// The caller makes each State count once: authenticators without a counter,
// which most passkeys have, make a replay look like the first use.
//
// It returns ErrPasskeysUnavailable and ErrPasskeyInvalid, which also stands
// for what find refuses; an outage that find meets is returned as it is.
func (*RelyingParty) FinishLogin(ctx context.Context, origin string, owner *accounts.PasskeyOwner, find func(ctx context.Context, handle []byte) (accounts.PasskeyOwner, error), state, response []byte) (accounts.PasskeyProof, error) {
	at, err := siteOf(origin)
	if err != nil {
		return accounts.PasskeyProof{}, err
	}
	w, err := at.party()
	if err != nil {
		return accounts.PasskeyProof{}, err
	}
	begunAs := discovery
	if owner != nil {
		begunAs = login
	}
	session, err := at.resume(begunAs, state)
	if err != nil {
		return accounts.PasskeyProof{}, err
	}
	if err := checkSize(response); err != nil {
		return accounts.PasskeyProof{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return accounts.PasskeyProof{}, accounts.ErrPasskeyInvalid.WithCause(err)
	}

	var u user
	if owner == nil {
		u, err = discover(ctx, find, parsed.Response.UserHandle)
	} else {
		u, err = userOf(*owner)
	}
	if err != nil {
		return accounts.PasskeyProof{}, err
	}
	var used *webauthn.Credential
	if owner == nil {
		_, used, err = w.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return u, nil }, session, parsed)
	} else {
		used, err = w.ValidateLogin(u, session, parsed)
	}
	if err != nil {
		return accounts.PasskeyProof{}, accounts.ErrPasskeyInvalid.WithCause(err)
	}
	return prove(u, used, parsed.Response.AuthenticatorData.Counter)
}

// discover looks up whose passkey an answer claims to be of.
func discover(ctx context.Context, find func(ctx context.Context, handle []byte) (accounts.PasskeyOwner, error), handle []byte) (user, error) {
	if len(handle) == 0 || len(handle) > protocol.MaximumUserHandleLength {
		return user{}, accounts.ErrPasskeyInvalid.WithCause(fmt.Errorf("a user handle of %d bytes", len(handle)))
	}
	owner, err := find(ctx, handle)
	if err != nil {
		if refused(err) {
			return user{}, accounts.ErrPasskeyInvalid.WithCause(err)
		}
		return user{}, err
	}
	return userOf(owner)
}

// refused reports whether err is about the account and not about us: it must
// then not tell a stranger whether there is one.
func refused(err error) bool {
	var f *fault.Error
	if !errors.As(err, &f) {
		return false
	}
	switch f.Kind {
	case fault.Internal, fault.RateLimited, fault.Unavailable:
		return false
	case fault.Invalid, fault.Unauthenticated, fault.Forbidden, fault.NotFound, fault.Conflict, fault.TooLarge:
	}
	return true
}

// prove refuses a counter that did not go on: somebody has a copy of the key.
// Authenticators without a counter always say 0, which is no sign of that.
func prove(u user, used *webauthn.Credential, counter uint32) (accounts.PasskeyProof, error) {
	if used.Authenticator.CloneWarning {
		return accounts.PasskeyProof{}, accounts.ErrPasskeyInvalid.WithCause(
			fmt.Errorf("the signature counter went from %d to %d: the passkey may be a copy", used.Authenticator.SignCount, counter))
	}
	text, err := write(used)
	if err != nil {
		return accounts.PasskeyProof{}, err
	}
	return accounts.PasskeyProof{Owner: u.PasskeyOwner, CredentialID: used.ID, Credential: text}, nil
}
