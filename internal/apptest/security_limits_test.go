package apptest_test

import (
	"fmt"
	"maps"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"rally/internal/apptest"
	"rally/platform/db"
	"rally/platform/testkit"
)

const attempts = 5 // RALLY_LIMIT_ATTEMPTS of these tests

func limitedTo5(more map[string]string) map[string]string {
	all := map[string]string{"RALLY_LIMIT_ATTEMPTS": strconv.Itoa(attempts)}
	maps.Copy(all, more)
	return all
}

// wantLimited fails the test unless the answer says how long to wait.
func wantLimited(t *testing.T, what string, r apptest.Reply) {
	t.Helper()
	if r.Status != 429 || r.Code() != "accounts.too_many_attempts" {
		t.Fatalf("%s: %d %s", what, r.Status, r.Body)
	}
	after := apptest.Into[struct {
		Seconds int `json:"retry_after"`
	}](t, r).Seconds
	if after < 1 || after > 300 || r.Header.Get("Retry-After") != strconv.Itoa(after) {
		t.Errorf("%s: Retry-After %q, retry_after %d", what, r.Header.Get("Retry-After"), after)
	}
}

// exhaust asks until the last attempt that is allowed.
func exhaust(t *testing.T, what string, ask func(i int) apptest.Reply) {
	t.Helper()
	for i := range attempts {
		if r := ask(i); r.Status == 429 || r.Status >= 500 {
			t.Fatalf("%s: attempt %d answers %d %s", what, i+1, r.Status, r.Body)
		}
	}
}

// guesses are what is limited, each from an address of its own: i makes another
// account of it, or the same for all.
func guesses(email func(i int) string) map[string]func(c *apptest.Client, i int) apptest.Reply {
	return map[string]func(*apptest.Client, int) apptest.Reply{
		"login": func(c *apptest.Client, i int) apptest.Reply {
			return c.Post(base+"login/", M{"email": email(i), "password": "wrong-horse-9"})
		},
		"reset": func(c *apptest.Client, i int) apptest.Reply {
			return c.Post(base+"password/reset/", M{"email": email(i)})
		},
		"registration": func(c *apptest.Client, i int) apptest.Reply { return c.Post(base+"registration/", signUp(email(i))) },
		"resend": func(c *apptest.Client, i int) apptest.Reply {
			return c.Post(base+"registration/resend-email/", M{"email": email(i)})
		},
	}
}

func forwarded(s *apptest.Server, addresses string) *apptest.Client {
	return s.Anonymous().With("X-Forwarded-For", addresses)
}

// Whoever asks directly can't be somebody else by saying so.
func TestAForgedAddressIsNoWayRoundTheLimits(t *testing.T) {
	apptest.Each(t, limitedTo5(nil), func(t *testing.T, s *apptest.Server) {
		for what, guess := range guesses(func(i int) string { return fmt.Sprintf("victim%d@rally.example", i) }) {
			forge := func(i int) *apptest.Client {
				address := fmt.Sprintf("203.0.113.%d", i)
				return forwarded(s, address).With("X-Real-Ip", address).With("Forwarded", "for="+address).With("True-Client-Ip", address).With("Cf-Connecting-Ip", address).With("X-Client-Ip", address)
			}
			exhaust(t, what, func(i int) apptest.Reply { return guess(forge(i), i) })
			wantLimited(t, what, guess(forge(77), 77))
			wantLimited(t, what, guess(s.Anonymous(), 78))
		}
	})
}

func TestTheProxysWordCounts(t *testing.T) {
	apptest.Each(t, limitedTo5(map[string]string{"RALLY_TRUSTED_PROXIES": "127.0.0.1"}), func(t *testing.T, s *apptest.Server) {
		for what, guess := range guesses(func(i int) string { return fmt.Sprintf("many%d@rally.example", i) }) {
			// What the proxy adds stands last. What the client wrote before it, and
			// other headers, count for nothing.
			exhaust(t, what, func(i int) apptest.Reply { return guess(forwarded(s, fmt.Sprintf("10.9.8.%d, 203.0.113.9", i)), i) })
			for i, c := range []*apptest.Client{
				forwarded(s, "203.0.113.9"), forwarded(s, "198.51.100.1,203.0.113.9"), forwarded(s, "garbage, 203.0.113.9"), forwarded(s, ", 203.0.113.9, 127.0.0.1"),
				forwarded(s, "203.0.113.9").With("X-Real-Ip", "198.51.100.7"),
			} {
				wantLimited(t, what, guess(c, 20+i))
			}
			if r := guess(forwarded(s, "203.0.113.9, 198.51.100.20"), 40); r.Status == 429 {
				t.Errorf("%s: another address is refused, too", what)
			}
			if r := guess(s.Anonymous(), 41); r.Status == 429 {
				t.Errorf("%s: the proxy's own address is refused, too", what)
			}
		}
	})
}

// An account is limited as well, wherever the attempts come from, and whether
// it exists or not; others aren't.
func TestAnAccountIsLimitedFromEverywhere(t *testing.T) {
	apptest.Each(t, limitedTo5(map[string]string{"RALLY_TRUSTED_PROXIES": "127.0.0.1"}), func(t *testing.T, s *apptest.Server) {
		for _, email := range []string{emailOf(t, s.Person()), "nobody@rally.example"} {
			for what, guess := range guesses(func(int) string { return email }) {
				n := 0
				from := func() *apptest.Client {
					n++
					return forwarded(s, fmt.Sprintf("2001:db8:%x:%x::1", names.Add(1), n))
				}
				exhaust(t, what, func(i int) apptest.Reply { return guess(from(), i) })
				wantLimited(t, what, guess(from(), 0))
			}
		}
		other := s.Person()
		g := guard(t, s, other)
		browser, _ := g.pending()
		exhaust(t, "login/otp", func(i int) apptest.Reply { return browser.Post(base+"login/otp/", M{"code": fmt.Sprintf("%06d", i)}) })
		good := g.code()
		wantLimited(t, "login/otp", browser.Post(base+"login/otp/", M{"code": good}))
		again, _ := g.pending()
		wantLimited(t, "login/otp of another try", again.Post(base+"login/otp/", M{"code": good}))
		wantLimited(t, "a recovery code", again.Post(base+"login/otp/", M{"recovery_code": g.recovery[0]}))
		s.Clock.Advance(5*time.Minute + time.Second)
		again, _ = g.pending()
		again.Post(base+"login/otp/", M{"code": g.code()}).Want(t, 200)
	})
}

// The counters are in the database: a second program counts on, and so does
// one that comes after.
func TestLimitsHoldAcrossProgramsAndRestarts(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(), goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"))
	for _, dialect := range []db.Dialect{db.Postgres, db.SQLite} {
		t.Run(string(dialect), func(t *testing.T) {
			settings := limitedTo5(map[string]string{"RALLY_DATABASE_URL": testkit.DatabaseURL(t, dialect)})
			one, two := apptest.Start(t, dialect, settings), apptest.Start(t, dialect, settings)
			programs := []*apptest.Server{one, two}
			mine := guesses(func(int) string { return "shared@rally.example" })
			for what, guess := range mine {
				exhaust(t, what, func(i int) apptest.Reply { return guess(programs[i%2].Anonymous(), i) })
				wantLimited(t, what, guess(one.Anonymous(), 0))
				wantLimited(t, what, guess(two.Anonymous(), 0))
			}
			one.Stop()
			two.Stop()
			three := apptest.Start(t, dialect, settings)
			for what, guess := range mine {
				wantLimited(t, what+" after a restart", guess(three.Anonymous(), 0))
			}
		})
	}
}

// Each new name is told to many. One that is refused doesn't count.
func TestTenNewNamesAnHour(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		rename(t, other, "taken")
		for i := range 10 {
			me.Patch(profilePath, M{"profile_name": "taken"}).WantCode(t, 400, "request.invalid")
			rename(t, me, fmt.Sprintf("name%d", i))
			me.Patch(profilePath, M{"profile_name": fmt.Sprintf("name%d", i)}).Want(t, 200) // is no new one
		}
		r := me.Patch(profilePath, M{"profile_name": "eleven", "introduction": "hello"})
		if r.Status != 429 || r.Code() != "accounts.too_many_attempts" || r.Header.Get("Retry-After") == "" {
			t.Fatalf("the eleventh name: %d %s", r.Status, r.Body)
		}
		if nameOf(t, me) != "name9" {
			t.Errorf("is called %s", nameOf(t, me))
		}
		me.Patch(profilePath, M{"introduction": "hello"}).Want(t, 200)
		rename(t, other, "eleven")
	})
}
