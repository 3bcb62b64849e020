package pong

import (
	"context"
	"errors"
	"slices"
	"time"

	"rally/platform/auth"
	"rally/platform/fault"
)

const (
	// callWithin is how long two players have to come to their match.
	callWithin = 60 * time.Second
	// inviteWithin is how long an invitation waits.
	inviteWithin = 60 * time.Second
	// loneWithin is how long a match without an opponent waits for its player.
	loneWithin = 10 * time.Minute
	// invitesOpen is how many invitations of one person may wait, invitesOften how
	// many they make within madeWindow, aloneOften how many matches without an opponent.
	invitesOpen  = 5
	invitesOften = 30
	aloneOften   = 60
	madeWindow   = 10 * time.Minute
	// liveShown is how many live matches are listed.
	liveShown = 50
)

// NewMatch is what somebody asks for.
type NewMatch struct {
	Mode       Mode // AI, Invite or Local
	Opponent   int64
	Difficulty Level
	Points     int // 0 is DefaultPoints
}

// CreateMatch makes a match against a robot, at one keyboard, or an invitation.
// Errors: ErrBadPoints, ErrSelf, ErrNoOpponent, ErrBlocked, ErrPlaying, ErrTooManyOpen,
// ErrInvitedOften, ErrMadeOften.
func (s *Service) CreateMatch(ctx context.Context, n NewMatch) (Shown, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Shown{}, err
	}
	if n.Points, err = checkPoints(n.Points); err != nil {
		return Shown{}, err
	}
	m := Match{Mode: n.Mode, Points: n.Points, Players: [2]int64{caller.UserID, 0}}
	switch n.Mode {
	case AI:
		if m.Difficulty = n.Difficulty; m.Difficulty == "" {
			m.Difficulty = Normal
		}
		if _, known := ParseLevel(string(m.Difficulty)); !known {
			return Shown{}, fault.ErrInvalid.WithField("difficulty", "A robot is easy, normal or hard.")
		}
		err = s.playAlone(ctx, &m)
	case Local:
		err = s.playAlone(ctx, &m)
	default:
		m.Players[Right] = n.Opponent
		err = s.invite(ctx, &m)
	}
	if err != nil {
		return Shown{}, err
	}
	return s.show(ctx, m)
}

// playAlone makes a match of one person.
func (s *Service) playAlone(ctx context.Context, m *Match) error {
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.free(ctx, ErrPlaying, m.Players[Left]); err != nil {
			return err
		}
		if err := s.notTooOften(ctx, m.Players[Left], aloneOften, ErrMadeOften, AI, Local); err != nil {
			return err
		}
		if err := s.leaveQueue(ctx, m.Players[Left]); err != nil {
			return err
		}
		return s.open(ctx, m, loneWithin)
	})
}

// notTooOften makes sure that somebody, who is held, has not made more matches of some
// modes within madeWindow than they may.
func (s *Service) notTooOften(ctx context.Context, userID int64, most int, often *fault.Error, modes ...Mode) error {
	now := s.now()
	made, first, err := s.store.MadeSince(ctx, userID, now.Add(-madeWindow), modes...)
	if err != nil || made < most {
		return err
	}
	return often.With("retry_after", int(first.Add(madeWindow).Sub(now).Seconds())+1)
}

// free makes sure that somebody, who is held from here on, plays no other match. One
// that only waits for them, and for nobody else, is closed for this one.
func (s *Service) free(ctx context.Context, busy error, userIDs ...int64) error {
	if err := s.store.HoldPlayers(ctx, userIDs...); err != nil {
		return err
	}
	playing, err := s.store.PlayingOf(ctx, userIDs...)
	if err != nil {
		return err
	}
	for _, m := range playing {
		if m.State != Open || m.Players[Right] != 0 {
			return busy
		}
		m.State, m.Reason, m.EndedAt = Void, ByAbandon, ptr(s.now())
		if err := s.store.UpdateMatch(ctx, m); err != nil {
			return err
		}
		s.tx.AfterCommit(ctx, func(ctx context.Context) { s.signals.Ended(ctx, m.ID) })
	}
	return nil
}

// open writes a match that waits for its players, who are held.
func (s *Service) open(ctx context.Context, m *Match, within time.Duration) error {
	m.CreatedAt = s.now()
	m.State, m.ReadyBy, m.Seed, m.Rated = Open, ptr(m.CreatedAt.Add(within)), s.seed(), m.Mode.Rated()
	return s.store.InsertMatch(ctx, m)
}

// openMatch writes a match of two, who are held and have callWithin to come.
func (s *Service) openMatch(ctx context.Context, m *Match) error { return s.open(ctx, m, callWithin) }

// errAskedBack says that the other has asked for the same rematch just now.
var errAskedBack = errors.New("they asked first")

// invite asks somebody to play. Errors: see CreateMatch; of a rematch also ErrNoRematch,
// where there was one, and errAskedBack, with the invitation in m.
func (s *Service) invite(ctx context.Context, m *Match) error {
	from, to := m.Players[Left], m.Players[Right]
	if from == to {
		return ErrSelf
	}
	if err := s.mayMeet(ctx, from, to); err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.HoldPlayers(ctx, from, to); err != nil {
			return err
		}
		open, err := s.store.InvitesOf(ctx, from)
		if err != nil {
			return err
		}
		now := s.now()
		sent := 0
		for _, other := range open {
			rematch := m.RematchOf != 0 && m.RematchOf == other.RematchOf
			if !other.RespondBy.After(now) {
				if rematch { // there is one at a time
					if err := s.withdraw(ctx, other.ID, ByExpiry); err != nil {
						return err
					}
				}
				continue
			}
			if other.Players == m.Players && m.RematchOf == other.RematchOf {
				*m = other // asked already
				return nil
			}
			if rematch {
				*m = other
				return errAskedBack
			}
			if other.Players[Left] == from {
				sent++
			}
		}
		if sent >= invitesOpen {
			return ErrTooManyOpen
		}
		if err := s.notTooOften(ctx, from, invitesOften, ErrInvitedOften, Invite); err != nil {
			return err
		}
		m.State, m.CreatedAt, m.RespondBy, m.Seed, m.Rated = Invited, now, ptr(now.Add(inviteWithin)), s.seed(), true
		if err := s.store.InsertMatch(ctx, m); err != nil {
			return err
		}
		s.tellAfter(ctx, NoticeInvited, *m, from, to)
		return s.events.Emit(ctx, Asked{*m})
	})
}

// mayMeet returns why two people can't play each other.
func (s *Service) mayMeet(ctx context.Context, a, b int64) error {
	profiles, err := s.profiles(ctx, a, b)
	if err != nil {
		return err
	}
	if _, there := profiles[b]; !there {
		return ErrNoOpponent
	}
	apart, err := s.apart(ctx, a)
	if err != nil {
		return err
	}
	if apart(b) {
		return ErrBlocked
	}
	return nil
}

// apart returns whom somebody doesn't meet: a block keeps two from each other.
func (s *Service) apart(ctx context.Context, userID int64) (func(other int64) bool, error) {
	unseen, err := s.blocks.UnseenBy(ctx, userID)
	if err != nil {
		return nil, err
	}
	return func(other int64) bool { return slices.Contains(unseen.Blocked, other) }, nil
}

// Accept takes an invitation. Errors: ErrMatchNotFound, ErrNotInvited, ErrInviteGone,
// ErrPlaying, ErrBusy, ErrBlocked.
func (s *Service) Accept(ctx context.Context, id int64) (Shown, error) {
	return s.answer(ctx, id, Right, func(ctx context.Context, m *Match) error {
		if err := s.mayMeet(ctx, m.Players[Right], m.Players[Left]); err != nil {
			return err
		}
		if err := s.free(ctx, ErrPlaying, m.Players[Right]); err != nil {
			return err
		}
		if err := s.free(ctx, ErrBusy, m.Players[Left]); err != nil {
			return err
		}
		if err := s.leaveQueue(ctx, m.Players[:]...); err != nil {
			return err
		}
		m.State, m.ReadyBy = Open, ptr(s.now().Add(callWithin))
		s.tellAfter(ctx, NoticeMatched, *m, m.Players[:]...)
		return nil
	})
}

// Decline refuses an invitation, CancelInvite takes one's own back. Errors:
// ErrMatchNotFound, ErrNotInvited, ErrInviteGone.
func (s *Service) Decline(ctx context.Context, id int64) (Shown, error) {
	return s.answer(ctx, id, Right, func(_ context.Context, m *Match) error { return s.closeInvite(m, ByDecline) })
}

// CancelInvite takes the caller's invitation back: see Decline.
func (s *Service) CancelInvite(ctx context.Context, id int64) (Shown, error) {
	return s.answer(ctx, id, Left, func(_ context.Context, m *Match) error { return s.closeInvite(m, ByCancel) })
}

func (s *Service) closeInvite(m *Match, how Reason) error {
	m.State, m.Reason, m.EndedAt = Closed, how, ptr(s.now())
	return nil
}

// answer changes an invitation that waits, if the caller is on a side of it.
func (s *Service) answer(ctx context.Context, id int64, by Side, change func(ctx context.Context, m *Match) error) (Shown, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Shown{}, err
	}
	var m Match
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		// People are locked before their matches.
		if m, err = s.known(ctx, id); err != nil {
			return err
		}
		if m.Mode != Invite || m.Players[by] != caller.UserID {
			return ErrNotInvited
		}
		if err = s.store.HoldPlayers(ctx, m.Players[:]...); err != nil {
			return err
		}
		if m, err = s.store.HoldMatch(ctx, id); err != nil {
			return err
		}
		if m.State != Invited || !m.RespondBy.After(s.now()) {
			return ErrInviteGone
		}
		if err := change(ctx, &m); err != nil {
			return err
		}
		if err := s.store.UpdateMatch(ctx, m); err != nil {
			return err
		}
		s.tellAfter(ctx, NoticeAnswered, m, m.Players[:]...)
		return s.events.Emit(ctx, Answered{m})
	})
	if err != nil {
		return Shown{}, err
	}
	return s.show(ctx, m)
}

// Rematch asks for another match like one that is over. Who asks second accepts.
// Errors: ErrMatchNotFound, ErrNotYours, ErrMatchNotOver, ErrNoRematch, and those of
// CreateMatch and Accept.
func (s *Service) Rematch(ctx context.Context, id int64) (m Shown, isNew bool, err error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Shown{}, false, err
	}
	old, err := s.known(ctx, id)
	if err != nil {
		return Shown{}, false, err
	}
	side, plays := old.SideOf(caller.UserID)
	switch {
	case !plays:
		return Shown{}, false, ErrNotYours
	case old.State != Over && old.State != Void:
		return Shown{}, false, ErrMatchNotOver
	case old.Mode == Tournament:
		return Shown{}, false, ErrNoRematch
	case old.Players[Right] == 0:
		m, err = s.CreateMatch(ctx, NewMatch{Mode: old.Mode, Difficulty: old.Difficulty, Points: old.Points})
		return m, err == nil, err
	}
	other := old.Players[side.Other()]
	asked, err := s.store.InvitesOf(ctx, caller.UserID)
	if err != nil {
		return Shown{}, false, err
	}
	for _, a := range asked {
		if a.RematchOf == id && a.Players[Left] == other && a.RespondBy.After(s.now()) {
			m, err = s.Accept(ctx, a.ID)
			return m, false, err
		}
	}
	next := Match{Mode: Invite, Points: old.Points, Players: [2]int64{caller.UserID, other}, RematchOf: id}
	switch err := s.invite(ctx, &next); {
	case errors.Is(err, errAskedBack):
		m, err = s.Accept(ctx, next.ID)
		return m, false, err
	case err != nil:
		return Shown{}, false, err
	}
	m, err = s.show(ctx, next)
	return m, true, err
}

// Forfeit gives a match up. Before it began, it is void, but for a tournament's.
// Errors: ErrMatchNotFound, ErrNotYours, ErrMatchOver.
func (s *Service) Forfeit(ctx context.Context, id int64) (Shown, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Shown{}, err
	}
	m, err := s.known(ctx, id)
	if err != nil {
		return Shown{}, err
	}
	side, plays := m.SideOf(caller.UserID)
	switch {
	case !plays:
		return Shown{}, ErrNotYours
	case m.State != Open && m.State != Live:
		return Shown{}, ErrMatchOver
	}
	if m, err = s.Finish(ctx, id, s.surrender(m, side)); err != nil {
		return Shown{}, err
	}
	return s.show(ctx, m)
}

// surrender is what comes of a match that a side gives up.
func (s *Service) surrender(m Match, side Side) Result {
	r := Result{State: Over, Reason: ByForfeit, Winner: side.Other()}
	if m.Mode == Local || m.State == Open && m.Mode != Tournament {
		r = Result{State: Void, Reason: ByAbandon}
	}
	r.Score, _, _ = s.tables.Score(m.ID)
	return r
}

// tellAfter tells people after the commit, and everybody that the lobby changed.
func (s *Service) tellAfter(ctx context.Context, event string, m Match, userIDs ...int64) {
	who := slices.DeleteFunc(slices.Clone(userIDs), func(id int64) bool { return id == 0 })
	s.tx.AfterCommit(ctx, func(ctx context.Context) {
		s.signals.Told(ctx, Notice{Event: event, Match: m.ID}, who...)
		s.signals.LobbyChanged(ctx)
	})
}

// gone reports whether an error says that there is nothing to do.
func gone(err error) bool {
	return errors.Is(err, ErrMatchNotFound) || errors.Is(err, ErrMatchOver)
}

func ptr[T any](v T) *T { return &v }
