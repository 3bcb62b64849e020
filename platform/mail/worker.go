package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"time"

	"go.uber.org/zap"

	"rally/platform/db"
	"rally/platform/jobs"
	"rally/platform/log"
)

const (
	// attempts spread over about half a day with River's pauses. A verification
	// link is worth little after that.
	attempts = 12
	// freshness is how long the text of a message that can't be sent is kept,
	// and retention the row.
	freshness = 2 * 24 * time.Hour
	retention = 30 * 24 * time.Hour
	// recordTimeout bounds the note that a message was sent, which must be
	// written even when the job is being cancelled.
	recordTimeout = 5 * time.Second
)

// send is the job that sends one row of the outbox.
type send struct {
	ID int64 `json:"id"`
}

// Kind implements jobs.Args.
func (send) Kind() string { return "mail.send" }

// Worker does the jobs of the outbox. It is safe for concurrent use.
type Worker struct {
	d      *db.DB
	cfg    Config
	from   *mail.Address
	server *server // nil keeps the messages
	now    func() time.Time
}

// NewWorker returns a worker for the server of cfg. It does not connect: a
// server that is away must not stop the start.
func NewWorker(d *db.DB, cfg Config, now func() time.Time) (*Worker, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	w := &Worker{d: d, cfg: cfg, now: now}
	var err error
	if w.from, err = parseFrom(cfg.From); err != nil {
		return nil, err
	}
	if w.server, err = parseServer(cfg.URL); err != nil {
		return nil, err
	}
	return w, nil
}

// Jobs returns the jobs that jobs.Open needs to know.
func (w *Worker) Jobs() []jobs.Job {
	return []jobs.Job{
		jobs.Handle(w.send, jobs.Attempts(attempts)),
		jobs.Periodic("mail.sweep", 24*time.Hour, w.sweep),
	}
}

func (w *Worker) send(ctx context.Context, job send) error {
	m, err := db.Get[Kept](ctx, w.d, "SELECT id, recipient, subject, body, created_at FROM mail_outbox WHERE id = $1 AND sent_at IS NULL", job.ID)
	switch {
	case db.NotFound(err):
		return nil // sent before, or swept
	case err != nil:
		return fmt.Errorf("mail %d: read it: %w", job.ID, err)
	case w.server == nil:
		log.From(ctx).Info(fmt.Sprintf("mail %d kept in the outbox: RALLY_SMTP_URL is not set", job.ID), zap.Int64("rally.mail.id", job.ID))
		return nil
	case m.Body == "":
		return jobs.GiveUp(fmt.Errorf("mail %d: its text was erased", job.ID))
	}
	err = w.deliver(ctx, m)
	if err == nil {
		return w.record(ctx, job.ID)
	}
	err = fmt.Errorf("mail %d: %w", job.ID, err)
	if errors.Is(err, errRefused) {
		log.From(ctx).Warn("mail refused for good", zap.Int64("rally.mail.id", job.ID), log.Err(err))
		// A link that never arrives must not lie around either.
		if eraseErr := w.erase(ctx, job.ID); eraseErr != nil {
			return errors.Join(err, eraseErr)
		}
		return jobs.GiveUp(err)
	}
	return err
}

// record notes that the message was sent, and erases its text.
func (w *Worker) record(ctx context.Context, id int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	if err := w.d.InTx(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, w.d, "UPDATE mail_outbox SET sent_at = $1, body = '' WHERE id = $2 AND sent_at IS NULL", w.now().UTC(), id)
		return err
	}); err != nil {
		return fmt.Errorf("mail %d: it was sent, but that could not be recorded: %w", id, err)
	}
	return nil
}

func (w *Worker) erase(ctx context.Context, id int64) error {
	return w.d.InTx(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, w.d, "UPDATE mail_outbox SET body = '' WHERE id = $1", id)
		return err
	})
}

// sweep deletes old rows, because addresses are personal data, and erases
// texts that were tried in vain.
func (w *Worker) sweep(ctx context.Context) error {
	now := w.now().UTC()
	return w.d.InTx(ctx, func(ctx context.Context) error {
		if _, err := db.Exec(ctx, w.d, "DELETE FROM mail_outbox WHERE created_at < $1", now.Add(-retention)); err != nil || w.server == nil {
			return err
		}
		_, err := db.Exec(ctx, w.d, "UPDATE mail_outbox SET body = '' WHERE created_at < $1 AND body <> ''", now.Add(-freshness))
		return err
	})
}
