package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"rally/platform/auth"
)

// LoginForm is who wants to sign in, and from where.
type LoginForm struct {
	Email, Password string
	Client          Client
}

// Login starts a session. Whether the address exists shows neither in the
// answer nor in its time; whether it is verified, or deactivated, shows only
// to those who know the password.
//
// It returns fault.ErrInvalid with the fields email and password when one is
// empty, ErrBadCredentials, ErrEmailUnverified, ErrDeactivated or ErrBusy.
func (s *Service) Login(ctx context.Context, form LoginForm) (auth.Tokens, Account, error) {
	var p problems
	if form.Email == "" {
		p.add("email", msgRequired)
	}
	if form.Password == "" {
		p.add("password", msgRequired)
	}
	if err := p.err(); err != nil {
		return auth.Tokens{}, Account{}, err
	}
	for range loginTries {
		found, replacement, err := s.checkPassword(ctx, form.Email, form.Password)
		switch {
		case err != nil:
			return auth.Tokens{}, Account{}, err
		case !found.User.DeactivatedAt.IsZero():
			return auth.Tokens{}, Account{}, ErrDeactivated
		case found.User.VerifiedAt.IsZero():
			return auth.Tokens{}, Account{}, ErrEmailUnverified
		}
		tokens, err := s.startSession(ctx, found, replacement, form.Client)
		if errors.Is(err, errHashChanged) {
			continue
		}
		if err != nil {
			return auth.Tokens{}, Account{}, err
		}
		account, err := s.account(ctx, found.User)
		return tokens, account, err
	}
	return auth.Tokens{}, Account{}, ErrBadCredentials
}

// loginTries is how often a password is checked when its hash changes
// meanwhile: once by another login that brought it to today's costs, once by
// its owner.
const loginTries = 3

var errHashChanged = errors.New("the password changed while it was checked")

// checkPassword returns the user with that password, and the hash to store
// from now on. It returns ErrBadCredentials after the same work.
func (s *Service) checkPassword(ctx context.Context, rawEmail, rawPassword string) (found Credentials, replacement string, err error) {
	stored := s.hasher.dummy
	if email, ok := normalizeEmail(rawEmail); ok {
		found, err = s.store.Credentials(ctx, email)
		switch {
		case err == nil:
			stored = found.PasswordHash
		case !errors.Is(err, ErrUserNotFound):
			return Credentials{}, "", err
		}
	}
	password := normalizePassword(rawPassword)
	if utf8.RuneCountInString(password) > maxPassword {
		password, stored = "", s.hasher.dummy // nobody has such a password; don't digest megabytes
	}
	match, outdated, err := s.hasher.verify(ctx, stored, password)
	if err != nil {
		return Credentials{}, "", fmt.Errorf("check the password of user %d: %w", found.User.ID, err)
	}
	if !match || found.User.ID == 0 {
		return Credentials{}, "", ErrBadCredentials
	}
	if !outdated {
		return found, stored, nil
	}
	replacement, err = s.hasher.hash(ctx, password)
	if errors.Is(err, ErrBusy) {
		return found, stored, nil // the next login will do
	}
	return found, replacement, err
}

// startSession stores a session of a user whose password was just checked. It
// returns errHashChanged when that password is no longer theirs: whoever
// changes a password ends the sessions, and none may slip in behind.
func (s *Service) startSession(ctx context.Context, found Credentials, replacement string, client Client) (auth.Tokens, error) {
	refresh, err := newOpaque(s.random)
	if err != nil {
		return auth.Tokens{}, err
	}
	now := s.now()
	session := Session{UserID: found.User.ID, Client: client.clean(), CreatedAt: now, LastSeenAt: now, ExpiresAt: now.Add(s.cfg.SessionTTL)}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		same, err := s.store.ConfirmHash(ctx, found.User.ID, found.PasswordHash, replacement)
		if err != nil {
			return err
		}
		if !same {
			return errHashChanged
		}
		if session.ID, err = s.store.InsertSession(ctx, session); err != nil {
			return err
		}
		return s.store.InsertRefreshToken(ctx, RefreshToken{Hash: refresh.hash, CreatedAt: now, ExpiresAt: session.ExpiresAt, Session: session})
	})
	if err != nil {
		return auth.Tokens{}, err
	}
	return s.tokens(session, refresh, now)
}

func (s *Service) tokens(session Session, refresh opaque, now time.Time) (auth.Tokens, error) {
	id, err := s.randomHex(16)
	if err != nil {
		return auth.Tokens{}, err
	}
	access, expires, err := s.signer.sign(session.UserID, session.ID, id, now)
	if err != nil {
		return auth.Tokens{}, err
	}
	return auth.Tokens{Access: access, AccessExpires: expires, Refresh: refresh.text, RefreshExpires: session.ExpiresAt}, nil
}

// Refresh exchanges a refresh token for a new pair and extends the session.
// Of many requests with the same token one rotates it; the others, and any
// within the grace, get pairs of the same family, so that tabs may race and
// answers may get lost. A token that comes back later has been copied: the
// session ends, for the thief and for the owner.
//
// It returns ErrRefreshInvalid.
func (s *Service) Refresh(ctx context.Context, refreshToken string, client Client) (auth.Tokens, error) {
	hash, ok := opaqueHash(refreshToken)
	if !ok {
		return auth.Tokens{}, ErrRefreshInvalid
	}
	next, err := newOpaque(s.random)
	if err != nil {
		return auth.Tokens{}, err
	}
	now := s.now()
	var session Session
	var refused error
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		refused = nil
		token, verdict, err := s.judge(ctx, hash, now)
		if err != nil {
			return err
		}
		session = token.Session
		switch verdict {
		case refreshRotate, refreshAgain:
		case refreshReused:
			// Ending the session must be kept, so the refusal is no error here.
			refused = ErrRefreshInvalid
			return s.endSession(ctx, session.ID, EndedByReuse, now)
		case refreshRefuse:
			return ErrRefreshInvalid
		}
		session.ExpiresAt = now.Add(s.cfg.SessionTTL)
		live, err := s.store.ExtendSession(ctx, session.ID, client.clean(), now, session.ExpiresAt)
		if err != nil {
			return err
		}
		if !live {
			return ErrRefreshInvalid // it ended while we looked
		}
		return s.store.InsertRefreshToken(ctx, RefreshToken{Hash: next.hash, CreatedAt: now, ExpiresAt: session.ExpiresAt, Session: session})
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return auth.Tokens{}, err
	}
	return s.tokens(session, next, now)
}

// judge reads a token and rotates it if this is its first use.
func (s *Service) judge(ctx context.Context, hash []byte, now time.Time) (RefreshToken, refreshVerdict, error) {
	token, err := s.store.RefreshToken(ctx, hash)
	if err != nil {
		return RefreshToken{}, refreshRefuse, err
	}
	verdict := token.verdict(now, s.cfg.RefreshGrace)
	if verdict != refreshRotate {
		return token, verdict, nil
	}
	won, err := s.store.RotateRefreshToken(ctx, token.ID, now)
	if err != nil || won {
		return token, verdict, err
	}
	// Somebody was faster. Their commit decides what this use is.
	if token, err = s.store.RefreshToken(ctx, hash); err != nil {
		return RefreshToken{}, refreshRefuse, err
	}
	return token, token.verdict(now, s.cfg.RefreshGrace), nil
}

// Logout ends the session of the refresh token and the session of the caller:
// all that was shown. Access tokens die with them, on this node at once.
//
// It returns auth.ErrRequired when neither was shown, and ErrRefreshInvalid
// when the caller is nobody and the token unknown. A session that has ended
// before is no error.
func (s *Service) Logout(ctx context.Context, refreshToken string) error {
	var ids []int64
	caller, loggedIn := auth.From(ctx)
	if loggedIn {
		ids = append(ids, caller.SessionID)
	}
	if refreshToken != "" {
		id, err := s.sessionOf(ctx, refreshToken)
		if err != nil && (!loggedIn || !errors.Is(err, ErrRefreshInvalid)) {
			return err
		}
		if err == nil && id != caller.SessionID {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return auth.ErrRequired
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		for _, id := range ids {
			if err := s.endSession(ctx, id, EndedByLogout, s.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) sessionOf(ctx context.Context, refreshToken string) (int64, error) {
	hash, ok := opaqueHash(refreshToken)
	if !ok {
		return 0, ErrRefreshInvalid
	}
	token, err := s.store.RefreshToken(ctx, hash)
	return token.Session.ID, err
}

// endSession ends a session in the transaction of ctx, and with its commit
// makes every node forget it.
func (s *Service) endSession(ctx context.Context, id int64, reason string, now time.Time) error {
	first, err := s.store.EndSession(ctx, id, reason, now)
	if err != nil {
		return err
	}
	s.forget(ctx, first, id)
	return nil
}

func (s *Service) forget(ctx context.Context, tellOthers bool, ids ...int64) {
	s.tx.AfterCommit(ctx, func(ctx context.Context) {
		s.sessions.drop(ids...)
		if tellOthers {
			s.signals.SessionEnded(ctx, ids...)
		}
	})
}

// DropSessions makes this node forget sessions that ended on another one.
func (s *Service) DropSessions(ids ...int64) { s.sessions.drop(ids...) }

// Authenticate implements auth.Authenticator: the token's signature and
// claims, then its live session, cached for a moment. Whether the caller is
// staff comes from the database, never from the token.
func (s *Service) Authenticate(ctx context.Context, accessToken string) (auth.Identity, error) {
	userID, sessionID, err := s.signer.parse(accessToken)
	if err != nil {
		return auth.Identity{}, auth.ErrTokenInvalid.WithCause(err)
	}
	now := s.now()
	session, epoch, ok := s.sessions.get(sessionID, now)
	if !ok {
		if session, err = s.store.Session(ctx, sessionID); err != nil {
			return auth.Identity{}, err
		}
		if !session.Live(now) {
			return auth.Identity{}, auth.ErrSessionEnded
		}
		s.sessions.put(session, epoch, now)
	}
	if session.UserID != userID {
		return auth.Identity{}, auth.ErrTokenInvalid
	}
	s.sessions.sight(session, now)
	return auth.Identity{UserID: session.UserID, SessionID: session.ID, Staff: session.Staff}, nil
}

// WriteLastSeen stores when the sessions that were used since the last call
// were seen, with one statement. It is called every few seconds, off the path
// of requests.
func (s *Service) WriteLastSeen(ctx context.Context) error {
	ids, newest := s.sessions.takeSeen()
	if len(ids) == 0 {
		return nil
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.MarkSeen(ctx, ids, newest) })
}
