package jobs

import (
	"time"

	"github.com/riverqueue/river"
	"go.uber.org/zap"

	"rally/platform/db"
)

// OpenQuick is Open without the pauses by which River spreads the load of its
// start, and with a short grace for jobs that ignore their context.
func OpenQuick(d *db.DB, cfg Config, logger *zap.Logger, list []Job) (*Client, error) {
	c, err := open(d, cfg, logger, list, func(rc *river.Config) { rc.TestOnly = true })
	if err == nil {
		c.grace = 100 * time.Millisecond
	}
	return c, err
}

// ID names the client as River's tables do.
func (c *Client) ID() string { return c.river.ID() }
