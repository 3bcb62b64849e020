package pong_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"rally/modules/pong"
)

// simulated is what two robots play.
func simulated(points int, seed uint32) pong.Record {
	s, rec := pong.NewState(points, seed), pong.NewRecorder(points, seed)
	left, right := pong.NewRobot(pong.Easy, pong.Left, seed+1), pong.NewRobot(pong.Normal, pong.Right, seed+2)
	for {
		if _, over := s.Over(); over {
			return rec.Record()
		}
		dirs := [2]int8{left.Direction(s), right.Direction(s)}
		s.Step(dirs)
		rec.Step(dirs)
	}
}

// imported imports a world.
func (c *club) imported(w *pong.World) {
	c.t.Helper()
	if err := c.d.InTx(c.t.Context(), func(ctx context.Context) error { return pong.NewImporter(c.store).Import(ctx, w) }); err != nil {
		c.t.Fatal(err)
	}
}

// shift is how far the ids of those who play through the service are from those whom
// the import lets play.
const shift = 1000

// A past that is imported leaves the same standings and rivals as the same matches
// that were played.
func TestAnImportIsAsIfItHadBeenPlayed(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		r := rand.New(rand.NewPCG(1, 2))
		end := c.now
		at := c.now.AddDate(0, 0, -200)
		w := pong.NewWorld(end)
		c.played = 10_000
		records := []pong.Record{simulated(3, 7), simulated(3, 8), simulated(3, 11), simulated(3, 12)}
		for range 120 {
			at = at.Add(time.Duration(r.IntN(80)) * time.Hour / 2)
			if !at.Before(end.Add(-time.Hour)) {
				break
			}
			a, b := 1+r.Int64N(6), 1+r.Int64N(6)
			if a == b {
				continue
			}
			began := at.Add(9 * time.Second)
			m, err := w.Play(pong.Match{Mode: pong.Quick, Points: 3, Players: [2]int64{a, b}, CreatedAt: at, StartedAt: &began}, records[r.IntN(len(records))])
			if err != nil {
				t.Fatal(err)
			}
			twin := c.match(a+shift, b+shift)
			twin.Winner, twin.EndedAt = m.Winner, m.EndedAt
			if err := c.end(t.Context(), &twin); err != nil {
				t.Fatal(err)
			}
			if *twin.Before[0] != *m.Before[0] || *twin.After[1] != *m.After[1] || twin.Season != m.Season {
				t.Fatalf("imported %+v, played %+v", m, twin)
			}
			at = *m.EndedAt
		}
		if err := c.FadeRatings(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.imported(w)
		for user := int64(1); user <= 6; user++ {
			got, err := c.store.ExportStandings(t.Context(), user, 100)
			if err != nil {
				t.Fatal(err)
			}
			want, err := c.store.ExportStandings(t.Context(), user+shift, 100)
			if err != nil {
				t.Fatal(err)
			}
			for i := range want.Standings {
				want.Standings[i].UserID -= shift
			}
			if !slices.Equal(got.Standings, want.Standings) || len(got.Standings) < 2 {
				t.Errorf("%d stands at %+v, as played at %+v", user, got.Standings, want.Standings)
			}
			for i, v := range want.Rivals {
				v.UserID, v.OtherID, v.LastMatch = v.UserID-shift, v.OtherID-shift, got.Rivals[i].LastMatch
				if got.Rivals[i] != v {
					t.Errorf("%d has met %+v, as played %+v", user, got.Rivals[i], v)
				}
			}
		}
		for _, m := range w.Matches {
			stored, err := c.store.Match(t.Context(), m.ID)
			if err != nil || stored.State != pong.Over || stored.Reason != pong.ByScore || stored.Score != m.Score || *stored.Winner != *m.Winner || stored.Seed != m.Record.Seed ||
				*stored.After[0] != *m.After[0] || !stored.StartedAt.Equal(*m.StartedAt) || !stored.EndedAt.Equal(*m.EndedAt) || !stored.HasReplay || !stored.Rated {
				t.Fatalf("imported %+v, stored %+v: %v", m.Match, stored, err)
			}
		}
	})
}

func TestATournamentIsImported(t *testing.T) {
	eachClub(t, func(t *testing.T, c *club) {
		start := c.now.AddDate(0, 0, -2)
		for _, n := range []int{4, 5, 8} {
			w := pong.NewWorld(c.now)
			var in []pong.Entry
			for i := range n {
				in = append(in, pong.Entry{UserID: int64(i + 1), JoinedAt: start.Add(time.Duration(i-n) * time.Minute)})
			}
			seed := uint32(90 * n)
			err := w.PlayCup(pong.Cup{Name: "Cup", Size: 8, Points: 3, CreatedBy: 1, CreatedAt: start.Add(-time.Hour)}, in, start, func(m pong.Match) (time.Time, pong.Record) {
				seed++
				return m.CreatedAt.Add(5 * time.Second), simulated(m.Points, seed)
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.OpenCup(pong.Cup{Name: "Open", Size: 4, CreatedBy: 2, CreatedAt: c.now.Add(-time.Hour)}, in[:2]); err != nil {
				t.Fatal(err)
			}
			c.imported(w)
			played, err := c.Cup(t.Context(), w.Cups[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			champion, over := played.Bracket.Champion()
			if played.State != pong.CupFinished || !over || played.Champion != champion || played.Entries != n || len(w.Matches) != n-1 || played.DueAt != nil || !played.EndedAt.After(start) {
				t.Errorf("of %d: %+v", n, played.Cup)
			}
			for _, p := range played.Players {
				if p.Place == 0 || (p.Place == 1) != (p.UserID == champion) {
					t.Errorf("of %d: %+v", n, p.Entry)
				}
			}
			matches := 0
			for _, round := range played.Bracket.Rounds {
				for _, p := range round {
					if p.How == pong.WonByBye {
						continue
					}
					matches++
					m, err := c.store.Match(t.Context(), p.MatchID)
					if err != nil || m.Cup == nil || *m.Cup != (pong.CupRound{ID: played.ID, Name: "Cup", Round: p.Round, Slot: p.Slot}) || m.Players[*m.Winner] != p.Winner {
						t.Errorf("of %d: %+v is %+v: %v", n, p, m, err)
					}
				}
			}
			if matches != n-1 {
				t.Errorf("of %d: %d matches", n, matches)
			}
			open, err := c.Cup(t.Context(), w.Cups[1].ID)
			if err != nil || open.State != pong.CupOpen || open.Entries != 2 || len(open.Players) != 2 || open.Points != pong.DefaultPoints || !open.DueAt.After(c.now) {
				t.Errorf("the open one: %+v: %v", open, err)
			}
		}
	})
}

// What can't have been is refused.
func TestAWorldKeepsTheRules(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	record := simulated(3, 7)
	at, began := now.Add(-time.Hour), now.Add(-time.Hour)
	good := pong.Match{Mode: pong.Quick, Points: 3, Players: [2]int64{1, 2}, CreatedAt: at, StartedAt: &began}
	w := pong.NewWorld(now)
	if _, err := w.Play(good, record); err != nil {
		t.Fatal(err)
	}
	later, late := now.Add(-30*time.Minute), now.Add(-time.Second)
	short := record
	short.Ticks /= 2
	short.Changes = slices.DeleteFunc(slices.Clone(short.Changes), func(c pong.Change) bool { return c.Tick > short.Ticks })
	for name, change := range map[string]func(m *pong.Match, r *pong.Record){
		"against a robot":       func(m *pong.Match, _ *pong.Record) { m.Mode = pong.AI },
		"alone":                 func(m *pong.Match, _ *pong.Record) { m.Players[1] = 0 },
		"against oneself":       func(m *pong.Match, _ *pong.Record) { m.Players = [2]int64{3, 3} },
		"to another score":      func(m *pong.Match, _ *pong.Record) { m.Points = 5 },
		"to no score":           func(m *pong.Match, r *pong.Record) { m.Points, r.Points = 4, 4 },
		"begun too early":       func(m *pong.Match, _ *pong.Record) { m.CreatedAt = later.Add(time.Second) },
		"not over yet":          func(m *pong.Match, _ *pong.Record) { m.StartedAt = &late },
		"before the one before": func(m *pong.Match, _ *pong.Record) { m.CreatedAt = at.Add(-time.Second); m.Players = [2]int64{3, 4} },
		"two at once":           func(m *pong.Match, _ *pong.Record) { m.CreatedAt = began.Add(time.Second); m.Players = [2]int64{3, 2} },
		"without an end":        func(_ *pong.Match, r *pong.Record) { *r = short },
	} {
		m, r := good, record
		m.CreatedAt, m.StartedAt = later, &later
		change(&m, &r)
		if got, err := w.Play(m, r); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	right := pong.Right
	m := good
	m.CreatedAt, m.StartedAt, m.Winner = later, &later, &right
	if m, err := w.Play(m, short); err != nil || m.Reason != pong.ByForfeit || *m.Winner != pong.Right || len(w.Matches) != 2 {
		t.Errorf("given up: %+v: %v", m, err)
	}
	cup := pong.Cup{Name: "Cup", Size: 4, Points: 3, CreatedAt: at}
	five := slices.Repeat([]pong.Entry{{UserID: 1}}, 5)
	if err := w.OpenCup(cup, five); !errors.Is(err, pong.ErrCupFull) {
		t.Errorf("five of four: %v", err)
	}
	if err := w.PlayCup(cup, five[:3], at, nil); !errors.Is(err, pong.ErrCupTooFew) {
		t.Errorf("three: %v", err)
	}
	cup.Name = ""
	if err := w.OpenCup(cup, nil); err == nil {
		t.Error("without a name")
	}
}
