package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
	"go.uber.org/zap"

	"rally/platform/db"
)

const (
	// rescueMargin is how long after its timeout a job that nobody finished is
	// taken up again.
	rescueMargin = time.Minute
	// cancelGrace is how long Stop waits for jobs whose context it cancelled.
	cancelGrace = 3 * time.Second
)

// Client enqueues jobs and, between Start and Stop, runs them. It is safe for
// concurrent use.
type Client struct {
	d       *db.DB
	cfg     Config
	log     *zap.Logger
	river   *river.Client[*sql.Tx]
	jobs    map[string]Job
	workers *river.Workers
	grace   time.Duration
	cancel  context.CancelFunc // of the running jobs; nil before Start
}

// Open prepares a client for the given jobs; Register adds more. Nothing runs
// before Start.
func Open(d *db.DB, cfg Config, logger *zap.Logger, list []Job) (*Client, error) {
	return open(d, cfg, logger, list, func(*river.Config) {})
}

func open(d *db.DB, cfg Config, logger *zap.Logger, list []Job, tune func(*river.Config)) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	c := &Client{d: d, cfg: cfg, log: logger.Named("jobs"), jobs: make(map[string]Job, len(list)), grace: cancelGrace}
	rc := &river.Config{
		FetchCooldown:        min(river.FetchCooldownDefault, cfg.PollInterval),
		FetchPollInterval:    cfg.PollInterval,
		JobTimeout:           cfg.Timeout,
		Logger:               slog.New(slogHandler{log: c.log}),
		RescueStuckJobsAfter: cfg.Timeout + rescueMargin,
		Workers:              river.NewWorkers(),
	}
	rc.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: cfg.Workers}}
	var driver riverdriver.Driver[*sql.Tx] = quiet{riverdatabasesql.New(d.Pool())}
	if d.Dialect == db.SQLite {
		driver = riversqlite.New(d.Pool())
		// Its list of indexes is PostgreSQL's, and SQLite's don't bloat.
		rc.ReindexerSchedule = river.NeverSchedule()
	}
	tune(rc)
	var err error
	if c.river, err = river.NewClient(driver, rc); err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	c.workers = rc.Workers
	if err := c.Register(list); err != nil {
		return nil, err
	}
	return c, nil
}

// Register adds jobs before Start, in the order of their kinds. It lets a
// module that enqueues jobs, and so needs the client, do jobs of its own, too.
// Two jobs of the same kind are an error, and so is a period that is not
// positive.
func (c *Client) Register(list []Job) error {
	sorted := slices.SortedFunc(slices.Values(list), func(a, b Job) int { return strings.Compare(a.kind, b.kind) })
	for _, j := range sorted {
		if _, ok := c.jobs[j.kind]; ok {
			return fmt.Errorf("jobs: two jobs are named %q", j.kind)
		}
		if !isKind(j.kind) {
			return fmt.Errorf("jobs: %q is no name of a job; it must be like module.verb_object", j.kind)
		}
		if j.periodic && j.every <= 0 {
			return fmt.Errorf("jobs: %s: a period of %s", j.kind, j.every)
		}
		c.jobs[j.kind] = j
		j.register(c.workers, workerBase{job: j, backoff: c.cfg.Backoff, log: c.log})
		if j.periodic {
			if _, err := c.river.PeriodicJobs().AddSafely(j.schedule()); err != nil {
				return fmt.Errorf("jobs: %s: %w", j.kind, err)
			}
		}
	}
	return nil
}

// isKind reports whether a name has the form module.verb_object.
func isKind(name string) bool {
	module, verb, ok := strings.Cut(name, ".")
	for _, r := range module + verb {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_')
	}
	return ok && module != "" && verb != ""
}

// quiet is River's driver without NOTIFY. Through database/sql nobody listens,
// and a commit that notifies waits for every other one that does.
type quiet struct{ *riverdatabasesql.Driver }

// SupportsListenNotify implements riverdriver.Driver.
func (quiet) SupportsListenNotify() bool { return false }

// Enqueue adds a job in the transaction of ctx, so that it runs after the
// commit and not at all after a rollback. Without a transaction it is added at
// once. At most one InsertOpts may be given. Arguments of a kind that the
// client doesn't know are an error. A job that Unique opts make superfluous is
// none.
func (c *Client) Enqueue(ctx context.Context, args Args, opts ...InsertOpts) error {
	var opt InsertOpts
	switch len(opts) {
	case 0:
	case 1:
		opt = opts[0]
	default:
		return fmt.Errorf("jobs: enqueue %s: %d InsertOpts, at most one makes sense", args.Kind(), len(opts))
	}
	if opt.MaxAttempts == 0 {
		opt.MaxAttempts = c.jobs[args.Kind()].attempts
	}
	var err error
	if tx, ok := c.d.Tx(ctx); ok {
		_, err = c.river.InsertTx(ctx, tx, args, &opt)
	} else {
		_, err = c.river.Insert(ctx, args, &opt)
	}
	if err != nil {
		return fmt.Errorf("jobs: enqueue %s: %w", args.Kind(), err)
	}
	return nil
}

// Start begins to run jobs. ctx bounds the start alone; the jobs run until
// Stop. Start and Stop must not be called at the same time.
func (c *Client) Start(ctx context.Context) error {
	if len(c.jobs) == 0 {
		return nil
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	detach := context.AfterFunc(ctx, cancel)
	err := c.river.Start(run)
	if !detach() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		cancel()
		last, cancelLast := context.WithTimeout(context.WithoutCancel(ctx), c.grace)
		defer cancelLast()
		return fmt.Errorf("jobs: start: %w", errors.Join(err, c.river.Stop(last)))
	}
	c.cancel = cancel
	return nil
}

// Stop takes no new jobs and waits for those that run, until ctx ends or
// Config.StopTimeout has passed; then it cancels their contexts, and they run
// again later. It returns an error only when jobs ignore even that: then they
// are still running. The database must be open until Stop has returned.
func (c *Client) Stop(ctx context.Context) error {
	if c.cancel == nil {
		return nil
	}
	defer c.cancel()
	patient, cancel := context.WithTimeout(ctx, c.cfg.StopTimeout)
	defer cancel()
	if c.river.Stop(patient) == nil {
		return nil
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.grace)
	defer cancel()
	if c.river.StopAndCancel(last) != nil {
		return errors.New("jobs: stop: gave up on jobs that ignore their cancelled context")
	}
	c.log.Warn("running jobs were cancelled; they will run again")
	return nil
}

// Depth counts the jobs that are not done, by state: available (waits for a
// worker), running, scheduled (waits for its time), retryable (waits for its
// next attempt); and those that failed for good: discarded (tried too often, in
// the last week) and cancelled (by GiveUp, in the last day). Every state is
// present.
func (c *Client) Depth(ctx context.Context) (map[string]int64, error) {
	rows, err := db.Select[struct {
		State string `bun:"state"`
		N     int64  `bun:"n"`
	}](ctx, c.d, `SELECT CAST(state AS text) AS state, count(*) AS n FROM river_job
		WHERE state IN ('available', 'running', 'scheduled', 'retryable', 'discarded', 'cancelled') GROUP BY 1`)
	if err != nil {
		return nil, fmt.Errorf("jobs: depth: %w", err)
	}
	depth := map[string]int64{}
	for _, state := range []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStateRunning, rivertype.JobStateScheduled, rivertype.JobStateRetryable, rivertype.JobStateDiscarded,
		rivertype.JobStateCancelled,
	} {
		depth[string(state)] = 0
	}
	for _, row := range rows {
		depth[row.State] = row.N
	}
	return depth, nil
}
