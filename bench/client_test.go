package main

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestWireReadsAnswers(t *testing.T) {
	long := strings.Repeat("0123456789", 20_000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/short":
			_, _ = w.Write([]byte("short"))
		case "/long": // more than the server buffers: it comes in chunks
			_, _ = w.Write([]byte(long))
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		default:
			http.Error(w, "no", http.StatusNotFound)
		}
	}))
	defer server.Close()
	addr := server.Listener.Addr().String()
	conn, err := dial(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.close()
	for _, keep := range []bool{true, false} {
		conn.keep = keep
		for _, c := range []struct {
			path   string
			status int
			body   string
		}{{"/short", 200, "short"}, {"/long", 200, long}, {"/empty", 204, ""}, {"/none", 404, "no\n"}, {"/short", 200, "short"}} {
			status, err := conn.do(request("GET", addr, c.path, ""))
			if err != nil || status != c.status {
				t.Fatalf("%s: %d, %v", c.path, status, err)
			}
			if keep && string(conn.body) != c.body {
				t.Errorf("%s: a body of %d bytes, want %d", c.path, len(conn.body), len(c.body))
			}
		}
	}
}

func TestLoadFailsOnOtherAnswers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(http.StatusConflict)
		}
	}))
	defer server.Close()
	addr := server.Listener.Addr().String()
	run := func(path string) (float64, error) {
		return load{addr: addr, clients: 2, slice: 100 * time.Millisecond, request: func(int, int, *rand.Rand) []byte { return request("GET", addr, path, "") }}.run(t.Context())
	}
	if rate, err := run("/good"); err != nil || rate <= 0 {
		t.Errorf("rate %v, %v", rate, err)
	}
	if _, err := run("/bad"); err == nil {
		t.Error("conflicts passed for answers")
	}
}
