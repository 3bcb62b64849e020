package apptest_test

import (
	"fmt"
	"testing"
	"time"

	"rally/internal/apptest"
)

// Past its expiry a bid is in no book, no quote and no trade, at once; the
// sweep then closes it and brings the stored prices up to date.
func TestBidsExpire(t *testing.T) {
	apptest.Each(t, map[string]string{"RALLY_ACCESS_TTL": "24h"}, func(t *testing.T, s *apptest.Server) {
		seller, buyer := s.Person(), s.Person()
		sh := newShelf(t, s.Staff())
		info := sh.info(nil)
		p := sh.size(info, "260")
		all := sh.all(info)
		short := apptest.Into[bid](t, seller.Post(product(p, "bids/?type=sales"), M{"price": 100000, "expires_in_days": 1}).Want(t, 201))
		seller.Post(product(p, "bids/?type=sales"), M{"price": 120000, "expires_in_days": 3}).Want(t, 201)
		buyer.Post(product(p, "bids/?type=purchase"), M{"price": 90000, "expires_in_days": 1}).Want(t, 201)

		s.Clock.Advance(24*time.Hour - time.Microsecond)
		refresh(t, seller, buyer)
		if b := bookOf(t, buyer, p); num(b.PurchasePrice) != "100000" || num(b.SalesPrice) != "90000" {
			t.Errorf("a moment before: %+v", b)
		}
		s.Clock.Advance(time.Microsecond)
		for _, id := range []int64{p, all} {
			b := bookOf(t, buyer, id)
			if num(b.PurchasePrice) != "120000" || b.SalesPrice != nil || len(b.Asks) != 1 || len(b.Bids) != 0 {
				t.Errorf("at the expiry: %+v", b)
			}
			if asks, bids := depthOf(t, buyer, id, "sales"), depthOf(t, buyer, id, "purchase"); asks != "[{120000 1}]" || bids != "[]" {
				t.Errorf("depth at the expiry: %s, %s", asks, bids)
			}
			if q := quoteOf(t, buyer, id, "purchase"); num(q.Price) != "120000" || num(q.PurchasePrice) != "120000" || q.SalesPrice != nil {
				t.Errorf("quoted %+v", q)
			}
		}
		type priced struct {
			PurchasePrice *int64 `json:"purchase_price"`
			SalesPrice    *int64 `json:"sales_price"`
		}
		for _, size := range []string{"260", "ALL"} {
			if d := apptest.Into[priced](t, buyer.Get(infoPath(info, "products/"+size+"/")).Want(t, 200)); num(d.PurchasePrice) != "120000" || d.SalesPrice != nil {
				t.Errorf("%s costs %s and brings %s", size, num(d.PurchasePrice), num(d.SalesPrice))
			}
		}
		sell(seller, p, nil).WantCode(t, 400, "shop.no_counter_bid")
		buy(buyer, p, M{"expected_price": 100000}).WantCode(t, 409, "shop.price_moved")
		seller.Patch(bidPath("sales", short.ID), M{"expires_in_days": 30}).WantCode(t, 409, "shop.bid_closed")
		seller.Delete(bidPath("sales", short.ID)).WantCode(t, 409, "shop.bid_closed")
		if mine := apptest.Into[pageOf[bid]](t, seller.Get("/api/shop/salesbids/").Want(t, 200)); mine.Count != 1 || mine.Results[0].ID == short.ID {
			t.Errorf("my bids: %+v", mine)
		}
		// The expired ask crosses nothing any more.
		offer(t, buyer, p, 110000)

		if err := s.Shop.SweepExpired(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, "SELECT count(*) FROM bids WHERE status = 'expired' AND closed_at IS NOT NULL"); n != 2 {
			t.Errorf("%d bids are expired", n)
		}
		if row := apptest.Into[listed](t, buyer.Get(infoPath(info, "")).Want(t, 200)); num(row.Price) != "120000" {
			t.Errorf("the list says %s", num(row.Price))
		}
		buy(s.Person(), p, M{"expected_price": 120000}).Want(t, 201)
		s.Clock.Advance(31 * 24 * time.Hour)
		if b := bookOf(t, s.Anonymous(), p); b.PurchasePrice != nil || b.SalesPrice != nil {
			t.Errorf("after all expired: %+v", b)
		}
	})
}

func TestIdempotencyKeys(t *testing.T) {
	apptest.Each(t, map[string]string{"RALLY_ACCESS_TTL": "24h"}, func(t *testing.T, s *apptest.Server) {
		seller, buyer := s.Person(), s.Person()
		sh := newShelf(t, s.Staff())
		p := sh.traded()
		_, good := sh.good(50000, 5)
		orders := func() int { return count(t, s, "SELECT count(*) FROM orders") }

		// A request that failed is not remembered.
		keyed := buyer.With("Idempotency-Key", "one")
		buy(keyed, p, M{"expected_price": 100000}).WantCode(t, 400, "shop.no_counter_bid")
		selling := seller.With("Idempotency-Key", "one") // another person's key of the same name
		first := selling.Post(product(p, "bids/?type=sales"), M{"price": 100000}).Want(t, 201)
		again := selling.Post(product(p, "bids/?type=sales"), M{"price": 100000, "unknown": true}).Want(t, 201)
		if string(first.Body) != string(again.Body) {
			t.Errorf("the replay differs: %s and %s", first.Body, again.Body)
		}
		selling.Post(product(p, "bids/?type=sales"), M{"price": 101000}).WantCode(t, 409, "idempotency.mismatch")
		selling.Post(product(p, "bids/?type=purchase"), M{"price": 100000}).WantCode(t, 409, "idempotency.mismatch")
		selling.Post(product(good, "storeorders/"), M{}).WantCode(t, 409, "idempotency.mismatch")
		ask(t, seller, p, 100000)

		o := buy(keyed, p, M{"expected_price": 100000}).Want(t, 201)
		s.TakeEvents()
		if r := buy(keyed, p, M{"expected_price": 100000}).Want(t, 201); string(r.Body) != string(o.Body) || orders() != 1 || len(s.TakeEvents()) != 0 {
			t.Errorf("the replay did something: %s", r.Body)
		}
		buy(keyed, p, M{}).WantCode(t, 409, "idempotency.mismatch")
		store := buyer.With("Idempotency-Key", "two")
		store.Post(product(good, "storeorders/"), M{}).Want(t, 201)
		store.Post(product(good, "storeorders/"), M{}).Want(t, 201)
		if n := count(t, s, "SELECT stock FROM products WHERE id = $1", good); n != 4 || orders() != 2 {
			t.Errorf("%d left, %d orders", n, orders())
		}
		wantField(t, buy(buyer.With("Idempotency-Key", fmt.Sprintf("%0256d", 0)), p, M{}), "Idempotency-Key")
		buy(s.Anonymous().With("Idempotency-Key", "one"), p, M{"expected_price": 100000}).WantCode(t, 401, "auth.required")

		// Many at once: one effect, and whoever is not answered with it is told
		// that the first is under way.
		third := buyer.With("Idempotency-Key", "three")
		var same []func()
		for range 8 {
			same = append(same, func() {
				if r := buy(third, p, nil); r.Status != 201 && r.Code() != "idempotency.in_flight" {
					t.Errorf("status %d: %s", r.Status, r.Body)
				}
			})
		}
		together(same...)
		if orders() != 3 {
			t.Errorf("%d orders", orders())
		}

		s.Clock.Advance(24*time.Hour - time.Second)
		refresh(t, seller, buyer)
		buy(keyed, p, M{"expected_price": 100000}).Want(t, 201)
		if orders() != 3 {
			t.Error("forgotten before a day was over")
		}
		s.Clock.Advance(time.Second)
		ask(t, seller, p, 100000)
		buy(keyed, p, M{"expected_price": 100000}).Want(t, 201)
		if orders() != 4 {
			t.Error("remembered for more than a day")
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}
