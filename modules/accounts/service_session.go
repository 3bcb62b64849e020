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

// Login starts a session, or its second step. Whether the address exists shows
// neither in the answer nor in its time; whether it is verified, or
// deactivated, shows only to those who know the password. Who left less than
// 30 days ago comes back with it.
//
// It returns fault.ErrInvalid with the fields email and password when one is
// empty, ErrBadCredentials, ErrEmailUnverified, ErrDeactivated, ErrBusy or
// ErrTooManyAttempts.
func (s *Service) Login(ctx context.Context, form LoginForm) (Entrance, error) {
	var p problems
	if form.Email == "" {
		p.add("email", msgRequired)
	}
	if form.Password == "" {
		p.add("password", msgRequired)
	}
	if err := p.err(); err != nil {
		return Entrance{}, err
	}
	// Before anything is looked up: a refusal must take the same time for all.
	if err := s.unblocked(ctx, addressKey(limitLogin, form.Client.Address)); err != nil {
		return Entrance{}, err
	}
	key, err := s.loginKey(ctx, form)
	if err != nil {
		return Entrance{}, err
	}
	var out Entrance
	err = s.tryPassword(ctx, key, form.Client, func(ctx context.Context) error {
		var err error
		out, err = s.login(ctx, form)
		return err
	})
	return out, err
}

// tryPassword runs a guess at a password under the limits. It has a core from
// before it is let through until it is counted, so that a crowd in the line for
// cores can't all be let through first: no more are looked at than there are
// cores beyond the limit.
func (s *Service) tryPassword(ctx context.Context, key []byte, client Client, guess func(ctx context.Context) error) error {
	// Who is blocked already must not fill the line.
	if err := s.unblocked(ctx, addressKey(limitLogin, client.Address), key); err != nil {
		return err
	}
	ctx, release, err := s.hasher.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.try(ctx, limitLogin, key, client, wrongIs(ErrBadCredentials), guess)
}

// loginKey is what the guesses at a password are counted under: the address,
// whether it exists or not. A device that has signed in to the account before
// has a count of its own, so that strangers who guess can't lock the owner out.
func (s *Service) loginKey(ctx context.Context, form LoginForm) ([]byte, error) {
	email, ok := normalizeEmail(form.Email)
	if !ok {
		return accountKey(limitLogin, who(form.Email)), nil
	}
	hash, shown := opaqueHash(form.Client.Device)
	if !shown {
		return accountKey(limitLogin, email), nil
	}
	known, err := s.store.DeviceSignedIn(ctx, email, hash, s.now())
	if known {
		return attemptKey(limitLogin, "device", string(hash)), err
	}
	return accountKey(limitLogin, email), err
}

func (s *Service) login(ctx context.Context, form LoginForm) (Entrance, error) {
	for range loginTries {
		found, replacement, err := s.checkPassword(ctx, form.Email, form.Password)
		waits := err == nil && found.User.VerifiedAt.IsZero()
		if waits || errors.Is(err, ErrBadCredentials) {
			return Entrance{}, s.checkDecoy(ctx, found, form.Password, waits)
		}
		if err != nil {
			return Entrance{}, err
		}
		var out Entrance
		err = s.tx.InTx(ctx, func(ctx context.Context) error {
			var err error
			out, err = s.enter(ctx, entry{
				userID: found.User.ID, method: MethodPassword, client: form.Client, accept: s.samePassword(found.PasswordHash, replacement),
			})
			return err
		})
		if !errors.Is(err, errHashChanged) {
			return out, err
		}
	}
	return Entrance{}, ErrBadCredentials
}

// checkDecoy says why a password opens nothing. Whoever registers an address
// and logs in with it is told to look for the mail, whether the address was
// theirs to register or had an account; otherwise the two answers would tell.
// The work is the same for every address.
func (s *Service) checkDecoy(ctx context.Context, found Credentials, rawPassword string, waits bool) error {
	decoy := found.Decoy
	if decoy == "" || waits {
		decoy = s.hasher.dummy
	}
	match, _, err := s.hasher.verify(ctx, decoy, boundedPassword(rawPassword))
	switch {
	case err != nil:
		return fmt.Errorf("check the decoy of user %d: %w", found.User.ID, err)
	case waits, match:
		return ErrEmailUnverified
	}
	return ErrBadCredentials
}

// loginTries is how often a password is checked when its hash changes
// meanwhile: once by another login that brought it to today's costs, once by
// its owner.
const loginTries = 3

var errHashChanged = errors.New("the password changed while it was checked")

// samePassword accepts a user whose hash is still the one that was checked,
// and brings it to today's costs. Whoever changes a password ends the
// sessions, and none may slip in behind.
func (s *Service) samePassword(checked, replacement string) func(context.Context, Credentials) error {
	return func(ctx context.Context, now Credentials) error {
		if now.PasswordHash != checked {
			return errHashChanged
		}
		if checked == replacement {
			return nil
		}
		return s.store.SetPassword(ctx, now.User.ID, replacement)
	}
}

// checkPassword returns the user with that password, and the hash to store
// from now on. It returns ErrBadCredentials after the same work, with the user
// of the address, if there is one.
func (s *Service) checkPassword(ctx context.Context, rawEmail, rawPassword string) (found Credentials, replacement string, err error) {
	stored := s.hasher.dummy
	if email, ok := normalizeEmail(rawEmail); ok {
		found, err = s.store.Credentials(ctx, email)
		switch {
		case err == nil && found.PasswordHash != "":
			stored = found.PasswordHash
		case err == nil: // no password fits
		case !errors.Is(err, ErrUserNotFound):
			return Credentials{}, "", err
		}
	}
	password := boundedPassword(rawPassword)
	match, outdated, err := s.hasher.verify(ctx, stored, password)
	if err != nil {
		return Credentials{}, "", fmt.Errorf("check the password of user %d: %w", found.User.ID, err)
	}
	if !match || found.PasswordHash == "" {
		return found, "", ErrBadCredentials
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

// boundedPassword normalises a password that somebody shows. One that is
// longer than any may be becomes empty, which no hash has: nobody makes us
// digest megabytes.
func boundedPassword(raw string) string {
	password := normalizePassword(raw)
	if utf8.RuneCountInString(password) > maxPassword {
		return ""
	}
	return password
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
			return s.endCopied(ctx, session, client, now)
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

// endCopied ends a session whose tokens somebody copied, and tells the owner
// once.
func (s *Service) endCopied(ctx context.Context, session Session, client Client, now time.Time) error {
	first, err := s.store.EndSession(ctx, session.ID, EndedByReuse, now)
	if err != nil {
		return err
	}
	s.forget(ctx, first, session.ID)
	if !first {
		return nil
	}
	owner, err := s.store.User(ctx, session.UserID)
	if err != nil {
		return err
	}
	return s.note(ctx, owner.Email, SecurityEvent{UserID: owner.ID, Kind: EventRefreshReused, Client: client})
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
	id, err := s.identityOf(ctx, sessionID)
	if err != nil {
		return auth.Identity{}, err
	}
	if id.UserID != userID {
		return auth.Identity{}, auth.ErrTokenInvalid
	}
	return id, nil
}

// identityOf returns whose a live session is, or auth.ErrSessionEnded.
func (s *Service) identityOf(ctx context.Context, sessionID int64) (auth.Identity, error) {
	now := s.now()
	session, epoch, ok := s.sessions.get(sessionID, now)
	if !ok {
		var err error
		if session, err = s.store.Session(ctx, sessionID); err != nil {
			return auth.Identity{}, err
		}
		if !session.Live(now) {
			return auth.Identity{}, auth.ErrSessionEnded
		}
		s.sessions.put(session, epoch, now)
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
