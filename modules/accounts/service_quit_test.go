package accounts_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/testkit"
)

const month = 30 * 24 * time.Hour

// whereIs returns every column of the database that holds the text, in
// whatever case.
func (w *world) whereIs(t *testing.T, text string) []string {
	t.Helper()
	var found []string
	for table := range testkit.Schema(t, w.db) {
		rows, err := w.db.Pool().QueryContext(t.Context(), "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			targets := make([]any, len(columns))
			for i := range values {
				targets[i] = &values[i]
			}
			if err := rows.Scan(targets...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				raw, isBytes := v.([]byte)
				if !isBytes {
					raw = []byte(fmt.Sprint(v))
				}
				if bytes.Contains(bytes.ToLower(raw), []byte(strings.ToLower(text))) {
					found = append(found, table+"."+columns[i])
				}
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(found)
	return found
}

func TestLeavingEndsEverySessionAndALoginUndoesIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		other := w.node(t, testConfig(), w.store)
		w.signals.nodes = []*accounts.Service{other}
		here, account := w.login(t, mina)
		there, _ := w.login(t, mina)
		lives(t, other, there)
		ctx := w.as(t, here)
		reset, moved := w.resetKey(t, mina), w.changeKey(ctx, t, mina, "moved@rally.example")
		want(t, "nobody", w.Quit(t.Context(), password, accounts.Client{}), auth.ErrRequired)
		want(t, "a wrong password", w.Quit(ctx, "wrong-password", accounts.Client{}), accounts.ErrBadCredentials)
		if got := fields(t, w.Quit(ctx, "", accounts.Client{})); len(got["password"]) != 1 {
			t.Errorf("no password: %v", got)
		}
		lives(t, w.Service, here)
		w.forgetNews()
		if err := w.Quit(ctx, password, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		w.tellsOwner(t, accounts.EventQuit, mina)
		left := accounts.UserDeactivated{UserID: account.User.ID, At: w.clock.Now()}
		if got := w.left.Take(); len(got) != 1 || got[0] != left {
			t.Errorf("events %+v", got)
		}
		for _, node := range []*accounts.Service{w.Service, other} {
			ended(t, node, here)
			ended(t, node, there)
		}
		if active, err := w.Active(t.Context(), account.User.ID); active || err != nil {
			t.Errorf("active %t, %v", active, err)
		}
		want(t, "a reset key", w.ResetPassword(t.Context(), reset), accounts.ErrResetInvalid)
		want(t, "a key for another address", w.ChangeEmail(t.Context(), moved, accounts.Client{}), accounts.ErrKeyInvalid)

		w.clock.Advance(month - time.Microsecond) // the last moment
		if err := w.EraseLeavers(t.Context()); err != nil || len(w.left.All()) != 0 {
			t.Errorf("erased too early: %v, %v", w.left.All(), err)
		}
		back, again := w.login(t, mina)
		if again != account {
			t.Errorf("they came back as %+v, not %+v", again, account)
		}
		if got := w.left.Take(); len(got) != 1 || got[0] != (accounts.UserReactivated{UserID: account.User.ID, At: w.clock.Now()}) {
			t.Errorf("events %+v", got)
		}
		if got := w.kinds(); !slices.Contains(got, accounts.EventCameBack) {
			t.Errorf("journal %v", got)
		}
		lives(t, w.Service, back)
		_, err := w.Refresh(t.Context(), here.Refresh, accounts.Client{})
		want(t, "an old session", err, accounts.ErrRefreshInvalid)
		if err := w.EraseLeavers(t.Context()); err != nil || len(w.left.All()) != 0 {
			t.Errorf("erased although they are back: %v, %v", w.left.All(), err)
		}
		if err := w.Quit(w.as(t, back), password, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(month)
		_, _, err = w.Login(t.Context(), loginForm(mina, password))
		want(t, "30 days later", err, accounts.ErrDeactivated)
	})
}

func TestAnotherModuleHoldsBackWhoWantsToLeave(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, account := w.login(t, mina)
		ctx := w.as(t, tokens)
		reset := w.resetKey(t, mina)
		w.forgetNews()
		w.holdBack = fault.New(fault.Conflict, "test.orders_open", "There are open orders.")
		want(t, "held back", w.Quit(ctx, password, accounts.Client{}), w.holdBack)
		lives(t, w.Service, tokens)
		if active, err := w.Active(t.Context(), account.User.ID); !active || err != nil {
			t.Errorf("active %t, %v", active, err)
		}
		if len(w.left.All()) != 0 || len(w.mail.Take()) != 0 || len(w.kinds()) != 0 {
			t.Error("somebody was told that they left")
		}
		if err := w.ResetPassword(t.Context(), reset); err != nil {
			t.Errorf("the reset key: %v", err)
		}
	})
}

func TestWhoHasNoPasswordLeavesAfterARecentLogin(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		execute(t, w.db, "UPDATE users SET password_hash = ''")
		w.clock.Advance(10 * time.Minute)
		want(t, "ten minutes later", w.Quit(ctx, "", accounts.Client{}), accounts.ErrReauthRequired)
		execute(t, w.db, "UPDATE sessions SET authenticated_at = $1", w.clock.Now())
		if err := w.Quit(ctx, "", accounts.Client{}); err != nil {
			t.Error(err)
		}
	})
}
