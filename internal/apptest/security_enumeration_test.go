package apptest_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/db"
)

// states returns an address of every state that an account can be in, with
// "unknown" for one that has none.
func states(t *testing.T, s *apptest.Server) map[string]string {
	t.Helper()
	known, left, erased, second, social := s.Person(), s.Person(), s.Person(), s.Person(), s.Person()
	list := map[string]string{
		"unknown": "unknown@rally.example", "unverified": "unverified@rally.example", "known": emailOf(t, known),
		"deactivated": emailOf(t, left), "long gone": emailOf(t, erased), "guarded": guard(t, s, second).email, "without a password": emailOf(t, social),
	}
	s.Anonymous().Post(base+"registration/", signUp(list["unverified"])).Want(t, 201)
	for _, c := range []*apptest.Client{left, erased} {
		c.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
	}
	for change, email := range map[string]string{
		"UPDATE users SET deactivated_at = '2020-01-01T00:00:00Z' WHERE email = $1": list["long gone"],
		"UPDATE users SET password_hash = '' WHERE email = $1":                      list["without a password"],
	} {
		if _, err := db.Exec(t.Context(), s.DB, change, email); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// told is everything of an answer that a stranger sees, but what is random.
func told(r apptest.Reply) string {
	var lines []string
	for name, values := range r.Header {
		if name != "Date" && name != "X-Request-Id" {
			lines = append(lines, fmt.Sprint(name, values))
		}
	}
	slices.Sort(lines)
	return fmt.Sprint(r.Status, "\n", strings.Join(lines, "\n"), "\n", regexp.MustCompile(`"request_id":"[0-9a-f]*"`).ReplaceAllString(string(r.Body), ""))
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		list := states(t, s)
		asker := s.Person()
		for what, ask := range map[string]func(email string) apptest.Reply{
			"login": func(email string) apptest.Reply {
				return s.Anonymous().Post(base+"login/", M{"email": email, "password": "wrong-horse-9"})
			},
			"login without a password": func(email string) apptest.Reply {
				return s.Anonymous().Post(base+"login/", M{"email": email, "password": ""})
			},
			"login of another spelling": func(email string) apptest.Reply {
				return s.Anonymous().Post(base+"login/", M{"email": strings.ToUpper(email), "password": "wrong-horse-9"})
			},
			"reset": func(email string) apptest.Reply { return s.Anonymous().Post(base+"password/reset/", M{"email": email}) },
			"resend": func(email string) apptest.Reply {
				return s.Anonymous().Post(base+"registration/resend-email/", M{"email": email})
			},
			"registration": func(email string) apptest.Reply { return s.Anonymous().Post(base+"registration/", signUp(email)) },
			"registration with a bad password": func(email string) apptest.Reply {
				return s.Anonymous().Post(base+"registration/", M{"email": email, "password1": "1", "password2": "2"})
			},
			"e-mail change": func(email string) apptest.Reply { return asker.Post(base+"email/change/", M{"email": email}) },
		} {
			list["unknown"] = fmt.Sprintf("unknown%d@rally.example", names.Add(1)) // the last one is registered by now
			want := told(ask(list["unknown"]))
			if strings.HasPrefix(want, "5") || strings.HasPrefix(want, fmt.Sprint(http.StatusTooManyRequests)) {
				t.Fatalf("%s: %s", what, want)
			}
			for state, email := range list {
				if got := told(ask(email)); got != want {
					t.Errorf("%s of an address that is %s:\n%s\nof an unknown one:\n%s", what, state, got, want)
				}
			}
		}
	})
}

// Time tells nothing either, as far as a test can say on a busy machine: the
// addresses are asked for in turn, medians are compared with a wide margin, and
// only a difference that every round shows counts.
func TestTimeTellsNobodyWhoHasAnAccount(t *testing.T) {
	const rounds, samples, factor = 6, 9, 3
	// A real hash: without it there is no work that could be missing.
	s := apptest.Start(t, db.SQLite, map[string]string{"RALLY_PASSWORD_MEMORY": "19456", "RALLY_PASSWORD_PASSES": "2"})
	list := states(t, s)
	for what, ask := range map[string]func(c *apptest.Client, email string) apptest.Reply{
		"login": func(c *apptest.Client, email string) apptest.Reply {
			return c.Post(base+"login/", M{"email": email, "password": "wrong-horse-9"})
		},
		"reset": func(c *apptest.Client, email string) apptest.Reply {
			return c.Post(base+"password/reset/", M{"email": email})
		},
		"resend": func(c *apptest.Client, email string) apptest.Reply {
			return c.Post(base+"registration/resend-email/", M{"email": email})
		},
	} {
		c := s.Anonymous()
		ask(c, list["unknown"]) // opens the connection
		suspects := map[string]int{}
		for range rounds {
			took := map[string][]time.Duration{}
			for range samples {
				for state, email := range list {
					start := time.Now()
					ask(c, email)
					took[state] = append(took[state], time.Since(start))
				}
			}
			mailed(t, s) // the mails of one round are no load on the next
			unknown := median(took["unknown"])
			quiet := true
			for state := range list {
				if m := median(took[state]); m > factor*unknown || unknown > factor*m {
					suspects[state]++
					quiet = false
					t.Logf("%s: %s of an address that is %s, %s of an unknown one", what, m, state, unknown)
				}
			}
			if quiet {
				break
			}
		}
		for state, n := range suspects {
			if n == rounds {
				t.Errorf("%s: the time tells an address that is %s from an unknown one", what, state)
			}
		}
	}
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}
