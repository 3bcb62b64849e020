package accounts_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/db"
)

func TestAnIdentityIsLinkedAfterARecentLogin(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		w.member(t, mina)
		tokens, account := w.login(t, mina)
		ctx := w.as(t, tokens)
		_, err := w.Depart(t.Context(), "google", accounts.TripLink, backURL, "/", accounts.Client{})
		want(t, "nobody", err, auth.ErrRequired)
		s.enter(t, w, "naver", person("n-taken", "else@rally.example"))
		w.forgetNews()

		if _, err := s.travel(ctx, t, w, "google", accounts.TripLink, accounts.External{Subject: "g-1", Email: "else@rally.example"}); err != nil {
			t.Fatal(err)
		}
		w.tellsOwner(t, accounts.EventLoginLinked, mina)
		in, _ := s.enter(t, w, "google", accounts.External{Subject: "g-1"})
		if in.Entrance.Account.User != account.User || in.Created {
			t.Errorf("it opens %+v", in)
		}
		for name, try := range map[string]accounts.Return{
			"a second one of the site": s.depart(ctx, t, w, "google", accounts.TripLink, person("g-2", "")),
			"the same again":           s.depart(ctx, t, w, "google", accounts.TripLink, person("g-1", "")),
			"somebody else's":          s.depart(ctx, t, w, "naver", accounts.TripLink, person("n-taken", "")),
		} {
			_, err := w.Arrive(t.Context(), try)
			want(t, name, err, accounts.ErrIdentityTaken)
		}
		late := s.depart(ctx, t, w, "naver", accounts.TripLink, person("n-1", ""))
		if err := w.Logout(ctx, ""); err != nil {
			t.Fatal(err)
		}
		_, err = w.Arrive(t.Context(), late)
		want(t, "the session ended", err, auth.ErrSessionEnded)
		if n := scalar[int](t, w.db, "SELECT count(*) FROM identities WHERE user_id = $1", account.User.ID); n != 1 {
			t.Errorf("%d identities", n)
		}
		tokens, _ = w.login(t, mina)
		ctx = w.as(t, tokens)
		w.clock.Advance(10 * time.Minute)
		_, err = w.Depart(ctx, "google", accounts.TripLink, backURL, "/", accounts.Client{})
		want(t, "ten minutes after the login", err, accounts.ErrReauthRequired)
	})
}

func TestTheLastIdentityStays(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		_, ctx := s.enter(t, w, "google", person("g-1", mina))
		unlink := func(provider string) error {
			list, err := w.Identities(ctx)
			i := slices.IndexFunc(list, func(i accounts.Identity) bool { return i.Provider == provider })
			if err != nil || i < 0 {
				t.Fatalf("%+v, %v", list, err)
			}
			return w.Unlink(ctx, list[i].ID, accounts.Client{})
		}
		want(t, "the only way in", unlink("google"), accounts.ErrLastWayIn)
		if _, err := s.travel(ctx, t, w, "naver", accounts.TripLink, person("n-1", "")); err != nil {
			t.Fatal(err)
		}
		_, stranger := s.enter(t, w, "google", person("g-2", "other@rally.example"))
		list, err := w.Identities(ctx)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "somebody else's", w.Unlink(stranger, list[0].ID, accounts.Client{}), accounts.ErrIdentityNotFound)
		want(t, "nobody", w.Unlink(t.Context(), list[0].ID, accounts.Client{}), auth.ErrRequired)
		w.forgetNews()
		if err := unlink("google"); err != nil {
			t.Fatal(err)
		}
		w.tellsOwner(t, accounts.EventLoginUnlinked, mina)
		want(t, "again", w.Unlink(ctx, list[0].ID, accounts.Client{}), accounts.ErrIdentityNotFound)
		_, err = s.travel(t.Context(), t, w, "google", accounts.TripLogin, person("g-1", mina))
		want(t, "the unlinked one", err, accounts.ErrLinkRequired)
		want(t, "the other", unlink("naver"), accounts.ErrLastWayIn)
		if err := w.ChangePassword(ctx, change("", newPassword)); err != nil {
			t.Fatal(err)
		}
		if err := unlink("naver"); err != nil {
			t.Errorf("there is a password: %v", err)
		}
		w.clock.Advance(10 * time.Minute)
		want(t, "ten minutes later", w.Unlink(ctx, 1, accounts.Client{}), accounts.ErrReauthRequired)
	})
}

// Somebody without a password takes both ways in away at once.
func TestTwoAtOnceDoNotTakeTheLastWayIn(t *testing.T) {
	for _, second := range []string{"identity", "passkey"} {
		t.Run(second, func(t *testing.T) {
			eachSocial(t, func(t *testing.T, w *world, s sites) {
				for range 5 {
					in, ctx := s.enter(t, w, "google", person("g-1", mina))
					id := in.Entrance.Account.User.ID
					execute(t, w.db, "DELETE FROM passkeys")
					execute(t, w.db, "DELETE FROM identities WHERE provider = 'naver'")
					other := func(id int64) error { return w.Unlink(ctx, id, accounts.Client{}) }
					table := "identities"
					if second == "passkey" {
						table, other = "passkeys", func(id int64) error { return w.RemovePasskey(ctx, id, accounts.Client{}) }
						w.passkey(t, id)
					} else {
						w.linked(t, id, "naver", "n-1")
					}
					first, last := scalar[int64](t, w.db, "SELECT min(id) FROM identities"), scalar[int64](t, w.db, "SELECT max(id) FROM "+table)
					errs := allAtOnce(2, func(i int) error {
						if i == 0 {
							return w.Unlink(ctx, first, accounts.Client{})
						}
						return other(last)
					})
					slices.SortFunc(errs, func(a, _ error) int { // nil first
						if a == nil {
							return -1
						}
						return 1
					})
					if errs[0] != nil {
						t.Errorf("nobody won: %v", errs)
					}
					want(t, "the second", errs[1], accounts.ErrLastWayIn)
					if n := scalar[int](t, w.db, "SELECT (SELECT count(*) FROM identities) + (SELECT count(*) FROM passkeys)"); n != 1 {
						t.Fatalf("%d ways in", n)
					}
					execute(t, w.db, "DELETE FROM identities")
					w.linked(t, id, "google", "g-1")
				}
			})
		})
	}
}

// passkey stores one.
func (w *world) passkey(t *testing.T, userID int64) {
	t.Helper()
	if err := w.db.InTx(t.Context(), func(ctx context.Context) error {
		_, _, err := w.store.InsertPasskey(ctx, accounts.Passkey{UserID: userID, CredentialID: []byte("id"), Credential: []byte("key"), Name: "phone", CreatedAt: w.clock.Now()})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// The provider's answer was taken while the identity is unlinked.
func TestAnUnlinkedIdentityLetsNobodyIn(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		w.member(t, mina)
		tokens, account := w.login(t, mina)
		w.linked(t, account.User.ID, "google", "g-1")
		list, err := w.Identities(w.as(t, tokens))
		if err != nil {
			t.Fatal(err)
		}
		back := s.depart(t.Context(), t, w, "google", accounts.TripLogin, person("g-1", mina))
		gate := &identityStore{Store: w.store, hook: func() {
			if err := w.Unlink(w.as(t, tokens), list[0].ID, accounts.Client{}); err != nil {
				t.Error(err)
			}
		}}
		if w.db.Dialect == db.SQLite { // has one writer: it comes before
			gate.pause()
		}
		_, err = w.node(t, testConfig(), gate).Arrive(t.Context(), back)
		want(t, "the unlinked identity", err, accounts.ErrLinkRequired)
	})
}

// identityStore lets something happen once after an identity was read.
type identityStore struct {
	accounts.Store
	once sync.Once
	hook func()
}

func (s *identityStore) pause() { s.once.Do(s.hook) }

func (s *identityStore) Identity(ctx context.Context, provider, subject string) (accounts.Identity, error) {
	i, err := s.Store.Identity(ctx, provider, subject)
	s.pause()
	return i, err
}

func TestALoginElsewhereProvesWhoCalls(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		_, err := w.Depart(t.Context(), "google", accounts.TripReauth, backURL, "/", accounts.Client{})
		want(t, "nobody", err, auth.ErrRequired)
		_, ctx := s.enter(t, w, "google", person("g-1", mina))
		s.enter(t, w, "google", person("g-2", "other@rally.example"))
		w.clock.Advance(time.Hour)
		recent := func() bool {
			t.Helper()
			security, err := w.Security(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return w.clock.Now().Before(security.RecentUntil)
		}
		for name, who := range map[string]accounts.External{
			"somebody else's": person("g-2", mina), "an unknown one": person("g-3", mina),
			"an old login": {Subject: "g-1", AuthTime: w.clock.Now().Add(-2 * time.Minute)},
		} {
			back := s.depart(ctx, t, w, "google", accounts.TripReauth, who)
			if !s["google"].asked[back.State].Fresh {
				t.Error("no fresh login is asked for")
			}
			_, err := w.Arrive(t.Context(), back)
			want(t, name, err, accounts.ErrProviderRefused)
			if recent() {
				t.Errorf("%s proved it", name)
			}
		}
		before := scalar[int](t, w.db, "SELECT count(*) FROM sessions")
		for _, at := range []time.Time{{}, w.clock.Now()} {
			execute(t, w.db, "UPDATE sessions SET authenticated_at = created_at")
			in, err := s.travel(ctx, t, w, "google", accounts.TripReauth, accounts.External{Subject: "g-1", AuthTime: at})
			if err != nil || !recent() || in.Entrance.Tokens != (auth.Tokens{}) || in.Next != "/next?a=b" {
				t.Errorf("%+v, %v", in, err)
			}
		}
		if after := scalar[int](t, w.db, "SELECT count(*) FROM sessions"); after != before {
			t.Errorf("%d sessions became %d", before, after)
		}
		late := s.depart(ctx, t, w, "google", accounts.TripReauth, person("g-1", ""))
		if err := w.Logout(ctx, ""); err != nil {
			t.Fatal(err)
		}
		_, err = w.Arrive(t.Context(), late)
		want(t, "the session ended", err, auth.ErrSessionEnded)
	})
}

func TestAProviderDoesNotSkipTheSecondStep(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		_, ctx := s.enter(t, w, "google", person("g-1", mina))
		step := w.twoStep(ctx, t)
		in, err := s.travel(t.Context(), t, w, "google", accounts.TripLogin, person("g-1", mina))
		if err != nil || in.Entrance.Pending.Value == "" || in.Entrance.Tokens != (auth.Tokens{}) {
			t.Fatalf("%+v, %v", in, err)
		}
		entrance, err := w.FinishLogin(t.Context(), in.Entrance.Pending.Value, accounts.SecondProof{Code: step.code(t)}, false, accounts.Client{})
		if err != nil || entrance.Tokens.Access == "" {
			t.Fatalf("%+v, %v", entrance, err)
		}
		if method := scalar[string](t, w.db, "SELECT method FROM sessions ORDER BY id DESC LIMIT 1"); method != "google" {
			t.Errorf("by %s", method)
		}
	})
}

func TestWhoLeftComesBackThroughAProvider(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		_, ctx := s.enter(t, w, "google", person("g-1", mina))
		if err := w.Quit(ctx, "", accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		w.left.Take()
		w.clock.Advance(month - time.Microsecond)
		in, ctx := s.enter(t, w, "google", person("g-1", mina))
		if in.Created || len(w.left.Take()) != 1 || !in.Entrance.Account.User.DeactivatedAt.IsZero() {
			t.Errorf("%+v", in)
		}
		if err := w.Quit(ctx, "", accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(month)
		_, err := s.travel(t.Context(), t, w, "google", accounts.TripLogin, person("g-1", mina))
		want(t, "30 days later", err, accounts.ErrDeactivated)
		if err := w.EraseLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		if in, _ := s.enter(t, w, "google", person("g-1", mina)); !in.Created {
			t.Errorf("after the erasure: %+v", in)
		}
	})
}
