package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rally/platform/log"
)

type httpMetrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newHTTPMetrics(registry *prometheus.Registry) httpMetrics {
	m := httpMetrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rally_http_requests_total", Help: "Requests by method, route and status."}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rally_http_request_duration_seconds", Help: "Time to answer a request, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
	}
	registry.MustRegister(m.requests, m.duration)
	return m
}

func (m httpMetrics) observe(method, route string, status int, elapsed time.Duration) {
	if !knownMethod(method) {
		method = "other" // strangers must not make new time series
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(route).Observe(elapsed.Seconds())
}

func knownMethod(m string) bool {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return true
	}
	return false
}

// registerHealth adds /healthz (the process is alive), /readyz (it can serve:
// every check passes and no stop has begun) and /metrics (Prometheus).
func (s *Server) registerHealth(registry *prometheus.Registry) {
	s.probe("/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "ok"}) })
	s.probe("/readyz", func(c *gin.Context) {
		ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
		defer cancel()
		s.mu.Lock()
		ready := !s.draining
		s.mu.Unlock()
		checks := gin.H{}
		for name, check := range s.checks {
			checks[name] = "ok"
			if err := check(ctx); err != nil {
				log.From(ctx).Warn("not ready: "+name, log.Err(err))
				checks[name], ready = "failed", false
			}
		}
		if !ready {
			c.JSON(http.StatusServiceUnavailable, gin.H{"status": "unavailable", "checks": checks})
			return
		}
		c.JSON(http.StatusOK, gin.H{"status": "ok", "checks": checks})
	})
	metrics := promhttp.HandlerFor(registry, promhttp.HandlerOpts{DisableCompression: true})
	s.engine.GET("/metrics", gin.WrapH(metrics))
}

// probe answers with and without a trailing slash: a probe that got the
// browser client instead would be green for ever.
func (s *Server) probe(path string, handler gin.HandlerFunc) {
	for _, method := range []string{http.MethodGet, http.MethodHead} { // monitors use either
		s.engine.Handle(method, path, handler)
		s.engine.Handle(method, path+"/", handler)
	}
}
