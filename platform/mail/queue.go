package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rally/platform/db"
	"rally/platform/fault"
	"rally/platform/jobs"
)

// The faults of Send.
var (
	ErrBadRecipient = fault.New(fault.Invalid, "mail.bad_recipient", "This is not an e-mail address.")
	ErrBadMessage   = fault.New(fault.Invalid, "mail.bad_message", "This e-mail can't be sent as it is.")
)

const (
	maxRecipient = 254     // bytes; the limit of RFC 5321
	maxSubject   = 200     // characters
	maxBody      = 1 << 20 // bytes
	maxOutbox    = 200     // rows of one look into the outbox
)

// Message is one mail of plain text to one person.
type Message struct {
	To      string // an address without a name: ann@example.com
	Subject string // one line
	Body    string // UTF-8, lines end with \n
}

// check refuses what could become another header or another recipient, and
// what no database or server takes.
func (m Message) check() error {
	addr, err := mail.ParseAddress(m.To)
	switch {
	case err != nil, addr.Address != m.To, len(m.To) > maxRecipient, strings.ContainsFunc(m.To, isControl):
		return ErrBadRecipient
	case m.Subject == "", utf8.RuneCountInString(m.Subject) > maxSubject, !utf8.ValidString(m.Subject), strings.ContainsFunc(m.Subject, isControl):
		return ErrBadMessage.WithCause(errors.New("the subject"))
	case m.Body == "", len(m.Body) > maxBody, !utf8.ValidString(m.Body), strings.ContainsRune(m.Body, 0):
		return ErrBadMessage.WithCause(errors.New("the body"))
	}
	return nil
}

// isControl reports characters that end a line somewhere, or that are none.
func isControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError
}

// Enqueuer adds jobs in the transaction of the context; *jobs.Client does.
type Enqueuer interface {
	Enqueue(ctx context.Context, args jobs.Args, opts ...jobs.InsertOpts) error
}

// Queue is where mail begins its way. It is safe for concurrent use.
type Queue struct {
	d    *db.DB
	jobs Enqueuer
	now  func() time.Time
}

// NewQueue returns a queue whose jobs a Worker does, on this node or another.
func NewQueue(d *db.DB, enqueuer Enqueuer, now func() time.Time) *Queue {
	return &Queue{d: d, jobs: enqueuer, now: now}
}

// Send puts m into the outbox, in the transaction of ctx or else in its own,
// and returns at once; it is sent after the commit. It returns ErrBadRecipient
// or ErrBadMessage for a message that can't be sent.
func (q *Queue) Send(ctx context.Context, m Message) error {
	if err := m.check(); err != nil {
		return err
	}
	return q.d.InTx(ctx, func(ctx context.Context) error {
		// PostgreSQL keeps microseconds; the Message-ID leans on this time.
		created := q.now().UTC().Truncate(time.Microsecond)
		id, err := db.Get[int64](ctx, q.d,
			"INSERT INTO mail_outbox (recipient, subject, body, created_at) VALUES ($1, $2, $3, $4) RETURNING id",
			m.To, m.Subject, m.Body, created)
		if err != nil {
			return fmt.Errorf("mail: write to the outbox: %w", err)
		}
		return q.jobs.Enqueue(ctx, send{ID: id})
	})
}

// Forget removes every message to an address, in the transaction of ctx or else
// in its own: also one that was not sent yet.
func (q *Queue) Forget(ctx context.Context, to string) error {
	return q.d.InTx(ctx, func(ctx context.Context) error {
		if _, err := db.Exec(ctx, q.d, "DELETE FROM mail_outbox WHERE recipient = $1", to); err != nil {
			return fmt.Errorf("mail: forget a recipient: %w", err)
		}
		return nil
	})
}

// Kept is a message in the outbox.
type Kept struct {
	ID        int64     `bun:"id"`
	To        string    `bun:"recipient"`
	Subject   string    `bun:"subject"`
	Body      string    `bun:"body"`
	CreatedAt time.Time `bun:"created_at"`
}

// Outbox returns messages that were not sent, newest first, at most limit and
// at most 200. They hold links that open accounts: show them only where
// Config.Keeps, or to staff.
func (q *Queue) Outbox(ctx context.Context, limit int) ([]Kept, error) {
	list, err := db.Select[Kept](ctx, q.d,
		"SELECT id, recipient, subject, body, created_at FROM mail_outbox WHERE sent_at IS NULL ORDER BY id DESC LIMIT $1",
		min(max(limit, 1), maxOutbox))
	if err != nil {
		return nil, fmt.Errorf("mail: read the outbox: %w", err)
	}
	return list, nil
}
