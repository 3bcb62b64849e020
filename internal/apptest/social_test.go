package apptest_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"rally/internal/apptest"
	"rally/internal/oauthtest"
	"rally/platform/db"
)

// eachProvider runs fn for the three providers, on both databases. Each run has
// a program of its own.
func eachProvider(t *testing.T, fn func(t *testing.T, s *apptest.Server, name string, site *oauthtest.Server)) {
	t.Helper()
	for _, name := range []string{"google", "naver", "42"} {
		t.Run(name, func(t *testing.T) {
			for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
				t.Run(string(dialect), func(t *testing.T) {
					t.Parallel()
					site := newSites(t)[name]
					s := apptest.Start(t, dialect, site.Settings())
					site.Allow(s.URL + oauthPath(name, "callback/"))
					fn(t, s, name, site)
				})
			}
		})
	}
}

type identity struct {
	ID       int64
	Provider string
	Email    string
}

func identitiesOf(t *testing.T, c *apptest.Client) []identity {
	t.Helper()
	return apptest.Into[pageOf[identity]](t, c.Get(oauthPath("identities", "")).Want(t, 200)).Results
}

// failed is the query with which a trip ends at the sign-in page.
func failed(provider, code, next string) url.Values {
	return url.Values{"error": {code}, "provider": {provider}, "next": {next}}
}

func TestALifeWithAProvider(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *apptest.Server, name string, site *oauthtest.Server) {
		var offered []string
		for _, p := range apptest.Into[pageOf[struct{ Name string }]](t, s.Anonymous().Get(oauthPath("providers", "")).Want(t, 200)).Results {
			offered = append(offered, p.Name)
		}
		if !slices.Equal(offered, []string{name}) {
			t.Errorf("offered are %v", offered)
		}

		// A new account, then the same again.
		site.SetPerson("2001", "Ada@Example.com", true)
		ada := s.Anonymous()
		wantLocation(t, trip(t, ada, name, "/shop?size=260"), "/shop", url.Values{"size": {"260"}})
		id := apptest.Into[idOf](t, ada.Get(base+"user/").Want(t, 200)).ID
		if email := emailOf(t, ada); email != "ada@example.com" {
			t.Errorf("the account has the address %q", email)
		}
		again := s.Anonymous()
		site.SetPerson("2001", "moved@example.com", true) // the subject counts, not the address
		wantLocation(t, trip(t, again, name, "/"), "/", nil)
		if got := apptest.Into[idOf](t, again.Get(base+"user/").Want(t, 200)).ID; got != id {
			t.Errorf("came back as user %d, was %d", got, id)
		}
		list := identitiesOf(t, again)
		if len(list) != 1 || list[0].Provider != name || list[0].Email != "moved@example.com" || emailOf(t, again) != "ada@example.com" {
			t.Errorf("linked are %+v", list)
		}
		again.Delete(fmt.Sprintf("%soauth/identities/%d/", base, list[0].ID)).WantCode(t, 409, "accounts.last_way_in")

		wantLocation(t, depart(t, again, name, "reauth", "/my"), "/my", url.Values{"proved": {name}}) // whoever has nothing better

		// An address that has an account is not joined by itself.
		me := s.Person()
		mine := emailOf(t, me)
		site.SetPerson("2002", mine, true)
		stranger := s.Anonymous()
		wantLocation(t, trip(t, stranger, name, "/my"), "/signin", failed(name, "accounts.link_required", "/my"))
		if isLoggedIn(stranger) {
			t.Error("an address alone let somebody in")
		}
		s.Anonymous().Get(base+"social/"+name+"/?token="+site.AccessToken(site.ClientID)).WantCode(t, 409, "accounts.link_required")

		// Its owner links it, logs in by it, proves who they are by it, and unlinks.
		wantLocation(t, depart(t, me, name, "link", "/my/security?tab=logins"), "/my/security", url.Values{"linked": {name}, "tab": {"logins"}})
		by := s.Anonymous()
		wantLocation(t, trip(t, by, name, "/"), "/", nil)
		if got := apptest.Into[idOf](t, by.Get(base+"user/").Want(t, 200)).ID; got != me.UserID {
			t.Errorf("the linked login is user %d, not %d", got, me.UserID)
		}
		if text := s.Anonymous().Get(base+"social/"+name+"/?token="+site.AccessToken(site.ClientID)).Want(t, 200); !json.Valid(text.Body) || !apptest.Into[struct{ Exists bool }](t, text).Exists {
			t.Errorf("a phone is told %s", text.Body)
		}
		refused := url.Values{"error": {"accounts.provider_refused"}}
		proof := map[bool]url.Values{true: {"proved": {name}}, false: refused}[name == "google"] // the others don't tell whether they asked anybody
		wantLocation(t, depart(t, me, name, "reauth", "/my"), "/my", proof)
		site.SetPerson("2003", "other@example.com", true)
		wantLocation(t, depart(t, me, name, "reauth", "/my?a=1"), "/my", url.Values{"error": {"accounts.provider_refused"}, "a": {"1"}})
		wantLocation(t, depart(t, me, name, "link", "/my"), "/my", url.Values{"error": {"accounts.identity_taken"}}) // one of each provider
		site.SetPerson("2002", mine, true)
		wantLocation(t, depart(t, s.Person(), name, "link", "/my"), "/my", url.Values{"error": {"accounts.identity_taken"}})
		me.Delete(fmt.Sprintf("%soauth/identities/%d/", base, identitiesOf(t, me)[0].ID)).Want(t, 204)
		wantLocation(t, trip(t, s.Anonymous(), name, "/"), "/signin", failed(name, "accounts.link_required", "/"))
	})
}

func TestWhatGoesWrongAtAProvider(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *apptest.Server, name string, site *oauthtest.Server) {
		people := func() int { return count(t, s, "SELECT count(*) FROM users") }
		site.SetPerson("3001", "bea@example.com", true)
		refused := func(what, code string) {
			t.Helper()
			c := s.Anonymous()
			wantLocation(t, trip(t, c, name, "/shop"), "/signin", failed(name, code, "/shop"))
			if isLoggedIn(c) || people() != 0 {
				t.Errorf("%s: somebody is logged in, %d users", what, people())
			}
		}
		site.SetDenied(true)
		refused("denied", "accounts.provider_refused")
		site.SetDenied(false)
		site.Fault(oauthtest.Status500, oauthtest.Token)
		refused("the provider is down", "accounts.provider_unavailable")
		site.Fault(oauthtest.Status400, oauthtest.Token)
		refused("the code is refused", "accounts.provider_refused")
		site.Fault(oauthtest.NoEmail)
		refused("no address", "accounts.provider_email_missing")
		site.Fault(oauthtest.None)
		phone := func(token string) apptest.Reply {
			return s.Anonymous().Get(base + "social/" + name + "/?token=" + url.QueryEscape(token))
		}
		if name == "google" { // the one that tells
			site.SetPerson("3001", "bea@example.com", false)
			refused("an address that nobody vouches for", "accounts.provider_email_unverified")
			phone(site.AccessToken(site.ClientID)).WantCode(t, 400, "accounts.provider_email_unverified")
			site.SetPerson("3001", "bea@example.com", true)
		}

		// A token that was made for another site opens nothing here. Naver can't tell.
		if name != "naver" {
			phone(site.AccessToken("another-client")).WantCode(t, 400, "accounts.provider_refused")
		}
		phone("garbage").WantCode(t, 400, "accounts.provider_refused")
		phone(site.ExpiredToken()).WantCode(t, 400, "accounts.provider_refused")
		wantField(t, phone(""), "token")
		site.Fault(oauthtest.Status500, oauthtest.TokenInfo, oauthtest.Profile)
		phone(site.AccessToken(site.ClientID)).WantCode(t, 503, "accounts.provider_unavailable")
		site.Fault(oauthtest.None)
		if people() != 0 {
			t.Errorf("%d users", people())
		}

		type told struct {
			session
			Exists *bool
		}
		for i, status := range []int{201, 200} {
			in := apptest.Into[told](t, phone(site.AccessToken(site.ClientID)).Want(t, status))
			if in.Access == "" || in.Refresh == "" || in.User.Email != "bea@example.com" || in.Exists == nil || *in.Exists != (i > 0) {
				t.Errorf("the phone's login %d: %+v", i+1, in)
			}
			bearer(s, in.Access).Get(base+"user/").Want(t, 200)
		}

		site.Close()
		phone("any").WantCode(t, 503, "accounts.provider_unavailable")
	})
}

// An account with a second step has it by every way in.
func TestASecondStepIsAskedForByEveryProvider(t *testing.T) {
	eachProvider(t, func(t *testing.T, s *apptest.Server, name string, site *oauthtest.Server) {
		me := s.Person()
		g := guard(t, s, me)
		site.SetPerson("4001", g.email, true)
		depart(t, me, name, "link", "/")
		for next, query := range map[string]url.Values{"/shop": {"step": {"second"}, "next": {"/shop"}}, "//evil": {"step": {"second"}, "next": {"/"}}} {
			c := s.Anonymous()
			r := trip(t, c, name, next)
			wantLocation(t, r, "/signin", query)
			if handsOutTokens(r) || isLoggedIn(c) {
				t.Error("a provider alone let somebody in")
			}
			c.Post(base+"login/otp/", M{"code": g.code()}).Want(t, 200)
			if !isLoggedIn(c) {
				t.Error("both steps let nobody in")
			}
		}
		c := s.Anonymous()
		r := c.Get(base+"social/"+name+"/?token="+site.AccessToken(site.ClientID)).Want(t, 200)
		half := apptest.Into[struct {
			Required bool     `json:"otp_required"`
			Methods  []string `json:"methods"`
		}](t, r)
		if !half.Required || !slices.Equal(half.Methods, []string{"otp", "recovery_code"}) || handsOutTokens(r) || isLoggedIn(c) {
			t.Errorf("a phone is told %s", r.Body)
		}
		c.Post(base+"login/otp/", M{"recovery_code": g.recovery[3]}).Want(t, 200)
	})
}

// Google must be asked where its login is: it may be away before anybody left.
func TestAProviderThatIsAwayFromTheStart(t *testing.T) {
	site := oauthtest.Google(t)
	s := apptest.Start(t, db.SQLite, site.Settings())
	site.Close()
	away := s.Anonymous().Get(oauthPath("google", "login/?next=/shop")).Want(t, 302)
	wantLocation(t, away, "/signin", failed("google", "accounts.provider_unavailable", "/shop"))
	wantCookies(t, "a departure that failed", away, false, nil)
	me := s.Person()
	for _, purpose := range []string{"link", "reauth"} { // a script asks, and reads the answer
		me.Post(oauthPath("google", purpose+"/"), M{}).WantCode(t, 503, "accounts.provider_unavailable")
	}
}

func TestProvidersThatAreNotConfigured(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	me := s.Person()
	for _, name := range []string{"google", "naver", "42", "facebook", "GOOGLE", "..", "%00", "google%2f"} {
		for _, r := range []apptest.Reply{
			s.Anonymous().Get(oauthPath(name, "login/")), s.Anonymous().Get(base + "social/" + name + "/?token=x"), me.Post(oauthPath(name, "link/"), M{}), me.Post(oauthPath(name, "reauth/"), M{}),
		} {
			if wantProblem(t, name, r); r.Status != 404 && name != "%00" {
				t.Errorf("%s: %d %s", name, r.Status, r.Body)
			}
		}
	}
	s.Anonymous().Get(oauthPath("google", "login/")).WantCode(t, 404, "accounts.provider_unknown")
	r := s.Anonymous().Get(oauthPath("google", "callback/?state=x&code=y")).Want(t, 302)
	wantLocation(t, r, "/signin", url.Values{"error": {"accounts.provider_unknown"}, "next": {"/"}})
	if list := apptest.Into[pageOf[identity]](t, s.Anonymous().Get(oauthPath("providers", "")).Want(t, 200)).Results; len(list) != 0 {
		t.Errorf("offered are %v", list)
	}
}
