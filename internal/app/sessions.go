package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/platform/auth"
	"rally/platform/bus"
	"rally/platform/log"
	"rally/platform/ws"
)

const (
	// recheckEvery is how often a node asks whether the sessions of its sockets
	// live: the signal that one has ended may be lost, and none says that one ran
	// out.
	recheckEvery = time.Minute
	// recheckBatch is how many sessions one statement looks at.
	recheckBatch = 500
)

// guard closes the sockets of sessions that have ended.
type guard struct {
	hub      *ws.Hub
	accounts *accounts.Service
	presence *friends.Presence
	log      *zap.Logger
}

func newGuard(hub *ws.Hub, a *accounts.Service, p *friends.Presence, logger *zap.Logger) *guard {
	return &guard{hub, a, p, logger}
}

// end closes the sockets of sessions, and frees their seats.
func (g *guard) end(ids []int64) {
	// First, so that the recheck of a socket which comes too late to be closed
	// here isn't answered from memory.
	g.accounts.DropSessions(ids...)
	g.hub.CloseWhere(func(id auth.Identity) bool { return slices.Contains(ids, id.SessionID) }, ws.CloseSessionEnded, auth.ErrSessionEnded.Code)
	g.presence.SessionsEnded(ids)
}

// check ends what has ended unheard.
func (g *guard) check(ctx context.Context) {
	for ids := range slices.Chunk(g.hub.Sessions(), recheckBatch) {
		ended, err := g.accounts.EndedSessions(ctx, ids)
		if err != nil {
			if ctx.Err() == nil {
				g.log.Warn("whether sessions live was not looked at", log.Err(err))
			}
			return
		}
		if len(ended) > 0 {
			g.end(ended)
		}
	}
}

// closeEnded hears of the sessions that end, on any node.
func closeEnded(g *guard) bus.Listener {
	return bus.Listen("app.close_sockets", accounts.SessionEndedSubject, func(_ context.Context, s accounts.SessionEnded) { g.end(s.IDs) })
}

// recheckSessions looks each minute, and first of all when the bus is back: who
// has ended must not be seated again.
func recheckSessions(lc fx.Lifecycle, g *guard, b *bus.Bus) {
	var cancel context.CancelFunc
	var running sync.WaitGroup
	lc.Append(fx.Hook{
		OnStart: func(context.Context) error {
			var ctx context.Context
			ctx, cancel = context.WithCancel(context.Background())
			b.OnReconnect(g.check)
			running.Go(func() {
				tick := time.NewTicker(recheckEvery)
				defer tick.Stop()
				for {
					select {
					case <-ctx.Done():
						return
					case <-tick.C:
						g.check(ctx)
					}
				}
			})
			return nil
		},
		OnStop: func(context.Context) error {
			cancel()
			running.Wait()
			return nil
		},
	})
}
