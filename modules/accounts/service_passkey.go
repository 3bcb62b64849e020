package accounts

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rally/platform/auth"
)

const (
	ceremonyTTL    = 5 * time.Minute
	handleBytes    = 32
	maxPasskeys    = 20
	maxPasskeyName = 40 // characters
)

// What a ceremony is for.
const (
	ceremonyRegister = "register"
	ceremonyLogin    = "login"
	ceremonySecond   = "second"
	ceremonyReauth   = "reauth"
)

const msgPasskeyName = "Use at most 40 characters."

// StoredCeremony is a begun ceremony while the browser works on it.
type StoredCeremony struct {
	Hash      []byte // SHA-256 of its token
	Purpose   string
	UserID    int64 // 0 when the passkey tells who it is
	State     []byte
	CreatedAt time.Time
	ExpiresAt time.Time
}

// BegunCeremony is what a browser gets: the options for its authenticator, and
// the token to come back with.
type BegunCeremony struct {
	Token   string
	Options []byte // JSON
}

// PasskeyAnswer is what a browser comes back with.
type PasskeyAnswer struct {
	Token      string
	Credential []byte // JSON
	Origin     string
	Client     Client
}

// PasskeysAvailable reports whether browsers allow passkeys at the origin.
func (s *Service) PasskeysAvailable(origin string) bool { return s.relying.Available(origin) }

func (s *Service) storeCeremony(ctx context.Context, purpose string, userID int64, c Ceremony) (BegunCeremony, error) {
	token, err := newOpaque(s.random)
	if err != nil {
		return BegunCeremony{}, err
	}
	now := s.now()
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		return s.store.InsertCeremony(ctx, StoredCeremony{Hash: token.hash, Purpose: purpose, UserID: userID, State: c.State, CreatedAt: now, ExpiresAt: now.Add(ceremonyTTL)})
	})
	return BegunCeremony{Token: token.text, Options: c.Options}, err
}

// takeCeremony takes a ceremony out of the store: it can be finished once.
func (s *Service) takeCeremony(ctx context.Context, purpose string, userID int64, token string) (StoredCeremony, error) {
	hash, ok := opaqueHash(token)
	if !ok {
		return StoredCeremony{}, ErrPasskeyInvalid
	}
	var c StoredCeremony
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		c, err = s.store.TakeCeremony(ctx, hash, purpose)
		return err
	})
	if err == nil && (c.UserID != userID || !s.now().Before(c.ExpiresAt)) {
		err = ErrPasskeyInvalid
	}
	return c, err
}

// owner returns a user as authenticators know them.
func (s *Service) owner(ctx context.Context, user User) (PasskeyOwner, error) {
	passkeys, err := s.store.PasskeysOf(ctx, user.ID)
	if err != nil {
		return PasskeyOwner{}, err
	}
	fresh := make([]byte, handleBytes)
	if err := fill(s.random, fresh); err != nil {
		return PasskeyOwner{}, err
	}
	var handle []byte
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		handle, err = s.store.PasskeyHandle(ctx, user.ID, fresh)
		return err
	})
	return PasskeyOwner{Handle: handle, Name: user.Email, DisplayName: user.Email, Passkeys: passkeys}, err
}

// BeginPasskey begins to add a passkey to the caller's account.
//
// It returns auth.ErrRequired, ErrReauthRequired, ErrPasskeysUnavailable or
// ErrTooManyPasskeys.
func (s *Service) BeginPasskey(ctx context.Context, origin string) (BegunCeremony, error) {
	caller, err := s.requireRecent(ctx)
	if err != nil {
		return BegunCeremony{}, err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return BegunCeremony{}, err
	}
	owner, err := s.owner(ctx, user)
	if err != nil {
		return BegunCeremony{}, err
	}
	if len(owner.Passkeys) >= maxPasskeys {
		return BegunCeremony{}, ErrTooManyPasskeys
	}
	c, err := s.relying.BeginRegistration(origin, owner)
	if err != nil {
		return BegunCeremony{}, err
	}
	return s.storeCeremony(ctx, ceremonyRegister, user.ID, c)
}

// AddPasskey adds the passkey that the browser made.
//
// It returns auth.ErrRequired, ErrReauthRequired, fault.ErrInvalid with the
// field name, ErrPasskeyInvalid or ErrTooManyPasskeys.
func (s *Service) AddPasskey(ctx context.Context, name string, in PasskeyAnswer) (Passkey, error) {
	caller, err := s.requireRecent(ctx)
	if err != nil {
		return Passkey{}, err
	}
	if name, err = passkeyName(name, in.Client); err != nil {
		return Passkey{}, err
	}
	c, err := s.takeCeremony(ctx, ceremonyRegister, caller.UserID, in.Token)
	if err != nil {
		return Passkey{}, err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return Passkey{}, err
	}
	owner, err := s.owner(ctx, user)
	if err != nil {
		return Passkey{}, err
	}
	added := Passkey{UserID: user.ID, Name: name, CreatedAt: s.now()}
	if added.CredentialID, added.Credential, err = s.relying.FinishRegistration(in.Origin, owner, c.State, in.Credential); err != nil {
		return Passkey{}, err
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.lockOwner(ctx, caller.SessionID); err != nil {
			return err
		}
		present, err := s.store.PasskeysOf(ctx, user.ID)
		if err != nil {
			return err
		}
		if len(present) >= maxPasskeys {
			return ErrTooManyPasskeys
		}
		var fresh bool
		if added.ID, fresh, err = s.store.InsertPasskey(ctx, added); err != nil {
			return err
		}
		if !fresh {
			return ErrPasskeyInvalid
		}
		return s.note(ctx, user.Email, SecurityEvent{UserID: user.ID, Kind: EventPasskeyAdded, Client: in.Client})
	})
	return added, err
}

func passkeyName(raw string, client Client) (string, error) {
	name := strings.Join(strings.Fields(raw), " ")
	if name == "" {
		name = client.DeviceName()
	}
	if name == "" {
		name = "Passkey"
	}
	if utf8.RuneCountInString(name) > maxPasskeyName || clean(name, len(name)) != name {
		return "", invalid("name", msgPasskeyName)
	}
	return name, nil
}

// Passkeys returns the caller's passkeys, or auth.ErrRequired.
func (s *Service) Passkeys(ctx context.Context) ([]Passkey, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.PasskeysOf(ctx, caller.UserID)
}

// RenamePasskey names a passkey of the caller. It returns auth.ErrRequired,
// fault.ErrInvalid with the field name, or ErrPasskeyNotFound.
func (s *Service) RenamePasskey(ctx context.Context, id int64, name string) (Passkey, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Passkey{}, err
	}
	if strings.TrimSpace(name) == "" {
		return Passkey{}, invalid("name", msgRequired)
	}
	if name, err = passkeyName(name, Client{}); err != nil {
		return Passkey{}, err
	}
	var renamed Passkey
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		renamed, err = s.store.RenamePasskey(ctx, caller.UserID, id, name)
		return err
	})
	return renamed, err
}

// RemovePasskey removes a passkey of the caller. With the last one the second
// step that asks for it ends.
//
// It returns auth.ErrRequired, ErrReauthRequired, ErrPasskeyNotFound or
// ErrLastWayIn.
func (s *Service) RemovePasskey(ctx context.Context, id int64, client Client) error {
	caller, err := s.requireRecent(ctx)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		found, err := s.lockOwner(ctx, caller.SessionID)
		if err != nil {
			return err
		}
		if err := s.store.DeletePasskey(ctx, caller.UserID, id); err != nil {
			return err
		}
		if err := s.wayLeft(ctx, found); err != nil {
			return err
		}
		left, err := s.store.PasskeysOf(ctx, caller.UserID)
		if err != nil {
			return err
		}
		if len(left) == 0 && found.User.PasskeyStep {
			if _, err := s.setPasskeyStep(ctx, found.User, false); err != nil {
				return err
			}
		}
		return s.note(ctx, found.User.Email, SecurityEvent{UserID: caller.UserID, Kind: EventPasskeyRemoved, Client: client})
	})
}

// RequirePasskey makes a passkey the second step of other ways in, or ends
// that. It returns recovery codes when the account had none.
//
// It returns auth.ErrRequired, ErrReauthRequired, or ErrPasskeyNotFound when
// there is none to ask for.
func (s *Service) RequirePasskey(ctx context.Context, on bool, client Client) ([]string, error) {
	caller, err := s.requireRecent(ctx)
	if err != nil {
		return nil, err
	}
	var codes []string
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		codes = nil
		found, err := s.lockOwner(ctx, caller.SessionID)
		if err != nil || found.User.PasskeyStep == on {
			return err
		}
		if on {
			passkeys, err := s.store.PasskeysOf(ctx, caller.UserID)
			if err != nil {
				return err
			}
			if len(passkeys) == 0 {
				return ErrPasskeyNotFound
			}
		}
		if codes, err = s.setPasskeyStep(ctx, found.User, on); err != nil {
			return err
		}
		return s.note(ctx, found.User.Email, SecurityEvent{UserID: caller.UserID, Kind: EventSecondStepChange, Client: client})
	})
	return codes, err
}

// setPasskeyStep stores the choice of a locked user, and keeps recovery codes
// where, and only where, there is a second step.
func (s *Service) setPasskeyStep(ctx context.Context, user User, on bool) ([]string, error) {
	if err := s.store.SetPasskeyStep(ctx, user.ID, on); err != nil {
		return nil, err
	}
	if !on {
		if user.OTP {
			return nil, nil
		}
		return nil, s.store.ReplaceRecoveryCodes(ctx, user.ID, nil)
	}
	if err := s.store.DistrustDevices(ctx, user.ID); err != nil {
		return nil, err
	}
	left, err := s.store.CountRecoveryCodes(ctx, user.ID)
	if err != nil || left > 0 {
		return nil, err
	}
	return s.renewRecovery(ctx, user.ID)
}

// BeginPasskeyLogin begins a login with whatever passkey the browser has. It
// returns ErrPasskeysUnavailable or ErrTooManyAttempts.
func (s *Service) BeginPasskeyLogin(ctx context.Context, origin string, client Client) (BegunCeremony, error) {
	if err := s.spendBegin(ctx, limitPasskey, client); err != nil {
		return BegunCeremony{}, err
	}
	c, err := s.relying.BeginLogin(origin, nil)
	if err != nil {
		return BegunCeremony{}, err
	}
	return s.storeCeremony(ctx, ceremonyLogin, 0, c)
}

// LoginWithPasskey starts a session. A passkey is two steps in one: something
// that one has, and the finger, face or PIN that unlocks it.
//
// It returns ErrPasskeyInvalid, ErrDeactivated, ErrEmailUnverified or
// ErrTooManyAttempts.
func (s *Service) LoginWithPasskey(ctx context.Context, in PasskeyAnswer) (Entrance, error) {
	var out Entrance
	err := s.try(ctx, limitLogin, addressKey(limitLogin+" passkey", in.Client.Address), in.Client, wrongIs(ErrPasskeyInvalid), func(ctx context.Context) error {
		c, err := s.takeCeremony(ctx, ceremonyLogin, 0, in.Token)
		if err != nil {
			return err
		}
		var user User
		proof, err := s.relying.FinishLogin(ctx, in.Origin, nil, func(ctx context.Context, handle []byte) (PasskeyOwner, error) {
			var err error
			if user, err = s.store.UserOfHandle(ctx, handle); err != nil {
				return PasskeyOwner{}, err
			}
			return s.owner(ctx, user)
		}, c.State, in.Credential)
		if err != nil {
			return err
		}
		return s.tx.InTx(ctx, func(ctx context.Context) error {
			var err error
			out, err = s.enter(ctx, entry{userID: user.ID, method: MethodPasskey, client: in.Client, whole: true, accept: s.passkeyUsed(proof)})
			return err
		})
	})
	return out, err
}

// passkeyUsed stores a passkey's new counter; one that was removed meanwhile
// is no proof.
func (s *Service) passkeyUsed(proof PasskeyProof) func(context.Context, Credentials) error {
	return func(ctx context.Context, now Credentials) error {
		err := s.store.UsePasskey(ctx, now.User.ID, proof.CredentialID, proof.Credential, s.now())
		if errors.Is(err, ErrPasskeyNotFound) {
			return ErrPasskeyInvalid
		}
		return err
	}
}

// BeginPasskeyStep begins the second step of a login with a passkey. It
// returns ErrPendingRequired, ErrPasskeyNotFound or ErrPasskeysUnavailable.
func (s *Service) BeginPasskeyStep(ctx context.Context, pending, origin string) (BegunCeremony, error) {
	waiting, err := s.pendingLogin(ctx, pending)
	if err != nil {
		return BegunCeremony{}, err
	}
	return s.beginFor(ctx, ceremonySecond, waiting.UserID, origin)
}

func (s *Service) beginFor(ctx context.Context, purpose string, userID int64, origin string) (BegunCeremony, error) {
	user, err := s.store.User(ctx, userID)
	if err != nil {
		return BegunCeremony{}, err
	}
	owner, err := s.owner(ctx, user)
	if err != nil {
		return BegunCeremony{}, err
	}
	c, err := s.relying.BeginLogin(origin, &owner)
	if err != nil {
		return BegunCeremony{}, err
	}
	return s.storeCeremony(ctx, purpose, userID, c)
}

// checkFor finishes a ceremony that beginFor began.
func (s *Service) checkFor(ctx context.Context, purpose string, userID int64, in PasskeyAnswer) (PasskeyProof, error) {
	c, err := s.takeCeremony(ctx, purpose, userID, in.Token)
	if err != nil {
		return PasskeyProof{}, err
	}
	user, err := s.store.User(ctx, userID)
	if err != nil {
		return PasskeyProof{}, err
	}
	owner, err := s.owner(ctx, user)
	if err != nil {
		return PasskeyProof{}, err
	}
	return s.relying.FinishLogin(ctx, in.Origin, &owner, nil, c.State, in.Credential)
}

func (s *Service) guessPasskey(ctx context.Context, userID int64, client Client, guess func(ctx context.Context) error) error {
	return s.try(ctx, limitOTP, accountKey(limitOTP+" passkey", strconv.FormatInt(userID, 10)), client, wrongIs(ErrPasskeyInvalid), guess)
}

// FinishLoginWithPasskey takes the second step of a login with a passkey.
//
// It returns ErrPendingRequired, ErrPasskeyInvalid, ErrDeactivated or
// ErrTooManyAttempts.
func (s *Service) FinishLoginWithPasskey(ctx context.Context, pending string, trust bool, in PasskeyAnswer) (Entrance, error) {
	waiting, err := s.pendingLogin(ctx, pending)
	if err != nil {
		return Entrance{}, err
	}
	var out Entrance
	err = s.guessPasskey(ctx, waiting.UserID, in.Client, func(ctx context.Context) error {
		proof, err := s.checkFor(ctx, ceremonySecond, waiting.UserID, in)
		if err != nil {
			return err
		}
		return s.tx.InTx(ctx, func(ctx context.Context) error {
			var err error
			out, err = s.finish(ctx, waiting, trust, in.Client, func(ctx context.Context, user User) error {
				return s.passkeyUsed(proof)(ctx, Credentials{User: user})
			})
			return err
		})
	})
	return out, err
}

// BeginPasskeyReauth begins a proof of who calls. It returns auth.ErrRequired,
// ErrPasskeyNotFound or ErrPasskeysUnavailable.
func (s *Service) BeginPasskeyReauth(ctx context.Context, origin string) (BegunCeremony, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return BegunCeremony{}, err
	}
	return s.beginFor(ctx, ceremonyReauth, caller.UserID, origin)
}

// ReauthenticateWithPasskey takes a passkey as a proof of who calls, and
// returns until when it counts.
//
// It returns auth.ErrRequired, ErrPasskeyInvalid or ErrTooManyAttempts.
func (s *Service) ReauthenticateWithPasskey(ctx context.Context, in PasskeyAnswer) (time.Time, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return time.Time{}, err
	}
	now := s.now()
	err = s.guessPasskey(ctx, caller.UserID, in.Client, func(ctx context.Context) error {
		proof, err := s.checkFor(ctx, ceremonyReauth, caller.UserID, in)
		if err != nil {
			return err
		}
		return s.tx.InTx(ctx, func(ctx context.Context) error {
			if err := s.passkeyUsed(proof)(ctx, Credentials{User: User{ID: caller.UserID}}); err != nil {
				return err
			}
			return s.store.Authenticated(ctx, caller.SessionID, now)
		})
	})
	return now.Add(recentTTL), err
}
