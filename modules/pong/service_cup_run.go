package pong

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// advanceCup tells a tournament of a match of it that is Over or Void, in the
// transaction that ends the match. What was told already, or doesn't fit any more,
// changes nothing. Who is called by it is called right after the commit. Whoever
// holds players then should have held the tournament before: see HoldCup.
func (s *Service) advanceCup(ctx context.Context, m Match) error { return s.tellCup(ctx, m) }

// beganCup tells a tournament of a match of it that is live, in the same way.
func (s *Service) beganCup(ctx context.Context, m Match) error { return s.tellCup(ctx, m) }

func (s *Service) tellCup(ctx context.Context, m Match) error {
	if m.Cup == nil {
		return nil
	}
	return s.alterCup(ctx, m.Cup.ID, func(_ context.Context, c *Cup) (bool, error) {
		if c.State != CupRunning || !c.Bracket.hear(m) {
			return false, nil
		}
		if m.State.Done() {
			c.look(s.now())
		}
		return true, nil
	})
}

// hear tells a bracket what its row says of a match.
func (b *Bracket) hear(m Match) bool {
	p := b.of(m.ID)
	if p == nil {
		return false
	}
	score := m.Score
	if p.Players[0] != m.Players[0] {
		score[0], score[1] = score[1], score[0]
	}
	switch {
	case m.State == Live:
		return b.Began(m.ID)
	case m.State == Over && m.Winner != nil && slices.Contains(p.Players[:], m.Players[*m.Winner]):
		winner := m.Players[*m.Winner]
		switch m.Reason {
		case ByNoShow:
			return b.Ended(m.ID, winner, WonByWalkover, nil)
		case ByForfeit:
			return b.Ended(m.ID, winner, WonByForfeit, &score)
		}
		return b.Ended(m.ID, winner, WonByScore, &score)
	case m.State == Void && m.Reason == ByNoShow:
		return b.NobodyCame(m.ID)
	case m.State.Done():
		return b.Voided(m.ID, score)
	}
	return false
}

// startCup draws the bracket of a tournament that is held.
func (s *Service) startCup(ctx context.Context, c *Cup, now time.Time) error {
	entries, err := s.store.Entries(ctx, c.ID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(entries))
	for i, e := range entries {
		ids[i] = e.UserID
	}
	if err := s.rateEntries(ctx, entries, ids); err != nil {
		return err
	}
	slices.SortFunc(entries, bySeed)
	for i := range entries {
		entries[i].Seed, ids[i] = i+1, entries[i].UserID
	}
	if err := s.store.SaveEntries(ctx, c.ID, entries); err != nil {
		return err
	}
	b := NewBracket(ids)
	c.State, c.Bracket, c.StartedAt = CupRunning, &b, &now
	c.look(now)
	return nil
}

// SweepCups looks at all tournaments that are due: those that were open for long
// enough start or are cancelled, calls that waited are made, and matches that ended
// without a word are counted. Each node runs it every second; a row's lock makes sure
// that one does the work.
func (s *Service) SweepCups(ctx context.Context) error {
	ids, err := s.store.DueCups(ctx, s.now(), dueLimit)
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		if err := s.tendCup(ctx, id); err != nil {
			now := s.now()
			failed = append(failed, fmt.Errorf("tournament %d: %w", id, err), s.store.PostponeCup(ctx, id, now, now.Add(failedAgain)))
		}
	}
	return errors.Join(failed...)
}

// stray is a match that its tournament doesn't wait for any more, and what is to
// become of it.
type stray struct {
	id     int64
	result Result
}

// tendCup does all that is due in a tournament.
func (s *Service) tendCup(ctx context.Context, id int64) error {
	var strays []stray
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		strays = nil
		c, err := s.store.HoldCup(ctx, id)
		if err != nil {
			return err
		}
		now := s.now()
		if c.DueAt == nil || c.DueAt.After(now) {
			return nil // another was here
		}
		c.DueAt = nil
		if c.State == CupOpen {
			return s.closeEntry(ctx, c, now)
		}
		changed, err := s.catchUp(ctx, &c, &strays)
		if err != nil {
			return err
		}
		moved, err := s.moveCup(ctx, &c, now)
		if err != nil {
			return err
		}
		if len(strays) > 0 && c.DueAt == nil {
			c.look(now.Add(livesAgain)) // to see that they have ended
		}
		if changed || moved {
			return s.saveCup(ctx, c)
		}
		return s.store.SaveCup(ctx, c)
	})
	if err != nil {
		return err
	}
	for _, m := range strays {
		if _, err := s.Finish(ctx, m.id, m.result); err != nil {
			return err
		}
	}
	return nil
}

// closeEntry starts a tournament whose time has come, or calls it off.
func (s *Service) closeEntry(ctx context.Context, c Cup, now time.Time) error {
	switch over := !now.Before(c.CreatedAt.Add(entryTime)); {
	case c.Entries >= c.Size, over && c.Entries >= minCupSize:
		if err := s.startCup(ctx, &c, now); err != nil {
			return err
		}
	case over:
		c.cancel(now)
	default:
		c.entered(0, now)
		return s.store.SaveCup(ctx, c)
	}
	return s.saveCup(ctx, c)
}

// catchUp tells a bracket what became of its matches, if nobody did, and finds
// those that it doesn't wait for.
func (s *Service) catchUp(ctx context.Context, c *Cup, strays *[]stray) (changed bool, err error) {
	var current []Pairing
	if c.State == CupRunning {
		current = c.Bracket.Current()
	}
	ids := make([]int64, len(current))
	for i, p := range current {
		ids[i] = p.MatchID
	}
	matches, err := s.store.CupMatches(ctx, c.ID, ids)
	if err != nil {
		return false, err
	}
	there := make(map[int64]bool, len(matches))
	for _, m := range matches {
		there[m.ID] = true
		waited := slices.Contains(ids, m.ID)
		switch {
		case waited && c.Bracket.hear(m):
			changed = true
		case waited && m.State.Done(): // in a way that can't be
			changed = c.Bracket.Voided(m.ID, m.Score) || changed
		case !waited && !m.State.Done():
			*strays = append(*strays, stray{m.ID, s.fateOf(c, m)})
		}
	}
	for _, id := range ids {
		if !there[id] {
			changed = c.Bracket.Voided(id, [2]int{}) || changed
		}
	}
	return changed, nil
}

// fateOf says what becomes of a match that its tournament doesn't wait for: who
// withdrew while playing has lost it.
func (s *Service) fateOf(c *Cup, m Match) Result {
	if c.Bracket == nil || c.State == CupCancelled {
		return Result{State: Void, Reason: ByCancel}
	}
	p := c.Bracket.Rounds[m.Cup.Round-1][m.Cup.Slot]
	if side, plays := m.SideOf(p.Winner); plays && m.State == Live && p.MatchID == m.ID {
		return s.surrender(m, side.Other())
	}
	return Result{State: Void, Reason: ByDeparture}
}

// moveCup calls who is to play, or ends a tournament that has a champion, or settles
// the prize of one that has ended.
func (s *Service) moveCup(ctx context.Context, c *Cup, now time.Time) (changed bool, err error) {
	if c.State != CupRunning {
		return s.settlePrize(ctx, c, now)
	}
	if champion, over := c.Bracket.Champion(); over {
		return true, s.crown(ctx, c, champion, now)
	}
	return s.callCup(ctx, c, now)
}

// callCup calls the pairings of which both players are known. A call waits for a
// player who is in another match, for callHeld at most.
func (s *Service) callCup(ctx context.Context, c *Cup, now time.Time) (changed bool, err error) {
	calls := c.Bracket.Calls()
	c.look(now.Add(livesAgain))
	if len(calls) == 0 {
		return false, nil
	}
	ids := make([]int64, 0, 2*len(calls))
	for _, p := range calls {
		ids = append(ids, p.Players[:]...)
	}
	if err := s.store.HoldPlayers(ctx, ids...); err != nil {
		return false, err
	}
	engaged, err := s.store.Engaged(ctx, ids)
	if err != nil {
		return false, err
	}
	for _, p := range calls {
		busy := slices.Contains(engaged, p.Players[0]) || slices.Contains(engaged, p.Players[1])
		if busy && now.Sub(c.Bracket.Held(p.Round, p.Slot, now)) < callHeld {
			c.look(now.Add(heldAgain))
			continue
		}
		if err := s.call(ctx, c, p); err != nil {
			return false, err
		}
		changed = true
	}
	return changed, nil
}

// match is that of a pairing, the better seed on the left.
func (c *Cup) match(p Pairing) Match {
	m := Match{Mode: Tournament, Points: c.Points, Players: p.Players, Cup: &CupRound{ID: c.ID, Name: c.Name, Round: p.Round, Slot: p.Slot}}
	if c.Bracket.better(p.Players) != p.Players[0] {
		m.Players[0], m.Players[1] = p.Players[1], p.Players[0]
	}
	return m
}

// call makes the match of a pairing.
func (s *Service) call(ctx context.Context, c *Cup, p Pairing) error {
	m := c.match(p)
	if err := s.openMatch(ctx, &m); err != nil {
		return err
	}
	c.Bracket.Called(p.Round, p.Slot, m.ID, *m.ReadyBy)
	s.tellAfter(ctx, NoticeCalled, m, m.Players[:]...)
	return s.events.Emit(ctx, Called{Match: m})
}

// crown ends a tournament that has a champion.
func (s *Service) crown(ctx context.Context, c *Cup, champion int64, now time.Time) error {
	entries, err := s.store.Entries(ctx, c.ID)
	if err != nil {
		return err
	}
	places := c.Bracket.Places()
	for i, e := range entries {
		entries[i].Place = places[e.UserID]
	}
	if err := s.store.SaveEntries(ctx, c.ID, entries); err != nil {
		return err
	}
	c.State, c.Champion, c.EndedAt = CupFinished, champion, &now
	if c.owes() {
		c.look(now)
	}
	return s.events.Emit(ctx, CupWon{ID: c.ID, Name: c.Name, Champion: champion, Players: c.Bracket.Seeds, At: now})
}

// settlePrize gives the prize to the champion, or back: when the tournament was
// called off, or the champion has left Rally. It is no part of the transaction that
// ends the tournament, which must not fail with it.
func (s *Service) settlePrize(ctx context.Context, c *Cup, now time.Time) (changed bool, err error) {
	if !c.owes() {
		return false, nil
	}
	if s.prizes == nil {
		c.look(now.Add(time.Hour)) // there may be prizes again
		return false, nil
	}
	people, err := s.profiles(ctx, c.Champion)
	if err != nil {
		return false, err
	}
	if _, there := people[c.Champion]; !there {
		err = s.prizes.Release(ctx, *c.Prize)
		c.Prize = nil
		return true, err
	}
	p := *c.Prize
	p.OrderID, err = s.prizes.Award(ctx, p, c.Champion)
	c.Prize = &p
	return true, err
}

// LeaveAllCups takes somebody out of all tournaments, when they leave Rally. It
// runs in the transaction of that.
func (s *Service) LeaveAllCups(ctx context.Context, userID int64) error {
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		ids, err := s.store.CupsOf(ctx, userID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			err := s.alterCup(ctx, id, func(ctx context.Context, c *Cup) (bool, error) {
				if c.State != CupOpen && c.State != CupRunning {
					return false, nil
				}
				changed, err := s.leave(ctx, c, userID)
				if errors.Is(err, ErrNotEntered) { // they left just now
					return false, nil
				}
				return changed, err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
