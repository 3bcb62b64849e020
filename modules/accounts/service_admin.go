package accounts

import (
	"context"
	"fmt"
	"time"
)

// ImportedUser is a user as a program makes them, with a verified address.
type ImportedUser struct {
	Email       string
	Password    string // not checked against the rules: the program answers for it
	Staff       bool
	ShoeSize    int    // 0: none
	PhoneNumber string // Korean; empty: none

	UserName     string // empty: from the address
	ProfileName  string // empty: a random one
	Introduction string
	Image        string    // key of the picture
	CreatedAt    time.Time // zero: now
}

// Import creates users with their profiles, all or none, and returns their
// ids in the same order. It is no use case of a person: programs call it, on
// data of their own. It takes few statements whatever the number, and one
// hash for each distinct password.
//
// It returns fault.ErrInvalid for an address, size or number that can't be,
// and a plain error when an address or a profile name is taken.
func (s *Service) Import(ctx context.Context, list []ImportedUser) ([]int64, error) {
	now := s.now()
	users := make([]NewUser, len(list))
	profiles := make([]Profile, len(list))
	times := make([]time.Time, len(list))
	hashes := map[string]string{}
	for i, in := range list {
		var p problems
		times[i] = emptyAsNow(in.CreatedAt, now)
		users[i] = NewUser{
			Email: p.email(in.Email), Staff: in.Staff, Claim: Claim{ShoeSize: p.shoeSize(in.ShoeSize), PhoneNumber: p.phone(in.PhoneNumber)},
			VerifiedAt: times[i], CreatedAt: times[i],
		}
		if err := p.err(); err != nil {
			return nil, fmt.Errorf("import user %d: %w", i, err)
		}
		password := normalizePassword(in.Password)
		hash, known := hashes[password]
		if !known {
			var err error
			if hash, err = s.hasher.hash(ctx, password); err != nil {
				return nil, err
			}
			hashes[password] = hash
		}
		users[i].PasswordHash = hash
		profiles[i] = Profile{UserName: in.UserName, ProfileName: in.ProfileName, Introduction: in.Introduction, Image: in.Image}
		if profiles[i].UserName == "" {
			profiles[i].UserName = userNameFrom(users[i].Email)
		}
		if profiles[i].ProfileName == "" {
			var err error
			if profiles[i].ProfileName, err = s.randomHex(profileNameLength); err != nil {
				return nil, err
			}
		}
	}
	var ids []int64
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if ids, err = s.store.InsertUsers(ctx, users); err != nil {
			return fmt.Errorf("import users: %w", err)
		}
		for i, id := range ids {
			profiles[i].UserID = id
		}
		if err := s.store.InsertProfiles(ctx, profiles, times); err != nil {
			return fmt.Errorf("import profiles: %w", err)
		}
		for i, id := range ids {
			if err := s.events.Emit(ctx, UserRegistered{UserID: id, At: times[i]}); err != nil {
				return err
			}
		}
		return nil
	})
	return ids, err
}

// emptyAsNow lets imported rows leave the time out.
func emptyAsNow(at, now time.Time) time.Time {
	if at.IsZero() {
		return now
	}
	return at.UTC().Truncate(time.Microsecond)
}

// CountUsers returns how many accounts there are.
func (s *Service) CountUsers(ctx context.Context) (int, error) { return s.store.CountUsers(ctx) }

// CreateAdmin makes a verified member of staff. An existing account is
// promoted and gets the given password. Its sessions, its second step and
// every other way in are gone: somebody else may have opened it. It is called by the operator, so nobody's rights are
// checked. It reports whether the account is new.
//
// It returns fault.ErrInvalid with the fields email and password,
// ErrDeactivated or ErrBusy.
func (s *Service) CreateAdmin(ctx context.Context, email, password string) (created bool, err error) {
	var p problems
	email = p.email(email)
	password = normalizePassword(password)
	p.password("password", password, email)
	if err := p.err(); err != nil {
		return false, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return false, err
	}
	now := s.now()
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		_, created, err = s.createUser(ctx, NewUser{Email: email, Claim: Claim{PasswordHash: hash}, Staff: true, VerifiedAt: now, CreatedAt: now})
		if err != nil || created {
			return err
		}
		found, err := s.lockOwnerOf(ctx, email)
		if err != nil {
			return err
		}
		if !found.User.DeactivatedAt.IsZero() {
			return ErrDeactivated
		}
		if err := s.store.Promote(ctx, found.User.ID, hash, now); err != nil {
			return err
		}
		if err := s.store.ForgetClaims(ctx, found.User.ID); err != nil {
			return err
		}
		if err := s.store.ForgetWaysIn(ctx, found.User.ID); err != nil {
			return err
		}
		if err := s.store.DistrustDevices(ctx, found.User.ID); err != nil {
			return err
		}
		if _, err := s.endOthers(ctx, found.User.ID, 0, EndedByPromote, now); err != nil {
			return err
		}
		return s.note(ctx, email, SecurityEvent{UserID: found.User.ID, Kind: EventPasswordChanged})
	})
	return created, err
}

// RemoveSecondStep lets somebody who lost their second step, and their recovery
// codes, sign in with the first alone. Passkeys stay as a way in. It is called
// by the operator, so nobody's rights are checked: they answer for knowing who
// asked. Every session ends.
//
// It returns ErrUserNotFound or ErrNoSecondStep.
func (s *Service) RemoveSecondStep(ctx context.Context, rawEmail string) error {
	email, ok := normalizeEmail(rawEmail)
	if !ok {
		return ErrUserNotFound
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		known, err := s.store.Credentials(ctx, email)
		if err != nil {
			return err
		}
		found, err := s.store.LockUser(ctx, known.User.ID)
		if err != nil {
			return err
		}
		user := found.User
		if !user.SecondStep() {
			return ErrNoSecondStep
		}
		if err := s.store.DeleteOTPSecret(ctx, user.ID); err != nil {
			return err
		}
		if err := s.store.SetPasskeyStep(ctx, user.ID, false); err != nil {
			return err
		}
		if err := s.store.ReplaceRecoveryCodes(ctx, user.ID, nil); err != nil {
			return err
		}
		if err := s.store.DistrustDevices(ctx, user.ID); err != nil {
			return err
		}
		if _, err := s.endOthers(ctx, user.ID, 0, EndedByOperator, s.now()); err != nil {
			return err
		}
		return s.note(ctx, user.Email, SecurityEvent{UserID: user.ID, Kind: EventSecondStepChange})
	})
}
