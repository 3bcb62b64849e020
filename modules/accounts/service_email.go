package accounts

import (
	"context"
	"errors"
	"time"
)

// changeTTL is the life of a key that changes an address. The letter names it.
const changeTTL = 24 * time.Hour

// AskEmailChange mails a key to the new address, and a notice to the old one.
// Nobody can tell from the answer whether the new address has an account: its
// owner is told by mail.
//
// It returns auth.ErrRequired, ErrReauthRequired, fault.ErrInvalid with the
// field email, ErrTooManyAttempts or auth.ErrSessionEnded.
func (s *Service) AskEmailChange(ctx context.Context, rawEmail, baseURL string, client Client) error {
	caller, err := s.requireRecent(ctx)
	if err != nil {
		return err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return err
	}
	var p problems
	email := p.email(rawEmail)
	if email != "" && email == user.Email {
		p.add("email", msgSameEmail)
	}
	if err := p.err(); err != nil {
		return err
	}
	if err := s.spend(ctx, limitEmail, user.Email, client); err != nil {
		return err
	}
	key, err := newOpaque(s.random)
	if err != nil {
		return err
	}
	now := s.now()
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		// Who ended this session meanwhile must not find a key left behind.
		if _, err := s.lockOwner(ctx, caller.SessionID); err != nil {
			return err
		}
		letter := changeLetter(email, baseURL, key.text)
		owner, err := s.store.Credentials(ctx, email)
		switch {
		case err == nil && owner.User.VerifiedAt.IsZero(): // a claim that nobody proved holds nobody up
		case err == nil:
			letter = takenLetter(email, baseURL)
		case !errors.Is(err, ErrUserNotFound):
			return err
		}
		// A key for a taken address is stored as well, and never leaves.
		if err := s.store.InsertEmailChange(ctx, MailedKey{UserID: user.ID, Hash: key.hash, NewEmail: email, CreatedAt: now, ExpiresAt: now.Add(changeTTL)}); err != nil {
			return err
		}
		if err := s.mailer.Send(ctx, letter); err != nil {
			return err
		}
		return s.note(ctx, user.Email, SecurityEvent{UserID: user.ID, Kind: EventEmailRequested, Client: client})
	})
}

// ChangeEmail gives an account the address that a key was mailed to. The old
// address gets a notice, and keys that were mailed to it are dead.
//
// It returns ErrKeyInvalid, also when the address is taken by now.
func (s *Service) ChangeEmail(ctx context.Context, key string, client Client) error {
	hash, ok := opaqueHash(key)
	if !ok {
		return ErrKeyInvalid
	}
	change, err := s.store.EmailChange(ctx, hash)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		found, err := s.store.LockUser(ctx, change.UserID)
		if err != nil {
			return err
		}
		if change, err = s.store.EmailChange(ctx, hash); err != nil {
			return err // it was used while we waited
		}
		now := s.now()
		if !now.Before(change.ExpiresAt) || !found.User.DeactivatedAt.IsZero() {
			return ErrKeyInvalid
		}
		free, err := s.store.SetEmail(ctx, change.UserID, change.NewEmail, now)
		if err != nil {
			return err
		}
		if !free {
			return ErrKeyInvalid
		}
		if err := s.store.DeleteEmailChanges(ctx, change.UserID); err != nil {
			return err
		}
		if err := s.store.DeleteResets(ctx, change.UserID); err != nil {
			return err
		}
		return s.note(ctx, found.User.Email, SecurityEvent{UserID: change.UserID, Kind: EventEmailChanged, Client: client})
	})
}
