// Package pongfx wires the game into the program: store, service, operations, the
// arena with its websocket and its table of owners, what is told live, and what
// happens when somebody leaves.
package pongfx

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/pong"
	"rally/modules/pong/internal/api"
	"rally/modules/pong/internal/live"
	"rally/modules/pong/internal/owners"
	"rally/modules/pong/internal/store"
	"rally/platform/audit"
	"rally/platform/bus"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/log"
	"rally/platform/web"
)

// openTimeout leaves a cluster of NATS servers time to agree.
const openTimeout = 30 * time.Second

// Module provides *pong.Service, *pong.Arena, *pong.Importer, the operations, the
// websocket of matches and the live topics. It needs the platform, the accounts, the
// friends, pong.Prizes and a clock.
func Module() fx.Option {
	return fx.Module("pong",
		fx.Provide(newStore, newTable, newSignals, newNode, fx.Private),
		fx.Provide(
			newArena, newService, newImporter, newAPI, live.NewDoor,
			fx.Annotate(routes, fx.ResultTags(`group:"routes"`)),
			fx.Annotate(socket, fx.ResultTags(`group:"handlers"`)),
			fx.Annotate((*api.API).Personal, fx.ResultTags(`group:"personal"`)),
			fx.Annotate((*api.API).Lobby, fx.ResultTags(`group:"topics"`)),
			fx.Annotate((*api.API).Cup, fx.ResultTags(`group:"topics"`)),
			fx.Annotate(listeners, fx.ResultTags(`group:"listeners,flatten"`)),
			fx.Annotate(subscriptions, fx.ResultTags(`group:"subscriptions,flatten"`)),
			fx.Annotate(purgeQueue, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(fadeRatings, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(depart, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(runArena, fx.ResultTags(`group:"hooks"`)),
			fx.Annotate(export, fx.ResultTags(`group:"exports"`)),
		),
	)
}

func newStore(d *db.DB) *store.Store { return store.New(d) }

func newImporter(s *store.Store) *pong.Importer { return pong.NewImporter(s) }

// node is this node's name among those that play matches.
type node string

func newNode() node {
	name := make([]byte, 8)
	_, _ = rand.Read(name) // never fails
	return node(hex.EncodeToString(name))
}

func newTable(ctx context.Context, b *bus.Bus, logger *zap.Logger) (*owners.Table, error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	return owners.Open(ctx, b, logger.Named("pong"))
}

// journal notes what nobody can be told.
type journal struct{ log *zap.Logger }

// Note implements pong.Journal.
func (j journal) Note(_ context.Context, doing string, err error) {
	j.log.Warn("the game failed to "+doing, log.Err(err))
}

func newArena(n node, t *owners.Table, b *bus.Bus, clock func() time.Time, metrics *prometheus.Registry, logger *zap.Logger) *pong.Arena {
	a := pong.NewArena(pong.ArenaDeps{
		Node: string(n), Owners: t, Bridge: t, Journal: journal{logger.Named("pong")}, Clock: clock, Shared: b.Shared(),
	})
	metrics.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rally_pong_matches", Help: "Matches that this node plays."}, func() float64 {
			tables, _ := a.Count()
			return float64(tables)
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rally_pong_bridged_lines", Help: "Connections to matches that other nodes play."}, func() float64 {
			_, lines := a.Count()
			return float64(lines)
		}),
		lateness{a.Late(), prometheus.NewDesc("rally_pong_tick_lateness_seconds", "How late ticks of matches began.", nil, nil)},
	)
	return a
}

// lateness shows how late ticks are on /metrics.
type lateness struct {
	late *pong.Lateness
	desc *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (l lateness) Describe(ch chan<- *prometheus.Desc) { ch <- l.desc }

// Collect implements prometheus.Collector.
func (l lateness) Collect(ch chan<- prometheus.Metric) {
	count, sum, upTo := l.late.Histogram()
	ch <- prometheus.MustNewConstHistogram(l.desc, count, sum, upTo)
}

// presence shows friends who plays.
type presence struct {
	friends *friends.Presence
	journal journal
}

// Playing implements pong.Presence.
func (p presence) Playing(ctx context.Context, user, match int64) {
	if err := p.friends.Playing(ctx, user, match); err != nil {
		p.journal.Note(ctx, "show friends who plays", err)
	}
}

type params struct {
	fx.In

	DB        *db.DB
	Store     *store.Store
	Events    *event.Dispatcher
	Signals   signals
	Directory *accounts.Directory
	Circle    *friends.Circle
	Presence  *friends.Presence
	Prizes    pong.Prizes
	Audit     *audit.Log
	Arena     *pong.Arena
	Clock     func() time.Time
	Log       *zap.Logger
}

func newService(p params) *pong.Service {
	return pong.NewService(pong.Deps{
		Tx: p.DB, Store: p.Store, Events: p.Events, Signals: p.Signals, People: p.Directory, Blocks: p.Circle,
		Presence: presence{p.Presence, journal{p.Log.Named("pong")}}, Prizes: p.Prizes, Audit: p.Audit, Tables: p.Arena, Clock: p.Clock, Seed: seed,
	})
}

// seed is what makes a match another than all others.
func seed() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint32(b[:])
}

func newAPI(s *pong.Service, ids *web.Idempotency, clock func() time.Time) *api.API {
	return api.New(s, ids, clock)
}

func routes(a *api.API) web.Routes { return web.Routes{Name: "pong", Register: a.Register} }

func socket(d *live.Door) web.Handler {
	return web.Handler{Method: "GET", Path: live.Path, Func: d.Serve}
}

func purgeQueue(s *pong.Service) jobs.Job {
	return jobs.Periodic("pong.purge_queue", time.Hour, s.PurgeQueue)
}

// fadeRatings lets people who don't play become provisional in time.
func fadeRatings(s *pong.Service) jobs.Job {
	return jobs.Periodic("pong.fade_ratings", 6*time.Hour, s.FadeRatings)
}

var _ pong.Transactions = (*db.DB)(nil)
