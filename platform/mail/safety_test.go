package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"rally/platform/db"
	"rally/platform/mail"
	"rally/platform/testkit"
)

// certificate returns the settings of a server at 127.0.0.1 and of a client
// that trusts it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(127, 0, 0, 2)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
		&tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
}

func TestEncryptionAndLogin(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := certificate(t)
	for name, scheme := range map[string]string{"STARTTLS": "smtp", "TLS from the start": "smtps"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, l := newServer(), listen(t, "127.0.0.2:0")
			server.password = "hunter2"
			address := l.Addr().String()
			if scheme == "smtps" {
				l = tls.NewListener(l, serverTLS)
			}
			server.serve(t, l, func(s *smtp.Server) { s.TLSConfig = serverTLS })
			cfg := defaults(t, scheme+"://rally:hunter2@"+address)
			cfg.TLS = clientTLS
			s := start(t, testkit.OpenDB(t, db.SQLite), cfg, time.Now)
			s.send(t, korean)
			if got := testkit.Receive(t, server.inbox); !got.encrypted || got.user != "rally" {
				t.Errorf("encrypted %t, user %q", got.encrypted, got.user)
			}
			testkit.Until(t, "the job is done", func() bool { return s.jobsIn(t, "completed") == 1 })
			s.silentAbout(t, "hunter2")
		})
	}
}

func TestAStrangerGetsNoMail(t *testing.T) {
	t.Parallel()
	serverTLS, _ := certificate(t)
	server, l := newServer(), listen(t, "127.0.0.1:0")
	server.serve(t, l, func(s *smtp.Server) { s.TLSConfig = serverTLS })
	s := start(t, testkit.OpenDB(t, db.SQLite), defaults(t, "smtp://"+l.Addr().String()), time.Now)
	s.send(t, korean)
	testkit.Until(t, "the certificate is refused", func() bool { return s.mentions("warn", "certificate") })
	if len(server.inbox) > 0 {
		t.Error("delivered to a server that nobody vouches for")
	}
}

func TestAPasswordDoesNotTravelUnencrypted(t *testing.T) {
	t.Parallel()
	server, l := newServer(), listen(t, "127.0.0.2:0") // not what the library takes for this machine
	server.password = "hunter2"
	server.serve(t, l, func(s *smtp.Server) { s.AllowInsecureAuth = true })
	s := start(t, testkit.OpenDB(t, db.SQLite), defaults(t, "smtp://rally:hunter2@"+l.Addr().String()), time.Now)
	s.send(t, korean)
	testkit.Until(t, "the login is refused", func() bool { return s.mentions("warn", "unencrypted connection") })
	if len(server.auths) > 0 {
		t.Error("the password was shown")
	}
}

func TestAWrongPasswordIsTriedAgain(t *testing.T) {
	t.Parallel()
	server, l := newServer(), listen(t, "127.0.0.1:0")
	server.password = "new"
	server.serve(t, l, func(s *smtp.Server) { s.AllowInsecureAuth = true })
	s := start(t, testkit.OpenDB(t, db.SQLite), defaults(t, "smtp://rally:old@"+l.Addr().String()), time.Now)
	s.send(t, korean)
	testkit.Receive(t, server.auths)
	testkit.Receive(t, server.auths)
	testkit.Until(t, "the log says so", func() bool { return s.mentions("warn", "connect: the server answered 535") })
	if s.jobsIn(t, "cancelled") != 0 {
		t.Error("given up")
	}
}

func TestHeadersCannotBeInjected(t *testing.T) {
	t.Parallel()
	s := start(t, testkit.OpenDB(t, db.SQLite), defaults(t, ""), time.Now)
	good := mail.Message{To: "ann@example.com", Subject: "s", Body: "b"}
	for _, to := range []string{
		"", "ann", "ann@example.com\r\nBcc: all@example.com", "ann@example.com\n", "\"a\r\nb\"@example.com", "Ann <ann@example.com>",
		"ann@example.com, bob@example.com", "ann@example.com\x00", "ann@exa\u2028mple.com", "<ann@example.com>", strings.Repeat("a", 250) + "@example.com",
	} {
		m := good
		m.To = to
		if err := s.queue.Send(t.Context(), m); !errors.Is(err, mail.ErrBadRecipient) {
			t.Errorf("to %q: %v", to, err)
		}
	}
	for _, subject := range []string{"", "s\r\nBcc: all@example.com", "s\n", "s\rt", "s\u2028t", "s\x00", "s\xff", strings.Repeat("s", 201)} {
		m := good
		m.Subject = subject
		if err := s.queue.Send(t.Context(), m); !errors.Is(err, mail.ErrBadMessage) {
			t.Errorf("subject %q: %v", subject, err)
		}
	}
	for _, body := range []string{"", "b\x00", "b\xff", strings.Repeat("b", 1<<20+1)} {
		m := good
		m.Body = body
		if err := s.queue.Send(t.Context(), m); !errors.Is(err, mail.ErrBadMessage) {
			t.Errorf("body of %d bytes: %v", len(body), err)
		}
	}
	if n := s.count(t, "SELECT count(*) FROM mail_outbox"); n != 0 {
		t.Errorf("%d refused mails are in the outbox", n)
	}
	s.send(t, good)
}

func TestBadSettingsAreOneLine(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"mail.example.com:25":              "smtp://[user:password@]host:port",
		"http://mail.example.com":          "smtp://[user:password@]host:port",
		"smtp://":                          "host:port",
		"smtp://me:hunter2@":               "host:port",
		"smtp://me:hunter2@host:0":         "from 1 to 65535",
		"smtp://me:hunter2@host:70000":     "from 1 to 65535",
		"smtp://me:hunter2@host:port":      "host:port",
		"smtp://hunter2@host:25":           "both user and password",
		"smtp://host:25/path":              "host:port",
		"smtp://host:25?tls=no":            "host:port",
		"smtps://me:hunter2@ho st:465":     "host:port",
		"smtps://me:hunter2@host\r\n.:465": "host:port",
	} {
		_, err := mail.NewWorker(nil, defaults(t, url), time.Now)
		if err == nil || !strings.Contains(err.Error(), "RALLY_SMTP_URL") || !strings.Contains(err.Error(), want) ||
			strings.ContainsAny(err.Error(), "\r\n") || (strings.Contains(err.Error(), "hunter2") && strings.Contains(url, ":hunter2")) {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, from := range []string{"", "Rally", "a@example.com, b@example.com", "Rally <a@example.com>\r\nBcc: b@example.com"} {
		cfg := defaults(t, "")
		cfg.From = from
		if _, err := mail.NewWorker(nil, cfg, time.Now); err == nil || !strings.Contains(err.Error(), "RALLY_MAIL_FROM") || strings.ContainsAny(err.Error(), "\r\n") {
			t.Errorf("%q: %v", from, err)
		}
	}
	cfg := defaults(t, "")
	cfg.Timeout = 0
	if _, err := mail.NewWorker(nil, cfg, time.Now); err == nil || !strings.Contains(err.Error(), "RALLY_SMTP_TIMEOUT") {
		t.Errorf("%v", err)
	}
	for _, url := range []string{"", "smtp://localhost", "smtp://mx.example.com:2525", "smtps://me:p%40ss@mx.example.com", "smtp://[::1]:25"} {
		if _, err := mail.NewWorker(nil, defaults(t, url), time.Now); err != nil {
			t.Errorf("%q: %v", url, err)
		}
	}
}
