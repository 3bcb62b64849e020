package jobs

import (
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"rally/platform/config"
)

// Config of the job runner.
type Config struct {
	Workers      int           `env:"RALLY_JOBS_WORKERS" envDefault:"4" help:"jobs that one node runs at once"`
	PollInterval time.Duration `env:"RALLY_JOBS_POLL_INTERVAL" envDefault:"500ms" help:"how often a node looks for new jobs"`
	Timeout      time.Duration `env:"RALLY_JOBS_TIMEOUT" envDefault:"1m" help:"how long a job may run before it is cancelled and tried again"`
	StopTimeout  time.Duration `env:"RALLY_JOBS_STOP_TIMEOUT" envDefault:"5s" help:"how long a stopping node waits for running jobs before it cancels them"`

	// Backoff is the pause after the attempt-th failure of a job, counted from
	// one. Nil means River's own, attempt⁴ seconds. Tests put a short one here.
	Backoff func(attempt int) time.Duration
}

// LongestStop is the longest that Client.Stop takes: for jobs that ignore even
// the end of their context.
func (c Config) LongestStop() time.Duration { return c.StopTimeout + cancelGrace }

// Validate says which value is not allowed.
func (c Config) Validate() error {
	switch {
	case c.Workers < 1 || c.Workers > river.QueueNumWorkersMax:
		return config.Bad("RALLY_JOBS_WORKERS", strconv.Itoa(c.Workers), "from 1 to "+strconv.Itoa(river.QueueNumWorkersMax))
	case c.PollInterval < river.FetchPollIntervalMin:
		return config.Bad("RALLY_JOBS_POLL_INTERVAL", c.PollInterval.String(), "at least 1ms")
	case c.Timeout <= 0:
		return config.Bad("RALLY_JOBS_TIMEOUT", c.Timeout.String(), "more than 0s")
	case c.StopTimeout <= 0:
		return config.Bad("RALLY_JOBS_STOP_TIMEOUT", c.StopTimeout.String(), "more than 0s")
	}
	return nil
}
