package apptest_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
)

// idsIn lists the ids of a staff's list.
func idsIn(t *testing.T, c *apptest.Client, path, query string) string {
	t.Helper()
	list := apptest.Into[pageOf[idOf]](t, c.Get(path+"?"+query).Want(t, 200))
	var ids []string
	for _, row := range list.Results {
		ids = append(ids, fmt.Sprint(row.ID))
	}
	if list.Next == nil && list.Previous == nil && list.Count != len(ids) {
		t.Errorf("%s: %d rows, counted %d", query, len(ids), list.Count)
	}
	return strings.Join(ids, " ")
}

func ids(list ...int64) string { return strings.Trim(fmt.Sprint(list), "[]") }

func TestTheStaffFindsOrders(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		const path = "/api/admin/shop/orders/"
		shoe := b.p
		one, two := b.at("matched", 100000), b.at("inspecting", 101000)
		b.p = b.sh.size(b.sh.info(M{"eng_name": "Ridge Lantern 50%", "kor_name": "릿지 랜턴"}), "M")
		lamp := b.at("settled", 50000)
		_, good := b.sh.good(30000, 1)
		// Another buyer; store goods have no seller.
		store := apptest.Into[idOf](t, b.bystander.Post(product(good, "storeorders/"), M{}).Want(t, 201)).ID
		for query, want := range map[string]string{
			"":                              ids(store, lamp, two, one),
			"search=lantern":                ids(lamp),
			"search=LANTERN+ridge":          ids(lamp),
			"search=랜턴":                     ids(lamp),
			"search=50%25":                  ids(lamp),
			"search=nothing+of+the+kind":    "",
			"search=%25":                    ids(lamp),
			"status=matched":                ids(store, one),
			"status=matched&status=settled": ids(store, lamp, one),
			fmt.Sprintf("user=%d", b.bystander.UserID):                ids(store),
			fmt.Sprintf("user=%d&status=settled", b.seller.UserID):    ids(lamp),
			fmt.Sprintf("search=%%23%d", b.seller.UserID):             ids(lamp, two, one),
			fmt.Sprintf("search=%%23%d", b.bystander.UserID):          ids(store),
			fmt.Sprintf("search=lantern&user=%d", b.bystander.UserID): "",
			"search=" + url.QueryEscape("9999999999999999999999"):     "",
			"overdue=true":                "",
			"page_size=3":                 ids(store, lamp, two),
			"page_size=3&page=2":          ids(one),
			"search=+++":                  ids(store, lamp, two, one),
			"status=matched&search=court": ids(store, one),
		} {
			if got := idsIn(t, b.staff, path, query); got != want {
				t.Errorf("%s finds %q, want %q", query, got, want)
			}
		}
		// A number may be a person's, too.
		if got := idsIn(t, b.staff, path, fmt.Sprintf("search=%d", two)); !strings.Contains(" "+got+" ", fmt.Sprintf(" %d ", two)) {
			t.Errorf("order %d is not among %s", two, got)
		}
		b.later(shop.InspectWithin + time.Hour)
		// The longest overdue first, whether the job marked it or not.
		if got := idsIn(t, b.staff, path, "overdue=true"); got != ids(one, store, two) && got != ids(store, two) {
			t.Errorf("overdue: %s", got)
		}
		b.job()
		if got := idsIn(t, b.staff, path, "overdue=true"); got != ids(store, two) {
			t.Errorf("overdue: %s", got)
		}
		if got := idsIn(t, b.staff, path, "overdue=true&status=inspecting"); got != ids(two) {
			t.Errorf("overdue at the centre: %s", got)
		}

		type summary struct {
			Orders           map[string]int64
			Overdue          int64
			Articles, Brands int64
			OpenAsks         int64 `json:"open_asks"`
			OpenBids         int64 `json:"open_bids"`
			Trades24h        int64 `json:"trades_24h"`
			Volume24h        int64 `json:"volume_24h"`
		}
		b.p = shoe
		ask(t, b.seller, shoe, 120000)
		offer(t, b.buyer, shoe, 80000)
		offer(t, b.buyer, shoe, 81000)
		sum := apptest.Into[summary](t, b.staff.Get("/api/admin/shop/summary/").Want(t, 200))
		if got := fmt.Sprint(sum.Overdue, sum.OpenAsks, sum.OpenBids, sum.Trades24h, sum.Volume24h, sum.Articles, sum.Brands); got != "2 1 2 0 0 3 1" {
			t.Errorf("the summary: %s", got)
		}
		if len(sum.Orders) != len(shop.OrderStatuses()) || sum.Orders["cancelled"] != 1 || sum.Orders["inspecting"] != 1 || sum.Orders["failed"] != 0 {
			t.Errorf("orders: %v", sum.Orders)
		}
		buy(b.buyer, shoe, nil).Want(t, 201)
		if sum = apptest.Into[summary](t, b.staff.Get("/api/admin/shop/summary/").Want(t, 200)); sum.Trades24h != 1 || sum.Volume24h != 120000 {
			t.Errorf("traded today: %+v", sum)
		}

		type person struct {
			ID   int64  `json:"user_id"`
			Name string `json:"profile_name"`
		}
		page := apptest.Into[struct {
			Buyer  *person `json:"buyer_profile"`
			Seller *person `json:"seller_profile"`
			Ledger []M
		}](t, b.staff.Get(path+fmt.Sprint(store)+"/").Want(t, 200))
		if page.Seller != nil || page.Buyer == nil || page.Buyer.ID != b.bystander.UserID || page.Buyer.Name == "" || len(page.Ledger) != 1 {
			t.Errorf("a store order: %+v", page)
		}
		b.staff.Get(path+"999999/").WantCode(t, 404, "shop.order_not_found")
	})
}

func TestTheStaffKeepsTheBooks(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		const path = "/api/admin/shop/bids/"
		taken := ask(t, b.seller, b.p, 100000)
		buy(b.buyer, b.p, nil).Want(t, 201)
		low, high := ask(t, b.seller, b.p, 101000), ask(t, b.bystander, b.p, 102000)
		wanted := offer(t, b.buyer, b.p, 90000)
		for query, want := range map[string]string{
			"":                                      ids(wanted, high, low, taken),
			"side=purchase":                         ids(wanted),
			"status=open&side=sales":                ids(high, low),
			"status=filled":                         ids(taken),
			"status=cancelled":                      "",
			"status=open&status=filled":             ids(wanted, high, low, taken),
			"search=court":                          ids(wanted, high, low, taken),
			"search=lantern":                        "",
			fmt.Sprintf("user=%d", b.seller.UserID): ids(low, taken),
			fmt.Sprintf("search=%%23%d", b.bystander.UserID): ids(wanted, high), // whose own number it is
			"page_size=1&page=2":                             ids(high),
		} {
			if got := idsIn(t, b.staff, path, query); got != want {
				t.Errorf("%s finds %q, want %q", query, got, want)
			}
		}
		wantField(t, b.staff.Get(path+"?status=lost"), "status")
		type row struct {
			Type, Status, Size string
			Product, Price     int64
			User               int64
			Name               string     `json:"profile_name"`
			ClosedAt           *time.Time `json:"closed_at"`
		}
		r := apptest.Into[pageOf[row]](t, b.staff.Get(path+"?status=filled").Want(t, 200)).Results[0]
		if r.Type != "sales" || r.Price != 100000 || r.User != b.seller.UserID || r.Name == "" || r.ClosedAt == nil || r.Product != b.p || r.Size != "260" {
			t.Errorf("a row: %+v", r)
		}

		cancel := func(id int64, body any) apptest.Reply {
			return b.staff.Do("DELETE", fmt.Sprintf("%s%d/", path, id), body)
		}
		wantField(t, cancel(low, M{"reason": ""}), "reason")
		cancel(999999, M{"reason": "Gone."}).WantCode(t, 404, "shop.bid_not_found")
		version := bookOf(t, b.buyer, b.p).Version
		cancel(low, M{"reason": "Not theirs to sell."}).Want(t, 204)
		cancel(low, M{"reason": "Again."}).WantCode(t, 409, "shop.bid_closed")
		cancel(taken, M{"reason": "Sold."}).WantCode(t, 409, "shop.bid_closed")
		if book := bookOf(t, b.buyer, b.p); num(book.PurchasePrice) != "102000" || book.Version != version+1 || len(book.Asks) != 1 {
			t.Errorf("the book: %+v", book)
		}
		if mine := apptest.Into[pageOf[bid]](t, b.seller.Get("/api/shop/salesbids/").Want(t, 200)); mine.Count != 0 {
			t.Errorf("the owner still has %+v", mine)
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

// The owner's buyer comes at the moment at which the staff takes the ask away.
func TestCancellingABidWhileItIsTaken(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		for range rounds {
			id := ask(t, b.seller, b.p, 100000)
			o := &outcome{t: t, codes: "shop.no_counter_bid shop.bid_closed"}
			together(
				func() { o.of(buy(b.buyer, b.p, nil)) },
				func() {
					r := b.staff.Do("DELETE", fmt.Sprintf("/api/admin/shop/bids/%d/", id), M{"reason": "Gone."})
					if r.Status == 204 {
						o.wins.Add(1)
					} else {
						o.of(r)
					}
				},
			)
			if o.wins.Load() != 1 {
				t.Errorf("%d of them got the ask", o.wins.Load())
			}
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}
