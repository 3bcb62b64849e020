// Package shopfx wires the exchange into the program: store, service,
// operations, the live book, the sweep of expired bids, and what happens when
// somebody leaves.
package shopfx

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/shop"
	"rally/modules/shop/internal/api"
	"rally/modules/shop/internal/store"
	"rally/modules/talk"
	"rally/platform/audit"
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

// Module provides *shop.Service, *shop.Teller, *shop.Prizes, its operations, its live topic, its jobs, its
// subscriptions, its part of the export and the room of its reviews. It needs the
// platform, the accounts, talk and a clock.
func Module() fx.Option {
	return fx.Module("shop",
		fx.Provide(config.Load[shop.Config], newLeavers, newBookSignals, newListPrices, newPictureStore, newReviews, shop.NewMemory, fx.Private),
		fx.Provide(
			newService, newTeller, shop.NewPrizes, newNames, newShowcase, api.New,
			fx.Annotate(routes, fx.ResultTags(`group:"routes"`)),
			fx.Annotate(newReviewRoom, fx.ResultTags(`group:"rooms"`)),
			fx.Annotate(topic, fx.ResultTags(`group:"topics"`)),
			fx.Annotate(sweep, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(sweepPictures, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(signalBook, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(followBooks, fx.ResultTags(`group:"listeners"`)),
			fx.Annotate(signalCatalogue, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(followCatalogue, fx.ResultTags(`group:"listeners"`)),
			fx.Annotate(repairListPrices, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(countTrades, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(letLeave, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(cancelLateJob, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(forget, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(meetDeadlines, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(tellOrders, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(findTargets, fx.ResultTags(`group:"subscriptions"`)),
			fx.Annotate(tellTargetsJob, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(export, fx.ResultTags(`group:"exports"`)),
		),
	)
}

type params struct {
	fx.In

	Config   shop.Config
	DB       *db.DB
	Events   *event.Dispatcher
	Pictures pictureStore
	People   *accounts.Directory
	Audit    *audit.Log
	Memory   *shop.Memory
	Reviews  shop.Reviews
	Log      *zap.Logger
	Clock    func() time.Time
}

func newService(p params) *shop.Service {
	return shop.NewService(p.Config, shop.Deps{
		Tx: p.DB, Store: store.New(p.DB), Events: p.Events, Pictures: p.Pictures, Profiles: p.People, Reviews: p.Reviews,
		Audit: p.Audit, Memory: p.Memory, Clock: p.Clock,
	})
}

func newReviews(k *talk.Keeper) shop.Reviews { return k }

func newReviewRoom(d *db.DB) talk.Room { return shop.NewReviewRoom(store.New(d)) }

func newNames(d *db.DB) *shop.Names { return shop.NewNames(store.New(d)) }

func newShowcase(d *db.DB, clock func() time.Time) *shop.Showcase {
	return shop.NewShowcase(store.New(d), clock)
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

// bookSignals tell every node that books changed, and the list prices of this
// one.
type bookSignals struct {
	bus    *bus.Bus
	prices *shop.ListPrices
	log    *zap.Logger
}

func newBookSignals(b *bus.Bus, prices *shop.ListPrices, logger *zap.Logger) bookSignals {
	return bookSignals{b, prices, logger}
}

func (s bookSignals) afterCommit(ctx context.Context, changes ...shop.BookChanged) {
	db.AfterCommit(ctx, func(context.Context) {
		for _, e := range changes {
			s.prices.Changed(e.ProductID)
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
