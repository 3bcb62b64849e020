package accounts

import (
	"context"
	"time"
)

// verifyTTL is the life of a key that proves an address. The letter names it.
const verifyTTL = 72 * time.Hour

// unprovedTTL is how long an account waits for the proof of its address.
const unprovedTTL = 30 * 24 * time.Hour

// Registration is the form of somebody who signs up.
type Registration struct {
	Email, Password1, Password2 string
	ShoeSize                    int    // 0 when not given
	PhoneNumber                 string // Korean, any spelling; empty when not given
	BaseURL                     string // of this site, for the link in the mail
	Client                      Client
}

// Register creates an account whose address is still to be proved, and mails
// the key that proves it. Nobody can tell from the answer whether the address
// was taken: its owner gets a mail that says so, and the account stays as it
// is. An address that is not proved yet gets another key. See VerifyEmail for
// why nobody can lie in wait for its owner with a password of their own.
//
// It returns fault.ErrInvalid with the fields email, password1, password2,
// shoe_size, phone_number, or ErrBusy or ErrTooManyAttempts.
func (s *Service) Register(ctx context.Context, in Registration) error {
	var p problems
	u := NewUser{
		Email: p.email(in.Email),
		Claim: Claim{ShoeSize: p.shoeSize(in.ShoeSize), PhoneNumber: p.phone(in.PhoneNumber)},
	}
	password := p.twoPasswords("password1", "password2", in.Password1, in.Password2, u.Email)
	if err := p.err(); err != nil {
		return err
	}
	if err := s.spend(ctx, limitRegister, u.Email, in.Client); err != nil {
		return err
	}
	// The slow part comes first, whoever asks, so that its time tells nothing.
	var err error
	if u.PasswordHash, err = s.hasher.hash(ctx, password); err != nil {
		return err
	}
	u.CreatedAt = s.now()
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		id, created, err := s.createUser(ctx, u)
		if err != nil {
			return err
		}
		if !created {
			return s.answerTaken(ctx, u, in.BaseURL)
		}
		return s.sendKey(ctx, id, u.Email, in.BaseURL, u.Claim)
	})
}

// answerTaken writes to the owner of an address that somebody registered.
func (s *Service) answerTaken(ctx context.Context, u NewUser, baseURL string) error {
	owner, err := s.store.Credentials(ctx, u.Email)
	if err != nil {
		return err
	}
	if !owner.User.VerifiedAt.IsZero() {
		// Who tries to log in now is told to look for the mail, as they would be
		// if the address were new.
		if err := s.store.SetDecoy(ctx, owner.User.ID, u.PasswordHash, u.CreatedAt.Add(unprovedTTL)); err != nil {
			return err
		}
		return s.mailer.Send(ctx, takenLetter(u.Email, baseURL))
	}
	// Who signed up last and tries to log in is told to look for the mail.
	if err := s.store.Claim(ctx, owner.User.ID, u.Claim, time.Time{}); err != nil {
		return err
	}
	return s.sendKey(ctx, owner.User.ID, u.Email, baseURL, u.Claim)
}

// sendKey mails a new key for a claim. Older ones stay valid: people click on
// any of the letters they got.
func (s *Service) sendKey(ctx context.Context, userID int64, email, baseURL string, claim Claim) error {
	key, err := newOpaque(s.random)
	if err != nil {
		return err
	}
	now := s.now()
	err = s.store.InsertEmailKey(ctx, EmailKey{UserID: userID, Hash: key.hash, Claim: claim, CreatedAt: now, ExpiresAt: now.Add(verifyTTL)})
	if err != nil {
		return err
	}
	return s.mailer.Send(ctx, verifyLetter(email, baseURL, key.text))
}

// resend mails another key to a user whose address waits to be proved. When it
// was registered more than once, nobody knows here which of the registrations
// its owner's is: the key proves the address and none of them.
func (s *Service) resend(ctx context.Context, user User, baseURL string) error {
	claims, err := s.store.Claims(ctx, user.ID)
	if err != nil {
		return err
	}
	var claim Claim
	if len(claims) == 1 {
		claim = claims[0]
	}
	return s.sendKey(ctx, user.ID, user.Email, baseURL, claim)
}

// VerifyEmail proves an address with the key that was mailed to it. The key
// works once: only its first use changes anything. Presenting it again within
// its life is answered the same, because mail scanners open links before
// people do; it proves nothing new and signs nobody in.
//
// An address that was registered more than once gets no password by it, since
// its owner can't see from a letter whose registration it belongs to: they get
// another letter, to choose one. VerifyEmail reports that.
//
// It returns ErrKeyInvalid for a key that is unknown or has expired.
func (s *Service) VerifyEmail(ctx context.Context, key, baseURL string) (choose bool, err error) {
	hash, ok := opaqueHash(key)
	if !ok {
		return false, ErrKeyInvalid
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		choose = false
		k, err := s.store.EmailKey(ctx, hash)
		if err != nil {
			return err
		}
		now := s.now()
		if !now.Before(k.ExpiresAt) {
			return ErrKeyInvalid
		}
		found, err := s.store.LockUser(ctx, k.UserID)
		if err != nil {
			return err
		}
		first, err := s.store.UseEmailKey(ctx, k.ID, now)
		if err != nil || !first || !found.User.VerifiedAt.IsZero() {
			return err
		}
		claims, err := s.store.Claims(ctx, k.UserID)
		if err != nil {
			return err
		}
		if len(claims) == 1 && k.Claim.PasswordHash != "" {
			if err := s.store.Claim(ctx, k.UserID, k.Claim, now); err != nil {
				return err
			}
			return s.store.ForgetClaims(ctx, k.UserID)
		}
		choose = true
		if err := s.proveWithoutPassword(ctx, found, now); err != nil {
			return err
		}
		return s.sendReset(ctx, found.User, baseURL, chooseLetter)
	})
	return choose, err
}

// proveWithoutPassword marks the address of a locked user as proved, and
// forgets what anybody registered with it. Who did goes on being told to look
// for the mail.
func (s *Service) proveWithoutPassword(ctx context.Context, found Credentials, now time.Time) error {
	if found.PasswordHash != "" {
		if err := s.store.SetDecoy(ctx, found.User.ID, found.PasswordHash, now.Add(unprovedTTL)); err != nil {
			return err
		}
	}
	if err := s.store.Claim(ctx, found.User.ID, Claim{}, now); err != nil {
		return err
	}
	return s.store.ForgetClaims(ctx, found.User.ID)
}
