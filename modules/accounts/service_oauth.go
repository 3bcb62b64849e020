package accounts

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"rally/platform/auth"
)

const tripTTL = 10 * time.Minute // to a provider and back

// What a trip to a provider is for.
const (
	TripLogin  = "login"
	TripLink   = "link"
	TripReauth = "reauth"
)

// OAuthTrip is a trip to a provider that has not come back.
type OAuthTrip struct {
	StateHash   []byte // SHA-256
	BrowserHash []byte // SHA-256 of the cookie
	Provider    string
	Purpose     string
	SessionID   int64 // of a link or a reauth; else 0
	Verifier    string
	Nonce       string
	RedirectURI string
	Next        string // where the browser goes in the end: a path of ours
	CreatedAt   time.Time
	ExpiresAt   time.Time
}

// Departure is how a browser leaves for a provider.
type Departure struct {
	URL     string
	Browser Cookie // binds the way back to this browser
}

// Return is what a browser comes back with.
type Return struct {
	Provider, State, Code string
	Denied                bool // the provider, or the person there, said no
	Browser               string
	Client                Client
}

// Arrival is where a trip ended. It is filled as far as the trip is known,
// also beside an error.
type Arrival struct {
	Purpose  string
	Next     string
	Entrance Entrance // of a login
	Created  bool     // the login made a new account
}

// Providers returns the names of the providers that are configured.
func (s *Service) Providers() []string {
	names := make([]string, len(s.providers))
	for i, p := range s.providers {
		names[i] = p.Name()
	}
	return names
}

func (s *Service) provider(name string) (Provider, error) {
	i := slices.IndexFunc(s.providers, func(p Provider) bool { return p.Name() == name })
	if i < 0 {
		return nil, ErrProviderUnknown
	}
	return s.providers[i], nil
}

// Depart begins a trip to a provider: to log in, to link the account there
// with the caller's, or to prove again who calls. Next is a path of ours.
//
// It returns ErrProviderUnknown, ErrProviderUnavailable or ErrTooManyAttempts; to link,
// auth.ErrRequired or ErrReauthRequired; to prove, auth.ErrRequired.
func (s *Service) Depart(ctx context.Context, provider, purpose, redirectURI, next string, client Client) (Departure, error) {
	to, err := s.provider(provider)
	if err != nil {
		return Departure{}, err
	}
	var caller auth.Identity
	switch purpose {
	case TripLogin:
		err = s.spendBegin(ctx, limitTrip, client)
	case TripLink:
		caller, err = s.requireRecent(ctx)
	case TripReauth:
		caller, err = auth.Require(ctx)
	}
	if err != nil {
		return Departure{}, err
	}
	var keys [4]opaque
	for i := range keys {
		if keys[i], err = newOpaque(s.random); err != nil {
			return Departure{}, err
		}
	}
	state, browser, verifier, nonce := keys[0], keys[1], keys[2].text, keys[3].text
	url, err := to.CodeURL(ctx, CodeRequest{RedirectURI: redirectURI, State: state.text, Verifier: verifier, Nonce: nonce, Fresh: purpose == TripReauth})
	if err != nil {
		return Departure{}, err
	}
	now := s.now()
	trip := OAuthTrip{
		StateHash: state.hash, BrowserHash: browser.hash, Provider: provider, Purpose: purpose, SessionID: caller.SessionID,
		Verifier: verifier, Nonce: nonce, RedirectURI: redirectURI, Next: next, CreatedAt: now, ExpiresAt: now.Add(tripTTL),
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.InsertOAuthTrip(ctx, trip) })
	return Departure{URL: url, Browser: Cookie{Value: browser.text, Expires: trip.ExpiresAt}}, err
}

// Arrive ends a trip. The state works once, in the browser that began, and for
// a link or a reauth only while the session that asked for it lives.
//
// It returns ErrProviderUnknown, ErrOAuthState, ErrProviderRefused,
// ErrProviderUnavailable, ErrProviderEmailMissing, ErrProviderEmailUnverified,
// ErrLinkRequired, ErrIdentityTaken, ErrDeactivated or auth.ErrSessionEnded.
func (s *Service) Arrive(ctx context.Context, in Return) (Arrival, error) {
	from, err := s.provider(in.Provider)
	if err != nil {
		return Arrival{}, err
	}
	trip, err := s.takeTrip(ctx, in)
	if err != nil {
		return Arrival{}, err
	}
	out := Arrival{Purpose: trip.Purpose, Next: trip.Next}
	if in.Denied || in.Code == "" {
		return out, ErrProviderRefused
	}
	who, err := from.Exchange(ctx, CodeGrant{Code: in.Code, RedirectURI: trip.RedirectURI, State: in.State, Verifier: trip.Verifier, Nonce: trip.Nonce})
	if err != nil {
		return out, err
	}
	switch trip.Purpose {
	case TripLink:
		return out, s.link(ctx, trip, who, in.Client)
	case TripReauth:
		return out, s.reauthBy(ctx, trip, who)
	}
	out.Entrance, out.Created, err = s.enterBy(ctx, in.Provider, who, in.Client)
	return out, err
}

func (s *Service) takeTrip(ctx context.Context, in Return) (OAuthTrip, error) {
	state, okState := opaqueHash(in.State)
	browser, okBrowser := opaqueHash(in.Browser)
	if !okState || !okBrowser {
		return OAuthTrip{}, ErrOAuthState
	}
	var trip OAuthTrip
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		trip, err = s.store.TakeOAuthTrip(ctx, state)
		return err
	})
	if err != nil {
		return OAuthTrip{}, err
	}
	if trip.Provider != in.Provider || subtle.ConstantTimeCompare(trip.BrowserHash, browser) != 1 || !s.now().Before(trip.ExpiresAt) {
		return OAuthTrip{}, ErrOAuthState
	}
	return trip, nil
}

// LoginWithToken logs in with an access token that a phone client got from a
// provider. It reports whether the account is new.
//
// It returns ErrProviderUnknown, fault.ErrInvalid with the field token, and
// what Arrive returns for a login.
func (s *Service) LoginWithToken(ctx context.Context, provider, token string, client Client) (Entrance, bool, error) {
	from, err := s.provider(provider)
	if err != nil {
		return Entrance{}, false, err
	}
	if token == "" {
		return Entrance{}, false, invalid("token", msgRequired)
	}
	if len(token) > maxTokenBytes {
		return Entrance{}, false, ErrProviderRefused
	}
	var who External
	err = s.try(ctx, limitProvider, addressKey(limitProvider+" token", client.Address), client, wrongIs(ErrProviderRefused), func(ctx context.Context) error {
		var err error
		who, err = from.Inspect(ctx, token)
		return err
	})
	if err != nil {
		return Entrance{}, false, err
	}
	return s.enterBy(ctx, provider, who, client)
}

// enterBy lets somebody in whom a provider vouches for. A new address becomes
// an account. An address that has one is never joined by itself: whoever
// controls it elsewhere need not be its owner here.
func (s *Service) enterBy(ctx context.Context, provider string, who External, client Client) (out Entrance, created bool, err error) {
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		created = false
		now := s.now()
		known, err := s.lockIdentity(ctx, provider, who.Subject)
		if errors.Is(err, ErrIdentityNotFound) {
			known, created, err = s.meetStranger(ctx, provider, who, now)
		} else if err == nil {
			err = s.store.UseIdentity(ctx, known.ID, emailOr(who.Email, known.Email), now)
		}
		if err != nil {
			return err
		}
		out, err = s.enter(ctx, entry{userID: known.UserID, method: provider, client: client})
		return err
	})
	return out, created, err
}

// lockIdentity returns an identity whose user is locked, so that nobody
// unlinks it before it has let somebody in. It returns ErrIdentityNotFound.
func (s *Service) lockIdentity(ctx context.Context, provider, subject string) (Identity, error) {
	known, err := s.store.Identity(ctx, provider, subject)
	if err != nil {
		return Identity{}, err
	}
	if _, err := s.store.LockUser(ctx, known.UserID); err != nil {
		return Identity{}, err
	}
	return s.store.Identity(ctx, provider, subject)
}

func emailOr(raw, fallback string) string {
	if email, ok := normalizeEmail(raw); ok {
		return email
	}
	return fallback
}

// meetStranger makes an account for somebody whose identity nobody has.
func (s *Service) meetStranger(ctx context.Context, provider string, who External, now time.Time) (Identity, bool, error) {
	email, ok := normalizeEmail(who.Email)
	switch {
	case !ok:
		return Identity{}, false, ErrProviderEmailMissing
	case !who.EmailVerified:
		return Identity{}, false, ErrProviderEmailUnverified
	}
	id, created, err := s.createUser(ctx, NewUser{Email: email, VerifiedAt: now, CreatedAt: now})
	if err != nil {
		return Identity{}, false, err
	}
	if !created {
		locked, err := s.lockOwnerOf(ctx, email)
		if err != nil {
			return Identity{}, false, err
		}
		// The same person may have come by another tab meanwhile.
		known, err := s.store.Identity(ctx, provider, who.Subject)
		if !errors.Is(err, ErrIdentityNotFound) {
			return known, false, err
		}
		if err := s.claimUnproved(ctx, locked, now); err != nil {
			return Identity{}, false, err
		}
		id = locked.User.ID
	}
	identity := Identity{UserID: id, Provider: provider, Subject: who.Subject, Email: email, CreatedAt: now, LastUsedAt: now}
	free, err := s.store.InsertIdentity(ctx, identity)
	if err == nil && !free {
		err = ErrLinkRequired // somebody with the same identity came at the same time
	}
	return identity, true, err
}

// lockOwnerOf locks and returns the user who has an address.
func (s *Service) lockOwnerOf(ctx context.Context, email string) (Credentials, error) {
	owner, err := s.store.Credentials(ctx, email)
	if err != nil {
		return Credentials{}, err
	}
	locked, err := s.store.LockUser(ctx, owner.User.ID)
	if err == nil && locked.User.Email != email {
		err = ErrLinkRequired // it was given up just now; the next try will do
	}
	return locked, err
}

// claimUnproved gives a locked account that never proved its address to who
// does. What a stranger registered with it is forgotten. An account whose
// address is proved is ErrLinkRequired.
func (s *Service) claimUnproved(ctx context.Context, owner Credentials, now time.Time) error {
	if !owner.User.VerifiedAt.IsZero() {
		return ErrLinkRequired
	}
	return s.proveWithoutPassword(ctx, owner, now)
}

// link makes an account elsewhere open the account of the session that asked.
func (s *Service) link(ctx context.Context, trip OAuthTrip, who External, client Client) error {
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		owner, err := s.lockOwner(ctx, trip.SessionID)
		if err != nil {
			return err
		}
		now := s.now()
		free, err := s.store.InsertIdentity(ctx, Identity{
			UserID: owner.User.ID, Provider: trip.Provider, Subject: who.Subject, Email: emailOr(who.Email, ""), CreatedAt: now, LastUsedAt: now,
		})
		if err != nil {
			return err
		}
		if !free {
			return ErrIdentityTaken
		}
		return s.note(ctx, owner.User.Email, SecurityEvent{UserID: owner.User.ID, Kind: EventLoginLinked, Provider: trip.Provider, Client: client})
	})
}

// reauthBy takes a login elsewhere as a proof of who calls. It is a weak one: a
// provider that doesn't tell when the person logged in may have sent the
// browser back without asking anybody. So it never stands in for a second step,
// and without that time only where there is nothing better.
func (s *Service) reauthBy(ctx context.Context, trip OAuthTrip, who External) error {
	if !who.AuthTime.IsZero() && who.AuthTime.Before(trip.CreatedAt.Add(-time.Minute)) {
		return ErrProviderRefused
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		owner, err := s.lockOwner(ctx, trip.SessionID)
		if err != nil {
			return err
		}
		known, err := s.store.Identity(ctx, trip.Provider, who.Subject)
		if errors.Is(err, ErrIdentityNotFound) || (err == nil && known.UserID != owner.User.ID) {
			return ErrProviderRefused
		}
		if err != nil {
			return err
		}
		passkeys, err := s.store.PasskeysOf(ctx, owner.User.ID)
		if err != nil {
			return err
		}
		better := owner.PasswordHash != "" || len(passkeys) > 0
		if owner.User.SecondStep() || (who.AuthTime.IsZero() && better) {
			return ErrProviderRefused
		}
		return s.store.Authenticated(ctx, trip.SessionID, s.now())
	})
}

// Identities returns the accounts elsewhere that open the caller's, or
// auth.ErrRequired.
func (s *Service) Identities(ctx context.Context) ([]Identity, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.IdentitiesOf(ctx, caller.UserID)
}

// Unlink makes an account elsewhere no longer open the caller's.
//
// It returns auth.ErrRequired, ErrReauthRequired, ErrIdentityNotFound,
// ErrLastWayIn or auth.ErrSessionEnded.
func (s *Service) Unlink(ctx context.Context, id int64, client Client) error {
	caller, err := s.requireRecent(ctx)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		found, err := s.lockOwner(ctx, caller.SessionID)
		if err != nil {
			return err
		}
		provider, err := s.store.DeleteIdentity(ctx, caller.UserID, id)
		if err != nil {
			return err
		}
		if err := s.wayLeft(ctx, found); err != nil {
			return err
		}
		return s.note(ctx, found.User.Email, SecurityEvent{UserID: caller.UserID, Kind: EventLoginUnlinked, Provider: provider, Client: client})
	})
}

// wayLeft refuses a change after which a locked user could not sign in.
func (s *Service) wayLeft(ctx context.Context, found Credentials) error {
	if found.PasswordHash != "" {
		return nil
	}
	identities, err := s.store.IdentitiesOf(ctx, found.User.ID)
	if err != nil {
		return err
	}
	passkeys, err := s.store.PasskeysOf(ctx, found.User.ID)
	if err == nil && len(identities)+len(passkeys) == 0 {
		err = ErrLastWayIn
	}
	return err
}
