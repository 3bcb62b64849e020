package apptest_test

import (
	"fmt"
	"strings"
	"testing"

	"rally/internal/apptest"
)

func TestWishes(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		sh := newShelf(t, s.Staff())
		info := sh.info(nil)
		p, all := sh.size(info, "260"), sh.all(info)
		toggle := func(c *apptest.Client, p int64, body any, status int, message string) {
			t.Helper()
			r := c.Post(product(p, "wishes/"), body).Want(t, status)
			if got := apptest.Into[struct{ Message string }](t, r).Message; message != "" && got != message {
				t.Errorf("%v: %q, want %q", body, got, message)
			}
		}
		const made, gone = "WISHLIST_CREATE_SUCCESS", "WISHLIST_DELETE_SUCCESS"
		wishes := func() int64 {
			t.Helper()
			return apptest.Into[listed](t, me.Get(infoPath(info, "")).Want(t, 200)).Wishes
		}
		toggle(me, p, nil, 201, made)
		toggle(other, p, M{}, 201, made)
		toggle(me, p, nil, 200, gone)
		toggle(me, p, M{"value": false}, 200, gone)
		toggle(me, p, M{"value": true}, 201, made)
		toggle(me, p, M{"value": true}, 200, "")
		toggle(me, p, M{"target_price": 90000}, 200, "")
		toggle(me, all, M{"target_price": 80000}, 201, made)
		if n := wishes(); n != 3 {
			t.Errorf("%d wishes, want 3", n)
		}
		type wish struct {
			ProductID   int64  `json:"product_id"`
			InfoID      int64  `json:"info_id"`
			EngName     string `json:"eng_name"`
			BrandName   string `json:"brand_name"`
			Size        string
			Price       *int64
			TargetPrice *int64 `json:"target_price"`
		}
		ask(t, other, p, 100000)
		list := apptest.Into[pageOf[wish]](t, me.Get("/api/shop/wishes/").Want(t, 200))
		if list.Count != 2 {
			t.Fatalf("my wishes: %+v", list)
		}
		for _, w := range list.Results {
			want := map[int64]string{p: "260 90000", all: "ALL 80000"}[w.ProductID]
			if fmt.Sprint(w.Size, " ", num(w.TargetPrice)) != want || num(w.Price) != "100000" || w.InfoID != info || w.EngName == "" || w.BrandName == "" {
				t.Errorf("a wish: %+v", w)
			}
		}
		type size struct {
			Size   string
			Wished bool `json:"user_wishcheck"`
		}
		for path, want := range map[string]string{"sizes/": "[{ALL true} {260 true}]", "wishes/": "[{ALL true} {260 true}]"} {
			if got := fmt.Sprint(apptest.Into[[]size](t, me.Get(infoPath(info, path)).Want(t, 200))); got != want {
				t.Errorf("%s: %s", path, got)
			}
			s.Anonymous().Get(infoPath(info, path)).WantCode(t, 401, "auth.required")
		}
		if d := apptest.Into[size](t, s.Anonymous().Get(infoPath(info, "products/260/")).Want(t, 200)); d.Wished {
			t.Error("nobody wishes")
		}
		me.Post(product(999999, "wishes/"), nil).WantCode(t, 404, "shop.product_not_found")
		wantField(t, me.Post(product(p, "wishes/"), M{"target_price": 0}), "target_price")
		wantField(t, me.Post(product(p, "wishes/"), M{"target_price": -5}), "target_price")

		// Many toggles at once leave the counter right, also of one person.
		people := s.People(10)
		var work []func()
		for _, c := range append(people, people...) {
			work = append(work,
				func() { wantOneOf(t, c.Post(product(p, "wishes/"), nil), 200, 201) },
				func() { wantOneOf(t, c.Post(product(all, "wishes/"), M{"value": true}), 200, 201) })
		}
		together(work...)
		rows := count(t, s, "SELECT count(*) FROM wishes w JOIN products p ON p.id = w.product_id WHERE p.info_id = $1", info)
		if n := wishes(); n != int64(rows) || rows < 13 {
			t.Errorf("the article counts %d wishes, there are %d", n, rows)
		}
	})
}

func TestWhoSeesAnOrder(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, seller, buyer, stranger := s.Staff(), s.Person(), s.Person(), s.Person()
		sh := newShelf(t, staff)
		p := sh.traded()
		ask(t, seller, p, 100000)
		o := apptest.Into[paid](t, buy(buyer, p, nil).Want(t, 201))
		path := fmt.Sprintf("/api/shop/orders/%d/", o.ID)
		for who, want := range map[*apptest.Client]string{
			buyer:  fmt.Sprintf("purchase %d none 1500 101500 none", buyer.UserID),
			seller: fmt.Sprintf("sales none %d 3000 none 97000", seller.UserID),
			staff:  fmt.Sprintf("purchase %d %d 1500 101500 97000", buyer.UserID, seller.UserID),
		} {
			r := who.Get(path).Want(t, 200)
			got := apptest.Into[paid](t, r)
			if text := fmt.Sprint(got.Type, " ", num(got.Buyer), " ", num(got.Seller), " ", got.Fee, " ", num(got.Total), " ", num(got.Payout)); text != want {
				t.Errorf("%s, want %s", text, want)
			}
			if strings.Contains(string(r.Body), "@") {
				t.Errorf("an address leaks: %s", r.Body)
			}
		}
		stranger.Get(path).WantCode(t, 404, "shop.order_not_found")
		buyer.Get("/api/shop/orders/999999/").WantCode(t, 404, "shop.order_not_found")
		s.Anonymous().Get(path).WantCode(t, 401, "auth.required")

		_, good := sh.good(50000, 1)
		buyer.Post(product(good, "storeorders/"), M{}).Want(t, 201)
		offer(t, stranger, p, 90000)
		sell(buyer, p, nil).Want(t, 201)
		for query, want := range map[string]string{"": "[sales purchase purchase]", "?type=purchase": "[purchase purchase]", "?type=sales": "[sales]"} {
			list := apptest.Into[pageOf[paid]](t, buyer.Get("/api/shop/orders/"+query).Want(t, 200))
			var types []string
			for _, row := range list.Results {
				types = append(types, row.Type)
			}
			if fmt.Sprint(types) != want || list.Count != len(types) {
				t.Errorf("orders/%s: %v (count %d), want %s", query, types, list.Count, want)
			}
		}
		wantField(t, buyer.Get("/api/shop/orders/?type=both"), "type")
		if n := apptest.Into[pageOf[paid]](t, staff.Get("/api/shop/orders/").Want(t, 200)).Count; n != 0 {
			t.Errorf("the staff's own list holds %d orders of others", n)
		}
		// Public market data names nobody.
		for _, rest := range []string{"trades/", "book/", "bids/?type=sales"} {
			if r := s.Anonymous().Get(product(p, rest)).Want(t, 200); strings.Contains(string(r.Body), "user") || strings.Contains(string(r.Body), "buyer") {
				t.Errorf("%s names people: %s", rest, r.Body)
			}
		}
	})
}
