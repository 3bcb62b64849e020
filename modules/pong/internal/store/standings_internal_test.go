package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"rally/modules/pong"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

// A page of a leaderboard, a rank, and whose time has come are each a stretch of an
// index, and nothing is sorted.
func TestLeaderboardsWalkTheirIndex(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := New(d)
		at := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
		if err := d.InTx(t.Context(), func(ctx context.Context) error {
			for id := range int64(3000) {
				for _, season := range []int{0, 20263, 20264} {
					st := pong.Standing{Season: season, UserID: id, Rating: pong.Rating{Rating: 1000 + float64(id), Deviation: 60, Volatility: 0.06}, LastAt: at}
					if err := s.SaveStandings(ctx, st); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(t.Context(), d, "ANALYZE pong_standings"); err != nil {
			t.Fatal(err)
		}
		check := func(what, index, query string, args ...any) {
			t.Helper()
			got := testkit.Plan(t, d, query, args...)
			if !strings.Contains(got, index) || strings.Contains(got, "Sort") || strings.Contains(got, "TEMP B-TREE") || strings.Contains(got, "Seq Scan") {
				t.Errorf("%s:\n%s", what, got)
			}
		}
		const places = "pong_standings_place_idx"
		st := pong.Standing{Season: 20264, UserID: 2800, Rating: pong.Rating{Rating: 3800}}
		for _, r := range []page.CursorRequest{{Size: 20}, {Size: 20, Backward: true}, {Size: 20, Key: []int64{st.Place(), st.UserID}}, {Size: 20, Key: []int64{st.Place(), st.UserID}, Backward: true}} {
			query, args := leaderboard(20264, r)
			check("a page", places, selectStandings+query, args...)
		}
		check("a rank", places, countBefore, st.Season, st.Place(), st.UserID)
		check("who fades", "pong_standings_fades_idx", s.fade(), at, int64(pong.ProvisionalPlace))
	})
}
