package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx/fxtest"
	"go.uber.org/zap"

	"rally/platform/auth"
	"rally/platform/testkit"
	"rally/platform/web"
	"rally/platform/ws"
)

// fleeting is a session that ends right after its first request was let in.
type fleeting struct{ asked atomic.Int64 }

func (f *fleeting) Authenticate(_ context.Context, token string) (auth.Identity, error) {
	if token != "mine" {
		return auth.Identity{}, auth.ErrTokenInvalid
	}
	if f.asked.Add(1) > 1 {
		return auth.Identity{}, auth.ErrSessionEnded
	}
	return auth.Identity{UserID: 7, SessionID: 70}, nil
}

func (f *fleeting) CheckSession(ctx context.Context, _ auth.Identity) error {
	_, err := f.Authenticate(ctx, "mine")
	return err
}

func (f *fleeting) Redeem(context.Context, string) (auth.Identity, error) {
	return auth.Identity{}, auth.ErrTokenInvalid
}

// A session that ends during the handshake was called over before the hub knew
// the socket: the hub asks again.
func TestASessionThatEndsDuringTheHandshakeKeepsNoSocket(t *testing.T) {
	lc, sessions, registry, webCfg := fxtest.NewLifecycle(t), &fleeting{}, prometheus.NewRegistry(), testkit.Defaults[web.Config](t)
	hub, err := newHub(nil, nil, nil, lc, testkit.Defaults[ws.Config](t), webCfg, sessions, registry, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	lc.RequireStart()
	defer lc.RequireStop()
	server, err := web.New(web.Deps{
		Config: webCfg, Version: "test", Log: zap.NewNop(), Metrics: registry, Auth: sessions,
		Handlers: []web.Handler{{Method: http.MethodGet, Path: "/ws", Func: hub.Serve}},
	})
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(server)
	defer site.Close()
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(site.URL, "http")+"/ws", http.Header{"Cookie": {web.AccessCookie + "=mine"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	err = conn.SetReadDeadline(time.Now().Add(time.Minute))
	for err == nil { // the error frame, then the end
		_, _, err = conn.ReadMessage()
	}
	if !websocket.IsCloseError(err, ws.CloseSessionEnded) {
		t.Fatalf("ended with %v", err)
	}
}
