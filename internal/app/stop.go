package app

import (
	"context"
	"fmt"
	"time"

	"rally/platform/config"
	"rally/platform/jobs"
	"rally/platform/web"
	"rally/platform/ws"
)

const (
	// stopTimeout is the longest that a stop may take. Its parts run one after
	// the other, and none runs once the time is over, so checkStop makes sure
	// that they fit: the moment that the proxy in front gets to notice, requests
	// with the sockets beside them, jobs, and then the bus, the database and the
	// log in what is left.
	stopTimeout = 20 * time.Second
	// stopReserve is what must be left for the bus and those after it.
	stopReserve = 2 * time.Second
)

// checkStop refuses settings by which a stop would not get to its end.
func checkStop(source *config.Source) error {
	webCfg, err := config.Load[web.Config](source)
	if err != nil {
		return err
	}
	wsCfg, err := config.Load[ws.Config](source)
	if err != nil {
		return err
	}
	jobsCfg, err := config.Load[jobs.Config](source)
	if err != nil {
		return err
	}
	doors, wait := "RALLY_SHUTDOWN_TIMEOUT", webCfg.ShutdownTimeout
	if wsCfg.CloseTimeout > wait {
		doors, wait = "RALLY_WS_CLOSE_TIMEOUT", wsCfg.CloseTimeout
	}
	grace := jobsCfg.LongestStop() - jobsCfg.StopTimeout
	if limit := stopTimeout - stopReserve - grace; webCfg.DrainDelay+wait+jobsCfg.StopTimeout > limit {
		return fmt.Errorf("RALLY_DRAIN_DELAY=%s, %s=%s, RALLY_JOBS_STOP_TIMEOUT=%s: must be at most %s together, because a stop takes %s in all",
			webCfg.DrainDelay, doors, wait, jobsCfg.StopTimeout, limit, stopTimeout)
	}
	return nil
}

// early lets one part of a stop end in time for what closes after it.
func early(stop func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if end, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, end.Add(-stopReserve/2))
			defer cancel()
		}
		return stop(ctx)
	}
}
