package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"rally/platform/auth"
)

// Client is what a request tells about its sender.
type Client struct {
	Address   string // without port; X-Forwarded-For only from trusted proxies
	UserAgent string // at most 255 bytes
	Origin    string // scheme://host under which the request came
	Secure    bool   // TLS, here or at the trusted proxy in front
}

// forwardedFor is the one header that tells a client's address.
const forwardedFor = "X-Forwarded-For"

// request is everything that the middleware learns about a request. It stands
// in the context once, so that a request costs one context value.
type request struct {
	id      string // 32 hex digits; also the trace id
	client  Client
	authErr error // why the token that was sent doesn't count
}

type requestKey struct{}

func requestFrom(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}

// RequestID returns the id of the request, which is also its trace id.
func RequestID(ctx context.Context) string {
	if r := requestFrom(ctx); r != nil {
		return r.id
	}
	return ""
}

// ClientFrom returns the sender of the request.
func ClientFrom(ctx context.Context) Client {
	if r := requestFrom(ctx); r != nil {
		return r.client
	}
	return Client{}
}

// BaseURL returns scheme://host for links inside an answer, such as those to
// the next page.
func BaseURL(ctx context.Context) string { return ClientFrom(ctx).Origin }

// traceID returns the id of the request's trace: that of a valid traceparent
// header (https://www.w3.org/TR/trace-context/), so that a request can be
// followed through the proxy in front, or a new one.
func traceID(header string) string {
	// version "00" - 32 hex trace id - 16 hex parent id - 2 hex flags
	if len(header) == 55 && header[:3] == "00-" && header[35] == '-' && header[52] == '-' {
		id := header[3:35]
		if isHex(id) && strings.Trim(id, "0") != "" {
			return id
		}
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func isHex(s string) bool {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

// describeClient reads the sender's facts. Forwarding headers count only when
// gin trusts the peer.
func (s *Server) describeClient(c *gin.Context) Client {
	r := c.Request
	agent := r.UserAgent()
	if len(agent) > 255 {
		agent = strings.ToValidUTF8(agent[:255], "")
	}
	// An operator who names a public address with https has TLS in front, whatever
	// the proxy says: cookies must never leave without it.
	secure := r.TLS != nil || strings.HasPrefix(s.publicOrigin, "https://")
	client := Client{Address: s.addressOf(c), UserAgent: agent, Secure: secure}
	if protos := r.Header.Values("X-Forwarded-Proto"); !client.Secure && len(protos) > 0 && s.trusted(c.RemoteIP()) {
		client.Secure = strings.EqualFold(protos[len(protos)-1], "https")
	}
	client.Origin = s.originOf(r.Host, client.Secure)
	return client
}

// addressOf returns the sender's address. A proxy may add its X-Forwarded-For
// as a line of its own, behind one that the sender made up. gin reads the first
// line only, so they become one.
func (s *Server) addressOf(c *gin.Context) string {
	if lines := c.Request.Header.Values(forwardedFor); len(lines) > 1 {
		c.Request.Header.Set(forwardedFor, strings.Join(lines, ","))
	}
	return c.ClientIP()
}

// originOf answers under the host that was asked for, but only when it is one
// of ours: a forged Host header must not end in a link or in a cache.
func (s *Server) originOf(host string, secure bool) string {
	if s.cfg.PublicURL != "" {
		return s.publicOrigin
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	if name != "localhost" && (err != nil || !ip.IsLoopback()) && host != s.cfg.Addr {
		return s.publicOrigin
	}
	if secure {
		return "https://" + host
	}
	return "http://" + host
}

func (s *Server) trusted(remote string) bool {
	if len(s.proxies) == 0 {
		return false
	}
	ip, err := netip.ParseAddr(remote)
	if err != nil {
		return false
	}
	for _, p := range s.proxies {
		if p.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

// Names of the cookies that carry a login.
const (
	AccessCookie  = "rally-access"
	RefreshCookie = "rally-refresh"
)

// refreshPath is where the refresh cookie is sent: only to the operations that
// need it, so that it is seldom on the wire.
const refreshPath = "/api/accounts/"

// SessionCookies returns the cookies that carry a login: HttpOnly,
// SameSite=Lax, Secure behind TLS.
func SessionCookies(ctx context.Context, t auth.Tokens) []http.Cookie {
	return []http.Cookie{
		Cookie(ctx, AccessCookie, "/", t.Access, t.AccessExpires),
		Cookie(ctx, RefreshCookie, refreshPath, t.Refresh, t.RefreshExpires),
	}
}

// ClearedCookies returns cookies that end the login in the browser.
func ClearedCookies(ctx context.Context) []http.Cookie {
	return []http.Cookie{ClearedCookie(ctx, AccessCookie, "/"), ClearedCookie(ctx, RefreshCookie, refreshPath)}
}

// Cookie returns a cookie that no script reads and no other site makes a
// browser send with a write: HttpOnly, SameSite=Lax, Secure behind TLS.
func Cookie(ctx context.Context, name, path, value string, expires time.Time) http.Cookie {
	return http.Cookie{
		Name: name, Value: value, Path: path, Expires: expires.UTC(),
		HttpOnly: true, Secure: ClientFrom(ctx).Secure, SameSite: http.SameSiteLaxMode,
	}
}

// ClearedCookie returns a cookie that removes the one of that name and path.
func ClearedCookie(ctx context.Context, name, path string) http.Cookie {
	c := Cookie(ctx, name, path, "", time.Unix(1, 0))
	c.MaxAge = -1
	return c
}
