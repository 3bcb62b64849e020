package mail_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"rally/platform/db"
	"rally/platform/mail"
	"rally/platform/testkit"
)

var korean = mail.Message{
	To:      "ann@example.com",
	Subject: "Rally 이메일 인증",
	Body:    "안녕하세요!\n\n아래 주소를 눌러 주세요.\nhttps://rally.test/verify?key=S3CR3T\n.\n끝",
}

func TestAMailIsDeliveredOnce(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		server, l := newServer(), listen(t, "127.0.0.1:0")
		server.serve(t, l, func(*smtp.Server) {})
		written := time.Date(2026, 5, 4, 10, 20, 30, 123456789, time.UTC)
		s := start(t, d, defaults(t, "smtp://"+l.Addr().String()), func() time.Time { return written })
		s.send(t, korean)

		got := testkit.Receive(t, server.inbox)
		if got.from != "no-reply@rally.test" || got.to != "ann@example.com" {
			t.Errorf("envelope: from %s to %s", got.from, got.to)
		}
		m, err := netmail.ReadMessage(strings.NewReader(got.data))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || subject != korean.Subject {
			t.Errorf("subject %q, %v", subject, err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		if text := strings.TrimSpace(strings.ReplaceAll(string(body), "\r\n", "\n")); err != nil || text != korean.Body {
			t.Errorf("body %q, %v", text, err)
		}
		id := m.Header.Get("Message-ID")
		for name, want := range map[string]string{
			"From": `"Rally" <no-reply@rally.test>`, "To": "<ann@example.com>", "Date": "Mon, 04 May 2026 10:20:30 +0000",
			"Auto-Submitted": "auto-generated", "Content-Type": "text/plain; charset=UTF-8", "User-Agent": "",
		} {
			if value := m.Header.Get(name); value != want {
				t.Errorf("%s is %q, want %q", name, value, want)
			}
		}
		if len(id) < 40 || !strings.HasSuffix(id, "@rally.test>") {
			t.Errorf("Message-ID %q", id)
		}

		testkit.Until(t, "the text is erased", func() bool {
			return s.count(t, "SELECT count(*) FROM mail_outbox WHERE body = '' AND sent_at IS NOT NULL") == 1
		})
		// A job that River runs twice, because a node died, sends nothing more.
		if err := s.client.Enqueue(t.Context(), mail.Again(1)); err != nil {
			t.Fatal(err)
		}
		testkit.Until(t, "the second run is done", func() bool { return s.jobsIn(t, "completed") == 2 })
		if len(server.inbox) > 0 {
			t.Error("delivered twice")
		}
		if kept, err := s.queue.Outbox(t.Context(), 10); err != nil || len(kept) != 0 {
			t.Errorf("outbox: %v, %v", kept, err)
		}
		s.silentAbout(t, "ann@", "S3CR3T", "인증")
	})
}

func TestACopyHasTheSameMessageID(t *testing.T) {
	t.Parallel()
	d := testkit.OpenDB(t, db.SQLite)
	server, l := newServer(), listen(t, "127.0.0.1:0")
	server.serve(t, l, func(*smtp.Server) {})
	s := start(t, d, defaults(t, "smtp://"+l.Addr().String()), time.Now)
	s.send(t, korean)
	first := testkit.Receive(t, server.inbox)
	testkit.Until(t, "it is recorded", func() bool { return s.jobsIn(t, "completed") == 1 })
	// As if the program had died before it could record the delivery.
	if _, err := db.Exec(t.Context(), d, "UPDATE mail_outbox SET sent_at = NULL, body = $1", korean.Body); err != nil {
		t.Fatal(err)
	}
	if err := s.client.Enqueue(t.Context(), mail.Again(1)); err != nil {
		t.Fatal(err)
	}
	if one, two := messageID(t, first), messageID(t, testkit.Receive(t, server.inbox)); one != two {
		t.Errorf("%s, then %s", one, two)
	}
}

func messageID(t *testing.T, r received) string {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(r.data))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header.Get("Message-ID")
}

func TestARollbackSendsNothing(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := start(t, d, defaults(t, ""), time.Now)
		boom := errors.New("boom")
		if err := d.InTx(t.Context(), func(ctx context.Context) error {
			if err := s.queue.Send(ctx, korean); err != nil {
				t.Error(err)
			}
			return boom
		}); !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if n := s.count(t, "SELECT count(*) FROM mail_outbox") + s.count(t, "SELECT count(*) FROM river_job WHERE kind = 'mail.send'"); n != 0 {
			t.Fatalf("%d rows survived", n)
		}
	})
}

func TestATemporaryFailureIsTriedAgain(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		server, l := newServer(), listen(t, "127.0.0.1:0")
		var tries atomic.Int64
		server.rcpt = func(to string) error {
			if tries.Add(1) < 3 {
				return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted: " + to}
			}
			return nil
		}
		server.serve(t, l, func(*smtp.Server) {})
		s := start(t, d, defaults(t, "smtp://"+l.Addr().String()), time.Now)
		s.send(t, korean)
		testkit.Receive(t, server.inbox)
		testkit.Until(t, "the job is done", func() bool { return s.jobsIn(t, "completed") == 1 })
		if n := tries.Load(); n != 3 {
			t.Errorf("%d tries", n)
		}
		if !s.mentions("warn", "the server answered 451 4.7.1") {
			t.Error("the failure is not in the log")
		}
		s.silentAbout(t, "ann@", "greylisted", "S3CR3T")
	})
}

func TestAPermanentFailureIsRecorded(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		server, l := newServer(), listen(t, "127.0.0.1:0")
		var tries atomic.Int64
		server.rcpt = func(to string) error {
			tries.Add(1)
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such person: " + to}
		}
		server.serve(t, l, func(*smtp.Server) {})
		s := start(t, d, defaults(t, "smtp://"+l.Addr().String()), time.Now)
		s.send(t, korean)
		testkit.Until(t, "the job is given up", func() bool { return s.jobsIn(t, "cancelled") == 1 })
		if n := tries.Load(); n != 1 {
			t.Errorf("%d tries", n)
		}
		if !s.mentions("warn", "mail refused for good", "550 5.1.1") {
			t.Error("nothing in the log")
		}
		if s.count(t, "SELECT count(*) FROM mail_outbox WHERE body = '' AND sent_at IS NULL") != 1 {
			t.Error("the text was not erased, or the mail counts as sent")
		}
		s.silentAbout(t, "ann@", "no such person", "S3CR3T")
	})
}

func TestAServerThatIsDownAtFirst(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		l := listen(t, "127.0.0.1:0")
		address := l.Addr().String()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		s := start(t, d, defaults(t, "smtp://"+address), time.Now)
		s.send(t, korean)
		testkit.Until(t, "an attempt fails", func() bool { return s.mentions("warn", "connection refused") })
		server := newServer()
		server.serve(t, listen(t, address), func(*smtp.Server) {})
		testkit.Receive(t, server.inbox)
		testkit.Until(t, "the job is done", func() bool { return s.jobsIn(t, "completed") == 1 })
		s.silentAbout(t, "ann@", "S3CR3T")
	})
}

// A stop must not wait for a server that says nothing.
func TestAStopCutsAHangingConnection(t *testing.T) {
	t.Parallel()
	d := testkit.OpenDB(t, db.SQLite)
	l := listen(t, "127.0.0.1:0")
	cfg := defaults(t, "smtp://"+l.Addr().String())
	cfg.Timeout = 10 * time.Minute
	s := start(t, d, cfg, time.Now)
	s.send(t, korean)
	accepted := make(chan net.Conn, 1)
	go func() {
		if conn, err := l.Accept(); err == nil {
			accepted <- conn
		}
	}()
	conn := testkit.Receive(t, accepted)
	defer func() { _ = conn.Close() }()
	if err := s.client.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	if s.jobsIn(t, "available")+s.jobsIn(t, "retryable") != 1 {
		t.Error("the mail will not be tried again")
	}
}

func TestWithoutAServerMailsAreKept(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		cfg := defaults(t, "")
		if !cfg.Keeps() || defaults(t, "smtp://mx:25").Keeps() {
			t.Error("Keeps is wrong")
		}
		s := start(t, d, cfg, time.Now)
		s.send(t, korean)
		s.send(t, mail.Message{To: "bob@example.com", Subject: "second", Body: "two"})
		testkit.Until(t, "both are kept", func() bool {
			return s.mentions("info", "mail 1 kept in the outbox: RALLY_SMTP_URL is not set") && s.mentions("info", "mail 2 kept in the outbox: RALLY_SMTP_URL is not set")
		})
		kept, err := s.queue.Outbox(t.Context(), 10)
		if err != nil || len(kept) != 2 {
			t.Fatalf("outbox: %v, %v", kept, err)
		}
		if k := kept[0]; k.ID != 2 || k.To != "bob@example.com" {
			t.Errorf("newest: %+v", k)
		}
		if k := kept[1]; k.ID != 1 || k.Subject != korean.Subject || k.Body != korean.Body || time.Since(k.CreatedAt) < 0 {
			t.Errorf("oldest: %+v", k)
		}
		if kept, err = s.queue.Outbox(t.Context(), 0); err != nil || len(kept) != 1 {
			t.Errorf("a limit of 0: %v, %v", kept, err)
		}
		s.silentAbout(t, "ann@", "bob@", "S3CR3T", "second")
	})
}

func TestOldRowsAreSwept(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2026, 8, 1, 3, 0, 0, 0, time.UTC)
		for name, age := range map[string]time.Duration{"month": 31 * 24 * time.Hour, "week": 7 * 24 * time.Hour, "hour": time.Hour} {
			if _, err := db.Exec(t.Context(), d, "INSERT INTO mail_outbox (recipient, subject, body, created_at) VALUES ($1, 's', 'b', $2)",
				name+"@example.com", now.Add(-age)); err != nil {
				t.Fatal(err)
			}
		}
		s := start(t, d, defaults(t, "smtp://127.0.0.1:1"), func() time.Time { return now })
		testkit.Until(t, "the oldest row is gone", func() bool { return s.count(t, "SELECT count(*) FROM mail_outbox") == 2 })
		testkit.Until(t, "the old text is gone", func() bool {
			return s.count(t, "SELECT count(*) FROM mail_outbox WHERE recipient = 'week@example.com' AND body = ''") == 1
		})
		if s.count(t, "SELECT count(*) FROM mail_outbox WHERE recipient = 'hour@example.com' AND body = 'b'") != 1 {
			t.Error("a fresh text is gone")
		}
		if err := s.client.Enqueue(t.Context(), mail.Again(s.count(t, "SELECT id FROM mail_outbox WHERE body = ''"))); err != nil {
			t.Fatal(err)
		}
		testkit.Until(t, "an erased text is not sent", func() bool { return s.jobsIn(t, "cancelled") == 1 })
	})
}
