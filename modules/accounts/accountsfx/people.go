package accountsfx

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/accounts/internal/api"
	"rally/modules/accounts/internal/store"
	"rally/platform/blob"
	"rally/platform/bus"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/log"
	"rally/platform/ws"
)

func newShelf(blobs *blob.Store, logger *zap.Logger) blob.Shelf {
	return blobs.Shelf(accounts.PicturePrefix, logger.Named("accounts"))
}

func sweepPictures(d *db.DB, shelf blob.Shelf, clock func() time.Time) jobs.Job {
	rows := store.New(d)
	return jobs.Periodic("accounts.sweep_pictures", blob.SweepEvery, func(ctx context.Context) error {
		return shelf.Sweep(ctx, clock(), rows.PicturesInUse)
	})
}

// peopleTopic is the live topic of names and pictures that changed.
const peopleTopic = "people"

// maxNews is how many changes the topic says at once: those of a moment. Frames
// are joined for a tenth of a second.
const maxNews = 64

// people knows what others see of somebody, and who changed of late.
type people struct {
	directory *accounts.Directory
	bus       *bus.Bus
	log       *zap.Logger

	mu   sync.Mutex
	news []accounts.Public // the newest last
}

func newPeople(d *accounts.Directory, b *bus.Bus, logger *zap.Logger) *people {
	return &people{directory: d, bus: b, log: logger.Named("accounts")}
}

// changed tells every node after the commit, this one before the write is
// answered.
func (p *people) changed(ctx context.Context, e accounts.PeopleChanged) {
	db.AfterCommit(ctx, func(context.Context) {
		p.directory.Forget(e.IDs...)
		if err := p.bus.Publish(accounts.PeopleChangedSubject, e); err != nil {
			p.log.Warn("other nodes will show a changed profile late", log.Err(err))
		}
	})
}

// heard is what every node does about a change.
func (p *people) heard(e accounts.PeopleChanged) {
	p.directory.Forget(e.IDs...)
	p.mu.Lock()
	defer p.mu.Unlock()
	// Who left is news no more.
	news := slices.DeleteFunc(slices.Clone(p.news), func(old accounts.Public) bool { return slices.Contains(e.IDs, old.UserID) })
	news = append(news, e.Shown...)
	p.news = news[max(0, len(news)-maxNews):]
}

func (p *people) latest() []accounts.Public {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.news // replaced by every change, never written to
}

// topic is open to everybody: it says what every page shows.
func (p *people) topic() ws.Topic {
	return ws.Topic{Prefix: peopleTopic, Snapshot: func(context.Context, string) (any, error) { return api.PeopleFrame(p.latest()), nil }}
}

// subscriptions are what changes somebody for others.
func (p *people) subscriptions() []event.Subscription {
	of := func(ctx context.Context, userID int64) error {
		p.changed(ctx, accounts.PeopleChanged{IDs: []int64{userID}})
		return nil
	}
	return []event.Subscription{
		event.On("accounts.signal_profile", func(ctx context.Context, e accounts.ProfileChanged) error {
			shown := accounts.Public{UserID: e.Profile.UserID, ProfileName: e.Profile.ProfileName, Image: e.Profile.Image}
			p.changed(ctx, accounts.PeopleChanged{IDs: []int64{shown.UserID}, Shown: []accounts.Public{shown}})
			return nil
		}),
		event.On("accounts.signal_left", func(ctx context.Context, e accounts.UserDeactivated) error { return of(ctx, e.UserID) }),
		event.On("accounts.signal_return", func(ctx context.Context, e accounts.UserReactivated) error { return of(ctx, e.UserID) }),
		event.On("accounts.signal_erased", func(ctx context.Context, e accounts.UserErased) error { return of(ctx, e.UserID) }),
	}
}

func followPeople(p *people, hub *ws.Hub) bus.Listener {
	return bus.Listen("accounts.follow_people", accounts.PeopleChangedSubject, func(_ context.Context, e accounts.PeopleChanged) {
		p.heard(e)
		if len(e.Shown) > 0 {
			hub.Changed(peopleTopic)
		}
	})
}
