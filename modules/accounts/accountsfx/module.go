// Package accountsfx wires the accounts into the program: store, service,
// operations, the signal that ends sessions on other nodes, and the writer of
// last-seen times.
package accountsfx

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/accounts/internal/api"
	"rally/modules/accounts/internal/store"
	"rally/platform/auth"
	"rally/platform/bus"
	"rally/platform/config"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/log"
	"rally/platform/mail"
)

// SessionEndedSubject is the subject of the signal SessionEnded.
const SessionEndedSubject = "accounts.session_ended"

// SessionEnded is the signal that sessions are over: nothing that was
// remembered about them counts any more.
type SessionEnded struct {
	IDs []int64 `json:"ids"`
}

// seenInterval is how often last-seen times are written.
const seenInterval = 15 * time.Second

// Module provides *accounts.Service, the auth.Authenticator and the
// operations. It needs the platform, a clock and the root secret, which is a
// []byte named "secret".
func Module() fx.Option {
	return fx.Module("accounts",
		fx.Provide(config.Load[accounts.Config], fx.Private),
		fx.Provide(newService, newAuthenticator, fx.Annotate(api.Routes, fx.ResultTags(`group:"routes"`))),
	)
}

func newAuthenticator(s *accounts.Service) auth.Authenticator { return s }

type params struct {
	fx.In
	fx.Lifecycle

	Config accounts.Config
	DB     *db.DB
	Events *event.Dispatcher
	Mail   *mail.Queue
	Bus    *bus.Bus
	Log    *zap.Logger
	Clock  func() time.Time
	Secret []byte `name:"secret"`
}

func newService(p params) (*accounts.Service, error) {
	logger := p.Log.Named("accounts")
	service, err := accounts.New(p.Config, accounts.Deps{
		Tx: store.Tx{DB: p.DB}, Store: store.New(p.DB), Events: p.Events, Mailer: mailer{p.Mail}, Signals: signals{p.Bus, logger},
		Clock: p.Clock, Random: rand.Reader, Secret: p.Secret,
	})
	if err != nil {
		return nil, err
	}
	b := &background{service: service, bus: p.Bus, log: logger}
	p.Append(fx.Hook{OnStart: b.start, OnStop: b.stop})
	return service, nil
}

type mailer struct{ queue *mail.Queue }

func (m mailer) Send(ctx context.Context, letter accounts.Mail) error {
	return m.queue.Send(ctx, mail.Message{To: letter.To, Subject: letter.Subject, Body: letter.Body})
}

type signals struct {
	bus *bus.Bus
	log *zap.Logger
}

func (s signals) SessionEnded(_ context.Context, ids ...int64) {
	if err := s.bus.Publish(SessionEndedSubject, SessionEnded{IDs: ids}); err != nil {
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
	b.unsubscribe, err = bus.Subscribe(b.bus, SessionEndedSubject, func(_ context.Context, s SessionEnded) { b.service.DropSessions(s.IDs...) })
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
