// Package accountsfx wires the accounts into the program: store, service,
// operations, the signal that ends sessions on other nodes, and the writer of
// last-seen times.
package accountsfx

import (
	"cmp"
	"context"
	"crypto/rand"
	"strconv"
	"sync"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/accounts/internal/api"
	"rally/modules/accounts/internal/oauth"
	"rally/modules/accounts/internal/passkey"
	"rally/modules/accounts/internal/store"
	"rally/platform/auth"
	"rally/platform/blob"
	"rally/platform/bus"
	"rally/platform/config"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/log"
	"rally/platform/mail"
)

// seenInterval is how often last-seen times are written.
const seenInterval = 15 * time.Second

// Module provides *accounts.Service, *accounts.Directory, the
// auth.Authenticator and the operations. It needs the platform, a clock and the root secret, which is a
// []byte named "secret".
func Module() fx.Option {
	return fx.Module("accounts",
		fx.Provide(config.Load[accounts.Config], config.Load[oauth.Config], newShelf, newPeople, fx.Private),
		fx.Provide(
			newService, newDirectory, newAuthenticator,
			fx.Annotate(api.Routes, fx.ResultTags(`group:"routes"`)),
			fx.Annotate(jobsOf, fx.ResultTags(`group:"jobs,flatten"`)),
			fx.Annotate(sweepPictures, fx.ResultTags(`group:"jobs"`)),
			fx.Annotate((*people).topic, fx.ResultTags(`group:"topics"`)),
			fx.Annotate((*people).subscriptions, fx.ResultTags(`group:"subscriptions,flatten"`)),
			fx.Annotate(followPeople, fx.ResultTags(`group:"listeners"`)),
		),
	)
}

// LoadSettings reads the module's settings, so that the source can list them.
// The error is that of the first bad one.
func LoadSettings(source *config.Source) error {
	_, errAccounts := config.Load[accounts.Config](source)
	_, errOAuth := config.Load[oauth.Config](source)
	return cmp.Or(errAccounts, errOAuth)
}

func newDirectory(d *db.DB, clock func() time.Time) *accounts.Directory {
	return accounts.NewDirectory(store.New(d), clock)
}

func newAuthenticator(s *accounts.Service) auth.Authenticator { return s }

type params struct {
	fx.In
	fx.Lifecycle

	Config  accounts.Config
	OAuth   oauth.Config
	DB      *db.DB
	Events  *event.Dispatcher
	Mail    *mail.Queue
	Jobs    *jobs.Client
	Bus     *bus.Bus
	Shelf   blob.Shelf
	Log     *zap.Logger
	Clock   func() time.Time
	Secret  []byte            `name:"secret"`
	Exports []accounts.Export `group:"exports"`
}

func newService(p params) (*accounts.Service, error) {
	logger := p.Log.Named("accounts")
	service, err := accounts.New(p.Config, accounts.Deps{
		Tx: p.DB, Store: store.New(p.DB), Events: p.Events, Mailer: mailer{p.Mail}, Signals: signals{p.Bus, logger},
		Clock: p.Clock, Random: rand.Reader, Secret: p.Secret,
		Relying: passkey.New(), Providers: logged(oauth.Providers(p.OAuth), logger), Tasks: tasks{p.Jobs}, Journal: journal{logger},
		Pictures: p.Shelf, Exports: p.Exports, Tickets: &tickets{bus: p.Bus},
	})
	if err != nil {
		return nil, err
	}
	b := &background{service: service, bus: p.Bus, log: logger}
	p.Append(fx.Hook{OnStart: b.start, OnStop: b.stop})
	return service, nil
}

// loggedProvider tells the operators why a provider's logins fail: people get
// one sentence only.
type loggedProvider struct {
	accounts.Provider
	log *zap.Logger
}

func logged(providers []accounts.Provider, logger *zap.Logger) []accounts.Provider {
	out := make([]accounts.Provider, len(providers))
	for i, p := range providers {
		out[i] = loggedProvider{p, logger.With(zap.String("rally.provider", p.Name()))}
	}
	return out
}

func (p loggedProvider) note(ctx context.Context, doing string, err error) {
	if err != nil && ctx.Err() == nil {
		p.log.Warn("a provider failed to "+doing, log.Err(err))
	}
}

// CodeURL implements accounts.Provider.
func (p loggedProvider) CodeURL(ctx context.Context, r accounts.CodeRequest) (string, error) {
	url, err := p.Provider.CodeURL(ctx, r)
	p.note(ctx, "begin a login", err)
	return url, err
}

// Exchange implements accounts.Provider.
func (p loggedProvider) Exchange(ctx context.Context, g accounts.CodeGrant) (accounts.External, error) {
	who, err := p.Provider.Exchange(ctx, g)
	p.note(ctx, "exchange a code", err)
	return who, err
}

// Inspect implements accounts.Provider.
func (p loggedProvider) Inspect(ctx context.Context, accessToken string) (accounts.External, error) {
	who, err := p.Provider.Inspect(ctx, accessToken)
	p.note(ctx, "inspect a token", err)
	return who, err
}

// How often what has expired is purged, and who left is looked for.
const (
	purgeEvery = 10 * time.Minute
	eraseEvery = time.Hour
)

func jobsOf(s *accounts.Service) []jobs.Job {
	return []jobs.Job{
		jobs.Handle(func(ctx context.Context, t taskArgs) error { return s.Do(ctx, t.Task) }),
		jobs.Periodic("accounts.purge", purgeEvery, s.Purge),
		jobs.Periodic("accounts.erase_leavers", eraseEvery, s.EraseLeavers),
	}
}

// taskArgs is accounts.Task as a job.
type taskArgs struct {
	Task accounts.Task `json:"task"`
}

// Kind implements jobs.Args.
func (taskArgs) Kind() string { return "accounts.mail_key" }

type tasks struct{ jobs *jobs.Client }

func (t tasks) Enqueue(ctx context.Context, task accounts.Task) error {
	return t.jobs.Enqueue(ctx, taskArgs{task})
}

// journal writes security events into the log.
type journal struct{ log *zap.Logger }

func (j journal) Note(ctx context.Context, e accounts.SecurityEvent) {
	log.From(ctx).Info("security event",
		zap.String("event.dataset", "rally.security"), zap.String("event.action", e.Kind), zap.String("user.id", strconv.FormatInt(e.UserID, 10)),
		zap.String("client.ip", e.Client.Address), zap.String("user_agent.original", e.Client.UserAgent), zap.String("rally.provider", e.Provider))
}

type mailer struct{ queue *mail.Queue }

func (m mailer) Send(ctx context.Context, letter accounts.Mail) error {
	return m.queue.Send(ctx, mail.Message{To: letter.To, Subject: letter.Subject, Body: letter.Body})
}

func (m mailer) Forget(ctx context.Context, to string) error { return m.queue.Forget(ctx, to) }

type signals struct {
	bus *bus.Bus
	log *zap.Logger
}

func (s signals) SessionEnded(_ context.Context, ids ...int64) {
	if err := s.bus.Publish(accounts.SessionEndedSubject, accounts.SessionEnded{IDs: ids}); err != nil {
		s.log.Warn("other nodes will notice ended sessions late", log.Err(err))
	}
}

// background is what runs beside the requests, from start to stop.
type background struct {
	service *accounts.Service
	bus     *bus.Bus
	log     *zap.Logger

	unsubscribe func()
	cancel      context.CancelFunc
	done        sync.WaitGroup
}

func (b *background) start(context.Context) error {
	var err error
	b.unsubscribe, err = bus.Subscribe(b.bus, accounts.SessionEndedSubject, func(_ context.Context, s accounts.SessionEnded) { b.service.DropSessions(s.IDs...) })
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background()) // start's own context ends with the start
	b.cancel = cancel
	b.done.Go(func() { b.writeLastSeen(ctx) })
	return nil
}

func (b *background) writeLastSeen(ctx context.Context) {
	ticker := time.NewTicker(seenInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := b.service.WriteLastSeen(ctx); err != nil && ctx.Err() == nil {
				b.log.Warn("last-seen times were not written", log.Err(err))
			}
		}
	}
}

// stop writes what is left. It runs before the database is closed, because
// the service was made after it.
func (b *background) stop(ctx context.Context) error {
	b.unsubscribe()
	b.cancel()
	b.done.Wait()
	return b.service.WriteLastSeen(ctx)
}

// Interfaces that the adapters must keep.
var (
	_ accounts.Mailer  = mailer{}
	_ accounts.Signals = signals{}
)
