package store_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"rally/modules/pong"
	"rally/modules/pong/internal/store"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

func insertCups(t *testing.T, d *db.DB, s *store.Store, list ...*pong.Cup) {
	t.Helper()
	err := d.InTx(t.Context(), func(ctx context.Context) error {
		for _, c := range list {
			if err := s.InsertCup(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func openCup() *pong.Cup {
	return &pong.Cup{Name: "금요일 밤 컵", Size: 8, Points: 5, State: pong.CupOpen, CreatedBy: 1, CreatedAt: at}
}

func TestTournamentsAreKept(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := store.New(d)
		c := openCup()
		due := at.Add(24 * time.Hour)
		c.DueAt, c.Entries, c.Version = &due, 3, 4
		insertCups(t, d, s, c)
		if got, err := s.Cup(t.Context(), c.ID); err != nil || !reflect.DeepEqual(got, *c) {
			t.Errorf("%+v, want %+v, %v", got, *c, err)
		}
		b := pong.NewBracket([]int64{5, 6, 7, 8, 9})
		b.Called(1, 1, 12, at)
		b.Held(2, 1, at)
		b.Withdraw(5)
		later := at.Add(time.Hour)
		c.State, c.Bracket, c.Champion, c.DueAt, c.StartedAt, c.EndedAt, c.Version = pong.CupFinished, &b, 7, nil, &at, &later, 17
		c.Prize = &pong.Prize{Unit: 3, ProductID: 4, InfoID: 5, EngName: "Solbit Court 84", KorName: "솔빛 코트 84", Size: "270", Picture: "a.jpg", OrderID: 9}
		err := d.InTx(t.Context(), func(ctx context.Context) error {
			if held, err := s.HoldCup(ctx, c.ID); err != nil || held.Version != 4 {
				t.Errorf("%+v, %v", held, err)
			}
			_, missing := s.HoldCup(ctx, c.ID+1)
			if !errors.Is(missing, pong.ErrCupNotFound) {
				t.Errorf("%v", missing)
			}
			return s.SaveCup(ctx, *c)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Cup(t.Context(), c.ID); err != nil || !reflect.DeepEqual(got, *c) {
			t.Errorf("%+v, want %+v, %v", got, *c, err)
		}
	})
}

func TestWhatIsDue(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := store.New(d)
		var ids []int64
		for _, after := range []time.Duration{2 * time.Second, time.Second, 0, 3 * time.Second} {
			c := openCup()
			if due := at.Add(after); after > 0 {
				c.DueAt = &due
			}
			insertCups(t, d, s, c)
			ids = append(ids, c.ID)
		}
		due := func(after time.Duration, limit int, want ...int64) {
			t.Helper()
			got, err := s.DueCups(t.Context(), at.Add(after), limit)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%v, want %v, %v", got, want, err)
			}
		}
		due(0, 9)
		due(2*time.Second, 9, ids[1], ids[0])
		due(2*time.Second, 1, ids[1])
		for _, id := range ids { // those that are not due yet, or never, stay so
			if err := s.PostponeCup(t.Context(), id, at.Add(2*time.Second), at.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		due(59*time.Second, 9, ids[3])
		due(time.Hour, 9, ids[3], ids[0], ids[1])
	})
}

func TestEntries(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := store.New(d)
		c, other, over := openCup(), openCup(), openCup()
		insertCups(t, d, s, c, other, over)
		over.State = pong.CupCancelled
		if err := s.SaveCup(t.Context(), *over); err != nil {
			t.Fatal(err)
		}
		for i, user := range []int64{7, 5, 6} {
			for n, cup := range []int64{c.ID, other.ID, over.ID} {
				added, err := s.AddEntry(t.Context(), cup, user, at.Add(time.Duration(i)*time.Second))
				again, errAgain := s.AddEntry(t.Context(), cup, user, at)
				if err != nil || errAgain != nil || !added || again {
					t.Errorf("%d of %d: %v, %v; %v, %v", user, n, added, again, err, errAgain)
				}
			}
		}
		if ids, err := s.CupsOf(t.Context(), 7); err != nil || !slices.Equal(ids, []int64{c.ID, other.ID}) {
			t.Errorf("%v, %v", ids, err)
		}
		list, err := s.Entries(t.Context(), c.ID)
		if err != nil || len(list) != 3 || list[0] != (pong.Entry{UserID: 7, JoinedAt: at}) {
			t.Fatalf("%+v, %v", list, err)
		}
		list[0].Seed, list[0].Rating, list[0].Place = 3, 1623.4567890123456, 0
		list[1].Seed, list[1].Rating, list[1].Place = 1, 0.1, 2
		if err := s.SaveEntries(t.Context(), c.ID, list[:2]); err != nil {
			t.Fatal(err)
		}
		got, err := s.Entries(t.Context(), c.ID)
		if want := []pong.Entry{list[2], list[1], list[0]}; err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v, %v", got, want, err)
		}
		if got, err := s.Entries(t.Context(), other.ID); err != nil || got[0].Seed != 0 {
			t.Errorf("another tournament's: %+v, %v", got, err)
		}
		first, err := s.WithdrawEntry(t.Context(), c.ID, 5, at)
		again, errAgain := s.WithdrawEntry(t.Context(), c.ID, 5, at.Add(1))
		if err != nil || errAgain != nil || !first || again {
			t.Errorf("%v, %v, %v, %v", first, again, err, errAgain)
		}
		removed, err := s.RemoveEntry(t.Context(), other.ID, 5)
		again, errAgain = s.RemoveEntry(t.Context(), other.ID, 5)
		if err != nil || errAgain != nil || !removed || again {
			t.Errorf("%v, %v, %v, %v", removed, again, err, errAgain)
		}
		if err := s.ForgetEntries(t.Context(), 7); err != nil {
			t.Fatal(err)
		}
		got, err = s.Entries(t.Context(), c.ID)
		gone, errGone := s.Entries(t.Context(), over.ID)
		if err != nil || errGone != nil || got[2].UserID != 7 || got[2].Rating != 0 || len(gone) != 2 {
			t.Errorf("%+v, %+v, %v, %v", got, gone, err, errGone)
		}
	})
}

// A key may be any number: whoever makes up a cursor gets a list, or none.
func TestTournamentsBearEveryKey(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := store.New(d)
		c := openCup()
		insertCups(t, d, s, c)
		for _, key := range []int64{-1 << 63, -1, 0, c.ID, 1<<63 - 1} {
			for _, backward := range []bool{false, true} {
				for _, state := range []pong.CupState{"", pong.CupOpen, pong.CupRunning} {
					list, err := s.Cups(t.Context(), 1, state, page.CursorRequest{Size: 1, Key: []int64{key}, Backward: backward})
					if seen := (key < c.ID && backward || key > c.ID && !backward) && state != pong.CupRunning; err != nil || (len(list) == 1) != seen {
						t.Errorf("%d, %v, %q: %v, %v", key, backward, state, list, err)
					}
				}
			}
		}
	})
}

func TestWhoIsEngaged(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := store.New(d)
		c := openCup()
		insertCups(t, d, s, c)
		var ids []int64
		err := d.InTx(t.Context(), func(ctx context.Context) error {
			for i, state := range []pong.MatchState{pong.Invited, pong.Open, pong.Live, pong.Void, pong.Closed} {
				m := pong.Match{Mode: pong.Tournament, State: state, Points: 5, Players: [2]int64{int64(10 * i), int64(10*i + 1)}, Cup: &pong.CupRound{ID: c.ID, Round: 1}, CreatedAt: at}
				if err := s.InsertMatch(ctx, &m); err != nil {
					return err
				}
				ids = append(ids, m.ID)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		engaged, err := s.Engaged(t.Context(), []int64{0, 1, 10, 11, 21, 30, 31, 40, 99})
		if slices.Sort(engaged); err != nil || !slices.Equal(engaged, []int64{10, 11, 21}) {
			t.Errorf("%v, %v", engaged, err)
		}
		matches, err := s.CupMatches(t.Context(), c.ID, []int64{ids[3], 999})
		var got []int64
		for _, m := range matches {
			got = append(got, m.ID)
		}
		if err != nil || !slices.Equal(got, []int64{ids[1], ids[2], ids[3]}) || matches[0].Cup.Name != c.Name {
			t.Errorf("%v of %v, %v", got, ids, err)
		}
	})
}
