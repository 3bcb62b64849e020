package accounts

import (
	"context"
	"strconv"

	"rally/platform/auth"
)

// OTPSetup is what an authenticator app needs.
type OTPSetup struct {
	Secret string // base32
	URL    string // otpauth://
	QRCode []byte // PNG of the URL
}

// SecondProof is what somebody types in the second step: one of the two.
type SecondProof struct {
	Code         string // one-time code
	RecoveryCode string
}

func (p SecondProof) empty() bool { return p.Code == "" && p.RecoveryCode == "" }

// SetUpOTP makes a secret for one-time codes. It is asked for from the first
// confirmed code on; until then every call makes another.
//
// It returns auth.ErrRequired, ErrReauthRequired or ErrOTPEnabled.
func (s *Service) SetUpOTP(ctx context.Context) (OTPSetup, error) {
	caller, err := s.requireRecent(ctx)
	if err != nil {
		return OTPSetup{}, err
	}
	secret, err := s.vault.newOTPSecret()
	if err != nil {
		return OTPSetup{}, err
	}
	sealed, err := s.vault.seal(caller.UserID, secret)
	if err != nil {
		return OTPSetup{}, err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return OTPSetup{}, err
	}
	key, err := otpKey(user.Email, secret)
	if err != nil {
		return OTPSetup{}, err
	}
	picture, err := qrCode(key)
	if err != nil {
		return OTPSetup{}, err
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		// The lock keeps a confirmation from taking another secret than the one
		// whose code it looks at.
		if _, err := s.lockOwner(ctx, caller.SessionID); err != nil {
			return err
		}
		set, err := s.store.SetOTPSecret(ctx, OTPSecret{UserID: caller.UserID, Sealed: sealed, CreatedAt: s.now()})
		if err == nil && !set {
			err = ErrOTPEnabled
		}
		return err
	})
	return OTPSetup{Secret: key.Secret(), URL: key.URL(), QRCode: picture}, err
}

// ConfirmOTP turns one-time codes on, with the first code of the app. It
// returns the recovery codes, which nobody can see again.
//
// It returns auth.ErrRequired, ErrReauthRequired, ErrOTPEnabled, ErrOTPDisabled
// when there was no setup, ErrCodeInvalid or ErrTooManyAttempts.
func (s *Service) ConfirmOTP(ctx context.Context, code string, client Client) ([]string, error) {
	caller, err := s.requireRecent(ctx)
	if err != nil {
		return nil, err
	}
	var codes []string
	err = s.guessCode(ctx, caller.UserID, client, func(ctx context.Context) error {
		return s.tx.InTx(ctx, func(ctx context.Context) error {
			found, err := s.lockOwner(ctx, caller.SessionID)
			if err != nil {
				return err
			}
			if found.User.OTP {
				return ErrOTPEnabled
			}
			if err := s.useOTP(ctx, caller.UserID, code); err != nil {
				return err
			}
			if err := s.store.ConfirmOTPSecret(ctx, caller.UserID, s.now()); err != nil {
				return err
			}
			if codes, err = s.renewRecovery(ctx, caller.UserID); err != nil {
				return err
			}
			if err := s.store.DistrustDevices(ctx, caller.UserID); err != nil {
				return err
			}
			return s.note(ctx, found.User.Email, SecurityEvent{UserID: caller.UserID, Kind: EventOTPEnabled, Client: client})
		})
	})
	return codes, err
}

// DisableOTP turns one-time codes off. It takes the password, where there is
// one, and a code.
//
// It returns auth.ErrRequired, ErrOTPDisabled, fault.ErrInvalid with the fields
// password and code, ErrBadCredentials, ErrCodeInvalid, ErrReauthRequired or
// ErrTooManyAttempts.
func (s *Service) DisableOTP(ctx context.Context, password string, proof SecondProof, client Client) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return err
	}
	if !user.OTP {
		return ErrOTPDisabled
	}
	if proof.empty() {
		return invalid("code", msgRequired)
	}
	if err := s.prove(ctx, "password", password, client); err != nil {
		return err
	}
	return s.guessCode(ctx, caller.UserID, client, func(ctx context.Context) error {
		return s.tx.InTx(ctx, func(ctx context.Context) error {
			found, err := s.lockOwner(ctx, caller.SessionID)
			if err != nil {
				return err
			}
			if !found.User.OTP {
				return ErrOTPDisabled
			}
			if err := s.useProof(ctx, found.User, proof, client); err != nil {
				return err
			}
			if err := s.store.DeleteOTPSecret(ctx, caller.UserID); err != nil {
				return err
			}
			if !found.User.PasskeyStep {
				if err := s.store.ReplaceRecoveryCodes(ctx, caller.UserID, nil); err != nil {
					return err
				}
			}
			return s.note(ctx, found.User.Email, SecurityEvent{UserID: caller.UserID, Kind: EventOTPDisabled, Client: client})
		})
	})
}

// RenewRecoveryCodes replaces the recovery codes. The old ones are dead.
//
// It returns auth.ErrRequired, ErrReauthRequired or ErrNoSecondStep.
func (s *Service) RenewRecoveryCodes(ctx context.Context, client Client) ([]string, error) {
	caller, err := s.requireRecent(ctx)
	if err != nil {
		return nil, err
	}
	var codes []string
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		found, err := s.lockOwner(ctx, caller.SessionID)
		if err != nil {
			return err
		}
		if !found.User.SecondStep() {
			return ErrNoSecondStep
		}
		if codes, err = s.renewRecovery(ctx, caller.UserID); err != nil {
			return err
		}
		return s.note(ctx, found.User.Email, SecurityEvent{UserID: caller.UserID, Kind: EventRecoveryRenewed, Client: client})
	})
	return codes, err
}

func (s *Service) renewRecovery(ctx context.Context, userID int64) ([]string, error) {
	codes, hashes, err := s.vault.newRecoveryCodes(userID)
	if err != nil {
		return nil, err
	}
	return codes, s.store.ReplaceRecoveryCodes(ctx, userID, hashes)
}

// FinishLogin takes the second step of a login with a code. Trust makes the
// device need none for 30 days.
//
// It returns ErrPendingRequired, fault.ErrInvalid with the field code,
// ErrCodeInvalid, ErrDeactivated or ErrTooManyAttempts.
func (s *Service) FinishLogin(ctx context.Context, pending string, proof SecondProof, trust bool, client Client) (Entrance, error) {
	waiting, err := s.pendingLogin(ctx, pending)
	if err != nil {
		return Entrance{}, err
	}
	if proof.empty() {
		return Entrance{}, invalid("code", msgRequired)
	}
	var out Entrance
	err = s.guessCode(ctx, waiting.UserID, client, func(ctx context.Context) error {
		return s.tx.InTx(ctx, func(ctx context.Context) error {
			var err error
			out, err = s.finish(ctx, waiting, trust, client, func(ctx context.Context, user User) error {
				return s.useProof(ctx, user, proof, client)
			})
			return err
		})
	})
	return out, err
}

// pendingLogin returns the login that waits for its second step.
func (s *Service) pendingLogin(ctx context.Context, token string) (PendingLogin, error) {
	hash, ok := opaqueHash(token)
	if !ok {
		return PendingLogin{}, ErrPendingRequired
	}
	waiting, err := s.store.PendingLogin(ctx, hash)
	if err == nil && !s.now().Before(waiting.ExpiresAt) {
		err = ErrPendingRequired
	}
	return waiting, err
}

// finish turns a waiting login into a session, in the transaction of ctx.
func (s *Service) finish(ctx context.Context, waiting PendingLogin, trust bool, client Client, prove func(ctx context.Context, user User) error) (Entrance, error) {
	return s.enter(ctx, entry{
		userID: waiting.UserID, method: waiting.Method, client: client, whole: true, trust: trust,
		accept: func(ctx context.Context, now Credentials) error {
			// The lock of the user is held: whoever changed their password
			// meanwhile has ended the waiting logins.
			first, err := s.store.EndPendingLogin(ctx, waiting.ID)
			if err != nil {
				return err
			}
			if !first {
				return ErrPendingRequired
			}
			return prove(ctx, now.User)
		},
	})
}

// guessCode runs a guess at a code under the limits.
func (s *Service) guessCode(ctx context.Context, userID int64, client Client, guess func(ctx context.Context) error) error {
	return s.try(ctx, limitOTP, accountKey(limitOTP, strconv.FormatInt(userID, 10)), client, wrongIs(ErrCodeInvalid), guess)
}

// useProof takes a one-time code or a recovery code, once.
func (s *Service) useProof(ctx context.Context, user User, proof SecondProof, client Client) error {
	if proof.Code != "" {
		if !user.OTP {
			return ErrCodeInvalid
		}
		return s.useOTP(ctx, user.ID, proof.Code)
	}
	used, err := s.store.UseRecoveryCode(ctx, user.ID, s.vault.recoveryHash(user.ID, proof.RecoveryCode), s.now())
	if err != nil {
		return err
	}
	if !used {
		return ErrCodeInvalid
	}
	return s.note(ctx, user.Email, SecurityEvent{UserID: user.ID, Kind: EventRecoveryUsed, Client: client})
}

func (s *Service) useOTP(ctx context.Context, userID int64, code string) error {
	stored, err := s.store.OTPSecret(ctx, userID)
	if err != nil {
		return err
	}
	secret, err := s.vault.open(userID, stored.Sealed)
	if err != nil {
		return err
	}
	step, ok := otpStep(secret, plainCode(code), s.now())
	if !ok {
		return ErrCodeInvalid
	}
	first, err := s.store.UseOTPStep(ctx, userID, step)
	if err == nil && !first {
		err = ErrCodeInvalid
	}
	return err
}
