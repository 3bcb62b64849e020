package pong_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rally/modules/friends"
	"rally/modules/pong"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/page"
	"rally/platform/testkit"
)

// gameWorld is the game without tables, on a database.
type gameWorld struct {
	*pong.Service
	*cupWorld

	played testkit.Recorder[pong.Played]
	asked  func(userID int64) // called when it is asked whom somebody doesn't see
}

// UnseenBy implements pong.Blocks.
func (w *gameWorld) UnseenBy(_ context.Context, userID int64) (friends.Unseen, error) {
	if w.asked != nil {
		w.asked(userID)
	}
	return friends.Unseen{}, nil
}

func newGameWorld(t *testing.T, d *db.DB) *gameWorld {
	t.Helper()
	w := &gameWorld{cupWorld: newCupWorld(t, d)}
	events, err := event.NewDispatcher(event.On("test.played", func(ctx context.Context, e pong.Played) error { w.played.Add(ctx, e); return nil }))
	if err != nil {
		t.Fatal(err)
	}
	deps := w.deps
	deps.Events, deps.Blocks = events, w
	w.Service = pong.NewService(deps)
	return w
}

func eachGameWorld(t *testing.T, fn func(t *testing.T, w *gameWorld)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newGameWorld(t, d)) })
}

// quick makes a match of two by the queue.
func (w *gameWorld) quick(t *testing.T, a, b int64) pong.Match {
	t.Helper()
	if _, err := w.Join(member(t, a), 3); err != nil {
		t.Fatal(err)
	}
	q, err := w.Join(member(t, b), 3)
	if err != nil || q.Match == nil {
		t.Fatalf("%+v, %v", q, err)
	}
	return q.Match.Match
}

func record(points int) []byte { return pong.NewRecorder(points, 7).Record().Encode() }

// However many say at the same moment how a match came out, and whatever they say, one
// of them is believed: by all who said something, in the ratings, and by others.
func TestAMatchComesOutOnce(t *testing.T) {
	eachGameWorld(t, func(t *testing.T, w *gameWorld) {
		for round := range int64(5) {
			a, b := 100+2*round, 101+2*round
			m := w.quick(t, a, b)
			if _, err := w.Begin(t.Context(), m.ID); err != nil {
				t.Fatal(err)
			}
			const tellers = 20
			all := make([]pong.Match, tellers)
			var tell sync.WaitGroup
			for i := range all {
				tell.Go(func() {
					r := pong.Result{State: pong.Over, Reason: pong.ByScore, Winner: pong.Side(i % 2), Score: [2]int{i, 0}, Replay: record(3)}
					switch i % 5 {
					case 3:
						r.Reason = pong.ByForfeit
					case 4:
						r = pong.Result{State: pong.Void, Reason: pong.ByServer, Score: [2]int{i, 0}}
					}
					got, err := w.Finish(context.WithoutCancel(t.Context()), m.ID, r)
					if err != nil {
						t.Error(err)
					}
					all[i] = got
				})
			}
			tell.Wait()
			now, err := w.store.Match(t.Context(), m.ID)
			if err != nil || !now.State.Done() {
				t.Fatalf("%+v, %v", now, err)
			}
			for i, got := range all {
				if got.State != now.State || got.Reason != now.Reason || got.Score != now.Score || (got.Winner == nil) != (now.Winner == nil) || got.Winner != nil && *got.Winner != *now.Winner {
					t.Errorf("teller %d: %+v, it is %+v", i, got, now)
				}
			}
			played := w.played.Take()
			matches := 0
			if now.State == pong.Over {
				matches = 1
				if len(played) != 1 || played[0].Match.ID != m.ID || played[0].Match.Score != now.Score {
					t.Errorf("said to be played: %+v", played)
				}
				if now.Before[0] == nil || *now.After[*now.Winner] <= *now.Before[*now.Winner] {
					t.Errorf("ratings %v and %v", now.Before, now.After)
				}
			} else if len(played) != 0 {
				t.Errorf("nothing came of it, and it is said to be played: %+v", played)
			}
			if n := w.count(t, "SELECT coalesce(sum(wins) + sum(losses), 0) FROM pong_standings WHERE season = 0 AND user_id IN ($1, $2)", a, b); n != 2*matches {
				t.Errorf("%d wins and losses of %d matches", n, matches)
			}
			if n := w.count(t, "SELECT coalesce(sum(wins) + sum(losses), 0) FROM pong_rivals WHERE user_id IN ($1, $2)", a, b); n != 2*matches {
				t.Errorf("rivals have met %d times in %d matches", n/2, matches)
			}
		}
	})
}

// A match that ends while it begins has ended.
func TestAMatchBeginsAndEndsAtOnce(t *testing.T) {
	eachGameWorld(t, func(t *testing.T, w *gameWorld) {
		for round := range int64(10) {
			m := w.quick(t, 100+2*round, 101+2*round)
			var both sync.WaitGroup
			ctx := context.WithoutCancel(t.Context())
			for range 3 {
				both.Go(func() {
					if _, err := w.Begin(ctx, m.ID); err != nil {
						t.Error(err)
					}
				})
			}
			both.Go(func() {
				if _, err := w.Finish(ctx, m.ID, pong.Result{State: pong.Void, Reason: pong.ByNoShow}); err != nil {
					t.Error(err)
				}
			})
			both.Wait()
			if now, err := w.store.Match(ctx, m.ID); err != nil || now.State != pong.Void {
				t.Fatalf("%+v, %v", now, err)
			}
			if got, err := w.Begin(ctx, m.ID); err != nil || got.State != pong.Void {
				t.Errorf("begins again: %+v, %v", got, err)
			}
		}
	})
}

// Somebody leaves the queue while they are being paired: they play nobody, and the
// other waits on as before. On SQLite one writes at a time, and it can't happen.
func TestWhoLeftJustNowIsNotPaired(t *testing.T) {
	for _, who := range []int64{1, 2} {
		t.Run(fmt.Sprint("user ", who), func(t *testing.T) {
			t.Parallel()
			w := newGameWorld(t, testkit.OpenDB(t, db.Postgres))
			if _, err := w.Join(member(t, 1), 3); err != nil {
				t.Fatal(err)
			}
			since := w.clock.Now()
			w.clock.Advance(time.Second)
			w.asked = func(int64) {
				if _, err := w.store.Dequeue(context.Background(), who); err != nil { // on a connection of its own
					t.Error(err)
				}
			}
			if _, err := w.Join(member(t, 2), 5); err != nil {
				t.Fatal(err)
			}
			if n := w.count(t, "SELECT count(*) FROM pong_matches"); n != 0 {
				t.Fatalf("%d matches", n)
			}
			other := 3 - who
			q, err := w.QueueOf(t.Context(), other)
			if err != nil || q.Waiting == nil || q.People != 1 {
				t.Fatalf("the other: %+v, %v", q, err)
			}
			if other == 1 && (!q.Waiting.JoinedAt.Equal(since) || q.Waiting.Points != 3) {
				t.Errorf("the other waits anew: %+v", q.Waiting)
			}
		})
	}
}

// A page of many matches takes as many statements as one of few.
func TestListsOfMatchesTakeAFixedNumberOfStatements(t *testing.T) {
	eachGameWorld(t, func(t *testing.T, w *gameWorld) {
		insert := func(state pong.MatchState, n int) {
			for i := range int64(n) {
				winner := pong.Left
				m := pong.Match{Mode: pong.Invite, State: state, Points: 3, Players: [2]int64{1, 10 + i}, CreatedAt: w.clock.Now(), Seed: 3}
				if state == pong.Invited {
					by := w.clock.Now().Add(time.Minute)
					m.RespondBy = &by
				}
				if state == pong.Over { // its row must have a winner
					m.State = pong.Open
				}
				err := w.db.InTx(t.Context(), func(ctx context.Context) error {
					if err := w.store.InsertMatch(ctx, &m); err != nil || state != pong.Over {
						return err
					}
					m.State, m.Winner = state, &winner
					return w.store.UpdateMatch(ctx, m)
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		read := map[string]func(ctx context.Context, size int) (int, error){
			"the history of somebody": func(ctx context.Context, size int) (int, error) { return w.history(ctx, 1, size) },
			"the history of all":      func(ctx context.Context, size int) (int, error) { return w.history(ctx, 0, size) },
			"what is played": func(ctx context.Context, _ int) (int, error) {
				list, err := w.LiveMatches(ctx)
				return len(list), err
			},
			"the lobby": func(ctx context.Context, _ int) (int, error) {
				l, err := w.Lobby(ctx)
				return len(l.Live) + len(l.Incoming) + len(l.Outgoing), err
			},
		}
		took := map[string][]int64{}
		for _, n := range []int{2, 40} {
			for _, state := range []pong.MatchState{pong.Over, pong.Live, pong.Invited} {
				insert(state, n)
			}
			for name, list := range read {
				ctx, statements := db.WithCounter(member(t, 1))
				if rows, err := list(ctx, n); err != nil || rows < n {
					t.Fatalf("%s: %d rows, %v", name, rows, err)
				}
				took[name] = append(took[name], statements.Load())
			}
		}
		for name, n := range took {
			if most := map[string]int64{"the lobby": 13}[name]; n[0] != n[1] || n[1] > max(most, 3) {
				t.Errorf("%s: %v statements", name, n)
			}
		}
	})
}

func (w *gameWorld) history(ctx context.Context, userID int64, size int) (int, error) {
	r, err := page.CursorList{Name: "test"}.Parse("", size)
	if err != nil {
		return 0, err
	}
	list, err := w.Matches(ctx, userID, r)
	ids := make([]int64, len(list.Rows))
	for i, m := range list.Rows {
		ids[i] = -m.ID
	}
	if !slices.IsSorted(ids) {
		err = fmt.Errorf("not the newest first: %v", ids)
	}
	return len(list.Rows), err
}
