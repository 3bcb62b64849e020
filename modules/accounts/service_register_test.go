package accounts_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/fault"
)

func TestRegisterVerifyLogin(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		in := form(" Mina.Kim@Rally.Example ")
		in.ShoeSize, in.PhoneNumber = 245, "010-1234-5678"
		if err := w.Register(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		if len(w.registered.All()) != 1 || !w.registered.All()[0].At.Equal(w.clock.Now()) {
			t.Errorf("events: %+v", w.registered.All())
		}
		key := w.key(t)
		login := accounts.LoginForm{Email: "mina.kim@rally.example", Password: password}
		_, _, err := w.Login(t.Context(), login)
		want(t, "login before verification", err, accounts.ErrEmailUnverified)
		login.Password = "wrong-password"
		_, _, err = w.Login(t.Context(), login)
		want(t, "the wrong password learns nothing of that", err, accounts.ErrBadCredentials)

		if err := w.verify(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		tokens, account := w.login(t, "MINA.kim@rally.example")
		u, p := account.User, account.Profile
		if u.Email != "mina.kim@rally.example" || u.ShoeSize != 245 || u.PhoneNumber != "+821012345678" || u.Staff ||
			!u.CreatedAt.Equal(w.clock.Now()) || !u.VerifiedAt.Equal(w.clock.Now()) || u.ID != w.registered.All()[0].UserID {
			t.Errorf("user %+v", u)
		}
		if p.UserID != u.ID || p.UserName != "mina.kim" || !regexp.MustCompile(`^[0-9a-f]{7}$`).MatchString(p.ProfileName) {
			t.Errorf("profile %+v", p)
		}
		if !tokens.AccessExpires.Equal(w.clock.Now().Add(15*time.Minute)) || !tokens.RefreshExpires.Equal(w.clock.Now().Add(30*24*time.Hour)) {
			t.Errorf("tokens end at %s and %s", tokens.AccessExpires, tokens.RefreshExpires)
		}
		me, err := w.Me(w.as(t, tokens))
		if err != nil || me != account {
			t.Errorf("me: %+v, %v", me, err)
		}
	})
}

func TestRegistrationNamesWrongFields(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		got := fields(t, w.Register(t.Context(), accounts.Registration{ShoeSize: 262, PhoneNumber: "1234"}))
		for _, name := range []string{"email", "password1", "password2", "shoe_size", "phone_number"} {
			if len(got[name]) != 1 {
				t.Errorf("%s: %q", name, got[name])
			}
		}
		in := form("mina@rally.example")
		in.Password2 = "wind-over-hallasan"
		if got := fields(t, w.Register(t.Context(), in)); len(got) != 1 || len(got["password2"]) != 1 {
			t.Errorf("two passwords: %v", got)
		}
		if n, err := w.CountUsers(t.Context()); n != 0 || err != nil || len(w.mail.Take()) != 0 || len(fault.ErrInvalid.Fields) != 0 {
			t.Errorf("%d users, %v", n, err)
		}
	})
}

func TestRegisteringATakenAddress(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, "owner@rally.example")
		again := form("owner@rally.example")
		again.Password1, again.Password2 = "another-password-7", "another-password-7"

		if err := w.Register(t.Context(), again); err != nil {
			t.Fatalf("verified: %v", err)
		}
		mails := w.mail.Take()
		if len(mails) != 1 || mails[0].To != "owner@rally.example" || strings.Contains(mails[0].Body, "key=") || !strings.Contains(mails[0].Body, "tried to sign up") {
			t.Errorf("verified: %+v", mails)
		}
		w.login(t, "owner@rally.example") // with the first password

		if err := w.Register(t.Context(), form("late@rally.example")); err != nil {
			t.Fatal(err)
		}
		first := w.key(t)
		again.Email = "late@rally.example"
		if err := w.Register(t.Context(), again); err != nil {
			t.Fatalf("unverified: %v", err)
		}
		second := w.key(t)
		// Nobody can tell the two addresses apart by registering them.
		for _, email := range []string{"late@rally.example", "owner@rally.example"} {
			_, _, err := w.Login(t.Context(), accounts.LoginForm{Email: email, Password: "another-password-7"})
			want(t, email+", who signed up last is told to look for the mail", err, accounts.ErrEmailUnverified)
			_, _, err = w.Login(t.Context(), accounts.LoginForm{Email: email, Password: "yet-another-password-7"})
			want(t, email+", another password", err, accounts.ErrBadCredentials)
		}
		// The first letter to come back proves the address, and no password.
		for i, key := range []string{first, second} {
			if choose, err := w.VerifyEmail(t.Context(), key, baseURL); err != nil || choose != (i == 0) {
				t.Errorf("letter %d: %t, %v", i, choose, err)
			}
		}
		_, _, err := w.Login(t.Context(), accounts.LoginForm{Email: "late@rally.example", Password: password})
		want(t, "the first password", err, accounts.ErrBadCredentials)
		_, _, err = w.Login(t.Context(), accounts.LoginForm{Email: "late@rally.example", Password: "another-password-7"})
		want(t, "the second password", err, accounts.ErrEmailUnverified)
		w.choose(t, password)
		w.login(t, "late@rally.example")
		if len(w.registered.All()) != 2 {
			t.Errorf("%d events, want 2", len(w.registered.All()))
		}
	})
}

var keyInReset = regexp.MustCompile(regexp.QuoteMeta(baseURL) + `/reset#uid=([0-9]+)&token=([A-Za-z0-9_-]{43})\n`)

// choose sets a password with the key of the one mail that came.
func (w *world) choose(t *testing.T, password string) {
	t.Helper()
	mails := w.mail.Take()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	w.reset(t, mails[0], password)
	w.mail.Take()
}

// reset sets a password with the key of a letter.
func (w *world) reset(t *testing.T, letter accounts.Mail, password string) {
	t.Helper()
	found := keyInReset.FindStringSubmatch(letter.Body)
	if found == nil {
		t.Fatalf("no key in %q", letter.Body)
	}
	if err := w.ResetPassword(t.Context(), accounts.PasswordReset{UserID: found[1], Key: found[2], New1: password, New2: password}); err != nil {
		t.Fatal(err)
	}
}

// Somebody who registers the address of another person, before or after them,
// gains nothing by the owner's click, whatever letter the owner uses: the
// letters look alike.
func TestNobodyWaitsInAnothersAccount(t *testing.T) {
	stranger := form(mina)
	stranger.Password1, stranger.Password2, stranger.ShoeSize, stranger.PhoneNumber = "a-strangers-password", "a-strangers-password", 300, "010-9999-9999"
	for name, order := range map[string][]accounts.Registration{
		"before": {stranger, form(mina)}, "after": {form(mina), stranger}, "both": {stranger, form(mina), stranger},
	} {
		for letter := range order {
			t.Run(fmt.Sprintf("%s, letter %d", name, letter), func(t *testing.T) {
				eachWorld(t, func(t *testing.T, w *world) {
					var keys []string
					for _, registration := range order {
						if err := w.Register(t.Context(), registration); err != nil {
							t.Fatal(err)
						}
						keys = append(keys, w.key(t))
					}
					if choose, err := w.VerifyEmail(t.Context(), keys[letter], baseURL); err != nil || !choose {
						t.Fatalf("%t, %v", choose, err)
					}
					_, _, err := w.Login(t.Context(), accounts.LoginForm{Email: mina, Password: stranger.Password1})
					if !errors.Is(err, accounts.ErrBadCredentials) && !errors.Is(err, accounts.ErrEmailUnverified) {
						t.Errorf("the stranger: %v", err)
					}
					w.choose(t, password)
					_, account := w.login(t, mina)
					if account.User.ShoeSize != 0 || account.User.PhoneNumber != "" {
						t.Errorf("the stranger's data stayed: %+v", account.User)
					}
					if claims, err := w.store.Claims(t.Context(), account.User.ID); err != nil || len(claims) != 1 || claims[0] != (accounts.Claim{}) {
						t.Errorf("the stranger's data stayed with the keys: %+v, %v", claims, err)
					}
				})
			})
		}
	}
}

// A letter that is asked for again stands for no registration when there were
// several: its key proves the address only.
func TestAResentKeyOfAnAmbiguousAddress(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for range 2 {
			if err := w.Register(t.Context(), form(mina)); err != nil {
				t.Fatal(err)
			}
			w.mail.Take()
		}
		if err := w.resend(t.Context(), mina); err != nil {
			t.Fatal(err)
		}
		if choose, err := w.VerifyEmail(t.Context(), w.key(t), baseURL); err != nil || !choose {
			t.Fatalf("%t, %v", choose, err)
		}
		w.choose(t, password)
		w.login(t, mina)
	})
}

// Whether an address is taken shows in neither answer nor work: both ways go
// through the hasher.
func TestBothAnswersCostTheSame(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, "owner@rally.example")
		release := accounts.HoldHashing(w.Service)
		defer release()
		for _, email := range []string{"owner@rally.example", "nobody@rally.example"} {
			want(t, "register "+email, w.Register(t.Context(), form(email)), accounts.ErrBusy)
		}
		for _, email := range []string{"owner@rally.example", "nobody@rally.example", "not an address", "\x00"} {
			for _, pw := range []string{password, "wrong", strings.Repeat("long", 1000)} {
				_, _, err := w.Login(t.Context(), accounts.LoginForm{Email: email, Password: pw})
				want(t, fmt.Sprintf("log in %q with %.10q", email, pw), err, accounts.ErrBusy)
			}
		}
	})
}

func TestOneAddressRegisteredByManyAtOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		const n = 8
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				if err := w.Register(t.Context(), form("race@rally.example")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		users, err := w.CountUsers(t.Context())
		if users != 1 || err != nil || len(w.registered.All()) != 1 || len(w.mail.Take()) != n {
			t.Errorf("%d users, %d events, %v", users, len(w.registered.All()), err)
		}
	})
}

func TestKeysOfTheMail(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if err := w.Register(t.Context(), form("mina@rally.example")); err != nil {
			t.Fatal(err)
		}
		key := w.key(t)
		for _, bad := range []string{"", "x", strings.Repeat("A", 43), key[:42], key + "A", strings.Repeat("\x00", 43)} {
			want(t, bad, w.verify(t.Context(), bad), accounts.ErrKeyInvalid)
		}
		w.clock.Advance(accounts.VerifyTTL - time.Microsecond)
		if err := w.verify(t.Context(), key); err != nil {
			t.Fatalf("in its last moment: %v", err)
		}
		verified := scalar[int](t, w.db, "SELECT count(*) FROM users WHERE email_verified_at IS NOT NULL")
		used := scalar[int](t, w.db, "SELECT count(*) FROM email_keys WHERE used_at IS NOT NULL")
		if verified != 1 || used != 1 {
			t.Errorf("%d verified, %d used", verified, used)
		}
		if err := w.verify(t.Context(), key); err != nil {
			t.Errorf("a scanner was faster: %v", err)
		}
		w.clock.Advance(time.Microsecond)
		want(t, "after its life", w.verify(t.Context(), key), accounts.ErrKeyInvalid)

		if err := w.Register(t.Context(), form("late@rally.example")); err != nil {
			t.Fatal(err)
		}
		key = w.key(t)
		w.clock.Advance(accounts.VerifyTTL)
		want(t, "an expired key", w.verify(t.Context(), key), accounts.ErrKeyInvalid)
		if n := scalar[int](t, w.db, "SELECT count(*) FROM users WHERE email_verified_at IS NOT NULL"); n != 1 {
			t.Errorf("an expired key verified: %d", n)
		}
	})
}

// A second use of a key must not undo what happened since its first.
func TestAUsedKeyProvesNothingNew(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if err := w.Register(t.Context(), form("mina@rally.example")); err != nil {
			t.Fatal(err)
		}
		key := w.key(t)
		if err := w.verify(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		execute(t, w.db, "UPDATE users SET email_verified_at = NULL")
		if err := w.verify(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM users WHERE email_verified_at IS NOT NULL"); n != 0 {
			t.Error("a used key proved the address again")
		}
	})
}

func TestResend(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, "verified@rally.example")
		if err := w.Register(t.Context(), form("waiting@rally.example")); err != nil {
			t.Fatal(err)
		}
		w.mail.Take()
		for _, email := range []string{"verified@rally.example", "nobody@rally.example", "", "no address", "\x00@b.kr"} {
			if err := w.resend(t.Context(), email); err != nil {
				t.Errorf("%q: %v", email, err)
			}
		}
		if mails := w.mail.Take(); len(mails) != 0 {
			t.Errorf("mails: %+v", mails)
		}
		if err := w.resend(t.Context(), " Waiting@rally.example"); err != nil {
			t.Fatal(err)
		}
		if err := w.verify(t.Context(), w.key(t)); err != nil {
			t.Error(err)
		}
	})
}

func TestLettersAreBilingualAndHoldNothingOfStrangers(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if err := w.Register(t.Context(), form("mina@rally.example")); err != nil {
			t.Fatal(err)
		}
		mails := w.mail.Take()
		if len(mails) != 1 {
			t.Fatalf("%d mails", len(mails))
		}
		m := mails[0]
		ko, en := strings.Index(m.Body, "안녕하세요"), strings.Index(m.Body, "Hello")
		if ko < 0 || en < ko || strings.Contains(m.Body, "mina") || strings.ContainsAny(m.Subject, "\r\n") || strings.Count(m.Body, "key=") != 1 {
			t.Errorf("%+v", m)
		}
	})
}

func TestCreateAdmin(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		created, err := w.CreateAdmin(t.Context(), "root@rally.example", password)
		if !created || err != nil {
			t.Fatalf("%t, %v", created, err)
		}
		tokens, account := w.login(t, "root@rally.example")
		id, err := w.Authenticate(t.Context(), tokens.Access)
		if !account.User.Staff || !id.Staff || err != nil {
			t.Errorf("%+v, %+v, %v", account, id, err)
		}

		// Somebody registered the operator's address before: their password must
		// not become one of staff, nor their sessions sessions of staff.
		w.member(t, "boss@rally.example")
		before, _ := w.login(t, "boss@rally.example")
		w.as(t, before)
		created, err = w.CreateAdmin(t.Context(), "Boss@rally.example", "quite-another-word")
		if created || err != nil {
			t.Fatalf("%t, %v", created, err)
		}
		_, err = w.Authenticate(t.Context(), before.Access)
		if err == nil {
			t.Error("the old session lives")
		}
		_, _, err = w.Login(t.Context(), accounts.LoginForm{Email: "boss@rally.example", Password: password})
		want(t, "the old password", err, accounts.ErrBadCredentials)
		if _, account, err = w.Login(t.Context(), accounts.LoginForm{Email: "boss@rally.example", Password: "quite-another-word"}); err != nil || !account.User.Staff {
			t.Errorf("%+v, %v", account, err)
		}
		if got := fields(t, func() error { _, err := w.CreateAdmin(t.Context(), "x", "12345678"); return err }()); len(got["email"]) == 0 || len(got["password"]) == 0 {
			t.Errorf("fields %v", got)
		}
		execute(t, w.db, "UPDATE users SET deactivated_at = created_at WHERE email = $1", "boss@rally.example")
		_, err = w.CreateAdmin(t.Context(), "boss@rally.example", password)
		want(t, "deactivated", err, accounts.ErrDeactivated)
	})
}

func TestImport(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		born := time.Date(2025, 1, 2, 3, 4, 5, 678901234, time.FixedZone("KST", 9*3600))
		list := make([]accounts.ImportedUser, 1201)
		for i := range list {
			// Backwards, so that an engine that returns rows by key is found out.
			list[i] = accounts.ImportedUser{
				Email: fmt.Sprintf("user%05d@rally.example", len(list)-i), Password: "demo", ProfileName: fmt.Sprintf("user_%d", i), CreatedAt: born,
			}
		}
		list[8].ProfileName = "École_8" // SQLite's own lower() knows ASCII only
		list[0] = accounts.ImportedUser{
			Email: "First@rally.example", Password: password, Staff: true, ShoeSize: 270, PhoneNumber: "010-1234-5678",
			UserName: "첫째", ProfileName: "첫째집", Introduction: "hello", Image: "people/1.png",
		}
		ids, err := w.Import(t.Context(), list)
		if err != nil || len(ids) != len(list) {
			t.Fatalf("%d ids, %v", len(ids), err)
		}
		if n, err := w.CountUsers(t.Context()); n != len(list) || err != nil || len(w.registered.All()) != len(list) {
			t.Errorf("%d users, %d events, %v", n, len(w.registered.All()), err)
		}
		for i := 1; i < len(ids); i++ {
			p, err := w.store.Profile(t.Context(), ids[i])
			if err != nil || p.ProfileName != list[i].ProfileName || p.UserName != fmt.Sprintf("user%05d", len(list)-i) {
				t.Fatalf("row %d became %+v, %v", i, p, err)
			}
		}
		_, account := w.login(t, "first@rally.example")
		wantProfile := accounts.Profile{UserID: ids[0], UserName: "첫째", ProfileName: "첫째집", Introduction: "hello", Image: "people/1.png"}
		if account.Profile != wantProfile || !account.User.Staff || account.User.ShoeSize != 270 || account.User.PhoneNumber != "+821012345678" || !account.User.CreatedAt.Equal(w.clock.Now()) {
			t.Errorf("%+v", account)
		}
		if _, account, err = w.Login(t.Context(), accounts.LoginForm{Email: "user00001@rally.example", Password: "demo"}); err != nil || !account.User.CreatedAt.Equal(born.Truncate(time.Microsecond)) {
			t.Errorf("%+v, %v", account, err)
		}
		hashes := scalar[int](t, w.db, "SELECT count(DISTINCT password_hash) FROM users")
		if hashes != 2 {
			t.Errorf("%d hashes, want 2", hashes)
		}

		// All or none: a name that is taken, in any case.
		for _, bad := range []accounts.ImportedUser{
			{Email: "new@rally.example", Password: "demo", ProfileName: "USER_7"},
			{Email: "new@rally.example", Password: "demo", ProfileName: "éCOLE_8"},
			{Email: "new@rally.example", Password: "demo", ProfileName: "e\u0301cole_8"},
			{Email: "new@rally.example", Password: "demo", ProfileName: "ｕｓｅｒ_7"},
			{Email: "user00007@rally.example", Password: "demo"},
			{Email: "not an address", Password: "demo"},
		} {
			if _, err := w.Import(t.Context(), []accounts.ImportedUser{{Email: "fine@rally.example", Password: "demo"}, bad}); err == nil {
				t.Errorf("%+v was imported", bad)
			}
		}
		if n, err := w.CountUsers(t.Context()); n != len(list) || err != nil {
			t.Errorf("%d users afterwards, %v", n, err)
		}
		if got, err := w.Import(t.Context(), nil); len(got) != 0 || err != nil {
			t.Errorf("nobody: %v, %v", got, err)
		}
	})
}
