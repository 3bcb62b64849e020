package accounts_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
)

// set is the change of a field to v.
func set[T any](v T) accounts.Change[T] { return accounts.Change[T]{Set: true, Value: v} }

func TestUpdateMe(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, before := w.login(t, mina)
		ctx := w.as(t, tokens)
		update := func(c accounts.UserChange) accounts.Account {
			t.Helper()
			account, err := w.UpdateMe(ctx, c)
			if err != nil {
				t.Fatal(err)
			}
			return account
		}
		if got := update(accounts.UserChange{}); got != before {
			t.Errorf("nothing: %+v", got)
		}
		got := update(accounts.UserChange{ShoeSize: set(265), PhoneNumber: set("02-312-3456")})
		if got.User.ShoeSize != 265 || got.User.PhoneNumber != "+8223123456" || got.User.Email != mina {
			t.Errorf("both: %+v", got)
		}
		if got = update(accounts.UserChange{ShoeSize: set(0)}); got.User.ShoeSize != 0 || got.User.PhoneNumber != "+8223123456" {
			t.Errorf("one cleared: %+v", got)
		}
		_, err := w.UpdateMe(ctx, accounts.UserChange{ShoeSize: set(-1), PhoneNumber: set("x")})
		if f := fields(t, err); len(f["shoe_size"]) != 1 || len(f["phone_number"]) != 1 {
			t.Errorf("fields %v", f)
		}
		_, err = w.UpdateMe(t.Context(), accounts.UserChange{})
		want(t, "nobody", err, auth.ErrRequired)
		_, err = w.Me(t.Context())
		want(t, "nobody", err, auth.ErrRequired)
		if me, err := w.Me(ctx); err != nil || me != got {
			t.Errorf("%+v, %v", me, err)
		}
	})
}

// A profile name that is taken is tried again, in the same transaction.
func TestProfileNamesAreTriedAgain(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		name := scalar[string](t, w.db, "SELECT profile_name FROM profiles")
		names := &takenNames{Store: w.store, name: strings.ToUpper(name), left: 3}
		node := w.node(t, testConfig(), names)
		if err := node.Register(t.Context(), form("second@rally.example")); err != nil {
			t.Fatal(err)
		}
		names.left = 100
		if err := node.Register(t.Context(), form("third@rally.example")); err == nil {
			t.Error("registered without a profile")
		}
		if n, err := w.CountUsers(t.Context()); n != 2 || err != nil {
			t.Errorf("%d users, %v", n, err)
		}
	})
}

// takenNames makes the service choose a name that somebody has, in another
// case.
type takenNames struct {
	accounts.Store
	name string
	left int
}

func (s *takenNames) InsertProfile(ctx context.Context, p accounts.Profile, at time.Time) (bool, error) {
	if s.left > 0 {
		s.left--
		p.ProfileName = s.name
	}
	return s.Store.InsertProfile(ctx, p, at)
}
