package pongfx

import (
	"context"
	"strconv"

	"go.uber.org/zap"

	"rally/modules/pong"
	"rally/modules/pong/internal/api"
	"rally/platform/bus"
	"rally/platform/log"
	"rally/platform/ws"
)

// Subjects of the game's signals.
const (
	// ToldSubject is that of what concerns people.
	ToldSubject = "pong.told"
	// LobbySubject says that the lobby is another.
	LobbySubject = "pong.lobby_changed"
	// CupSubject says that a tournament is another: its id.
	CupSubject = "pong.cup_changed"
	// EndedSubject says that a match is done: its id.
	EndedSubject = "pong.match_ended"
)

type told struct {
	UserIDs []int64     `json:"user_ids"`
	Notice  pong.Notice `json:"notice"`
}

// signals tells all nodes of changes.
type signals struct {
	bus *bus.Bus
	log *zap.Logger
}

func newSignals(b *bus.Bus, logger *zap.Logger) signals { return signals{b, logger.Named("pong")} }

func (s signals) publish(subject string, v any) {
	if err := s.bus.Publish(subject, v); err != nil {
		s.log.Warn("a change of the game was not signalled", log.Err(err))
	}
}

// Told implements pong.Signals.
func (s signals) Told(_ context.Context, notice pong.Notice, userIDs ...int64) {
	s.publish(ToldSubject, told{userIDs, notice})
}

// LobbyChanged implements pong.Signals.
func (s signals) LobbyChanged(context.Context) { s.publish(LobbySubject, struct{}{}) }

// CupChanged implements pong.Signals.
func (s signals) CupChanged(_ context.Context, id int64) { s.publish(CupSubject, id) }

// Ended implements pong.Signals.
func (s signals) Ended(_ context.Context, matchID int64) { s.publish(EndedSubject, matchID) }

// listeners tell this node's sockets and tables what happened anywhere.
func listeners(a *api.API, hub *ws.Hub, arena *pong.Arena, logger *zap.Logger) []bus.Listener {
	return []bus.Listener{
		bus.Listen("pong.follow_told", ToldSubject, func(ctx context.Context, t told) {
			if !hub.AnyPresent(t.UserIDs...) {
				return // nothing is read for nobody
			}
			body, err := a.Notice(ctx, t.Notice)
			if err != nil {
				logger.Named("pong").Warn("people were not told what concerns them", log.Err(err))
				return
			}
			for _, id := range t.UserIDs {
				hub.Tell(id, api.PersonalTopic, body)
			}
		}),
		bus.Listen("pong.follow_lobby", LobbySubject, func(context.Context, struct{}) { hub.Changed(api.LobbyTopic) }),
		bus.Listen("pong.follow_cups", CupSubject, func(_ context.Context, id int64) {
			hub.Changed(api.CupTopic + ":" + strconv.FormatInt(id, 10))
			hub.Changed(api.LobbyTopic)
		}),
		bus.Listen("pong.follow_ends", EndedSubject, func(ctx context.Context, id int64) { arena.Ended(ctx, id) }),
	}
}
