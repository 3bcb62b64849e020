// Package shopfx wires the exchange into the program: store, service,
// operations, the live book, the sweep of expired bids, and what happens when
// somebody leaves.
package shopfx

import (
	"context"
	"io"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/shop"
	"rally/modules/shop/internal/api"
	"rally/modules/shop/internal/store"
	"rally/platform/blob"
	"rally/platform/bus"
	"rally/platform/config"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/log"
	"rally/platform/web"
	"rally/platform/ws"
)

// BookChangedSubject is the subject of the signal that a book changed.
const BookChangedSubject = "shop.book_changed"

// sweepEvery is how often expired bids are closed. Until then the books leave
// them out by themselves; only the stored prices of lists lag.
const sweepEvery = 15 * time.Second

// Module provides *shop.Service, its operations, its live topic, its jobs, its
// subscriptions and its part of the export. It needs the platform, the
// accounts and a clock.
func Module() fx.Option {
	return fx.Module("shop",
		fx.Provide(config.Load[shop.Config], newLeavers, newBookSignals, fx.Private),
		fx.Provide(
			newService, api.New,
			fx.Annotate(routes, fx.ResultTags(`group:"routes"`)),
			fx.Annotate(topic, fx.ResultTags(`group:"topics"`)),
			fx.Annotate(sweep, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(signalBook, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(followBooks, fx.ResultTags(`group:"listeners"`)),
			fx.Annotate(countTrades, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(letLeave, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(cancelLateJob, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(forget, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(export, fx.ResultTags(`group:"exports"`)),
		),
	)
}

func newService(cfg shop.Config, d *db.DB, events *event.Dispatcher, pictures *blob.Store, logger *zap.Logger, clock func() time.Time) *shop.Service {
	return shop.NewService(cfg, d, store.New(d), events, pictureStore{pictures, logger.Named("shop")}, clock)
}

func routes(a *api.API) web.Routes { return web.Routes{Name: "shop", Register: a.Register} }

func sweep(s *shop.Service) jobs.Job {
	return jobs.Periodic("shop.sweep_expired", sweepEvery, s.SweepExpired)
}

// topic is the live book. Everybody may follow it.
func topic(a *api.API) ws.Topic {
	return ws.Topic{
		Prefix: api.BookTopic,
		Authorize: func(_ context.Context, arg string) error {
			_, err := ws.ID(arg)
			return err
		},
		Snapshot: a.BookSnapshot,
	}
}

// pictureStore keeps pictures under shop/.
type pictureStore struct {
	blobs *blob.Store
	log   *zap.Logger
}

func (p pictureStore) Save(ctx context.Context, r io.Reader) (shop.Image, error) {
	picture, err := p.blobs.PutPicture(ctx, "shop", r)
	return shop.Image{BlobKey: picture.Key, Width: picture.Width, Height: picture.Height}, err
}

func (p pictureStore) DeleteAfterCommit(ctx context.Context, key string) {
	p.blobs.DeleteAfterCommit(ctx, key, p.log)
}

// bookSignals tell every node that books changed.
type bookSignals struct {
	bus *bus.Bus
	log *zap.Logger
}

func newBookSignals(b *bus.Bus, logger *zap.Logger) bookSignals { return bookSignals{b, logger} }

func (s bookSignals) afterCommit(ctx context.Context, changes ...shop.BookChanged) {
	db.AfterCommit(ctx, func(context.Context) {
		for _, e := range changes {
			if err := s.bus.Publish(BookChangedSubject, e); err != nil {
				s.log.Warn("a book's change was not signalled", log.Err(err))
			}
		}
	})
}

func signalBook(signals bookSignals) event.Subscription {
	return event.On("shop.signal_book", func(ctx context.Context, e shop.BookChanged) error {
		signals.afterCommit(ctx, e)
		return nil
	})
}

// followBooks makes this node's sockets look at books that changed anywhere.
func followBooks(hub *ws.Hub) bus.Listener {
	return bus.Listen("shop.follow_books", BookChangedSubject, func(_ context.Context, e shop.BookChanged) {
		hub.Changed(topicOf(e.ProductID))
		if e.AllID != 0 {
			hub.Changed(topicOf(e.AllID))
		}
	})
}

func topicOf(productID int64) string { return api.BookTopic + ":" + strconv.FormatInt(productID, 10) }

// countTrades counts trades for /metrics.
func countTrades(registry *prometheus.Registry) (event.Subscription, error) {
	trades := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rally_shop_trades_total", Help: "Trades by kind of order."}, []string{"kind"})
	if err := registry.Register(trades); err != nil {
		return event.Subscription{}, err
	}
	return event.On("shop.count_trades", func(ctx context.Context, e shop.Traded) error {
		db.AfterCommit(ctx, func(context.Context) { trades.WithLabelValues(e.Order.Kind).Inc() })
		return nil
	}), nil
}

var _ shop.Transactions = (*db.DB)(nil)
