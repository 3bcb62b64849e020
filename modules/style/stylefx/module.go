// Package stylefx wires the feed into the program: store, service, operations, the
// room in which people talk about posts, its jobs, and what happens when somebody
// leaves.
package stylefx

import (
	"context"
	"io"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/style/internal/api"
	"rally/modules/style/internal/store"
	"rally/modules/talk"
	"rally/platform/audit"
	"rally/platform/blob"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/web"
)

const (
	// picturePrefix is where the pictures of posts are kept.
	picturePrefix = "style"

	// rankEvery is how long the popular feed may lag behind what people like.
	rankEvery = 15 * time.Second
)

// Module provides *style.Service, *style.Importer, *style.Ranks, *style.Covers, talk.Ties, the
// operations and the room "post". It needs the platform, the accounts, the friends,
// the shop, talk and a clock.
func Module() fx.Option {
	return fx.Module("style",
		fx.Provide(newStore, newPictures, newLeavers, fx.Private),
		fx.Provide(
			newService, newRanks, newImporter, newTies, newCovers, api.New,
			fx.Annotate(room, fx.ResultTags(`group:"rooms"`)),
			fx.Annotate(routes, fx.ResultTags(`group:"routes"`)),
			fx.Annotate(rank, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(sweepPictures, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(subscriptions, fx.ResultTags(`group:"subscriptions,flatten"`)),
			fx.Annotate(export, fx.ResultTags(`group:"exports"`)),
		),
	)
}

func newStore(d *db.DB) *store.Store { return store.New(d) }

// shelf keeps pictures in a part of the picture store.
type shelf struct{ blob.Shelf }

// Save implements style.Pictures.
func (s shelf) Save(ctx context.Context, r io.Reader) (style.Picture, error) {
	p, err := s.Put(ctx, r)
	return style.Picture{Key: p.Key, Width: p.Width, Height: p.Height}, err
}

// pictures are those of posts, and those of people.
type pictures struct{ posts, portraits shelf }

func newPictures(blobs *blob.Store, logger *zap.Logger) pictures {
	logger = logger.Named("style")
	return pictures{shelf{blobs.Shelf(picturePrefix, logger)}, shelf{blobs.Shelf(accounts.PicturePrefix, logger)}}
}

type params struct {
	fx.In

	DB        *db.DB
	Store     *store.Store
	Ranks     *style.Ranks
	Events    *event.Dispatcher
	Pictures  pictures
	Directory *accounts.Directory
	Accounts  *accounts.Service
	People    *talk.People
	Circle    *friends.Circle
	Remarks   *talk.Keeper
	Articles  *shop.Showcase
	Audit     *audit.Log
	Clock     func() time.Time
}

func newService(p params) *style.Service {
	return style.NewService(style.Deps{
		Tx: p.DB, Store: p.Store, Ranks: p.Ranks, Events: p.Events, Pictures: p.Pictures.posts, Portraits: p.Pictures.portraits, Directory: p.Directory,
		Accounts: p.Accounts, People: p.People, Blocks: p.Circle, Remarks: p.Remarks, Articles: p.Articles, Audit: p.Audit, Clock: p.Clock,
	})
}

func newRanks(d *db.DB, s *store.Store, clock func() time.Time) *style.Ranks {
	return style.NewRanks(d, s, clock)
}

func newImporter(d *db.DB, s *store.Store, names *accounts.Directory, articles *shop.Showcase) *style.Importer {
	return style.NewImporter(d, s, names, articles)
}

func newCovers(s *store.Store, names *accounts.Directory) *style.Covers {
	return style.NewCovers(s, names)
}

// newTies tells talk who follows whom.
func newTies(s *store.Store) talk.Ties { return s }

func newLeavers(d *db.DB, s *store.Store, remarks *talk.Keeper, articles *shop.Showcase, p pictures) *style.Leavers {
	return style.NewLeavers(d, s, remarks, articles, p.posts)
}

func room(s *store.Store) talk.Room { return style.NewRoom(s) }

func routes(a *api.API) web.Routes { return web.Routes{Name: "style", Register: a.Register} }

func rank(ranks *style.Ranks) jobs.Job { return jobs.Periodic("style.rank", rankEvery, ranks.Rank) }

func sweepPictures(s *store.Store, p pictures, clock func() time.Time) jobs.Job {
	return jobs.Periodic("style.sweep_pictures", blob.SweepEvery, func(ctx context.Context) error {
		return p.posts.Sweep(ctx, clock(), s.PicturesInUse)
	})
}

// subscriptions are about people who leave or part. That of a user who is erased comes
// before talk's, which forgets what they said: it takes the posts first.
func subscriptions(l *style.Leavers) []event.Subscription {
	return []event.Subscription{
		event.On("style.leave", func(ctx context.Context, e accounts.UserDeactivated) error { return l.Leave(ctx, e.UserID) }),
		event.On("style.return", func(ctx context.Context, e accounts.UserReactivated) error { return l.Return(ctx, e.UserID) }),
		event.On("style.part", func(ctx context.Context, e friends.Parted) error { return l.Part(ctx, e.By, e.UserID) }),
		event.On("style.forget", func(ctx context.Context, e accounts.UserErased) error { return l.Forget(ctx, e.UserID) }),
	}
}

// export needs no Service: that needs the accounts, which need the export.
func export(s *store.Store, remarks *talk.Keeper, names *accounts.Directory) accounts.Export {
	archive := style.NewArchive(s, remarks, names)
	return accounts.Export{Name: "style", Of: func(ctx context.Context, userID int64) (any, error) {
		e, err := archive.ExportOf(ctx, userID)
		if err != nil {
			return nil, err
		}
		return api.ToExport(e), nil
	}}
}

var _ style.Transactions = (*db.DB)(nil)
