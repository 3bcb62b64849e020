package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/fx"

	"rally/internal/app"
	"rally/internal/apptest"
	"rally/modules/accounts"
	"rally/platform/config"
	"rally/platform/db"
	"rally/platform/testkit"
)

const (
	kills        = 10
	killTraders  = 12
	killProducts = 3
)

// trader is a person with an access token, which outlives the process: the
// secret stays.
type trader struct {
	token  string
	client *http.Client
}

type placedOrder struct {
	ID    int64 `json:"id"`
	Price int64 `json:"price"`
}

// promise is an order, or a cancellation, that the program acknowledged before
// it was killed, and how it answers the same request afterwards.
type promise struct {
	trader *trader
	method string
	path   string
	key    string
	status int
	order  placedOrder
}

func (tr *trader) post(ctx context.Context, url, key string, body any) (int, []byte, error) {
	return tr.do(ctx, http.MethodPost, url, key, body)
}

func (tr *trader) do(ctx context.Context, method, url, key string, body any) (int, []byte, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(data))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+tr.token)
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := tr.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	reply, err := io.ReadAll(res.Body)
	return res.StatusCode, reply, err
}

// The program is killed in the middle of a storm of bids, cancellations and
// trades, ten times over. Nothing is half done, and nothing that was answered
// is lost.
func TestKilledInTheMiddleOfAStorm(t *testing.T) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			settings := map[string]string{"RALLY_DATABASE_URL": testkit.DatabaseURL(t, dialect), "RALLY_DATA_DIR": t.TempDir(), "RALLY_LOG_LEVEL": "info"}
			d, err := db.Open(t.Context(), db.Config{URL: settings["RALLY_DATABASE_URL"], MaxConns: 4})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = d.Close() }()

			var traders []*trader
			var promises []promise
			setUpMarket(t, d)
			importTraders(t, settings, killTraders)
			for round := range kills {
				p := start(t, settings)
				if round == 0 {
					traders = logIn(t, p.URL, killTraders)
				}
				// What was promised before the last kill is still there: the same
				// key gets the same answer, and what was cancelled stays closed.
				for _, promised := range promises {
					status, reply, err := promised.trader.do(t.Context(), promised.method, p.URL+promised.path, promised.key, apptest.M{})
					var again placedOrder
					if err != nil || status != promised.status || json.Unmarshal(reply, &again) != nil || again != promised.order {
						t.Fatalf("round %d: %s %s was acknowledged; now status %d, %v: %s", round, promised.method, promised.path, status, err, reply)
					}
				}
				promises = rage(t, p, traders, round)
				apptest.WantConsistent(t, d, time.Now().UTC())
			}
			n, err := db.Get[int](t.Context(), d, "SELECT count(*) FROM orders")
			if err != nil {
				t.Fatal(err)
			}
			cancelled, err := db.Get[int](t.Context(), d, "SELECT count(*) FROM bids WHERE status = 'cancelled'")
			if err != nil || n < kills || cancelled == 0 {
				t.Fatalf("%d orders and %d cancellations in %d rounds, %v: the storm was a breeze", n, cancelled, kills, err)
			}
			t.Logf("%d orders and %d cancellations survived %d kills", n, cancelled, kills)
		})
	}
}

// rage runs the storm and kills the program in its middle: when a random
// number of trades was acknowledged, while other requests are under way.
func rage(t *testing.T, p *program, traders []*trader, round int) []promise {
	t.Helper()
	var mu sync.Mutex
	var promises []promise
	var acknowledged atomic.Int64
	limit := 8 + rand.Int64N(16)
	kill := sync.OnceFunc(func() { _ = p.cmd.Process.Kill() })
	var wg sync.WaitGroup
	for i, tr := range traders {
		wg.Go(func() {
			var mine []string // bids that may still rest
			for n := 0; ; n++ {
				if len(mine) > 0 && rand.IntN(4) == 0 {
					path := mine[len(mine)-1]
					mine = mine[:len(mine)-1]
					status, reply, err := tr.do(t.Context(), http.MethodDelete, p.URL+path, "", nil)
					switch {
					case err != nil:
						return // the process is gone
					case status == http.StatusNoContent:
						mu.Lock()
						promises = append(promises, promise{trader: tr, method: http.MethodDelete, path: path, status: http.StatusConflict})
						mu.Unlock()
					case status != http.StatusConflict: // else somebody took it
						t.Errorf("cancel: status %d: %s", status, reply)
						return
					}
					continue
				}
				base := fmt.Sprintf("/api/shop/products/%d/", 2*(1+rand.IntN(killProducts)))
				side := []string{"purchase", "sales"}[rand.IntN(2)]
				if rand.IntN(2) == 0 {
					price := 100000 + 1000*rand.IntN(3)
					if side == "purchase" {
						price -= 5000
					}
					status, reply, err := tr.post(t.Context(), p.URL+base+"bids/?type="+side, "", apptest.M{"price": price, "confirm": true})
					if err != nil {
						return
					}
					var placed struct {
						ID int64 `json:"id"`
					}
					if status == http.StatusCreated && json.Unmarshal(reply, &placed) == nil {
						mine = append(mine, fmt.Sprintf("/api/shop/%sbids/%d/", side, placed.ID))
					}
					continue
				}
				key := fmt.Sprintf("storm-%d-%d-%d", round, i, n)
				path := base + "transorders/?type=" + side
				status, reply, err := tr.post(t.Context(), p.URL+path, key, apptest.M{})
				if err != nil {
					return
				}
				switch status {
				case http.StatusCreated:
					var o placedOrder
					if err := json.Unmarshal(reply, &o); err != nil {
						t.Errorf("an order that can't be read: %v", err)
						return
					}
					mu.Lock()
					promises = append(promises, promise{trader: tr, method: http.MethodPost, path: path, key: key, status: http.StatusCreated, order: o})
					mu.Unlock()
					if acknowledged.Add(1) >= limit {
						kill()
					}
				case http.StatusBadRequest: // nobody offers the other side right now
				default:
					t.Errorf("status %d: %s", status, reply)
					return
				}
			}
		})
	}
	wg.Wait()
	kill()
	<-p.ended
	return promises
}

// importTraders makes n people, in a program that serves nothing.
func importTraders(t *testing.T, settings map[string]string, n int) {
	t.Helper()
	var environ []string
	for _, pair := range command(t, settings).Env {
		if pair != childEnv+"=1" {
			environ = append(environ, pair)
		}
	}
	source, err := config.Read("", environ)
	if err != nil {
		t.Fatal(err)
	}
	var service *accounts.Service
	err = run(t.Context(), fx.Options(app.Core(app.Input{Source: source}), fx.Populate(&service)), func(ctx context.Context) error {
		list := make([]accounts.ImportedUser, n)
		for i := range list {
			list[i] = accounts.ImportedUser{Email: traderEmail(i), Password: apptest.Password}
		}
		_, err := service.Import(ctx, list)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func traderEmail(i int) string { return fmt.Sprintf("trader%d@rally.test", i) }

// logIn returns the first n people that importTraders made, each with a token.
func logIn(t *testing.T, url string, n int) []*trader {
	t.Helper()
	traders := make([]*trader, n)
	for i := range traders {
		traders[i] = logInAs(t, url, i)
	}
	return traders
}

// logInAs begins a session of one of them.
func logInAs(t *testing.T, url string, i int) *trader {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	tr := &trader{client: &http.Client{Transport: transport}}
	status, reply, err := tr.post(t.Context(), url+"/api/accounts/login/", "", apptest.M{"email": traderEmail(i), "password": apptest.Password})
	var body struct {
		AccessToken string `json:"access_token"`
	}
	if err != nil || status != http.StatusOK || json.Unmarshal(reply, &body) != nil {
		t.Fatalf("log in: status %d, %v: %s", status, err, reply)
	}
	tr.token = body.AccessToken
	return tr
}

// setUpMarket writes articles straight into the database: products 1, 3, 5 are
// ALL, products 2, 4, 6 a size each.
func setUpMarket(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.InTx(t.Context(), func(ctx context.Context) error {
		statements := []string{"INSERT INTO brands (name, name_key, created_at) VALUES ('Storm', 'storm', CURRENT_TIMESTAMP)"}
		for i := 1; i <= killProducts; i++ {
			statements = append(statements,
				fmt.Sprintf("INSERT INTO product_infos (brand_id, eng_name, kor_name, category, delivery_tag, tick, created_at) VALUES (1, 'Shoe %d', '', 'shoes', 'immediate', 1000, CURRENT_TIMESTAMP)", i),
				fmt.Sprintf("INSERT INTO products (info_id, size, biddable, created_at) VALUES (%d, 'ALL', false, CURRENT_TIMESTAMP)", i),
				fmt.Sprintf("INSERT INTO products (info_id, size, biddable, created_at) VALUES (%d, '260', true, CURRENT_TIMESTAMP)", i),
			)
		}
		for _, s := range statements {
			if _, err := db.Exec(ctx, d, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
