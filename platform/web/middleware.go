package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/log"
)

// observe gives the request its id, measures it and writes its access line.
func (s *Server) observe(c *gin.Context) {
	start := time.Now()
	r := &request{id: traceID(c.GetHeader("traceparent"))}
	r.client = s.describeClient(c)
	ctx := context.WithValue(c.Request.Context(), requestKey{}, r)
	ctx = log.With(ctx, s.log.WithLazy(zap.String("trace.id", r.id))) // lazy: few requests log anything
	c.Request = c.Request.WithContext(ctx)
	c.Header("X-Request-Id", r.id)
	var upgrade *hijackNoter
	if c.IsWebsocket() {
		upgrade = &hijackNoter{ResponseWriter: c.Writer}
		c.Writer = upgrade
	}

	c.Next()

	route := c.FullPath()
	if route == "" {
		route = "(none)"
	}
	status := c.Writer.Status()
	if upgrade != nil && upgrade.hijacked { // its answer went past gin, which still believes in 200
		status = http.StatusSwitchingProtocols
	}
	elapsed := time.Since(start)
	s.metrics.observe(c.Request.Method, route, status, elapsed)
	s.access(c, r, route, status, elapsed)
}

// hijackNoter remembers that the connection was taken over.
type hijackNoter struct {
	gin.ResponseWriter
	hijacked bool
}

// Hijack implements http.Hijacker.
func (w *hijackNoter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := w.ResponseWriter.Hijack()
	w.hijacked = err == nil
	return conn, rw, err
}

// access writes the request's one line. Query strings stay out, and so do paths
// that hold a key. Assets and probes are only of interest when they fail.
func (s *Server) access(c *gin.Context, r *request, route string, status int, elapsed time.Duration) {
	level := zapcore.InfoLevel
	if status >= 500 {
		level = zapcore.ErrorLevel
	} else if status < 400 && (route == assetsRoute || route == "/healthz" || route == "/readyz" || route == "/metrics") {
		level = zapcore.DebugLevel
	}
	entry := s.log.Check(level, "request")
	if entry == nil {
		return
	}
	path := c.Request.URL.Path
	if strings.Contains(route, ":key") {
		path = route
	}
	outcome := "success"
	if status >= 400 {
		outcome = "failure"
	}
	fields := make([]zap.Field, 0, 13)
	fields = append(fields,
		zap.String("event.dataset", "rally.access"), zap.String("event.outcome", outcome), zap.Duration("event.duration", elapsed),
		zap.String("http.request.method", c.Request.Method), zap.String("url.path", path), zap.Int("http.response.status_code", status),
		zap.Int("http.response.body.bytes", max(0, c.Writer.Size())), zap.String("rally.route", route),
		zap.String("client.ip", r.client.Address), zap.String("user_agent.original", r.client.UserAgent), zap.String("trace.id", r.id),
	)
	if id, ok := auth.From(c.Request.Context()); ok {
		fields = append(fields, zap.String("user.id", strconv.FormatInt(id.UserID, 10)))
	}
	entry.Write(fields...)
}

// recover turns a panic into an answer and a line with its stack.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v) // net/http's own way to drop a connection
		}
		ctx := c.Request.Context()
		err := fmt.Errorf("panic: %v", v)
		log.From(ctx).Error("request panicked", log.Err(err), zap.ByteString("error.stack_trace", debug.Stack()))
		if !c.Writer.Written() {
			writeProblem(c.Writer, faultProblem(ctx, fault.ErrInternal))
		}
		c.Abort()
	}()
	c.Next()
}

// fixedHeaders are those that every answer carries. Values follow the OWASP
// secure headers project. Their slices are shared by all answers, and so must
// never be appended to.
func fixedHeaders(cfg Config) http.Header {
	return http.Header{
		"Content-Security-Policy":    {clientPolicy(cfg)},
		"X-Content-Type-Options":     {"nosniff"},
		"X-Frame-Options":            {"DENY"},
		"Referrer-Policy":            {"strict-origin-when-cross-origin"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
		"Permissions-Policy":         {"camera=(), geolocation=(), microphone=(), payment=()"},
	}
}

func (s *Server) headers(c *gin.Context) {
	h := c.Writer.Header()
	maps.Copy(h, s.fixed)
	if requestFrom(c.Request.Context()).client.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		h.Set("Cache-Control", "no-store") // answers differ by person; handlers may say otherwise
		h.Add("Vary", "Origin, Cookie, Authorization")
	}
	c.Next()
}

// clientPolicy is the Content-Security-Policy of the browser client: its own
// files and nothing else. Pictures also come from the public address, under
// which they are linked.
func clientPolicy(cfg Config) string {
	images := "img-src 'self' data: blob:"
	if cfg.PublicURL != "" {
		images += " " + cfg.Origin()
	}
	return "default-src 'self'; script-src 'self'; style-src 'self'; " + images +
		"; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
}

// cors answers other origins only when they are on the list.
func (s *Server) cors(c *gin.Context) {
	origin := c.GetHeader("Origin")
	if origin == "" || !slices.Contains(s.cfg.CORSOrigins, origin) {
		c.Next()
		return
	}
	h := c.Writer.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Expose-Headers", "X-Request-Id, Retry-After, Link")
	if c.Request.Method == http.MethodOptions && c.GetHeader("Access-Control-Request-Method") != "" {
		h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key")
		h.Set("Access-Control-Max-Age", "7200")
		c.AbortWithStatus(http.StatusNoContent)
		return
	}
	c.Next()
}

// bearer returns the token of the Authorization header, and whether it is one
// of that scheme. Only then are the cookies out of account.
func bearer(r *http.Request) (token string, ok bool) {
	scheme, credentials, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	return credentials, true
}

// AccessToken returns the token that shows who calls: the bearer's or, without
// one, the cookie's. It is empty when there is neither.
func AccessToken(r *http.Request) string {
	if token, ok := bearer(r); ok {
		return token
	}
	if cookie, err := r.Cookie(AccessCookie); err == nil {
		return cookie.Value
	}
	return ""
}

// refuseCrossOrigin stops writes that another site makes with a person's
// cookies. A bearer token is not sent by a browser on its own, so it needs no
// such protection; other credentials, such as those for a proxy in front, are.
func (s *Server) refuseCrossOrigin(c *gin.Context) {
	if _, ok := bearer(c.Request); !ok {
		if err := s.csrf.Check(c.Request); err != nil {
			WriteProblem(c.Writer, c.Request, ErrCrossOrigin.WithCause(err))
			c.Abort()
			return
		}
	}
	c.Next()
}

// refuseGarbage stops addresses that no database could look up.
func refuseGarbage(c *gin.Context) {
	if !readable(c.Request.URL) {
		WriteProblem(c.Writer, c.Request, ErrMalformed)
		c.Abort()
		return
	}
	c.Next()
}

// readable reports whether path and query decode to text that a database can
// hold: valid UTF-8 without NUL.
func readable(u *url.URL) bool {
	query, err := url.QueryUnescape(strings.ReplaceAll(u.RawQuery, ";", "%3B"))
	return (err != nil || isText(query)) && isText(u.Path) // net/url skips what it can't decode
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func limitBody(c *gin.Context) {
	if c.Request.ContentLength > maxUpload {
		WriteProblem(c.Writer, c.Request, ErrRequestTooLarge)
		c.Abort()
		return
	}
	if c.Request.Body != nil && c.Request.Body != http.NoBody {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxUpload)
	}
	c.Next()
}

// identify finds out who calls. A token that doesn't count makes the caller
// anonymous; operations that need a login then say why.
func (s *Server) identify(c *gin.Context) {
	token := AccessToken(c.Request)
	if token == "" || s.auth == nil {
		c.Next()
		return
	}
	ctx := c.Request.Context()
	id, err := s.auth.Authenticate(ctx, token)
	switch {
	case err == nil:
		c.Request = c.Request.WithContext(auth.With(ctx, id))
	case errors.Is(err, auth.ErrTokenInvalid), errors.Is(err, auth.ErrSessionEnded):
		requestFrom(ctx).authErr = err
	default: // the database is away: "anonymous" would be a lie
		WriteProblem(c.Writer, c.Request, err)
		c.Abort()
		return
	}
	c.Next()
}
