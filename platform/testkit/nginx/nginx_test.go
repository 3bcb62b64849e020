package nginx_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"rally/platform/testkit/nginx"
)

func TestItServesUntilItIsStopped(t *testing.T) {
	t.Parallel()
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "behind "+r.Host)
	}))
	defer behind.Close()
	s := nginx.Start(t, func(addr string) string {
		return fmt.Sprintf("server { listen %s; location / { proxy_pass %s; proxy_set_header Host $host; } }", addr, behind.URL)
	})
	res, err := http.Get("http://" + s.Addr + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "behind 127.0.0.1" {
		t.Fatalf("%q, %v\n%s", body, err, s.Log())
	}
	s.Stop()
	s.Stop()
	if conn, err := net.Dial("tcp", s.Addr); err == nil {
		_ = conn.Close()
		t.Error("it still listens")
	}
}
