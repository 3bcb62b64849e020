package pong

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSeasonsAreQuarters(t *testing.T) {
	seoul := time.FixedZone("KST", 9*60*60)
	for at, want := range map[time.Time]int{
		time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC):                        20261,
		time.Date(2026, 3, 31, 23, 59, 59, 999999999, time.UTC):            20261,
		time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC):                        20262,
		time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC):                      20263,
		time.Date(2026, 10, 1, 8, 59, 59, 0, seoul):                        20263, // in London it is September
		time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC):                   20264,
		time.Date(2027, 1, 1, 8, 59, 59, 0, seoul):                         20264,
		time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC):                       20281,
		time.Date(2026, 11, 23, 14, 37, 0, 0, time.UTC):                    20264,
		time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC):                        20271,
		time.Date(2026, 6, 30, 23, 59, 59, 999999000, time.UTC):            20262,
		time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC):                        20263,
		time.Date(2026, 12, 31, 20, 0, 0, 0, time.FixedZone("", -5*60*60)): 20271,
	} {
		if got := SeasonOf(at); got != want {
			t.Errorf("%v is in %d, want %d", at, got, want)
		}
	}
	s := seasonAt(20264)
	if s.Name() != "2026 Q4" || !s.Starts.Equal(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)) || !s.Ends.Equal(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", s)
	}
}

func TestEveryMomentIsInOneSeason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "seconds"), 0)
		s := seasonAt(SeasonOf(at))
		if at.Before(s.Starts) || !at.Before(s.Ends) || SeasonOf(s.Ends) == s.Number || SeasonOf(s.Ends.Add(-1)) != s.Number || SeasonOf(s.Starts) != s.Number {
			t.Fatalf("%v in %+v", at, s)
		}
	})
}

func TestSeasonsAreListedNewestFirst(t *testing.T) {
	numbers := func(list []Season) (all []int) {
		for _, s := range list {
			all = append(all, s.Number)
		}
		return all
	}
	for _, c := range []struct {
		first, last int
		want        []int
	}{
		{0, 20264, []int{20264}},
		{20264, 20264, []int{20264}},
		{20253, 20261, []int{20261, 20254, 20253}},
		{20271, 20264, []int{20264}}, // clocks differ
	} {
		if got := numbers(seasonsUpTo(c.first, c.last)); len(got) != len(c.want) || got[0] != c.want[0] || got[len(got)-1] != c.want[len(c.want)-1] {
			t.Errorf("%d…%d: %v, want %v", c.first, c.last, got, c.want)
		}
	}
}

func TestStandingsCountMatches(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	s := NewStanding(AllTime, 7)
	if s.Played() || !s.Provisional || s.Now(at) != s {
		t.Fatalf("%+v", s)
	}
	for i, won := range []bool{true, true, true, false, false, true, true, false, true, true, true, true} {
		s = s.With(won, Rating{1600, 90, 0.06}, at.Add(time.Duration(i)*time.Minute))
	}
	want := Standing{
		UserID: 7, Rating: Rating{1600, 90, 0.06}, Wins: 9, Losses: 3, Streak: 4, BestStreak: 4, Form: "WLLWWLWWWW", LastAt: at.Add(11 * time.Minute),
	}
	if s != want {
		t.Errorf("%+v, want %+v", s, want)
	}
	s = s.With(false, Rating{1590, 120, 0.06}, at) // of a clock that is late
	if s.Streak != -1 || s.BestStreak != 4 || !s.Provisional || s.LastAt != want.LastAt || s.FadesAt() != s.LastAt {
		t.Errorf("%+v", s)
	}
	if s = s.With(false, Rating{1590, 120, 0.06}, at); s.Streak != -2 {
		t.Errorf("%+v", s)
	}
	later := want.LastAt.AddDate(1, 0, 0)
	if now := want.Now(later); now.Deviation <= 110 || now.Provisional { // that is for Fade to say
		t.Errorf("%+v", now)
	}
	want.Season = 20264
	if now := want.Now(later); now != want {
		t.Errorf("a season changed: %+v", now)
	}
}

// The order of places is that of ratings, those who are provisional behind.
func TestPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Standing {
			return Standing{Rating: ratings().Draw(t, name), Provisional: rapid.Bool().Draw(t, name+" provisional")}
		}
		a, b := draw("a"), draw("b")
		switch {
		case a.Provisional != b.Provisional:
			if (a.Place() > b.Place()) != a.Provisional {
				t.Fatalf("%+v at %d, %+v at %d", a, a.Place(), b, b.Place())
			}
		case a.Rating.Rating > b.Rating.Rating+1e-6 && a.Place() >= b.Place():
			t.Fatalf("%+v at %d, %+v at %d", a, a.Place(), b, b.Place())
		}
		if a.Place() < 0 {
			t.Fatal(a.Place())
		}
	})
}
