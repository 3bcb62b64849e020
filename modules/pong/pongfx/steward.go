package pongfx

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/pong"
	"rally/modules/pong/internal/api"
	"rally/modules/pong/internal/owners"
	"rally/platform/log"
	"rally/platform/ws"
)

const (
	// stewardEvery is how often a node pairs those who wait, and looks for deadlines.
	stewardEvery = time.Second
	// orphanRounds is in how many rounds a live match must be seen without a node
	// until this one goes on with it, or ends it.
	orphanRounds = 20
	// scoresRounds is after how many rounds the lobby is looked at again: goals are no
	// signals, on whichever node they fall.
	scoresRounds = 2
)

type arenaParams struct {
	fx.In

	Node    node
	Arena   *pong.Arena
	Service *pong.Service
	Table   *owners.Table
	Hub     *ws.Hub
	Log     *zap.Logger
}

// runArena plays matches between start and stop.
func runArena(p arenaParams) fx.Hook {
	var unfollow func()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	p.Hub.OnClosing(p.Arena.Stop) // before its sockets are closed
	return fx.Hook{
		OnStart: func(starting context.Context) (err error) {
			p.Arena.Start(p.Service)
			if unfollow, err = p.Table.Follow(starting, string(p.Node), p.Arena); err != nil {
				return err
			}
			s := steward{p, p.Log.Named("pong"), map[int64]int{}}
			running.Go(func() { s.run(ctx) })
			return nil
		},
		OnStop: func(ctx context.Context) error {
			cancel()
			running.Wait()
			p.Arena.Stop(ctx)
			unfollow()
			return nil
		},
	}
}

// steward does each second what no request does.
type steward struct {
	arenaParams
	log     *zap.Logger
	orphans map[int64]int // live matches without a node, with the rounds since
}

func (s steward) run(ctx context.Context) {
	tick := time.NewTicker(stewardEvery)
	defer tick.Stop()
	for round := 0; ; round++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, task := range []struct {
			doing string
			do    func(context.Context) error
		}{
			{"pair those who wait", s.Service.Pair},
			{"close what is overdue", s.Service.Sweep},
			{"look after tournaments", s.Service.SweepCups},
			{"look for matches without a node", s.adopt},
		} {
			if err := task.do(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("the game failed to "+task.doing, log.Err(err))
			}
		}
		if round%scoresRounds == 0 {
			s.Hub.Changed(api.LobbyTopic) // nobody is told what they know
		}
	}
}

// adopt goes on with live matches that no node plays, such as after a restart.
func (s steward) adopt(ctx context.Context) error {
	list, err := s.Service.Orphans(ctx)
	if err != nil {
		return err
	}
	still := make(map[int64]int, len(list))
	var failed error
	for _, id := range list {
		still[id] = s.orphans[id] + 1
		if still[id] >= orphanRounds {
			failed = errors.Join(failed, s.Arena.Adopt(ctx, id))
			delete(still, id)
		}
	}
	clear(s.orphans)
	for id, rounds := range still {
		s.orphans[id] = rounds
	}
	return failed
}
