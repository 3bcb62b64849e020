package apptest_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/db"
)

func TestStoreGoods(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, buyer := s.Staff(), s.Person()
		sh := newShelf(t, staff)
		info, p := sh.good(50000, 2)
		staff.Post(infoPath(info, "products/"), M{"size": "L", "purchase_price": 60000, "stock": 0}).Want(t, 201)
		type detail struct {
			PurchasePrice *int64   `json:"purchase_price"`
			SizeOptions   []string `json:"size_options"`
			Stock         *int64
			Tradable      bool
		}
		d := apptest.Into[detail](t, s.Anonymous().Get(infoPath(info, "products/M/")).Want(t, 200))
		if num(d.PurchasePrice) != "50000" || fmt.Sprint(d.SizeOptions) != "[M]" || num(d.Stock) != "2" || d.Tradable {
			t.Errorf("the page shows %+v", d)
		}
		if q := quoteOf(t, buyer, p, "purchase"); num(q.Price) != "50000" || q.Fee != 0 || num(q.Total) != "50000" {
			t.Errorf("quoted %+v", q)
		}
		for _, r := range []apptest.Reply{
			buyer.Post(product(p, "bids/?type=purchase"), M{"price": 1000}), buy(buyer, p, nil), sell(buyer, p, nil),
		} {
			r.WantCode(t, 400, "shop.not_biddable")
		}
		traded := sh.traded()
		buyer.Post(product(traded, "storeorders/"), M{}).WantCode(t, 400, "shop.not_for_sale")
		buyer.Post(product(sh.all(info), "storeorders/"), M{}).WantCode(t, 400, "shop.not_for_sale")
		buyer.Post(product(999999, "storeorders/"), M{}).WantCode(t, 404, "shop.product_not_found")
		moved := buyer.Post(product(p, "storeorders/"), M{"expected_price": 40000}).WantCode(t, 409, "shop.price_moved")
		if price := apptest.Into[struct{ Price int64 }](t, moved).Price; price != 50000 {
			t.Errorf("told %d", price)
		}
		o := apptest.Into[paid](t, buyer.Post(product(p, "storeorders/"), nil).Want(t, 201))
		if o.Kind != "store" || o.Price != 50000 || o.Fee != 0 || num(o.Total) != "50000" || o.Seller != nil || o.Type != "purchase" || o.Size != "M" {
			t.Errorf("the order: %+v", o)
		}
		for _, price := range []int64{0, -1000, 1_000_001_000} {
			wantField(t, staff.Patch(infoPath(info, "products/M/"), M{"purchase_price": price}), "purchase_price")
		}
		staff.Patch(infoPath(info, "products/M/"), M{"purchase_price": 50500}).WantCode(t, 400, "shop.price_off_tick")
		wantField(t, staff.Patch(infoPath(info, "products/M/"), M{"stock": -1}), "stock")
		wantField(t, staff.Patch(infoPath(info, "products/M/"), M{"stock": 1_000_001}), "stock")
		staff.Patch(infoPath(info, "products/M/"), M{"purchase_price": 70000}).Want(t, 200)
		if n := count(t, s, "SELECT stock FROM products WHERE id = $1", p); n != 1 {
			t.Errorf("a new price left %d in stock", n)
		}
		// ALL shows the best of the sizes, whatever was set on it.
		wantField(t, staff.Patch(infoPath(info, "products/ALL/"), M{"stock": 5}), "size")
		staff.Patch(infoPath(info, "products/L/"), M{"purchase_price": 80000, "stock": 1}).Want(t, 200)
		for _, path := range []string{infoPath(info, "products/ALL/"), infoPath(info, "products/M/")} {
			if d := apptest.Into[detail](t, buyer.Get(path).Want(t, 200)); num(d.PurchasePrice) != "70000" {
				t.Errorf("%s costs %s, its cheapest size costs 70000", path, num(d.PurchasePrice))
			}
		}
		if row := apptest.Into[listed](t, buyer.Get(infoPath(info, "")).Want(t, 200)); num(row.Price) != "70000" {
			t.Errorf("the list says %s, its cheapest size costs 70000", num(row.Price))
		}
		buyer.Post(product(sh.all(info), "storeorders/"), M{}).WantCode(t, 400, "shop.not_for_sale")

		// What the store sold is no ask once people trade the article.
		staff.Patch(infoPath(info, ""), M{"delivery_tag": "immediate"}).Want(t, 200)
		for _, path := range []string{infoPath(info, "products/M/"), infoPath(info, "products/ALL/")} {
			if d := apptest.Into[detail](t, buyer.Get(path).Want(t, 200)); d.PurchasePrice != nil || d.Stock != nil {
				t.Errorf("%s costs %s, %s in stock, where nobody asks", path, num(d.PurchasePrice), num(d.Stock))
			}
		}
		if row := apptest.Into[listed](t, buyer.Get(infoPath(info, "")).Want(t, 200)); row.Price != nil {
			t.Errorf("the list says %s where nobody asks", num(row.Price))
		}
	})
}

// The store's price of a size without stock is nobody's to pay, so nobody is
// shown it: not in the lists, the filter, the book or a quote.
func TestWhatIsSoldOutHasNoPrice(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, buyer := s.Staff(), s.Person()
		sh := newShelf(t, staff)
		info, m := sh.good(50000, 1)
		wantField(t, staff.Post(infoPath(info, "products/"), M{"size": "XL", "purchase_price": 40000}), "stock")
		type sized struct {
			ID            int64
			Size          string
			PurchasePrice *int64 `json:"purchase_price"`
			Stock         *int64
			SizeOptions   []string `json:"size_options"`
		}
		// The cheapest comes without a stock, and nobody counts it.
		added := apptest.Into[sized](t, staff.Post(infoPath(info, "products/"), M{"size": "L", "purchase_price": 30000, "stock": 0}).Want(t, 201))
		if added.PurchasePrice != nil || added.Size != "L" {
			t.Errorf("added as %+v", added)
		}
		bare := sh.size(info, "XS")
		wantField(t, staff.Patch(infoPath(info, "products/XS/"), M{"purchase_price": 20000}), "stock")
		for _, p := range []int64{m, added.ID, bare, sh.all(info)} {
			buyer.Post(product(p, "wishes/"), M{"value": true}).Want(t, 201)
		}
		want := func(when string, prices map[string]string, lowest string) {
			t.Helper()
			for _, p := range apptest.Into[[]sized](t, buyer.Get(infoPath(info, "products/")).Want(t, 200)) {
				detail := apptest.Into[sized](t, buyer.Get(infoPath(info, "products/"+p.Size+"/")).Want(t, 200))
				quoted, inBook := quoteOf(t, buyer, p.ID, "purchase").Price, bookOf(t, buyer, p.ID).PurchasePrice
				for where, price := range map[string]*int64{"list": p.PurchasePrice, "page": detail.PurchasePrice, "quote": quoted, "book": inBook} {
					if num(price) != prices[p.Size] {
						t.Errorf("%s the %s shows %s for %s", when, where, num(price), p.Size)
					}
				}
			}
			type wish struct {
				Size  string
				Price *int64
			}
			for _, w := range apptest.Into[pageOf[wish]](t, buyer.Get("/api/shop/wishes/").Want(t, 200)).Results {
				if num(w.Price) != prices[w.Size] {
					t.Errorf("%s a wish for %s shows %s", when, w.Size, num(w.Price))
				}
			}
			waitForListPrices(t, s)
			row := apptest.Into[pageOf[listed]](t, buyer.Get("/api/shop/productinfos/").Want(t, 200)).Results[0]
			found := apptest.Into[pageOf[listed]](t, buyer.Get("/api/shop/productinfos/?price=1-").Want(t, 200)).Count
			if num(row.Price) != lowest || (found == 1) != (lowest != "none") {
				t.Errorf("%s the article is listed at %s, and %d are found by price", when, num(row.Price), found)
			}
		}
		want("at first", map[string]string{"ALL": "50000", "M": "50000", "L": "none", "XS": "none"}, "50000")
		buyer.Post(product(m, "storeorders/"), M{"expected_price": 50000}).Want(t, 201)
		want("sold out", map[string]string{"ALL": "none", "M": "none", "L": "none", "XS": "none"}, "none")
		buyer.Post(product(m, "storeorders/"), nil).WantCode(t, 409, "shop.out_of_stock")
		if d := apptest.Into[sized](t, buyer.Get(infoPath(info, "products/M/")).Want(t, 200)); num(d.Stock) != "0" || len(d.SizeOptions) != 0 {
			t.Errorf("the page of what is sold out: %+v", d)
		}
		// The price is still known: new stock brings it back.
		back := apptest.Into[sized](t, staff.Patch(infoPath(info, "products/L/"), M{"stock": 4}).Want(t, 200))
		if num(back.PurchasePrice) != "30000" || num(back.Stock) != "4" || fmt.Sprint(back.SizeOptions) != "[L]" {
			t.Errorf("restocked: %+v", back)
		}
		want("restocked", map[string]string{"ALL": "30000", "M": "none", "L": "30000", "XS": "none"}, "30000")
	})
}

// Who changes a size reads what everybody reads of it.
func TestAChangedSizeIsAnsweredWhole(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff := s.Staff()
		info, p := newShelf(t, staff).good(50000, 1)
		staff.Post(product(p, "wishes/"), nil).Want(t, 201)
		path := infoPath(info, "products/M/")
		for _, method := range []string{"PUT", "PATCH"} {
			got := staff.Do(method, path, M{"purchase_price": 60000, "stock": 7}).Want(t, 200)
			if read := staff.Get(path).Want(t, 200); string(got.Body) != string(read.Body) {
				t.Errorf("%s answers %s, the page reads %s", method, got.Body, read.Body)
			}
		}
	})
}

// Twenty people want one of two; and while they buy, the staff changes the
// price. No piece is sold twice.
func TestTheStockIsSoldOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, people := s.Staff(), s.People(20)
		sh := newShelf(t, staff)
		race := func(p int64, body M, more ...func()) (sold int64) {
			t.Helper()
			var n atomic.Int64
			for _, buyer := range people {
				more = append(more, func() {
					if r := buyer.Post(product(p, "storeorders/"), body); r.Status == 201 {
						n.Add(1)
					} else if r.Code() != "shop.out_of_stock" && r.Code() != "shop.price_moved" {
						t.Errorf("status %d: %s", r.Status, r.Body)
					}
				})
			}
			together(more...)
			return n.Load()
		}
		_, p := sh.good(50000, 2)
		if sold := race(p, M{"expected_price": 50000}); sold != 2 || count(t, s, "SELECT stock FROM products WHERE id = $1", p) != 0 {
			t.Errorf("%d of 2 were sold", sold)
		}
		for i := range 5 {
			info, p := sh.good(50000, 12)
			sold := race(p, M{}, func() {
				for n := range 4 {
					wantOneOf(t, staff.Patch(infoPath(info, "products/M/"), M{"purchase_price": 51000 + 1000*n}), 200)
				}
			})
			if left := count(t, s, "SELECT stock FROM products WHERE id = $1", p); sold+int64(left) != 12 {
				t.Fatalf("round %d: of 12 pieces %d were sold and %d are left", i, sold, left)
			}
		}
	})
}

// inLine makes the requests wait for a product's lock, one behind the other,
// and then lets them go. SQLite has no such line: there they only run together.
func inLine(t *testing.T, s *apptest.Server, product int64, requests ...func()) {
	t.Helper()
	if s.DB.Dialect == db.SQLite {
		together(requests...)
		return
	}
	var wg sync.WaitGroup
	err := s.DB.InTx(t.Context(), func(ctx context.Context) error {
		if _, err := db.Select[int64](ctx, s.DB, "SELECT id FROM products WHERE id = $1 FOR UPDATE", product); err != nil {
			return err
		}
		for i, request := range requests {
			wg.Go(request)
			eventually(t, "the request waits", func() bool {
				return count(t, s, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > i
			})
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	wg.Wait()
}

// Who waits for the lock of a book decides by what is true once they have it,
// not by what was true when they asked.
func TestWhatChangesWhileOneWaits(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		sh, other, person := newShelf(t, s.Staff()), s.Staff(), s.Person()

		info := sh.info(M{"tick": 1})
		p := sh.size(info, "260")
		inLine(t, s, p,
			func() { wantOneOf(t, sh.staff.Patch(infoPath(info, ""), M{"tick": 1000}), 200, 409) },
			func() { wantOneOf(t, person.Post(product(p, "bids/?type=purchase"), M{"price": 1001}), 201, 400) })
		off := count(t, s, `SELECT count(*) FROM bids d JOIN products p ON p.id = d.product_id JOIN product_infos i ON i.id = p.info_id
			WHERE d.status = 'open' AND d.price % i.tick <> 0`)
		if off > 0 {
			t.Errorf("%d open bids are off the tick", off)
		}

		info, p = sh.good(50000, 2)
		inLine(t, s, p,
			func() { wantOneOf(t, person.Post(product(p, "storeorders/"), M{}), 201) },
			func() { wantOneOf(t, sh.staff.Patch(infoPath(info, "products/M/"), M{"purchase_price": 60000}), 200) })
		if left := count(t, s, "SELECT stock FROM products WHERE id = $1", p); left != 1 {
			t.Errorf("of 2 pieces one was sold and %d are left", left)
		}

		info, p = sh.good(50000, 2)
		inLine(t, s, p,
			func() { wantOneOf(t, sh.staff.Patch(infoPath(info, ""), M{"delivery_tag": "immediate"}), 200) },
			func() {
				r := person.Post(product(p, "storeorders/"), M{})
				if s.DB.Dialect == db.Postgres && r.Code() != "shop.not_for_sale" {
					t.Errorf("the store sold what people trade: %d %s", r.Status, r.Body)
				}
			})

		// Nor does the store price what people trade.
		info, p = sh.good(50000, 2)
		inLine(t, s, p,
			func() { wantOneOf(t, sh.staff.Patch(infoPath(info, ""), M{"delivery_tag": "immediate"}), 200) },
			func() {
				wantOneOf(t, other.Patch(infoPath(info, "products/M/"), M{"purchase_price": 60000, "stock": 3}), 200, 400)
			})
		n := count(t, s, "SELECT count(*) FROM products WHERE info_id = $1 AND (purchase_price IS NOT NULL OR stock IS NOT NULL)", info)
		if n > 0 {
			t.Errorf("%d traded sizes have the store's price or stock", n)
		}

		// A bid that expires meanwhile is not taken.
		p = sh.traded()
		id := ask(t, other, p, 100000)
		err := s.DB.InTx(t.Context(), func(ctx context.Context) error {
			_, err := db.Exec(ctx, s.DB, "UPDATE bids SET expires_at = $1 WHERE id = $2", s.Clock.Now().Add(time.Minute), id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		inLine(t, s, p,
			func() {
				r := buy(person, p, nil)
				if s.DB.Dialect == db.Postgres && r.Code() != "shop.no_counter_bid" {
					t.Errorf("an expired bid was taken: %d %s", r.Status, r.Body)
				}
			},
			func() {
				s.Clock.Advance(2 * time.Minute)
				wantOneOf(t, other.Post(product(p, "bids/?type=sales"), M{"price": 110000}), 201)
			})

		// Nobody wishes for a size that is gone.
		info = sh.info(nil)
		p = sh.size(info, "260")
		inLine(t, s, p,
			func() { wantOneOf(t, sh.staff.Delete(infoPath(info, "products/260/")), 204) },
			func() {
				r := person.Post(product(p, "wishes/"), nil)
				if r.Code() != "shop.product_not_found" && (s.DB.Dialect == db.Postgres || r.Status != 201) {
					t.Errorf("a wish for what was deleted: %d %s", r.Status, r.Body)
				}
			})
		if row := apptest.Into[listed](t, person.Get(infoPath(info, "")).Want(t, 200)); row.Wishes != 0 {
			t.Errorf("%d wishes for an article that lost its only size", row.Wishes)
		}

		info = sh.info(nil)
		p = sh.all(info)
		inLine(t, s, p,
			func() { wantOneOf(t, sh.staff.Post(infoPath(info, "products/"), M{"size": "M"}), 201, 409) },
			func() { wantOneOf(t, person.Post(product(p, "bids/?type=sales"), M{"price": 50000}), 201, 400) })
		if n := count(t, s, "SELECT count(*) FROM bids d JOIN products p ON p.id = d.product_id WHERE d.status = 'open' AND NOT p.biddable"); n > 0 {
			t.Errorf("%d bids rest where nobody can take them", n)
		}
	})
}

// The staff rearranges an article while people trade it. Nothing breaks,
// nothing waits for ever, and the books stay true.
func TestTradingWhileTheStaffWorks(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, other, people := s.Staff(), s.Staff(), s.People(6)
		sh := newShelf(t, staff)
		info := sh.info(nil)
		sizes := []int64{sh.size(info, "260"), sh.size(info, "270")}
		quiet := func(r apptest.Reply) {
			if r.Status >= 500 || r.Status == 0 {
				t.Errorf("status %d: %s", r.Status, r.Body)
			}
		}
		var fleeting atomic.Int64 // the size that comes and goes
		work := []func(){
			func() {
				for i := range 12 {
					quiet(staff.Patch(infoPath(info, ""), M{"colorway": fmt.Sprint("Chalk ", i), "tick": 1000 * (1 + i%2)}))
					quiet(staff.Delete(infoPath(info, "")))
				}
			},
			func() {
				for i := range 12 {
					added := other.Post(infoPath(info, "products/"), M{"size": "280"})
					quiet(added)
					if added.Status == 201 {
						fleeting.Store(apptest.Into[idOf](t, added).ID)
					}
					quiet(other.Delete(infoPath(info, "products/280/")))
					quiet(other.Patch(infoPath(info, ""), M{"delivery_tag": []string{"brand", "immediate"}[i%2]}))
				}
			},
		}
		for n, person := range people {
			work = append(work, func() {
				for i := range 15 {
					p := sizes[(n+i)%2]
					quiet(person.Post(product(p, "bids/?type=sales"), M{"price": 100000 + 2000*((n+i)%5), "confirm": true}))
					quiet(person.Post(product(p, "wishes/"), nil))
					quiet(person.Post(product(fleeting.Load(), "wishes/"), nil))
					quiet(buy(person.With("Idempotency-Key", fmt.Sprint("k", n, "-", i)), p, nil))
					quiet(person.Post(product(p, "bids/?type=purchase"), M{"price": 90000 - 2000*((n+i)%5), "confirm": true}))
					quiet(person.Get(infoPath(info, "products/ALL/")))
				}
			})
		}
		together(work...)
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
		if n := count(t, s, `SELECT count(*) FROM product_infos i WHERE i.wishes <> (SELECT count(*) FROM wishes w JOIN products p ON p.id = w.product_id WHERE p.info_id = i.id)`); n != 0 {
			t.Error("the article miscounts its wishes")
		}
		biddable := count(t, s, `SELECT count(*) FROM products p JOIN product_infos i ON i.id = p.info_id WHERE p.biddable <>
			(i.delivery_tag = 'immediate' AND (p.size <> 'ALL' OR (SELECT count(*) FROM products q WHERE q.info_id = i.id) = 1))`)
		if biddable != 0 {
			t.Errorf("%d sizes don't know whether people trade them", biddable)
		}
	})
}
