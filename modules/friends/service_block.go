package friends

import (
	"context"

	"rally/platform/auth"
	"rally/platform/page"
)

// BlocksOf lists whom the caller blocks, or mutes, newest first.
func (s *Service) BlocksOf(ctx context.Context, mutes bool, r page.CursorRequest) (page.Slice[Blocked], error) {
	none := page.Slice[Blocked]{}
	caller, err := auth.Require(ctx)
	if err != nil {
		return none, err
	}
	rows, err := s.store.Blocks(ctx, caller.UserID, mutes, r)
	if err != nil {
		return none, err
	}
	list := page.Keyset(r, rows, func(b Block) []int64 { return []int64{b.ID} })
	return withPeople(ctx, s, list, func(b Block) int64 { return b.UserID }, func(b Block, who Person) Blocked { return Blocked{b, who} })
}

// Block blocks somebody, by their id or, when that is 0, by their profile name:
// friendship, requests and follows of both end. New is false when the block stood.
// Errors: ErrPersonNotFound, ErrSelf, ErrTooManyBlocks.
func (s *Service) Block(ctx context.Context, userID int64, profileName string) (who Person, isNew bool, err error) {
	return s.hide(ctx, userID, profileName, false)
}

// Mute keeps somebody's words away from the caller: posts, comments and
// notifications. Nothing else changes, and nobody learns of it. Its errors are
// those of Block; muting somebody who is blocked changes nothing.
func (s *Service) Mute(ctx context.Context, userID int64, profileName string) (who Person, isNew bool, err error) {
	return s.hide(ctx, userID, profileName, true)
}

func (s *Service) hide(ctx context.Context, userID int64, profileName string, mute bool) (who Person, isNew bool, err error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return who, false, err
	}
	if who, err = s.other(ctx, caller.UserID, userID, profileName); err != nil {
		return who, false, err
	}
	b := Block{By: caller.UserID, UserID: who.UserID, Mute: mute, CreatedAt: s.now()}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		isNew = false
		if err := s.store.LockPeople(ctx, b.By, b.UserID); err != nil {
			return err
		}
		var err error
		if isNew, err = s.store.Block(ctx, b); err != nil || !isNew {
			return err
		}
		n, err := s.store.CountBlocks(ctx, b.By) // a block may have taken a mute's place
		if err != nil {
			return err
		}
		if n > MaxBlocks {
			return ErrTooManyBlocks
		}
		s.tellHidden(ctx, b)
		if mute {
			return nil
		}
		if err := s.endTies(ctx, b.By, b.UserID); err != nil {
			return err
		}
		return s.events.Emit(ctx, Parted{b.By, b.UserID})
	})
	return who, isNew, err
}

// tellHidden says, after the commit, that two people see each other otherwise.
func (s *Service) tellHidden(ctx context.Context, b Block) {
	s.tx.AfterCommit(ctx, func(ctx context.Context) { s.signals.Hid(ctx, b.By, b.UserID) })
}

// endTies ends what there is between two people, one of whom blocks the other.
func (s *Service) endTies(ctx context.Context, me, them int64) error {
	for _, way := range [][2]int64{{me, them}, {them, me}} {
		r, open, err := s.store.OpenRequest(ctx, way[0], way[1])
		if err != nil {
			return err
		}
		if open {
			if err := s.withdraw(ctx, r, Cancelled, me); err != nil {
				return err
			}
		}
	}
	return s.part(ctx, me, them)
}

// Unblock takes a block of the caller back, if there is one.
func (s *Service) Unblock(ctx context.Context, userID int64) error {
	return s.show(ctx, Block{UserID: userID})
}

// Unmute takes a mute of the caller back, if there is one.
func (s *Service) Unmute(ctx context.Context, userID int64) error {
	return s.show(ctx, Block{UserID: userID, Mute: true})
}

func (s *Service) show(ctx context.Context, b Block) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	b.By = caller.UserID
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		if was, err := s.store.Unblock(ctx, b); err != nil || !was {
			return err
		}
		s.tellHidden(ctx, b)
		return nil
	})
}
