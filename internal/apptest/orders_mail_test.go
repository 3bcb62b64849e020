package apptest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
	"rally/platform/auth"
	"rally/platform/testkit"
)

// Both sides are written to whenever there is something to know, and once.
func TestLettersAboutAnOrder(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		addresses := map[string]string{"buyer": emailOf(t, b.buyer), "seller": emailOf(t, b.seller)}
		seen := map[string]int{}
		// told checks what each side was newly written.
		told := func(when, buyer, seller string) {
			t.Helper()
			b.tell()
			b.tell()
			for who, want := range map[string]string{"buyer": buyer, "seller": seller} {
				list := subjects(t, s, addresses[who])
				if got := strings.Join(list[seen[who]:], "; "); got != want {
					t.Errorf("%s: the %s was written %q, want %q", when, who, got, want)
				}
				seen[who] = len(list)
			}
		}
		const matched, sold = "Your trade is matched", "Sold: please ship it"
		id := b.matched(100000)
		told("matched", matched, sold)
		step(b.seller, id, "ship", sentWith("TRACK-1")).Want(t, 200)
		told("shipped", "", "")
		step(b.seller, id, "ship", sentWith("TRACK-IN")).Want(t, 200)
		step(b.staff, id, "receive", nil).Want(t, 200)
		told("received", "", "")
		b.later(shop.InspectWithin + time.Microsecond)
		b.job()
		told("late", "", "")
		step(b.staff, id, "pass", nil).Want(t, 200)
		told("passed", "", "")
		step(b.staff, id, "dispatch", sentWith("TRACK-OUT")).Want(t, 200)
		told("dispatched", "It is on its way to you", "")
		step(b.buyer, id, "confirm", nil).Want(t, 200)
		told("settled", "", "You are paid")

		cancelled := b.matched(101000)
		told("matched", matched, sold)
		step(b.staff, cancelled, "cancel", M{"reason": "A doubt."}).Want(t, 200)
		told("cancelled", "Your trade is cancelled", "Your trade is cancelled")

		b.matched(102000)
		told("matched", matched, sold)
		b.later(shop.ShipWithin + time.Microsecond)
		b.job()
		told("not shipped", "Your trade is cancelled", "Your trade is cancelled")
		for who, amount := range map[string]string{"buyer": "₩5,100", "seller": "₩10,200"} {
			list := letters(t, s, addresses[who])
			if last := list[len(list)-1]; strings.Count(last, amount) != 2 {
				t.Errorf("the %s reads nothing of %s, in both languages:\n%s", who, amount, last)
			}
		}

		failed := b.matched(103000)
		told("matched", matched, sold)
		b.lead(failed, "failed")
		told("failed", "It failed the inspection: your choice", "It failed the inspection")
		step(b.buyer, failed, "refund", nil).Want(t, 200)
		told("refunded", "You are refunded", "")
		again := b.matched(104000)
		told("matched", matched, sold)
		b.lead(again, "failed")
		told("failed", "It failed the inspection: your choice", "It failed the inspection")
		ask(t, b.seller, b.p, 105000)
		step(b.buyer, again, "rebuy", nil).Want(t, 200)
		told("bought again", matched, sold)

		// No letter holds what strangers wrote, or the other side's address.
		for who, address := range addresses {
			for _, body := range letters(t, s, address) {
				for _, word := range []string{"TRACK", "Glue", "A doubt", addresses[map[string]string{"buyer": "seller", "seller": "buyer"}[who]]} {
					if strings.Contains(body, word) {
						t.Errorf("a letter to the %s holds %q:\n%s", who, word, body)
					}
				}
				if strings.Contains(body, "%!") || !strings.Contains(body, "/my/orders/") && !strings.Contains(body, "/verify") {
					t.Errorf("a letter to the %s:\n%s", who, body)
				}
			}
		}
	})
}

// Store goods have one side; being late with them is no news.
func TestLettersAboutStoreGoods(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		_, good := b.sh.good(50000, 1)
		id := apptest.Into[idOf](t, b.buyer.Post(product(good, "storeorders/"), M{}).Want(t, 201)).ID
		b.tell()
		b.later(shop.ShipWithin + time.Microsecond)
		b.job()
		b.tell()
		step(b.staff, id, "dispatch", sentWith("TRACK-1")).Want(t, 200)
		b.tell()
		if got := subjects(t, s, emailOf(t, b.buyer)); !slices.Equal(got, []string{"Your order is in", "It is on its way to you"}) {
			t.Errorf("written: %q", got)
		}
	})
}

// Orders hold back whoever wants to leave, until they are done. What somebody
// traded at the very moment of leaving is called off, nobody is punished for
// it, and who left gets no letter.
func TestLeavingWithOrders(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		quit := func(c *apptest.Client) apptest.Reply { return c.Post(base+"quit/", M{"password": apptest.Password}) }
		for i, status := range []string{"matched", "shipping", "inspecting", "passed", "delivering"} {
			id := b.at(status, 100000+int64(i)*1000)
			for _, c := range []*apptest.Client{b.buyer, b.seller} {
				quit(c).WantCode(t, 409, "shop.orders_open")
			}
			switch status {
			case "delivering":
				step(b.buyer, id, "confirm", nil).Want(t, 200)
			default:
				step(b.staff, id, "cancel", M{"reason": "Called off."}).Want(t, 200)
			}
		}
		failed := b.at("failed", 106000) // for its buyer to decide
		quit(b.buyer).WantCode(t, 409, "shop.orders_open")
		b.tell()
		seller := emailOf(t, b.seller)
		written := len(subjects(t, s, seller))
		if written == 0 {
			t.Error("the seller was written nothing while they were here")
		}
		// A bid of another, which a request of the leaver takes that was under way.
		offer(t, b.bystander, b.p, 90000)
		quit(b.seller).Want(t, 200)
		late, err := s.Shop.Trade(auth.With(t.Context(), auth.Identity{UserID: b.seller.UserID}), shop.TradeNow{ProductID: b.p, Side: shop.Sales})
		if err != nil {
			t.Fatal(err)
		}
		// The job is due a minute from now.
		if n := execute(t, s, "UPDATE river_job SET scheduled_at = $1 WHERE kind = 'shop.cancel_bids_of_leaver'", s.Clock.Now().Add(-24*time.Hour)); n != 1 {
			t.Fatalf("%d jobs look after who left", n)
		}
		testkit.Until(t, "the trade is called off", func() bool {
			return apptest.Into[deal](t, b.bystander.Get(orderPath(late.Row.ID, "")).Want(t, 200)).Status == "cancelled"
		})
		d := b.read(b.bystander, late.Row.ID)
		if d.Reason != "left" || num(d.Refund) != "91350" || d.Credit != nil || d.Timeline[1].Actor != "system" {
			t.Errorf("called off: %+v", d)
		}
		b.wantLedger(late.Row.ID, "charge:buyer>escrow=91350", "refund:escrow>buyer=91350")
		b.tell()
		if n := len(subjects(t, s, seller)); n != written {
			t.Errorf("%d letters to who left", n-written)
		}
		if got := subjects(t, s, emailOf(t, b.bystander)); !slices.Contains(got, "Your trade is cancelled") {
			t.Errorf("the other side was written %q", got)
		}
		if p := apptest.Into[struct {
			Seller *struct {
				Name string `json:"profile_name"`
			} `json:"seller_profile"`
		}](t, b.staff.Get(fmt.Sprintf("/api/admin/shop/orders/%d/", late.Row.ID)).Want(t, 200)); p.Seller == nil || p.Seller.Name != "" {
			t.Errorf("who left is shown as %+v", p.Seller)
		}
		step(b.buyer, failed, "refund", nil).Want(t, 200)
		quit(b.buyer).Want(t, 200)
	})
}
