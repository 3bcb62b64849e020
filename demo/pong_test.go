package demo_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"rally/demo"
	"rally/modules/pong"
)

// shelf gives out ids, and keeps nothing.
type shelf struct{ matches, cups int64 }

func (s *shelf) InsertMatch(_ context.Context, m *pong.Match) error {
	s.matches++
	m.ID = 40_000 + 7*s.matches
	return nil
}

func (s *shelf) InsertCup(_ context.Context, c *pong.Cup) error {
	s.cups++
	c.ID = 60 + 2*s.cups
	return nil
}

func (*shelf) BeginMatch(context.Context, int64, time.Time) (bool, error)        { return true, nil }
func (*shelf) UpdateMatch(context.Context, pong.Match) error                     { return nil }
func (*shelf) SaveReplay(context.Context, int64, []byte) error                   { return nil }
func (*shelf) SaveStandings(context.Context, ...pong.Standing) error             { return nil }
func (*shelf) CountRivals(context.Context, int64, int64, int64, time.Time) error { return nil }
func (*shelf) SaveCup(context.Context, pong.Cup) error                           { return nil }
func (*shelf) AddEntry(context.Context, int64, int64, time.Time) (bool, error)   { return true, nil }
func (*shelf) SaveEntries(context.Context, int64, []pong.Entry) error            { return nil }

// checkMatches: each was played as its record says, by two who were there and free,
// and begins with the ratings that the ones before left.
func checkMatches(t *testing.T, f *fakes, world demo.World) {
	t.Helper()
	if len(f.games.Matches) < len(f.users) || world.Matches != len(f.games.Matches) {
		t.Errorf("%d people play %d matches of %d", len(f.users), len(f.games.Matches), world.Matches)
	}
	rating, free, byID := map[int64]pong.Rating{}, map[int64]time.Time{}, map[int64]pong.Match{}
	var last pong.Match
	for _, m := range f.games.Matches {
		record, err := pong.DecodeRecord(m.Record.Encode())
		if err != nil {
			t.Fatal(err)
		}
		final := record.Play(nil)
		winner, over := final.Over()
		if m.Score != [2]int{int(final.Score[0]), int(final.Score[1])} || record.Seed != m.Seed || record.Points != m.Points || over != (m.Reason == pong.ByScore) || over && winner != *m.Winner {
			t.Errorf("the record comes to %v: %+v", final.Score, m.Match)
		}
		if m.State != pong.Over || !m.Rated || m.Season != pong.SeasonOf(*m.EndedAt) || !m.HasReplay || m.ID <= last.ID || m.CreatedAt.Before(last.CreatedAt) {
			t.Errorf("match %+v", m.Match)
		}
		if m.StartedAt.Before(m.CreatedAt) || m.EndedAt.After(now()) || m.EndedAt.Sub(*m.StartedAt).Round(time.Second) != (time.Duration(record.Ticks)*time.Second/pong.TicksPerSecond).Round(time.Second) {
			t.Errorf("%d ticks were played from %v to %v", record.Ticks, m.StartedAt, m.EndedAt)
		}
		var before [2]pong.Rating
		var idle [2]time.Duration
		for side, id := range m.Players {
			if m.CreatedAt.Before(f.person(t, id)) || m.CreatedAt.Before(now().AddDate(0, 0, -91)) || m.CreatedAt.Before(free[id]) {
				t.Errorf("%d plays at %v, before they came or were free", id, m.CreatedAt)
			}
			before[side] = pong.NewRating()
			if r, known := rating[id]; known {
				before[side], idle[side] = r, m.EndedAt.Sub(free[id])
			}
			free[id] = *m.EndedAt
		}
		after := pong.Rate(before, idle, *m.Winner)
		for side, id := range m.Players {
			if *m.Before[side] != before[side].Rating || *m.After[side] != after[side].Rating {
				t.Errorf("match %d: the rating of %d goes from %v to %v, not from %v to %v", m.ID, id, *m.Before[side], *m.After[side], before[side], after[side])
			}
			rating[id] = after[side]
		}
		if old := byID[m.RematchOf]; m.RematchOf != 0 && (old.Players[*old.Winner] != m.Players[pong.Right] || old.Players[old.Winner.Other()] != m.Players[pong.Left]) {
			t.Errorf("match %d is a rematch of %+v", m.ID, old)
		}
		byID[m.ID], last = m.Match, m.Match
	}
	for _, st := range f.games.Standings() {
		if st.Season == pong.AllTime && st.Rating != rating[st.UserID] {
			t.Errorf("%d stands at %+v, the last match says %+v", st.UserID, st.Rating, rating[st.UserID])
		}
	}
}

// checkManyMatches: there is a leaderboard of those who play a lot, and the logins have
// played.
func checkManyMatches(t *testing.T, f *fakes) {
	t.Helper()
	n := len(f.games.Matches)
	modes, points, reasons, played := map[pong.Mode]int{}, map[int]int{}, map[pong.Reason]int{}, map[int64]int{}
	favourites := 0
	for _, m := range f.games.Matches {
		modes[m.Mode]++
		points[m.Points]++
		reasons[m.Reason]++
		for _, id := range m.Players {
			played[id]++
		}
		if (*m.Before[0] > *m.Before[1]) == (*m.Winner == pong.Left) {
			favourites++
		}
	}
	if n < 270 || n > 330 || modes[pong.Quick] < n/4 || modes[pong.Invite] < n/4 || points[3] == 0 || points[5] < n/2 || points[11] == 0 || reasons[pong.ByForfeit] == 0 || reasons[pong.ByForfeit] > n/10 {
		t.Errorf("%d matches: %v, to %v, by %v", n, modes, points, reasons)
	}
	if favourites < n*11/20 || favourites > n*17/20 {
		t.Errorf("of %d matches %d are won by the better", n, favourites)
	}
	if played[userID(0)] < 8 || played[userID(1)] < 4 || played[userID(2)] < 2 || len(played) < 30 || len(played) > 60 {
		t.Errorf("%d people play; the logins %d, %d and %d times", len(played), played[userID(0)], played[userID(1)], played[userID(2)])
	}
	sure, seasons := 0, map[int]int{}
	low, high := 4000.0, 0.0
	for _, st := range f.games.Standings() {
		seasons[st.Season]++
		if st.Season == pong.AllTime && !st.Provisional {
			sure++
			low, high = min(low, st.Rating.Rating), max(high, st.Rating.Rating)
		}
	}
	if sure < 12 || high-low < 250 || len(seasons) != 3 || seasons[pong.SeasonOf(now())] < 20 {
		t.Errorf("%d ratings from %.0f to %.0f are sure; the seasons have %v", sure, low, high, seasons)
	}
}

// checkCups: one has a champion, and one waits for visitors.
func checkCups(t *testing.T, f *fakes) {
	t.Helper()
	if len(f.games.Cups) != 2 {
		t.Fatalf("%d tournaments", len(f.games.Cups))
	}
	played, open := f.games.Cups[0], f.games.Cups[1]
	byID := map[int64]pong.Match{}
	for _, m := range f.games.Matches {
		if m.Cup != nil {
			byID[m.ID] = m.Match
		}
	}
	if played.State != pong.CupFinished || len(played.In) != 8 || played.Entries != 8 || played.Champion == 0 || played.DueAt != nil || len(byID) != 7 || !slices.ContainsFunc(played.In, func(e pong.Entry) bool { return e.UserID == userID(0) }) {
		t.Fatalf("the one that was played: %+v, %d matches", played, len(byID))
	}
	for i, e := range played.In {
		if e.Seed != i+1 || e.Place == 0 || (e.Place == 1) != (e.UserID == played.Champion) || e.JoinedAt.After(*played.StartedAt) || e.JoinedAt.Before(played.CreatedAt) || i > 0 && e.Rating > played.In[i-1].Rating {
			t.Errorf("entry %d: %+v", i, e)
		}
	}
	for _, round := range played.Bracket.Rounds {
		for _, p := range round {
			m, known := byID[p.MatchID]
			if !known || p.State != pong.PairDone || m.Cup.ID != played.ID || m.Cup.Name != played.Name || m.Cup.Round != p.Round || m.Cup.Slot != p.Slot || m.Mode != pong.Tournament ||
				m.Players[*m.Winner] != p.Winner || !slices.Contains(p.Players[:], m.Players[0]) || !slices.Contains(p.Players[:], m.Players[1]) || m.CreatedAt.Before(*played.StartedAt) || m.EndedAt.After(*played.EndedAt) {
				t.Errorf("pairing %+v of %+v", p, m)
			}
		}
	}
	if champion, over := played.Bracket.Champion(); !over || champion != played.Champion {
		t.Errorf("the champion is %d, the bracket says %d", played.Champion, champion)
	}
	if open.State != pong.CupOpen || len(open.In) != 5 || open.Entries != 5 || open.Size != 8 || open.DueAt == nil || open.DueAt.Before(now().Add(12*time.Hour)) {
		t.Errorf("the one that is open: %+v", open)
	}
	for _, e := range open.In {
		if e.UserID < userID(3) || e.JoinedAt.Before(open.CreatedAt) || e.JoinedAt.After(now()) {
			t.Errorf("in the open one is %+v", e)
		}
	}
}
