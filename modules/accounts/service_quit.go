package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rally/platform/auth"
	"rally/platform/page"
)

const (
	eraseBatch   = 100 // leavers that one run of the job erases
	erasedDigits = 16  // of the name that an erased user goes by
	eventTTL     = 2 * 365 * 24 * time.Hour
	endedTTL     = 30 * 24 * time.Hour // how long an ended session is kept
	staleTTL     = 24 * time.Hour      // how long an expired key is kept
)

// Quit lets the caller leave. Every session ends, and other modules take back
// what is open; one that can't refuses with a fault of its own. For 30 days a
// login brings the account back; then its personal data is erased.
//
// It returns auth.ErrRequired, fault.ErrInvalid with the field password,
// ErrBadCredentials, ErrReauthRequired where there is no password, ErrBusy,
// ErrTooManyAttempts, auth.ErrSessionEnded or another module's fault.
func (s *Service) Quit(ctx context.Context, password string, client Client) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	if err := s.prove(ctx, "password", password, client); err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		found, err := s.lockOwner(ctx, caller.SessionID)
		if err != nil {
			return err
		}
		now := s.now()
		left, err := s.store.Deactivate(ctx, caller.UserID, now)
		if err != nil {
			return err
		}
		if !left {
			return ErrDeactivated
		}
		if err := s.events.Emit(ctx, UserDeactivated{UserID: caller.UserID, At: now}); err != nil {
			return err
		}
		if err := s.store.DeleteResets(ctx, caller.UserID); err != nil {
			return err
		}
		if err := s.store.DeleteEmailChanges(ctx, caller.UserID); err != nil {
			return err
		}
		if _, err := s.endOthers(ctx, caller.UserID, 0, EndedByQuit, now); err != nil {
			return err
		}
		return s.note(ctx, found.User.Email, SecurityEvent{UserID: caller.UserID, Kind: EventQuit, Client: client})
	})
}

// EraseLeavers erases the personal data of those who left 30 days ago, each in
// a transaction of their own. Who can't be erased keeps nobody else. It is a
// job's.
func (s *Service) EraseLeavers(ctx context.Context) error {
	leavers, err := s.store.LeaversBefore(ctx, s.now().Add(-returnTTL), eraseBatch)
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range leavers {
		if err := s.erase(ctx, id); err != nil {
			failed = append(failed, fmt.Errorf("erase user %d: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) erase(ctx context.Context, userID int64) error {
	suffix, err := s.randomHex(erasedDigits)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		found, err := s.store.LockUser(ctx, userID)
		if err != nil {
			return err
		}
		now := s.now()
		if found.User.DeactivatedAt.IsZero() || !found.User.ErasedAt.IsZero() || now.Sub(found.User.DeactivatedAt) < returnTTL {
			return nil // they came back while we looked
		}
		if err := s.events.Emit(ctx, UserErased{UserID: userID, At: now}); err != nil {
			return err
		}
		if err := s.mailer.Forget(ctx, found.User.Email); err != nil {
			return err
		}
		// .invalid never gets a mail (RFC 2606, 2). The name is random, so that
		// nobody can register it first and be in the way.
		image, err := s.store.Erase(ctx, userID, "erased-"+suffix+"@rally.invalid", "gone-"+suffix, now)
		if err != nil {
			return err
		}
		if image != "" {
			s.pictures.DeleteAfterCommit(ctx, image)
		}
		return nil
	})
}

// PurgeLimits are the times before which rows are deleted.
type PurgeLimits struct {
	Now           time.Time // what expired before can't be used
	EndedSessions time.Time
	ExpiredKeys   time.Time
	Events        time.Time
	Attempts      time.Time
	Unproved      time.Time // accounts that never proved their address, and have no key left
}

// Purge deletes what has expired: sessions with their tokens, mailed keys,
// waiting logins, trips, ceremonies, devices, counted attempts and old security
// events. It is a job's.
func (s *Service) Purge(ctx context.Context) error {
	now := s.now()
	return s.store.Purge(ctx, PurgeLimits{
		Now: now, EndedSessions: now.Add(-endedTTL), ExpiredKeys: now.Add(-staleTTL), Events: now.Add(-eventTTL),
		Unproved: now.Add(-unprovedTTL), Attempts: now.Add(-max(s.limit.Window, s.limit.Block)),
	})
}

// Exported is everything that is stored about a user. Secrets are left out:
// hashes, keys and tokens say nothing about a person.
type Exported struct {
	Account    Account
	Sessions   []Session
	Identities []Identity
	Passkeys   []Passkey
	Devices    []Device
	Events     []SecurityEvent
	Modules    map[string]any // by the name of the module
}

// ExportMe returns everything that is stored about the caller, or
// auth.ErrRequired.
func (s *Service) ExportMe(ctx context.Context) (Exported, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Exported{}, err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return Exported{}, err
	}
	// No transaction around it: SQLite would let nobody write meanwhile.
	account, errAccount := s.account(ctx, user)
	sessions, errSessions := s.store.LiveSessions(ctx, user.ID, s.now())
	identities, errIdentities := s.store.IdentitiesOf(ctx, user.ID)
	passkeys, errPasskeys := s.store.PasskeysOf(ctx, user.ID)
	devices, errDevices := s.store.DevicesOf(ctx, user.ID)
	events, errEvents := s.store.SecurityEvents(ctx, user.ID, page.CursorRequest{Size: maxExportedEvents})
	if err := errors.Join(errAccount, errSessions, errIdentities, errPasskeys, errDevices, errEvents); err != nil {
		return Exported{}, err
	}
	for i := range passkeys {
		passkeys[i].CredentialID, passkeys[i].Credential = nil, nil
	}
	for i := range devices {
		devices[i].Hash = nil
	}
	out := Exported{
		Account: account, Sessions: sessions, Identities: identities, Passkeys: passkeys, Devices: devices, Events: events, Modules: map[string]any{},
	}
	for _, e := range s.exports {
		if out.Modules[e.Name], err = e.Of(ctx, user.ID); err != nil {
			return Exported{}, fmt.Errorf("export %s: %w", e.Name, err)
		}
	}
	return out, nil
}

const maxExportedEvents = 10_000
