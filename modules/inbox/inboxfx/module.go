// Package inboxfx wires the inbox into the program: store, service, operations,
// its topic on the live connection, the follower that tells what happened, and
// what it is told by the other modules.
package inboxfx

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/inbox"
	"rally/modules/inbox/internal/api"
	"rally/modules/inbox/internal/store"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/platform/bus"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/log"
	"rally/platform/web"
	"rally/platform/ws"
)

// Subjects of the inbox's signals.
const (
	ToldSubject = "inbox.told"
	ReadSubject = "inbox.read"
)

const (
	// pollEvery is how often the follower looks by itself: for what another node
	// wrote down and could not tell.
	pollEvery  = time.Second
	purgeEvery = 6 * time.Hour
)

// Module provides *inbox.Service, its operations and its topic. It needs the
// platform, the accounts, the shop, the friends and a clock.
func Module() fx.Option {
	return fx.Module("inbox",
		fx.Provide(newStore, newDeps, newFollower, fx.Private),
		fx.Provide(
			inbox.NewService, api.New, newImporter,
			fx.Annotate(routes, fx.ResultTags(`group:"routes"`)),
			fx.Annotate(personal, fx.ResultTags(`group:"personal"`)),
			fx.Annotate(followTold, fx.ResultTags(`group:"listeners"`)),
			fx.Annotate(followRead, fx.ResultTags(`group:"listeners"`)),
			fx.Annotate(subscriptions, fx.ResultTags(`group:"subscriptions,flatten"`)),
			fx.Annotate(purge, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(export, fx.ResultTags(`group:"exports"`)),
			fx.Annotate(runFollower, fx.ResultTags(`group:"hooks"`)),
			fx.Annotate(runReset, fx.ResultTags(`group:"hooks"`)),
		),
	)
}

func newStore(d *db.DB) *store.Store { return store.New(d) }

type params struct {
	fx.In

	DB      *db.DB
	Store   *store.Store
	People  *accounts.Directory
	Names   *shop.Names
	Covers  *style.Covers
	Friends *friends.Circle
	Bus     *bus.Bus
	Log     *zap.Logger
	Clock   func() time.Time
}

func newDeps(p params) inbox.Deps {
	return inbox.Deps{
		Tx: p.DB, Store: p.Store, People: people{p.People}, Articles: names{p.Names}, Posts: posts{p.Covers}, Ties: p.Friends,
		Signals: signals{p.Bus, p.Log.Named("inbox")}, Journal: journal{p.Log.Named("inbox")}, Clock: p.Clock,
	}
}

// journal notes what needs a person to look at it.
type journal struct{ log *zap.Logger }

func (j journal) Note(_ context.Context, doing string, err error) {
	j.log.Error("failed to "+doing, log.Err(err))
}

type people struct{ directory *accounts.Directory }

func (p people) PeopleOf(ctx context.Context, userIDs []int64) (map[int64]inbox.Person, error) {
	profiles, err := p.directory.ProfilesOf(ctx, userIDs)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]inbox.Person, len(profiles))
	for id, profile := range profiles {
		found[id] = inbox.Person{UserID: profile.UserID, ProfileName: profile.ProfileName, Image: profile.Image}
	}
	return found, nil
}

type posts struct{ style *style.Covers }

func (p posts) PostsOf(ctx context.Context, postIDs []int64) (map[int64]inbox.Post, error) {
	covers, err := p.style.Of(ctx, postIDs)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]inbox.Post, len(covers))
	for id, c := range covers {
		found[id] = inbox.Post{UserID: c.UserID, Excerpt: c.Excerpt, Picture: c.Picture}
	}
	return found, nil
}

type names struct{ shop *shop.Names }

func toArticles(found map[int64]shop.Article, err error) (map[int64]inbox.Article, error) {
	if err != nil {
		return nil, err
	}
	articles := make(map[int64]inbox.Article, len(found))
	for id, a := range found {
		articles[id] = inbox.Article{InfoID: a.InfoID, Size: a.Size, EngName: a.EngName, KorName: a.KorName, Picture: a.Picture}
	}
	return articles, nil
}

func (n names) OfProducts(ctx context.Context, ids []int64) (map[int64]inbox.Article, error) {
	return toArticles(n.shop.OfProducts(ctx, ids))
}

func (n names) OfInfos(ctx context.Context, ids []int64) (map[int64]inbox.Article, error) {
	return toArticles(n.shop.OfInfos(ctx, ids))
}

// told is the signal that somebody was told something. The frame is finished:
// no node has to read anything to pass it on.
type told struct {
	UserID int64        `json:"user_id"`
	Frame  api.ToldBody `json:"frame"`
}

type read struct {
	UserID int64        `json:"user_id"`
	Frame  api.ReadBody `json:"frame"`
}

type signals struct {
	bus *bus.Bus
	log *zap.Logger
}

func (s signals) publish(subject string, v any) {
	if err := s.bus.Publish(subject, v); err != nil {
		s.log.Warn("an inbox's change was not signalled", log.Err(err))
	}
}

func (s signals) Told(_ context.Context, userID int64, n inbox.Shown, state inbox.State) {
	s.publish(ToldSubject, told{userID, api.ToTold(n, state)})
}

func (s signals) Read(_ context.Context, userID int64, ids []int64, upTo int64, state inbox.State) {
	s.publish(ReadSubject, read{userID, api.ToRead(ids, upTo, state)})
}

func followTold(hub *ws.Hub) bus.Listener {
	return bus.Listen("inbox.follow_told", ToldSubject, func(_ context.Context, t told) { hub.Tell(t.UserID, api.Topic, t.Frame) })
}

func followRead(hub *ws.Hub) bus.Listener {
	return bus.Listen("inbox.follow_read", ReadSubject, func(_ context.Context, r read) { hub.Tell(r.UserID, api.Topic, r.Frame) })
}

// resetBatch is how many inboxes one statement reads.
const resetBatch = 500

// runReset lets everybody of this node read their inbox again when the bus is
// back: what was signalled meanwhile was not heard.
func runReset(b *bus.Bus, hub *ws.Hub, s *inbox.Service, logger *zap.Logger) fx.Hook {
	reset := func(ctx context.Context) {
		for users := range slices.Chunk(hub.Present(), resetBatch) {
			states, err := s.StatesOf(ctx, users)
			if err != nil {
				logger.Named("inbox").Warn("inboxes were not told to read again", log.Err(err))
				return
			}
			for user, state := range states {
				hub.Tell(user, api.Topic, api.ToReset(state))
			}
		}
	}
	return fx.Hook{OnStart: func(context.Context) error { b.OnReconnect(reset); return nil }}
}

func routes(a *api.API) web.Routes { return web.Routes{Name: "inbox", Register: a.Register} }

func personal(a *api.API) ws.Personal { return a.Personal() }

func purge(s *inbox.Service) jobs.Job { return jobs.Periodic("inbox.purge", purgeEvery, s.Purge) }

// follower empties the outbox whenever something was written down.
type follower struct {
	*inbox.Follower
	wake chan struct{}
	log  *zap.Logger
}

func newFollower(d inbox.Deps, logger *zap.Logger) *follower {
	return &follower{inbox.NewFollower(d), make(chan struct{}, 1), logger.Named("inbox")}
}

// nudge wakes the follower. It never waits.
func (f *follower) nudge() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func runFollower(f *follower) fx.Hook {
	var cancel context.CancelFunc
	var running sync.WaitGroup
	return fx.Hook{
		OnStart: func(context.Context) error {
			var ctx context.Context
			ctx, cancel = context.WithCancel(context.Background())
			running.Go(func() { f.run(ctx) })
			return nil
		},
		OnStop: func(context.Context) error {
			cancel()
			running.Wait()
			return nil
		},
	}
}

func (f *follower) run(ctx context.Context) {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		if err := f.catch(ctx); err != nil && ctx.Err() == nil {
			f.log.Warn("what happened was not told; the next round tries again", log.Err(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-poll.C:
		case <-f.wake:
		}
	}
}

// catch turns a panic into an error: what one entry does must not end the
// program.
func (f *follower) catch(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the follower panicked: %v\n%s", r, debug.Stack())
		}
	}()
	return f.Catch(ctx)
}

var _ inbox.Transactions = (*db.DB)(nil)

func export(s *store.Store, circle *friends.Circle) accounts.Export {
	return accounts.Export{Name: "inbox", Of: func(ctx context.Context, userID int64) (any, error) {
		hidden, err := circle.Hidden(ctx, userID)
		if err != nil {
			return nil, err
		}
		return s.ExportOf(ctx, userID, hidden)
	}}
}

// outbox is what an event is written down with.
type outbox struct {
	store    *store.Store
	follower *follower
	clock    func() time.Time
}

// subscribe writes down what an event tells, inside its transaction.
func subscribe[E any](o outbox, name string, entries func(E) []inbox.Entry) event.Subscription {
	return event.On(name, func(ctx context.Context, e E) error {
		list := entries(e)
		if len(list) == 0 {
			return nil
		}
		list[0].At = o.clock() // of all
		db.AfterCommit(ctx, func(context.Context) { o.follower.nudge() })
		return o.store.Append(ctx, list)
	})
}
