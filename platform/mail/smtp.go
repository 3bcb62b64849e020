package mail

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// errRefused says that the server will never take this message.
var errRefused = errors.New("the server refused it for good")

// errNoAuth says that the server offers no way to log in that we would use.
var errNoAuth = errors.New("the server offers neither PLAIN nor LOGIN")

// deliver hands one message to the server. Its errors hold no address; one
// that is errRefused makes another attempt pointless.
func (w *Worker) deliver(ctx context.Context, k Kept) error {
	m, err := w.compose(k)
	if err != nil {
		return err
	}
	tlsConfig := &tls.Config{MinVersion: tls.VersionTLS12}
	if w.cfg.TLS != nil {
		tlsConfig = w.cfg.TLS.Clone()
	}
	tlsConfig.ServerName = w.server.host

	// The library neither ends with the context once it is connected nor closes
	// the connection after each kind of failure, so the connection is ours.
	release := func() {}
	defer func() { release() }()
	dial := func(dialCtx context.Context, network, address string) (net.Conn, error) {
		var dialer interface {
			DialContext(context.Context, string, string) (net.Conn, error)
		} = &net.Dialer{}
		if w.server.implicitTLS {
			dialer = &tls.Dialer{Config: tlsConfig}
		}
		conn, err := dialer.DialContext(dialCtx, network, address)
		if err != nil {
			return nil, err
		}
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		release = func() { stop(); _ = conn.Close() }
		return conn, nil
	}
	options := []gomail.Option{
		gomail.WithPort(w.server.port), gomail.WithTimeout(w.cfg.Timeout), gomail.WithDialContextFunc(dial),
		gomail.WithTLSPolicy(gomail.TLSOpportunistic), gomail.WithTLSConfig(tlsConfig), gomail.WithoutNoop(), gomail.WithoutRset(),
	}
	if w.server.implicitTLS {
		options = append(options, gomail.WithSSL())
	}
	if w.server.username != "" {
		options = append(options, gomail.WithSMTPAuthCustom(&login{server: w.server}))
	}
	client, err := gomail.NewClient(w.server.host, options...)
	if err != nil {
		return fmt.Errorf("prepare the connection: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, m)
	if m.IsDelivered() {
		return nil // whatever went wrong while saying goodbye
	}
	return explain(err)
}

// compose makes the message. The Message-ID is the same in every attempt, so
// that a receiver can tell a copy.
func (w *Worker) compose(k Kept) (*gomail.Msg, error) {
	to, err := mail.ParseAddress(k.To)
	if err != nil {
		return nil, errRefused // the parser's error quotes the address
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s", k.ID, k.CreatedAt.UnixMicro(), k.To))
	_, domain, _ := strings.Cut(w.from.Address, "@")
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(w.from)
	m.ToMailAddress(to)
	m.Subject(k.Subject)
	m.SetDateWithValue(k.CreatedAt.UTC())
	m.SetMessageIDWithValue(hex.EncodeToString(sum[:16]) + "@" + domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // keeps holiday replies away
	m.SetBodyString(gomail.TypeTextPlain, k.Body)
	return m, nil
}

// explain keeps of an error what is safe to log. Servers like to quote the
// recipient in their replies, so of those only the codes remain.
func explain(err error) error {
	var sent *gomail.SendError
	var reply *textproto.Error
	switch {
	case errors.As(err, &sent) && sent.ErrorCode() == 0:
		return fmt.Errorf("%s: no answer", sent.Reason)
	case errors.As(err, &sent):
		answer := strings.TrimSpace(fmt.Sprintf("%d %s", sent.ErrorCode(), sent.EnhancedStatusCode()))
		// What the server has against our own address is a matter of settings,
		// which may change.
		if sent.ErrorCode() >= 500 && sent.Reason != gomail.ErrSMTPMailFrom {
			return fmt.Errorf("%s: %w: %s", sent.Reason, errRefused, answer)
		}
		return fmt.Errorf("%s: the server answered %s", sent.Reason, answer)
	case errors.As(err, &reply):
		return fmt.Errorf("connect: the server answered %d", reply.Code)
	}
	return err
}

// login chooses between PLAIN and LOGIN by what the server offers once the
// connection is encrypted. Both refuse to show a password to an unencrypted
// connection, unless it goes to this very machine.
type login struct {
	server *server
	smtp.Auth
}

// Start implements smtp.Auth.
func (l *login) Start(info *smtp.ServerInfo) (string, []byte, error) {
	switch {
	case slices.Contains(info.Auth, "PLAIN"):
		l.Auth = smtp.PlainAuth("", l.server.username, l.server.password, l.server.host, false)
	case slices.Contains(info.Auth, "LOGIN"):
		l.Auth = smtp.LoginAuth(l.server.username, l.server.password, l.server.host, false)
	default:
		return "", nil, errNoAuth
	}
	return l.Auth.Start(info)
}
