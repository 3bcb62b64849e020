// Package live is the websocket of a match: GET /ws/pong/matches/{id}. The protocol is
// in modules/pong/protocol.go and docs/pong-protocol.md.
package live

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"go.uber.org/zap"

	"rally/modules/pong"
	"rally/platform/fault"
	"rally/platform/log"
	"rally/platform/ws"
)

const (
	// Path is where matches are played.
	Path = "/ws/pong/matches/:id"

	prefix   = "/ws/pong/matches/"
	maxFrame = 64 // bytes that a client may send at once
	closeBad = 1011
)

// Door seats people at matches.
type Door struct {
	hub   *ws.Hub
	arena *pong.Arena
	log   *zap.Logger
}

// NewDoor returns the door of an arena.
func NewDoor(hub *ws.Hub, arena *pong.Arena, logger *zap.Logger) *Door {
	return &Door{hub, arena, logger.Named("pong")}
}

// line is a socket as the arena sees it.
type line struct{ *ws.Direct }

// Close implements pong.Line.
func (l line) Close(code int, reason string) { l.Direct.Close(code, reason) }

// Serve seats whoever connects: who plays the match plays, others watch. A match
// that there is not is said by a close code, for browsers don't see a status.
func (d *Door) Serve(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(strings.Trim(strings.TrimPrefix(r.URL.Path, prefix), "/"), 10, 64)
	d.hub.ServeDirect(w, r, maxFrame, func(ctx context.Context, s *ws.Direct) {
		seating := pong.Seating{Line: line{s}}
		if who, ok := s.Identity(); ok {
			seating.UserID = who.UserID
		}
		chair, err := d.arena.Sit(ctx, id, seating)
		if err != nil {
			d.refuse(s, err)
			return
		}
		defer chair.Leave()
		for {
			data, err := s.Read()
			if err != nil {
				return
			}
			if !chair.Hear(data) {
				return
			}
		}
	})
}

func (d *Door) refuse(s *ws.Direct, err error) {
	f := fault.From(err)
	switch {
	case errors.Is(err, pong.ErrMatchNotFound), errors.Is(err, pong.ErrMatchOver):
		s.Close(pong.CloseUnknown, f.Code)
	case errors.Is(err, pong.ErrArenaFull):
		s.Close(pong.CloseGoingAway, f.Code)
	default:
		d.log.Error("nobody could say who plays a match", log.Err(err))
		s.Close(closeBad, f.Code)
	}
}
