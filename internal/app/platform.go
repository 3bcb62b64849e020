package app

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/migrations"
	"rally/modules/accounts"
	"rally/platform/audit"
	"rally/platform/auth"
	"rally/platform/blob"
	"rally/platform/bus"
	"rally/platform/config"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/log"
	"rally/platform/mail"
	"rally/platform/web"
	"rally/platform/ws"
	client "rally/web"
)

// platform provides what every module stands on.
func platform() fx.Option {
	return fx.Options(
		fx.Provide(
			config.Load[log.Config], config.Load[db.Config], config.Load[bus.Config], config.Load[jobs.Config], config.Load[mail.Config],
			config.Load[blob.Config], config.Load[web.Config], config.Load[ws.Config], config.Load[secretConfig], config.Load[demoConfig],
		),
		fx.Provide(
			newLogger, newMetrics, newDB, newBus, newBlob, mail.NewWorker, mail.NewQueue, audit.New, web.NewIdempotency,
			fx.Annotate(newSecret, fx.ResultTags(`name:"secret"`)),
			fx.Annotate(event.NewDispatcher, fx.ParamTags(`group:"subscriptions"`)),
			newJobs,
			newSessions, newGuard,
			fx.Annotate(newHub, fx.ParamTags(`group:"topics"`, `group:"personal"`)),
			fx.Annotate(closeEnded, fx.ResultTags(`group:"listeners"`)),
			fx.Annotate((*mail.Worker).Jobs, fx.ResultTags(`group:"jobs,flatten"`)),
			fx.Annotate(purgeReplies, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate(metaRoutes, fx.ResultTags(`group:"routes"`)),
			fx.Annotate(auditRoutes, fx.ResultTags(`group:"routes"`)),
			newServer,
			func(c *jobs.Client) mail.Enqueuer { return c },
		),
	)
}

type versioned struct {
	fx.In
	Version string `name:"version"`
}

func newLogger(lc fx.Lifecycle, cfg log.Config, v versioned) (*zap.Logger, error) {
	logger, closeLog, err := log.New(cfg, v.Version)
	if err != nil {
		return nil, err
	}
	lc.Append(fx.Hook{OnStop: func(context.Context) error { return closeLog() }})
	return logger, nil
}

func newMetrics() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// newDB opens the database and brings its schema up to date, so that whoever
// gets it can rely on it.
func newDB(ctx context.Context, lc fx.Lifecycle, cfg db.Config, metrics *prometheus.Registry, logger *zap.Logger) (*db.DB, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	d, err := openDB(ctx, cfg, logger)
	if err != nil {
		return nil, err
	}
	metrics.MustRegister(collectors.NewDBStatsCollector(d.Pool(), string(d.Dialect)))
	lc.Append(fx.Hook{OnStop: func(context.Context) error { return d.Close() }})
	return d, nil
}

// openDB opens the database. Where the settings don't let it migrate, a schema
// that is not this program's is an error.
func openDB(ctx context.Context, cfg db.Config, logger *zap.Logger) (*db.DB, error) {
	d, err := db.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	m, err := db.NewMigrator(d, migrations.Files)
	if err == nil && cfg.Migrate {
		var n int
		if n, err = m.Up(ctx); n > 0 {
			logger.Info(fmt.Sprintf("%d migrations applied", n))
		}
	} else if err == nil {
		err = m.Check(ctx)
	}
	if err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

func newBus(ctx context.Context, lc fx.Lifecycle, cfg bus.Config, logger *zap.Logger) (*bus.Bus, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	b, err := bus.Open(ctx, cfg, logger)
	if err != nil {
		return nil, err
	}
	lc.Append(fx.Hook{OnStop: early(b.Close)})
	return b, nil
}

type listeners struct {
	fx.In

	List []bus.Listener `group:"listeners"`
}

// listenToBus makes the modules' subscriptions to signals.
func listenToBus(lc fx.Lifecycle, b *bus.Bus, all listeners) {
	var stop func()
	lc.Append(fx.Hook{
		OnStart: func(context.Context) (err error) {
			stop, err = bus.ListenAll(b, all.List)
			return err
		},
		OnStop: func(context.Context) error {
			stop()
			return nil
		},
	})
}

func newBlob(ctx context.Context, lc fx.Lifecycle, cfg blob.Config) (*blob.Store, error) {
	s, err := blob.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	lc.Append(fx.Hook{OnStop: func(context.Context) error { return s.Close() }})
	return s, nil
}

// newJobs opens the client without its jobs: their owners may need it first.
func newJobs(d *db.DB, cfg jobs.Config, logger *zap.Logger) (*jobs.Client, error) {
	return jobs.Open(d, cfg, logger, nil)
}

type jobList struct {
	fx.In

	List []jobs.Job `group:"jobs"`
}

// registerJobs tells the client every job there is.
func registerJobs(c *jobs.Client, all jobList) error { return c.Register(all.List) }

func purgeReplies(ids *web.Idempotency) jobs.Job {
	return jobs.Periodic("web.purge_replies", time.Hour, ids.Purge)
}

// runJobs works jobs off between start and stop.
func runJobs(lc fx.Lifecycle, c *jobs.Client, metrics *prometheus.Registry) {
	metrics.MustRegister(newJobDepth(c))
	lc.Append(fx.Hook{OnStart: c.Start, OnStop: c.Stop})
}

// jobDepth shows the queue on /metrics.
type jobDepth struct {
	client *jobs.Client
	desc   *prometheus.Desc
}

func newJobDepth(c *jobs.Client) jobDepth {
	return jobDepth{client: c, desc: prometheus.NewDesc("rally_jobs", "Jobs that are not done, by state.", []string{"state"}, nil)}
}

// Describe implements prometheus.Collector.
func (j jobDepth) Describe(ch chan<- *prometheus.Desc) { ch <- j.desc }

// Collect implements prometheus.Collector.
func (j jobDepth) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	depth, err := j.client.Depth(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(j.desc, err)
		return
	}
	for state, n := range depth {
		ch <- prometheus.MustNewConstMetric(j.desc, prometheus.GaugeValue, float64(n), state)
	}
}

// sessions is what the hub asks of the accounts.
type sessions interface {
	CheckSession(ctx context.Context, id auth.Identity) error
	Redeem(ctx context.Context, ticket string) (auth.Identity, error)
}

func newSessions(s *accounts.Service) sessions { return s }

func newHub(topics []ws.Topic, personal []ws.Personal, door ws.Door, lc fx.Lifecycle, cfg ws.Config, webCfg web.Config, sessions sessions, metrics *prometheus.Registry, logger *zap.Logger) (*ws.Hub, error) {
	// A group has no order, and greetings have one.
	slices.SortFunc(personal, func(a, b ws.Personal) int { return strings.Compare(a.Name, b.Name) })
	hub, err := ws.New(cfg, topics, ws.Options{
		Log: logger, Metrics: metrics, WriteError: web.WriteProblem, Door: door, Personal: personal,
		AllowOrigin: func(origin string) bool {
			return origin == webCfg.Origin() || slices.Contains(webCfg.CORSOrigins, origin)
		},
		Recheck: func(r *http.Request) error {
			id, err := auth.Require(r.Context())
			if err != nil {
				return err
			}
			return sessions.CheckSession(r.Context(), id)
		},
		Ticket: sessions.Redeem,
	})
	if err != nil {
		return nil, err
	}
	lc.Append(fx.Hook{OnStop: hub.Shutdown})
	return hub, nil
}

type serverParams struct {
	fx.In
	Version string `name:"version"`

	Config  web.Config
	Log     *zap.Logger
	Metrics *prometheus.Registry
	Auth    auth.Authenticator
	DB      *db.DB
	Bus     *bus.Bus
	Blobs   *blob.Store
	Hub     *ws.Hub
	Routes  []web.Routes  `group:"routes"`
	More    []web.Handler `group:"handlers"`
}

func newServer(p serverParams) (*web.Server, error) {
	files, err := web.NewClientFiles(client.Files)
	if err != nil {
		return nil, err
	}
	media := p.Blobs.Handler(web.WriteProblem).ServeHTTP
	return web.New(web.Deps{
		Config: p.Config, Version: p.Version, Log: p.Log, Metrics: p.Metrics, Auth: p.Auth, Routes: p.Routes, Client: files,
		Handlers: append([]web.Handler{
			{Method: http.MethodGet, Path: "/ws", Func: p.Hub.Serve},
			{Method: http.MethodGet, Path: "/media/*key", Func: media},
			{Method: http.MethodHead, Path: "/media/*key", Func: media},
		}, p.More...),
		Checks: map[string]web.Check{
			"database": p.DB.Ready,
			"bus":      p.Bus.Ready,
		},
	})
}
