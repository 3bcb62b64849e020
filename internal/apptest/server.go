// Package apptest starts the whole program inside a test, on a random port and
// a database of its own, and talks to it over HTTP as a stranger would.
package apptest

import (
	"context"
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"go.uber.org/fx"

	"rally/internal/app"
	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/inbox"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/talk"
	"rally/platform/config"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/testkit"
	"rally/platform/web"
)

// Server is a running program. Its parts are there for what no client can see.
type Server struct {
	URL      string // http://127.0.0.1:port
	DB       *db.DB
	Accounts *accounts.Service
	Shop     *shop.Service
	Teller   *shop.Teller
	Prizes   *shop.Prizes
	Friends  *friends.Service
	Inbox    *inbox.Service
	Talk     *talk.Service
	Style    *style.Service
	Ranks    *style.Ranks
	Web      *web.Server
	Clock    *testkit.Clock // stands at the time of the start

	DatabaseURL string // for a second program on the same database
	DataDir     string // its pictures are in media

	tb     testing.TB
	stop   func()
	events testkit.Recorder[any]
}

func note[E any](r *testkit.Recorder[any], name string) event.Subscription {
	return event.On("apptest."+name, func(ctx context.Context, e E) error {
		r.Add(ctx, e)
		return nil
	})
}

// TakeEvents returns the events committed since the last call.
func (s *Server) TakeEvents() []any { return s.events.Take() }

// Stop stops the program before its test ends.
func (s *Server) Stop() { s.stop() }

// Each starts the program on SQLite and on PostgreSQL, in parallel subtests.
// Settings are RALLY_ variables that differ from the defaults.
func Each(t *testing.T, settings map[string]string, fn func(t *testing.T, s *Server)) {
	t.Helper()
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			fn(t, Start(t, dialect, settings))
		})
	}
}

// beginnings are when the first node of each bus was started.
var beginnings sync.Map //nolint:gochecknoglobals // nodes are started one by one

// timeOf returns the time of a new node. Nodes of one bus have one: their clocks stand
// still, and between two starts more seconds may pass than the clocks of nodes may differ.
func timeOf(bus string) time.Time {
	now := app.Clock()
	if bus == "" {
		return now
	}
	first, _ := beginnings.LoadOrStore(bus, now)
	return first.(time.Time) //nolint:forcetypeassert // nothing else is stored
}

// Start starts the program on an empty, migrated database. It stops with the
// test.
func Start(tb testing.TB, dialect db.Dialect, settings map[string]string) *Server {
	tb.Helper()
	s := &Server{tb: tb, Clock: testkit.NewClock(timeOf(settings["RALLY_NATS_URL"]))}
	env := map[string]string{
		"RALLY_ADDR": "127.0.0.1:0", "RALLY_DATA_DIR": tb.TempDir(), "RALLY_DATABASE_URL": testkit.DatabaseURL(tb, dialect),
		"RALLY_SECRET": "a secret of tests, long enough to be one", "RALLY_LOG_LEVEL": "error", "RALLY_DATABASE_MAX_CONNS": "16", "RALLY_JOBS_POLL_INTERVAL": "20ms",
		// Real hashes, but small: a test logs in many people.
		"RALLY_PASSWORD_MEMORY": "64", "RALLY_PASSWORD_PASSES": "1",
		// All of a test's people share one address.
		"RALLY_LIMIT_ATTEMPTS": "100000",
	}
	maps.Copy(env, settings)
	s.DatabaseURL, s.DataDir = env["RALLY_DATABASE_URL"], env["RALLY_DATA_DIR"]
	var environ []string
	for name, value := range env {
		environ = append(environ, name+"="+value)
	}
	source, err := config.Read("", environ)
	if err != nil {
		tb.Fatal(err)
	}
	a := fx.New(
		app.Serve(app.Input{Source: source, Version: "test", Clock: s.Clock.Now}),
		fx.Supply(
			fx.Annotate(note[accounts.UserRegistered](&s.events, "registered"), fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(note[accounts.UserDeactivated](&s.events, "deactivated"), fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(note[accounts.UserReactivated](&s.events, "reactivated"), fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(note[accounts.UserErased](&s.events, "erased"), fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(note[shop.BookChanged](&s.events, "book_changed"), fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(note[shop.Traded](&s.events, "traded"), fx.ResultTags(`group:"subscriptions"`)),
		),
		fx.Populate(&s.DB, &s.Accounts, &s.Shop, &s.Teller, &s.Prizes, &s.Friends, &s.Inbox, &s.Talk, &s.Style, &s.Ranks, &s.Web),
	)
	if err := a.Start(tb.Context()); err != nil {
		tb.Fatalf("start: %v", err)
	}
	s.stop = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), a.StopTimeout())
		defer cancel()
		http.DefaultClient.CloseIdleConnections()
		if err := a.Stop(ctx); err != nil {
			tb.Errorf("stop: %v", err)
		}
	})
	tb.Cleanup(s.stop)
	s.URL = "http://" + s.Web.Addr()
	return s
}
