package pong

import (
	"context"
	"slices"

	"rally/modules/accounts"
	"rally/platform/page"
)

// Shown is a match with what there is to show beside it.
type Shown struct {
	Match
	People    [2]*accounts.Profile // nil is the robot, a guest, or who left
	Standings [2]*Standing
	Watchers  int
	Mine      *Side // of who asked
}

// ShowMatch returns a match. Errors: ErrMatchNotFound, also for an invitation of
// others.
func (s *Service) ShowMatch(ctx context.Context, id int64) (Shown, error) {
	m, err := s.known(ctx, id)
	if err != nil {
		return Shown{}, err
	}
	return s.show(ctx, m)
}

// known returns a match that the caller may know of: an invitation is nobody's but
// theirs whom it concerns.
func (s *Service) known(ctx context.Context, id int64) (Match, error) {
	m, err := s.store.Match(ctx, id)
	if err != nil {
		return Match{}, err
	}
	_, plays := m.SideOf(callerOf(ctx))
	if !plays && (m.State == Invited || m.State == Closed) {
		return Match{}, ErrMatchNotFound
	}
	return m, nil
}

// Match implements Games.
func (s *Service) Match(ctx context.Context, id int64) (Match, error) { return s.store.Match(ctx, id) }

// Matches lists what is over, newest first: of somebody, or of everybody for 0.
// A block keeps two from each other's: ErrPlayerNotFound.
func (s *Service) Matches(ctx context.Context, userID int64, r page.CursorRequest) (page.Slice[Shown], error) {
	hidden, err := s.hiddenFrom(ctx)
	if err != nil {
		return page.Slice[Shown]{}, err
	}
	if userID != 0 && slices.Contains(hidden, userID) {
		return page.Slice[Shown]{}, ErrPlayerNotFound
	}
	list, err := s.store.Matches(ctx, userID, r)
	if err != nil {
		return page.Slice[Shown]{}, err
	}
	shown, err := s.showAll(ctx, list)
	return page.Keyset(r, shown, func(m Shown) []int64 { return []int64{m.ID} }), err
}

// LiveMatches lists the newest that are being played.
func (s *Service) LiveMatches(ctx context.Context) ([]Shown, error) {
	list, err := s.store.LiveMatches(ctx, liveShown)
	if err != nil {
		return nil, err
	}
	return s.showAll(ctx, list)
}

// Replay returns what was played. Errors: ErrMatchNotFound, ErrNoReplay.
func (s *Service) Replay(ctx context.Context, id int64) (Match, Record, error) {
	m, err := s.store.Match(ctx, id)
	if err != nil {
		return Match{}, Record{}, err
	}
	data, err := s.store.Replay(ctx, id)
	if err != nil {
		return Match{}, Record{}, err
	}
	record, err := DecodeRecord(data)
	return m, record, err
}

func (s *Service) show(ctx context.Context, m Match) (Shown, error) {
	list, err := s.showAll(ctx, []Match{m})
	if err != nil {
		return Shown{}, err
	}
	return list[0], nil
}

// showAll adds what there is to show of matches: two statements for however many.
func (s *Service) showAll(ctx context.Context, list []Match) ([]Shown, error) {
	ids := make([]int64, 0, 2*len(list))
	for _, m := range list {
		ids = append(ids, m.Players[:]...)
	}
	profiles, err := s.profiles(ctx, ids...)
	if err != nil {
		return nil, err
	}
	known := slices.DeleteFunc(ids, func(id int64) bool { return profiles[id].UserID == 0 })
	standings, err := s.standingsOf(ctx, known...)
	if err != nil {
		return nil, err
	}
	caller := callerOf(ctx)
	shown := make([]Shown, len(list))
	for i, m := range list {
		row := Shown{Match: m}
		for side, id := range m.Players {
			if p, there := profiles[id]; there {
				standing := standings[id]
				row.People[side], row.Standings[side] = &p, &standing
			}
		}
		if side, plays := m.SideOf(caller); plays {
			row.Mine = &side
		}
		if !m.State.Done() {
			score, watchers, known := s.tables.Score(m.ID)
			if row.Watchers = watchers; known {
				row.Score = score
			}
		}
		shown[i] = row
	}
	return shown, nil
}

// AnyMatch returns a match for whoever it concerns.
func (s *Service) AnyMatch(ctx context.Context, id int64) (Shown, error) {
	m, err := s.store.Match(ctx, id)
	if err != nil {
		return Shown{}, err
	}
	return s.show(ctx, m)
}
