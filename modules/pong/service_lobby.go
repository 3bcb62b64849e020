package pong

import (
	"context"

	"rally/platform/auth"
)

// Lobby is what somebody who wants to play finds.
type Lobby struct {
	Queue    QueueState
	Incoming []Shown // invitations
	Outgoing []Shown
	Calls    []Shown // matches of tournaments that wait for them
	Live     []Shown
}

// Lobby returns what there is for the caller, who may be nobody.
func (s *Service) Lobby(ctx context.Context) (l Lobby, err error) {
	if l.Live, err = s.LiveMatches(ctx); err != nil {
		return l, err
	}
	caller, in := auth.From(ctx)
	if !in {
		l.Queue.People, err = s.store.CountQueue(ctx, s.now().Add(-seenWithin))
		return l, err
	}
	if l.Queue, err = s.queueOf(ctx, caller.UserID); err != nil {
		return l, err
	}
	invites, err := s.store.InvitesOf(ctx, caller.UserID)
	if err != nil {
		return l, err
	}
	calls, err := s.store.CallsOf(ctx, caller.UserID)
	if err != nil {
		return l, err
	}
	shown, err := s.showAll(ctx, append(invites, calls...))
	if err != nil {
		return l, err
	}
	now := s.now()
	for _, m := range shown {
		switch {
		case m.State == Open:
			l.Calls = append(l.Calls, m)
		case !m.RespondBy.After(now): // about to be closed
		case m.Players[Left] == caller.UserID:
			l.Outgoing = append(l.Outgoing, m)
		default:
			l.Incoming = append(l.Incoming, m)
		}
	}
	return l, nil
}

// Waiters returns how many people wait for a quick match.
func (s *Service) Waiters(ctx context.Context) (int, error) {
	return s.store.CountQueue(ctx, s.now().Add(-seenWithin))
}
