package apptest_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"rally/internal/apptest"
	"rally/modules/accounts"
	"rally/platform/db"
	"rally/platform/testkit"
)

type session struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	User    struct {
		ID    int64  `json:"id"`
		Email string `json:"email"`
	} `json:"user"`
}

type pair struct{ Access, Refresh string }

// letters returns the bodies of the mails to an address, the oldest first.
func letters(t *testing.T, s *apptest.Server, to string) []string {
	t.Helper()
	list, err := db.Select[string](t.Context(), s.DB, "SELECT body FROM mail_outbox WHERE recipient = $1 ORDER BY id", to)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// mailedKey returns the key of the last letter to an address.
func mailedKey(t *testing.T, s *apptest.Server, to string) string {
	t.Helper()
	list := letters(t, s, to)
	if len(list) == 0 {
		t.Fatalf("no letter to %s", to)
	}
	found := regexp.MustCompile(`/verify#key=(\S+)`).FindStringSubmatch(list[len(list)-1])
	if found == nil {
		t.Fatalf("no link in the last letter to %s", to)
	}
	key, err := url.QueryUnescape(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func signUp(email string) M {
	return M{"email": email, "password1": apptest.Password, "password2": apptest.Password}
}

func login(t *testing.T, c *apptest.Client, email string) session {
	t.Helper()
	return apptest.Into[session](t, c.Post("/api/accounts/login/", M{"email": email, "password": apptest.Password}).Want(t, 200))
}

// withoutIDs blanks what differs between two answers to the same question.
func withoutIDs(r apptest.Reply) string {
	return regexp.MustCompile(`"request_id":"[0-9a-f]*"`).ReplaceAllString(string(r.Body), "")
}

func TestALifeOfAnAccount(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		s.TakeEvents()
		me := s.Anonymous()
		const email = "Mina@rally.example"
		first := me.Post("/api/accounts/registration/", signUp(email)).Want(t, 201)
		registered := 0
		for _, e := range s.TakeEvents() {
			if _, ok := e.(accounts.UserRegistered); ok {
				registered++
			}
		}
		if registered != 1 || len(letters(t, s, "mina@rally.example")) != 1 {
			t.Fatalf("%d people registered, %d letters", registered, len(letters(t, s, "mina@rally.example")))
		}
		me.Post("/api/accounts/login/", M{"email": email, "password": apptest.Password}).WantCode(t, 400, "accounts.email_unverified")
		me.Post("/api/accounts/registration/resend-email/", M{"email": email}).Want(t, 200)
		me.Post("/api/accounts/registration/resend-email/", M{"email": "nobody@rally.example"}).Want(t, 200)
		mailed(t, s)
		if n := len(letters(t, s, "mina@rally.example")); n != 2 || len(letters(t, s, "nobody@rally.example")) != 0 {
			t.Fatalf("%d letters after another was asked for", n)
		}
		me.Post("/api/accounts/registration/verify-email/", M{"key": "garbage"}).WantCode(t, 404, "accounts.key_invalid")
		me.Post("/api/accounts/registration/verify-email/", M{"key": mailedKey(t, s, "mina@rally.example")}).Want(t, 200)

		// Once the address is taken and proved, the answer is the same.
		again := me.Post("/api/accounts/registration/", signUp("mina@rally.example")).Want(t, 201)
		if !bytes.Equal(first.Body, again.Body) || len(s.TakeEvents()) != 0 {
			t.Errorf("a taken address shows: %s and %s", first.Body, again.Body)
		}

		in := login(t, me, email)
		if in.User.Email != "mina@rally.example" || in.Access == "" || in.Refresh == "" {
			t.Fatalf("logged in as %+v", in.User)
		}
		for _, c := range []*apptest.Client{me, bearer(s, in.Access)} {
			if u := apptest.Into[idOf](t, c.Get("/api/accounts/user/").Want(t, 200)); u.ID != in.User.ID {
				t.Errorf("user/ says %+v", u)
			}
		}
		me.Do(http.MethodPut, "/api/accounts/user/", M{"shoe_size": 265, "phone_number": "010-1234-5678", "email": "other@rally.example"}).Want(t, 200)
		changed := apptest.Into[struct {
			Email string
			Size  *int    `json:"shoe_size"`
			Phone *string `json:"phone_number"`
		}](t, me.Patch("/api/accounts/user/", M{"shoe_size": nil}).Want(t, 200))
		if changed.Size != nil || changed.Phone == nil || *changed.Phone != "+821012345678" || changed.Email != "mina@rally.example" {
			t.Errorf("after PUT and PATCH: %+v", changed)
		}
		wantField(t, me.Patch("/api/accounts/user/", M{"shoe_size": 263}), "shoe_size")

		// By body and by cookie; the old access token lives as its session does.
		byBody := apptest.Into[pair](t, s.Anonymous().Post("/api/accounts/token/refresh/", M{"refresh": in.Refresh}).Want(t, 200))
		byCookie := apptest.Into[pair](t, me.Post("/api/accounts/token/refresh/", nil).Want(t, 200))
		me.Post("/api/accounts/token/verify/", M{"token": byBody.Access}).Want(t, 200)
		me.Post("/api/accounts/logout/", nil).Want(t, 200)
		for _, token := range []string{in.Access, byBody.Access, byCookie.Access} {
			bearer(s, token).Get("/api/accounts/user/").WantCode(t, 401, "auth.session_ended")
			me.Post("/api/accounts/token/verify/", M{"token": token}).WantCode(t, 401, "auth.session_ended")
		}
		for _, token := range []string{in.Refresh, byBody.Refresh, byCookie.Refresh} {
			me.Post("/api/accounts/token/refresh/", M{"refresh": token}).WantCode(t, 401, "accounts.refresh_invalid")
		}
		me.Get("/api/accounts/user/").WantCode(t, 401, "auth.required") // the cookies are gone
		me.Post("/api/accounts/logout/", nil).WantCode(t, 401, "auth.required")
	})
}

func TestWhatAStrangerLearnsOfAccounts(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		c := s.Anonymous()
		c.Post("/api/accounts/registration/", signUp("known@rally.example")).Want(t, 201)
		unknown := c.Post("/api/accounts/login/", M{"email": "unknown@rally.example", "password": "wrong-horse-9"}).WantCode(t, 400, "accounts.bad_credentials")
		known := c.Post("/api/accounts/login/", M{"email": "known@rally.example", "password": "wrong-horse-9"}).WantCode(t, 400, "accounts.bad_credentials")
		if withoutIDs(unknown) != withoutIDs(known) {
			t.Errorf("a stranger can tell: %s and %s", unknown.Body, known.Body)
		}
		for password, email := range map[string]string{
			"short1": "a@rally.example", "1234567890": "b@rally.example", "password1": "c@rally.example", "rosalind77": "rosalind@rally.example",
			strings.Repeat("long-", 30): "d@rally.example", "": "e@rally.example",
		} {
			r := c.Post("/api/accounts/registration/", M{"email": email, "password1": password, "password2": password})
			wantField(t, r, "password1")
		}
		wantField(t, c.Post("/api/accounts/registration/", M{"email": "f@rally.example", "password1": apptest.Password, "password2": "other"}), "password2")
		wantField(t, c.Post("/api/accounts/registration/", M{"email": "no address", "password1": apptest.Password, "password2": apptest.Password}), "email")
		wantField(t, c.Post("/api/accounts/registration/", M{"email": "g@rally.example", "password1": apptest.Password, "password2": apptest.Password, "phone_number": "12"}), "phone_number")
		if n := count(t, s, "SELECT count(*) FROM users"); n != 1 {
			t.Errorf("%d users", n)
		}

		// Forms of both kinds do what JSON does.
		form(c, http.MethodPost, "/api/accounts/registration/", url.Values{
			"email": {"form@rally.example"}, "password1": {apptest.Password}, "password2": {apptest.Password}, "shoe_size": {"260"}, "phone_number": {""},
		}).Want(t, 201)
		redirect := c.Get("/api/accounts/registration/account-confirm-email/"+url.PathEscape(mailedKey(t, s, "form@rally.example"))+"/").Want(t, 302)
		if to := redirect.Header.Get("Location"); to != "/signin" {
			t.Errorf("the link leads to %q", to)
		}
		if to := c.Get("/api/accounts/registration/account-confirm-email/garbage/").Want(t, 302).Header.Get("Location"); !strings.HasPrefix(to, "/verify?error=") {
			t.Errorf("a wrong link leads to %q", to)
		}
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		for name, value := range map[string]string{"email": "form@rally.example", "password": apptest.Password, "unknown": "x"} {
			if err := parts.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := parts.Close(); err != nil {
			t.Fatal(err)
		}
		in := apptest.Into[session](t, c.With("Content-Type", parts.FormDataContentType()).Do(http.MethodPost, "/api/accounts/login/", &body).Want(t, 200))
		form(s.Anonymous(), http.MethodPost, "/api/accounts/token/refresh/", url.Values{"refresh": {in.Refresh}}).Want(t, 200)
		form(c, http.MethodPatch, "/api/accounts/user/", url.Values{"shoe_size": {"270"}}).Want(t, 200)
		if n := count(t, s, "SELECT shoe_size FROM users WHERE email = 'form@rally.example'"); n != 270 {
			t.Errorf("shoe size %d", n)
		}
	})
}

// startNATS starts a server that nodes share, and returns its address.
func startNATS(t *testing.T) string {
	t.Helper()
	nats, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true, JetStream: true, StoreDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	nats.Start()
	t.Cleanup(func() {
		nats.Shutdown()
		nats.WaitForShutdown()
	})
	eventually(t, "NATS listens", func() bool { return nats.Addr() != nil })
	return nats.ClientURL()
}

// A logout on one node ends the session on the other: its cache keeps no
// session that a signal has called over. Time stands still, so the cache can't
// help itself by forgetting.
func TestLogoutIsHeardByTheOtherNode(t *testing.T) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			shared := map[string]string{"RALLY_DATABASE_URL": testkit.DatabaseURL(t, dialect), "RALLY_NATS_URL": startNATS(t)}
			one, two := apptest.Start(t, dialect, shared), apptest.Start(t, dialect, shared)

			person := one.Person()
			renewed := apptest.Into[pair](t, person.Post("/api/accounts/token/refresh/", nil).Want(t, 200))
			there := bearer(two, renewed.Access)
			there.Get("/api/accounts/user/").Want(t, 200)
			person.Post("/api/accounts/logout/", nil).Want(t, 200)
			bearer(one, renewed.Access).Get("/api/accounts/user/").WantCode(t, 401, "auth.session_ended")
			eventually(t, "the other node refuses the token", func() bool { return there.Get("/api/accounts/user/").Code() == "auth.session_ended" })

			// A bid placed on one node is in the book of the other, and its
			// followers hear of it.
			p := newShelf(t, one.Staff()).traded()
			live := connect(t, two, nil)
			live.expect("hello")
			live.send(fmt.Sprintf(`{"sub":["shop.book:%d"]}`, p))
			before := live.book(p)
			ask(t, one.Person(), p, 100000)
			if after := live.book(p); after.Version <= before.Version || len(after.Asks) != 1 {
				t.Errorf("the other node says %+v", after)
			}
		})
	}
}
