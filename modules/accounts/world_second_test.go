package accounts_test

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"rally/modules/accounts"
	"rally/platform/db"
	"rally/platform/testkit"
)

const otpStep = 30 * time.Second

// otpApp is somebody's authenticator app, and the recovery codes on their
// fridge.
type otpApp struct {
	secret   string // base32
	recovery []string
	clock    *testkit.Clock
}

// code is what the app shows, or showed or will show some steps away.
func (a otpApp) code(t *testing.T, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(a.secret, a.clock.Now().Add(time.Duration(steps)*otpStep))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (a otpApp) proof(t *testing.T) accounts.SecondProof {
	t.Helper()
	return accounts.SecondProof{Code: a.code(t, 0)}
}

// wrong is a code that the app shows at none of the steps that are taken.
func (a otpApp) wrong(t *testing.T) string {
	t.Helper()
	for _, code := range []string{"000000", "111111", "222222", "333333"} {
		if code != a.code(t, -1) && code != a.code(t, 0) && code != a.code(t, 1) {
			return code
		}
	}
	panic("unreachable: three codes are right at most")
}

// setUpOTP gives the caller an app that is not confirmed yet.
func (w *world) setUpOTP(ctx context.Context, t *testing.T) otpApp {
	t.Helper()
	setup, err := w.SetUpOTP(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return otpApp{secret: setup.Secret, clock: w.clock}
}

// otpOn turns one-time codes on. The code that did it has passed then.
func (w *world) otpOn(ctx context.Context, t *testing.T) otpApp {
	t.Helper()
	app := w.setUpOTP(ctx, t)
	var err error
	if app.recovery, err = w.ConfirmOTP(ctx, app.code(t, 0), accounts.Client{}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(2 * otpStep)
	return app
}

// memberWithOTP registers somebody with an app. Nobody is signed in, and the
// mails are read.
func (w *world) memberWithOTP(t *testing.T, email string) otpApp {
	t.Helper()
	w.member(t, email)
	tokens, _ := w.login(t, email)
	app := w.otpOn(w.as(t, tokens), t)
	if err := w.Logout(t.Context(), tokens.Refresh); err != nil {
		t.Fatal(err)
	}
	w.forgetNews()
	return app
}

// knock shows a right password, and returns what comes after it.
func (w *world) knock(t *testing.T, email string, client accounts.Client) accounts.Entrance {
	t.Helper()
	e, err := w.Service.Login(t.Context(), accounts.LoginForm{Email: email, Password: password, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// pending shows a right password where a second step is asked for.
func (w *world) pending(t *testing.T, email string) string {
	t.Helper()
	e := w.knock(t, email, accounts.Client{})
	if e.Pending.Value == "" {
		t.Fatal("no second step is asked for")
	}
	return e.Pending.Value
}

// finish takes the second step on no known device.
func (w *world) finish(ctx context.Context, pending string, proof accounts.SecondProof) error {
	_, err := w.FinishLogin(ctx, pending, proof, false, accounts.Client{})
	return err
}

func (w *world) liveSessions(t *testing.T) int {
	t.Helper()
	return scalar[int](t, w.db, "SELECT count(*) FROM sessions WHERE ended_at IS NULL")
}

// wantNoted reads what was noted since the last time: in the log of the
// operators, in the list of the owner, and in their mail.
func (w *world) wantNoted(t *testing.T, kinds ...string) {
	t.Helper()
	noted := w.kinds()
	for _, kind := range noted {
		if n := scalar[int](t, w.db, "SELECT count(*) FROM security_events WHERE kind = $1", kind); n == 0 {
			t.Errorf("%s is not in the owner's list", kind)
		}
	}
	if mails := w.mail.Take(); !slices.Equal(noted, kinds) || len(mails) != len(kinds) {
		t.Errorf("noted %q and sent %d mails, want %q", noted, len(mails), kinds)
	}
}

// together runs fn for all at once and counts who was let in. The others must
// have been refused as said.
func together(t *testing.T, n int, fn func(i int) error, refusals ...error) (let int) {
	t.Helper()
	start := make(chan struct{})
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = fn(i)
		})
	}
	close(start)
	wg.Wait()
	for _, err := range errs {
		switch {
		case err == nil:
			let++
		case !slices.ContainsFunc(refusals, func(r error) bool { return errors.Is(err, r) }):
			t.Errorf("refused with %v", err)
		}
	}
	return let
}

// wantNowhere looks for texts in every column of every table, as they are and
// in hexadecimal, as PostgreSQL shows bytes.
func (w *world) wantNowhere(t *testing.T, texts ...string) {
	t.Helper()
	looked := 0
	for table, lines := range testkit.Schema(t, w.db) {
		for _, line := range lines {
			column, _, isColumn := strings.Cut(line, " required=")
			if !isColumn {
				continue
			}
			looked++
			values, err := db.Select[string](t.Context(), w.db, `SELECT CAST("`+column+`" AS TEXT) FROM "`+table+`" WHERE "`+column+`" IS NOT NULL`)
			if err != nil {
				t.Fatal(err)
			}
			for _, value := range values {
				for _, text := range texts {
					if strings.Contains(value, text) || strings.Contains(strings.ToLower(value), hex.EncodeToString([]byte(text))) {
						t.Errorf("%s.%s holds it", table, column)
					}
				}
			}
		}
	}
	if looked < 50 {
		t.Errorf("only %d columns", looked)
	}
}
