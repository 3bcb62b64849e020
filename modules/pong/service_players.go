package pong

import (
	"context"
	"slices"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/page"
)

// rate counts a match that is over for the standings of both its players, and
// writes the season and their ratings before and after into m. It runs in the
// transaction that ends the match, with both players held. What isn't rated, a
// walkover among it, stays as it is.
func (s *Service) rate(ctx context.Context, m *Match) error {
	if !m.Rated || m.State != Over || m.Winner == nil || m.Reason == ByNoShow || m.Players[Left] == 0 || m.Players[Right] == 0 {
		return nil
	}
	at := s.now()
	if m.EndedAt != nil {
		at = *m.EndedAt
	}
	season := SeasonOf(at)
	found, err := s.store.Standings(ctx, season, m.Players[:]...)
	if err != nil {
		return err
	}
	if err := s.store.SaveStandings(ctx, counted(found, season, m, at)...); err != nil {
		return err
	}
	return s.store.CountRivals(ctx, m.Players[*m.Winner], m.Players[m.Winner.Other()], m.ID, at)
}

// counted returns what both players of a match have of AllTime and of its season after
// it, given what they had, and writes the season and their ratings into m.
func counted(found []Standing, season int, m *Match, at time.Time) []Standing {
	var ever [2]Standing
	var ratings [2]Rating
	var idle [2]time.Duration
	for side, id := range m.Players {
		ever[side] = standingAmong(found, AllTime, id)
		ratings[side] = ever[side].Rating
		if ever[side].Played() {
			idle[side] = at.Sub(ever[side].LastAt)
		}
	}
	after := Rate(ratings, idle, *m.Winner)
	list := make([]Standing, 0, 4)
	for side, id := range m.Players {
		won := Side(side) == *m.Winner
		quarter := standingAmong(found, season, id)
		quarter.Absent = ever[side].Absent
		list = append(list, ever[side].With(won, after[side], at), quarter.With(won, after[side], at))
		m.Before[side], m.After[side] = &ratings[side].Rating, &after[side].Rating
	}
	m.Season = season
	return list
}

// standingAmong returns somebody's standing in a season among some, or that of a new player.
func standingAmong(list []Standing, season int, userID int64) Standing {
	for _, st := range list {
		if st.Season == season && st.UserID == userID {
			return st
		}
	}
	return NewStanding(season, userID)
}

// standingsOf returns what people have of AllTime, as sure as it is now. Who has
// not played is a new player.
func (s *Service) standingsOf(ctx context.Context, ids ...int64) (map[int64]Standing, error) {
	standings := make(map[int64]Standing, len(ids))
	if len(ids) == 0 {
		return standings, nil
	}
	found, err := s.store.Standings(ctx, AllTime, ids...)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		standings[id] = NewStanding(AllTime, id)
	}
	now := s.now()
	for _, st := range found {
		standings[st.UserID] = st.Now(now)
	}
	return standings, nil
}

// FadeRatings takes those who have not played for long behind the others. It is run
// once in a while.
func (s *Service) FadeRatings(ctx context.Context) error { return s.store.Fade(ctx, s.now()) }

// Season returns the number of the current season.
func (s *Service) Season() int { return SeasonOf(s.now()) }

// Player returns somebody as everybody sees them, also who has not played yet. It
// returns ErrPlayerNotFound, also when one of both blocks the other.
func (s *Service) Player(ctx context.Context, userID int64) (Player, error) {
	who, _, err := s.visible(ctx, userID)
	if err != nil {
		return Player{}, err
	}
	season := s.Season()
	found, err := s.store.Standings(ctx, season, userID)
	if err != nil {
		return Player{}, err
	}
	p := Player{Who: who, Standing: standingAmong(found, AllTime, userID).Now(s.now())}
	if p.Played() {
		if p.Rank, err = s.rankOf(ctx, p.Standing); err != nil {
			return Player{}, err
		}
	}
	if quarter := standingAmong(found, season, userID); quarter.Played() {
		rank, err := s.rankOf(ctx, quarter)
		if err != nil {
			return Player{}, err
		}
		p.Season = &Ranked{rank, quarter, who}
	}
	if caller := callerOf(ctx); caller != 0 && caller != userID {
		versus, met, err := s.store.RivalOf(ctx, userID, caller)
		if err != nil {
			return Player{}, err
		}
		if met {
			p.Versus = &versus
		}
	}
	return p, nil
}

// rankOf returns which place a standing has on its leaderboard, from 1.
func (s *Service) rankOf(ctx context.Context, st Standing) (int, error) {
	before, err := s.store.CountBefore(ctx, st)
	return before + 1, err
}

// visible returns somebody whom the caller can see, and whom the caller can't.
func (s *Service) visible(ctx context.Context, userID int64) (who accounts.Profile, hidden []int64, err error) {
	found, err := s.profiles(ctx, userID)
	if err != nil {
		return who, nil, err
	}
	who, here := found[userID]
	if !here {
		return who, nil, ErrPlayerNotFound
	}
	if hidden, err = s.hiddenFrom(ctx); err != nil {
		return who, nil, err
	}
	if slices.Contains(hidden, userID) {
		return who, nil, ErrPlayerNotFound
	}
	return who, hidden, nil
}

// hiddenFrom returns whom the caller doesn't see: the blocks of both sides. A mute
// doesn't matter, and the staff sees everybody.
func (s *Service) hiddenFrom(ctx context.Context) ([]int64, error) {
	caller, known := auth.From(ctx)
	if !known || caller.Staff {
		return nil, nil
	}
	unseen, err := s.blocks.UnseenBy(ctx, caller.UserID)
	return unseen.Blocked, err
}

// Rivals lists whom somebody has met, the last one first, and how they did. It
// returns ErrPlayerNotFound as Player does.
func (s *Service) Rivals(ctx context.Context, userID int64, r page.CursorRequest) (page.Slice[RivalBy], error) {
	none := page.Slice[RivalBy]{}
	_, hidden, err := s.visible(ctx, userID)
	if err != nil {
		return none, err
	}
	found, err := s.store.RivalsOf(ctx, userID, hidden, r)
	if err != nil {
		return none, err
	}
	slice := page.Keyset(r, found, func(v Rival) []int64 { return []int64{v.LastMatch} })
	ids := make([]int64, len(slice.Rows))
	for i, v := range slice.Rows {
		ids[i] = v.OtherID
	}
	people, err := s.profiles(ctx, ids...)
	if err != nil {
		return none, err
	}
	list := page.Slice[RivalBy]{Next: slice.Next, Previous: slice.Previous, Rows: make([]RivalBy, 0, len(slice.Rows))}
	for _, v := range slice.Rows {
		if who, here := people[v.OtherID]; here {
			list.Rows = append(list.Rows, RivalBy{v, who})
		}
	}
	return list, nil
}

// Leaderboard lists who is best in a season, or at all. Ranks are the same for
// everybody: somebody whom the caller doesn't see is left out, and their rank with
// them. It returns ErrSeasonUnknown.
func (s *Service) Leaderboard(ctx context.Context, season int, r page.CursorRequest) (Board, error) {
	first, err := s.store.FirstSeason(ctx)
	if err != nil {
		return Board{}, err
	}
	b := Board{Season: season, Seasons: seasonsUpTo(first, s.Season())}
	if season != AllTime && !slices.ContainsFunc(b.Seasons, func(there Season) bool { return there.Number == season }) {
		return Board{}, ErrSeasonUnknown.WithField("season", "is none that was played in")
	}
	hidden, err := s.hiddenFrom(ctx)
	if err != nil {
		return Board{}, err
	}
	found, err := s.store.Leaderboard(ctx, season, r)
	if err != nil {
		return Board{}, err
	}
	slice := page.Keyset(r, found, func(st Standing) []int64 { return []int64{st.Place(), st.UserID} })
	rank := 1
	if len(slice.Rows) > 0 && slice.Previous != "" {
		if rank, err = s.rankOf(ctx, slice.Rows[0]); err != nil {
			return Board{}, err
		}
	}
	if b.Me, err = s.mine(ctx, season); err != nil {
		return Board{}, err
	}
	ids := []int64{callerOf(ctx)}
	for _, st := range slice.Rows {
		ids = append(ids, st.UserID)
	}
	people, err := s.profiles(ctx, ids...)
	if err != nil {
		return Board{}, err
	}
	now := s.now()
	b.Page = page.Slice[Ranked]{Next: slice.Next, Previous: slice.Previous, Rows: make([]Ranked, 0, len(slice.Rows))}
	for i, st := range slice.Rows {
		if who, here := people[st.UserID]; here && !slices.Contains(hidden, st.UserID) {
			b.Page.Rows = append(b.Page.Rows, Ranked{rank + i, st.Now(now), who})
		}
	}
	if b.Me != nil {
		b.Me.Who = people[b.Me.UserID]
	}
	return b, nil
}

// mine returns the caller's line of a leaderboard, if there is one, without who
// they are.
func (s *Service) mine(ctx context.Context, season int) (*Ranked, error) {
	caller := callerOf(ctx)
	if caller == 0 {
		return nil, nil
	}
	found, err := s.store.Standings(ctx, season, caller)
	if err != nil {
		return nil, err
	}
	st := standingAmong(found, season, caller)
	if !st.Played() || st.Absent {
		return nil, nil
	}
	rank, err := s.rankOf(ctx, st)
	return &Ranked{Rank: rank, Standing: st.Now(s.now())}, err
}
