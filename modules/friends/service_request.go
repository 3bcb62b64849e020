package friends

import (
	"cmp"
	"context"
	"time"

	"rally/platform/auth"
	"rally/platform/page"
)

// Outcome of asking somebody.
type Outcome struct {
	Asked
	// New is true when the request was made just now. State is Pending, Accepted
	// when it met one that came the other way, and empty where both were friends.
	New bool
}

// RequestsOf lists the caller's pending requests, newest first.
func (s *Service) RequestsOf(ctx context.Context, outgoing bool, r page.CursorRequest) (page.Slice[Asked], error) {
	none := page.Slice[Asked]{}
	caller, err := auth.Require(ctx)
	if err != nil {
		return none, err
	}
	rows, err := s.store.Requests(ctx, caller.UserID, outgoing, r)
	if err != nil {
		return none, err
	}
	list := page.Keyset(r, rows, func(r Request) []int64 { return []int64{r.ID} })
	return withPeople(ctx, s, list, func(r Request) int64 { return r.otherThan(caller.UserID) }, func(r Request, who Person) Asked { return Asked{r, who} })
}

func (r Request) otherThan(user int64) int64 {
	if r.From == user {
		return r.To
	}
	return r.From
}

// Ask asks somebody to be the caller's friend, by their id or, when that is 0,
// by their profile name. Whoever asked the caller before is accepted. Asking
// twice is asking once. Errors: ErrPersonNotFound, also where one blocks the
// other; ErrSelf; ErrTooManyFriends; ErrTooManyAsked; ErrAskedOften.
func (s *Service) Ask(ctx context.Context, userID int64, profileName string) (Outcome, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Outcome{}, err
	}
	who, err := s.other(ctx, caller.UserID, userID, profileName)
	if err != nil {
		return Outcome{}, err
	}
	var out Outcome
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		out = Outcome{Asked: Asked{Other: who}}
		if err := s.store.LockPeople(ctx, caller.UserID, who.UserID); err != nil {
			return err
		}
		return s.ask(ctx, caller.UserID, &out)
	})
	return out, err
}

func (s *Service) ask(ctx context.Context, me int64, out *Outcome) error {
	them := out.Other.UserID
	if blocked, err := s.store.BlockedAny(ctx, me, them); err != nil || blocked {
		return orNotFound(err)
	}
	if friends, err := s.store.AreFriends(ctx, me, them); err != nil || friends {
		return err
	}
	theirs, asked, err := s.store.OpenRequest(ctx, them, me)
	if err != nil {
		return err
	}
	if asked {
		out.Request = theirs
		out.State = Accepted
		return s.accept(ctx, theirs)
	}
	mine, asked, err := s.store.OpenRequest(ctx, me, them)
	if err != nil || asked {
		out.Request = mine
		return err
	}
	if err := s.mayAsk(ctx, me, them); err != nil {
		return err
	}
	out.New = true
	out.Request = Request{From: me, To: them, State: Pending, CreatedAt: s.now()}
	if err := s.store.InsertRequest(ctx, &out.Request); err != nil {
		return err
	}
	s.signal(ctx, Change{Event: EventRequest, UserID: me, OtherID: them, Request: out.ID})
	return s.events.Emit(ctx, Requested{out.Request})
}

func orNotFound(err error) error { return cmp.Or(err, error(ErrPersonNotFound)) }

func orMissing(err error) error { return cmp.Or(err, error(ErrRequestNotFound)) }

// mayAsk bounds how much somebody asks.
func (s *Service) mayAsk(ctx context.Context, me, them int64) error {
	since := s.now().Add(-time.Hour)
	made, pending, first, err := s.store.AskedSince(ctx, me, since)
	switch {
	case err != nil:
		return err
	case pending >= MaxAsked:
		return ErrTooManyAsked
	case made >= AskedHourly:
		return ErrAskedOften.With("retry_after", int(first.Sub(since).Seconds())+1)
	}
	return s.roomFor(ctx, me, them)
}

// roomFor checks that both may have one friend more.
func (s *Service) roomFor(ctx context.Context, users ...int64) error {
	for _, id := range users {
		n, err := s.store.CountFriends(ctx, id)
		if err != nil {
			return err
		}
		if n >= MaxFriends {
			return ErrTooManyFriends
		}
	}
	return nil
}

// accept makes friends of the two people of a pending request. Both are held.
func (s *Service) accept(ctx context.Context, r Request) error {
	if err := s.roomFor(ctx, r.From, r.To); err != nil {
		return err
	}
	now := s.now()
	if err := s.store.SetState(ctx, r.ID, Accepted, now); err != nil {
		return err
	}
	if err := s.store.Befriend(ctx, r.From, r.To, now); err != nil {
		return err
	}
	s.signal(ctx, Change{Event: EventAccepted, UserID: r.From, OtherID: r.To})
	return s.events.Emit(ctx, Befriended{From: r.From, To: r.To})
}

// keepClosed is how long a request that was answered or taken back is kept, so
// that doing it again is no error.
const keepClosed = 30 * 24 * time.Hour

// Purge deletes requests that were closed long ago. It is a job.
func (s *Service) Purge(ctx context.Context) error {
	return s.store.PurgeRequests(ctx, s.now().Add(-keepClosed))
}

// Accept accepts a request to the caller, and returns who asked. Accepting
// again changes nothing. Errors: ErrRequestNotFound, also for one that was
// cancelled or declined; ErrTooManyFriends.
func (s *Service) Accept(ctx context.Context, id int64) (userID int64, err error) {
	err = s.onRequest(ctx, id, func(ctx context.Context, caller int64, r Request) error {
		userID = r.From
		switch {
		case r.To != caller:
			return ErrRequestNotFound
		case r.State == Pending:
			people, err := s.people.PeopleOf(ctx, []int64{r.From})
			if _, here := people[r.From]; err != nil || !here { // left: no list shows it
				return orMissing(err)
			}
			return s.accept(ctx, r)
		case r.State == Accepted:
			friends, err := s.store.AreFriends(ctx, r.From, r.To)
			if err != nil || friends {
				return err
			}
		}
		return ErrRequestNotFound
	})
	return userID, err
}

// Decline declines a request to the caller, and returns who asked. Declining
// again changes nothing. Error: ErrRequestNotFound.
func (s *Service) Decline(ctx context.Context, id int64) (userID int64, err error) {
	err = s.onRequest(ctx, id, func(ctx context.Context, caller int64, r Request) error {
		userID = r.From
		if r.To != caller || r.State == Accepted || r.State == Cancelled {
			return ErrRequestNotFound
		}
		return s.withdraw(ctx, r, Declined, caller)
	})
	return userID, err
}

// Cancel takes back a request of the caller, if it is still open. Error:
// ErrRequestNotFound, for one of somebody else.
func (s *Service) Cancel(ctx context.Context, id int64) error {
	return s.onRequest(ctx, id, func(ctx context.Context, caller int64, r Request) error {
		if r.From != caller {
			return ErrRequestNotFound
		}
		return s.withdraw(ctx, r, Cancelled, caller)
	})
}

// withdraw ends a request that is pending, and tells the other side.
func (s *Service) withdraw(ctx context.Context, r Request, state string, by int64) error {
	if r.State != Pending {
		return nil
	}
	if err := s.store.SetState(ctx, r.ID, state, s.now()); err != nil {
		return err
	}
	s.signal(ctx, Change{Event: EventWithdrawn, UserID: by, OtherID: r.otherThan(by), Request: r.ID})
	return s.events.Emit(ctx, Withdrawn{r})
}

// onRequest runs fn with a request, while both of its people are held.
func (s *Service) onRequest(ctx context.Context, id int64, fn func(ctx context.Context, caller int64, r Request) error) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		r, err := s.store.Request(ctx, id)
		if err != nil {
			return err
		}
		if r.From != caller.UserID && r.To != caller.UserID {
			return ErrRequestNotFound
		}
		if err := s.store.LockPeople(ctx, r.From, r.To); err != nil {
			return err
		}
		if r, err = s.store.Request(ctx, id); err != nil { // as it is now that nobody else changes it
			return err
		}
		return fn(ctx, caller.UserID, r)
	})
}
