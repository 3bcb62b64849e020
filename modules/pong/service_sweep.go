package pong

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// sweepGrace is by how much a node leaves the deadlines of its tables to them.
	sweepGrace = 5 * time.Second
	// startGrace is how long a node that has just begun gives players to come back.
	startGrace = 15 * time.Second
	// sweepLimit is how many matches one sweep ends.
	sweepLimit = 100
)

// Sweep closes invitations whose time is over, and open matches to which nobody
// came. Every node does each second; two at once do no harm.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.now()
	due, err := s.store.Due(ctx, now, now.Add(-sweepGrace), sweepLimit)
	if err != nil {
		return fmt.Errorf("look for matches whose time is over: %w", err)
	}
	var failed error
	justBegan := now.Before(s.began.Add(startGrace))
	for _, m := range due {
		err = nil
		if m.State == Invited {
			err = s.withdraw(ctx, m.ID, ByExpiry)
		} else if !justBegan && !s.tables.Owned(m.ID) {
			_, err = s.Finish(ctx, m.ID, Result{State: Void, Reason: ByNoShow})
		}
		if err != nil && !gone(err) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// withdraw closes an invitation that nobody answered.
func (s *Service) withdraw(ctx context.Context, id int64, how Reason) error {
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		m, err := s.store.HoldMatch(ctx, id)
		if err != nil || m.State != Invited {
			return err
		}
		if err := s.closeInvite(&m, how); err != nil {
			return err
		}
		if err := s.store.UpdateMatch(ctx, m); err != nil {
			return err
		}
		s.tellAfter(ctx, NoticeAnswered, m, m.Players[:]...)
		return s.events.Emit(ctx, Answered{m})
	})
}

// PurgeQueue forgets who waits no more.
func (s *Service) PurgeQueue(ctx context.Context) error {
	return s.store.PurgeQueue(ctx, s.now().Add(-time.Hour))
}

// Orphans returns live matches that no node plays, as far as this one knows.
func (s *Service) Orphans(ctx context.Context) ([]int64, error) {
	live, err := s.store.LiveIDs(ctx)
	if err != nil {
		return nil, err
	}
	var orphans []int64
	for _, id := range live {
		if !s.tables.Owned(id) {
			orphans = append(orphans, id)
		}
	}
	return orphans, nil
}
