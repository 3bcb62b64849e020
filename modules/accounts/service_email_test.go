package accounts_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/testkit"
)

var changeInMail = regexp.MustCompile(regexp.QuoteMeta(baseURL) + `/email#key=([A-Za-z0-9_-]{43})\n`)

// mailsTo returns, for each address, the one mail that came since the last
// call.
func (w *world) mailsTo(t *testing.T) map[string]accounts.Mail {
	t.Helper()
	mails := map[string]accounts.Mail{}
	for _, m := range w.mail.Take() {
		if _, twice := mails[m.To]; twice {
			t.Errorf("%s got two mails", m.To)
		}
		mails[m.To] = m
	}
	return mails
}

// changeKey asks for another address and returns the key that was mailed to it.
func (w *world) changeKey(ctx context.Context, t *testing.T, from, to string) string {
	t.Helper()
	w.forgetNews()
	if err := w.AskEmailChange(ctx, to, baseURL, accounts.Client{}); err != nil {
		t.Fatal(err)
	}
	mails := w.mailsTo(t)
	found := changeInMail.FindStringSubmatch(mails[strings.ToLower(strings.TrimSpace(to))].Body)
	notice, told := mails[from]
	if found == nil || !told || len(mails) != 2 || strings.Contains(notice.Body, found[1]) {
		t.Fatalf("mails %+v", mails)
	}
	return found[1]
}

func TestAnAddressChangesWithTheKeyThatWasMailedToIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		older := w.changeKey(ctx, t, mina, "older@rally.example")
		key := w.changeKey(ctx, t, mina, " Moved@Rally.Example ")
		if got := w.kinds(); len(got) != 1 || got[0] != accounts.EventEmailRequested {
			t.Errorf("journal %v", got)
		}
		reset := w.resetKey(t, mina)
		if me, err := w.Me(ctx); err != nil || me.User.Email != mina {
			t.Errorf("before the key: %+v, %v", me, err)
		}
		w.login(t, mina)
		w.forgetNews()

		w.clock.Advance(time.Minute)
		if err := w.ChangeEmail(t.Context(), key, accounts.Client{}); err != nil { // nobody is logged in here
			t.Fatal(err)
		}
		w.tellsOwner(t, accounts.EventEmailChanged, mina)
		me, err := w.Me(ctx)
		if err != nil || me.User.Email != "moved@rally.example" || !me.User.VerifiedAt.Equal(w.clock.Now()) {
			t.Errorf("%+v, %v", me, err)
		}
		lives(t, w.Service, tokens)
		w.login(t, "MOVED@rally.example")
		_, _, err = w.Login(t.Context(), loginForm(mina, password))
		want(t, "the old address", err, accounts.ErrBadCredentials)
		want(t, "again", w.ChangeEmail(t.Context(), key, accounts.Client{}), accounts.ErrKeyInvalid)
		want(t, "an older key", w.ChangeEmail(t.Context(), older, accounts.Client{}), accounts.ErrKeyInvalid)
		want(t, "a reset key of the old address", w.ResetPassword(t.Context(), reset), accounts.ErrResetInvalid)
		w.forgetNews()
		w.member(t, mina) // the old address is free
	})
}

func TestWhoMayAskForAnotherAddress(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		w.forgetNews()
		ask := func(ctx context.Context, email string) error {
			return w.AskEmailChange(ctx, email, baseURL, accounts.Client{})
		}
		want(t, "nobody", ask(t.Context(), "moved@rally.example"), auth.ErrRequired)
		for _, email := range []string{"", " ", "no address", mina, " MINA@Rally.Example\t", "a@b.kr\r\nBcc: c@d.kr", "a@b.kr\x00", "Mina <a@b.kr>"} {
			if got := fields(t, ask(ctx, email)); len(got) != 1 || len(got["email"]) != 1 {
				t.Errorf("%q: %v", email, got)
			}
		}
		w.clock.Advance(10 * time.Minute)
		want(t, "ten minutes after the login", ask(ctx, "moved@rally.example"), accounts.ErrReauthRequired)
		if n := scalar[int](t, w.db, "SELECT count(*) FROM email_changes"); n != 0 || len(w.mail.Take()) != 0 || len(w.kinds()) != 0 {
			t.Errorf("%d keys", n)
		}
	})
}

func TestAChangeKeyLivesADay(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		key := w.changeKey(w.as(t, tokens), t, mina, "moved@rally.example")
		for _, bad := range []string{"", "x", key[:42], key + "A", strings.Repeat("A", 43), strings.Repeat("\x00", 43)} {
			want(t, bad, w.ChangeEmail(t.Context(), bad, accounts.Client{}), accounts.ErrKeyInvalid)
		}
		w.clock.Advance(24*time.Hour - time.Microsecond)
		if err := w.ChangeEmail(t.Context(), key, accounts.Client{}); err != nil {
			t.Errorf("in its last moment: %v", err)
		}
		tokens, _ = w.login(t, "moved@rally.example")
		key = w.changeKey(w.as(t, tokens), t, "moved@rally.example", mina)
		w.clock.Advance(24 * time.Hour)
		want(t, "a day later", w.ChangeEmail(t.Context(), key, accounts.Client{}), accounts.ErrKeyInvalid)
	})
}

func TestOnlyItsOwnerLearnsThatAnAddressIsTaken(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		w.member(t, "owner@rally.example")
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		w.changeKey(ctx, t, mina, "free@rally.example")
		free := w.journal.Take()
		if err := w.AskEmailChange(ctx, "Owner@Rally.Example", baseURL, accounts.Client{}); err != nil {
			t.Fatalf("a taken address: %v", err)
		}
		mails, taken := w.mailsTo(t), w.journal.Take()
		letter := mails["owner@rally.example"]
		if len(mails) != 2 || strings.Contains(letter.Body, "key=") || !strings.Contains(letter.Body, "You already have an account") {
			t.Errorf("mails %+v", mails)
		}
		if len(free) != 1 || len(taken) != 1 || free[0] != taken[0] {
			t.Errorf("journals differ: %+v, %+v", free, taken)
		}
		_, account := w.login(t, "owner@rally.example")
		if me, err := w.Me(ctx); err != nil || me.User.Email != mina || account.User.ID == me.User.ID {
			t.Errorf("%+v, %v", me, err)
		}
	})
}

func TestAnAddressThatIsTakenMeanwhileIsNotGivenAway(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		key := w.changeKey(ctx, t, mina, "moved@rally.example")
		w.member(t, "moved@rally.example")
		w.forgetNews()
		want(t, "the key", w.ChangeEmail(t.Context(), key, accounts.Client{}), accounts.ErrKeyInvalid)
		if me, err := w.Me(ctx); err != nil || me.User.Email != mina || len(w.mail.Take()) != 0 {
			t.Errorf("%+v, %v", me, err)
		}
		w.login(t, mina)
		w.login(t, "moved@rally.example")
	})
}

func TestWhoLeftDoesNotChangeTheirAddress(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		key := w.changeKey(w.as(t, tokens), t, mina, "moved@rally.example")
		execute(t, w.db, "UPDATE users SET deactivated_at = created_at")
		want(t, "the key", w.ChangeEmail(t.Context(), key, accounts.Client{}), accounts.ErrKeyInvalid)
	})
}

// settingStore lets something happen after an address was set, before that is
// committed.
type settingStore struct {
	accounts.Store
	hook func()
}

func (s settingStore) SetEmail(ctx context.Context, userID int64, email string, at time.Time) (bool, error) {
	free, err := s.Store.SetEmail(ctx, userID, email, at)
	s.hook()
	return free, err
}

// Two accounts get one address at the same moment. SQLite has one writer;
// PostgreSQL finds out by the unique key, which hurts the later one.
func TestOneAddressGoesToOneOfTwoAccounts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		keys := map[string]string{}
		for _, email := range []string{mina, "other@rally.example"} {
			w.member(t, email)
			tokens, _ := w.login(t, email)
			keys[email] = w.changeKey(w.as(t, tokens), t, email, "wanted@rally.example")
		}
		second := make(chan error, 1)
		hook := func() {
			go func() { second <- w.ChangeEmail(t.Context(), keys["other@rally.example"], accounts.Client{}) }()
			if w.db.Dialect == db.Postgres {
				testkit.Until(t, "the second waits for the first", func() bool {
					return scalar[int](t, w.db, "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())") > 0
				})
			}
		}
		if err := w.node(t, testConfig(), settingStore{w.store, hook}).ChangeEmail(t.Context(), keys[mina], accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		want(t, "the second", testkit.Receive(t, second), accounts.ErrKeyInvalid)
		w.login(t, "wanted@rally.example")
		w.login(t, "other@rally.example")
	})
}
