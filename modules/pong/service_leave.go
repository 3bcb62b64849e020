package pong

import (
	"context"
	"fmt"
)

// Depart ends what somebody plays, waits for or was asked, when they have left Rally.
// It may be done again.
func (s *Service) Depart(ctx context.Context, userID int64) error {
	if err := s.leaveQueue(ctx, userID); err != nil {
		return fmt.Errorf("leave the queue: %w", err)
	}
	invites, err := s.store.InvitesOf(ctx, userID)
	if err != nil {
		return err
	}
	for _, m := range invites {
		if err := s.withdraw(ctx, m.ID, ByDeparture); err != nil {
			return err
		}
	}
	playing, err := s.store.PlayingOf(ctx, userID)
	if err != nil {
		return err
	}
	for _, m := range playing {
		side, _ := m.SideOf(userID)
		if _, err := s.Finish(ctx, m.ID, s.surrender(m, side)); err != nil {
			return err
		}
	}
	return s.LeaveAllCups(ctx, userID)
}

// Export is what is stored of somebody who plays.
type Export struct {
	StandingExport
	Matches []Match // the newest
}

// exportLimit bounds the lists of an export.
const exportLimit = 10_000

// Archive is what an export reads.
type Archive interface {
	ExportStandings(ctx context.Context, userID int64, limit int) (StandingExport, error)
	ExportMatches(ctx context.Context, userID int64, limit int) ([]Match, error)
}

// ExportOf returns what is stored of somebody.
func ExportOf(ctx context.Context, a Archive, userID int64) (e Export, err error) {
	if e.StandingExport, err = a.ExportStandings(ctx, userID, exportLimit); err != nil {
		return e, err
	}
	e.Matches, err = a.ExportMatches(ctx, userID, exportLimit)
	return e, err
}
