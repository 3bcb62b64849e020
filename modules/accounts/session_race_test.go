package accounts_test

import (
	"context"
	"sync"
	"testing"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/testkit"
)

// lockPause stops the first who has locked a user, until it may go on.
type lockPause struct {
	accounts.Store
	once     sync.Once
	held, on chan struct{}
}

func newLockPause(s accounts.Store) *lockPause {
	return &lockPause{Store: s, held: make(chan struct{}), on: make(chan struct{})}
}

func (s *lockPause) LockUser(ctx context.Context, userID int64) (accounts.Credentials, error) {
	found, err := s.Store.LockUser(ctx, userID)
	s.once.Do(func() {
		close(s.held)
		<-s.on
	})
	return found, err
}

// inTurn runs first until it holds the lock of a user, then second until it
// waits for that, and then both to their ends. SQLite has one writer: there
// the second waits for it, unseen.
func (w *world) inTurn(t *testing.T, gate *lockPause, first, second func()) {
	t.Helper()
	var both sync.WaitGroup
	defer both.Wait()
	both.Go(first)
	testkit.Receive(t, gate.held)
	done := make(chan struct{})
	both.Go(func() {
		defer close(done)
		second()
	})
	defer close(gate.on)
	if w.db.Dialect != db.Postgres {
		return
	}
	testkit.Until(t, "the second waits for the lock", func() bool {
		select {
		case <-done:
			t.Error("the second did not wait")
			return true
		default:
			return scalar[int](t, w.db, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0
		}
	})
}

func TestALoginThatIsUnderWayEndsWithTheOtherSessions(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		w.member(t, "other@rally.example")
		here, _ := w.login(t, mina)
		earlier, _ := w.login(t, mina)
		others, _ := w.login(t, "other@rally.example")
		ctx, gate := w.as(t, here), newLockPause(w.store)
		node := w.node(t, testConfig(), gate)
		w.signals.nodes = []*accounts.Service{node}
		var late auth.Tokens
		count := 0
		w.inTurn(t, gate, func() {
			entrance, err := node.Login(t.Context(), loginForm(mina, password))
			if err != nil {
				t.Error(err)
			}
			late = entrance.Tokens
		}, func() {
			var err error
			if count, err = w.EndOtherSessions(ctx); err != nil {
				t.Error(err)
			}
		})
		if count != 2 {
			t.Errorf("%d ended, want 2", count)
		}
		ended(t, w.Service, earlier)
		ended(t, node, late)
		lives(t, w.Service, here)
		lives(t, w.Service, others)
	})
}

func TestALoginAfterTheEndOfTheOtherSessionsLives(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		here, _ := w.login(t, mina)
		earlier, _ := w.login(t, mina)
		ctx, gate := w.as(t, here), newLockPause(w.store)
		node := w.node(t, testConfig(), gate)
		var late auth.Tokens
		count := 0
		w.inTurn(t, gate, func() {
			var err error
			if count, err = node.EndOtherSessions(ctx); err != nil {
				t.Error(err)
			}
		}, func() {
			entrance, err := w.Service.Login(t.Context(), loginForm(mina, password))
			if err != nil {
				t.Error(err)
			}
			late = entrance.Tokens
		})
		if count != 1 {
			t.Errorf("%d ended, want 1", count)
		}
		ended(t, node, earlier)
		lives(t, w.Service, late)
		lives(t, w.Service, here)
	})
}
