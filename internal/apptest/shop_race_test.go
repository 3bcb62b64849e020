package apptest_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
)

// 64 people buy at once; 16 asks rest. Exactly 16 get one.
func TestSixtyFourBuyersOfSixteenAsks(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		const buyers, asks = 64, 16
		shoe := newArticle(t, s.Staff(), "immediate", "260")
		p := shoe.Sizes["260"]
		for i, seller := range s.People(asks) {
			seller.Post(product(p, "bids/?type=sales"), M{"price": 100000 + 1000*(i%4)}).Want(t, 201)
		}

		var mu sync.Mutex
		var sold []order
		clean := 0
		start := make(chan struct{})
		var wg sync.WaitGroup
		for _, buyer := range s.People(buyers) {
			wg.Go(func() {
				<-start
				r := buyer.With("Idempotency-Key", fmt.Sprint("race-", buyer.UserID)).Post(product(p, "transorders/?type=purchase"), M{})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case r.Status == http.StatusCreated:
					sold = append(sold, apptest.Into[order](t, r))
				case r.Status == http.StatusBadRequest && r.Code() == "shop.no_counter_bid":
					clean++
				default:
					t.Errorf("status %d: %s", r.Status, r.Body)
				}
			})
		}
		close(start)
		wg.Wait()

		if len(sold) != asks || clean != buyers-asks {
			t.Fatalf("%d orders and %d clean refusals, want %d and %d", len(sold), clean, asks, buyers-asks)
		}
		b := apptest.Into[book](t, s.Anonymous().Get(product(p, "book/")).Want(t, 200))
		if b.PurchasePrice != nil || len(b.Asks) != 0 || b.Version != 2*asks {
			t.Fatalf("the book at the end: %+v", b)
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

// The same, but each buyer wants the price that they saw. As asks go, the
// price moves: whoever is late is told the new one, and buys nothing.
func TestLateBuyersAreToldTheNewPrice(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		const buyers, asks = 64, 16
		shoe := newArticle(t, s.Staff(), "immediate", "260")
		p := shoe.Sizes["260"]
		for i, seller := range s.People(asks) {
			price := 100000 // all but one at the price that everybody sees
			if i == 0 {
				price = 110000
			}
			seller.Post(product(p, "bids/?type=sales"), M{"price": price}).Want(t, 201)
		}
		var mu sync.Mutex
		counts := map[string]int{}
		start := make(chan struct{})
		var wg sync.WaitGroup
		for _, buyer := range s.People(buyers) {
			wg.Go(func() {
				<-start
				r := buyer.Post(product(p, "transorders/?type=purchase"), M{"expected_price": 100000})
				mu.Lock()
				defer mu.Unlock()
				counts[fmt.Sprint(r.Status, " ", r.Code())]++
				if r.Status == http.StatusConflict {
					if moved := apptest.Into[struct{ Price int64 }](t, r); moved.Price != 110000 {
						t.Errorf("the new price is told as %d", moved.Price)
					}
				}
			})
		}
		close(start)
		wg.Wait()
		if counts["201 "] != asks-1 || counts["409 shop.price_moved"] != buyers-asks+1 {
			t.Fatalf("answers: %v", counts)
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

// Two requests with one key at once: one trade, whatever the timing.
func TestOneKeyTradesOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		shoe := newArticle(t, s.Staff(), "immediate", "260")
		p := shoe.Sizes["260"]
		for _, seller := range s.People(8) {
			seller.Post(product(p, "bids/?type=sales"), M{"price": 100000}).Want(t, 201)
		}
		buyer := s.Person().With("Idempotency-Key", "the-one-intention")
		var wg sync.WaitGroup
		var mu sync.Mutex
		ids := map[int64]bool{}
		for range 8 {
			wg.Go(func() {
				r := buyer.Post(product(p, "transorders/?type=purchase"), M{"expected_price": 100000})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case r.Status == http.StatusCreated:
					ids[apptest.Into[order](t, r).ID] = true
				case r.Status == http.StatusConflict && r.Code() == "idempotency.in_flight":
				default:
					t.Errorf("status %d: %s", r.Status, r.Body)
				}
			})
		}
		wg.Wait()
		if len(ids) != 1 {
			t.Fatalf("orders %v", ids)
		}
		again := apptest.Into[order](t, buyer.Post(product(p, "transorders/?type=purchase"), M{"expected_price": 100000}).Want(t, 201))
		if !ids[again.ID] {
			t.Fatalf("the stored reply names order %d, the first named %v", again.ID, ids)
		}
		buyer.Post(product(p, "transorders/?type=purchase"), M{"expected_price": 99000}).WantCode(t, 409, "idempotency.mismatch")
		n, err := db.Get[int](t.Context(), s.DB, "SELECT count(*) FROM orders")
		if err != nil || n != 1 {
			t.Fatalf("%d orders, %v", n, err)
		}
	})
}

// Changes of all kinds to one bid at once: it ends in one state only.
func TestABidIsConsumedOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		shoe := newArticle(t, s.Staff(), "immediate", "260")
		p := shoe.Sizes["260"]
		seller, buyers := s.Person(), s.People(4)
		for range 12 {
			b := apptest.Into[bid](t, seller.Post(product(p, "bids/?type=sales"), M{"price": 100000}).Want(t, 201))
			path := fmt.Sprintf("/api/shop/salesbids/%d/", b.ID)
			var mu sync.Mutex
			var ended []string
			note := func(what string, ok bool) {
				mu.Lock()
				defer mu.Unlock()
				if ok {
					ended = append(ended, what)
				}
			}
			var wg sync.WaitGroup
			wg.Go(func() { note("cancelled", seller.Delete(path).Status == http.StatusNoContent) })
			wg.Go(func() { seller.Patch(path, M{"price": 101000}) })
			for _, buyer := range buyers {
				wg.Go(func() {
					note("sold", buyer.Post(product(p, "transorders/?type=purchase"), nil).Status == http.StatusCreated)
				})
			}
			wg.Wait()
			if len(ended) != 1 {
				t.Fatalf("the bid was %v", ended)
			}
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}
