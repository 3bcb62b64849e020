package accounts

import (
	"context"
	"time"
)

// verifyTTL is the life of a key that proves an address. The letter names it.
const verifyTTL = 72 * time.Hour

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
// is. An address that is not proved yet gets another key; whose key comes back
// first, theirs is the account, with the password that they chose. So nobody
// can lie in wait for the owner of an address with a password of their own.
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

// resend mails another key to a user whose address waits to be proved.
func (s *Service) resend(ctx context.Context, user User, baseURL string) error {
	claims, err := s.store.Claims(ctx, user.ID)
	if err != nil {
		return err
	}
	if len(claims) != 1 {
		return s.mailer.Send(ctx, againLetter(user.Email, baseURL))
	}
	return s.sendKey(ctx, user.ID, user.Email, baseURL, claims[0])
}

// VerifyEmail proves an address with the key that was mailed to it. The key
// works once: only its first use changes anything. Presenting it again within
// its life is answered the same, because mail scanners open links before
// people do; it proves nothing new and signs nobody in.
//
// It returns ErrKeyInvalid for a key that is unknown or has expired.
func (s *Service) VerifyEmail(ctx context.Context, key string) error {
	hash, ok := opaqueHash(key)
	if !ok {
		return ErrKeyInvalid
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		k, err := s.store.EmailKey(ctx, hash)
		if err != nil {
			return err
		}
		now := s.now()
		if !now.Before(k.ExpiresAt) {
			return ErrKeyInvalid
		}
		first, err := s.store.UseEmailKey(ctx, k.ID, now)
		if err != nil || !first {
			return err
		}
		if err := s.store.Claim(ctx, k.UserID, k.Claim, now); err != nil {
			return err
		}
		return s.store.ForgetClaims(ctx, k.UserID)
	})
}
