package apptest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
)

type quote struct {
	Type          string
	Price         *int64
	Fee           int64
	Total, Payout *int64
	LastTrade     *int64 `json:"last_trade"`
	PurchasePrice *int64 `json:"purchase_price"`
	SalesPrice    *int64 `json:"sales_price"`
}

type paid struct {
	order

	Total, Payout *int64
	Product       int64
	Kind          string
	Size          string
}

type level struct{ Price, Count int64 }

// num shows an amount that may be missing.
func num(p *int64) string {
	if p == nil {
		return "none"
	}
	return fmt.Sprint(*p)
}

func quoteOf(t *testing.T, c *apptest.Client, p int64, side string) quote {
	t.Helper()
	return apptest.Into[quote](t, c.Get(product(p, "quote/?type="+side)).Want(t, 200))
}

func bookOf(t *testing.T, c *apptest.Client, p int64) book {
	t.Helper()
	return apptest.Into[book](t, c.Get(product(p, "book/")).Want(t, 200))
}

func depthOf(t *testing.T, c *apptest.Client, p int64, side string) string {
	t.Helper()
	return fmt.Sprint(apptest.Into[[]level](t, c.Get(product(p, "bids/?type="+side)).Want(t, 200)))
}

func TestMarketData(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people, anyone := s.People(3), s.Anonymous()
		sh := newShelf(t, s.Staff())
		info := sh.info(nil)
		small, large, all := sh.size(info, "260"), sh.size(info, "270"), sh.all(info)
		for _, b := range []struct{ p, price int64 }{{small, 120000}, {small, 120000}, {small, 125000}, {large, 120000}, {large, 118000}} {
			ask(t, people[0], b.p, b.price)
		}
		for _, b := range []struct{ p, price int64 }{{small, 100000}, {large, 101000}, {large, 100000}} {
			offer(t, people[1], b.p, b.price)
		}
		for path, want := range map[string][2]string{
			"small": {"[{120000 2} {125000 1}]", "[{100000 1}]"},
			"large": {"[{118000 1} {120000 1}]", "[{101000 1} {100000 1}]"},
			"all":   {"[{118000 1} {120000 3} {125000 1}]", "[{101000 1} {100000 2}]"},
		} {
			p := map[string]int64{"small": small, "large": large, "all": all}[path]
			if asks, bids := depthOf(t, anyone, p, "sales"), depthOf(t, anyone, p, "purchase"); asks != want[0] || bids != want[1] {
				t.Errorf("depth of %s: %s and %s, want %v", path, asks, bids, want)
			}
			if b := bookOf(t, anyone, p); fmt.Sprint(b.Asks) != want[0] || fmt.Sprint(b.Bids) != want[1] {
				t.Errorf("book of %s: %+v, want %v", path, b, want)
			}
		}
		type priced struct {
			Size          string
			PurchasePrice *int64 `json:"purchase_price"`
			SalesPrice    *int64 `json:"sales_price"`
		}
		sizes := apptest.Into[[]priced](t, anyone.Get(infoPath(info, "products/")).Want(t, 200))
		if len(sizes) != 3 || sizes[0].Size != "ALL" || num(sizes[0].PurchasePrice) != "118000" || num(sizes[0].SalesPrice) != "101000" || num(sizes[1].PurchasePrice) != "120000" {
			t.Errorf("sizes %+v", sizes)
		}
		for _, r := range []apptest.Reply{
			people[2].Post(product(all, "bids/?type=purchase"), M{"price": 50000}), buy(people[2], all, nil), sell(people[2], all, nil),
		} {
			r.WantCode(t, 400, "shop.not_biddable")
		}

		// Trades of both sizes, the newest first; ALL shows all of them.
		for i, p := range []int64{small, large, small} {
			s.Clock.Advance(time.Second)
			o := apptest.Into[paid](t, buy(people[2], p, nil).Want(t, 201))
			if want := []int64{120000, 118000, 120000}[i]; o.Price != want || o.Product != p || o.Size != []string{"260", "270", "260"}[i] || o.Kind != "trans" {
				t.Errorf("trade %d: %+v", i, o)
			}
		}
		type traded struct {
			Price int64
			Size  string
		}
		for p, want := range map[int64]string{small: "[{120000 260} {120000 260}]", large: "[{118000 270}]", all: "[{120000 260} {118000 270} {120000 260}]"} {
			if got := fmt.Sprint(apptest.Into[[]traded](t, anyone.Get(product(p, "trades/")).Want(t, 200))); got != want {
				t.Errorf("trades of %d: %s, want %s", p, got, want)
			}
		}
		if last := bookOf(t, anyone, all).LastTrade; last == nil || last.Price != 120000 {
			t.Errorf("last trade of ALL: %+v", last)
		}
		for _, rest := range []string{"book/", "bids/?type=sales", "trades/", "quote/?type=sales"} {
			anyone.Get(product(999999, rest)).WantCode(t, 404, "shop.product_not_found")
		}
		for _, rest := range []string{"bids/", "bids/?type=both", "quote/", "quote/?type="} {
			wantField(t, anyone.Get(product(small, rest)), "type")
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

// A quote tells what the order then charges.
func TestAQuoteIsWhatTheOrderCharges(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(4)
		sh := newShelf(t, s.Staff())
		sizeless := sh.info(nil)
		wasStore, wasStoreSize := sh.good(90000, 2)
		sh.staff.Patch(infoPath(wasStore, ""), M{"delivery_tag": "immediate"}).Want(t, 200)
		for what, p := range map[string]int64{"a size": sh.traded(), "an article without sizes": sh.all(sizeless), "a former store good": wasStoreSize} {
			own, other, taker := people[0], people[1], people[2]
			ask(t, own, p, 100000)
			ask(t, other, p, 110000)
			offer(t, own, p, 90000)
			offer(t, other, p, 80000)
			for _, c := range []*apptest.Client{taker, s.Anonymous()} {
				if q := quoteOf(t, c, p, "purchase"); num(q.Price) != "100000" || q.Fee != 1500 || num(q.Total) != "101500" || q.Payout != nil {
					t.Errorf("%s: others are quoted %s + %d", what, num(q.Price), q.Fee)
				}
			}
			q := quoteOf(t, own, p, "purchase")
			if num(q.Price) != "110000" || num(q.PurchasePrice) != "100000" {
				t.Errorf("%s: the owner of the best ask is quoted %s, the book's best is %s", what, num(q.Price), num(q.PurchasePrice))
			}
			o := apptest.Into[paid](t, buy(own, p, M{"expected_price": 110000}).Want(t, 201))
			if q = quoteOf(t, own, p, "purchase"); q.Price != nil || q.Total != nil {
				t.Errorf("%s: quoted %s where only own asks rest", what, num(q.Price))
			}
			if o.Fee != 1650 || num(o.Total) != "111650" {
				t.Errorf("%s: the buyer pays %+v", what, o)
			}
			q = quoteOf(t, taker, p, "sales")
			o = apptest.Into[paid](t, sell(taker, p, M{"expected_price": *q.Price}).Want(t, 201))
			if o.Price != *q.Price || o.Fee != q.Fee || num(o.Payout) != num(q.Payout) || o.Total != nil {
				t.Errorf("%s: quoted %s - %d, sold for %+v", what, num(q.Price), q.Fee, o)
			}
			q = apptest.Into[quote](t, taker.Get(product(p, "quote/?type=sales&price=123000")).Want(t, 200))
			if num(q.Price) != "123000" || q.Fee != 3690 || num(q.Payout) != "119310" || num(q.LastTrade) != "90000" {
				t.Errorf("%s: a bid is quoted %+v", what, q)
			}
			off := taker.Get(product(p, "quote/?type=sales&price=123500")).WantCode(t, 400, "shop.price_off_tick")
			if tick := apptest.Into[struct{ Tick int64 }](t, off).Tick; tick != 1000 {
				t.Errorf("%s: told the tick %d", what, tick)
			}
			wantField(t, taker.Get(product(p, "quote/?type=sales&price=-1000")), "price")
			wantField(t, taker.Get(product(p, "quote/?type=sales&price=1000001000")), "price")
		}
	})
}

func TestWhatABidMayCost(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(2)
		p := newShelf(t, s.Staff()).traded()
		place := func(side string, body M) apptest.Reply {
			return people[0].Post(product(p, "bids/?type="+side), body)
		}
		told := func(r apptest.Reply, status int, code string, price int64) {
			t.Helper()
			r.WantCode(t, status, code)
			if got := apptest.Into[struct{ Price *int64 }](t, r).Price; num(got) != fmt.Sprint(price) {
				t.Errorf("%s tells the price %s, want %d", code, num(got), price)
			}
		}
		for _, price := range []any{0, -1000, 1_000_001_000} {
			wantField(t, place("sales", M{"price": price}), "price")
		}
		wantField(t, place("sales", M{}), "price")
		for _, days := range []int{2, 0, -1} {
			wantField(t, place("sales", M{"price": 1000, "expires_in_days": days}), "expires_in_days")
		}
		place("sales", M{"price": 100500}).WantCode(t, 400, "shop.price_off_tick")
		people[0].Post(product(999999, "bids/?type=sales"), M{"price": 1000}).WantCode(t, 404, "shop.product_not_found")

		// Before the first trade any price goes; after it they have bands.
		ask(t, people[1], p, 100000)
		buy(people[0], p, nil).Want(t, 201)
		for _, price := range []int64{71000, 130000} {
			place("sales", M{"price": price, "confirm": false}).Want(t, 201)
		}
		for _, price := range []int64{69000, 20000} {
			told(place("purchase", M{"price": price}), 409, "shop.price_needs_confirmation", 100000)
			place("purchase", M{"price": price, "confirm": true}).Want(t, 201)
		}
		told(place("sales", M{"price": 131000}), 409, "shop.price_needs_confirmation", 100000)
		place("sales", M{"price": 500000, "confirm": true}).Want(t, 201)
		told(place("sales", M{"price": 501000, "confirm": true}), 400, "shop.price_out_of_band", 100000)
		told(place("purchase", M{"price": 19000, "confirm": true}), 400, "shop.price_out_of_band", 100000)
		told(place("purchase", M{"price": 71000}), 400, "shop.bid_crosses_book", 71000)
		told(place("sales", M{"price": 69000, "confirm": true}), 400, "shop.bid_crosses_book", 69000)
		// The best of the other side may be one's own, where no trade is to be had.
		own := place("purchase", M{"price": 71000})
		told(own, 400, "shop.bid_crosses_book", 71000)
		buy(people[0], p, nil).WantCode(t, 400, "shop.no_counter_bid")
		if strings.Contains(strings.ToLower(string(own.Body)), "trade") {
			t.Errorf("a trade is promised: %s", own.Body)
		}
		told(buy(people[1], p, M{"expected_price": 70000}), 409, "shop.price_moved", 71000)
		buy(people[1], p, M{"expected_price": 71000}).Want(t, 201)
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

func TestBidsOfOnesOwn(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		early, late, buyer := s.Person(), s.Person(), s.Person()
		p := newShelf(t, s.Staff()).traded()
		first, second := ask(t, early, p, 100000), ask(t, late, p, 100000)
		filled := func(id int64) bool {
			t.Helper()
			return count(t, s, "SELECT count(*) FROM bids WHERE id = $1 AND status = 'filled'", id) == 1
		}

		// The same price, or another expiry, keeps the place in the line.
		early.Patch(bidPath("sales", first), M{"price": 100000, "expires_in_days": 60}).Want(t, 200)
		buy(buyer, p, nil).Want(t, 201)
		if !filled(first) || filled(second) {
			t.Fatal("the bid that waited longest was not taken")
		}
		// A new price, even taken back, goes to the end of the line.
		third := ask(t, early, p, 100000)
		late.Do("PUT", bidPath("sales", second), M{"price": 101000}).Want(t, 200)
		late.Do("PUT", bidPath("sales", second), M{"price": 100000}).Want(t, 200)
		buy(buyer, p, nil).Want(t, 201)
		if !filled(third) || filled(second) {
			t.Fatal("a bid with a new price kept its place")
		}

		type mine struct {
			idOf

			Type, Status, Size string
			Product, Price     int64
			ExpiresAt          time.Time `json:"expires_at"`
			Info               struct {
				ID      int64
				EngName string `json:"eng_name"`
			}
		}
		list := apptest.Into[pageOf[mine]](t, late.Get("/api/shop/salesbids/").Want(t, 200))
		if list.Count != 1 || list.Results[0].ID != second || list.Results[0].Status != "open" || list.Results[0].Size != "260" || list.Results[0].Info.EngName == "" {
			t.Errorf("my bids: %+v", list)
		}
		if n := apptest.Into[pageOf[mine]](t, early.Get("/api/shop/salesbids/").Want(t, 200)).Count; n != 0 {
			t.Errorf("%d bids of somebody whose bids are filled", n)
		}
		if got := apptest.Into[mine](t, early.Get(bidPath("sales", first)).Want(t, 200)); got.Status != "filled" {
			t.Errorf("a filled bid reads %+v", got)
		}
		// Nobody sees or touches another's bid, nor one of the other side.
		for _, r := range []apptest.Reply{
			buyer.Get(bidPath("sales", second)), buyer.Delete(bidPath("sales", second)), buyer.Patch(bidPath("sales", second), M{"price": 1000}),
			late.Get(bidPath("purchase", second)), late.Delete(bidPath("purchase", second)), sell(buyer, 999999, nil), late.Get(bidPath("sales", 999999)),
		} {
			if r.Status != 404 {
				t.Errorf("status %d: %s", r.Status, r.Body)
			}
		}
		offer(t, buyer, p, 90000)
		r := late.Patch(bidPath("sales", second), M{"price": 90000}).WantCode(t, 400, "shop.bid_crosses_book")
		if price := apptest.Into[struct{ Price int64 }](t, r).Price; price != 90000 {
			t.Errorf("told %d", price)
		}
		late.Patch(bidPath("sales", second), M{"price": 150000}).WantCode(t, 409, "shop.price_needs_confirmation")
		late.Patch(bidPath("sales", second), M{"price": 100100}).WantCode(t, 400, "shop.price_off_tick")
		for _, days := range []int{5, 0, -1} {
			wantField(t, late.Patch(bidPath("sales", second), M{"expires_in_days": days}), "expires_in_days")
		}
		if got := apptest.Into[mine](t, late.Get(bidPath("sales", second)).Want(t, 200)); !got.ExpiresAt.Equal(s.Clock.Now().AddDate(0, 0, 30)) {
			t.Errorf("a bid without an expiry of its own ends at %s", got.ExpiresAt)
		}
		late.Delete(bidPath("sales", second)).Want(t, 204)
		late.Delete(bidPath("sales", second)).WantCode(t, 409, "shop.bid_closed")
		late.Patch(bidPath("sales", second), M{"price": 101000}).WantCode(t, 409, "shop.bid_closed")
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}
