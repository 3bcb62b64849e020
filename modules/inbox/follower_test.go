package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rally/modules/inbox"
	"rally/modules/inbox/internal/store"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

// world is the inbox without other modules: everybody is there, nobody blocks,
// but as hidden says.
type world struct {
	*inbox.Service

	d      *db.DB
	store  *store.Store
	deps   inbox.Deps
	hidden map[int64][]int64

	mu     sync.Mutex
	frames []string // what was signalled, "user:seq/unread"
	noted  []string
}

func newWorld(d *db.DB) *world {
	w := &world{d: d, store: store.New(d), hidden: map[int64][]int64{}}
	w.deps = inbox.Deps{
		Tx: d, Store: w.store, People: w, Articles: w, Posts: w, Ties: w, Signals: w, Journal: w,
		Clock: func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) },
	}
	w.Service = inbox.NewService(w.deps)
	return w
}

// Note implements inbox.Journal.
func (w *world) Note(_ context.Context, doing string, _ error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.noted = append(w.noted, doing)
}

func (w *world) PeopleOf(_ context.Context, ids []int64) (map[int64]inbox.Person, error) {
	all := map[int64]inbox.Person{}
	for _, id := range ids {
		all[id] = inbox.Person{UserID: id, ProfileName: fmt.Sprint("person", id)}
	}
	return all, nil
}

func (w *world) OfProducts(context.Context, []int64) (map[int64]inbox.Article, error) {
	return map[int64]inbox.Article{}, nil
}

func (w *world) OfInfos(context.Context, []int64) (map[int64]inbox.Article, error) {
	return map[int64]inbox.Article{}, nil
}

func (w *world) PostsOf(context.Context, []int64) (map[int64]inbox.Post, error) {
	return map[int64]inbox.Post{}, nil
}

func (w *world) FriendsOf(context.Context, int64) ([]int64, error) { return nil, nil }
func (w *world) Hidden(_ context.Context, id int64) ([]int64, error) {
	return w.hidden[id], nil
}

func (w *world) HiddenFromEach(context.Context, []int64) (map[int64][]int64, error) {
	return w.hidden, nil
}

func (w *world) Told(_ context.Context, user int64, n inbox.Shown, s inbox.State) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.frames = append(w.frames, fmt.Sprintf("%d:%d/%d", user, n.Seq, s.Unread))
}

func (w *world) Read(context.Context, int64, []int64, int64, inbox.State) {}

// happens writes notes down, each in a transaction of its own.
func (w *world) happens(t *testing.T, notes ...inbox.Note) {
	t.Helper()
	for i := range notes {
		err := w.d.InTx(t.Context(), func(ctx context.Context) error {
			return w.store.Append(ctx, []inbox.Entry{{Note: &notes[i], At: w.deps.Clock()}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) number(t *testing.T, query string) int {
	t.Helper()
	n, err := db.Get[int](t.Context(), w.d, query)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) targets(t *testing.T, user int64) []int64 {
	t.Helper()
	list, err := w.store.Since(t.Context(), user, 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]int64, len(list))
	for i, n := range list {
		ids[i] = n.Target.ID
	}
	return ids
}

func alone(user, id int64) inbox.Note {
	return inbox.Note{UserID: user, Kind: inbox.PriceReached, Target: inbox.Target{Type: inbox.TargetProduct, ID: id}}
}

func numbers(n int) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = int64(i + 1)
	}
	return list
}

// However many followers there are, everybody is told everything once, in the
// order in which it happened, while others mark it as read.
func TestFourFollowersTellOnceAndInOrder(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(d)
		const people, things = 5, 100
		var notes []inbox.Note
		for i := range things {
			for user := range people {
				notes = append(notes, alone(int64(user+1), int64(i+1)))
			}
		}
		var wg sync.WaitGroup
		done := make(chan struct{})
		for range 4 {
			wg.Go(func() {
				f := inbox.NewFollower(w.deps)
				for {
					if err := f.Catch(t.Context()); err != nil {
						t.Error(err)
						return
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		for user := range people {
			wg.Go(func() {
				ctx := auth.With(t.Context(), auth.Identity{UserID: int64(user + 1), SessionID: 1})
				for range 40 {
					if s, err := w.MarkRead(ctx, nil, 0); err != nil || s.Unread != 0 {
						t.Errorf("%d unread, %v", s.Unread, err)
						return
					}
				}
			})
		}
		w.happens(t, notes...)
		testkit.Until(t, "the outbox is empty", func() bool { return w.number(t, "SELECT count(*) FROM inbox_outbox") == 0 })
		close(done)
		wg.Wait()
		for user := range int64(people) {
			if got := w.targets(t, user+1); !slices.Equal(got, numbers(things)) {
				t.Errorf("person %d is told %v", user+1, got)
			}
		}
		if n := w.number(t, "SELECT count(*) FROM inbox_state i WHERE i.unread <> (SELECT count(*) FROM notifications n WHERE n.user_id = i.user_id AND NOT n.read)"); n != 0 {
			t.Errorf("%d inboxes count wrong", n)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		slices.Sort(w.frames)
		if n := len(slices.Compact(w.frames)); n != people*things {
			t.Errorf("%d frames, want %d", n, people*things)
		}
	})
}

var errPower = errors.New("the power went")

// dying stops between telling and forgetting what was told.
type dying struct{ *store.Store }

func (dying) Remove(context.Context, []int64) error { return errPower }

func TestAFollowerThatDiesLosesNothing(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(d)
		w.happens(t, alone(1, 1), alone(1, 2), inbox.Note{UserID: 1, Kind: inbox.FriendRequest, Group: "g", Actor: 9}, inbox.Note{UserID: 1, Kind: inbox.FriendRequest, Group: "g", Actor: 8})
		deps := w.deps
		deps.Store = dying{w.store}
		for range 2 {
			if err := inbox.NewFollower(deps).Catch(t.Context()); !errors.Is(err, errPower) {
				t.Fatalf("%v", err)
			}
		}
		if n := w.number(t, "SELECT count(*) FROM notifications"); n != 0 || len(w.frames) != 0 || w.number(t, "SELECT count(*) FROM inbox_outbox") != 4 {
			t.Fatalf("%d notifications of what was rolled back, %v", n, w.frames)
		}
		if err := inbox.NewFollower(w.deps).Catch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.targets(t, 1); len(got) != 3 || got[0] != 1 || got[1] != 2 || fmt.Sprint(w.frames) != "[1:1/3 1:2/3 1:4/3]" {
			t.Errorf("told %v, frames %v", got, w.frames)
		}
	})
}

// More than fits into one transaction is told in one call.
func TestAFollowerCatchesUp(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(d)
		entries := make([]inbox.Entry, 450)
		for i := range entries {
			n := alone(1, int64(i+1))
			entries[i] = inbox.Entry{Note: &n, At: w.deps.Clock()}
		}
		if err := w.store.Append(t.Context(), entries); err != nil {
			t.Fatal(err)
		}
		if err := inbox.NewFollower(w.deps).Catch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.targets(t, 1); !slices.Equal(got, numbers(450)) || w.number(t, "SELECT count(*) FROM inbox_outbox") != 0 {
			t.Errorf("told %v", got)
		}
		// What a client missed comes oldest first, unless it is too much.
		missed, more, err := w.MissedBy(t.Context(), 1, 350)
		if err != nil || more || len(missed) != inbox.Missed || missed[0].Seq != 351 {
			t.Errorf("%d missed, more is %v, %v", len(missed), more, err)
		}
		if missed, more, err := w.MissedBy(t.Context(), 1, 349); err != nil || !more || len(missed) != 0 {
			t.Errorf("%d missed, more is %v, %v", len(missed), more, err)
		}
	})
}

// What the blocked did before they were is not told after.
func TestNobodyIsToldOfTheHidden(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(d)
		request := func(actor int64) inbox.Note {
			return inbox.Note{UserID: 1, Kind: inbox.FriendRequest, Group: "g", Actor: actor}
		}
		w.happens(t, request(7), request(8))
		w.hidden[1] = []int64{7}
		if err := inbox.NewFollower(w.deps).Catch(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.hidden[1] = nil
		ctx := auth.With(t.Context(), auth.Identity{UserID: 1, SessionID: 1})
		r, err := page.CursorList{Name: "test"}.Parse("", 10)
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.List(ctx, r)
		if err != nil || len(list.Rows) != 1 || list.Rows[0].Count != 1 || len(list.Rows[0].Actors) != 1 || list.Rows[0].Actors[0].UserID != 8 {
			t.Fatalf("%+v, %v", list.Rows, err)
		}
		w.hidden[1] = []int64{8}
		if list, err = w.List(ctx, r); err != nil || len(list.Rows[0].Actors) != 0 {
			t.Errorf("%+v, %v", list.Rows, err)
		}
	})
}

// An entry that nobody understands, or that fails again and again, keeps no other
// one from being told.
func TestOneBadEntryStopsNobody(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newWorld(d)
		for _, entry := range []string{"{}", "garbage", `{"later":{"kind":"of entry"}}`} {
			if _, err := db.Exec(t.Context(), d, "INSERT INTO inbox_outbox (entry, created_at) VALUES ($1, $2)", entry, w.deps.Clock()); err != nil {
				t.Fatal(err)
			}
		}
		unknown := alone(1, 1)
		unknown.Kind = "of_a_newer_program"
		w.happens(t, unknown, alone(2, 2), alone(1, 3))
		deps := w.deps
		deps.Store = picky{w.store}
		f := inbox.NewFollower(deps)
		for range 20 { // as the program does, once a second
			_ = f.Catch(t.Context())
		}
		if got := w.targets(t, 1); !slices.Equal(got, []int64{1, 3}) {
			t.Errorf("told %v", got)
		}
		if n := w.number(t, "SELECT count(*) FROM inbox_outbox WHERE set_aside"); n != 4 || len(w.noted) != 4 || w.number(t, "SELECT count(*) FROM inbox_outbox") != 4 {
			t.Errorf("%d entries are set aside: %v", n, w.noted)
		}
	})
}

// picky never manages to tell person 2 anything.
type picky struct{ *store.Store }

func (p picky) Tell(ctx context.Context, notes []inbox.Entry) ([]inbox.Notification, map[int64]inbox.State, error) {
	for _, e := range notes {
		if e.Note.UserID == 2 {
			return nil, nil, errPower
		}
	}
	return p.Store.Tell(ctx, notes)
}
