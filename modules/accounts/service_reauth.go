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
// or, where there is none, a recent login. It doesn't count as a proof of who
// calls for anything else: that may take more than a password.
//
// It returns auth.ErrRequired, fault.ErrInvalid with that field,
// ErrBadCredentials, ErrReauthRequired, ErrBusy or ErrTooManyAttempts.
func (s *Service) prove(ctx context.Context, field, password string, client Client) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	found, err := s.credentialsOf(ctx, caller.UserID)
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
	return s.guessPassword(ctx, caller, found.User.Email, password, client)
}

func (s *Service) credentialsOf(ctx context.Context, userID int64) (Credentials, error) {
	user, err := s.store.User(ctx, userID)
	if err != nil {
		return Credentials{}, err
	}
	return s.store.Credentials(ctx, user.Email)
}

// guessPassword checks the password of the caller under the limits. Their
// session has a count of its own, so that strangers who guess can't keep the
// owner from changing the password.
func (s *Service) guessPassword(ctx context.Context, caller auth.Identity, email, password string, client Client) error {
	key := attemptKey(limitLogin, "session", strconv.FormatInt(caller.SessionID, 10))
	return s.tryPassword(ctx, key, client, func(ctx context.Context) error {
		_, _, err := s.checkPassword(ctx, email, password)
		return err
	})
}

func (s *Service) authenticated(ctx context.Context, sessionID int64) error {
	return s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.Authenticated(ctx, sessionID, s.now()) })
}

// Reauthenticate takes as a proof of who calls what the account has: the
// password, and with a second step a code. It returns until when that counts.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the fields password and
// code, ErrBadCredentials, ErrCodeInvalid, ErrBusy or ErrTooManyAttempts.
func (s *Service) Reauthenticate(ctx context.Context, password string, proof SecondProof, client Client) (time.Time, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return time.Time{}, err
	}
	found, err := s.credentialsOf(ctx, caller.UserID)
	if err != nil {
		return time.Time{}, err
	}
	user, hasPassword := found.User, found.PasswordHash != ""
	var p problems
	if password == "" && (hasPassword || !user.SecondStep()) {
		p.add("password", msgRequired)
	}
	if user.SecondStep() && proof.empty() {
		p.add("code", msgRequired)
	}
	if err := p.err(); err != nil {
		return time.Time{}, err
	}
	if hasPassword || !user.SecondStep() {
		if err := s.guessPassword(ctx, caller, user.Email, password, client); err != nil {
			return time.Time{}, err
		}
	}
	now := s.now()
	if !user.SecondStep() {
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
	Proofs         []string  // what Reauthenticate and its kin can take of this account
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
	out.Proofs = s.proofs(out)
	if session.recent(now) {
		out.RecentUntil = session.AuthenticatedAt.Add(recentTTL)
	}
	return out, nil
}

// proofs names the ways to prove again who calls: the password and a code,
// which belong together; a passkey; and, only where there is nothing better, a
// provider, which may send a browser back without asking anybody.
func (s *Service) proofs(of Security) []string {
	list := []string{}
	if of.HasPassword && (of.User.OTP || !of.User.PasskeyStep) {
		list = append(list, MethodPassword)
	}
	if of.User.OTP {
		list = append(list, StepOTP)
	}
	if of.Passkeys > 0 {
		list = append(list, MethodPasskey)
	}
	if of.HasPassword || of.User.SecondStep() || of.Passkeys > 0 {
		return list
	}
	for _, i := range of.Identities {
		if _, err := s.provider(i.Provider); err == nil {
			list = append(list, i.Provider)
		}
	}
	return list
}
