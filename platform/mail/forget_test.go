package mail_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"rally/platform/db"
	"rally/platform/mail"
	"rally/platform/testkit"
)

// recipients are those of the outbox, in the order of the ids.
func (s *system) recipients(t *testing.T) []string {
	t.Helper()
	list, err := db.Select[string](t.Context(), s.d, "SELECT recipient FROM mail_outbox ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWhatWasSentToAnAddressIsForgotten(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := start(t, d, defaults(t, ""), time.Now)
		others := []string{"ann@example.com.kr", "joann@example.com", "Ann@example.com", "ann_@example.com", "an_@example.com"}
		for _, to := range append([]string{"ann@example.com", "ann@example.com"}, others...) {
			s.send(t, mail.Message{To: to, Subject: "hello", Body: "text"})
		}
		if _, err := db.Exec(t.Context(), d, "UPDATE mail_outbox SET sent_at = created_at, body = '' WHERE id = 1"); err != nil {
			t.Fatal(err)
		}
		if err := s.queue.Forget(t.Context(), "ann@example.com"); err != nil {
			t.Fatal(err)
		}
		if got := s.recipients(t); !slices.Equal(got, others) {
			t.Errorf("%q stay, want %q", got, others)
		}
		for _, nobody := range []string{"an_@example.com%", "%", "", "nobody@example.com"} {
			if err := s.queue.Forget(t.Context(), nobody); err != nil {
				t.Errorf("%q: %v", nobody, err)
			}
		}
		if got := s.recipients(t); !slices.Equal(got, others) {
			t.Errorf("%q stay, want %q", got, others)
		}
	})
}

func TestARollbackForgetsNothing(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := start(t, d, defaults(t, ""), time.Now)
		s.send(t, korean)
		boom := errors.New("boom")
		for _, fail := range []error{boom, nil} {
			err := d.InTx(t.Context(), func(ctx context.Context) error {
				if err := s.queue.Forget(ctx, korean.To); err != nil {
					t.Error(err)
				}
				if n, err := db.Get[int](ctx, d, "SELECT count(*) FROM mail_outbox"); n != 0 || err != nil {
					t.Errorf("%d rows inside, %v", n, err)
				}
				return fail
			})
			if !errors.Is(err, fail) {
				t.Fatal(err)
			}
			if got := s.recipients(t); (len(got) == 1) != (fail != nil) {
				t.Errorf("%q stay after %v", got, fail)
			}
		}
	})
}

// The server is not ready; before it is, the recipient is forgotten.
func TestAForgottenMailIsNotSent(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		server, l := newServer(), listen(t, "127.0.0.1:0")
		server.rcpt = func(to string) error {
			if to != korean.To {
				return nil
			}
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"}
		}
		server.serve(t, l, func(*smtp.Server) {})
		s := start(t, d, defaults(t, "smtp://"+l.Addr().String()), time.Now)
		s.send(t, korean)
		testkit.Until(t, "an attempt fails", func() bool { return s.mentions("warn", "the server answered 451 4.7.1") })
		if err := s.queue.Forget(t.Context(), korean.To); err != nil {
			t.Fatal(err)
		}
		testkit.Until(t, "the job is done", func() bool { return s.jobsIn(t, "completed") == 1 })
		s.send(t, mail.Message{To: "bob@example.com", Subject: "hello", Body: "text"})
		if got := testkit.Receive(t, server.inbox); got.to != "bob@example.com" || len(server.inbox) != 0 {
			t.Errorf("delivered to %s", got.to)
		}
		if got := s.recipients(t); !slices.Equal(got, []string{"bob@example.com"}) {
			t.Errorf("%q", got)
		}
	})
}
