package oauth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rally/modules/accounts"
)

// maxAnswer bounds what is read of an answer, unpacked.
const maxAnswer = 1 << 20

// maxCredential bounds codes and tokens. Real ones have less than 3 KiB.
const maxCredential = 4096

func refused(format string, args ...any) error {
	return accounts.ErrProviderRefused.WithCause(fmt.Errorf(format, args...))
}

func unavailable(format string, args ...any) error {
	return accounts.ErrProviderUnavailable.WithCause(fmt.Errorf(format, args...))
}

// caller makes calls to providers. It is safe for concurrent use.
type caller struct {
	http    *http.Client
	timeout time.Duration // of a whole exchange
}

func newCaller(timeout time.Duration) caller {
	return caller{timeout: timeout, http: &http.Client{
		Timeout: timeout, // for calls that go-oidc makes by itself
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
		Transport: bounded{&http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: timeout}).DialContext,
			TLSHandshakeTimeout:   timeout,
			ResponseHeaderTimeout: timeout,
			TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
			// Logins are minutes apart: no connection waits idle, so none has
			// to be closed when the program ends.
			DisableKeepAlives: true,
		}},
	}}
}

// bounded limits the bodies that come through it.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.next.RoundTrip(r)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, maxAnswer)
	}
	return answer, err
}

// within runs fn under the timeout. When ctx itself has ended, its error is
// returned as it is: the caller has left, nobody failed.
func within[T any](ctx context.Context, timeout time.Duration, fn func(context.Context) (T, error)) (T, error) {
	inner, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	result, err := fn(inner)
	if err != nil {
		var none T
		if ctx.Err() != nil {
			return none, ctx.Err()
		}
		return none, err
	}
	return result, nil
}

// request is one call. With a form it is a POST, else a GET.
type request struct {
	what string // names the call in errors
	url  string
	post bool
	form url.Values // sent in the body, so that no log on the way has it
	// token is sent as a bearer token (RFC 6750), for the same reason.
	token string
}

// ask makes a call and returns the body of an answer with status 200. Where a
// code or a token was shown, a 4xx status is the provider's no.
func (c caller) ask(ctx context.Context, q request) ([]byte, error) {
	method, form := http.MethodGet, io.Reader(http.NoBody)
	if q.post || q.form != nil {
		method, form = http.MethodPost, strings.NewReader(q.form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, q.url, form)
	if err != nil {
		return nil, unavailable("%s: the address can't be used", q.what)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "rally")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if q.token != "" {
		r.Header.Set("Authorization", "Bearer "+q.token)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, unavailable("%s: %s", q.what, reason(err))
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, unavailable("%s: %s", q.what, reason(err))
	}
	if answer.StatusCode == http.StatusOK {
		return body, nil
	}
	var told struct {
		Error string `json:"error"`
	}
	_ = decode(q.what, body, &told) // the status says enough
	word, transient := errorWord(told.Error)
	if (q.form == nil && q.token == "") || transient || !isNo(answer.StatusCode) {
		return nil, unavailable("%s: status %d%s", q.what, answer.StatusCode, word)
	}
	return nil, refused("%s: status %d%s", q.what, answer.StatusCode, word)
}

// isNo tells a verdict from a 4xx status that asks to come back later.
func isNo(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return status >= 400 && status < 500
}

// errorWord returns an error code as it may stand in a log. Only the codes of the
// standards (RFC 6749, RFC 6750) pass: another may quote what we have sent.
func errorWord(code string) (text string, transient bool) {
	switch code {
	case "":
		return "", false
	case "server_error", "temporarily_unavailable":
		return ", " + code, true
	case "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
		"unsupported_response_type", "invalid_scope", "access_denied", "invalid_token", "insufficient_scope":
		return ", " + code, false
	}
	return ", an undocumented error code", false
}

// reason says in our words why there was no answer. The texts of *url.Error
// and of net/http quote addresses and answers.
func reason(err error) string {
	var (
		slow interface{ Timeout() bool }
		big  *http.MaxBytesError
		cert *tls.CertificateVerificationError
		op   *net.OpError
	)
	switch {
	case errors.As(err, &slow) && slow.Timeout():
		return "no answer in time"
	case errors.As(err, &big):
		return "the answer is too large"
	case errors.As(err, &cert):
		return cert.Error()
	case errors.As(err, &op):
		return op.Error()
	}
	return "the connection broke"
}

// usable reports whether a code or a token from outside can be one.
func usable(credential string) bool {
	return credential != "" && len(credential) <= maxCredential &&
		!strings.ContainsFunc(credential, func(r rune) bool { return r <= ' ' || r > '~' })
}
