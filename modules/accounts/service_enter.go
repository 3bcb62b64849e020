package accounts

import (
	"context"
	"errors"
	"time"

	"rally/platform/auth"
)

const (
	pendingTTL = 10 * time.Minute
	returnTTL  = 30 * 24 * time.Hour // how long people who left may come back
)

// Second steps, as a client may offer them.
const (
	StepOTP      = "otp"
	StepRecovery = "recovery_code"
	StepPasskey  = "passkey"
)

// PendingLogin is a login whose second step is still to come. It is no
// session: all it is good for is that step.
type PendingLogin struct {
	ID        int64
	UserID    int64
	Hash      []byte // SHA-256
	Method    string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Cookie is an opaque value for the browser to keep.
type Cookie struct {
	Value   string // empty: nothing to keep
	Expires time.Time
}

// Entrance is what a proof of who somebody is leads to: a session, or a
// second step.
type Entrance struct {
	Tokens  auth.Tokens
	Account Account

	// Steps are the second steps that are open to them, and Pending is what
	// they are taken with. Both are empty when the session has begun.
	Steps   []string
	Pending Cookie

	Device Cookie // new, for a browser that wasn't known
}

// entry is a proof of who somebody is.
type entry struct {
	userID int64
	method string
	client Client
	whole  bool // no second step: this proof holds two, or it is the second

	// accept looks at the user, who is locked now, and refuses what no longer
	// holds, such as a password that has changed meanwhile.
	accept func(ctx context.Context, now Credentials) error
	trust  bool // the device needs no second step from now on
}

// enter starts a session, or its second step, in the transaction of ctx. The
// user is locked, so that whoever ends sessions meets either none or all of it.
//
// It returns ErrDeactivated, ErrEmailUnverified, or what accept returns.
func (s *Service) enter(ctx context.Context, e entry) (Entrance, error) {
	found, err := s.store.LockUser(ctx, e.userID)
	if err != nil {
		return Entrance{}, err
	}
	if e.accept != nil {
		if err := e.accept(ctx, found); err != nil {
			return Entrance{}, err
		}
	}
	now := s.now()
	switch {
	case !found.User.ErasedAt.IsZero(), !found.User.DeactivatedAt.IsZero() && now.Sub(found.User.DeactivatedAt) >= returnTTL:
		return Entrance{}, ErrDeactivated
	case found.User.VerifiedAt.IsZero():
		return Entrance{}, ErrEmailUnverified
	}
	device, err := s.deviceOf(ctx, e.userID, e.client)
	if err != nil {
		return Entrance{}, err
	}
	if found.User.SecondStep() && !e.whole && !device.Trusted(now) {
		return s.askSecondStep(ctx, found.User, e.method, now)
	}
	return s.openSession(ctx, found.User, e, device, now)
}

// deviceOf returns the known device that a client shows, or the zero Device.
func (s *Service) deviceOf(ctx context.Context, userID int64, client Client) (Device, error) {
	hash, ok := opaqueHash(client.Device)
	if !ok {
		return Device{}, nil
	}
	device, err := s.store.Device(ctx, userID, hash)
	if errors.Is(err, ErrDeviceNotFound) || (err == nil && !s.now().Before(device.ExpiresAt)) {
		return Device{}, nil
	}
	return device, err
}

func (s *Service) askSecondStep(ctx context.Context, user User, method string, now time.Time) (Entrance, error) {
	token, err := newOpaque(s.random)
	if err != nil {
		return Entrance{}, err
	}
	out := Entrance{Pending: Cookie{Value: token.text, Expires: now.Add(pendingTTL)}}
	if out.Steps, err = s.stepsOf(ctx, user); err != nil {
		return Entrance{}, err
	}
	return out, s.store.InsertPendingLogin(ctx, PendingLogin{UserID: user.ID, Hash: token.hash, Method: method, CreatedAt: now, ExpiresAt: out.Pending.Expires})
}

func (s *Service) stepsOf(ctx context.Context, user User) ([]string, error) {
	var steps []string
	if user.OTP {
		steps = append(steps, StepOTP)
	}
	passkeys, err := s.store.PasskeysOf(ctx, user.ID)
	if err != nil {
		return nil, err
	}
	if len(passkeys) > 0 {
		steps = append(steps, StepPasskey)
	}
	codes, err := s.store.CountRecoveryCodes(ctx, user.ID)
	if codes > 0 {
		steps = append(steps, StepRecovery)
	}
	return steps, err
}

// openSession stores a session of a locked user, with their device.
func (s *Service) openSession(ctx context.Context, user User, e entry, device Device, now time.Time) (Entrance, error) {
	var out Entrance
	client := e.client.clean()
	if !user.DeactivatedAt.IsZero() {
		if err := s.comeBack(ctx, &user, client, now); err != nil {
			return Entrance{}, err
		}
	}
	refresh, err := newOpaque(s.random)
	if err != nil {
		return Entrance{}, err
	}
	session := Session{
		UserID: user.ID, Method: e.method, Client: client,
		CreatedAt: now, LastSeenAt: now, ExpiresAt: now.Add(s.cfg.SessionTTL),
	}
	// On a trusted device half of the proof may be weeks old.
	if e.whole || !user.SecondStep() {
		session.AuthenticatedAt = now
	}
	if session.ID, err = s.store.InsertSession(ctx, session); err != nil {
		return Entrance{}, err
	}
	if err := s.store.InsertRefreshToken(ctx, RefreshToken{Hash: refresh.hash, CreatedAt: now, ExpiresAt: session.ExpiresAt, Session: session}); err != nil {
		return Entrance{}, err
	}
	if out.Device, err = s.meetDevice(ctx, user, session.ID, e, device); err != nil {
		return Entrance{}, err
	}
	if out.Tokens, err = s.tokens(session, refresh, now); err != nil {
		return Entrance{}, err
	}
	out.Account, err = s.account(ctx, user)
	return out, err
}

// meetDevice remembers the device of a session. One that is new is told to the
// owner, unless it is their first login.
func (s *Service) meetDevice(ctx context.Context, user User, sessionID int64, e entry, device Device) (Cookie, error) {
	now := s.now()
	client := e.client.clean()
	cookie := Cookie{Expires: now.Add(deviceTTL)}
	if device.ID != 0 {
		cookie.Value = client.Device // its life begins anew
		if err := s.store.UseDevice(ctx, device.ID, client, now, cookie.Expires); err != nil {
			return Cookie{}, err
		}
	} else {
		token, err := newOpaque(s.random)
		if err != nil {
			return Cookie{}, err
		}
		known, err := s.store.WasHere(ctx, user.ID, sessionID)
		if err != nil {
			return Cookie{}, err
		}
		device = Device{UserID: user.ID, Hash: token.hash, Client: client, CreatedAt: now, LastUsedAt: now, ExpiresAt: cookie.Expires}
		if device.ID, err = s.store.InsertDevice(ctx, device); err != nil {
			return Cookie{}, err
		}
		cookie.Value = token.text
		if known {
			if err := s.note(ctx, user.Email, SecurityEvent{UserID: user.ID, Kind: EventNewDevice, Client: client}); err != nil {
				return Cookie{}, err
			}
		}
	}
	if !e.trust {
		return cookie, nil
	}
	if err := s.store.TrustDevice(ctx, device.ID, now.Add(trustTTL)); err != nil {
		return Cookie{}, err
	}
	return cookie, s.note(ctx, user.Email, SecurityEvent{UserID: user.ID, Kind: EventDeviceTrusted, Client: client})
}

// comeBack makes a user who left active again.
func (s *Service) comeBack(ctx context.Context, user *User, client Client, now time.Time) error {
	if err := s.store.Reactivate(ctx, user.ID); err != nil {
		return err
	}
	user.DeactivatedAt = time.Time{}
	if err := s.events.Emit(ctx, UserReactivated{UserID: user.ID, At: now}); err != nil {
		return err
	}
	return s.note(ctx, user.Email, SecurityEvent{UserID: user.ID, Kind: EventCameBack, Client: client})
}

// endOthers ends what a user is signed in with, but one session (0: none is
// left out), and every login that waits for its second step. It returns how
// many sessions ended.
func (s *Service) endOthers(ctx context.Context, userID, but int64, reason string, now time.Time) (int, error) {
	if err := s.store.EndPendingLoginsOf(ctx, userID); err != nil {
		return 0, err
	}
	ended, err := s.store.EndSessionsOf(ctx, userID, but, reason, now)
	if err == nil && len(ended) > 0 {
		s.forget(ctx, true, ended...)
	}
	return len(ended), err
}
