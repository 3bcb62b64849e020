package accounts

import (
	"context"
	"errors"
	"strconv"
	"time"

	"rally/platform/auth"
)

// recentTTL is how long a proof of who calls counts for what matters most.
const recentTTL = 10 * time.Minute

// requireRecent returns the caller when they proved who they are a moment ago;
// else auth.ErrRequired or ErrReauthRequired. It reads the session's row: a
// cached one may be behind.
func (s *Service) requireRecent(ctx context.Context) (auth.Identity, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return auth.Identity{}, err
	}
	session, err := s.store.Session(ctx, caller.SessionID)
	if err != nil {
		return auth.Identity{}, err
	}
	now := s.now()
	if !session.Live(now) {
		return auth.Identity{}, auth.ErrSessionEnded
	}
	if !session.recent(now) {
		return auth.Identity{}, ErrReauthRequired
	}
	return caller, nil
}

func (s Session) recent(now time.Time) bool {
	return !s.AuthenticatedAt.IsZero() && now.Sub(s.AuthenticatedAt) < recentTTL
}

// prove makes the caller show their password, which came in the named field,
// or, where there is none, a recent login. Where one-time codes are on, it
// doesn't count as a proof of who calls for anything else: that takes a code
// as well.
//
// It returns auth.ErrRequired, fault.ErrInvalid with that field,
// ErrBadCredentials, ErrReauthRequired, ErrBusy or ErrTooManyAttempts.
func (s *Service) prove(ctx context.Context, field, password string, client Client) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return err
	}
	found, err := s.store.Credentials(ctx, user.Email)
	if err != nil {
		return err
	}
	if found.PasswordHash == "" {
		_, err := s.requireRecent(ctx)
		return err
	}
	if password == "" {
		return invalid(field, msgRequired)
	}
	if err := s.guessPassword(ctx, caller, user.Email, password, client); err != nil || found.User.OTP {
		return err
	}
	return s.authenticated(ctx, caller.SessionID)
}

// guessPassword checks the password of the caller under the limits. Their
// session has a count of its own, so that strangers who guess can't keep the
// owner from changing the password.
func (s *Service) guessPassword(ctx context.Context, caller auth.Identity, email, password string, client Client) error {
	key := attemptKey(limitLogin, "session", strconv.FormatInt(caller.SessionID, 10))
	return s.try(ctx, limitLogin, key, client, wrongIs(ErrBadCredentials), func(ctx context.Context) error {
		_, _, err := s.checkPassword(ctx, email, password)
		return err
	})
}

func (s *Service) authenticated(ctx context.Context, sessionID int64) error {
	return s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.Authenticated(ctx, sessionID, s.now()) })
}

// Reauthenticate takes a password, and a code where one-time codes are on, as
// a proof of who calls. It returns until when that counts.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the fields password and
// code, ErrBadCredentials, ErrCodeInvalid, ErrBusy or ErrTooManyAttempts.
func (s *Service) Reauthenticate(ctx context.Context, password string, proof SecondProof, client Client) (time.Time, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return time.Time{}, err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return time.Time{}, err
	}
	var p problems
	if password == "" {
		p.add("password", msgRequired)
	}
	if user.OTP && proof.empty() {
		p.add("code", msgRequired)
	}
	if err := p.err(); err != nil {
		return time.Time{}, err
	}
	if err := s.guessPassword(ctx, caller, user.Email, password, client); err != nil {
		return time.Time{}, err
	}
	now := s.now()
	if !user.OTP {
		return now.Add(recentTTL), s.authenticated(ctx, caller.SessionID)
	}
	err = s.guessCode(ctx, user.ID, client, func(ctx context.Context) error {
		return s.tx.InTx(ctx, func(ctx context.Context) error {
			if err := s.useProof(ctx, user, proof, client); err != nil {
				return err
			}
			return s.store.Authenticated(ctx, caller.SessionID, now)
		})
	})
	return now.Add(recentTTL), err
}

// Security is the state of the caller's account, for its settings.
type Security struct {
	User           User
	HasPassword    bool
	RecoveryCodes  int // that are left
	TrustedDevices int
	Passkeys       int
	Identities     []Identity
	RecentUntil    time.Time // zero: the next sensitive change asks for a proof
}

// Security returns the state of the caller's account, or auth.ErrRequired.
func (s *Service) Security(ctx context.Context) (Security, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Security{}, err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return Security{}, err
	}
	found, errCredentials := s.store.Credentials(ctx, user.Email)
	codes, errCodes := s.store.CountRecoveryCodes(ctx, user.ID)
	now := s.now()
	devices, errDevices := s.store.TrustedDevices(ctx, user.ID, now)
	passkeys, errPasskeys := s.store.PasskeysOf(ctx, user.ID)
	identities, errIdentities := s.store.IdentitiesOf(ctx, user.ID)
	session, errSession := s.store.Session(ctx, caller.SessionID)
	if err := errors.Join(errCredentials, errCodes, errDevices, errPasskeys, errIdentities, errSession); err != nil {
		return Security{}, err
	}
	out := Security{
		User: user, HasPassword: found.PasswordHash != "", RecoveryCodes: codes, TrustedDevices: len(devices),
		Passkeys: len(passkeys), Identities: identities,
	}
	if session.recent(now) {
		out.RecentUntil = session.AuthenticatedAt.Add(recentTTL)
	}
	return out, nil
}
