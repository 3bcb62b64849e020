// Package web is the HTTP side of the program: gin routes, huma's typed
// operations with their OpenAPI 3.1 document, one shape of error, and what
// every request passes through on its way.
//
// A request passes, in this order: path normalisation and gzip; request id and
// access log; recovery; security headers; refusal of garbage; CORS; refusal of
// cross-origin writes; body limit; identity; then its handler.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	gojson "github.com/goccy/go-json"
	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"rally/platform/auth"
	"rally/platform/log"
)

// maxUpload bounds any request body: ten pictures of 10 MB, and their form. Most
// operations take far less.
const maxUpload = 102 << 20

// Deps is what a Server needs.
type Deps struct {
	Config   Config
	Version  string
	Log      *zap.Logger
	Metrics  *prometheus.Registry
	Auth     auth.Authenticator
	Routes   []Routes         // the modules' operations
	Handlers []Handler        // routes outside of the OpenAPI document, such as /ws and /media
	Checks   map[string]Check // what /readyz asks, by name
	Client   *ClientFiles     // the browser client; nil serves none
}

// Handler is a route that is no typed operation.
type Handler struct {
	Method, Path string // in gin's notation: /media/*key
	Func         http.HandlerFunc
}

// Check reports whether a part that requests need answers.
type Check func(ctx context.Context) error

// Server serves Rally. Make it with New.
type Server struct {
	cfg          Config
	publicOrigin string
	proxies      []netip.Prefix
	log          *zap.Logger
	auth         auth.Authenticator
	engine       *gin.Engine
	api          huma.API
	metrics      httpMetrics
	checks       map[string]Check
	fixed        http.Header
	csrf         *http.CrossOriginProtection
	handler      http.Handler

	mu       sync.Mutex
	http     *http.Server
	listener net.Listener
	draining bool
}

// hookErrors makes huma use our problems. huma keeps the hook in a package
// variable, so it is set once a process.
var hookErrors = sync.OnceFunc(func() { //nolint:gochecknoglobals // see above
	huma.NewErrorWithContext = humaError
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return humaError(nil, status, msg, errs...)
	}
	gin.SetMode(gin.ReleaseMode)
})

// New builds a server. Two sets of routes with one name are an error.
func New(deps Deps) (*Server, error) {
	hookErrors()
	s := &Server{
		cfg: deps.Config, publicOrigin: deps.Config.Origin(), log: deps.Log.Named("http"), auth: deps.Auth,
		engine: gin.New(), checks: deps.Checks, metrics: newHTTPMetrics(deps.Metrics), fixed: fixedHeaders(deps.Config), csrf: http.NewCrossOriginProtection(),
	}
	for _, p := range deps.Config.TrustedProxies {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			ip, err := netip.ParseAddr(p)
			if err != nil {
				return nil, fmt.Errorf("RALLY_TRUSTED_PROXIES=%q: %w", p, err)
			}
			prefix = netip.PrefixFrom(ip, ip.BitLen())
		}
		s.proxies = append(s.proxies, prefix)
	}
	for _, origin := range append(slices.Clone(deps.Config.CORSOrigins), deps.Config.Origin()) {
		if err := s.csrf.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("RALLY_CORS_ORIGINS: %w", err)
		}
	}
	if err := s.engine.SetTrustedProxies(deps.Config.TrustedProxies); err != nil {
		return nil, fmt.Errorf("RALLY_TRUSTED_PROXIES: %w", err)
	}
	s.engine.RemoteIPHeaders = []string{forwardedFor} // not X-Real-IP, which a proxy may pass on as the client wrote it
	s.engine.RedirectTrailingSlash = false
	s.engine.HandleMethodNotAllowed = true
	s.engine.UseRawPath = true // a size such as 36/37 is one segment: 36%2F37
	s.engine.Use(s.observe, s.recover, s.headers, refuseGarbage, s.cors, s.refuseCrossOrigin, limitBody, s.identify)

	s.api = newAPI(s.engine, deps.Version)
	routes := slices.SortedFunc(slices.Values(deps.Routes), func(a, b Routes) int { return strings.Compare(a.Name, b.Name) })
	for i, r := range routes {
		if i > 0 && routes[i-1].Name == r.Name {
			return nil, fmt.Errorf("web: two sets of routes are named %q", r.Name)
		}
		r.Register(s.api)
	}
	for _, h := range deps.Handlers {
		s.engine.Handle(h.Method, h.Path, gin.WrapF(h.Func))
	}
	s.registerHealth(deps.Metrics)
	addExamples(s.api.OpenAPI())
	if err := s.registerDocs(); err != nil {
		return nil, err
	}
	s.registerFallback(deps.Client)

	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024))
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	compressed := compress(s.engine)
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		normalise(r)
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &timedBody{ReadCloser: r.Body, conn: http.NewResponseController(w), limit: s.cfg.ReadTimeout}
		}
		if strings.HasPrefix(r.URL.Path, "/api/") || r.URL.Path == "/metrics" {
			compressed.ServeHTTP(w, r)
			return
		}
		s.engine.ServeHTTP(w, r) // a hijacked connection, or already compressed
	})
	return s, nil
}

// normalise lets every path of the API answer with and without its trailing
// slash, without a redirect.
func normalise(r *http.Request) {
	p := r.URL.Path
	if !strings.HasPrefix(p, "/api/") || strings.HasSuffix(p, "/") || strings.HasPrefix(p, "/api/docs") || strings.HasPrefix(p, "/api/openapi") {
		return
	}
	r.URL.Path += "/"
	if r.URL.RawPath != "" {
		r.URL.RawPath += "/"
	}
}

func newAPI(engine *gin.Engine, version string) huma.API {
	registry := huma.NewMapRegistry("#/components/schemas/", schemaName)
	format := huma.Format{
		Marshal: func(w io.Writer, v any) error {
			enc := gojson.NewEncoder(w)
			enc.SetEscapeHTML(false)
			return enc.Encode(v)
		},
		Unmarshal: unmarshal,
	}
	cfg := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Rally", Version: version,
				Description: "Trade, show, meet and play. Every path answers with and without its trailing slash. Bodies may be JSON or forms.",
				License:     &huma.License{Name: "MIT"},
			},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
					"cookie": {Type: "apiKey", In: "cookie", Name: AccessCookie},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
	}
	cfg.AllowAdditionalPropertiesByDefault = true // clients may know fields that we don't, or no longer do
	api := humagin.New(engine, cfg)
	api.UseMiddleware(requireIdentity, acceptForms(registry))
	return api
}

// unmarshal reads JSON. A NUL character is refused: PostgreSQL can't store it in
// a text, and nobody means it.
func unmarshal(data []byte, v any) error {
	if hasNUL(data) {
		return errNUL
	}
	return json.Unmarshal(data, v)
}

var errNUL = errors.New("the body holds a NUL character")

// hasNUL looks for the escape of a NUL whose backslash isn't escaped itself.
func hasNUL(data []byte) bool {
	for i := 0; i+5 < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		if string(data[i+1:i+6]) == "u0000" {
			return true
		}
		i++ // whatever is escaped is no backslash of its own
	}
	return false
}

// schemaName puts the module before the name of its bodies, so that two
// modules may each have a commentBody.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	rest, ok := strings.CutPrefix(t.PkgPath(), "rally/modules/")
	if !ok {
		return name
	}
	module, _, _ := strings.Cut(rest, "/")
	return strings.ToUpper(module[:1]) + module[1:] + strings.ToUpper(name[:1]) + name[1:]
}

// API returns the typed operations, for tests that walk the document.
func (s *Server) API() huma.API { return s.api }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Start listens, and serves until Stop. A port that is taken is reported here.
func (s *Server) Start(ctx context.Context) error {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", s.cfg.Addr)
	if err != nil {
		return fmt.Errorf("RALLY_ADDR=%q: cannot listen: %w", s.cfg.Addr, err)
	}
	server := &http.Server{
		Handler: s, ReadTimeout: s.cfg.ReadTimeout, ReadHeaderTimeout: min(10*time.Second, s.cfg.ReadTimeout), WriteTimeout: s.cfg.WriteTimeout,
		IdleTimeout: s.cfg.IdleTimeout, MaxHeaderBytes: 32 << 10, ErrorLog: zap.NewStdLog(s.log),
	}
	s.mu.Lock()
	s.http, s.listener = server, listener
	s.mu.Unlock()
	go func() { // ends with Stop
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("serving ended", log.Err(err))
		}
	}()
	return nil
}

// Addr returns the address on which the server listens, which tells the port
// when port 0 was configured.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Drain makes /readyz say no and serves on for the configured moment, or until
// ctx ends, so that the proxy in front notices and sends no more.
func (s *Server) Drain(ctx context.Context) {
	s.mu.Lock()
	s.draining = true
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, s.cfg.DrainDelay)
	defer cancel()
	<-ctx.Done()
}

// Stop waits for running requests up to the configured time, then closes what
// is left.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	server := s.http
	s.mu.Unlock()
	if server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.ShutdownTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}
