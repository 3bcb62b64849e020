package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"go.uber.org/zap"

	"rally/platform/log"
)

// periodicAttempts is how often one run of a periodic job is tried before it
// waits for its next turn.
const periodicAttempts = 3

// Args are what a job needs to know. They travel as JSON in the database, so
// they hold ids, not secrets. Kind names the job, "module.verb".
type Args = river.JobArgs

// InsertOpts says when a job runs, how often it is tried, and which other job
// makes it superfluous.
type InsertOpts = river.InsertOpts

// Job binds a kind of job to the function that does it. Make it with Handle or
// Periodic.
type Job struct {
	kind     string
	periodic bool
	every    time.Duration
	attempts int // 0 means River's default
	register func(*river.Workers, workerBase)
}

// Option changes how a job is run.
type Option func(*Job)

// Attempts sets how often a job is tried, the first time included, before it
// is given up. The default is 25, over about three weeks, and 3 for one run of
// a periodic job.
func Attempts(n int) Option { return func(j *Job) { j.attempts = n } }

// Handle makes the job whose arguments are of type A. fn gets a context that
// ends with Config.Timeout, and that holds a logger which knows the job.
// An error of fn makes River try again; so does a panic, which is logged. fn
// must not answer with river.JobSnooze: on SQLite that writes a local time
// where UTC is read, so the job sleeps for the zone's offset.
func Handle[A Args](fn func(context.Context, A) error, opts ...Option) Job {
	var zero A
	job := Job{kind: zero.Kind()}
	for _, opt := range opts {
		opt(&job)
	}
	job.register = func(workers *river.Workers, base workerBase) {
		river.AddWorkerArgs[A](workers, zero, &worker[A]{workerBase: base, fn: fn})
	}
	return job
}

// Periodic makes a job that runs once at the start and then every so often,
// on one node of all that run. A run that is still waiting or running when the
// next one is due takes its place.
func Periodic(kind string, every time.Duration, fn func(context.Context) error, opts ...Option) Job {
	job := Job{kind: kind, periodic: true, every: every, attempts: periodicAttempts}
	for _, opt := range opts {
		opt(&job)
	}
	job.register = func(workers *river.Workers, base workerBase) {
		run := func(ctx context.Context, _ periodicArgs) error { return fn(ctx) }
		river.AddWorkerArgs(workers, periodicArgs{kind}, &worker[periodicArgs]{workerBase: base, fn: run})
	}
	return job
}

// GiveUp wraps err so that the job which returns it is not tried again. River
// records the error and logs nothing; that is left to the caller.
func GiveUp(err error) error { return river.JobCancel(err) }

// periodicArgs carry nothing but their kind.
type periodicArgs struct{ kind string }

func (a periodicArgs) Kind() string { return a.kind }

// schedule tells River when to enqueue a periodic job. A change of leader
// would run it again at once, and a slow one could pile up; uniqueness over
// every state that is not final keeps it to one.
func (j Job) schedule() *river.PeriodicJob {
	opts := &river.InsertOpts{MaxAttempts: j.attempts, UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
	return river.NewPeriodicJob(river.PeriodicInterval(j.every),
		func() (river.JobArgs, *river.InsertOpts) { return periodicArgs{j.kind}, opts },
		&river.PeriodicJobOpts{RunOnStart: true})
}

// workerBase is what the workers of all kinds have in common.
type workerBase struct {
	job     Job
	backoff func(attempt int) time.Duration // nil means River's
	log     *zap.Logger
}

func (b workerBase) nextRetry(row *rivertype.JobRow) time.Time {
	var pause time.Duration
	switch {
	case b.backoff != nil:
		pause = b.backoff(row.Attempt)
	case b.job.periodic:
		// A periodic job need not wait longer than for its next turn.
		pause = min(b.job.every, time.Until((&river.DefaultClientRetryPolicy{}).NextRetry(row)))
	default:
		return time.Time{}
	}
	// UTC matters: SQLite compares times as text.
	return time.Now().UTC().Add(pause)
}

// worker runs the jobs of one kind.
type worker[A Args] struct {
	workerBase
	fn func(context.Context, A) error
}

// Middleware implements river.Worker.
func (w *worker[A]) Middleware(*rivertype.JobRow) []rivertype.WorkerMiddleware { return nil }

// NextRetry implements river.Worker.
func (w *worker[A]) NextRetry(job *river.Job[A]) time.Time { return w.nextRetry(job.JobRow) }

// Timeout implements river.Worker: none of its own, so Config.Timeout counts.
func (w *worker[A]) Timeout(*river.Job[A]) time.Duration { return 0 }

// Work implements river.Worker. It catches panics itself, because River would
// log them without their stack.
func (w *worker[A]) Work(ctx context.Context, job *river.Job[A]) (err error) {
	logger := w.log.With(zap.String("rally.jobs.kind", job.Kind), zap.Int64("rally.jobs.id", job.ID), zap.Int("rally.jobs.attempt", job.Attempt))
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
			logger.Error("job panicked", log.Err(err), zap.StackSkip("error.stack_trace", 1))
		}
	}()
	return w.fn(log.With(ctx, logger), job.Args)
}
