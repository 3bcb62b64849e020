package pong_test

import (
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rally/modules/pong"
)

// atOnce runs functions beside each other.
func atOnce(fns ...func()) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for _, fn := range fns {
		wg.Go(func() {
			<-start
			fn()
		})
	}
	close(start)
	wg.Wait()
}

func TestFortyJoinThirtyTwoPlaces(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		c := w.cup(t, 32)
		var in, refused atomic.Int64
		var fns []func()
		for _, user := range users(40) {
			fns = append(fns, func() {
				_, err := w.JoinCup(member(t, user), c.ID)
				switch {
				case err == nil:
					in.Add(1)
				case errors.Is(err, pong.ErrCupFull) || errors.Is(err, pong.ErrCupStarted):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		atOnce(fns...)
		c = w.see(t, c.ID)
		if in.Load() != 32 || refused.Load() != 8 || c.Entries != 32 || len(c.Players) != 32 || c.State != pong.CupRunning || len(c.Bracket.Seeds) != 32 {
			t.Errorf("%d are in, %d refused: %+v", in.Load(), refused.Load(), c.Cup)
		}
		if n := w.count(t, "SELECT count(*) FROM pong_matches WHERE state = 'open'"); n != 16 || len(w.called.All()) != 16 {
			t.Errorf("%d matches, %d calls", n, len(w.called.All()))
		}
	})
}

func TestOneMakesManyTournamentsAtOnce(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		var made atomic.Int64
		try := func() {
			if _, err := w.CreateCup(member(t, 1), pong.NewCup{Name: "Cup", Size: 4}); err == nil {
				made.Add(1)
			} else if !errors.Is(err, pong.ErrTooManyCups) {
				t.Error(err)
			}
		}
		atOnce(try, try, try, try, try, try)
		if made.Load() != 3 {
			t.Errorf("%d were made", made.Load())
		}
	})
}

func TestStartsAtOnce(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		c := w.cup(t, 16, users(6)...)
		var started atomic.Int64
		start := func() {
			if _, err := w.StartCup(member(t, 1), c.ID); err == nil {
				started.Add(1)
			} else if !errors.Is(err, pong.ErrCupStarted) {
				t.Error(err)
			}
		}
		join := func(user int64) func() {
			return func() {
				if _, err := w.JoinCup(member(t, user), c.ID); err != nil && !errors.Is(err, pong.ErrCupStarted) {
					t.Error(err)
				}
			}
		}
		leave := func() {
			if _, err := w.LeaveCup(member(t, 12), c.ID); err != nil {
				t.Error(err)
			}
		}
		atOnce(start, join(31), start, join(32), leave, join(33), start)
		c = w.see(t, c.ID)
		seeds, entries := slices.Sorted(slices.Values(c.Bracket.Seeds)), []int64{}
		for _, p := range c.Players {
			entries = append(entries, p.UserID)
		}
		slices.Sort(entries)
		if started.Load() != 1 || !slices.Equal(seeds, entries) || c.Entries != len(entries) {
			t.Errorf("%d started; %v in the bracket, %v entries, %d counted", started.Load(), seeds, entries, c.Entries)
		}
		w.once(t, c.ID)
	})
}

// once checks that every pairing that is called has one match, and nobody two.
func (w *cupWorld) once(t *testing.T, id int64) {
	t.Helper()
	c := w.see(t, id)
	matches, err := w.store.CupMatches(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	playing := map[int64]int{}
	for _, m := range matches {
		playing[m.Players[0]]++
		playing[m.Players[1]]++
	}
	for user, n := range playing {
		if n > 1 {
			t.Errorf("%d is in %d matches", user, n)
		}
	}
	if c.State == pong.CupRunning && len(matches) != len(c.Bracket.Current()) {
		t.Errorf("%d matches for %d pairings", len(matches), len(c.Bracket.Current()))
	}
}

func TestSomebodyLeavesWhileTheirMatchEnds(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		for range 8 {
			c := w.started(t, 4)
			m := w.matchOf(t, c.ID, 1, 0)
			if _, err := w.Begin(t.Context(), m.ID); err != nil {
				t.Fatal(err)
			}
			side, _ := m.SideOf(11)
			atOnce(
				func() {
					if _, err := w.Finish(t.Context(), m.ID, pong.Result{State: pong.Over, Reason: pong.ByScore, Winner: side, Score: [2]int{3, 1}}); err != nil {
						t.Error(err)
					}
				},
				func() {
					if _, err := w.LeaveCup(member(t, 11), c.ID); err != nil {
						t.Error(err)
					}
				},
				func() {
					if err := w.SweepCups(t.Context()); err != nil {
						t.Error(err)
					}
				},
			)
			c = w.see(t, c.ID)
			if p := c.Bracket.Rounds[0][0]; p.State != pong.PairDone || len(c.Bracket.Gone) != 1 || (p.How == pong.WonByLeave) != (p.Winner == 14) {
				t.Errorf("%+v, %v", p, c.Bracket.Gone)
			}
			w.end(t, w.matchOf(t, c.ID, 1, 1), 12, pong.ByScore)
			for range 3 {
				w.sweep(t, 2*time.Second)
			}
			if c = w.see(t, c.ID); c.State == pong.CupRunning { // 14 went on
				w.end(t, w.matchOf(t, c.ID, 2, 0), 14, pong.ByScore)
				c = w.see(t, c.ID)
			}
			if want := map[bool]int64{true: 14, false: 12}[c.Bracket.Rounds[0][0].Winner == 14]; c.State != pong.CupFinished || c.Champion != want {
				t.Errorf("%+v", c.Cup)
			}
		}
		if n := len(w.won.All()); n != 8 {
			t.Errorf("%d champions of 8 tournaments", n)
		}
	})
}

func TestTwoNodesSweepAtOnce(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		other := pong.NewService(w.deps)
		var ids []int64
		for i := range 4 {
			var people []int64
			for n := range int64(5) {
				people = append(people, int64(100*(i+1))+n)
			}
			ids = append(ids, w.cup(t, 8, people...).ID)
			if i%2 == 1 { // two more may be open
				w.exec(t, "UPDATE pong_tournaments SET created_by = created_by + 1000 WHERE id > 0")
			}
		}
		w.clock.Advance(24 * time.Hour)
		sweep := func(s *pong.Service) func() {
			return func() {
				for range 3 {
					if err := s.SweepCups(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		}
		atOnce(sweep(w.Service), sweep(other), sweep(w.Service), sweep(other))
		for _, id := range ids {
			if c := w.see(t, id); c.State != pong.CupRunning || c.Version != 7 { // five joined, it started, two calls and two byes
				t.Errorf("%+v", c.Cup)
			}
			w.once(t, id)
		}
		if n := len(w.called.All()); n != 8 {
			t.Errorf("%d calls", n)
		}
		// Whole tournaments, with a node that fails now and then.
		w.exec(t, "UPDATE pong_matches SET state = 'void', reason = 'server' WHERE state = 'open'")
		w.clock.Advance(10 * time.Second)
		atOnce(sweep(w.Service), sweep(other))
		for _, id := range ids {
			w.once(t, id)
		}
		if n := len(w.called.All()); n != 16 {
			t.Errorf("%d calls", n)
		}
	})
}

// Tournaments are played at random, with everything that may go wrong, and two at
// once by the same people.
func TestTournamentsEndWhateverHappens(t *testing.T) {
	rounds := uint64(4)
	if testing.Short() {
		rounds = 1
	}
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		for seed := range rounds {
			random := rand.New(rand.NewPCG(seed, 22))
			n := 4 + random.IntN(12)
			ids := []int64{w.started(t, n).ID, w.started(t, n).ID}
			w.won.Take()
			for step := 0; ; step++ {
				if step > 2000 {
					t.Fatalf("seed %d: no end: %+v, %+v", seed, w.see(t, ids[0]).Bracket, w.see(t, ids[1]).Bracket)
				}
				running := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return w.see(t, id).State != pong.CupRunning })
				if len(running) == 0 {
					break
				}
				w.happen(t, random, running[random.IntN(len(running))])
				w.sweep(t, time.Duration(random.IntN(4))*time.Second)
			}
			won := w.won.Take()
			if len(won) != 2 || won[0].ID == won[1].ID {
				t.Fatalf("seed %d: %+v", seed, won)
			}
			w.sweep(t, 20*time.Second)
			for _, id := range ids {
				c := w.see(t, id)
				places := map[int]int{}
				for _, p := range c.Players {
					places[p.Place]++
				}
				if c.State != pong.CupFinished || places[0] != 0 || places[1] != 1 || places[2] != 1 || len(c.Players) != n || c.Players[slices.IndexFunc(c.Players, func(p pong.CupPlayer) bool { return p.UserID == c.Champion })].Place != 1 {
					t.Fatalf("seed %d: %+v, %v", seed, c.Cup, maps.Clone(places))
				}
			}
			if n := w.count(t, "SELECT count(*) FROM pong_matches WHERE state IN ('open', 'live')"); n != 0 {
				t.Fatalf("seed %d: %d matches go on", seed, n)
			}
		}
	})
}

// happen lets something happen in a tournament.
func (w *cupWorld) happen(t *testing.T, random *rand.Rand, id int64) {
	t.Helper()
	w.once(t, id)
	c := w.see(t, id)
	current := c.Bracket.Current()
	what := random.IntN(12)
	if what == 0 {
		user := c.Bracket.Seeds[random.IntN(len(c.Bracket.Seeds))]
		if _, err := w.LeaveCup(member(t, user), id); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(current) == 0 {
		return
	}
	p := current[random.IntN(len(current))]
	m, err := w.store.Match(t.Context(), p.MatchID)
	if err != nil {
		t.Fatal(err)
	}
	r := pong.Result{State: pong.Over, Reason: pong.ByScore, Winner: pong.Side(random.IntN(2)), Score: [2]int{random.IntN(4), random.IntN(4)}}
	switch what {
	case 1:
		r.State, r.Reason = pong.Void, pong.ByNoShow
	case 2:
		r.State, r.Reason = pong.Void, pong.ByServer
	case 3:
		r.Reason = pong.ByNoShow
	case 4: // the row is lost to a crash
		w.exec(t, "UPDATE pong_matches SET state = 'void', reason = 'stuck' WHERE id = $1", m.ID)
		w.sweep(t, 10*time.Second)
		return
	default:
		if m.State == pong.Open {
			if _, err := w.Begin(t.Context(), m.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.finish(t, m.ID, r)
	w.finish(t, m.ID, r) // again
}
