// Package talkfx wires talk into the program: store, service, the operations of
// every room, and what happens when somebody is erased.
package talkfx

import (
	"context"
	"time"

	"go.uber.org/fx"

	"rally/modules/accounts"
	"rally/modules/talk"
	"rally/modules/talk/internal/api"
	"rally/modules/talk/internal/store"
	"rally/platform/audit"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/web"
)

// Module provides *talk.Service, *talk.Keeper, *talk.People and the operations of
// the rooms in the group "rooms". It needs the platform, the accounts and a clock;
// talk.Blocks and talk.Ties where there are any.
func Module() fx.Option {
	return fx.Module("talk",
		fx.Provide(newRooms, newStore, fx.Private),
		fx.Provide(
			newPeople, newKeeper, newService,
			fx.Annotate(routes, fx.ResultTags(`group:"routes"`)),
			fx.Annotate(forget, fx.ResultTags(`group:"subscriptions"`)),
		),
	)
}

type roomParams struct {
	fx.In

	List []talk.Room `group:"rooms"`
}

func newRooms(p roomParams) (*talk.Rooms, error) { return talk.NewRooms(p.List...) }

func newStore(d *db.DB) *store.Store { return store.New(d) }

type peopleParams struct {
	fx.In

	Profiles *accounts.Directory
	Blocks   talk.Blocks `optional:"true"`
	Ties     talk.Ties   `optional:"true"`
}

func newPeople(p peopleParams) *talk.People { return talk.NewPeople(p.Profiles, p.Blocks, p.Ties) }

func newKeeper(d *db.DB, s *store.Store, rooms *talk.Rooms, people *talk.People, clock func() time.Time) *talk.Keeper {
	return talk.NewKeeper(d, s, rooms, people, clock)
}

type params struct {
	fx.In

	DB     *db.DB
	Store  *store.Store
	Rooms  *talk.Rooms
	People *talk.People
	Events *event.Dispatcher
	Audit  *audit.Log
	Clock  func() time.Time
}

func newService(p params) *talk.Service {
	return talk.NewService(talk.Deps{Tx: p.DB, Store: p.Store, Rooms: p.Rooms, People: p.People, Events: p.Events, Audit: p.Audit, Clock: p.Clock})
}

func routes(s *talk.Service, rooms *talk.Rooms) web.Routes {
	return web.Routes{Name: "talk", Register: api.New(s, rooms).Register}
}

// forget runs after those of the modules that own places, which have names that
// come before it: they take the rows of the places first, with others of their own.
func forget(k *talk.Keeper) event.Subscription {
	return event.On("talk.forget", func(ctx context.Context, e accounts.UserErased) error { return k.Forget(ctx, e.UserID) })
}
