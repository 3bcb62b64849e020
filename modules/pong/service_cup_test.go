package pong_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/modules/pong"
	"rally/platform/auth"
	"rally/platform/fault"
)

func TestATournamentIsPlayed(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		c := w.started(t, 6) // 11 is the best
		if c.State != pong.CupRunning || c.Name != "Friday night cup" || c.StartedAt == nil || !c.StartedAt.Equal(w.clock.Now()) {
			t.Fatalf("%+v", c)
		}
		var seeds []int64
		for i, p := range c.Players {
			seeds = append(seeds, p.UserID)
			if p.Seed != i+1 || p.Rating != 2000-float64(i) || p.Who == nil || p.Place != 0 {
				t.Errorf("%+v", p)
			}
		}
		if !slices.Equal(seeds, users(6)) || !slices.Equal(c.Bracket.Seeds, seeds) {
			t.Errorf("seeds %v, %v", seeds, c.Bracket.Seeds)
		}
		calls := w.called.Take()
		if len(calls) != 2 || calls[0].Match.Players != [2]int64{14, 15} || calls[1].Match.Players != [2]int64{13, 16} {
			t.Fatalf("%+v", calls)
		}
		m := w.matchOf(t, c.ID, 1, 1)
		if m.State != pong.Open || m.Mode != pong.Tournament || m.Points != 3 || !m.Rated || m.Cup.ID != c.ID || m.Cup.Name != c.Name || m.Cup.Round != 1 || m.Cup.Slot != 1 ||
			!m.ReadyBy.Equal(w.clock.Now().Add(time.Minute)) || !c.Bracket.Rounds[0][1].ReadyBy.Equal(*m.ReadyBy) {
			t.Errorf("%+v", m)
		}
		told := w.told.Take()
		for _, want := range []string{"called [14 15]", "called [13 16]", fmt.Sprint("cup ", c.ID), "lobby"} {
			if !slices.Contains(told, want) {
				t.Errorf("%q is not told: %q", want, told)
			}
		}
		version := c.Version
		if _, err := w.Begin(t.Context(), m.ID); err != nil {
			t.Fatal(err)
		}
		c = w.see(t, c.ID)
		if c.Bracket.Rounds[0][1].State != pong.PairPlaying || c.Version <= version {
			t.Errorf("%+v", c.Bracket.Rounds[0][1])
		}
		w.end(t, w.matchOf(t, c.ID, 1, 1), 15, pong.ByScore)
		if calls := w.called.Take(); len(calls) != 1 || calls[0].Match.Players != [2]int64{11, 15} {
			t.Errorf("%+v", calls)
		}
		w.end(t, w.matchOf(t, c.ID, 1, 3), 13, pong.ByNoShow)
		w.end(t, w.matchOf(t, c.ID, 2, 0), 15, pong.ByForfeit)
		w.end(t, w.matchOf(t, c.ID, 2, 1), 13, pong.ByScore)
		final := w.matchOf(t, c.ID, 3, 0)
		if final.Players != [2]int64{13, 15} { // the better seed on the left, though below in the bracket
			t.Errorf("%+v", final)
		}
		if c = w.see(t, c.ID); c.Bracket.Rounds[2][0].Players != [2]int64{15, 13} || len(w.won.All()) != 0 {
			t.Errorf("%+v", c.Bracket.Rounds[2][0])
		}
		w.end(t, final, 13, pong.ByScore)
		c = w.see(t, c.ID)
		p := c.Bracket.Rounds[2][0]
		if c.State != pong.CupFinished || c.Champion != 13 || c.Winner == nil || c.Winner.UserID != 13 || c.EndedAt == nil || c.DueAt != nil || *p.Score != [2]int{0, 3} || p.How != pong.WonByScore {
			t.Errorf("%+v, %+v", c.Cup, p)
		}
		if how := []pong.How{c.Bracket.Rounds[0][0].How, c.Bracket.Rounds[0][3].How, c.Bracket.Rounds[1][0].How}; !slices.Equal(how, []pong.How{pong.WonByBye, pong.WonByWalkover, pong.WonByForfeit}) || c.Bracket.Rounds[0][3].Score != nil {
			t.Errorf("%v", how)
		}
		won := w.won.Take()
		if len(won) != 1 || won[0].Champion != 13 || won[0].ID != c.ID || won[0].Name != c.Name || !slices.Equal(won[0].Players, seeds) {
			t.Errorf("%+v", won)
		}
		entries, err := w.store.Entries(t.Context(), c.ID)
		places := map[int64]int{}
		for i, e := range entries {
			places[e.UserID] = e.Place
			if c.Players[i].Place != e.Place {
				t.Errorf("%+v is shown as %+v", e, c.Players[i])
			}
		}
		if want := map[int64]int{13: 1, 15: 2, 11: 3, 12: 3, 14: 5, 16: 5}; err != nil || !maps.Equal(places, want) {
			t.Errorf("%v, %v", places, err)
		}
		// What comes late changes nothing.
		before := w.see(t, c.ID)
		w.called.Take()
		w.finish(t, final.ID, pong.Result{State: pong.Over, Reason: pong.ByScore, Winner: pong.Right})
		w.sweep(t, time.Hour)
		if after := w.see(t, c.ID); after.Version != before.Version || after.Champion != 13 || len(w.won.All())+len(w.called.Take()) != 0 {
			t.Errorf("%+v", after)
		}
	})
}

func TestSeedsOfEqualsGoByWhoJoinedFirst(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		c := w.cup(t, 8)
		for _, id := range []int64{14, 11, 13, 12} {
			if _, err := w.JoinCup(member(t, id), c.ID); err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(time.Microsecond)
		}
		c, err := w.StartCup(member(t, 1), c.ID)
		if err != nil || !slices.Equal(c.Bracket.Seeds, []int64{14, 11, 13, 12}) {
			t.Errorf("%+v, %v", c.Bracket, err)
		}
	})
}

func TestAFullTournamentStarts(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		c := w.cup(t, 4, users(3)...)
		if c.State != pong.CupOpen || !c.DueAt.Equal(c.CreatedAt.Add(24*time.Hour)) {
			t.Fatalf("%+v", c.Cup)
		}
		c, err := w.JoinCup(member(t, 14), c.ID)
		if err != nil || c.State != pong.CupRunning || len(w.called.Take()) != 2 || !c.Joined || c.Mine == nil || c.Mine.State != pong.PairCalled || !c.May.Leave {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

func TestATournamentIsOpenForADay(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		few, enough := w.cup(t, 8, users(3)...), w.cup(t, 8, users(5)...)
		w.sweep(t, 23*time.Hour)
		if w.see(t, few.ID).State != pong.CupOpen || w.see(t, enough.ID).State != pong.CupOpen {
			t.Error("too early")
		}
		w.sweep(t, time.Hour)
		if c := w.see(t, few.ID); c.State != pong.CupCancelled || c.EndedAt == nil {
			t.Errorf("%+v", c.Cup)
		}
		if c := w.see(t, enough.ID); c.State != pong.CupRunning || len(c.Bracket.Seeds) != 5 || len(w.called.All()) != 2 {
			t.Errorf("%+v", c.Cup)
		}
		w.sweep(t, time.Minute)
		if n := w.count(t, "SELECT count(*) FROM pong_tournaments WHERE id = $1 AND due_at IS NOT NULL", few.ID); n != 0 {
			t.Error("what is over is looked at again")
		}
	})
}

func TestWhoMayDoWhat(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		open, running, over := w.cup(t, 4, users(3)...), w.started(t, 5), w.cup(t, 8)
		if _, err := w.CreateCup(member(t, 2), pong.NewCup{Name: "Mine", Size: 4}); err != nil {
			t.Fatal(err)
		}
		if c, err := w.CancelCup(member(t, 1), over.ID); err != nil || c.State != pong.CupCancelled {
			t.Fatalf("%+v, %v", c, err)
		}
		full := func(id int64) error { // as it stands before the sweep that starts it
			w.exec(t, "UPDATE pong_tournaments SET entries = size WHERE id = $1", id)
			_, err := w.JoinCup(member(t, 40), id)
			_, again := w.JoinCup(member(t, 11), id)
			w.exec(t, "UPDATE pong_tournaments SET entries = 3 WHERE id = $1", id)
			return errors.Join(err, map[bool]error{true: nil, false: again}[errors.Is(again, pong.ErrAlreadyEntered)])
		}
		only := func(_ pong.CupShown, err error) error { return err }
		for name, c := range map[string]struct{ got, want error }{
			"read none":               {only(w.Cup(t.Context(), 999)), pong.ErrCupNotFound},
			"join none":               {only(w.JoinCup(member(t, 11), 999)), pong.ErrCupNotFound},
			"join by nobody":          {only(w.JoinCup(t.Context(), open.ID)), auth.ErrRequired},
			"join twice":              {only(w.JoinCup(member(t, 11), open.ID)), pong.ErrAlreadyEntered},
			"join a full one":         {full(open.ID), pong.ErrCupFull},
			"join a running one":      {only(w.JoinCup(member(t, 40), running.ID)), pong.ErrCupStarted},
			"join one that is over":   {only(w.JoinCup(member(t, 40), over.ID)), pong.ErrCupOver},
			"leave by nobody":         {only(w.LeaveCup(t.Context(), open.ID)), auth.ErrRequired},
			"leave as a stranger":     {only(w.LeaveCup(member(t, 40), open.ID)), pong.ErrNotEntered},
			"leave a strange run":     {only(w.LeaveCup(member(t, 40), running.ID)), pong.ErrNotEntered},
			"leave one that is over":  {only(w.LeaveCup(member(t, 11), over.ID)), pong.ErrCupOver},
			"start by nobody":         {only(w.StartCup(t.Context(), open.ID)), auth.ErrRequired},
			"start another's":         {only(w.StartCup(member(t, 2), open.ID)), pong.ErrNotOrganiser},
			"start with three":        {only(w.StartCup(member(t, 1), open.ID)), pong.ErrCupTooFew},
			"start a running one":     {only(w.StartCup(member(t, 1), running.ID)), pong.ErrCupStarted},
			"start one that is over":  {only(w.StartCup(member(t, 1), over.ID)), pong.ErrCupOver},
			"cancel by nobody":        {only(w.CancelCup(t.Context(), open.ID)), auth.ErrRequired},
			"cancel another's":        {only(w.CancelCup(member(t, 2), open.ID)), pong.ErrNotOrganiser},
			"cancel a running one":    {only(w.CancelCup(member(t, 1), running.ID)), pong.ErrCupStarted},
			"cancel one that is over": {only(w.CancelCup(member(t, cupStaff), over.ID)), pong.ErrCupOver},
			"a prize by a member":     {only(w.SetPrize(member(t, 1), open.ID, 1)), auth.ErrForbidden},
			"a prize while it runs":   {only(w.SetPrize(member(t, cupStaff), running.ID, 1)), pong.ErrCupStarted},
			"a prize that isn't":      {only(w.SetPrize(member(t, cupStaff), open.ID, 10)), errSoldOut},
			"create by nobody":        {only(w.CreateCup(t.Context(), pong.NewCup{Name: "No", Size: 4})), auth.ErrRequired},
		} {
			if !errors.Is(c.got, c.want) {
				t.Errorf("%s: %v, want %v", name, c.got, c.want)
			}
		}
		may := func(user int64, id int64) pong.CupMay {
			c, err := w.Cup(member(t, user), id)
			if err != nil {
				t.Fatal(err)
			}
			return c.May
		}
		for name, c := range map[string]struct{ got, want pong.CupMay }{
			"a stranger, open":       {may(40, open.ID), pong.CupMay{Join: true}},
			"somebody in it":         {may(11, open.ID), pong.CupMay{Leave: true}},
			"who made it":            {may(1, open.ID), pong.CupMay{Join: true, Cancel: true}},
			"who made it, running":   {may(1, running.ID), pong.CupMay{}},
			"somebody in a run":      {may(11, running.ID), pong.CupMay{Leave: true}},
			"the staff":              {may(cupStaff, running.ID), pong.CupMay{Cancel: true}},
			"somebody, when it over": {may(1, over.ID), pong.CupMay{}},
		} {
			if c.got != c.want {
				t.Errorf("%s: %+v, want %+v", name, c.got, c.want)
			}
		}
		if c := w.see(t, open.ID); c.May != (pong.CupMay{}) || c.Joined || c.Mine != nil {
			t.Errorf("nobody: %+v", c.May)
		}
		if c, err := w.StartCup(member(t, cupStaff), w.cup(t, 8, users(4)...).ID); err != nil || c.State != pong.CupRunning {
			t.Errorf("the staff: %v", err)
		}
		if n := w.count(t, "SELECT count(*) FROM audit_log WHERE action = 'pong.tournament.start' AND actor_id = $1", cupStaff); n != 1 {
			t.Errorf("%d audited", n)
		}
	})
}

func TestNewTournaments(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		for name, c := range map[string]struct {
			in    pong.NewCup
			field string
		}{
			"a short name":   {pong.NewCup{Name: " a ", Size: 4}, "name"},
			"a long name":    {pong.NewCup{Name: strings.Repeat("가", 41), Size: 4}, "name"},
			"a line":         {pong.NewCup{Name: "two\nlines", Size: 4}, "name"},
			"turned round":   {pong.NewCup{Name: "abc\u202edef", Size: 4}, "name"},
			"nothing seen":   {pong.NewCup{Name: "\u200b\u200b\u200b", Size: 4}, "name"},
			"no UTF-8":       {pong.NewCup{Name: "a\xffb", Size: 4}, "name"},
			"three people":   {pong.NewCup{Name: "Cup", Size: 3}, "size"},
			"33 people":      {pong.NewCup{Name: "Cup", Size: 33}, "size"},
			"another points": {pong.NewCup{Name: "Cup", Size: 4, Points: 4}, ""},
		} {
			_, err := w.CreateCup(member(t, 1), c.in)
			if c.field == "" && !errors.Is(err, pong.ErrBadPoints) || c.field != "" && fault.From(err).Fields[c.field] == nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for i := range 3 {
			c, err := w.CreateCup(member(t, 1), pong.NewCup{Name: strings.Repeat("가", 40), Size: 4})
			if err != nil || c.Points != 5 || c.Entries != 0 || c.By.UserID != 1 {
				t.Fatalf("%d: %+v, %v", i, c, err)
			}
		}
		if _, err := w.CreateCup(member(t, 1), pong.NewCup{Name: "One more", Size: 4}); !errors.Is(err, pong.ErrTooManyCups) {
			t.Errorf("a fourth: %v", err)
		}
	})
}

func TestWithdrawing(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		c := w.cup(t, 8, users(5)...)
		if c, err := w.LeaveCup(member(t, 15), c.ID); err != nil || c.Entries != 4 || len(c.Players) != 4 || c.Joined {
			t.Fatalf("%+v, %v", c, err)
		}
		if _, err := w.StartCup(member(t, 1), c.ID); err != nil { // 11 and 14, 12 and 13
			t.Fatal(err)
		}
		playing, called := w.matchOf(t, c.ID, 1, 0), w.matchOf(t, c.ID, 1, 1)
		if _, err := w.Begin(t.Context(), playing.ID); err != nil {
			t.Fatal(err)
		}
		w.scores[playing.ID] = [2]int{2, 1}
		c, err := w.LeaveCup(member(t, 11), c.ID)
		if err != nil || c.Joined || c.Mine != nil || c.May.Leave || c.Bracket.Rounds[0][0].How != pong.WonByLeave || c.Bracket.Rounds[1][0].Players[0] != 14 {
			t.Errorf("%+v, %v", c, err)
		}
		if c, err := w.LeaveCup(member(t, 11), c.ID); err != nil || len(c.Bracket.Gone) != 1 {
			t.Errorf("again: %v", err)
		}
		m, err := w.store.Match(t.Context(), playing.ID)
		if err != nil || m.State != pong.Over || m.Reason != pong.ByForfeit || m.Players[*m.Winner] != 14 || m.Score != [2]int{2, 1} {
			t.Errorf("who leaves while playing: %+v, %v", m, err)
		}
		if _, err := w.LeaveCup(member(t, 13), c.ID); err != nil {
			t.Fatal(err)
		}
		m, err = w.store.Match(t.Context(), called.ID)
		if err != nil || m.State != pong.Void {
			t.Errorf("who leaves while called: %+v, %v", m, err)
		}
		// 14 and 12 were in those matches a moment ago.
		w.sweep(t, 2*time.Second)
		final := w.matchOf(t, c.ID, 2, 0)
		if final.Players != [2]int64{12, 14} {
			t.Errorf("%+v", final)
		}
		if _, err := w.LeaveCup(member(t, 14), c.ID); err != nil {
			t.Fatal(err)
		}
		c = w.see(t, c.ID)
		if c.State != pong.CupFinished || c.Champion != 12 || len(w.won.All()) != 1 {
			t.Errorf("%+v", c.Cup)
		}
		for _, p := range c.Players {
			if (p.WithdrawnAt == nil) != (p.UserID == 12) {
				t.Errorf("%+v", p)
			}
		}
		if n := w.count(t, "SELECT count(*) FROM pong_matches WHERE state IN ('open', 'live')"); n != 0 {
			t.Errorf("%d matches go on", n)
		}
	})
}

func TestMatchesThatFailAreCalledAgain(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		c := w.started(t, 4)
		for range 3 {
			m := w.matchOf(t, c.ID, 1, 0)
			w.finish(t, m.ID, pong.Result{State: pong.Void, Reason: pong.ByServer})
			if next := w.matchOf(t, c.ID, 1, 0); next.ID == m.ID || next.State != pong.Open {
				t.Fatalf("%+v", next)
			}
		}
		w.finish(t, w.matchOf(t, c.ID, 1, 0).ID, pong.Result{State: pong.Void, Reason: pong.ByAbandon, Score: [2]int{0, 2}})
		w.finish(t, w.matchOf(t, c.ID, 1, 1).ID, pong.Result{State: pong.Void, Reason: pong.ByNoShow})
		c = w.see(t, c.ID)
		if p, q := c.Bracket.Rounds[0][0], c.Bracket.Rounds[0][1]; p.Winner != 14 || p.How != pong.WonBySeed || q.Winner != 12 || q.How != pong.WonByWalkover {
			t.Errorf("%+v, %+v", p, q)
		}
		if m := w.matchOf(t, c.ID, 2, 0); m.Players != [2]int64{12, 14} {
			t.Errorf("%+v", m)
		}
	})
}

// Matches can end, or be lost, without a word to their tournament: the rows say so.
func TestASweepCatchesUp(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		c := w.started(t, 8)
		id := func(slot int) int64 { return w.matchOf(t, c.ID, 1, slot).ID }
		w.exec(t, "UPDATE pong_matches SET state = 'live' WHERE id = $1", id(0))
		w.exec(t, "UPDATE pong_matches SET state = 'over', reason = 'score', winner = 1, score_right = 3 WHERE id = $1", id(1))
		w.exec(t, "UPDATE pong_matches SET state = 'void', reason = 'server' WHERE id = $1", id(2))
		w.exec(t, "DELETE FROM pong_matches WHERE id = $1", id(3))
		w.called.Take()
		w.sweep(t, 9*time.Second)
		if w.see(t, c.ID).Version != c.Version {
			t.Error("too early")
		}
		w.sweep(t, time.Second)
		c = w.see(t, c.ID)
		var got []string
		for _, p := range c.Bracket.Rounds[0] {
			got = append(got, fmt.Sprint(p.State, " ", p.Winner, " ", p.Voids))
		}
		if want := []string{"playing 0 0", "done 15 0", "called 0 1", "called 0 1"}; !slices.Equal(got, want) || len(w.called.Take()) != 2 {
			t.Errorf("%q, want %q", got, want)
		}
		w.sweep(t, 10*time.Second)
		if w.see(t, c.ID).Version != c.Version || len(w.called.Take()) != 0 {
			t.Error("a second sweep found more")
		}
	})
}

func TestACallWaitsForWhoIsBusy(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		busy := pong.Match{Mode: pong.Quick, State: pong.Live, Points: 5, Players: [2]int64{50, 11}, CreatedAt: w.clock.Now()}
		if err := w.db.InTx(t.Context(), func(ctx context.Context) error { return w.store.InsertMatch(ctx, &busy) }); err != nil {
			t.Fatal(err)
		}
		c := w.started(t, 4)
		if calls := w.called.Take(); len(calls) != 1 || calls[0].Match.Players != [2]int64{12, 13} {
			t.Fatalf("%+v", calls)
		}
		other := w.cup(t, 4, 21, 22, 12, 23) // 12 is called elsewhere, 21 and 23 are free
		if calls := w.called.Take(); len(calls) != 1 || calls[0].Match.Players != [2]int64{21, 23} {
			t.Fatalf("%+v", calls)
		}
		w.sweep(t, 2*time.Second)
		if len(w.called.Take()) != 0 {
			t.Error("called while busy")
		}
		w.end(t, w.matchOf(t, c.ID, 1, 1), 12, pong.ByScore)
		w.sweep(t, 2*time.Second)
		if calls := w.called.Take(); len(calls) != 1 || calls[0].Match.Cup.ID != other.ID {
			t.Errorf("%+v", calls)
		}
		w.sweep(t, 9*time.Minute)
		if len(w.called.Take()) != 0 {
			t.Error("called while busy")
		}
		w.sweep(t, time.Minute)
		if calls := w.called.Take(); len(calls) != 1 || calls[0].Match.Players != [2]int64{11, 14} {
			t.Errorf("the call waits for ever: %+v", calls)
		}
	})
}
