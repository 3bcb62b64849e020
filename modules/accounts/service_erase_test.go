package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/testkit"
)

// lived is somebody about whom everything is known that can be.
func (w *world) lived(t *testing.T, email string) (accounts.Account, context.Context) {
	t.Helper()
	in := form(email)
	in.PhoneNumber, in.ShoeSize = "010-7777-1234", 245
	if err := w.Register(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := w.verify(t.Context(), w.key(t)); err != nil {
		t.Fatal(err)
	}
	tokens, _, err := w.Login(t.Context(), accounts.LoginForm{Email: email, Password: password, Client: accounts.Client{Address: "198.51.100.77", UserAgent: "RareBrowser"}})
	if err != nil {
		t.Fatal(err)
	}
	ctx := w.as(t, tokens)
	me, err := w.Me(ctx)
	if err != nil {
		t.Fatal(err)
	}
	execute(t, w.db, "UPDATE profiles SET user_name = '민아 본명', profile_name = 'RareName', profile_name_key = 'rarename', introduction = 'rare words', image = 'people/rare.png' WHERE user_id = $1", me.User.ID)
	execute(t, w.db, "UPDATE users SET is_staff = true WHERE id = $1", me.User.ID)
	w.linked(t, me.User.ID, "google", "rare-subject")
	w.twoStep(ctx, t)
	if _, err := w.Service.Login(t.Context(), loginForm(email, password)); err != nil { // waits for its second step
		t.Fatal(err)
	}
	w.resetKey(t, email)
	w.changeKey(ctx, t, email, "rare-new@rally.example")
	later := w.clock.Now().Add(time.Hour)
	if err := w.db.InTx(t.Context(), func(ctx context.Context) error {
		id, _ := auth.From(w.as(t, tokens))
		_, errHandle := w.store.PasskeyHandle(ctx, me.User.ID, []byte("rare-handle"))
		_, _, errPasskey := w.store.InsertPasskey(ctx, accounts.Passkey{
			UserID: me.User.ID, CredentialID: []byte("rare-credential"), Credential: []byte("rare-public-key"), Name: "Rare phone", CreatedAt: w.clock.Now(),
		})
		return errors.Join(errHandle, errPasskey,
			w.store.InsertCeremony(ctx, accounts.StoredCeremony{Hash: []byte("c"), Purpose: "register", UserID: me.User.ID, State: []byte("rare-state"), CreatedAt: w.clock.Now(), ExpiresAt: later}),
			w.store.InsertOAuthTrip(ctx, accounts.OAuthTrip{
				StateHash: []byte("s"), BrowserHash: []byte("b"), Provider: "google", Purpose: accounts.TripLink, SessionID: id.SessionID, Next: "/rare-next", CreatedAt: w.clock.Now(), ExpiresAt: later,
			}))
	}); err != nil {
		t.Fatal(err)
	}
	return me, ctx
}

// traces are texts that lead to who lived.
func traces(email string) []string {
	return []string{
		email, "821077771234", "RareBrowser", "198.51.100.77", "민아 본명", "rarename", "rare words", "people/rare.png", "rare-subject", "rare-new@",
		"rare-handle", "rare-credential", "rare-public-key", "Rare phone", "rare-state", "/rare-next", "argon2id",
	}
}

func TestNothingPersonalIsLeftOfWhoLeft(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		account, ctx := w.lived(t, mina)
		id := account.User.ID
		if err := w.Quit(ctx, password, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		// Those that leaving ends already are tested for on their own.
		if err := w.db.InTx(t.Context(), func(ctx context.Context) error {
			return errors.Join(
				w.store.InsertEmailChange(ctx, accounts.MailedKey{UserID: id, NewEmail: "rare-new@rally.example", Hash: []byte("e"), CreatedAt: w.clock.Now(), ExpiresAt: w.clock.Now()}),
				w.store.InsertPendingLogin(ctx, accounts.PendingLogin{UserID: id, Hash: []byte("p"), Method: "password", CreatedAt: w.clock.Now(), ExpiresAt: w.clock.Now()}))
		}); err != nil {
			t.Fatal(err)
		}
		w.resetKey(t, mina)
		for _, trace := range traces(mina) {
			if len(w.whereIs(t, trace)) == 0 {
				t.Fatalf("%s isn't found before: the test would find nothing", trace)
			}
		}
		rows := map[string]int{}
		for table, columns := range testkit.Schema(t, w.db) {
			if slices.ContainsFunc(columns, func(c string) bool { return strings.HasPrefix(c, "user_id ") }) {
				rows[table] = scalar[int](t, w.db, "SELECT count(*) FROM "+table+" WHERE user_id = $1", id)
			}
		}
		w.left.Take()
		w.clock.Advance(month)
		if err := w.EraseLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.mail.forgotten.Take(); !slices.Equal(got, []string{mina}) {
			t.Errorf("mails of %v are forgotten", got)
		}
		for _, trace := range traces(mina) {
			if where := w.whereIs(t, trace); len(where) != 0 {
				t.Errorf("%s is left in %v", trace, where)
			}
		}
		for table, before := range rows {
			after := scalar[int](t, w.db, "SELECT count(*) FROM "+table+" WHERE user_id = $1", id)
			if before > 0 && after != map[string]int{"profiles": 1}[table] {
				t.Errorf("%s has %d rows of theirs, it had %d", table, after, before)
			}
		}
		if rows["sessions"] == 0 || rows["passkey_ceremonies"] == 0 || rows["pending_logins"] == 0 || len(rows) < 12 {
			t.Errorf("there was little to erase: %v", rows)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM refresh_tokens") + scalar[int](t, w.db, "SELECT count(*) FROM oauth_trips"); n != 0 {
			t.Errorf("%d tokens and trips", n)
		}

		// What others share with them keeps its other side.
		user, err := w.store.User(t.Context(), id)
		if err != nil || user.Staff || user.ShoeSize != 0 || user.SecondStep() || !user.ErasedAt.Equal(w.clock.Now()) || user.DeactivatedAt.IsZero() {
			t.Errorf("%+v, %v", user, err)
		}
		if got := w.left.Take(); len(got) != 1 || got[0] != (accounts.UserErased{UserID: id, At: w.clock.Now()}) {
			t.Errorf("events %+v", got)
		}
		if got := w.deleted.Take(); !slices.Equal(got, []string{"people/rare.png"}) {
			t.Errorf("pictures %v", got)
		}
		w.forgetNews()
		_, _, err = w.Login(t.Context(), loginForm(mina, password))
		want(t, "a login", err, accounts.ErrBadCredentials)
		w.askReset(t, user.Email)
		if mails := w.mail.Take(); len(mails) != 0 {
			t.Errorf("a mail that nobody reads: %+v", mails)
		}
		if err := w.EraseLeavers(t.Context()); err != nil || len(w.left.All()) != 0 {
			t.Errorf("erased again: %v, %v", w.left.All(), err)
		}
		w.member(t, mina)
		if _, again := w.login(t, mina); again.User.ID == id {
			t.Error("the new account is the old one")
		}
	})
}

func TestASharedPictureStaysUntilItsLastUserIsErased(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		list := []accounts.ImportedUser{
			{Email: "a@rally.example", Password: password, Image: "people/shared.png"}, {Email: "b@rally.example", Password: password, Image: "people/shared.png"},
			{Email: "c@rally.example", Password: password},
		}
		ids, err := w.Import(t.Context(), list)
		if err != nil {
			t.Fatal(err)
		}
		for i, wanted := range [][]string{0: nil, 1: {"people/shared.png"}, 2: nil} {
			execute(t, w.db, "UPDATE users SET deactivated_at = $1 WHERE id = $2", w.clock.Now().Add(-month), ids[i])
			if err := w.EraseLeavers(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := w.deleted.Take(); !slices.Equal(got, wanted) {
				t.Errorf("%s: pictures %v, want %v", list[i].Email, got, wanted)
			}
		}
	})
}

// Whoever guesses the address that an erased user will get must not be able to
// keep their data here by registering it.
func TestNobodyCanBeInTheWayOfAnErasure(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ids, err := w.Import(t.Context(), []accounts.ImportedUser{{Email: mina, Password: password}})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Register(t.Context(), form(fmt.Sprintf("erased-%d@rally.invalid", ids[0]))); err != nil {
			t.Fatal(err)
		}
		execute(t, w.db, "UPDATE users SET deactivated_at = $1 WHERE id = $2", w.clock.Now().Add(-month), ids[0])
		if err := w.EraseLeavers(t.Context()); err != nil || len(w.whereIs(t, mina)) != 0 {
			t.Errorf("%v: %v", w.whereIs(t, mina), err)
		}
	})
}

// failingStore can't erase one user.
type failingStore struct {
	accounts.Store
	id int64
}

var errDisk = errors.New("the disk is full")

func (s failingStore) Erase(ctx context.Context, id int64, email, name string, at time.Time) (string, error) {
	if id == s.id {
		return "", errDisk
	}
	return s.Store.Erase(ctx, id, email, name, at)
}

func TestWhoCannotBeErasedKeepsNobodyElse(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ids, err := w.Import(t.Context(), []accounts.ImportedUser{{Email: "a@rally.example", Password: password}, {Email: "b@rally.example", Password: password}})
		if err != nil {
			t.Fatal(err)
		}
		execute(t, w.db, "UPDATE users SET deactivated_at = $1", w.clock.Now().Add(-month))
		want(t, "one of two", w.node(t, testConfig(), failingStore{w.store, ids[0]}).EraseLeavers(t.Context()), errDisk)
		if a, b := w.whereIs(t, "a@rally.example"), w.whereIs(t, "b@rally.example"); len(a) == 0 || len(b) != 0 {
			t.Errorf("a is in %v, b in %v", a, b)
		}
		if got := w.left.Take(); len(got) != 1 || got[0] != (accounts.UserErased{UserID: ids[1], At: w.clock.Now()}) {
			t.Errorf("events %+v", got)
		}
	})
}

// lateStore lets something happen after the leavers were read.
type lateStore struct {
	accounts.Store
	hook func()
}

func (s lateStore) LeaversBefore(ctx context.Context, before time.Time, limit int) ([]int64, error) {
	ids, err := s.Store.LeaversBefore(ctx, before, limit)
	s.hook()
	return ids, err
}

// Nodes whose clocks differ may let somebody come back and erase them at once.
func TestWhoComesBackWhileTheyAreErasedComesBackWhole(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		account, ctx := w.lived(t, mina)
		execute(t, w.db, "DELETE FROM otp_secrets") // a login is one step
		if err := w.Quit(ctx, password, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(month)
		hook := func() { // the job has read who left
			w.clock.Advance(-time.Hour)
			w.login(t, mina)
			w.clock.Advance(time.Hour)
		}
		w.left.Take()
		if err := w.node(t, testConfig(), lateStore{w.store, hook}).EraseLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.left.Take(); len(got) != 1 || got[0] != (accounts.UserReactivated{UserID: account.User.ID, At: w.clock.Now().Add(-time.Hour)}) {
			t.Errorf("events %+v", got)
		}
		_, back := w.login(t, mina)
		if back.Profile.ProfileName != "RareName" || back.User.PhoneNumber == "" || len(w.deleted.All()) != 0 {
			t.Errorf("half of them is gone: %+v", back)
		}
	})
}

func TestNobodyComesBackIntoAnErasedAccount(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		if err := w.Quit(w.as(t, tokens), password, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(month)
		slow := &slowStore{Store: w.store}
		node := w.node(t, testConfig(), slow)
		w.clock.Advance(-time.Hour)
		slow.afterRead = func() { // the hash was read
			w.clock.Advance(time.Hour)
			if err := w.EraseLeavers(t.Context()); err != nil {
				t.Error(err)
			}
			w.clock.Advance(-time.Hour)
		}
		_, _, err := direct(node.Login(t.Context(), loginForm(mina, password)))
		want(t, "the login", err, accounts.ErrBadCredentials)
		if got := w.left.Take(); len(got) != 2 { // UserDeactivated, UserErased
			t.Errorf("events %+v", got)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM sessions") + scalar[int](t, w.db, "SELECT count(*) FROM devices"); n != 0 {
			t.Errorf("%d sessions and devices", n)
		}
	})
}
