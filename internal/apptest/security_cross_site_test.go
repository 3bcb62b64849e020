package apptest_test

import (
	"net/url"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/internal/oauthtest"
	"rally/platform/db"
)

// fromElsewhere is what a browser sends with a request that a page of another
// site makes.
func fromElsewhere() map[string]map[string]string {
	return map[string]map[string]string{
		"another site":                 {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
		"another site, an old browser": {"Origin": "https://evil.example"},
		"another site, no Origin":      {"Sec-Fetch-Site": "cross-site"},
		"a sibling site":               {"Origin": "http://evil.127.0.0.1", "Sec-Fetch-Site": "same-site"},
		"another port":                 {"Origin": "http://127.0.0.1:1"},
		"a sandboxed frame":            {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
	}
}

func withHeaders(c *apptest.Client, headers map[string]string) *apptest.Client {
	for name, value := range headers {
		c = c.With(name, value)
	}
	return c
}

// A page of another site makes a browser send a person's cookies. None of what
// changes something takes them.
func TestOtherSitesChangeNothing(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	staff := s.Staff() // may do everything
	sh := newShelf(t, staff)
	sh.traded()
	before := contents(t, s)
	list, _ := operations(t, s)
	writes := 0
	for _, c := range list {
		if !c.writes() {
			continue
		}
		writes++
		what, body := c.method+" "+c.path, M{"name": "Forged", "shoe_size": 280, "email": "evil@rally.example", "refresh": ""}
		for site, headers := range fromElsewhere() {
			forged := withHeaders(staff, headers)
			r := forged.Do(c.method, c.filled(), body)
			if r.Status != 403 || r.Code() != "request.cross_origin" || len(cookiesOf(r)) > 0 {
				t.Errorf("%s from %s: %d %q, sets %v", what, site, r.Status, r.Code(), cookiesOf(r))
			}
			// A form needs no preflight.
			if r := form(forged, c.method, c.filled(), url.Values{"name": {"Forged"}}); r.Code() != "request.cross_origin" {
				t.Errorf("%s as a form from %s: %d %q", what, site, r.Status, r.Code())
			}
			// Credentials of another scheme are sent by browsers, too.
			if r := forged.With("Authorization", "Basic x").Do(c.method, c.filled(), body); r.Code() != "request.cross_origin" {
				t.Errorf("%s with a proxy's password from %s: %d %q", what, site, r.Status, r.Code())
			}
		}
	}
	if writes < 50 {
		t.Errorf("%d operations change something: the walk saw little", writes)
	}
	wantUnchanged(t, s, "another site", before)
	if !isLoggedIn(staff) {
		t.Error("another site logged somebody out")
	}

	// Rally's own pages, and clients that are no browsers, are let through.
	for who, headers := range map[string]map[string]string{
		"its own page":                 {"Origin": s.URL, "Sec-Fetch-Site": "same-origin"},
		"its own page, an old browser": {"Origin": s.URL},
		"no browser":                   {},
	} {
		for _, c := range list {
			if !c.writes() || strings.HasSuffix(c.path, "/logout/") || strings.HasSuffix(c.path, "/quit/") {
				continue
			}
			if r := withHeaders(staff, headers).Do(c.method, c.filled(), M{}); r.Code() == "request.cross_origin" {
				t.Errorf("%s %s from %s is refused", c.method, c.path, who)
			}
		}
	}
}

// changingGETs are the operations that change something although they are GETs,
// because a link leads there; each with what keeps other sites from using it.
func changingGETs() map[string]string {
	return map[string]string{
		base + "registration/account-confirm-email/{key}/": "the key that was mailed; it logs nobody in",
		base + "oauth/{provider}/login/":                   "begins a trip, which proves nothing yet",
		base + "oauth/{provider}/callback/":                "the state, which is bound to the browser",
		base + "social/{provider}/":                        "refuses browsers that were led there",
	}
}

func TestReadingChangesNothing(t *testing.T) {
	sites := newSites(t)
	s := apptest.Start(t, db.SQLite, sites.settings(nil))
	sites.allow(s)
	me := s.Person()
	newShelf(t, s.Staff()).traded()
	list, _ := operations(t, s)
	changing, before := changingGETs(), contents(t, s)
	for _, c := range list {
		if _, known := changing[c.path]; c.writes() || known {
			delete(changing, c.path)
			continue
		}
		for _, path := range []string{c.filled(), strings.ReplaceAll(c.path, "{id}", "1")} {
			if r := withHeaders(me, fromElsewhere()["another site"]).Get(path); len(cookiesOf(r)) > 0 {
				t.Errorf("GET %s sets %v", path, cookiesOf(r))
			}
		}
	}
	wantUnchanged(t, s, "reading", before)
	for path := range changing {
		t.Errorf("changingGETs lists %s, which isn't there", path)
	}
}

func TestAMailedLinkLogsNobodyIn(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	s.Anonymous().Post(base+"registration/", signUp("link@rally.example")).Want(t, 201)
	key := mailedKey(t, s, "link@rally.example")
	for range 2 {
		r := s.Anonymous().Get(base+"registration/account-confirm-email/"+url.PathEscape(key)+"/").Want(t, 302)
		if r.Header.Get("Location") != "/signin" || len(cookiesOf(r)) > 0 {
			t.Errorf("the link leads to %q and sets %v", r.Header.Get("Location"), cookiesOf(r))
		}
	}
}

// Whoever lures a browser to the callback with a state and a code of their own
// would have its owner work in their account (RFC 6749, 10.12).
func TestATripEndsInTheBrowserThatBegan(t *testing.T) {
	site := oauthtest.Google(t)
	site.SetPerson("666", "evil@example.com", true)
	apptest.Each(t, site.Settings(), func(t *testing.T, s *apptest.Server) {
		site.Allow(s.URL + oauthPath("google", "callback/"))
		leave := func(c *apptest.Client) string {
			t.Helper()
			away := c.Get(oauthPath("google", "login/?next=/shop")).Want(t, 302)
			return there(t, "google", away.Header.Get("Location"))
		}
		stolen := url.Values{"error": {"accounts.oauth_state"}, "next": {"/"}, "provider": {"google"}}

		// A browser that never left; one that is on a trip of its own; somebody who
		// is logged in.
		victim, person := s.Anonymous(), s.Person()
		leave(victim)
		for _, c := range []*apptest.Client{s.Anonymous(), victim, person} {
			evil := s.Anonymous()
			lure := leave(evil)
			r := withHeaders(c, fromElsewhere()["another site, no Origin"]).Get(lure).Want(t, 302)
			wantLocation(t, r, "/signin", stolen)
			if handsOutTokens(r) {
				t.Errorf("a lured browser is logged in: %v", cookiesOf(r))
			}
		}
		// In its own browser a state works, and once.
		evil := s.Anonymous()
		back := leave(evil)
		wantLocation(t, evil.Get(back).Want(t, 302), "/shop", nil)
		wantLocation(t, evil.Get(back).Want(t, 302), "/signin", stolen)
		if !isLoggedIn(evil) {
			t.Error("the second use logged its owner out")
		}
		if id := apptest.Into[idOf](t, person.Get(base+"user/").Want(t, 200)).ID; id != person.UserID {
			t.Errorf("a lured person is user %d now", id)
		}
		// A link: the attacker's account elsewhere must not become a way in.
		other := s.Person()
		r := other.Post(oauthPath("google", "link/"), M{}).Want(t, 200)
		lure := there(t, "google", apptest.Into[struct{ URL string }](t, r).URL)
		wantLocation(t, person.Get(lure).Want(t, 302), "/signin", stolen)
		if n := count(t, s, "SELECT count(*) FROM identities WHERE user_id = $1", person.UserID); n != 0 {
			t.Errorf("%d identities of a lured person", n)
		}
	})
}

// A phone client's login is a GET that sets cookies: a page of another site
// could lead a browser there with a token of its own.
func TestALinkWithATokenLogsNobodyIn(t *testing.T) {
	site := oauthtest.Google(t)
	s := apptest.Start(t, db.SQLite, site.Settings())
	site.SetPerson("667", "evil@example.com", true)
	path := base + "social/google/?token=" + url.QueryEscape(site.AccessToken(site.ClientID))
	for _, from := range []string{"cross-site", "same-site", "none"} {
		c := s.Anonymous()
		r := c.With("Sec-Fetch-Site", from).Get(path).WantCode(t, 403, "request.cross_origin")
		if handsOutTokens(r) || len(cookiesOf(r)) > 0 || isLoggedIn(c) {
			t.Errorf("%s: %s", from, r.Body)
		}
	}
	if n := count(t, s, "SELECT count(*) FROM users"); n != 0 {
		t.Errorf("%d users", n)
	}
	s.Anonymous().Get(path).Want(t, 201)
	s.Anonymous().With("Sec-Fetch-Site", "same-origin").Get(path).Want(t, 200)
}
