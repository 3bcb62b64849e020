package pong_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/modules/pong"
	"rally/platform/db"
	"rally/platform/testkit"
)

func TestTheStaffCallsOff(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		c := w.started(t, 4)
		if _, err := w.Begin(t.Context(), w.matchOf(t, c.ID, 1, 0).ID); err != nil {
			t.Fatal(err)
		}
		c, err := w.CancelCup(member(t, cupStaff), c.ID)
		if err != nil || c.State != pong.CupCancelled || c.Champion != 0 {
			t.Fatalf("%+v, %v", c, err)
		}
		if n := w.count(t, "SELECT count(*) FROM pong_matches WHERE state = 'void' AND winner IS NULL"); n != 2 {
			t.Errorf("%d matches are void", n)
		}
		if n := w.count(t, "SELECT count(*) FROM audit_log WHERE action = 'pong.tournament.cancel' AND target = $1", fmt.Sprint("tournament:", c.ID)); n != 1 {
			t.Errorf("%d audited", n)
		}
		w.sweep(t, time.Hour)
		if len(w.won.All()) != 0 || w.count(t, "SELECT count(*) FROM pong_tournaments WHERE due_at IS NOT NULL") != 0 {
			t.Error("it goes on")
		}
	})
}

func TestPrizes(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		staff := member(t, cupStaff)
		kept := func(want ...int64) {
			t.Helper()
			if got := slices.Sorted(maps.Keys(w.vault.kept)); !slices.Equal(got, want) {
				t.Errorf("%v are kept, want %v", got, want)
			}
		}
		c := w.cup(t, 8, users(4)...)
		for product := range int64(2) {
			var err error
			if c, err = w.SetPrize(staff, c.ID, product+1); err != nil || c.Prize.ProductID != product+1 || c.Prize.KorName == "" {
				t.Fatalf("%+v, %v", c, err)
			}
		}
		kept(2)
		if c, err := w.RemovePrize(staff, c.ID); err != nil || c.Prize != nil {
			t.Errorf("%+v, %v", c.Prize, err)
		}
		kept()
		if _, err := w.SetPrize(staff, c.ID, 3); err != nil {
			t.Fatal(err)
		}
		if _, err := w.CancelCup(member(t, 1), c.ID); err != nil {
			t.Fatal(err)
		}
		if kept(); w.see(t, c.ID).Prize != nil {
			t.Error("a tournament that was called off has a prize")
		}
		win := func(user int64) pong.CupShown {
			t.Helper()
			c := w.cup(t, 8, users(4)...)
			if _, err := w.SetPrize(staff, c.ID, 4); err != nil {
				t.Fatal(err)
			}
			if _, err := w.StartCup(member(t, 1), c.ID); err != nil {
				t.Fatal(err)
			}
			w.end(t, w.matchOf(t, c.ID, 1, 0), 11, pong.ByScore)
			w.end(t, w.matchOf(t, c.ID, 1, 1), 12, pong.ByScore)
			w.end(t, w.matchOf(t, c.ID, 2, 0), user, pong.ByScore)
			return w.see(t, c.ID)
		}
		// The tournament ends, also when whoever keeps the prize can't give it now.
		w.vault.broken = errSoldOut
		c = win(12)
		if c.State != pong.CupFinished || c.Prize == nil || len(w.vault.kept) != 1 {
			t.Errorf("%+v, %+v", c.Cup, c.Prize)
		}
		if err := w.SweepCups(t.Context()); !errors.Is(err, errSoldOut) {
			t.Errorf("%v", err)
		}
		w.vault.broken = nil
		w.sweep(t, 10*time.Second)
		kept()
		if w.vault.awarded[4] != 12 {
			t.Errorf("%v", w.vault.awarded)
		}
		for user, want := range map[int64]int64{12: 1004, cupStaff: 1004, 11: 0} {
			if c, err := w.Cup(member(t, user), c.ID); err != nil || c.Prize.OrderID != want {
				t.Errorf("%d sees %+v, %v", user, c.Prize, err)
			}
		}
		w.sweep(t, time.Hour)
		w.gone = []int64{11}
		if c := win(11); c.State != pong.CupFinished || c.Prize != nil || c.Champion != 11 || c.Winner != nil {
			t.Errorf("the champion left: %+v", c)
		}
		kept()
		if n := w.count(t, "SELECT count(*) FROM audit_log WHERE action = 'pong.tournament.prize'"); n != 6 {
			t.Errorf("%d audited", n)
		}
		w.deps.Prizes = nil
		off := pong.NewService(w.deps)
		if _, err := off.SetPrize(staff, c.ID, 1); !errors.Is(err, pong.ErrNoPrizes) {
			t.Errorf("%v", err)
		}
	})
}

// Leaving Rally is an event of accounts, in whose transaction nothing else may be
// told of.
func TestLeavingRally(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		open, running := w.cup(t, 8, 12, 13), w.started(t, 4)
		final := w.started(t, 4)
		w.sweep(t, 11*time.Minute) // its calls waited for the others
		w.end(t, w.matchOf(t, final.ID, 1, 0), 11, pong.ByScore)
		w.end(t, w.matchOf(t, final.ID, 1, 1), 12, pong.ByScore)
		w.sweep(t, 11*time.Minute)
		leave := func(user int64) {
			t.Helper()
			err := w.db.InTx(t.Context(), func(ctx context.Context) error {
				return w.deps.Events.Emit(ctx, accounts.UserDeactivated{UserID: user})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		leave(12)
		if c := w.see(t, open.ID); c.Entries != 1 || len(c.Players) != 1 {
			t.Errorf("%+v", c.Players)
		}
		if c := w.see(t, running.ID); c.Bracket.Rounds[0][1].Winner != 13 || c.State != pong.CupRunning {
			t.Errorf("%+v", c.Bracket)
		}
		if c := w.see(t, final.ID); c.State != pong.CupFinished || c.Champion != 11 {
			t.Errorf("%+v", c.Cup)
		}
		leave(12)
		if err := w.deps.Store.ForgetEntries(t.Context(), 12); err != nil {
			t.Error(err)
		}
		if n := w.count(t, "SELECT count(*) FROM pong_entries WHERE user_id = 12 AND rating = 0"); n != 2 {
			t.Errorf("%d entries without a rating", n)
		}
		w.gone = []int64{11, 12, 1}
		c := w.see(t, final.ID)
		if c.Winner != nil || c.By != nil || c.Players[0].Who != nil || c.Players[2].Who == nil {
			t.Errorf("%+v", c)
		}
	})
}

func TestTournamentsAreListed(t *testing.T) {
	eachCupWorld(t, func(t *testing.T, w *cupWorld) {
		var ids []int64
		for i := range 24 {
			c, err := w.CreateCup(member(t, int64(100+i)), pong.NewCup{Name: "A cup", Size: 4})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, c.ID)
			for user := range int64(i % 5) {
				if _, err := w.JoinCup(member(t, 11+10*int64(i)+user), c.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := w.JoinCup(member(t, 7), ids[23]); err != nil {
			t.Fatal(err)
		}
		var first int64
		for _, size := range []int{1, 20, 100} {
			r, err := pong.CupList("").Parse("", size)
			if err != nil {
				t.Fatal(err)
			}
			ctx, n := db.WithCounter(member(t, 7))
			list, err := w.Cups(ctx, "", r)
			if err != nil || len(list.Rows) != min(size, 24) || list.Rows[0].ID != ids[23] || !list.Rows[0].Joined || list.Rows[0].By == nil {
				t.Fatalf("%+v, %v", list.Rows, err)
			}
			for _, c := range list.Rows[1:] {
				if c.Joined {
					t.Errorf("%+v", c)
				}
			}
			if first == 0 {
				first = n.Load()
			}
			if n.Load() != first || first != 2 {
				t.Errorf("a page of %d takes %d statements", size, n.Load())
			}
		}
		count := func(state pong.CupState) (n int) {
			cursor := ""
			for {
				r, err := pong.CupList(state).Parse(cursor, 3)
				if err != nil {
					t.Fatal(err)
				}
				list, err := w.Cups(t.Context(), state, r)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range list.Rows {
					if c.State != state {
						t.Errorf("%s among %s", c.State, state)
					}
				}
				n += len(list.Rows)
				if cursor = list.Next; cursor == "" {
					return n
				}
			}
		}
		if open, running := count(pong.CupOpen), count(pong.CupRunning); open != 19 || running != 5 {
			t.Errorf("%d open, %d running", open, running)
		}
		going, err := w.GoingCups(member(t, 7))
		if err != nil || len(going) != 20 || going[0].ID != ids[23] || !going[0].Joined || going[1].Joined {
			t.Errorf("%d, %v", len(going), err)
		}
	})
}

func TestATournamentTakesTheSameStatementsWhateverItsSize(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newCupWorld(t, d)
		for _, state := range []pong.CupState{pong.CupOpen, pong.CupRunning} {
			var first int64
			for _, n := range []int{4, 31} {
				c := w.cup(t, 32, users(n)...)
				if state == pong.CupRunning {
					if _, err := w.StartCup(member(t, 1), c.ID); err != nil {
						t.Fatal(err)
					}
				}
				ctx, counter := db.WithCounter(member(t, 11))
				if _, err := w.Cup(ctx, c.ID); err != nil {
					t.Fatal(err)
				}
				if first == 0 {
					first = counter.Load()
				}
				if counter.Load() != first || first > 4 {
					t.Errorf("%d people, %s: %d statements", n, state, counter.Load())
				}
				if _, err := w.CancelCup(member(t, cupStaff), c.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
