package apptest_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"rally/internal/apptest"
	"rally/internal/oauthtest"
	"rally/platform/db"
	"rally/platform/testkit"
)

// What the tests of the accounts' security share.

const base = "/api/accounts/"

// emailOf returns the address of whoever is logged in.
func emailOf(t *testing.T, c *apptest.Client) string {
	t.Helper()
	return apptest.Into[struct{ Email string }](t, c.Get(base+"user/").Want(t, 200)).Email
}

// mailed waits until nobody's mail waits to be written: a job does it for those
// whose answer must not tell.
func mailed(t *testing.T, s *apptest.Server) {
	t.Helper()
	testkit.Until(t, "every mail is written", func() bool {
		return count(t, s, "SELECT count(*) FROM river_job WHERE kind = 'accounts.mail_key' AND finalized_at IS NULL") == 0
	})
}

// guarded is an account with one-time codes.
type guarded struct {
	t        *testing.T
	s        *apptest.Server
	email    string
	secret   string
	recovery []string
}

// guard turns one-time codes on for whoever is logged in.
func guard(t *testing.T, s *apptest.Server, c *apptest.Client) guarded {
	t.Helper()
	g := guarded{t: t, s: s, email: emailOf(t, c)}
	g.secret = apptest.Into[struct{ Secret string }](t, c.Post(base+"otp/setup/", M{}).Want(t, 200)).Secret
	r := c.Post(base+"otp/confirm/", M{"code": g.code()}).Want(t, 200)
	g.recovery = apptest.Into[struct {
		Codes []string `json:"recovery_codes"`
	}](t, r).Codes
	return g
}

// code returns a code that was not used yet: each step has one.
func (g guarded) code() string {
	g.t.Helper()
	g.s.Clock.Advance(30 * time.Second)
	code, err := totp.GenerateCode(g.secret, g.s.Clock.Now())
	if err != nil {
		g.t.Fatal(err)
	}
	return code
}

// pending returns a browser that has shown the password only, and the value of
// the one cookie that it got.
func (g guarded) pending() (*apptest.Client, string) {
	g.t.Helper()
	c := g.s.Anonymous()
	r := c.Post(base+"login/", M{"email": g.email, "password": apptest.Password}).Want(g.t, 200)
	set := cookiesOf(r)
	if names := slices.Sorted(maps.Keys(set)); !slices.Equal(names, []string{"rally-pending"}) || handsOutTokens(r) {
		g.t.Fatalf("a login that waits for its second step sets %v and says %s", names, r.Body)
	}
	return c, set["rally-pending"].Value
}

// cookiesOf returns what an answer sets, by name.
func cookiesOf(r apptest.Reply) map[string]*http.Cookie {
	set := map[string]*http.Cookie{}
	for _, c := range (&http.Response{Header: r.Header}).Cookies() {
		set[c.Name] = c
	}
	return set
}

// handsOutTokens reports whether an answer logs anybody in.
func handsOutTokens(r apptest.Reply) bool {
	for name, cookie := range cookiesOf(r) {
		if (name == "rally-access" || name == "rally-refresh") && cookie.Value != "" {
			return true
		}
	}
	for _, word := range []string{"access_token", "refresh_token", `"access"`, `"refresh"`} {
		if strings.Contains(string(r.Body), word) {
			return true
		}
	}
	return false
}

// isLoggedIn asks whether the browser is anybody.
func isLoggedIn(c *apptest.Client) bool { return c.Get(base+"user/").Status == http.StatusOK }

// cookie returns the browser with a cookie that its jar doesn't have.
func cookie(c *apptest.Client, name, value string) *apptest.Client {
	return c.With("Cookie", name+"="+value)
}

// contents returns everything that the database holds but the queue of jobs, when
// sessions were seen and how popular posts are, which change by themselves. What
// the program does a little later, such as writing to people, is done before.
func contents(t *testing.T, s *apptest.Server) map[string]string {
	t.Helper()
	waitForListPrices(t, s)
	allTold(t, s)
	if err := s.Teller.TellOrders(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for table := range testkit.Schema(t, s.DB) {
		if table != "popular_epochs" {
			all[table] = tableContents(t, s, table)
		}
	}
	if len(all) < 20 {
		t.Fatalf("the database has %d tables only", len(all))
	}
	return all
}

func tableContents(t *testing.T, s *apptest.Server, table string) string {
	t.Helper()
	query := fmt.Sprintf(`SELECT coalesce(string_agg(row, E'\n' ORDER BY row), '') FROM (SELECT (to_jsonb(t) - 'last_seen_at' - 'heat' - 'warm')::text AS row FROM %q t) rows`, table)
	if s.DB.Dialect == db.SQLite {
		names, err := db.Select[string](t.Context(), s.DB, fmt.Sprintf("SELECT name FROM pragma_table_info('%s') WHERE name NOT IN ('last_seen_at', 'heat', 'warm')", table))
		if err != nil {
			t.Fatal(err)
		}
		quoted := make([]string, len(names))
		for i, name := range names {
			quoted[i] = fmt.Sprintf("quote(%q)", name)
		}
		query = fmt.Sprintf("SELECT coalesce(group_concat(row, char(10)), '') FROM (SELECT %s AS row FROM %q ORDER BY 1)", strings.Join(quoted, "||'|'||"), table)
	}
	rows, err := db.Get[string](t.Context(), s.DB, query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return rows
}

// wantUnchanged notes which tables are not as they were.
func wantUnchanged(t *testing.T, s *apptest.Server, what string, before map[string]string) {
	t.Helper()
	for table, rows := range contents(t, s) {
		if rows != before[table] {
			t.Errorf("%s changed %s from\n%s\nto\n%s", what, table, before[table], rows)
		}
	}
}

// sites are the three providers on loopback.
type sites map[string]*oauthtest.Server

func newSites(t *testing.T) sites {
	t.Helper()
	return sites{"google": oauthtest.Google(t), "naver": oauthtest.Naver(t), "42": oauthtest.FortyTwo(t)}
}

// settings point the program at all of them.
func (p sites) settings(more map[string]string) map[string]string {
	all := map[string]string{}
	for _, site := range p {
		maps.Copy(all, site.Settings())
	}
	maps.Copy(all, more)
	return all
}

func oauthPath(provider, rest string) string { return base + "oauth/" + provider + "/" + rest }

// allow tells the providers where the program lives.
func (p sites) allow(s *apptest.Server) {
	for name, site := range p {
		site.Allow(s.URL + oauthPath(name, "callback/"))
	}
}

// there does at the provider what a person does, and returns the callback's
// path.
func there(t *testing.T, provider, codeURL string) string {
	t.Helper()
	back, err := oauthtest.Browse(t.Context(), codeURL)
	if err != nil {
		t.Fatal(err)
	}
	return oauthPath(provider, "callback/?") + back.Encode()
}

// trip logs in by a provider: there and back. It returns the callback's answer.
func trip(t *testing.T, c *apptest.Client, provider, next string) apptest.Reply {
	t.Helper()
	away := c.Get(oauthPath(provider, "login/?next=")+url.QueryEscape(next)).Want(t, 302)
	return c.Get(there(t, provider, away.Header.Get("Location"))).Want(t, 302)
}

// depart posts link/ or reauth/ and comes back.
func depart(t *testing.T, c *apptest.Client, provider, purpose, next string) apptest.Reply {
	t.Helper()
	r := c.Post(oauthPath(provider, purpose+"/"), M{"next": next}).Want(t, 200)
	return c.Get(there(t, provider, apptest.Into[struct{ URL string }](t, r).URL)).Want(t, 302)
}

// wantLocation fails the test unless the answer leads to that path and query.
func wantLocation(t *testing.T, r apptest.Reply, path string, query url.Values) {
	t.Helper()
	to, err := url.Parse(r.Header.Get("Location"))
	if err != nil || to.Host != "" || to.Path != path || to.RawQuery != query.Encode() {
		t.Fatalf("led to %q, want %s?%s", r.Header.Get("Location"), path, query.Encode())
	}
}
