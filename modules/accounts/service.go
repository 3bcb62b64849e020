package accounts

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"rally/platform/auth"
)

// Deps are what the service stands on. All are needed.
type Deps struct {
	Tx      Tx
	Store   Store
	Events  Events
	Mailer  Mailer
	Signals Signals
	Clock   Clock
	Random  io.Reader // cryptographic, safe for concurrent use
	Secret  []byte    // the program's root secret, at least 16 bytes

	Relying   RelyingParty
	Providers []Provider // those that are configured
	Tasks     Tasks
	Journal   Journal
	Pictures  Pictures
	Exports   []Export
	Tickets   Tickets
}

// Service is the module's use cases. It is safe for concurrent use.
type Service struct {
	cfg     Config
	tx      Tx
	store   Store
	events  Events
	mailer  Mailer
	signals Signals
	clock   Clock
	random  io.Reader

	relying   RelyingParty
	providers []Provider
	tasks     Tasks
	journal   Journal
	pictures  Pictures
	exports   []Export
	tickets   Tickets

	limit    Limit
	hasher   *hasher
	signer   *signer
	vault    *vault
	sessions *sessionCache
}

var _ auth.Authenticator = (*Service)(nil)

// New returns the service. It fails when the secret is too short.
func New(cfg Config, d Deps) (*Service, error) {
	s := &Service{
		cfg: cfg, tx: d.Tx, store: d.Store, events: d.Events, mailer: d.Mailer, signals: d.Signals,
		clock: d.Clock, random: d.Random,
		relying: d.Relying, providers: d.Providers, tasks: d.Tasks, journal: d.Journal, pictures: d.Pictures, exports: d.Exports, tickets: d.Tickets,
		limit: Limit{Attempts: cfg.LimitAttempts, Window: cfg.LimitWindow, Block: cfg.LimitBlock},
	}
	var errHasher, errSigner, errVault, errCache error
	s.hasher, errHasher = newHasher(cfg, d.Random)
	s.signer, errSigner = newSigner(d.Secret, cfg.AccessTTL, d.Clock)
	s.vault, errVault = newVault(d.Secret, d.Random)
	s.sessions, errCache = newSessionCache()
	if err := errors.Join(errHasher, errSigner, errVault, errCache); err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return s, nil
}

// now returns the time as every database can keep it.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// randomHex returns n random hexadecimal digits.
func (s *Service) randomHex(n int) (string, error) {
	raw := make([]byte, (n+1)/2)
	if err := fill(s.random, raw); err != nil {
		return "", err
	}
	return hex.EncodeToString(raw)[:n], nil
}

// fill fills b with random bytes.
func fill(random io.Reader, b []byte) error {
	if _, err := io.ReadFull(random, b); err != nil {
		return fmt.Errorf("read random bytes: %w", err)
	}
	return nil
}

const (
	profileNameLength = 7
	profileNameTries  = 8
)

// createUser inserts a user with their profile and tells other modules. It
// returns false, and does nothing, when the address is taken.
func (s *Service) createUser(ctx context.Context, u NewUser) (int64, bool, error) {
	id, inserted, err := s.store.InsertUser(ctx, u)
	if err != nil || !inserted {
		return 0, false, err
	}
	profile := Profile{UserID: id, UserName: userNameFrom(u.Email)}
	for range profileNameTries {
		if profile.ProfileName, err = s.randomHex(profileNameLength); err != nil {
			return 0, false, err
		}
		free, err := s.store.InsertProfile(ctx, profile, u.CreatedAt)
		if err != nil {
			return 0, false, err
		}
		if free {
			return id, true, s.events.Emit(ctx, UserRegistered{UserID: id, At: u.CreatedAt})
		}
	}
	return 0, false, fmt.Errorf("no free profile name in %d tries", profileNameTries)
}

// account returns a user with their profile.
func (s *Service) account(ctx context.Context, user User) (Account, error) {
	profile, err := s.store.Profile(ctx, user.ID)
	if err != nil {
		return Account{}, fmt.Errorf("user %d: %w", user.ID, err)
	}
	return Account{User: user, Profile: profile}, nil
}
