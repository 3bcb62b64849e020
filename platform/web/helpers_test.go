package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/page"
	"rally/platform/web"
)

// tokens accepts "good" and "staff".
type tokens struct{}

func (tokens) Authenticate(_ context.Context, token string) (auth.Identity, error) {
	switch token {
	case "good":
		return auth.Identity{UserID: 7, SessionID: 1}, nil
	case "staff":
		return auth.Identity{UserID: 8, SessionID: 2, Staff: true}, nil
	case "ended":
		return auth.Identity{}, auth.ErrSessionEnded
	case "outage":
		return auth.Identity{}, errors.New("the database is away, secret detail")
	}
	return auth.Identity{}, auth.ErrTokenInvalid
}

var errMoved = fault.New(fault.Conflict, "test.moved", "It moved.")

type noteInput struct {
	Body struct {
		Text  string   `json:"text" maxLength:"10"`
		Count int      `json:"count,omitempty"`
		Share float64  `json:"share,omitempty"`
		Flag  bool     `json:"flag,omitempty"`
		Tags  []string `json:"tags,omitempty"`
	}
}

func routes() web.Routes {
	return web.Routes{Name: "test", Register: func(api huma.API) {
		huma.Register(api, web.Op(http.MethodPost, "/api/notes/", "note", "Test", "Echo"), func(_ context.Context, in *noteInput) (*struct{ Body any }, error) {
			return &struct{ Body any }{in.Body}, nil
		})
		huma.Register(api, web.Op(http.MethodGet, "/api/mine/", "mine", "Test", "Mine", web.Login()), func(ctx context.Context, _ *struct{}) (*struct{ Body map[string]any }, error) {
			return &struct{ Body map[string]any }{map[string]any{"user": auth.UserID(ctx), "address": web.ClientFrom(ctx).Address, "base": web.BaseURL(ctx)}}, nil
		})
		huma.Register(api, web.Op(http.MethodDelete, "/api/mine/", "mine-delete", "Test", "Delete", web.Login(), web.Status(204)), func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
		huma.Register(api, web.Op(http.MethodGet, "/api/staff/", "staff", "Test", "Staff", web.Staff()), func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
		huma.Register(api, web.Op(http.MethodGet, "/api/fails/{how}/", "fails", "Test", "Fail"), func(_ context.Context, in *struct {
			How string `path:"how"`
		}) (*struct{}, error) {
			switch in.How {
			case "moved":
				return nil, errMoved.With("price", 5).WithField("price", "is old")
			case "panic":
				panic("boom, secret detail")
			}
			return nil, errors.New("boom, secret detail")
		})
		huma.Register(api, web.Op(http.MethodGet, "/api/rows/", "rows", "Test", "Rows"), func(ctx context.Context, in *struct{ web.PageInput }) (*struct{ Body web.PageBody[int] }, error) {
			p, err := in.Request()
			if err != nil {
				return nil, err
			}
			list := page.List[int]{Rows: make([]int, p.Size), Count: 95, Page: p}
			return &struct{ Body web.PageBody[int] }{web.NewPageBody(ctx, &in.PageInput, list, func(n int) int { return n })}, nil
		})
		huma.Register(api, web.Op(http.MethodGet, "/api/long/", "long", "Test", "Long"), func(context.Context, *struct{}) (*struct{ Body string }, error) {
			return &struct{ Body string }{strings.Repeat("rally ", 1000)}, nil
		})
	}}
}

type fixture struct {
	*web.Server
	logs *observer.ObservedLogs
}

func newServer(t *testing.T, change func(*web.Deps)) *fixture {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	client, err := web.NewClientFiles(fstest.MapFS{
		"index.html": {Data: []byte(`<link href="{{.Assets}}/app.css"><p>client</p>`)},
		"app.css":    {Data: []byte(strings.Repeat("body{color:red}", 200))},
	})
	if err != nil {
		t.Fatal(err)
	}
	deps := web.Deps{
		Config:  web.Config{Addr: "127.0.0.1:0", ReadTimeout: 1e9, WriteTimeout: 1e9, IdleTimeout: 1e9, ShutdownTimeout: 1e9},
		Version: "test", Log: zap.New(core), Metrics: prometheus.NewRegistry(), Auth: tokens{}, Routes: []web.Routes{routes()}, Client: client,
	}
	if change != nil {
		change(&deps)
	}
	s, err := web.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{s, logs}
}

type reply struct {
	*httptest.ResponseRecorder
}

func (r reply) object(t *testing.T) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal(r.Body.Bytes(), &o); err != nil {
		t.Fatalf("%v: %s", err, r.Body)
	}
	return o
}

// send makes a request; headers come in pairs.
func (f *fixture) send(method, target, body string, headers ...string) reply {
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, reader)
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return reply{w}
}

func (r reply) want(t *testing.T, status int, code string) map[string]any {
	t.Helper()
	o := r.object(t)
	if r.Code != status || o["code"] != code {
		t.Fatalf("status %d, code %v, want %d %s: %s", r.Code, o["code"], status, code, r.Body)
	}
	if ct := r.Header().Get("Content-Type"); ct != web.ProblemType {
		t.Fatalf("an error of type %q", ct)
	}
	if o["request_id"] != r.Header().Get("X-Request-Id") || o["request_id"] == "" {
		t.Fatalf("request id %v, header %q", o["request_id"], r.Header().Get("X-Request-Id"))
	}
	return o
}

func zapNop() *zap.Logger { return zap.NewNop() }

func newRegistry() *prometheus.Registry { return prometheus.NewRegistry() }

func nothing(huma.API) {}

// logged counts the lines of which any field holds text.
func (f *fixture) logged(text string) int {
	n := 0
	for _, line := range f.logs.All() {
		if strings.Contains(fmt.Sprint(line.ContextMap()), text) {
			n++
		}
	}
	return n
}
