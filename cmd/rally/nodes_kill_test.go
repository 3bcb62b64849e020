package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/testkit"
)

// A node is killed amid sales. Whoever comes back sits on the other one; who
// doesn't is offline before long; what was answered stands.
func (c *crew) killANode(t *testing.T) {
	t.Helper()
	lou := c.nodes.people(t, "lou")[0]
	buyer, watcher := c.on(0)[0], c.on(1)[0]
	c.befriend(t, lou, watcher.person)
	lost := open(t, lou, c.direct(0), true).isHere()
	watcher.sees(lou, "online")
	const path = "/api/shop/products/2/"
	for range sellers * salesOfEach {
		c.call(t, buyer.person, http.MethodPost, c.url, path+"bids/?type=purchase", apptest.M{"price": 100000, "confirm": true}, nil)
	}
	rows := c.stored()
	game := c.play(t)

	var killed time.Time
	var sold atomic.Int64
	kill := sync.OnceFunc(func() {
		killed = time.Now()
		c.run[0].kill()
	})
	var mu sync.Mutex
	orders := map[int64]bool{}
	var wg sync.WaitGroup
	for i, seller := range c.sellers {
		wg.Go(func() {
			for n := range salesOfEach {
				var order placedOrder
				untilAnswered(t, seller, c.url+path+"transorders/?type=sales", fmt.Sprintf("sale-%d-%d", i, n), apptest.M{}, &order)
				mu.Lock()
				orders[order.ID] = true
				mu.Unlock()
				if sold.Add(1) == sellers {
					go kill() // amid the others' requests
				}
			}
			untilAnswered(t, seller, c.url+"/api/friends/requests/", "", apptest.M{"user_id": buyer.person.id}, nil)
		})
	}
	wg.Wait()
	kill()

	game.goesOn(t, killed)
	lost.is("is cut off", func() bool { return len(lost.codes) == 1 })
	watcher.sees(lou, "")
	t.Logf("who sat on the killed node was offline to friends after %v", time.Since(killed).Round(time.Millisecond))
	c.together(t)
	if n := len(c.on(1)); n != crewSize {
		t.Errorf("%d of %d came back to the other node", n, crewSize)
	}

	// The inbox has each sale once, and the requests as one that grew.
	buyer.isTold("bid_matched", sellers*salesOfEach)
	buyer.isTold("friend_request", 1)
	buyer.is("is told of all requests", func() bool {
		for _, n := range buyer.told {
			if n.Kind == "friend_request" && n.Count == sellers {
				return true
			}
		}
		return false
	})
	after := c.stored()
	for name, n := range rows {
		if after[name] < n {
			t.Errorf("%d rows of %s are left of %d", after[name], name, n)
		}
	}
	if n := c.count("SELECT count(*) FROM orders"); n != sellers*salesOfEach || len(orders) != sellers*salesOfEach {
		t.Errorf("%d sales are stored, %d were acknowledged, want %d", n, len(orders), sellers*salesOfEach)
	}
	for id := range orders {
		if c.count("SELECT count(*) FROM orders WHERE id = $1", id) != 1 {
			t.Errorf("order %d was acknowledged and is lost", id)
		}
	}
	c.start(0)
	open(t, lou, c.url, true).isHere().close()
	watcher.sees(lou, "") // the crew alone again
}

// untilAnswered makes a request again and again, for as long as nobody answers.
// Unlike most helpers it is for any goroutine.
func untilAnswered(t *testing.T, p *person, url, key string, body, into any) {
	for end := time.Now().Add(testkit.Patience); time.Now().Before(end); {
		status, reply, err := p.post(t.Context(), url, key, body)
		switch {
		case err != nil || status >= http.StatusInternalServerError:
			continue
		case status == http.StatusConflict && bytes.Contains(reply, []byte(`"idempotency.in_flight"`)):
			continue // as far as anybody knows, the killed node is still at it
		case status != http.StatusCreated:
			t.Errorf("%s: POST %s: status %d: %s", p.name, url, status, reply)
		case into != nil:
			if err := json.Unmarshal(reply, into); err != nil {
				t.Error(err)
			}
		}
		return
	}
	t.Errorf("%s: POST %s: never answered", p.name, url)
}

// stored counts the rows of what people rely on.
func (c *crew) stored() map[string]int64 {
	rows := map[string]int64{}
	for _, table := range []string{"users", "sessions", "friends", "friend_requests", "bids", "orders", "notifications", "activities"} {
		rows[table] = c.count("SELECT count(*) FROM " + table)
	}
	return rows
}
