package app_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/fx"

	"rally/internal/app"
	"rally/platform/blob"
	"rally/platform/bus"
	"rally/platform/db"
	"rally/platform/testkit"
	"rally/platform/web"
)

// The clients of sockets are told before anybody is waited for.
func TestAStopTellsTheSocketsFirst(t *testing.T) {
	dir := t.TempDir()
	var server *web.Server
	program := fx.New(
		app.Serve(app.Input{Source: source(t, "RALLY_ADDR=127.0.0.1:0", "RALLY_DATA_DIR="+dir, "RALLY_DATABASE_URL=sqlite:"+filepath.Join(dir, "rally.db"), "RALLY_LOG_LEVEL=error"), Version: "test"}),
		fx.Populate(&server),
	)
	if err := program.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop := func() error {
		ctx, cancel := context.WithTimeout(context.Background(), program.StopTimeout())
		defer cancel()
		return program.Stop(ctx)
	}
	t.Cleanup(func() { _ = stop() }) // for a test that fails early; twice is fine

	socket, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+server.Addr()+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	finish := slowRequest(t, server.Addr())

	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for err == nil {
		_, _, err = socket.ReadMessage()
	}
	var closed *websocket.CloseError
	if !errors.As(err, &closed) || closed.Code != websocket.CloseGoingAway {
		t.Errorf("the socket ended with %v", err)
	}
	finish() // which fails once the server has lost its patience with it
	if err := testkit.Receive(t, stopped); err != nil {
		t.Errorf("stop: %v", err)
	}
}

// slowRequest begins a request, and returns once the server reads its body.
// finish sends the rest and wants an answer.
func slowRequest(t *testing.T, addr string) (finish func()) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	say := func(text string) {
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Error(err)
		}
	}
	say("POST /api/accounts/login/ HTTP/1.1\r\nHost: " + addr + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
	replies := bufio.NewReader(conn)
	res, err := http.ReadResponse(replies, nil)
	if err != nil || res.StatusCode != http.StatusContinue {
		t.Fatalf("%v %v", res, err)
	}
	_ = res.Body.Close()
	return func() {
		say("{}")
		res, err := http.ReadResponse(replies, nil)
		if err != nil {
			t.Errorf("the request was cut off: %v", err)
			return
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusBadRequest {
			t.Errorf("status %d", res.StatusCode)
		}
	}
}

func TestAStopFitsIntoItsTime(t *testing.T) {
	for _, c := range []struct {
		environ []string
		want    []string // nil: it fits
	}{
		{nil, nil},
		{[]string{"RALLY_SHUTDOWN_TIMEOUT=8s", "RALLY_DRAIN_DELAY=2s", "RALLY_WS_CLOSE_TIMEOUT=8s"}, nil},
		{[]string{"RALLY_JOBS_STOP_TIMEOUT=5001ms"}, []string{"RALLY_JOBS_STOP_TIMEOUT=5.001s"}},
		{[]string{"RALLY_SHUTDOWN_TIMEOUT=11s"}, []string{"RALLY_SHUTDOWN_TIMEOUT=11s"}},
		{[]string{"RALLY_WS_CLOSE_TIMEOUT=11s"}, []string{"RALLY_WS_CLOSE_TIMEOUT=11s"}},
		{[]string{"RALLY_DRAIN_DELAY=1s"}, []string{"RALLY_DRAIN_DELAY=1s", "at most 15s", "20s in all"}},
	} {
		err := app.LoadSettings(source(t, c.environ...))
		if (err == nil) != (c.want == nil) {
			t.Errorf("%v: %v", c.environ, err)
		}
		for _, part := range c.want {
			if err == nil || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v: %v lacks %q, or has several lines", c.environ, err, part)
			}
		}
	}
}

func TestABadSettingLeavesTheDatabaseAlone(t *testing.T) {
	dir := t.TempDir()
	in := app.Input{Source: source(t, "RALLY_DATA_DIR="+dir, "RALLY_JOBS_STOP_TIMEOUT=1m")}
	if err := fx.New(app.Serve(in)).Err(); err == nil || !strings.Contains(err.Error(), "RALLY_JOBS_STOP_TIMEOUT") {
		t.Errorf("started: %v", err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("%v %v", files, err)
	}
}

// What is stopped early leaves time to what comes after it.
func TestTheBusLeavesTimeToTheDatabase(t *testing.T) {
	end := time.Now().Add(time.Hour)
	ctx, cancel := context.WithDeadline(t.Context(), end)
	defer cancel()
	failed := errors.New("failed")
	err := app.Early(func(ctx context.Context) error {
		if got, ok := ctx.Deadline(); !ok || !got.Before(end) {
			t.Errorf("it may take until %v of %v", got, end)
		}
		return failed
	})(ctx)
	if !errors.Is(err, failed) {
		t.Error(err)
	}
}

// What waits for others while it starts ends with the command.
func TestAStartEndsWithItsCommand(t *testing.T) {
	command, cancel := context.WithCancel(t.Context())
	cancel()
	for who, part := range map[string]fx.Option{ // each is made before the others
		"the database": fx.Populate(new(*db.DB)), "bus:": fx.Populate(new(*bus.Bus)), "the picture store": fx.Populate(new(*blob.Store)),
	} {
		in := app.Input{Context: command, Source: source(t, "RALLY_DATA_DIR="+t.TempDir())}
		if err := fx.New(part, app.Core(in)).Err(); err == nil || !strings.Contains(err.Error(), who) || !strings.Contains(err.Error(), context.Canceled.Error()) {
			t.Errorf("%s: %v", who, err)
		}
	}
}

func TestTheFirstBadSettingIsOneLine(t *testing.T) {
	s := source(t, "RALLY_LOG_FORMAT=xml", "RALLY_JOBS_WORKERS=0", "RALLY_ADDR=nowhere")
	err := app.LoadSettings(s)
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "RALLY_LOG_FORMAT") || strings.Contains(err.Error(), "RALLY_ADDR") {
		t.Errorf("%v", err)
	}
	if unknown := s.Unknown(); len(unknown) > 0 { // the others were read all the same
		t.Errorf("unknown: %v", unknown)
	}
}
