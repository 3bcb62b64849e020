package friends

import (
	"context"

	"rally/platform/auth"
	"rally/platform/page"
)

// BlocksOf lists whom the caller blocks, newest first.
func (s *Service) BlocksOf(ctx context.Context, r page.CursorRequest) (page.Slice[Blocked], error) {
	none := page.Slice[Blocked]{}
	caller, err := auth.Require(ctx)
	if err != nil {
		return none, err
	}
	rows, err := s.store.Blocks(ctx, caller.UserID, r)
	if err != nil {
		return none, err
	}
	list := page.Keyset(r, rows, func(b Block) []int64 { return []int64{b.ID} })
	return withPeople(ctx, s, list, func(b Block) int64 { return b.UserID }, func(b Block, who Person) Blocked { return Blocked{b, who} })
}

// Block blocks somebody, by their id or, when that is 0, by their profile name:
// friendship and requests of both end. New is false when the block stood.
// Errors: ErrPersonNotFound, ErrSelf, ErrTooManyBlocks.
func (s *Service) Block(ctx context.Context, userID int64, profileName string) (who Person, isNew bool, err error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return who, false, err
	}
	if who, err = s.other(ctx, caller.UserID, userID, profileName); err != nil {
		return who, false, err
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		isNew = false
		if err := s.store.LockPeople(ctx, caller.UserID, who.UserID); err != nil {
			return err
		}
		isNew, err = s.block(ctx, caller.UserID, who.UserID)
		return err
	})
	return who, isNew, err
}

func (s *Service) block(ctx context.Context, me, them int64) (isNew bool, err error) {
	n, err := s.store.CountBlocks(ctx, me)
	if err != nil {
		return false, err
	}
	isNew, err = s.store.Block(ctx, me, them, s.now())
	if err != nil || !isNew {
		return false, err
	}
	if n >= MaxBlocks {
		return false, ErrTooManyBlocks
	}
	for _, way := range [][2]int64{{me, them}, {them, me}} {
		r, open, err := s.store.OpenRequest(ctx, way[0], way[1])
		if err != nil {
			return false, err
		}
		if open {
			if err := s.withdraw(ctx, r, Cancelled, me); err != nil {
				return false, err
			}
		}
	}
	return true, s.part(ctx, me, them)
}

// Unblock takes a block of the caller back, if there is one.
func (s *Service) Unblock(ctx context.Context, userID int64) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.Unblock(ctx, caller.UserID, userID) })
}
