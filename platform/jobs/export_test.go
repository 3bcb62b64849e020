package jobs

import (
	"time"

	"github.com/riverqueue/river"
	"go.uber.org/zap"

	"rally/platform/db"
)

// OpenQuick is Open without the pauses by which River spreads the load of its
// start. A stop waits long for jobs whose context it cancelled, however busy
// the machine.
func OpenQuick(d *db.DB, cfg Config, logger *zap.Logger, list []Job) (*Client, error) {
	c, err := open(d, cfg, logger, list, func(rc *river.Config) { rc.TestOnly = true })
	if err == nil {
		c.grace = time.Minute
	}
	return c, err
}

// GiveUpAfter sets how long a stop waits for jobs whose context it cancelled.
func (c *Client) GiveUpAfter(grace time.Duration) { c.grace = grace }

// ID names the client as River's tables do.
func (c *Client) ID() string { return c.river.ID() }
