// Package shopfx wires the exchange into the program: store, service,
// operations, the live book and the sweep of expired bids.
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

// Module provides *shop.Service, its operations, its live topic, its jobs and
// its subscriptions. It needs the platform and a clock.
func Module() fx.Option {
	return fx.Module("shop",
		fx.Provide(config.Load[shop.Config], fx.Private),
		fx.Provide(
			newService, api.New,
			fx.Annotate(routes, fx.ResultTags(`group:"routes"`)),
			fx.Annotate(topic, fx.ResultTags(`group:"topics"`)),
			fx.Annotate(sweep, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(signalBook, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(followBooks, fx.ResultTags(`group:"listeners"`)),
			fx.Annotate(countTrades, fx.ResultTags(`group:"subscriptions"`)),
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
	db.AfterCommit(ctx, func(ctx context.Context) {
		if err := p.blobs.Delete(ctx, key); err != nil {
			p.log.Warn("a deleted picture's file stays behind", zap.String("rally.blob.key", key), log.Err(err))
		}
	})
}

// signalBook tells every node, after the commit, that a book changed.
func signalBook(b *bus.Bus, logger *zap.Logger) event.Subscription {
	return event.On("shop.signal_book", func(ctx context.Context, e shop.BookChanged) error {
		db.AfterCommit(ctx, func(context.Context) {
			if err := b.Publish(BookChangedSubject, e); err != nil {
				logger.Warn("a book's change was not signalled", log.Err(err))
			}
		})
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
