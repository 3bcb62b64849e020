package accounts

import (
	"context"
	"errors"
	"strconv"
	"time"

	"rally/platform/auth"
)

// resetTTL is the life of a key that resets a password. The letter names it.
const resetTTL = time.Hour

// Kinds of tasks.
const (
	TaskReset  = "reset"
	TaskResend = "resend"
)

// MailedKey is a key that was mailed to reset a password or to change an
// address.
type MailedKey struct {
	ID        int64
	UserID    int64
	Hash      []byte // SHA-256
	NewEmail  string // of a change
	CreatedAt time.Time
	ExpiresAt time.Time
}

// newPasswords checks a new password that was typed twice, and normalises it.
func (p *problems) newPasswords(raw1, raw2, email string) string {
	return p.twoPasswords("new_password1", "new_password2", raw1, raw2, email)
}

func (p *problems) twoPasswords(field1, field2, raw1, raw2, email string) string {
	password := normalizePassword(raw1)
	p.password(field1, password, email)
	if raw2 == "" {
		p.add(field2, msgRequired)
	} else if normalizePassword(raw2) != password {
		p.add(field2, msgPasswords)
	}
	return password
}

// PasswordChange is the form of somebody who changes their password.
type PasswordChange struct {
	Old, New1, New2 string
	Client          Client
}

// ChangePassword changes the caller's password, or gives a first one to an
// account without. Their other sessions end, and no device is trusted any more.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the fields old_password,
// new_password1 and new_password2, ErrBadCredentials, ErrReauthRequired where
// there is no old password, ErrBusy, ErrTooManyAttempts or auth.ErrSessionEnded.
func (s *Service) ChangePassword(ctx context.Context, in PasswordChange) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return err
	}
	var p problems
	password := p.newPasswords(in.New1, in.New2, user.Email)
	if err := p.err(); err != nil {
		return err
	}
	if err := s.prove(ctx, "old_password", in.Old, in.Client); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		found, err := s.lockOwner(ctx, caller.SessionID)
		if err != nil {
			return err
		}
		if err := s.replacePassword(ctx, found.User, hash, caller.SessionID); err != nil {
			return err
		}
		return s.note(ctx, found.User.Email, SecurityEvent{UserID: caller.UserID, Kind: EventPasswordChanged, Client: in.Client})
	})
}

// replacePassword stores the hash of a locked user's new password and ends
// whatever the old one opened, but one session. Keys that change the address
// go too: whoever knew the old password may have asked for one.
func (s *Service) replacePassword(ctx context.Context, user User, hash string, but int64) error {
	if err := s.store.SetPassword(ctx, user.ID, hash); err != nil {
		return err
	}
	if err := s.store.DeleteResets(ctx, user.ID); err != nil {
		return err
	}
	if err := s.store.DeleteEmailChanges(ctx, user.ID); err != nil {
		return err
	}
	if err := s.store.DistrustDevices(ctx, user.ID); err != nil {
		return err
	}
	_, err := s.endOthers(ctx, user.ID, but, EndedByPassword, s.now())
	return err
}

// AskReset mails a key that resets the password, if the address has an
// account. The answer, and the work until it, are the same if it hasn't: a job
// looks it up.
//
// An address that can't be one is no error either. It returns
// ErrTooManyAttempts.
func (s *Service) AskReset(ctx context.Context, email, baseURL string, client Client) error {
	return s.ask(ctx, TaskReset, limitReset, email, baseURL, client)
}

// ResendVerification mails another key to an address that waits to be proved.
// The answer, and the work until it, are the same for every address: a job
// looks it up.
//
// It returns ErrTooManyAttempts.
func (s *Service) ResendVerification(ctx context.Context, email, baseURL string, client Client) error {
	return s.ask(ctx, TaskResend, limitResend, email, baseURL, client)
}

func (s *Service) ask(ctx context.Context, kind, limit, rawEmail, baseURL string, client Client) error {
	email, ok := normalizeEmail(rawEmail)
	if err := s.spend(ctx, limit, who(rawEmail), client); err != nil || !ok {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		return s.tasks.Enqueue(ctx, Task{Kind: kind, Email: email, BaseURL: baseURL})
	})
}

// Do does a task: it is the job's side of AskReset and ResendVerification.
func (s *Service) Do(ctx context.Context, t Task) error {
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		owner, err := s.store.Credentials(ctx, t.Email)
		if errors.Is(err, ErrUserNotFound) {
			return nil
		}
		switch {
		case err != nil:
			return err
		case !owner.User.ErasedAt.IsZero():
			return nil // nobody reads that address
		case owner.User.VerifiedAt.IsZero():
			// Whoever asks for a reset wants the same: to get in at last.
			return s.resend(ctx, owner.User, t.BaseURL)
		case t.Kind == TaskReset:
			return s.sendReset(ctx, owner.User, t.BaseURL, resetLetter)
		}
		return nil
	})
}

// keyLetter is a letter with a key that sets a password.
type keyLetter func(to, baseURL string, userID int64, key string) Mail

// sendReset mails a key to an address that somebody was found under.
func (s *Service) sendReset(ctx context.Context, found User, baseURL string, letter keyLetter) error {
	locked, err := s.store.LockUser(ctx, found.ID)
	if err != nil {
		return err
	}
	user := locked.User
	if user.Email != found.Email {
		return nil // it is no longer theirs, and opens nothing
	}
	key, err := newOpaque(s.random)
	if err != nil {
		return err
	}
	now := s.now()
	if err := s.store.InsertReset(ctx, MailedKey{UserID: user.ID, Hash: key.hash, CreatedAt: now, ExpiresAt: now.Add(resetTTL)}); err != nil {
		return err
	}
	return s.mailer.Send(ctx, letter(user.Email, baseURL, user.ID, key.text))
}

// PasswordReset is the form of somebody who came by a mailed link.
type PasswordReset struct {
	UserID, Key, New1, New2 string
	Client                  Client
}

// ResetPassword sets a new password with a mailed key. Every session ends, no
// device is trusted any more, and the other keys are dead. It signs nobody in:
// a second step is still asked for.
//
// It returns ErrResetInvalid, fault.ErrInvalid with the fields new_password1
// and new_password2, ErrBusy or ErrTooManyAttempts.
func (s *Service) ResetPassword(ctx context.Context, in PasswordReset) error {
	userID, errID := strconv.ParseInt(in.UserID, 10, 64)
	hash, ok := opaqueHash(in.Key)
	if errID != nil || !ok {
		return ErrResetInvalid
	}
	key, err := s.validReset(ctx, userID, hash)
	if err != nil {
		return err
	}
	user, err := s.store.User(ctx, key.UserID)
	if err != nil {
		return err
	}
	var p problems
	password := p.newPasswords(in.New1, in.New2, user.Email)
	if err := p.err(); err != nil {
		return err
	}
	newHash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		found, err := s.store.LockUser(ctx, userID)
		if err != nil {
			return err
		}
		if _, err := s.validReset(ctx, userID, hash); err != nil {
			return err // it was used while we looked
		}
		if err := s.replacePassword(ctx, found.User, newHash, 0); err != nil {
			return err
		}
		// Its owner may have been locked out by whoever guessed.
		if err := s.store.ForgetAttempts(ctx, accountKey(limitLogin, found.User.Email)); err != nil {
			return err
		}
		return s.note(ctx, found.User.Email, SecurityEvent{UserID: userID, Kind: EventPasswordReset, Client: in.Client})
	})
}

func (s *Service) validReset(ctx context.Context, userID int64, hash []byte) (MailedKey, error) {
	key, err := s.store.Reset(ctx, hash)
	if err == nil && (key.UserID != userID || !s.now().Before(key.ExpiresAt)) {
		err = ErrResetInvalid
	}
	return key, err
}
