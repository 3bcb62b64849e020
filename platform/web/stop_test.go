package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"rally/platform/testkit"
	"rally/platform/web"
)

func TestADrainingServerServesOn(t *testing.T) {
	f := newServer(t, func(d *web.Deps) { d.Config.DrainDelay = time.Hour })
	ctx, cancel := context.WithCancel(t.Context())
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		f.Drain(ctx)
	}()
	testkit.Until(t, "/readyz says no", func() bool { return f.send("GET", "/readyz", "").Code == http.StatusServiceUnavailable })
	if r := f.send("GET", "/healthz", ""); r.Code != http.StatusOK {
		t.Errorf("healthz: %d", r.Code)
	}
	select {
	case <-drained:
		t.Error("the proxy had no time to notice")
	default:
	}
	cancel()
	testkit.Receive(t, drained)
}

func TestADrainDelayIsNotNegative(t *testing.T) {
	cfg := testkit.Defaults[web.Config](t)
	if cfg.DrainDelay = -1; cfg.Validate() == nil {
		t.Error("accepted")
	}
}
