package accounts

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"rally/platform/auth"
	"rally/platform/page"
)

// Sessions returns the caller's live sessions, newest use first, or
// auth.ErrRequired.
func (s *Service) Sessions(ctx context.Context) ([]Session, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.LiveSessions(ctx, caller.UserID, s.now())
}

// lockOwner locks and returns the owner of a session that still lives, or
// auth.ErrSessionEnded. What a session may do is checked before the lock; who
// ended it meanwhile, with a new password perhaps, must not be overtaken.
func (s *Service) lockOwner(ctx context.Context, sessionID int64) (Credentials, error) {
	session, err := s.store.Session(ctx, sessionID)
	if err != nil {
		return Credentials{}, err
	}
	owner, err := s.store.LockUser(ctx, session.UserID)
	if err != nil {
		return Credentials{}, err
	}
	if session, err = s.store.Session(ctx, sessionID); err == nil && !session.Live(s.now()) {
		err = auth.ErrSessionEnded
	}
	return owner, err
}

// EndedSessions returns which of some sessions have ended. Whoever holds
// something of a session asks now and then: the signal of its end may be lost.
func (s *Service) EndedSessions(ctx context.Context, ids []int64) ([]int64, error) {
	live, err := s.store.StillLive(ctx, ids, s.now())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return slices.Contains(live, id) }), nil
}

// EndSession ends a session of the caller. It returns auth.ErrRequired,
// auth.ErrSessionEnded when that was the caller's own, meanwhile, or
// ErrSessionNotFound.
func (s *Service) EndSession(ctx context.Context, id int64) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		// A live connection may outlive its session for a moment. In that it must
		// not end another one.
		if own, err := s.store.Session(ctx, caller.SessionID); err != nil || !own.Live(now) {
			return cmp.Or(err, error(auth.ErrSessionEnded))
		}
		session, err := s.store.Session(ctx, id)
		switch {
		case errors.Is(err, auth.ErrSessionEnded):
			return ErrSessionNotFound
		case err != nil:
			return err
		case session.UserID != caller.UserID || !session.Live(now):
			return ErrSessionNotFound
		}
		return s.endSession(ctx, id, EndedByOwner, now)
	})
}

// EndOtherSessions ends all sessions of the caller but this one, and returns
// how many those were. It returns auth.ErrRequired.
func (s *Service) EndOtherSessions(ctx context.Context) (int, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return 0, err
	}
	ended := 0
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		// A login that is under way holds the same lock: it ends, or comes after.
		if _, err := s.lockOwner(ctx, caller.SessionID); err != nil {
			return err
		}
		var err error
		ended, err = s.endOthers(ctx, caller.UserID, caller.SessionID, EndedByOwner, s.now())
		return err
	})
	return ended, err
}

// Devices returns the caller's trusted devices, and which of them calls (0:
// none). It returns auth.ErrRequired.
func (s *Service) Devices(ctx context.Context, client Client) (list []Device, current int64, err error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return nil, 0, err
	}
	device, err := s.deviceOf(ctx, caller.UserID, client)
	if err != nil {
		return nil, 0, err
	}
	list, err = s.store.TrustedDevices(ctx, caller.UserID, s.now())
	return list, device.ID, err
}

// DistrustDevice makes a device of the caller need the second step again. It
// returns auth.ErrRequired or ErrDeviceNotFound.
func (s *Service) DistrustDevice(ctx context.Context, id int64) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		trusted, err := s.store.DistrustDevice(ctx, caller.UserID, id)
		if err == nil && !trusted {
			err = ErrDeviceNotFound
		}
		return err
	})
}

// SecurityEventList is the list of a user's security events.
func SecurityEventList(userID int64) page.CursorList {
	return page.CursorList{Name: "accounts.security_events", Filters: []string{strconv.FormatInt(userID, 10)}}
}

// SecurityEvents returns a part of the caller's security events, newest first.
// It returns auth.ErrRequired.
func (s *Service) SecurityEvents(ctx context.Context, r page.CursorRequest) (page.Slice[SecurityEvent], error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return page.Slice[SecurityEvent]{}, err
	}
	rows, err := s.store.SecurityEvents(ctx, caller.UserID, r)
	if err != nil {
		return page.Slice[SecurityEvent]{}, err
	}
	return page.Keyset(r, rows, func(e SecurityEvent) []int64 { return []int64{e.ID} }), nil
}

// SessionDevice names the device of a session of the caller, as Client does, or
// is empty when there is no such session any more.
func (s *Service) SessionDevice(ctx context.Context, id int64) (string, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return "", err
	}
	session, err := s.store.Session(ctx, id)
	if errors.Is(err, auth.ErrSessionEnded) || err == nil && session.UserID != caller.UserID {
		return "", nil
	}
	return Client{UserAgent: session.Client.UserAgent}.DeviceName(), err
}
