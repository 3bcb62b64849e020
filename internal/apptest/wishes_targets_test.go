package apptest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
	"rally/platform/testkit"
)

// hoped is a wish with a price.
type hoped struct {
	ProductID int64      `json:"product_id"`
	Target    *int64     `json:"target_price"`
	ReachedAt *time.Time `json:"target_reached_at"`
}

func hope(t *testing.T, c *apptest.Client, p, price int64) {
	t.Helper()
	wantOneOf(t, c.Post(product(p, "wishes/"), M{"target_price": price}), 200, 201)
}

// reached says whether the target of somebody's wish was reached.
func reached(t *testing.T, c *apptest.Client, p int64) bool {
	t.Helper()
	list := apptest.Into[pageOf[hoped]](t, c.Get("/api/shop/wishes/").Want(t, 200)).Results
	i := slices.IndexFunc(list, func(w hoped) bool { return w.ProductID == p })
	if i < 0 {
		t.Fatalf("no wish for product %d", p)
	}
	return list[i].ReachedAt != nil
}

// looked waits until no job looks for wishes any more.
func looked(t *testing.T, s *apptest.Server) {
	t.Helper()
	testkit.Until(t, "all jobs have looked", func() bool {
		return count(t, s, "SELECT count(*) FROM river_job WHERE kind = 'shop.tell_targets' AND finalized_at IS NULL") == 0
	})
}

// prices returns the won of every letter that says that a price is reached.
func prices(t *testing.T, s *apptest.Server, c *apptest.Client) string {
	t.Helper()
	var list []string
	for _, body := range letters(t, s, emailOf(t, c)) {
		if _, rest, ok := strings.Cut(body, "It can be had for "); ok {
			price, _, _ := strings.Cut(rest, " ")
			list = append(list, price)
		}
	}
	return strings.Join(list, " ")
}

func TestTargetsAreReachedByAsks(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		info := b.sh.info(nil)
		p, q := b.sh.size(info, "260"), b.sh.size(info, "270")
		all := b.sh.all(info)
		want := func(when string, c *apptest.Client, p int64, is bool, mailed string) {
			t.Helper()
			looked(t, s)
			if got := reached(t, c, p); got != is {
				t.Errorf("%s: reached %v", when, got)
			}
			if got := prices(t, s, c); got != mailed {
				t.Errorf("%s: mailed %q, want %q", when, got, mailed)
			}
		}
		hope(t, b.buyer, p, 100000)
		hope(t, b.bystander, all, 95000)
		other := ask(t, b.seller, q, 96000)
		dear := ask(t, b.seller, p, 101000)
		want("dearer", b.buyer, p, false, "")
		want("another size", b.bystander, all, false, "")

		b.seller.Patch(bidPath("sales", dear), M{"price": 100000}).Want(t, 200)
		want("the ask came down", b.buyer, p, true, "₩100,000")
		b.seller.Patch(bidPath("sales", dear), M{"price": 99000}).Want(t, 200)
		ask(t, b.seller, p, 98000)
		want("told once", b.buyer, p, true, "₩100,000")

		// Set again, it is waited for again; it can be had already.
		hope(t, b.buyer, p, 99000)
		want("set again above the lowest ask", b.buyer, p, true, "₩100,000 ₩98,000")
		hope(t, b.buyer, p, 90000)
		want("set below it", b.buyer, p, false, "₩100,000 ₩98,000")
		b.buyer.Post(product(p, "wishes/"), M{"clear_target": true}).Want(t, 200)
		ask(t, b.seller, p, 80000)
		want("cleared", b.buyer, p, false, "₩100,000 ₩98,000")
		want("ALL is any size", b.bystander, all, true, "₩80,000")
		b.seller.Patch(bidPath("sales", other), M{"price": 70000, "confirm": true}).Want(t, 200)
		want("ALL, told once", b.bystander, all, true, "₩80,000")

		// A new wish for ALL, above what one size costs.
		hope(t, b.buyer, all, 75000)
		want("ALL, set above the lowest ask", b.buyer, all, true, "₩100,000 ₩98,000 ₩70,000")
		for _, c := range []*apptest.Client{b.buyer, b.bystander} {
			for _, body := range letters(t, s, emailOf(t, c)) {
				if !strings.Contains(body, fmt.Sprintf("/shop/%d?size=", info)) || strings.Contains(body, "%!") {
					t.Errorf("a letter: %s", body)
				}
			}
		}
	})
}

// One's own ask is no offer.
func TestNobodyIsToldOfTheirOwnAsk(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		info := b.sh.info(nil)
		p, q := b.sh.size(info, "260"), b.sh.size(info, "270")
		all := b.sh.all(info)
		hope(t, b.seller, p, 100000)
		hope(t, b.seller, all, 100000)
		hope(t, b.buyer, p, 100000)
		ask(t, b.seller, p, 90000)
		hope(t, b.seller, p, 100000)
		hope(t, b.seller, all, 100000)
		looked(t, s)
		if reached(t, b.seller, p) || reached(t, b.seller, all) || prices(t, s, b.seller) != "" {
			t.Errorf("told of their own ask: %q", prices(t, s, b.seller))
		}
		if !reached(t, b.buyer, p) || prices(t, s, b.buyer) != "₩90,000" {
			t.Errorf("the other was told %q", prices(t, s, b.buyer))
		}
		// Somebody else's ask in another size is one.
		ask(t, b.bystander, q, 95000)
		looked(t, s)
		if reached(t, b.seller, p) || !reached(t, b.seller, all) || prices(t, s, b.seller) != "₩95,000" {
			t.Errorf("told %q", prices(t, s, b.seller))
		}
	})
}

func TestTargetsAreReachedByTheStore(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		info, p := b.sh.good(60000, 1)
		all := b.sh.all(info)
		hope(t, b.buyer, p, 50000)
		hope(t, b.bystander, all, 40000)
		set := func(fields M) {
			t.Helper()
			b.staff.Patch(infoPath(info, "products/M/"), fields).Want(t, 200)
			looked(t, s)
		}
		set(M{"purchase_price": 50000, "stock": 0})
		if reached(t, b.buyer, p) {
			t.Error("told of what is sold out")
		}
		set(M{"stock": 1})
		if !reached(t, b.buyer, p) || prices(t, s, b.buyer) != "₩50,000" || reached(t, b.bystander, all) {
			t.Errorf("told %q", prices(t, s, b.buyer))
		}
		// A new, cheaper size is for whoever waits for any.
		b.staff.Post(infoPath(info, "products/"), M{"size": "L", "purchase_price": 40000, "stock": 1}).Want(t, 201)
		looked(t, s)
		if !reached(t, b.bystander, all) || prices(t, s, b.bystander) != "₩40,000" {
			t.Errorf("told %q", prices(t, s, b.bystander))
		}
		// So is the last piece that comes back.
		id := apptest.Into[idOf](t, b.seller.Post(product(p, "storeorders/"), M{}).Want(t, 201)).ID
		hope(t, b.buyer, p, 55000)
		looked(t, s)
		if reached(t, b.buyer, p) {
			t.Error("told of what is sold out")
		}
		step(b.seller, id, "withdraw", nil).Want(t, 200)
		looked(t, s)
		if !reached(t, b.buyer, p) {
			t.Error("nobody was told that it is back")
		}
	})
}

// Asks and wishes come at once: everybody who can buy is told, and once.
func TestTargetsInARace(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		people := s.People(6)
		var work []func()
		for _, c := range people {
			work = append(work, func() { wantOneOf(t, c.Post(product(b.p, "wishes/"), M{"target_price": 100000}), 201) })
		}
		for i := range 3 {
			work = append(work, func() {
				wantOneOf(t, b.seller.Post(product(b.p, "bids/?type=sales"), M{"price": 99000 - 1000*i}), 201)
			})
		}
		together(work...)
		looked(t, s)
		// More than one job may look: none tells again.
		together(func() { _ = s.Teller.TellTargets(t.Context(), b.p) }, func() { _ = s.Teller.TellTargets(t.Context(), b.p) })
		for i, c := range people {
			if !reached(t, c, b.p) || len(strings.Fields(prices(t, s, c))) != 1 {
				t.Errorf("person %d was told %q", i, prices(t, s, c))
			}
		}
		if err := s.Teller.TellTargets(t.Context(), 999999); err == nil || !strings.Contains(err.Error(), shop.ErrProductNotFound.Error()) {
			t.Errorf("of a product that isn't there: %v", err)
		}
	})
}
