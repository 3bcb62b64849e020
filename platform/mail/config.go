package mail

import (
	"crypto/tls"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rally/platform/config"
)

// Config of the mail sender.
type Config struct {
	URL     string        `env:"RALLY_SMTP_URL" help:"SMTP server, smtp://[user:password@]host:port or smtps://…; empty keeps mails in the outbox"`
	From    string        `env:"RALLY_MAIL_FROM" envDefault:"Rally <no-reply@rally.test>" help:"sender of all mails"`
	Timeout time.Duration `env:"RALLY_SMTP_TIMEOUT" envDefault:"10s" help:"how long the SMTP server may take for one step"`

	// TLS replaces the settings of encrypted connections. Tests put the
	// certificate of their server here.
	TLS *tls.Config
}

// Keeps reports whether mails stay in the outbox, because there is no server.
// Only then may a page show them to anybody.
func (c Config) Keeps() bool { return c.URL == "" }

// Validate says which value is not allowed. The error never shows a password.
func (c Config) Validate() error {
	if _, err := parseFrom(c.From); err != nil {
		return err
	}
	if c.Timeout <= 0 {
		return config.Bad("RALLY_SMTP_TIMEOUT", c.Timeout.String(), "more than 0s")
	}
	_, err := parseServer(c.URL)
	return err
}

// server is a parsed RALLY_SMTP_URL.
type server struct {
	implicitTLS        bool // smtps; else STARTTLS where it is offered
	host               string
	port               int
	username, password string
}

const serverForm = "smtp://[user:password@]host:port or smtps://[user:password@]host:port"

// parseServer reads the URL of an SMTP server. An empty one gives nil.
func parseServer(raw string) (*server, error) {
	if raw == "" {
		return nil, nil // no server is a setting
	}
	u, err := url.Parse(raw)
	if err != nil {
		// The parser's error quotes the URL, and a password with it.
		return nil, config.Bad("RALLY_SMTP_URL", "…", serverForm)
	}
	s := &server{implicitTLS: u.Scheme == "smtps", host: u.Hostname(), port: 25}
	if s.implicitTLS {
		s.port = 465
	}
	if p := u.Port(); p != "" {
		// The parser has made sure that it is a number.
		if s.port, err = strconv.Atoi(p); err != nil || s.port < 1 || s.port > 65535 {
			return nil, config.Bad("RALLY_SMTP_URL", u.Redacted(), serverForm+", with a port from 1 to 65535")
		}
	}
	if (u.Scheme != "smtp" && !s.implicitTLS) || s.host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, config.Bad("RALLY_SMTP_URL", u.Redacted(), serverForm)
	}
	if u.User != nil {
		s.username = u.User.Username()
		s.password, _ = u.User.Password()
		if s.username == "" || s.password == "" {
			return nil, config.Bad("RALLY_SMTP_URL", u.Redacted(), serverForm+", with both user and password or neither")
		}
	}
	return s, nil
}

func parseFrom(raw string) (*mail.Address, error) {
	from, err := mail.ParseAddress(raw)
	if err != nil || strings.ContainsFunc(raw, isControl) {
		return nil, config.Bad("RALLY_MAIL_FROM", raw, "an address such as Rally <no-reply@example.com>")
	}
	return from, nil
}
