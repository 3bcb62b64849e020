package pong

import (
	"context"
	"slices"
	"strconv"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/page"
)

// CreateCup makes a tournament that others may enter. It returns fault.ErrInvalid
// with the fields name and size, ErrBadPoints or ErrTooManyCups.
func (s *Service) CreateCup(ctx context.Context, in NewCup) (CupShown, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return CupShown{}, err
	}
	if in, err = in.normalise(); err != nil {
		return CupShown{}, err
	}
	var c Cup
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		// Nobody makes two at once past the limit.
		if err := s.store.HoldPlayers(ctx, caller.UserID); err != nil {
			return err
		}
		open, err := s.store.CountOpenCups(ctx, caller.UserID)
		if err != nil {
			return err
		}
		if open >= openCupsLimit {
			return ErrTooManyCups
		}
		now := s.now()
		c = Cup{Name: in.Name, Size: in.Size, Points: in.Points, State: CupOpen, CreatedBy: caller.UserID, CreatedAt: now}
		c.entered(0, now)
		if err := s.store.InsertCup(ctx, &c); err != nil {
			return err
		}
		s.tx.AfterCommit(ctx, s.signals.LobbyChanged)
		return nil
	})
	if err != nil {
		return CupShown{}, err
	}
	return s.Cup(ctx, c.ID)
}

// Cups lists tournaments of a state, or all, the newest first.
func (s *Service) Cups(ctx context.Context, state CupState, r page.CursorRequest) (page.Slice[CupBrief], error) {
	rows, err := s.store.Cups(ctx, callerOf(ctx), state, r)
	if err != nil {
		return page.Slice[CupBrief]{}, err
	}
	slice := page.Keyset(r, rows, func(c ListedCup) []int64 { return []int64{c.ID} })
	briefs, err := s.briefs(ctx, slice.Rows)
	return page.Slice[CupBrief]{Rows: briefs, Next: slice.Next, Previous: slice.Previous}, err
}

// GoingCups returns the newest tournaments that may be entered or are played, for
// the lobby.
func (s *Service) GoingCups(ctx context.Context) ([]CupBrief, error) {
	rows, err := s.store.GoingCups(ctx, callerOf(ctx), shownCups)
	if err != nil {
		return nil, err
	}
	return s.briefs(ctx, rows)
}

func (s *Service) briefs(ctx context.Context, rows []ListedCup) ([]CupBrief, error) {
	ids := make([]int64, 0, 2*len(rows))
	for _, c := range rows {
		ids = append(ids, c.CreatedBy, c.Champion)
	}
	people, err := s.profiles(ctx, ids...)
	if err != nil {
		return nil, err
	}
	list := make([]CupBrief, len(rows))
	for i, c := range rows {
		list[i] = s.brief(ctx, c, people)
	}
	return list, nil
}

// brief adds people to a tournament. Only the champion and the staff see the order
// that came of the prize.
func (s *Service) brief(ctx context.Context, c ListedCup, people map[int64]accounts.Profile) CupBrief {
	caller, known := auth.From(ctx)
	if c.Prize != nil && (!known || caller.UserID != c.Champion && !caller.Staff) {
		prize := *c.Prize
		prize.OrderID = 0
		c.Prize = &prize
	}
	may := s.prizes != nil && caller.Staff && c.State == CupOpen
	return CupBrief{ListedCup: c, By: among(people, c.CreatedBy), Winner: among(people, c.Champion), MayPrize: may}
}

func among(people map[int64]accounts.Profile, userID int64) *accounts.Profile {
	if who, known := people[userID]; known {
		return &who
	}
	return nil
}

// Cup returns a tournament with its bracket, or ErrCupNotFound.
func (s *Service) Cup(ctx context.Context, id int64) (CupShown, error) {
	c, err := s.store.Cup(ctx, id)
	if err != nil {
		return CupShown{}, err
	}
	entries, err := s.store.Entries(ctx, id)
	if err != nil {
		return CupShown{}, err
	}
	ids := make([]int64, len(entries))
	for i, e := range entries {
		ids[i] = e.UserID
	}
	if c.State == CupOpen {
		if err := s.rateEntries(ctx, entries, ids); err != nil {
			return CupShown{}, err
		}
	}
	people, err := s.profiles(ctx, append(ids, c.CreatedBy)...)
	if err != nil {
		return CupShown{}, err
	}
	caller, _ := auth.From(ctx)
	listed := ListedCup{Cup: c, Joined: slices.ContainsFunc(entries, func(e Entry) bool { return e.UserID == caller.UserID && e.WithdrawnAt == nil })}
	shown := CupShown{CupBrief: s.brief(ctx, listed, people), Players: make([]CupPlayer, len(entries))}
	var places map[int64]int
	if c.Bracket != nil {
		places = c.Bracket.Places()
		if !slices.Contains(c.Bracket.Gone, caller.UserID) && c.State == CupRunning {
			shown.Mine = c.Bracket.PairingOf(caller.UserID)
		}
	}
	for i, e := range entries {
		e.Place = places[e.UserID]
		shown.Players[i] = CupPlayer{Entry: e, Who: among(people, e.UserID)}
	}
	shown.May = shown.may(caller.UserID, caller.Staff)
	return shown, nil
}

func (s *Service) rateEntries(ctx context.Context, entries []Entry, ids []int64) error {
	standings, err := s.standingsOf(ctx, ids...)
	if err != nil {
		return err
	}
	for i, e := range entries {
		entries[i].Rating = standings[e.UserID].Rating.Rating
	}
	return nil
}

// JoinCup enters the caller. A tournament that is full by that starts. It returns
// ErrCupNotFound, ErrCupStarted, ErrCupOver, ErrAlreadyEntered or ErrCupFull.
func (s *Service) JoinCup(ctx context.Context, id int64) (CupShown, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return CupShown{}, err
	}
	return s.changeCup(ctx, id, func(ctx context.Context, c *Cup) (bool, error) {
		if err := c.mustBeOpen(); err != nil {
			return false, err
		}
		now := s.now()
		if c.Entries >= c.Size {
			return false, s.fullFor(ctx, c, caller.UserID)
		}
		added, err := s.store.AddEntry(ctx, c.ID, caller.UserID, now)
		if err == nil && !added {
			err = ErrAlreadyEntered
		}
		c.entered(1, now)
		return true, err
	})
}

// fullFor says why somebody can't enter a full tournament.
func (s *Service) fullFor(ctx context.Context, c *Cup, userID int64) error {
	entries, err := s.store.Entries(ctx, c.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(entries, func(e Entry) bool { return e.UserID == userID }) {
		return ErrAlreadyEntered
	}
	return ErrCupFull
}

// LeaveCup takes the caller's entry back. Once the tournament runs they withdraw:
// whoever they would have played goes on, and a match of theirs ends. Who is out
// already stays so. It returns ErrCupNotFound, ErrCupOver or ErrNotEntered.
func (s *Service) LeaveCup(ctx context.Context, id int64) (CupShown, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return CupShown{}, err
	}
	return s.changeCup(ctx, id, func(ctx context.Context, c *Cup) (bool, error) {
		if c.State != CupOpen && c.State != CupRunning {
			return false, ErrCupOver
		}
		return s.leave(ctx, c, caller.UserID)
	})
}

// leave takes somebody out of a tournament that is held, or returns ErrNotEntered.
func (s *Service) leave(ctx context.Context, c *Cup, userID int64) (changed bool, err error) {
	now := s.now()
	if c.State == CupOpen {
		removed, err := s.store.RemoveEntry(ctx, c.ID, userID)
		if err != nil {
			return false, err
		}
		if !removed {
			return false, ErrNotEntered
		}
		c.entered(-1, now)
		return true, nil
	}
	if !slices.Contains(c.Bracket.Seeds, userID) {
		return false, ErrNotEntered
	}
	if !c.Bracket.Withdraw(userID) {
		return false, nil
	}
	c.look(now)
	_, err = s.store.WithdrawEntry(ctx, c.ID, userID, now)
	return true, err
}

// StartCup starts a tournament before it is full: whoever made it may, and the
// staff. It returns ErrCupNotFound, ErrNotOrganiser, ErrCupStarted, ErrCupOver or
// ErrCupTooFew.
func (s *Service) StartCup(ctx context.Context, id int64) (CupShown, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return CupShown{}, err
	}
	return s.changeCup(ctx, id, func(ctx context.Context, c *Cup) (bool, error) {
		if c.CreatedBy != caller.UserID && !caller.Staff {
			return false, ErrNotOrganiser
		}
		if err := c.mustBeOpen(); err != nil {
			return false, err
		}
		if c.Entries < minCupSize {
			return false, ErrCupTooFew
		}
		before := auditedCup(*c)
		if err := s.startCup(ctx, c, s.now()); err != nil || c.CreatedBy == caller.UserID {
			return true, err
		}
		return true, s.auditCup(ctx, "start", before, *c)
	})
}

// CancelCup calls a tournament off: whoever made it may while it is open, the
// staff also while it runs. It returns ErrCupNotFound, ErrNotOrganiser,
// ErrCupStarted or ErrCupOver.
func (s *Service) CancelCup(ctx context.Context, id int64) (CupShown, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return CupShown{}, err
	}
	return s.changeCup(ctx, id, func(ctx context.Context, c *Cup) (bool, error) {
		if c.CreatedBy != caller.UserID && !caller.Staff {
			return false, ErrNotOrganiser
		}
		if err := c.mustBeOpen(); err != nil && (c.State != CupRunning || !caller.Staff) {
			return false, err
		}
		before := auditedCup(*c)
		c.cancel(s.now())
		if c.CreatedBy == caller.UserID {
			return true, nil
		}
		return true, s.auditCup(ctx, "cancel", before, *c)
	})
}

// SetPrize keeps an article for the champion, instead of what was kept before; what
// is kept already stays. Only the staff may, while the tournament is open. It
// returns ErrCupNotFound, ErrCupStarted, ErrCupOver, ErrNoPrizes, or the faults of
// Prizes.
func (s *Service) SetPrize(ctx context.Context, id, productID int64) (CupShown, error) {
	return s.changePrize(ctx, id, productID)
}

// RemovePrize gives back what was kept for the champion. It returns the same faults
// as SetPrize, and ErrPrizeNotFound.
func (s *Service) RemovePrize(ctx context.Context, id int64) (CupShown, error) {
	return s.changePrize(ctx, id, 0)
}

// changePrize keeps a product for the champion; 0 keeps none.
func (s *Service) changePrize(ctx context.Context, id, productID int64) (CupShown, error) {
	if _, err := auth.RequireStaff(ctx); err != nil {
		return CupShown{}, err
	}
	if s.prizes == nil {
		return CupShown{}, ErrNoPrizes
	}
	return s.changeCup(ctx, id, func(ctx context.Context, c *Cup) (bool, error) {
		if err := c.mustBeOpen(); err != nil {
			return false, err
		}
		before := auditedCup(*c)
		if c.Prize != nil && c.Prize.ProductID == productID {
			return false, nil
		}
		if c.Prize == nil && productID == 0 {
			return false, ErrPrizeNotFound
		}
		if c.Prize != nil {
			if err := s.prizes.Release(ctx, *c.Prize); err != nil {
				return false, err
			}
			c.Prize = nil
		}
		if productID != 0 {
			p, err := s.prizes.Escrow(ctx, productID)
			if err != nil {
				return false, err
			}
			c.Prize = &p
		}
		return true, s.auditCup(ctx, "prize", before, *c)
	})
}

// changeCup changes a tournament that is held, and returns it as it is then. Do
// returns false when it is as it was.
func (s *Service) changeCup(ctx context.Context, id int64, do func(ctx context.Context, c *Cup) (bool, error)) (CupShown, error) {
	if err := s.alterCup(ctx, id, do); err != nil {
		return CupShown{}, err
	}
	return s.Cup(ctx, id)
}

func (s *Service) alterCup(ctx context.Context, id int64, do func(ctx context.Context, c *Cup) (bool, error)) error {
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		c, err := s.store.HoldCup(ctx, id)
		if err != nil {
			return err
		}
		changed, err := do(ctx, &c)
		if err != nil || !changed {
			return err
		}
		return s.saveCup(ctx, c)
	})
}

// saveCup writes a tournament that is other than it was, and tells of it. What is
// due by that is done after the commit, in a transaction of its own: it takes
// players, and whoever came here may hold some already. If that fails, a sweep
// does it.
func (s *Service) saveCup(ctx context.Context, c Cup) error {
	c.Version++
	if err := s.store.SaveCup(ctx, c); err != nil {
		return err
	}
	due := c.DueAt != nil && !c.DueAt.After(s.now())
	s.tx.AfterCommit(ctx, func(ctx context.Context) {
		s.signals.CupChanged(ctx, c.ID)
		s.signals.LobbyChanged(ctx)
		if due {
			_ = s.tendCup(ctx, c.ID)
		}
	})
	return nil
}

// mustBeOpen returns ErrCupStarted or ErrCupOver.
func (c *Cup) mustBeOpen() error {
	switch c.State {
	case CupOpen:
		return nil
	case CupRunning:
		return ErrCupStarted
	}
	return ErrCupOver
}

func (c *Cup) cancel(now time.Time) {
	c.State, c.EndedAt = CupCancelled, &now
	c.look(now)
}

type auditCup struct {
	Name    string   `json:"name"`
	State   CupState `json:"state"`
	Entries int      `json:"entries"`
	Product int64    `json:"prize_product,omitempty"`
}

func auditedCup(c Cup) auditCup {
	a := auditCup{Name: c.Name, State: c.State, Entries: c.Entries}
	if c.Prize != nil {
		a.Product = c.Prize.ProductID
	}
	return a
}

// auditCup records what the staff does to a tournament.
func (s *Service) auditCup(ctx context.Context, action string, before auditCup, c Cup) error {
	return s.audit.Record(ctx, "pong.tournament."+action, "tournament:"+strconv.FormatInt(c.ID, 10), "", before, auditedCup(c))
}
