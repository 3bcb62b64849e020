package accounts_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rally/internal/oauthtest"
	"rally/modules/accounts"
	"rally/modules/accounts/internal/oauth"
	"rally/platform/auth"
	"rally/platform/config"
	"rally/platform/db"
)

const backURL = baseURL + "/api/accounts/oauth/callback/"

// fakeSite is a provider that checks what comes back against what was sent.
type fakeSite struct {
	name  string
	mu    sync.Mutex
	asked map[string]accounts.CodeRequest // by state
	knows map[string]accounts.External    // by code or access token
	trips int
}

func (f *fakeSite) Name() string { return f.name }

func (f *fakeSite) CodeURL(_ context.Context, r accounts.CodeRequest) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked[r.State] = r
	return "https://" + f.name + ".test/?state=" + url.QueryEscape(r.State), nil
}

func (f *fakeSite) Exchange(_ context.Context, g accounts.CodeGrant) (accounts.External, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trips++
	asked, who := f.asked[g.State], f.knows[g.Code]
	if who.Subject == "" || asked.Verifier == "" || asked.Verifier != g.Verifier || asked.Nonce != g.Nonce || asked.RedirectURI != g.RedirectURI {
		return accounts.External{}, accounts.ErrProviderRefused
	}
	return who, nil
}

func (f *fakeSite) Inspect(_ context.Context, token string) (accounts.External, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if who := f.knows[token]; who.Subject != "" {
		return who, nil
	}
	return accounts.External{}, accounts.ErrProviderRefused
}

// sites are the providers of a world.
type sites map[string]*fakeSite

func (w *world) social(t *testing.T) sites {
	t.Helper()
	all := sites{}
	for _, name := range []string{"google", "naver"} {
		all[name] = &fakeSite{name: name, asked: map[string]accounts.CodeRequest{}, knows: map[string]accounts.External{}}
		w.providers = append(w.providers, all[name])
	}
	w.Service = w.node(t, testConfig(), w.store)
	return all
}

func eachSocial(t *testing.T, fn func(t *testing.T, w *world, s sites)) {
	t.Helper()
	eachWorld(t, func(t *testing.T, w *world) { fn(t, w, w.social(t)) })
}

func person(subject, email string) accounts.External {
	return accounts.External{Subject: subject, Email: email, EmailVerified: true}
}

// depart begins a trip on which who proves themselves, and returns what the
// browser comes back with.
func (s sites) depart(t *testing.T, ctx context.Context, w *world, provider, purpose string, who accounts.External) accounts.Return { //nolint:revive // of the caller
	t.Helper()
	out, err := w.Depart(ctx, provider, purpose, backURL, "/next?a=b")
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(out.URL)
	if err != nil {
		t.Fatal(err)
	}
	state := address.Query().Get("state")
	site := s[provider]
	site.mu.Lock()
	defer site.mu.Unlock()
	site.knows["code of "+state] = who
	return accounts.Return{Provider: provider, State: state, Code: "code of " + state, Browser: out.Browser.Value}
}

// travel is a whole trip.
func (s sites) travel(t *testing.T, ctx context.Context, w *world, provider, purpose string, who accounts.External) (accounts.Arrival, error) { //nolint:revive // of the caller
	t.Helper()
	return w.Arrive(t.Context(), s.depart(t, ctx, w, provider, purpose, who))
}

// enter logs in through a provider.
func (s sites) enter(t *testing.T, w *world, provider string, who accounts.External) (accounts.Arrival, context.Context) {
	t.Helper()
	in, err := s.travel(t, t.Context(), w, provider, accounts.TripLogin, who)
	if err != nil {
		t.Fatal(err)
	}
	return in, w.as(t, in.Entrance.Tokens)
}

func TestAProviderOpensANewAccountAndThenTheSame(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		if got := w.Providers(); !slices.Equal(got, []string{"google", "naver"}) {
			t.Errorf("%v", got)
		}
		first, ctx := s.enter(t, w, "google", person("g-1", " Mina@Rally.Example "))
		user := first.Entrance.Account.User
		if !first.Created || first.Purpose != accounts.TripLogin || first.Next != "/next?a=b" || user.Email != mina || !user.VerifiedAt.Equal(w.clock.Now()) || len(w.registered.Take()) != 1 {
			t.Errorf("%+v", first)
		}
		if method := scalar[string](t, w.db, "SELECT method FROM sessions"); method != "google" {
			t.Errorf("by %s", method)
		}
		_, _, err := w.Login(t.Context(), loginForm(mina, ""))
		if fields(t, err)["password"] == nil {
			t.Error("an empty password fits")
		}
		_, _, err = w.Login(t.Context(), loginForm(mina, password))
		want(t, "no password fits", err, accounts.ErrBadCredentials)

		w.clock.Advance(time.Minute)
		// The address elsewhere changes, or is no longer told: that is their affair.
		for _, who := range []accounts.External{person("g-1", "Else@Where.example"), {Subject: "g-1"}, {Subject: "g-1", Email: "not an address"}} {
			again, _ := s.enter(t, w, "google", who)
			if again.Created || again.Entrance.Account.User != user {
				t.Errorf("%+v", again)
			}
		}
		list, err := w.Identities(ctx)
		if err != nil || len(list) != 1 || list[0].Email != "else@where.example" || list[0].Subject != "g-1" || !list[0].LastUsedAt.Equal(w.clock.Now()) || list[0].CreatedAt.Equal(list[0].LastUsedAt) {
			t.Errorf("%+v, %v", list, err)
		}
		if n, err := w.CountUsers(t.Context()); n != 1 || err != nil || len(w.registered.Take()) != 0 {
			t.Errorf("%d users, %v", n, err)
		}
	})
}

func TestAnAddressThatHasAnAccountIsNotJoined(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		w.member(t, mina)
		for _, email := range []string{mina, "MINA@Rally.Example", " mina@rally.EXAMPLE\n"} {
			in, err := s.travel(t, t.Context(), w, "google", accounts.TripLogin, person("g-1", email))
			want(t, email, err, accounts.ErrLinkRequired)
			if in.Entrance.Tokens != (auth.Tokens{}) || in.Entrance.Pending.Value != "" || in.Next != "/next?a=b" {
				t.Errorf("%+v", in)
			}
			s["google"].knows["phone"] = person("g-1", email)
			_, _, err = w.LoginWithToken(t.Context(), "google", "phone", accounts.Client{})
			want(t, email+" by phone", err, accounts.ErrLinkRequired)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM identities") + scalar[int](t, w.db, "SELECT count(*) FROM sessions"); n != 0 {
			t.Errorf("%d identities and sessions", n)
		}
		w.login(t, mina)
	})
}

func TestAnUnprovedAddressGoesToWhoProvesIt(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		stranger := form(mina)
		stranger.ShoeSize, stranger.PhoneNumber = 300, "010-9999-9999"
		if err := w.Register(t.Context(), stranger); err != nil {
			t.Fatal(err)
		}
		key := w.key(t)
		in, _ := s.enter(t, w, "google", person("g-1", "MINA@rally.example"))
		if user := in.Entrance.Account.User; user.ShoeSize != 0 || user.PhoneNumber != "" || user.VerifiedAt.IsZero() {
			t.Errorf("the stranger's data stayed: %+v", user)
		}
		if err := w.VerifyEmail(t.Context(), key); err != nil { // a scanner opens the older letter
			t.Error(err)
		}
		_, _, err := w.Login(t.Context(), loginForm(mina, password))
		want(t, "the stranger", err, accounts.ErrBadCredentials)
		if where := w.whereIs(t, "argon2id"); len(where) != 0 {
			t.Errorf("the stranger's hash stayed in %v", where)
		}
		if n, err := w.CountUsers(t.Context()); n != 1 || err != nil {
			t.Errorf("%d users, %v", n, err)
		}
	})
}

func TestAProviderMustVouchForTheAddress(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		for name, try := range map[string]struct {
			who    accounts.External
			target error
		}{
			"none":       {person("g-1", ""), accounts.ErrProviderEmailMissing},
			"no address": {person("g-1", "mina"), accounts.ErrProviderEmailMissing},
			"a header":   {person("g-1", "mina@rally.example\r\nBcc: a@b.kr"), accounts.ErrProviderEmailMissing},
			"unverified": {accounts.External{Subject: "g-1", Email: mina}, accounts.ErrProviderEmailUnverified},
		} {
			_, err := s.travel(t, t.Context(), w, "google", accounts.TripLogin, try.who)
			want(t, name, err, try.target)
			s["google"].knows["phone"] = try.who
			_, _, err = w.LoginWithToken(t.Context(), "google", "phone", accounts.Client{})
			want(t, name+" by phone", err, try.target)
		}
		if n, err := w.CountUsers(t.Context()); n != 0 || err != nil {
			t.Errorf("%d users, %v", n, err)
		}
	})
}

func TestAPhoneLogsInWithTheTokenOfItsProvider(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		s["google"].knows["good"] = person("g-1", mina)
		for i, wanted := range []bool{true, false} {
			in, created, err := w.LoginWithToken(t.Context(), "google", "good", accounts.Client{})
			if err != nil || created != wanted || in.Tokens.Access == "" {
				t.Errorf("%d: %+v, %t, %v", i, in, created, err)
			}
		}
		_, _, err := w.LoginWithToken(t.Context(), "google", "bad", accounts.Client{})
		want(t, "a bad token", err, accounts.ErrProviderRefused)
		_, _, err = w.LoginWithToken(t.Context(), "google", strings.Repeat("x", 1<<20), accounts.Client{})
		want(t, "a long token", err, accounts.ErrProviderRefused)
		_, _, err = w.LoginWithToken(t.Context(), "yahoo", "good", accounts.Client{})
		want(t, "nobody's", err, accounts.ErrProviderUnknown)
		_, _, err = w.LoginWithToken(t.Context(), "google", "", accounts.Client{})
		if fields(t, err)["token"] == nil {
			t.Error("no token is fine")
		}
	})
}

func TestAStateWorksOnceInTheBrowserThatBegan(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		begin := func() accounts.Return {
			return s.depart(t, t.Context(), w, "google", accounts.TripLogin, person("g-1", mina))
		}
		other := begin()
		for name, spoil := range map[string]func(*accounts.Return){
			"another browser": func(r *accounts.Return) { r.Browser = other.Browser },
			"no browser":      func(r *accounts.Return) { r.Browser = "" },
			"garbage":         func(r *accounts.Return) { r.State = "garbage" },
			"a made-up state": func(r *accounts.Return) { r.State = strings.Repeat("A", 43) },
			"no state":        func(r *accounts.Return) { r.State = "" },
			"another site":    func(r *accounts.Return) { r.Provider = "naver" },
			"too late":        func(*accounts.Return) { w.clock.Advance(10 * time.Minute) },
		} {
			in := begin()
			spoil(&in)
			_, err := w.Arrive(t.Context(), in)
			want(t, name, err, accounts.ErrOAuthState)
		}
		unknown := begin()
		unknown.Provider = "yahoo"
		_, err := w.Arrive(t.Context(), unknown)
		want(t, "an unknown site", err, accounts.ErrProviderUnknown)
		if n := s["google"].trips + s["naver"].trips; n != 0 {
			t.Errorf("the sites were asked %d times", n)
		}

		in := begin()
		w.clock.Advance(10*time.Minute - time.Microsecond)
		if _, err := w.Arrive(t.Context(), in); err != nil {
			t.Errorf("in its last moment: %v", err)
		}
		_, err = w.Arrive(t.Context(), in)
		want(t, "again", err, accounts.ErrOAuthState)

		in = begin()
		before := s["google"].trips
		results := together(8, func(int) error {
			_, err := w.Arrive(t.Context(), in)
			return err
		})
		won := 0
		for _, err := range results {
			if err == nil {
				won++
				continue
			}
			want(t, "at once", err, accounts.ErrOAuthState)
		}
		if won != 1 || s["google"].trips != before+1 {
			t.Errorf("%d won, the site was asked %d times", won, s["google"].trips-before)
		}
	})
}

// together runs fn n times at once and returns the errors.
func together(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = fn(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

func TestWhoSaysNoElsewhereIsNotLetIn(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		for name, spoil := range map[string]func(*accounts.Return){
			"denied":     func(r *accounts.Return) { r.Denied = true },
			"no code":    func(r *accounts.Return) { r.Code = "" },
			"wrong code": func(r *accounts.Return) { r.Code = "wrong" },
		} {
			in := s.depart(t, t.Context(), w, "google", accounts.TripLogin, person("g-1", mina))
			spoil(&in)
			out, err := w.Arrive(t.Context(), in)
			want(t, name, err, accounts.ErrProviderRefused)
			if out.Next != "/next?a=b" || out.Purpose != accounts.TripLogin {
				t.Errorf("%s ends at %+v", name, out)
			}
		}
	})
}

func TestAnIdentityIsLinkedAfterARecentLogin(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		w.member(t, mina)
		tokens, account := w.login(t, mina)
		ctx := w.as(t, tokens)
		_, err := w.Depart(t.Context(), "google", accounts.TripLink, backURL, "/")
		want(t, "nobody", err, auth.ErrRequired)
		s.enter(t, w, "naver", person("n-taken", "else@rally.example"))
		w.forgetNews()

		if _, err := s.travel(t, ctx, w, "google", accounts.TripLink, accounts.External{Subject: "g-1", Email: "else@rally.example"}); err != nil {
			t.Fatal(err)
		}
		w.tellsOwner(t, accounts.EventLoginLinked, mina)
		in, _ := s.enter(t, w, "google", accounts.External{Subject: "g-1"})
		if in.Entrance.Account.User != account.User || in.Created {
			t.Errorf("it opens %+v", in)
		}
		for name, try := range map[string]accounts.Return{
			"a second one of the site": s.depart(t, ctx, w, "google", accounts.TripLink, person("g-2", "")),
			"the same again":           s.depart(t, ctx, w, "google", accounts.TripLink, person("g-1", "")),
			"somebody else's":          s.depart(t, ctx, w, "naver", accounts.TripLink, person("n-taken", "")),
		} {
			_, err := w.Arrive(t.Context(), try)
			want(t, name, err, accounts.ErrIdentityTaken)
		}
		late := s.depart(t, ctx, w, "naver", accounts.TripLink, person("n-1", ""))
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
		_, err = w.Depart(ctx, "google", accounts.TripLink, backURL, "/")
		want(t, "ten minutes after the login", err, accounts.ErrReauthRequired)
	})
}

func TestTheLastWayInStays(t *testing.T) {
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
		if _, err := s.travel(t, ctx, w, "naver", accounts.TripLink, person("n-1", "")); err != nil {
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
		_, err = s.travel(t, t.Context(), w, "google", accounts.TripLogin, person("g-1", mina))
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
					errs := together(2, func(i int) error {
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
		back := s.depart(t, t.Context(), w, "google", accounts.TripLogin, person("g-1", mina))
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
		_, err := w.Depart(t.Context(), "google", accounts.TripReauth, backURL, "/")
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
			back := s.depart(t, ctx, w, "google", accounts.TripReauth, who)
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
			in, err := s.travel(t, ctx, w, "google", accounts.TripReauth, accounts.External{Subject: "g-1", AuthTime: at})
			if err != nil || !recent() || in.Entrance.Tokens != (auth.Tokens{}) || in.Next != "/next?a=b" {
				t.Errorf("%+v, %v", in, err)
			}
		}
		if after := scalar[int](t, w.db, "SELECT count(*) FROM sessions"); after != before {
			t.Errorf("%d sessions became %d", before, after)
		}
		late := s.depart(t, ctx, w, "google", accounts.TripReauth, person("g-1", ""))
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
		step := w.twoStep(t, ctx)
		in, err := s.travel(t, t.Context(), w, "google", accounts.TripLogin, person("g-1", mina))
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
		_, err := s.travel(t, t.Context(), w, "google", accounts.TripLogin, person("g-1", mina))
		want(t, "30 days later", err, accounts.ErrDeactivated)
		if err := w.EraseLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		if in, _ := s.enter(t, w, "google", person("g-1", mina)); !in.Created {
			t.Errorf("after the erasure: %+v", in)
		}
	})
}

// gateStore makes the first lookups of an identity wait for each other, so
// that all of them find nobody. SQLite lets only one in at a time.
type gateStore struct {
	accounts.Store
	mu   sync.Mutex
	left int
	open chan struct{}
}

func (s *gateStore) Identity(ctx context.Context, provider, subject string) (accounts.Identity, error) {
	i, err := s.Store.Identity(ctx, provider, subject)
	s.mu.Lock()
	s.left--
	if s.left == 0 {
		close(s.open)
	}
	s.mu.Unlock()
	<-s.open
	return i, err
}

func TestOneNewPersonInManyTabsGetsOneAccount(t *testing.T) {
	for _, unproved := range []bool{false, true} {
		t.Run(map[bool]string{false: "new address", true: "unproved address"}[unproved], func(t *testing.T) {
			eachSocial(t, func(t *testing.T, w *world, s sites) {
				const tabs = 4
				if unproved {
					if err := w.Register(t.Context(), form(mina)); err != nil {
						t.Fatal(err)
					}
				}
				node := w.Service
				if w.db.Dialect == db.Postgres {
					node = w.node(t, testConfig(), &gateStore{Store: w.store, left: tabs, open: make(chan struct{})})
				}
				var back [tabs]accounts.Return
				for i := range back {
					back[i] = s.depart(t, t.Context(), w, "google", accounts.TripLogin, person("g-1", mina))
				}
				for _, err := range together(tabs, func(i int) error {
					_, err := node.Arrive(t.Context(), back[i])
					return err
				}) {
					if err != nil {
						t.Error(err)
					}
				}
				users, err := w.CountUsers(t.Context())
				identities := scalar[int](t, w.db, "SELECT count(*) FROM identities")
				if users != 1 || identities != 1 || err != nil || len(w.registered.All()) != 1 {
					t.Errorf("%d users, %d identities, %v", users, identities, err)
				}
			})
		})
	}
}

func TestTheCommandLineGivesAnAccountWithoutPasswordOne(t *testing.T) {
	eachSocial(t, func(t *testing.T, w *world, s sites) {
		in, _ := s.enter(t, w, "google", person("g-1", mina))
		if created, err := w.CreateAdmin(t.Context(), mina, newPassword); created || err != nil {
			t.Fatalf("%t, %v", created, err)
		}
		ended(t, w.Service, in.Entrance.Tokens)
		_, account, err := w.Login(t.Context(), loginForm(mina, newPassword))
		if err != nil || !account.User.Staff || account.User.ID != in.Entrance.Account.User.ID {
			t.Errorf("%+v, %v", account, err)
		}
		again, _ := s.enter(t, w, "google", person("g-1", ""))
		if again.Entrance.Account.User.ID != account.User.ID {
			t.Errorf("%+v", again)
		}
		s.enter(t, w, "google", person("g-2", "other@rally.example"))
		if _, err := w.Import(t.Context(), []accounts.ImportedUser{{Email: "new@rally.example", Password: password}, {Email: "other@rally.example", Password: password}}); err == nil {
			t.Error("a taken address was imported")
		}
		if _, err := w.Import(t.Context(), []accounts.ImportedUser{{Email: "new@rally.example", Password: password}}); err != nil {
			t.Error(err)
		}
		w.login(t, "new@rally.example")
	})
}

// The adapters that the program runs with, against servers that check what the
// real ones check.
func TestRealAdaptersLogIn(t *testing.T) {
	for name, start := range map[string]func(oauthtest.TB) *oauthtest.Server{"google": oauthtest.Google, "naver": oauthtest.Naver, "42": oauthtest.FortyTwo} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				server := start(t)
				server.Allow(backURL)
				environ := []string{"PATH=/bin"}
				for key, value := range server.Settings() {
					environ = append(environ, key+"="+value)
				}
				source, err := config.Read("", environ)
				if err != nil {
					t.Fatal(err)
				}
				cfg, err := config.Load[oauth.Config](source)
				if err != nil {
					t.Fatal(err)
				}
				w.providers = oauth.Providers(cfg)
				node := w.node(t, testConfig(), w.store)
				for _, wanted := range []bool{true, false} {
					out, err := node.Depart(t.Context(), name, accounts.TripLogin, backURL, "/shop")
					if err != nil {
						t.Fatal(err)
					}
					back, err := oauthtest.Browse(t.Context(), out.URL)
					if err != nil {
						t.Fatal(err)
					}
					in, err := node.Arrive(t.Context(), accounts.Return{Provider: name, State: back.Get("state"), Code: back.Get("code"), Browser: out.Browser.Value})
					if err != nil || in.Created != wanted || in.Next != "/shop" || in.Entrance.Account.User.Email != "ada@example.com" {
						t.Errorf("%+v, %v", in, err)
					}
				}
			})
		})
	}
}
