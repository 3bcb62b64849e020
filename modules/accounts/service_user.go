package accounts

import (
	"context"

	"rally/platform/auth"
)

// Me returns the caller's account, or auth.ErrRequired.
func (s *Service) Me(ctx context.Context) (Account, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Account{}, err
	}
	user, err := s.store.User(ctx, caller.UserID)
	if err != nil {
		return Account{}, err
	}
	return s.account(ctx, user)
}

// UpdateMe changes what the caller may change of themselves.
//
// It returns auth.ErrRequired, or fault.ErrInvalid with the fields shoe_size
// and phone_number.
func (s *Service) UpdateMe(ctx context.Context, change UserChange) (Account, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Account{}, err
	}
	var p problems
	if change.ShoeSize.Set {
		change.ShoeSize.Value = p.shoeSize(change.ShoeSize.Value)
	}
	if change.PhoneNumber.Set {
		change.PhoneNumber.Value = p.phone(change.PhoneNumber.Value)
	}
	if err := p.err(); err != nil {
		return Account{}, err
	}
	var account Account
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if change.ShoeSize.Set || change.PhoneNumber.Set {
			if err := s.store.UpdateUser(ctx, caller.UserID, change); err != nil {
				return err
			}
		}
		user, err := s.store.User(ctx, caller.UserID)
		if err != nil {
			return err
		}
		account, err = s.account(ctx, user)
		return err
	})
	return account, err
}

// Active reports whether the user's account is active. It is for other
// modules.
func (s *Service) Active(ctx context.Context, userID int64) (bool, error) {
	user, err := s.store.User(ctx, userID)
	return err == nil && user.DeactivatedAt.IsZero(), err
}
