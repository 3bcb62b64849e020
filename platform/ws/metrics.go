package ws

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	sockets       prometheus.Gauge
	subscriptions prometheus.Gauge
	frames        prometheus.Counter
	slow          prometheus.Counter
	skipped       prometheus.Counter
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		sockets:       prometheus.NewGauge(prometheus.GaugeOpts{Name: "rally_ws_sockets", Help: "Open websockets."}),
		subscriptions: prometheus.NewGauge(prometheus.GaugeOpts{Name: "rally_ws_subscriptions", Help: "Subscriptions of all websockets."}),
		frames:        prometheus.NewCounter(prometheus.CounterOpts{Name: "rally_ws_frames_sent_total", Help: "Text frames written to websockets."}),
		slow:          prometheus.NewCounter(prometheus.CounterOpts{Name: "rally_ws_slow_closes_total", Help: "Websockets closed because they read too slowly."}),
		skipped:       prometheus.NewCounter(prometheus.CounterOpts{Name: "rally_ws_frames_skipped_total", Help: "Frames of matches that found no room in a slow reader's line."}),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.sockets, m.subscriptions, m.frames, m.slow, m.skipped} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("ws: metrics: %w", err)
		}
	}
	return m, nil
}
