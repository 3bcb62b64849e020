// Command browsertest gives the browser tests what the program can't give
// them: sites to log in with, and logins that are old. The tests start it
// beside the program, and talk to it in lines of JSON:
//
//	-> the first line: {"settings": {"RALLY_OAUTH_…": "…"}}
//	<- {"allow": "http://127.0.0.1:8080"}                       a public address that browsers are sent back to
//	<- {"site": "google", "person": {"subject": "1", "email": "ada@example.com", "verified": true}}
//	<- {"site": "google", "denied": true}
//	<- {"site": "google", "fault": "500"}                       "" repairs it
//	<- {"database": "sqlite:rally.db", "email": "ada@example.com", "minutes": 11}   as old are their logins now
//	-> {} after each, or {"error": "…"}
//
// It ends with its standard input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"
	"time"

	"rally/internal/oauthtest"
	"rally/platform/db"
)

func main() {
	if err := run(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "browsertest:", err)
		os.Exit(1)
	}
}

type command struct {
	Allow string `json:"allow"`

	Site   string  `json:"site"`
	Person *person `json:"person"`
	Denied *bool   `json:"denied"`
	Fault  *string `json:"fault"`

	Database string `json:"database"`
	Email    string `json:"email"`
	Minutes  int    `json:"minutes"`
}

type person struct {
	Subject  string `json:"subject"`
	Email    string `json:"email"`
	Verified bool   `json:"verified"`
}

func run(ctx context.Context, in io.Reader, out io.Writer) error {
	tb := &life{}
	defer tb.end()
	sites := map[string]*oauthtest.Server{"google": oauthtest.Google(tb), "naver": oauthtest.Naver(tb), "42": oauthtest.FortyTwo(tb)}
	settings := map[string]string{}
	for _, site := range sites {
		maps.Copy(settings, site.Settings())
	}
	answers := json.NewEncoder(out)
	if err := answers.Encode(map[string]any{"settings": settings}); err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		answer := map[string]string{}
		if err := obey(ctx, sites, lines.Bytes()); err != nil {
			answer["error"] = err.Error()
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

func obey(ctx context.Context, sites map[string]*oauthtest.Server, line []byte) error {
	var c command
	if err := json.Unmarshal(line, &c); err != nil {
		return err
	}
	if c.Allow != "" {
		for name, site := range sites {
			site.Allow(c.Allow + "/api/accounts/oauth/" + name + "/callback/")
		}
	}
	if c.Site != "" {
		site, ok := sites[c.Site]
		if !ok {
			return fmt.Errorf("there is no site %q", c.Site)
		}
		if c.Person != nil {
			site.SetPerson(c.Person.Subject, c.Person.Email, c.Person.Verified)
		}
		if c.Denied != nil {
			site.SetDenied(*c.Denied)
		}
		if c.Fault != nil {
			site.Fault(oauthtest.Kind(*c.Fault))
		}
	}
	if c.Database == "" {
		return nil
	}
	return age(ctx, c)
}

// age makes somebody's logins look as if they had been made earlier. Nothing
// else moves the clock of a program that runs.
func age(ctx context.Context, c command) (err error) {
	d, err := db.Open(ctx, db.Config{URL: c.Database})
	if err != nil {
		return err
	}
	defer func() {
		if closing := d.Close(); err == nil {
			err = closing
		}
	}()
	at := time.Now().UTC().Add(-time.Duration(c.Minutes) * time.Minute)
	return d.InTx(ctx, func(ctx context.Context) error {
		n, err := db.Exec(ctx, d, `UPDATE sessions SET authenticated_at = $1 WHERE ended_at IS NULL AND user_id = (SELECT id FROM users WHERE email = $2)`,
			at, strings.ToLower(c.Email))
		if err == nil && n == 0 {
			err = fmt.Errorf("%s is not logged in", c.Email)
		}
		return err
	})
}

// life stands for a test: it ends with the program.
type life struct{ cleanups []func() }

func (*life) Helper() {}

func (l *life) Cleanup(f func()) { l.cleanups = append(l.cleanups, f) }

func (l *life) Fatalf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "browsertest: "+format+"\n", args...)
	l.end()
	os.Exit(1)
}

func (l *life) end() {
	for _, f := range l.cleanups {
		f()
	}
}
