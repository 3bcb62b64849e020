package accounts_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
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
func (s sites) depart(ctx context.Context, t *testing.T, w *world, provider, purpose string, who accounts.External) accounts.Return {
	t.Helper()
	out, err := w.Depart(ctx, provider, purpose, backURL, "/next?a=b", accounts.Client{})
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
func (s sites) travel(ctx context.Context, t *testing.T, w *world, provider, purpose string, who accounts.External) (accounts.Arrival, error) {
	t.Helper()
	return w.Arrive(t.Context(), s.depart(ctx, t, w, provider, purpose, who))
}

// enter logs in through a provider.
func (s sites) enter(t *testing.T, w *world, provider string, who accounts.External) (accounts.Arrival, context.Context) {
	t.Helper()
	in, err := s.travel(t.Context(), t, w, provider, accounts.TripLogin, who)
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
			in, err := s.travel(t.Context(), t, w, "google", accounts.TripLogin, person("g-1", email))
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
		if err := w.verify(t.Context(), key); err != nil { // a scanner opens the older letter
			t.Error(err)
		}
		// The stranger goes on being told to look for a mail, and that is all.
		_, _, err := w.Login(t.Context(), loginForm(mina, password))
		want(t, "the stranger", err, accounts.ErrEmailUnverified)
		if where := w.whereIs(t, "argon2id"); !slices.Equal(where, []string{"decoys.password_hash"}) {
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
			_, err := s.travel(t.Context(), t, w, "google", accounts.TripLogin, try.who)
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
			return s.depart(t.Context(), t, w, "google", accounts.TripLogin, person("g-1", mina))
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
		results := allAtOnce(8, func(int) error {
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

// allAtOnce runs fn n times at once and returns the errors.
func allAtOnce(n int, fn func(i int) error) []error {
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
			in := s.depart(t.Context(), t, w, "google", accounts.TripLogin, person("g-1", mina))
			spoil(&in)
			out, err := w.Arrive(t.Context(), in)
			want(t, name, err, accounts.ErrProviderRefused)
			if out.Next != "/next?a=b" || out.Purpose != accounts.TripLogin {
				t.Errorf("%s ends at %+v", name, out)
			}
		}
	})
}
