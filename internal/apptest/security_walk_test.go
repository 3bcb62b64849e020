package apptest_test

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
)

// These tests walk the OpenAPI document, so that a route is covered on the day
// when it appears.

// carriers are the ways to send a credential.
func carriers(s *apptest.Server, value string) map[string]*apptest.Client {
	ways := map[string]*apptest.Client{"bearer token": bearer(s, value)}
	for _, name := range []string{"rally-access", "rally-refresh", "rally-device", "rally-pending"} {
		ways[name+" cookie"] = cookie(s.Anonymous(), name, value)
	}
	return ways
}

// secondSteps take a waiting login on: they tell a good cookie from a bad one.
func secondSteps() map[string]bool {
	return map[string]bool{base + "login/otp/": true, base + "login/passkey/": true, base + "login/passkey/begin/": true}
}

// Whoever knows the password of an account with a second step is nobody yet,
// wherever they show what the first step gave them.
func TestAHalfLoginOpensNothing(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	g := guard(t, s, s.Person())
	waiting, value := g.pending()
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	shown, random := carriers(s, value), carriers(s, base64.RawURLEncoding.EncodeToString(raw))
	shown["browser's own cookie"], random["browser's own cookie"] = waiting, s.Anonymous()

	list, _ := operations(t, s)
	public := 0
	for _, c := range list {
		for way, client := range shown {
			what := c.method + " " + c.path + " with the pending value as " + way
			r := client.Do(c.method, c.filled(), M{})
			if handsOutTokens(r) {
				t.Errorf("%s: logs in: %v %s", what, r.Header, r.Body)
			}
			if c.secured() {
				if want := map[bool]string{true: "auth.token_invalid", false: "auth.required"}[way == "bearer token" || way == "rally-access cookie"]; r.Status != 401 || r.Code() != want {
					t.Errorf("%s: %d %q", what, r.Status, r.Code())
				}
				continue
			}
			public++
			if secondSteps()[c.path] && (way == "rally-pending cookie" || way == "browser's own cookie") {
				if r.Status == 401 || r.Status == 200 {
					t.Errorf("%s: %d %s", what, r.Status, r.Body)
				}
				continue
			}
			// A stranger who sends a value that means nothing gets the same answer.
			if stranger := random[way].Do(c.method, c.filled(), M{}); stranger.Status != r.Status || withoutIDs(stranger) != withoutIDs(r) {
				t.Errorf("%s: %d %s, a stranger gets %d %s", what, r.Status, r.Body, stranger.Status, stranger.Body)
			}
		}
	}
	if public < 100 {
		t.Errorf("%d answers of public operations: the walk saw little", public)
	}
	if _, id := enter(t, s, value); id != 0 {
		t.Errorf("a websocket greets user %d", id)
	}

	// It was the real value all along, and the code makes the login whole. There
	// is no second step without cookies: whoever shows the value as a bearer
	// token or in the body is told to start again.
	code := g.code()
	for _, client := range []*apptest.Client{bearer(s, value), s.Anonymous()} {
		client.Post(base+"login/otp/", M{"code": code, "pending": value, "rally-pending": value}).WantCode(t, 401, "accounts.pending_required")
	}
	if r := waiting.Post(base+"login/otp/", M{"code": code}).Want(t, 200); !handsOutTokens(r) || !isLoggedIn(waiting) {
		t.Errorf("after both steps: %s", r.Body)
	}
	waiting.Post(base+"login/otp/", M{"code": g.code()}).WantCode(t, 401, "accounts.pending_required")
	cookie(s.Anonymous(), "rally-pending", value).Post(base+"login/otp/", M{"code": g.code()}).WantCode(t, 401, "accounts.pending_required")
}

// publicWrites are the operations that change something and need no login, each
// with what stands in for it.
func publicWrites() map[string]string {
	return map[string]string{
		"POST " + base + "registration/":              "makes an account that its address must prove",
		"POST " + base + "registration/verify-email/": "the mailed key",
		"POST " + base + "registration/resend-email/": "mails the owner only",
		"POST " + base + "login/":                     "the password",
		"POST " + base + "login/otp/":                 "the first step and a code",
		"POST " + base + "login/passkey/begin/":       "the first step",
		"POST " + base + "login/passkey/":             "the first step and a passkey",
		"POST " + base + "passkeys/login/begin/":      "gives out a random challenge",
		"POST " + base + "passkeys/login/":            "a passkey",
		"POST " + base + "logout/":                    "a refresh token, or a login",
		"POST " + base + "token/refresh/":             "a refresh token",
		"POST " + base + "token/verify/":              "changes nothing",
		"POST " + base + "password/reset/":            "mails the owner only",
		"POST " + base + "password/reset/confirm/":    "the mailed key",
		"POST " + base + "email/change/confirm/":      "the mailed key",
	}
}

func TestWritesNeedALogin(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	s.People(2)
	before := contents(t, s)
	open := publicWrites()
	list, _ := operations(t, s)
	for _, c := range list {
		what := c.method + " " + c.path
		if !c.writes() {
			continue
		}
		_, listed := open[what]
		delete(open, what)
		switch {
		case listed && c.secured():
			t.Errorf("%s is listed as public, and isn't", what)
		case !listed && !c.secured():
			t.Errorf("%s needs no login; if it must not, say in publicWrites why", what)
		case !listed:
			s.Anonymous().Do(c.method, c.filled(), M{}).WantCode(t, 401, "auth.required")
		default:
			// Without what stands in for the login nothing happens. The answer of
			// begin is the same for everybody.
			if r := s.Anonymous().Do(c.method, c.filled(), M{}); handsOutTokens(r) {
				t.Errorf("%s: logs in: %s", what, r.Body)
			}
		}
	}
	for what := range open {
		t.Errorf("%s is listed, and isn't there", what)
	}
	delete(before, "attempts") // requests for mails count
	after := contents(t, s)
	delete(after, "attempts")
	for table, rows := range after {
		if rows != before[table] {
			t.Errorf("strangers changed %s:\n%s", table, rows)
		}
	}
}

func TestOnlyTheStaffDoesWhatIsTheStaffs(t *testing.T) {
	s := apptest.Start(t, db.SQLite, nil)
	staff, person := s.Staff(), s.Person()
	sh := newShelf(t, staff)
	sh.traded()
	before := contents(t, s)
	list, _ := operations(t, s)
	walked := 0
	for _, c := range list {
		if !c.ofStaff() {
			continue
		}
		walked++
		if _, declared := c.Responses["403"]; !declared {
			t.Errorf("%s %s: the document knows no 403", c.method, c.path)
		}
		for _, body := range []any{nil, M{}, M{"name": "Mine", "eng_name": "Mine", "size": "M"}} {
			person.Do(c.method, c.filled(), body).WantCode(t, 403, "auth.forbidden")
			s.Anonymous().Do(c.method, c.filled(), body).WantCode(t, 401, "auth.required")
		}
		if r := staff.Do(c.method, c.filled(), M{}); r.Status == http.StatusForbidden || r.Status == http.StatusUnauthorized {
			t.Errorf("%s %s: %d for the staff", c.method, c.path, r.Status)
		}
	}
	if walked < 13 {
		t.Errorf("%d operations are the staff's: the walk saw little", walked)
	}
	wantUnchanged(t, s, "a person", before)
}
