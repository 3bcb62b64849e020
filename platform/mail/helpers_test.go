package mail_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"rally/platform/db"
	"rally/platform/jobs"
	"rally/platform/mail"
	"rally/platform/testkit"
)

// TestMain fails the run when goroutines were left behind.
func TestMain(m *testing.M) {
	time.Local = time.FixedZone("KST", 9*60*60)
	// The database server of the tests ends with the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"))
}

// received is a mail as it came over the wire.
type received struct {
	from, to  string
	data      string
	encrypted bool
	user      string
}

// smtpServer is a real SMTP server on loopback. Its hooks may refuse.
type smtpServer struct {
	inbox    chan received
	rcpt     func(to string) error
	password string // wanted when not empty
	auths    chan string
}

func newServer() *smtpServer {
	return &smtpServer{inbox: make(chan received, 10), auths: make(chan string, 10), rcpt: func(string) error { return nil }}
}

// serve takes mail from l until the test ends.
func (s *smtpServer) serve(t *testing.T, l net.Listener, tune func(*smtp.Server)) {
	t.Helper()
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c}, nil }))
	server.Domain = "mx.rally.test"
	server.ErrorLog = quiet{}
	tune(server)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // says that it was closed
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type session struct {
	server *smtpServer
	conn   *smtp.Conn
	mail   received
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		s.server.auths <- username
		if password != s.server.password {
			return smtp.ErrAuthFailed
		}
		s.mail.user = username
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.password != "" && s.mail.user == "" {
		return smtp.ErrAuthRequired
	}
	s.mail.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to = to
	return s.server.rcpt(to)
}

func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.data = string(b)
	_, s.mail.encrypted = s.conn.TLSConnectionState()
	s.server.inbox <- s.mail
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func listen(t *testing.T, address string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// defaults are the settings of an empty environment, except for url.
func defaults(t *testing.T, url string) mail.Config {
	t.Helper()
	cfg := testkit.Defaults[mail.Config](t)
	cfg.URL = url
	return cfg
}

// system is the whole way of a mail.
type system struct {
	queue  *mail.Queue
	client *jobs.Client
	logs   *observer.ObservedLogs
	d      *db.DB
}

func start(t *testing.T, d *db.DB, cfg mail.Config, now func() time.Time) *system {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	worker, err := mail.NewWorker(d, cfg, now)
	if err != nil {
		t.Fatal(err)
	}
	jobsCfg := testkit.Defaults[jobs.Config](t)
	jobsCfg.PollInterval = 10 * time.Millisecond
	jobsCfg.StopTimeout = 100 * time.Millisecond
	jobsCfg.Backoff = func(int) time.Duration { return time.Millisecond }
	client, err := jobs.Open(d, jobsCfg, zap.New(core), worker.Jobs())
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return &system{queue: mail.NewQueue(d, client, now), client: client, logs: logs, d: d}
}

func (s *system) send(t *testing.T, m mail.Message) {
	t.Helper()
	if err := s.queue.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// count runs a query that counts.
func (s *system) count(t *testing.T, query string, args ...any) int64 {
	t.Helper()
	n, err := db.Get[int64](t.Context(), s.d, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// jobsIn counts the mail jobs in a state.
func (s *system) jobsIn(t *testing.T, state string) int64 {
	t.Helper()
	return s.count(t, "SELECT count(*) FROM river_job WHERE kind = 'mail.send' AND CAST(state AS text) = $1", state)
}

// silentAbout fails the test when a secret is in a log line, or in the errors
// that River keeps.
func (s *system) silentAbout(t *testing.T, secrets ...string) {
	t.Helper()
	var lines []string
	for _, e := range s.logs.All() {
		lines = append(lines, e.Message+" "+fmt.Sprint(e.ContextMap()))
	}
	column := "CAST(errors AS text)"
	if s.d.Dialect == db.Postgres {
		column = "array_to_string(errors, ' ')"
	}
	kept, err := db.Select[string](t.Context(), s.d, "SELECT CAST(args AS text) || coalesce("+column+", '') FROM river_job")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range append(lines, kept...) {
		for _, secret := range secrets {
			if strings.Contains(line, secret) {
				t.Errorf("%q is told: %s", secret, line)
			}
		}
	}
}

func (s *system) mentions(parts ...string) bool { return testkit.Mentions(s.logs, parts...) }
