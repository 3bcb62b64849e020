// Package friendsfx wires friends into the program: store, service, operations,
// presence at the door of the live connection, and what happens when somebody
// is renamed, leaves or is erased.
package friendsfx

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/friends/internal/api"
	"rally/modules/friends/internal/seats"
	"rally/modules/friends/internal/store"
	"rally/platform/bus"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/log"
	"rally/platform/web"
	"rally/platform/ws"
)

const (
	// ChangedSubject is the subject of the signal friends.Change.
	ChangedSubject = "friends.changed"
	// HidSubject is the subject of the signal that people see each other otherwise:
	// their ids.
	HidSubject = "friends.hid"
)

// Module provides *friends.Service, *friends.Presence, the ws.Door and the
// operations. It needs the platform, the accounts and a clock.
func Module() fx.Option {
	return fx.Module("friends",
		fx.Provide(newStore, newTable, newDirectory, newSignals, fx.Private),
		fx.Provide(
			newPresence, newService, newCircle, newImporter, newDoor, newAPI,
			fx.Annotate(routes, fx.ResultTags(`group:"routes"`)),
			fx.Annotate(followChanges, fx.ResultTags(`group:"listeners"`)),
			fx.Annotate(followHidden, fx.ResultTags(`group:"listeners"`)),
			fx.Annotate(signalRename, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(forget, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(export, fx.ResultTags(`group:"exports"`)),
			fx.Annotate(purge, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(runPresence, fx.ResultTags(`group:"hooks"`)),
		),
	)
}

func newStore(d *db.DB) *store.Store { return store.New(d) }

// openTimeout leaves a cluster of NATS servers time to agree.
const openTimeout = 30 * time.Second

func newTable(ctx context.Context, b *bus.Bus) (*seats.Table, error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	return seats.Open(ctx, b)
}

// directory shows the accounts' profiles as people.
type directory struct{ accounts *accounts.Directory }

func newDirectory(d *accounts.Directory) directory { return directory{d} }

func person(p accounts.Profile) friends.Person {
	return friends.Person{UserID: p.UserID, ProfileName: p.ProfileName, Image: p.Image}
}

func (d directory) PeopleOf(ctx context.Context, userIDs []int64) (map[int64]friends.Person, error) {
	profiles, err := d.accounts.ProfilesOf(ctx, userIDs)
	if err != nil {
		return nil, err
	}
	people := make(map[int64]friends.Person, len(profiles))
	for id, p := range profiles {
		people[id] = person(p)
	}
	return people, nil
}

func (d directory) Named(ctx context.Context, profileName string) (friends.Person, error) {
	p, err := d.accounts.Named(ctx, profileName)
	if errors.Is(err, accounts.ErrUserNotFound) {
		return friends.Person{}, friends.ErrPersonNotFound
	}
	return person(p), err
}

func (d directory) Search(ctx context.Context, prefix string, without []int64, limit int) ([]friends.Person, error) {
	profiles, err := d.accounts.Search(ctx, prefix, without, limit)
	if err != nil {
		return nil, err
	}
	people := make([]friends.Person, len(profiles))
	for i, p := range profiles {
		people[i] = person(p)
	}
	return people, nil
}

// signals tells all nodes of changes.
type signals struct {
	bus    *bus.Bus
	circle *friends.Circle
	log    *zap.Logger
}

func newSignals(b *bus.Bus, c *friends.Circle, logger *zap.Logger) signals {
	return signals{b, c, logger.Named("friends")}
}

// Hid implements friends.Signals.
func (s signals) Hid(_ context.Context, userIDs ...int64) {
	s.circle.Forget(userIDs...)
	if err := s.bus.Publish(HidSubject, userIDs); err != nil {
		s.log.Warn("other nodes will notice a block late", log.Err(err))
	}
}

// followHidden makes this node's circle read blocks anew that changed anywhere.
func followHidden(c *friends.Circle) bus.Listener {
	return bus.Listen("friends.follow_hidden", HidSubject, func(_ context.Context, userIDs []int64) { c.Forget(userIDs...) })
}

func (s signals) Changed(_ context.Context, c friends.Change) {
	if err := s.bus.Publish(ChangedSubject, c); err != nil {
		s.log.Warn("a change between friends was not signalled", log.Err(err))
	}
}

// journal notes what nobody can be told.
type journal struct{ log *zap.Logger }

func (j journal) Note(_ context.Context, doing string, err error) {
	j.log.Warn("presence failed to "+doing, log.Err(err))
}

// sessions is what presence asks of the accounts.
type sessions struct{ accounts *accounts.Service }

func (s sessions) Device(ctx context.Context, id int64) (string, error) {
	return s.accounts.SessionDevice(ctx, id)
}

func (s sessions) Ended(ctx context.Context, ids []int64) ([]int64, error) {
	return s.accounts.EndedSessions(ctx, ids)
}

func (s sessions) End(ctx context.Context, id int64) error {
	err := s.accounts.EndSession(ctx, id)
	if errors.Is(err, accounts.ErrSessionNotFound) {
		return nil
	}
	return err
}

type presenceParams struct {
	fx.In

	Table    *seats.Table
	Store    *store.Store
	People   directory
	Accounts *accounts.Service
	Clock    func() time.Time
	Log      *zap.Logger
	Metrics  *prometheus.Registry
}

func newPresence(p presenceParams) *friends.Presence {
	name := make([]byte, 8)
	_, _ = rand.Read(name) // never fails
	presence := friends.NewPresence(friends.PresenceDeps{
		Node: hex.EncodeToString(name), Seats: p.Table, Beats: p.Table, Graph: p.Store, People: p.People, Sessions: sessions{p.Accounts},
		Line: api.Line{}, Clock: p.Clock, Journal: journal{p.Log.Named("presence")},
		Timer: func(d time.Duration, fn func()) func() bool { return time.AfterFunc(d, fn).Stop },
	})
	p.Metrics.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rally_presence_here", Help: "People whose sockets this node holds."}, func() float64 {
			here, _ := presence.Count()
			return float64(here)
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rally_presence_all", Help: "People who are connected to any node."}, func() float64 {
			_, all := presence.Count()
			return float64(all)
		}),
	)
	return presence
}

// runPresence follows the table between start and stop.
func runPresence(p *friends.Presence, table *seats.Table, b *bus.Bus) fx.Hook {
	var unfollow func()
	return fx.Hook{
		OnStart: func(ctx context.Context) (err error) {
			b.OnReconnect(p.Rejoin) // before the table is followed again: nobody seems to leave
			if unfollow, err = table.Follow(ctx, p); err != nil {
				return err
			}
			return p.Start(ctx)
		},
		OnStop: func(context.Context) error {
			p.Stop()
			unfollow()
			return nil
		},
	}
}

func newDoor(p *friends.Presence) ws.Door { return api.NewDoor(p) }

type serviceParams struct {
	fx.In

	DB       *db.DB
	Store    *store.Store
	Events   *event.Dispatcher
	Signals  signals
	People   directory
	Presence *friends.Presence
	Clock    func() time.Time
}

func newService(p serviceParams) *friends.Service {
	return friends.NewService(friends.Deps{
		Tx: p.DB, Store: p.Store, Events: p.Events, Signals: p.Signals, People: p.People, Seen: p.Presence, Clock: p.Clock,
	})
}

func newCircle(s *store.Store, clock func() time.Time) *friends.Circle {
	return friends.NewCircle(s, clock)
}

func newImporter(s *store.Store) *friends.Importer { return friends.NewImporter(s) }

func newAPI(s *friends.Service) *api.API { return api.New(s) }

func routes(a *api.API) web.Routes { return web.Routes{Name: "friends", Register: a.Register} }

const purgeEvery = 6 * time.Hour

func purge(s *friends.Service) jobs.Job {
	return jobs.Periodic("friends.purge", purgeEvery, s.Purge)
}

// followChanges tells this node's sockets what changed between friends anywhere.
func followChanges(p *friends.Presence) bus.Listener {
	return bus.Listen("friends.follow_changes", ChangedSubject, func(ctx context.Context, c friends.Change) { p.Changed(ctx, c) })
}

func signalRename(s signals) event.Subscription {
	return event.On("friends.signal_rename", func(ctx context.Context, e accounts.ProfileRenamed) error {
		db.AfterCommit(ctx, func(ctx context.Context) {
			s.Changed(ctx, friends.Change{Event: friends.EventRenamed, UserID: e.UserID, Old: e.Old, New: e.New})
		})
		return nil
	})
}

func forget(s *store.Store) event.Subscription {
	return event.On("friends.forget", func(ctx context.Context, e accounts.UserErased) error { return s.Forget(ctx, e.UserID) })
}

// export needs no Service: that needs the accounts, which need the export.
func export(s *store.Store) accounts.Export {
	return accounts.Export{Name: "friends", Of: func(ctx context.Context, userID int64) (any, error) {
		e, err := s.ExportOf(ctx, userID)
		if err != nil {
			return nil, err
		}
		return api.ToExport(e), nil
	}}
}

var _ friends.Transactions = (*db.DB)(nil)
