package accounts_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/testkit"
)

func TestAskingForAResetTellsNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		if err := w.Register(t.Context(), form("waiting@rally.example")); err != nil {
			t.Fatal(err)
		}
		w.forgetNews()
		for _, email := range []string{" Mina@Rally.Example ", "waiting@rally.example", "nobody@rally.example"} {
			if err := w.AskReset(t.Context(), email, baseURL, accounts.Client{}); err != nil {
				t.Errorf("%s: %v", email, err)
			}
			wanted := accounts.Task{Kind: accounts.TaskReset, Email: strings.ToLower(strings.TrimSpace(email)), BaseURL: baseURL}
			if got := w.tasks.All(); len(got) != 1 || got[0] != wanted || len(w.mail.All()) != 0 {
				t.Errorf("%s: tasks %+v, mails %v", email, got, w.mail.All())
			}
			if err := w.doTasks(t.Context()); err != nil {
				t.Error(err)
			}
			mails := w.mail.Take()
			if wanted.Email == "nobody@rally.example" {
				if len(mails) != 0 {
					t.Errorf("nobody got %+v", mails)
				}
				continue
			}
			if len(mails) != 1 || mails[0].To != wanted.Email {
				t.Fatalf("%s got %+v", email, mails)
			}
			reset, verify := resetInMail.MatchString(mails[0].Body), keyInMail.FindStringSubmatch(mails[0].Body)
			if unverified := wanted.Email != mina; reset == unverified || (verify != nil) != unverified {
				t.Errorf("%s got %s", email, mails[0].Body)
			} else if unverified {
				if err := w.verify(t.Context(), verify[1]); err != nil {
					t.Error(err)
				}
				w.login(t, "waiting@rally.example")
			}
		}
		for _, email := range []string{"", "no address", "\x00", "a@b.kr\r\nBcc: c@d.kr"} {
			if err := w.AskReset(t.Context(), email, baseURL, accounts.Client{}); err != nil || len(w.tasks.Take()) != 0 {
				t.Errorf("%q: %v", email, err)
			}
		}
	})
}

func TestNoKeyIsStoredAsText(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		if err := w.AskReset(t.Context(), mina, baseURL, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		tasks := fmt.Sprintf("%+v", w.tasks.Take())
		key := w.resetKey(t, mina)
		moved := w.changeKey(w.as(t, tokens), t, mina, "moved@rally.example")
		for _, secret := range []string{key.Key, moved, tokens.Refresh, tokens.Access, password} {
			if where := w.whereIs(t, secret); len(where) != 0 || strings.Contains(tasks, secret) {
				t.Errorf("%s holds a secret", where)
			}
		}
		if where := w.whereIs(t, mina); len(where) == 0 {
			t.Error("nothing is ever found")
		}
	})
}

func TestAResetKeyWorksOnceForItsOwner(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		w.member(t, "other@rally.example")
		_, other := w.login(t, "other@rally.example")
		one, _ := w.login(t, mina)
		two, _ := w.login(t, mina)
		first, second := w.resetKey(t, mina), w.resetKey(t, mina)
		for name, spoil := range map[string]func(*accounts.PasswordReset){
			"another user":   func(r *accounts.PasswordReset) { r.UserID = strconv.FormatInt(other.User.ID, 10) },
			"nobody":         func(r *accounts.PasswordReset) { r.UserID = "999" },
			"no number":      func(r *accounts.PasswordReset) { r.UserID = "x" },
			"no user":        func(r *accounts.PasswordReset) { r.UserID = "" },
			"an unknown key": func(r *accounts.PasswordReset) { r.Key = strings.Repeat("A", 43) },
			"a cut key":      func(r *accounts.PasswordReset) { r.Key = r.Key[:42] },
			"no key":         func(r *accounts.PasswordReset) { r.Key = "" },
			"NUL":            func(r *accounts.PasswordReset) { r.Key = strings.Repeat("\x00", 43) },
		} {
			bad := first
			spoil(&bad)
			want(t, name, w.ResetPassword(t.Context(), bad), accounts.ErrResetInvalid)
		}
		lives(t, w.Service, one)
		w.login(t, mina)
		w.forgetNews()

		w.clock.Advance(time.Hour - time.Microsecond) // its last moment
		two, err := w.Refresh(t.Context(), two.Refresh, accounts.Client{})
		if err != nil {
			t.Fatal(err)
		}
		lives(t, w.Service, two) // into the cache
		if err := w.ResetPassword(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		w.tellsOwner(t, accounts.EventPasswordReset, mina)
		ended(t, w.Service, two)
		if n := scalar[int](t, w.db, "SELECT count(*) FROM sessions WHERE ended_at IS NULL AND user_id <> $1", other.User.ID); n != 0 {
			t.Errorf("%d sessions live", n)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM sessions WHERE ended_at IS NULL"); n != 1 {
			t.Errorf("%d sessions of the other live, want 1", n)
		}
		want(t, "again", w.ResetPassword(t.Context(), first), accounts.ErrResetInvalid)
		want(t, "the other key", w.ResetPassword(t.Context(), second), accounts.ErrResetInvalid)
		_, _, err = w.Login(t.Context(), loginForm(mina, password))
		want(t, "the old password", err, accounts.ErrBadCredentials)
		if _, _, err := w.Login(t.Context(), loginForm(mina, newPassword)); err != nil {
			t.Error(err)
		}

		late := w.resetKey(t, mina)
		w.clock.Advance(time.Hour)
		want(t, "an hour later", w.ResetPassword(t.Context(), late), accounts.ErrResetInvalid)
	})
}

func TestAResetDoesNotSkipTheSecondStep(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		step := w.twoStep(w.as(t, tokens), t)
		if err := w.ResetPassword(t.Context(), w.resetKey(t, mina)); err != nil {
			t.Fatal(err)
		}
		in, err := w.Service.Login(t.Context(), loginForm(mina, newPassword))
		if err != nil || in.Pending.Value == "" || in.Tokens != (auth.Tokens{}) {
			t.Fatalf("%+v, %v", in, err)
		}
		if in, err = w.FinishLogin(t.Context(), in.Pending.Value, accounts.SecondProof{Code: step.code(t)}, false, accounts.Client{}); err != nil || in.Tokens.Access == "" {
			t.Errorf("%+v, %v", in, err)
		}
	})
}

func TestOneResetKeyUsedByManyAtOnceSetsOnePassword(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		key := w.resetKey(t, mina)
		const n = 8
		results := make([]error, n)
		candidate := func(i int) string { return fmt.Sprintf("candidate-number-%d", i) }
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				mine := key
				mine.New1, mine.New2 = candidate(i), candidate(i)
				results[i] = w.ResetPassword(t.Context(), mine)
			})
		}
		wg.Wait()
		winners := 0
		for i, err := range results {
			_, _, login := w.Login(t.Context(), loginForm(mina, candidate(i)))
			if err == nil {
				winners++
				if login != nil {
					t.Errorf("the winner can't log in: %v", login)
				}
				continue
			}
			want(t, "a loser's reset", err, accounts.ErrResetInvalid)
			want(t, "a loser's login", login, accounts.ErrBadCredentials)
		}
		if winners != 1 {
			t.Errorf("%d won", winners)
		}
	})
}

// The job found the owner of an address; before it stores the key they change
// the address. SQLite has one writer, so there is nothing between the two.
func TestNoResetKeyFollowsAnAddressThatWasGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.OpenDB(t, db.Postgres))
	w.member(t, mina)
	tokens, _ := w.login(t, mina)
	moved := w.changeKey(w.as(t, tokens), t, mina, "moved@rally.example")
	slow := &slowStore{Store: w.store}
	node := w.node(t, testConfig(), slow)
	slow.afterRead = func() {
		if err := w.ChangeEmail(t.Context(), moved, accounts.Client{}); err != nil {
			t.Error(err)
		}
		w.forgetNews()
	}
	if err := node.Do(t.Context(), accounts.Task{Kind: accounts.TaskReset, Email: mina, BaseURL: baseURL}); err != nil {
		t.Fatal(err)
	}
	if mails := w.mail.Take(); len(mails) != 0 {
		t.Errorf("a key went to the old address: %+v", mails)
	}
	if n := scalar[int](t, w.db, "SELECT count(*) FROM password_resets"); n != 0 {
		t.Errorf("%d keys", n)
	}
}
