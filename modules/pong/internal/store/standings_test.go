package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"rally/modules/pong"
	"rally/modules/pong/internal/store"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

var at = time.Date(2026, 11, 20, 12, 0, 0, 123456000, time.UTC)

func standing(season int, userID int64, rating float64) pong.Standing {
	return pong.Standing{
		Season: season, UserID: userID, Rating: pong.Rating{Rating: rating, Deviation: 61.123456789012345, Volatility: 0.059999},
		Wins: 3, Losses: 2, Streak: -2, BestStreak: 3, Form: "WWWLL", LastAt: at,
	}
}

func save(t *testing.T, s *store.Store, list ...pong.Standing) {
	t.Helper()
	if err := s.SaveStandings(t.Context(), list...); err != nil {
		t.Fatal(err)
	}
}

func TestStandingsAreKept(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := store.New(d)
		first, err := s.FirstSeason(t.Context())
		if err != nil || first != 0 {
			t.Fatalf("%d, %v", first, err)
		}
		list := []pong.Standing{standing(0, 1, 1623.4567890123456), standing(20264, 1, 1623.4567890123456), standing(0, 2, 1501), standing(20263, 2, 1502)}
		list[2].Provisional = true
		save(t, s, list...)
		got, err := s.Standings(t.Context(), 20264, 1, 2, 3)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(got, func(a, b pong.Standing) int { return int(a.UserID-b.UserID)*2 + min(a.Season, 1) - min(b.Season, 1) })
		if !slices.Equal(got, list[:3]) { // to the last bit
			t.Errorf("%+v, want %+v", got, list[:3])
		}
		if none, err := s.Standings(t.Context(), 0); err != nil || len(none) != 0 {
			t.Errorf("of nobody: %v, %v", none, err)
		}
		if first, err = s.FirstSeason(t.Context()); err != nil || first != 20263 {
			t.Errorf("%d, %v", first, err)
		}

		// Another write changes all but who is absent.
		if err := s.MarkAbsent(t.Context(), 1, true); err != nil {
			t.Fatal(err)
		}
		changed := standing(0, 1, 1700).With(true, pong.Rating{Rating: 1710, Deviation: 120, Volatility: 0.07}, at.Add(time.Hour))
		save(t, s, changed)
		changed.Absent = true
		if got, err = s.Standings(t.Context(), 0, 1); err != nil || len(got) != 1 || got[0] != changed {
			t.Errorf("%+v, %v, want %+v", got, err, changed)
		}
	})
}

// Rivals are counted by the database: none is lost, in whatever order they come.
func TestRivalsAreCountedInAnyOrder(t *testing.T) {
	const each = 20
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, ctx := store.New(d), context.WithoutCancel(t.Context())
		var wg sync.WaitGroup
		for i := range 2 * each {
			wg.Go(func() {
				winner, loser := int64(1), int64(2)
				if i%2 == 1 {
					winner, loser = loser, winner
				}
				if err := d.InTx(ctx, func(ctx context.Context) error {
					if err := s.HoldPlayers(ctx, winner, loser); err != nil {
						return err
					}
					return s.CountRivals(ctx, winner, loser, int64(i+1), at)
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, pair := range [][2]int64{{1, 2}, {2, 1}} {
			v, met, err := s.RivalOf(t.Context(), pair[0], pair[1])
			if err != nil || !met || v.UserID != pair[0] || v.OtherID != pair[1] || v.Wins != each || v.Losses != each || !v.LastAt.Equal(at) {
				t.Errorf("%+v, %v, %v", v, met, err)
			}
		}
		if _, met, err := s.RivalOf(t.Context(), 1, 3); met || err != nil {
			t.Errorf("%v, %v", met, err)
		}
	})
}

func TestStandingsAreForgotten(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := store.New(d)
		save(t, s, standing(0, 1, 1600), standing(20264, 1, 1600), standing(0, 2, 1500), standing(20264, 2, 1500))
		for match, pair := range [][2]int64{{1, 2}, {2, 3}, {3, 1}} {
			if err := s.CountRivals(t.Context(), pair[0], pair[1], int64(match+1), at); err != nil {
				t.Fatal(err)
			}
		}
		e, err := s.ExportStandings(t.Context(), 1, 10)
		if err != nil || len(e.Standings) != 2 || e.Standings[0] != standing(0, 1, 1600) || len(e.Rivals) != 2 || e.Rivals[0].OtherID != 3 || e.Rivals[1].Wins != 1 {
			t.Errorf("%+v, %v", e, err)
		}
		if err := s.ForgetStandings(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if e, err = s.ExportStandings(t.Context(), 1, 10); err != nil || len(e.Standings)+len(e.Rivals) != 0 {
			t.Errorf("%+v, %v", e, err)
		}
		if e, err = s.ExportStandings(t.Context(), 2, 10); err != nil || len(e.Standings) != 2 || len(e.Rivals) != 1 || e.Rivals[0].OtherID != 3 {
			t.Errorf("%+v, %v", e, err)
		}
	})
}

// Fade runs beside matches that end, and neither waits for the other for ever.
func TestFadeRunsBesideMatches(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, ctx := store.New(d), context.WithoutCancel(t.Context())
		const people = 40
		for id := int64(1); id <= people; id++ {
			save(t, s, standing(0, id, 1500))
		}
		late := at.AddDate(2, 0, 0)
		var wg sync.WaitGroup
		for i := range int64(4 * people) {
			wg.Go(func() {
				a, b := i%people+1, (i+1+i/people)%people+1
				if err := d.InTx(ctx, func(ctx context.Context) error {
					if err := s.HoldPlayers(ctx, a, b); err != nil {
						return err
					}
					return s.SaveStandings(ctx, standing(0, a, 1500), standing(0, b, 1500))
				}); err != nil {
					t.Error(err)
				}
			})
			if i%people == 0 {
				wg.Go(func() {
					if err := s.Fade(ctx, late); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		if err := s.Fade(ctx, late); err != nil {
			t.Fatal(err)
		}
		r, err := page.CursorList{Name: "test", Keys: 2}.Parse("", 100)
		if err != nil {
			t.Fatal(err)
		}
		list, err := s.Leaderboard(ctx, 0, r)
		if err != nil || len(list) != people {
			t.Fatalf("%d, %v", len(list), err)
		}
		for _, st := range list {
			n, err := s.CountBefore(ctx, st)
			if !st.Provisional || err != nil || n != int(st.UserID)-1 { // of equals the lower id
				t.Errorf("%+v has %d before them, %v", st, n, err)
			}
		}
	})
}
