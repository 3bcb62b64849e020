package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rally/internal/apptest"
	"rally/modules/friends"
	"rally/platform/db"
	"rally/platform/testkit"
	"rally/platform/testkit/natscluster"
	"rally/platform/testkit/nginx"
)

// Buckets that the nodes share.
const (
	seatBucket = "rally-seats"
	beatBucket = "rally-nodes"
)

// nodes are two programs on one PostgreSQL and one cluster of NATS servers,
// with nginx in front.
type nodes struct {
	t        *testing.T
	db       *db.DB
	nats     *natscluster.Cluster
	js       jetstream.JetStream
	url      string // of nginx
	addr     [2]string
	run      [2]*program
	settings map[string]string
	made     int // people who were handed out
}

// person is somebody who is logged in.
type person struct {
	*trader
	id   int64
	name string
	nth  int // among those who were imported
}

// startNodes starts everything, with so many people who can log in.
func startNodes(t *testing.T, people int) *nodes {
	t.Helper()
	w := &nodes{t: t, nats: natscluster.Start(t, 3)}
	for i := range w.addr {
		w.addr[i] = freeAddr(t)
	}
	proxy := nginx.Start(t, w.site)
	w.url = "http://" + proxy.Addr
	w.settings = map[string]string{
		"RALLY_DATABASE_URL": testkit.DatabaseURL(t, db.Postgres), "RALLY_DATA_DIR": t.TempDir(), "RALLY_LOG_LEVEL": "info",
		"RALLY_NATS_URL": w.nats.URL, "RALLY_PUBLIC_URL": w.url, "RALLY_TRUSTED_PROXIES": "127.0.0.1", "RALLY_LIMIT_ATTEMPTS": "100000",
	}
	conn, err := nats.Connect(w.nats.URL, nats.MaxReconnects(-1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if w.js, err = jetstream.New(conn); err != nil {
		t.Fatal(err)
	}
	if w.db, err = db.Open(t.Context(), db.Config{URL: w.settings["RALLY_DATABASE_URL"], MaxConns: 4}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.db.Close() })
	setUpMarket(t, w.db)
	imported := maps.Clone(w.settings)
	imported["RALLY_NATS_URL"] = "" // it needs no other node
	importTraders(t, imported, people)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("nginx: %s", proxy.Log())
		}
	})
	for i := range w.addr {
		w.start(i)
	}
	return w
}

// site is the proxy's configuration: a node that is away is passed over, and
// sockets are passed on.
func (w *nodes) site(addr string) string {
	return fmt.Sprintf(`
	map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
	upstream rally {
		server %s max_fails=1 fail_timeout=1s;
		server %s max_fails=1 fail_timeout=1s;
		keepalive 16;
	}
	server {
		listen %s;
		location / {
			proxy_pass http://rally;
			proxy_http_version 1.1;
			proxy_set_header Host $http_host;
			proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
			proxy_set_header X-Forwarded-Proto $scheme;
			proxy_set_header Upgrade $http_upgrade;
			proxy_set_header Connection $connection_upgrade;
			proxy_next_upstream error timeout;
			proxy_read_timeout 300s;
			add_header %s $upstream_addr always;
		}
	}`, w.addr[0], w.addr[1], addr, upstreamHeader)
}

// start runs a node, again on its old port.
func (w *nodes) start(i int) {
	w.t.Helper()
	settings := maps.Clone(w.settings)
	settings["RALLY_ADDR"] = w.addr[i]
	p := start(w.t, settings)
	w.run[i] = p
	w.t.Cleanup(func() {
		if w.t.Failed() {
			w.t.Logf("node %d said:\n%s", i, complaints(p.log()))
		}
	})
}

// signal ends a node and waits until it is gone.
func (w *nodes) signal(i int, s os.Signal) {
	w.t.Helper()
	if err := w.run[i].cmd.Process.Signal(s); err != nil {
		w.t.Fatal(err)
	}
	w.run[i].wait(w.t)
}

// complaints are the last lines of a log that are no mere information.
func complaints(log string) string {
	var list []string
	for line := range strings.Lines(log) {
		if !strings.Contains(line, `"log.level":"info"`) {
			list = append(list, line)
		}
	}
	return strings.Join(list[max(0, len(list)-40):], "")
}

// direct is where a node answers by itself.
func (w *nodes) direct(i int) string { return "http://" + w.addr[i] }

// people returns n who were not handed out yet, each with a session.
func (w *nodes) people(t *testing.T, names ...string) []*person {
	t.Helper()
	list := make([]*person, len(names))
	for i, name := range names {
		p := &person{trader: logInAs(t, w.url, w.made), name: name, nth: w.made}
		w.made++
		var profile struct {
			UserID int64 `json:"user_id"`
		}
		w.call(t, p, http.MethodGet, w.url, "/api/accounts/profile/", nil, &profile)
		p.id = profile.UserID
		list[i] = p
	}
	return list
}

// session begins another session of somebody.
func (w *nodes) session(t *testing.T, p *person) *person {
	t.Helper()
	return &person{trader: logInAs(t, w.url, p.nth), id: p.id, name: p.name, nth: p.nth}
}

// call makes a request that must succeed.
func (w *nodes) call(t *testing.T, p *person, method, url, path string, body, into any) {
	t.Helper()
	status, reply, err := p.do(t.Context(), method, url+path, "", body)
	if err != nil || status/100 != 2 {
		t.Fatalf("%s: %s %s: status %d, %v: %s", p.name, method, path, status, err, reply)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(reply, into); err != nil {
		t.Fatalf("%s: %s %s: %v: %s", p.name, method, path, err, reply)
	}
}

// ask makes a request between two people by way of a node, and returns it.
func (w *nodes) ask(t *testing.T, from, to *person, url string) int64 {
	t.Helper()
	var request struct{ ID int64 }
	w.call(t, from, http.MethodPost, url, "/api/friends/requests/", apptest.M{"user_id": to.id}, &request)
	return request.ID
}

func (w *nodes) befriend(t *testing.T, a, b *person) {
	t.Helper()
	id := w.ask(t, a, b, w.url)
	w.call(t, b, http.MethodPost, w.url, fmt.Sprintf("/api/friends/requests/%d/accept/", id), nil, nil)
}

func (w *nodes) count(query string, args ...any) int64 {
	w.t.Helper()
	n, err := db.Get[int64](w.t.Context(), w.db, query, args...)
	if err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// bucket reads everything that a bucket of the nodes holds, or returns an error
// while the servers are busy with themselves.
func bucket[T any](ctx context.Context, js jetstream.JetStream, name string) (map[string]T, error) {
	kv, err := js.KeyValue(ctx, name)
	if err != nil {
		return nil, err
	}
	watch, err := kv.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return nil, err
	}
	defer func() { _ = watch.Stop() }()
	held := map[string]T{}
	for entry := range watch.Updates() {
		if entry == nil {
			return held, nil
		}
		var v T
		if err := json.Unmarshal(entry.Value(), &v); err != nil {
			return nil, err
		}
		held[entry.Key()] = v
	}
	return nil, context.Canceled
}

// hasSeat reports whether the table has a seat of somebody.
func (w *nodes) hasSeat(p *person) bool {
	seats, err := bucket[friends.Seat](w.t.Context(), w.js, seatBucket)
	_, there := seats[strconv.FormatInt(p.id, 10)]
	return err == nil && there
}

// saidThatTheTableIsAway reports whether a node could not write a seat in time:
// then it lets people in, and mends later what that broke.
func (w *nodes) saidThatTheTableIsAway() bool {
	for _, p := range w.run {
		if strings.Contains(p.log(), "presence failed to seat somebody") {
			return true
		}
	}
	return false
}

// noGhosts waits until the table of seats names nobody but nodes that live, and
// returns how many seats there are.
func (w *nodes) noGhosts(want int) {
	w.t.Helper()
	testkit.Until(w.t, fmt.Sprintf("%d people sit on two living nodes, and none elsewhere", want), func() bool {
		beats, err := bucket[struct{}](w.t.Context(), w.js, beatBucket)
		if err != nil || len(beats) != len(w.run) {
			return false
		}
		seats, err := bucket[friends.Seat](w.t.Context(), w.js, seatBucket)
		if err != nil || len(seats) != want {
			return false
		}
		for _, seat := range seats {
			for node, part := range seat.Nodes {
				if _, lives := beats[node]; !lives || part.Left != nil {
					return false
				}
			}
		}
		return true
	})
}

// replicated waits until every server holds what the others do.
func (w *nodes) replicated() {
	w.t.Helper()
	testkit.Until(w.t, "all NATS servers hold the buckets", func() bool {
		for _, name := range []string{seatBucket, beatBucket} {
			stream, err := w.js.Stream(w.t.Context(), "KV_"+name)
			if err != nil {
				return false
			}
			info, err := stream.Info(w.t.Context())
			if err != nil || info.Cluster == nil || info.Cluster.Leader == "" || len(info.Cluster.Replicas) != 2 {
				return false
			}
			for _, r := range info.Cluster.Replicas {
				if !r.Current || r.Offline {
					return false
				}
			}
		}
		return true
	})
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
