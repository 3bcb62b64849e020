package store_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/modules/accounts/internal/store"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/testkit"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

func each(t *testing.T, fn func(t *testing.T, d *db.DB, s *store.Store)) {
	t.Helper()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, d, store.New(d)) })
}

func inTx(t *testing.T, d *db.DB, fn func(ctx context.Context) error) {
	t.Helper()
	if err := d.InTx(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func hash(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// user inserts somebody and returns their id.
func user(t *testing.T, d *db.DB, s *store.Store, email string) int64 {
	t.Helper()
	var id int64
	inTx(t, d, func(ctx context.Context) error {
		var inserted bool
		var err error
		if id, inserted, err = s.InsertUser(ctx, accounts.NewUser{Email: email, Claim: accounts.Claim{PasswordHash: "x"}, CreatedAt: noon}); err == nil && !inserted {
			err = errors.New("taken")
		}
		return err
	})
	return id
}

// session inserts one with a refresh token and returns its id.
func session(t *testing.T, d *db.DB, s *store.Store, userID int64, token string) int64 {
	t.Helper()
	var id int64
	inTx(t, d, func(ctx context.Context) error {
		var err error
		id, err = s.InsertSession(ctx, accounts.Session{
			UserID: userID, Client: accounts.Client{Address: "192.0.2.1", UserAgent: "test"},
			CreatedAt: noon, LastSeenAt: noon, ExpiresAt: noon.Add(time.Hour),
		})
		if err != nil {
			return err
		}
		return s.InsertRefreshToken(ctx, accounts.RefreshToken{Hash: hash(token), CreatedAt: noon, ExpiresAt: noon.Add(time.Minute), Session: accounts.Session{ID: id}})
	})
	return id
}

func TestUsersComeBackAsTheyWere(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *store.Store) {
		full := accounts.NewUser{
			Email: "a@b.kr", Staff: true, Claim: accounts.Claim{PasswordHash: "$x", ShoeSize: 260, PhoneNumber: "+821012345678"},
			VerifiedAt: noon.In(time.FixedZone("KST", 9*3600)), CreatedAt: noon,
		}
		var id int64
		inTx(t, d, func(ctx context.Context) error {
			var err error
			id, _, err = s.InsertUser(ctx, full)
			return err
		})
		got, err := s.Credentials(t.Context(), "a@b.kr")
		wanted := accounts.Credentials{PasswordHash: "$x", User: accounts.User{
			ID: id, Email: "a@b.kr", Staff: true, ShoeSize: 260, PhoneNumber: "+821012345678", VerifiedAt: noon, CreatedAt: noon,
		}}
		if err != nil || got != wanted {
			t.Errorf("%+v, %v", got, err)
		}
		bare := user(t, d, s, "c@d.kr")
		if got, err := s.User(t.Context(), bare); err != nil || got != (accounts.User{ID: bare, Email: "c@d.kr", CreatedAt: noon}) {
			t.Errorf("%+v, %v", got, err)
		}
		inTx(t, d, func(ctx context.Context) error {
			other, inserted, err := s.InsertUser(ctx, accounts.NewUser{Email: "a@b.kr", Claim: accounts.Claim{PasswordHash: "y"}, CreatedAt: noon})
			if inserted || other != 0 {
				t.Errorf("a taken address gave %d", other)
			}
			return err // and the transaction goes on
		})
		if _, err := s.User(t.Context(), 999); !errors.Is(err, accounts.ErrUserNotFound) {
			t.Error(err)
		}
		if _, err := s.Credentials(t.Context(), "nobody"); !errors.Is(err, accounts.ErrUserNotFound) {
			t.Error(err)
		}
		err = d.InTx(t.Context(), func(ctx context.Context) error {
			return s.UpdateUser(ctx, 999, accounts.UserChange{ShoeSize: accounts.Change[int]{Set: true, Value: 260}})
		})
		if !errors.Is(err, accounts.ErrUserNotFound) {
			t.Error(err)
		}
	})
}

func TestSessionsComeBackAsTheyWere(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *store.Store) {
		userID := user(t, d, s, "a@b.kr")
		id := session(t, d, s, userID, "one")
		wanted := accounts.Session{
			ID: id, UserID: userID, Client: accounts.Client{Address: "192.0.2.1", UserAgent: "test"},
			CreatedAt: noon, LastSeenAt: noon, ExpiresAt: noon.Add(time.Hour),
		}
		if got, err := s.Session(t.Context(), id); err != nil || got != wanted {
			t.Errorf("%+v, %v", got, err)
		}
		token, err := s.RefreshToken(t.Context(), hash("one"))
		if err != nil || token.Session != wanted || !token.CreatedAt.Equal(noon) || !token.ExpiresAt.Equal(noon.Add(time.Minute)) || !token.RotatedAt.IsZero() || string(token.Hash) != string(hash("one")) {
			t.Errorf("%+v, %v", token, err)
		}
		inTx(t, d, func(ctx context.Context) error {
			_, err := db.Exec(ctx, d, "UPDATE users SET deactivated_at = $1, is_staff = true", noon.Add(time.Minute))
			return err
		})
		wanted.EndedAt, wanted.Staff = noon.Add(time.Minute), true
		if got, err := s.Session(t.Context(), id); err != nil || got != wanted {
			t.Errorf("of a deactivated user: %+v, %v", got, err)
		}
		if token, err := s.RefreshToken(t.Context(), hash("one")); err != nil || token.Session != wanted {
			t.Errorf("of a deactivated user: %+v, %v", token, err)
		}
		if _, err := s.Session(t.Context(), 999); !errors.Is(err, auth.ErrSessionEnded) {
			t.Error(err)
		}
		if _, err := s.RefreshToken(t.Context(), hash("none")); !errors.Is(err, accounts.ErrRefreshInvalid) {
			t.Error(err)
		}
		if _, err := s.EmailKey(t.Context(), hash("none")); !errors.Is(err, accounts.ErrKeyInvalid) {
			t.Error(err)
		}
	})
}

func TestEndedSessionsStayEnded(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *store.Store) {
		userID, otherID := user(t, d, s, "a@b.kr"), user(t, d, s, "c@d.kr")
		one, two := session(t, d, s, userID, "one"), session(t, d, s, userID, "two")
		other := session(t, d, s, otherID, "other")
		inTx(t, d, func(ctx context.Context) error {
			first, err := s.EndSession(ctx, one, "first", noon)
			if !first || err != nil {
				t.Errorf("first: %t, %v", first, err)
			}
			again, err := s.EndSession(ctx, one, "again", noon.Add(time.Hour))
			if again || err != nil {
				t.Errorf("again: %t, %v", again, err)
			}
			live, err := s.ExtendSession(ctx, one, accounts.Client{}, noon, noon.Add(24*time.Hour))
			if live || err != nil {
				t.Errorf("extend: %t, %v", live, err)
			}
			ended, err := s.EndSessionsOf(ctx, userID, 0, "all", noon)
			if len(ended) != 1 || ended[0] != two || err != nil {
				t.Errorf("all: %v, %v", ended, err)
			}
			return s.MarkSeen(ctx, []int64{one, two, other}, noon.Add(time.Minute))
		})
		for id, wanted := range map[int64]struct{ ended, seen time.Time }{
			one: {noon, noon}, two: {noon, noon}, other: {time.Time{}, noon.Add(time.Minute)},
		} {
			got, err := s.Session(t.Context(), id)
			if err != nil || !got.EndedAt.Equal(wanted.ended) || !got.LastSeenAt.Equal(wanted.seen) || !got.ExpiresAt.Equal(noon.Add(time.Hour)) {
				t.Errorf("%d: %+v, %v", id, got, err)
			}
		}
	})
}

// Of many that do the same thing at once, one must win.
func TestOneOfManyWins(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, s *store.Store) {
		userID := user(t, d, s, "a@b.kr")
		sessionID := session(t, d, s, userID, "one")
		token, err := s.RefreshToken(t.Context(), hash("one"))
		if err != nil {
			t.Fatal(err)
		}
		inTx(t, d, func(ctx context.Context) error {
			return s.InsertEmailKey(ctx, accounts.EmailKey{UserID: userID, Hash: hash("key"), CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)})
		})
		key, err := s.EmailKey(t.Context(), hash("key"))
		if err != nil || key.UserID != userID || !key.ExpiresAt.Equal(noon.Add(time.Hour)) || !key.UsedAt.IsZero() {
			t.Fatalf("%+v, %v", key, err)
		}
		for name, try := range map[string]func(ctx context.Context) (bool, error){
			"rotate":  func(ctx context.Context) (bool, error) { return s.RotateRefreshToken(ctx, token.ID, noon) },
			"use key": func(ctx context.Context) (bool, error) { return s.UseEmailKey(ctx, key.ID, noon) },
			"end":     func(ctx context.Context) (bool, error) { return s.EndSession(ctx, sessionID, "race", noon) },
		} {
			var wins atomic.Int64
			var wg sync.WaitGroup
			for range 16 {
				wg.Go(func() {
					var won bool
					if err := d.InTx(t.Context(), func(ctx context.Context) error {
						var err error
						won, err = try(ctx)
						return err
					}); err != nil {
						t.Error(err)
					}
					if won {
						wins.Add(1)
					}
				})
			}
			wg.Wait()
			if wins.Load() != 1 {
				t.Errorf("%s: %d won", name, wins.Load())
			}
		}
	})
}
